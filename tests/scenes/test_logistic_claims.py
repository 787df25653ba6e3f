# ruff: noqa: E501 - a row of a table is a sentence of a lesson
"""What the lessons on logistic regression say, against numpy and scipy from scratch."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from animate import load_table
from animate.errors import DataError
from animate.scene import Scene
from tests.scenes.classification_tables import TABLES, texts_of, value_of
from tests.scenes.sentence_oracle import Check, check_lesson, close, is_so


class Oracle:
    """Logits, probabilities and losses along the run of a lesson, from its points alone."""

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        panel = scene.panels[0][0] if isinstance(scene.panels[0], list) else scene.panels[0]
        data = panel.problem.data
        self.scene, self.values, self.run = scene, values, scene.runs[0].trajectory
        self.X, self.labels, self.names, self.n = data.X, data.labels, data.class_names, len(data.X)
        deviation = data.X.std(axis=0)
        self.scaled = (data.X - data.X.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
        self.last = len(self.run.params) - 1

    def logits(self, update: int, params: np.ndarray | None = None) -> np.ndarray:
        *weights, intercept = self.run.params[update] if params is None else params
        return self.scaled @ np.array(weights) + intercept

    def prices(self, update: int) -> np.ndarray:
        """Return -log of the probability of each point's own class."""
        return np.logaddexp(0.0, np.where(self.labels == 1, -1.0, 1.0) * self.logits(update))

    def loss(self, update: int) -> float:
        return float(self.prices(update).mean())

    def right(self, update: int) -> np.ndarray:
        return (self.logits(update) > 0) == (self.labels == 1)

    def boundaries(self) -> np.ndarray:
        with np.errstate(all="ignore"):
            return -self.run.params[:, 1] / self.run.params[:, 0]

    @cache  # noqa: B019 - an oracle lives as long as its test
    def optimum(self) -> tuple[float, float, float]:
        """Return the lowest loss of one feature and where it is, by scipy."""
        x, side = self.scaled[:, 0], np.where(self.labels == 1, -1.0, 1.0)

        def gradient(at: np.ndarray) -> np.ndarray:
            pull = expit(x * at[0] + at[1]) - self.labels
            return np.array([(pull * x).mean(), pull.mean()])

        found = minimize(
            lambda at: np.logaddexp(0.0, side * (x * at[0] + at[1])).mean(),
            [0.0, 0.0],
            jac=gradient,
            options={"gtol": 1e-11},
        )
        return float(found.fun), *map(float, found.x)

    def says_right(self, text: str, digits: float = 0.051) -> bool:
        ties = np.abs(self.logits(self.last)) < 1e-9
        sure = self.right(self.last)[~ties].sum()
        return 100 * sure / self.n - digits <= value_of(text) <= 100 * (sure + ties.sum()) / self.n + digits


def turning_points(series: np.ndarray, least: float) -> int:
    """Return one less than the most moves, up and down in turns and each by more than ``least``, that are in a series."""
    up, down = np.zeros(len(series)), np.zeros(len(series))
    for at in range(1, len(series)):
        move = series[at] - series[:at]
        up[at] = 1 + down[:at][move > least].max(initial=0) if (move > least).any() else 0
        down[at] = 1 + up[:at][move < -least].max(initial=0) if (move < -least).any() else 0
    return max(int(max(up.max(), down.max())) - 1, 0)


def steeper(o: Oracle, _: dict[str, str]) -> bool:
    """Check that the curve ends steeper than it began, and was never much flatter than before."""
    sizes = np.abs(o.run.params[:, 0])
    falls = max((sizes[:at].max() - sizes[at] for at in range(1, len(sizes))), default=0.0)
    return bool(sizes[-1] > sizes[0] and falls <= 0.3 * sizes[-1])


def turns(o: Oracle) -> int:
    """Return how often the boundary turns back since the curve last turned over."""
    rises = o.run.params[:, 0] > 0
    turned = np.flatnonzero(rises != rises[-1])
    return turning_points(o.boundaries()[turned[-1] + 1 if turned.size else 0 :], 0.05)


def loss_is(o: Oracle, found: dict[str, str]) -> bool:
    return close(found["loss"], o.loss(o.last))


def begins_at_random(o: Oracle, _: dict[str, str]) -> bool:
    return o.values.get("start") is None


def same_points_right(o: Oracle, found: dict[str, str]) -> bool:
    at, norms = int(value_of(found["stands"])), np.linalg.norm(o.run.params[:, :-1], axis=1)
    return bool((o.right(at) == o.right(o.last)).all() and norms[-1] > norms[at])


def stays_at_one_half(o: Oracle, _: dict[str, str]) -> bool:
    return bool(np.abs(o.logits(o.last)).max() < 1e-11)


def some_are_wrong(o: Oracle, found: dict[str, str]) -> bool:
    return not stays_at_one_half(o, found) and not o.right(o.last).all()


def one_point_pays(o: Oracle, found: dict[str, str]) -> bool:
    prices = o.prices(o.last)
    return close(found["share"], 100 * prices.max() / prices.sum(), least=0.051)


def highest_is(o: Oracle, found: dict[str, str]) -> bool:
    return close(found["highest"], o.prices(0).max(), least=0.0051)


LOGISTIC_1D: dict[str, Check] = {
    "{n} points of two classes: {no} at 0 and {yes} at 1. Where is the boundary?": is_so,
    "{no} is 0, {yes} is 1. Where is the boundary?": is_so,
    "The curve is the predicted probability of {yes}. It begins at random.": begins_at_random,
    "The curve: P({yes}), at first random.": begins_at_random,
    "The curve is the predicted probability of {yes}.": is_so,
    "The curve: P({yes}).": is_so,
    "Each thin line is the gap from a point to the curve. It is colored, not the point: green is right, red wrong.": is_so,
    "Lines: gaps. Green is right, red is wrong.": is_so,
    "The gaps of all points make one update. The loss is the mean of −log(1 − gap), the cross-entropy.": is_so,
    "All gaps make one update.": is_so,
    "The gap of one point makes an update. The loss is the mean of −log(1 − gap), the cross-entropy.": lambda o, _: (
        o.run.rows is not None and o.run.rows.shape[1] == 1
    ),
    "The gap of one point makes an update.": lambda o, _: o.run.rows is not None,
    "The boundary goes back and forth, and the curve grows steeper.": lambda o, f: (
        steeper(o, f) and turns(o) > 1
    ),
    "Back and forth, and steeper.": lambda o, f: steeper(o, f) and turns(o) > 1,
    "The boundary goes too far and comes back, and the curve grows steeper.": lambda o, f: (
        steeper(o, f) and turns(o) == 1
    ),
    "Too far and back, and steeper.": steeper,
    "The curve grows steeper.": steeper,
    "Then the next, and the next.": is_so,
    "{right} % right. Cross-entropy does not count errors: it is the mean of −ln p, here {loss}.": loss_is,
    "{right} % right; the loss does not count errors.": is_so,
    "A sigmoid is fitted to {n} points of {no} and {yes} by {feature}. After {updates} updates {right} % of the points are "
    "right, and the mean cross-entropy is {loss}. The boundary is then at {at}.": lambda o, f: (
        loss_is(o, f) and close(f["at"], float(o.X.mean() + o.X.std() * o.boundaries()[-1]), least=6e-3 * o.X.std())
    ),
}  # fmt: skip
LOG_LOSS: dict[str, Check] = {
    "{n} of your {all} points, and a first curve: the probability of {yes}.": lambda o, f: len(o.X) == int(f["n"]) < int(f["all"]),
    "{n} points, and a first curve: the probability of {yes}.": is_so,
    "A first curve: P({yes}).": is_so,
    "Solid: p, the probability of a point’s own class, on the far side of the curve from the point.": is_so,
    "Solid: p of its own class, on the far side.": is_so,
    "Dashed: 1 − p, what is missing. The longer the dashed line, the bigger the loss.": is_so,
    "Dashed: 1 − p. Longer dashes, bigger loss.": is_so,
    "A point pays −log p, a natural logarithm: 0 at 1, ever more toward 0, here up to {highest}.": highest_is,
    "It pays −log p: here up to {highest}.": highest_is,
    "All gaps together make one update of the curve.": is_so,
    "The loss of the model is the mean of what they pay.": is_so,
    "Dashes only stand in for the loss, the mean of −log p: {loss}. One pays {share} % of it.": (
        lambda o, f: one_point_pays(o, f) and close(f["loss"], o.loss(o.last), least=6e-4)
    ),
    "One point alone pays {share} % of the loss.": one_point_pays,
}  # fmt: skip
LOGISTIC_2D: dict[str, Check] = {
    "{n} points of two classes, and two features of each.": is_so,
    "{n} points, two features of each.": is_so,
    "At first every point has probability one half: there is no boundary yet.": lambda o, _: not o.logits(0).any(),
    "At first every point gets probability 1/2.": lambda o, _: not o.logits(0).any(),
    "One update from all points. The boundary is where P({yes}) is one half; bands: 10, 25, 75 and 90 %.": is_so,
    "The boundary is where P({yes}) is one half.": is_so,
    "At update {stands} the line has the same points right as at the end; what grows is the confidence.": same_points_right,
    "The same points right as at the end; more sure.": is_so,
    "These features do not tell the classes apart: every point keeps probability one half.": stays_at_one_half,
    "Every point keeps probability 1/2.": stays_at_one_half,
    "Then the next, and the next.": is_so,
    "{right} % right; rings mark the wrong side. Cross-entropy does not count errors, so it need not minimize them.": some_are_wrong,
    "{right} % right; rings mark the wrong side.": some_are_wrong,
    "{right} % right: every point is on its side of the boundary.": lambda o, _: bool(o.right(o.last).all()),
    "{right} % right.": is_so,
    "Logistic regression of {n} points of {no} and {yes} on {first} and {second}. After {updates} updates: {right} % right, with "
    "a mean cross-entropy of {loss}.": loss_is,
    "Logistic regression of {n} points of {no} and {yes} on {first} and {second}. After {updates} updates: no boundary, with "
    "a mean cross-entropy of {loss}.": lambda o, f: loss_is(o, f) and stays_at_one_half(o, f),
}  # fmt: skip


def losses_of(o: Oracle, run: int) -> np.ndarray:
    o.run = o.scene.runs[run].trajectory
    return np.array([o.loss(update) for update in range(o.last + 1)])


def ends_with(o: Oracle, found: dict[str, str]) -> bool:
    return close(found["sgd"], losses_of(o, 0)[-1]) and close(found["batch"], losses_of(o, 1)[-1])


def sgd_rises_and_batch_does_not(o: Oracle, _: dict[str, str]) -> bool:
    sgd, batch = np.diff(losses_of(o, 0)), np.diff(losses_of(o, 1))
    return bool((sgd > 0).any() and (batch <= 1e-11).all())


def lowest_is(o: Oracle, found: dict[str, str]) -> bool:
    return ends_with(o, found) and close(found["lowest"], o.optimum()[0])


def has_no_lowest(o: Oracle, _: dict[str, str]) -> bool:
    one, other = (o.X[o.labels == label, 0] for label in (0, 1))
    return bool(one.max() <= other.min() or other.max() <= one.min())


SGD_VS_BATCH: dict[str, Check] = {
    "{n} points of two classes, {no} at 0 and {yes} at 1.": is_so,
    "{no} is 0, {yes} is 1.": is_so,
    "Both begin with the same random curve.": begins_at_random,
    "Both begin with the same curve.": is_so,
    "Every curve is a place on this surface: bright where the cross-entropy is small.": is_so,
    "Every curve is a place here; bright: small loss.": is_so,
    "SGD takes the ringed point and moves. Batch averages all {n} before it moves.": is_so,
    "SGD takes one point; batch averages all {n}.": is_so,
    "Each point pulls its own way: SGD raises the loss at times, batch at no update.": sgd_rises_and_batch_does_not,
    "SGD raises the loss at times, batch never.": sgd_rises_and_batch_does_not,
    "Then the next, and the next.": is_so,
    "Cross-entropy at the end: SGD {sgd}, batch {batch}, the lowest {lowest}. An update of SGD costs 1/{n}.": lowest_is,
    "SGD {sgd}, batch {batch}, lowest {lowest}.": lowest_is,
    "Cross-entropy at the end: SGD {sgd}, batch {batch}. It has no lowest value: on the threshold, steeper is better.": has_no_lowest,
    "SGD {sgd}, batch {batch}; no lowest value.": has_no_lowest,
    "Online SGD and batch gradient descent fit a sigmoid to {n} points in {updates} updates. Batch descent ends with a mean "
    "cross-entropy of {batch} after {used} gradients, online SGD with {sgd} after {updates_of_sgd}.": lambda o, f: (
        ends_with(o, f) and value_of(f["used"]) == o.n * o.last
    ),
}  # fmt: skip


def errors_at(o: Oracle, threshold: float, sign: float) -> tuple[int, int]:
    """Return the errors of predicting class 1 beyond a threshold, and how many points lie on it."""
    away = sign * (o.X[:, 0] - threshold)
    on = np.abs(away) < 1e-9 * o.X.std()
    return int(((away > 0) != (o.labels == 1))[~on].sum()), int(on.sum())


def thresholds(o: Oracle) -> np.ndarray:
    values = np.unique(o.X)
    return np.concatenate([[values[0] - 1], (values[1:] + values[:-1]) / 2, [values[-1] + 1]])


def fewest_errors(o: Oracle, found: dict[str, str]) -> bool:
    sign = np.sign(o.optimum()[1])
    fewest = min(errors_at(o, cut, sign)[0] for cut in thresholds(o))
    side = found.get("side", "above" if sign > 0 else "below")
    return value_of(found["wrong"]) == fewest and (side == "above") == (sign > 0) and holds_where_shown(o, found, sign)


def holds_where_shown(o: Oracle, found: dict[str, str], sign: float) -> bool:
    """Return whether the threshold has the errors that are said of it in the digits that are shown."""
    wrong, on = errors_at(o, value_of(re.sub(" mm$", "", found["at"])), sign)
    return wrong <= value_of(found["wrong"]) <= wrong + on


def errors_of_lowest_loss(o: Oracle, found: dict[str, str]) -> bool:
    _, weight, intercept = o.optimum()
    boundary = o.X.mean() - o.X.std() * intercept / weight
    wrong, on = errors_at(o, boundary, np.sign(weight))
    at = value_of(re.sub(" mm$", "", found["at"]))
    in_digits = holds_where_shown(o, found, np.sign(weight))
    return in_digits and wrong <= value_of(found["wrong"]) <= wrong + on and abs(at - boundary) <= 0.01 * np.ptp(o.X) + min(
        0.051, 0.05 * np.ptp(o.X)
    )


def both_agree(o: Oracle, _: dict[str, str]) -> bool:
    _, weight, intercept = o.optimum()
    here, _ = errors_at(o, o.X.mean() - o.X.std() * intercept / weight, np.sign(weight))
    return here == min(errors_at(o, cut, np.sign(weight))[0] for cut in thresholds(o))


NOT_ACCURACY: dict[str, Check] = {
    "{n} points of two classes. Where should the boundary be?": is_so,
    "A threshold, and the best sigmoid through one half there.": is_so,
    "Move it: errors jump by whole points, the cross-entropy glides.": is_so,
    "With {yes} {side} it, the fewest are wrong at {at}: {wrong} of {n}.": fewest_errors,
    "Fewest wrong: {wrong}, at {at}.": fewest_errors,
    "The cross-entropy is lowest at {at}: {loss}, with {wrong} of {n} wrong.": lambda o, f: (
        close(f["loss"], o.optimum()[0]) and errors_of_lowest_loss(o, f)
    ),
    "Lowest loss: at {at}, {wrong} wrong.": errors_of_lowest_loss,
    "Here both agree; they need not: an error counts as one, a point in the loss as −log p.": both_agree,
    "Here both agree; they need not.": both_agree,
    "They differ: an error counts as one, a point in the loss as −log p.": lambda o, f: not both_agree(o, f),
}  # fmt: skip
LESSONS = [
    ("logistic_1d", LOGISTIC_1D, Oracle, False),
    ("log_loss_segments", LOG_LOSS, Oracle, False),
    ("logistic_2d", LOGISTIC_2D, Oracle, False),
    ("logistic_sgd_vs_batch", SGD_VS_BATCH, Oracle, False),
    ("cross_entropy_is_not_accuracy", NOT_ACCURACY, Oracle, True),
]


@pytest.mark.parametrize(("name", "table", "oracle", "refuses"), LESSONS, ids=[row[0] for row in LESSONS])
def test_every_sentence_is_so_whatever_the_parameters_and_data(build, name, table, oracle, refuses) -> None:
    check_lesson(build, name, table, oracle, refuses=refuses)


FALSE = [
    ("logistic_1d", {"data": "overlap 1"}, "species"),
    ("logistic_1d", {}, "Green points"),
    ("six_datasets", {"dataset": "growing_variance", "noise": 0.0}, "no single"),
    ("six_datasets", {"dataset": "heavy_noise", "noise": 0.0}, "low R"),
    ("six_datasets", {"dataset": "outliers", "n_samples": 5, "seed": 3}, "0 points"),
    ("newton_vs_gradient", {"learning_rate": 0.01}, "zigzags"),
    ("softmax_three_species", {"data": "near 3"}, "species"),
    ("logistic_1d", {"n_updates": 5}, "boundary is then at 44.1"),
    ("logistic_1d", {"start": (0.5, 1.0)}, "random"),
    ("logistic_2d", {}, "best line"),
    ("logistic_2d", {"data": "apart 2"}, "does not count errors"),
]


@pytest.mark.parametrize(("name", "values", "words"), FALSE, ids=str)
def test_what_is_not_so_is_not_said(build, name: str, values: dict[str, Any], words: str) -> None:
    scene = build(name, **{key: TABLES[value] if key == "data" else value for key, value in values.items()})
    assert words not in " ".join(texts_of(scene))


@pytest.mark.parametrize(
    "name",
    ["separable_data", "logistic_loss_surface", "mse_vs_cross_entropy", "cross_entropy_is_not_accuracy"],
)
def test_a_refusal_names_no_penalty_that_the_lesson_does_not_have(build, name: str) -> None:
    table = {"separable_data": "overlap 1", "logistic_loss_surface": "apart 2"}.get(name, "apart 1")
    with pytest.raises(DataError, match=r"classes (are separable|overlap)") as refusal:
        build(name, data=TABLES[table])
    assert "penalty" not in str(refusal.value)


def test_a_boundary_in_tiny_units_is_not_shown_as_zero(build, words_at) -> None:
    words = words_at(build("logistic_1d", data=TABLES["tiny 1"]))
    assert re.search("boundary [1-9]\\.\\d+×10⁻⁷", words)


@pytest.mark.parametrize("name", ["logistic_1d", "logistic_2d", "neural_network"])
def test_one_point_wrong_of_very_many_is_not_said_to_be_none(build, words_at, name: str) -> None:
    n, sides = 20_000, np.repeat([-1.0, 1.0], 10_000)
    x, labels = sides * np.linspace(1.0, 3.0, n), sides > 0
    labels[0] = not labels[0]
    kinds = [f"k{int(label)}" for label in labels]
    own = load_table({"a": x, "kind": kinds} if name == "logistic_1d" else {"a": x, "b": np.cos(np.arange(n)), "kind": kinds})
    scene = build(name, data=own, n_updates=20)
    run = scene.runs[0].trajectory.params[-1]
    said = " ".join(texts_of(scene)) + words_at(scene)
    assert run.size
    assert "100.0 %" not in said
    assert "99.995 % right" in said


@pytest.mark.parametrize("seed", range(6))
def test_who_tries_a_threshold_as_it_is_shown_counts_the_errors_that_are_said(build, seed) -> None:
    rng = np.random.default_rng(seed)
    labels = np.repeat([0, 1], 60)
    x = np.round(rng.normal(size=120) + 1.1 * labels, 2)
    table = load_table({"length": x, "kind": [f"k{label}" for label in labels]})
    words = " ".join(texts_of(build("cross_entropy_is_not_accuracy", data=table)))
    fewest_errors, lowest_loss = (
        r"fewest are wrong at ([\d.\u2212]+): (\d+) of",
        r"lowest at ([\d.\u2212]+): [\d.]+, with (\d+) of",
    )
    shown = re.findall(f"{fewest_errors}|{lowest_loss}", words)
    assert shown
    for first, fewest, second, wrong in shown:
        predicted = x > value_of(first or second)
        assert (predicted != (labels == 1)).sum() == int(fewest or wrong)
