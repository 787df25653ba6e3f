"""What does momentum change in a narrow valley?

One narrow valley, L = 1/2 (x² + κ y²), walked by gradient descent, by the heavy ball and by Nesterov's method from the
same start at the same learning rate. κ is the condition number: how much steeper the walls are than the floor.
"""

from typing import Annotated

import numpy as np
from animate import Beat, LearningRate, Momentum, Range, Scene, Updates, claims, compare, optimizers, panels, say, surfaces, to_end, up_to
from animate.learn.conditioning import fewest_updates


def build(
    learning_rate: Annotated[LearningRate, "Step size of all three, \u03b7"] = 0.01,
    momentum: Annotated[Momentum, "Share of the velocity that is kept, \u03b2"] = 0.85,
    condition_number: Annotated[float, Range(1.0, 1000.0, scale="log"), "How narrow the valley is, \u03ba"] = 50.0,
    n_updates: Updates = 120,
    start: Annotated[tuple[float, float], "x and y of the start"] = (-4.5, 1.4),
) -> Scene:
    valley = surfaces.valley(condition_number)
    methods = {"Plain": optimizers.gradient_descent(learning_rate), "Heavy ball": optimizers.heavy_ball(learning_rate, momentum),
               "Nesterov": optimizers.nesterov(learning_rate, momentum)}  # fmt: skip
    runs = plain, ball, _ = compare(valley, methods, start=start, n_updates=n_updates)
    goal = 1e-3 * valley.value(start)
    window = panels.window([*(run.trajectory.params for run in runs), -0.5 * plain.trajectory.params[:1]], valley.optimum())
    long, *short = claims.arrival_summary(runs, goal)
    best_rate, alone = fewest_updates(np.diag([1.0, condition_number]), np.array(start), share=1e-3)
    crosses = bool((np.diff(np.sign(ball.trajectory.params[:, 1])) != 0).any())
    ground = "A narrow valley" if condition_number >= 10 else "A valley" if condition_number > 1 else "A round bowl"
    return Scene(
        title=(f"What does momentum change in {ground.lower()}?", "What does momentum change?"),
        beats=[
            Beat(say("A valley {times:g} times as steep across as along. Three ways to walk it, all at learning rate {rate:g}.",
                     "Three ways to walk a valley at rate {rate:g}.", times=condition_number, rate=learning_rate, when=condition_number > 1)
                 or say("A round bowl. Three ways to walk it, all at learning rate {rate:g}.", "Three ways to walk a bowl at rate {rate:g}.",
                        rate=learning_rate),
                 enter="Valley", seconds=2.4),
            Beat(say("A plain step is {rate:g} times the slope. The heavy ball also keeps {kept:g} % of its last step, its velocity v.",
                     "The heavy ball keeps {kept:g} % of its last step.", rate=learning_rate, kept=100 * momentum),
                 updates=up_to(3), slow=True, enter="Rule", focus=["path", "optimum", "text", "number"], seconds=3.4),
            Beat(say("Pulls along the floor add up, pulls across it cancel. Nesterov takes the slope where the velocity will lead.",
                     "Pulls along add up, pulls across cancel.", when=momentum > 0 and crosses and condition_number > 1 and ball.diverges_at is None)
                 or say("The velocity adds up past pulls. Nesterov takes the slope where the velocity will lead.", "The velocity adds up past pulls.",
                        when=momentum > 0) or "Without momentum all three are the same.",
                 updates=to_end, pace="log", enter="Loss", seconds=3.6),
            Beat((say("The goal is 1/1000 of the first loss. {long}", long=long), long, *short), seconds=1.0, hold=1.4),
            Beat(say("The rate matters too: plain descent at its own best one, {rate}, needs {alone:update|updates}.",
                     "Plain at its best rate: {alone:update|updates}.", when=goal > 0, rate=best_rate, alone=alone), seconds=0.6, hold=2.4),
        ],
        panels=[
            panels.LossSurface(values=valley.values, runs=runs, optimum=valley.optimum(), names=("x", "y"), limits=window, name="Valley",
                               note=valley.formula, title=(ground, ground.rsplit(maxsplit=1)[-1].capitalize())),
            [
                panels.LossCurve(runs=runs, goal=goal, log=True, weight=1.2, name="Loss", title=("Loss; the goal is 1/1000 of the first", "Loss")),
                panels.Formula.of_heavy_ball(valley, ball, learning_rate, momentum, name="Rule", weight=0.75,
                                             title=("The heavy ball\u2019s update of x", "Heavy ball\u2019s update", "The update")),
            ],
        ],
    )
