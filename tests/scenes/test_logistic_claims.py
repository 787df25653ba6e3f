# ruff: noqa: E501 - a row of a table is a sentence of a lesson
"""What the lessons on classes say: every sentence, for a grid and random draws of parameters, against numpy from scratch.

Each text that a lesson can show must match a row of its table. The row names the numbers in the text, and an oracle
computes them from the points and the parameters of the run, with none of the package's formulas.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from animate.scene import Scene
from tests.scenes.classification_tables import TABLES, draws, texts_of, value_of

Check = Callable[["Oracle", dict[str, str]], bool]


class Oracle:
    """Logits, probabilities and losses along the run of a lesson, from its points alone."""

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        panel = scene.panels[0][0] if isinstance(scene.panels[0], list) else scene.panels[0]
        data = panel.problem.data
        self.scene, self.values, self.run = scene, values, scene.runs[0].trajectory
        self.X, self.labels, self.names, self.n = data.X, data.labels, data.class_names, len(data.X)
        self.scaled = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
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

    def says_right(self, text: str, digits: float = 0.051) -> bool:
        ties = np.abs(self.logits(self.last)) < 1e-9
        sure = self.right(self.last)[~ties].sum()
        return 100 * sure / self.n - digits <= value_of(text) <= 100 * (sure + ties.sum()) / self.n + digits


def is_so(_: Oracle, __: dict[str, str]) -> bool:
    """Accept a sentence that defines a word of the picture, or says what happens in it; it claims nothing of the run."""
    return True


def close(text: str, value: float, rel: float = 6e-3, least: float = 0.0) -> bool:
    return abs(value_of(text) - value) <= rel * abs(value) + least


def turning_points(series: np.ndarray, least: float) -> int:
    """Return one less than the most moves, up and down in turns and each by more than ``least``, that are in a series."""
    up, down = np.zeros(len(series)), np.zeros(len(series))
    for at in range(1, len(series)):
        move = series[at] - series[:at]
        up[at] = 1 + down[:at][move > least].max(initial=0) if (move > least).any() else 0
        down[at] = 1 + up[:at][move < -least].max(initial=0) if (move < -least).any() else 0
    return max(int(max(up.max(), down.max())) - 1, 0)


def steeper(o: Oracle, _: dict[str, str]) -> bool:
    return abs(o.run.params[-1, 0]) > abs(o.run.params[0, 0])


def loss_is(o: Oracle, found: dict[str, str]) -> bool:
    return close(found["loss"], o.loss(o.last))


def begins_at_random(o: Oracle, _: dict[str, str]) -> bool:
    return o.values.get("start") is None


def same_points_right(o: Oracle, found: dict[str, str]) -> bool:
    at, norms = int(value_of(found["stands"])), np.linalg.norm(o.run.params[:, :-1], axis=1)
    return bool((o.right(at) == o.right(o.last)).all() and norms[-1] > norms[at])


def one_point_pays(o: Oracle, found: dict[str, str]) -> bool:
    prices = o.prices(o.last)
    return close(found["share"], 100 * prices.max() / prices.sum(), least=0.051)


def highest_is(o: Oracle, found: dict[str, str]) -> bool:
    return close(found["highest"], max(o.prices(update).max() for update in range(o.last + 1)), least=0.0051)


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
        steeper(o, f) and turning_points(o.boundaries(), 0.05) > 1
    ),
    "Back and forth, and steeper.": lambda o, f: steeper(o, f) and turning_points(o.boundaries(), 0.05) > 1,
    "The boundary goes too far and comes back, and the curve grows steeper.": lambda o, f: (
        steeper(o, f) and turning_points(o.boundaries(), 0.05) == 1
    ),
    "Too far and back, and steeper.": steeper,
    "The curve grows steeper.": steeper,
    "Then the next, and the next.": is_so,
    "{right} % right. Cross-entropy does not count errors: it is the mean of −log p, here {loss}.": loss_is,
    "{right} % right; the loss does not count errors.": is_so,
    "A sigmoid is fitted to {n} points of {no} and {yes} by {feature}. After {updates} updates {right} % of the points are "
    "right, and the mean cross-entropy is {loss}. The boundary is then at {at}.": lambda o, f: (
        loss_is(o, f) and close(f["at"], float(o.X.mean() + o.X.std() * o.boundaries()[-1]), least=6e-3 * o.X.std())
    ),
}  # fmt: skip
LOG_LOSS: dict[str, Check] = {
    "{n} points, and a first curve: the probability of {yes}.": is_so,
    "A first curve: P({yes}).": is_so,
    "Solid: p, the probability of a point’s own class, on the far side of the curve from the point.": is_so,
    "Solid: p of its own class, on the far side.": is_so,
    "Dashed: 1 − p, what is missing. The longer the dashed line, the bigger the loss.": is_so,
    "Dashed: 1 − p. Longer dashes, bigger loss.": is_so,
    "A point pays −log p: nothing at 1, and ever more toward 0, here up to {highest}.": highest_is,
    "It pays −log p: here up to {highest}.": highest_is,
    "All gaps together make one update, and every point slides along the curve.": is_so,
    "One update: every point slides.": is_so,
    "The loss of the model is the mean of what the points pay.": is_so,
    "The loss: the mean of what they pay.": is_so,
    "Dashes only stand in: the loss is the mean of −log p, and one point pays {share} % of it.": one_point_pays,
    "One point alone pays {share} % of the loss.": one_point_pays,
    "A sigmoid over {n} points, and what each pays: minus the natural logarithm of the probability p its own class is given, "
    "drawn as a solid segment. After {updates} updates the mean is {last}, from {first}; the costliest point pays {most}.": (
        lambda o, f: close(f["last"], o.loss(o.last), least=6e-4)
        and close(f["first"], o.loss(0), least=6e-4)
        and close(f["most"], o.prices(o.last).max(), least=6e-3)
    ),
}  # fmt: skip
LOGISTIC_2D: dict[str, Check] = {
    "{n} points of two classes, and two features of each.": is_so,
    "{n} points, two features of each.": is_so,
    "At first every point has probability one half: there is no boundary yet.": lambda o, _: not o.logits(0).any(),
    "At first every point gets probability 1/2.": lambda o, _: not o.logits(0).any(),
    "One update from all points. The boundary is where P({yes}) is one half; bands: 10, 25, 75 and 90 %.": is_so,
    "The boundary is where P({yes}) is one half.": is_so,
    "At update {stands} the line has the same points right as at the end; what grows is the confidence.": same_points_right,
    "The line stands; confidence still grows.": is_so,
    "Then the next, and the next.": is_so,
    "{right} % right; the {wrong} ringed points are not. Cross-entropy does not count them: it is not errors it minimizes.": (
        lambda o, f: abs(value_of(f["wrong"]) - (~o.right(o.last)).sum()) <= (np.abs(o.logits(o.last)) < 1e-9).sum()
    ),
    "{right} % right; {wrong} ringed points are wrong.": is_so,
    "{right} % right: every point is on its side of the boundary.": lambda o, _: bool(o.right(o.last).all()),
    "{right} % right.": is_so,
    "Logistic regression separates {n} points of {no} and {yes} by {first} and {second}. After {updates} updates {right} % are "
    "right and the mean cross-entropy is {loss}.": loss_is,
}  # fmt: skip
LESSONS = {"logistic_1d": LOGISTIC_1D, "log_loss_segments": LOG_LOSS, "logistic_2d": LOGISTIC_2D}


def patterns(table: dict[str, Check]) -> list[tuple[re.Pattern[str], Check]]:
    found = []
    for template, check in table.items():
        expression = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(template))
        found.append((re.compile(expression), check))
    return found


def names_and_counts_are_so(o: Oracle, found: dict[str, str]) -> bool:
    """Check what may stand in any sentence: the classes, the number of points and updates, and the share that is right."""
    expected = {"no": o.names[0], "yes": o.names[-1], "n": str(o.n), "updates": str(o.last)}
    given = {key: text.replace("\u202f", "") for key, text in found.items()}
    named = all(given[key] == expected[key] for key in expected.keys() & given.keys())
    return named and ("right" not in found or o.says_right(found["right"]))


def check_every_text(build: Any, name: str, values: dict[str, Any]) -> set[str]:
    """Check every text that a lesson can show; return the rows of its table that were met."""
    given = {key: TABLES[value] if key == "data" else value for key, value in values.items()}
    scene = build(name, **given)
    oracle, met = Oracle(scene, values), set()
    rows = list(zip(patterns(LESSONS[name]), LESSONS[name], strict=True))
    for text in texts_of(scene):
        fitting = [(match, check, row) for (pattern, check), row in rows if (match := pattern.fullmatch(text))]
        assert fitting, f"no oracle for {text!r}"
        match, check, row = fitting[0]
        assert names_and_counts_are_so(oracle, match.groupdict()), text
        assert check(oracle, match.groupdict()), text
        met.add(row)
    return met


@pytest.mark.parametrize("name", LESSONS)
def test_every_sentence_is_so_whatever_the_parameters_and_data(build, name: str) -> None:
    for values in draws(name, 24):
        try:
            check_every_text(build, name, values)
        except AssertionError as error:
            raise AssertionError(f"{values}: {error}") from error


FALSE = [
    ("logistic_1d", {"data": "overlap 1"}, "species"),
    ("logistic_1d", {"n_updates": 5}, "boundary is then at 44.1"),
    ("logistic_1d", {"start": (0.5, 1.0)}, "random"),
    ("logistic_2d", {}, "best line"),
    ("logistic_2d", {"data": "apart 2"}, "it is not errors"),
]


@pytest.mark.parametrize(("name", "values", "words"), FALSE, ids=str)
def test_what_is_not_so_is_not_said(build, name: str, values: dict[str, Any], words: str) -> None:
    scene = build(name, **{key: TABLES[value] if key == "data" else value for key, value in values.items()})
    assert words not in " ".join(texts_of(scene))


def test_a_boundary_in_tiny_units_is_not_shown_as_zero(build, words_at) -> None:
    words = words_at(build("logistic_1d", data=TABLES["tiny 1"]))
    assert re.search("boundary [1-9]\\.\\d+e\u22127", words)
