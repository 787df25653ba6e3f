"""What does one bad prediction cost?

Logistic regression on a few points, by default penguins by bill length. The loss is the mean cross-entropy, the mean of
-log p over the points, where p is the probability a point's own class is given; descent runs on the standardized feature.
The solid segments, 1 - p long, only stand in for it.
"""

from typing import Annotated

from animate import (
    ClassificationData, Range, Scene, Table, Timeline, descend, logistic_problem, optimizers, panels, penguins,
)
from animate.draw import formatting
from animate.learn.data import subsample_per_class


def build(
    learning_rate: Annotated[float, Range(1e-10, 10.0, scale="log"), "Step size"] = 1.0,
    n_updates: Annotated[int, Range(1, 10_000), "Updates, all points each"] = 200,
    n_per_class: Annotated[int, Range(1, 20), "Points drawn of each class"] = 5,
    start: Annotated[tuple[float, float], "Weight and intercept of the first sigmoid, on the standardized feature"] = (-1.6, 0.0),
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points"] = 16,
    data: Annotated[Table | None, "Your own feature and label"] = None,
) -> Scene:
    everyone = ClassificationData.from_table(data, n_features=1) if data else penguins(["bill_length_mm"])
    problem = logistic_problem(subsample_per_class(everyone, n_per_class, rng=seed))
    path = descend(problem.objective, optimizers.gradient_descent(learning_rate), start, n_updates)
    run = panels.Run("Logistic regression", path, "ink")
    paid = problem.log_losses(path.params)
    first, last, highest, share = paid[0], paid[-1], paid.max(), 100 * paid[-1].max() / paid[-1].sum()
    yes, n = everyone.class_names[1], len(last)
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
                problem=problem, run=run, rest=True, ring_costliest=True, title=f"P({yes})", weight=1.35,
            ),
            panels.LogLoss(problem=problem, run=run, title=("Loss of each point: \u2212log p", "Loss \u2212log p")),
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log"),
        alt=f"A sigmoid over {n} points, and what each pays: minus the logarithm of the probability its own class is given. "
        f"After {n_updates} updates the mean is {last.mean():.3f}, from {first.mean():.3f}; the costliest point pays "
        f"{formatting.number(last.max(), 2)}.",
    )
