"""Which degree does the data support?

K-fold cross-validation of polynomials: each fold is held out in turn, the polynomial of least squares through the
others is judged on it. Errors are mean squared errors (without a half); each degree's are averaged over the folds.
"""

from typing import Annotated

import numpy as np

from animate import (
    Noise, OwnData, Range, RegressionData, Scene, Seed, Timeline, datasets, formatting, marks, panels, say, sentences,
)
from animate.learn import cross_validation


def fit_panel(result: cross_validation.CrossValidation) -> panels.Plot:
    """Return the plot of each fit, thin curves for earlier fits of its degree, and the misses of the fold held out."""
    data, margin = result.data, 0.18 * np.ptp(result.data.y)
    x = np.linspace(data.x.min() - 0.05 * np.ptp(data.x), data.x.max() + 0.05 * np.ptp(data.x), 200)
    points, low, high = np.stack([data.x, data.y], axis=-1), data.y.min() - margin, data.y.max() + margin
    errors, lowest = result.validation.ravel(), result.mean_validation.min()
    places = formatting.decimals_for(lowest)

    def curve(fit: cross_validation.PolynomialFit, x: np.ndarray) -> np.ndarray:
        return np.stack([x, np.clip(fit.curve(x), low - 20 * (high - low), high + 20 * (high - low))], axis=-1)

    def error(k: int) -> str:
        return formatting.number([np.nan, *errors, lowest][k], places) if k else "–"

    def words(k: int) -> str:
        if k == 0:
            return f"{data.n_samples} points, {len(result.folds)} folds"
        fit, (degree, fold) = result.fit(k), result.place(k)
        score = f"training R² {formatting.number(fit.problem.r_squared(fit.params), 3)}"
        if k > result.n_fits:
            return f"degree {result.degrees[result.best]}, all points: {score}"
        return f"degree {result.degrees[degree]}, fold {fold + 1} of {len(result.folds)} out: {score}"

    def misses(k: int) -> np.ndarray:
        rows = result.held_out(k)
        return marks.stems(data.x[rows], data.y[rows], curve(result.fit(k), data.x[rows])[:, 1])

    size = (8.5, 4.4) if data.n_samples <= 150 else (5.5, 2.9)
    return panels.Plot(
        marks.Segments(misses, color="error 62%", cap=None),
        marks.Line(lambda k: np.concatenate([np.empty((0, 2)), *(np.append(curve(fit, x), [[np.nan] * 2], axis=0)
                                                                  for fit in (result.earlier(k) if k else ()))]),
                   color="ink 30%", width=(1.8, 1.0), layer=2),
        marks.Points(points, color="data", size=size),
        marks.Line(lambda k: curve(result.fit(k), x) if k else np.empty((0, 2)), name="fit"),
        marks.Points(lambda k: points[result.held_out(k)], color="first", size=(1.35 * size[0], 1.35 * size[1]), layer=5, name="held_out"),
        limits=((x[0], x[-1]), (low, high)), title=("Fitted to the other folds", "Fit"), weight=1.4, subtitle=words,
        x=formatting.readable(data.x_name) if data.x_name != "x" else "",
        readout=panels.Readout(("validation error", "validation"), error, max(map(error, range(result.n_fits + 2)), key=len), lambda _: "first"),
    )  # fmt: skip


def grid_panel(result: cross_validation.CrossValidation) -> panels.Plot:
    """Return the plot of a cell for each fit, darker the larger its error: up to a hundred times the lowest."""
    (n_degrees, n_folds), errors = result.validation.shape, np.log10(np.maximum(result.validation.ravel(), 1e-300))
    reach = float(min(np.ptp(errors), 2.0)) or 1.0
    shades = [f"data {8 + 10 * min(int(9 * share), 8)}%" for share in (errors - errors.min()) / reach]
    box = np.array([[0.03, 0.07], [0.97, 0.07], [0.97, 0.93], [0.03, 0.93]]) + 0.5
    frame = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) + 0.5

    def framed(k: int) -> np.ndarray:
        if k > result.n_fits:
            return frame * (1, n_folds) + (result.best, 0.5 * (1 - n_folds))
        return frame + result.place(k) if k else np.empty((0, 2))

    return panels.Plot(
        marks.Polygon([box + result.place(fit + 1) for fit in range(result.n_fits)], edge="rule", width=(1.2, 0.8), many=True,
                      color=lambda k: [shade if fit < k else "background" for fit, shade in enumerate(shades)], name="cells"),
        marks.Polygon(framed, color="none", edge="first", width=(3, 1.8), layer=2, name="frame"),
        limits=((0.5, n_degrees + 0.5), (n_folds + 0.5, 0.5)), axes="ticks", title="All fits",
        ticks=({at + 1: f"{degree}" for at, degree in enumerate(result.degrees)},
               {1: "fold 1", **{at: (f"{at}", "" if at < n_folds else f"{at}") for at in range(2, n_folds + 1)}}),
        readout=panels.Readout.still(("dark: large error", "dark: large")),
    )  # fmt: skip


def error_panel(result: cross_validation.CrossValidation) -> panels.Plot:
    """Return the plot of the errors by degree: a dot for each fit, a line through the means of the degrees done."""
    degrees, n_folds = np.arange(1, len(result.degrees) + 1), len(result.folds)
    means = np.concatenate([result.mean_training, result.mean_validation])
    low = max(means.min(), 1e-9 * means.max(), 1e-12) / 1.7
    high = max(min(means.max(), 1e3 * result.mean_validation.min()), 2 * low) * 1.5
    kinds = (("data", result.training, result.mean_training), ("first", result.validation, result.mean_validation))
    dots = [np.stack([np.repeat(degrees, n_folds), errors.ravel()], axis=-1) for _, errors, _ in kinds]
    lines = [marks.per_update([np.stack([degrees, mean], axis=-1)[: k // n_folds] for k in range(result.n_fits + 1)]) for _, _, mean in kinds]
    return panels.Plot(
        *(marks.Points(marks.per_update([at[:k] for k in range(result.n_fits + 1)]), color=f"{role} 45%", size=(4.5, 2.4), edge_width=0, layer=2)
          for (role, *_), at in zip(kinds, dots, strict=True)),
        *(mark for (role, *_), line in zip(kinds, lines, strict=True) for mark in (
            marks.Line(line, color=role, width=(2.6, 1.4), layer=3, name="means"),
            marks.Points(line, color=role, size=(8, 4.4), edge_width=(1.2, 0.7), layer=3))),
        marks.Rule(x=lambda k: result.best + 1 if k > result.n_fits else np.nan, reach=(0.0, 0.8), dash="dashed", layer=1),
        marks.Text(" training", (0.0, 1.0), coords="axes", valign="top", color="data", bold=True),
        marks.Text("validation", (1.0, 1.0), coords="axes", align="right", valign="top", color="first", bold=True),
        limits=((0.5, len(degrees) + 0.5), (low, high * (high / low) ** 0.25)), log="y", x="degree",
        ticks=({at: f"{degree}" for at, degree in enumerate(result.degrees, 1)}, None), title=("Mean squared error", "MSE"),
    )  # fmt: skip


def build(
    n_folds: Annotated[int, Range(2, 10), "Parts that are held out in turn"] = 5,
    highest_degree: Annotated[int, Range(1, 9), "Degrees from 1 to this one are tried"] = 9,
    n_samples: Annotated[int, Range(12, 500), "Points drawn, of a sine"] = 30,
    noise: Noise = 0.35,
    seed: Annotated[Seed, "Of the points and the folds"] = 2,
    data: OwnData = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else datasets.sine(n_samples, noise=noise, rng=seed)
    folds = cross_validation.k_fold(len(points.x), n_folds, rng=seed)
    result = cross_validation.cross_validate(points, range(1, highest_degree + 1), folds)
    best, n_fits, n = result.degrees[result.best], result.n_fits, len(points.x)
    lowest, means = float(result.mean_validation[result.best]), result.mean_validation
    within = means[result.best] + result.validation[result.best].std(ddof=1) / np.sqrt(n_folds)  # one standard error more
    simple = result.degrees[int((means <= within).argmax())]
    training_falls = bool((np.diff(result.mean_training) < 0).all())
    degree = {"best": best, "lowest": formatting.number(lowest, formatting.decimals_for(lowest)) if lowest > 1e-4 else formatting.significant(lowest)}
    ending = (
        say("Degree {best} has the lowest mean validation error, {lowest}; degree {simple} is within one standard error of it.",
            "Lowest validation error: degree {best}, {lowest}.", when=simple < best, simple=simple, **degree)
        or say("Degree {best} has the lowest mean validation error, {lowest}. Now it is fitted to all points.",
               "Lowest validation error: degree {best}, {lowest}.", **degree)
    )
    return Scene(
        title="Which degree does the data support?",
        caption=[
            (0, say("{n} points, dealt into {n_folds} folds. Which polynomial predicts points it has not seen?",
                    "{n} points, dealt into {n_folds} folds.", n=n, n_folds=n_folds)),
            (1, ("The lit fold is held out: the curve is fitted to the others, then judged by its red misses.",
                 "The lit fold is held out, then predicted.")),
            (n_folds + 1, ("A dot for each fit; the lines join the means of each degree over its folds.", "The lines join each degree’s mean.")),
            (best * n_folds + 1, say("Beyond degree {best} training error keeps falling; validation error never gets so low again.",
                                     "Beyond degree {best} validation never gets so low.", when=best < highest_degree and training_falls, **degree)),
            (n_fits + 1, ending),
        ],
        panels=[
            fit_panel(result),
            [grid_panel(result), error_panel(result)],
        ],
        timeline=Timeline(n_fits + 1, seconds=8.0, pace="log", hold_end=2.6),
        counter="fit",
        alt=sentences(
            say("{n_folds}-fold cross-validation of polynomials of degree 1 to {highest} on {n} points.", n_folds=n_folds, highest=highest_degree, n=n),
            ending,
            say("The training error falls with every degree.", when=training_falls and highest_degree > 1),
        ),
    )  # fmt: skip
