"""How many points should one update see?

Gradient descent with minibatches of 1, 8, 32 and all points, from one start at one learning rate. The loss is the mean
squared error, without a half. Clouds show where each run stays once batch descent is within 0.2 % of its first distance.
"""

from typing import Annotated

import numpy as np
from animate import Beat, LearningRate, LinePoints, Scene, Updates, claims, compare, formatting, optimizers, panels, sampling, say, to_end, up_to
from animate.learn import convergence


def build(
    learning_rate: Annotated[LearningRate, "Step size of all"] = 0.05,
    n_updates: Annotated[Updates, "Updates of each"] = 400,
    points: LinePoints = LinePoints(128, noise=2.0, slope=2.0, intercept=1.0, first_line=(-1.5, -3.5), seed=1),
) -> Scene:
    problem, descent = points.problem(), optimizers.gradient_descent(learning_rate)
    optimum, n = problem.objective.optimum(), problem.data.n_samples
    sizes = {f"Batch {size}": size for size in (1, 8, 32) if size < n} | {f"All {n}": n}
    methods = {name: (descent, sampling.minibatch(size, rng=points.seed)) for name, size in sizes.items()}
    runs = compare(problem, methods, n_updates=n_updates)
    near = claims.settled_at(runs[-1], optimum, share=0.002)
    # Where the last batch of an epoch is incomplete, an update covers less of the way than one of all points.
    slowest = min(n / (size * -(-n // size)) for size in sizes.values())
    since = max(n_updates // 2, 0 if near is None else min(round(near / slowest), n_updates))
    kept = convergence.last_rms_distances([run.trajectory.params for run in runs], optimum, since=since)
    shrinks = bool((kept[:-1] > 1.1 * kept[1:]).all() and kept[0] < 2 * np.linalg.norm(runs[0].trajectory.params[0] - optimum))
    falls = bool(near) and all(run.trajectory.loss[near] < run.trajectory.loss[0] for run in runs)
    wander = all(claims.wanders(run, optimum) for run in runs[:-1])
    count = ("One descent", "Two descents", "Three descents", "Four descents")[len(runs) - 1]
    numbers = {"n": n, "runs": count, "more": len(runs) - 1, "rate": learning_rate, "updates": n_updates, "since": since}
    rings = [formatting.number_like(value, kept[-2], 2, least=2) for value in kept] if shrinks else kept
    return Scene(
        title=("How many points should one update see?", "How many points per update?"),
        beats=[
            Beat(say("{runs} start from one line at one learning rate η = {rate:g}; only the points per update differ.",
                     "Only the number of points per update differs.", **numbers), enter="surface", seconds=2.4),
            Beat(("One update: a single point pulls its own way, the mean of several varies less.", "The more points, the steadier the pull."),
                 enter=[*sizes], updates=up_to(1), slow=True, seconds=2.4),
            Beat(say("Then the next: each run takes its own way down.", when=falls) or say("All begin at the best line.", when=near == 0)
                 or "Then the next: each run takes its own way.", until=near or None, updates=0 if near else to_end,
                 pace="log", seconds=2.8 if near else 4.0),
            Beat(say("From update {when} on batch descent is within 0.2 % of its first distance. The {more:other wanders|others wander} on.",
                     "All {n}: there at {when}. The {more:other wanders|others wander}.", when=near if wander else None, **numbers)
                 or say("From update {when} on batch descent stays within 0.2 % of its first distance from the best line.",
                        "All {n}: within 0.2 % at update {when}.", when=near, **numbers)
                 or say("After {updates:update|updates} batch descent is not within 0.2 % of its first distance yet.", "Not there yet.", **numbers),
                 updates=to_end if near else 0, pace="log", seconds=3.0),
            Beat(say("Rings: typical distance since update {since}: {kept}. A smaller cloud costs more gradients.",
                     "Rings: typical distance. A smaller cloud costs more gradients.", "A smaller cloud costs more gradients.",
                     when=shrinks and near is not None, kept=rings, **numbers)
                 or say("Rings: typical distance since update {since}: {kept}.", "Rings: typical distance since update {since}.",
                        when=np.isfinite(kept).all(), kept=kept, **numbers) or "Not every run stays finite.", seconds=0, hold=3.0),
        ],
        panels=[panels.LossSurface.of(problem, runs, title=("Mean squared error", "MSE"), weight=1.5),
                *panels.cloud_grid(runs, optimum, problem.objective.values, since=since)],
        secondary_counter=panels.Readout.gradients_used(runs),
    )
