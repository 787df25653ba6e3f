"""Where does the sigmoid come from?

Two classes whose feature is normal. By Bayes' rule the log-odds of class B at x are the logarithm of the ratio of the
densities, each times its class' share. With equal spreads the squares cancel, which leaves a straight line.
"""

from typing import Annotated, Any

import numpy as np
from animate import Beat, Range, Scene, formatting, losses, marks, panels, say, to_end
from animate.learn.normal_classes import NormalClass, log_odds


def build(
    mean_a: Annotated[float, Range(-10.0, 10.0), "Mean of class A"] = -1.0,
    mean_b: Annotated[float, Range(-10.0, 10.0), "Mean of class B"] = 1.0,
    spread_a: Annotated[float, Range(0.2, 10.0), "Standard deviation of class A"] = 1.2,
    spread_b: Annotated[float, Range(0.2, 10.0), "Standard deviation of class B"] = 1.2,
    share_b: Annotated[float, Range(0.01, 0.99), "Share of class B among all points"] = 0.5,
) -> Scene:
    a, b = NormalClass(mean_a, spread_a, 1 - share_b), NormalClass(mean_b, spread_b, share_b)
    tails = [one.mean + side * one.spread for one in (a, b) for side in (-2.6, 2.6)]
    x, straight = np.linspace(min(tails), max(tails), 121), spread_a == spread_b
    z, line = log_odds(x, a, b), formatting.linear_terms([(mean_b - mean_a) / spread_a**2, round(float(log_odds(0.0, a, b)), 12)])
    reach = min(1.1 * float(np.abs(z).max()), 30.0) or 1.0

    def drawn(name: str, role: str, one: NormalClass, dash: str, shift: float) -> list[marks.Mark]:
        heights, here = one.height(x), marks.stems(x + shift * np.ptp(x), 0.0, one.height(x))[:, None]
        return [marks.Polygon(marks.area(x, 0.0, heights), color=f"{role} 20%"),
                marks.Line(np.stack([x, heights], axis=-1), color=role, layer=3, dash=dash),
                marks.Segments(marks.per_update(here), color=role, width=(6, 3), layer=4, name="here"),
                marks.Text(name, (one.mean, one.height(one.mean) / 2), align="center", bold=True, color=role, layer=5)]

    def walked(values: np.ndarray, level: float, limits: tuple[float, float], **fields: Any) -> panels.Plot:
        path = marks.Path(np.stack([x, values], -1), color="first", width=(4.4, 2.4), head=(13, 7), clip_head=True)
        return panels.Plot(marks.Rule(y=level, layer=1), path, limits=(None, limits), x=("x",), **fields,
                           readout=panels.Readout.of("", values, decimals=3))

    return Scene(
        title="Where does the sigmoid come from?",
        n_updates=120, counter="step",
        panels=[
            panels.Plot(*drawn("A", "class_a", a, "", -0.006), *drawn("B", "class_b", b, "dashed", 0.006),
                        x=("x",), ticks=(None, ()), title="Density × share", name="classes"),
            walked(z, 0.0, (-reach, reach), title=("Log-odds of B", "Log-odds")),
            walked(losses.sigmoid(z), 0.5, (-0.05, 1.05), title=("Probability of B", "P(B)"), ticks=(None, (0, 1))),
        ],
        beats=[
            Beat("Two classes, and a feature that is normal in both.", enter="classes", seconds=2.0),
            Beat("Two heights at each x: how often a point there is an A, and how often a B.",
                 enter="here", updates=40, slow=True, seconds=2.6),
            Beat(("Log-odds are the logarithm of their ratio, and the probability of B is its share of both.",
                  "Log-odds: the logarithm of their ratio."), enter=["Log-odds of B", "Probability of B"], seconds=2.2),
            Beat(say("Equal steps multiply the ratio by equal factors: its logarithm is straight.", when=straight)
                 or "With two spreads the squares do not cancel: a parabola.", updates=to_end, slow=True, seconds=4.0),
            Beat(say("The log-odds are {line}, and the probability is the sigmoid of that line: logistic regression.",
                     "Log-odds {line}; P(B): its sigmoid.", when=straight, line=line)
                 or "P(B) is the sigmoid of a parabola: logistic regression with x and x².", seconds=0, hold=3.0),
        ],
    )
