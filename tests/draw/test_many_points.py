"""Very many points: a sample is drawn, the same every time, and the panel says so."""

from __future__ import annotations

import numpy as np
import pytest

from animate import ClassificationData, Scene, Timeline, linear_problem, logistic_problem, marks, optimizers, panels
from animate.draw.marks.points import MOST_POINTS, drawn_rows, drawn_rows_of_classes
from animate.draw.run import compare
from animate.draw.settings import Settings
from animate.learn.data import RegressionData

RNG = np.random.default_rng(1)
X = RNG.normal(size=(30_000, 2))


def stage_of(panel: panels.Panel):
    stage = Scene(title="How many?", caption="Many.", panels=[panel], timeline=Timeline(3), alt="").stage(Settings())
    stage.show(0.0)
    return stage, stage._mounted[0].panel


def test_few_points_are_all_drawn_and_nothing_is_said() -> None:
    stage, panel = stage_of(panels.Plot(marks.Points(X[:2000]), x="a", y="b"))
    assert len(panel.artists["points"][0].get_xdata()) == 2000
    assert stage.figure.axes[0].get_xlabel() == "a"


def test_of_many_points_a_sample_is_drawn_and_stated_below_the_axes() -> None:
    stage, panel = stage_of(panels.Plot(marks.Points(X), x="a", y="b"))
    drawn = np.column_stack(panel.artists["points"][0].get_data())
    assert np.array_equal(drawn, X[drawn_rows(len(X))])
    assert stage.figure.axes[0].get_xlabel() == "a \u2013 2\u202f000 of 30\u202f000 points drawn"


@pytest.mark.parametrize("size", [(480, 270), (800, 450), (720, 720), (600, 900)])
@pytest.mark.parametrize("n_panels", [1, 2, 4])
def test_the_name_of_x_stays_however_narrow_the_axes_are(size: tuple[int, int], n_panels: int) -> None:
    problem = linear_problem(RegressionData(X[:, 0], X[:, 1], "age (years)", "price"))
    (run,) = compare(problem, {"Batch": optimizers.gradient_descent(0.1)}, start=[0.0, 0.0], n_updates=3)
    panel = panels.LineFit(problem=problem, run=run, title="Line")
    scene = Scene(title="T", caption="C", panels=[panel] * n_panels, timeline=Timeline(3), alt="")
    stage = scene.stage(Settings(*size))
    stage.show(0.0)
    stage.figure.draw_without_rendering()  # places the labels
    boxes = [axes.xaxis.label.get_window_extent() for axes in stage.figure.axes]
    for axes, box in zip(stage.figure.axes, boxes, strict=True):
        name, *count = axes.get_xlabel().replace(" \u2013 ", "\n").splitlines()
        assert name in ("age (years)", "age\u2026 (years)", "years")
        assert not count or count[0].startswith("2\u202f000 ")
        assert box.y0 > 0
        assert axes.bbox.height > 40
        assert all(box is other or not box.overlaps(other) for other in boxes)


def test_limits_hold_all_points_not_the_drawn_ones_alone() -> None:
    far = X.copy()
    far[np.setdiff1d(np.arange(len(X)), drawn_rows(len(X)))[0]] = [99.0, 99.0]
    stage, _ = stage_of(panels.Plot(marks.Points(far)))
    assert stage.figure.axes[0].get_xlim()[1] > 99


def test_colors_belong_to_the_points_drawn() -> None:
    colors = ["first" if x > 0 else "second" for x in X[:, 0]]
    _, panel = stage_of(panels.Plot(marks.Points(X, color=colors)))
    points = panel.artists["points"][0]
    faces, right = np.asarray(points.get_facecolor()), np.asarray(points.get_offsets())[:, 0] > 0
    assert len(faces) == MOST_POINTS
    assert len(np.unique(faces[right], axis=0)) == len(np.unique(faces[~right], axis=0)) == 1


def test_residuals_end_in_points_that_are_drawn() -> None:
    problem = linear_problem(RegressionData(X[:, 0], X[:, 1]))
    (run,) = compare(problem, {"Batch": optimizers.gradient_descent(0.1)}, start=[0.0, 0.0], n_updates=3)
    _, panel = stage_of(panels.LineFit(problem=problem, run=run))
    ends = np.array(panel.artists["residuals"][0].get_segments())
    drawn = {tuple(point) for point in np.column_stack(panel.artists["points"][0].get_data())}
    assert len(ends) == 400
    assert all(tuple(points[0]) in drawn or tuple(points[1]) in drawn for points in ends)


def test_rings_of_wrong_points_surround_points_that_are_drawn() -> None:
    labels = (X[:, 0] + RNG.normal(size=len(X)) > 0).astype(float)
    problem = logistic_problem(ClassificationData(X, labels, ("a", "b"), ("no", "yes")))
    (run,) = compare(problem, {"GD": optimizers.gradient_descent(1.0)}, start=[0.0, 0.0, 0.0], n_updates=3)
    stage, panel = stage_of(panels.Regions(problem=problem, run=run))
    stage.show(10.0)
    ringed = np.column_stack(panel.artists["wrong"][0].get_data())
    drawn = {tuple(point) for mark in panel.artists["points"] for point in np.column_stack(mark.get_data())}
    assert 0 < len(ringed) < 4000
    assert {tuple(point) for point in ringed} <= drawn
    assert "4\u202f000 of 30\u202f000 points drawn" in stage.figure.axes[0].get_xlabel()


def test_the_share_that_is_right_counts_all_points() -> None:
    labels = (X[:, 0] > 0.5).astype(float)
    problem = logistic_problem(ClassificationData(X, labels, ("a", "b"), ("no", "yes")))
    (run,) = compare(problem, {"GD": optimizers.gradient_descent(1.0)}, start=[0.0, 0.0, 0.0], n_updates=3)
    stage, _ = stage_of(panels.Regions(problem=problem, run=run))
    stage.show(10.0)
    scores = X @ problem.in_units(run.trajectory.final)[:2] + problem.in_units(run.trajectory.final)[2]
    share = 100 * np.mean((scores > 0) == (labels == 1))
    assert any(f"{share:.1f} % right" in text.get_text() for text in stage.figure.texts)


def test_drawn_rows_of_classes_are_those_of_each_class_by_itself() -> None:
    labels = np.repeat([0, 1], [5000, 3])
    rows = drawn_rows_of_classes(labels)
    assert rows.tolist() == [*drawn_rows(5000).tolist(), 5000, 5001, 5002]
