# ruff: noqa: E501 - a row of a table is a sentence of a lesson
"""What the lessons say on where sigmoid, log loss and generalized linear models come from, against scipy and scikit-learn."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm
from sklearn.linear_model import PoissonRegressor

from animate.learn.data import ClassificationData, penguins
from animate.scene import Scene
from tests.scenes.classification_tables import TABLES, value_of
from tests.scenes.sentence_oracle import Check, check_lesson, close, is_so


class Score:
    """The loss of one point over its score: slopes by central differences."""

    def __init__(self, _: Scene, values: dict[str, Any]) -> None:
        self.names, self.n, self.last = ("", ""), 1, 120
        self.y, self.reach = int(values.get("label", 1)), values.get("score", 6.0)
        self.z = -self.reach if self.y else self.reach

    def slopes(self) -> tuple[float, float, float]:
        step, p = 1e-5, 1 / (1 + np.exp(-self.z))
        bend = (1 / (1 + np.exp(-self.z - step)) - 1 / (1 + np.exp(-self.z + step))) / (2 * step)
        near = 1e-6 * min(p, 1 - p)
        by_p = (self.loss(p + near) - self.loss(p - near)) / (2 * near)
        together = [self.loss(1 / (1 + np.exp(-self.z - shift))) for shift in (step, -step)]
        return bend, by_p, (together[0] - together[1]) / (2 * step)

    def loss(self, p: float) -> float:
        return float(-np.log(p if self.y else 1 - p))

    def grows_steeper(self) -> bool:
        """Return whether the loss rises, and ever faster, from the right side to the middle."""
        loss = np.logaddexp(0.0, np.linspace(-self.reach, 0.0, 40))
        return bool((np.diff(loss) > 0).all() and (np.diff(loss, 2) > 0).all())

    def is_flat_where_steep(self) -> bool:
        """Return whether the slopes of the sigmoid fall and those of the loss rise along the way that is shown."""
        own = 1 / (1 + np.exp(np.linspace(0.0, self.reach, 40)))
        return bool((np.diff(own * (1 - own)) < 0).all() and (np.diff(1 / own) > 0).all())


def slopes_are(o: Any, found: dict[str, str]) -> bool:
    bend, by_p, by_z = o.slopes()
    return (
        close(found["bend"], bend, 6e-4) and close(found["by_p"], by_p, 6e-5) and close(found["by_z"], by_z, 0.0, 6e-5)
        and close(found.get("z", str(o.z)), o.z, 1e-3) and abs(bend * by_p - by_z) < 1e-4
        and abs(value_of(found["bend"]) * value_of(found["by_p"]) - value_of(found["by_z"])) <= 1e-4  # as they are shown
        # what a reader with a calculator finds
        and abs(value_of(found["bend"]) * value_of(found["by_p"]) - value_of(found["by_z"])) < 6e-4
    )  # fmt: skip


PLUS_LOG_LOSS: dict[str, Check] = {
    "One point of class {y}. Its score z becomes a probability p by the sigmoid.": lambda o, f: value_of(f["y"]) == o.y,
    "A score z becomes a probability p.": is_so,
    "Its loss is −log {of}, the natural logarithm of the probability of its class.": lambda o, f: f["of"] == ("p" if o.y else "(1−p)"),
    "Its loss: −log {of}.": lambda o, f: f["of"] == ("p" if o.y else "(1−p)"),
    "Both together: from the right side toward the wrong one, the loss grows steep.": lambda o, _: o.grows_steeper(),
    "Right to wrong: the loss grows steep.": lambda o, _: o.grows_steeper(),
    "On the wrong side, the flatter the sigmoid, the steeper −log. The product of the slopes is p − y.": lambda o, _: o.is_flat_where_steep(),
    "Flat times steep: the product is p − y.": is_so,
    "At z = {z}: {bend} times {by_p} is {by_z}, and that is p − y.": slopes_are,
    "{bend} × {by_p} = {by_z}.": slopes_are,
}  # fmt: skip


class Gaussians:
    """Two normal classes, by scipy."""

    def __init__(self, _: Scene, values: dict[str, Any]) -> None:
        self.names, self.n, self.last = ("A", "B"), 0, 120
        self.of = {"mean_a": -1.0, "mean_b": 1.0, "spread_a": 1.2, "spread_b": 1.2, "share_b": 0.5} | values
        low, high = (
            end([self.of[f"mean_{one}"] + side * self.of[f"spread_{one}"] for one in "ab"])
            for end, side in ((min, -2.6), (max, 2.6))
        )
        self.ends = np.array([low, high])

    def log_odds(self, x: np.ndarray) -> np.ndarray:
        a, b = (norm.logpdf(x, self.of[f"mean_{one}"], self.of[f"spread_{one}"]) for one in "ab")
        return np.asarray(b - a + np.log(self.of["share_b"] / (1 - self.of["share_b"])))

    def is_straight(self) -> bool:
        return bool(np.abs(np.diff(self.log_odds(np.linspace(-3.0, 3.0, 9)), 2)).max() < 1e-9)

    def is_line(self, text: str) -> bool:
        found = re.fullmatch(r"(.+?)\u2009x ([+\u2212]) (.+)", text)
        assert found
        at_0, at_1 = self.log_odds(np.array([0.0, 1.0]))
        sign = -1 if found[2] == "\u2212" else 1
        return (
            close(found[1], at_1 - at_0, 1e-3, 6e-3) and abs(sign * value_of(found[3]) - at_0) < 1e-3 * abs(at_0) + 6e-3
        )

    def ends_are(self, found: dict[str, str]) -> bool:
        ends = 1 / (1 + np.exp(-self.log_odds(self.ends)))
        return close(found["first"], ends[0], least=6e-4) and close(found["last"], ends[1], least=6e-4)


def straight(o: Any, found: dict[str, str]) -> bool:
    return bool(
        o.is_straight()
        and ("line" not in found or o.is_line(found["line"]))
        and ("first" not in found or o.ends_are(found))
    )


def bent(o: Any, found: dict[str, str]) -> bool:
    return not o.is_straight() and ("first" not in found or o.ends_are(found))


FROM_GAUSSIANS: dict[str, Check] = {
    "Two classes, and a feature that is normal in both.": is_so,
    "Two heights at each x: how often a point there is an A, and how often a B.": is_so,
    "Log-odds are the logarithm of their ratio, and the probability of B is its share of both.": is_so,
    "Log-odds: the logarithm of their ratio.": is_so,
    "Equal steps multiply the ratio by equal factors: its logarithm is straight.": straight,
    "With two spreads the squares do not cancel: a parabola.": bent,
    "The log-odds are {line}, and the probability is the sigmoid of that line: logistic regression.": straight,
    "Log-odds {line}; P(B): its sigmoid.": straight,
    "P(B) is the sigmoid of a parabola: logistic regression with x and x².": bent,
}  # fmt: skip


class Counts:
    """Poisson regression by scikit-learn, and the loss along the run from the points alone."""

    def __init__(self, scene: Scene, _: dict[str, Any]) -> None:
        points, self.run = scene.panels[0].marks[1].xy, scene.runs[0].trajectory
        self.x, self.y = points.T
        self.names, self.n, self.last = ("", ""), len(points), len(self.run.params) - 1
        self.scaled = (self.x - self.x.mean()) / self.x.std()
        with np.errstate(all="ignore"):
            self.loss = np.array([self.loss_at(params) for params in self.run.params])

    def loss_at(self, params: np.ndarray) -> float:
        z = params[0] * self.scaled + params[1]
        return float((np.exp(z) - self.y * z).mean())

    @cached_property
    def lowest(self) -> float:
        fit = PoissonRegressor(alpha=0.0, tol=1e-10, max_iter=10_000).fit(self.scaled[:, None], self.y)
        return self.loss_at(np.array([*fit.coef_, fit.intercept_]))

    def converged(self, update: int) -> bool:
        excess = self.loss - self.lowest
        return bool(
            (excess[update:] <= 1.01e-4 * excess[0] + 1e-9).all() and excess[update - 1] > 0.99e-4 * excess[0] - 1e-9
        )

    def ends(self, found: dict[str, str]) -> bool:
        """Check when the loss has converged, or what it is at the end, and the lowest loss by scikit-learn."""
        lowest = self.lowest
        return (
            ("when" not in found or self.converged(int(value_of(found["when"]))))
            and ("loss" not in found or close(found["loss"], float(self.loss[-1]), 6e-3, 6e-3))
            and ("lowest" not in found or close(found["lowest"], lowest, 6e-3, 6e-3))
        )

    def multiplies(self, found: dict[str, str]) -> bool:
        """Check what a standard deviation of x does to the mean."""
        return close(found["size"], self.x.std()) and close(found["factor"], float(np.exp(self.run.params[-1, 0])))


POISSON: dict[str, Check] = {
    "{n} counts. A line can go below 0; a count cannot.": is_so,
    "The logarithm of the mean is made a line, log μ = w x + b: a generalized linear model.": is_so,
    "The logarithm of the mean is made a line.": is_so,
    "At first μ is 1 everywhere. Each point pulls with its gap, μ − y.": lambda o, _: not o.run.params[0].any(),
    "One update, x standardized: w ← w − η · mean of (μ − y) x, as in logistic regression with μ for p.": is_so,
    "x standardized: w ← w − η · mean of (μ − y) x.": is_so,
    "Converged: from update {when} on at most 1/10\u202f000 of the first excess over the lowest loss, {lowest}, is left.": lambda o, f: o.ends(f),
    "Converged at update {when}.": lambda o, f: o.ends(f),
    "After {updates} updates the loss is {loss}; the lowest possible is {lowest}.": lambda o, f: o.ends(f),
    "Loss {loss}; the lowest is {lowest}.": lambda o, f: o.ends(f),
    "One standard deviation of {x}, {size}, multiplies the mean by {factor}.": lambda o, f: o.multiplies(f),
}  # fmt: skip


class LogOdds:
    """Descent on the cross-entropy of one feature, step by step."""

    def __init__(self, scene: Scene, values: dict[str, Any]) -> None:
        table = TABLES[values["data"]] if "data" in values else None
        data = ClassificationData.from_table(table, 1) if table else penguins(["body_mass_g"], ["Adelie", "Gentoo"])
        self.x, labels, self.names, self.n = data.X[:, 0], data.labels, data.class_names, data.n_samples
        self.last = scene.timeline.n_updates
        scaled, (w, b) = (self.x - self.x.mean()) / self.x.std(), values.get("start", (0.0, 0.0))
        for _ in range(self.last):
            pull = expit(w * scaled + b) - labels
            w, b = (
                w - values.get("learning_rate", 4.0) * (pull * scaled).mean(),
                b - values.get("learning_rate", 4.0) * pull.mean(),
            )
        self.weight, self.slope = w / self.x.std(), np.polyfit(scaled, labels, 1)[0]

    def adds(self, found: dict[str, str]) -> bool:
        width = value_of(found["step"].split()[0].replace("e\u2212", "e-"))
        bins = np.ptp(self.x) / width
        added, times = self.weight * width, value_of(found["times"])
        with np.errstate(over="ignore"):
            factor = np.exp(added)
        return (
            1 < bins < 80
            and ("added" not in found or close(found["added"], added, 0.01, 6e-3))
            and (times == factor or abs(times - factor) <= 6e-3 * factor)
        )


SIGMOID: dict[str, Check] = {
    "Dots: the share of {yes} among the points of each bin of {name}. Shares are between 0 and 1.": is_so,
    "Dots: shares of {yes}, between 0 and 1.": is_so,
    "A straight line (dashed) leaves 0 to 1 sooner or later.": lambda o, _: abs(o.slope) > 1e-10,
    "A line leaves 0 to 1.": lambda o, _: abs(o.slope) > 1e-10,
    "Log-odds, ln p/(1−p), run from −∞ to ∞: a straight line never leaves them.": is_so,
    "Log-odds have no ends for a line to leave.": is_so,
    "The same bands: equal steps of log-odds are squeezed ever narrower toward 0 and 1.": is_so,
    "Equal steps are squeezed toward 0 and 1.": is_so,
    "Descent fits the line. The curve is the same line, squeezed: that is the sigmoid.": is_so,
    "The curve is the line, squeezed.": is_so,
    "After {updates} updates: each {step} adds {added} to the log-odds and multiplies the odds by {times}, wherever you start.": lambda o, f: o.adds(f),
    "Each {step} multiplies the odds by {times}.": lambda o, f: o.adds(f),
}  # fmt: skip
LESSONS = [
    ("sigmoid_plus_log_loss", PLUS_LOG_LOSS, Score, False),
    ("from_gaussians_to_sigmoid", FROM_GAUSSIANS, Gaussians, False),
    ("poisson_regression", POISSON, Counts, True),
    ("why_the_sigmoid", SIGMOID, LogOdds, False),
]


@pytest.mark.parametrize(("name", "table", "oracle", "refuses"), LESSONS, ids=[row[0] for row in LESSONS])
def test_every_sentence_is_so_whatever_the_parameters_and_data(build, name, table, oracle, refuses) -> None:
    check_lesson(build, name, table, oracle, refuses=refuses)
