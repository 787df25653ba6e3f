"""Which loss do outliers pull most?

Squared (r²/2), absolute (|r|) and Huber's loss (r²/2 up to δ, then δ|r| − δ²/2), each the mean over all points, on the
same data with x standardized. The rate of the absolute loss falls to 0 (cosine), for its subgradient never shrinks;
Huber's, whose pull is no more than δ, falls to that of the squared loss.
"""

from typing import Annotated

from animate import (
    Beat, LearningRate, OutlierPoints, Range, Scene, Updates, compare, losses, optimizers, panels, say, schedules, sentences, to_end, up_to
)
from animate.learn import diagnostics


def build(
    huber_delta: Annotated[float | None, Range(1e-3, 1e3, scale="log"), "δ; none: 1.345 robust deviations"] = None,
    learning_rate: Annotated[LearningRate, "Step size of the squared and Huber’s loss"] = 0.3,
    absolute_rate: Annotated[LearningRate, "First step of the absolute loss, in standard deviations of y"] = 0.1,
    n_updates: Updates = 120,
    points: OutlierPoints = OutlierPoints(32, share=0.15, height=10.0, first_line=(0.1, -3.0), seed=5),
) -> Scene:
    rows = points.drawn()
    delta, far_step = huber_delta or diagnostics.default_huber_delta(rows), absolute_rate * rows.spread
    falling = schedules.cosine(far_step, n_updates=n_updates)
    settling = schedules.cosine(max(learning_rate, far_step / delta), n_updates=n_updates, final_rate=learning_rate)
    of_loss = {"Squared": "half_squared", "Absolute": "absolute", "Huber": losses.huber(delta)}
    problems = {name: points.problem(loss=loss) for name, loss in of_loss.items()}
    descent = optimizers.gradient_descent
    steps = {"Squared": descent(learning_rate), "Absolute": descent(falling), "Huber": descent(settling)}
    runs = compare(problems, steps, n_updates=n_updates)
    fits, signs, far = [(problems[run.name], run) for run in runs], ("½ r²", "|r|", "Huber"), diagnostics.outlier_rows(rows)
    pull = panels.pull_stems(fits, signs, marked=far, title=("Share of the pull", "Pull"), name="pull")
    whose = "The point that pulls most holds" if not len(far) else "The outlier holds" if len(far) == 1 else "The outliers hold"
    pulls = {"far": len(far), "whose": whose, **dict(zip(("squared", "absolute", "huber"), pull.notes(n_updates), strict=True))}
    finite = "\u2013" not in pulls.values()
    return Scene(
        title=("Which loss do outliers pull most?", "Which loss resists outliers?") if len(far) else
        ("Which loss does a far point pull most?", "Which loss resists far points?"),
        beats=[
            Beat(("One start, three losses: squared, absolute, and Huber’s: squared up to δ, straight beyond.",
                  "One start, three losses: squared, absolute, Huber’s."), enter=["lines", "loss"], seconds=2.6),
            Beat(("A point pulls as hard as its loss is steep: squared, the farther the harder.",
                  "A point pulls as hard as its loss is steep."), enter="pull", updates=up_to(5), slow=True, seconds=3.0),
            Beat(say("|r| is as steep near as far: all pull alike. Huber’s pull grows up to δ = {bend}, no further.",
                     "|r|: all pull alike. Huber: no more than δ.", bend=delta), updates=to_end, pace="log", seconds=4.4),
            Beat(say("{whose} {squared} of the squared pull, {absolute} of the absolute and {huber} of Huber’s.",
                     "{far:outlier|outliers}: {squared}, {absolute}, {huber}." if len(far) else "Largest pull: {squared}, {absolute}, {huber}.",
                     when=finite, **pulls), seconds=0, hold=3.0),
        ],
        panels=[
            panels.Curves(data=rows, curves=[panels.FittedCurve.of_line(*fit) for fit in fits], marked=far, weight=1.3, name="lines",
                          title=("Same points, three lines", "Three lines")),
            [panels.loss_of_residuals(fits, signs, far, delta), pull],
        ],
        alt=sentences(
            say("Three lines fitted to {n} points, {far:of them an outlier|of them outliers} by a rule of 3.5 robust deviations, by squared, "
                "absolute and Huber’s loss.", n=rows.n_samples, far=len(far)),
            say("{whose} {squared} of the squared pull, {absolute} of the absolute and {huber} of Huber’s in the end.", when=finite, **pulls)),
    )  # fmt: skip
