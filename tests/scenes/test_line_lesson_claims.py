# ruff: noqa: E501 - a row of a table is a sentence of a lesson
"""What two lessons on lines say, six data sets and Newton's method, against numpy from scratch."""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import bartlett, f, linregress

from animate.learn import datasets
from animate.scene import Scene
from tests.scenes.classification_tables import value_of
from tests.scenes.sentence_oracle import Check, check_every_text, check_lesson, close, is_so


class Line:
    """Least squares, losses and residuals of a run on standardized x, from its points."""

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        data, self.run, self.values = scene.panels[0].problem.data, scene.runs[0].trajectory, values
        self.x, self.y, self.n, self.names = data.x, data.y, data.n_samples, ("", "")
        self.last = len(self.run.params) - 1
        design = np.column_stack([(self.x - self.x.mean()) / self.x.std(), np.ones(self.n)])
        with np.errstate(all="ignore"):
            self.loss = np.square(self.run.params @ design.T - self.y).mean(axis=1)
            self.residuals = self.y - design @ self.run.params[-1]
        self.lowest = float(np.square(design @ np.linalg.lstsq(design, self.y, rcond=None)[0] - self.y).mean())
        weight, intercept = self.run.params[-1]
        self.slope, self.intercept = weight / self.x.std(), intercept - weight * self.x.mean() / self.x.std()

    def gained(self, update: int) -> bool:
        excess = self.loss - self.lowest
        rest = excess[update:] <= 0.0501 * excess[0] + 1e-9 * self.lowest
        return bool(rest.all() and (not update or excess[update - 1] >= 0.0499 * excess[0] - 1e-9 * self.lowest))

    def never_gained(self) -> bool:
        return not self.loss[-1] - self.lowest <= 0.0499 * (self.loss[0] - self.lowest)

    def falls(self) -> bool:
        return bool((np.diff(self.loss) <= 1e-9 * self.loss[:-1]).all() and self.loss[-1] < self.loss[0])

    def shows(self, line: str, r2: str | None) -> bool:
        if not np.isfinite([self.slope, self.intercept]).all():
            return True
        found = re.fullmatch(r"(.+?)\u2009x ([+\u2212]) (.+)", line)
        assert found
        intercept = value_of(found[3]) * (-1 if found[2] == "\u2212" else 1)
        total = np.square(self.y - self.y.mean()).sum()
        if total == 0:  # R² is not defined
            return r2 is None
        score = 1 - np.square(self.residuals).sum() / total
        near = (
            close(found[1], self.slope, 1e-3, 6e-3)
            and abs(intercept - self.intercept) <= 6e-3 * abs(self.intercept) + 6e-3
        )
        return near and r2 is not None and close(r2, score, 2e-3, 6e-4)

    def far(self) -> np.ndarray:
        """Return the rows over 3.5 robust deviations off the line of least absolute deviations, a linear program."""
        n, x = self.n, (self.x - self.x.mean()) / self.x.std()
        cost = np.concatenate([np.zeros(2), np.ones(n)])
        design = np.column_stack([x, np.ones(n)])
        rows = np.block([[design, -np.eye(n)], [-design, -np.eye(n)]])
        found = linprog(cost, A_ub=rows, b_ub=np.append(self.y, -self.y), bounds=[(None, None)] * 2 + [(0, None)] * n)
        sizes = np.abs(self.y - design @ found.x[:2])
        return np.flatnonzero(0.6745 * sizes > 3.5 * max(float(np.median(sizes)), 1e-9 * np.ptp(self.y)))

    def square_helps(self) -> bool:
        """Return whether a parabola fits better than a line, at a level of 5 % of an F test."""
        x = (self.x - self.x.mean()) / self.x.std()
        line, parabola = (np.square(self.y - np.polyval(np.polyfit(x, self.y, degree), x)).sum() for degree in (1, 2))
        return bool((line - parabola) / (parabola / (self.n - 3)) > f.ppf(0.95, 1, self.n - 3))

    def parts(self, count: int) -> list[np.ndarray]:
        return np.array_split(self.residuals[np.argsort(self.x, kind="stable")], count)


def lesson_holds(o: Line, lesson: str) -> bool:
    """Check what is said of the residuals; the far points and the slope without them are scipy's."""
    fifths, (low, high) = [part.mean() for part in o.parts(min(5, o.n))], (part.std() for part in o.parts(2))
    if found := re.fullmatch(r"Mean residuals are (.+) and (.+) at the ends, (.+) between: the points bend, a line cannot.", lesson):
        middle = fifths[len(fifths) // 2]
        near = all(close(text, value) for text, value in zip(found.groups(), (fifths[0], fifths[-1], middle), strict=True))
        return near and fifths[0] * middle < 0 < fifths[0] * fifths[-1] and o.square_helps()
    if lesson == "The points bend; a line cannot.":
        return o.square_helps()
    if found := re.fullmatch(r"(?:Residuals spread by|Spread) (.+?)(?: in| at) the left(?: half)?, (?:by )?(.+?)(?: in| at) the right.*", lesson):
        is_wide = bartlett(*o.parts(2)).pvalue < 0.05
        return is_wide and close(found[1], low) and close(found[2], high)
    if found := re.fullmatch(r"Without (\d+) far points?(?: the slope would be|: slope) (.+?)(?:: squares weigh far points most)?\.", lesson):
        far = o.far()
        rest = linregress(np.delete(o.x, far), np.delete(o.y, far))
        return int(found[1]) == len(far) and close(found[2], rest.slope) and abs(rest.slope - o.slope) > 2.9 * rest.stderr
    if found := re.fullmatch(r"Less than 95 % (?:of what the loss can fall )?is gained: take (more updates|a lower rate).", lesson):
        stable = o.values.get("learning_rate", 0.05) * 2 < 2 * (1 - 1e-12)  # the Hessian of standardized x is 2 I
        return o.never_gained() and stable == (found[1] == "more updates")
    return lesson in (
        "What a line cannot follow is left in the residuals: look there for a bend, a fan or groups.", "Look for a pattern in the residuals.",
    )  # fmt: skip


def ends(o: Line, found: dict[str, str]) -> bool:
    return o.shows(found["line"], found.get("r2")) and lesson_holds(o, found["lesson"])


def gained(o: Line, found: dict[str, str]) -> bool:
    return o.gained(int(value_of(found["when"])))


SIX: dict[str, Check] = {
    "{n} points and a first line. Red shows how far it misses.": is_so,
    "Residuals: y less the line. Bars are their means, of each fifth of the points.": is_so,
    "Bars: mean residuals of each fifth.": is_so,
    "An update goes against the gradient of the mean squared error, and asks nothing else of the line.": is_so,
    "Against the gradient.": is_so,
    "From update {when} on 95 % of what the loss can fall is gained.": gained,
    "95 % is gained at update {when}.": gained,
    "Then the next, and the next.": is_so,
    "y = {line}, R² {r2}. {lesson}": ends,
    "y = {line}. {lesson}": ends,
    "{lesson}": lambda o, f: lesson_holds(o, f["lesson"]),
}  # fmt: skip


class Newton:
    """The quadratic of a line on x in units of its deviation, not centered: eigenvalues and losses by numpy."""

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        surface = scene.panels[0]
        self.gradient, self.newton = (run.trajectory for run in surface.runs)
        rules = scene.panels[1][1].rules
        self.rate = float(np.ravel(rules[0][4].values)[0])
        data, self.values = surface.values.__self__, values
        design, y = data.design, data.targets
        self.names, self.n, self.last = ("", ""), len(y), len(self.gradient.params) - 1
        hessian = np.linalg.eigvalsh(2 * design.T @ design / self.n)
        self.limit, self.condition = 2 / hessian[-1], hessian[-1] / hessian[0]
        self.best = np.linalg.lstsq(design, y, rcond=None)[0]
        lowest = np.square(design @ self.best - y).mean()
        with np.errstate(all="ignore"):
            self.excess = [
                np.square(path.params @ design.T - y).mean(axis=1) - lowest for path in (self.gradient, self.newton)
            ]
        self.tiny = 1e-9 * (lowest + self.excess[0][0])

    def arrival(self, which: int) -> int | None:
        far = np.flatnonzero(~(self.excess[which] <= 1.0001e-3 * self.excess[0][0] + self.tiny))
        first = int(far[-1]) + 1 if far.size else 0
        return first if first < len(self.excess[which]) else None

    def is_valley(self) -> bool:
        return not self.condition < 2

    def zigzags(self) -> bool:
        steps = np.diff(self.gradient.params, axis=0)
        lengths = np.linalg.norm(steps, axis=1)
        moving = lengths > 1e-3 * lengths.max()
        turns = (steps[1:] * steps[:-1]).sum(axis=1)[moving[1:] & moving[:-1]] < 0
        return bool(turns.size and turns.mean() > 0.5)


def rates_are(o: Newton, found: dict[str, str]) -> bool:
    limit = "limit" not in found or close(found["limit"], o.limit, 6e-3)
    return close(found["rate"], o.rate, 6e-3) and limit


def arrivals_are(o: Newton, found: dict[str, str]) -> bool:
    gradient, newton = o.arrival(0), o.arrival(1)
    text = found.get("result", "") + found.get("short", "")
    said = {name: int(value_of(at)) for name, at in re.findall(r"(Gradient|Newton)(?: after)?:? ([\d\u202f]+)", text)}
    expected = {"Gradient": gradient, "Newton": newton}
    return all(expected[name] is not None and abs(at - int(expected[name] or 0)) <= 1 for name, at in said.items())


def steepness_is(o: Any, times: str) -> bool:
    return o.condition >= 1e15 if times == "over 10¹⁵" else close(times, o.condition, 0.006)


NEWTON: dict[str, Check] = {
    "Every line is a place in this valley, {times} times as steep across as along.": lambda o, f: o.is_valley() and steepness_is(o, f["times"]),
    "A valley {times} times as steep across as along.": lambda o, f: o.is_valley() and steepness_is(o, f["times"]),
    "Every line is a place in this bowl of the mean squared error.": lambda o, _: not o.is_valley(),
    "One start, two rules: descent follows the slope ∇L, Newton divides it by the curvature H.": is_so,
    "Two rules: ∇L alone, or divided by curvature.": is_so,
    "Newton is at the best line: y = {line}. Slope and curvature tell a quadratic’s bottom.": lambda o, _: bool(
        np.allclose(o.newton.params[-1], o.best, rtol=1e-5, atol=1e-6 * np.abs(o.best).max())
    ),
    "One Newton step: at the bottom of a quadratic.": lambda o, _: bool(
        np.allclose(o.newton.params[-1], o.best, rtol=1e-5, atol=1e-6 * np.abs(o.best).max())
    ),
    "The slope points across the valley: descent zigzags at η = {rate} of at most {limit}.": lambda o, f: rates_are(o, f) and o.zigzags() and o.is_valley(),
    "The slope points across: it zigzags.": lambda o, _: o.zigzags() and o.is_valley(),
    "Steps go past the bottom: descent turns back and back at η = {rate} of at most {limit}.": lambda o, f: rates_are(o, f) and o.zigzags(),
    "Steps go past the bottom.": lambda o, _: o.zigzags(),
    "Descent goes on, at η = {rate}; the stability limit is {limit}.": rates_are,
    "Descent goes on: η = {rate}.": rates_are,
    "To 1/1000 of the first height. {result}": arrivals_are,
    "Newton’s first step lands on the best line, y = {line}. {result}": arrivals_are,
    "{short}": arrivals_are,
}  # fmt: skip
LESSONS = [("six_datasets", SIX, Line), ("newton_vs_gradient", NEWTON, Newton)]


@pytest.mark.parametrize(("name", "table", "oracle"), LESSONS, ids=[row[0] for row in LESSONS])
def test_every_sentence_is_so_whatever_the_parameters_and_data(build, name, table, oracle) -> None:
    check_lesson(build, name, table, oracle, count=90)


SHOWN = {"saturating": "the points bend", "outliers": "far points the slope would be", "growing_variance": "no single ±"}


@pytest.mark.parametrize("dataset", sorted(datasets.TRUE_FUNCTIONS))
def test_what_residuals_show_is_so_for_many_draws(build, dataset: str) -> None:
    texts = list[str]()
    for n_samples, noise, seed in itertools.product((20, 60, 400), (None, 0.0, 4.0), range(4)):
        values = {"dataset": dataset, "n_samples": n_samples, "noise": noise, "seed": seed}
        scene = build("six_datasets", **values)
        check_every_text(scene, Line(scene, values), SIX)
        texts.append(scene.alt)
    assert sum(SHOWN.get(dataset, "") in text for text in texts) > len(texts) / 3
