"""A stage that is given another script shows, in every pixel, what a stage made for that script shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes

import animate
from animate.draw.panels import LineFit, LossCurve, Panel, Run
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.draw.stage_spec import StageSpec
from animate.draw.style import Style
from animate.draw.timeline import Timeline
from animate.learn.descent import descend
from animate.learn.optimizers import gradient_descent
from animate.learn.problems import LinearProblem, linear_problem
from animate.library.parameters import Parameter
from animate.replay.full_draw import FullDraw

SCENES = sorted((Path(__file__).parents[2] / "scenes").glob("*.py"))
SMALL = Settings(480, 270)


def picture(stage: Stage) -> np.ndarray:
    return FullDraw(stage.figure, stage.figure.dpi, {"facecolor": stage.figure.get_facecolor()}).frame()


def other_value(parameter: Parameter) -> Any:
    """Return a value near the default, another one where there is one near it."""
    value = parameter.default
    if parameter.kind == "choice":
        value = next(choice for choice in parameter.choices if choice != value)
    elif parameter.kind == "bool":
        value = not value
    elif parameter.kind == "int" and value is not None:
        value = value - 1 if parameter.range is None or value - 1 in parameter.range else value + 1
    elif parameter.kind == "float" and value is not None:
        value = 0.8 * value
    elif parameter.kind == "floats" and value is not None:
        value = tuple(0.9 * number for number in value)
    numbers = value if isinstance(value, tuple) else (value,)
    fits = parameter.range is None or value is None or all(number in parameter.range for number in numbers)
    return value if fits else parameter.default


@pytest.fixture(scope="module")
def problem() -> LinearProblem:
    return linear_problem(animate.line(20, rng=0))


def fit(problem: LinearProblem, learning_rate: float, **fields: Any) -> LineFit:
    run = Run("Batch", descend(problem.objective, gradient_descent(learning_rate), [0.0, 0.0], 10))
    return LineFit(problem=problem, run=run, **fields)


def script(*panels: Panel, **fields: Any) -> StageSpec:
    given = {"title": "Title", "caption": "Caption", "timeline": Timeline(10)} | fields
    return StageSpec(panels=panels, **given)


@pytest.mark.parametrize("path", SCENES, ids=lambda path: path.stem)
def test_every_scene_rebound_to_other_values_looks_as_if_made_for_them(path: Path) -> None:
    loaded = animate.load(path)
    changed = {one.name: other_value(one) for one in loaded.parameters if one.kind != "data"}
    if "n_updates" in changed:
        changed["n_updates"] = min(changed["n_updates"] or 100, 300)
    first, second = loaded.build(), loaded.build(**changed)
    stage, fresh = first.stage(SMALL), second.stage(SMALL)
    stage.show(0.6 * first.timeline.duration)
    picture(stage)
    second.rebind(stage)
    for share in (0.3, 1.0):
        stage.show(share * second.timeline.duration)
        fresh.show(share * second.timeline.duration)
        np.testing.assert_array_equal(picture(stage), picture(fresh))


def test_artists_that_are_made_alike_stay(problem: LinearProblem) -> None:
    stage = Stage(script(fit(problem, 0.1)), SMALL)
    [axes] = stage.figure.axes
    before = axes.get_lines()
    stage.rebind(script(fit(problem, 0.2)))
    assert stage.figure.axes == [axes]
    assert list(axes.get_lines()) == list(before)


def test_words_that_changed_are_made_anew_and_old_ones_are_gone(problem: LinearProblem) -> None:
    stage = Stage(script(fit(problem, 0.1)), SMALL)
    stage.rebind(script(fit(problem, 0.1), title="Other title"))
    words = [text.get_text() for text in stage.figure.texts]
    assert "Other title" in words
    assert "Title" not in words


def test_other_kinds_of_panels_get_a_figure_of_their_own(problem: LinearProblem) -> None:
    curve = LossCurve(runs=[fit(problem, 0.1).run])
    stage = Stage(script(fit(problem, 0.1)), SMALL)
    before = stage.figure
    stage.rebind(script(curve))
    assert stage.figure is not before
    np.testing.assert_array_equal(picture(stage), picture(Stage(script(curve), SMALL)))


def test_a_label_that_is_no_longer_set_does_not_stay(problem: LinearProblem) -> None:
    named = replace(problem, data=replace(problem.data, x_name="bill length"))
    large = Settings(800, 450)
    stage = Stage(script(fit(named, 0.1)), large)
    stage.rebind(script(fit(problem, 0.1)))
    np.testing.assert_array_equal(picture(stage), picture(Stage(script(fit(problem, 0.1)), large)))


@dataclass(kw_only=True)
class Odd(Panel):
    """Makes axes and artists in ways that the stage knows nothing of."""

    own_axes: bool = False

    def create(self, axes: Axes, style: Style) -> None:
        if self.own_axes:
            axes.twinx()
        else:
            axes.stem([1.0, 2.0], [1.0, 2.0])

    def show(self, update: int) -> None:
        pass


@pytest.mark.parametrize("panel", [Odd(), Odd(own_axes=True)], ids=["artists", "axes"])
def test_what_was_made_in_an_unknown_way_is_not_made_twice(panel: Odd) -> None:
    stage = Stage(script(panel), SMALL)
    stage.rebind(script(panel))
    np.testing.assert_array_equal(picture(stage), picture(Stage(script(panel), SMALL)))


@dataclass(kw_only=True)
class Layers(Panel):
    """Squares that cover each other in the order in which they are given."""

    colors: tuple[str, ...]

    def create(self, axes: Axes, style: Style) -> None:
        axes.set_xlim(0, 1)
        for color in self.colors:
            axes.axvspan(0.2, 0.8, color=color)

    def show(self, update: int) -> None:
        pass


def test_what_stays_is_covered_by_what_comes_after_it() -> None:
    stage = Stage(script(Layers(colors=("red", "blue"))), SMALL)
    swapped = script(Layers(colors=("blue", "red")))
    stage.rebind(swapped)
    np.testing.assert_array_equal(picture(stage), picture(Stage(swapped, SMALL)))


@dataclass(kw_only=True)
class Faint(Panel):
    """A line that is hidden after it was made, or not."""

    hidden: bool

    def create(self, axes: Axes, style: Style) -> None:
        (line,) = axes.plot([0.0, 1.0], [0.0, 1.0], linewidth=9)
        if self.hidden:
            line.set_visible(False)

    def show(self, update: int) -> None:
        pass


def test_what_stays_is_as_it_was_when_it_was_new() -> None:
    stage = Stage(script(Faint(hidden=True)), SMALL)
    shown = script(Faint(hidden=False))
    stage.rebind(shown)
    np.testing.assert_array_equal(picture(stage), picture(Stage(shown, SMALL)))


@dataclass(kw_only=True)
class Lines(Panel):
    """A panel of several lines."""

    n_lines: int = 1
    fixed: bool = True

    def create(self, axes: Axes, style: Style) -> None:
        if self.fixed:
            axes.set_xlim(0, 1)
            axes.set_ylim(0, 9)
        for height in range(self.n_lines):
            axes.plot([0, 1], [height, height], color="black")

    def show(self, update: int) -> None:
        pass


@pytest.mark.parametrize(("fixed", "stays"), [(True, True), (False, False)], ids=["limits set", "limits by the data"])
def test_a_figure_stays_for_more_or_fewer_artists_where_these_decide_no_limits(fixed: bool, stays: bool) -> None:
    specs = [script(Lines(n_lines=n, fixed=fixed)) for n in (3, 1, 4)]
    stage = Stage(specs[0], SMALL)
    for spec in specs[1:]:
        figure = stage.figure
        stage.rebind(spec)
        assert (stage.figure is figure) is stays
        np.testing.assert_array_equal(picture(stage), picture(Stage(spec, SMALL)))
