"""Planes, slices and principal planes against scikit-learn's PCA."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from animate.learn.objectives import linear
from animate.learn.planes import Plane, Slice, principal_plane, sliced_hessian

RNG = np.random.default_rng(6)
OBJECTIVE = linear(RNG.normal(size=(30, 3)), RNG.normal(size=30))
PATH = np.cumsum(RNG.normal(size=(40, 4)) * [3.0, 1.0, 0.3, 0.1], axis=0)


def test_principal_plane_around_the_mean_equals_sklearns() -> None:
    pca = PCA(2).fit(PATH)
    found = principal_plane(PATH)
    assert found.plane.origin == pytest.approx(pca.mean_)
    assert found.shares == pytest.approx(pca.explained_variance_ratio_, rel=1e-10)
    assert np.abs(found.plane.directions @ pca.components_.T) == pytest.approx(np.eye(2), abs=1e-10)
    assert np.abs(found.plane.project(PATH)) == pytest.approx(np.abs(pca.transform(PATH)), abs=1e-9)


def test_principal_plane_through_the_last_entry_holds_it() -> None:
    found = principal_plane(PATH, origin=PATH[-1])
    assert found.plane.project(PATH[-1]).tolist() == [0.0, 0.0]
    assert found.plane.lift([0.0, 0.0]).tolist() == PATH[-1].tolist()


def test_shares_around_the_last_entry_are_those_of_its_squared_distances() -> None:
    found = principal_plane(PATH, origin=PATH[-1])
    moves = PATH - PATH[-1]
    expected = np.square(found.plane.project(PATH)).sum(axis=0) / np.square(moves).sum()
    assert found.shares == pytest.approx(expected, rel=1e-10)


def test_the_sign_of_the_directions_is_settled_by_the_start() -> None:
    assert (principal_plane(PATH).plane.project(PATH[0]) <= 0.0).all()
    assert (principal_plane(PATH, origin=PATH[-1]).plane.project(PATH[0]) <= 0.0).all()


def test_a_straight_path_of_two_entries_has_one_direction() -> None:
    found = principal_plane([[0.0, 0.0, 0.0], [1.0, 2.0, 2.0]])
    assert found.shares == pytest.approx([1.0, 0.0], abs=1e-12)
    assert found.plane.directions @ found.plane.directions.T == pytest.approx(np.eye(2), abs=1e-12)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ([[1.0, 2.0], [1.0, 2.0]], "path must move; got the same parameters throughout"),
        ([[1.0, np.nan], [1.0, 2.0]], "path must be finite"),
        ([[1.0], [2.0]], r"2 or more\); got shape \(2, 1\)"),
    ],
)
def test_a_path_without_a_plane_is_refused(path: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        principal_plane(path)


@given(st.integers(0, 2**32 - 1))
def test_points_of_a_plane_come_back_from_their_coordinates(seed: int) -> None:
    coordinates = np.random.default_rng(seed).normal(size=(3, 5, 2))
    plane = principal_plane(PATH).plane
    assert plane.project(plane.lift(coordinates)) == pytest.approx(coordinates, abs=1e-10)


def test_a_plane_along_two_parameters_has_them_as_coordinates() -> None:
    plane = Plane.along([1.0, 2.0, 3.0, 4.0], (3, 1))
    assert plane.lift([7.0, 8.0]).tolist() == [1.0, 8.0, 3.0, 7.0]
    assert plane.project([10.0, 20.0, 30.0, 40.0]).tolist() == [40.0, 20.0]


def test_the_intercept_can_be_named_from_the_end() -> None:
    assert Plane.along([1.0, 2.0, 3.0], (0, -1)).lift([7.0, 8.0]).tolist() == [7.0, 2.0, 8.0]


@pytest.mark.parametrize("indices", [(1, 1), (0, -3)])
def test_a_plane_along_one_parameter_twice_is_refused(indices: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="indices must be two different parameters"):
        Plane.along([1.0, 2.0, 3.0], indices)


def test_a_slice_has_the_objectives_values_with_the_others_held() -> None:
    sliced = Slice(OBJECTIVE, Plane.along([0.1, 0.2, 0.3, 0.4], (0, 1)))
    assert sliced.value([5.0, 6.0]) == pytest.approx(OBJECTIVE.value([5.0, 6.0, 0.3, 0.4]), rel=1e-12)
    assert sliced.values(np.ones((2, 3, 2))).shape == (2, 3)


def test_a_slices_gradient_is_the_slope_of_its_value(central_differences: Callable[..., np.ndarray]) -> None:
    sliced, point = Slice(OBJECTIVE, principal_plane(PATH).plane), np.array([0.3, -0.8])
    assert sliced.gradient(point) == pytest.approx(central_differences(sliced.value, point), rel=1e-6)


def test_a_slices_hessian_is_the_slope_of_its_gradient(central_differences: Callable[..., np.ndarray]) -> None:
    plane, point = principal_plane(PATH).plane, np.array([0.3, -0.8])
    expected = central_differences(Slice(OBJECTIVE, plane).gradient, point)
    assert sliced_hessian(OBJECTIVE, plane, point) == pytest.approx(expected, rel=1e-6, abs=1e-8)
