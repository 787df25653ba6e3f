"""Rules with numbers, standings, residuals and named curves: what their artists hold."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.text import Text

from animate.draw.claims import arrival_summary
from animate.draw.formatting import short_number
from animate.draw.panels import (
    Formula,
    LineFit,
    LossCurve,
    LossSurface,
    Panel,
    Run,
    Term,
)
from animate.draw.readout import Readout
from animate.draw.settings import Settings
from animate.draw.style import Style
from animate.draw.timeline import Timeline
from animate.learn.data import RegressionData
from animate.learn.descent import Trajectory, descend
from animate.learn.optimizers import gradient_descent
from animate.learn.problems import linear_problem
from animate.scene import Scene
from tests.scenes.classification_tables import value_of

SIZES = [(480, 270), (800, 450), (1280, 720)]


def staged(*panels: Panel, n_updates: int, size: tuple[int, int] = (800, 450)):
    return Scene(title="?", caption="", panels=panels, timeline=Timeline(n_updates)).stage(Settings(*size))


def shown(stage, update: int) -> list[str]:
    timeline = stage.spec.timeline
    stage.show(timeline.duration if update == timeline.n_updates else timeline.time_of(update) + 1e-9)
    return [text.get_text().replace("−", "-") for text in stage.figure.findobj(Text) if text.get_text()]


def run_of(losses, name: str = "a", role: str = "first") -> Run:
    return Run(name, Trajectory.from_arrays(np.zeros((len(losses), 2)), loss=losses), role)


def line_problem():
    return linear_problem(RegressionData([0.0, 1.0, 2.0, 3.0], [1.0, 2.5, 5.5, 7.0]))


def test_a_formula_shows_the_numbers_of_the_update_and_of_the_one_before() -> None:
    w = [1.0, 2.025, 2.5]
    rule = [Term("$w$", w), "$+$", Term.before("$w$", w), "$-$", Term("$c$", 0.1)]
    panel = Formula(rules=[rule], roles=["ink"])
    numbers = [text for text in shown(staged(panel, n_updates=2), 1) if text[0].isdigit()]
    assert numbers[:3] == ["2.025", "1.000", "0.1"]


def test_a_negative_number_has_parentheses_unless_it_is_the_result() -> None:
    rule = [Term("$v$", [0.0, -2.0]), Term("$+$"), Term("$w$", [np.nan, -3.0])]
    words = shown(staged(Formula(rules=[rule], roles=["ink"]), n_updates=1), 1)
    assert "-2.000" in words
    assert "(-3.000)" in words


@pytest.mark.parametrize(("scale", "size"), [(1.0, SIZES[2]), (40.0, SIZES[1]), (1e-6, SIZES[2])])
def test_the_numbers_of_a_rule_give_the_result_that_is_shown(scale: float, size) -> None:
    rng = np.random.default_rng(1)
    slopes = scale * rng.normal(size=40)
    w = scale * 1.3 - 0.037 * np.append(0.0, np.cumsum(slopes))
    rule: list[Term | str] = [
        Term("$w$", w), r"$\leftarrow$", Term.before("$w$", w), "$-$", Term(r"$\eta$", 0.037), r"$\cdot$",
        Term("$g$", np.append(np.nan, slopes)),
    ]  # fmt: skip
    stage, plain = staged(Formula(rules=[rule], roles=["ink"]), n_updates=40, size=size), str.maketrans("", "", "()")
    for update in range(1, 41):
        texts = [text.translate(plain) for text in shown(stage, update)]
        numbers = [text for text in texts if re.match("-?[0-9]", text) and "/" not in text]
        new, old, rate, slope = map(value_of, numbers)
        digits = re.match("-?[0-9.]+", numbers[0])[0]
        last = 10.0 ** -len(digits.partition(".")[2]) * (abs(new / float(digits)) if float(digits) else 1.0)
        assert abs(old - rate * slope - new) <= 0.5 * last * (1 + 1e-6), (new, old, rate, slope)


@pytest.mark.parametrize("size", SIZES)
def test_a_formula_keeps_to_its_place_whatever_its_numbers(size) -> None:
    rule = [Term("$w$", [0.0, -1e200]), Term("$-$"), Term(r"$\eta$", 0.012345), Term("$w$", [np.nan, np.inf])]
    stage = staged(Formula(rules=[rule, rule], roles=["ink", "first"]), n_updates=1, size=size)
    shown(stage, 1)
    stage.figure.canvas.draw()
    for text in stage.figure.axes[0].texts:
        assert text.get_window_extent().x1 <= size[0]


def test_short_numbers_are_short() -> None:
    values = [0.0, 1e-300, -1e-5, 0.00123, 12.345, 99999.0, 1e5, -2e250, np.inf, np.nan]
    assert max(len(short_number(value)) for value in values) <= 9


def test_arrivals_are_told_first_one_first_with_those_that_are_missing() -> None:
    runs = [run_of([4.0, 2.0, 0.5], "slow"), run_of([4.0, 0.1, 0.1], "fast"), run_of([4.0, 3.0, 3.0], "late")]
    long, short, shortest = arrival_summary(runs, 1.0)
    assert long == "Reached the goal: fast after 1 update, slow 2; not in 2: late."
    assert short == "Reached: fast 1, slow 2; 1 not yet."
    assert shortest == "First: fast, after 1; 1 not yet."
    assert arrival_summary(runs[2:], 1.0)[0] == "None of them reached the goal in 2 updates."


def test_a_run_that_diverges_is_not_one_that_has_yet_to_arrive() -> None:
    runs = [run_of([4.0, 0.5, 0.1], "fast"), run_of([4.0, 3.0, 3.0], "late"), run_of([4.0, 90.0, np.inf], "lost")]
    long, short, shortest = arrival_summary(runs, 1.0)
    assert long == "Reached the goal: fast after 1 update; not in 2: late; diverged: lost."
    assert short == "Reached: fast 1; 1 not yet; 1 diverged."
    assert shortest == "First: fast, after 1; 1 not yet; 1 diverged."


def test_several_curves_are_named_in_the_order_of_their_last_losses_and_apart() -> None:
    runs = [run_of([1.0, 1e-9], "a"), run_of([1.0, 1e-30], "b", "second"), run_of([1.0, 0.9], "c", "third")]
    stage = staged(LossCurve(runs=runs, log=True), n_updates=1, size=(480, 270))
    stage.figure.canvas.draw()
    boxes = {text.get_text(): text.get_window_extent() for text in stage.figure.axes[0].texts}
    assert boxes["c"].y0 > boxes["a"].y1 - 2 > boxes["a"].y0 > boxes["b"].y0


def test_a_dot_beyond_the_axis_is_not_drawn_outside() -> None:
    stage = staged(LossCurve(runs=[run_of([1.0, 0.5, 1e40])]), n_updates=2)
    shown(stage, 2)
    dot = stage.figure.axes[0].lines[-1]
    assert np.isnan(dot.get_ydata()[0])


def test_a_goal_is_a_dashed_line_at_its_loss() -> None:
    stage = staged(LossCurve(runs=[run_of([9.0, 1.0, 0.01])], goal=0.1, log=True), n_updates=2)
    assert any(np.allclose(line.get_ydata(), 0.1) for line in stage.figure.axes[0].lines)
    assert "goal" in shown(stage, 0)


def test_true_curves_are_dashed_and_an_equation_can_take_the_headline() -> None:
    problem = line_problem()
    run = Run("GD", descend(problem.objective, gradient_descent(0.1), [1.0, 0.0], 3))
    fit = LineFit(problem=problem, run=run, true_functions=[lambda x: 2 * x + 1], headline="equation")
    stage = staged([fit, fit], n_updates=3)
    words = shown(stage, 0)
    assert sum(word.startswith("y = 1.0") for word in words) == 2
    assert any(word.startswith("MSE ") and "R²" in word for word in words)
    assert any(line.get_linestyle() == "--" for line in stage.figure.axes[0].lines)


def test_further_minima_are_open_stars() -> None:
    surface = LossSurface(
        values=lambda points: np.square(points).sum(axis=-1), runs=[run_of([1.0, 0.0])], minima=np.array([[1.0, 1.0]]),
        limits=((-2.0, 2.0), (-2.0, 2.0)),
    )  # fmt: skip
    stars = [line for line in staged(surface, n_updates=1).figure.axes[0].lines if line.get_marker() == "*"]
    assert [line.get_xydata().tolist() for line in stars] == [[[1.0, 1.0]]]


def test_a_power_of_ten_is_wider_than_as_many_digits() -> None:
    style, losses = Style(Settings(480, 270)), [0.00123, 1.88e-6]
    readout = Readout.of("MSE", losses)
    assert readout.widest == max(map(readout.text, range(2)), key=lambda text: style.text_width(text, 11))


def test_a_readout_keeps_room_for_its_widest_text() -> None:
    """2.98e5 is a larger number than 29389.972, and a shorter text."""
    assert Readout.of("MSE", [298000.0, 29389.972, 0.739]).widest == "29\u202f389.972"
