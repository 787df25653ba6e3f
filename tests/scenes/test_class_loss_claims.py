# ruff: noqa: E501 - a row of a table is a sentence of a lesson
"""What the lessons say on losses of classes, against scipy and scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq, linprog
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from animate.learn.data import ClassificationData, penguins
from animate.scene import Scene
from tests.scenes.claim_checks import shows
from tests.scenes.classification_tables import TABLES, value_of
from tests.scenes.sentence_oracle import Check, check_lesson, close, is_so
from tests.scenes.test_logistic_claims import Oracle, has_no_lowest


class Surface:
    """Cross-entropy over two weights, b at its best by scipy, or held where scikit-learn has it."""

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        table = TABLES[values["data"]] if "data" in values else None
        data = ClassificationData.from_table(table, 2) if table else penguins(["bill_length_mm", "bill_depth_mm"])
        self.names, self.n, self.run = data.class_names, data.n_samples, scene.runs[0].trajectory
        self.last, self.labels = len(self.run.params) - 1, data.labels
        self.scaled = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
        fit = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000, solver="newton-cholesky").fit(
            self.scaled, self.labels
        )
        self.best = np.array([*fit.coef_[0], *fit.intercept_])
        self.held = None if values.get("intercept", "minimized") == "minimized" else self.best[2]
        self.lowest = self.height(self.best[:2])

    def height(self, weights: np.ndarray) -> float:
        z, side = self.scaled @ weights, np.where(self.labels == 1, -1.0, 1.0)
        if self.held is not None:
            return float(np.logaddexp(0.0, side * (z + self.held)).mean())
        reach = 50.0 + float(np.abs(z).max())
        b = brentq(lambda at: float((expit(z + at) - self.labels).mean()), -reach, reach)
        return float(np.logaddexp(0.0, side * (z + b)).mean())

    def slope(self, update: int) -> float:
        at, step = self.run.params[update], 1e-5
        return float(
            np.hypot(*((self.height(at + one) - self.height(at - one)) / (2 * step) for one in step * np.eye(2)))
        )

    def gained_at(self, found: dict[str, str]) -> bool:
        when, first = int(value_of(found["when"])), self.height(self.run.params[0]) - self.lowest
        left = [
            self.height(self.run.params[at]) - self.lowest
            for at in sorted({max(when - 1, 0), when, (when + self.last) // 2, self.last})
        ]
        return (
            left[-1] <= 0.1001 * first
            and left[1 if when else 0] <= 0.1001 * first
            and (not when or left[0] > 0.0999 * first)
        )

    def settled(self, found: dict[str, str]) -> bool:
        distance = np.hypot(*(self.run.params - self.best[:2]).T)
        far = np.flatnonzero(distance > 0.01 * distance[0] + 1e-9)
        return abs(value_of(found["when"]) - (far[-1] + 1 if far.size else 0)) <= 2

    def left(self, found: dict[str, str]) -> bool:
        distance = np.hypot(*(self.run.params[[0, -1]] - self.best[:2]).T)
        return shows(found["left"], 100 * distance[1] / distance[0])


SURFACE: dict[str, Check] = {
    "Every point is a pair of weights, {held}; its height is their mean cross-entropy.": is_so,
    "Each point: two weights. Height: their loss.": is_so,
    "From above: bright where the loss is small, lowest at the star.": is_so,
    "From above: lowest at the star.": is_so,
    "Descent starts at w₁ = {first}, w₂ = {second} and steps against the slope.": lambda o, f: bool(
        np.allclose([value_of(f["first"]), value_of(f["second"])], o.run.params[0], rtol=6e-3)
    ),
    "Descent steps against the slope.": is_so,
    "By update {when} 90 % of what can be gained is gained.": lambda o, f: o.gained_at(f),
    "By update {when} 90 % of the gain is made.": lambda o, f: o.gained_at(f),
    "Then the next, and the next.": is_so,
    "Descent has settled: from update {when} on it stays within 1 % of its first distance from the optimum.": lambda o, f: o.settled(f),
    "Settled at update {when}: within 1 %.": lambda o, f: o.settled(f),
    "After {updates} updates {left} % of the first distance from the optimum is left.": lambda o, f: o.left(f),
    "{left} % of the distance is left.": lambda o, f: o.left(f),
}  # fmt: skip


def length_of_gradients(o: Oracle) -> tuple[float, float]:
    z = o.logits(0)
    p, design = expit(z), np.column_stack([o.scaled, np.ones(o.n)])
    return tuple(
        float(np.linalg.norm(pull @ design / o.n)) for pull in (2 * (p - o.labels) * p * (1 - p), p - o.labels)
    )  # type: ignore[return-value]


def gradients_are(o: Oracle, found: dict[str, str]) -> bool:
    squared, entropy = length_of_gradients(o)
    return close(found["squared"], squared, least=6e-5) and close(found["entropy"], entropy, least=6e-3)


def moved_by(o: Oracle, found: dict[str, str]) -> bool:
    at = max(1, o.last // 50)
    squared, entropy = (np.linalg.norm(run.trajectory.params[at] - run.trajectory.params[0]) for run in o.scene.runs)
    return (
        value_of(found.get("early", str(at))) == at
        and close(found["squared"], squared)
        and close(found["entropy"], entropy)
    )


def both_right(o: Oracle, found: dict[str, str]) -> bool:
    shares = []
    for run in o.scene.runs:
        o.run = run.trajectory
        shares.append(100 * o.right(o.last).mean())
    return close(found["squared"], shares[0], least=0.06) and close(found["entropy"], shares[1], least=0.06)


MSE: dict[str, Check] = {
    "{n} points and one curve. Two descents start from it, each with a loss of its own.": is_so,
    "One curve, two losses.": is_so,
    "How hard a point pulls on its score. Cross-entropy: the harder, the further off it is.": is_so,
    "The pull of a point, by its score.": is_so,
    "Squared error has (p − y)²: confident and wrong, far at the left, it hardly pulls.": is_so,
    "Confident and wrong: squared error hardly pulls.": is_so,
    "At the start: the gradient of squared error is {squared} long, of cross-entropy {entropy}.": gradients_are,
    "At the start: gradient {squared} against {entropy}.": gradients_are,
    "After {early} updates squared error has moved by {squared}, cross-entropy by {entropy}.": moved_by,
    "Moved: {squared} against {entropy}.": moved_by,
    "Then the next, and the next.": is_so,
    "After {updates} updates at one rate: squared error {squared} % right, cross-entropy {entropy} %.": both_right,
    "Right: {squared} % against {entropy} %.": both_right,
}  # fmt: skip


def is_apart(o: Oracle, _: dict[str, str]) -> bool:
    one, other = (o.X[o.labels == label, 0] for label in (0, 1))
    return bool(one.max() < other.min() or other.max() < one.min())


def weights_are(o: Oracle, found: dict[str, str]) -> bool:
    free, tamed = (run.trajectory.params[-1, 0] for run in o.scene.runs)
    near = close(found["w"], free) and close(found["penalized"], tamed)
    return near and ("best" not in found or close(found["best"], best_penalized(o), least=6e-3))


def best_penalized(o: Oracle) -> float:
    penalty = o.values.get("ridge_penalty", 0.01)
    fit = LogisticRegression(C=1 / (penalty * o.n), tol=1e-12, max_iter=10_000, solver="newton-cholesky").fit(
        o.scaled, o.labels
    )
    return float(fit.coef_[0, 0])


def went_from(o: Oracle, found: dict[str, str]) -> bool:
    path, tenth = o.scene.runs[0].trajectory.params[:, 0], o.last // 10
    return close(found["before"], path[tenth]) and close(found["w"], path[-1])


SEPARABLE: dict[str, Check] = {
    "{n} points. A threshold separates the classes.": is_apart,
    "A threshold separates the classes, but for ties on it.": lambda o, f: has_no_lowest(o, f) and not is_apart(o, f),
    "A threshold, but for ties.": lambda o, f: has_no_lowest(o, f) and not is_apart(o, f),
    "Two models start with w = 0: one half everywhere.": lambda o, _: not o.logits(0).any(),
    "Both start with w = 0.": lambda o, _: not o.logits(0).any(),
    "A steeper curve through the threshold is nearer to every label off it.": has_no_lowest,
    "Steeper: nearer to labels off it.": has_no_lowest,
    "A penalty of {penalty} w²/2 makes steepness cost something: its best w is at the dashed line.": lambda o, f: (
        close(f["penalty"], o.values.get("ridge_penalty", 0.01)) and close(str(o.scene.panels[1][0].targets[1]), best_penalized(o))
    ),
    "A penalty of {penalty} w²/2: w has a best value.": is_so,
    "Without the penalty w went from {before} at update {tenth} to {w} at update {updates}.": went_from,
    "w: {before}, then {w}.": went_from,
    "Without a penalty w = {w}, and a steeper curve through the threshold has a lower loss. With it w = {penalized}; best: {best}.": weights_are,
    "Without: w = {w}, no best. With: {penalized}.": weights_are,
}  # fmt: skip


class Classes:
    """Three classes or more: shares that are right by numpy, and by a linear program whether weights grow for ever."""

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        data, self.run = scene.panels[0].problem.data, scene.runs[0].trajectory
        self.names, self.n, self.k, self.labels = (
            data.class_names,
            data.n_samples,
            data.n_classes,
            data.labels.astype(int),
        )
        self.last, self.scaled = len(self.run.params) - 1, (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)

    def scores(self) -> np.ndarray:
        matrix = self.run.params[-1].reshape(self.k, 3)
        return self.scaled @ matrix[:, :2].T + matrix[:, 2]

    def says_right(self, text: str) -> bool:
        scores = self.scores()
        lead = scores[np.arange(self.n), self.labels][:, None] - scores
        lead[np.arange(self.n), self.labels] = np.inf
        sure, ties = (lead.min(axis=1) > 1e-9).mean(), (np.abs(lead.min(axis=1)) <= 1e-9).mean()
        return bool(100 * sure - 0.051 <= value_of(text) <= 100 * (sure + ties) + 0.051)

    def grows(self) -> bool:
        design, rows = np.column_stack([self.scaled, np.ones(self.n)]), []
        for row, own in zip(design, self.labels, strict=True):
            for other in set(range(self.k)) - {own}:
                margin = np.zeros((self.k, 3))
                margin[own], margin[other] = row, -row
                rows.append(margin.ravel())
        margins = np.array(rows)
        best = linprog(-margins.sum(axis=0), A_ub=-margins, b_ub=np.zeros(len(margins)), bounds=(-1, 1))
        return bool(-best.fun > 1e-6)


SOFTMAX: dict[str, Check] = {
    "{points} points of {count} classes, two features each.": lambda o, f: value_of(f["points"]) == o.n and value_of(f["count"]) == o.k,
    "Before the first update every class has probability 1/{k} everywhere: there is no boundary yet.": lambda o, f: (
        not o.run.params[0].any() and value_of(f["k"]) == o.k
    ),
    "At first every class has probability 1/{k}.": lambda o, f: not o.run.params[0].any() and value_of(f["k"]) == o.k,
    "Each class has a linear score. A boundary is where the two highest scores tie, so it is straight.": is_so,
    "A boundary: where the two highest scores tie.": is_so,
    "Softmax makes scores into probabilities that add up to one, as for the circled {own}.": lambda o, f: f["own"] in o.names,
    "Softmax: probabilities that add up to one.": is_so,
    "{right} % right. The loss has no lowest value here: the weights grow for ever.": lambda o, _: o.grows(),
    "{right} % right; the weights grow for ever.": lambda o, _: o.grows(),
    "{right} % right; rings mark wrong points. Where regions meet, their classes are equally likely.": lambda o, _: not o.grows(),
    "{right} % right; rings mark wrong points.": lambda o, _: not o.grows(),
}  # fmt: skip
LESSONS = [
    ("logistic_loss_surface", SURFACE, Surface, True),
    ("mse_vs_cross_entropy", MSE, Oracle, True),
    ("separable_data", SEPARABLE, Oracle, True),
    ("softmax_three_species", SOFTMAX, Classes, False),
]


@pytest.mark.parametrize(("name", "table", "oracle", "refuses"), LESSONS, ids=[row[0] for row in LESSONS])
def test_every_sentence_is_so_whatever_the_parameters_and_data(build, name, table, oracle, refuses) -> None:
    check_lesson(build, name, table, oracle, refuses=refuses)
