"""A group of parameters: the fields of a dataclass are parameters of a lesson, and ``build`` receives the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pytest
from scipy.stats import linregress

from animate import LinePoints, OutlierPoints, Range, datasets, line, load, load_table, starting_params
from animate.library.discovery import summarize
from animate.library.signature import SignatureError, keywords_of, parameters_of


def lesson(
    rate: Annotated[float, Range(0.0, 1.0)] = 0.5, points: LinePoints = LinePoints(20, noise=0.5, slope=3.0, seed=7)
) -> None: ...


def test_the_annotated_fields_of_a_group_are_parameters_with_the_values_of_its_default() -> None:
    found = parameters_of(lesson)
    assert [one.name for one in found] == ["rate", "n_samples", "noise", "start", "seed", "standardize", "data"]
    assert [one.default for one in found] == [0.5, 20, 0.5, None, 7, True, None]
    assert [one.group for one in found] == [""] + ["points"] * 6
    assert found[1].range == Range(5, 500)


def test_build_receives_the_group_with_the_values_given_and_the_rest_of_its_default() -> None:
    parameters = parameters_of(lesson)
    keywords = keywords_of(lesson, parameters, {"rate": 0.1, "seed": 9, "start": (1.0, 2.0)})
    assert keywords == {"rate": 0.1, "points": LinePoints(20, 0.5, (1.0, 2.0), 9, slope=3.0)}
    assert keywords_of(lesson, parameters, {"rate": 0.1}) == {"rate": 0.1}


@dataclass(frozen=True)
class Mistyped:
    rate: Annotated[complex, "Not a parameter's type"] = 0j


def twice(seed: int = 1, points: LinePoints = LinePoints()) -> None: ...
def no_default(points: LinePoints = None) -> None: ...  # type: ignore[assignment]
def wrong_type(points: Mistyped = Mistyped()) -> None: ...


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (twice, "parameter seed of build stands twice"),
        (no_default, r"the default of parameter points of build must be LinePoints\(...\); got NoneType"),
        (wrong_type, "the type of parameter rate of build must be .*; got complex"),
    ],
)
def test_a_group_that_defines_no_parameters_is_refused(build: Any, message: str) -> None:
    with pytest.raises(SignatureError, match=message):
        parameters_of(build)


def test_a_script_with_a_group_takes_its_parameters_and_a_table(write_scene: Any) -> None:
    path = write_scene(
        text='"""Why?"""\nfrom animate import LinePoints, Scene, Timeline, panels, compare, optimizers\n\n'
        "def build(points: LinePoints = LinePoints(30, slope=2.0)):\n"
        "    problem = points.problem()\n"
        '    runs = compare(problem, {"Batch": optimizers.gradient_descent(0.1)},'
        " n_updates=2)\n"
        '    return Scene(title="?", caption="", panels=[panels.LineFit(problem=problem, run=runs[0])],'
        " timeline=Timeline(2))\n"
    )
    script = load(path)
    fit: Any = script.build(n_samples=12, seed=3).panels[0]
    assert (fit.problem.data.y == line(12, 2.0, 1.0, noise=1.0, rng=3).y).all()
    own: Any = script.build(data=load_table({"x": [1.0, 2.0, 4.0], "y": [1.0, 2.0, 9.0]})).panels[0]
    assert own.problem.data.y.tolist() == [1.0, 2.0, 9.0]
    summary = summarize(path)
    assert summary is not None
    assert summary.data == "your own x and y"


def test_the_first_line_is_that_of_the_lesson_unless_a_start_or_data_are_given() -> None:
    points = LinePoints(20, first_line=(1.0, -2.0), seed=4)
    problem = points.problem()
    assert problem.first.tolist() == [1.0, -2.0]
    assert LinePoints(20, start=(3.0, 4.0), first_line=(1.0, -2.0)).problem().first.tolist() == [3.0, 4.0]
    table = load_table({"x": [1.0, 2.0, 4.0], "y": [1.0, 2.0, 9.0]})
    own = LinePoints(data=table, first_line=(1.0, -2.0), seed=4)
    assert (own.problem().first == starting_params(own.problem(), rng=4)).all()


@pytest.mark.parametrize("standardize", [True, False])
def test_a_table_is_standardized_if_its_user_wants_it_and_the_best_line_is_that_of_scipy(standardize: bool) -> None:
    x, y = np.array([1.0, 2.0, 4.0, 7.0]), np.array([1.0, 2.0, 9.0, 9.0])
    problem = LinePoints(data=load_table({"x": x, "y": y}), standardize=standardize).problem()
    assert problem.is_scaled == standardize
    fit = linregress(x, y)
    assert problem.in_units(problem.objective.optimum()) == pytest.approx([fit.slope, fit.intercept])


def outlier_lesson(points: OutlierPoints = OutlierPoints(26, height=7.5, first_line=(-0.4, -2.5), seed=2)) -> None: ...


def test_points_with_outliers_are_a_group_too() -> None:
    found = parameters_of(outlier_lesson)
    assert [one.name for one in found[:3]] == ["n_samples", "share", "height"]
    assert [one.name for one in found[3:]] == ["noise", "start", "seed", "standardize", "data"]
    points = keywords_of(outlier_lesson, found, {"seed": 9})["points"]
    drawn = datasets.outliers(26, noise=0.8, share=0.12, height=7.5, rng=9)
    assert (points.drawn().y == drawn.y).all()
    problem = points.problem(loss="absolute")
    assert problem.is_scaled
    assert problem.in_units(problem.first) == pytest.approx([-0.4, -2.5])


def test_own_points_with_outliers_are_as_they_are_if_not_standardized() -> None:
    table = load_table({"x": [1.0, 2.0, 4.0], "y": [1.0, 2.0, 9.0]})
    points = OutlierPoints(data=table, standardize=False, start=(1.0, 2.0))
    assert points.drawn().y.tolist() == [1.0, 2.0, 9.0]
    problem = points.problem()
    assert not problem.is_scaled
    assert problem.first.tolist() == [1.0, 2.0]
