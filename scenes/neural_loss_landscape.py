"""What does a network's loss landscape look like?

The loss of a network with one hidden layer of tanh units on the plane that holds most of its own path: through the optimum
that the path leads to, along the path's two main directions. The loss is the mean cross-entropy plus half the ridge penalty
times the squared weights, the intercepts not penalized. All other directions are held at the optimum, so the path is drawn
as its shadow on the plane, at the plane's own height.
"""

from typing import Annotated, Literal

import numpy as np

from animate import (
    ClassificationData, LearningRate, Orbit, OwnData, Range, Scene, Seed, Timeline, Updates, datasets, descend, optimizers,
    panels, say,
)
from animate.learn import landscape, network_problem


def build(
    dataset: Annotated[Literal["two_moons", "xor"], "The points drawn"] = "two_moons",
    n_hidden: Annotated[int, Range(1, 12), "Hidden units"] = 3,
    learning_rate: LearningRate = 1.0,
    n_updates: Updates = 4000,
    ridge_penalty: Annotated[float, Range(1e-4, 0.1, scale="log"), "On the weights, not the intercepts"] = 1e-3,
    n_samples: Annotated[int, Range(8, 500), "Points drawn"] = 120,
    noise: Annotated[float, Range(0.0, 1.0), "Standard deviation of the noise"] = 0.15,
    orbit: Orbit = 0.0,
    seed: Annotated[Seed, "Of the first weights"] = 0,
    data: Annotated[OwnData, "Your own two features and label"] = None,
) -> Scene:
    draw = datasets.CLASSIFICATION_DATASETS[dataset]
    points = ClassificationData.from_table(data, n_features=2) if data else draw(n_samples, noise=noise, rng=0)
    objective = network_problem(points, n_hidden=n_hidden, ridge_penalty=ridge_penalty).objective
    path = descend(objective, optimizers.gradient_descent(learning_rate), objective.random_params(seed), n_updates)
    surface, shadow, optimum, shares = landscape.path_landscape(objective, path)
    run = panels.Run("Gradient descent", shadow, "first")
    n_params, held = objective.n_params, float(shares.sum())
    first, second = (say("{share:%} of the path", share=float(share)) for share in shares)
    timeline = Timeline(n_updates, seconds=7.5, pace="log")
    window = panels.window([shadow.params], optimum)
    # A bowl is never higher between two points than their mean: looked for along both directions of the window.
    grid = surface.values(np.stack(np.meshgrid(*(np.linspace(low, high, 25) for low, high in window), indexing="ij"), axis=-1))
    above = np.concatenate([(2 * part[1:-1] - part[:-2] - part[2:]).ravel() for part in (grid, grid.T)])
    bent = bool((above > 1e-6 * np.ptp(grid)).any())
    numbers = {"n": n_params, "held": held, "path": path.loss[-1], "shadow": shadow.loss[-1], "optimum": surface.value(optimum)}
    return Scene(
        title=("What does a network's loss landscape look like?", "A network\u2019s loss landscape?"),
        caption=[
            (0, say("{n} parameters have no picture. This plane through the optimum holds {held:%} of the path\u2019s squared distance from it.",
                    "This plane holds {held:%} of a path\u2019s squared distance, in {n} dimensions.", "{held:%} of a path in {n} dimensions.", **numbers)),
            (timeline.update_at(3.2), (
                "The path is drawn as its shadow on the plane, so its true loss is not the height: both stand at the right.",
                "The path is drawn as its shadow; its true loss stands at the right.", "The path\u2019s shadow; its true loss: right.")),
            (timeline.update_at(5.8), say(
                "No bowl like a linear model\u2019s: between some points the ground rises above the straight line that joins them.",
                "No bowl: the ground also bends downward.", "No bowl: it also bends down.", when=bent)),
            (n_updates, say(
                "At the end cross-entropy plus penalty is {path:4} on the path, {shadow:4} at its shadow; at the optimum {optimum:4}.",
                "At the end: loss {path:4}, on the plane {shadow:4}.", "At the end: loss {path:4}.", **numbers)),
        ],
        panels=[
            panels.loss_surface_3d(
                surface.values, [run], optimum=optimum, limits=window, x="d\u2081", y="d\u2082", orbit=orbit,
                title=("The loss on the plane", "Loss"), weight=1.15,
            ),
            panels.LossSurface(
                values=lambda at: np.log(surface.values(at)), runs=[run], optimum=optimum, limits=window,
                equal_steps_of_loss=True, title="From above", note=("bands: equal factors of loss", "log bands"),
                names=(f"d\u2081: {first}", f"d\u2082: {second}"),
            ),
        ],
        timeline=timeline,
        secondary_counter=panels.Readout(
            ("loss, on the plane", "loss, plane"), lambda k: say("{path:.4}, {shadow:.4}", path=path.loss[k], shadow=shadow.loss[k]), "0.0000, 0.0000"
        ),
        alt=say("The loss of a network with {n} parameters on the plane of its path\u2019s two main directions, which hold {held:%} of its squared "
                "distance from the optimum. In {updates} updates the loss goes from {first:4} to {path:4}; at the optimum it is {optimum:4}.",
                updates=n_updates, first=path.loss[0], **numbers),
    )
