"""The plane around a path, on a network small enough to check by other means."""

from __future__ import annotations

import numpy as np
import pytest

from animate.learn.datasets import two_moons
from animate.learn.descent import descend
from animate.learn.landscape import own_landscape
from animate.learn.network import network
from animate.learn.optimizers import gradient_descent


@pytest.fixture(scope="module")
def objective():
    data = two_moons(40, noise=0.1, rng=0)
    return network(data.X, data.labels, n_hidden=2, ridge_penalty=0.01)


@pytest.fixture(scope="module")
def path(objective):
    return descend(objective, gradient_descent(0.5), objective.random_params(1), 300)


def test_the_minimum_has_no_slope_left_and_lies_in_the_plane(objective, path) -> None:
    found = own_landscape(objective, path)
    minimum = found.surface.plane.lift(found.optimum)
    assert np.abs(objective.gradient(minimum)).max() < 1e-6
    assert np.allclose(found.optimum, 0.0, atol=1e-12)


def test_directions_are_those_of_the_largest_eigenvalues_of_the_paths_scatter(objective, path) -> None:
    found = own_landscape(objective, path)
    moves = path.params - found.surface.plane.origin
    eigenvalues, vectors = np.linalg.eigh(moves.T @ moves)
    assert found.shares == pytest.approx(eigenvalues[[-1, -2]] / eigenvalues.sum())
    for direction, vector in zip(found.surface.plane.directions, vectors.T[[-1, -2]], strict=True):
        assert abs(direction @ vector) == pytest.approx(1.0)


def test_the_shadow_has_the_planes_heights_and_no_point_of_the_plane_is_nearer_to_the_path(objective, path) -> None:
    found = own_landscape(objective, path)
    lifted = found.surface.plane.lift(found.shadow.params)
    assert np.allclose(found.shadow.loss, objective.values(lifted), rtol=1e-12)
    assert np.abs((path.params - lifted) @ found.surface.plane.directions.T).max() < 1e-10
