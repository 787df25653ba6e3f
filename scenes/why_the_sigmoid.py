"""Why is the curve of a probability bent like an S?

Logistic regression on one feature, by default Adelie and Gentoo penguins by body mass. The model is a straight line for the
log-odds, log p / (1 - p); the sigmoid is that line on the scale of probabilities. The loss is the mean cross-entropy; descent
runs on the standardized feature.
"""

from typing import Annotated

import numpy as np
from animate import (
    Beat, ClassificationData, LearningRate, OwnData, Range, Scene, Updates, descend, formatting, logistic_problem, losses,
    marks, objectives, optimizers, panels, penguins, say, to_end,
)
from animate.learn import diagnostics


def build(
    learning_rate: LearningRate = 4.0,
    n_updates: Updates = 400,
    n_bins: Annotated[int, Range(3, 40), "Bins, about, in which the data are counted"] = 14,
    start: Annotated[tuple[float, float], "Weight and intercept at first, on the standardized feature"] = (0.0, 0.0),
    data: Annotated[OwnData, "Your own feature and label"] = None,
) -> Scene:
    points = ClassificationData.from_table(data, n_features=1) if data else penguins(["body_mass_g"], ["Adelie", "Gentoo"])
    problem = logistic_problem(points)
    path = descend(problem.objective, optimizers.gradient_descent(learning_rate), start, n_updates)
    shares = diagnostics.binned_proportions(points.X[:, 0], points.labels, n_bins)
    straight = objectives.linear(points.X, points.labels).optimum()
    weight, intercept = problem.in_units(path.final)
    feature, (no, yes) = formatting.readable(points.feature_names[0]), points.class_names
    name, unit = feature.split(" (")[0], formatting.unit_of(feature)
    step, odds = say("{width:g} {unit}", width=shares.width, unit=unit).rstrip(), float(np.exp(np.clip(weight * shares.width, -700.0, 700.0)))
    times = formatting.number(odds, formatting.decimals_for(odds, 2))
    params, margin = problem.in_units(path.params), 0.04 * np.ptp(points.X)
    window = (float(points.X.min() - margin), float(points.X.max() + margin))
    digits = [[formatting.decimals_for(value, count, least=2) for value in params[-1]] for count in (4, 3)]
    left, squeeze, right = panels.log_odds_bands()
    return Scene(
        title=("Why is the curve of a probability bent like an S?", "Why is it bent like an S?"),
        panels=[
            panels.Plot(
                *left, *panels.log_odds_dots(shares),
                marks.Line(lambda k: np.stack([window, params[k] @ [window, (1.0, 1.0)]], -1), layer=5),
                # on the side that the line leaves free in the end
                *(marks.Text(words, (abs(left - 0.03), y), coords="axes", align="right" if left else "left", valign=valign,
                             color=role, size="name", bold=True)
                  for words, left, y, valign, role in ((yes, weight < 0, 0.97, "top", "class_b"), (no, weight >= 0, 0.03, "bottom", "class_a"))),
                limits=(window, (-6.0, 6.0)), ticks=(None, {-5.7: "−∞", -4: "−4", 0: "0", 4: "4", 5.7: "∞"}), x=(feature,),
                title=(f"Log-odds of {yes}", "Log-odds"),
                subtitle=lambda k: tuple(f"z = {formatting.linear_terms(params[k], decimals=places)}" for places in digits),
            ),
            squeeze,
            panels.Plot(
                *right,
                marks.Curve(np.poly1d(straight), color="muted", width=(2.2, 1.2), dash="dashed", layer=3, name="straight"),
                marks.Text("┄ straight line", (0.03 if straight[0] < 0 else 0.97, 0.02), coords="axes", valign="bottom",
                           align="left" if straight[0] < 0 else "right", layer=3, name="straight"),
                marks.Points(np.stack([shares.centers, shares.shares], -1), color="data", size=(9.8, 5.1), edge_width=(1.0, 0.6), layer=4,
                             name="dots"),
                marks.Curve(lambda x, k: losses.sigmoid(params[k, 0] * x + params[k, 1]), n=240),
                limits=(window, (-0.25, 1.25)), ticks=(None, (0.0, 0.5, 1.0)), x=(feature,),
                title=(f"Probability of {yes}", "Probability"), subtitle=lambda _: "p = 1 / (1 + e⁻ᶻ)",
            ),
        ],
        beats=[
            Beat(say("Dots: the share of {yes} among the points of each bin of {name}. Shares are between 0 and 1.",
                     "Dots: shares of {yes}, between 0 and 1.", yes=yes, name=name), enter=["dots", f"Probability of {yes}/title"], seconds=2.0),
            Beat(say("A straight line (dashed) leaves 0 to 1 sooner or later.", "A line leaves 0 to 1.",
                     when=abs(straight[0]) * np.ptp(points.X) > 1e-9),
                 enter="straight", seconds=1.6),
            Beat(("Log-odds, ln p/(1\u2212p), run from \u2212\u221e to \u221e: a straight line never leaves them.",
                  "Log-odds have no ends for a line to leave."),
                 enter=f"Log-odds of {yes}", seconds=2.0),
            Beat(("The same bands: equal steps of log-odds are squeezed ever narrower toward 0 and 1.",
                  "Equal steps left are squeezed at the right."),
                 enter=["squeeze", "bands", "curve"], seconds=2.2),
            Beat(("Descent fits the line. The curve is the same line, squeezed: that is the sigmoid.", "The curve is the line, squeezed."),
                 enter="subtitle", updates=to_end, pace="log", seconds=3.2),
            Beat(say("After {updates:update|updates}: each {step} adds {added:.2} to the log-odds and multiplies the odds by {times}, "
                     "wherever you start.",
                     "Each {step} multiplies the odds by {times}.", updates=n_updates, step=step, added=weight * shares.width, times=times),
                 seconds=0, hold=2.8),
        ],
        n_updates=n_updates,
        secondary_counter=panels.Readout.of(("cross-entropy", "loss"), path.loss, decimals=4),
        alt=say("The log-odds (natural logarithm) of {yes} against {no} are a straight line in {name}, z = {line} after {updates:update|updates}; "
                "the probability 1/(1 + exp(\u2212z)) is {shape}. Each {step} multiplies the odds by {times}.", yes=yes, no=no, name=name,
                line=formatting.linear_terms([weight, intercept]), updates=n_updates, step=step, times=times,
                shape="an S-shaped curve" if weight else "a flat line"),
    )
