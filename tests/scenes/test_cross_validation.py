"""Cross-validation of polynomials: errors, folds held out in turn, and the degree of the lowest."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

import animate
from animate import load_table
from animate.draw import formatting
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


FIT, ERRORS = range(2)


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
    words = scene().beats[-1].words[0]
    assert words.startswith(f"Degree {best} has the lowest mean validation error, {min(means):.3f}")


def test_training_error_never_rises_with_the_degree() -> None:
    assert (np.diff(result().training, axis=0) <= 1e-12).all()


def test_each_point_is_lit_once_per_degree() -> None:
    for degree in (0, 6):
        lit = [panel(at(scene(), degree * 5 + fold + 1), FIT).artists["held out"][0].get_xdata() for fold in range(5)]
        assert np.sort(np.concatenate(lit)).tolist() == np.sort(result().data.x).tolist()


def test_lit_points_are_those_held_out_and_the_curve_is_fitted_to_the_others() -> None:
    update = 18  # degree 4, fold 3
    fits, data = panel(at(scene(), update), FIT), result().data
    held = result().folds[2].validation
    assert fits.artists["held out"][0].get_xdata() == pytest.approx(data.x[held])
    kept = np.setdiff1d(np.arange(30), held)
    x, y = fits.artists["curve"][0].get_data()
    inner = (x > data.x.min()) & (x < data.x.max())
    fitted = np.polynomial.Polynomial.fit(data.x[kept], data.y[kept], 4)
    assert y[inner] == pytest.approx(fitted(x[inner]), abs=1e-8)


def test_the_words_on_screen_are_the_degree_the_fold_and_its_error() -> None:
    texts = [text.get_text() for text in at(scene(), 18).figure.texts]
    assert "degree 4, fold 3 held out" in texts
    assert f"{scikit_learn_errors(4)[2]:.3f}" in texts


@pytest.mark.parametrize("update", [18, 46])
def test_no_score_of_all_points_stands_beside_the_error_of_those_held_out(update: int) -> None:
    assert not any("R\u00b2" in text.get_text() for text in at(scene(), update).figure.findobj(Text))


def test_lines_join_the_means_of_the_degrees_that_are_done() -> None:
    errors = panel(at(scene(), 18), ERRORS)
    training, _, validation, _ = errors.artists["means"]
    assert validation.get_xdata().tolist() == [1, 2, 3]
    assert validation.get_ydata() == pytest.approx([scikit_learn_errors(degree).mean() for degree in (1, 2, 3)])
    assert (training.get_ydata() < validation.get_ydata()).all()


def test_a_dot_stands_for_the_error_of_each_fit_so_far() -> None:
    (dots,) = panel(at(scene(), 18), ERRORS).artists["dots"]
    expected = np.concatenate([scikit_learn_errors(degree) for degree in (1, 2, 3, 4)])[:18]
    assert dots.get_ydata() == pytest.approx(expected, rel=1e-6)


def test_in_the_end_the_best_degree_is_fitted_to_all_points_and_marked() -> None:
    stage = at(scene())
    data = result().data
    x, y = panel(stage, FIT).artists["curve"][0].get_data()
    inner = (x > data.x.min()) & (x < data.x.max())
    fitted = np.polynomial.Polynomial.fit(data.x, data.y, result().best + 1)
    assert y[inner] == pytest.approx(fitted(x[inner]), abs=1e-8)


def test_very_few_points_and_high_degrees_render_though_errors_explode() -> None:
    wild = scene(n_samples=13, n_folds=10, noise=3.0)
    last = panel(at(wild), ERRORS).artists["dots"][0].get_ydata()
    assert np.max(last) > 1e3
    at(wild).figure.canvas.draw()


@pytest.mark.parametrize(
    ("rows", "values", "message"),
    [
        (6, {}, "every fold leaves for training, which is 4; got 9"),
        (4, {"highest_degree": 2}, "n_folds must not be above the number of rows, which is 4; got 5"),
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
    assert own.beats[-1].words[0].startswith("Degree 2 has the lowest mean validation error")
    at(own).figure.canvas.draw()


def one_standard_error(data: Any, n_folds: int, highest: int, seed: int) -> tuple[float, list[float], int]:
    """Return the lowest mean error, all means, and the lowest degree within a standard error, by numpy."""
    folds, means, errors = k_fold(len(data.x), n_folds, rng=seed), [], []
    for degree in range(1, highest + 1):
        fits = [np.polynomial.Polynomial.fit(data.x[f.training], data.y[f.training], degree) for f in folds]
        errors.append(
            [
                np.mean((fit(data.x[f.validation]) - data.y[f.validation]) ** 2)
                for fit, f in zip(fits, folds, strict=True)
            ]
        )
        means.append(np.mean(errors[-1]))
    at_best = errors[int(np.argmin(means))]
    within = min(means) + np.std(at_best, ddof=1) / np.sqrt(n_folds)
    return min(means), means, 1 + next(at for at, mean in enumerate(means) if mean <= within)


@pytest.mark.parametrize("seed", range(6))
def test_every_number_of_the_ending_is_that_of_numpys_fits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = {
        "n_folds": int(rng.integers(2, 8)), "highest_degree": int(rng.integers(2, 7)),
        "n_samples": int(rng.integers(30, 80)), "noise": float(rng.choice([0.1, 0.5, 3.0])), "seed": seed,
    }  # fmt: skip
    data = datasets.sine(values["n_samples"], noise=values["noise"], rng=seed)
    lowest, means, simplest = one_standard_error(data, values["n_folds"], values["highest_degree"], seed)
    words = scene(**values).beats[-1].words[0]
    best = int(words.split()[1])
    assert means[best - 1] == pytest.approx(lowest, rel=1e-6)
    assert formatting.significant(lowest) in words
    assert (f"degree {simplest} is within one standard error" in words) == (simplest < best)


def test_at_the_defaults_degree_3_is_said_to_be_within_one_standard_error_and_nothing_to_predict_best() -> None:
    words = " ".join(scene().beats[-1].words)
    assert "degree 3 is within one standard error" in words
    assert "predicts best" not in words


def test_an_exact_quadratic_is_said_to_have_no_error() -> None:
    x = np.linspace(0, 4, 20)
    assert (
        "lowest mean validation error, 0."
        in scene(data=load_table({"x": x, "y": 0.5 * x**2 - x + 3})).beats[-1].words[0]
    )


def test_at_every_moment_the_error_is_that_of_the_fit_that_is_named() -> None:
    lesson, seen = scene(n_folds=3, highest_degree=3), set()
    stage, data = lesson.stage(Settings()), lesson.panels[0].data
    order = np.random.default_rng(2).permutation(30)
    for moment in np.append(np.arange(2.3, lesson.timeline.end_of(4), 0.15), lesson.timeline.end_of(4)):
        stage.show(moment)
        texts = [text.get_text() for text in stage.figure.findobj(Text) if text.get_visible()]
        error = next(text for text in texts if re.fullmatch(r"\u2013|0[.]\d{3}", text))
        named = re.search(r"degree (\d), fold (\d) held out", "\n".join(texts))
        if named is None:
            assert error == "\u2013"
            continue
        out = np.array_split(order, 3)[int(named[2]) - 1]
        kept = np.setdiff1d(order, out)
        fit = np.polyfit(data.x[kept], data.y[kept], int(named[1]))
        assert float(error) == pytest.approx(np.square(np.polyval(fit, data.x[out]) - data.y[out]).mean(), abs=6e-4)
        seen.add(named.groups())
    assert len(seen) == 9
