"""How do you fit a curve to counts?

Poisson regression: the logarithm of the mean count is a straight line in x. The loss is the mean of mu - y log mu, mu the mean
at a point and y its count; that is the negative log-likelihood of the Poisson distribution without a constant. x is standardized.
"""

from typing import Annotated, Any

import numpy as np
from animate import (
    Beat, LearningRate, OwnData, Range, RegressionData, SampleSize, Scene, Seed, Updates, claims, descend, formatting,
    marks, optimizers, panels, say, to_end, up_to,
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
    rng = np.random.default_rng(seed)
    x = rng.uniform(0.0, 5.0, n_samples)
    counts = rng.poisson(np.exp(1.2 + growth * (x - 2.5))).astype(float)
    points = RegressionData.from_table(data) if data else RegressionData(x, counts, "x", "count")
    x, y, n = points.x, points.y, points.n_samples
    problem = poisson_problem(points)
    objective, optimum = problem.objective, problem.objective.optimum()
    rate = learning_rate or float(f"{0.5 * objective.stability_limit(optimum):.2g}")
    run = panels.Run("Poisson regression", descend(objective, optimizers.gradient_descent(rate), [0.0, 0.0], n_updates), "first")
    lowest = objective.value(optimum)
    lines = problem.in_units(run.trajectory.params)
    low, high = x.min() - 0.04 * np.ptp(x), x.max() + 0.04 * np.ptp(x)
    best = np.exp(np.polyval(problem.in_units(optimum), [low, high]))
    top, floor = 1.1 * max(float(y.max()), float(best.max())), min(0.4, float(best.min()) / 2)

    def mean_at(at: np.ndarray, k: int) -> np.ndarray:
        with np.errstate(all="ignore"):
            return np.asarray(np.exp(lines[k, 0] * at + lines[k, 1]))

    def gaps(k: int) -> np.ndarray:
        heights = mean_at(x, k)
        return marks.stems(x, y, np.clip(heights, 0.0, 10 * top)) if np.isfinite(heights).all() else np.empty((0, 2, 2))

    dots: dict[str, Any] = {"color": "data", "size": (9.5, 5)}
    curve: dict[str, Any] = {"n": 200, "color": run.role, "name": "curve"}
    feature, counted = formatting.readable(points.x_name), formatting.readable(points.y_name)
    # one unit of x, or a standard deviation where that is much more or much less
    is_usual, settled = 0.05 <= np.std(x) <= 50, claims.converged_at(run, lowest)
    step = say("unit of {x}", x=feature) if is_usual else say("standard deviation of {x}, {size},", x=feature, size=float(np.std(x)))
    with np.errstate(over="ignore"):
        factor = float(np.exp(lines[-1, 0] * (1.0 if is_usual else np.std(x))))
    return Scene(
        title=("How do you fit a curve to counts?", "How do you fit counts?"),
        panels=[
            panels.Plot(
                marks.Segments(gaps, color="error 62%", name="gaps"), marks.Points(np.stack([x, y], -1), **dots), marks.Curve(mean_at, **curve),
                limits=((low, high), (-0.04 * top, top)), x=(feature,), y=(counted,), title=("Counts and their mean \u03bc", "Counts"), weight=1.3,
                runs=[run], ),
            panels.Plot(
                marks.Points(np.stack([x, y], -1)[y > 0], **dots), marks.Curve(mean_at, **curve), log="y", limits=((low, high), (floor, top)),
                x=(feature,), title=("The same, logarithmic", "Logarithmic"),
                subtitle=lambda k: f"log \u03bc = {formatting.linear_terms(lines[k])}",
            ),
            panels.LossCurve(runs=[run], optimum=lowest, title=("Mean of \u03bc \u2212 y log \u03bc", "Loss")),
        ],
        beats=[
            Beat(say("{n} counts. A straight line can go below 0; a count cannot.", "{n} counts; a line can go below 0.", n=n),
                 enter="points", seconds=1.8),
            Beat(("So the logarithm of the mean is made a straight line: log \u03bc = w x + b.", "The logarithm of the mean is a line."),
                 enter=["Counts and their mean \u03bc/curve", "The same, logarithmic"], seconds=2.2),
            Beat(("At first \u03bc is 1 everywhere. Each point pulls with its gap, \u03bc \u2212 y.", "At first \u03bc is 1. Gaps: \u03bc \u2212 y."),
                 enter="gaps", seconds=1.8),
            Beat(("One update: w \u2190 w \u2212 \u03b7 \u00b7 mean of (\u03bc \u2212 y) x, the rule of logistic regression with \u03bc for p.",
                  "w \u2190 w \u2212 \u03b7 \u00b7 mean of (\u03bc \u2212 y) x."), enter="Mean of \u03bc \u2212 y log \u03bc", updates=up_to(2),
                 slow=True, seconds=2.8, focus=["curve", "gaps", "path", "optimum"]),
            Beat(say("The loss converges: from update {when} its excess is below 1/10 000 of the first.", "Converged at update {when}.", when=settled)
                 or "Then the next, and the next.", updates=to_end, seconds=3.0, pace="log"),
            Beat(say("Each {step} multiplies the mean by {factor}. A line, a link such as log, and a distribution: a generalized linear model.",
                     "Each {step} multiplies the mean by {factor}.", step=step, factor=factor, when=run.diverges_at is None)
                 or ("A line, a link such as log, and a distribution: a generalized linear model.", "Line, link, distribution: a GLM."), seconds=0,
                 hold=3.0),
        ],
        alt=say("Poisson regression fits log mean = {line} to {n} counts in {updates:update|updates} at rate {rate:g}. The loss is {loss:5} at the "
                "end, and {lowest:5} at the lowest.", line=formatting.linear_terms(lines[-1]), n=n, updates=n_updates, rate=rate,
                loss=float(run.trajectory.loss[-1]), lowest=lowest, when=bool(np.isfinite(run.trajectory.loss[-1])))
        or say("Poisson regression of {n} counts by {updates:update|updates} at rate {rate:g}. The lowest loss is {lowest:5}.", n=n,
               updates=n_updates, rate=rate, lowest=lowest),
    )
