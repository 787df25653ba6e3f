# ruff: noqa: E501 - a row of a table is a sentence of a lesson
"""What the lessons on classes say: every sentence, for a grid and random draws of parameters, against numpy from scratch.

Each text that a lesson can show must match a row of its table. The row names the numbers in the text, and an oracle
computes them from the points and the parameters of the run, with none of the package's formulas.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq, linprog, minimize
from scipy.special import expit, logsumexp
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression, PoissonRegressor

from animate.errors import DataError
from animate.learn.data import ClassificationData, penguins
from animate.scene import Scene
from tests.scenes.classification_tables import TABLES, draws, texts_of, value_of

Check = Callable[[Any, dict[str, str]], bool]


class Oracle:
    """Logits, probabilities and losses along the run of a lesson, from its points alone."""

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        panel = scene.panels[0][0] if isinstance(scene.panels[0], list) else scene.panels[0]
        data = panel.problem.data
        self.scene, self.values, self.run = scene, values, scene.runs[0].trajectory
        self.X, self.labels, self.names, self.n = data.X, data.labels, data.class_names, len(data.X)
        self.scaled = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
        self.last = len(self.run.params) - 1

    def logits(self, update: int, params: np.ndarray | None = None) -> np.ndarray:
        *weights, intercept = self.run.params[update] if params is None else params
        return self.scaled @ np.array(weights) + intercept

    def prices(self, update: int) -> np.ndarray:
        """Return -log of the probability of each point's own class."""
        return np.logaddexp(0.0, np.where(self.labels == 1, -1.0, 1.0) * self.logits(update))

    def loss(self, update: int) -> float:
        return float(self.prices(update).mean())

    def right(self, update: int) -> np.ndarray:
        return (self.logits(update) > 0) == (self.labels == 1)

    def boundaries(self) -> np.ndarray:
        with np.errstate(all="ignore"):
            return -self.run.params[:, 1] / self.run.params[:, 0]

    def optimum(self) -> tuple[float, float, float]:
        """Return the lowest loss of one feature and where it is, by scipy."""
        x, side = self.scaled[:, 0], np.where(self.labels == 1, -1.0, 1.0)

        def gradient(at: np.ndarray) -> np.ndarray:
            pull = expit(x * at[0] + at[1]) - self.labels
            return np.array([(pull * x).mean(), pull.mean()])

        found = minimize(
            lambda at: np.logaddexp(0.0, side * (x * at[0] + at[1])).mean(),
            [0.0, 0.0],
            jac=gradient,
            options={"gtol": 1e-11},
        )
        return float(found.fun), *map(float, found.x)

    def says_right(self, text: str, digits: float = 0.051) -> bool:
        ties = np.abs(self.logits(self.last)) < 1e-9
        sure = self.right(self.last)[~ties].sum()
        return 100 * sure / self.n - digits <= value_of(text) <= 100 * (sure + ties.sum()) / self.n + digits


def is_so(_: Oracle, __: dict[str, str]) -> bool:
    """Accept a sentence that defines a word of the picture, or says what happens in it; it claims nothing of the run."""
    return True


def close(text: str, value: float, rel: float = 6e-3, least: float = 0.0) -> bool:
    return abs(value_of(text) - value) <= rel * abs(value) + least


def turning_points(series: np.ndarray, least: float) -> int:
    """Return one less than the most moves, up and down in turns and each by more than ``least``, that are in a series."""
    up, down = np.zeros(len(series)), np.zeros(len(series))
    for at in range(1, len(series)):
        move = series[at] - series[:at]
        up[at] = 1 + down[:at][move > least].max(initial=0) if (move > least).any() else 0
        down[at] = 1 + up[:at][move < -least].max(initial=0) if (move < -least).any() else 0
    return max(int(max(up.max(), down.max())) - 1, 0)


def steeper(o: Oracle, _: dict[str, str]) -> bool:
    return abs(o.run.params[-1, 0]) > abs(o.run.params[0, 0])


def loss_is(o: Oracle, found: dict[str, str]) -> bool:
    return close(found["loss"], o.loss(o.last))


def begins_at_random(o: Oracle, _: dict[str, str]) -> bool:
    return o.values.get("start") is None


def same_points_right(o: Oracle, found: dict[str, str]) -> bool:
    at, norms = int(value_of(found["stands"])), np.linalg.norm(o.run.params[:, :-1], axis=1)
    return bool((o.right(at) == o.right(o.last)).all() and norms[-1] > norms[at])


def one_point_pays(o: Oracle, found: dict[str, str]) -> bool:
    prices = o.prices(o.last)
    return close(found["share"], 100 * prices.max() / prices.sum(), least=0.051)


def highest_is(o: Oracle, found: dict[str, str]) -> bool:
    return close(found["highest"], max(o.prices(update).max() for update in range(o.last + 1)), least=0.0051)


LOGISTIC_1D: dict[str, Check] = {
    "{n} points of two classes: {no} at 0 and {yes} at 1. Where is the boundary?": is_so,
    "{no} is 0, {yes} is 1. Where is the boundary?": is_so,
    "The curve is the predicted probability of {yes}. It begins at random.": begins_at_random,
    "The curve: P({yes}), at first random.": begins_at_random,
    "The curve is the predicted probability of {yes}.": is_so,
    "The curve: P({yes}).": is_so,
    "Each thin line is the gap from a point to the curve. It is colored, not the point: green is right, red wrong.": is_so,
    "Lines: gaps. Green is right, red is wrong.": is_so,
    "The gaps of all points make one update. The loss is the mean of −log(1 − gap), the cross-entropy.": is_so,
    "All gaps make one update.": is_so,
    "The gap of one point makes an update. The loss is the mean of −log(1 − gap), the cross-entropy.": lambda o, _: (
        o.run.rows is not None and o.run.rows.shape[1] == 1
    ),
    "The gap of one point makes an update.": lambda o, _: o.run.rows is not None,
    "The boundary goes back and forth, and the curve grows steeper.": lambda o, f: (
        steeper(o, f) and turning_points(o.boundaries(), 0.05) > 1
    ),
    "Back and forth, and steeper.": lambda o, f: steeper(o, f) and turning_points(o.boundaries(), 0.05) > 1,
    "The boundary goes too far and comes back, and the curve grows steeper.": lambda o, f: (
        steeper(o, f) and turning_points(o.boundaries(), 0.05) == 1
    ),
    "Too far and back, and steeper.": steeper,
    "The curve grows steeper.": steeper,
    "Then the next, and the next.": is_so,
    "{right} % right. Cross-entropy does not count errors: it is the mean of −log p, here {loss}.": loss_is,
    "{right} % right; the loss does not count errors.": is_so,
    "A sigmoid is fitted to {n} points of {no} and {yes} by {feature}. After {updates} updates {right} % of the points are "
    "right, and the mean cross-entropy is {loss}. The boundary is then at {at}.": lambda o, f: (
        loss_is(o, f) and close(f["at"], float(o.X.mean() + o.X.std() * o.boundaries()[-1]), least=6e-3 * o.X.std())
    ),
}  # fmt: skip
LOG_LOSS: dict[str, Check] = {
    "{n} points, and a first curve: the probability of {yes}.": is_so,
    "A first curve: P({yes}).": is_so,
    "Solid: p, the probability of a point’s own class, on the far side of the curve from the point.": is_so,
    "Solid: p of its own class, on the far side.": is_so,
    "Dashed: 1 − p, what is missing. The longer the dashed line, the bigger the loss.": is_so,
    "Dashed: 1 − p. Longer dashes, bigger loss.": is_so,
    "A point pays −log p: nothing at 1, and ever more toward 0, here up to {highest}.": highest_is,
    "It pays −log p: here up to {highest}.": highest_is,
    "All gaps together make one update, and every point slides along the curve.": is_so,
    "One update: every point slides.": is_so,
    "The loss of the model is the mean of what the points pay.": is_so,
    "The loss: the mean of what they pay.": is_so,
    "Dashes only stand in: the loss is the mean of −log p, and one point pays {share} % of it.": one_point_pays,
    "One point alone pays {share} % of the loss.": one_point_pays,
    "A sigmoid over {n} points, and what each pays: minus the natural logarithm of the probability p its own class is given, "
    "drawn as a solid segment. After {updates} updates the mean is {last}, from {first}; the costliest point pays {most}.": (
        lambda o, f: close(f["last"], o.loss(o.last), least=6e-4)
        and close(f["first"], o.loss(0), least=6e-4)
        and close(f["most"], o.prices(o.last).max(), least=6e-3)
    ),
}  # fmt: skip
LOGISTIC_2D: dict[str, Check] = {
    "{n} points of two classes, and two features of each.": is_so,
    "{n} points, two features of each.": is_so,
    "At first every point has probability one half: there is no boundary yet.": lambda o, _: not o.logits(0).any(),
    "At first every point gets probability 1/2.": lambda o, _: not o.logits(0).any(),
    "One update from all points. The boundary is where P({yes}) is one half; bands: 10, 25, 75 and 90 %.": is_so,
    "The boundary is where P({yes}) is one half.": is_so,
    "At update {stands} the line has the same points right as at the end; what grows is the confidence.": same_points_right,
    "The line stands; confidence still grows.": is_so,
    "Then the next, and the next.": is_so,
    "{right} % right; the {wrong} ringed points are not. Cross-entropy does not count them: it is not errors it minimizes.": (
        lambda o, f: abs(value_of(f["wrong"]) - (~o.right(o.last)).sum()) <= (np.abs(o.logits(o.last)) < 1e-9).sum()
    ),
    "{right} % right; {wrong} ringed points are wrong.": is_so,
    "{right} % right: every point is on its side of the boundary.": lambda o, _: bool(o.right(o.last).all()),
    "{right} % right.": is_so,
    "Logistic regression separates {n} points of {no} and {yes} by {first} and {second}. After {updates} updates {right} % are "
    "right and the mean cross-entropy is {loss}.": loss_is,
}  # fmt: skip


def losses_of(o: Oracle, run: int) -> np.ndarray:
    o.run = o.scene.runs[run].trajectory
    return np.array([o.loss(update) for update in range(o.last + 1)])


def ends_with(o: Oracle, found: dict[str, str]) -> bool:
    return close(found["sgd"], losses_of(o, 0)[-1]) and close(found["batch"], losses_of(o, 1)[-1])


def sgd_rises_and_batch_does_not(o: Oracle, _: dict[str, str]) -> bool:
    sgd, batch = np.diff(losses_of(o, 0)), np.diff(losses_of(o, 1))
    return bool((sgd > 0).any() and (batch <= 1e-11).all())


def lowest_is(o: Oracle, found: dict[str, str]) -> bool:
    return ends_with(o, found) and close(found["lowest"], o.optimum()[0])


def has_no_lowest(o: Oracle, _: dict[str, str]) -> bool:
    one, other = (o.X[o.labels == label, 0] for label in (0, 1))
    return bool(one.max() <= other.min() or other.max() <= one.min())


SGD_VS_BATCH: dict[str, Check] = {
    "{n} points of two classes, {no} at 0 and {yes} at 1.": is_so,
    "{no} is 0, {yes} is 1.": is_so,
    "Both begin with the same random curve.": begins_at_random,
    "Both begin with the same curve.": is_so,
    "Every curve is a place on this surface: bright where the cross-entropy is small.": is_so,
    "Every curve is a place here; bright: small loss.": is_so,
    "SGD takes the ringed point and moves. Batch averages all {n} before it moves.": is_so,
    "SGD takes one point; batch averages all {n}.": is_so,
    "Each point pulls its own way: SGD raises the loss at times, batch at no update.": sgd_rises_and_batch_does_not,
    "SGD raises the loss at times, batch never.": sgd_rises_and_batch_does_not,
    "Then the next, and the next.": is_so,
    "Cross-entropy at the end: SGD {sgd}, batch {batch}, the lowest {lowest}. An update of SGD costs 1/{n}.": lowest_is,
    "SGD {sgd}, batch {batch}, lowest {lowest}.": lowest_is,
    "Cross-entropy at the end: SGD {sgd}, batch {batch}. It has no lowest value: steeper is always better here.": has_no_lowest,
    "SGD {sgd}, batch {batch}; steeper is always better.": has_no_lowest,
    "Online SGD and batch gradient descent fit a sigmoid to {n} points in {updates} updates. Batch descent ends with a mean "
    "cross-entropy of {batch} after {used} gradients, online SGD with {sgd} after {updates_of_sgd}.": lambda o, f: (
        ends_with(o, f) and value_of(f["used"]) == o.n * o.last
    ),
}  # fmt: skip


def errors_at(o: Oracle, threshold: float, sign: float) -> tuple[int, int]:
    """Return the errors of predicting class 1 beyond a threshold, and how many points lie on it."""
    away = sign * (o.X[:, 0] - threshold)
    on = np.abs(away) < 1e-9 * o.X.std()
    return int(((away > 0) != (o.labels == 1))[~on].sum()), int(on.sum())


def thresholds(o: Oracle) -> np.ndarray:
    values = np.unique(o.X)
    return np.concatenate([[values[0] - 1], (values[1:] + values[:-1]) / 2, [values[-1] + 1]])


def fewest_errors(o: Oracle, found: dict[str, str]) -> bool:
    sign = np.sign(o.optimum()[1])
    fewest = min(errors_at(o, cut, sign)[0] for cut in thresholds(o))
    side = found.get("side", "above" if sign > 0 else "below")
    return value_of(found["wrong"]) == fewest and (side == "above") == (sign > 0)


def errors_of_lowest_loss(o: Oracle, found: dict[str, str]) -> bool:
    _, weight, intercept = o.optimum()
    boundary = o.X.mean() - o.X.std() * intercept / weight
    wrong, on = errors_at(o, boundary, np.sign(weight))
    at = value_of(re.sub(" mm$", "", found["at"]))
    return wrong <= value_of(found["wrong"]) <= wrong + on and abs(at - boundary) <= 0.01 * np.ptp(o.X) + min(
        0.051, 0.05 * np.ptp(o.X)
    )


def both_agree(o: Oracle, _: dict[str, str]) -> bool:
    _, weight, intercept = o.optimum()
    here, _ = errors_at(o, o.X.mean() - o.X.std() * intercept / weight, np.sign(weight))
    return here == min(errors_at(o, cut, np.sign(weight))[0] for cut in thresholds(o))


NOT_ACCURACY: dict[str, Check] = {
    "{n} points of two classes. Where should the boundary be?": is_so,
    "A threshold, and the sigmoid through one half there that has the lowest loss.": is_so,
    "A threshold, and the best sigmoid there.": is_so,
    "Move it: errors change in jumps, by whole points; the cross-entropy changes smoothly.": is_so,
    "Errors jump; cross-entropy is smooth.": is_so,
    "With {yes} {side} it, the fewest are wrong at {at}: {wrong} of {n}.": fewest_errors,
    "Fewest errors: {wrong}, at {at}.": fewest_errors,
    "The cross-entropy is lowest at {at}: {loss}, with {wrong} of {n} wrong.": lambda o, f: (
        close(f["loss"], o.optimum()[0]) and errors_of_lowest_loss(o, f)
    ),
    "Lowest loss: at {at}, {wrong} wrong.": errors_of_lowest_loss,
    "Here both agree. They need not: errors count a point as one, cross-entropy as −log p.": both_agree,
    "Here both agree; they need not.": both_agree,
    "They differ: an error counts as one, however far off; cross-entropy counts every point as −log p.": lambda o, f: (
        not both_agree(o, f)
    ),
    "They differ: −log p is not a count.": lambda o, f: not both_agree(o, f),
    "A threshold moves over {n} points. The fewest are wrong at {there}: {fewest}. The mean cross-entropy is lowest at {at}: "
    "{loss}, with {wrong} of {total} wrong.": errors_of_lowest_loss,
}  # fmt: skip


class Score:
    """The loss of one point over its score: slopes by central differences."""

    def __init__(self, _: Scene, values: dict[str, Any]) -> None:
        self.names, self.n, self.last = ("", ""), 1, 120
        self.y, self.reach = int(values.get("label", 1)), values.get("score", 6.0)
        self.z = -self.reach if self.y else self.reach

    def slopes(self) -> tuple[float, float, float]:
        step, p = 1e-5, 1 / (1 + np.exp(-self.z))
        bend = (1 / (1 + np.exp(-self.z - step)) - 1 / (1 + np.exp(-self.z + step))) / (2 * step)
        near = 1e-6 * min(p, 1 - p)
        by_p = (self.loss(p + near) - self.loss(p - near)) / (2 * near)
        together = [self.loss(1 / (1 + np.exp(-self.z - shift))) for shift in (step, -step)]
        return bend, by_p, (together[0] - together[1]) / (2 * step)

    def loss(self, p: float) -> float:
        return float(-np.log(p if self.y else 1 - p))


def slopes_are(o: Any, found: dict[str, str]) -> bool:
    bend, by_p, by_z = o.slopes()
    return (
        close(found["bend"], bend, 1e-4, 6e-5) and close(found["by_p"], by_p, 1e-4, 6e-3) and close(found["by_z"], by_z, 1e-4, 6e-4)
        and close(found.get("z", str(o.z)), o.z, least=0.051) and abs(bend * by_p - by_z) < 1e-4
    )  # fmt: skip


PLUS_LOG_LOSS: dict[str, Check] = {
    "One point of class {y}. Its score z becomes a probability p by the sigmoid.": lambda o, f: value_of(f["y"]) == o.y,
    "A score z becomes a probability p.": is_so,
    "Its loss is −log of the probability of its class: {own}.": lambda o, f: f["own"] == ("p" if o.y else "1−p"),
    "Its loss: −log {own}.": lambda o, f: f["own"] == ("p" if o.y else "1−p"),
    "Both together: the loss over the score.": is_so,
    "From sure and right toward sure and wrong: the loss curve grows steep.": lambda o, _: abs(o.slopes()[2]) > 0.5,
    "From right to wrong: the loss grows steep.": lambda o, _: abs(o.slopes()[2]) > 0.5,
    "Where the sigmoid is flat, −log is steep. The product of the slopes is p − y.": is_so,
    "Flat times steep: the product is p − y.": is_so,
    "At z = {z}: {bend} times {by_p} is {by_z}. For sure mistakes the slope stays near {limit}.": lambda o, f: (
        slopes_are(o, f) and abs(value_of(f["by_z"]) - value_of(f["limit"])) < 0.1
    ),
    "At z = {z}: {bend} times {by_p} is {by_z}, and that is p − y.": slopes_are,
    "{bend} × {by_p} = {by_z}.": slopes_are,
    "A score z from {first} to {z} of a point of class {y}: the slope of the sigmoid, {bend} at the end, times the slope of "
    "the log loss, {by_p}, is p minus y, {by_z}.": slopes_are,
}  # fmt: skip


class Gaussians:
    """Two normal classes, by scipy."""

    def __init__(self, _: Scene, values: dict[str, Any]) -> None:
        self.names, self.n, self.last = ("A", "B"), 0, 120
        self.of = {"mean_a": -1.0, "mean_b": 1.0, "spread_a": 1.2, "spread_b": 1.2, "share_b": 0.5} | values
        low, high = (
            end([self.of[f"mean_{one}"] + side * self.of[f"spread_{one}"] for one in "ab"])
            for end, side in ((min, -2.6), (max, 2.6))
        )
        self.ends = np.array([low, high])

    def log_odds(self, x: np.ndarray) -> np.ndarray:
        a, b = (norm.logpdf(x, self.of[f"mean_{one}"], self.of[f"spread_{one}"]) for one in "ab")
        return np.asarray(b - a + np.log(self.of["share_b"] / (1 - self.of["share_b"])))

    def is_straight(self) -> bool:
        return bool(np.abs(np.diff(self.log_odds(np.linspace(-3.0, 3.0, 9)), 2)).max() < 1e-9)

    def is_line(self, text: str) -> bool:
        found = re.fullmatch(r"(.+?)\u2009x ([+\u2212]) (.+)", text)
        assert found
        at_0, at_1 = self.log_odds(np.array([0.0, 1.0]))
        sign = -1 if found[2] == "\u2212" else 1
        return (
            close(found[1], at_1 - at_0, 1e-3, 6e-3) and abs(sign * value_of(found[3]) - at_0) < 1e-3 * abs(at_0) + 6e-3
        )

    def ends_are(self, found: dict[str, str]) -> bool:
        ends = 1 / (1 + np.exp(-self.log_odds(self.ends)))
        return close(found["first"], ends[0], least=6e-4) and close(found["last"], ends[1], least=6e-4)


def straight(o: Any, found: dict[str, str]) -> bool:
    return bool(
        o.is_straight()
        and ("line" not in found or o.is_line(found["line"]))
        and ("first" not in found or o.ends_are(found))
    )


def bent(o: Any, found: dict[str, str]) -> bool:
    return not o.is_straight() and ("first" not in found or o.ends_are(found))


FROM_GAUSSIANS: dict[str, Check] = {
    "Two classes. Each has a normal distribution, with one spread.": straight,
    "Two normal classes, one spread.": straight,
    "Two classes. Each has a normal distribution, with a spread of its own.": bent,
    "Two normal classes, two spreads.": bent,
    "Two heights at each x: how often a point there is an A, and how often a B.": is_so,
    "Two heights at each x: A and B.": is_so,
    "Log-odds are the logarithm of their ratio, and the probability of B is its share of both.": is_so,
    "Log-odds: the logarithm of their ratio.": is_so,
    "Walk along x: the ratio multiplies evenly, so its logarithm is a straight line.": straight,
    "Its logarithm is a straight line.": straight,
    "Walk along x: with two spreads the squares do not cancel, and the log-odds are a parabola.": bent,
    "Two spreads: a parabola.": bent,
    "The log-odds are {line}, and the probability is the sigmoid of that line: logistic regression.": straight,
    "Log-odds {line}; P(B): its sigmoid.": straight,
    "The probability is the sigmoid of a parabola: logistic regression with x and x².": bent,
    "The sigmoid of a parabola.": bent,
    "Two normal classes with means {a} and {b} and one spread {spread}: the log-odds of B are the line {line}, and its "
    "probability is the sigmoid of it, {first} at the left and {last} at the right.": straight,
    "Two normal classes with means {a} and {b} and spreads {one} and {other}: the log-odds of B are a parabola, and its "
    "probability is the sigmoid of it, {first} at the left and {last} at the right.": bent,
}  # fmt: skip


class Counts:
    """Poisson regression by scikit-learn, and the loss along the run from the points alone."""

    def __init__(self, scene: Scene, _: dict[str, Any]) -> None:
        points, self.run = scene.panels[0].marks[1].xy, scene.runs[0].trajectory
        self.x, self.y = points.T
        self.names, self.n, self.last = ("", ""), len(points), len(self.run.params) - 1
        self.scaled = (self.x - self.x.mean()) / self.x.std()
        with np.errstate(all="ignore"):
            self.loss = np.array([self.loss_at(params) for params in self.run.params])

    def loss_at(self, params: np.ndarray) -> float:
        z = params[0] * self.scaled + params[1]
        return float((np.exp(z) - self.y * z).mean())

    def lowest(self) -> float:
        fit = PoissonRegressor(alpha=0.0, tol=1e-10, max_iter=10_000).fit(self.scaled[:, None], self.y)
        return self.loss_at(np.array([*fit.coef_, fit.intercept_]))

    def converged(self, update: int) -> bool:
        excess = self.loss - self.lowest()
        return bool(
            (excess[update:] <= 1.01e-4 * excess[0] + 1e-9).all() and excess[update - 1] > 0.99e-4 * excess[0] - 1e-9
        )

    def ends(self, found: dict[str, str]) -> bool:
        lowest = self.lowest()
        rises = found["loss"] in ("∞", "nan") or close(found["loss"], float(self.loss[-1]), 1e-3, 1e-4)
        return rises and abs(value_of(found["lowest"]) - lowest) <= 1e-3 * abs(lowest) + 1e-4


POISSON: dict[str, Check] = {
    "{n} counts. A straight line can go below 0; a count cannot.": is_so,
    "{n} counts; a line can go below 0.": is_so,
    "So the logarithm of the mean is made a straight line: log μ = w x + b.": is_so,
    "The logarithm of the mean is a line.": is_so,
    "At first μ is 1 everywhere. Each point pulls with its gap, μ − y.": lambda o, _: not o.run.params[0].any(),
    "At first μ is 1. Gaps: μ − y.": lambda o, _: not o.run.params[0].any(),
    "One update: w ← w − η · mean of (μ − y) x, the rule of logistic regression with μ for p.": is_so,
    "w ← w − η · mean of (μ − y) x.": is_so,
    "The loss converges: from update {when} its excess is below 1/10 000 of the first.": lambda o, f: o.converged(int(value_of(f["when"]))),
    "Converged at update {when}.": lambda o, f: o.converged(int(value_of(f["when"]))),
    "Then the next, and the next.": is_so,
    "Each unit of {x} multiplies the mean by {factor}. A line, a link such as log, and a distribution: a generalized linear model.": (
        lambda o, f: close(f["factor"], float(np.exp(o.run.params[-1, 0] / o.x.std())))
    ),
    "Each unit multiplies the mean by {factor}.": lambda o, f: close(f["factor"], float(np.exp(o.run.params[-1, 0] / o.x.std()))),
    "A line, a link such as log, and a distribution: a generalized linear model.": is_so,
    "Line, link, distribution: a GLM.": is_so,
    "Poisson regression fits log mean = {line} to {n} counts in {updates} updates at rate {rate}. The loss is {loss} at the end, "
    "and {lowest} at the lowest.": lambda o, f: o.ends(f),
    "Poisson regression of {n} counts by {updates} updates at rate {rate}. The lowest loss is {lowest}.": lambda o, _: (
        not np.isfinite(o.loss[-1])
    ),
}  # fmt: skip


class Surface:
    """Cross-entropy over two weights, b at its best by scipy, or held where scikit-learn has it."""

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        table = TABLES[values["data"]] if "data" in values else None
        data = ClassificationData.from_table(table, 2) if table else penguins(["bill_length_mm", "bill_depth_mm"])
        self.names, self.n, self.run = data.class_names, data.n_samples, scene.runs[0].trajectory
        self.last, self.labels = len(self.run.params) - 1, data.labels
        self.scaled = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
        fit = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000, solver="newton-cholesky").fit(
            self.scaled, self.labels
        )
        self.best = np.array([*fit.coef_[0], *fit.intercept_])
        self.held = None if values.get("intercept", "minimized") == "minimized" else self.best[2]
        self.lowest = self.height(self.best[:2])

    def height(self, weights: np.ndarray) -> float:
        z, side = self.scaled @ weights, np.where(self.labels == 1, -1.0, 1.0)
        if self.held is not None:
            return float(np.logaddexp(0.0, side * (z + self.held)).mean())
        reach = 50.0 + float(np.abs(z).max())
        b = brentq(lambda at: float((expit(z + at) - self.labels).mean()), -reach, reach)
        return float(np.logaddexp(0.0, side * (z + b)).mean())

    def slope(self, update: int) -> float:
        at, step = self.run.params[update], 1e-5
        return float(
            np.hypot(*((self.height(at + one) - self.height(at - one)) / (2 * step) for one in step * np.eye(2)))
        )

    def gained_at(self, found: dict[str, str]) -> bool:
        when, first = int(value_of(found["when"])), self.height(self.run.params[0]) - self.lowest
        left = [
            self.height(self.run.params[at]) - self.lowest
            for at in sorted({max(when - 1, 0), when, (when + self.last) // 2, self.last})
        ]
        return (
            left[-1] <= 0.1001 * first
            and left[1 if when else 0] <= 0.1001 * first
            and (not when or left[0] > 0.0999 * first)
        )

    def settled(self, found: dict[str, str]) -> bool:
        distance = np.abs(self.run.params[:, 0] - self.best[0])
        far = np.flatnonzero(distance > 0.02 * distance[0] + 1e-9)
        return abs(value_of(found["when"]) - (far[-1] + 1 if far.size else 0)) <= 2

    def left(self, found: dict[str, str]) -> bool:
        distance = np.abs(self.run.params[[0, -1], 0] - self.best[0])
        return close(found["left"], 100 * distance[1] / distance[0], least=0.06)


SURFACE: dict[str, Check] = {
    "Every point is a pair of weights, {held}; its height is their mean cross-entropy.": is_so,
    "Each point: two weights. Height: their loss.": is_so,
    "From above: bright where the loss is small, lowest at the star.": is_so,
    "From above: lowest at the star.": is_so,
    "Descent starts at w₁ = {first}, w₂ = {second} and steps against the slope.": lambda o, f: bool(
        np.allclose([value_of(f["first"]), value_of(f["second"])], o.run.params[0], rtol=6e-3)
    ),
    "Descent steps against the slope.": is_so,
    "By update {when} 90 % of what can be gained is gained. The slope goes from {first} to {last}.": lambda o, f: (
        o.gained_at(f) and close(f["first"], o.slope(0), 0.02, 1e-6) and close(f["last"], o.slope(o.last), 0.02, 1e-6)
    ),
    "90 % is gained by update {when}.": lambda o, f: o.gained_at(f),
    "Then the next, and the next.": is_so,
    "w₁ took {when} updates to come within 2 % of its first distance from the optimum, and to stay there.": lambda o, f: o.settled(f),
    "w₁ took {when} updates.": lambda o, f: o.settled(f),
    "After {updates} updates {left} % of w₁’s first distance from the optimum is left.": lambda o, f: o.left(f),
    "{left} % of w₁’s distance is left.": lambda o, f: o.left(f),
    "Gradient descent on the mean cross-entropy over two weights, {held}, as a surface and from above. It gains 90 % of what can be "
    "gained by update {when}. It ends after {updates} updates at w1 = {w1}, w2 = {w2}, cross-entropy {loss}; the least there is is "
    "{lowest}.": lambda o, f: o.gained_at(f) and close(f["loss"], o.height(o.run.params[-1])) and close(f["lowest"], o.lowest),
    "Gradient descent on the mean cross-entropy over two weights, {held}, as a surface and from above. It ends after {updates} "
    "updates at w1 = {w1}, w2 = {w2}, cross-entropy {loss}; the least there is is {lowest}.": lambda o, f: (
        close(f["loss"], o.height(o.run.params[-1])) and close(f["lowest"], o.lowest)
    ),
}  # fmt: skip


def length_of_gradients(o: Oracle) -> tuple[float, float]:
    z = o.logits(0)
    p, design = expit(z), np.column_stack([o.scaled, np.ones(o.n)])
    return tuple(
        float(np.linalg.norm(pull @ design / o.n)) for pull in (2 * (p - o.labels) * p * (1 - p), p - o.labels)
    )  # type: ignore[return-value]


def gradients_are(o: Oracle, found: dict[str, str]) -> bool:
    squared, entropy = length_of_gradients(o)
    return close(found["squared"], squared, least=6e-5) and close(found["entropy"], entropy, least=6e-3)


def moved_by(o: Oracle, found: dict[str, str]) -> bool:
    at = max(1, o.last // 50)
    squared, entropy = (np.linalg.norm(run.trajectory.params[at] - run.trajectory.params[0]) for run in o.scene.runs)
    return (
        value_of(found.get("early", str(at))) == at
        and close(found["squared"], squared)
        and close(found["entropy"], entropy)
    )


def both_right(o: Oracle, found: dict[str, str]) -> bool:
    shares = []
    for run in o.scene.runs:
        o.run = run.trajectory
        shares.append(100 * o.right(o.last).mean())
    return close(found["squared"], shares[0], least=0.06) and close(found["entropy"], shares[1], least=0.06)


MSE: dict[str, Check] = {
    "{n} points and one curve, from which two losses start.": is_so,
    "One curve, two losses.": is_so,
    "How hard a point pulls on its score. Cross-entropy: the harder, the further off it is.": is_so,
    "The pull of a point, by its score.": is_so,
    "Squared error has (p − y)²: confident and wrong, far at the left, it hardly pulls.": is_so,
    "Confident and wrong: squared error hardly pulls.": is_so,
    "At the start: the gradient of squared error is {squared} long, of cross-entropy {entropy}.": gradients_are,
    "At the start: gradient {squared} against {entropy}.": gradients_are,
    "After {early} updates squared error has moved by {squared}, cross-entropy by {entropy}.": moved_by,
    "Moved so far: {squared} against {entropy}.": moved_by,
    "Then the next, and the next.": is_so,
    "After {updates} updates at one rate: squared error {squared} % right, cross-entropy {entropy} %.": both_right,
    "Right at the end: {squared} % against {entropy} %.": both_right,
    "Descent on squared error and on cross-entropy from one start. The gradients there are {squared} and {entropy} long; after "
    "{updates} updates {both} of the points are right.": gradients_are,
}  # fmt: skip


def is_apart(o: Oracle, _: dict[str, str]) -> bool:
    one, other = (o.X[o.labels == label, 0] for label in (0, 1))
    return bool(one.max() < other.min() or other.max() < one.min())


def weights_are(o: Oracle, found: dict[str, str]) -> bool:
    free, tamed = (run.trajectory.params[-1, 0] for run in o.scene.runs)
    near = close(found["w"], free, least=6e-3) and close(found["penalized"], tamed, least=6e-3)
    return near and ("best" not in found or close(found["best"], best_penalized(o), least=6e-3))


def best_penalized(o: Oracle) -> float:
    penalty = o.values.get("ridge_penalty", 0.01)
    fit = LogisticRegression(C=1 / (penalty * o.n), tol=1e-12, max_iter=10_000, solver="newton-cholesky").fit(
        o.scaled, o.labels
    )
    return float(fit.coef_[0, 0])


def within_two_percent(o: Oracle, found: dict[str, str]) -> bool:
    best, path = best_penalized(o), o.scene.runs[1].trajectory.params[:, 0]
    return weights_are(o, found) and abs(path[-1] - best) <= 0.0201 * abs(path[0] - best)


def went_from(o: Oracle, found: dict[str, str]) -> bool:
    path, tenth = o.scene.runs[0].trajectory.params[:, 0], o.last // 10
    return close(found["before"], path[tenth], least=6e-3) and close(found["w"], path[-1], least=6e-3)


SEPARABLE: dict[str, Check] = {
    "{n} points. A threshold separates the classes.": is_apart,
    "{n} points. A threshold separates the classes, but for ties on it.": lambda o, f: has_no_lowest(o, f) and not is_apart(o, f),
    "A threshold separates them, but for ties.": lambda o, f: has_no_lowest(o, f) and not is_apart(o, f),
    "Two models start with w = 0: one half everywhere.": lambda o, _: not o.logits(0).any(),
    "Both start with w = 0.": lambda o, _: not o.logits(0).any(),
    "A steeper curve through the gap is nearer to every label: its cross-entropy is lower.": is_apart,
    "Steeper: a lower cross-entropy.": is_apart,
    "A steeper curve through the threshold is nearer to every label off it.": has_no_lowest,
    "Steeper: nearer to labels off it.": has_no_lowest,
    "A penalty of {penalty} w²/2 makes steepness cost something: its best w is at the dashed line.": lambda o, f: (
        close(f["penalty"], o.values.get("ridge_penalty", 0.01)) and close(str(o.scene.panels[1][0].targets[1]), best_penalized(o))
    ),
    "A penalty of {penalty} w²/2: w has a best value.": is_so,
    "Without the penalty w went from {before} at update {tenth} to {w} at update {updates}.": went_from,
    "w: {before}, ten times later {w}.": went_from,
    "Without a penalty w = {w}, and a steeper curve always has a lower loss. With it w = {penalized}: within 2 % of the best.": (
        within_two_percent
    ),
    "Without a penalty w = {w}, and a steeper curve always has a lower loss. With it w = {penalized}; the best is {best}.": weights_are,
    "Without: w = {w}, no best. With: {penalized}.": weights_are,
    "Two sigmoids on separable classes. Without a penalty the weight has no best value, and is {w} after {updates} updates; with a "
    "penalty of {penalty} it is {penalized} then, and at best {best}.": weights_are,
}  # fmt: skip


class LogOdds:
    """Descent on the cross-entropy of one feature, step by step."""

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        table = TABLES[values["data"]] if "data" in values else None
        data = ClassificationData.from_table(table, 1) if table else penguins(["body_mass_g"], ["Adelie", "Gentoo"])
        self.x, labels, self.names, self.n = data.X[:, 0], data.labels, data.class_names, data.n_samples
        self.last = scene.timeline.n_updates
        scaled, (w, b) = (self.x - self.x.mean()) / self.x.std(), values.get("start", (0.0, 0.0))
        for _ in range(self.last):
            pull = expit(w * scaled + b) - labels
            w, b = (
                w - values.get("learning_rate", 4.0) * (pull * scaled).mean(),
                b - values.get("learning_rate", 4.0) * pull.mean(),
            )
        self.weight, self.slope = w / self.x.std(), np.polyfit(scaled, labels, 1)[0]

    def adds(self, found: dict[str, str]) -> bool:
        width = value_of(found["step"].split()[0].replace("e\u2212", "e-"))
        bins = np.ptp(self.x) / width
        added, times = self.weight * width, value_of(found["times"])
        factor = np.exp(min(added, 300.0))
        return (
            1 < bins < 80
            and ("added" not in found or close(found["added"], added, 0.01, 6e-3))
            and abs(times - factor) <= 0.06 * factor + 1e-3
        )


SIGMOID: dict[str, Check] = {
    "Dots: the share of {yes} among the points of each bin of {name}. Shares are between 0 and 1.": is_so,
    "Dots: shares of {yes}, between 0 and 1.": is_so,
    "A straight line (dashed) leaves 0 to 1 sooner or later.": lambda o, _: abs(o.slope) > 1e-10,
    "A line leaves 0 to 1.": lambda o, _: abs(o.slope) > 1e-10,
    "Log-odds, log p/(1−p), run from −∞ to ∞: a straight line never leaves them.": is_so,
    "Log-odds have no ends for a line to leave.": is_so,
    "The same bands: equal steps of log-odds are squeezed ever narrower toward 0 and 1.": is_so,
    "Equal steps left are squeezed at the right.": is_so,
    "Descent fits the line. The curve is the same line, squeezed: that is the sigmoid.": is_so,
    "The curve is the line, squeezed.": is_so,
    "Each {step} adds {added} to the log-odds and multiplies the odds by {times}, wherever you start.": lambda o, f: o.adds(f),
    "Each {step} multiplies the odds by {times}.": lambda o, f: o.adds(f),
    "The log-odds (natural logarithm) of {yes} against {no} are a straight line in {name}, z = {line} after {updates} updates; the "
    "probability 1/(1+exp(-z)) is an S-shaped curve. Each {step} multiplies the odds by {times}.": lambda o, f: o.adds(f),
}  # fmt: skip


class Classes:
    """Three classes or more: shares that are right by numpy, and by a linear program whether weights grow for ever."""

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        data, self.run = scene.panels[0].problem.data, scene.runs[0].trajectory
        self.names, self.n, self.k, self.labels = (
            data.class_names,
            data.n_samples,
            data.n_classes,
            data.labels.astype(int),
        )
        self.last, self.scaled = len(self.run.params) - 1, (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
        self.kind = "class" if "data" in values else "species"

    def scores(self) -> np.ndarray:
        matrix = self.run.params[-1].reshape(self.k, 3)
        return self.scaled @ matrix[:, :2].T + matrix[:, 2]

    def says_right(self, text: str) -> bool:
        scores = self.scores()
        lead = scores[np.arange(self.n), self.labels][:, None] - scores
        lead[np.arange(self.n), self.labels] = np.inf
        sure, ties = (lead.min(axis=1) > 1e-9).mean(), (np.abs(lead.min(axis=1)) <= 1e-9).mean()
        return bool(100 * sure - 0.051 <= value_of(text) <= 100 * (sure + ties) + 0.051)

    def grows(self) -> bool:
        design, rows = np.column_stack([self.scaled, np.ones(self.n)]), []
        for row, own in zip(design, self.labels, strict=True):
            for other in set(range(self.k)) - {own}:
                margin = np.zeros((self.k, 3))
                margin[own], margin[other] = row, -row
                rows.append(margin.ravel())
        margins = np.array(rows)
        best = linprog(-margins.sum(axis=0), A_ub=-margins, b_ub=np.zeros(len(margins)), bounds=(-1, 1))
        return bool(-best.fun > 1e-6)

    def loss_is(self, text: str) -> bool:
        scores = self.scores()
        return close(
            text, float((logsumexp(scores, axis=1) - scores[np.arange(self.n), self.labels]).mean()), least=1e-5
        )


COUNTED = {3: "three", 4: "four"}
SOFTMAX: dict[str, Check] = {
    "{points} points of {count} {kinds}, and two features of each.": lambda o, f: (
        value_of(f["points"]) == o.n and f["count"] == COUNTED[o.k] and f["kinds"] == ("classes" if o.kind == "class" else "species")
    ),
    "{points} points of {count} {kinds}.": lambda o, f: f["count"] == COUNTED[o.k],
    "Before the first update every {kind} has probability 1/{k} everywhere: there is no boundary yet.": lambda o, f: (
        not o.run.params[0].any() and value_of(f["k"]) == o.k and f["kind"] == o.kind
    ),
    "At first every {kind} has probability 1/{k}.": lambda o, f: not o.run.params[0].any() and value_of(f["k"]) == o.k,
    "Each {kind} has a linear score. A boundary is where the two highest scores tie, so it is straight.": is_so,
    "A boundary: where the two highest scores tie.": is_so,
    "Softmax makes scores into probabilities that add up to one, as for the circled {own}.": lambda o, f: f["own"] in o.names,
    "Softmax: probabilities that add up to one.": is_so,
    "{right} % right. The loss has no lowest value here: the weights grow for ever.": lambda o, _: o.grows(),
    "{right} % right; the weights grow for ever.": lambda o, _: o.grows(),
    "{right} % right; ringed points are wrong. Where three regions meet, three {kinds} are equally likely.": lambda o, f: (
        value_of(f["right"]) < 100 and not o.grows()
    ),
    "{right} % right; {wrong} ringed points are wrong.": lambda o, f: (
        abs(value_of(f["wrong"]) - o.n * (1 - value_of(f["right"]) / 100)) < 0.1 + o.n / 1000
    ),
    "{right} % right. Where three regions meet, three {kinds} are equally likely.": lambda o, f: value_of(f["right"]) == 100,
    "{right} % right.": lambda o, f: value_of(f["right"]) == 100,
    "Softmax regression gives each of {count} {kinds} a region over {first} and {second}. After {updates} updates {right} % of {n} "
    "points are right and the mean cross-entropy is {loss}.": lambda o, f: o.loss_is(f["loss"]),
}  # fmt: skip
ORACLES = {
    "why_the_sigmoid": LogOdds,
    "softmax_three_species": Classes,
    "logistic_loss_surface": Surface,
    "sigmoid_plus_log_loss": Score,
    "from_gaussians_to_sigmoid": Gaussians,
    "poisson_regression": Counts,
}
LESSONS = {
    "logistic_1d": LOGISTIC_1D, "log_loss_segments": LOG_LOSS, "logistic_2d": LOGISTIC_2D,
    "logistic_sgd_vs_batch": SGD_VS_BATCH, "cross_entropy_is_not_accuracy": NOT_ACCURACY,
    "sigmoid_plus_log_loss": PLUS_LOG_LOSS, "from_gaussians_to_sigmoid": FROM_GAUSSIANS, "poisson_regression": POISSON,
    "logistic_loss_surface": SURFACE, "mse_vs_cross_entropy": MSE, "separable_data": SEPARABLE,
    "why_the_sigmoid": SIGMOID, "softmax_three_species": SOFTMAX,
}  # fmt: skip


DIVERGES = re.compile("(^|(?<=[.]) )[A-Za-z ]+ diverges(:|[.]).*$")
"""What a scene adds by itself; the tests of runs say when that is so."""


def patterns(table: dict[str, Check]) -> list[tuple[re.Pattern[str], Check]]:
    found = []
    for template, check in table.items():
        expression = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(template))
        found.append((re.compile(expression), check))
    return found


def names_and_counts_are_so(o: Oracle, found: dict[str, str]) -> bool:
    """Check what may stand in any sentence: the classes, the number of points and updates, and the share that is right."""
    expected = {"no": o.names[0], "yes": o.names[-1], "n": str(o.n), "updates": str(o.last)}
    given = {key: text.replace("\u202f", "") for key, text in found.items()}
    named = all(given[key] == expected[key] for key in expected.keys() & given.keys())
    return named and ("right" not in found or o.says_right(found["right"]))


def check_every_text(build: Any, name: str, values: dict[str, Any]) -> set[str]:
    """Check every text that a lesson can show; return the rows of its table that were met."""
    given = {key: TABLES[value] if key == "data" else value for key, value in values.items()}
    scene = build(name, **given)
    oracle: Any
    oracle, met = ORACLES.get(name, Oracle)(scene, values), set()
    rows = list(zip(patterns(LESSONS[name]), LESSONS[name], strict=True))
    for shown in texts_of(scene):
        text = DIVERGES.sub("", shown)
        if not text:
            continue
        fitting = [(match, check, row) for (pattern, check), row in rows if (match := pattern.fullmatch(text))]
        assert fitting, f"no oracle for {text!r}"
        match, check, row = fitting[0]
        assert names_and_counts_are_so(oracle, match.groupdict()), text
        assert check(oracle, match.groupdict()), text
        met.add(row)
    return met


REFUSING = {"cross_entropy_is_not_accuracy", "logistic_loss_surface", "separable_data", "mse_vs_cross_entropy"}
"""Lessons that refuse classes without the thing they are about, in a sentence."""


@pytest.mark.parametrize("name", LESSONS)
def test_every_sentence_is_so_whatever_the_parameters_and_data(build, name: str) -> None:
    for values in draws(name, 24):
        try:
            check_every_text(build, name, values)
        except DataError:
            assert name in REFUSING, values
        except AssertionError as error:
            raise AssertionError(f"{values}: {error}") from error


FALSE = [
    ("logistic_1d", {"data": "overlap 1"}, "species"),
    ("logistic_1d", {"n_updates": 5}, "boundary is then at 44.1"),
    ("logistic_1d", {"start": (0.5, 1.0)}, "random"),
    ("logistic_2d", {}, "best line"),
    ("logistic_2d", {"data": "apart 2"}, "it is not errors"),
]


@pytest.mark.parametrize(("name", "values", "words"), FALSE, ids=str)
def test_what_is_not_so_is_not_said(build, name: str, values: dict[str, Any], words: str) -> None:
    scene = build(name, **{key: TABLES[value] if key == "data" else value for key, value in values.items()})
    assert words not in " ".join(texts_of(scene))


def test_a_boundary_in_tiny_units_is_not_shown_as_zero(build, words_at) -> None:
    words = words_at(build("logistic_1d", data=TABLES["tiny 1"]))
    assert re.search("boundary [1-9]\\.\\d+e\u22127", words)
