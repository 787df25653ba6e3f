"""Four ridge penalties on data with outliers: where they end, and that penalizing leaves the mean of the data alone."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import Ridge

import animate
from animate import formatting, load_table
from animate.draw.panels import Curves, Plot
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.learn.tables import read_csv
from animate.scene import Scene

NAME, PENALTIES = "ridge_outliers", (0.0, 0.01, 0.1, 1.0)


@cache
def scene(**values: Any) -> Scene:
    return animate.load(NAME).build(**values)


def at_end(of: Scene) -> Stage:
    stage = of.stage(Settings(1280, 720))
    stage.show(of.timeline.duration)
    return stage


def panel(stage: Stage, kind: type) -> Any:
    return next(mounted.panel for mounted in stage._mounted if isinstance(mounted.panel, kind))


def sklearn_slopes(x: np.ndarray, y: np.ndarray) -> list[float]:
    """Return slopes in the data's units: Ridge adds alpha w² to the sum of squares, here it is λ n times as large."""
    scaled = ((x - x.mean()) / x.std())[:, None]
    return [float(Ridge(alpha=penalty * len(x)).fit(scaled, y).coef_[0] / x.std()) for penalty in PENALTIES]


def test_slopes_end_where_scikit_learns_ridge_does() -> None:
    data = scene().panels[0].data
    assert scene().panels[1][0].values[-1] == pytest.approx(sklearn_slopes(data.x, data.y), rel=1e-3)


def test_each_penalty_divides_the_slope_by_one_plus_itself() -> None:
    targets = scene().panels[1][0].targets
    assert targets[0] / targets == pytest.approx(1 + np.array(PENALTIES))


def test_every_line_ends_on_the_mean_of_the_data() -> None:
    curves = scene().panels[0]
    heights = [curve.at(10**9, np.array([curves.data.x.mean()]))[0] for curve in curves.curves]
    assert heights == pytest.approx([curves.data.y.mean()] * 4, abs=1e-3)


def test_the_dashed_line_is_least_squares_without_the_marked_points() -> None:
    curves = scene().panels[0]
    kept = np.setdiff1d(np.arange(len(curves.data.x)), curves.marked)
    assert len(curves.marked) == 4
    assert curves.reference(np.array([1.0, 2.0])) == pytest.approx(
        np.polyval(np.polyfit(curves.data.x[kept], curves.data.y[kept], 1), [1.0, 2.0])
    )


def test_r_squared_and_loss_stand_beside_each_line() -> None:
    curves = panel(at_end(scene()), Curves)
    data = curves.data
    for curve, score, penalty in zip(curves.curves, curves.artists["score"], PENALTIES, strict=True):
        residuals = data.y - curve.at(10**9, data.x)
        slope = np.ptp(curve.at(10**9, np.array([0.0, 1.0])))
        loss = np.mean(residuals**2) / 2 + penalty * (slope * data.x.std()) ** 2 / 2
        score_expected = 1 - np.sum(residuals**2) / np.sum((data.y - data.y.mean()) ** 2)
        assert score.get_text() == f"loss {loss:.2f}, R² {score_expected:.3f}"


def test_dots_end_on_the_curve_of_optima() -> None:
    shrinkage = panel(at_end(scene()), Plot)
    ends = [float(dot.get_ydata()[0]) for dot in shrinkage.artists["points"]]
    data = scene().panels[0].data
    assert ends == pytest.approx(sklearn_slopes(data.x, data.y), rel=1e-3)
    curve = shrinkage.artists["line"][0].get_xydata()
    dots = [float(dot.get_xdata()[0]) for dot in shrinkage.artists["points"]]
    assert np.interp(dots, *curve.T) == pytest.approx(ends, rel=1e-3)


def test_a_rate_that_only_the_largest_penalty_cannot_bear_is_told() -> None:
    # the stability limit is 2 / (1 + λ) on standardized x: 0.18 at λ = 10
    wild = scene(penalties=(0.0, 0.1, 1.0, 10.0), learning_rate=0.5, n_updates=2000)
    at_end(wild).figure.canvas.draw()
    told = [words if isinstance(words, str) else words[0] for _, _, words in wild.timed_captions()]
    assert told[-2].startswith("λ = 10 diverges")
    assert told[-1].startswith("Best slopes")


def test_a_run_that_is_cut_short_is_not_said_to_have_ended() -> None:
    words = scene(n_updates=10).timeline.chapters[-1].beat.words
    data = scene(n_updates=10).panels[0].data
    shown = [formatting.significant(slope) for slope in sklearn_slopes(data.x, data.y)]
    assert words[0].startswith(f"Best slopes {', '.join(shown)}: ")


def test_takes_a_table_without_outliers(tmp_path: Any) -> None:
    path = tmp_path / "own.csv"
    path.write_text("x;y\n" + "\n".join(f"{1000 + x},5;{2 * x + (-1) ** x}" for x in range(12)))
    own = scene(data=read_csv(path))
    at_end(own).figure.canvas.draw()
    data = own.panels[0].data
    assert own.panels[1][0].values[-1] == pytest.approx(sklearn_slopes(data.x, data.y), rel=1e-3)
    assert own.panels[0].reference is None


@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e9])
def test_a_best_slope_that_is_rounding_is_shown_as_0(unit: float) -> None:
    """Both halves of x have the same mean of y and it is symmetric: by exact fractions the best slope is 0."""
    x, y = (-2.0, -1.0, 1.0, 2.0), (1.0, -2.0, -2.0, 1.0)
    assert sum(Fraction(one) * Fraction(other) for one, other in zip(x, y, strict=True)) == 0
    own = scene(data=load_table({"x": [unit * one for one in x], "y": [0.1 * one for one in y]}))
    assert own.timeline.chapters[-1].beat.words[0].startswith("Best slopes 0, 0, 0, 0: ")
