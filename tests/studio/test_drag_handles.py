"""Where a start can be chosen by hand: the pixel that is pressed is where the descent then starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import animate
from animate.draw.panels import LineFit, LossSurface
from animate.draw.settings import Settings
from animate.studio.messages import RenderJob, RenderRequest
from animate.studio.render_session import RenderSession

MakeJob = Callable[..., RenderJob]


def data_at(handle: dict[str, Any], across: float, up: float) -> np.ndarray:
    """Return the data at a place in the handle's box, given in shares of it."""
    (x_low, x_high), (y_low, y_high) = handle["x"], handle["y"]
    return np.array([x_low + across * (x_high - x_low), y_low + up * (y_high - y_low)])


def start_at(handle: dict[str, Any], numbers: np.ndarray) -> tuple[float, ...]:
    start = np.array(handle["matrix"]) @ numbers + np.array(handle["offset"])
    return tuple(float(number) for number in start)


def shipped(name: str, **request: Any) -> RenderJob:
    return RenderJob("tab", RenderRequest(name, **{"size": "480x270", **request}), str(animate.load(name).path), name)


@pytest.mark.parametrize(
    "name", ["linear_sgd_vs_batch", "momentum", "optimizer_race", "linear_loss_surface", "logistic_loss_surface"]
)
def test_the_descent_starts_where_a_surface_is_pressed(session: RenderSession, name: str) -> None:
    wanted = shipped(name, share=0.9)
    handles = [handle for handle in session.handles(wanted)["handles"] if handle["kind"] == "point"]
    assert handles
    pressed = data_at(handles[0], 0.3, 0.6)
    built = session.build(wanted)
    scene = built.script.build(**{**built.values, "start": start_at(handles[0], pressed)})
    panels = [panel for panel, _ in scene.stage(Settings(480, 270)).mounted]
    surface = panels[handles[0]["panel"]]
    assert isinstance(surface, LossSurface)
    np.testing.assert_allclose(surface.runs[handles[0]["run"]].trajectory.params[0, :2], pressed, rtol=1e-6, atol=1e-9)


def test_the_surface_of_standardized_data_gives_a_start_in_its_own_units(session: RenderSession, job: MakeJob) -> None:
    session.take_table("digest", b"x,y\n100,3\n140,5\n180,4\n220,9\n")
    wanted = job(data="my.csv", digest="digest", request={"texts": {"panel": "surface"}})
    [handle] = session.handles(wanted)["handles"]
    pressed = data_at(handle, 0.5, 0.5)
    built = session.build(wanted)
    scene = built.script.build(**{**built.values, "start": start_at(handle, pressed)})
    np.testing.assert_allclose(scene.runs[0].trajectory.params[0], pressed, rtol=1e-9)


@pytest.mark.parametrize("name", ["linear_batch_gd", "least_absolute_deviations", "six_datasets"])
def test_the_first_line_is_the_one_that_was_dragged(session: RenderSession, name: str) -> None:
    wanted = shipped(name, share=None)  # at its start, where the line has entered
    handle = next(handle for handle in session.handles(wanted)["handles"] if handle["kind"] == "line")
    dragged = np.array([0.7, -0.4])
    again = session.handles(shipped(name, share=None, texts={"start": ",".join(map(repr, start_at(handle, dragged)))}))[
        "handles"
    ]
    np.testing.assert_allclose(next(one for one in again if one["kind"] == "line")["numbers"], dragged, rtol=1e-9)


def test_a_box_is_where_the_axes_are_in_the_picture(session: RenderSession, job: MakeJob) -> None:
    [handle] = session.handles(job())["handles"]
    scene = session.build(job()).scene
    _, axes = scene.stage(Settings(480, 270)).mounted[0]
    x, y = axes.transData.transform((axes.get_xlim()[0], axes.get_ylim()[1]))
    assert handle["box"][:2] == pytest.approx([x, 270 - y])


def test_of_a_panel_that_has_not_entered_nothing_can_be_taken(session: RenderSession) -> None:
    def kinds(share: float) -> set[str]:
        handles = session.handles(shipped("linear_sgd_vs_batch", share=share))["handles"]
        return {handle["kind"] for handle in handles}

    assert (kinds(0.0), kinds(0.9)) == ({"line"}, {"line", "point"})


def test_a_scene_without_a_start_has_none(session: RenderSession) -> None:
    assert session.handles(shipped("logistic_1d")) == {"handles": []}


def test_windows_stay_while_something_is_dragged(session: RenderSession, job: MakeJob) -> None:
    session.draw(job())
    before = session.handles(job())["handles"][0]
    held = {"texts": {"start": "5,40"}, "keep_limits": True}
    session.draw(job(request=held))
    [handle] = session.handles(job(request=held))["handles"]
    assert (handle["x"], handle["y"]) == (before["x"], before["y"])


def test_windows_fit_again_once_it_is_let_go(session: RenderSession, job: MakeJob) -> None:
    session.draw(job())
    session.draw(job(request={"texts": {"start": "5,40"}, "keep_limits": True}))
    free = job(request={"texts": {"start": "5,40"}})
    session.draw(free)
    assert session.handles(free) == RenderSession().handles(free)


def test_only_panels_with_a_start_of_their_own_have_grips(session: RenderSession, job: MakeJob) -> None:
    wanted = job()
    [handle] = session.handles(wanted)["handles"]
    scene = session.build(wanted).scene
    assert isinstance(scene.panels[handle["panel"]], LineFit)
