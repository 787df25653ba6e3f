"""What the data say of a probability without any model: the share of each class in bins of a feature."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from animate.learn.checks import Floats, vector, whole


class Shares(NamedTuple):
    """Points counted in bins of a feature, the empty bins left out.

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
        """Return log(n_ones / (n_samples - n_ones)) of each bin, -inf or inf where one class is alone."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(self.n_ones) - np.log(self.n_samples - self.n_ones), dtype=float)


def binned_shares(x: npt.ArrayLike, labels: npt.ArrayLike, n_bins: int = 14) -> Shares:
    """Return the share of class 1 in about ``n_bins`` bins of x, whose width is 1, 2, 2.5 or 5 times a power of ten.

    Parameters
    ----------
    x, labels : array, shape (n_samples,)
        Labels are 0 or 1.
    n_bins : int
        At least 1.

    Raises
    ------
    ValueError
        If shapes do not agree, a value is not finite, or ``n_bins`` is out of range.

    Examples
    --------
    >>> found = binned_shares([0.1, 0.2, 1.1, 1.4], [0, 1, 1, 1], n_bins=1)
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
    return Shares(centers, counts, n_ones, width)


def _round_width(width: float) -> float:
    if width <= 0.0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(width))
    return float(power * min((1.0, 2.0, 2.5, 5.0, 10.0), key=lambda step: abs(np.log(step * power / width))))
