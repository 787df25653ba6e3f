"""Claims are said only where they hold, and their numbers are written as numbers are on screen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate import claims
from animate.draw.captions import READING_SECONDS, schedule_captions
from animate.draw.readout import Readout
from animate.draw.run import Run, compare
from animate.draw.text_template import say, sentences
from animate.draw.timeline import Timeline
from animate.errors import DataError
from animate.learn.data import RegressionData
from animate.learn.descent import Trajectory, descend
from animate.learn.objectives import linear
from animate.learn.optimizers import gradient_descent, heavy_ball
from animate.learn.problems import LinearProblem, linear_problem, logistic_problem
from animate.learn.sampling import online
from animate.learn.tables import shipped_table

X, Y = np.array([-2.0, -1.0, 0.5, 3.0]), np.array([-3.0, -1.5, 1.0, 7.0])


def run_of(losses: list[float]) -> Run:
    """Return a run whose one parameter is the square root of its loss."""
    return Run("", Trajectory.from_arrays(np.sqrt(losses)[:, None], loss=losses))


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        (12345, "{v}", "12\u202f345"),
        (-7, "{v}", "\u22127"),
        (0.96477, "{v}", "0.965"),
        (0.96477, "{v:4}", "0.9648"),
        (0.00031, "{v:2}", "3.1×10⁻⁴"),
        (-2.346, "{v:.2}", "\u22122.35"),
        (-1e-9, "{v:.2}", "0.00"),
        (0.0, "{v}", "0"),
        (0.9496, "{v:%}", "95.0 %"),
        (0.000313, "{v:%2}", "0.031 %"),
        (0.9973, "{v:%2}", "99.7 %"),
        (0.999996, "{v}", "1.00"),
        (0.9997, "{v:%2}", "99.97 %"),
        (0.999999995, "{v:%2}", "99.9999995 %"),
        (1 - 3e-16, "{v:%2}", "100 %"),
        (1.0, "{v:%2}", "100 %"),
        (0.01, "{v:g}", "0.01"),
        (1e-10, "{v:g}", "10⁻¹⁰"),
        (float("inf"), "{v}", "\u221e"),
        (np.float64(2.0), "{v}", "2.00"),
        (np.int64(2000), "{v}", "2\u202f000"),
        ([1.0, 0.5], "{v:.1}", "1.0, 0.5"),
        ("a name", "{v}", "a name"),
    ],
)
def test_a_text_writes_its_numbers_as_they_are_written_on_screen(value: object, text: str, expected: str) -> None:
    assert say(text, v=value) == expected


@pytest.mark.parametrize("value", [True, np.True_, 0, 5])
def test_a_claim_that_holds_or_holds_from_an_update_on_is_said(value: object) -> None:
    assert say("long", "short", when=value) == ("long", "short")


@pytest.mark.parametrize("value", [False, np.False_, None])
def test_a_claim_that_does_not_hold_gives_way_to_what_stands_after_or(value: object) -> None:
    assert (say("It holds.", when=value) or say("It does not.")) == "It does not."


def test_a_claim_that_does_not_hold_needs_no_numbers() -> None:
    assert say("{missing}", when=False) is None


def test_a_name_that_is_not_given_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"got {updtes}. Did you mean 'updates'\?"):
        say("{updtes}", updates=3)


def test_sentences_are_joined_without_those_that_do_not_hold() -> None:
    assert sentences("One.", None, ("Two, long.", "Two.")) == "One. Two, long."


def test_captions_that_fall_together_keep_opening_and_ending_and_the_later_of_the_others() -> None:
    entries = [(0, "opening"), (0, "middle 1"), (1, "middle 2"), (1, "early ending"), (2, "ending")]
    captions = schedule_captions(entries, Timeline(2, seconds=6.0))
    assert captions == {0: "opening", 1: "early ending", 2: "ending"}


def test_a_caption_too_short_to_be_read_makes_room_for_the_next() -> None:
    entries = [(0, "opening"), (50, "brief"), (52, "kept"), (99, "gone"), (100, "ending")]
    captions = schedule_captions(entries, Timeline(100, seconds=5.0))
    assert captions == {0: "opening", 52: "kept", 100: "ending"}


def test_captions_without_a_text_or_an_update_are_left_out() -> None:
    entries = [(0, "opening"), (None, "never"), (50, None), (100, "ending")]
    assert schedule_captions(entries, Timeline(100)) == {0: "opening", 100: "ending"}


def test_without_updates_the_opening_is_shown() -> None:
    assert schedule_captions([(0, "opening"), (0, "ending")], Timeline(0)) == {0: "opening"}


@given(st.integers(1, 60), st.lists(st.integers(-3, 70), max_size=8))
def test_whatever_the_updates_the_opening_and_the_ending_are_shown(n_updates: int, updates: list[int]) -> None:
    middle = [(update, f"at {update}") for update in updates if 0 < update < n_updates]
    captions = schedule_captions([(0, "opening"), *middle, (n_updates, "ending")], Timeline(n_updates))
    assert captions[0] == "opening"
    assert captions[n_updates] == "ending"
    times = [Timeline(n_updates).time_of(update) for update in captions]
    assert min(np.diff(times)) >= READING_SECONDS


def test_settled_at_is_the_first_update_after_which_no_distance_is_above_one_percent() -> None:
    objective = linear(X, Y)
    optimum = np.polyfit(X, Y, 1)
    run = Run("", descend(objective, gradient_descent(0.05), [0.0, 0.0], 200))
    far = [np.hypot(*(params - optimum)) > 0.01 * np.hypot(*optimum) for params in run.trajectory.params]
    assert claims.settled_at(run, optimum) == max(update for update, is_far in enumerate(far) if is_far) + 1


@pytest.mark.parametrize("left", [0.995, 0.99996, 1 - 3e-9])
def test_a_share_that_is_left_is_not_said_to_be_all(left: float) -> None:
    run = Run("", Trajectory.from_arrays([[1.0], [left]], loss=[1.0, left**2]))
    for words in claims.settling(run, [0.0]):
        said = float(words.split(" % ")[0].split()[-1])
        assert said < 100
        assert said == pytest.approx(100 * left, rel=6e-3)


def test_a_last_loss_above_the_lowest_is_shown_above_it() -> None:
    run = Run("", Trajectory.from_arrays([[0.0], [1.0]], loss=[8.0, 7.3124]))
    for words in claims.converging(run, 7.3119):
        assert "7.3124" in words
        assert "7.3119" in words


def test_a_run_that_has_not_settled_or_diverged_has_no_update_of_settling() -> None:
    objective, optimum = linear(X, Y), np.polyfit(X, Y, 1)
    for rate in (1e-6, 5.0):
        assert claims.settled_at(Run("", descend(objective, gradient_descent(rate), [0.0, 0.0], 900)), optimum) is None


def test_a_run_that_begins_at_the_optimum_has_settled_at_the_start() -> None:
    objective = linear(X, Y)
    run = Run("", descend(objective, gradient_descent(0.05), objective.optimum(), 5))
    assert claims.settled_at(run, objective.optimum()) == 0
    assert claims.distance_left(run, run.trajectory.params[0]) == 0.0


def test_a_run_that_begins_at_the_optimum_but_for_rounding_is_said_to_begin_there() -> None:
    x, y = np.arange(1.0, 6.0), 1.2 * np.arange(1.0, 6.0) + 0.1
    objective = linear(x, y)
    run = Run("", descend(objective, gradient_descent(0.01), [1.2, 0.1], 40))
    assert claims.settling(run, objective.optimum())[1] == "It begins at the best line."
    assert claims.converging(run_of([2.0, 2.0]), 2.0)[0] == "It begins at the lowest loss, 2.00."
    assert claims.converging(run_of([3.0, 2.001]), 2.0)[1] == "Loss 2.001; the lowest is 2.000."


def test_converged_at_counts_the_excess_loss() -> None:
    assert claims.converged_at(run_of([3.0, 1.1, 1.0003, 1.0001]), lowest=1.0) == 3
    assert claims.gained_at(run_of([3.0, 1.1, 1.0003, 1.0001]), lowest=1.0) == 1


@pytest.mark.parametrize(
    ("losses", "falls", "rise"),
    [
        ([3.0, 2.0, 1.0], True, None),
        ([3.0, 2.0, 2.5, 1.0], False, 2),
        ([2.0, 2.0], False, None),
        ([2.0, np.nan], False, 1),
    ],
)
def test_a_loss_falls_at_every_update_or_rises_first_at_one(losses: list[float], falls: bool, rise: int | None) -> None:
    run = Run("", Trajectory.from_arrays([[0.0]] * len(losses), loss=losses))
    assert (claims.falls_at_every_update(run), claims.first_rise(run)) == (falls, rise)


def test_descent_above_half_its_limit_turns_back_and_below_it_does_not() -> None:
    objective = linear([-1.0, 1.0], [1.0, 5.0])
    runs = [Run("", descend(objective, gradient_descent(rate), [0.0, 0.0], 30)) for rate in (0.9, 0.1)]
    assert [claims.turns_back(run) for run in runs] == [True, False]


def test_online_descent_wanders_in_noise_and_neither_without_noise_nor_before_it_is_near() -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, 40)
    noisy, exact = 2 * x + 1 + rng.normal(0, 0.5, 40), 2 * x + 1
    for y, rate, expected in ((noisy, 0.1, True), (exact, 0.1, False), (noisy, 1e-6, False)):
        objective = linear(x, y)
        run = Run("", descend(objective, gradient_descent(rate), [-3.0, 4.0], 800, online(rng=0)))
        assert claims.wanders(run, np.polyfit(x, y, 1)) == expected


def test_the_best_of_equal_scores_is_none() -> None:
    assert claims.best_of({"a": 1.0, "b": 1.0 + 1e-12, "c": 3.0}) is None
    assert claims.best_of({"a": float("nan")}) is None


def test_compare_runs_every_optimizer_from_one_start_as_descend_does() -> None:
    problem = linear_problem(shipped_table("norris"))
    methods = {"Plain": (gradient_descent(0.01), online(rng=4)), "Momentum": heavy_ball(0.1, 0.5)}
    plain, momentum = compare(problem, methods, start=[1.0, 2.0], n_updates=20)
    alone = descend(problem.objective, gradient_descent(0.01), [1.0, 2.0], 20, online(rng=4))
    assert np.array_equal(plain.trajectory.params, alone.params)
    assert (momentum.name, momentum.role, momentum.trajectory.rows) == ("Momentum", "second", None)


def test_compare_refuses_more_runs_than_colors() -> None:
    methods = {str(rate): gradient_descent(rate) for rate in np.linspace(0.1, 0.7, 7)}
    with pytest.raises(ValueError, match="roles must name a color for each of 7 runs; got 6"):
        compare(linear(X, Y), methods, start=[0.0, 0.0], n_updates=1)


def test_a_run_refuses_an_unknown_role_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"got 'secnd'. Did you mean 'second'\?"):
        Run("", Trajectory.from_arrays([[0.0]], loss=[1.0]), "secnd")


def test_a_table_of_ones_own_is_standardized_unless_it_must_not_be() -> None:
    x = shipped_table("norris").numbers("x")
    table = shipped_table("norris")
    standardized, raw = linear_problem(table), linear_problem(table, standardize=False)
    assert standardized.objective.design[:, 0] == pytest.approx((x - x.mean()) / x.std())
    assert np.array_equal(raw.objective.design[:, 0], x)


def test_a_table_with_another_number_of_features_is_refused() -> None:
    table = shipped_table("penguins").select(["bill_length_mm", "bill_depth_mm", "species"])
    with pytest.raises(DataError, match=r"2 columns are needed \(the feature first, the label last\)"):
        logistic_problem(table, n_features=1)


def line_runs(n_updates: int = 400) -> tuple[LinearProblem, list[Run]]:
    problem = linear_problem(RegressionData(X, Y))
    methods = {"Batch GD": gradient_descent(0.05), "Online SGD": (gradient_descent(0.02), online(rng=1))}
    return problem, compare(problem, methods, start=[0.0, 0.0], n_updates=n_updates)


def test_a_run_shows_the_best_line_only_if_its_digits_are_those_of_least_squares() -> None:
    slope, intercept = np.polyfit(X, Y, 1)
    problem, (batch, _) = line_runs()
    assert claims.best_line_shown(problem, batch) == f"{slope:.3f}\u2009x + {intercept:.4f}"
    problem, (batch, _) = line_runs(20)
    assert claims.best_line_shown(problem, batch) is None


def test_a_summary_of_lines_has_the_ends_of_the_runs_and_the_line_of_least_squares() -> None:
    problem, runs = line_runs(30)
    (slope, intercept), rest, *_ = np.polyfit(X, Y, 1, full=True)
    assert claims.line_summary(problem, runs[:1]).startswith("Batch GD fits a line to 4 points in 30 updates.")
    text = claims.line_summary(problem, runs, loss="loss")
    assert text.startswith("Batch GD and Online SGD fit a line to 4 points in 30 updates. Batch GD ends at y = ")
    for run, used in zip(runs, (120, 30), strict=True):
        w, b = run.trajectory.final
        loss = np.mean(np.square(w * X + b - Y))
        sign = "+" if b >= 0 else "\u2212"
        assert f"y = {w:.3f}\u2009x {sign} {abs(b):.4f} with a loss of {loss:.4g}, after {used} gradients." in text
    assert f"The lowest loss, {rest[0] / 4:.4f}, is that of y = {slope:.3f}\u2009x + {intercept:.4f}." in text


def test_a_summary_does_not_give_a_line_for_a_run_that_reached_infinity() -> None:
    problem = linear_problem(RegressionData(X, Y))
    with np.errstate(all="ignore"):
        runs = compare(problem, {"Batch GD": gradient_descent(10.0)}, start=[0.0, 0.0], n_updates=800)
    assert "ends at" not in claims.line_summary(problem, runs)


def test_the_gradients_used_are_one_or_all_points_for_each_update() -> None:
    _, (batch, sgd) = line_runs(400)
    assert Readout.gradients_used([sgd]).text(7) == "7"
    assert Readout.gradients_used([sgd, batch]).text(300) == "300 vs 1\u202f200"
    assert Readout.gradients_used([sgd, batch, batch]).text(3) == "3 to 12"
    assert Readout.gradients_used([sgd, batch]).widest == "400 vs 1\u202f600"


def test_those_that_arrive_together_are_both_named_as_first() -> None:
    losses = {"A": [4.0, 0.5, 0.1], "B": [4.0, 0.4, 0.2], "C": [4.0, 3.0, 0.2]}
    runs = [Run(name, Trajectory.from_arrays([[0.0]] * 3, loss=loss)) for name, loss in losses.items()]
    assert claims.arrival_summary(runs, 1.0)[2] == "First: A and B, after 1."


def test_each_run_may_have_a_problem_and_a_start_of_its_own() -> None:
    problems = {"mean": linear(X, Y), "half": linear(X, Y, loss="half_squared")}
    starts = np.array([[0.0, 0.0], [1.0, -1.0]])
    runs = compare(problems, gradient_descent(0.1), start=starts, n_updates=1)
    design = np.column_stack([np.asarray(X), np.ones(len(X))])
    for run, start, factor in zip(runs, starts, (2.0, 1.0), strict=True):
        slope = factor * design.T @ (design @ start - np.asarray(Y)) / len(X)
        np.testing.assert_allclose(run.trajectory.params, [start, start - 0.1 * slope])
    assert [(run.name, run.role) for run in runs] == [("mean", "first"), ("half", "second")]
