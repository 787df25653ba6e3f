"""Anscombe's quartet: four data sets with nearly the same means, variances and correlation."""

from __future__ import annotations

import numpy as np

from animate.errors import did_you_mean
from animate.learn.data import RegressionData
from animate.learn.tables import load_table

SERIES = ("I", "II", "III", "IV")


def anscombe(series: str) -> RegressionData:
    """Return one of the four data sets, 11 points each.

    Parameters
    ----------
    series : str
        I, II, III or IV.

    Raises
    ------
    ValueError
        If there is no such series.

    References
    ----------
    F. J. Anscombe, "Graphs in statistical analysis", The American Statistician 27 (1973), 17-21.

    Examples
    --------
    >>> data = anscombe("IV")
    >>> data.n_samples, float(data.x.mean()), round(float(data.y.mean()), 2)
    (11, 9.0, 7.5)
    """
    if series not in SERIES:
        raise ValueError(f"series must be one of {', '.join(SERIES)}; got {series!r}.{did_you_mean(series, SERIES)}")
    table = load_table("anscombe")
    rows = np.array(table.labels("series")) == series
    return RegressionData(table.numbers("x")[rows], table.numbers("y")[rows])
