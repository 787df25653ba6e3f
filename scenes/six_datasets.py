"""What does descent learn where a line does not fit?

Batch gradient descent on the mean squared error, without a half, x standardized (own x may be left as it is), on one of
six data sets: around a line with little or much noise, with outliers, around a curve that levels off, with a noise that
grows, from two populations.
"""

from typing import Annotated, Literal

import numpy as np
from animate import (
    Beat, LearningRate, Noise, OwnData, RegressionData, SampleSize, Scene, Seed, StartLine, Updates, claims, compare, datasets, formatting,
    linear_problem, optimizers, panels, say, sentences, to_end, up_to,
)
from animate.learn import convergence, diagnostics
from animate.learn.scaling import Standardize

Name = Literal["linear", "heavy_noise", "outliers", "saturating", "growing_variance", "two_populations"]
TITLES = {"heavy_noise": "Heavy noise", "outliers": "Outliers", "saturating": "A levelling curve", "growing_variance": "Growing noise",
          "two_populations": "Two populations"}
LEFT = ("What a line cannot follow is left in the residuals: look for a pattern there.", "Look for a pattern in the residuals.")


def lesson_of(dataset: Name, x: np.ndarray, residuals: np.ndarray, moved: np.ndarray, r_squared: float) -> tuple[str, ...]:
    """Return what the residuals (n,) of a data set show, if they do; ``moved`` are the rows that are outliers."""
    left, _, middle, _, right = [residuals[rows].mean() for rows in diagnostics.rows_by_x(x, 5)]
    low, high = [residuals[rows].std() for rows in diagnostics.rows_by_x(x, 2)]
    noisy = bool(np.abs(residuals).max() > 1e-3 * np.ptp(x))
    found = {
        "linear": say("The points were drawn around a line: what is left over is noise.", "What is left over is noise.", when=noisy),
        "heavy_noise": say("The points were drawn around a line: a low R² is no proof of a wrong shape.", "Right shape, large noise: a low R².",
                           when=noisy and r_squared < 0.5),
        "outliers": say("{n:point at the right was|points at the right were} moved down. Squares weigh far points most, and they tilt the line.",
                        "{n:far point tilts|far points tilt} the line.", when=len(moved) > 0 and x[moved].mean() > x.mean(), n=len(moved)),
        "saturating": say("The points level off; a line cannot: too high at both ends, too low between.", "A line cannot level off.",
                          when=bool(left < 0 < middle and right < 0)),
        "growing_variance": say("Residuals spread by {low:.2} in the left half, by {high:.2} in the right: no single ± tells how far off.",
                                "Spread {low:.2} at the left, {high:.2} at the right.", when=noisy and high > 1.2 * low, low=low, high=high),
        "two_populations": say("Two groups, each drawn around a line of its own: one line passes between them.", "One line between two groups.",
                               when=bool(residuals[::2].mean() * residuals[1::2].mean() < 0)),
    }  # fmt: skip
    return found[dataset] or LEFT


def build(
    dataset: Annotated[Name, "What the points are drawn from"] = "saturating",
    n_samples: SampleSize = 60,
    noise: Annotated[Noise | None, "Standard deviation of the noise; none: the data set’s own"] = None,
    learning_rate: LearningRate = 0.05,
    n_updates: Annotated[Updates | None, "Updates, all points each; none: until it settles"] = None,
    start: StartLine = None,
    seed: Annotated[Seed, "Of the points and the first line"] = 2,
    standardize: Standardize = True,
    data: Annotated[OwnData, "Your own x and y, in place of a data set"] = None,
) -> Scene:
    draw, given = datasets.DATASETS[dataset], {} if noise is None else {"noise": noise}
    points = RegressionData.from_table(data) if data else draw(n_samples, rng=seed, **given)
    problem = linear_problem(points, standardize=standardize or data is None).beginning(start, rng=seed)
    updates = n_updates or convergence.updates_to_settle(problem, learning_rate)
    (run,) = compare({"Batch GD": problem}, optimizers.gradient_descent(learning_rate), n_updates=updates, roles=["second"])
    gained, r_squared = claims.gained_at(run, problem.objective.lowest(), share=0.95), problem.r_squared(run.trajectory.final)
    clean = datasets.line(n_samples, noise=given.get("noise", 0.5), rng=seed) if dataset == "outliers" and not data else points
    moved, residuals = np.flatnonzero(points.y < clean.y), points.y - problem.objective.predictions(run.trajectory.final)
    is_line = {"linear": True, "heavy_noise": noise is not None and noise < 2, "growing_variance": noise == 0, "outliers": not len(moved)}
    around = "A line" if noise == 0 else "A noisy line"
    title = "Your data" if data else around if is_line.get(dataset) else "One outlier" if len(moved) == 1 else TITLES[dataset]
    remedy = "take more updates" if learning_rate < problem.objective.stability_limit() else "take a lower rate"
    found = LEFT if data else lesson_of(dataset, points.x, residuals, moved, r_squared)
    lesson = say("Less than 95 % of what the loss can fall is gained: {remedy}.", "Less than 95 % is gained: {remedy}.",
                 when=gained is None, remedy=remedy) or found
    line, finite = formatting.linear_terms(problem.without_rounding(run.trajectory.final)), bool(np.isfinite(run.trajectory.final).all())
    ends = say("y = {line}, R² {r2}", line=line, r2=formatting.number(r_squared, 3), when=bool(np.isfinite(r_squared))) or f"y = {line}"
    return Scene(
        title=("What does descent learn where a line does not fit?", "And where a line does not fit?"),
        panels=[
            panels.LineFit(problem=problem, run=run, true_functions=() if data else datasets.true_functions(dataset), title=(title, "Fit"),
                           weight=1.2),
            panels.residual_plot(problem, run),
            panels.LossSurface.of(problem, [run], title=("Loss surface", "Loss")),
        ],
        beats=[
            Beat(say("{title}: {n} points.", title=title, n=points.n_samples), enter="points", seconds=1.3),
            Beat(("Descent begins with some line; red shows how far it misses each point.", "Some first line; red: how far it misses."),
                 enter="line", seconds=1.8),
            Beat(("Residuals: y less the line. Bars are their means, of each fifth of the points.", "Bars: mean residuals of each fifth."),
                 enter="Residuals", seconds=2.0),
            Beat(say("Each update lowers the mean squared error, and asks nothing else of the line.", "Each update lowers the squared error.",
                     when=claims.falls_at_every_update(run))
                 or ("An update goes against the gradient of the mean squared error.", "Against the gradient."),
                 enter="Loss surface", updates=up_to(2), slow=True, seconds=2.2),
            Beat(say("From update {when} on 95 % of what the loss can fall is gained.", "95 % is gained at update {when}.", when=gained)
                 or "Then the next, and the next.", updates=to_end, pace="log", seconds=3.0),
            Beat((say("{ends}. {lesson}", lesson=lesson[0], ends=ends), *lesson) if finite else lesson, seconds=0, hold=3.2),
        ],
        alt=sentences(
            say("Batch gradient descent fits a line to {n} points ({title}).", n=points.n_samples, title=title.lower()),
            say("After {updates:update|updates} it is {ends}.", when=finite, updates=updates, ends=ends), lesson[0],
        ),
    )  # fmt: skip
