"""How do you fit a curve to counts?

Poisson regression on standardized x: the logarithm of the mean count is a straight line. The loss is the mean of
mu - y log mu, mu the mean at a point and y its count: the negative log-likelihood, less what does not depend on mu.
"""

from typing import Annotated, Any

import numpy as np
from animate import (
    Beat, LearningRate, OwnData, Range, RegressionData, SampleSize, Scene, Seed, Updates, claims, compare, datasets, formatting, marks,
    optimizers, panels, say, to_end, up_to,
)
from animate.learn.problems import poisson_problem


def build(
    learning_rate: Annotated[LearningRate | None, "Step size; none: half of the stability limit at the optimum"] = None,
    n_updates: Updates = 60,
    growth: Annotated[float, Range(-1.0, 1.0), "Of the logarithm of the mean, per unit of x"] = 0.5,
    n_samples: SampleSize = 60,
    seed: Seed = 1,
    data: Annotated[OwnData, "Your own x and counts"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else datasets.counts(n_samples, growth=growth, rng=seed)
    problem, x, y = poisson_problem(points), points.x, points.y
    optimum, lowest = problem.objective.optimum(), problem.objective.lowest()
    rate = learning_rate or float(f"{0.5 * problem.objective.stability_limit():.2g}")
    (run,) = compare(problem, {"Descent": optimizers.gradient_descent(rate)}, start=[0, 0], n_updates=n_updates)
    params, best, spread = run.trajectory.params, problem.means(optimum, [x.min(), x.max()]), float(x.std())
    top, (feature, counted) = 1.1 * max(y.max(), best.max()), map(formatting.readable, (points.x_name, points.y_name))

    def plot(shown: np.ndarray, *more: marks.Mark, **fields: Any) -> panels.Plot:
        dots = marks.Points(np.stack([x, y], axis=-1)[shown], color="data", size=(9.5, 5))
        curve = marks.Curve(lambda at, k: problem.means(params[k], at), n=200, color=run.role, name="curve")
        return panels.Plot(*more, dots, curve, x=(feature,), y=(counted,), runs=[run], **fields)

    gaps = marks.residuals(x, y, lambda k: np.minimum(problem.means(params[k], x), 10 * top), name="gaps")
    return Scene(
        title="How do you fit a curve to counts?",
        panels=[
            plot(y >= 0, gaps, limits=(None, (-0.04 * top, top)), title=("Counts and mean μ", "Counts"), name="counts"),
            plot(y > 0, log="y", limits=(None, (min(0.4, best.min() / 2), top)), title=("The same, logarithmic", "Log"),
                 subtitle=lambda k: f"log μ = {formatting.linear_terms(problem.without_rounding(params[k]))}", name="log"),
            panels.LossCurve(runs=[run], optimum=lowest, title=("Mean of μ − y log μ", "Loss"), name="loss"),
        ],
        beats=[
            Beat(say("{n} counts. A line can go below 0; a count cannot.", n=len(x)), enter="points", seconds=1.8),
            Beat(("The logarithm of the mean is made a line, log μ = w x + b: a generalized linear model.",
                  "The logarithm of the mean is made a line."), enter=["counts/curve", "log"], seconds=2.2),
            Beat("At first μ is 1 everywhere. Each point pulls with its gap, μ − y.", enter="gaps", seconds=1.8),
            Beat(("One update, x standardized: w ← w − η · mean of (μ − y) x, as in logistic regression with μ for p.",
                  "x standardized: w ← w − η · mean of (μ − y) x."),
                 enter="loss", updates=up_to(2), slow=True, seconds=2.8, focus=["curve", "gaps", "path", "optimum"]),
            Beat(claims.converging(run, lowest) or run.divergence(), updates=to_end, seconds=3.0, pace="log"),
            Beat(say("One standard deviation of {x}, {size}, multiplies the mean by {factor}.", x=feature, when=run.diverges_at is None,
                     size=formatting.fewest_digits(spread, lambda size: formatting.exponential(params[-1, 0] * size / spread), 3),
                     factor=formatting.exponential(params[-1, 0])) or run.divergence(), seconds=0, hold=3),
        ],
    )
