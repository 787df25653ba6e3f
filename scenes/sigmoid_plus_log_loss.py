"""Why is the gradient of the log loss just p − y?

One point with label y and score z. The sigmoid bends z into a probability p, and -log of the probability of the point's class
is its loss L. By the chain rule dL/dz = dL/dp dp/dz, and the two bends cancel. The logarithm is the natural one.
"""

from typing import Annotated, Any, Literal

import numpy as np
from animate import Beat, Range, Scene, formatting, marks, panels, say, to_end, up_to
from animate.learn import losses

N = 120


def build(
    label: Annotated[Literal["1", "0"], "The class of the point, y"] = "1",
    score: Annotated[float, Range(1.0, 8.0), "How far z goes, from the right side to the wrong one"] = 6.0,
) -> Scene:
    y, sign = int(label), 1.0 if label == "1" else -1.0
    z = sign * np.linspace(score, -score, N + 1)
    p, own = losses.sigmoid(z), losses.sigmoid(sign * z)
    loss, bend = -np.log(own), p * (1 - p)
    by_p, by_z = -sign / own, p - y
    edge, top = 1.3 * score, 1.25 * float(loss.max())
    of = "p" if y else "(1−p)"  # the probability of the point's class

    def plot(curve: marks.Mark, at: np.ndarray, heights: np.ndarray, slope: np.ndarray, words: str, **options: Any) -> panels.Plot:
        dots = np.stack([at, heights], axis=-1)
        tangents = marks.per_update(marks.tangents(dots, slope, options["limits"]))
        return panels.Plot(curve, marks.Line(tangents, color="first", width=(5, 2.6), name="tangent"),
                           marks.Points(lambda k: dots[[k]], color="first", size=(13, 7), layer=6),
                           subtitle=lambda k: (f"slope {words} = {formatting.significant(slope[k], 4)}",
                                               f"{words} = {formatting.significant(slope[k], 3)}"), **options)

    return Scene(
        title=("Why is the gradient of the log loss just p \u2212 y?", "Why is the gradient p \u2212 y?"),
        n_updates=N, counter="step",
        panels=[
            plot(marks.Curve(losses.sigmoid), z, p, bend, "p (1\u2212p)", x=("score z", "z"), title="Sigmoid p",
                 limits=((-edge, edge), (-0.12, 1.12)), ticks=(None, (0.0, 0.5, 1.0))),
            plot(marks.Curve(lambda at: -np.log(at if y else 1 - at), domain=losses.sigmoid(np.array([-edge, edge])).tolist(), n=1200),
                 p, loss, by_p, '−1/p' if y else '1/(1−p)', x=("probability p", "p"),
                 title=f"Loss \u2212log {of}", limits=((-0.12, 1.12), (-0.06 * top, top)), ticks=((0.0, 0.5, 1.0), None)),
            plot(marks.Curve(lambda at: np.logaddexp(0.0, -sign * at)), z, loss, by_z, f"p \u2212 {y}", x=("score z", "z"),
                 title="Both together", limits=((-edge, edge), (-0.06 * top, top))),
        ],
        beats=[
            Beat(say("One point of class {y}. Its score z becomes a probability p by the sigmoid.", "A score z becomes a probability p.", y=y),
                 enter="Sigmoid p", seconds=2.0),
            Beat(say("Its loss is \u2212log {of}, the natural logarithm of the probability of its class.", "Its loss: \u2212log {of}.", of=of),
                 enter=f"Loss \u2212log {of}", seconds=2.0),
            Beat(("Both together: from the right side toward the wrong one, the loss grows steep.", "Right to wrong: the loss grows steep."),
                 enter="Both together", updates=up_to(N // 2), slow=True, seconds=3.5),
            Beat(("On the wrong side, the flatter the sigmoid, the steeper \u2212log. The product of the slopes is p \u2212 y.",
                  "Flat times steep: the product is p \u2212 y."), updates=to_end, slow=True, seconds=3.0),
            Beat(say("At z = {z:g}: {bend:g5} times {by_p:g6} is {by_z:.4}, and that is p \u2212 y.", "{bend:g5} \u00d7 {by_p:g6} = {by_z:.4}.",
                     z=z[-1], bend=bend[-1], by_p=by_p[-1], by_z=by_z[-1]), seconds=0, hold=3.0),
        ],
    )
