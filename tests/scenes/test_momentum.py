"""Momentum on a quadratic against the linear recurrences it obeys, and the numbers put into the formula."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.text import Text
from scipy.signal import lfilter

from animate import load_table
from animate.draw.settings import Settings
from animate.errors import UsageError

NAME = "momentum"
RATE, MOMENTUM, CONDITION, START, N = 0.01, 0.85, 50.0, (-4.5, 1.4), 120
CURVATURES = np.array([1.0, CONDITION])


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


def runs(scene):
    return scene.panels[0].runs


def recurrence(first: float, second: float, a: float, b: float) -> np.ndarray:
    """Return u_k = a u_(k-1) + b u_(k-2) for k = 0..N, by a filter's response to its initial state."""
    kick = np.zeros(N + 1)
    kick[0], kick[1] = first, second - a * first
    return lfilter([1.0], [1.0, -a, -b], kick)


def test_plain_descent_shrinks_each_coordinate_by_its_own_factor(scene) -> None:
    expected = np.array(START) * (1 - RATE * CURVATURES) ** np.arange(N + 1)[:, None]
    assert np.allclose(runs(scene)[0].trajectory.params, expected, rtol=1e-10, atol=1e-13)


def test_heavy_ball_follows_polyaks_recurrence(scene) -> None:
    """x_(k+1) = (1 + b - rate h) x_k - b x_(k-1), Polyak (1964)."""
    path = runs(scene)[1].trajectory.params
    for axis, curvature in enumerate(CURVATURES):
        a = 1 + MOMENTUM - RATE * curvature
        expected = recurrence(START[axis], START[axis] * (1 - RATE * curvature), a, -MOMENTUM)
        assert np.allclose(path[:, axis], expected, rtol=1e-8, atol=1e-12)


def test_nesterov_follows_its_recurrence_at_the_look_ahead_points(scene) -> None:
    """y_(k+1) = (1 - rate h) ((1 + b) y_k - b y_(k-1)), the points at which its gradients are taken."""
    path = runs(scene)[2].trajectory.params
    for axis, curvature in enumerate(CURVATURES):
        kept = 1 - RATE * curvature
        second = START[axis] * (1 - (1 + MOMENTUM) * RATE * curvature)
        expected = recurrence(START[axis], second, kept * (1 + MOMENTUM), -kept * MOMENTUM)
        assert np.allclose(path[:, axis], expected, rtol=1e-8, atol=1e-12)


def test_it_is_said_when_each_was_at_the_goal(scene) -> None:
    loss = 0.5 * (np.square(runs(scene)[2].trajectory.params) @ CURVATURES)
    outside = max(k for k, value in enumerate(loss) if value > 1e-3 * loss[0])
    words = str([beat.words for beat in scene.beats])
    assert f"Reached the goal: Nesterov after {outside + 1} updates, Heavy ball 39; not in 120: Plain." in words


def test_the_formula_shows_this_updates_numbers(scene, words_at) -> None:
    """At update 8: v = b v - rate x, for the slope along the floor is x itself."""
    before, after = runs(scene)[1].trajectory.params[[7, 8], 0]
    velocity = after - before
    earlier = before - runs(scene)[1].trajectory.params[6, 0]
    assert velocity == pytest.approx(MOMENTUM * earlier - RATE * before, rel=1e-9)
    words = words_at(scene, 8).replace("−", "-").split("\n")
    for number in (f"{velocity:.3f}", "0.85", f"{earlier:.3f}", "0.01", f"({before:.3f})", f"{after:.3f}"):
        assert number in words


def test_the_formula_has_no_numbers_of_an_update_before_the_first(scene, words_at) -> None:
    words = words_at(scene, 0).replace("−", "-").split("\n")
    assert "(-4.500)" not in words
    assert "-4.000" not in words


def updates_of_plain_descent(rate: float, condition: float = CONDITION, start=START) -> int:
    """Return after how many updates the loss of plain descent is 1/1000 of the first, by its closed form."""
    k = np.arange(5000)
    with np.errstate(all="ignore"):
        loss = 0.5 * (start[0] * (1 - rate) ** k) ** 2 + 0.5 * condition * (start[1] * (1 - condition * rate) ** k) ** 2
    return int((loss <= 1e-3 * loss[0]).argmax())


def test_plain_descent_needs_73_at_039_and_87_at_the_rate_that_is_best_in_the_worst_case() -> None:
    assert updates_of_plain_descent(0.039) == 73
    assert updates_of_plain_descent(2 / (1 + CONDITION)) == 87


@pytest.mark.parametrize("condition", [2.0, 50.0, 400.0])
def test_plain_descents_own_best_rate_is_the_best_of_a_fine_grid(build, condition) -> None:
    words = " ".join(beat.words[0] for beat in build(NAME, condition_number=condition).beats if beat.words)
    said = int(re.search(r"needs ([\d\u202f]+) updates", words)[1].replace("\u202f", ""))
    tried = [updates_of_plain_descent(rate, condition) for rate in np.linspace(1 / condition, 2 / condition, 4000)[:-1]]
    assert min(count for count in tried if count) <= said <= 1.02 * min(count for count in tried if count) + 1


@pytest.mark.parametrize("seed", range(12))
def test_plain_descent_at_the_rate_that_is_shown_needs_what_is_said(build, seed) -> None:
    rng = np.random.default_rng(seed)
    condition, start = float(np.exp(rng.uniform(0, np.log(900)))), tuple(rng.uniform(-5, 5, 2))
    if not seed:
        condition, start = CONDITION, START
    words = " ".join(beat.words[0] for beat in build(NAME, condition_number=condition, start=start).beats)
    rate, said = re.search(r"best rate, ([\d.]+) of .* needs ([\d\u202f]+) update", words).groups()
    assert updates_of_plain_descent(float(rate), condition, start) == int(said.replace("\u202f", ""))


@pytest.mark.parametrize(
    ("start", "crosses"), [((-4.5, 1.4), True), ((0.0, 1.4), False), ((-4.5, 0.0), False), ((0.0, 0.0), False)]
)
def test_pulls_are_said_to_add_up_along_a_valley_only_where_there_are_some_along_and_across(build, start, crosses):
    words = str([beat.words for beat in build(NAME, start=start).beats])
    assert ("Pulls along the valley add up" in words) == crosses


def test_momentum_is_not_said_to_leave_plain_descent_behind_and_0_to_change_nothing(build) -> None:
    assert "behind" not in str(build(NAME).beats)
    assert "all are the same" in str(build(NAME, momentum=0.0).beats)


@pytest.mark.parametrize("seed", range(6))
def test_arrivals_are_those_of_the_recurrences(build, seed) -> None:
    rng = np.random.default_rng(seed)
    values = {
        "learning_rate": float(rng.choice([1e-4, 0.01, 0.03])), "momentum": float(rng.choice([0.0, 0.5, 0.95])),
        "condition_number": float(rng.choice([1.0, 10.0, 50.0])), "n_updates": int(rng.choice([5, 120, 400])),
    }  # fmt: skip
    scene = build(NAME, **values)
    words = " ".join(str(beat.words) for beat in scene.beats)
    for run in runs(scene):
        loss = 0.5 * np.square(run.trajectory.params) @ [1.0, values["condition_number"]]
        outside = np.flatnonzero(loss > 1e-3 * loss[0])
        at = outside[-1] + 1
        if at <= values["n_updates"]:
            assert re.search(rf"{run.name} (after )?{at}\b", words)


@pytest.mark.parametrize(
    "wild",
    [{"learning_rate": 1.0, "n_updates": 2000}, {"learning_rate": 1e-10}, {"momentum": 0.0}, {"n_updates": 1},
     {"condition_number": 1.0}, {"start": (0.0, 0.0)}],
)  # fmt: skip
def test_wild_values_play_to_the_end(build, plays, wild) -> None:
    plays(build(NAME, **wild))


def test_a_rate_over_the_limit_is_said_to_diverge(build, words_at) -> None:
    assert "diverges" in words_at(build(NAME, learning_rate=1.0, n_updates=300))


@pytest.mark.parametrize(("rate", "names"), [(1.0, ["Plain", "Heavy ball", "Nesterov"]), (0.039, ["Nesterov"])])
def test_all_that_diverge_at_one_update_are_named_from_there_on(build, rate, names) -> None:
    """Those are the runs of which the loss is over 100 times the first, by the recurrences written out."""
    scene = build(NAME, learning_rate=rate, n_updates=300)
    with np.errstate(all="ignore"):
        losses = {run.name: 0.5 * np.square(run.trajectory.params) @ CURVATURES for run in runs(scene)}
    assert [name for name, loss in losses.items() if not loss[-1] <= 100 * loss[0]] == names
    for words in scene.captions[max(scene.captions)]:
        assert re.findall(r"(?:^|\. )(\w[\w ]*) diverges", words) == names


@pytest.mark.parametrize("width", [3.0, 50.0])
def test_own_points_are_the_valley_on_their_own_axes(build, width) -> None:
    """The heavy ball on the mean squared error by a loop, its optimum by polyfit, its limit by numpy."""
    rng = np.random.default_rng(42)
    x = rng.uniform(-3.0 if width == 3.0 else 0.0, width, 100)
    y = 2 * x + 1 + rng.normal(0.0, 0.5, 100)
    built = build(NAME, data=load_table({"x": x, "y": y}), start=(-1.0, -2.0), learning_rate=1e-4, n_updates=50)
    params, velocity, design = np.array([-1.0, -2.0]), np.zeros(2), np.column_stack([x, np.ones(100)])
    for reached in runs(built)[1].trajectory.params:
        assert np.allclose(reached, params, rtol=1e-10)
        velocity = MOMENTUM * velocity - 1e-4 * 2 * design.T @ (design @ params - y) / 100
        params = params + velocity
    assert np.allclose(built.panels[0].optimum, np.polyfit(x, y, 1), rtol=1e-9)
    low, high = np.linalg.eigvalsh(2 * design.T @ design / 100)
    words = " ".join(str(beat.words) for beat in built.beats)
    assert (f"of at most {2 / high:.3g}, needs" in words) == (high / low <= 1000)
    assert ("A narrow valley" in words) == (high / low >= 10)


def test_own_points_far_from_0_get_a_rate_below_their_limit(build) -> None:
    x = np.linspace(1990.0, 2020.0, 31)
    built = build(NAME, data=load_table({"year": x, "y": x % 7}))
    assert all(np.isfinite(run.trajectory.loss).all() for run in runs(built))


def bowl(**more):
    rng = np.random.default_rng(42)
    x = rng.uniform(0.0, 50.0, 100)
    return x, {"data": load_table({"x": x, "y": 2 * x + 1 + rng.normal(0.0, 0.5, 100)}), "start": (-1.0, -2.0)} | more


def test_the_bowl_of_own_points_is_shown_over_a_window_with_the_true_line_marked(build) -> None:
    x, given = bowl(window=(-1.0, 5.0, -2.0, 4.0), truth=(2.0, 1.0))
    built = build(NAME, **given)
    stage = built.stage(Settings(1280, 720))
    stage.show(built.timeline.duration)
    axes = stage.figure.axes[0]
    assert (*axes.get_xlim(), *axes.get_ylim()) == pytest.approx((-1.0, 5.0, -2.0, 4.0))
    (diamond,) = (line for line in axes.lines if line.get_marker() == "D")
    assert diamond.get_xydata().tolist() == [[2.0, 1.0]]
    words = str([beat.words for beat in built.beats])
    design = np.column_stack([x, np.ones(100)])
    assert f"2/λmax = {2 / np.linalg.eigvalsh(2 * design.T @ design / 100)[1]:.6g}" in words
    assert "small diamond: the true line" in [text.get_text() for text in stage.figure.findobj(Text)]


@pytest.mark.parametrize("standardize", [False, True])
def test_own_points_may_be_standardized_with_the_true_line_at_its_place(build, standardize) -> None:
    x, given = bowl(truth=(2.0, 1.0), standardize=standardize)
    panel = build(NAME, **given).panels[0]
    place = [2 * x.std(), 1 + 2 * x.mean()] if standardize else [2.0, 1.0]
    assert panel.truth == pytest.approx(place)


@pytest.mark.parametrize("window", [(5.0, -1.0, -2.0, 4.0), (-1.0, 5.0, 4.0, 4.0), (-1.0, 1.0, -2.0, 4.0)])
def test_a_window_that_is_none_or_does_not_hold_the_true_line_is_refused(build, window) -> None:
    with pytest.raises(UsageError, match="window must"):
        build(NAME, **bowl(window=window, truth=(2.0, 1.0))[1])


def test_a_made_valley_is_shown_over_a_window_and_has_no_true_line(build) -> None:
    built = build(NAME, window=(-6.0, 6.0, -3.0, 3.0), truth=(2.0, 1.0))
    assert built.panels[0].limits == ((-6.0, 6.0), (-3.0, 3.0))
    assert "diamond" not in str(built.panels[0].note)


@pytest.mark.parametrize("x", [[1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0, 4.0], [-8.1, -2.3, -4.7, -1.9], [0.0, 1.0]])
def test_the_bowl_of_standardized_points_is_round_whatever_rounding_makes_of_it(build, x) -> None:
    built = build(NAME, data=load_table({"x": np.array(x), "y": np.arange(len(x)) ** 2.0}), standardize=True)
    assert "a round bowl" in built.question
    assert built.panels[0].title == "A round bowl"


@pytest.mark.parametrize("rate", [0.03999, 0.04001, 0.0400004])
def test_a_rate_near_the_limit_is_told_from_it(build, rate) -> None:
    said = re.search(r"rate ([\d.]+)\. .* = ([\d.]+)\.$", build(NAME, learning_rate=rate).beats[0].words[0])
    shown, limit = map(float, said.groups())
    assert np.sign(shown - limit) == np.sign(rate - 0.04)
