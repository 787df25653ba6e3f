"""A noisy sine fitted by a polynomial and by a sine: where both end, and how far off they are beyond the data."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.optimize import curve_fit

import animate
from animate.draw.panels import Curves, Traces
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.errors import DataError
from animate.learn.tables import read_csv
from animate.scene import Scene

NAME, TRUE = "sine_fit", (1.5, 1.6, 0.4)


@cache
def scene(**values: Any) -> Scene:
    return animate.load(NAME).build(**values)


def at_end(of: Scene) -> Stage:
    stage = of.stage(Settings(1280, 720))
    stage.show(of.timeline.duration)
    return stage


def panel(stage: Stage, kind: type) -> Any:
    return next(mounted.panel for mounted in stage._mounted if isinstance(mounted.panel, kind))


def sine(x: np.ndarray, amplitude: float, frequency: float, phase: float) -> np.ndarray:
    return amplitude * np.sin(frequency * x + phase)


def test_the_sine_ends_on_scipys_fit() -> None:
    data = scene().panels[0].data
    found, _ = curve_fit(sine, data.x, data.y, p0=TRUE)
    assert scene().panels[1][1].values[-1] == pytest.approx(found, abs=1e-4)


def test_the_polynomial_ends_near_least_squares_and_not_below_it() -> None:
    data = scene().panels[0].data
    least = np.mean((np.polynomial.Polynomial.fit(data.x, data.y, 5)(data.x) - data.y) ** 2)
    last = scene().panels[0].curves[0].run.trajectory.loss[-1]
    assert least <= last < 1.1 * least


def test_both_losses_are_mean_squared_errors_in_the_units_of_y() -> None:
    data = scene().panels[0].data
    for curve in scene().panels[0].curves:
        assert curve.run.trajectory.loss[-1] == pytest.approx(np.mean((curve.at(10**9, data.x) - data.y) ** 2))


def test_r_squared_stands_beside_each_curve() -> None:
    curves = panel(at_end(scene()), Curves)
    y = curves.data.y
    for curve, score, places in zip(curves.curves, curves.artists["score"], (3, 4), strict=True):
        residuals = curve.at(10**9, curves.data.x) - y
        r2 = 1 - np.sum(residuals**2) / np.sum((y - y.mean()) ** 2)
        assert score.get_text() == f"MSE {np.mean(residuals**2):.{places}f}, R² {r2:.3f}"


def test_the_dashed_curve_is_the_true_wave() -> None:
    curves = scene().panels[0]
    x = np.linspace(0, 9, 20)
    assert curves.reference(x) == pytest.approx(sine(x, *TRUE))


def test_the_caption_says_how_far_off_both_are_beyond_the_data() -> None:
    curves = panel(at_end(scene()), Curves)
    x = curves.artists["curve"][0].get_xdata()
    beyond = x > curves.data.x.max()
    off = [np.abs(line.get_ydata() - sine(x, *TRUE))[beyond].max() for line in curves.artists["curve"]]
    words = list(scene().caption.values())[-1][0]
    assert off[0] > 100 * off[1]
    assert f"the sine by {off[1]:.2f}." in words


def test_traces_end_at_the_sines_parameters_and_dash_the_true_ones() -> None:
    traces = panel(at_end(scene()), Traces)
    assert traces.targets == list(TRUE)
    shown = [float(label.get_text().split()[-1]) for label in traces.artists["text"]]
    assert shown == pytest.approx(traces.values[-1], abs=0.006)


def test_a_start_at_a_wrong_frequency_stays_in_a_local_minimum_and_is_told() -> None:
    stuck = scene(start=(1.0, 4.0, 0.0))
    assert any("stuck in a local minimum" in words[0] for words in stuck.caption.values())
    assert not any("locked in" in words[0] for words in stuck.caption.values())


def test_a_sine_that_has_not_come_to_rest_is_said_to_be_on_its_way() -> None:
    words = [words[0] for words in scene(n_updates=40).caption.values()]
    assert any("still on its way" in text for text in words)


def test_rates_that_are_too_high_render_to_the_end() -> None:
    at_end(scene(learning_rate=1.0, polynomial_rate=1.0)).figure.canvas.draw()


def test_takes_a_table_with_a_wave_around_another_level_and_in_other_units(tmp_path: Any) -> None:
    path = tmp_path / "tide.csv"
    hours = np.linspace(0, 20, 60)
    path.write_text("hours,level_m\n" + "\n".join(f"{h:.4f},{800 + 40 * np.sin(0.5 * h + 1):.6f}" for h in hours))
    own = scene(data=read_csv(path))
    final = own.panels[0].curves[1].run.trajectory.final
    assert np.abs(final[:2]) == pytest.approx([40, 0.5], rel=1e-3)
    assert own.panels[0].reference is None
    at_end(own).figure.canvas.draw()


def test_a_constant_y_has_no_wave(tmp_path: Any) -> None:
    path = tmp_path / "flat.csv"
    path.write_text("x,y\n" + "\n".join(f"{x},3" for x in range(9)))
    with pytest.raises(DataError, match="y must vary to have a wave in it; got 3 in every row"):
        scene(data=read_csv(path))
