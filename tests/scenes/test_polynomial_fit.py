"""A polynomial fitted by descent: its curve, its loss, and its weights beside those of least squares."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

import animate
from animate.draw.panels import Curves, Stems
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.errors import DataError
from animate.learn.tables import read_csv
from animate.scene import Scene

NAME = "polynomial_fit"


@cache
def scene(**values: Any) -> Scene:
    return animate.load(NAME).build(**values)


def at_end(of: Scene) -> Stage:
    stage = of.stage(Settings(1280, 720))
    stage.show(of.timeline.duration)
    return stage


def panel(stage: Stage, kind: type) -> Any:
    return next(mounted.panel for mounted in stage._mounted if isinstance(mounted.panel, kind))


def scikit_learn(x: np.ndarray, y: np.ndarray, degree: int) -> Any:
    """Return scikit-learn's least squares on scaled powers of scaled x."""
    powers = PolynomialFeatures(degree, include_bias=False)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), LinearRegression()).fit(x[:, None], y)


def test_the_curve_ends_on_scikit_learns_least_squares() -> None:
    curves = panel(at_end(scene()), Curves)
    line = curves.artists["curve"][0]
    expected = scikit_learn(curves.data.x, curves.data.y, 5).predict(line.get_xdata()[:, None])
    assert line.get_ydata() == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("degree", [1, 3, 9])
def test_the_dashed_curve_is_the_least_squares_polynomial(degree: int) -> None:
    curves = scene(degree=degree).panels[0]
    x = np.linspace(curves.data.x.min(), curves.data.x.max(), 30)
    expected = np.polynomial.Polynomial.fit(curves.data.x, curves.data.y, degree)(x)
    assert curves.reference(x) == pytest.approx(expected, abs=1e-6)


def test_stems_stand_at_the_weights_on_scaled_powers_and_dashes_at_those_of_least_squares() -> None:
    stems = panel(at_end(scene()), Stems)
    (row,) = stems.rows
    curves = scene().panels[0]
    fitted = scikit_learn(curves.data.x, curves.data.y, 5)[-1].coef_
    assert row.targets == pytest.approx(fitted)
    assert row.heights(10**9) == pytest.approx(fitted, abs=0.05)
    dashes, heads = (points.get_ydata() for points in stems.artists["points"])
    base = stems.artists["line"][0].get_ydata()[0]
    assert (dashes - base) / (dashes[0] - base) == pytest.approx(row.targets / row.targets[0])
    assert (heads - base) / (dashes[0] - base) == pytest.approx(row.heights(10**9) / row.targets[0])


def test_the_caption_gives_the_mean_squared_error_and_r_squared_of_the_last_curve() -> None:
    curves = scene().panels[0]
    residuals = curves.curves[0].at(10**9, curves.data.x) - curves.data.y
    r2 = 1 - np.sum(residuals**2) / np.sum((curves.data.y - curves.data.y.mean()) ** 2)
    words = list(scene().caption.values())[-1][0]
    assert f"MSE {np.mean(residuals**2):.4f}, R² {r2:.3f};" in words


def test_descent_on_any_degree_stays_above_least_squares_and_never_rises_at_the_default_rate() -> None:
    for degree in (1, 5, 9):
        loss = scene(degree=degree).panels[0].curves[0].run.trajectory.loss
        assert (np.diff(loss) <= 1e-12).all()
        assert loss[-1] >= scene(degree=degree).panels[1][0].optimum - 1e-12


def test_a_rate_that_is_too_high_diverges_and_renders() -> None:
    stage = at_end(scene(learning_rate=1.0))
    stage.figure.canvas.draw()
    assert "diverges" in stage._caption.get_text()


def test_a_degree_that_the_points_cannot_determine_is_refused(tmp_path: Any) -> None:
    path = tmp_path / "few.csv"
    path.write_text("x,y\n0,1\n1,2\n2,0\n2,1\n3,1\n")
    with pytest.raises(DataError, match="degree must be below the number of distinct x values, which is 4; got 5"):
        scene(data=read_csv(path))
    at_end(scene(data=read_csv(path), degree=3)).figure.canvas.draw()
