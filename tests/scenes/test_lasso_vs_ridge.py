"""Lasso and ridge from least squares: where they end, which weight is exactly 0, and the geometry that shows it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import Lasso, LinearRegression, Ridge

import animate
from animate.draw.panels import Formula, LossSurface
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.errors import DataError
from animate.learn.datasets import correlated_features
from animate.learn.tables import read_csv
from animate.scene import Scene

NAME, PENALTY, RATE = "lasso_vs_ridge", 0.45, 0.08


@cache
def scene(**values: Any) -> Scene:
    return animate.load(NAME).build(**values)


@cache
def data() -> tuple[np.ndarray, np.ndarray]:
    points = correlated_features(80, (2.0, 0.5), correlation=0.5, noise=0.8, rng=1)
    y = (points.y - points.y.mean()) / points.y.std()
    return (points.X - points.X.mean(axis=0)) / points.X.std(axis=0), y


def at(of: Scene, update: int | None = None) -> Stage:
    stage = of.stage(Settings(1280, 720))
    stage.show(of.timeline.duration if update is None else of.timeline.time_of(update) + 1e-9)
    return stage


def panel(stage: Stage, kind: type) -> Any:
    return next(mounted.panel for mounted in stage._mounted if isinstance(mounted.panel, kind))


def paths(of: Scene) -> list[np.ndarray]:
    return [run.trajectory.params[:, :2] for run in of.panels[0].runs]


def test_lasso_ends_where_scikit_learns_does() -> None:
    X, y = data()
    # scikit-learn minimizes RSS / (2 n) + alpha ||w||_1, as here
    found = Lasso(alpha=PENALTY, tol=1e-10).fit(X, y).coef_
    assert paths(scene())[0][-1] == pytest.approx(found, abs=5e-4)
    assert scene().panels[1][0].targets[:2] == pytest.approx(found, abs=1e-8)


def test_ridge_ends_where_scikit_learns_does() -> None:
    X, y = data()
    # scikit-learn minimizes RSS + alpha ||w||², which is 2 n times the loss here
    assert paths(scene())[1][-1] == pytest.approx(Ridge(alpha=PENALTY * len(y)).fit(X, y).coef_, abs=1e-4)


def test_both_begin_at_least_squares() -> None:
    X, y = data()
    for path in paths(scene()):
        assert path[0] == pytest.approx(LinearRegression().fit(X, y).coef_)


def words(of: Scene) -> str:
    return " ".join([*(str(beat.words) for beat in of.beats if beat.words), of.alt])


def test_the_lassos_second_weight_is_exactly_zero_from_the_update_that_is_named() -> None:
    weight = paths(scene())[0][:, 1]
    first = int(re.search(r"From update (\d+) on the lasso", words(scene()))[1])  # type: ignore[index]
    assert (weight[first:] == 0.0).all()
    assert weight[first - 1] != 0.0


def test_no_weight_of_ridge_is_ever_zero() -> None:
    assert (paths(scene())[1] != 0.0).all()


def test_shapes_pass_through_the_weights_at_every_update() -> None:
    for update in (0, 5, 30):
        geometry = panel(at(scene(), update), LossSurface)
        diamond, circle = (np.array(outline.get_data()) for outline in geometry.artists["penalty"])
        (lasso, ridge) = (path[update] for path in paths(scene()))
        assert np.abs(diamond).sum(axis=0) == pytest.approx(np.abs(lasso).sum())
        assert np.hypot(*circle) == pytest.approx(np.hypot(*ridge))


def test_at_rest_the_contours_of_the_loss_touch_the_shapes_without_entering_them() -> None:
    X, y = data()
    geometry = panel(at(scene()), LossSurface)
    sizes = (lambda w: np.abs(w).sum(axis=0), lambda w: np.hypot(*w))
    targets = np.reshape(scene().panels[1][0].targets, (2, 2))
    for optimum, contour, size in zip(targets, geometry.artists["contour"], sizes, strict=True):
        line = np.array(contour.get_data())
        level = np.mean((X @ optimum + y.mean() - y) ** 2)
        losses = np.mean((X @ line + (y.mean() - y)[:, None]) ** 2, axis=0)
        assert losses == pytest.approx(level)
        assert size(line).min() == pytest.approx(size(optimum[:, None])[0])


def test_contours_appear_only_in_the_last_beat() -> None:
    stage = scene().stage(Settings(1280, 720))
    for beat, shown in ((3, False), (4, True)):
        stage.show(scene().timeline.chapters[beat].end - 1e-3)  # type: ignore[attr-defined]
        assert [one.get_visible() for one in panel(stage, LossSurface).artists["contour"]] == [shown, shown]


def test_rules_put_in_the_numbers_of_the_update_on_screen() -> None:
    X, y = data()
    rules = scene().panels[1][1].rules
    for rule, path, taken in zip(
        rules,
        paths(scene()),
        (lambda v, w: np.clip(v, -RATE * PENALTY, RATE * PENALTY), lambda v, w: RATE * PENALTY * w),
        strict=True,
    ):
        for update in (1, 4, 40):
            before = path[update - 1]
            v = before[1] - RATE * np.mean((X @ before + y.mean() - y) * X[:, 1])
            expected = [path[update][1], v, taken(v, before[1])]
            assert [term.at(update) for term in rule if not isinstance(term, str)] == pytest.approx(expected)
            assert v - taken(v, before[1]) == pytest.approx(path[update][1])


def test_the_formula_shows_exactly_zero() -> None:
    formula = panel(at(scene()), Formula)
    assert formula.artists["number"][0].get_text() == "0.000"


def test_with_a_small_penalty_no_weight_is_zero_and_the_caption_says_so() -> None:
    small = scene(penalty=0.05, n_updates=300)
    assert "too small" in words(small)


def test_a_rate_above_the_limit_diverges_and_renders() -> None:
    wild = scene(learning_rate=10.0, n_updates=2000)
    stage = at(wild)
    stage.figure.canvas.draw()
    assert "diverges" in stage._caption.get_text()


@pytest.mark.parametrize("penalty", [0.0, 10.0])
def test_no_penalty_and_one_that_sets_both_weights_to_zero_render(penalty: float) -> None:
    at(scene(penalty=penalty, learning_rate=0.01)).figure.canvas.draw()


def test_takes_two_features_or_x_and_its_square(tmp_path: Any) -> None:
    three, two = tmp_path / "three.csv", tmp_path / "two.csv"
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(30, 2)) * [10.0, 0.1] + [100.0, 5.0]
    three.write_text("a,b,y\n" + "\n".join(f"{a},{b},{a / 5 + b}" for a, b in rows))
    two.write_text("x,y\n" + "\n".join(f"{a},{a / 5 - 3}" for a, _ in rows))
    for path in (three, two):
        at(scene(data=read_csv(path), penalty=0.1)).figure.canvas.draw()


def test_a_constant_feature_is_refused_in_words(tmp_path: Any) -> None:
    path = tmp_path / "flat.csv"
    path.write_text("a,b,y\n" + "\n".join(f"7,{x},{2 * x}" for x in range(9)))
    with pytest.raises(DataError, match="column 'a': a feature must vary; got 7 in every row"):
        scene(data=read_csv(path))


@pytest.mark.parametrize("seed", range(10))
def test_what_is_said_of_zeros_and_of_corners_is_scikit_learns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = {
        "penalty": float(rng.choice([0.01, 0.3, 0.45, 0.9, 2.0])),
        "learning_rate": float(rng.choice([1e-4, 0.08, 0.5])),
        "correlation": float(rng.choice([-0.9, 0.0, 0.5])), "n_updates": int(rng.choice([1, 100, 600])), "seed": seed,
    }  # fmt: skip
    built, said = scene(**values), words(scene(**values))
    points = correlated_features(80, (2.0, 0.5), correlation=values["correlation"], noise=0.8, rng=seed)
    X = (points.X - points.X.mean(axis=0)) / points.X.std(axis=0)
    y = (points.y - points.y.mean()) / points.y.std()
    sparse = Lasso(alpha=values["penalty"], tol=1e-12, max_iter=100_000).fit(X, y).coef_
    full = Ridge(alpha=values["penalty"] * len(y)).fit(X, y).coef_
    lasso, ridge = paths(built)
    least = LinearRegression().fit(X, y).coef_
    near = [
        np.linalg.norm(path[-1] - end) <= 0.0101 * np.linalg.norm(least - end) + 1e-9
        for path, end in ((lasso, sparse), (ridge, full))
    ]
    assert ("Not settled yet" in said) == (not all(near))
    if "Both weights of the lasso go to 0" in said:
        assert (sparse == 0).all()
    if "in a corner" in said:
        assert (sparse == 0).sum() == 1
    if "on a side" in said:
        assert (sparse != 0).all()
    for found in re.finditer(r"lasso\u2019s (w.) is (?:exactly )?0(?: from update (\d+))?", said):
        column = lasso[:, "\u2081\u2082".index(found[1][1])]
        assert column[-1] == 0.0


def test_a_penalty_of_2_is_not_said_to_touch_a_diamond() -> None:
    assert "diamond on" not in words(scene(penalty=2.0))
    assert "diamond in" not in words(scene(penalty=2.0))


def test_collinear_features_render_and_share_the_weight(tmp_path: Any) -> None:
    path = tmp_path / "twice.csv"
    x = np.random.default_rng(1).normal(size=30)
    path.write_text("a,b,y\n" + "\n".join(f"{a},{2 * a},{3 * a + 1}" for a in x))
    twins = scene(data=read_csv(path), penalty=0.2, n_updates=200)
    assert paths(twins)[1][-1] == pytest.approx([1 / 2.2, 1 / 2.2], abs=1e-2)
    at(twins).figure.canvas.draw()
