"""The true curves against points drawn without noise."""

from __future__ import annotations

import numpy as np
import pytest

from animate.learn.datasets import DATASETS
from animate.learn.truths import TRUE_CURVES, true_curves


@pytest.mark.parametrize("dataset", sorted(TRUE_CURVES))
def test_points_without_noise_lie_on_a_true_curve(dataset: str) -> None:
    points = DATASETS[dataset](40, noise=0.0, rng=1)
    misses = np.abs([points.y - curve(points.x) for curve in true_curves(dataset)]).min(axis=0)
    n_moved = 4 if dataset == "outliers" else 0
    assert int((misses > 1e-12).sum()) == n_moved


def test_an_unknown_dataset_is_refused_with_a_hint() -> None:
    with pytest.raises(ValueError, match="Did you mean 'saturating'"):
        true_curves("saturated")
