"""Marks: what each one draws at an update, limits from all updates, and one clear line for bad input."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from animate.draw.marks import (
    Arrow,
    Bands,
    Bars,
    Curve,
    EndText,
    HeatMap,
    Image,
    Isolines,
    Line,
    Mark,
    Points,
    Points3D,
    Polygon,
    Ring,
    Rule,
    Segments,
    Span,
    Surface3D,
    Text,
    TextTable,
    area,
    latest,
    stems,
)  # fmt: skip
from animate.draw.marks import Path as PathMark
from animate.draw.marks import Path3D as PathMark3D
from animate.draw.panels import Custom, Panel, Plot, Plot3D
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.draw.stage_spec import StageSpec
from animate.draw.style import Style
from animate.draw.theme import DARK, LIGHT, THEMES
from animate.draw.timeline import Timeline
from animate.errors import SceneError, UsageError

SQUARE = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])


def staged(panel: Panel, n_updates: int = 10, theme: str = "light") -> Stage:
    return Stage(StageSpec("?", "", [panel], Timeline(n_updates)), Settings(480, 270, theme=theme))


def axes_at(panel: Panel, update: int, n_updates: int = 10) -> Axes:
    stage = staged(panel, n_updates)
    ((_, axes),) = stage.mounted
    stage.show(stage.spec.timeline.time_of(update) + 1e-9)
    return axes


def test_points_are_where_the_function_puts_them_at_each_update() -> None:
    axes = axes_at(Plot(Points(lambda update: SQUARE * update)), 4)
    assert np.array_equal(np.stack(axes.lines[0].get_data(), axis=-1), 4 * SQUARE)


def test_points_take_a_color_each_and_change_it() -> None:
    colors = {0: ["first", "second", "first", "second"], 7: ["second"] * 4}
    plot = Plot(Points(SQUARE, color=lambda update: colors[0 if update < 7 else 7]))
    early, late = (axes_at(plot, update).collections[0].get_facecolors() for update in (0, 7))
    assert [to_hex(color) for color in early] == [LIGHT.first, LIGHT.second, LIGHT.first, LIGHT.second]
    assert [to_hex(color) for color in late] == [LIGHT.second] * 4


def test_path_ends_at_the_update_with_its_head() -> None:
    path = np.stack([np.arange(11.0), np.arange(11.0) ** 2], axis=-1)
    line, head = axes_at(Plot(PathMark(path)), 6).lines
    assert np.array_equal(np.stack(line.get_data(), axis=-1), path[:7])
    assert np.ravel(head.get_data()).tolist() == [6.0, 36.0]


def test_curve_with_an_update_moves_and_one_without_does_not() -> None:
    plot = Plot(Curve(lambda x, update: update * x), Curve(np.sin), limits=((0.0, 1.0), None))
    moving, still = axes_at(plot, 3).lines
    assert np.allclose(moving.get_ydata(), 3 * np.asarray(moving.get_xdata()))
    assert np.allclose(still.get_ydata(), np.sin(still.get_xdata()))


def test_segments_bars_rules_and_spans_have_the_sizes_given() -> None:
    marks = (
        Segments(stems(np.array([1.0, 2.0]), 0.0, [3.0, 4.0])),
        Bars(lambda update: [update, 2 * update]),
        Rule(y=float),
        Span(x=(0.2, 0.4)),
    )
    axes = axes_at(Plot(*marks), 5)
    assert np.array_equal(axes.collections[0].get_segments(), [[[1, 0], [1, 3]], [[2, 0], [2, 4]]])
    assert [bar.get_height() for bar in axes.patches[:2]] == [5, 10]
    assert axes.lines[0].get_ydata() == [5.0, 5.0]


def test_text_and_table_say_what_the_update_makes_them_say() -> None:
    plot = Plot(
        Text(lambda update: f"update {update}", (0.5, 0.5), coords="axes"),
        TextTable(lambda update: [["loss", f"{update / 10}"]], header=("name", "value")),
        limits=((0, 1), (0, 1)),
    )
    words = [text.get_text() for text in axes_at(plot, 8).texts]
    assert words == ["update 8", "name", "value", "loss", "0.8"]


def test_polygons_arrows_and_rings_move() -> None:
    plot = Plot(
        Polygon(lambda update: SQUARE + update), Arrow([0, 0], lambda update: [update, update]),
        Ring(lambda update: [[update, update]]),
    )  # fmt: skip
    axes = axes_at(plot, 2)
    assert np.array_equal(axes.patches[0].get_xy()[:4], SQUARE + 2)
    assert np.ravel(axes.lines[0].get_data()).tolist() == [2, 2]
    tip = axes.transData.inverted().transform(axes.patches[1].get_window_extent().max)
    assert tip == pytest.approx([2, 2], abs=0.2)


def test_a_polygon_without_corners_is_hidden() -> None:
    plot = Plot(Polygon(lambda update: SQUARE if update else SQUARE[:0]))
    assert not axes_at(plot, 0).patches[0].get_visible()
    assert axes_at(plot, 1).patches[0].get_visible()


def test_bands_and_isolines_follow_a_function_of_the_plane() -> None:
    def height(points: np.ndarray, update: int) -> np.ndarray:
        return np.asarray(points[:, 0] - update / 10)

    plot = Plot(Bands(height, (0.0,), colors=("first 20%",)), Isolines(height, (0.0,)), limits=((0, 1), (0, 1)))
    axes = axes_at(plot, 5)
    assert axes.patches[0].get_path().vertices[:, 0].min() == pytest.approx(0.5)
    (line,) = axes.collections[0].get_segments()
    assert np.allclose(line[:, 0], 0.5)


def test_heat_maps_and_images_are_in_the_colors_of_the_surface() -> None:
    plot = Plot(
        HeatMap(lambda points: np.square(points).sum(axis=1), limits=((-1, 1), (-1, 1))),
        Image(lambda update: np.full((2, 2), update / 10)),
    )
    axes = axes_at(plot, 10)
    assert to_hex(axes.images[0].get_array()[0, 0]) == LIGHT.surface[2]
    assert to_hex(axes.collections[0].get_facecolor()[-1]) == LIGHT.surface[0]


def test_area_runs_along_one_curve_and_back_along_the_other() -> None:
    assert area([0, 1], 0.0, [2, 3]).tolist() == [[0, 0], [1, 0], [1, 3], [0, 2]]


def test_latest_computes_once_for_each_update() -> None:
    calls: list[int] = []
    shared = latest(lambda update: calls.append(update) or update)  # type: ignore[func-returns-value]
    assert [shared(1), shared(1), shared(2)] == [1, 1, 2]
    assert calls == [1, 2]


def test_limits_hold_every_update_and_do_not_move() -> None:
    plot = Plot(Points(lambda update: [[update, -update]]))
    early, late = axes_at(plot, 0), axes_at(plot, 10)
    assert early.get_xlim() == late.get_xlim()
    assert early.get_xlim()[1] > 10
    assert early.get_ylim()[0] < -10


def test_limits_given_for_one_axis_leave_the_other_to_the_marks() -> None:
    axes = axes_at(Plot(Points(SQUARE), limits=((-3.0, 3.0), None)), 0)
    assert axes.get_xlim() == (-3.0, 3.0)
    assert axes.get_ylim() == pytest.approx((-0.05, 1.05))


def test_nan_from_a_function_is_a_gap_that_limits_ignore() -> None:
    axes = axes_at(Plot(Line(lambda update: [[0, 0], [np.nan, np.nan], [1, update if update < 5 else np.nan]])), 3)
    assert np.isfinite([*axes.get_xlim(), *axes.get_ylim()]).all()


def test_infinity_from_a_function_is_told_and_limits_ignore_it() -> None:
    with pytest.warns(UserWarning, match="Line: infinite at update 5, where it is not drawn"):
        axes = axes_at(Plot(Line(lambda update: [[0, 0], [1, update if update < 5 else np.inf]])), 3)
    assert np.isfinite([*axes.get_xlim(), *axes.get_ylim()]).all()


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_free_matplotlib_has_axes_in_the_theme(theme: str) -> None:
    def create(axes: Axes, style: Style) -> Any:
        return axes.plot([0, 1], [0, 1], color=style.theme.color("first"))[0]

    panel = Custom(create, lambda line, update: line.set_ydata([0, update]), title="Mine")
    stage = staged(panel, theme=theme)
    ((_, axes),) = stage.mounted
    stage.show(stage.spec.timeline.duration)
    label = axes.get_xticklabels()[0]
    assert not axes.patch.get_visible()
    assert to_hex(label.get_color()) == THEMES[theme].muted
    assert label.get_fontsize() >= 11
    assert axes.lines[0].get_ydata() == [0, 10]


def test_colors_are_roles_of_the_theme_and_shares_of_them() -> None:
    assert DARK.color("first") == DARK.first
    assert DARK.color("error 62%") == DARK.tint("error", 0.62)
    assert DARK.color("ink 35% on muted") == DARK.tint("ink", 0.35, on="muted")
    assert DARK.color("#123456") == "#123456"


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: Points(SQUARE, color="frist"), "got 'frist'. Did you mean 'first'?"),
        (lambda: Points(SQUARE, color=["first", "secnd"]), "got 'secnd'. Did you mean 'second'?"),
        (lambda: Points(SQUARE, edge="no color"), "color must be a role such as"),
        (lambda: Points([[1.0, 2.0, 3.0]]), r"xy must have shape (n, 2); got (1, 3)."),
        (lambda: Points([[1.0, np.nan]]), "xy must be finite; got nan."),
        (lambda: Points([["a", "b"]]), "xy must be numbers of shape (n, 2); got could not convert"),
    ],
)
def test_a_mistake_in_a_constant_is_found_when_the_mark_is_made(mistake: Any, words: str) -> None:
    with pytest.raises(SceneError) as caught:
        mistake()
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{Path(__file__).relative_to(Path.cwd())}:")
    assert "\n" not in str(caught.value)


def test_another_shape_at_one_update_is_named_with_the_update_and_the_line_of_the_script() -> None:
    mark = Points(lambda update: SQUARE if update != 7 else SQUARE.T)
    with pytest.raises(SceneError) as caught:
        staged(Plot(mark))
    assert str(caught.value).endswith("Points: xy must have shape (n, 2) at update 7; got (2, 4).")
    assert Path(__file__).name in str(caught.value)


def test_an_unknown_role_at_one_update_is_one_clear_line() -> None:
    plot = Plot(Line(SQUARE, color=lambda update: "first" if update < 3 else "frist"))
    with pytest.raises(SceneError) as caught:
        axes_at(plot, 3)
    message = str(caught.value)
    assert message.startswith(f"{Path(__file__).relative_to(Path.cwd())}:")
    assert message.endswith("Line: color must be a role of the theme at update 3; got 'frist'. Did you mean 'first'?")


@pytest.mark.parametrize("mark", [PathMark, Curve, Bars, Segments, Points, Text, Arrow])
def test_a_color_that_is_no_text_is_named_with_its_mark(mark: Any) -> None:
    values = {PathMark: (SQUARE,), Curve: (np.sin,), Bars: ([1.0, 2.0],), Segments: (SQUARE.reshape(2, 2, 2),),
              Points: (SQUARE,), Text: ("a", (0, 0)), Arrow: ((0, 0), (1, 1))}  # fmt: skip
    plot = Plot(mark(*values[mark], color=lambda _: 3), limits=((0, 1), (0, 1)))
    with pytest.raises(SceneError, match=f"{mark.__name__}: color must be"):
        axes_at(plot, 3)


def test_colors_for_another_number_of_points_are_named_with_the_update() -> None:
    with pytest.raises(SceneError, match=r"color must name one color per point \(4\) at update 0; got 3"):
        staged(Plot(Points(SQUARE, color=lambda update: ["first"] * 3)))


def test_another_number_of_bars_is_named_with_the_update() -> None:
    plot = Plot(Bars(lambda update: [1.0] * (2 if update < 3 else 1), at=[0, 1]))
    with pytest.raises(SceneError, match="lengths must be 2 numbers at update 3; got 1"):
        staged(plot)


@pytest.mark.parametrize("kind", [Plot, Plot3D])
@pytest.mark.parametrize("marks", [(), ("Points",)])
def test_a_plot_needs_marks(marks: tuple[Any, ...], kind: type) -> None:
    with pytest.raises(UsageError, match="at least one mark"):
        kind(*marks)


def test_a_path_in_space_ends_at_the_update_and_its_shadow_lies_on_the_floor() -> None:
    path = np.stack([np.linspace(-1, 0, 11), np.zeros(11), np.linspace(-1, 0, 11) ** 2], axis=-1)
    surface = Surface3D(lambda points: (points**2).sum(axis=-1), ((-1.0, 1.0), (-1.0, 1.0)))
    axes = axes_at(Plot3D(surface, PathMark3D(path, color="first"), Points3D([[0.0, 0.0, np.nan]])), 4)
    shadow, stem, walked, head, point = (np.stack(line.get_data_3d(), axis=-1) for line in axes.lines)
    floor = axes.get_zlim()[0]
    assert np.array_equal(walked, path[:5])
    assert np.array_equal(head, path[4:5])
    assert np.array_equal(shadow[:, :2], path[:5, :2])
    assert (shadow[:, 2] == floor).all()
    assert stem[:, 2].tolist() == [floor, path[4, 2]]
    assert point.tolist() == [[0.0, 0.0, floor]]


def test_a_surface_in_space_is_the_function_and_sets_the_limits() -> None:
    surface = Surface3D(lambda points: points[:, 0] + 2 * points[:, 1], ((0.0, 1.0), (0.0, 3.0)))
    axes = axes_at(Plot3D(surface), 0)
    assert axes.get_xlim() == (0.0, 1.0)
    assert axes.get_ylim() == (0.0, 3.0)
    assert axes.get_zlim()[1] == 7.0


def test_the_camera_turns_with_the_update_only_if_it_orbits() -> None:
    surface = Surface3D(lambda points: points[:, 0], ((0.0, 1.0), (0.0, 1.0)))
    assert axes_at(Plot3D(surface, azimuth=10.0), 5).azim == 10.0
    assert axes_at(Plot3D(surface, azimuth=10.0, orbit=40.0), 5).azim == 30.0


def test_names_at_the_ends_of_lines_stand_right_of_them_in_their_order_and_apart() -> None:
    lines = [Line([[0.0, 0.0], [1.0, y]]) for y in (1.0, 1.01, 0.99)]
    names = [EndText(f"line {place}", y) for place, y in enumerate((1.0, 1.01, 0.99))]
    axes = axes_at(Plot(*lines, *names, limits=((0.0, 1.0), (0.0, 1.5))), 0)
    boxes = [text.get_window_extent() for text in axes.texts]
    assert all(box.x0 > axes.transData.transform((1.0, 0.0))[0] for box in boxes)
    assert all(box.x1 <= 480 for box in boxes)
    low, middle, high = boxes[2], boxes[0], boxes[1]
    assert low.y1 <= middle.y0
    assert middle.y1 <= high.y0


def test_names_keep_to_their_lines_on_an_axis_turned_round() -> None:
    names = [EndText(f"line {y}", y) for y in (0.0, 1.0, 2.0)]
    axes = axes_at(Plot(*names, limits=((0.0, 1.0), (2.5, -0.5))), 0)
    assert [text.xy[1] for text in axes.texts] == [0.0, 1.0, 2.0]


def test_an_axis_can_be_turned_round_and_have_words_for_ticks() -> None:
    axes = axes_at(
        Plot(Points(SQUARE), limits=((0.0, 1.0), (3.0, 0.0)), ticks=(None, {0.5: "top", 2.5: ("low", "l")})), 0
    )
    assert axes.get_ylim() == (3.0, 0.0)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["top", "l"]


def test_every_panel_takes_further_marks() -> None:
    plot = Plot(Points(SQUARE))
    plot.extra = [Rule(x=lambda update: 0.1 * update)]
    assert axes_at(plot, 4).lines[-1].get_xdata() == pytest.approx([0.4, 0.4])


def test_every_mark_is_frozen() -> None:
    for kind in Mark.__subclasses__():
        assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
