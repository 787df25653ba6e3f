"""Classes whose feature is normal, and the log-odds between two of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from animate.learn.validation import Floats


class NormalClass(NamedTuple):
    """A class with a normal feature: its mean, its standard deviation, and its share of all points."""

    mean: float
    spread: float
    share: float

    def height(self, x: npt.ArrayLike) -> Floats:
        """Return the density at x, shape (...), times the share.

        >>> round(float(NormalClass(0.0, 1.0, 0.5).height(0.0)), 4)
        0.1995
        """
        away = (np.asarray(x, dtype=float) - self.mean) / self.spread
        return np.asarray(self.share * np.exp(-np.square(away) / 2) / (self.spread * np.sqrt(2 * np.pi)))


def log_odds(x: npt.ArrayLike, first: NormalClass, second: NormalClass) -> Floats:
    """Return the logarithm of the ratio of the second class's height to the first's at x, shape (...).

    >>> log_odds([-1.0, 0.0, 3.0], NormalClass(-1.0, 1.0, 0.5), NormalClass(1.0, 1.0, 0.5)).tolist()
    [-2.0, 0.0, 6.0]
    """
    here, there = (np.square((np.asarray(x, dtype=float) - one.mean) / one.spread) / 2 for one in (first, second))
    return np.asarray(here - there + np.log(second.share / first.share * first.spread / second.spread))
