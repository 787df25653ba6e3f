"""What does one bad prediction cost?

Logistic regression on a few points, by default penguins by bill length. The loss is the mean cross-entropy, the mean of
-log p over the points, where p is the probability a point's own class is given; descent runs on the standardized feature.
The solid segments, 1 - p long, only stand in for it.
"""

from typing import Annotated

import numpy as np

from animate import (
    ClassificationData, LearningRate, OwnData, Range, Scene, Seed, Timeline, Updates, descend, formatting, logistic_problem,
    marks, optimizers, panels, penguins,
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
    first, last, highest, share = paid[0], paid[-1], paid.max(), 100 * paid[-1].max() / paid[-1].sum()
    yes, n = everyone.class_names[1], len(last)
    # of every point after each update: the probability of its own class, its place on the curve, and the costliest one
    x, labels, p = problem.data.X[:, 0], problem.data.labels, np.exp(-paid)
    top = float(np.clip(1.12 * highest, 2.5, 6.0))
    places, costliest = np.stack([p, np.minimum(paid, top)], axis=-1), paid.argmax(axis=1)
    own = [p[k, worst] for k, worst in enumerate(costliest)]

    def price(k: int) -> str:
        return f"−log {own[k]:.2f} = {paid[k, costliest[k]]:.2f}"

    return Scene(
        title=("What does one bad prediction cost?", "The cost of one bad prediction?"),
        caption={
            0: ("Solid: the probability given to the other class. Dashed: p, what a point\u2019s own class is given.",
                "Solid: p of the other class. Dashed: of its own."),
            1: (f"No segment is longer than 1, but \u2212log p has no upper end: here one point pays up to {highest:.2f}.",
                f"Segments end at 1; \u2212log p does not: {highest:.2f}."),
            max(n_updates // 8, 3): ("Every point slides along the same curve, and the loss of the model is their mean.",
                                     "All slide on one curve; the loss is their mean."),
            n_updates: (f"Segments only stand in: the loss is the mean of \u2212log p, and one point pays {share:.0f} % of it.",
                        f"One point alone pays {share:.0f} % of the loss."),
        },
        panels=[
            panels.Sigmoid(
                problem=problem, run=run, title=f"P({yes})", weight=1.35,
                extra=[
                    marks.Segments(lambda k: marks.stems(x, np.where(labels, p[k], 1 - p[k]), 1 - labels),
                                   color="muted 75%", dash=(3, 3), cap=None, layer=1.5),
                    marks.Ring(lambda k: [[x[costliest[k]], labels[costliest[k]]]], color="wrong"),
                ],
            ),
            panels.Plot(
                marks.Curve(lambda p: -np.log(p), domain=(float(np.exp(-top)), 1.0), n=400, layer=3),
                marks.Line([[0, 1], [1, 0]], color="muted", width=(1.6, 0.9), dash="dashed", layer=2.5),
                marks.Text(("┄ the segment, 1 − p", "┄ 1 − p"), (0.02, 0.055 * top), room=0.45, valign="bottom",
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
                subtitle=lambda k: (f"mean of −log p {paid[k].mean():.3f}, of segments {1 - p[k].mean():.3f}",
                                    f"mean {paid[k].mean():.3f}, segment {1 - p[k].mean():.3f}"),
            ),
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log"),
        alt=f"A sigmoid over {n} points, and what each pays: minus the logarithm of the probability its own class is given. "
        f"After {n_updates} updates the mean is {last.mean():.3f}, from {first.mean():.3f}; the costliest point pays "
        f"{formatting.number(last.max(), 2)}.",
    )
