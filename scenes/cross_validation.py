"""Which degree does the data support?

K-fold cross-validation of polynomials: each fold is held out in turn, the polynomial of least squares through the
others is judged on it. Errors are mean squared errors (without a half); each degree's are averaged over the folds.
"""

from typing import Annotated

from animate import Range, RegressionData, Scene, Table, Timeline, datasets, panels
from animate.draw import formatting
from animate.learn.cross_validation import cross_validate, k_fold


def build(
    n_folds: Annotated[int, Range(2, 10), "Parts that are held out in turn"] = 5,
    highest_degree: Annotated[int, Range(1, 9), "Degrees from 1 to this one are tried"] = 9,
    n_samples: Annotated[int, Range(12, 500), "Points drawn, of a sine"] = 30,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 0.35,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points and the folds"] = 2,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else datasets.sine(n_samples, noise=noise, rng=seed)
    folds = k_fold(len(points.x), n_folds, rng=seed)
    result = cross_validate(points, range(1, highest_degree + 1), folds)
    best, n_fits, n = result.degrees[result.best], result.n_fits, len(points.x)
    lowest = formatting.number(result.mean_validation.min(), formatting.decimals_for(result.mean_validation.min()))
    turn = {
        best * n_folds + 1: (f"Beyond degree {best} training error keeps falling; validation error never gets so low again.",
                             f"Beyond degree {best} validation never gets so low.")
    } if best < highest_degree else {}  # fmt: skip
    return Scene(
        title="Which degree does the data support?",
        caption={
            0: (f"{n} points, dealt into {n_folds} folds. Which polynomial predicts points it has not seen?",
                f"{n} points, dealt into {n_folds} folds."),
            1: ("The lit fold is held out: the curve is fitted to the others, then judged by its red misses.",
                "The lit fold is held out, then predicted."),
            n_folds + 1: ("A dot for each fit; the lines join the means of each degree over its folds.",
                          "The lines join each degree’s mean."),
            **turn,
            n_fits + 1: (f"Degree {best} predicts best: mean validation error {lowest}. Now it is fitted to all points.",
                         f"Degree {best} predicts best: validation error {lowest}."),
        },
        panels=[
            panels.FoldFit(result=result, title=("Fitted to the other folds", "Fit"), weight=1.4),
            [
                panels.FoldGrid(result=result, title="All fits", note=("dark: large error", "dark: large")),
                panels.FoldErrors(result=result, title=("Mean squared error", "MSE")),
            ],
        ],
        timeline=Timeline(n_fits + 1, seconds=8.0, pace="log", hold_end=2.6),
        counter="fit",
        alt=f"{n_folds}-fold cross-validation of polynomials of degree 1 to {highest_degree} on {n} points. Degree {best} has the "
        f"lowest mean validation error, {lowest}; the training error falls with every degree.",
    )  # fmt: skip
