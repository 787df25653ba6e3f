"""What does descent learn where a line does not fit?

Batch gradient descent on the mean squared error, without a half, x standardized, on one of six data sets: around a line
with little or much noise, with outliers, around a curve that levels off, with a noise that grows, from two populations.
"""

from typing import Annotated, Literal

import numpy as np

from animate import (
    LearningRate, Noise, OwnData, RegressionData, SampleSize, Scene, Seed, StartLine, Timeline, Updates, claims, datasets,
    descend, formatting, linear_problem, marks, optimizers, panels, say, starting_params,
)
from animate.learn import convergence, problems

Name = Literal["linear", "heavy_noise", "outliers", "saturating", "growing_variance", "two_populations"]
LESSONS = {
    "linear": ("A noisy line", "The points were drawn around a line: what is left over is noise, without a pattern.",
               "What is left over is noise alone."),
    "heavy_noise": ("Heavy noise", "The shape is right and the noise is large: a low R\u00b2 is no proof of a wrong model.",
                    "Right shape, large noise: a low R\u00b2."),
    "outliers": ("Outliers", "Points at the right were moved down. Squares weigh far points most, so they tilt the line.",
                 "A few far points tilt the line."),
    "saturating": ("A levelling curve", "The points level off; a line cannot: too high at both ends, too low between.",
                   "A line cannot level off."),
    "growing_variance": ("Growing noise", "The line is right on average, but its error grows with x: no single \u00b1 tells how far off.",
                         "Right on average; the error grows with x."),
    "two_populations": ("Two populations", "Two groups, each around a line of its own: one line passes between and fits neither.",
                        "One line between two fits neither."),
}  # fmt: skip


def residual_panel(problem: problems.LinearProblem, run: panels.Run) -> panels.Plot:
    """Return the plot of the residuals over x, and a bar at the mean of each fifth of the points, on the last scale."""
    x, y, params = problem.data.x, problem.data.y, run.trajectory.params
    with np.errstate(all="ignore"):
        slope, intercept = problem.in_units(params).T[..., None]
        residuals = y - (slope * x + intercept)
    residuals[~np.isfinite(residuals).all(axis=1)] = np.nan
    lost = run.diverges_at is not None or np.isnan(residuals[-1]).any()
    last = y - problem.objective.predictions(problem.objective.optimum()) if lost else residuals[-1]
    reach, margin = 1.3 * float(np.abs(last).max()) or 1.0, 0.05 * np.ptp(x)
    groups = np.array_split(np.argsort(x, kind="stable"), min(5, len(x)))
    return panels.Plot(
        marks.Rule(y=0.0, width=(1.2, 0.8), layer=1),
        marks.Segments(lambda k: marks.stems(x, 0.0, residuals[k]), color="error 62%", cap=None),
        marks.Points(lambda k: np.stack([x, residuals[k]], -1), color="data", size=(7.2, 3.7) if len(x) <= 150 else (4.7, 2.4)),
        marks.Segments(lambda k: [[[x[rows].min(), residuals[k, rows].mean()], [x[rows].max(), residuals[k, rows].mean()]]
                                  for rows in groups], width=(5, 2.4), layer=4),
        limits=((float(x.min() - margin), float(x.max() + margin)), (-reach, reach)), title="Residuals",
        x=formatting.readable(problem.data.x_name) if problem.data.x_name != "x" else "",
        readout=panels.Readout.still("y − line"), runs=[run],
    )  # fmt: skip


def build(
    dataset: Annotated[Name, "What the points are drawn from"] = "saturating",
    n_samples: SampleSize = 60,
    noise: Annotated[Noise | None, "Standard deviation of the noise; none: the data set's own"] = None,
    learning_rate: LearningRate = 0.05,
    n_updates: Annotated[Updates | None, "Updates, all points each; none: until it settles"] = None,
    start: StartLine = None,
    seed: Annotated[Seed, "Of the points and the first line"] = 2,
    data: Annotated[OwnData, "Your own x and y, in place of a data set"] = None,
) -> Scene:
    draw, noisy = datasets.DATASETS[dataset], noise is None or noise > 0
    points = RegressionData.from_table(data) if data else (
        draw(n_samples, rng=seed) if noise is None else draw(n_samples, noise=noise, rng=seed)
    )  # fmt: skip
    title, lesson, short = LESSONS[dataset] if data is None else (
        "Your data", "What a line cannot follow is what is left in the residuals: look for a pattern there.",
        "Look for a pattern in the residuals.",
    )  # fmt: skip
    problem = linear_problem(points, standardize=True)
    first = starting_params(problem, start, rng=seed)
    updates = n_updates or convergence.updates_to_settle(problem, learning_rate, first)
    run = panels.Run("Batch GD", descend(problem.objective, optimizers.gradient_descent(learning_rate), first, updates), "second")
    least = problem.objective.value(problem.objective.optimum())
    settled, r_squared = claims.gained_at(run, least, share=0.95), problem.r_squared(run.trajectory.final)
    residuals = points.y - problem.objective.predictions(run.trajectory.final)
    fifths = [float(part.mean()) for part in np.array_split(residuals[np.argsort(points.x)], 5)]
    spread = [float(part.std()) for part in np.array_split(residuals[np.argsort(points.x)], 2)]
    holds = {
        "linear": noisy, "heavy_noise": noisy and r_squared < 0.5, "growing_variance": noisy and spread[1] > 1.2 * spread[0],
        "saturating": fifths[0] < 0 < fifths[2] and fifths[4] < 0,
    }.get(dataset, True)
    if data is None and not noisy and dataset in ("linear", "heavy_noise", "growing_variance"):
        title = "Points on a line"
    if data is None and not holds:
        lesson, short = "What a line cannot follow is what is left in the residuals.", "Look at the residuals."
    if settled is None:
        lesson = short = "The line has not settled: more updates, or another rate."
    ends = {"line": formatting.linear_terms(problem.in_units(run.trajectory.final)), "r2": formatting.number(r_squared, 3)}
    return Scene(
        title=("What does descent learn where a line does not fit?", "And where a line does not fit?"),
        caption=[
            (0, say("{title}. Descent begins with some line; red shows how far it misses each point.", "Some first line; red: how far it misses.", title=title)),
            (1, say("Each update lowers the mean squared error, and asks nothing else of the line.", "Each update lowers the squared error.",
                    when=claims.falls_at_every_update(run))),
            (settled, ("95 % of the possible gain is made. The bars are the mean residual of each fifth of the points: level at 0, or a pattern?",
                       "95 % is gained. Bars: mean residual of each fifth.", "Bars: mean residuals. A pattern?")),
            (updates, (say("y = {line}, R\u00b2 {r2}. {lesson}", lesson=lesson, **ends), lesson, short)),
        ],
        panels=[
            panels.LineFit(problem=problem, run=run, true_functions=() if data else datasets.true_functions(dataset), title=(title, "Fit"), weight=1.2),
            residual_panel(problem, run),
            panels.LossSurface.of(problem, [run], title=("Loss surface", "Loss")),
        ],
        timeline=Timeline(updates, seconds=7.0, pace="log", hold_end=3.0),
        alt=say("Batch gradient descent fits a line to {n} points ({title}). After {updates} updates it is y = {line} with R\u00b2 {r2}. {lesson}",
                n=points.n_samples, title=title.lower(), updates=updates, lesson=lesson, **ends),
    )  # fmt: skip
