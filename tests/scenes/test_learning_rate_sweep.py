"""The sweep of learning rates against the closed form of descent on a quadratic, and the verdicts on screen."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.text import Text
from scipy.linalg import eigh

from animate import load_table
from animate.draw.marks import Line, Points
from animate.draw.panels import ConvergenceCurve
from animate.draw.settings import Settings
from animate.learn.tables import shipped_table
from tests.scenes.classification_tables import value_of

NAME = "learning_rate_sweep"


def curves(scene) -> list[ConvergenceCurve]:
    """Return the five curves by rising rate: two rows of three, read from left to right, the last place left."""
    (a, d), (b, above), (c, _) = scene.panels
    return [a, b, c, d, above]


def closed_form_excess(x: np.ndarray, y: np.ndarray, rate: float, n_updates: int) -> np.ndarray:
    """Return L_k - L* = 1/2 sum_i lambda_i (1 - rate lambda_i)^(2k) c_i^2 for L = half the mean squared residual."""
    design = np.column_stack([x, np.ones_like(x)])
    eigenvalues, vectors = eigh(design.T @ design / len(x))
    parts = vectors.T @ (0.0 - np.linalg.lstsq(design, y, rcond=None)[0])
    powers = (1 - rate * eigenvalues) ** (2 * np.arange(n_updates + 1)[:, None])
    return 0.5 * (powers * eigenvalues * parts**2).sum(axis=1)


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


@pytest.fixture(scope="module")
def points(scene):
    from animate import line

    data = line(60, slope=2.0, intercept=1.5, noise=0.8, rng=2)
    return data.x, data.y


def rates_and_limit(scene) -> tuple[list[float], float]:
    """Return where the dots and the limit between them stand on the scale of rates."""
    dots, line = ([mark.xy for mark in scene.panels[2][1].marks if isinstance(mark, kind)] for kind in (Points, Line))
    return [dot[0][0] for dot in dots], line[0][0][0]


def test_both_sides_of_the_limit_are_named_alike_in_every_size(scene) -> None:
    for size in ((480, 270), (1280, 720)):
        texts = [text.get_text().strip() for text in scene.stage(Settings(*size)).figure.axes[-1].texts]
        assert texts in (["converges", "diverges"], ["\u2713", "\u2717"])


def test_losses_equal_the_closed_form_of_descent_on_a_quadratic(scene, points) -> None:
    for curve, rate in zip(curves(scene), rates_and_limit(scene)[0], strict=True):
        excess = closed_form_excess(*points, rate, 100)
        assert np.allclose(curve.run.trajectory.loss - curve.best, excess, rtol=1e-6, atol=1e-12)


def test_limit_is_two_over_the_largest_eigenvalue(scene, points, words_at) -> None:
    x, _ = points
    design = np.column_stack([x, np.ones_like(x)])
    limit = 2 / np.linalg.eigvalsh(design.T @ design / len(x))[-1]
    assert rates_and_limit(scene)[1] == pytest.approx(limit, rel=1e-12)
    assert f"{limit:.4f}" in words_at(scene)


def test_verdicts_are_those_of_the_closed_form(scene, points) -> None:
    expected = []
    for rate in rates_and_limit(scene)[0]:
        excess = closed_form_excess(*points, rate, 100)
        left = excess[-1] / excess[0]
        expected.append("diverges" if left > 1 else "converged" if left <= 1e-4 else "on its way")
    assert expected == ["on its way", "on its way", "converged", "converged", "diverges"]
    shown = [curve.readout(scene.stage(Settings(1280, 720)).style).text(100) for curve in curves(scene)]
    assert [text.removeprefix("still ") for text in shown] == expected


def test_curve_shows_the_losses_so_far_and_stops_at_the_edge_where_it_leaves(scene) -> None:
    stage = scene.stage(Settings())
    stage.show(scene.timeline.duration)
    lines = [max(axes.lines, key=lambda line: len(line.get_xdata())) for axes in stage.figure.axes]
    first = curves(scene)[0].run.trajectory.loss
    assert any(np.array_equal(line.get_ydata(), first) for line in lines)
    above = curves(scene)[4].run.trajectory.loss
    left_at = int(np.argmax(above > 30 * above[0]))
    assert any(len(line.get_ydata()) == left_at + 1 and line.get_ydata()[-1] >= 30 * above[0] for line in lines)


def said(scene) -> str:
    """Return every text of the beats and the alternative text."""
    return " ".join([str(beat.words) for beat in scene.beats] + [scene.alt])


def test_the_rates_are_sorted_by_their_end(scene) -> None:
    assert (
        "After 100 updates: rate 0.1 and rate 0.5 converged; rate 0.001 and rate 0.01 did not converge; "
        "rate 1.17 diverged." in said(scene)
    )


def test_at_the_limit_itself_the_run_bounces(build) -> None:
    assert "bounces" in said(build(NAME, above=1.0, data=shipped_table("norris")))


@pytest.mark.parametrize("rates", [(1e-10, 1e-9, 1e-3, 10.0), (10.0, 10.0, 10.0, 10.0)])
def test_plays_to_the_end_at_any_rates(build, plays, rates) -> None:
    plays(build(NAME, rates=rates, n_updates=2000))


def test_plays_without_noise_where_the_lowest_loss_is_zero(build, plays) -> None:
    plays(build(NAME, noise=0.0))


@pytest.mark.parametrize("seed", range(8))
def test_every_claim_is_that_of_the_closed_form(build, seed) -> None:
    rng = np.random.default_rng(seed)
    data = [None, shipped_table("norris")][seed % 2]
    values = {
        "rates": tuple(float(rate) for rate in rng.choice([1e-6, 0.001, 0.05, 0.3, 0.5, 0.7, 0.78], 4)),
        "above": float(rng.choice([1.0, 1.2, 4.0])), "n_updates": int(rng.choice([1, 5, 100])), "seed": seed,
    }  # fmt: skip
    scene = build(NAME, **values, data=data)
    words, problem = said(scene), [curve.run for curve in curves(scene)]
    ends = {}
    for curve in curves(scene):
        excess = curve.run.trajectory.loss - curve.best
        arrived = [k for k in range(len(excess)) if (excess[k:] <= 1.0001e-4 * excess[0]).all()]
        ends[curve.run.name.strip()] = arrived[0] if arrived else None
        assert curve.best <= curve.run.trajectory.loss.min() * (1 + 1e-9)
    found = re.search(r"(rate [^ ]+) is the first, after (\d+)", words, re.IGNORECASE)
    if found:
        others = [at for at in ends.values() if at is not None]
        assert int(found[2]) == min(others)
    for name, at in ends.items():
        summary = re.search(r"updates?: ([^;]*) converged[;.]", words)
        named = summary is not None and f"{name} " in summary[1].replace(",", " ") + " "
        assert (at is not None) == named, words
    assert len(problem) == 5


def test_rates_that_differ_have_names_that_do_and_the_limit_is_above_the_fastest(build) -> None:
    scene = build(NAME, rates=(0.5, 0.5001, 0.7826, 0.7827), above=1.0001)
    assert len({curve.run.name for curve in curves(scene)}) == 5
    said_at = re.search(r"A fifth rate is ([0-9.]+) times that", said(scene))
    assert said_at[1] == "1.0001"
    far = said(build(NAME, data=shipped_table("norris"), standardize=False))
    limit, fastest = re.search(r"2/λmax = (\S+)[.] ", far)[1], re.search(r"λmax\) = (\S+) is the fastest", far)[1]
    assert value_of(fastest) < value_of(limit)


def test_a_fifth_rate_at_the_limit_is_said_to_be_the_limit(build) -> None:
    assert "which is the fifth rate" in said(build(NAME, above=1.0))
    assert "the fifth rate" not in said(build(NAME, above=1.0001))


@pytest.mark.parametrize("scale", [1e-7, 1e6])
def test_losses_and_limits_of_any_size_are_shown(build, scale: float) -> None:
    x = np.linspace(-1.0, 2.0, 12)
    data = load_table({"x": 0.3 * x, "y": scale * (3 * x + np.cos(9 * x))})
    scene = build(NAME, data=data, standardize=False)
    stage = scene.stage(Settings(1280, 720))
    stage.show(scene.timeline.duration)
    texts = [text.get_text() for text in stage.figure.findobj(Text) if text.get_visible()]
    shown = [text.removeprefix("½ MSE ") for text in texts if text.startswith("½ MSE ")]
    losses = sorted(float(curve.run.trajectory.loss[-1]) for curve in curves(scene))
    assert sorted(map(value_of, shown)) == pytest.approx(losses, rel=6e-3)
    assert not any(re.fullmatch(r"0[.]0+", text) for text in texts)


def test_larger_rates_are_not_said_to_be_faster(build) -> None:
    assert "faster" not in said(build(NAME, rates=(0.5, 0.7, 0.75, 0.78)))
