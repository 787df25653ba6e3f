"""Which degree does the data support?

K-fold cross-validation of polynomials: each fold is held out in turn, and the polynomial of least squares through the others
is judged on it. Errors are mean squared errors, without a half; each degree's are averaged over the folds.
"""

from functools import partial
from typing import Annotated

import numpy as np
from animate import Beat, Noise, OwnData, Range, RegressionData, Scene, Seed, datasets, marks, panels, say, to_end
from animate.learn.cross_validation import cross_validate, k_fold


def build(
    n_folds: Annotated[int, Range(2, 10), "Parts that are held out in turn"] = 5,
    highest_degree: Annotated[int, Range(2, 9), "Degrees from 1 to this one are tried"] = 9,
    n_samples: Annotated[int, Range(12, 500), "Points drawn, of a sine"] = 30,
    noise: Noise = 0.35,
    seed: Annotated[Seed, "Of the points and the folds"] = 2,
    data: OwnData = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else datasets.sine(n_samples, noise=noise, rng=seed)
    n, degrees = points.n_samples, np.arange(1, highest_degree + 1)
    result = cross_validate(points, degrees.tolist(), k_fold(n, n_folds, rng=seed))
    n_fits, simplest, run = result.n_fits, result.degrees[result.simplest], panels.Run("", result.trajectory())
    numbers = {"n": n, "n_folds": n_folds, "best": result.degrees[result.best], "lowest": result.lowest}
    held = [np.intersect1d(result.held_out(k), marks.drawn_rows(n)) for k in range(n_fits + 2)]
    lost = [np.stack([points.x[rows], points.y[rows], result.curve(run.trajectory.params[k], points.x[rows])]) for k, rows in enumerate(held)]
    dots = np.stack([np.repeat(degrees, n_folds), result.validation.ravel()], axis=-1)
    lines = {"training": ("data", result.mean_training), "validation": ("first", result.mean_validation)}
    least = result.lowest or float(points.y.var()) * 1e-16

    def words(k: int) -> str:
        degree, fold = result.place(k) if k else (0, 0)
        held_out = say("degree {degree}, fold {fold} held out", degree=degree + 1, fold=fold + 1)
        return held_out if k <= n_fits else say("degree {best}, all points", **numbers)

    ending = (
        say("Degree {best} has the lowest mean validation error, {lowest}; degree {simplest} is within one standard error of it.",
            "Lowest validation error: degree {best}, {lowest}.", when=simplest < numbers["best"], simplest=simplest, **numbers)
        or say("Degree {best} has the lowest mean validation error, {lowest}. Now it is fitted to all points.",
               "Lowest validation error: degree {best}, {lowest}.", **numbers)
    )
    return Scene(
        title="Which degree does the data support?",
        beats=[
            Beat(say("{n} points. Which degree of polynomial predicts points that it has not seen?",
                     "Which degree predicts unseen points?", **numbers), enter="points", seconds=2.2),
            Beat(say("Deal them into {n_folds} folds. Hold one out and fit a curve to the others: how far does it miss the one held out?",
                     "Hold out one fold of {n_folds}, fit the others.", **numbers), updates=1, seconds=3.0,
                 enter=["curve", "Polynomial/text", "readout", "held out", "misses", "subtitle"]),
            Beat(say("Every fold is held out once: {n_folds} errors of degree 1, and their mean.", "Every fold is held out once.", **numbers),
                 until=n_folds, enter="errors", seconds=2.4),
            Beat(("The next degrees: a higher one never fits worse what it was fitted to. But what it has not seen?",
                     "Training error never rises with the degree."), until=n_fits, seconds=3.6),
            Beat(ending, updates=to_end, leave=["held out", "misses"], seconds=0.6, hold=2.6),
        ],
        panels=[
            panels.Curves(
                data=points, curves=[panels.FittedCurve(run, result.curve)], words=words, title="Polynomial", weight=1.5,
                reading=panels.Readout.of(("validation error", "validation"), run.trajectory.loss), extra=[
                    marks.Segments(lambda k: marks.stems(*lost[k]), color="error 62%", cap=None, layer=2, name="misses"),
                    marks.Points(lambda k: lost[k][:2].T, color="first", size=(11, 6), layer=5, name="held out"),
                ],
            ),
            panels.Plot(
                marks.Points(lambda k: dots[:k], color="first 45%", size=(6, 3.2), edge_width=0, name="dots"),
                *(kind(marks.per_update([np.stack([degrees, mean], axis=-1)[: k // n_folds] for k in range(n_fits + 1)]), color=role, name="means")
                  for (role, mean), marker in zip(lines.values(), "os", strict=True)
                  for kind in (marks.Line, partial(marks.Points, marker=marker))),
                *(marks.EndText(name, float(np.clip(mean[-1], least / 3, 16 * least)), color=role) for name, (role, mean) in lines.items()),
                limits=((0.7, highest_degree + 0.3), (least / 4, 20 * least)), log="y", x="degree", name="errors",
                ticks=({float(degree): f"{degree}" for degree in degrees}, None), title=("Mean squared error", "MSE"),
            ),
        ],
        n_updates=n_fits + 1, counter="fit",
    )
