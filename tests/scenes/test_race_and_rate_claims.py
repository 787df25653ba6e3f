# ruff: noqa: E501 - a row of a table is a sentence of a lesson
"""What the race of optimizers, the falling rates and the small network say, against recurrences written out here."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from animate.draw.marks import Text
from animate.learn import datasets
from animate.learn.data import ClassificationData, RegressionData
from animate.scene import Scene
from tests.scenes.classification_tables import TABLES, value_of
from tests.scenes.sentence_oracle import Check, check_lesson, close, is_so

Step = Callable[[np.ndarray, int, dict[str, np.ndarray]], np.ndarray]


def heights(name: str) -> Callable[[Any, Any], Any]:
    """Return the surface as its formula stands in the literature."""
    return {
        "valley": lambda x, y: (x**2 + 30 * y**2) / 2,
        "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
        "beale": lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
        "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
        "camel": lambda x, y: (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2,
        "saddle": lambda x, y: x**2 / 2 - y**2 / 2 + y**4 / 4,
    }[name]


LOWEST = {"camel": -1.0316284534898774, "saddle": -0.25}
"""The least height where it is not 0."""
DIAGONALS = {
    "valley": (10, 4),
    "rosenbrock": (4, 4),
    "beale": (9, 9),
    "himmelblau": (12, 12),
    "camel": (4.2, 2.4),
    "saddle": (4, 3.2),
}
"""Width and height of the window of a surface."""
RATES = np.array([float(f"{digit}e{power}") for power in range(-5, 1) for digit in (1, 2, 5)])


def slopes(name: str, at: np.ndarray) -> np.ndarray:
    """Return the gradient (n, 2) by a complex step, which for a polynomial is exact to rounding."""
    height, tiny = heights(name), 1e-30
    parts = (height(at[:, 0] + 1j * tiny, at[:, 1] + 0j), height(at[:, 0] + 0j, at[:, 1] + 1j * tiny))
    return np.stack([part.imag / tiny for part in parts], axis=-1)


def recurrence(name: str, optimizer: str, rates: np.ndarray, start: Any, n_updates: int) -> np.ndarray:
    """Return the paths (n_updates + 1, n_rates, 2) of one optimizer at several rates, as its authors define it."""
    at, rate = np.tile(np.asarray(start, dtype=float), (len(rates), 1)), rates[:, None]
    m, v, path = np.zeros_like(at), np.zeros_like(at), [at]
    with np.errstate(all="ignore"):
        for k in range(1, n_updates + 1):
            g = slopes(name, at)
            if optimizer == "Plain":
                step = -rate * g
            elif optimizer == "Momentum":
                step = m = 0.9 * m - rate * g
            elif optimizer == "Nesterov":
                m = 0.9 * m - rate * g
                step = 0.9 * m - rate * g
            elif optimizer == "AdaGrad":
                v = v + g**2
                step = -rate * g / (np.sqrt(v) + 1e-8)
            elif optimizer == "RMSProp":
                v = 0.9 * v + 0.1 * g**2
                step = -rate * g / (np.sqrt(v) + 1e-8)
            else:
                m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
                step = -rate * (m / (1 - 0.9**k)) / (np.sqrt(v / (1 - 0.999**k)) + 1e-8)
            at = at + step
            path.append(at)
    return np.array(path)


def stays_from(heights_along: np.ndarray, level: float) -> int | None:
    """Return the first entry from which a series stays at or below a level."""
    above = np.flatnonzero(~(heights_along <= level))
    first = int(above[-1]) + 1 if above.size else 0
    return first if first < len(heights_along) else None


class Race:
    """The six runs of a race, and the rates that a search of one's own finds."""

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        self.names, self.n, self.values = ("", ""), 6, values
        self.surface, self.runs = values.get("surface", "beale"), scene.panels[0].runs
        texts = [
            mark.text.strip()
            for mark in scene.panels[1][1].marks
            if isinstance(mark, Text) and isinstance(mark.text, str)
        ]
        self.rates = dict(zip(texts[::2], map(value_of, texts[1::2]), strict=True))
        self.start, self.last = self.runs[0].trajectory.params[0], len(self.runs[0].trajectory.params) - 1
        with np.errstate(all="ignore"):
            self.above = {run.name: self.height(run.trajectory.params) for run in self.runs}
        self.goal = 1e-3 * self.above["Plain"][0]

    def height(self, at: np.ndarray) -> np.ndarray:
        return np.asarray(heights(self.surface)(at[..., 0], at[..., 1]) - LOWEST.get(self.surface, 0.0))

    def arrivals(self) -> dict[str, int | None]:
        return {name: stays_from(above, self.goal) for name, above in self.above.items()}

    def begins_together(self) -> bool:
        given = self.values.get("start")
        return all(np.array_equal(run.trajectory.params[0], self.start) for run in self.runs) and (
            given is None or np.allclose(given, self.start)
        )

    def is_tuned(self) -> bool:
        """Return whether each rate is the first at the goal of all with no step over a tenth of the window."""
        if any(value is not None for key, value in self.values.items() if key.startswith("learning_rate")):
            return False
        n_updates, longest = min(self.last, 500), 0.1 * math.hypot(*DIAGONALS[self.surface])
        for name, rate in self.rates.items():
            paths = recurrence(self.surface, name, RATES, self.start, n_updates)
            with np.errstate(all="ignore"):
                steps, above = np.linalg.norm(np.diff(paths, axis=0), axis=-1).max(axis=0), self.height(paths)
            found = {
                float(one): stays_from(above[:, index], self.goal)
                for index, one in enumerate(RATES) if steps[index] <= longest
            }  # fmt: skip
            reached = [at for at in found.values() if at is not None]
            if not reached or found.get(rate) != min(reached):
                return False
        return True

    def lost(self) -> list[str]:
        """Return which runs end at infinite numbers, or at over 100 times their first height, where that is above 0."""
        lowest = LOWEST.get(self.surface, 0.0)
        ends = {name: (above[0] + lowest, above[-1] + lowest) for name, above in self.above.items()}
        return [name for name, (first, end) in ends.items() if not np.isfinite(end) or end > 100 * first > 0]

    def follows(self, *names: str) -> bool:
        """Return whether the first updates of some runs are those of their recurrences, at the rates shown."""
        first = min(self.last, 8)
        for run in self.runs:
            if run.name in names:
                rate = self.values.get(f"learning_rate_{run.name.lower()}") or self.rates[run.name]
                own = recurrence(self.surface, run.name, np.array([rate]), self.start, first)[:, 0]
                near = np.abs(own).max(axis=1) < 1e3  # farther out rounding grows without end
                if not np.allclose(run.trajectory.params[: first + 1][near], own[near], rtol=1e-6, atol=1e-9):
                    return False
        return True


def arrivals_are(o: Race, found: dict[str, str]) -> bool:
    """Check the list of those that reached the goal, first to last, and of those that did not, or diverged."""
    text, arrivals = found["arrivals"], o.arrivals()
    there = {name: at for name, at in arrivals.items() if at is not None}
    lost = o.lost()
    missing = [name for name, at in arrivals.items() if at is None and name not in lost]
    if not there:
        return text.startswith(("None of them reached the goal in", "None reached it in")) and str(o.last) in text
    if text.startswith("First: "):
        quickest = [name for name in arrivals if there.get(name) == min(there.values())]
        named = text.removeprefix("First: ").partition(", after ")[0]
        counts = [int(n[1]) if (n := re.search(rf"; (\d+) {word}", text)) else 0 for word in ("not yet", "diverged")]
        return (
            sorted(re.split(r", | and ", named)) == sorted(quickest)
            and f"after {min(there.values())}" in text
            and counts == [len(missing), len(lost)]
        )
    listed, _, late = text.rstrip(".").partition(";")
    pairs = [(name, int(at)) for name, at in re.findall(r"([A-Z]\w+)(?: after)? (\d+)", listed.partition(": ")[2])]
    in_order = [at for _, at in pairs] == sorted(at for _, at in pairs)
    after = str(o.last) if o.last < 1000 else f"{o.last // 1000}\u202f{o.last % 1000:03}"
    in_full = [f" {words}: {', '.join(n)}" for words, n in ((f"not in {after}", missing), ("diverged", lost)) if n]
    in_short = [f" {len(n)} {words}" for words, n in (("not yet", missing), ("diverged", lost)) if n]
    return dict(pairs) == there and in_order and late in (";".join(in_full), ";".join(in_short))


RACE: dict[str, Check] = {
    "Six optimizers start at one point. The goal: to stay within 1/1000 of the first height above the bottom.": lambda o, _: o.begins_together(),
    "Six optimizers, one start.": lambda o, _: o.begins_together(),
    "Each runs at the best of 1, 2, 5 × 10ⁿ: first at the goal, no step above a tenth of the window.": lambda o, _: o.is_tuned(),
    "Each at its best rate; no step above 1/10 window.": lambda o, _: o.is_tuned(),
    "Each has a learning rate of its own, beside its name.": lambda o, _: not o.is_tuned() and o.follows(*o.rates),
    "Each has a rate of its own.": lambda o, _: not o.is_tuned() and o.follows(*o.rates),
    "Plain descent follows the slope. Momentum and Nesterov keep 0.9 of their velocity.": lambda o, _: o.follows("Plain", "Momentum", "Nesterov"),
    "Momentum and Nesterov keep 0.9.": lambda o, _: o.follows("Momentum", "Nesterov"),
    "AdaGrad, RMSProp and Adam divide each step by the size of past slopes, of x and of y apart.": lambda o, _: o.follows("AdaGrad", "RMSProp", "Adam"),
    "The others scale steps by past slopes.": lambda o, _: o.follows("AdaGrad", "RMSProp", "Adam"),
    "{arrivals}": arrivals_are,
}  # fmt: skip


class Schedules:
    """Four runs of SGD by a loop over the points in the order that the runs have."""

    names = ("", "")

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        if "data" in values:
            data = RegressionData.from_table(TABLES[values["data"]])
            x, y = data.x, data.y
        else:
            options = {"slope": 2.0, "intercept": 1.0, "noise": values.get("noise", 1.5), "rng": values.get("seed", 0)}
            drawn = datasets.line(values.get("n_samples", 60), **options)
            x, y = drawn.x, drawn.y
        (first, third), (second, fourth) = scene.panels[:2]
        self.runs = [cloud.run.trajectory for cloud in (first, second, third, fourth)]
        self.order, self.n, self.last = self.runs[0].rows[:, 0], len(x), len(self.runs[0].params) - 1
        self.x, self.y = (x - x.mean()) / x.std(), y
        self.best = np.linalg.lstsq(np.column_stack([self.x, np.ones(self.n)]), y, rcond=None)[0]
        rate, last = values.get("learning_rate", 0.05), self.last
        factor, half_time, every = values.get("factor", 0.3), values.get("half_time", 100.0), max(1, last // 4)
        self.rate, self.paths = rate, []
        for schedule in (
            lambda k: rate, lambda k: rate * factor ** (k // every), lambda k: rate / (1 + k / half_time),
            lambda k: rate / 2 * (1 + math.cos(math.pi * k / last)),
        ):  # fmt: skip
            at, path = self.runs[0].params[0], [self.runs[0].params[0]]
            with np.errstate(all="ignore"):
                for k, row in enumerate(self.order):
                    design = np.array([self.x[row], 1.0])
                    at = at - schedule(k) * 2 * (design @ at - self.y[row]) * design
                    path.append(at)
            self.paths.append(np.array(path))
        with np.errstate(all="ignore"):
            self.away = np.array([np.linalg.norm(path - self.best, axis=1) for path in self.paths])
            start = max(min(self.n, last), last - self.n + 1)
            self.kept = np.sqrt(np.square(self.away[:, start:]).mean(axis=1))
        self.window = f"{last - start + 1} updates"  # over which those distances are averaged

    def one_order(self) -> bool:
        return all(np.array_equal(run.rows[:, 0], self.order) for run in self.runs)

    def ends_are(self, found: dict[str, str]) -> bool:
        """Check the distances of the last epoch, where what is lost to rounding may be 0."""
        shown, rounding = [found["constant"], *found["others"].split(", ")], 2e-12 * np.abs(self.best).max()
        return len(shown) == 4 and all(
            size == "∞" if not np.isfinite(kept) else abs(value_of(size) - kept) <= 6e-3 * abs(kept) + rounding
            for size, kept in zip(shown, self.kept, strict=True)
        )

    def wanders(self) -> bool:
        """Return whether the second half of the run at a constant rate stays around the best line, up and down."""
        half = self.away[0][self.last // 2 :]
        design = np.column_stack([self.x, np.ones(self.n)])
        with np.errstate(all="ignore"):
            loss = np.square(self.paths[0][self.last // 2 :] @ design.T - self.y).mean(axis=1)
        changes = np.diff(loss)
        return bool(
            np.sqrt(np.square(half).mean()) <= 1.34 * self.away[0][0]
            and (changes > 0).any()
            and (changes < 0).any()
            and half.min() > 1e-9 * self.away[0][0]
        )


def nearer(o: Schedules) -> int:
    """Return how many falling rates end nearer than the constant one."""
    kept = np.nan_to_num(np.where(o.kept < 1e-12 * np.abs(o.best).max(), 0.0, o.kept), nan=np.inf, posinf=np.inf)
    return int((kept[1:] < kept[0]).sum())


SCHEDULES: dict[str, Check] = {
    "Four runs of online SGD from one line, over the same points in the same order: only the learning rate differs.": lambda o, _: (
        o.one_order() and all(np.array_equal(run.params[0], o.paths[0][0]) for run in o.runs)
    ),
    "Four runs of SGD: only the learning rate differs.": lambda o, _: o.one_order(),
    "Each update uses one point.": lambda o, _: o.runs[0].rows.shape == (o.last, 1),
    "Near the best line the points disagree: at a constant rate each one’s pull throws the line off again.": lambda o, _: o.wanders(),
    "At a constant rate each point pulls it off.": lambda o, _: o.wanders(),
    "Then the next, and the next.": is_so,
    "± is the distance from the best line over the last {window}, root mean square.": lambda o, f: f["window"] == o.window,
    "±: root mean square distance, last {window}.": lambda o, f: f["window"] == o.window,
    "Every falling rate ends nearer than the constant one: {others} against {constant}.": lambda o, f: nearer(o) == 3 and o.ends_are(f),
    "Every falling rate ends nearer.": lambda o, _: nearer(o) == 3,
    "No falling rate ends nearer than the constant one: {others} against {constant}.": lambda o, f: nearer(o) == 0 and o.ends_are(f),
    "No falling rate ends nearer.": lambda o, _: nearer(o) == 0,
    "Not every falling rate ends nearer than the constant one: {others} against {constant}.": lambda o, f: nearer(o) < 3 and o.ends_are(f),
    "Not every falling rate ends nearer.": lambda o, _: nearer(o) < 3,
}  # fmt: skip


class Net:
    """A network of tanh units written out, on features that numpy standardizes."""

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        if "data" in values:
            data = ClassificationData.from_table(TABLES[values["data"]], n_features=2)
        else:
            draw = datasets.CLASSIFICATION_DATASETS[values.get("dataset", "two_moons")]
            data = draw(values.get("n_samples", 120), noise=values.get("noise", 0.15), rng=0)
        self.X, self.labels, self.n, self.names = (
            (data.X - data.X.mean(axis=0)) / data.X.std(axis=0),
            data.labels,
            data.n_samples,
            data.class_names,
        )
        self.run, self.h = scene.panels[0].run.trajectory, values.get("n_hidden", 3)
        self.last, self.rate, self.penalty = (
            len(self.run.params) - 1,
            values.get("learning_rate", 1.0),
            values.get("ridge_penalty", 1e-3),
        )

    def hidden(self, params: np.ndarray) -> np.ndarray:
        return np.tanh(self.X @ params[: 2 * self.h].reshape(self.h, 2).T + params[2 * self.h : 3 * self.h])

    def logits(self, params: np.ndarray) -> np.ndarray:
        return np.asarray(self.hidden(params) @ params[3 * self.h : 4 * self.h] + params[-1])

    def loss(self, params: np.ndarray) -> Any:
        z, weights = self.logits(params), np.concatenate([params[: 2 * self.h], params[3 * self.h : 4 * self.h]])
        return np.mean(np.log1p(np.exp(-np.where(self.labels == 1, z, -z)))) + self.penalty / 2 * (weights**2).sum()

    def steps_down(self) -> bool:
        """Return whether the first update is the rate times the slope, by a complex step in each parameter."""
        first = self.run.params[0]
        slope = np.array([self.loss(first + 1e-30j * one).imag / 1e-30 for one in np.eye(len(first))])
        return bool(np.allclose(self.run.params[1] - first, -self.rate * slope, rtol=1e-6, atol=1e-12))

    def units_are_lines(self) -> bool:
        """Return whether each unit has its zeros on a line to begin with, and its sign on either side."""
        weights = self.run.params[0][: 2 * self.h].reshape(self.h, 2)
        sides = np.sign(self.X @ weights.T) == np.sign(self.hidden(self.run.params[0]))
        return bool((np.linalg.norm(weights, axis=1) > 0).all() and sides.all())

    def right(self, text: str) -> bool:
        z = self.logits(self.run.params[-1])
        sure, ties = ((z > 1e-9) == (self.labels == 1)) & (np.abs(z) > 1e-9), np.abs(z) <= 1e-9
        return bool(100 * sure.mean() - 0.051 <= value_of(text) <= 100 * (sure | ties).mean() + 0.051)

    def line_gets(self, text: str, penalty: str = "") -> bool:
        """Check the share that scikit-learn's line has right, a point on the line with either; C is 1 / (n penalty)."""
        ridge = self.penalty or 1e-3
        if penalty and value_of(penalty) != ridge:
            return False
        fit = LogisticRegression(C=1 / (self.n * ridge), tol=1e-10, max_iter=10_000, solver="newton-cholesky").fit(
            self.X, self.labels
        )
        z = fit.decision_function(self.X)
        sure, ties = ((z > 1e-7) == (self.labels == 1)) & (np.abs(z) > 1e-7), np.abs(z) <= 1e-7
        return bool(100 * sure.mean() - 0.051 <= value_of(text) <= 100 * (sure | ties).mean() + 0.051)

    def steps_are(self, text: str) -> bool:
        return text == f"{self.h} soft steps"


NETWORK: dict[str, Check] = {
    "Two classes. Logistic regression, one straight line, gets {share} % right at ridge penalty {ridge}.": lambda o, f: o.line_gets(f["share"], f["ridge"]),
    "Logistic fit, ridge {ridge}: {share} % right.": lambda o, f: o.line_gets(f["share"], f["ridge"]),
    "Each hidden unit is a line, random at first: below 0 on one side of it, above 0 on the other.": lambda o, _: o.units_are_lines(),
    "Each hidden unit is a line, random at first.": lambda o, _: o.units_are_lines(),
    "The prediction adds up {steps}, one at each line. Rings mark the points it gets wrong.": lambda o, f: o.steps_are(f["steps"]),
    "The prediction adds up {steps}.": lambda o, f: o.steps_are(f["steps"]),
    "The prediction is one soft step, at its line. Rings mark the points it gets wrong.": lambda o, _: o.h == 1,
    "It is one soft step.": lambda o, _: o.h == 1,
    "One update moves all lines and weights at once, against the gradient of one loss.": lambda o, _: o.steps_down(),
    "One update moves all lines.": lambda o, _: o.steps_down(),
    "Then the next, and the next. Where the boundary crosses a unit’s line, it can bend.": lambda o, _: o.h > 1,
    "Then the next: it can bend at the lines.": lambda o, _: o.h > 1,
    "Then the next, and the next. Of one unit the boundary stays straight.": lambda o, _: o.h == 1,
    "Of one unit it stays straight.": lambda o, _: o.h == 1,
    "{share} % right after {updates} updates, with a boundary made of {steps}.": lambda o, f: o.right(f["share"]) and o.steps_are(f["steps"]),
    "{share} % right with {steps}.": lambda o, f: o.right(f["share"]) and o.steps_are(f["steps"]),
    "A network with {hidden} learns two classes of {n} points. After {updates} updates {share} % are right and the loss is {final}, from {first}; logistic "
    "regression gets {line} % right at ridge penalty {ridge}.": lambda o, f: (
        o.right(f["share"]) and o.line_gets(f["line"], f["ridge"]) and f["hidden"] == f"{o.h} hidden units"
        and close(f["final"], float(o.loss(o.run.params[-1])), least=6e-5) and close(f["first"], float(o.loss(o.run.params[0])), least=6e-5)
    ),
}  # fmt: skip
LESSONS = [
    ("optimizer_race", RACE, Race),
    ("learning_rate_schedules", SCHEDULES, Schedules),
    ("neural_network", NETWORK, Net),
]


@pytest.mark.parametrize(("name", "table", "oracle"), LESSONS, ids=[row[0] for row in LESSONS])
def test_every_sentence_is_so_whatever_the_parameters_and_data(build, name, table, oracle) -> None:
    check_lesson(build, name, table, oracle, count=30)
