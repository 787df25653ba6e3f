"""Why is the gradient of the log loss just p − y?

One point with label y and score z. The sigmoid bends z into a probability p, and -log of the probability of the point's class
is its loss L. By the chain rule dL/dz = dL/dp dp/dz, and the two bends cancel. The logarithm is the natural one.
"""

from typing import Annotated, Any, Literal

import numpy as np
from animate import Beat, Range, Scene, formatting, marks, panels, say, to_end, up_to
from animate.learn import losses

N = 120


def tangent(x: np.ndarray, y: np.ndarray, slope: np.ndarray, reach: float, height: float) -> marks.Line:
    """Return a piece of the tangent at each update, of one length where x is ``reach`` and y is ``height`` long."""
    half = 0.16 / np.sqrt(1 / reach**2 + (slope / height) ** 2)
    steps = np.stack([half, half * slope], axis=-1)
    places = np.stack([x, y], axis=-1)
    return marks.Line(lambda k: [places[k] - steps[k], places[k] + steps[k]], color="first", width=(5, 2.6), name="tangent")


def build(
    label: Annotated[Literal["1", "0"], "The class of the point, y"] = "1",
    score: Annotated[float, Range(1.0, 8.0), "How far z goes: from sure and right to sure and wrong"] = 6.0,
) -> Scene:
    y = int(label)
    sign = 1.0 if y else -1.0
    z = sign * np.linspace(score, -score, N + 1)
    p, own = losses.sigmoid(z), losses.sigmoid(sign * z)
    loss, bend = -np.log(own), p * (1 - p)
    by_p, by_z = -sign / own, p - y
    edge, top = 1.3 * score, 1.25 * float(loss.max())
    probabilities = losses.sigmoid(np.linspace(-edge, edge, 300))
    own_name, other = ("p", "p") if y else ("1−p", "(1−p)")
    # a steep curve on the axis of p ends in both corners, so its points are close there
    steep = np.stack([probabilities, -np.log(probabilities if y else 1 - probabilities)], axis=-1)

    def plot(curve: marks.Mark, at: np.ndarray, heights: np.ndarray, slope: np.ndarray, words: str, **options: Any) -> panels.Plot:
        spans = [float(high - low) for low, high in options["limits"]]
        dots = np.stack([at, heights], axis=-1)
        return panels.Plot(curve, tangent(at, heights, slope, *spans), marks.Points(lambda k: dots[[k]], color="first", size=(13, 7), layer=6),
                           subtitle=lambda k: (f"slope {words} = {formatting.number(slope[k], 3)}",
                                               f"{words} = {formatting.significant(slope[k], 2)}"),
                           **options)

    return Scene(
        title=("Why is the gradient of the log loss just p \u2212 y?", "Why is the gradient p \u2212 y?"),
        n_updates=N,
        counter="step",
        panels=[
            plot(marks.Curve(losses.sigmoid), z, p, bend, "p (1\u2212p)", x=("score z", "z"), title="Sigmoid p",
                 limits=((-edge, edge), (-0.12, 1.12)), ticks=(None, (0.0, 0.5, 1.0))),
            plot(marks.Line(steep, name="curve"), p, loss, by_p, '−1/p' if y else '1/(1−p)', x=("probability p", "p"),
                 title=f"Loss \u2212log {other}", limits=((-0.12, 1.12), (-0.06 * top, top)), ticks=((0.0, 0.5, 1.0), None)),
            plot(marks.Curve(lambda at: np.logaddexp(0.0, -sign * at)), z, loss, by_z, f"p \u2212 {y}", x=("score z", "z"),
                 title="Both together", limits=((-edge, edge), (-0.06 * top, top))),
        ],
        beats=[
            Beat(say("One point of class {y}. Its score z becomes a probability p by the sigmoid.", "A score z becomes a probability p.", y=y),
                 enter="Sigmoid p", seconds=2.0),
            Beat(say("Its loss is \u2212log, the natural one, of the probability of its class: {own}.", "Its loss: \u2212log {own}.", own=own_name),
                 enter=f"Loss \u2212log {other}", seconds=2.0),
            Beat("Both together: the loss over the score.", enter="Both together", seconds=1.5),
            Beat(("From sure and right toward sure and wrong: the loss curve grows steep.", "From right to wrong: the loss grows steep."),
                 updates=up_to(N // 2), slow=True, seconds=2.5),
            Beat(("Where the sigmoid is flat, \u2212log is steep. The product of the slopes is p \u2212 y.",
                  "Flat times steep: the product is p \u2212 y."), updates=to_end, slow=True, seconds=3.0),
            Beat(say("At z = {z:.1}: {bend:.4} times {by_p:.2} is {by_z:.3}, and that is p \u2212 y.", "{bend:.4} \u00d7 {by_p:.2} = {by_z:.3}.",
                     z=z[-1], bend=bend[-1], by_p=by_p[-1], by_z=by_z[-1]), seconds=0, hold=3.0),
        ],
    )
