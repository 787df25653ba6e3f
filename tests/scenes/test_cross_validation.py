"""Cross-validation of polynomials: errors, folds lit in turn, and the degree that predicts best."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

import animate
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.errors import DataError
from animate.learn import datasets
from animate.learn.cross_validation import cross_validate, k_fold
from animate.learn.tables import read_csv
from animate.scene import Scene

NAME = "cross_validation"


@cache
def scene(**values: Any) -> Scene:
    return animate.load(NAME).build(**values)


def at(of: Scene, update: int | None = None) -> Stage:
    stage = of.stage(Settings(1280, 720))
    stage.show(of.timeline.duration if update is None else of.timeline.time_of(update) + 1e-9)
    return stage


FIT, GRID, ERRORS = range(3)


def panel(stage: Stage, which: int) -> Any:
    return stage._mounted[which].panel


@cache
def result() -> Any:
    return cross_validate(datasets.sine(30, noise=0.35, rng=2), range(1, 10), k_fold(30, 5, rng=2))


def scikit_learn_errors(degree: int) -> np.ndarray:
    """Return scikit-learn's validation error of each fold, on the same folds."""
    data, folds = result().data, [(fold.training, fold.validation) for fold in result().folds]
    powers = PolynomialFeatures(degree, include_bias=False)
    model = make_pipeline(StandardScaler(), powers, StandardScaler(), LinearRegression())
    return -cross_val_score(model, data.x[:, None], data.y, cv=folds, scoring="neg_mean_squared_error")


@pytest.mark.parametrize("degree", [1, 4, 9])
def test_validation_errors_are_scikit_learns(degree: int) -> None:
    assert result().validation[degree - 1] == pytest.approx(scikit_learn_errors(degree), rel=1e-6)


def test_the_best_degree_is_the_one_with_the_lowest_mean_and_the_caption_names_it() -> None:
    means = [scikit_learn_errors(degree).mean() for degree in range(1, 10)]
    best = 1 + int(np.argmin(means))
    words = list(scene().caption.values())[-1][0]
    assert words.startswith(f"Degree {best} has the lowest mean validation error, {min(means):.3f}")


def test_training_error_never_rises_with_the_degree() -> None:
    assert (np.diff(result().training, axis=0) <= 1e-12).all()


def test_each_point_is_lit_once_per_degree() -> None:
    for degree in (0, 6):
        lit = [panel(at(scene(), degree * 5 + fold + 1), FIT).artists["held_out"][0].get_xdata() for fold in range(5)]
        assert np.sort(np.concatenate(lit)).tolist() == np.sort(result().data.x).tolist()


def test_lit_points_are_those_held_out_and_the_curve_is_fitted_to_the_others() -> None:
    update = 18  # degree 4, fold 3
    fits, data = panel(at(scene(), update), FIT), result().data
    held = result().folds[2].validation
    assert fits.artists["held_out"][0].get_xdata() == pytest.approx(data.x[held])
    kept = np.setdiff1d(np.arange(30), held)
    x, y = fits.artists["fit"][0].get_data()
    inner = (x > data.x.min()) & (x < data.x.max())
    fitted = np.polynomial.Polynomial.fit(data.x[kept], data.y[kept], 4)
    assert y[inner] == pytest.approx(fitted(x[inner]), abs=1e-8)


def test_the_words_on_screen_are_the_degree_the_fold_its_r_squared_and_its_error() -> None:
    texts = [text.get_text() for text in at(scene(), 18).figure.texts]
    data, kept = result().data, result().folds[2].training
    fitted = np.polynomial.Polynomial.fit(data.x[kept], data.y[kept], 4)
    y = data.y[kept]
    r2 = 1 - np.sum((fitted(data.x[kept]) - y) ** 2) / np.sum((y - y.mean()) ** 2)
    assert f"degree 4, fold 3 of 5 out: training R² {r2:.3f}" in texts
    assert f"{scikit_learn_errors(4)[2]:.3f}" in texts


def test_lines_join_the_means_of_the_degrees_that_are_done() -> None:
    errors = panel(at(scene(), 18), ERRORS)
    training, validation = errors.artists["means"]
    assert validation.get_xdata().tolist() == [1, 2, 3]
    assert validation.get_ydata() == pytest.approx([scikit_learn_errors(degree).mean() for degree in (1, 2, 3)])
    assert (training.get_ydata() < validation.get_ydata()).all()


def test_cells_take_their_color_in_turn_and_the_one_of_this_fit_is_framed() -> None:
    grid = panel(at(scene(), 18), GRID)
    colors = [tuple(color) for color in grid.artists["cells"][0].get_facecolor()]
    assert len(set(colors[18:])) == 1
    assert colors[17] != colors[18]
    assert grid.artists["frame"][0].get_xy().min(axis=0).tolist() == [3.5, 2.5]


def test_in_the_end_the_best_degree_is_fitted_to_all_points_and_marked() -> None:
    stage = at(scene())
    data = result().data
    x, y = panel(stage, FIT).artists["fit"][0].get_data()
    inner = (x > data.x.min()) & (x < data.x.max())
    fitted = np.polynomial.Polynomial.fit(data.x, data.y, result().best + 1)
    assert y[inner] == pytest.approx(fitted(x[inner]), abs=1e-8)
    assert list(panel(stage, ERRORS).artists["rule"][0].get_xdata()) == [result().best + 1] * 2


def test_very_few_points_and_high_degrees_render_though_errors_explode() -> None:
    wild = scene(n_samples=13, n_folds=10, noise=3.0)
    last = panel(at(wild), ERRORS).artists["points"][1].get_ydata()
    assert np.max(last) > 1e3
    at(wild).figure.canvas.draw()


@pytest.mark.parametrize(
    ("rows", "values", "message"),
    [
        (6, {}, "every fold leaves for training, which is 4; got 9"),
        (4, {"highest_degree": 1}, "n_folds must not be above the number of rows, which is 4; got 5"),
    ],
)
def test_data_that_cannot_be_split_so_is_refused(tmp_path: Any, rows: int, values: Any, message: str) -> None:
    path = tmp_path / "few.csv"
    path.write_text("x,y\n" + "\n".join(f"{x},{x * x}" for x in range(rows)))
    with pytest.raises(DataError, match=message):
        scene(data=read_csv(path), **values)


def test_takes_a_table_and_finds_its_degree(tmp_path: Any) -> None:
    path = tmp_path / "own.csv"
    noise = np.random.default_rng(1).normal(size=40)
    path.write_text("t,h\n" + "\n".join(f"{2000 + t},{0.5 * t * t - 8 * t + noise[t]}" for t in range(40)))
    own = scene(data=read_csv(path))
    assert list(own.caption.values())[-1][0].startswith("Degree 2 has the lowest mean validation error")
    at(own).figure.canvas.draw()
