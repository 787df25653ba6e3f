"""Why is the curve of a probability bent like an S?

Logistic regression on one feature, by default Adelie and Gentoo penguins by body mass. The model is a straight line for
the log-odds, log p / (1 - p); the sigmoid is that line on the scale of probabilities. The loss is the mean
cross-entropy; descent runs on the standardized feature.
"""

from typing import Annotated

import numpy as np
from animate import (
    Beat, ClassificationData, LearningRate, OwnData, Range, Scene, Updates, compare, formatting, logistic_problem,
    optimizers, panels, penguins, say, to_end,
)
from animate.learn import diagnostics


def build(
    learning_rate: LearningRate = 4.0,
    n_updates: Updates = 400,
    n_bins: Annotated[int, Range(3, 40), "Bins, about, in which the data are counted"] = 14,
    start: Annotated[tuple[float, float], "Weight and intercept at first, on the standardized feature"] = (0.0, 0.0),
    data: Annotated[OwnData, "Your own feature and label"] = None,
) -> Scene:
    own = data and ClassificationData.from_table(data, n_features=1)
    points = own or penguins(["body_mass_g"], ["Adelie", "Gentoo"])
    problem = logistic_problem(points)
    (run,) = compare(problem, optimizers.gradient_descent(learning_rate), start=start, n_updates=n_updates)
    params = problem.in_units(run.trajectory.params)
    shares = diagnostics.binned_proportions(points.X[:, 0], points.labels, n_bins)
    feature, yes = formatting.readable(points.feature_names[0]), points.class_names[1]
    added = float(params[-1, 0] * shares.width) if abs(run.trajectory.params[-1, 0]) > 1e-12 else 0.0  # but for rounding
    numbers = {
        "yes": yes, "name": feature.split(" (")[0], "updates": n_updates, "times": formatting.exponential(added),
        "step": say("{width:g} {unit}", width=shares.width, unit=formatting.unit_of(feature)).rstrip(),
        "added": formatting.fewest_digits(added, formatting.exponential),
    }
    slants = abs(np.polyfit(points.X[:, 0], points.labels, 1)[0]) * np.ptp(points.X) > 1e-9
    return Scene(
        title=("Why is the curve of a probability bent like an S?", "Why is it bent like an S?"),
        panels=panels.log_odds_and_probability(problem, params, shares),
        beats=[
            Beat(say("Dots: the share of {yes} among the points of each bin of {name}. Shares are between 0 and 1.",
                     "Dots: shares of {yes}, between 0 and 1.", **numbers),
                 enter=["dots", "Probability/title"], seconds=2.0),
            Beat(say("A straight line (dashed) leaves 0 to 1 sooner or later.", "A line leaves 0 to 1.", when=slants),
                 enter="straight", seconds=1.6),
            Beat(("Log-odds, ln p/(1\u2212p), run from \u2212\u221e to \u221e: a straight line never leaves them.",
                  "Log-odds have no ends for a line to leave."), enter="Log-odds", seconds=2.0),
            Beat(("The same bands: equal steps of log-odds are squeezed ever narrower toward 0 and 1.",
                  "Equal steps are squeezed toward 0 and 1."), enter=["squeeze", "bands", "curve"], seconds=2.2),
            Beat(("Descent fits the line. The curve is the same line, squeezed: that is the sigmoid.",
                  "The curve is the line, squeezed."), enter="subtitle", updates=to_end, pace="log", seconds=3.2),
            Beat(say("After {updates:update|updates}: each {step} adds {added} to the log-odds and multiplies the "
                     "odds by {times}, wherever you start.", "Each {step} multiplies the odds by {times}.", **numbers),
                 seconds=0, hold=2.8),
        ],
        n_updates=n_updates,
        secondary_counter=panels.Readout.of(("cross-entropy", "loss"), run.trajectory.loss, decimals=4),
    )
