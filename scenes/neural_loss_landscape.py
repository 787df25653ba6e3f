"""What does a network’s loss landscape look like?

A network with one hidden layer of tanh units, on the plane through the optimum that its path leads to, along the path's two
main directions; the path is drawn as its shadow, at the plane's own height. The loss is the mean cross-entropy plus half the
ridge penalty times the squared weights, the intercepts not penalized. Of more than 2,000 points a sample of so many is used.
"""

from dataclasses import replace
from typing import Annotated

import numpy as np
from animate import Beat, ClassPoints, LearningRate, Orbit, Range, Scene, Seed, Updates, descend, marks, optimizers, panels, say, to_end, up_to
from animate.learn import landscape, network_problem, surfaces


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
    window = panels.window([shadow.params], optimum)
    ends = {"path": path.loss[-1], "shadow": shadow.loss[-1], "optimum": surface.value(optimum)}
    return Scene(
        title=("What does a network\u2019s loss landscape look like?", "A network\u2019s loss landscape?"),
        beats=[
            Beat(say("Each parameter of a network is a dimension, here {n}. Descent takes a path through them; an optimum is found from its end.",
                     "Each of {n} parameters is a dimension.", n=objective.n_params), enter="Surface", seconds=2.4),
            Beat(say("Of your {all} points {rows} are used, drawn at random.", all=data.n_samples, rows=len(rows),
                     when=data.n_samples > len(rows)), seconds=1.6),
            Beat(say("The plane through the optimum that comes nearest to the path holds {held:%} of its squared distance.",
                     "The plane holds {held:%} of the squared distance.", held=float(shares.sum())), enter="Above", seconds=2.6),
            Beat(("The path is drawn as its shadow on the plane. Its own loss and that of the shadow stand above.",
                  "The path\u2019s shadow; both losses stand above."), updates=up_to(3), slow=True, seconds=2.4),
            Beat(say("No bowl like a linear model\u2019s: between some points the ground rises above the straight line that joins them.",
                     "No bowl: the ground also bends downward.", when=surfaces.bends_down(surface.values, window))
                 or "Then the next, and the next.", updates=to_end, pace="log", seconds=3.8),
            Beat(say("In the end cross-entropy plus penalty is {path:4} on the path, {shadow:4} at its shadow; at the optimum {optimum:4}.",
                     "Loss {path:4}, on the plane {shadow:4}.", **ends), seconds=0, hold=2.6),
        ],
        panels=[
            panels.loss_surface_3d(surface.values, [run], optimum=optimum, limits=window, x="d\u2081", y="d\u2082", orbit=orbit,
                                   title=("The loss on the plane", "Loss"), weight=1.15, name="Surface"),
            panels.LossSurface(values=lambda at: np.log(surface.values(at)), runs=[run], optimum=optimum, limits=window,
                               equal_steps_of_loss=True, title="From above", name="Above", note=("bands: equal factors of loss", "log bands"),
                               names=((say("d\u2081: {share:%} of the squared distance", share=shares[0]), "d\u2081"),
                                      (say("d\u2082: {share:%} of the squared distance", share=shares[1]), "d\u2082"))),
        ],
        secondary_counter=panels.Readout.of(("loss, on the plane", "loss, plane", "loss"), np.stack([path.loss, shadow.loss], axis=-1), decimals=4),
    )
