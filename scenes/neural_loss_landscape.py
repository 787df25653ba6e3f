"""What does a network's loss landscape look like?

The loss of a network with one hidden layer of tanh units on the plane that holds most of its own path: through the optimum
that the path leads to, along the path's two main directions. The loss is the mean cross-entropy plus half the ridge penalty
times the squared weights, the intercepts not penalized. All other directions are held at the optimum, so the path is drawn
as its shadow on the plane, at the plane's own height. Of more than 2,000 points a sample of so many is used.
"""

from dataclasses import replace
from typing import Annotated

import numpy as np
from animate import Beat, ClassPoints, LearningRate, Orbit, Range, Scene, Seed, Updates, descend, marks, optimizers, panels, say, to_end, up_to
from animate.learn import landscape, network_problem


def build(
    n_hidden: Annotated[int, Range(1, 12), "Hidden units"] = 3,
    learning_rate: LearningRate = 1.0,
    n_updates: Updates = 4000,
    ridge_penalty: Annotated[float, Range(1e-4, 0.1, scale="log"), "On the weights, not the intercepts"] = 1e-3,
    orbit: Orbit = 0.0,
    seed: Annotated[Seed, "Of the first weights"] = 0,
    points: ClassPoints = ClassPoints(),
) -> Scene:
    data, rows = points.drawn(), marks.drawn_rows(points.drawn().n_samples)  # a surface takes thousands of losses
    sample = replace(data, X=data.X[rows], labels=data.labels[rows])
    objective = network_problem(sample, n_hidden=n_hidden, ridge_penalty=ridge_penalty).objective
    path = descend(objective, optimizers.gradient_descent(learning_rate), objective.random_params(seed), n_updates)
    surface, shadow, optimum, shares = landscape.path_landscape(objective, path)
    run = panels.Run("Gradient descent", shadow, "first")
    n_params, held = objective.n_params, float(shares.sum())
    first, second = (say("{share:%} of the path", share=float(share)) for share in shares)
    window = panels.window([shadow.params], optimum)
    # A bowl is never higher between two points than their mean: looked for along both directions of the window.
    grid = surface.values(np.stack(np.meshgrid(*(np.linspace(low, high, 25) for low, high in window), indexing="ij"), axis=-1))
    above = np.concatenate([(2 * part[1:-1] - part[:-2] - part[2:]).ravel() for part in (grid, grid.T)])
    bent = bool((above > 1e-6 * np.ptp(grid)).any())
    numbers = {"n": n_params, "held": held, "path": path.loss[-1], "shadow": shadow.loss[-1], "optimum": surface.value(optimum)}
    return Scene(
        title=("What does a network's loss landscape look like?", "A network\u2019s loss landscape?"),
        beats=[
            Beat(say("Each parameter of a network is a dimension, here {n}. Descent takes a path through them; an optimum is found from its end.",
                     "Each of {n} parameters is a dimension.", **numbers), enter="Surface", seconds=2.4),
            *[Beat(say("Of your {all} points {rows} are used, drawn at random.", all=data.n_samples, rows=len(rows)), seconds=1.6)
              for _ in range(data.n_samples > len(rows))],
            Beat(say("The plane through the optimum that comes nearest to the path holds {held:%} of its squared distance.",
                     "The plane holds {held:%} of the squared distance.", **numbers), enter="Above", seconds=2.6),
            Beat(("The path is drawn as its shadow on the plane. Its own loss and that of the shadow stand above.",
                  "The path\u2019s shadow; both losses stand above."), updates=up_to(3), slow=True, seconds=2.4),
            Beat(say("No bowl like a linear model\u2019s: between some points the ground rises above the straight line that joins them.",
                     "No bowl: the ground also bends downward.", when=bent) or "Then the next, and the next.", updates=to_end, pace="log",
                 seconds=3.8),
            Beat(say("In the end cross-entropy plus penalty is {path:4} on the path, {shadow:4} at its shadow; at the optimum {optimum:4}.",
                     "Loss {path:4}, on the plane {shadow:4}.", **numbers), seconds=0, hold=2.6),
        ],
        panels=[
            panels.loss_surface_3d(
                surface.values, [run], optimum=optimum, limits=window, x="d\u2081", y="d\u2082", orbit=orbit,
                title=("The loss on the plane", "Loss"), weight=1.15, name="Surface",
            ),
            panels.LossSurface(
                values=lambda at: np.log(surface.values(at)), runs=[run], optimum=optimum, limits=window,
                equal_steps_of_loss=True, title="From above", name="Above", note=("bands: equal factors of loss", "log bands"),
                names=(f"d\u2081: {first}", f"d\u2082: {second}"),
            ),
        ],
        secondary_counter=panels.Readout(
            ("loss, on the plane", "loss, plane"), lambda k: say("{path:.4}, {shadow:.4}", path=path.loss[k], shadow=shadow.loss[k]), "0.0000, 0.0000"
        ),
        alt=say("The loss of a network with {n} parameters at {rows} of {all} points, on the plane of its path\u2019s two main directions, which "
                "hold {held:%} of its squared distance from the optimum. In {updates:update|updates} the loss goes from {first:4} to {path:4}; "
                "at the optimum it is {optimum:4}.",
                rows=len(rows), all=data.n_samples, updates=n_updates, first=path.loss[0], **numbers),
    )
