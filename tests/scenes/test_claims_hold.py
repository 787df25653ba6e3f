"""What the lessons say is so: for a grid and random draws of their parameters, checked by numpy from scratch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from animate import line, load_table
from animate.draw.run import Run
from animate.errors import DataError
from animate.learn.tables import Table, shipped_table
from animate.scene import Scene
from tests.scenes.claim_checks import further_alt

RATES = (1e-6, 0.002, 0.03, 0.2, 0.45, 1.0)
RNG = np.random.default_rng(7)


def own(x: np.ndarray, y: np.ndarray) -> Table:
    return load_table({"x": x, "y": y})


def tables() -> dict[str, Table]:
    x = RNG.uniform(-3, 3, 30)
    y = 2 * x + 1 + RNG.normal(0, 0.5, 30)
    return {
        "norris": shipped_table("norris"),
        "centered": own(x - x.mean(), y - y.mean()),
        "tiny": own(1e-6 * x, 1e-7 * y),
        "huge": own(1e6 * x, 1e7 * y),
        "ties": own(np.repeat([1.0, 2.0, 3.0], 5), np.tile([1.0, 2.0, 2.0], 5)),
        "exact": own(np.arange(6.0), 3 * np.arange(6.0) - 1),
        "three": own(np.array([0.0, 1.0, 5.0]), np.array([1.0, 0.0, 3.0])),
    }


TABLES = tables()
FLAT = {"flat": own(np.arange(8.0), np.full(8, 4.0))}
"""Of a constant y, which some lessons refuse."""
ODD = {
    "mirrored": load_table({"x": [1.0, 2.0, 3.0], "class": ["no", "yes", "no"]}),
    "far": own(np.append(np.linspace(1.0, 50.0, 80), 2000.0), np.append(np.linspace(5.0, 152.0, 80), -900.0)),
}
"""Of which the best sigmoid is flat, and powers of x are collinear but for rounding."""


def texts_of(scene: Scene) -> list[str]:
    """Return every text that the scene can show: all lengths of its captions, its title and its alternative text."""
    beats = [beat.words for beat in getattr(scene, "beats", None) or ()]
    words = [scene.title, further_alt(scene), *scene.captions.values(), *beats]
    return [text for entry in words if entry for text in ([entry] if isinstance(entry, str) else entry)]


class Oracle:
    """Least squares, losses and distances from the points alone, for the runs of a lesson on a line."""

    def __init__(self, scene: Scene, run: Run) -> None:
        problem = next(panel.problem for panel in flat(scene) if hasattr(panel, "problem"))
        x, y = problem.data.x, problem.data.y
        scaled = (x - problem.scaling.mean[0]) / problem.scaling.scale[0]
        design = np.column_stack([scaled, np.ones(len(x))])
        # numpy's own solver, on columns of like size
        self.optimum = np.linalg.lstsq(design, y, rcond=None)[0]
        with np.errstate(all="ignore"):
            self.loss = np.square(run.trajectory.params @ design.T - y).mean(axis=1)
            self.best = float(np.square(design @ self.optimum - y).mean())
            self.distance = np.hypot(*(run.trajectory.params - self.optimum).T)

    def settled(self, share: float) -> int | None:
        far = np.flatnonzero(~(self.distance <= share * self.distance[0] * (1 + 1e-6)))
        first = int(far[-1]) + 1 if far.size else 0
        return first if first < len(self.distance) else None

    def shows_the_best(self) -> bool:
        return bool(self.distance[-1] <= 2e-3 * self.distance[0] + 1e-3 * np.hypot(*self.optimum))


def flat(scene: Scene) -> Iterator[Any]:
    for entry in scene.panels:
        yield from entry if isinstance(entry, list | tuple) else [entry]


def draws(names: tuple[str, ...], count: int) -> list[tuple[str, dict[str, Any]]]:
    """Return random parameters for each lesson: few and many updates, extreme rates, no and much noise."""
    rng = np.random.default_rng(3)
    cases = []
    for name in names:
        for _ in range(count):
            values: dict[str, Any] = {
                "learning_rate": float(rng.choice(RATES)), "n_updates": int(rng.choice([1, 2, 5, 20, 60, 300])),
                "noise": float(rng.choice([0.0, 0.3, 5.0])), "n_samples": int(rng.choice([5, 33, 100])),
                "seed": int(rng.integers(100)),
            }  # fmt: skip
            if rng.random() < 0.4:
                values = {key: values[key] for key in ("learning_rate", "n_updates", "seed")}
                values["data"] = str(rng.choice(list(TABLES)))
            cases.append((name, values))
    return cases


SEVERAL = ("linear_sgd_vs_batch", "bad_initialization")


@pytest.mark.parametrize("case", draws(SEVERAL, 5), ids=str)
def test_texts_have_true_minus_signs_and_no_empty_place(build, case: tuple[str, dict[str, Any]]) -> None:
    name, values = case
    scene = build(name, **{key: TABLES[value] if key == "data" else value for key, value in values.items()})
    for text in texts_of(scene):
        assert not re.search(r"(^|[\s(=])-\d|None|[{}]|\bnan\b(?! )", text), text


@pytest.mark.parametrize("case", draws(("linear_sgd_vs_batch",), 20), ids=str)
def test_batch_descent_is_said_to_have_settled_only_where_it_has(build, case: tuple[str, dict[str, Any]]) -> None:
    name, values = case
    scene = build(name, **{key: TABLES[value] if key == "data" else value for key, value in values.items()})
    batch = next(run for run in scene.runs if run.trajectory.rows is None)
    oracle, words = Oracle(scene, batch), " ".join(texts_of(scene))
    if "shows the best line" in words or "has the best line" in words:
        assert oracle.shows_the_best()
    if "has settled" in words or "Batch settled" in words:
        assert oracle.settled(0.01) is not None


FALSE = [
    ("linear_sgd_vs_batch", {"learning_rate": 0.001, "n_updates": 50}, "has settled"),
    ("linear_sgd_vs_batch", {"learning_rate": 1e-5}, "has settled"),
    ("linear_sgd_vs_batch", {"n_updates": 10}, "has settled"),
    ("learning_rate_sweep", {"rates": (0.5, 0.7, 0.75, 0.78)}, "larger ones are faster"),
    ("learning_rate_schedules", {}, "Only a falling rate"),
    ("learning_rate_schedules", {"data": "norris", "n_updates": 600}, "lie on one line"),
    ("logistic_2d", {"n_updates": 50}, "best line there is"),
    ("six_datasets", {"dataset": "growing_variance", "noise": 0.0}, "grows with x"),
    ("six_datasets", {"dataset": "heavy_noise", "noise": 0.0}, "low R"),
    ("lasso_vs_ridge", {"penalty": 2.0}, "touches the diamond"),
    ("sine_fit", {"frequency": 3.0}, "stuck in a local minimum"),
    ("newton_vs_gradient", {"learning_rate": 0.01}, "zigzags"),
    ("momentum", {}, "leave plain descent behind"),
    ("neural_loss_landscape", {"n_updates": 300}, "of the path\u2019s movement"),
    ("cross_validation", {}, "predicts best"),
    ("momentum", {"condition_number": 1.0}, "A valley"),
    ("momentum", {"condition_number": 1.0}, "across"),
    ("learning_rate_sweep", {"rates": (0.5, 0.5, 0.5, 0.5)}, "rate differs"),
    ("learning_rate_sweep", {"rates": (0.5, 0.5, 0.5, 0.5)}, "rate 0.5 ,"),
    ("newton_vs_gradient", {"data": "centered"}, "valley"),
    ("ridge_outliers", {"learning_rate": 10.0}, "meet at the mean"),
    ("ridge_outliers", {"data": "flat", "n_updates": 400}, "Not yet"),
    ("ridge_outliers", {"data": "tiny", "n_updates": 400}, "0.000000"),
    ("robust_losses", {"data": "tiny"}, "0.000000"),
    ("sine_fit", {"data": "norris"}, "diverges"),
    ("sine_fit", {"data": "exact"}, "fits best."),
    ("sine_fit", {"noise": 0.0}, "×10⁻¹⁵"),
    ("polynomial_fit", {"data": "norris"}, "305: loss"),
    ("polynomial_fit", {"data": "flat"}, "random curve"),
    ("perceptron", {"no": "Gentoo", "yes": "Adelie", "seed": 1, "max_passes": 1}, "still"),
    ("linear_batch_gd", {"data": "norris"}, "0.2197"),
    ("linear_sgd_vs_batch", {"learning_rate": 0.5}, "the mean is smooth"),
    ("linear_sgd_vs_batch", {"noise": 0.0, "start": (2.8, 1.0)}, "from update 0"),
    ("polynomial_fit", {"data": "flat"}, "from update 0"),
    ("gradient_by_hand", {"x": (-1.0, 0.0, 1.0), "y": (1.0, 2.0, 3.0), "start": (1.0, 2.0)}, "new residuals"),
    ("linear_ten_thousand_epochs", {"data": "norris", "standardize": False}, "never"),
    ("logistic_1d", {"data": "mirrored"}, "The boundary is then"),
    ("polynomial_fit", {"data": "far", "degree": 6, "n_updates": 50}, "\u221e times"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "words"), FALSE, ids=str)
def test_what_is_not_so_is_not_said(build, name: str, values: dict[str, Any], words: str) -> None:
    tables = TABLES | FLAT | ODD
    scene = build(name, **{key: tables[value] if key == "data" else value for key, value in values.items()})
    assert words not in " ".join(texts_of(scene))


@pytest.mark.parametrize(("name", "line"), [
    ("bad_initialization", (1.5, 1.0)), ("newton_vs_gradient", (1.2, 2.0)), ("divergence_threshold", (1.5, 1.0)),
    ("learning_rate_sweep", (2.0, 1.5)),
])  # fmt: skip
def test_a_lesson_on_the_way_to_the_best_line_refuses_to_start_there(build, name: str, line) -> None:
    with pytest.raises(DataError, match="start must be another line than the best one"):
        build(name, noise=0.0, start=line)


def test_minibatches_with_an_incomplete_last_one_do_not_reverse_the_lesson(build) -> None:
    scene = build("linear_minibatch", n_samples=33)
    points = line(33, slope=2.0, intercept=1.0, noise=2.0, rng=1)
    optimum = np.polyfit(points.x, points.y, 1)
    rest = [np.hypot(*(run.trajectory.params[200:] - optimum).T).mean() for run in scene.runs]
    assert rest == sorted(rest, reverse=True)


def test_an_exact_quadratic_is_found_to_be_one(build) -> None:
    x = np.linspace(0, 4, 20)
    scene = build("cross_validation", data=own(x, 0.5 * x**2 - x + 3))
    assert "Degree 2 has the lowest" in scene.alt


@pytest.mark.parametrize("n_updates", [1, 2, 5, 20, 50])
@pytest.mark.parametrize("name", ["momentum", "logistic_2d", "sine_fit"])
def test_at_few_updates_the_opening_is_shown_and_every_caption_can_be_read(build, name: str, n_updates: int) -> None:
    scene = build(name, n_updates=n_updates)
    captions = scene.timed_captions()
    assert captions[0][0] == 0
    assert min(end - start for start, end, _ in captions) >= 0.9
