"""Along which direction do the points vary most?

The first principal component: the axis through the mean along which the projections of the points have the largest variance.
"""

from typing import Annotated, Literal

import numpy as np
from animate import Beat, Range, Scene, formatting, marks, panels, penguins, say

Feature = Literal["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]
N_TURN, N_BACK = 90, 40


def build(
    first: Annotated[Feature, "The feature across"] = "flipper_length_mm",
    second: Annotated[Feature, "The feature up"] = "bill_length_mm",
    n_shown: Annotated[int, Range(2, 342), "Points drawn"] = 60,
) -> Scene:
    X = penguins([first, second], ["Adelie", "Chinstrap", "Gentoo"]).X
    X = X - X.mean(axis=0)
    values, vectors = np.linalg.eigh(X.T @ X / len(X))  # of the covariance matrix
    best = np.degrees(np.arctan2(*vectors[::-1, 1])) % 180
    angles = np.concatenate([np.linspace(0, 180, N_TURN + 1), np.linspace(180, 180 + best, N_BACK + 1)[1:]])
    w = np.stack([np.cos(np.radians(angles)), np.sin(np.radians(angles))], axis=-1)
    variance, reach = np.square(X @ w.T).mean(axis=0), 1.1 * np.abs(X).max()
    turned = np.stack([angles, variance], axis=-1)
    drawn, window = X[np.linspace(0, len(X) - 1, n_shown).round().astype(int)], ((-reach, reach), (-0.7 * reach, 0.7 * reach))
    feet = np.einsum("ni,ki,kj->knj", drawn, w, w)
    ends = {"n": len(X), "shown": n_shown, "share": values[1] / values.sum(), "variance": values[1], "angle": best}
    return Scene(
        title=("Along which direction do the points vary most?", "Which direction varies most?"), n_updates=N_TURN + N_BACK,
        beats=[
            Beat(say("{shown} of {n} penguins around their mean, in millimeters.", **ends), enter="points", seconds=2.0),
            Beat("An axis through the mean: every point has a foot on it.", enter=["axis", "feet", "gaps"], seconds=2.0),
            Beat(("Turn the axis: at some angles its feet are far apart, at others near.", "At some angles the feet are far apart."),
                 updates=N_TURN, slow=True, enter="variance of the feet", seconds=5.0),
            Beat(("Where their variance is largest, it is the first principal component.", "Largest variance: the first component."),
                 updates=N_BACK, slow=True, pace="eased", seconds=2.0),
            Beat(say("It holds {share:%} of the variance, and makes the sum of the squared gaps smallest.",
                     "It holds {share:%} of the variance.", **ends), enter="best", seconds=0.5, hold=2.5),
        ],
        panels=[
            panels.Plot(
                marks.EqualUnits(window), marks.Points(drawn, color="data", name="points"),
                marks.Line(lambda k: np.outer([-reach, reach], w[k]), color="first", name="axis"),
                marks.Segments(lambda k: np.stack([drawn, feet[k]], axis=1), color="error 60%", name="gaps"),
                marks.Points(lambda k: feet[k], color="first", size=(6, 3.5), name="feet", layer=5),
                x=formatting.readable(first), y=formatting.readable(second), title="Centered points and axis", limits=window, weight=1.5,
            ),
            panels.Plot(
                marks.Line(turned[: N_TURN + 1], color="muted", width=(2.0, 1.2)),
                marks.Points(lambda k: [turned[k] - [180 * (angles[k] > 180), 0]], color="first", size=(12, 7), name="here", layer=6),
                marks.Rule(y=float(values[1]), dash="dashed", name="best"),
                x="angle (degrees)", title=("Variance of the feet", "Variance"), readout=panels.Readout.of("", variance, after="mm\u00b2"),
            ),
        ],
        alt=say("An axis turns through {n} points until the variance of their projections is largest, {variance:4} square millimeters at "
                "{angle:.1} degrees: the first principal component, with {share:%} of the variance.", **ends),
    )
