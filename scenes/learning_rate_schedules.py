"""Why must the learning rate of SGD fall?

Online SGD on the mean squared error of a line, without a half, x standardized: four runs over the same points in the same
order, with a learning rate that is constant, falls in steps, like 1/t or along a cosine. Own x may be left as it is.
"""

from typing import Annotated

import numpy as np
from animate import (
    Beat, LearningRate, LinePoints, Range, Scene, Updates, claims, compare, formatting, optimizers, panels, sampling, say, schedules, to_end, up_to,
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
    falls = {
        "Constant": schedules.constant(learning_rate),
        "Steps": schedules.step(learning_rate, every=max(1, n_updates // 4), factor=factor),
        "1/t": schedules.inverse_time(learning_rate, half_time=half_time),
        "Cosine": schedules.cosine(learning_rate, n_updates=n_updates),
    }
    optimum, order, n = problem.objective.optimum(), sampling.online(rng=points.seed), problem.data.n_samples
    methods = {name: (optimizers.gradient_descent(rate), order) for name, rate in falls.items()}
    runs = compare(problem, methods, n_updates=n_updates)
    rates = np.array([[rate(max(update - 1, 0)) for rate in falls.values()] for update in range(n_updates + 1)])
    since = min(n, n_updates)
    paths = [run.trajectory.params for run in runs]
    constant, *others = convergence.last_rms_distances(paths, optimum, since=since, latest=n).tolist()
    how = "Every" if max(others) < constant else "No" if min(others) >= constant else "Not every"
    return Scene(
        title=("Why must the learning rate of SGD fall?", "Why must SGD\u2019s rate fall?") if max(others) < constant else
        ("Must the learning rate of SGD fall?", "Must SGD\u2019s rate fall?"),
        beats=[
            Beat(("Four runs of online SGD from one line, over the same points in the same order: only the learning rate differs.",
                  "Four runs of SGD: only the learning rate differs."), enter=[*(run.name for run in runs), "Rates"], seconds=3.6),
            Beat("Each update uses one point.", updates=up_to(3), slow=True, seconds=1.8),
            Beat(say("Near the best line the points disagree: at a constant rate each one\u2019s pull throws the line off again.",
                     "At a constant rate each point pulls it off.", when=claims.wanders(runs[0], optimum)) or "Then the next, and the next.",
                 updates=to_end, pace="linear", seconds=3.8),
            Beat(say("\u00b1 is the distance from the best line over the last {n:update|updates}, root mean square.",
                     "\u00b1: root mean square distance, last {n:update|updates}.", n=min(n, n_updates - since + 1)), seconds=0.6, hold=1.4),
            Beat(say("{how} falling rate ends nearer than the constant one: {others} against {constant}.", "{how} falling rate ends nearer.",
                     how=how, others=others, constant=constant), seconds=0.4, hold=2.2),
        ],
        panels=[
            *panels.cloud_grid(runs, optimum, problem.objective.values, since=since, latest=n),
            panels.Traces(values=rates, names=[run.name.lower() for run in runs], title=("Learning rate", "Rate"), name="Rates",
                          roles=[run.role for run in runs], decimals=formatting.decimals_for(learning_rate, 3), weight=1.8),
        ],
        secondary_counter=panels.Readout.of("epoch", np.arange(n_updates + 1) / n, decimals=1),
    )  # fmt: skip
