"""Which optimizer gets there first?

Six optimizers on one surface from one start, each at a learning rate of its own: of 1, 2 and 5 times the powers of ten
the one that brings it to the bottom first, with no step longer than a tenth of the window's diagonal. It is there once
at most 1/1000 of the first height above the bottom is left, to the end. Without noise SGD would be plain descent.
"""

from typing import Annotated, Literal

from animate import Beat, LearningRate, Scene, Updates, claims, compare, panels, say, surfaces, to_end, up_to
from animate.learn import convergence, optimizers

Rate = Annotated[LearningRate | None, "Its learning rate; none: tuned to surface and start"]
SurfaceName = Literal["valley", "rosenbrock", "beale", "himmelblau", "camel", "saddle"]


def build(
    surface: Annotated[SurfaceName, "What they run down"] = "beale",
    n_updates: Annotated[Updates | None, "Updates; none: 200, on rosenbrock 1500"] = None,
    start: Annotated[tuple[float, float] | None, "x and y of the start; none: the surface’s own"] = None,
    learning_rate_plain: Rate = None,
    learning_rate_momentum: Rate = None,
    learning_rate_nesterov: Rate = None,
    learning_rate_adagrad: Rate = None,
    learning_rate_rmsprop: Rate = None,
    learning_rate_adam: Rate = None,
) -> Scene:
    given = {"Plain": learning_rate_plain, "Momentum": learning_rate_momentum, "Nesterov": learning_rate_nesterov,
             "AdaGrad": learning_rate_adagrad, "RMSProp": learning_rate_rmsprop, "Adam": learning_rate_adam}  # fmt: skip
    ground, updates = surfaces.find_surface(surface), n_updates or (1500 if surface == "rosenbrock" else 200)
    first, least = start or ground.start, ground.value(ground.optimum())
    near = 1e-3 * (ground.value(first) - least)
    goal, tune = convergence.Goal(least + near, min(updates, 500), 0.1 * ground.diagonal), convergence.tuned_learning_rate
    methods = dict(zip(given, optimizers.OPTIMIZERS.values(), strict=True))
    rates = {name: own or tune(ground, methods[name], first, goal) for name, own in given.items()}
    runs = compare(ground, {name: methods[name](rate) for name, rate in rates.items()}, start=first, n_updates=updates)
    all_tuned = not any(given.values()) and all(goal.is_reached_by(run.trajectory) for run in runs)
    return Scene(
        title=("Which optimizer gets there first?", "Which optimizer is first?"),
        beats=[
            Beat(("Six optimizers start at one point. The goal: to stay within 1/1000 of the first height above the bottom.",
                  "Six optimizers, one start."), enter="Surface", seconds=2.4),
            Beat(say("Each runs at the best of 1, 2, 5 × 10ⁿ: first at the goal, no step above a tenth of the window.",
                     "Each at its best rate; no step above 1/10 window.", when=all_tuned)
                 or ("Each has a learning rate of its own, beside its name.", "Each has a rate of its own."),
                 enter="Rates", seconds=2.4),
            Beat(("Plain descent follows the slope. Momentum and Nesterov keep 0.9 of their velocity.",
                  "Momentum and Nesterov keep 0.9."), updates=up_to(3), slow=True, seconds=2.6),
            Beat(("AdaGrad, RMSProp and Adam divide each step by the size of past slopes, of x and of y apart.",
                  "The others scale steps by past slopes."), enter="Height", updates=to_end, pace="log", seconds=4.0),
            Beat(claims.arrival_summary(runs, near, above=least), hold=2.6, seconds=0),
        ],
        panels=[
            panels.LossSurface.of_surface(ground, runs, title=f"Loss surface: {surface.capitalize()}", name="Surface"),
            [
                panels.LossCurve(runs=runs, above=least, goal=near, names=False, log=True, title="Height"),
                panels.standings(runs, list(rates.values()), least, near, title="Learning rate", name="Rates"),
            ],
        ],
    )
