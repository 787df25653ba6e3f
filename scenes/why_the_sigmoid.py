"""Why is the curve of a probability bent like an S?

Logistic regression on one feature, by default Adelie and Gentoo penguins by body mass. The model is a straight line for the
log-odds, log p / (1 - p); the sigmoid is that line on the scale of probabilities. The loss is the mean cross-entropy; descent
runs on the standardized feature.
"""

from typing import Annotated

import numpy as np

from animate import (
    ClassificationData, Range, Scene, Table, Timeline, descend, logistic_problem, objectives, optimizers, panels,
    penguins,
)
from animate.draw import formatting
from animate.learn.diagnostics import binned_proportions


def build(
    learning_rate: Annotated[float, Range(1e-10, 10.0, scale="log"), "Step size"] = 4.0,
    n_updates: Annotated[int, Range(1, 10_000), "Updates, all points each"] = 400,
    n_bins: Annotated[int, Range(3, 40), "Bins, about, in which the data are counted"] = 14,
    start: Annotated[tuple[float, float], "Weight and intercept at first, on the standardized feature"] = (0.0, 0.0),
    data: Annotated[Table | None, "Your own feature and label"] = None,
) -> Scene:
    points = ClassificationData.from_table(data, n_features=1) if data else penguins(["body_mass_g"], ["Adelie", "Gentoo"])
    problem = logistic_problem(points)
    path = descend(problem.objective, optimizers.gradient_descent(learning_rate), start, n_updates)
    run = panels.Run("Logistic regression", path, "ink")
    shares = binned_proportions(points.X[:, 0], points.labels, n_bins)
    straight = objectives.linear(points.X, points.labels).optimum()
    weight, intercept = problem.in_units(path.final)
    feature, (no, yes) = formatting.readable(points.feature_names[0]), points.class_names
    name, unit = feature.split(" (")[0], formatting.unit_of(feature)
    step, odds = f"{shares.width:g} {unit}".rstrip(), float(np.exp(min(weight * shares.width, 300.0)))
    times = formatting.number(odds, formatting.decimals_for(odds, 2))
    return Scene(
        title=("Why is the curve of a probability bent like an S?", "Why is it bent like an S?"),
        caption={
            0: (f"Dots: shares of {yes} by {name}. A straight line (dashed) must leave 0 to 1.",
                "Dots: shares. A straight line leaves 0 to 1."),
            1: ("Log-odds, log p/(1\u2212p), run from \u2212\u221e to \u221e: on that scale a straight line can fit everywhere.",
                "Log-odds have no ends: there a line can be straight."),
            max(3, n_updates // 16): ("The same bands: equal steps of log-odds are squeezed ever narrower toward 0 and 1.",
                              "Equal steps at the left are squeezed at the right."),
            n_updates: (f"Each {step} adds {formatting.number(weight * shares.width, 2)} to the log-odds and multiplies the odds by {times}, "
                        "wherever you start.", f"Each {step} multiplies the odds by {times}."),
        },
        panels=[
            panels.LogOdds(problem=problem, run=run, shares=shares, title=(f"Log-odds of {yes}", "Log-odds")),
            panels.Squeeze(),
            panels.Probability(
                problem=problem, run=run, shares=shares, straight=straight, title=(f"Probability of {yes}", "Probability"),
            ),
        ],
        timeline=Timeline(n_updates, seconds=7.5, pace="log"),
        secondary_counter=panels.Readout.of(("cross-entropy", "loss"), path.loss, decimals=4),
        alt=f"The log-odds of {yes} against {no} are a straight line in {name}, z = "
        f"{formatting.linear_terms([weight, intercept])} after {n_updates} updates; the probability 1/(1+exp(-z)) is an S-shaped curve. "
        f"Each {step} multiplies the odds by {times}.",
    )
