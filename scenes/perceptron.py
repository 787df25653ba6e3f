"""When does a perceptron stop learning?

Rosenblatt's perceptron on two standardized features: it takes the points in turn and changes its line only at a mistake, by
w <- w + y x with y = -1 or 1. Logistic regression, drawn dashed, learns from every point.
"""

from typing import Annotated, Literal

import numpy as np
from animate import Beat, Range, Scene, Seed, logistic_problem, marks, panels, penguins, say, sentences, to_end, up_to
from animate.learn.classifiers import perceptron

Species = Literal["Adelie", "Chinstrap", "Gentoo"]


def build(
    no: Annotated[Species, "The first species"] = "Adelie",
    yes: Annotated[Species, "The second species"] = "Gentoo",
    max_passes: Annotated[int, Range(1, 50), "Passes over the points, at most"] = 10,
    seed: Annotated[Seed, "Of the order of the points and the first line"] = 22,
) -> Scene:
    data = penguins(["bill_length_mm", "bill_depth_mm"], [no, yes])
    problem, rng = logistic_problem(data, ridge_penalty=0.01), np.random.default_rng(seed)
    order, first = rng.permutation(data.n_samples), 5 * rng.normal(size=3) * [1, 1, 0]  # through the mean
    run = perceptron(problem.scaling.apply(data.X), data.labels, first, order=order, max_passes=max_passes)
    lines, logistic = problem.in_units(run.params), problem.in_units(problem.objective.optimum())
    n_wrong = [int((~problem.right(params)).sum()) for params in run.params]
    counts = {"n": data.n_samples, "mistakes": len(run.mistakes), "passes": max_passes, "wrong": n_wrong[-1]}
    outlook = (say("A line separates the species: with more passes it stops.", when=logistic_problem(data).is_separable)
               or say("No line separates the species: it never stops."))
    return Scene(
        title=("When does a perceptron stop learning?", "When does a perceptron stop?"), n_updates=len(run.mistakes), counter="mistake",
        beats=[
            Beat(("Two species, and a line that is to separate them.", "A line is to separate them."), enter=[no, yes, "line"], seconds=1.5),
            Beat(("It looks at point after point, and rings one that is wrong.", "It rings one that is wrong."), enter="ring", seconds=2.5),
            Beat(("Only a mistake changes the line: it moves toward that side of the point where it is right.", "A mistake moves the line."),
                 updates=up_to(4), slow=True, seconds=3.5, focus=["ring", "line"]),
            Beat("Points that are right teach it nothing.", updates=to_end, slow=True, seconds=2.5),
            Beat(say("A whole pass without a mistake, after {mistakes:mistake|mistakes}: it stops, however near a point is to its line.",
                     "No mistake in a whole pass: it stops.", when=run.has_stopped, **counts)
                 or say("After {passes:pass|passes} no point is wrong any more: one more pass would show it, and stop.",
                        "No point is wrong any more.", when=not n_wrong[-1], **counts)
                 or say("After {passes:pass|passes} it is still wrong at {wrong} of {n}. {outlook}",
                        "Still {wrong} wrong after {passes:pass|passes}.", outlook=outlook, **counts), leave="ring", seconds=0.5, hold=2.0),
            Beat(("Logistic regression, dashed, learns from all points, least from those that are right and far from its line.",
                  "Dashed: logistic regression."), enter="logistic", seconds=0.5, hold=2.0),
        ],
        panels=[panels.Plot(
            *panels.named_classes(data.X, data.labels, data.class_names, [(0.03, 0.95), (0.97, 0.05)]),
            marks.Isolines(lambda at, k: at @ lines[k, :2] + lines[k, 2], (0.0,), color="first", name="line"),
            marks.Curve(lambda x: -(logistic[0] * x + logistic[2]) / logistic[1], color="muted", dash="dashed", name="logistic"),
            marks.Ring(lambda k: data.X[run.mistakes[k : k + 1] or run.mistakes[-1:]], name="ring"),
            x="bill length (mm)", y="bill depth (mm)", limits=[(feature.min() - 1, feature.max() + 1) for feature in data.X.T],
            title=("Bill length and depth", "Bills"), readout=panels.Readout.of("", n_wrong, decimals=0, after=say("of {n} wrong", **counts)),
        )],
        alt=sentences(
            say("A perceptron learns to tell {no} from {yes}.", no=no, yes=yes),
            say("After {mistakes:mistake|mistakes} it makes none in a whole pass and stops.", when=run.has_stopped, **counts)
            or say("After {mistakes:mistake|mistakes} it is wrong at {wrong} of {n} points.", **counts)),
    )
