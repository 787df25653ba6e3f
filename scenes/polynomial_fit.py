"""How does descent bend a curve to the points?

Batch gradient descent on half the sum of squared residuals of a polynomial, from random weights. Its features are the powers
of standardized x, each scaled to mean 0 and standard deviation 1; without that, descent on high powers would hardly move.
"""

from dataclasses import replace
from typing import Annotated, Literal

from animate import (
    Beat, LearningRate, Noise, OwnData, Range, Scene, Seed, Updates, claims, datasets, descend, optimizers, panels, say, to_end, up_to,
)
from animate.learn import polynomial_problem, starting_polynomial


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
    points = data or datasets.DATASETS[dataset](n_samples, noise=noise, rng=seed)
    problem = polynomial_problem(points, degree, loss="half_squared")
    objective, n = problem.objective, problem.data.n_samples
    limit = objective.stability_limit() / n  # the sum over n points is n times as steep as their mean
    rate = learning_rate or 0.75 * limit
    path = descend(objective, optimizers.gradient_descent(rate * n), starting_polynomial(problem, spread=first_weights, rng=seed), n_updates)
    run, best = panels.Run("Descent", replace(path, loss=n * path.loss), "second"), n * objective.lowest()
    bent, done, condition = claims.gained_at(run, best), claims.converged_at(run, best), objective.condition_number()
    creeps = bent is not None and 1 < bent < n_updates and 10 <= condition < 1e15 and (done is None or done > 5 * bent)
    return Scene(
        title=("How does descent bend a curve to the points?", "How does descent bend a curve?"),
        beats=[
            Beat(say("{n} points, and a sum of weighted powers of x up to degree {degree}. Which weights fit?",
                     "{n} points, degree {degree}. Which weights fit?", n=n, degree=degree), enter="points", seconds=2.0),
            Beat(("Some first weights, and their curve. The loss is half the sum of squared residuals, drawn in red.",
                  "Loss: half the squared residuals."),
                 enter=["curve", "residuals", "Curve/text", "readout"], seconds=2.2),
            Beat(say("Each update moves every weight by {rate} times the sum of residual times power. 2/\u03bbmax is {limit}.",
                     "An update moves every weight, rate {rate}.", rate=rate, limit=limit), updates=up_to(1), slow=True, enter="Loss",
                 focus=["curve", "path", "residuals"], seconds=2.4),
            Beat(say("Nine tenths of the possible gain took {bent:update|updates}. The rest creeps: directions up to {times} times flatter.",
                     "{bent:update|updates}: 9/10 of the gain. The rest creeps.", when=creeps, bent=bent, times=condition)
                 or "Then the next, and the next.", updates=to_end, pace="log", seconds=4.4),
            Beat(claims.converging(run, best) or "The loss is more than a computer can hold.", enter=["line", "optimum"], seconds=0.4, hold=2.6),
        ],
        panels=[
            panels.Curves(
                data=problem.data, curves=[panels.FittedCurve(run, problem.curve)], residuals="segments", weight=1.5, name="Curve",
                reference=lambda x: problem.curve(objective.optimum(), x), reference_name="least squares", title="Polynomial",
            ),
            panels.LossCurve(runs=[run], optimum=best if best > 0 else None, log=True, log_updates=True, name="Loss",
                             title=("Half the sum of squares", "\u00bd \u03a3 r\u00b2")),
        ],
    )
