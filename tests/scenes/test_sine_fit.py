"""A noisy sine fitted by a polynomial and by a sine: where both end, and how far off they are beyond the data."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.optimize import curve_fit

import animate
from animate.draw.panels import Curves
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.errors import DataError
from animate.learn.tables import read_csv, shipped_table
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
    final = scene().panels[0].curves[1].run.trajectory.final
    assert final[:2] == pytest.approx(found[:2], abs=1e-4)
    assert np.exp(1j * final[2]) == pytest.approx(np.exp(1j * found[2]), abs=1e-4)


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


def words(of: Scene) -> str:
    texts = [beat.words for beat in of.beats if beat.words] + [of.alt]
    return " ".join(text if isinstance(text, str) else text[0] for text in texts)


def number(text: str) -> float:
    return float(text.replace("\u202f", "").replace("\u2212", "-").rstrip(".,;"))


def test_it_is_said_how_far_off_both_are_beyond_the_data() -> None:
    curves = panel(at_end(scene()), Curves)
    lines = [line for line in curves.artists["curve"] if len(line.get_xdata()) > 1]  # beside the marks at their ends
    x = lines[0].get_xdata()
    beyond = x > curves.data.x.max()
    off = [np.abs(line.get_ydata() - sine(x, *TRUE))[beyond].max() for line in lines]
    found = re.search(r"is off by up to (\S+), the sine by (\S+)", words(scene()))
    assert number(found[2]) == pytest.approx(off[1], rel=0.02)  # type: ignore[index]
    assert off[0] > 100 * off[1]


def test_a_start_at_a_wrong_frequency_ends_in_a_local_minimum_and_it_is_said() -> None:
    stuck = scene(start=(1.0, 4.0, 0.0))
    assert "is in a local minimum" in words(stuck)
    assert "98 %" not in words(stuck)
    data, run = stuck.panels[0].data, stuck.panels[0].curves[1].run
    found, _ = curve_fit(sine, data.x, data.y, p0=run.trajectory.final)
    assert run.trajectory.final == pytest.approx(found, abs=0.05)


@pytest.mark.parametrize("given", [{"n_updates": 10}, {"start": (0.0, 0.0, 0.0)}, {"learning_rate": 1.0}])
def test_a_sine_that_has_not_come_to_rest_or_rests_on_a_saddle_is_not_in_a_minimum(given: Any) -> None:
    """At amplitude and frequency 0 the slope is 0, and the curvature negative in a direction; at rate 1 it leaps."""
    found = scene(**given)
    assert "The sine is not in a minimum" in words(found)
    data, params = found.panels[0].data, found.panels[0].curves[1].run.trajectory.final
    rng = np.random.default_rng(0)
    near = params + 1e-3 * rng.normal(size=(400, 3))
    loss = [float(np.mean((sine(data.x, *at) - data.y) ** 2)) for at in (params, *near)]
    assert min(loss[1:]) < loss[0]


def months() -> Any:
    x = np.linspace(0.0, 12.0, 60)
    noise = np.random.default_rng(1).normal(0.0, 1.2, 60)
    return animate.load_table({"month": x, "degrees": 40.0 + 7.0 * np.sin(0.9 * x + 1.0) + noise})


@pytest.mark.parametrize("size", [(480, 270), (960, 540)])
@pytest.mark.parametrize("data", [None, months, lambda: shipped_table("norris")])
def test_no_curve_ever_crosses_the_words_that_stand_where_none_comes(data: Any, size: tuple[int, int]) -> None:
    lesson = animate.load(NAME).build(data=data and data())
    stage = lesson.stage(Settings(*size))
    curves = panel(stage, Curves)
    for time in np.linspace(4.5, lesson.timeline.duration, 120):
        stage.show(time)
        lines = [line for line in curves.artists["curve"] if len(line.get_xdata()) > 1]
        for text in (text for name in ("text", "score") for text in curves.artists.get(name, ())):
            box = text.get_window_extent().padded(-1)
            assert not any(line.get_transform().transform_path(line.get_path()).intersects_bbox(box, filled=False)
                           for line in lines), (time, text.get_text())  # fmt: skip


def test_sin_2_pi_x_can_be_had() -> None:
    unit = scene(amplitude=1.0, frequency=6.2832, phase=0.0, x_range=(0.0, 1.0), noise=0.05)
    data = unit.panels[0].data
    assert (data.x.min(), data.x.max()) == pytest.approx((0, 1), abs=0.1)
    assert data.y == pytest.approx(np.sin(2 * np.pi * data.x), abs=0.25)
    assert unit.panels[0].curves[1].run.trajectory.final[:2] == pytest.approx([1.0, 2 * np.pi], rel=0.05)


@pytest.mark.parametrize("seed", range(12))
def test_every_claim_is_so(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values: dict[str, Any] = {
        "frequency": float(rng.choice([0.3, 1.6, 3.0, 8.0])),
        "n_updates": int(rng.choice([1, 5, 100, 600])), "seed": seed,
        "noise": float(rng.choice([0.0, 0.3, 3.0])), "learning_rate": float(rng.choice([1e-8, 0.05, 1.0])),
        "start": [None, (1.0, 4.0, 0.0)][seed % 2], "degree": int(rng.integers(1, 6)),
    }  # fmt: skip
    built = animate.load(NAME).build(**values)
    said, (bends, swings) = words(built), built.panels[0].curves
    data, loss = built.panels[0].data, swings.run.trajectory.loss
    with np.errstate(all="ignore"):
        shown = np.array([np.mean((sine(data.x, *params) - data.y) ** 2) for params in swings.run.trajectory.params])
    finite = np.isfinite(shown)
    assert loss[finite] == pytest.approx(shown[finite], rel=1e-6)
    # the best sine of each frequency of a grid, by linear least squares
    grid = np.arange(0.05, np.pi * len(data.x) / np.ptp(data.x), 0.01)
    errors = [
        np.linalg.lstsq(np.column_stack([np.sin(f * data.x), np.cos(f * data.x)]), data.y, rcond=None)[1] for f in grid
    ]
    least = min(float(error[0]) if error.size else np.inf for error in errors) / len(data.x)
    if found := re.search(r"From update (\S+) on the sine has 98 %", said):
        at = int(number(found[1]))
        assert (shown[at:] <= least + 0.0201 * (shown[0] - least) + 1e-6 * data.y.var()).all()
    if "local minimum" in said:
        stays, _ = curve_fit(sine, data.x, data.y, p0=swings.run.trajectory.final)
        assert np.mean((sine(data.x, *stays) - data.y) ** 2) == pytest.approx(shown[-1], rel=0.02)
        assert shown[-1] > least
    if found := re.search(r"is off by up to (\S+), the sine by (\S+)", said):
        low, width = data.x.min(), np.ptp(data.x)
        x = np.linspace(low - 0.05 * width, low + 1.45 * width, 4000)
        x = x[(x < data.x.min()) | (x > data.x.max())]
        off = [np.abs(curve.at(10**9, x) - sine(x, 1.5, values["frequency"], 0.4)).max() for curve in (bends, swings)]
        for text, value in zip(found.groups(), off, strict=True):
            if value < 9000:  # larger ones are written in other words
                assert number(text) == pytest.approx(value, rel=0.02, abs=1e-3)


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
