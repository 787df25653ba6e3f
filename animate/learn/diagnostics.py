"""Regression diagnostics: outliers, the pull of each point on a fit, and proportions of a class in bins."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from animate.errors import DataError
from animate.learn.data import ClassificationData, RegressionData
from animate.learn.evaluation import sum_over_blocks
from animate.learn.losses import log_loss_derivative, log_loss_derivatives
from animate.learn.objectives import LinearPredictor, linear
from animate.learn.problems import LogisticProblem
from animate.learn.validation import Floats, Integers, vector, whole

OUTLIER_SCORE = 3.5
"""Modified z-score above which a point is an outlier."""


def outlier_rows(data: RegressionData) -> Integers:
    """Return the outlier rows of a line fitted by least absolute deviations, ascending.

    A row is an outlier if 0.6745 |r| / median(|r|) > 3.5, r its residual; median(|r|) / 0.6745 estimates the standard
    deviation of normal residuals. If half of the points lie on the line, all others are outliers.

    References
    ----------
    B. Iglewicz and D. C. Hoaglin, "How to detect and handle outliers", ASQC Quality Press (1993), the modified z-score.

    Examples
    --------
    >>> outlier_rows(RegressionData([0.0, 1.0, 2.0, 3.0, 4.0], [0.1, 0.9, 2.1, 9.0, 3.9])).tolist()
    [3]
    """
    sizes = _absolute_residuals(data)
    rounding = 1e-9 * float(np.ptp(data.y))
    far = 0.6745 * sizes > OUTLIER_SCORE * max(float(np.median(sizes)), rounding)
    return np.flatnonzero(far)


def default_huber_delta(data: RegressionData) -> float:
    """Return the usual Huber delta: 1.345 robust standard deviations of the residuals, in units of y.

    The deviation is median(|r|) / 0.6745, r the residuals of the line of least absolute deviations. With that
    delta Huber's estimate is 95 % as efficient as least squares on normal residuals. If half of the points lie on
    the line, it is a thousandth of the deviation of y.

    References
    ----------
    P. J. Huber, "Robust statistics", Wiley (1981).

    Examples
    --------
    >>> round(default_huber_delta(RegressionData([0.0, 1.0, 2.0, 3.0, 4.0], [0.1, 0.9, 2.1, 9.0, 3.9])), 3)
    0.199
    """
    sizes = _absolute_residuals(data)
    spread = data.spread
    return 1.345 * max(float(np.median(sizes)) / 0.6745, 1e-3 * spread)


@lru_cache(4)
def _absolute_residuals(data: RegressionData) -> Floats:
    """Return the distances of the points from a line of least absolute deviations."""
    objective = linear(data.x, data.y, loss="absolute")
    return np.abs(data.y - objective.predictions(objective.optimum()))


def rows_by_x(x: npt.ArrayLike, n_groups: int) -> list[Integers]:
    """Return the rows in groups of equal size by ascending x, as nearly as can be; of few points fewer groups.

    >>> [rows.tolist() for rows in rows_by_x([3.0, 1.0, 2.0, 4.0], 2)]
    [[1, 2], [0, 3]]
    """
    order = np.argsort(np.asarray(x, dtype=float), kind="stable")
    return np.array_split(order, min(n_groups, len(order)))


def without_rows(data: RegressionData, rows: Integers) -> RegressionData:
    """Return the data without some rows.

    Raises
    ------
    DataError
        If fewer than two distinct x would be left.

    Examples
    --------
    >>> without_rows(RegressionData([0.0, 1.0, 2.0], [5.0, 6.0, 7.0]), np.array([1])).y.tolist()
    [5.0, 7.0]
    """
    kept = np.setdiff1d(np.arange(data.n_samples), rows)
    if len(np.unique(data.x[kept])) < 2:
        raise DataError("without its outliers the data must have two distinct x; they have fewer")
    return replace(data, x=data.x[kept], y=data.y[kept])


def pull_shares(objective: LinearPredictor, params: Floats) -> Floats:
    """Return the share of each row in the total pull on the predictions, shape (n_samples,), positive upwards.

    -l'(r_i) / sum_j |l'(r_j)| with l' the derivative of the loss; 0 for all where nothing pulls, nan where a
    pull is not finite.

    >>> objective = linear([0.0, 1.0, 2.0], [1.0, 0.0, -3.0])
    >>> (pull_shares(objective, np.array([0.0, 0.0])) + 0.0).tolist()
    [0.25, 0.0, -0.75]
    """
    with np.errstate(all="ignore"):
        pulls = _pulls(objective, params)
        total = float(np.abs(pulls).sum())
        shares: Floats = pulls / total if total != 0.0 else np.zeros_like(pulls)
    return shares


def pull_balance(objective: LinearPredictor, params: Floats) -> tuple[float, float]:
    """Return the sum of the upward pulls and the sum of the downward pulls, both 0 or more.

    The pull of a row is -l'(r), l' the derivative of the loss. For the absolute loss the sums are counts of
    points above and below; where the intercept is at its best, the two sums are equal (or differ by no more
    than the points that lie on the fit).

    >>> objective = linear([0.0, 1.0, 2.0], [1.0, 5.0, -3.0], loss="absolute")
    >>> pull_balance(objective, np.array([0.0, 0.0]))
    (2.0, 1.0)
    """
    with np.errstate(all="ignore"):
        pulls = _pulls(objective, params)
        return float(np.maximum(pulls, 0.0).sum()), float(np.maximum(-pulls, 0.0).sum())


def _pulls(objective: LinearPredictor, params: Floats) -> Floats:
    return -objective.loss.derivative(objective.predictions(params), objective.targets)


def line_without_rows(data: RegressionData, rows: Integers) -> tuple[float, float]:
    """Return slope and intercept of the least-squares line through the data without some rows.

    Raises
    ------
    DataError
        If fewer than two distinct x would be left.

    Examples
    --------
    >>> data = RegressionData([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 50.0, 7.0])
    >>> slope, intercept = line_without_rows(data, np.array([2]))
    >>> round(slope, 9), round(intercept, 9)
    (2.0, 1.0)
    """
    rest = without_rows(data, rows)
    slope, intercept = linear(rest.x, rest.y).optimum()
    return float(slope), float(intercept)


class BinnedProportions(NamedTuple):
    """Counts of points in the nonempty bins of a feature.

    Attributes
    ----------
    centers : array, shape (n_bins,)
        The mean of the feature over the points of each bin.
    n_samples, n_ones : array, shape (n_bins,)
        How many points there are, and how many of class 1.
    width : float
        Of a bin, in units of the feature.
    """

    centers: Floats
    n_samples: Floats
    n_ones: Floats
    width: float

    @property
    def shares(self) -> Floats:
        """Return the share of class 1 in each bin, from 0 to 1."""
        return self.n_ones / self.n_samples

    @property
    def log_odds(self) -> Floats:
        """Return log(n_ones / (n_samples - n_ones)) of each bin, -inf or inf in a bin with one class only."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(self.n_ones) - np.log(self.n_samples - self.n_ones), dtype=float)


def binned_proportions(x: npt.ArrayLike, labels: npt.ArrayLike, n_bins: int = 14) -> BinnedProportions:
    """Return the proportion of class 1 in about `n_bins` bins of x; the width is 1, 2, 2.5 or 5 times a power of ten.

    Parameters
    ----------
    x, labels : array, shape (n_samples,)
        Labels are 0 or 1.
    n_bins : int
        At least 1.

    Examples
    --------
    >>> found = binned_proportions([0.1, 0.2, 1.1, 1.4], [0, 1, 1, 1], n_bins=1)
    >>> found.width, found.shares.tolist(), found.log_odds.tolist()
    (1.0, [0.5, 1.0], [0.0, inf])
    """
    values = vector("x", x)
    ones = vector("labels", labels, len(values))
    width = _round_width(float(np.ptp(values)) / whole("n_bins", n_bins, 1))
    bins, index = np.unique(np.floor(values / width), return_inverse=True)
    counts = np.bincount(index, minlength=len(bins)).astype(float)
    centers = np.bincount(index, weights=values) / counts
    n_ones = np.asarray(np.bincount(index, weights=ones), dtype=float)
    return BinnedProportions(centers, counts, n_ones, width)


def _round_width(width: float) -> float:
    if width <= 0.0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(width))
    return float(power * min((1.0, 2.0, 2.5, 5.0, 10.0), key=lambda step: abs(np.log(step * power / width))))


def distinct_thresholds(x: npt.ArrayLike) -> Floats:
    """Return a threshold for every way to split x in two, ascending: midway between neighbors, and beyond both ends.

    >>> distinct_thresholds([1.0, 2.0, 4.0]).tolist()
    [0.0, 1.5, 3.0, 6.0]
    """
    values = np.unique(vector("x", x))
    first, last = 2 * values[0] - values[1], 2 * values[-1] - values[-2]
    return np.concatenate([[first], (values[:-1] + values[1:]) / 2, [last]])


def threshold_errors(x: npt.ArrayLike, labels: npt.ArrayLike, thresholds: npt.ArrayLike) -> Integers:
    """Return the errors of predicting class 1 above each threshold and class 0 below; a point on it counts as neither.

    Parameters
    ----------
    x, labels : array, shape (n_samples,)
        Labels are 0 or 1.
    thresholds : array, shape (n_thresholds,)

    Examples
    --------
    >>> threshold_errors([1.0, 2.0, 4.0], [0, 1, 1], [0.0, 1.5, 2.0, 3.0]).tolist()
    [1, 0, 0, 1]
    """
    values = vector("x", x)
    is_one = vector("labels", labels, len(values)) == 1
    ones, zeros = np.sort(values[is_one]), np.sort(values[~is_one])
    missed = np.searchsorted(ones, thresholds)
    return np.asarray(missed + len(zeros) - np.searchsorted(zeros, thresholds, side="right"))


class ThresholdSweep(NamedTuple):
    """Thresholds that are tried in turn, then the one with the fewest errors, then that of the lowest loss.

    Attributes
    ----------
    data : ClassificationData
    params : array, shape (n_thresholds, 2)
        Of the sigmoid of lowest loss among those through one half there.
    places : array, shape (n_thresholds,)
        In the data's units.
    errors : array, shape (n_thresholds,)
    sign : float
        1 if class 1 is above the threshold, -1 if it is below.
    """

    data: ClassificationData
    params: Floats
    places: Floats
    errors: Integers
    sign: float

    def has_same_errors(self, index: int, place: float) -> bool:
        """Return whether another place has as many errors as a threshold, and is off every point."""
        x = self.data.X[:, 0]
        errors = threshold_errors(self.sign * x, self.data.labels, [self.sign * place])
        return bool(errors[0] == self.errors[index] and place not in x)


def sweep_thresholds(problem: LogisticProblem, n_steps: int) -> ThresholdSweep:
    """Return thresholds moved over a feature, from its quantile 0.02 to 0.98, and the best by errors and by loss.

    Of thresholds with equally few errors the one nearest to that of the lowest loss counts.
    """
    problem.require_threshold()
    weight, intercept = problem.objective.optimum()
    sign = 1.0 if weight >= 0 else -1.0
    x, labels = sign * problem.objective.design[:, 0], problem.data.labels
    cuts, lowest = distinct_thresholds(x), sign * -intercept / weight
    errors = threshold_errors(x, labels, cuts)
    ties = cuts[errors == errors.min()]
    low, high = np.quantile(x, [0.02, 0.98]).tolist()
    tried = np.array([*np.linspace(low, high, n_steps), ties[np.abs(ties - lowest).argmin()], lowest])
    slopes = best_slopes(x, labels, tried)
    places = problem.scaling.mean[0] + problem.scaling.scale[0] * sign * tried
    params = np.stack([sign * slopes, -slopes * tried], axis=-1)
    return ThresholdSweep(problem.data, params, places, threshold_errors(x, labels, tried), sign)


def best_slopes(x: npt.ArrayLike, labels: npt.ArrayLike, thresholds: Floats) -> Floats:
    """Return for each threshold t the slope s >= 0 of the lowest log loss of sigmoid(s (x - t)).

    The classes must overlap, so that no slope is infinite.

    Examples
    --------
    >>> best_slopes([0.0, 1.0, 2.0, 3.0], [0, 1, 0, 1], np.array([1.5])).round(4).tolist()
    [0.9082]
    """
    values = vector("x", x)
    ones = vector("labels", labels, len(values))
    size = max(1, _MOST_CELLS // len(values))
    parts = np.split(thresholds, range(size, len(thresholds), size))
    return np.concatenate([_best_slopes(values - part[:, None], ones) for part in parts])


def _best_slopes(away: Floats, labels: Floats) -> Floats:
    """Return the slopes by Newton's method, with a step of bisection wherever Newton's leaves the bracket.

    Parameters
    ----------
    away : array, shape (n_thresholds, n_samples)
        By how much each point is above each threshold.
    """
    low, high, slopes = np.zeros(len(away)), np.full(len(away), np.inf), np.zeros(len(away))
    is_open = (log_loss_derivative(np.zeros_like(away), labels) * away).mean(axis=1) < 0
    for _ in range(_MOST_STEPS):
        if not is_open.any():
            break
        slope = slopes[is_open]
        gradient, curvature = _slope_derivatives(away[is_open], labels, slope)
        below, above = np.where(gradient < 0, slope, low[is_open]), np.where(gradient < 0, high[is_open], slope)
        following = slope - gradient / np.where(curvature == 0, 1.0, curvature)
        halfway = np.where(np.isinf(above), 2 * below + 1.0, (below + above) / 2)
        following = np.where((below < following) & (following < above), following, halfway)
        moves = np.abs(following - slope) > 1e-12 * (1 + slope)
        low[is_open], high[is_open] = below, above
        slopes[is_open] = np.where(moves, following, slope)
        is_open[is_open] = moves
    return slopes


def _slope_derivatives(away: Floats, labels: Floats, slopes: Floats) -> Floats:
    """Return the first and second derivative of the mean log loss by the slope, shape (2, n_thresholds)."""

    def part(block: slice) -> Floats:
        at = away[:, block]
        pulls, curvatures = log_loss_derivatives(slopes[:, None] * at, labels[block])
        return np.stack([(pulls * at).sum(axis=1), (curvatures * at**2).sum(axis=1)])

    return sum_over_blocks(part, len(labels)) / len(labels)


_MOST_CELLS = 2**16  # numbers at once, which stay in the cache of a core


_MOST_STEPS = 100
