"""Which optimizer gets there first?

Six optimizers on one surface from one start, each at a learning rate of its own: of 1, 2 and 5 times the powers of ten
the one that brings it to the bottom first, with no step longer than a tenth of the window's diagonal. The bottom counts
as reached when 1/1000 of the first height above it is left. Without noise in the surface SGD is plain gradient descent.
"""

from typing import Annotated, Literal

from animate import (
    LearningRate, Scene, Timeline, Updates, claims, compare, formatting, marks, optimizers, panels, say, surfaces,
)
from animate.learn import convergence

Rate = Annotated[LearningRate | None, "Its learning rate; none: tuned to surface and start"]
FULL_NAMES = {"beale": "Beale’s function", "rosenbrock": "Rosenbrock’s function", "himmelblau": "Himmelblau’s function"}
SurfaceName = Literal["valley", "rosenbrock", "beale", "himmelblau", "camel", "saddle"]


def standings(runs: list[panels.Run], rates: list[float], goal: float, least: float) -> panels.Plot:
    """Return a line for each run: its name, its learning rate, and its loss until it reaches the goal for good."""
    rows: list[marks.Mark] = []
    for row, (run, rate) in enumerate(zip(runs, rates, strict=True)):
        y, loss = 1 - (row + 0.5) / len(runs), run.trajectory.loss - least
        finish = convergence.settling_update(loss, goal)
        place = [(formatting.short_number(value),) for value in loss[:finish]] + [(f"reached at {finish}", f"at {finish}")] * (finish is not None)
        rows += [
            marks.Points([[0.0, y]], size=(10, 5.5), color=run.role, edge_width=0, clip=False),
            marks.Text(f"   {run.name}", (0.0, y), color=run.role, bold=True),
            marks.Text(f"{rate:g}", (0.46, y)),
            marks.Text(marks.per_update(place), (1.0, y), align="right", color="ink"),
        ]
    return panels.Plot(*rows, limits=((0, 1), (0, 1)), axes=False, title="Learning rate", runs=runs,
                       readout=panels.Readout.still(("loss now / reached at", "loss / reached", "loss")))


def build(
    surface: Annotated[SurfaceName, "What they run down"] = "beale",
    n_updates: Annotated[Updates | None, "Updates; none: 200, on rosenbrock 1500"] = None,
    start: Annotated[tuple[float, float] | None, "x and y of the start; none: the surface's own"] = None,
    learning_rate_sgd: Rate = None,
    learning_rate_momentum: Rate = None,
    learning_rate_nesterov: Rate = None,
    learning_rate_adagrad: Rate = None,
    learning_rate_rmsprop: Rate = None,
    learning_rate_adam: Rate = None,
) -> Scene:
    racers = {
        "SGD": (optimizers.gradient_descent, learning_rate_sgd),
        "Momentum": (optimizers.heavy_ball, learning_rate_momentum),
        "Nesterov": (optimizers.nesterov, learning_rate_nesterov),
        "AdaGrad": (optimizers.adagrad, learning_rate_adagrad),
        "RMSProp": (optimizers.rmsprop, learning_rate_rmsprop),
        "Adam": (optimizers.adam, learning_rate_adam),
    }
    ground, updates = surfaces.find_surface(surface), n_updates or (1500 if surface == "rosenbrock" else 200)
    first, least = start or ground.start, ground.value(ground.optimum())
    near = 1e-3 * (ground.value(first) - least)
    goal = convergence.Goal(least + near, min(updates, 500), longest_step=0.1 * ground.diagonal)
    rates = {
        name: given or convergence.tuned_learning_rate(ground, optimizer, first, goal) for name, (optimizer, given) in racers.items()
    }
    runs = compare(ground, {name: racers[name][0](rate) for name, rate in rates.items()}, start=first, n_updates=updates)
    tuned = all(given is None for _, given in racers.values())
    result = claims.arrival_summary(runs, near, above=least)
    ends = [run.trajectory.params for run in runs]
    return Scene(
        title=("Which optimizer gets there first?", "Which optimizer is first?"),
        caption=[
            (0, say("One start, each at the rate of 1, 2, 5 \u00d7 10\u207f that is first at the goal, no step above a tenth of the window.",
                    "Each at its best rate, no step above 1/10 window.", "One start, each at its best rate.", when=tuned)
             or say("Six optimizers start from one point, each with a learning rate of its own.", "One start, six optimizers, six learning rates.")),
            (updates // 60, ("SGD, here without noise, follows the slope; Momentum and Nesterov also keep 0.9 of their velocity.",
                             "Momentum and Nesterov keep 0.9 of their velocity.")),
            (updates // 12, ("AdaGrad, RMSProp and Adam divide each step by the size of past slopes, of x and of y apart.",
                             "The others divide by the size of past slopes.")),
            (updates, (say("The goal: 1/1000 of the first height is left. {long}", long=result[0]), *result)),
        ],
        panels=[
            panels.LossSurface(
                values=ground.log_values, runs=runs, optimum=ground.nearest_minimum(runs[0].trajectory.final),
                minima=ground.minima, names=("x", "y"), limits=panels.window([*ends, ground.minima], ground.optimum()),
                title=(f"Loss surface ({FULL_NAMES.get(surface, surface)})", "Loss surface"), note=(ground.formula, ""), weight=1.1,
            ),
            [
                panels.LossCurve(
                    runs=runs, above=least, goal=near, names=False, log=True, title=("Excess loss", "Excess"),
                ),
                standings(runs, list(rates.values()), near, least),
            ],
        ],
        timeline=Timeline(updates, seconds=7.5, pace="log", hold_end=2.6),
        alt=say("Six optimizers run down the surface {surface} from x = {x:g}, y = {y:g}, with learning rates {rates}. {result}",
                surface=surface, x=first[0], y=first[1], result=result[0],
                rates=[say("{name} {rate:g}", name=name, rate=rate) for name, rate in rates.items()]),
    )  # fmt: skip
