"""How do a few straight lines become a curve?

A network with one hidden layer of tanh units learns two classes that no line separates, by gradient descent with
backpropagation on all points. The loss is the mean cross-entropy plus half the ridge penalty times the squared weights, the
intercepts not penalized. Features are standardized for the descent.
"""

from typing import Annotated, Literal

from animate import (
    ClassificationData, Range, Scene, Table, Timeline, datasets, descend, logistic_problem, optimizers, panels,
)
from animate.learn.network import network_problem


def build(
    dataset: Annotated[Literal["two_moons", "xor"], "The points drawn"] = "two_moons",
    n_hidden: Annotated[int, Range(1, 12), "Hidden units"] = 3,
    learning_rate: Annotated[float, Range(1e-10, 10.0, scale="log"), "Step size"] = 1.0,
    n_updates: Annotated[int, Range(1, 10_000), "Updates, all points each"] = 2500,
    ridge_penalty: Annotated[float, Range(0.0, 0.1), "On the weights, not the intercepts"] = 1e-3,
    n_samples: Annotated[int, Range(8, 500), "Points drawn"] = 120,
    noise: Annotated[float, Range(0.0, 1.0), "Standard deviation of the noise"] = 0.15,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the first weights"] = 3,
    data: Annotated[Table | None, "Your own two features and label"] = None,
) -> Scene:
    draw = datasets.CLASSIFICATION_DATASETS[dataset]
    points = ClassificationData.from_table(data, n_features=2) if data else draw(n_samples, noise=noise, rng=0)
    problem = network_problem(points, n_hidden=n_hidden, ridge_penalty=ridge_penalty)
    first = problem.objective.random_params(seed)
    run = panels.Run("Network", descend(problem.objective, optimizers.gradient_descent(learning_rate), first, n_updates), "ink")
    timeline = Timeline(n_updates, seconds=8.0, pace="log")
    line = logistic_problem(points, ridge_penalty=1e-3)
    by_line = 100 * line.accuracy(line.objective.optimum())
    middle, bent = timeline.update_at(4.2), panels.loss_settles_at(run, run.trajectory.loss.min(), share=0.2)
    so_far, then, right = (100 * problem.accuracy(run.trajectory.params[update]) for update in (middle, bent, n_updates))
    steps = "1 soft step" if n_hidden == 1 else f"{n_hidden} soft steps"
    return Scene(
        title=("How do a few straight lines become a curve?", "How do lines become a curve?"),
        caption={
            0: ("Each hidden unit is a line (dashed), random at first: near \u22121 on one side of it, near 1 on the other.",
                "Each hidden unit is a line, random at first."),
            1: ("Backpropagation moves all lines and all output weights at once, along the gradient of one loss.",
                "Backpropagation moves all lines at once."),
            middle: (f"A single straight line gets {by_line:.1f} % right; after {middle} updates the network has {so_far:.1f} %.",
                     f"One line: {by_line:.1f} % right. Network: {so_far:.1f} %."),
            bent: (f"Where the boundary crosses a unit\u2019s line, it bends: {then:.1f} % right after {bent} updates.",
                   f"Each unit\u2019s line bends it: {then:.1f} % right."),
            n_updates: (f"{right:.1f} % right after {n_updates} updates: the boundary of a sum of {steps}, one at each line.",
                        f"{right:.1f} % right: a sum of {steps}."),
        },
        panels=[
            panels.DecisionMap.of_network(problem, run, title="Prediction", weight=1.6),
            [
                panels.LossCurve(runs=[run], log=True, log_updates=True, title=("Loss (with penalty)", "Loss")),
                panels.HiddenUnits(problem=problem, run=run, title=("Hidden units: largest contribution", "Hidden units")),
            ],
        ],
        timeline=timeline,
        alt=f"A network with {n_hidden} hidden units learns two classes of {points.n_samples} points. After {n_updates} updates "
        f"{right:.1f} % are right and the loss is {run.trajectory.loss[-1]:.4f}, from {run.trajectory.loss[0]:.4f}.",
    )
