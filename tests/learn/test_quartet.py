"""Anscombe's four data sets against the figures he gives for all of them."""

from __future__ import annotations

import numpy as np
import pytest

from animate.learn.quartet import SERIES, anscombe


@pytest.mark.parametrize("series", SERIES)
def test_means_variances_and_correlation_are_those_of_the_paper(series: str) -> None:
    """Anscombe (1973): mean of x 9.0, of y 7.5, sum of squares of x 110.0, r² 0.667."""
    data = anscombe(series)
    assert data.x.mean() == pytest.approx(9.0)
    assert data.y.mean() == pytest.approx(7.5, abs=2e-3)
    assert np.square(data.x - 9.0).sum() == pytest.approx(110.0)
    assert np.corrcoef(data.x, data.y)[0, 1] ** 2 == pytest.approx(0.667, abs=1e-3)


def test_another_series_is_refused() -> None:
    with pytest.raises(ValueError, match="series must be one of I, II, III, IV; got 'V'"):
        anscombe("V")
