"""What does one bad prediction cost?

Logistic regression on a few points, by default penguins by bill length. The loss is the mean cross-entropy, the mean of
-log p over the points, where p is the probability a point's own class is given; descent runs on the standardized feature.
In the picture p is the solid segment, on the far side of the curve from its point; the dashed one, 1 - p long, is what is missing.
"""

from typing import Annotated

import numpy as np

from animate import (
    ClassificationData, LearningRate, OwnData, Range, Scene, Seed, Timeline, Updates, descend, logistic_problem,
    marks, optimizers, panels, penguins, say,
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

    def price(k: int) -> str:
        return say("−log {p:.2} = {paid:.2}", p=own[k], paid=paid[k, costliest[k]])

    return Scene(
        title=("What does one bad prediction cost?", "The cost of one bad prediction?"),
        caption=[
            (0, ("Solid: p, the probability of a point\u2019s own class, on the far side of the curve. Dashed: what is missing to 1.",
                 "Solid: p of its own class. Dashed: 1 \u2212 p.")),
            (1, say("The longer the dashed line, the bigger the loss \u2212log(solid), which has no upper end: here up to {highest:.2}.",
                    "Longer dashes, bigger loss: up to {highest:.2}.", highest=highest, when=bool(np.isfinite(highest)))),
            (max(n_updates // 8, 3), ("Every point slides along the same curve, and the loss of the model is their mean.",
                                      "All slide on one curve; the loss is their mean.")),
            (n_updates, say("Dashes only stand in: the loss is the mean of \u2212log p, and one point pays {share:%} of it.",
                            "One point alone pays {share:%} of the loss.", share=last.max() / last.sum(), when=bool(np.isfinite(last).all()))),
        ],
        panels=[
            panels.Sigmoid(
                problem=problem, run=run, title=f"P({yes})", weight=1.35, dashed_gaps=True,
                extra=[
                    marks.Segments(lambda k: marks.stems(x, 1 - labels, np.where(labels, p[k], 1 - p[k])), width=(4.2, 2.2), cap=None,
                                   color=["class_b 72%" if label else "class_a 72%" for label in labels], layer=1.5, name="own_class"),
                    marks.Ring(lambda k: [[x[costliest[k]], labels[costliest[k]]]], color="wrong"),
                ],
            ),
            panels.Plot(
                marks.Curve(lambda p: -np.log(p), domain=(float(np.exp(-top)), 1.0), n=400, layer=3),
                marks.Line([[0, 1], [1, 0]], color="muted", width=(1.6, 0.9), dash="dashed", layer=2.5),
                marks.Text(("┄ the dashed segment, 1 − p", "┄ dashed, 1 − p", "┄ 1 − p"), (0.02, 0.055 * top), room=0.45, valign="bottom",
                           halo="background", layer=2.6),
                marks.Segments(lambda k: marks.stems(p[k], 0.0, places[k, :, 1]), width=(2.4, 1.4),
                               color=lambda k: np.where(p[k] >= 0.5, "right 72%", "wrong 72%")),
                panels.class_points(lambda k: places[k][(labels == 0) & (paid[k] <= top)], 0, share=1.15),
                panels.class_points(lambda k: places[k][(labels == 1) & (paid[k] <= top)], 1, share=1.15),
                marks.Points(lambda k: places[k][paid[k] > top], marker="^", color="wrong", edge_width=0, clip=False),
                marks.Ring(lambda k: places[k, [costliest[k]]], color="wrong"),
                marks.Text(lambda k: price(k) if own[k] < 0.4 else "", lambda k: places[k, costliest[k]] + (0.05, 0.0),
                           valign="center", color="wrong", bold=True),
                marks.Text(lambda k: price(k) if own[k] >= 0.4 else "", lambda k: (1.03, places[k, costliest[k], 1] + 0.13 * top),
                           align="right", valign="center", color="wrong", bold=True),
                limits=((-0.02, 1.04), (-0.03 * top, top)), ticks=((0.0, 0.5, 1.0), None),
                x=("probability p of its own class", "p of its own class"), title=("Loss of each point: −log p", "Loss −log p"),
                subtitle=lambda k: tuple(say(text, loss=paid[k].mean(), dashed=1 - p[k].mean()) for text in (
                    "mean of −log p {loss:.3}, of dashes {dashed:.3}", "mean {loss:.3}, dashes {dashed:.3}")),
            ),
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log"),
        alt=say("A sigmoid over {n} points, and what each pays: minus the natural logarithm of the probability p its own class is given, drawn as a "
                "solid segment. After {updates} updates the mean is {last:.3}, from {first:.3}; the costliest point pays {most:.2}.",
                n=n, updates=n_updates, last=last.mean(), first=first.mean(), most=last.max()),
    )
