"""Which degree does the data support?

K-fold cross-validation of polynomials: each fold is held out in turn, and the polynomial of least squares through the
others is judged on it. Errors are mean squared errors, without a half; each degree's are averaged over the folds.
"""

from typing import Annotated

from animate import Beat, Noise, OwnData, Range, RegressionData, Scene, Seed, datasets, panels, say, to_end
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
    n, degrees = points.n_samples, range(1, highest_degree + 1)
    result = cross_validate(points, degrees, k_fold(n, n_folds, rng=seed))
    simplest, best = degrees[result.simplest], degrees[result.best]
    numbers = {"n": n, "n_folds": n_folds, "best": best, "simplest": simplest, "lowest": result.lowest}
    return Scene(
        title="Which degree does the data support?",
        beats=[
            Beat(say("{n} points. Which degree of polynomial predicts points that it has not seen?",
                     "Which degree predicts unseen points?", **numbers), enter="points", seconds=2.2),
            Beat(say("Deal them into {n_folds} folds. Hold one out and fit a curve to the rest: how far does it miss "
                     "the one held out?", "Hold out one fold of {n_folds}, fit the rest.", **numbers),
                 enter=["curve", "readout", "held out", "misses", "subtitle"],
                 updates=1, seconds=0.5, hold=2.5),
            Beat(say("Every fold is held out once: {n_folds} errors of degree 1, and their mean.",
                     "Every fold is held out once.", **numbers), until=n_folds, enter="errors", seconds=2.4),
            Beat(say("Then degree 2: it never fits worse what it was fitted to. But what it has not seen?",
                     "Training error never rises with the degree.", when=highest_degree == 2)
                 or ("The next degrees: a higher one never fits worse what it was fitted to. But what it has not seen?",
                     "Training error never rises with the degree."), until=result.n_fits, seconds=3.6),
            Beat(say("Degree {best} has the lowest mean validation error, {lowest}; degree {simplest} is within one "
                     "standard error of it.", "Lowest validation error: degree {best}, {lowest}.",
                     when=simplest < best, **numbers)
                 or say("Degree {best} has the lowest mean validation error, {lowest}. Now it is fitted to all points.",
                        "Lowest validation error: degree {best}, {lowest}.", **numbers),
                 updates=to_end, leave=["held out", "misses"], seconds=0.6, hold=2.6),
        ],
        panels=[
            panels.folds_held_out(result, title="Polynomial", weight=1.5),
            panels.errors_by_degree(result, title=("Mean squared error", "MSE"), name="errors"),
        ],
        n_updates=result.n_fits + 1, counter="fit",
    )
