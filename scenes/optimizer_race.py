"""Which optimizer gets there first?

Six optimizers on one surface from one start, each at a learning rate of its own: of 1, 2 and 5 times the powers of ten
the one that brings it to the bottom first, with no step longer than a tenth of the window's diagonal. The bottom counts
as reached when 1/1000 of the first height above it is left. Without noise in the surface SGD would be plain gradient descent.
"""

from typing import Annotated, Literal

import numpy as np

from animate import (
    Beat, LearningRate, Scene, Updates, claims, compare, formatting, marks, optimizers, panels, say, sentences, surfaces, to_end, up_to
)
from animate.learn import convergence

Rate = Annotated[LearningRate | None, "Its learning rate; none: tuned to surface and start"]
FULL_NAMES = {"beale": "Beale’s function", "rosenbrock": "Rosenbrock’s function", "himmelblau": "Himmelblau’s function"}
SurfaceName = Literal["valley", "rosenbrock", "beale", "himmelblau", "camel", "saddle"]


def build(
    surface: Annotated[SurfaceName, "What they run down"] = "beale",
    n_updates: Annotated[Updates | None, "Updates; none: 200, on rosenbrock 1500"] = None,
    start: Annotated[tuple[float, float] | None, "x and y of the start; none: the surface's own"] = None,
    learning_rate_plain: Rate = None,
    learning_rate_momentum: Rate = None,
    learning_rate_nesterov: Rate = None,
    learning_rate_adagrad: Rate = None,
    learning_rate_rmsprop: Rate = None,
    learning_rate_adam: Rate = None,
) -> Scene:
    racers = {
        "Plain": (optimizers.gradient_descent, learning_rate_plain), "Momentum": (optimizers.heavy_ball, learning_rate_momentum),
        "Nesterov": (optimizers.nesterov, learning_rate_nesterov), "AdaGrad": (optimizers.adagrad, learning_rate_adagrad),
        "RMSProp": (optimizers.rmsprop, learning_rate_rmsprop), "Adam": (optimizers.adam, learning_rate_adam),
    }
    ground, updates = surfaces.find_surface(surface), n_updates or (1500 if surface == "rosenbrock" else 200)
    first, least = start or ground.start, ground.value(ground.optimum())
    near, longest = 1e-3 * (ground.value(first) - least), 0.1 * ground.diagonal
    goal = convergence.Goal(least + near, min(updates, 500), longest_step=longest)
    rates = {name: given or convergence.tuned_learning_rate(ground, optimizer, first, goal) for name, (optimizer, given) in racers.items()}
    runs = compare(ground, {name: racers[name][0](rate) for name, rate in rates.items()}, start=first, n_updates=updates)
    with np.errstate(all="ignore"):
        steps = [np.linalg.norm(np.diff(run.trajectory.params[: goal.n_updates + 1], axis=0), axis=1).max() for run in runs]
    arrive = all(convergence.settling_update(run.trajectory.loss[: goal.n_updates + 1], goal.loss) is not None for run in runs)
    tuned = all(given is None for _, given in racers.values()) and bool((np.array(steps) <= longest).all()) and arrive
    long, *short = claims.arrival_summary(runs, near, above=least)

    def row(run: panels.Run, place: int) -> list[marks.Mark]:
        y, height = 1 - (place + 0.5) / len(runs), run.trajectory.loss - least
        at = convergence.settling_update(height, near)
        words: list[str | tuple[str, ...]] = [formatting.short_number(value) for value in height[:at]]
        words += [say("reached at {at}", "at {at}", at=at)] if at is not None else []
        return [marks.Points([[0.0, y]], marker=run.marker, size=(10, 5.5), color=run.role, edge_width=0, clip=False),
                marks.Text(f"   {run.name}", (0.0, y), color=run.role, bold=True),
                marks.Text(say("{rate:g}", rate=rates[run.name]), (0.68, y), align="right"),
                marks.Text(marks.per_update(words), (1.0, y), align="right", color="ink")]

    return Scene(
        title=("Which optimizer gets there first?", "Which optimizer is first?"),
        beats=[
            Beat(("Six optimizers start at one point. The goal: 1/1000 of the first height above the bottom is left.",
                  "Six optimizers, one start."), enter="Surface", seconds=2.4),
            Beat(say("Each runs at the best of 1, 2, 5 \u00d7 10\u207f: the first at the goal, with no step above a tenth of the window.",
                     "Each at its best rate; no step above 1/10 window.", when=tuned)
                 or say("Each has a learning rate of its own, which stands beside its name.", "Each has a rate of its own."), enter="Rates",
                 seconds=2.4),
            Beat(("Plain descent follows the slope. Momentum and Nesterov keep 0.9 of their velocity.", "Momentum and Nesterov keep 0.9."),
                 updates=up_to(3), slow=True, focus=["path", "minima", "optimum"], seconds=2.6),
            Beat(("AdaGrad, RMSProp and Adam divide each step by the size of past slopes, of x and of y apart.",
                  "The others divide by the size of past slopes."), updates=to_end, pace="log", enter="Height", seconds=4.0),
            Beat((long, *short), hold=2.6, seconds=0),
        ],
        panels=[
            panels.LossSurface(
                values=ground.log_values, runs=runs, optimum=ground.nearest_minimum(runs[0].trajectory.final), minima=ground.minima,
                names=("x", "y"), limits=panels.window([*(run.trajectory.params for run in runs), ground.minima], ground.optimum()), name="Surface",
                title=(f"Loss surface ({FULL_NAMES.get(surface, surface)})", "Loss surface"), note=(ground.formula, ""), weight=1.1,
            ),
            [
                panels.LossCurve(runs=runs, above=least, goal=near, names=False, log=True, name="Height",
                                 title=("Height above the bottom", "Height")),
                panels.Plot(*(mark for place, run in enumerate(runs) for mark in row(run, place)), limits=((0, 1), (0, 1)), axes=False, name="Rates",
                            title="Learning rate", readout=panels.Readout.still(("height now / reached at", "height / reached", "height"))),
            ],
        ],
        alt=sentences(say("Six optimizers run down the surface {surface} from x = {x:g}, y = {y:g}, with learning rates {rates}.", x=first[0],
                          y=first[1], surface=surface, rates=[say("{name} {rate:g}", name=name, rate=rate) for name, rate in rates.items()]), long),
    )
