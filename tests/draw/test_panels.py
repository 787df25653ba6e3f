"""Panels show the numbers of the trajectory they were given, in the data's own units."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from animate.draw.marks.fields import band_levels
from animate.draw.panels import (
    LineFit,
    LossCurve,
    LossSurface,
    Panel,
    Regions,
    Run,
    Sigmoid,
    Traces,
    around,
)
from animate.draw.panels.base import few_ticks, set_log_ticks, tick_labels
from animate.draw.panels.loss_surface import window
from animate.draw.settings import Settings
from animate.draw.style import DPI, Style
from animate.learn import optimizers, sampling
from animate.learn.data import RegressionData, penguins
from animate.learn.datasets import line
from animate.learn.descent import descend
from animate.learn.half_planes import boundary_line, half_plane
from animate.learn.problems import LinearProblem, linear_problem, logistic_problem

STYLE = Style(Settings())


def on_axes(panel: Panel) -> Axes:
    figure = Figure(figsize=(5, 5), dpi=DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8), projection=panel.projection)
    panel.create(axes, STYLE)
    return axes


def only(artists: Iterable[Any]) -> Any:
    (artist,) = artists
    return artist


def ring(axes: Axes) -> Line2D:
    return only(line for line in axes.lines if line.get_marker() == "o" and line.get_markerfacecolor() == "none")


def line_of(axes: Axes, role: str) -> Line2D:
    color = STYLE.theme.color(role)
    return only(line for line in axes.lines if line.get_linestyle() == "-" and line.get_color() == color)


def segments_of(axes: Axes, role: str) -> list[np.ndarray]:
    color = to_rgba(STYLE.theme.color(role))
    lines = (one for one in axes.collections if isinstance(one, LineCollection))
    return only(one for one in lines if tuple(one.get_color()[0]) == color).get_segments()


def fitted(*, standardize: bool = False, online: bool = False, rate: float = 0.01) -> tuple[LinearProblem, Run]:
    problem = linear_problem(
        line(20, slope=2.0, intercept=1.0, noise=0.5, x_range=(5.0, 9.0), rng=4), standardize=standardize
    )
    sampler = sampling.online(rng=1) if online else sampling.batch()
    run = Run("run", descend(problem.objective, optimizers.gradient_descent(rate), [0.0, 0.0], 30, sampler))
    return problem, run


def test_fit_draws_the_line_and_residuals_in_the_datas_units() -> None:
    problem, run = fitted(standardize=True)
    panel = LineFit(problem=problem, run=run)
    axes = on_axes(panel)
    panel.show(17)
    slope, intercept = problem.in_units(run.trajectory.params[17])
    drawn = next(line for line in axes.lines if line.get_linewidth() == STYLE.line_px)
    x, y = drawn.get_data()
    assert np.allclose(y, slope * np.asarray(x) + intercept)
    (segments,) = (c for c in axes.collections if isinstance(c, LineCollection))
    data = problem.data
    expected = np.stack([data.x, data.y, data.x, slope * data.x + intercept], axis=1).reshape(-1, 2, 2)
    assert np.allclose(np.array(segments.get_segments()), expected)


def test_fit_rings_the_point_that_caused_the_update() -> None:
    problem, run = fitted(online=True, rate=0.001)
    panel = LineFit(problem=problem, run=run)
    axes = on_axes(panel)
    for update in (1, 8, 30):
        panel.show(update)
        (row,) = run.trajectory.rows_at(update)
        assert np.array_equal(np.ravel(ring(axes).get_data()), [problem.data.x[row], problem.data.y[row]])
    panel.show(0)
    assert len(ring(axes).get_xdata()) == 0


def test_fit_shows_loss_equation_and_r_squared_of_the_update() -> None:
    from sklearn.metrics import mean_squared_error, r2_score

    problem, run = fitted(standardize=True, rate=0.1)
    panel = LineFit(problem=problem, run=run)
    axes = on_axes(panel)
    panel.show(30)
    slope, intercept = problem.in_units(run.trajectory.final)
    predicted = slope * problem.data.x + intercept
    assert panel.readout(STYLE).text(30) == f"{mean_squared_error(problem.data.y, predicted):.3f}"
    score = f"R\u00b2 {r2_score(problem.data.y, predicted):.3f}".replace("-", "\u2212")
    assert score in [text.get_text() for text in axes.texts]
    subtitle = panel.subtitle(STYLE)(30)
    assert subtitle.startswith(f"y = {slope:.3f}")


def test_limits_stay_while_the_line_moves() -> None:
    problem, run = fitted()
    panel = LineFit(problem=problem, run=run)
    axes = on_axes(panel)
    before = axes.viewLim.extents.copy()
    for update in (30, 3, 0, 12):
        panel.show(update)
    assert np.array_equal(axes.viewLim.extents, before)


def test_a_run_that_diverges_still_has_finite_limits() -> None:
    problem, run = fitted(rate=1.0)
    assert run.trajectory.diverged_at is None or run.trajectory.diverged_at > 0
    for panel in (
        LineFit(problem=problem, run=run),
        LossCurve(runs=[run], optimum=0.1),
        LossCurve(runs=[run], log=True),
        LossSurface.of(problem, [run]),
        Traces.of_line(problem, run),
    ):
        axes = on_axes(panel)
        panel.show(30)
        assert np.isfinite(axes.viewLim.extents).all()


def test_loss_curve_grows_to_the_update_and_marks_it() -> None:
    _, run = fitted()
    panel = LossCurve(runs=[run], optimum=0.2)
    axes = on_axes(panel)
    panel.show(12)
    assert np.array_equal(line_of(axes, "first").get_ydata(), run.trajectory.loss[:13])
    dot = only(line for line in axes.lines if line.get_marker() == "o")
    assert np.ravel(dot.get_data()).tolist() == [12, run.trajectory.loss[12]]


def test_surface_keeps_the_path_on_the_parameters_it_is_drawn_over() -> None:
    problem, run = fitted()
    panel = LossSurface.of(problem, [run])
    axes = on_axes(panel)
    panel.show(9)
    assert np.array_equal(np.column_stack(line_of(axes, "first").get_data()), run.trajectory.params[:10])
    inside = [axes.viewLim.contains(*point) for point in (*run.trajectory.params, problem.objective.optimum())]
    assert all(inside)


def test_bands_are_equally_spaced_in_the_root_of_the_loss() -> None:
    levels = band_levels(np.array([[1.0, 5.0], [7.0, 17.0]]), 4)
    assert np.allclose(np.sqrt(levels - 1.0), [1.0, 2.0, 3.0, 4.0])


def test_a_window_cuts_off_a_path_that_flies_away_but_keeps_start_and_optimum() -> None:
    path = np.array([[1.0, 1.0], [-4.0, 3.0], [1e9, -1e9], [np.inf, np.nan]])
    (left, right), (bottom, top) = window([path], np.array([0.0, 0.0]))
    assert left < 0 < 1 < right < 10
    assert bottom < 0 < 1 < top < 10
    limits = around([path], np.array([0.0, 0.0]))
    assert all(low < -1 and high > 1 and high < 10 for low, high in limits)


def test_traces_show_slope_and_intercept_with_least_squares_as_targets() -> None:
    problem, run = fitted(standardize=True)
    panel = Traces.of_line(problem, run)
    axes = on_axes(panel)
    panel.show(30)
    fitted_line = np.polyfit(problem.data.x, problem.data.y, 1)
    assert np.allclose(panel.targets, fitted_line)
    slopes = line_of(axes, "fourth").get_ydata()
    assert np.allclose(slopes, problem.in_units(run.trajectory.params)[:, 0])


def test_sigmoid_is_half_at_the_boundary_and_colors_each_gap_by_its_side() -> None:
    problem = logistic_problem(penguins(["bill_length_mm"]))
    run = Run("run", descend(problem.objective, optimizers.gradient_descent(4.0), [0.0, 0.0], 50))
    panel = Sigmoid(problem=problem, run=run)
    axes = on_axes(panel)
    panel.show(50)
    weight, intercept = problem.in_units(run.trajectory.final)
    assert line_of(axes, "first").get_xdata()[0] == pytest.approx(-intercept / weight)
    n_right = int(problem.right(run.trajectory.final).sum())
    assert len(segments_of(axes, "right 72%")) == n_right
    assert len(segments_of(axes, "wrong 72%")) == problem.data.n_samples - n_right
    assert f"{100 * n_right / problem.data.n_samples:.1f} % right" in panel.readout(STYLE).text(50)


def test_before_the_first_update_no_point_is_right_or_wrong() -> None:
    problem = logistic_problem(penguins(["bill_length_mm", "bill_depth_mm"]))
    run = Run("run", descend(problem.objective, optimizers.gradient_descent(4.0), [0.0, 0.0, 0.0], 5))
    panel = Regions(problem=problem, run=run)
    axes = on_axes(panel)
    panel.show(0)
    assert panel.readout(STYLE).text(0) == "undecided"
    assert len(ring(axes).get_xdata()) == 0
    assert not any(patch.get_visible() for patch in axes.patches)


def test_regions_boundary_lies_where_the_logit_is_zero_and_rings_mark_the_wrong() -> None:
    problem = logistic_problem(penguins(["bill_length_mm", "bill_depth_mm"]))
    run = Run("run", descend(problem.objective, optimizers.gradient_descent(4.0), [0.0, 0.0, 0.0], 200))
    panel = Regions(problem=problem, run=run)
    axes = on_axes(panel)
    panel.show(200)
    *weights, intercept = problem.in_units(run.trajectory.final)
    ends = np.column_stack(line_of(axes, "first").get_data())
    assert np.allclose(ends @ weights + intercept, 0.0, atol=1e-9)
    wrong = ~problem.right(run.trajectory.final)
    assert np.array_equal(np.column_stack(ring(axes).get_data()), problem.data.X[wrong])


def test_half_planes_of_a_square_share_out_its_area() -> None:
    square = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
    weights, intercept = np.array([0.7, -0.4]), -0.3
    areas = [_area(half_plane(square, sign * weights, sign * intercept)) for sign in (1, -1)]
    assert sum(areas) == pytest.approx(4.0)
    assert len(boundary_line(square, weights, intercept)) == 2
    assert len(boundary_line(square, weights, 100.0)) == 0


def _area(corners: np.ndarray) -> float:
    x, y = corners.T
    return 0.5 * abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))))


@pytest.mark.parametrize("limits", [(0.0, 1.0), (-3.3, 3.2), (-1e-6, 4e-6), (0.0, 1e7), (31.0, 59.0)])
def test_ticks_are_few_round_inside_and_told_apart(limits: tuple[float, float]) -> None:
    ticks = few_ticks(*limits, 4)
    assert 2 <= len(ticks) <= 6
    slack = 1e-9 * (limits[1] - limits[0])
    assert all(limits[0] - slack <= tick <= limits[1] + slack for tick in ticks)
    assert len(set(tick_labels(ticks))) == len(ticks)


@pytest.mark.parametrize("limits", [(0.04, 0.8), (1.1, 2.3), (1e-12, 1e8), (3.0, 3000.0)])
def test_log_ticks_do_not_touch(limits: tuple[float, float]) -> None:
    figure = Figure(figsize=(2, 2), dpi=DPI)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.3, 0.1, 0.6, 0.8))
    axes.set_yscale("log")
    axes.set_ylim(*limits)
    set_log_ticks(axes, STYLE, "y", limits)
    canvas.draw()
    boxes = [label.get_window_extent() for label in axes.get_yticklabels()]
    assert len(boxes) >= 2
    assert all(lower.y1 <= upper.y0 + 3 for lower, upper in pairwise(boxes))


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ((2e10, 6e11), ["20\u202fbn", "50\u202fbn", "100\u202fbn", "200\u202fbn", "500\u202fbn"]),
        ((4e5, 6e6), ["0.5\u202fM", "1\u202fM", "2\u202fM", "5\u202fM"]),
        ((1.0, 1e8), ["1", "10", "100", "1000", "10\u202f000", *(f"$10^{{{power}}}$" for power in range(5, 9))]),
    ],
)
def test_log_ticks_write_large_numbers_as_texts_do_unless_they_span_many_powers(
    limits: tuple[float, float], expected: list[str]
) -> None:
    axes = Figure(figsize=(2, 3), dpi=DPI).add_axes((0.3, 0.1, 0.6, 0.8))
    axes.set_yscale("log")
    axes.set_ylim(*limits)
    set_log_ticks(axes, STYLE, "y", limits)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == expected


def test_axes_bear_the_names_of_the_data_with_their_units() -> None:
    data = RegressionData(np.array([40.0, 90.0, 150.0]), np.array([2e5, 4e5, 8e5]), "Fläche (m²)", "Kaufpreis (€)")
    problem = linear_problem(data, standardize=True)
    run = Run("GD", descend(problem.objective, optimizers.gradient_descent(0.1), [0.0, 0.0], 5))
    panel = on_axes(LineFit(problem=problem, run=run))
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("Fläche (m²)", "Kaufpreis (€)")
    assert {label.get_text() for label in panel.get_yticklabels()} == {"0", "0.5\u202fM"}


def test_a_name_longer_than_its_axis_is_cut() -> None:
    style = Style(Settings(1280, 720))
    text = style.cut("a very long name of a column, as surveys have them", 13, 100)
    assert text.endswith("…")
    assert style.text_width(text, 13) <= 100
    assert style.cut("short", 13, 100) == "short"
