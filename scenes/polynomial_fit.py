"""How does descent bend a curve to the points?

Batch gradient descent on half the sum of squared residuals of a polynomial, from random weights. Its features are the powers
of standardized x, each scaled to mean 0 and standard deviation 1; without that, descent on high powers would hardly move.
"""

from dataclasses import replace
from typing import Annotated, Literal

import numpy as np

from animate import (
    Beat, LearningRate, Noise, OwnData, Range, RegressionData, Scene, Seed, Updates, claims, datasets, descend, optimizers,
    panels, say, sentences, to_end, up_to,
)
from animate.learn.problems import polynomial_problem


def build(
    degree: Annotated[int, Range(1, 9), "Highest power of x"] = 5,
    learning_rate: Annotated[LearningRate | None, "Step size; none: three quarters of the limit 2/\u03bbmax"] = None,
    n_updates: Updates = 3000,
    first_weights: Annotated[float, Range(0.0, 10.0), "Standard deviation of the random first weights, in that of y"] = 0.5,
    dataset: Annotated[Literal["sine", "saturating", "outliers"], "What is drawn"] = "sine",
    n_samples: Annotated[int, Range(10, 500), "Points drawn"] = 45,
    noise: Noise = 0.25,
    seed: Annotated[Seed, "Of the points and the first weights"] = 3,
    data: OwnData = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else datasets.DATASETS[dataset](n_samples, noise=noise, rng=seed)
    problem, n = polynomial_problem(points, degree, loss="half_squared"), points.n_samples
    objective, optimum = problem.objective, problem.objective.optimum()
    limit = objective.stability_limit() / n  # the sum over n points is n times as steep as their mean
    rate = learning_rate or 0.75 * limit
    first = first_weights * points.y.std() * np.random.default_rng(seed).normal(size=degree + 1) + np.eye(degree + 1)[-1] * points.y.mean()
    path = descend(objective, optimizers.gradient_descent(rate * n), first, n_updates)
    run, best = panels.Run("Descent", replace(path, loss=n * path.loss), "second"), n * objective.value(optimum)
    best = best if best > 1e-20 * np.square(points.y).sum() else 0.0  # rounding: the curve goes through every point
    bent, done, condition = claims.gained_at(run, best), claims.converged_at(run, best), objective.condition_number()
    creeps = bent is not None and 1 < bent < n_updates and condition >= 10 and (done is None or done > 5 * bent)
    numbers = {"n": n, "degree": degree, "rate": rate, "limit": limit, "last": run.trajectory.loss[-1], "best": best, "updates": n_updates}
    ending = (
        say("Converged at update {when}: within 1/10,000 of its first excess over the least loss, {best}, dashed.",
            "Converged at update {when}; the last loss is {last}.", when=done, **numbers)
        or say("After {updates:update|updates} the loss is {last}; least squares, dashed, has {best}.", "Loss {last}; the least is {best}.",
               when=bool(np.isfinite(run.trajectory.loss[-1])), **numbers)
        or say("The loss has left the range of the computer; least squares, dashed, has {best}.", "The least loss is {best}.", **numbers)
    )
    return Scene(
        title=("How does descent bend a curve to the points?", "How does descent bend a curve?"),
        beats=[
            Beat(say("{n} points, and a sum of weighted powers of x up to degree {degree}. Which weights fit?",
                     "{n} points, degree {degree}. Which weights fit?", **numbers), enter="points", seconds=2.0),
            Beat(say("The first weights are random: a random curve. The loss is half the sum of squared residuals.",
                     "Random weights. Loss: half the squared residuals.", when=first_weights > 0 and points.y.std() > 0)
                 or ("The first weights of the powers are 0: a flat line. The loss is half the sum of squared residuals.",
                     "Weights of 0: a flat line."),
                 enter=["curve", "residuals", "Curve/text", "readout"], seconds=2.2),
            Beat(say("Each update moves every weight by {rate} times the sum of residual times power. 2/\u03bbmax is {limit}.",
                     "An update moves every weight, rate {rate}.", **numbers), updates=up_to(1), slow=True, enter="Loss",
                 focus=["curve", "path", "residuals"], seconds=2.4),
            *[Beat("Then the next, and the next.", until=bent, pace="log", seconds=1.8) for _ in range(creeps)],
            Beat(say("Nine tenths of the possible gain took {bent:update|updates}. The rest creeps: directions up to {times} times flatter.",
                     "{bent:update|updates}: 9/10 of the gain. The rest creeps.", when=creeps, bent=bent,
                     times=condition if condition >= 1e6 else round(min(condition, 1e6)))
                 or "Then the next, and the next.", updates=to_end, pace="log", seconds=3.4),
            Beat(ending, enter=["line", "optimum"], seconds=0.4, hold=2.6),
        ],
        panels=[
            panels.Curves(
                data=points, curves=[panels.FittedCurve(run, problem.curve)], residuals="segments", weight=1.5, name="Curve",
                reference=lambda x: problem.curve(optimum, x), reference_name="least squares", title=("Points and polynomial", "Polynomial"),
            ),
            panels.LossCurve(runs=[run], optimum=best if best > 0 else None, log=True, log_updates=True, name="Loss",
                             title=("Half the sum of squares", "\u00bd \u03a3 r\u00b2")),
        ],
        alt=sentences(say("Gradient descent at rate {rate} fits a polynomial of degree {degree} to {n} points.", **numbers), ending),
    )
