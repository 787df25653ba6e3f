"""Labels stand on their lines where those beside the ends would take much of the width."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from animate import Scene, Timeline, descend, line, linear_problem, marks, optimizers, panels
from animate.draw.line_labels import line_bands, place_of_key, places_on_lines
from animate.draw.settings import Settings

X = np.linspace(0.0, 1.0, 101)
SIZE = np.array([40.0, 12.0])


def unit_axes() -> Axes:
    figure = Figure(figsize=(4, 3), dpi=100)
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    axes.set(xlim=(0, 1), ylim=(0, 1))
    return axes


def curve(heights: np.ndarray) -> np.ndarray:
    return np.stack([X, heights], axis=-1)


def crosses(axes: Axes, drawn: np.ndarray, box: Bbox) -> bool:
    """Return whether matplotlib finds that a line reaches into a box."""
    return bool(Path(axes.transData.transform(drawn)).intersects_bbox(box, filled=False))


@pytest.mark.parametrize("seed", range(5))
def test_no_label_touches_a_line_or_another_label(seed: int) -> None:
    rng, axes = np.random.default_rng(seed), unit_axes()
    lines = [curve(0.2 + 0.3 * place + 0.05 * np.sin(9 * X + rng.uniform(0, 6))) for place in range(3)]
    places = places_on_lines(axes, np.array([SIZE] * 3), lines, [], 4.0)
    assert places is not None
    boxes = [Bbox.from_bounds(right - SIZE[0], low, *SIZE) for right, low in places]
    assert not any(crosses(axes, drawn, box) for drawn in lines for box in boxes)
    assert Bbox.count_overlaps(boxes[0], boxes[1:]) == Bbox.count_overlaps(boxes[1], boxes[2:]) == 0


def test_a_label_is_nearest_to_its_own_line() -> None:
    axes, heights = unit_axes(), (0.5, 0.6)
    places = places_on_lines(axes, np.array([SIZE] * 2), [curve(np.full(101, height)) for height in heights], [], 4.0)
    assert places is not None
    lines = axes.transData.transform([(0.0, height) for height in heights])[:, 1]
    away = np.abs(places[:, 1, None] + SIZE[1] / 2 - lines)
    assert (away.argmin(axis=1) == [0, 1]).all()


def test_lines_that_leave_no_place_have_none() -> None:
    steep = [curve(0.5 + 0.6 * np.sin(120 * X + shift)) for shift in (0, 2)]
    assert places_on_lines(unit_axes(), np.array([SIZE] * 2), steep, [], 4.0) is None


def test_a_key_stands_where_no_line_is() -> None:
    axes, falling = unit_axes(), curve(1 - X)
    corner = place_of_key(axes, np.array([80.0, 40.0]), line_bands(axes, [falling]), 3.0)
    assert corner is not None
    assert not crosses(axes, falling, Bbox.from_bounds(*corner, 80.0, 40.0))
    assert place_of_key(axes, np.array([300.0, 200.0]), line_bands(axes, [falling]), 3.0) is None


def test_a_narrow_plot_keeps_its_width_for_its_lines() -> None:
    drawn = [marks.Line(curve(heights), color=role) for heights, role in ((0.9 * X, "first"), (0.2 * X, "second"))]
    ends = [marks.EndText("a rather long name", 0.9, color="first"), marks.EndText("another", 0.2, color="second")]
    panel = panels.Plot(*drawn, *ends, limits=((0.0, 1.0), (0.0, 1.0)))
    scene = Scene(title="T", caption="C", panels=[panel], timeline=Timeline(1))
    [(_, narrow)], [(_, wide)] = (scene.stage(Settings(*size)).mounted for size in ((320, 320), (1280, 720)))
    assert narrow.get_xlim() == (0.0, 1.0)
    assert 1.05 < wide.get_xlim()[1] < 1.4


def test_the_name_of_an_optimum_keeps_off_losses_that_reach_it_on_a_linear_axis() -> None:
    problem = linear_problem(line(30, slope=2.0, intercept=1.0, noise=0.2, rng=0))
    best = problem.objective.value(problem.objective.optimum())
    run = panels.Run("run", descend(problem.objective, optimizers.gradient_descent(0.1), [-3.0, -3.0], 60), "first")
    scene = Scene(title="T", caption="C", panels=[panels.LossCurve(runs=[run], optimum=best)], timeline=Timeline(60))
    stage = scene.stage(Settings(480, 270))
    stage.show(scene.timeline.duration)
    [(_, axes)] = stage.mounted
    [name] = [text for text in axes.texts if text.get_text() == "optimum"]
    losses = np.stack([np.arange(61), run.trajectory.loss], axis=-1)
    assert not crosses(axes, losses, name.get_window_extent())


def test_the_name_of_a_point_is_nearer_to_it_than_to_another_point() -> None:
    points = np.array([[0.98, 0.5], [0.75, 0.55]])
    panel = panels.Plot(marks.Labels(points, [("a very long name", "short"), "b"], color="ink"),
                        marks.Points(points), limits=((0.0, 1.0), (0.0, 1.0)))  # fmt: skip
    figure = Scene(title="T", caption="C", panels=[panel], timeline=Timeline(1)).still(0.0, size=(800, 450))
    axes = figure.axes[0]
    named = next(text for text in axes.texts if text.get_text() in ("a very long name", "short"))
    box, places = named.get_window_extent(), axes.transData.transform(points)
    away = np.hypot(*np.maximum(np.maximum(box.min - places, places - box.max), 0).T)
    assert away[0] < away[1]
