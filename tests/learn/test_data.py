"""Data from tables and generators, and scaling there and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from animate.errors import DataError
from animate.learn.data import (
    SERIES,
    ClassificationData,
    FeatureData,
    RegressionData,
    anscombe,
    penguins,
    subsample_per_class,
)
from animate.learn.datasets import correlated_features, line
from animate.learn.scaling import Scaling
from animate.learn.tables import Table, parse_csv, read_csv


def _table(text: str) -> Table:
    return parse_csv(text, "my.csv")


def test_two_columns_are_x_then_y() -> None:
    data = RegressionData.from_table(_table("dose,effect\n1,2\n3,4\n"))
    assert (data.x_name, data.y_name) == ("dose", "effect")
    assert (data.x.tolist(), data.y.tolist()) == ([1.0, 3.0], [2.0, 4.0])


def test_of_more_columns_those_named_x_and_y_are_taken() -> None:
    data = RegressionData.from_table(_table("id,Y,X\n1,20,2\n2,40,4\n"))
    assert (data.x_name, data.y_name) == ("X", "Y")
    assert data.x.tolist() == [2.0, 4.0]


def test_columns_that_cannot_be_told_are_listed() -> None:
    with pytest.raises(DataError) as caught:
        RegressionData.from_table(_table("a,b,c\n1,2,3\n4,5,6\n"))
    assert str(caught.value) == (
        "my.csv: 2 columns are needed (x, then y); it has 3: a, b, c. Name the ones to use with --columns A,B"
    )


def test_one_column_is_not_enough_for_a_line() -> None:
    with pytest.raises(DataError, match="2 columns are needed"):
        RegressionData.from_table(_table("a\n1\n2\n"))


def test_one_distinct_x_is_refused() -> None:
    with pytest.raises(DataError, match=r"my.csv, column 'x': it must have two distinct values; got 3 only"):
        RegressionData.from_table(_table("x,y\n3,1\n3,2\n3,4\n"))


@pytest.mark.parametrize(
    ("labels", "classes", "expected"),
    [
        (["no", "yes", "no"], ("no", "yes"), [0.0, 1.0, 0.0]),
        (["yes", "no", "no"], ("no", "yes"), [1.0, 0.0, 0.0]),
        (["1", "0", "1"], ("0", "1"), [1.0, 0.0, 1.0]),
        (["10", "9", "10"], ("9", "10"), [1.0, 0.0, 1.0]),
        (["1", "1.0", "2"], ("1", "2"), [0.0, 0.0, 1.0]),
        (["-1", "1", "-1"], ("-1", "1"), [0.0, 1.0, 0.0]),
        (["1", "b", "1"], ("1", "b"), [0.0, 1.0, 0.0]),
    ],
)
def test_any_two_label_values_are_ordered_whatever_the_rows(
    labels: list[str], classes: tuple[str, ...], expected: list[float]
) -> None:
    text = "x,label\n" + "".join(f"{x},{label}\n" for x, label in enumerate(labels))
    data = ClassificationData.from_table(_table(text), 1)
    assert data.class_names == classes
    assert data.labels.tolist() == expected


def test_features_come_first_and_the_label_last() -> None:
    data = ClassificationData.from_table(_table("a,b,kind\n1,2,u\n3,4,v\n"), 2)
    assert data.feature_names == ("a", "b")
    assert data.X.tolist() == [[1.0, 2.0], [3.0, 4.0]]


@pytest.mark.parametrize(
    ("text", "n_features", "message"),
    [
        ("x,k\n1,a\n2,b\n3,c\n", 1, "my.csv, column 'k': two label values are needed; got 3: a, b, c"),
        ("x,k\n1,a\n2,a\n", 1, "my.csv, column 'k': two label values are needed; got 1: a"),
        ("x,k\n1,0\n2,1\n3,7\n", 1, "two label values are needed; got 3: 0, 1, 7"),
        ("x,k\n2,a\n2,b\n", 1, "my.csv, column 'x': a feature must vary; got 2 in every row"),
        ("k,x\na,1\nb,2\n", 1, "my.csv, row 2, column 'k': a number is expected; got 'a'"),
        (
            "a,b,c,k\n1,2,3,u\n1,2,3,v\n",
            2,
            r"3 columns are needed \(2 features first, the label last\); it has 4: a, b, c, k",
        ),
        ("x,y,k\n1,2,u\n1,2,v\n", 1, r"2 columns are needed \(the feature first, the label last\); it has 3"),
    ],
)
def test_a_table_of_no_two_classes_is_told_so(text: str, n_features: int, message: str) -> None:
    with pytest.raises(DataError, match=message):
        ClassificationData.from_table(_table(text), n_features)


def test_many_label_values_are_not_all_listed() -> None:
    text = "x,k\n" + "".join(f"{i},label {i}\n" for i in range(50))
    with pytest.raises(DataError, match=r"got 50: .*label 13, \.\.\."):
        ClassificationData.from_table(_table(text), 1)


def test_penguins_are_labelled_in_the_order_asked_for() -> None:
    first = penguins(["bill_length_mm"], ["Adelie", "Chinstrap"])
    second = penguins(["bill_length_mm"], ["Chinstrap", "Adelie"])
    assert (first.labels == 1.0 - second.labels).all()
    assert (first.n_samples, int(first.labels.sum())) == (219, 68)


def test_three_species_have_three_labels() -> None:
    data = penguins(["bill_length_mm", "body_mass_g"], ["Adelie", "Chinstrap", "Gentoo"])
    assert data.n_samples == 342
    assert np.unique(data.labels).tolist() == [0.0, 1.0, 2.0]


def test_an_unknown_species_is_answered_with_the_known_ones() -> None:
    with pytest.raises(DataError, match=r"species must be among Adelie, Chinstrap, Gentoo; got 'Adeli'. Did you mean"):
        penguins(["bill_length_mm"], ["Adeli", "Gentoo"])


def test_an_unknown_feature_is_answered_with_the_known_ones() -> None:
    with pytest.raises(DataError, match=r"no column 'bill'; it has bill_length_mm"):
        penguins(["bill"])


def test_one_feature_twice_is_refused() -> None:
    with pytest.raises(DataError, match="features must differ from each other; got body_mass_g, body_mass_g"):
        penguins(["body_mass_g", "body_mass_g"], ["Adelie", "Gentoo"])


def test_standardizing_equals_sklearns() -> None:
    X = np.random.default_rng(0).normal(size=(20, 3)) * [1.0, 50.0, 0.01] + [0.0, 9.0, 4.0]
    assert Scaling.standardize(X).apply(X) == pytest.approx(StandardScaler().fit_transform(X), rel=1e-10)


def test_a_constant_column_is_only_centered() -> None:
    assert Scaling.standardize([[3.0], [3.0]]).apply([[3.0], [3.0]]).tolist() == [[0.0], [0.0]]


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_scaled_params_predict_the_same_in_units(seed: int, n_features: int) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(9, n_features)) * rng.uniform(0.1, 100.0, n_features) + rng.normal(size=n_features)
    scaling, params = Scaling.standardize(X), rng.normal(size=n_features + 1)
    in_units = scaling.to_units(params)
    expected = scaling.apply(X) @ params[:-1] + params[-1]
    assert X @ in_units[:-1] + in_units[-1] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_params_come_back_from_units(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scaling, stack = Scaling.standardize(rng.normal(size=(9, 2))), rng.normal(size=(4, 5, 3))
    assert scaling.from_units(scaling.to_units(stack)) == pytest.approx(stack, rel=1e-9, abs=1e-9)


def test_diverged_params_pass_through_scaling_without_a_warning() -> None:
    scaling = Scaling.standardize([[1.0], [2.0]])
    assert np.isnan(scaling.to_units([np.inf, np.inf])[1])


def test_a_line_has_the_slope_intercept_and_noise_asked_for() -> None:
    data = line(200_000, slope=2.5, intercept=-1.0, noise=0.3, x_range=(2.0, 6.0), rng=1)
    slope, intercept = np.polyfit(data.x, data.y, 1)
    residuals = data.y - slope * data.x - intercept
    assert (slope, intercept, residuals.std()) == pytest.approx((2.5, -1.0, 0.3), abs=0.01)
    assert (data.x.min(), data.x.max()) == pytest.approx((2.0, 6.0), abs=0.001)


def test_the_same_seed_draws_the_same_line_and_zero_is_a_seed() -> None:
    assert line(rng=0).y.tobytes() == line(rng=0).y.tobytes() != line(rng=1).y.tobytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_samples": 1}, "n_samples must be a whole number, 2 or more; got 1"),
        ({"noise": -1.0}, "noise must be 0 or more and finite; got -1.0"),
        ({"slope": float("nan")}, "slope must be a finite number; got nan"),
        ({"x_range": (3.0, 1.0)}, "x_range must be two numbers, the lower one first; got"),
    ],
)
def test_a_line_that_cannot_be_drawn_is_refused(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        line(**arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"X": [[1.0], [2.0]], "labels": [0, 2]}, "labels must be whole numbers from 0 to 1"),
        ({"X": [[1.0], [2.0]], "labels": [0]}, r"labels must be of shape \(2,\)"),
        ({"X": [[1.0, 2.0], [2.0, 1.0]], "labels": [0, 1]}, "feature_names must name 2 columns; got"),
    ],
)
def test_classes_that_do_not_fit_together_are_refused(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ClassificationData(**arguments, feature_names=("x",), class_names=("a", "b"))


# Two features and a target: drawn, and read from tables


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


# A few points of each class: what is drawn, and that it is drawn the same way again


def test_each_class_has_so_many_points_all_of_them_from_the_data() -> None:
    everyone = penguins(["bill_length_mm", "bill_depth_mm"])
    few = subsample_per_class(everyone, 7, rng=3)
    assert np.bincount(few.labels.astype(int)).tolist() == [7, 7]
    known = {(*row, label) for row, label in zip(everyone.X.tolist(), everyone.labels.tolist(), strict=True)}
    assert all((*row, label) in known for row, label in zip(few.X.tolist(), few.labels.tolist(), strict=True))


def test_a_seed_draws_the_same_points_again_and_another_seed_others() -> None:
    everyone = penguins()
    first, again, other = (subsample_per_class(everyone, 5, rng=seed).X for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_small_class_keeps_all_its_points() -> None:
    assert subsample_per_class(penguins(), 10_000).n_samples == penguins().n_samples


def test_none_of_each_is_refused() -> None:
    with pytest.raises(ValueError, match="n_per_class must be a whole number, 1 or more; got 0"):
        subsample_per_class(penguins(), 0)


# Anscombe's four data sets against the figures he gives for all of them


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
