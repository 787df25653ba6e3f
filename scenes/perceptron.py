"""When does a perceptron stop learning?

Rosenblatt's perceptron on two standardized features: it takes the points in turn and changes its line only at a mistake, by
w <- w + y x with y = -1 or 1. Logistic regression, drawn dashed, learns from every point.
"""

from typing import Annotated, Literal

import numpy as np
from animate import Beat, Range, Scene, Seed, logistic_problem, marks, panels, penguins, say, to_end, up_to
from animate.learn import classifiers

Species = Literal["Adelie", "Chinstrap", "Gentoo"]


def build(
    no: Annotated[Species, "The first species"] = "Adelie",
    yes: Annotated[Species, "The second species"] = "Gentoo",
    max_passes: Annotated[int, Range(1, 50), "Passes over the points, at most"] = 10,
    seed: Annotated[Seed, "Of the order of the points and the first line"] = 0,
) -> Scene:
    data = penguins(["bill_length_mm", "bill_depth_mm"], [no, yes])
    mean, scale = data.X.mean(axis=0), data.X.std(axis=0)
    rng, n_points = np.random.default_rng(seed), len(data.X)
    order, first = rng.permutation(n_points), 5 * rng.normal(size=3) * [1, 1, 0]  # through the mean
    run = classifiers.perceptron((data.X - mean) / scale, data.labels, first, order=order, max_passes=max_passes)
    n_updates, w, mistakes = len(run.mistakes), run.params, run.mistakes
    problem = logistic_problem(data, ridge_penalty=0.01)
    logistic = problem.in_units(problem.objective.optimum())
    lines = np.column_stack([w[:, :2] / scale, w[:, 2] - w[:, :2] @ (mean / scale)])  # in millimeters
    wrong = [int((((data.X @ line[:2] + line[2]) > 0) != data.labels).sum()) for line in lines]
    low, high = data.X.min(axis=0) - 1, data.X.max(axis=0) + 1
    return Scene(
        title=("When does a perceptron stop learning?", "When does a perceptron stop?"),
        beats=[
            Beat((f"{n_points} penguins of two species, and a line that is to separate them.", "A line is to separate two species."),
                 enter=[no, yes, "line"], seconds=1.5),
            Beat(("The perceptron looks at one point after another. The ringed one is on the wrong side.", "The ringed point is wrong."),
                 enter=["ring"], seconds=2.5),
            Beat(("Only a mistake changes the line: it moves toward that side of the point where it is right.", "A mistake moves the line."),
                 updates=up_to(4), slow=True, seconds=3.5, focus=["ring", "line"]),
            Beat("Points that are right teach it nothing.", updates=to_end, slow=True, seconds=2.5),
            Beat(say("A whole pass without a mistake, after {n} mistakes: it stops, however near a point is to its line.",
                     "No mistake in a whole pass: it stops.", when=run.has_stopped, n=n_updates)
                 or say("It made mistakes in each of {passes} passes: where no line separates the species, it never stops.",
                        "Mistakes in each of {passes} passes.", passes=max_passes), leave=["ring"], seconds=0.5, hold=2.0),
            Beat(("Logistic regression, dashed, learns from all points, most from those near the line.", "Dashed: logistic regression."),
                 enter=["logistic"], seconds=0.5, hold=2.0),
        ],
        panels=[panels.Plot(
            *(panels.class_points(data.X[data.labels == i], i, name=name) for i, name in enumerate((no, yes))),
            marks.Isolines(lambda at, k: at @ lines[k, :2] + lines[k, 2], (0.0,), color="first", name="line"),
            marks.Curve(lambda x: -(logistic[0] * x + logistic[2]) / logistic[1], color="muted", dash="dashed", name="logistic"),
            marks.Ring(lambda k: data.X[mistakes[k:k + 1] or mistakes[-1:]], name="ring"),
            marks.Text(no, (0.03, 0.95), coords="axes", color="class_a 60% on ink", size="name", bold=True),
            marks.Text(yes, (0.97, 0.05), coords="axes", color="class_b 60% on ink", size="name", bold=True, align="right"),
            x="bill length (mm)", y="bill depth (mm)", title=("Bill length and depth", "Bills"),
            limits=((low[0], high[0]), (low[1], high[1])),
            readout=panels.Readout(f"of {n_points} wrong", lambda k: f"{wrong[min(k, n_updates)]}", f"{max(wrong)}"),
        )],
        n_updates=n_updates, counter="mistake",
        alt=f"A perceptron separates {no} and {yes} by two features. After {n_updates} mistakes "
        + ("it makes none in a whole pass and stops." if run.has_stopped else f"it is still wrong at {wrong[-1]} of {n_points} points."),
    )
