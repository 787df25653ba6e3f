"""Backpropagation in a small network: every number on screen against finite differences and a forward pass by hand."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.text import Text

from animate import load_table
from animate.draw.settings import Settings
from animate.learn.datasets import two_moons, xor
from animate.learn.network import network
from tests.scenes.classification_tables import value_of

NAME = "backpropagation"


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


def standardized(data) -> np.ndarray:
    return (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)


def forward(params: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the hidden values and the probability of two tanh units, written out."""
    W, b, v, c = params[:4].reshape(2, 2), params[4:6], params[6:8], params[8]
    h = np.array([np.tanh(W[0] @ x + b[0]), np.tanh(W[1] @ x + b[1])])
    return h, 1 / (1 + np.exp(-(v @ h + c)))


def loss(params: np.ndarray, x: np.ndarray, y: float) -> float:
    _, p = forward(params, x)
    return float(-np.log(p if y else 1 - p))


def slopes(params: np.ndarray, x: np.ndarray, y: float) -> np.ndarray:
    steps = 1e-6 * np.eye(len(params))
    return np.array([(loss(params + step, x, y) - loss(params - step, x, y)) / 2e-6 for step in steps])


def test_the_first_words_say_that_features_are_standardized(scene) -> None:
    point = standardized(two_moons(120, noise=0.15, rng=0))[0]
    shown = ", ".join(f"{value:.2f}".replace("-", "\u2212") for value in point)
    assert scene.timeline.chapters[0].beat.words[0].startswith(f"One point, standardized x = ({shown}), of class ")


@pytest.mark.parametrize("seed", range(5))
def test_deltas_are_finite_differences_of_the_loss_of_the_row(seed) -> None:
    data, rng = xor(40, rng=seed), np.random.default_rng(seed)
    objective, params, row = network(data.X, data.labels, n_hidden=2), rng.normal(size=9), int(rng.integers(40))
    flow, x, y = objective.backpropagation(params, row), data.X[row], data.labels[row]
    found = slopes(params, x, y)
    hidden, p = forward(params, x)
    assert flow.hidden == pytest.approx(hidden)
    assert flow.probability == pytest.approx(p)
    assert flow.loss == pytest.approx(loss(params, x, y))
    assert flow.hidden_deltas == pytest.approx(found[4:6], abs=1e-8)  # the slopes of the intercepts
    assert flow.output_delta == pytest.approx(found[8], abs=1e-8)
    assert np.outer(flow.hidden_deltas, x).ravel() == pytest.approx(found[:4], abs=1e-8)
    assert flow.output_delta * flow.hidden == pytest.approx(found[6:8], abs=1e-8)


def test_the_first_update_is_a_step_against_the_slopes_at_the_one_point(scene) -> None:
    data, params = two_moons(120, noise=0.15, rng=0), scene.panels[1][1].run.trajectory.params
    x, y = standardized(data)[0], data.labels[0]
    assert params[1] == pytest.approx(params[0] - 0.8 * slopes(params[0], x, y), abs=1e-8)


def test_later_updates_use_the_mean_over_all_points(scene) -> None:
    data, params = two_moons(120, noise=0.15, rng=0), scene.panels[1][1].run.trajectory.params
    X = standardized(data)
    mean = np.mean([slopes(params[7], x, y) for x, y in zip(X, data.labels, strict=True)], axis=0)
    assert params[8] == pytest.approx(params[7] - 0.8 * mean, abs=1e-8)


@pytest.mark.parametrize(("beat", "update"), [(2, 0), (3, 1), (5, 600)])
def test_every_number_on_screen_is_that_of_the_update(scene, beat, update) -> None:
    data, params = two_moons(120, noise=0.15, rng=0), scene.panels[1][1].run.trajectory.params
    x, y = standardized(data)[0], data.labels[0]
    stage = scene.stage(Settings(1280, 720))
    stage.show(scene.timeline.chapters[beat].end - 5e-4)
    texts = [text.get_text() for text in stage.figure.findobj(Text) if text.get_visible()]
    words = "\n".join(texts).replace("\u2212", "-")
    hidden, p = forward(params[update], x)
    found = slopes(params[update], x, y)
    for value in (*params[update][:4], *params[update][6:8], *hidden, p, p - y, *found[4:6]):
        assert f"{value + 0.0:.2f}".replace("-0.00", "0.00") in words.split("\n")
    line = re.search(r"h\u2081 = tanh\((.*) = (-?[\d.]+)$", words, re.MULTILINE)
    assert float(line[2]) == pytest.approx(hidden[0], abs=0.0051)
    delta = re.search(r"\u03b4\u2081 = .* = (-?[\d.]+)$", words, re.MULTILINE)
    assert float(delta[1]) == pytest.approx(found[4], abs=0.0051)


def worth(expression: str) -> float:
    """Return what numbers on screen come to, computed by Python."""
    plain = expression.translate({0x2212: "-", 0xB7: "*", 0x202F: ""}).replace("\u03c3", "sigmoid")
    known = {"__builtins__": {}, "tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}
    return float(eval(plain, known))  # of a lesson's own text


@pytest.mark.parametrize("values", [{}, {"seed": 4, "point": 7}, {"dataset": "xor", "learning_rate": 4.0}], ids=str)
def test_the_numbers_of_an_equation_give_the_result_beside_them(build, values) -> None:
    panel, seen = build(NAME, n_updates=120, **values).panels[1][0], 0
    for mark in panel.marks:
        for update in (*range(12), 30, 77, 120):
            *_, numbers, result = mark.text(update)[0].split(" = ")
            shown = re.match("\u2212?[\\d.]+", result)[0]
            assert abs(worth(numbers) - worth(shown)) <= 0.5 * 10.0 ** -len(shown.partition(".")[2]) + 1e-9
            seen += 1
    assert seen == 75


def test_a_probability_near_an_end_is_not_shown_as_0_or_1(build) -> None:
    panel = build(NAME, point=3, n_updates=2000, learning_rate=4.0).panels[1][0]
    for mark in panel.marks:
        for update in (500, 1000, 2000):
            *_, result = mark.text(update)[0].split(" = ")
            assert not re.match("\u2212?(0[.]0+|1[.]0+)($|,)", result), result


def test_losses_that_differ_are_shown_apart(build) -> None:
    words = build(NAME, learning_rate=1e-6, n_updates=1).beats[3].words[0]
    said = re.search(r"from (\S+) to (\S+)[.]$", words)
    assert value_of(said[2]) < value_of(said[1])


@pytest.mark.parametrize("seed", range(10))
def test_what_is_said_of_the_losses_and_of_all_points_is_so(build, seed) -> None:
    rng = np.random.default_rng(seed)
    values = {
        "dataset": ["two_moons", "xor"][seed % 2], "point": int(rng.integers(500)), "seed": seed,
        "learning_rate": float(rng.choice([1e-6, 0.5, 10.0])), "n_updates": int(rng.choice([1, 2, 50])),
    }  # fmt: skip
    scene = build(NAME, **values)
    run = scene.panels[1][1].run
    data = scene.panels[1][1].data
    row, X = values["point"] % len(data.X), standardized(data)
    words = " ".join(beat.words[0] for beat in scene.beats if beat.words)
    said = re.search(r"this point goes from (\S+) to (\S+)\. ", words + " ")
    for text, params in zip(said.groups(), run.trajectory.params[:2], strict=True):
        assert value_of(text) == pytest.approx(loss(params, X[row], data.labels[row]), rel=6e-3, abs=1e-6)
    right = np.mean(
        [(forward(run.trajectory.final, x)[1] > 0.5) == (y == 1) for x, y in zip(X, data.labels, strict=True)]
    )
    assert f"{100 * right:.1f} % of the points" in words
    assert ("The same at all" in words) == (values["n_updates"] > 1)


def test_ones_own_points_go_through(build, plays) -> None:
    X = np.random.default_rng(0).normal(size=(30, 2)) * [1e3, 1e-3]
    table = load_table({"a": X[:, 0], "b": X[:, 1], "label": np.where(X[:, 0] > 0, "yes", "no")})
    plays(build(NAME, data=table, n_updates=30))
