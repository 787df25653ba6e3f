"""Where a start can be chosen by hand: the pixel that is pressed is where the descent then starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import animate
from animate.draw.panels import LineFit, LossSurface
from animate.draw.settings import Settings
from animate.studio.easel import Easel
from animate.studio.wishes import Job, Wish

MakeJob = Callable[..., Job]


def data_at(grip: dict[str, Any], across: float, up: float) -> np.ndarray:
    """Return the data at a place in the grip's box, given in shares of it."""
    (x_low, x_high), (y_low, y_high) = grip["x"], grip["y"]
    return np.array([x_low + across * (x_high - x_low), y_low + up * (y_high - y_low)])


def start_at(grip: dict[str, Any], numbers: np.ndarray) -> tuple[float, ...]:
    start = np.array(grip["matrix"]) @ numbers + np.array(grip["offset"])
    return tuple(float(number) for number in start)


def shipped(name: str, **wish: Any) -> Job:
    return Job("tab", Wish(name, **{"size": "480x270", **wish}), str(animate.load(name).path), name)


@pytest.mark.parametrize(
    "name", ["linear_sgd_vs_batch", "momentum", "optimizer_race", "linear_loss_surface", "logistic_loss_surface"]
)
def test_the_descent_starts_where_a_surface_is_pressed(easel: Easel, name: str) -> None:
    wished = shipped(name)
    grips = [grip for grip in easel.grips(wished)["grips"] if grip["kind"] == "point"]
    assert grips
    pressed = data_at(grips[0], 0.3, 0.6)
    script, values, _ = easel.build(wished)
    scene = script.build(**{**values, "start": start_at(grips[0], pressed)})
    panels = [panel for panel, _ in scene.stage(Settings(480, 270)).mounted]
    surface = panels[grips[0]["panel"]]
    assert isinstance(surface, LossSurface)
    np.testing.assert_allclose(surface.runs[grips[0]["run"]].trajectory.params[0, :2], pressed, rtol=1e-6, atol=1e-9)


def test_the_surface_of_standardized_data_gives_a_start_in_their_own_units(easel: Easel, job: MakeJob) -> None:
    easel.take_table("digest", b"x,y\n100,3\n140,5\n180,4\n220,9\n")
    wished = job(data="my.csv", digest="digest", wish={"texts": {"panel": "surface"}})
    [grip] = easel.grips(wished)["grips"]
    pressed = data_at(grip, 0.5, 0.5)
    script, values, _ = easel.build(wished)
    scene = script.build(**{**values, "start": start_at(grip, pressed)})
    np.testing.assert_allclose(scene.runs[0].trajectory.params[0], pressed, rtol=1e-9)


@pytest.mark.parametrize("name", ["linear_batch_gd", "least_absolute_deviations", "six_datasets"])
def test_the_first_line_is_the_one_that_was_dragged(easel: Easel, name: str) -> None:
    wished = shipped(name)
    grip = next(grip for grip in easel.grips(wished)["grips"] if grip["kind"] == "line")
    dragged = np.array([0.7, -0.4])
    again = easel.grips(shipped(name, texts={"start": ",".join(map(repr, start_at(grip, dragged)))}))["grips"]
    np.testing.assert_allclose(next(one for one in again if one["kind"] == "line")["numbers"], dragged, rtol=1e-9)


def test_a_box_is_where_the_axes_are_in_the_picture(easel: Easel, job: MakeJob) -> None:
    [grip] = easel.grips(job())["grips"]
    _, _, scene = easel.build(job())
    _, axes = scene.stage(Settings(480, 270)).mounted[0]
    x, y = axes.transData.transform((axes.get_xlim()[0], axes.get_ylim()[1]))
    assert grip["box"][:2] == pytest.approx([x, 270 - y])


def test_a_scene_without_a_start_has_none(easel: Easel) -> None:
    assert easel.grips(shipped("logistic_1d")) == {"grips": []}


def test_windows_stay_while_something_is_dragged(easel: Easel, job: MakeJob) -> None:
    easel.draw(job())
    before = easel.grips(job())["grips"][0]
    held = {"texts": {"start": "5,40"}, "hold": True}
    easel.draw(job(wish=held))
    [grip] = easel.grips(job(wish=held))["grips"]
    assert (grip["x"], grip["y"]) == (before["x"], before["y"])


def test_windows_fit_again_once_it_is_let_go(easel: Easel, job: MakeJob) -> None:
    easel.draw(job())
    easel.draw(job(wish={"texts": {"start": "5,40"}, "hold": True}))
    free = job(wish={"texts": {"start": "5,40"}})
    easel.draw(free)
    assert easel.grips(free) == Easel().grips(free)


def test_only_panels_with_a_start_of_their_own_have_grips(easel: Easel, job: MakeJob) -> None:
    wished = job()
    [grip] = easel.grips(wished)["grips"]
    _, _, scene = easel.build(wished)
    assert isinstance(scene.panels[grip["panel"]], LineFit)
