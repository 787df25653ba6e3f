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
    panels,
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
    n_params, held = objective.n_params, 100 * shares.sum()
    first, second = (f"{100 * share:.1f} % of the path" for share in shares)
    timeline = Timeline(n_updates, seconds=7.5, pace="log")
    window = panels.window([shadow.params], optimum)
    return Scene(
        title=("What does a network's loss landscape look like?", "A network\u2019s loss landscape?"),
        caption={
            0: (f"{n_params} parameters have no picture. This plane through the optimum holds {held:.1f} % of the path\u2019s movement.",
                f"This plane holds {held:.1f} % of a path in {n_params} dimensions.",
                f"{held:.1f} % of a path in {n_params} dimensions."),
            timeline.update_at(3.2): (
                "The path is drawn as its shadow on the plane, so its true loss is not the height: both stand at the right.",
                "The path is drawn as its shadow; its true loss stands at the right.", "The path\u2019s shadow; its true loss: right."),
            timeline.update_at(5.8): (
                "No bowl like a linear model\u2019s: walls, plateaus and bent valleys, and descent follows the ground.",
                "No bowl: walls, plateaus and bent valleys.", "No bowl: walls and bent valleys."),
            n_updates: (
                f"At the end the path\u2019s loss is {path.loss[-1]:.4f}, its shadow\u2019s {shadow.loss[-1]:.4f}; the optimum\u2019s {surface.value(optimum):.4f}.",
                f"At the end: loss {path.loss[-1]:.4f}, on the plane {shadow.loss[-1]:.4f}.", f"At the end: loss {path.loss[-1]:.4f}."),
        },
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
            ("loss, on the plane", "loss, plane"), lambda k: f"{path.loss[k]:.4f}, {shadow.loss[k]:.4f}", "0.0000, 0.0000"
        ),
        alt=f"The loss of a network with {n_params} parameters on the plane of its path\u2019s two main directions, which hold "
        f"{held:.1f} % of its movement. In {n_updates} updates the loss falls from {path.loss[0]:.4f} to {path.loss[-1]:.4f}, at "
        f"the optimum {surface.value(optimum):.4f}.",
    )
