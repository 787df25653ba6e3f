"""Is the boundary of lowest loss also the one with the fewest errors?

A threshold on one feature, by default penguins by bill length, moved over all points; at each the sigmoid has the
steepness of lowest mean cross-entropy. The errors and the cross-entropy are lowest at thresholds of their own.
"""

from typing import Annotated, Any

import numpy as np
from animate import (
    Beat, OwnData, Range, Scene, Trajectory, formatting, logistic_problem, marks, panels, penguins, say, up_to,
)
from animate.learn.diagnostics import sweep_thresholds


def build(
    n_steps: Annotated[int, Range(20, 400), "Thresholds that are tried in turn"] = 120,
    data: Annotated[OwnData, "Your own feature and label"] = None,
) -> Scene:
    problem = logistic_problem(data or penguins(["bill_length_mm"]), n_features=1)
    points, n, (_, yes) = problem.data, problem.data.n_samples, problem.data.class_names
    sweep = sweep_thresholds(problem, n_steps)
    run = panels.Run("Sigmoid", Trajectory.from_arrays(sweep.params, objective=problem.objective), "ink")
    at, wrong, loss = sweep.places, sweep.errors, run.trajectory.loss
    feature, digits = formatting.readable(*points.feature_names), formatting.decimals_for(np.ptp(points.X), 2, least=1)

    def place(k: int) -> str:
        shown = formatting.shortest(at[k], lambda shown: sweep.has_same_errors(k, shown), digits)
        return f"{shown} {formatting.unit_of(feature)}".rstrip()

    def curve(values: np.ndarray, **options: Any) -> panels.Plot:
        tried, ends = np.stack([at, values], axis=-1), (min(at[0], at[-3]), max(at[0], at[-3]))
        return panels.Plot(marks.Line(lambda k: tried[: min(k, n_steps - 1) + 1], width=(3.0, 1.6), name="tried"),
                           marks.Points(lambda k: tried[[k]], color="first", size=(13, 7), name="tried"),
                           limits=(ends, (0.0, 1.1 * float(values.max()))), **options)

    return Scene(
        title=("Is the boundary of lowest loss also the one with the fewest errors?", "Lowest loss, fewest errors?"),
        panels=[
            panels.Sigmoid(problem=problem, run=run, weight=1.6, title=f"P({yes})"),
            [curve(wrong, title="Errors", readout=panels.Readout.of("", wrong, decimals=0)),
             curve(loss, title="Cross-entropy", x=(feature,), readout=panels.Readout.of("", loss, decimals=4))],
        ],
        beats=[
            Beat(say("{n} points of two classes. Where should the boundary be?", n=n), enter="points", seconds=1.5),
            Beat("A threshold, and the best sigmoid through one half there.", seconds=2.0,
                 enter=["curve", "boundary", "gaps", "readout", "tried", "Errors", "Cross-entropy"]),
            Beat("Move it: errors jump by whole points, the cross-entropy glides.", updates=n_steps - 1, seconds=3.3),
            Beat(say("With {yes} {side} it, the fewest are wrong at {at}: {wrong} of {n}.",
                     "Fewest wrong: {wrong}, at {at}.", wrong=wrong[-2], n=n, at=place(-2), yes=yes,
                     side="above" if sweep.sign > 0 else "below"), updates=up_to(1), slow=True, seconds=1.2, hold=1.4),
            Beat(say("The cross-entropy is lowest at {at}: {loss}, with {wrong} of {n} wrong.",
                     "Lowest loss: at {at}, {wrong} wrong.", n=n, loss=loss[-1], wrong=wrong[-1], at=place(-1)),
                 updates=up_to(1), slow=True, seconds=1.2, hold=1.4),
            Beat(say("Here both agree; they need not: an error counts as one, a point in the loss as −log p.",
                     "Here both agree; they need not.", when=wrong[-2] == wrong[-1])
                 or "They differ: an error counts as one, a point in the loss as −log p.", seconds=0, hold=2.8),
        ],
        counter="step",
    )
