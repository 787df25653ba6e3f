"""Two features and a target: drawn, and read from tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from animate.errors import DataError
from animate.learn.features import FeatureData, correlated_features
from animate.learn.tables import read_csv


def table(folder: Path, text: str) -> FeatureData:
    path = folder / "own.csv"
    path.write_text(text)
    return FeatureData.from_table(read_csv(path))


def test_drawn_features_have_the_correlation_asked_for() -> None:
    drawn = correlated_features(20_000, correlation=-0.4, rng=0)
    assert np.corrcoef(drawn.X.T)[0, 1] == pytest.approx(-0.4, abs=0.02)


def test_same_seed_gives_same_points() -> None:
    assert np.array_equal(correlated_features(rng=0).y, correlated_features(rng=0).y)


def test_standardized_features_have_mean_zero_and_deviation_one() -> None:
    scaled = correlated_features(rng=1).standardized
    assert scaled.mean(axis=0) == pytest.approx([0, 0], abs=1e-12)
    assert scaled.std(axis=0) == pytest.approx([1, 1])


def test_of_three_columns_the_last_is_the_target(tmp_path: Path) -> None:
    found = table(tmp_path, "a,b,y\n1,4,7\n2,3,8\n3,9,9\n")
    assert (found.feature_names, found.y_name, found.y.tolist()) == (("a", "b"), "y", [7, 8, 9])


def test_of_two_columns_the_square_of_x_is_the_second_feature(tmp_path: Path) -> None:
    found = table(tmp_path, "x,y\n1,7\n2,8\n3,9\n")
    assert found.feature_names == ("x", "x²")
    assert found.X[:, 1].tolist() == [1, 4, 9]


def test_four_columns_are_refused_with_their_names(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"3 columns are needed .* it has 4: a, b, c, d"):
        table(tmp_path, "a,b,c,d\n1,2,3,4\n5,6,7,8\n")


@pytest.mark.parametrize("correlation", [1.5, float("nan")])
def test_an_impossible_correlation_is_refused(correlation: float) -> None:
    with pytest.raises(ValueError, match="correlation must be between -1 and 1"):
        correlated_features(correlation=correlation)
