"""Which line makes the points most likely?

If y is normal around a line, with one standard deviation σ, the log of the likelihood (natural log) is a constant less
Σ r² / (2 σ²). The line turns about the mean of the points, which the best line passes for every slope.
"""

from typing import Annotated

import numpy as np
from animate import Beat, OwnData, Range, SampleSize, Scene, Seed, line, linear_problem, panels, say, to_end


def build(
    sigma: Annotated[float, Range(0.05, 10.0, scale="log"), "σ of the noise; of own data: that of residuals"] = 1.0,
    n_samples: SampleSize = 16,
    seed: Seed = 3,
    data: OwnData = None,
) -> Scene:
    drawn = line(n_samples, slope=1.0, intercept=2.0, noise=sigma, x_range=(0.0, 8.0), rng=seed)
    problem = linear_problem(data or drawn)
    sigma, points, n = problem.residual_deviation if data else sigma, problem.data, problem.data.n_samples
    best = float(problem.without_rounding(problem.objective.optimum())[0])
    reach = max(1.4 * abs(best), 3 * sigma / points.x.std())
    slopes = best + reach * np.concatenate([np.linspace(-1, 1, 61), np.linspace(0.95, 0, 20)])
    residuals = points.y - points.y.mean() - np.outer(slopes, points.x - points.x.mean())
    squares = np.square(residuals).sum(axis=1)
    squares *= squares > 1e-20 * squares.max()  # less is rounding
    log_likelihood = -n * np.log(sigma * np.sqrt(2 * np.pi)) - squares / (2 * sigma**2)
    return Scene(
        title=("Which line makes the points most likely?", "Which line is most likely?"),
        beats=[
            Beat(say("{n} points scatter around a line. Which line makes them most likely?", n=n),
                 enter=["points", "line"], seconds=1.6),
            Beat(say("Assume that each y is normal around the line: a bell curve with standard deviation σ = {sigma}.",
                     "Assume y is normal around the line.", sigma=sigma), enter="bells", seconds=2.2),
            Beat(("A point’s likelihood is the height of the bell at its residual: far off the line it is small.",
                  "Likelihood: the bell’s height at the point."),
                 enter="heights", focus=["heights", "points", "line"], seconds=2.4),
            Beat(say("All points together: the product of {n} heights, for this line 10 to the power {power:.1}.",
                     "The product of all heights: 10 to the {power:.1}.", n=n, power=log_likelihood[0] / np.log(10)),
                 seconds=2.2),
            Beat(("Its log is a sum: a constant less Σ r² / (2σ²). Turn the line: where one rises, the other falls.",
                  "Its log: a constant less Σ r² / (2σ²)."),
                 enter=["likelihood", "squares"], updates=60, slow=True, seconds=3.2),
            Beat(say("Log-likelihood {top} is the highest, Σ r² = {least} the lowest: the line of least squares, "
                     "slope {best}.", "Most likely is least squares: slope {best}.",
                     top=log_likelihood[-1], least=squares[-1], best=best),
                 updates=to_end, slow=True, seconds=1.0, hold=2.2),
        ],
        panels=[
            panels.normal_around_line(points, slopes, sigma, title=("Normal around the line", "Normal"), weight=1.4),
            [
                panels.Plot.of_series(slopes, log_likelihood, color="second", x="slope", name="likelihood",
                                      title=("log-likelihood", "log L")),
                panels.Plot.of_series(slopes, squares, color="error", x="slope", name="squares",
                                      title=("Sum of squares Σ r²", "Σ r²")),
            ],
        ],
        n_updates=len(slopes) - 1, counter="step",
    )
