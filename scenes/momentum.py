"""Why does a rolling ball leave plain descent behind?

One narrow valley, L = 1/2 (x² + κ y²), walked by gradient descent, by the heavy ball and by Nesterov's method from the
same start at the same learning rate. κ is the condition number: how much steeper the walls are than the floor.
"""

from typing import Annotated

import numpy as np

from animate import Range, Scene, Timeline, descend, optimizers, panels, surfaces
from animate.draw.panels import Term
from animate.learn.descent import gradients_along


def build(
    learning_rate: Annotated[float, Range(1e-10, 1.0, scale="log"), "Step size of all three, \u03b7"] = 0.01,
    momentum: Annotated[float, Range(0.0, 0.999), "Share of the velocity that is kept, \u03b2"] = 0.85,
    condition_number: Annotated[float, Range(1.0, 1000.0, scale="log"), "How narrow the valley is, \u03ba"] = 50.0,
    n_updates: Annotated[int, Range(1, 10_000), "Updates"] = 120,
    start: Annotated[tuple[float, float], "x and y of the start"] = (-4.5, 1.4),
) -> Scene:
    valley = surfaces.valley(condition_number)
    runs = [
        panels.Run(name, descend(valley, optimizer, start, n_updates), role)
        for name, optimizer, role in (
            ("Plain", optimizers.gradient_descent(learning_rate), "first"),
            ("Heavy ball", optimizers.heavy_ball(learning_rate, momentum), "second"),
            ("Nesterov", optimizers.nesterov(learning_rate, momentum), "third"),
        )
    ]
    goal = 1e-3 * valley.value(start)
    window = panels.window([*(run.trajectory.params for run in runs), -0.5 * runs[0].trajectory.params[:1]], valley.optimum())
    arrivals = panels.arrival_summary(runs, goal)
    x, slopes = runs[1].trajectory.params[:, 0], gradients_along(valley, runs[1].trajectory)[:, 0]
    with np.errstate(all="ignore"):  # a run that diverges
        velocity = np.append(0.0, np.diff(x))
    return Scene(
        title=("Why does a rolling ball leave plain descent behind?", "Why does a rolling ball win?"),
        caption={
            0: (f"One start, one learning rate, \u03b7 = {learning_rate:g}, three ways to use it in a narrow valley.",
                f"Three ways to use one learning rate, {learning_rate:g}."),
            max(1, n_updates // 60): (
                f"A step is \u03b7 times the slope, and along the floor the slope is {condition_number:g} times weaker than across.",
                f"Along the floor the slope is {condition_number:g} times weaker."),
            max(2, n_updates // 12): (
                f"The balls keep {100 * momentum:.4g} % of their velocity: pulls along the floor add up, pulls across it cancel.",
                "Kept velocity: pulls along add up, pulls across cancel."),
            n_updates: (f"The goal is 1/1000 of the first loss. {arrivals[0]}", *arrivals),
        },
        panels=[
            panels.LossSurface(
                values=valley.values, runs=runs, optimum=valley.optimum(), names=("x", "y"), limits=window,
                note=valley.formula, title=("A narrow valley", "Valley"),
            ),
            [
                panels.LossCurve(runs=runs, goal=goal, log=True, weight=1.2,
                                 title=("Loss; the goal is 1/1000 of the first", "Loss; goal: 1/1000 of it")),
                panels.Formula(
                    rules=[
                        [Term("$v$", velocity), r"$\leftarrow$", Term(r"$\beta$", momentum), r"$\cdot$", Term.before("$v$", velocity),
                         "$-$", Term(r"$\eta$", learning_rate), r"$\cdot$", Term(panels.derivative("x"), slopes)],
                        [Term("$x$", x), r"$\leftarrow$", Term.before("$x$", x), "$+$", Term("$v$", np.append(np.nan, velocity[1:]))],
                    ],
                    roles=[runs[1].role] * 2, title=("The heavy ball\u2019s update of x, with velocity v", "Heavy ball\u2019s update of x"),
                ),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.5, pace="log", hold_end=2.5),
        alt=f"Gradient descent, the heavy ball and Nesterov\u2019s method walk a valley {condition_number:g} times steeper across "
        f"than along, all with learning rate {learning_rate:g}, the last two with momentum {momentum:g}. How many updates "
        f"until the loss is 1/1000 of the first: {arrivals[0]}",
    )  # fmt: skip
