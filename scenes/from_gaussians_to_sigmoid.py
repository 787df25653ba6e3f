"""Where does the sigmoid come from?

Two classes whose feature is normal, with means and spreads (standard deviations) of their own. By Bayes' rule the log-odds of
class B at x are the logarithm of the ratio of the two densities, each times its class' share. With equal spreads the squares
cancel and a straight line is left; the probability is the sigmoid of it.
"""

from typing import Annotated

import numpy as np
from animate import Beat, Range, Scene, formatting, losses, marks, panels, say, to_end

N = 120


def build(
    mean_a: Annotated[float, Range(-10.0, 10.0), "Mean of class A"] = -1.0,
    mean_b: Annotated[float, Range(-10.0, 10.0), "Mean of class B"] = 1.0,
    spread_a: Annotated[float, Range(0.2, 10.0), "Standard deviation of class A"] = 1.2,
    spread_b: Annotated[float, Range(0.2, 10.0), "Standard deviation of class B"] = 1.2,
    share_b: Annotated[float, Range(0.01, 0.99), "Share of class B among all points"] = 0.5,
) -> Scene:
    low = min(mean_a - 2.6 * spread_a, mean_b - 2.6 * spread_b)
    high = max(mean_a + 2.6 * spread_a, mean_b + 2.6 * spread_b)
    x = np.linspace(low, high, N + 1)

    def heights(at: np.ndarray, mean: float, spread: float, share: float) -> np.ndarray:
        return np.asarray(share * np.exp(-np.square((at - mean) / spread) / 2) / (spread * np.sqrt(2 * np.pi)))

    def log_odds(at: np.ndarray) -> np.ndarray:
        squares = np.square((at - mean_a) / spread_a) / 2 - np.square((at - mean_b) / spread_b) / 2
        return np.asarray(squares + np.log(share_b / (1 - share_b) * spread_a / spread_b))

    classes = (("class_a", mean_a, spread_a, 1 - share_b), ("class_b", mean_b, spread_b, share_b))
    z, tops = log_odds(x), [heights(x, *one) for _, *one in classes]
    reach = float(min(np.abs(z).max() * 1.1, 30.0)) or 1.0
    slope = (mean_b - mean_a) / spread_a**2
    straight = spread_a == spread_b
    side = 0.006 * (high - low)
    fine = np.linspace(low, high, 240)
    line = formatting.linear_terms([slope, float(log_odds(np.zeros(1))[0])])

    def walked(values: np.ndarray) -> tuple[marks.Mark, ...]:
        leaves = bool(np.abs(values).max() > max(reach, 1.0))  # the limits
        return (marks.Path(np.stack([x, values], axis=-1), color="first", width=(4.4, 2.4), head=(13, 7), clip_head=leaves, name="walk"),)

    return Scene(
        title="Where does the sigmoid come from?",
        n_updates=N,
        counter="step",
        panels=[
            panels.Plot(
                *(marks.Polygon(marks.area(fine, 0.0, heights(fine, *one)), color=f"{role} 20%", name="classes") for role, *one in classes),
                *(marks.Line(np.stack([fine, heights(fine, *one)], axis=-1), color=role, layer=3, dash=dash, name="classes")
                  for (role, *one), dash in zip(classes, ("", "dashed"), strict=True)),
                *(marks.Segments(marks.per_update(marks.stems(x + shift, 0.0, top)[:, None]), color=role, width=(6, 3), layer=4, name="here")
                  for (role, *_), top, shift in zip(classes, tops, (-side, side), strict=True)),
                *(marks.Text(name, (mean, 1.03 * float(heights(np.array(mean), mean, spread, share))), align="center", valign="bottom", bold=True,
                             color=role, name="classes") for name, (role, mean, spread, share) in zip("AB", classes, strict=True)),
                limits=((low, high), (0.0, 1.2 * float(max(top.max() for top in tops)))), ticks=(None, ()), x=("x",), title="Density \u00d7 share",
            ),
            panels.Plot(
                marks.Rule(y=0.0, layer=1), *walked(z), limits=((low, high), (-reach, reach)), x=("x",),
                title=("Log-odds of B", "Log-odds"), readout=panels.Readout.of("", z, decimals=2),
            ),
            panels.Plot(
                marks.Rule(y=0.5, layer=1), *walked(losses.sigmoid(z)), limits=((low, high), (-0.05, 1.05)), ticks=(None, (0.0, 0.5, 1.0)), x=("x",),
                title=("Probability of B", "P(B)"), readout=panels.Readout.of("", losses.sigmoid(z), decimals=3),
            ),
        ],
        beats=[
            Beat(say("Two classes. Both have normal distributions, of the same spread.", "Two normal classes, one spread.", when=straight)
                 or ("Two classes. Both have normal distributions, each with a spread of its own.", "Two normal classes, two spreads."),
                 enter="classes", seconds=2.0),
            Beat(("Two heights at each x: how often a point there is an A, and how often a B.", "Two heights at each x: A and B."), enter="here",
                 updates=N // 3, slow=True, seconds=2.6),
            Beat(("Log-odds are the logarithm of their ratio, and the probability of B is its share of both.",
                  "Log-odds: the logarithm of their ratio."), enter=["Log-odds of B", "Probability of B"], seconds=2.2),
            Beat(say("Equal steps along x multiply the ratio by equal factors: its logarithm is a straight line.",
                     "Its logarithm is a straight line.", when=straight)
                 or ("Walk along x: with two spreads the terms in x² do not cancel, and the log-odds are a parabola.", "Two spreads: a parabola."),
                 updates=to_end, slow=True, seconds=4.0),
            Beat(say("The log-odds are {line}, and the probability is the sigmoid of that line: logistic regression.",
                     "Log-odds {line}; P(B): its sigmoid.", when=straight, line=line)
                 or ("The probability is the sigmoid of a parabola: logistic regression with x and x\u00b2.", "The sigmoid of a parabola."),
                 seconds=0, hold=3.0),
        ],
        alt=say("Two normal classes with means {a:.2} and {b:.2} and one spread {spread:.2}: the log-odds of B are the line {line}, and its "
                "probability is the sigmoid of it, {first:.3} at the left and {last:.3} at the right.", when=straight, a=mean_a, b=mean_b,
                spread=spread_a, line=line, first=losses.sigmoid(z)[0], last=losses.sigmoid(z)[-1])
        or say("Two normal classes with means {a:.2} and {b:.2} and spreads {one:.2} and {other:.2}: the log-odds of B are a parabola, and its "
               "probability is the sigmoid of it, {first:.3} at the left and {last:.3} at the right.", a=mean_a, b=mean_b, one=spread_a,
               other=spread_b, first=losses.sigmoid(z)[0], last=losses.sigmoid(z)[-1]),
    )
