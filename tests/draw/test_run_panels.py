"""The panels that compare runs: clouds, verdicts, rates on their scale, updates needed, and units of equal length."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from animate.draw.claims import convergence_summary
from animate.draw.marks.equal_units import EqualUnits, equal_units
from animate.draw.panels import (
    Cloud,
    ConvergenceCurve,
    Panel,
    Run,
    UpdatesNeeded,
    cloud_grid,
    convergence_grid,
)
from animate.draw.panels.loss_surface import within_reach
from animate.draw.settings import Settings
from animate.draw.style import DPI, Style
from animate.learn import optimizers, sampling
from animate.learn.datasets import line
from animate.learn.descent import Trajectory, descend
from animate.learn.problems import linear_problem

STYLE = Style(Settings(1280, 720))
PROBLEM = linear_problem(line(20, slope=2.0, intercept=1.0, noise=0.5, rng=4))
OPTIMUM = PROBLEM.objective.optimum()
BEST = PROBLEM.objective.value(OPTIMUM)


def on_axes(panel: Panel, style: Style = STYLE) -> Axes:
    figure = Figure(figsize=(5, 3), dpi=DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    panel.create(axes, style)
    return axes


def run(share_of_limit: float, name: str = "run", n_updates: int = 50, batch_size: int = 20) -> Run:
    rate = share_of_limit * PROBLEM.objective.stability_limit()
    steps, sampler = optimizers.gradient_descent(rate), sampling.minibatch(batch_size, rng=0)
    return Run(name, descend(PROBLEM.objective, steps, [0.0, 0.0], n_updates, sampler))


def test_cloud_has_a_dot_per_update_and_a_ring_at_the_typical_distance() -> None:
    panel = Cloud(run=run(0.2, batch_size=1), center=OPTIMUM, reach=1.0, values=PROBLEM.objective.values, since=20)
    axes = on_axes(panel)
    panel.show(40)
    path = panel.run.trajectory.params
    dots = max(axes.lines, key=lambda drawn: len(drawn.get_xdata()))
    assert np.array_equal(np.stack(dots.get_data(), axis=1), path[:41])
    (ring,) = (patch for patch in axes.patches if isinstance(patch, Polygon) and patch.get_facecolor()[3] == 0)
    expected = np.sqrt(np.square(path[20:41] - OPTIMUM).sum(axis=1).mean())
    assert np.linalg.norm(ring.get_xy() - OPTIMUM, axis=1) == pytest.approx(expected)
    assert panel.readout(STYLE).text(40) == f"\u00b1 {expected:.2f}"


def test_cloud_has_no_ring_before_the_way_to_the_center_is_over() -> None:
    panel = Cloud(run=run(0.2, batch_size=1), center=OPTIMUM, reach=1.0, values=PROBLEM.objective.values, since=20)
    axes = on_axes(panel)
    panel.show(19)
    assert not any(patch.get_visible() and patch.get_facecolor()[3] == 0 for patch in axes.patches)
    assert panel.readout(STYLE).text(19) == ""


def test_clouds_of_a_grid_share_one_window_and_are_read_in_rows() -> None:
    runs = [run(0.2, name, batch_size=size) for name, size in (("a", 1), ("b", 4), ("c", 10), ("d", 20))]
    (first, third), (second, fourth) = cloud_grid(runs, OPTIMUM, PROBLEM.objective.values, since=20)
    assert [cloud.title for cloud in (first, second, third, fourth)] == ["a", "b", "c", "d"]
    assert len({cloud.reach for cloud in (first, second, third, fourth)}) == 1


def test_clouds_of_runs_that_diverge_still_have_a_window() -> None:
    (column,) = cloud_grid([run(3.0, n_updates=2000)], OPTIMUM, PROBLEM.objective.values)
    assert np.isfinite(column[0].reach)


def test_verdict_changes_when_the_run_has_converged() -> None:
    panel = ConvergenceCurve(run=run(0.5), best=BEST)
    readout = panel.readout(STYLE)
    assert readout.role is not None
    assert (readout.text(0), readout.role(0)) == ("on its way", "muted")
    assert (readout.text(50), readout.role(50)) == ("converged", "right")


def test_verdict_on_a_run_above_the_limit_is_red() -> None:
    readout = ConvergenceCurve(run=run(1.5), best=BEST).readout(STYLE)
    assert readout.role is not None
    assert (readout.text(50), readout.role(50)) == ("diverges", "wrong")


def test_curve_that_leaves_through_the_top_waits_there() -> None:
    panel = ConvergenceCurve(run=run(2.0, n_updates=1000), best=BEST)
    axes = on_axes(panel)
    panel.show(1000)
    top = axes.get_ylim()[1]
    dot = next(drawn for drawn in axes.lines if drawn.get_marker() == "o")
    assert dot.get_ydata()[0] == pytest.approx(top)
    assert "nan" in next(text.get_text() for text in axes.texts if text.get_text().startswith("MSE"))


def test_curves_of_a_grid_have_one_scale_and_one_name_for_the_dashes() -> None:
    runs = [run(share, name) for name, share in (("a", 0.1), ("b", 0.5), ("c", 1.0), ("d", 1.1))]
    (first, third), (second, fourth) = convergence_grid(runs, BEST)
    limits = {on_axes(curve).get_ylim() for curve in (first, second, third, fourth)}
    assert len(limits) == 1
    assert [curve.labelled for curve in (first, second, third, fourth)] == [True, False, False, False]


def test_verdicts_in_words_name_every_run_once() -> None:
    runs = [run(share, name) for name, share in (("a", 1e-4), ("b", 0.5), ("c", 1.0), ("d", 1.1), ("e", 0.4))]
    long, short = convergence_summary(runs, BEST)
    assert long == "b and e converged; a did not converge; c bounces; d diverged."
    assert short == "Converged: b, e; bounces: c; diverges: d."


def ending(n_updates: int) -> Run:
    return Run("run", Trajectory.from_arrays(np.zeros((n_updates + 1, 2)), loss=np.zeros(n_updates + 1)))


def test_bars_grow_with_the_updates_and_stop_where_the_run_arrives() -> None:
    panel = UpdatesNeeded(runs=[ending(100)] * 3, needed=[30, 100, None])
    axes = on_axes(panel)
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)][1::2]
    for update, widths in ((0, [0, 0, 0]), (20, [20, 20, 20]), (60, [30, 60, 60]), (100, [30, 100, 100])):
        panel.show(update)
        assert [bar.get_width() for bar in bars] == pytest.approx(widths)


def test_counts_end_with_a_check_mark_or_with_what_is_still_needed() -> None:
    panel = UpdatesNeeded(runs=[ending(100)] * 3, needed=[30, 400, None])
    axes = on_axes(panel)
    panel.show(100)
    assert [text.get_text() for text in axes.texts][::2] == ["30 \u2713", "100 of 400", "never"]


def test_equal_units_keep_what_was_asked_for_inside() -> None:
    axes = Figure(figsize=(6, 3), dpi=DPI).add_axes((0, 0, 1, 1))
    (left, right), (bottom, top) = equal_units(axes, ((0.0, 1.0), (0.0, 1.0)))
    assert (bottom, top) == (0.0, 1.0)
    assert (left, right) == (-0.5, 1.5)


def test_units_are_settled_in_the_place_the_axes_have_in_the_end() -> None:
    figure = Figure(figsize=(6, 3), dpi=DPI)
    axes = figure.add_axes((0, 0, 1, 1))
    show = EqualUnits(((0.0, 1.0), (0.0, 1.0))).draw(axes, STYLE)
    axes.set_position((0, 0, 0.25, 1))
    show(0)
    assert axes.get_xlim() == (0.0, 1.0)
    assert axes.get_ylim() == (-0.5, 1.5)


def test_paths_within_reach_are_untouched_and_far_points_keep_their_direction() -> None:
    path = np.array([[0.0, 0.0], [3.0, 4.0], [3e300, 4e300], [np.nan, 1.0]])
    drawn = within_reach(path, ((-1.0, 1.0), (-1.0, 1.0)))
    assert np.array_equal(drawn[:2], path[:2])
    assert drawn[2] == pytest.approx([37.5, 50.0])
    assert np.isnan(drawn[3, 0])
