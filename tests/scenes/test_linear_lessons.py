"""What the lessons on a line say is so: for a grid and random draws of their parameters, checked by numpy from scratch.

A text that differs from draw to draw must hold a claim of the table, and every claim of the table must be met.
"""
# ruff: noqa: E501 - a claim of a table stands on one line

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import linregress, norm

import animate
from animate.errors import DataError
from animate.scene import Scene
from tests.scenes.claim_checks import (
    LINE,
    NUMBER,
    OF_ONE_RUN,
    OF_SEVERAL_RUNS,
    SCENES,
    TABLES,
    USUAL,
    Claims,
    Descent,
    Lesson,
    Values,
    all_show,
    built,
    number,
    outcome,
    panels_of,
    points_of,
    shows,
    shows_line,
    texts_of,
)  # fmt: skip


def one_descent(scene: Scene, values: Values) -> Any:
    (run,) = scene.runs
    scaled = "data" in values and values.get("standardize", True)
    d: Any = Descent(run, *points_of(scene), scaled=scaled, penalty=values.get("ridge_penalty", 0.0))
    d.used = d.last * (d.n if run.name == "Batch GD" else 1)
    return d


def ends_at_the_best(d: Descent) -> bool:
    return bool(d.distance[-1] <= 2e-3 * d.distance[0] + 1e-3 * np.hypot(*d.optimum))


def no_step_passes(d: Descent, rate: float) -> bool:
    return bool((2 * rate * np.square(d.design).sum(axis=1) <= 1 + 1e-9).all())


OF_THE_MIDDLE: Claims = {
    r"^(Then the next: t|T)he loss falls at every update": lambda d, _: d.falls(),
    r"falls, by less and less|by less and less\.$": lambda d, _: bool((np.diff(d.loss, 2) >= -1e-9 * d.loss[0]).all()),
    rf"^Update {NUMBER} raises the loss": lambda d, m: bool(d.loss[int(number(m[1]))] > d.loss[int(number(m[1])) - 1]),
    r"^Then the next, and the next\.$|^Then the next point, and the next\.$": lambda d, _: not d.falls(),
}
BASIC: Claims = {
    **OF_ONE_RUN,
    rf"{NUMBER} points": lambda d, m: number(m[1]) == d.n,
    r"digits (?:shown )?this is the best line|digits it is the (?:best line|line of lowest)|digits shown this is the line": (
        lambda d, _: ends_at_the_best(d)
    ),
    rf"fits a line to {NUMBER} points in {NUMBER} updates?": lambda d, m: (number(m[1]), number(m[2])) == (d.n, d.last),
    rf"ends at y = {LINE} with a (?:loss|mean squared error) of {NUMBER}, after {NUMBER} gradients": lambda d, m: (
        shows_line(m.groups()[:3], d.line(d.params[-1]), d.line_rounding) and shows(m[4], d.loss[-1], d.rounding) and number(m[5]) == d.used
    ),
    rf"[Tt]he lowest (?:loss|mean squared error), {NUMBER}, is that of y = {LINE}": lambda d, m: (
        shows_line(m.groups()[1:], d.line(d.optimum), d.line_rounding) and shows(m[1], d.best)
    ),
}  # fmt: skip

LESSONS: dict[str, Lesson] = {
    "linear_batch_gd": Lesson(
        facts=one_descent,
        choices=USUAL | {"ridge_penalty": (0.0, 0.0, 0.1, 10.0), "standardize": (True, True, False)},
        grid=({}, {"data": "norris"}, {"learning_rate": 0.305, "n_updates": 40}, {"start": (1.8, 2.0)}, {"data": "pico"}, {"data": "level"},
              {"data": "bright", "start": (2.0, 3.0), "n_updates": 1, "learning_rate": 1e-10}),
        claims={**BASIC, **OF_THE_MIDDLE},
    ),
    "linear_online_sgd": Lesson(
        facts=lambda scene, values: (one_descent(scene, values), values.get("learning_rate", 0.02)),
        choices=USUAL | {"standardize": (True, True, False)},
        grid=({}, {"learning_rate": 1e-6}, {"noise": 0.0, "n_updates": 3000}, {"start": (1.8, 2.0)}, {"data": "zero", "start": (0.0, 0.0)}, {"data": "level", "start": (0.0, 0.0)}),
        claims={
            pattern: (lambda facts, m, holds=holds: holds(facts[0], m))
            for pattern, holds in {
                **BASIC, **OF_THE_MIDDLE,
                r"rises at times|can raise the loss of all": lambda d, _: bool((np.diff(d.loss) > 0).any()),
                r"of these steps lowers|Each step lowers": lambda d, _: d.falls(),
                r"keeps wandering": lambda d, _: d.wanders(),
                rf"After {NUMBER} updates the line": lambda d, m: number(m[1]) == d.last,
            }.items()
        } | {r"No step passes its own point": lambda facts, _: no_step_passes(*facts)},
    ),
}  # fmt: skip


def traces_facts(scene: Scene, values: Values) -> Any:
    (run,) = scene.runs
    d: Any = Descent(run, *points_of(scene), scaled="data" in values and values.get("standardize", True), factor=0.5)
    d.targets = d.line(d.optimum) if "data" in values else (2.5, 1.0)
    d.stable = values.get("learning_rate", 0.1) * np.linalg.eigvalsh(d.hessian)[-1] < 2
    return d


LESSONS["linear_training_traces"] = Lesson(
    facts=traces_facts,
    choices=USUAL | {"standardize": (True, True, False)},
    grid=({}, {"learning_rate": 0.001}, {"data": "norris", "n_updates": 200}, {"learning_rate": 1.0, "n_updates": 3000}, {"learning_rate": 3.0},
          {"noise": 0.0, "start": (2.5, 1.0)}),
    claims={
        **OF_ONE_RUN,
        r"first line is the best one": lambda d, _: d.distance[0] <= 1e-9 * np.abs(d.optimum).max(),
        rf"Converged at update {NUMBER}\.|^Converged: from update {NUMBER} on": lambda d, m: d.gains(number(m[1] or m[2]), 1 - 1e-4),
        rf"over the lowest loss, {NUMBER}, is left|; the lowest (?:possible )?is {NUMBER}\.": lambda d, m: shows(m[1] or m[2], d.best),
        rf"^After {NUMBER} updates the loss is {NUMBER};": lambda d, m: number(m[1]) == d.last and shows(m[2], d.loss[-1], d.rounding),
        rf"^Loss {NUMBER};": lambda d, m: shows(m[1], d.loss[-1], d.rounding),
        r"^Done: ": lambda d, _: d.stays_gained(1 - 1e-4),
        r"^Not done yet: ": lambda d, _: d.stable and not d.stays_gained(1 - 1e-4 * (1 + 1e-6)),
        r"^Never done at this rate: ": lambda d, _: not d.stable and not d.stays_gained(1 - 1e-4 * (1 + 1e-6)),
        r"one value per update; dashed: (true|least squares)|; dashed: (true|least squares)\.$": lambda d, m: (
            ((m[1] or m[2]) == "true") == (tuple(d.targets) == (2.5, 1.0))
        ),
        rf"(?:slope|w) {NUMBER}(?: and intercept|, b) {NUMBER}(?=[;,]|\.$)": lambda d, m: all_show(f"{m[1]}, {m[2]}", d.line(d.params[-1])),
        rf"dashed: (?:true|least squares) {NUMBER} and {NUMBER}\.": lambda d, m: all_show(f"{m[1]}, {m[2]}", d.targets),
    },
)  # fmt: skip


def minibatch_facts(scene: Scene, values: Values) -> dict[str, Any]:
    x, y = points_of_surface(scene, values)
    scaled = "data" in values and values.get("standardize", True)
    runs = {run.name: Descent(run, x, y, scaled=scaled) for run in scene.runs}
    return {"named": runs, "runs": list(runs.values()), "n": len(x), "batch": list(runs.values())[-1], "values": values}


def points_of_surface(scene: Scene, values: Values) -> tuple[np.ndarray, np.ndarray]:
    if "data" in values:
        table = TABLES[values["data"]]
        return table.numbers(table.names[0]), table.numbers(table.names[1])
    points = animate.line(
        values.get("n_samples", 128),
        slope=2.0,
        intercept=1.0,
        noise=values.get("noise", 2.0),
        rng=values.get("seed", 1),
    )
    return points.x, points.y


def typical(facts: dict[str, Any], since: float) -> list[float]:
    with np.errstate(all="ignore"):
        return [float(np.sqrt(np.square(d.distance[int(since) :]).mean())) for d in facts["runs"]]


WORDS = {"One": 1, "Two": 2, "Three": 3, "Four": 4}
def all_are_lower(facts: Any) -> bool:
    """Return whether every run is lower than at first where batch descent has come within 0.2 % for good."""
    away = facts["batch"].distance
    there = int(np.flatnonzero(away > 0.002 * away[0]).max()) + 1
    return there < len(away) and all(run.loss[there] < run.loss[0] for run in facts["runs"])


LESSONS["linear_minibatch"] = Lesson(
    facts=minibatch_facts,
    choices=USUAL | {"n_samples": (5, 8, 33, 100), "standardize": (True, True, False)},
    grid=({}, {"n_samples": 33}, {"n_updates": 20}, {"data": "norris"}, {"learning_rate": 1.0, "n_updates": 2000}, {"learning_rate": 0.3}),
    claims={
        **OF_SEVERAL_RUNS,
        r"^(\w+) descents? starts? from one line": lambda f, m: (
            WORDS[m[1]] == len(f["runs"]) and all((d.params[0] == f["batch"].params[0]).all() for d in f["runs"])
        ),
        rf"learning rate η = {NUMBER};": lambda f, m: shows(m[1], f["values"].get("learning_rate", 0.05)),
        rf"From update {NUMBER} on batch descent (?:is|stays) within 0.2 %|^All {NUMBER}: (?:there|within 0.2 %) at (?:update )?{NUMBER}\.": (
            lambda f, m: f["batch"].settles(number(m[1] or m[3]), 0.002) and (m[2] is None or number(m[2]) == f["n"])
        ),
        r"([0-9]) other( wanders|s wander)": lambda f, m: (
            all(d.wanders() for d in f["runs"][:-1]) and int(m[1]) == len(f["runs"]) - 1 and (m[1] == "1") == (m[2] == " wanders")
        ),
        rf"After {NUMBER} updates batch descent is not within|^Not there yet": (
            lambda f, _: not f["batch"].distance[-1] <= 0.002 * f["batch"].distance[0]
        ),
        rf"typical distance since update {NUMBER}: ([^;]*?)\.(?: |$)": lambda f, m: all_show(m[2], typical(f, number(m[1]))),
        r"A smaller cloud costs": lambda f, _: bool(
            (np.diff(typical(f, len(f["batch"].loss) // 2)) <= 0).all() and f["runs"][0].distance[-1] < 20 * f["runs"][0].distance[0]
        ),
        r"^Not every run stays finite\.$": lambda f, _: not all(np.isfinite(d.loss).all() for d in f["runs"]),
        rf"^Rings: typical distance since update {NUMBER}\.$": lambda f, m: number(m[1]) <= f["batch"].last,
        r"each run takes its own way( down)?\.$": lambda f, m: m[1] is None or all_are_lower(f),
    },
)  # fmt: skip


def agrees(text: str, value: float) -> bool:
    """Return whether a text of three digits is what the numbers beside it come to."""
    return float(f"{value:.2e}") == number(text) or (abs(value) >= 1000 and round(value) == number(text))


def by_hand(scene: Scene, values: Values) -> Any:
    x, y = (np.array(values.get(name, usual)) for name, usual in (("x", (1.0, 2.0, 4.0)), ("y", (2.0, 5.0, 6.0))))
    (run,) = scene.runs
    d: Any = Descent(run, x, y)
    r = d.params[0, 0] * x + d.params[0, 1] - y
    d.x = x[0]
    d.first_terms, d.gradient = (r[0], 2 * r[0] * x[0], 2 * r[0]), (np.mean(2 * r * x), np.mean(2 * r))
    assert tuple(d.params[0]) == tuple(values.get("start", (0.5, 1.0)))
    return d


LESSONS["gradient_by_hand"] = Lesson(
    facts=by_hand,
    with_data=0.0,
    n_draws=12,
    choices={
        "x": ((1.0, 2.0, 4.0), (-1e-3, 2e-3, 5e-3), (-50.0, 0.0, 100.0), (0.0, 1.0, 0.0)),
        "y": ((2.0, 5.0, 6.0), (0.0, 0.0, 0.0), (-30.0, 80.0, 99.0), (1e-4, 2e-4, 5e-4)),
        "start": ((0.5, 1.0), (0.0, 0.0), (-3.0, 100.0)), "learning_rate": (1e-4, 0.05, 0.5), "n_updates": (1, 2, 40, 2000),
    },
    grid=({}, {"learning_rate": 10.0, "n_updates": 2000}, {"learning_rate": 0.1}, {"learning_rate": 1e-6}, {"learning_rate": 1e-10},
          {"x": (-1.0, 0.0, 1.0), "y": (1.0, 2.0, 3.0), "start": (1.0, 2.0)}, {"x": (1.3, 2.0, 4.0), "start": (0.513, -1.372)}),
    claims={
        **OF_ONE_RUN,
        r"Then the next, and the next\.": lambda d, _: abs(d.loss[1] - d.loss[0]) <= 1e-6 * d.loss[0],
        rf"The first point: r = {NUMBER}, so its terms are 2 r x = {NUMBER} and 2 r = {NUMBER}\.": lambda d, m: (
            all(map(shows, m.groups(), d.first_terms)) and agrees(m[3], 2 * number(m[1])) and agrees(m[2], 2 * number(m[1]) * d.x)
        ),
        rf"^First point: {NUMBER} and {NUMBER}\.": lambda d, m: all(map(shows, m.groups(), d.first_terms[1:])),
        rf"are the gradient: {NUMBER} by w and {NUMBER} by b\.": lambda d, m: all(map(shows, m.groups(), d.gradient)),
        rf"are the gradient: ({NUMBER[1:-1]}), ({NUMBER[1:-1]})\.": lambda d, m: all(map(shows, m.groups(), d.gradient)),
        rf"the loss falls from {NUMBER} to {NUMBER}\.": lambda d, m: d.loss[1] < d.loss[0] and all(map(shows, m.groups(), d.loss[:2])) and m[1] != m[2],
        rf"the loss falls to {NUMBER}\.": lambda d, m: d.loss[1] < d.loss[0] and shows(m[1], d.loss[1]),
        r"^One update subtracts η times the gradient\.": lambda d, _: not d.loss[1] < (1 - 1e-6) * d.loss[0],
        r"^Every update begins with new residuals": lambda d, _: d.last > 1,
    },
)  # fmt: skip


def likelihood_facts(scene: Scene, values: Values) -> dict[str, Any]:
    if "data" in values:
        table = TABLES[values["data"]]
        x, y = (table.numbers(name) for name in table.names[:2])
        fit = linregress(x, y)
        sigma = float(np.sqrt(np.mean(np.square(y - fit.slope * x - fit.intercept))))
        sigma = sigma if sigma > 1e-9 * y.std() else 0.1 * float(y.std()) or 1.0
    else:
        sigma = values.get("sigma", 1.0)
        given = (values.get("n_samples", 16), 1.0, 2.0)
        points = animate.line(*given, noise=sigma, x_range=(0.0, 8.0), rng=values.get("seed", 3))
        x, y, fit = points.x, points.y, linregress(points.x, points.y)
    # scipy's density, at the first line that is drawn and at the most likely one that scipy's search finds
    at = next(mark for panel in panels_of(scene) for mark in panel.marks if mark.name == "line").xy(0)
    slope = (at[1, 1] - at[0, 1]) / (at[1, 0] - at[0, 0])

    def log_likelihood(slope: float, intercept: float) -> float:
        return float(norm.logpdf(y, slope * x + intercept, sigma).sum())

    return {
        "n": len(x), "sigma": sigma, "fit": fit, "scale": float(y.std() / x.std()),
        "power": log_likelihood(slope, at[0, 1] - slope * at[0, 0]) / np.log(10),
        "top": log_likelihood(fit.slope, fit.intercept),
        "least": float(np.square(y - fit.slope * x - fit.intercept).sum()),
        "higher": max(log_likelihood(fit.slope + da / x.std(), fit.intercept + db - da / x.std() * x.mean()) for da in (-sigma / 9, sigma / 9) for db in (-sigma / 9, sigma / 9)),
    }  # fmt: skip


LESSONS["maximum_likelihood"] = Lesson(
    facts=likelihood_facts,
    n_draws=16,
    choices={"sigma": (0.05, 1.0, 10.0), "n_samples": (5, 16, 200), "seed": tuple(range(50))},
    grid=({}, {"data": "norris"}),
    claims={
        rf"^{NUMBER} points scatter": lambda f, m: number(m[1]) == f["n"],
        rf"standard deviation σ = {NUMBER}\.": lambda f, m: shows(m[1], f["sigma"]),
        rf"product of {NUMBER} heights, for this line 10 to the power {NUMBER}\.$": lambda f, m: number(m[1]) == f["n"] and close_to(m[2], f["power"]),
        rf"all heights: 10 to the {NUMBER}\.$": lambda f, m: close_to(m[1], f["power"]),
        rf"least squares[:,] slope {NUMBER}\.$": lambda f, m: (
            shows(m[1], f["fit"].slope, 1e-9 * f["scale"]) and f["higher"] <= f["top"] + 1e-6
        ),
        rf"^Log-likelihood {NUMBER} is the highest, Σ r² = {NUMBER} the lowest": lambda f, m: (
            close_to(m[1], f["top"]) and shows(m[2], f["least"], 1e-9)
        ),
    },
)  # fmt: skip


def close_to(text: str, value: float) -> bool:
    """Return whether a text shows a sum of logarithms, up to the rounding of many terms."""
    return shows(text, value) or abs(number(text) - value) <= 1e-6 * abs(value)


CASES = [(name, number) for name, lesson in LESSONS.items() for number in range(len(lesson.cases()))]


@pytest.mark.parametrize(("name", "number"), CASES, ids=str)
def test_every_claim_is_so(name: str, number: int) -> None:
    outcome(name, LESSONS[name], number)


def test_the_draws_meet_every_claim_of_the_tables() -> None:
    met = set().union(*(outcome(name, LESSONS[name], number)[0] for name, number in CASES))
    assert {pattern for lesson in LESSONS.values() for pattern in lesson.claims} - met == set()


@pytest.mark.parametrize("name", LESSONS)
def test_what_claims_nothing_is_said_in_every_case(name: str) -> None:
    silent = [outcome(name, LESSONS[name], number)[1] for number in range(len(LESSONS[name].cases()))]
    assert set().union(*silent) - set.intersection(*silent) == set()


FALSE = [
    ("linear_batch_gd", {}, "at rest"),
    ("linear_batch_gd", {"data": "norris"}, "at rest"),
    ("linear_batch_gd", {"learning_rate": 0.305, "n_updates": 40}, "falls at every update"),
    ("linear_online_sgd", {"learning_rate": 1e-6}, "wandering"),
    ("linear_online_sgd", {"noise": 0.0, "n_updates": 3000}, "wandering"),
    ("linear_online_sgd", {"start": (1.8, 2.0)}, "random"),
    ("linear_minibatch", {"n_updates": 20}, "stays within"),
    ("linear_minibatch", {"learning_rate": 0.3}, "way down"),
    ("linear_minibatch", {"learning_rate": 0.3}, "A smaller cloud"),
    ("linear_training_traces", {"data": "constant"}, "moves both"),
    ("linear_online_sgd", {"learning_rate": 1e-10}, " 100 %"),
    ("lasso_vs_ridge", {"penalty": 0.0}, "on a side"),
    ("cross_validation", {"highest_degree": 2}, "next degrees"),
    ("linear_training_traces", {"learning_rate": 0.001}, "learns fastest"),
]  # fmt: skip
"""Sentences that lessons once said, at parameters at which they are not so."""


@pytest.mark.parametrize(("name", "values", "words"), FALSE, ids=str)
def test_what_is_not_so_is_not_said(name: str, values: Values, words: str) -> None:
    assert words not in " ".join(texts_of(built(name, values)))


SETTLED = [
    {"learning_rate": 0.24142281256885828, "n_updates": 300, "noise": 0.0, "seed": 261},
    *({"learning_rate": rate, "n_updates": 60, "noise": noise, "seed": seed} for rate in (0.02, 0.1, 0.2) for noise in (0.0, 0.05) for seed in range(4)),
]  # fmt: skip


def test_online_sgd_that_has_settled_stays_there_when_it_runs_on() -> None:
    said = 0
    for values in SETTLED:
        scene, n = built("linear_online_sgd", values), values["n_updates"]
        if "has settled" not in " ".join(texts_of(scene)):
            continue
        said += 1
        longer = built("linear_online_sgd", values | {"n_updates": 4 * n}).runs[0]
        distance = Descent(longer, *points_of(scene)).distance
        assert (longer.trajectory.params[: n + 1] == scene.runs[0].trajectory.params).all()
        assert distance[n:].max() <= 0.03 * distance[0], values
    assert said


def published_points() -> Any:
    """Return y = 3 x + 2 + noise on 1..10, 100 points: the usual example of numpy's legacy generator, seed 42."""
    x = np.linspace(1.0, 10.0, 100)
    return animate.load_table({"x": x, "y": 3 * x + 2 + np.random.RandomState(42).randn(100)})


@pytest.mark.parametrize(("rate", "n_updates"), [(0.001, 10_000), (0.005, 6000)])
def test_points_on_their_own_axes_end_on_the_published_numbers(rate: float, n_updates: int) -> None:
    scene = animate.load("linear_batch_gd", scenes=SCENES).build(
        data=published_points(), standardize=False, start=(0.0, 0.0), learning_rate=rate, n_updates=n_updates
    )
    run = scene.runs[0].trajectory
    assert run.loss[0] == pytest.approx(401.845, abs=1e-3)
    assert run.loss[-1] == pytest.approx(0.81, abs=0.01)
    assert run.final == pytest.approx([3.015, 1.811], abs=0.04)


def test_a_rate_that_is_too_high_for_own_data_reaches_infinity_and_the_words_say_so() -> None:
    scene = animate.load("linear_batch_gd", scenes=SCENES).build(
        data=published_points(), standardize=False, start=(0.0, 0.0), learning_rate=0.1, n_updates=500
    )
    run = scene.runs[0].trajectory
    infinite_at = int((~np.isfinite(run.loss)).argmax())
    assert np.isposinf(run.loss[infinite_at])
    assert np.isnan(run.final).all()
    assert f"at update {infinite_at} its numbers are infinite" in scene.alt


OF_LINES = (
    "linear_batch_gd",
    "linear_online_sgd",
    "linear_sgd_vs_batch",
    "linear_loss_surface",
    "linear_training_traces",
    "linear_minibatch",
    "bad_initialization",
    "learning_rate_schedules",
    "six_datasets",
    "newton_vs_gradient",
    "learning_rate_sweep",
)
OF_HALF_SQUARES = ("linear_training_traces", "learning_rate_sweep")


@pytest.mark.parametrize("name", OF_LINES)
def test_own_data_are_descended_on_as_they_are_if_not_standardized(name: str) -> None:
    x, y = TABLES["three"].numbers("x"), TABLES["three"].numbers("y")
    rate = {"rates": (0.01, 0.01, 0.01, 0.01)} if name == "learning_rate_sweep" else {"learning_rate": 0.01}
    scene = built(name, {"data": "three", "standardize": False, "n_updates": 4, "start": (1.0, 0.5)} | rate)
    runs = [run.trajectory for run in scene.runs if run.name != "Newton"]
    run = next(run for run in runs if np.allclose(run.params[0], [1.0, 0.5]))
    rows = run.rows_at(1) if run.rows is not None else np.arange(3)
    factor = 1 if name in OF_HALF_SQUARES else 2
    residuals = 1.0 * x[rows] + 0.5 - y[rows]
    slopes = factor * np.array([np.mean(residuals * x[rows]), np.mean(residuals)])
    assert run.params[1] == pytest.approx(np.array([1.0, 0.5]) - 0.01 * slopes)


def test_costs_of_four_rates_on_own_x_as_it_is_are_those_of_a_plain_loop() -> None:
    rng = np.random.RandomState(42)
    x = rng.uniform(-3, 3, 100)
    y = 2.5 * x + 1 + 0.2 * rng.randn(100)
    scene = animate.load("learning_rate_sweep", scenes=SCENES).build(
        data=animate.load_table({"x": x, "y": y}), standardize=False
    )
    runs = {run.name: run.trajectory for run in scene.runs}
    for rate in (0.001, 0.01, 0.1, 0.5):
        w = b = 0.0
        for _ in range(100):
            residuals = w * x + b - y
            w, b = w - rate * np.mean(residuals * x), b - rate * np.mean(residuals)
        assert runs[f"rate {rate:g}"].loss[-1] == pytest.approx(0.5 * np.mean((w * x + b - y) ** 2))


def test_the_limit_of_own_x_up_to_50_is_that_of_its_curvature() -> None:
    x = np.linspace(0.0, 50.0, 51)
    scene = animate.load("learning_rate_sweep", scenes=SCENES).build(
        data=animate.load_table({"x": x, "y": 0.8 * x + 5}), standardize=False
    )
    steepest = np.linalg.eigvalsh(np.cov(np.stack([x, np.ones(51)]), bias=True) + np.outer(*[[x.mean(), 1.0]] * 2))[-1]
    (limit,) = (text for text in texts_of(scene) if text.startswith("The Hessian sets a limit"))
    assert shows(limit.split(" = ")[1].split(". ")[0], 2 / steepest)


def test_points_above_each_other_have_no_gradient_lesson() -> None:
    with pytest.raises(DataError, match="it must have two distinct values"):
        built("gradient_by_hand", {"x": (2.0, 2.0, 2.0)})


def test_an_intercept_of_0_is_not_shown_as_what_rounding_leaves_of_it() -> None:
    words = " ".join(texts_of(built("linear_training_traces", {"data": "centered", "n_updates": 300})))
    assert "and intercept 0; dashed: least squares" in words
    assert "×10⁻¹⁷" not in words
    assert "of its way" not in words


def test_a_most_likely_slope_of_0_is_not_shown_as_what_rounding_leaves_of_it() -> None:
    table = animate.load_table({"x": np.repeat([1.0, 2.0, 3.0], 6), "y": np.tile([1.0, 2.0, 2.0], 6)})
    words = texts_of(animate.load("maximum_likelihood", scenes=SCENES).build(data=table))
    assert any("least squares, slope 0." in text for text in words)


@pytest.mark.parametrize(
    "values", [{}, {"x": (1e-3, 2e-3, 3e-3), "y": (1.0, 2.0, 3.0)}, {"learning_rate": 0.1}, {"x": (-50.0, 0.0, 100.0)}],
    ids=str,
)  # fmt: skip
def test_the_table_of_the_gradient_says_of_no_number_that_it_is_0_unless_it_is(values) -> None:
    scene = built("gradient_by_hand", {"learning_rate": 1e-4, "n_updates": 100} | values)
    x, y = (np.array(values.get(name, usual)) for name, usual in (("x", (1.0, 2.0, 4.0)), ("y", (2.0, 5.0, 6.0))))
    path, table = scene.runs[0].trajectory.params, scene.panels[1][0].marks
    for update in (0, 1, 100):
        slope, intercept = path[max(update - 1, 0)]
        r = slope * x + intercept - y
        rows = [[1 + i, x[i], r[i], 2 * r[i] * x[i], 2 * r[i]] for i in range(3)]
        rows.append(["mean", "", "", np.mean(2 * r * x), np.mean(2 * r)])
        shown = [row for mark in table[1:] for row in mark.rows(update) if any(row)]
        for texts, numbers in zip(shown, rows, strict=True):
            for text, value in zip(texts[1:], numbers[1:], strict=True):
                is_near_0 = text == "≈0" and 0 < abs(value) < 0.005
                says_0 = text == "0.00" and abs(value) < 1e-11
                shown = text not in ("≈0", "0.00", "") and number(text) == pytest.approx(value, rel=0.05, abs=0.0051)
                assert text == value or is_near_0 or says_0 or shown, (update, texts, numbers)
