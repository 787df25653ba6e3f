"""Is the boundary of lowest loss also the one with the fewest errors?

A threshold on one feature, by default penguins by bill length, moved over all points; at each the sigmoid has the steepness of
lowest mean cross-entropy. The number of errors and the cross-entropy have their lowest values at thresholds of their own.
"""

from typing import Annotated, Any

import numpy as np
from animate import (
    Beat, ClassificationData, OwnData, Range, Scene, Trajectory, formatting, logistic_problem, marks, panels, penguins, say, up_to,
)
from animate.learn.diagnostics import best_slopes, distinct_thresholds, threshold_errors


def build(
    n_steps: Annotated[int, Range(20, 400), "Thresholds that are tried in turn"] = 120,
    data: Annotated[OwnData, "Your own feature and label"] = None,
) -> Scene:
    points = ClassificationData.from_table(data, n_features=1) if data else penguins(["bill_length_mm"])
    problem, n = logistic_problem(points), points.n_samples
    problem.require_threshold()
    weight, intercept = problem.objective.optimum()
    x, labels, sign = problem.objective.design[:, 0], points.labels, 1.0 if weight >= 0 else -1.0
    cuts, lowest = distinct_thresholds(sign * x), sign * -intercept / weight
    errors = threshold_errors(sign * x, labels, cuts)
    # of thresholds with equally few errors the one nearest to that of lowest loss
    ties = cuts[errors == errors.min()]
    fewest = float(ties[np.abs(ties - lowest).argmin()])
    low, high = np.quantile(sign * x, [0.02, 0.98]).tolist()
    tried = np.array([*np.linspace(low, high, n_steps), fewest, lowest])
    slopes = best_slopes(sign * x, labels, tried)
    run = panels.Run("Sigmoid", Trajectory.from_arrays(np.stack([sign * slopes, -slopes * tried], axis=-1), objective=problem.objective), "ink")
    weights, intercepts = problem.in_units(run.trajectory.params).T
    with np.errstate(all="ignore"):
        at = np.where(slopes > 0, -intercepts / weights, problem.scaling.mean[0] + problem.scaling.scale[0] * sign * tried)
    wrong, loss = threshold_errors(sign * x, labels, tried), run.trajectory.loss
    order = np.argsort(at[:-2])
    feature, (_, yes) = formatting.readable(points.feature_names[0]), points.class_names
    unit = formatting.unit_of(feature)

    digits = formatting.decimals_for(float(np.ptp(points.X)), 2, least=1)

    def place(value: float) -> str:
        """Return a threshold with so many digits that those who try it as shown count the same errors."""
        at_least = [places for places in range(digits, digits + 5) if same_errors(round(value, places), value)]
        shown = formatting.number(value, (at_least or [digits])[0]) if digits < 6 else formatting.significant(value)
        return f"{shown} {unit}".rstrip()

    def same_errors(one: float, other: float) -> bool:
        first, second = threshold_errors(sign * points.X[:, 0], labels, [sign * one, sign * other])
        return bool(first == second) and one not in points.X

    def curve(values: np.ndarray, **options: Any) -> panels.Plot:
        places = np.stack([at, values], axis=-1)
        return panels.Plot(
            marks.Line(lambda k: places[: min(k, n_steps - 1) + 1], width=(3.0, 1.6), name="tried"),
            marks.Points(lambda k: places[[k]], color="first", size=(13, 7), name="tried"), **options,
        )

    agree = bool(errors.min() == wrong[-1])
    span = (float(at[order[0]]), float(at[order[-1]]))
    return Scene(
        title=("Is the boundary of lowest loss also the one with the fewest errors?", "Lowest loss, fewest errors?"),
        n_updates=n_steps + 1,
        counter="step",
        panels=[
            panels.Sigmoid(problem=problem, run=run, weight=1.6, title=f"P({yes})"),
            [
                curve(wrong, title="Errors", limits=(span, (0.0, 1.1 * float(wrong.max()))), readout=panels.Readout.of("", wrong, decimals=0)),
                curve(loss, title=("Cross-entropy", "Loss"), limits=(span, (0.0, 1.1 * float(loss.max()))), x=(feature,),
                      readout=panels.Readout.of("", loss, decimals=4)),
            ],
        ],
        beats=[
            Beat(say("{n} points of two classes. Where should the boundary be?", n=n), enter="points", seconds=1.5),
            Beat(("A threshold, and the sigmoid through one half there that has the lowest loss.", "A threshold, and the best sigmoid there."),
                 enter=["curve", "boundary", "gaps", "readout", "tried", "Errors", "Cross-entropy"], seconds=2.0),
            Beat(("Move it: errors change in jumps, by whole points; the cross-entropy changes smoothly.", "Errors jump; cross-entropy is smooth."),
                 updates=n_steps - 1, seconds=3.3),
            Beat(say("With {yes} {side} it, the fewest are wrong at {at}: {wrong} of {n}.", "Fewest errors: {wrong}, at {at}.", wrong=int(wrong[-2]),
                     n=n, at=place(at[-2]), yes=yes, side="above" if sign > 0 else "below"), updates=up_to(1), slow=True, seconds=1.2, hold=1.4),
            Beat(say("The cross-entropy is lowest at {at}: {loss}, with {wrong} of {n} wrong.", "Lowest loss: at {at}, {wrong} wrong.", n=n,
                     loss=float(loss[-1]), wrong=int(wrong[-1]), at=place(at[-1])), updates=up_to(1), slow=True, seconds=1.2, hold=1.4),
            Beat(say("Here both agree. They need not: errors count a point as one, cross-entropy as \u2212log p.", "Here both agree; they need not.",
                     when=agree)
                 or ("They differ: an error counts as one, however far off; cross-entropy counts every point as \u2212log p.",
                     "They differ: \u2212log p is not a count."), seconds=0, hold=2.8),
        ],
        alt=say("A threshold moves over {n} points. The fewest are wrong at {at}: {fewest}. The mean cross-entropy is lowest at {other}: {loss:4}, "
                "with {wrong} of {n} wrong.", n=n, fewest=int(wrong[-2]), at=place(at[-2]), loss=float(loss[-1]), other=place(at[-1]),
                wrong=int(wrong[-1])),
    )
