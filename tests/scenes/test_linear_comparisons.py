"""What the lessons that compare lines, losses and rates say is so: checked by numpy and scipy over draws of parameters."""
# ruff: noqa: E501 - a claim of a table stands on one line

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import animate
from animate.learn.diagnostics import default_huber_delta, outlier_rows
from animate.scene import Scene
from tests.scenes.claim_checks import (
    NUMBER,
    OF_SEVERAL_RUNS,
    TABLES,
    Descent,
    Lesson,
    Values,
    all_show,
    built,
    number,
    outcome,
    panels_of,
    shows,
    texts_of,
)  # fmt: skip

NEXT = r"^Then the next, and the next\.$"


def points(values: Values, drawn: Any) -> tuple[np.ndarray, np.ndarray]:
    if "data" in values:
        table = TABLES[values["data"]]
        return table.numbers(table.names[0]), table.numbers(table.names[1])
    return drawn.x, drawn.y


def is_scaled(values: Values) -> bool:
    return "data" in values and bool(values.get("standardize", True))


def spectral_updates(d: Descent, rate: float, share: float, first: np.ndarray) -> int | None:
    """Return the update from which the distance stays within a share of the first, from the eigenvalues of the Hessian."""
    eigenvalues, vectors = np.linalg.eigh(d.hessian)
    factors, parts = 1 - rate * eigenvalues, vectors.T @ (first - d.optimum)
    if np.linalg.norm(parts) <= 1e-12 * np.abs(d.optimum).max():
        return 0
    goal = share * np.linalg.norm(parts)
    # At the limit, to rounding, a part neither grows nor shrinks.
    at_limit = np.abs(rate * eigenvalues - 2) <= 1e-12
    factors = np.where(at_limit, -1.0, factors)
    counted = ~at_limit if np.linalg.norm(parts[at_limit]) <= goal else np.full(len(parts), True)
    if np.abs(factors[counted & (np.abs(parts) > 1e-12 * np.linalg.norm(parts))]).max(initial=0.0) >= 1 - 1e-13:
        return None
    low, high = 0, 1
    left = lambda k: np.linalg.norm(np.abs(factors) ** k * parts)  # noqa: E731
    while left(high) > goal and high < 1e14:
        high *= 2
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if left(middle) > goal else (low, middle)
    return low


def agrees_with(text: str, d: Descent, rate: float, count: int | None) -> bool:
    """Return whether a text is how many updates are needed; "over 1e15" beyond the curvatures that 64 bits can hold.

    The eigenvalues of 2 [[mean x², mean x], [mean x, 1]] multiply to 4 var x, from which the smaller one follows.
    """
    x = d.design[:, 0]
    steepest = float(np.linalg.eigvalsh(d.hessian)[-1])
    if text == "never":
        return rate * steepest >= 2 * (1 - 1e-9) and count is None
    if text == "over 1e15":
        return rate * steepest < 2 and np.log(100) / (rate * 4 * x.var() / steepest) > 1e15
    rounding = 1e-15 * steepest**2 / (4 * x.var())  # of the smaller eigenvalue, where it is not computed so
    return count is not None and abs(number(text) - count) <= 1 + (5e-3 * (count > 999_999) + rounding) * count


# --- thousands of epochs


def epochs_facts(scene: Scene, values: Values) -> dict[str, Any]:
    drawn = animate.line(
        values.get("n_samples", 100),
        slope=3.0,
        intercept=2.0,
        noise=values.get("noise", 1.0),
        x_range=(1.0, 10.0),
        rng=values.get("seed", 0),
    )
    x, y = points(values, drawn)
    unit = x.std() if is_scaled(values) else 1.0
    raw, centered = scene.runs
    runs = [Descent(raw, x / unit, y), Descent(centered, (x - x.mean()) / unit, y)]
    limits = [2 / np.linalg.eigvalsh(run.hessian)[-1] for run in runs]
    usual_rates = min(0.005, limits[0] / 4), min(0.06, limits[1] / 2)
    rates = [values.get(name) or usual for name, usual in zip(("learning_rate", "centered_rate"), usual_rates, strict=True)]
    return {
        "named": {run.name: d for run, d in zip((raw, centered), runs, strict=True)}, "n": len(x), "mean": x.mean(), "d": runs[0], "rates": rates, "runs": runs,
        "needed": [spectral_updates(d, rate, 0.01, d.params[0]) for d, rate in zip(runs, rates, strict=True)], "unit": unit,
        "slopes": runs[0].params[:, 0] / unit, "last": runs[0].last,
    }  # fmt: skip


def creeps(f: dict[str, Any], text: str) -> bool:
    flattest = np.linalg.eigvalsh(f["d"].hessian)[0]
    return abs(number(text) - 100 * f["rates"][0] * flattest) <= 0.06 * number(text)


EPOCHS = Lesson(
    facts=epochs_facts,
    choices={
        "learning_rate": (None, 0.001, 0.03, 1e-6), "centered_rate": (None, 0.06, 0.001, 0.5), "n_updates": (1, 5, 60, 3000),
        "n_samples": (5, 100), "noise": (0.0, 1.0, 5.0), "seed": tuple(range(50)), "standardize": (True, True, False),
    },
    n_draws=16,
    grid=({}, {"data": "centered"}, {"learning_rate": 0.03, "n_updates": 50}, {"centered_rate": 1.0, "n_updates": 50}, {"learning_rate": 0.03, "n_updates": 3000},
          {"data": "nano", "standardize": False}, {"data": "giant", "standardize": False}, {"data": "far", "standardize": False}, {"data": "constant"}, {"data": "zero"}, {"learning_rate": 6.8}),
    claims={
        **OF_SEVERAL_RUNS,
        rf"^{NUMBER} points(?:\.|:|, one)": lambda f, m: number(m[1]) == f["n"],
        rf"one update an epoch at rate {NUMBER}[.,]": lambda f, m: shows(m[1], f["rates"][0]),
        rf"x measured from its mean, at rate {NUMBER}[.:]": lambda f, m: shows(m[1], f["rates"][1]),
        r"^Why (?:does a line need )?thousands of epochs": lambda f, _: f["needed"][0] is not None and f["needed"][0] >= 999,
        r"^How many epochs does a line need": lambda f, _: f["needed"][0] is None or f["needed"][0] <= 1001 or f["needed"][0] > 1e12,
        r"a long narrow valley": lambda f, _: np.linalg.cond(f["d"].design) ** 2 > 9.99,
        rf"The mean of x is {NUMBER}[.:]": lambda f, m: shows(m[1], f["mean"]),
        rf"By epoch {NUMBER} the slope has overshot(?: to|:) {NUMBER}[:.]": lambda f, m: f["rates"][0] * np.linalg.eigvalsh(f["d"].hessian)[-1] < 2 and shows(m[2], f["slopes"][int(number(m[1]))]) and
            np.sign(f["slopes"][int(number(m[1]))] - f["d"].optimum[0] / f["unit"]) == np.sign(f["d"].optimum[0] - f["d"].params[0, 0]),
        rf"every epoch takes off {NUMBER} % of what is left": lambda f, m: creeps(f, m[1]),
        r"^Now both creep|^The first epochs|" + NEXT: lambda f, _: True,
        rf"^(?:Epochs f|F)or 99 %(?: of the way to the best line, slope {NUMBER})?: ([^;]+?); (?:with x )?centered: (.+?)\.$": lambda f, m: all(
            map(agrees_with, m.groups()[1:], f["runs"], f["rates"], f["needed"])
        ) and (not m[1] or shows(m[1], f["runs"][1].optimum[0] / f["unit"], 1e-9 * abs(f["d"].y).max() / f["unit"])),
    },
)  # fmt: skip


# --- scaled features


def scaling_facts(scene: Scene, values: Values) -> dict[str, Any]:
    highest, n = values.get("highest", 50.0), values.get("n_samples", 60)
    x, y = points(
        values,
        animate.line(
            n,
            slope=40 / highest,
            intercept=5.0,
            noise=values.get("noise", 3.0),
            x_range=(0.0, highest),
            rng=values.get("seed", 0),
        ),
    )
    raw, scaled = scene.runs
    runs = [Descent(raw, x, y), Descent(scaled, x, y, scaled=True)]
    share = values.get("share_of_limit", 0.25)
    conditions = [float(np.linalg.cond(d.hessian)) for d in runs]
    rates = [share * 2 / np.linalg.eigvalsh(d.hessian)[-1] for d in runs]
    return {
        "named": {run.name: d for run, d in zip((raw, scaled), runs, strict=True)}, "runs": runs, "conditions": conditions, "x": x, "share": share, "rates": rates,
        "needed": [spectral_updates(d, rate, 0.01, d.params[0]) for d, rate in zip(runs, rates, strict=True)],
    }  # fmt: skip


SCALING = Lesson(
    facts=scaling_facts,
    choices={
        "share_of_limit": (0.001, 0.25, 0.5, 0.9, 1.1), "n_updates": (1, 5, 300), "highest": (0.1, 1.0, 50.0, 1e4),
        "n_samples": (5, 60), "noise": (0.0, 3.0), "seed": tuple(range(50)),
    },
    n_draws=16,
    grid=({}, {"data": "centered"}, {"share_of_limit": 1.5, "n_updates": 3000}, {"data": "nano"}, {"data": "far"}, {"data": "zero"}, {"data": "exact", "start": (3.0, -1.0)}),
    claims={
        **OF_SEVERAL_RUNS,
        r"^Why standardize": lambda f, _: f["conditions"][0] > 9.99,
        r"^Must (?:a feature|x) be standardized": lambda f, _: f["conditions"][0] < 10.01,
        r"ravine": lambda f, _: f["conditions"][0] > 9.99,
        r"the loss is round|it is round": lambda f, _: f["conditions"][1] < 1 + 1e-6,
        r"^Updates for 99 %(?: of the parameters’ way)?: ([^;]+?)(?: on raw x,|; scaled:) (.+?)(?: on scaled x\. κ is the condition number)?\.$": lambda f, m: all(
            map(agrees_with, m.groups(), f["runs"], f["rates"], f["needed"])
        ),
        r"sees x as it is\.$|^One update of each\.$|" + NEXT: lambda f, _: f["conditions"][0] < 10.01,
    },
)  # fmt: skip


def close_counts(text: str, count: int | None) -> bool:
    """Return whether a text is a count; beyond 1e10 updates 1 - rate lambda is lost to rounding."""
    return (
        count is None or count > 1e10
        if number(text) > 1e10
        else count is not None and abs(number(text) - count) <= 1 + 1e-4 * count
    )


# --- bad starts


def start_facts(scene: Scene, values: Values) -> dict[str, Any]:
    x, y = points(
        values,
        animate.line(
            values.get("n_samples", 40),
            slope=1.5,
            intercept=1.0,
            noise=values.get("noise", 1.0),
            rng=values.get("seed", 4),
        ),
    )
    runs = {run.name: Descent(run, x, y, scaled=is_scaled(values)) for run in scene.runs}
    near, middle, far = sorted(runs.values(), key=lambda d: d.distance[0])
    farther, rate = values.get("farther", 4.0), values.get("learning_rate", 0.06)
    return {
        "named": runs, "starts": (near, middle, far), "farther": farther, "rate": rate,
        "needed": [spectral_updates(d, rate, 0.01 / farther**power, d.params[0]) for power, d in enumerate((near, middle, far))],
    }  # fmt: skip


def times_as_far(f: dict[str, Any], text: str) -> bool:
    return bool(np.isclose(number(text), f["farther"], rtol=1e-3)) or bool(
        np.isclose(number(text), f["farther"] ** 2, rtol=1e-3)
    )


STARTS = Lesson(
    facts=start_facts,
    choices={
        "learning_rate": (1e-4, 0.06, 0.2, 1.0), "farther": (1.1, 2.0, 4.0, 100.0), "n_updates": (1, 5, 60), "n_samples": (5, 40),
        "noise": (0.0, 1.0, 5.0), "seed": tuple(range(50)), "standardize": (True, True, False),
    },
    n_draws=16,
    grid=({}, {"learning_rate": 1.0, "n_updates": 2000}, {"data": "exact", "learning_rate": 1.0}, {"data": "exact", "learning_rate": 1.0, "standardize": False}, {"data": "nano", "standardize": False}),
    claims={
        **OF_SEVERAL_RUNS,
        rf"one {NUMBER} times and one {NUMBER} times as far|others {NUMBER}× and {NUMBER}× as far": lambda f, m: all(times_as_far(f, text) for text in m.groups() if text),
        rf"a start {NUMBER} times as far off takes steps {NUMBER} times as long": lambda f, m: times_as_far(f, m[1]) and bool(
            np.isclose(*(np.linalg.norm(d.params[1] - d.params[0]) * by for d, by in zip(f["starts"], (f["farther"], 1.0, 1.0), strict=True) if d is not f["starts"][2]), rtol=1e-4)
        ),
        rf"farthest start, at {NUMBER}× as far\.$": lambda f, m: times_as_far(f, m[1]),
        r"the losses fall side by side|^Side by side": lambda f, _: f["starts"][0].falls(),
        r"To arrive: (.+?), (.+?), (.+?) updates\.": lambda f, m: all(
            agrees_with(text, d, f["rate"], count) for text, d, count in zip(m.groups(), f["starts"], f["needed"], strict=True)
        ),
        rf"costs {NUMBER} more": lambda f, m: close_counts(m[1], f["needed"][1] - f["needed"][0]) and close_counts(m[1], f["needed"][2] - f["needed"][1]),
        r"At this learning rate no start arrives": lambda f, _: f["needed"] == [None] * 3 and f["rate"] * np.linalg.eigvalsh(f["starts"][0].hessian)[-1] >= 2 - 1e-9,
        rf"each {NUMBER} times as far from the best line": lambda f, m: times_as_far(f, m[1]),
        rf"squared error of {NUMBER} after {NUMBER}; the least possible is {NUMBER}\.": lambda f, m: (
            shows(m[1], f["starts"][2].loss[-1], f["starts"][2].rounding) and number(m[2]) == f["starts"][2].last and shows(m[3], f["starts"][2].best)
        ),
        NEXT: lambda f, _: not f["starts"][0].falls(),
    },
)  # fmt: skip


# --- the largest rate


def limit_facts(scene: Scene, values: Values) -> dict[str, Any]:
    x, y = points(
        values,
        animate.line(
            values.get("n_samples", 40),
            slope=1.5,
            intercept=1.0,
            noise=values.get("noise", 1.0),
            rng=values.get("seed", 0),
        ),
    )
    under, at, over = (Descent(run, x, y, scaled=is_scaled(values)) for run in scene.runs)
    return {
        "under": under,
        "at": at,
        "over": over,
        "limit": 2 / np.linalg.eigvalsh(under.hessian)[-1],
        "margin": values.get("margin", 0.1),
    }


def first(holds: np.ndarray) -> int:
    return int(holds.argmax())


LIMIT = Lesson(
    facts=limit_facts,
    choices={
        "margin": (1e-3, 0.1, 0.5, 0.9), "n_updates": (1, 5, 60, 1500), "n_samples": (5, 40), "noise": (0.0, 1.0, 5.0),
        "seed": tuple(range(50)), "standardize": (True, True, False),
    },
    n_draws=16,
    grid=({}, {"margin": 0.5, "n_updates": 3000}, {"n_updates": 1, "n_samples": 69, "noise": 0.005}),
    claims={
        rf"(?:lands|distance:|times) {NUMBER}, 1 and {NUMBER} times|distance: {NUMBER}, 1, {NUMBER}\.|: times {NUMBER}, 1 and {NUMBER}\.": lambda f, m: all(
            np.isclose(number(text), factor, rtol=1e-6, atol=6e-4 * (f["margin"] >= 1e-3)) for text, factor in zip([t for t in m.groups() if t], (abs(1 - 2 * f["margin"]), 1 + 2 * f["margin"]), strict=True)
        ),
        rf"the run has converged after {NUMBER} updates|^Under: converged after {NUMBER}": lambda f, m: f["under"].gains(number(m[1] or m[2]), 1 - 1e-4),
        rf"at update {NUMBER} the loss is infinite|infinite from update {NUMBER} on|loss ∞ at update {NUMBER}": lambda f, m: number(next(filter(None, m.groups()))) == f["over"].infinite_at(),
        rf"From update {NUMBER} on slope and intercept have no value|^From update {NUMBER} on: ": lambda f, m: abs(
            number(m[1] or m[2]) - first(np.isnan(f["over"].params).any(axis=1))
        ) <= 1,
        rf"At the limit {NUMBER} % of the first distance is left; over it the line is {NUMBER} times as far|^Distance: {NUMBER} % at the limit, {NUMBER} times over": lambda f, m: (
            abs(number(m[1] or m[3]) - 100 * f["at"].distance[-1] / f["at"].distance[0]) <= 0.06 * number(m[1] or m[3]) and shows(m[2] or m[4], f["over"].distance[-1] / f["over"].distance[0])
        ),
        r"Exactly at|(?:Just|Far) over|" + NEXT: lambda f, _: True,
    },
)  # fmt: skip


# --- Anscombe's quartet, outliers and penalties


def quartet_facts(scene: Scene, values: Values) -> dict[str, Any]:
    fits = [panel for panel in panels_of(scene) if hasattr(panel, "problem")]
    runs = [Descent(fit.run, fit.problem.data.x, fit.problem.data.y, scaled=True) for fit in fits]
    lines = np.array([d.line(d.params) for d in runs])
    return {"named": {fit.run.name: d for fit, d in zip(fits, runs, strict=True)}, "lines": lines, "last": runs[0].last,
            "means": np.array([[np.mean(term) for term in (d.x, d.y, d.x**2, d.x * d.y)] for d in (fit.problem.data for fit in fits)])}  # fmt: skip



def bounds(text: str, value: float) -> bool:
    """Return whether a number that is shown is a bound of a value, and a close one."""
    return value <= number(text) <= 1.11 * value + 1e-300


QUARTET = Lesson(
    facts=quartet_facts,
    choices={"learning_rate": (1e-6, 0.05, 0.3, 0.9), "n_updates": (1, 5, 100), "start": ((-0.45, 12.5), (0.0, 0.0), (7.3, -20.0))},
    n_draws=10,
    with_data=0.0,
    grid=({}, {"n_updates": 5, "start": (0.1, 5.006)}, {"learning_rate": 1.5, "n_updates": 2000}),
    claims={
        **OF_SEVERAL_RUNS,
        rf"All the way the slopes stay within {NUMBER}(?: of each other, the intercepts within {NUMBER})?\.$": lambda f, m: (
            bounds(m[1], np.ptp(f["lines"], axis=0).max(axis=0)[0]) and (not m[2] or bounds(m[2], np.ptp(f["lines"], axis=0).max(axis=0)[1]))
        ),
        rf"One line, four times, to these digits: y = {NUMBER}\u2009x ([+−]) {NUMBER}\.": lambda f, m: all(
            shows(m[1], line[-1, 0]) and shows(("−" if m[2] == "−" else "") + m[3], line[-1, 1]) for line in f["lines"]
        ),
        r"The gradient sees": lambda f, _: bool((np.ptp(f["means"], axis=0) <= 0.01 * np.abs(f["means"]).max(axis=0)).all()),
        rf"At the end the slopes are within {NUMBER}": lambda f, m: bounds(m[1], np.ptp(f["lines"][:, -1, 0])),
        rf"After {NUMBER} updates: I y = ": lambda f, m: number(m[1]) == f["last"],
        r"^At this rate no line settles|^At this rate no line settles. Only the picture": lambda f, _: any(run.diverges() for run in f["named"].values()),
        r"^The first updates\.$": lambda f, _: not np.isfinite(f["lines"]).all(),
    },
)  # fmt: skip


def outlier_facts(scene: Scene, values: Values) -> dict[str, Any]:
    data = next(panel.data for panel in panels_of(scene) if hasattr(panel, "curves"))
    lines = [curve for panel in panels_of(scene) if hasattr(panel, "curves") for curve in panel.curves]
    with np.errstate(all="ignore"):
        residuals = np.array([curve.at(10**9, data.x) - data.y for curve in lines])
    return {
        "n": len(data.x),
        "far": outlier_rows(data),
        "r": residuals,
        "lines": lines,
        "x": data.x,
        "y": data.y,
        "values": values,
        "scene": scene,
    }


def totals(f: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    with np.errstate(all="ignore"):
        return np.square(f["r"]).sum(axis=1), np.abs(f["r"]).sum(axis=1)


def near(text: str, value: float, floor: float) -> bool:
    return shows(text, value) or abs(number(text) - value) <= 1e-6 * abs(value) + floor


OUTLIERS: Values = {
    "n_updates": (1, 5, 60, 300), "n_samples": (5, 26), "share": (0.0, 0.12, 0.4), "height": (0.1, 7.5, 30.0), "noise": (0.0, 0.8),
    "seed": tuple(range(50)), "standardize": (True, True, False),
}  # fmt: skip

ABSOLUTE = Lesson(
    facts=outlier_facts,
    choices=OUTLIERS | {"learning_rate": (1e-4, 0.06, 0.4), "absolute_rate": (1e-3, 0.1, 1.0)},
    n_draws=16,
    grid=({}, {"n_updates": 0, "start": (1.5, 0.5)}),
    claims={
        rf"Σ r²: {NUMBER} against {NUMBER}\. Σ \|r\|: {NUMBER} against {NUMBER}\.(?: |$)": lambda f, m: all(
            near(text, value, 1e-12 * np.square(f["y"]).sum()) for text, value in zip(m.groups(), np.ravel(totals(f)), strict=True)
        ),
        r"Each line wins its own total": lambda f, _: totals(f)[0][0] < totals(f)[0][1] and totals(f)[1][1] < totals(f)[1][0],
        r"Not each line wins": lambda f, _: not (totals(f)[0][0] < totals(f)[0][1] and totals(f)[1][1] < totals(f)[1][0]),
        r"all pull equally hard|^The pull of \|r\| is only a sign|^\|r\| only counts": lambda f, _: bool((np.abs(np.sign(f["r"][1])) <= 1).all() or np.isnan(f["r"]).any()),
        r"Both are the same line": lambda f, _: bool(np.allclose(*f["r"], atol=1e-3 * np.ptp(f["y"]) + 1e-12)),
        r"diverges": lambda f, _: True,
    },
)  # fmt: skip


def ridge_targets(f: dict[str, Any], *, penalized: bool = True) -> np.ndarray:
    x, y = f["x"], f["y"]
    unit = 1.0 if "data" in f["values"] and not f["values"].get("standardize", True) else x.std()
    covariance, spread = np.mean((x - x.mean()) * (y - y.mean())) / unit, np.var(x) / unit**2
    return np.array(
        [covariance / (spread + penalty * penalized) / unit for penalty in f["values"].get("penalties", (0.0, 0.01, 0.1, 1.0))]
    )


def nearest_penalty(f: dict[str, Any]) -> float:
    kept = np.setdiff1d(np.arange(f["n"]), f["far"])
    clean = np.polyfit(f["x"][kept], f["y"][kept], 1)[0]
    return f["values"].get("penalties", (0.0, 0.01, 0.1, 1.0))[int(np.abs(ridge_targets(f) - clean).argmin())]


RIDGE = Lesson(
    facts=outlier_facts,
    choices=OUTLIERS | {"learning_rate": (1e-4, 0.08, 0.3), "penalties": ((0.0, 0.01, 0.1, 1.0), (0.0, 0.0, 0.0, 0.0), (0.1, 1.0, 2.0, 10.0))},
    n_draws=16,
    grid=({}, {"share": 0.0}, {"data": "constant", "n_updates": 300}),
    claims={
        r"w per standard deviation of x|x standardized\.$": lambda f, _: not ("data" in f["values"] and not f["values"].get("standardize", True)),
        r"minimizes ½ mean r² \+ ½ λ w²\.$|^Minimized: ½ mean r² \+ ½ λ w²\.$": lambda f, _: "data" in f["values"] and not f["values"]["standardize"],
        r"the lines part|pulls w towards 0, with λ w": lambda f, _: len(set(f["values"].get("penalties", (0, 1)))) > 1,
        r"^Four equal penalties": lambda f, _: len(set(f["values"]["penalties"])) == 1,
        r"lines meet at the mean of x": lambda f, _: bool(np.ptp([curve.at(10**9, np.array([f["x"].mean()]))[0] for curve in f["lines"]]) <= 1e-6 * np.ptp(f["y"]) + 1e-9 * abs(f["y"]).max()),
        r"^The intercept is not penalized\.$": lambda f, _: True,
        r"λ divides them by 1 \+ λ|lope ÷ \(1 \+ λ\)": lambda f, _: bool(np.allclose(ridge_targets(f), ridge_targets(f, penalized=False) / (1 + np.array(f["values"].get("penalties", (0.0, 0.01, 0.1, 1.0)))))),
        r"to λ an outlier is a point like all others": lambda f, _: "data" in f["values"] and not f["values"]["standardize"],
        r"Nearest to the dashes: λ = ([0-9.e−]+)\.": lambda f, m: number(m[1]) == nearest_penalty(f),
        r"^Best slopes:? ([−0-9., e\u202f]+)(?:\.$|:)": lambda f, m: all_show(m[1].rstrip("."), ridge_targets(f)),
        r"diverges": lambda f, _: True,
    },
)  # fmt: skip


def pull_shares(f: dict[str, Any]) -> list[float]:
    said = [match[1] for text in texts_of(f["scene"]) if (match := re.search(r"up to δ = ([0-9.e−\u202f]+),", text))]
    delta = (
        number(said[0])
        if said
        else default_huber_delta(next(panel.data for panel in panels_of(f["scene"]) if hasattr(panel, "curves")))
    )
    pulls = [
        np.abs(f["r"][0]),
        np.sign(np.abs(f["r"][1])),
        np.minimum(np.abs(f["r"][2]), f["values"].get("huber_delta") or delta),
    ]
    with np.errstate(all="ignore"):
        return [100 * float((pull[f["far"]].sum() if len(f["far"]) else pull.max()) / pull.sum()) for pull in pulls]


def shares_shown(f: dict[str, Any], texts: tuple[str, ...]) -> bool:
    for text, share in zip(texts, pull_shares(f), strict=True):
        if (
            np.isfinite(share)
            and np.abs(f["r"]).min() > 1e-9 * np.abs(f["y"]).max()
            and abs(number(text.rstrip(" %")) - share) > 0.7
        ):
            return False
    return True


ROBUST = Lesson(
    facts=outlier_facts,
    choices=OUTLIERS | {"learning_rate": (1e-4, 0.3), "absolute_rate": (1e-3, 0.1), "huber_delta": (None, 0.5, 3.0)},
    n_draws=16,
    grid=({}, {"share": 0.4, "height": 30.0}),
    claims={
        rf"(?:outliers hold|outlier holds|pulls most holds) {NUMBER} % of the squared pull, {NUMBER} % of the absolute and {NUMBER} % of Huber": lambda f, m: shares_shown(f, m.groups()),
        rf"^(?:Largest pull|\d+ outliers?): {NUMBER} %, {NUMBER} %, {NUMBER} %\.": lambda f, m: shares_shown(f, m.groups()),
        r"^Which loss (?:do outliers pull most|resists outliers)": lambda f, _: len(f["far"]) > 0,
        r"^Which loss (?:does a far point pull most|resists far points)": lambda f, _: len(f["far"]) == 0,
        r"The outliers hold": lambda f, _: len(f["far"]) > 1,
        r"The outlier holds": lambda f, _: len(f["far"]) == 1,
        r"^(\d+) outlier(s?): ": lambda f, m: int(m[1]) == len(f["far"]) > 0 and (m[2] == "s") == (len(f["far"]) > 1),
        r"The point that pulls most|^Largest pull": lambda f, _: len(f["far"]) == 0,
        r"^\|r\|: all pull alike. Huber: no more than δ": lambda f, _: f["values"].get("n_updates", 120) > 5,
        rf"up to δ = {NUMBER}, no further": lambda f, m: "huber_delta" not in f["values"] or f["values"]["huber_delta"] is None or shows(m[1], f["values"]["huber_delta"]),
        rf"to {NUMBER} points, {NUMBER} of them outliers": lambda f, m: (number(m[1]), number(m[2])) == (f["n"], len(f["far"])),
        r"diverges": lambda f, _: True,
    },
)  # fmt: skip

LESSONS = {
    "linear_ten_thousand_epochs": EPOCHS, "feature_scaling": SCALING, "bad_initialization": STARTS, "divergence_threshold": LIMIT,
    "anscombe": QUARTET, "least_absolute_deviations": ABSOLUTE, "ridge_outliers": RIDGE, "robust_losses": ROBUST,
}  # fmt: skip
CASES = [(name, at) for name, lesson in LESSONS.items() for at in range(len(lesson.cases()))]


@pytest.mark.parametrize(("name", "at"), CASES, ids=str)
def test_every_claim_is_so(name: str, at: int) -> None:
    outcome(name, LESSONS[name], at)


def test_the_draws_meet_every_claim_of_the_tables() -> None:
    met = set().union(*(outcome(name, LESSONS[name], at)[0] for name, at in CASES))
    assert {pattern for lesson in LESSONS.values() for pattern in lesson.claims} - met == set()


@pytest.mark.parametrize("name", LESSONS)
def test_what_claims_nothing_is_said_in_every_case(name: str) -> None:
    silent = [outcome(name, LESSONS[name], at)[1] for at in range(len(LESSONS[name].cases()))]
    assert set().union(*silent) - set.intersection(*silent) == set()


FALSE = [
    ("linear_ten_thousand_epochs", {"data": "centered"}, "lifts or sinks"),
    ("linear_ten_thousand_epochs", {"learning_rate": 0.03, "n_updates": 50}, "infinitely"),
    ("feature_scaling", {"share_of_limit": 1.0, "n_updates": 100}, "no number of"),
    ("least_absolute_deviations", {}, "rests when as many"),
    ("least_absolute_deviations", {}, "Neither total"),
    ("robust_losses", {"share": 0.4, "height": 30.0}, "no outliers here"),
    ("anscombe", {"n_updates": 1, "learning_rate": 1e-6}, "within 0.0000"),
    ("ridge_outliers", {"share": 0.0}, "Nearest"),
    ("ridge_outliers", {"n_updates": 10}, "at rest"),
]  # fmt: skip
"""Sentences that lessons once said, at parameters at which they are not so."""


@pytest.mark.parametrize(("name", "values", "words"), FALSE, ids=str)
def test_what_is_not_so_is_not_said(name: str, values: Values, words: str) -> None:
    assert words not in " ".join(texts_of(built(name, values)))
