"""Test surfaces against scipy, differences and their known minima."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize, rosen, rosen_der, rosen_hess

from animate.learn.descent import descend
from animate.learn.optimizers import OPTIMIZERS, gradient_descent
from animate.learn.surfaces import SURFACES, AnalyticSurface, find_surface, valley

every_surface = pytest.mark.parametrize("surface", SURFACES.values(), ids=list(SURFACES))
POINTS = np.random.default_rng(4).uniform(-1.5, 1.5, size=(12, 2))
Differences = Callable[..., np.ndarray]


@every_surface
def test_gradient_is_the_slope_of_the_height(surface: AnalyticSurface, central_differences: Differences) -> None:
    for point in POINTS:
        assert surface.gradient(point) == pytest.approx(central_differences(surface.value, point), rel=1e-5, abs=1e-6)


@every_surface
def test_hessian_is_the_slope_of_the_gradient(surface: AnalyticSurface, central_differences: Differences) -> None:
    for point in POINTS:
        expected = central_differences(surface.gradient, point)
        assert surface.hessian(point) == pytest.approx(expected, rel=1e-5, abs=1e-5)


@every_surface
def test_known_minima_are_flat_and_curve_upwards(surface: AnalyticSurface) -> None:
    for minimum in surface.minima:
        assert np.abs(surface.gradient(minimum)).max() < 1e-10
        assert np.linalg.eigvalsh(surface.hessian(minimum))[0] > 0.0


@every_surface
def test_scipy_finds_no_minimum_that_is_not_known(surface: AnalyticSurface) -> None:
    (left, right), (bottom, top) = surface.window
    for x in np.linspace(left, right, 7):
        for y in np.linspace(bottom, top, 7):
            found = minimize(surface.value, [x, y], jac=surface.gradient, method="BFGS", tol=1e-10).x
            is_minimum = np.linalg.eigvalsh(surface.hessian(found))[0] > 1e-3 and np.abs(found).max() < 10.0
            distance = np.linalg.norm(surface.minima - found, axis=1).min()
            assert not is_minimum or distance < 1e-4


@every_surface
def test_the_first_minimum_is_the_lowest(surface: AnalyticSurface) -> None:
    heights = surface.values(surface.minima)
    assert heights[0] == pytest.approx(heights.min(), abs=1e-12)


@every_surface
def test_start_and_minima_are_in_the_window(surface: AnalyticSurface) -> None:
    low, high = np.transpose(surface.window)
    for point in (surface.start, *surface.minima):
        assert (low < point).all()
        assert (point < high).all()


@every_surface
def test_the_start_is_a_way_up_from_the_minimum(surface: AnalyticSurface) -> None:
    assert surface.value(surface.start) > surface.value(surface.optimum())


def test_rosenbrock_equals_scipys() -> None:
    surface = SURFACES["rosenbrock"]
    for point in POINTS:
        assert surface.value(point) == pytest.approx(rosen(point), rel=1e-12)
        assert surface.gradient(point) == pytest.approx(rosen_der(point), rel=1e-10)
        assert surface.hessian(point) == pytest.approx(rosen_hess(point), rel=1e-10)


@pytest.mark.parametrize(
    ("name", "point", "height"),
    [
        ("beale", (3.0, 0.5), 0.0),
        ("himmelblau", (3.0, 2.0), 0.0),
        ("himmelblau", (0.0, 0.0), 170.0),
        ("camel", (0.0898, -0.7126), -1.0316),  # Dixon and Szego's lowest point
        ("saddle", (0.0, 1.0), -0.25),
        ("valley", (2.0, 1.0), 17.0),
    ],
)
def test_heights_are_the_published_ones(name: str, point: tuple[float, float], height: float) -> None:
    assert SURFACES[name].value(point) == pytest.approx(height, abs=5e-5)


def test_the_saddle_is_a_saddle() -> None:
    eigenvalues = np.linalg.eigvalsh(SURFACES["saddle"].hessian(np.zeros(2)))
    assert eigenvalues.tolist() == [-1.0, 1.0]
    assert SURFACES["saddle"].gradient(np.zeros(2)).tolist() == [0.0, 0.0]


@every_surface
def test_heights_of_a_grid_are_the_heights_one_by_one(surface: AnalyticSurface) -> None:
    grid = POINTS.reshape(3, 4, 2)
    expected = [[surface.value(point) for point in row] for row in grid]
    assert surface.values(grid) == pytest.approx(np.array(expected), rel=1e-12)


@every_surface
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_descends_on_every_surface(surface: AnalyticSurface, name: str) -> None:
    path = descend(surface, OPTIMIZERS[name](1e-4), surface.start, 400)
    assert path.loss[-1] < path.loss[0]
    assert path.gradients_used[-1] == 400


def test_the_valleys_limit_is_where_descent_begins_to_diverge() -> None:
    surface = valley(50.0)
    limit = surface.stability_limit()
    assert limit == pytest.approx(2.0 / 50.0, rel=1e-12)
    assert descend(surface, gradient_descent(0.99 * limit), [1.0, 1.0], 2000).loss[-1] < 1e-9
    assert descend(surface, gradient_descent(1.01 * limit), [1.0, 1.0], 2000).loss[-1] > 1e9
    assert surface.condition_number() == pytest.approx(50.0)


def test_scipys_gradient_agrees_on_beale() -> None:
    surface = SURFACES["beale"]
    assert surface.gradient(np.array([1.0, 1.5])) == pytest.approx(
        approx_fprime([1.0, 1.5], surface.value, 1e-7), rel=1e-4
    )


def test_an_unknown_surface_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"valley, rosenbrock, .*; got 'beal'. Did you mean 'beale'\?"):
        find_surface("beal")


@pytest.mark.parametrize("ratio", [0.0, -3.0, float("inf")])
def test_a_valley_of_no_width_is_refused(ratio: float) -> None:
    with pytest.raises(ValueError, match="condition_number must be positive and finite; got"):
        valley(ratio)


@every_surface
def test_surfaces_can_be_pickled(surface: AnalyticSurface) -> None:
    assert pickle.loads(pickle.dumps(surface)).value(POINTS[0]) == surface.value(POINTS[0])


@every_surface
def test_values_beyond_the_largest_number_come_without_a_warning(surface: AnalyticSurface) -> None:
    assert not np.isfinite(surface.value([1e300, 1e300]))
