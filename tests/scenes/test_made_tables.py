# ruff: noqa: E501 - a row is a table of numbers
"""Every lesson on tables that are hard: it renders in words of the field, or refuses in one line with a remedy."""

from __future__ import annotations

import re
from contextlib import suppress

import numpy as np
import pytest

import animate
from animate import load_table
from animate.draw.settings import Settings
from animate.errors import DataError
from animate.learn.tables import Table, shipped_table
from tests.scenes import test_line_lesson_claims, test_linear_comparisons, test_linear_lessons
from tests.scenes.claim_checks import SCENES, built, checked, texts_of
from tests.scenes.sentence_oracle import check_every_text

RNG = np.random.default_rng(1)
X = RNG.uniform(-3.0, 3.0, 24)
Y = 2 * X + 1 + RNG.normal(0.0, 0.5, 24)
LABELS = np.arange(24) % 2
A, B = RNG.normal(size=(2, 24)) + 1.2 * LABELS


def points(x: object, y: object, names: tuple[str, str] = ("x", "y")) -> Table:
    return load_table({names[0]: np.asarray(x, dtype=float), names[1]: np.asarray(y, dtype=float)})


def classes(*columns: np.ndarray, labels: np.ndarray = LABELS, kind: str = "kind", prefix: str = "k") -> Table:
    features = {f"{kind}{index}": column for index, column in enumerate(columns)}
    return load_table({**features, kind: [f"{prefix}{int(label)}" for label in labels]})


LINES = {
    "one to fifty": points(np.arange(1.0, 51.0), 2 * np.arange(1.0, 51.0) + 5 + RNG.normal(0, 3, 50)),
    "three points": points([0, 1, 5], [1, 0, 3]), "constant y": points(np.arange(12.0), np.full(12, 4.0)),
    "ties": points(np.repeat([1.0, 2.0, 3.0], 5), np.tile([1.0, 2.0, 2.0], 5)),
    "tiny": points(1e-9 * X, 1e-9 * Y), "huge": points(1e9 * X, 1e9 * Y), "far from 0": points(1e9 + X, Y),
    "another script": points(X, Y, ("身長", "μήκος")), "within 3": points(X, Y),
}  # fmt: skip
ONE = {
    "overlapping": classes(A), "separable": classes(A + 20 * LABELS), "three points": classes(X[:3], labels=np.array([0, 1, 0])),
    "ties": classes(np.tile([1.0, 2.0, 3.0], 8)), "tiny": classes(1e-9 * A), "huge": classes(1e9 * A),
    "another script": classes(A, kind="είδος", prefix="種"),
}  # fmt: skip
TWO = {
    "overlapping": classes(A, B), "separable": classes(A + 20 * LABELS, B), "collinear": classes(A, 2 * A + 1),
    "ties": classes(np.tile([1.0, 2.0, 3.0], 8), np.repeat([1.0, 2.0], 12)), "tiny": classes(1e-9 * A, 1e-9 * B),
    "huge": classes(1e9 * A, 1e9 * B), "another script": classes(A, B, kind="είδος", prefix="種"),
}  # fmt: skip
THREE = {
    name: classes(scale * (A + LABELS), other, labels=np.arange(24) % 3)
    for name, scale, other in (
        ("near", 1.0, B),
        ("huge", 1e9, 1e9 * B),
        ("tiny", 1e-9, B),
        ("collinear", 1.0, A + LABELS),
    )
}
OF_LESSON = {
    **dict.fromkeys(("neural_network", "neural_loss_landscape", "logistic_2d", "logistic_loss_surface", "backpropagation"), TWO),
    **dict.fromkeys(
        ("cross_entropy_is_not_accuracy", "log_loss_segments", "logistic_1d", "logistic_sgd_vs_batch", "mse_vs_cross_entropy",
         "why_the_sigmoid", "separable_data"), ONE,
    ),
    "softmax_three_species": THREE,
}  # fmt: skip
SOME = {
    "neural_loss_landscape": ("separable", "huge"),
    "lasso_vs_ridge": ("three points", "constant y", "ties", "tiny", "another script"),
}
"""Of lessons that take long."""
LESSONS = [
    script
    for script in (animate.load(path.stem, scenes=SCENES) for path in sorted(SCENES.glob("*.py")))
    if any(parameter.name == "data" for parameter in script.parameters)
]
REMEDIES = (
    "Take another feature", "Take a feature in which", "Take fewer", "Lower the highest degree", "needs 6 of them",
    "must vary", "must be counts", "leave one out", "needs classes that a threshold or a line separates", "to have a wave in it",
)  # fmt: skip
"""What a refusal tells to do, or what the table must have."""


@pytest.mark.parametrize("script", LESSONS, ids=lambda script: script.name)
def test_a_hard_table_is_told_in_words_or_refused_with_a_remedy(script) -> None:
    few = {"n_updates": 5} if any(parameter.name == "n_updates" for parameter in script.parameters) else {}
    told = []
    for name in SOME.get(script.name, OF_LESSON.get(script.name, LINES)):
        table = OF_LESSON.get(script.name, LINES)[name]
        try:
            scene = script.build(**few, data=table)
        except DataError as refusal:
            assert "\n" not in str(refusal)
            assert any(remedy in str(refusal) for remedy in REMEDIES), str(refusal)
            continue
        told.append(name)
        for text in texts_of(scene):
            assert not re.search(r"(^|[\s(=])-\d|None(?! of them| reached)|[{}]|\bnan\b(?![ :.])|\binf\b", text), f"{name}: {text}"
    assert len(told) >= (1 if script.name == "poisson_regression" else 2) or script.name == "separable_data"


DEGENERATE = ("separable", "three points", "constant y", "collinear")


@pytest.mark.parametrize("script", LESSONS, ids=lambda script: script.name)
def test_every_beat_of_a_degenerate_table_is_drawn(script) -> None:
    few = {"n_updates": 5} if any(parameter.name == "n_updates" for parameter in script.parameters) else {}
    tables = OF_LESSON.get(script.name, LINES)
    for name in set(DEGENERATE) & set(SOME.get(script.name, tables)):
        with suppress(DataError):
            scene = script.build(**few, data=tables[name])
            scene.stage(Settings(480, 270)).show(scene.timeline.seconds)


LINE_LESSONS = test_linear_comparisons.LESSONS | test_linear_lessons.LESSONS
NORRIS = [name for name in LINE_LESSONS if any(script.name == name for script in LESSONS)]


@pytest.mark.parametrize("name", NORRIS)
def test_every_claim_of_norris_is_so(name: str) -> None:
    scene = built(name, {"data": "norris"})
    checked(texts_of(scene), LINE_LESSONS[name].facts(scene, {"data": "norris"}), LINE_LESSONS[name].claims)


@pytest.mark.parametrize(("name", "table", "oracle"), test_line_lesson_claims.LESSONS, ids=["six", "newton"])
def test_every_sentence_of_norris_is_so(build, name, table, oracle) -> None:
    scene = build(name, data=shipped_table("norris"))
    check_every_text(scene, oracle(scene, {"data": "norris line"}), table)


@pytest.mark.parametrize("name", ["linear_batch_gd", "robust_losses", "polynomial_fit", "six_datasets"])
@pytest.mark.parametrize("y", [4.0, 0.1])
def test_r_squared_is_not_shown_of_a_constant_y_which_has_none(build, words_at, name: str, y: float) -> None:
    scene = build(name, data=points(np.arange(7.0), np.full(7, y)), n_updates=5)
    assert "R²" not in words_at(scene)


TINY = ("linear_batch_gd", "linear_minibatch", "learning_rate_schedules", "robust_losses", "ridge_outliers", "sine_fit")


@pytest.mark.parametrize("name", TINY)
def test_numbers_of_tiny_data_keep_their_digits_in_every_panel(build, words_at, name: str) -> None:
    words = words_at(build(name, data=points(1e-6 * X, 1e-7 * Y), n_updates=60))
    assert not re.search(r"(?:±|loss|MSE|Huber|r²|\|r\||[+−]) ?0\.000+(?!\d)", words), words
