"""What does momentum change in a narrow valley?

One narrow valley, L = 1/2 (x² + κ y²), walked by gradient descent, by the heavy ball and by Nesterov's method from the
same start at the same learning rate. κ is the condition number: how much steeper the walls are than the floor.
"""

from typing import Annotated

import numpy as np

from animate import (
    LearningRate, Momentum, Range, Scene, Timeline, Updates, claims, compare, descend, optimizers, panels, say, sentences, surfaces,
)
from animate.learn import convergence, gradients_along


def build(
    learning_rate: Annotated[LearningRate, "Step size of all three, \u03b7"] = 0.01,
    momentum: Annotated[Momentum, "Share of the velocity that is kept, \u03b2"] = 0.85,
    condition_number: Annotated[float, Range(1.0, 1000.0, scale="log"), "How narrow the valley is, \u03ba"] = 50.0,
    n_updates: Updates = 120,
    start: Annotated[tuple[float, float], "x and y of the start"] = (-4.5, 1.4),
) -> Scene:
    valley = surfaces.valley(condition_number)
    runs = plain, ball, _ = compare(
        valley,
        {
            "Plain": optimizers.gradient_descent(learning_rate),
            "Heavy ball": optimizers.heavy_ball(learning_rate, momentum),
            "Nesterov": optimizers.nesterov(learning_rate, momentum),
        },
        start=start, n_updates=n_updates,
    )  # fmt: skip
    goal, best_rate = 1e-3 * valley.value(start), 2 / (1 + condition_number)
    window = panels.window([*(run.trajectory.params for run in runs), -0.5 * plain.trajectory.params[:1]], valley.optimum())
    arrivals = claims.arrival_summary(runs, goal)
    alone = convergence.settling_update(descend(valley, optimizers.gradient_descent(best_rate), start, 10 * n_updates).loss, goal)
    fair = say("At rate 2/(1 + \u03ba) = {rate} plain descent would need {when}.", when=alone, rate=best_rate)
    x, slopes = ball.trajectory.params[:, 0], gradients_along(valley, ball.trajectory)[:, 0]
    with np.errstate(all="ignore"):  # a run that diverges
        velocity = np.append(0.0, np.diff(x))
    crosses = bool((np.diff(np.sign(ball.trajectory.params[:, 1])) != 0).any())
    return Scene(
        title=("What does momentum change in a narrow valley?", "What does momentum change?"),
        caption=[
            (0, say("One start, one learning rate, \u03b7 = {rate:g}, three ways to use it in a narrow valley.",
                    "Three ways to use one learning rate, {rate:g}.", rate=learning_rate)),
            (max(1, n_updates // 60), say(
                "A step is \u03b7 times the slope, and along the floor the slope is {times:g} times weaker than across.",
                "Along the floor the slope is {times:g} times weaker.", when=condition_number >= 2, times=condition_number)),
            (max(2, n_updates // 12), say(
                "The balls keep {kept:g} % of their velocity: pulls along the floor add up, pulls across it cancel.",
                "Kept velocity: pulls along add up, pulls across cancel.", when=momentum > 0 and crosses, kept=100 * momentum)
             or say("The balls keep {kept:g} % of their velocity: pulls in one direction add up.",
                    "Kept velocity: pulls add up.", when=momentum > 0, kept=100 * momentum)),
            (n_updates, (sentences(arrivals[0], fair), say("The goal is 1/1000 of the first loss. {long}", long=arrivals[0]), *arrivals)),
        ],
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
                        [panels.Term("$v$", velocity), r"$\leftarrow$", panels.Term(r"$\beta$", momentum), r"$\cdot$", panels.Term.before("$v$", velocity),
                         "$-$", panels.Term(r"$\eta$", learning_rate), r"$\cdot$", panels.Term(panels.derivative("x"), slopes)],
                        [panels.Term("$x$", x), r"$\leftarrow$", panels.Term.before("$x$", x), "$+$", panels.Term("$v$", np.append(np.nan, velocity[1:]))],
                    ],
                    roles=[ball.role] * 2, title=("The heavy ball\u2019s update of x, with velocity v", "Heavy ball\u2019s update of x"),
                ),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.5, pace="log", hold_end=2.5),
        alt=sentences(
            say("Gradient descent, the heavy ball and Nesterov\u2019s method walk a valley {times:g} times steeper across than along, all "
                "with learning rate {rate:g}, the last two with momentum {momentum:g}. How many updates until the loss is 1/1000 of the "
                "first: {arrivals}", times=condition_number, rate=learning_rate, momentum=momentum, arrivals=arrivals[0]),
            fair,
        ),
    )  # fmt: skip
