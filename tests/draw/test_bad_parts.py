"""A mark, panel or beat that cannot be drawn: one clear line with the file and the line of the script."""
# ruff: noqa: E731, PT012 - a mistake stands on one line; drawing finds it where making does not
# mypy: ignore-errors

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import animate.cli
from animate import Beat, Scene, Timeline, marks, panels, up_to
from animate.draw.script_place import place_in_script
from animate.draw.settings import Settings
from animate.errors import SceneError, UsageError
from animate.learn.descent import Trajectory

HERE = Path(__file__).name
SMALL = Settings(320, 180)
X = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]])
GOOD = marks.Points(X, name="points")
WINDOW = ((-1.0, 1.0), (-1.0, 1.0))
BOWL = lambda points: (points**2).sum(axis=-1)


def late(bad: Any, fine: Any) -> Callable[[int], Any]:
    """Return a function of the update that is wrong from update 37 on."""
    return lambda update: bad if update >= 37 else fine


def assert_refused(make: Callable[[], Any], draw: Callable[[Any], Scene], words: str) -> None:
    with pytest.raises(SceneError) as caught:
        scene = draw(make())
        stage = scene.stage(SMALL)
        stage.show(scene.timeline.duration)
    message = str(caught.value)
    assert message.split(":", maxsplit=1)[0].endswith(HERE)
    assert message.split(":")[1].isdigit()
    assert words in message
    assert "\n" not in message


def plotted(mark: Any) -> Scene:
    return Scene(title="?", caption="c", panels=[panels.Plot(GOOD, mark)], timeline=Timeline(40, seconds=1.0))


MARKS: list[tuple[Callable[[], Any], str]] = [
    (lambda: marks.Points(late(X[:, :1], X)), "Points: xy must have shape (n, 2) at update 37; got (3, 1)."),
    (lambda: marks.Points(late("abc", X)), "xy must be numbers of shape (n, 2) at update 37; got could not convert"),
    (lambda: marks.Points(X + 1j), "xy must be numbers of shape (n, 2); got the complex number"),
    (lambda: marks.Points(X * np.nan), "xy must be finite; got nan."),
    (lambda: marks.Points(X, marker="oo"), "marker must be one of matplotlib's, such as o, s, ^ or *; got 'oo'."),
    (lambda: marks.Points(X, size="big"), "size must be a length in pixels, or two of them; got 'big'."),
    (lambda: marks.Points(X, size=-3.0), "size must be a length in pixels, or two of them; got -3.0."),
    (lambda: marks.Points(X, layer="top"), "layer must be a number; got 'top'."),
    (lambda: marks.Points(X, name=5), "name must be a text; got 5."),
    (lambda: marks.Points(lambda: X), "cannot be drawn at update 0: TypeError: "),
    (lambda: marks.Line(X, dash="dahsed"), "dash must be one of \"\", dashed, dotted; got 'dahsed'. Did you mean"),
    (lambda: marks.Line(X, join="rund"), "join must be one of miter, round, bevel; got 'rund'. Did you mean 'round'?"),
    (lambda: marks.Line(late(X[:, 0], X)), "Line: xy must have shape (n, 2) at update 37; got (3,)."),
    (lambda: marks.Path([]), "Path: path must have a place for update 0; got none."),
    (lambda: marks.Path(X, at=lambda update: "a"), "Path: cannot be drawn at update 0: ValueError: "),
    (lambda: marks.Curve(lambda x: x[:3]), "function(x) must have shape (200) at update 0; got (3,)."),
    (lambda: marks.Curve(5), "Curve: function must be a function; got 5."),
    (lambda: marks.Segments(late(X, np.zeros((2, 2, 2)))), "ends must have shape (n, 2, 2) at update 37; got (3, 2)."),
    (lambda: marks.Segments(np.zeros((2, 2, 2)), color=["first"]), "color must name one color for each of 2; got 1."),
    (marks.Rule, "Rule: x or y must be given; got neither."),
    (lambda: marks.Rule(x=1.0, y=2.0), "Rule: x or y must be given; got both."),
    (lambda: marks.Rule(x=late([1.0, 2.0], 1.0)), "x must be a number at update 37; got an array of shape (2,)."),
    (lambda: marks.Rule(x=late("a", 1.0)), "x must be numbers of shape () at update 37; got could not convert"),
    (lambda: marks.Bars(late([1.0], [1.0, 2.0])), "lengths must be 2 numbers at update 40; got 1."),
    (lambda: marks.Bars(late([1.0], [1.0, 2.0]), [0, 1]), "lengths must be 2 numbers at update 37; got 1."),
    (lambda: marks.Bars([1.0, 2.0], color=late(["first"], ["first"] * 2)), "color must name one color for each of 2"),
    (lambda: marks.Bars([1.0, 2.0], ["a", "b"]), "at must be numbers of shape (n)"),
    (marks.Span, "Span: x or y must be given; got neither."),
    (lambda: marks.Span(x=(1, 2, 3)), "x must have shape (2); got (3,)."),
    (lambda: marks.Span(x=lambda update: (0, 1)), "which do not move; got a function. A Polygon moves"),
    (lambda: marks.Polygon([X, X[:, 0]], many=True), "each of corners must have shape (n, 2) at update 0; got (3,)."),
    (lambda: marks.Polygon(late(5, [X]), many=True), "corners must be several arrays of shape (n, 2) at update 37"),
    (lambda: marks.Polygon([X, X], many=True, color=["first"]), "color must name one color for each of 2; got 1."),
    (lambda: marks.Text("a", (0.0,)), "Text: at must have shape (2); got (1,)."),
    (lambda: marks.Text("a", late((1,), (0, 0))), "at must have shape (2) at update 40; got (1,)."),
    (lambda: marks.Text(late(5, "a"), (0, 0)), "a text must be a str, or a tuple of them from long to short at update"),
    (lambda: marks.Text("a", (0, 0), align="lft"), "align must be one of left, center, right; got 'lft'. Did you mean"),
    (lambda: marks.Text("a", (0, 0), size="huge"), "size must be one of label, readout, name, heading, symbol; got"),
    (lambda: marks.Text("$x_{$", (0, 0)), "Text: cannot be drawn: ValueError: "),
    (lambda: marks.EndText("a", "b"), "EndText: y must be numbers of shape ()"),
    (lambda: marks.Labels(X, ["a", "b"]), "Labels: xy must have shape (2, 2); got (3, 2)."),
    (lambda: marks.Labels(X, ["a", "b", "c"], color=["first"]), "color must name one color per point (3); got 1."),
    (lambda: marks.Labels(X, ["a", "b", "c"], avoid=X), "Labels: each line of avoid must have shape (n, 2)"),
    (lambda: marks.Arrow((0, 0), late((1,), (1, 1))), "Arrow: tip must have shape (2) at update 37; got (1,)."),
    (lambda: marks.TextTable(late([["a"]], [["a"], ["b"]])), "rows must be 2 by 1 cells at update 40; got 1 by 1."),
    (lambda: marks.TextTable([["a", "b"]], align="lx"), "align must be one of l, c and r for each of 2 columns"),
    (lambda: marks.HeatMap(lambda p: p), "function(points) must be one number for each of 9216 points; got shape"),
    (lambda: marks.HeatMap(lambda p: p[:, 0] * np.nan), "function(points) must be finite somewhere within the limits"),
    (lambda: marks.HeatMap(BOWL, limits=((0, 1), (0, np.nan))), "limits must be two pairs of different finite numbers"),
    (lambda: marks.Bands(lambda p: p[:, 0], (0.0, 0.5), colors=("first",)), "colors must be one for each of 2 levels"),
    (lambda: marks.Bands(lambda p: p[:, 0], (np.nan,), colors=("first",)), "levels must be finite; got nan."),
    (lambda: marks.Isolines(lambda p, k: p[:3, 0] if k == 40 else p[:, 0], (0.0,)), "function(points) must have shape"),
    (lambda: marks.Image(late(np.zeros(3), np.zeros((3, 3)))), "pixels must have shape (n, n) at update 40; got (3,)."),
    (lambda: marks.Image(np.full((3, 3, 3), 7.0)), "pixels must be from 0 to 1 at update 0; got 7."),
    (lambda: marks.EqualUnits(((0, 1), (1, 1))), "EqualUnits: limits must be two pairs of different finite numbers"),
    (lambda: marks.Surface3D(BOWL, WINDOW), "Surface3D: must be on a Plot3D; got a Plot."),
]  # fmt: skip


@pytest.mark.parametrize(("make", "words"), MARKS, ids=[words for _, words in MARKS])
def test_a_mark_that_cannot_be_drawn_is_one_line_with_its_place(make: Callable[[], Any], words: str) -> None:
    assert_refused(make, plotted, words)


def in_space(mark: Any) -> Scene:
    return Scene(title="?", caption="c", panels=[panels.Plot3D(mark)], timeline=Timeline(40, seconds=1.0))


SPACE: list[tuple[Callable[[], Any], str]] = [
    (lambda: marks.Surface3D(lambda p: p, WINDOW), "function(points) must be one number for each of 1296 points"),
    (lambda: marks.Surface3D(lambda p: p[:, 0] * np.nan, WINDOW), "function(points) must be finite somewhere"),
    (lambda: marks.Surface3D(BOWL, 3), "limits must be two pairs of different finite numbers"),
    (lambda: marks.Path3D(X), "Path3D: path must have shape (n, 3) at update 0; got (3, 2)."),
    (lambda: marks.Path3D([]), "Path3D: path must have a place for update 0; got none."),
    (lambda: marks.Points3D(late(X, np.zeros((3, 3)))), "xyz must have shape (n, 3) at update 40; got (3, 2)."),
    (lambda: marks.Line(X), "Line: must be on a Plot; got a Plot3D."),
]


@pytest.mark.parametrize(("make", "words"), SPACE, ids=[words for _, words in SPACE])
def test_a_mark_in_space_that_cannot_be_drawn_is_one_line_with_its_place(make: Callable[[], Any], words: str) -> None:
    assert_refused(make, in_space, words)


PANELS: list[tuple[Callable[[], Any], str]] = [
    (lambda: panels.Plot(GOOD, weight=0), "Plot: weight must be a number above 0; got 0."),
    (lambda: panels.Plot(GOOD, title=5), "Plot: a text must be a str"),
    (lambda: panels.Plot(GOOD, limits=((0, 0), None)), "limits must be two pairs of different finite numbers"),
    (lambda: panels.Plot(GOOD, limits=3), "limits must be two pairs"),
    (lambda: panels.Plot(GOOD, log="z"), 'log must be "", x, y or xy; got \'z\'.'),
    (lambda: panels.Plot(GOOD, log="x", limits=((-1, 1), None)), "limits must be above 0 on a logarithmic axis"),
    (lambda: panels.Plot(GOOD, readout="a"), "readout must be a Readout; got 'a'."),
    (lambda: panels.Plot(GOOD, subtitle="a"), "subtitle must be a function of the update"),
    (lambda: panels.Plot(GOOD, role="frist"), "color must be a role of the theme; got 'frist'. Did you mean 'first'?"),
    (lambda: panels.Plot(GOOD, ticks=([1, "a"], None)), "Plot: cannot be drawn: "),
    (lambda: panels.Plot3D(marks.Surface3D(BOWL, WINDOW), orbit="a"), "orbit must be a number of degrees"),
    (lambda: panels.Custom(lambda axes: None, lambda made, k: None), "Custom: cannot be drawn: TypeError"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "words"), PANELS, ids=[words for _, words in PANELS])
def test_a_panel_that_cannot_be_drawn_is_one_line_with_its_place(make: Callable[[], Any], words: str) -> None:
    def shown(panel: Any) -> Scene:
        return Scene(title="?", caption="c", panels=[panel], timeline=Timeline(40, seconds=1.0))

    assert_refused(make, shown, words)


BEATS: list[tuple[Callable[[], Any], str]] = [
    (lambda: Beat("a", enter=5), "Beat: enter must name marks or panels; got 5."),
    (lambda: Beat("a", focus=[None]), "focus must name marks or panels; got [None]."),
    (lambda: Beat("a", enter="points"), "enter must change what is on screen; 'points' is on screen already."),
    (lambda: Beat("a", leave="gone"), "leave must change what is on screen; 'gone' is not on screen."),
    (lambda: Beat("a", enter="line", leave="line"), "enter and leave must name different marks; got 'line' in both."),
    (lambda: Beat("a", updates=2.5), "updates must be a whole number; got 2.5."),
    (lambda: Beat("a", updates=up_to("b")), "updates must be a whole number; got 'b'."),
    (lambda: Beat("a", until=True), "until must be a whole number; got True."),
    (lambda: Beat("a", hold=None), "hold must be a finite number of seconds, 0 or more; got None."),
    (lambda: Beat("a", seconds=1e9), "seconds must be 3600 or less; got 1e+09."),
    (lambda: Beat("a", pace=["log"]), "pace must be one of linear, eased, log; got ['log']."),
    (lambda: Beat(5), "words must be a str, or a tuple of them from long to short; got 5."),
    (lambda: Beat(("Its $x_{$", "x")), "Beat: the formula in 'Its $x_{$' must be one that matplotlib draws; it cannot"),
    (lambda: Beat("a", view="Fit"), "view must be a dict such as"),
    (lambda: Beat("a", view={"Fit": ((0, 0), (0, 1))}), "view of 'Fit' must be two pairs of different finite numbers"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "words"), BEATS, ids=[words for _, words in BEATS])
def test_a_beat_that_cannot_be_is_one_line_with_its_place(make: Callable[[], Any], words: str) -> None:
    def told(beat: Beat) -> Scene:
        gone = marks.Points(X, name="gone")
        plot = panels.Plot(GOOD, gone, marks.Line(X, name="line"), title="Fit")
        first = Beat("One.", enter="points", leave="gone", seconds=0.5)
        return Scene(title="?", panels=[plot], n_updates=40, beats=[first, beat])

    assert_refused(make, told, words)


def test_a_mark_that_is_infinite_at_an_update_is_told_in_one_line_with_its_place() -> None:
    scene = plotted(marks.Line(late(np.full((3, 2), np.inf), X)))
    with pytest.warns(UserWarning, match=f"{HERE}:\\d+: Line: infinite at update 37, where it is not drawn$"):
        scene.stage(SMALL)


NAN: list[tuple[str, Callable[[], marks.Mark]]] = [
    ("Points", lambda: marks.Points(lambda update: [[update, math.nan if update == 37 else 1.0]])),
    ("Line", lambda: marks.Line(late(np.full((3, 2), np.nan), X))),
    ("Segments", lambda: marks.Segments(late(np.full((1, 2, 2), np.nan), np.ones((1, 2, 2))))),
    ("Path", lambda: marks.Path([[row, math.nan if row == 37 else 1.0] for row in range(41)])),
]


@pytest.mark.parametrize("limits", [None, ((0.0, 40.0), (0.0, 2.0))], ids=["of the marks", "given"])
@pytest.mark.parametrize(("name", "make"), NAN, ids=[name for name, _ in NAN])
def test_a_mark_that_is_nan_at_an_update_is_told_in_one_line_with_its_place(name: str, make: Any, limits: Any) -> None:
    panel = panels.Plot(make(), limits=limits)
    scene = Scene(title="?", caption="c", panels=[panel], timeline=Timeline(40, seconds=1.0))
    with pytest.warns(UserWarning, match=f"{HERE}:\\d+: {name}: nan at update 37, where it is not drawn$"):
        scene.stage(SMALL)


def test_nan_of_a_scene_whose_run_diverges_is_not_told_of() -> None:
    path = np.array([[1.0], [1e200], [np.inf], [np.nan]])
    run = panels.Run("lost", Trajectory.from_arrays(path, loss=[1.0, 1e300, np.inf, np.nan]))
    mark = marks.Points(lambda update: [[update, path[update, 0]]])
    panel = panels.Plot(mark, runs=[run], limits=((0.0, 3.0), (0.0, 2.0)))
    Scene(title="?", caption="c", panels=[panel], timeline=Timeline(3, seconds=1.0)).stage(SMALL)


@pytest.mark.parametrize(
    "mark", [marks.Points(late(np.empty((0, 2)), X)), marks.Rule(y=lambda update: math.nan if update < 5 else 1.0)]
)
def test_a_mark_that_is_hidden_at_an_update_is_not_told_of(mark: marks.Mark) -> None:
    plotted(mark).stage(SMALL)


def test_a_gap_in_a_line_is_not_told_of() -> None:
    plotted(marks.Line(late([[0.0, 0.0], [np.nan, np.nan], [1.0, 1.0]], X))).stage(SMALL)


def test_an_error_in_a_function_of_the_script_keeps_its_own_line() -> None:
    scene = plotted(marks.Points(lambda update: X / 0 if update < 37 else {}["missing"]))
    with np.errstate(all="ignore"), pytest.raises(KeyError, match="missing"):
        scene.stage(SMALL)


@pytest.mark.parametrize("file", [contextlib.__file__, "/venv/site-packages/click/core.py", "<frozen runpy>"])
def test_the_place_of_a_part_is_never_a_file_that_is_installed(file: str) -> None:
    names: dict[str, Any] = {"place_in_script": place_in_script}
    exec(compile("def installed(): return place_in_script()", file, "exec"), names)
    assert Path(names["installed"]().rpartition(":")[0]).name == Path(__file__).name


def test_a_part_that_a_command_makes_has_no_place_outside_the_command() -> None:
    names: dict[str, Any] = {"place_in_script": place_in_script}
    exec(compile("def command(): return place_in_script()", animate.cli.__file__, "exec"), names)
    assert names["command"]() == ""


def test_a_mark_named_later_by_itself_waits_while_its_panel_enters() -> None:
    plot = panels.Plot(GOOD, marks.Rule(y=0.5, name="goal"), title="Fit")
    beats = [Beat("One.", enter="Fit", seconds=1.0), Beat("Two.", enter="goal", seconds=1.0)]
    stage = Scene(title="?", panels=[plot], n_updates=1, beats=beats).stage(SMALL)
    ((panel, _),) = stage.mounted
    for time, shown in ((0.9, [True, False]), (2.0, [True, True])):
        stage.show(time)
        assert [artist.get_visible() for name in ("points", "goal") for artist in panel.artists[name]] == shown


@pytest.mark.parametrize("given", [{"title": "a $x_{$"}, {"caption": {1: ("long", "$\\foo$")}}, {"counter": "$^$"}])
def test_a_formula_that_matplotlib_cannot_draw_is_told_with_where_it_stands(given: dict[str, Any]) -> None:
    texts: dict[str, Any] = {"title": "?", "caption": "c", **given}
    with pytest.raises(UsageError, match=rf"^{next(iter(given))}: the formula in '.*' must be one that matplotlib"):
        Scene(**texts, panels=[panels.Plot(GOOD)], timeline=Timeline(4, seconds=1.0))
