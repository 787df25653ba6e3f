"""Planes, slices and principal planes against scikit-learn's PCA."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit
from sklearn.decomposition import PCA

from animate.errors import DataError
from animate.learn import landscape
from animate.learn.data import penguins
from animate.learn.datasets import two_moons
from animate.learn.descent import descend
from animate.learn.landscape import Plane, Profile, Slice, path_landscape, principal_plane
from animate.learn.losses import huber
from animate.learn.network import network
from animate.learn.objectives import LinearPredictor, linear, logistic
from animate.learn.optimizers import gradient_descent
from animate.learn.preview import preview

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


# The plane around a path, on a network small enough to check by other means


@pytest.fixture(scope="module")
def objective():
    data = two_moons(40, noise=0.1, rng=0)
    return network(data.X, data.labels, n_hidden=2, ridge_penalty=0.01)


@pytest.fixture(scope="module")
def path(objective):
    return descend(objective, gradient_descent(0.5), objective.random_params(1), 300)


def test_the_minimum_has_no_slope_left_and_lies_in_the_plane(objective, path) -> None:
    found = path_landscape(objective, path)
    minimum = found.surface.plane.lift(found.optimum)
    assert np.abs(objective.gradient(minimum)).max() < 1e-6
    assert np.allclose(found.optimum, 0.0, atol=1e-12)


def test_directions_are_those_of_the_largest_eigenvalues_of_the_paths_scatter(objective, path) -> None:
    found = path_landscape(objective, path)
    moves = path.params - found.surface.plane.origin
    eigenvalues, vectors = np.linalg.eigh(moves.T @ moves)
    assert found.shares == pytest.approx(eigenvalues[[-1, -2]] / eigenvalues.sum())
    for direction, vector in zip(found.surface.plane.directions, vectors.T[[-1, -2]], strict=True):
        assert abs(direction @ vector) == pytest.approx(1.0)


def test_the_shadow_has_the_planes_heights_and_no_point_of_the_plane_is_nearer_to_the_path(objective, path) -> None:
    found = path_landscape(objective, path)
    lifted = found.surface.plane.lift(found.shadow.params)
    assert np.allclose(found.shadow.loss, objective.values(lifted), rtol=1e-12)
    assert np.abs((path.params - lifted) @ found.surface.plane.directions.T).max() < 1e-10


# The objective with the intercept minimized, against scipy's one-dimensional minimum

PROFILE_RNG = np.random.default_rng(3)
X = PROFILE_RNG.normal(size=(25, 2)) + np.array([3.0, -1.0])
Y = X @ [1.0, -2.0] + 0.5 + PROFILE_RNG.standard_t(2, size=25)
LABELS = (np.median(Y) < Y).astype(float)

OBJECTIVES = {
    "squared": linear(X, Y, ridge_penalty=0.3),
    "half_squared": linear(X, Y, loss="half_squared"),
    "absolute": linear(X, Y, loss="absolute"),
    "huber": linear(X, Y, loss=huber(0.5)),
    "log_loss": logistic(X, LABELS, ridge_penalty=0.1),
}
every_objective = pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=list(OBJECTIVES))


@every_objective
def test_value_is_scipys_minimum_over_the_intercept(objective: LinearPredictor) -> None:
    profile = Profile(objective)
    for weights in np.random.default_rng(0).normal(scale=2.0, size=(10, 2)):
        best = minimize_scalar(lambda b, w=weights: objective.value([*w, b]), bracket=(-1.0, 1.0), tol=1e-12)
        assert profile.value(weights) == pytest.approx(best.fun, rel=1e-9)


@every_objective
def test_lift_finds_no_slope_in_the_intercept(objective: LinearPredictor) -> None:
    if objective.loss.curvature is None:
        return
    for weights in np.random.default_rng(1).normal(scale=20.0, size=(20, 2)):
        assert abs(objective.gradient(Profile(objective).lift(weights))[-1]) < 1e-12


@pytest.mark.parametrize("ones", ["mixed", "sorted", "one that no regular sample holds"])
def test_lift_of_many_rows_is_scipys_root_after_few_passes_over_them(monkeypatch, ones: str) -> None:
    rng, n = np.random.default_rng(5), 40_001
    features = rng.normal(size=(n, 2))
    rows = np.arange(n)
    labels = {"mixed": rng.random(n) < 0.3, "sorted": rows < 9000}.get(ones, rows == 20_001)
    read = []
    derivatives = landscape.log_loss_derivatives
    monkeypatch.setattr(landscape, "log_loss_derivatives", lambda z, y: (read.append(z.size), derivatives(z, y))[1])
    weights = np.array([1.5, -2.0])
    found = Profile(logistic(features, labels.astype(float))).lift(weights)[-1]
    exact = brentq(lambda b: np.sum(expit(features @ weights + b) - labels), -60.0, 60.0, xtol=1e-13, rtol=1e-14)
    assert found == pytest.approx(exact, rel=1e-9)
    assert ones != "mixed" or sum(read) < 4.5 * n  # five passes without the sample


@every_objective
def test_values_of_a_grid_are_the_values_one_by_one(objective: LinearPredictor) -> None:
    profile, grid = Profile(objective), np.random.default_rng(2).normal(size=(3, 4, 2))
    expected = [[profile.value(weights) for weights in row] for row in grid]
    assert profile.values(grid) == pytest.approx(np.array(expected), rel=1e-10)


@every_objective
def test_it_has_the_same_lowest_point(objective: LinearPredictor) -> None:
    profile, optimum = Profile(objective), objective.optimum()
    assert profile.value(optimum[:-1]) == pytest.approx(objective.value(optimum), rel=1e-12)
    assert profile.project(optimum).tolist() == profile.optimum().tolist()


def test_gradient_is_the_slope_of_the_value(central_differences: Callable[..., np.ndarray]) -> None:
    profile, weights = Profile(OBJECTIVES["log_loss"]), np.array([0.4, -0.3])
    assert profile.gradient(weights) == pytest.approx(central_differences(profile.value, weights), rel=1e-5)


def test_more_than_one_chunk_gives_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    profile, stack = Profile(OBJECTIVES["log_loss"]), np.random.default_rng(2).normal(size=(101, 2))
    whole = profile.values(stack)
    monkeypatch.setattr("animate.learn.evaluation._CHUNK", 100)
    assert profile.values(stack) == pytest.approx(whole, rel=1e-12)


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 400.0))
def test_the_profile_never_lies_above_a_slice(seed: int, scale: float) -> None:
    objective, rng = OBJECTIVES["log_loss"], np.random.default_rng(seed)
    weights, intercepts = rng.normal(scale=scale, size=2), rng.normal(scale=10.0 + scale, size=(20, 1))
    slices = objective.values(np.hstack([np.tile(weights, (20, 1)), intercepts]))
    assert (Profile(objective).value(weights) <= slices * (1.0 + 1e-12)).all()


def test_penguins_in_raw_units_are_profiled_too() -> None:
    data = penguins(["bill_length_mm", "bill_depth_mm"])
    objective = logistic(data.X, data.labels)
    lifted = Profile(objective).lift([2.20095, -3.97873])
    assert lifted[-1] == pytest.approx(-24.0945, abs=1e-3)


def test_a_loss_that_is_not_convex_is_refused() -> None:
    with pytest.raises(ValueError, match=r"loss must be one of squared, .*; got 'sigmoid_squared'"):
        Profile(logistic(X, LABELS, loss="sigmoid_squared")).value([1.0, 1.0])


def test_labels_of_one_class_have_no_best_intercept() -> None:
    with pytest.raises(DataError, match="labels of both classes; got one class"):
        Profile(logistic(X, np.ones(25))).value([1.0, 1.0])


def test_a_path_that_stays_at_its_end_has_the_same_directions_in_a_preview() -> None:
    path = np.random.default_rng(0).normal(size=(30, 5))
    path[12:] = path[12]
    exact, shares = principal_plane(path)
    with preview(1.0):
        rough, rough_shares = principal_plane(path)
    np.testing.assert_allclose(np.abs(rough.directions), np.abs(exact.directions), atol=1e-12)
    np.testing.assert_allclose(rough_shares, shares, rtol=1e-12)
