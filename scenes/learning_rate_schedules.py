"""Why must the learning rate of SGD fall?

Online SGD on the mean squared error of a line, without a half, x standardized: four runs over the same points in the same
order, with a learning rate that is constant, falls in steps, like 1/t or along a cosine. Own x may be left as it is.
"""

from typing import Annotated

import numpy as np

from animate import (
    Beat, LearningRate, LinePoints, Range, Scene, Updates, claims, compare, formatting, optimizers, panels, sampling, say,
    schedules, to_end, up_to,
)
from animate.learn import convergence


def build(
    learning_rate: Annotated[LearningRate, "Learning rate of the first update of each"] = 0.05,
    factor: Annotated[float, Range(0.01, 0.99), "What each of the three steps down leaves of the rate"] = 0.3,
    half_time: Annotated[float, Range(1.0, 10_000.0, scale="log"), "Updates until 1/t has half the rate"] = 100.0,
    n_updates: Annotated[Updates, Range(4, 10_000), "Updates of each, one point each"] = 2400,
    points: LinePoints = LinePoints(60, noise=1.5, first_line=(1.4, 2.0)),
) -> Scene:
    problem = points.problem(standardize_drawn=True)
    first, optimum = points.first_params(problem), problem.objective.optimum()
    falls = {
        "Constant": schedules.constant(learning_rate),
        "Steps": schedules.step(learning_rate, every=max(1, n_updates // 4), factor=factor),
        "1/t": schedules.inverse_time(learning_rate, half_time=half_time),
        "Cosine": schedules.cosine(learning_rate, n_updates=n_updates),
    }
    order, n = sampling.online(rng=points.seed), problem.data.n_samples
    runs = compare(
        problem, {name: (optimizers.gradient_descent(rate), order) for name, rate in falls.items()}, start=first, n_updates=n_updates
    )
    rates = np.array([[rate(max(update - 1, 0)) for rate in falls.values()] for update in range(n_updates + 1)])
    since = min(n, n_updates)
    kept = {
        run.name: float(convergence.running_rms_distance(run.trajectory.params, optimum, since=since, latest=n)[-1]) for run in runs
    }
    kept = {name: np.inf if np.isnan(distance) else distance for name, distance in kept.items()}
    constant, *others = kept.values()
    on_a_line = problem.objective.value(optimum) <= 1e-20 * float(np.square(problem.data.y).mean())
    verdict = (
        say("The points lie on one line and agree: even the constant rate comes to rest.", "Even the constant rate comes to rest.",
            when=on_a_line and claims.settled_at(runs[0], optimum))
        or say("Every falling rate ends nearer than the constant one.", "Every falling rate ends nearer.", when=max(others) < constant)
        or say("No falling rate ends nearer than the constant one.", "The constant rate ends nearest.", when=min(others) > constant)
        or say("Not every falling rate ends nearer than the constant one.", "Some falling rates end nearer.",
               when=bool(np.isfinite(constant)))
    )
    largest = max((one for one in kept.values() if np.isfinite(one)), default=1.0)
    sizes = ", ".join(say("{name} \u00b1 {size}", name=name, size=formatting.number_like(size, largest)) for name, size in kept.items())
    return Scene(
        title=("Why must the learning rate of SGD fall?", "Why must SGD\u2019s rate fall?") if max(others) < constant else
        ("Must the learning rate of SGD fall?", "Must SGD\u2019s rate fall?"),
        beats=[
            Beat(("Four runs of online SGD from one line. The star is the best line, of lowest mean squared error.",
                  "Four runs of SGD; the star is the best line."), enter=[run.name for run in runs], seconds=2.4),
            Beat(("The same points in the same order: only the learning rate differs. It stays, or falls in one of three ways.",
                  "Only the learning rate differs."), enter="Rates", seconds=2.4),
            Beat("Each update uses one point.", updates=up_to(3), slow=True, seconds=1.8),
            Beat(say("Near the best line the points disagree: at a constant rate each one\u2019s pull throws the line off again.",
                     "At a constant rate each point pulls it off.", when=claims.wanders(runs[0], optimum)) or "Then the next, and the next.",
                 updates=to_end, pace="linear", seconds=3.8),
            Beat(say("\u00b1 is the distance from the best line over the last epoch, root mean square: {sizes}.",
                     "\u00b1: root mean square distance from the best line, last epoch.", "\u00b1: distance over the last epoch.", sizes=sizes),
                 seconds=0.6, hold=1.4),
            Beat(verdict, seconds=0.4, hold=2.2),
        ],
        panels=[
            *panels.cloud_grid(runs, optimum, problem.objective.values, since=since, latest=n),
            panels.Traces(
                values=rates, names=[(run.name.lower(), "") for run in runs], title=("Learning rate", "Rate"), name="Rates",
                roles=[run.role for run in runs], decimals=formatting.decimals_for(learning_rate, 3), weight=1.15,
            ),
        ],
        secondary_counter=panels.Readout(
            "epoch", lambda k: formatting.number(k / n, 1), formatting.number(n_updates / n, 1)
        ),
        alt=say("Online SGD over {n} points with four learning rate schedules from {rate:g}, {updates:update|updates}. Distance from the best "
                "line over the last epoch, root mean square: {sizes}.", n=n, rate=learning_rate, updates=n_updates, sizes=sizes),
    )  # fmt: skip
