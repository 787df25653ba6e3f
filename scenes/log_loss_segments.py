"""What does one bad prediction cost?

Logistic regression on a few points, by default penguins by bill length. The loss is the mean cross-entropy, the mean of
-log p over the points, where p is the probability a point's own class is given; descent runs on the standardized feature.
In the picture p is the solid segment, on the far side of the curve from its point; the dashed one, 1 - p long, is what is missing.
"""

from typing import Annotated

import numpy as np
from animate import (
    Beat, ClassificationData, LearningRate, OwnData, Range, Scene, Seed, Updates, descend, logistic_problem, marks, optimizers,
    panels, penguins, say, to_end, up_to,
)
from animate.learn import subsample_per_class


def build(
    learning_rate: LearningRate = 1.0,
    n_updates: Updates = 200,
    n_per_class: Annotated[int, Range(1, 20), "Points drawn of each class"] = 5,
    start: Annotated[tuple[float, float], "Weight and intercept of the first sigmoid, on the standardized feature"] = (-1.6, 0.0),
    seed: Seed = 16,
    data: Annotated[OwnData, "Your own feature and label"] = None,
) -> Scene:
    everyone = ClassificationData.from_table(data, n_features=1) if data else penguins(["bill_length_mm"])
    problem = logistic_problem(subsample_per_class(everyone, n_per_class, rng=seed))
    path = descend(problem.objective, optimizers.gradient_descent(learning_rate), start, n_updates)
    run = panels.Run("Logistic regression", path, "ink")
    paid = problem.log_losses(path.params)
    first, last, highest = paid[0], paid[-1], paid.max()
    yes, n = everyone.class_names[1], len(last)
    # of every point after each update: the probability of its own class, its place on the curve, and the costliest one
    x, labels, p = problem.data.X[:, 0], problem.data.labels, np.exp(-paid)
    top = float(np.clip(1.12 * highest, 2.5, 6.0))
    places, costliest = np.stack([p, np.minimum(paid, top)], axis=-1), paid.argmax(axis=1)
    own = [p[k, worst] for k, worst in enumerate(costliest)]

    first_curve = say("{n} of your {all} points, and a first curve: the probability of {yes}.", "{n} of {all} points. A first curve.", n=n, yes=yes,
                      all=everyone.n_samples, when=data is not None and n < everyone.n_samples)

    def price(k: int) -> str:
        return say("−log {p:.2} = {paid:.2}", p=own[k], paid=paid[k, costliest[k]])

    return Scene(
        title=("What does one bad prediction cost?", "The cost of one bad prediction?"),
        panels=[
            panels.Sigmoid(problem=problem, run=run, title=f"P({yes})", weight=1.35, own_class=True,
                           extra=[marks.Ring(lambda k: [[x[costliest[k]], labels[costliest[k]]]], color="wrong", name="costliest")]),
            panels.Plot(
                marks.Curve(lambda p: -np.log(p), domain=(float(np.exp(-top)), 1.0), n=400, layer=3),
                marks.Line([[0, 1], [1, 0]], color="muted", width=(1.6, 0.9), dash="dashed", layer=2.5, name="dashed"),
                marks.Text("┄ 1 − p", align="right", name="dashed",
                           at=lambda k: (1.03, (0.88 if paid[k, costliest[k]] < 0.6 * top else 0.4) * top)),
                marks.Segments(lambda k: marks.stems(p[k], 0.0, places[k, :, 1]), width=(2.4, 1.4), name="price",
                               color=lambda k: np.where(p[k] >= 0.5, "right 72%", "wrong 72%")),
                panels.class_points(lambda k: places[k][(labels == 0) & (paid[k] <= top)], 0, share=1.15),
                panels.class_points(lambda k: places[k][(labels == 1) & (paid[k] <= top)], 1, share=1.15),
                marks.Points(lambda k: places[k][paid[k] > top], marker="^", color="wrong", edge_width=0, clip=False),
                marks.Ring(lambda k: places[k, [costliest[k]]], color="wrong", name="costliest"),
                marks.Text(lambda k: price(k) if own[k] < 0.15 else "", lambda k: places[k, costliest[k]] + (0.05, 0.0),
                           valign="center", color="wrong", bold=True, name="costliest"),
                marks.Text(lambda k: price(k) if own[k] >= 0.15 else "", lambda k: (1.03, places[k, costliest[k], 1] + 0.17 * top),
                           align="right", valign="center", color="wrong", bold=True, name="costliest"),
                limits=((-0.02, 1.04), (-0.03 * top, top)), ticks=((0.0, 0.5, 1.0), None),
                x=("probability p of its own class", "p of its own class"), title=("Loss of each point: −log p", "Loss −log p"),
                subtitle=lambda k: tuple(say(text, loss=paid[k].mean(), dashed=1 - p[k].mean()) for text in (
                    "mean of −log p {loss:.3}, of dashes {dashed:.3}", "mean {loss:.2}, dashes {dashed:.2}")),
            ),
        ],
        beats=[
            Beat(first_curve or say("{n} points, and a first curve: the probability of {yes}.", "A first curve: P({yes}).", n=n, yes=yes),
                 enter=["P(" + yes + ")/points", "P(" + yes + ")/curve", "boundary", "readout"], seconds=1.4),
            Beat(("Solid: p, the probability of a point\u2019s own class, on the far side of the curve from the point.",
                  "Solid: p of its own class, on the far side."), enter="own_class", seconds=2.0),
            Beat(("Dashed: 1 \u2212 p, what is missing. The longer the dashed line, the bigger the loss.",
                  "Dashed: 1 \u2212 p. Longer dashes, bigger loss."), enter="gaps", seconds=1.8),
            Beat(say("A point pays \u2212log p, a natural logarithm: nothing at 1, and ever more toward 0, here up to {highest:.2}.",
                     "It pays \u2212log p: here up to {highest:.2}.",
                     highest=highest, when=bool(np.isfinite(highest))), enter=["Loss of each point: −log p", "costliest"], seconds=2.2),
            Beat(("All gaps together make one update, and every point slides along the curve.", "One update: every point slides."), updates=up_to(2),
                 slow=True, seconds=2.2),
            Beat(("The loss of the model is the mean of what the points pay.", "The loss: the mean of what they pay."), updates=to_end,
                 pace="log", seconds=2.4),
            Beat(say("Dashes only stand in for the loss: it is the mean of \u2212log p, and one point pays {share:%} of it.",
                     "One point alone pays {share:%} of the loss.", share=last.max() / last.sum(), when=bool(np.isfinite(last).all())),
                 seconds=0, hold=2.6),
        ],
        alt=say("A sigmoid over {n} points, and what each pays: minus the natural logarithm of the probability p its own class is given, drawn as a "
                "solid segment. After {updates:update|updates} the mean is {last:.3}, from {first:.3}; the costliest point pays {most:.2}.",
                n=n, updates=n_updates, last=last.mean(), first=first.mean(), most=last.max()),
    )
