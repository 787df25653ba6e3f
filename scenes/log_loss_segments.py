"""What does one bad prediction cost?

Logistic regression on a few points, by default penguins by bill length. The loss is the mean cross-entropy, the mean of
-log p over the points, where p is the probability a point's own class is given; descent runs on the standardized
feature. In the picture p is the solid segment, on the far side of the curve from its point; the dashed one, 1 - p long,
is what is missing.
"""

from typing import Annotated

import numpy as np
from animate import (
    Beat, ClassificationData, LearningRate, OwnData, Range, Scene, Seed, Updates, compare, logistic_problem, marks,
    optimizers, panels, penguins, say, to_end, up_to,
)
from animate.learn import subsample_per_class


def build(
    learning_rate: LearningRate = 1.0,
    n_updates: Updates = 200,
    n_per_class: Annotated[int, Range(1, 20), "Points drawn of each class"] = 5,
    start: Annotated[tuple[float, float], "First weight and intercept, on the standardized feature"] = (-1.6, 0.0),
    seed: Seed = 16,
    data: Annotated[OwnData, "Your own feature and label"] = None,
) -> Scene:
    everyone = ClassificationData.from_table(data, n_features=1) if data else penguins(["bill_length_mm"])
    problem = logistic_problem(subsample_per_class(everyone, n_per_class, rng=seed))
    descent = {"Logistic regression": optimizers.gradient_descent(learning_rate)}
    (run,) = compare(problem, descent, start=start, n_updates=n_updates, roles=["ink"])
    points, paid = np.c_[problem.data.X, problem.data.labels], problem.log_losses(run.trajectory.params)
    worst, yes, n, last = paid.argmax(axis=1), everyone.class_names[1], len(points), paid[-1]
    few = say("{n} of your {all} points", n=n, all=everyone.n_samples, when=data is not None and n < everyone.n_samples)
    return Scene(
        title=("What does one bad prediction cost?", "The cost of one bad prediction?"),
        panels=[
            panels.Sigmoid(problem=problem, run=run, own_class=True, title=f"P({yes})", name="sigmoid", weight=1.35,
                           extra=[marks.Ring(lambda k: points[worst[k]][None], color="wrong", name="costliest")]),
            panels.point_losses(problem, run, name="losses"),
        ],
        beats=[
            Beat(say("{few}, and a first curve: the probability of {yes}.", "A first curve: P({yes}).", yes=yes,
                     few=few or say("{n} points", n=n)),
                 enter=["sigmoid/points", "curve", "boundary", "readout"], seconds=1.4),
            Beat(("Solid: p, the probability of a point’s own class, on the far side of the curve from the point.",
                  "Solid: p of its own class, on the far side."), enter="own_class", seconds=2.0),
            Beat(("Dashed: 1 − p, what is missing. The longer the dashed line, the bigger the loss.",
                  "Dashed: 1 − p. Longer dashes, bigger loss."), enter="gaps", seconds=1.8),
            Beat(say("A point pays −log p, a natural logarithm: 0 at 1, ever more toward 0, here up to {highest:.2}.",
                     "It pays −log p: here up to {highest:.2}.", highest=paid[0].max()),
                 enter=["losses", "costliest"], seconds=2.2),
            Beat("All gaps together make one update of the curve.", updates=up_to(2), slow=True, seconds=2.2),
            Beat("The loss of the model is the mean of what they pay.", updates=to_end, pace="log", seconds=2.4),
            Beat(say("Dashes only stand in for the loss, the mean of −log p: {loss}. One pays {share:%} of it.",
                     "One point alone pays {share:%} of the loss.", loss=last.mean(), share=last.max() / (last.sum() or 1.0),
                     when=last.sum() > 0) or "Each probability is 1, as far as a computer can tell: no point pays.",
                 seconds=0, hold=2.6),
        ],
    )
