"""A polynomial fitted by descent: its curve, its loss, and what is said of both."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

import animate
from animate.draw.panels import Curves
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.errors import DataError
from animate.learn.tables import read_csv, shipped_table
from animate.scene import Scene
from tests.scenes.classification_tables import value_of

NAME = "polynomial_fit"


@cache
def scene(**values: Any) -> Scene:
    return animate.load(NAME).build(**values)


def at_end(of: Scene) -> Stage:
    stage = of.stage(Settings(1280, 720))
    stage.show(of.timeline.duration)
    return stage


def panel(stage: Stage, kind: type) -> Any:
    return next(mounted.panel for mounted in stage._mounted if isinstance(mounted.panel, kind))


def scikit_learn(x: np.ndarray, y: np.ndarray, degree: int) -> Any:
    """Return scikit-learn's least squares on scaled powers of scaled x."""
    powers = PolynomialFeatures(degree, include_bias=False)
    return make_pipeline(StandardScaler(), powers, StandardScaler(), LinearRegression()).fit(x[:, None], y)


def test_the_curve_ends_on_scikit_learns_least_squares() -> None:
    curves = panel(at_end(scene()), Curves)
    line = curves.artists["curve"][0]
    expected = scikit_learn(curves.data.x, curves.data.y, 5).predict(line.get_xdata()[:, None])
    assert line.get_ydata() == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("degree", [1, 3, 9])
def test_the_dashed_curve_is_the_least_squares_polynomial(degree: int) -> None:
    curves = scene(degree=degree).panels[0]
    x = np.linspace(curves.data.x.min(), curves.data.x.max(), 30)
    expected = np.polynomial.Polynomial.fit(curves.data.x, curves.data.y, degree)(x)
    assert curves.reference(x) == pytest.approx(expected, abs=1e-6)


def words(of: Scene) -> str:
    texts = [beat.words for beat in of.beats if beat.words] + [of.alt]
    return " ".join(text if isinstance(text, str) else text[0] for text in texts)


def number(text: str) -> float:
    return value_of(text.rstrip("."))


def design(x: np.ndarray, degree: int) -> np.ndarray:
    return scikit_learn(x, x, degree)[:-1].transform(x[:, None])


def test_the_path_is_descent_on_half_the_sum_of_squares_from_random_weights() -> None:
    run = scene(learning_rate=0.002, n_updates=40).panels[0].curves[0].run
    data = scene().panels[0].data
    X = np.column_stack([design(data.x, 5), np.ones(45)])
    w = run.trajectory.params[0]
    assert np.abs(w[:-1]).min() > 0
    for k in range(41):
        assert run.trajectory.loss[k] == pytest.approx(0.5 * np.sum((X @ w - data.y) ** 2), rel=1e-9)
        w = w - 0.002 * X.T @ (X @ w - data.y)


@pytest.mark.parametrize("rate", [1.0, 1e-3, 1e-10])
def test_rates_from_1_to_1e_10_can_be_chosen(rate: float) -> None:
    chosen = scene(learning_rate=rate, n_updates=30, first_weights=0.0)
    assert chosen.panels[0].curves[0].run.trajectory.n_updates == 30
    assert (chosen.panels[0].curves[0].run.trajectory.params[0, :-1] == 0).all()


@pytest.mark.parametrize("seed", range(12))
def test_every_number_that_is_said_is_so(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values: dict[str, Any] = {
        "degree": int(rng.integers(1, 8)), "n_updates": int(rng.choice([1, 2, 20, 300])), "seed": seed,
        "n_samples": int(rng.choice([12, 45, 200])), "noise": float(rng.choice([0.0, 0.25, 3.0])),
        "learning_rate": [None, 1e-8, 1e-3][seed % 3], "first_weights": float(rng.choice([0.0, 0.5, 5.0])),
    }  # fmt: skip
    if seed % 4 == 3:
        values = {key: values[key] for key in ("degree", "n_updates", "learning_rate")} | {
            "data": shipped_table("norris")
        }
    built = animate.load(NAME).build(**values)
    data, run, said = built.panels[0].data, built.panels[0].curves[0].run, words(built)
    X = np.column_stack([design(data.x, values["degree"]), np.ones(len(data.x))])
    least = 0.5 * np.sum((X @ np.linalg.lstsq(X, data.y, rcond=None)[0] - data.y) ** 2)
    with np.errstate(all="ignore"):
        loss = np.array([0.5 * np.sum((X @ w - data.y) ** 2) for w in run.trajectory.params])
    near = [k for k in range(len(loss)) if (loss[k:] - least <= 1.0001e-4 * (loss[0] - least) + 1e-9 * least).all()]
    if found := re.search(r"Converged: from update (\S+) on at most 1/10\u202f000", said):
        assert near
        assert abs(number(found[1]) - near[0]) <= 1
    if found := re.search(r"After (\S+) updates the loss is (\S+); the lowest possible is (\S+)\.", said):
        assert number(found[2]) == pytest.approx(loss[-1], rel=6e-3)
        assert number(found[3]) == pytest.approx(least, rel=6e-3, abs=1e-12)
    if found := re.search(r"possible gain took (\S+) updates", said):
        at = int(number(found[1]))
        assert (loss[at:] - least <= 0.1001 * (loss[0] - least)).all()
    limit = 2 / np.linalg.eigvalsh(X.T @ X)[-1]
    assert number(re.search(r"max is (\S+) ?", said)[1]) == pytest.approx(limit, rel=6e-3)  # type: ignore[index]


def test_a_hundred_thousand_rows_have_a_rate_of_their_own_and_the_numbers_of_all() -> None:
    rng = np.random.default_rng(2)
    x = rng.uniform(-3, 3, 100_000)
    y = np.sin(x) + rng.normal(0, 0.3, len(x))
    built = animate.load(NAME).build(data=animate.load_table({"x": x, "y": y}), degree=3, n_updates=50)
    objective, run = built.panels[0].curves[0].predict.__self__.objective, built.panels[0].curves[0].run  # type: ignore[attr-defined]
    assert len(objective.summed_rows[0]) == 5
    fitted = built.panels[0].curves[0].at(50, x)
    assert run.trajectory.loss[-1] == pytest.approx(0.5 * np.sum((fitted - y) ** 2), rel=1e-9)
    assert run.diverges_at is None


def test_a_rate_that_is_too_high_diverges_and_renders() -> None:
    stage = at_end(scene(learning_rate=1.0))
    stage.figure.canvas.draw()
    assert "diverges" in stage._caption.get_text()
    assert not [text.get_text() for text in stage.figure.findobj(Text) if "R\u00b2" in text.get_text()]


def test_a_degree_that_the_points_cannot_determine_is_refused(tmp_path: Any) -> None:
    path = tmp_path / "few.csv"
    path.write_text("x,y\n0,1\n1,2\n2,0\n2,1\n3,1\n")
    with pytest.raises(DataError, match="degree must be below the number of distinct x values, which is 4; got 5"):
        scene(data=read_csv(path))
    at_end(scene(data=read_csv(path), degree=3)).figure.canvas.draw()
