"""Along which direction do the points vary most?

The first principal component of two centered features: the axis along which projections have the largest variance, which is
the eigenvector of the covariance matrix with the larger eigenvalue.
"""

from typing import Annotated, Literal

import numpy as np
from animate import Beat, Range, Scene, marks, panels, penguins, say

Feature = Literal["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]
N_TURN, N_BACK = 90, 40


def build(
    first: Annotated[Feature, "The feature across"] = "flipper_length_mm",
    second: Annotated[Feature, "The feature up"] = "bill_length_mm",
    n_shown: Annotated[int, Range(2, 342), "Points drawn"] = 60,
) -> Scene:
    X = penguins([first, second], ["Adelie", "Chinstrap", "Gentoo"]).X
    X = X - X.mean(axis=0)
    values, vectors = np.linalg.eigh(C := X.T @ X / len(X))  # C is the covariance matrix
    best = np.arctan2(*vectors[::-1, 1]) % np.pi
    angles = np.concatenate([np.linspace(0, np.pi, N_TURN + 1), np.linspace(np.pi, np.pi + best, N_BACK + 1)[1:]])
    w = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    variance = np.einsum("ki,ij,kj->k", w, C, w)
    drawn, reach = X[:: max(1, len(X) // n_shown)], 1.1 * np.abs(X).max()
    feet = np.einsum("ni,ki,kj->knj", drawn, w, w)
    turn = np.stack([np.degrees(angles[: N_TURN + 1]), variance[: N_TURN + 1]], axis=-1)
    at = np.stack([np.degrees(angles) - 180.0 * (np.arange(len(angles)) > N_TURN), variance], axis=-1)
    share, (across, up) = values[1] / values.sum(), [name.split("_mm")[0].replace("_", " ") for name in (first, second)]
    return Scene(
        title=("Along which direction do the points vary most?", "Which direction varies most?"),
        beats=[
            Beat(f"{len(X)} penguins, around their mean. Both features are in millimeters.", enter=["points"], seconds=2.0),
            Beat("An axis through the mean: every point has a foot on it.", enter=["axis", "feet", "gaps"], seconds=2.0),
            Beat(("Turn the axis, and the feet spread out and draw together again.", "Turn it: the feet spread and shrink."),
                 updates=N_TURN, slow=True, enter=["variance of the feet"], seconds=5.0),
            Beat(("Where their variance is largest, it is the first principal component.", "Largest variance: the first component."),
                 updates=N_BACK, slow=True, pace="eased", seconds=2.0),
            Beat(say("It holds {share:%} of the variance, and makes the sum of the squared gaps smallest.",
                     "It holds {share:%} of the variance.", share=share), enter=["best"], seconds=0.5, hold=2.5),
        ],
        panels=[
            panels.Plot(
                marks.Points(drawn, color="data", name="points"), marks.Line(lambda k: np.outer([-reach, reach], w[k]), color="first", name="axis"),
                marks.EqualUnits(((-reach, reach), (-0.7 * reach, 0.7 * reach))),
                marks.Segments(lambda k: np.stack([drawn, feet[k]], axis=1), color="error 60%", name="gaps"),
                marks.Points(lambda k: feet[k], color="first", size=(6, 3.5), name="feet", layer=5),
                x=f"{across}, centered (mm)", y=f"{up}, centered (mm)", title=("Points and axis", "Points"), weight=1.5,
                limits=((-reach, reach), (-0.75 * reach, 0.75 * reach)),
            ),
            panels.Plot(
                marks.Line(turn, color="rule"), marks.Points(lambda k: at[[k]], color="first", size=(12, 7), name="here", layer=6),
                marks.Rule(y=float(values[1]), dash="dashed", name="best"),
                x="angle (degrees)", title=("Variance of the feet", "Variance"), readout=panels.Readout.of("mm\u00b2", variance),
            ),
        ],
        n_updates=N_TURN + N_BACK,
        alt=f"An axis turns through {len(X)} points until the variance of their projections is largest, {values[1]:.4g} square "
        f"millimeters at {np.degrees(best):.1f} degrees: the first principal component, with {100 * share:.1f} % of the variance.",
    )
