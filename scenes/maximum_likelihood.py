"""Which line makes the points most likely?

If y is normal around a line, with one standard deviation σ, the log of the likelihood (natural log) is a constant less
Σ r² / (2 σ²). The line turns about the mean of the points, which the best line passes for every slope.
"""

from typing import Annotated

import numpy as np

from animate import Beat, OwnData, Range, SampleSize, Scene, Seed, Table, line, marks, panels, say, to_end
from animate.learn.problems import regression_data

TURNS, BACK = 60, 20


def build(
    sigma: Annotated[float, Range(0.05, 10.0, scale="log"), "σ of the noise; own data: of the residuals of least squares"] = 1.0,
    n_samples: SampleSize = 16,
    seed: Seed = 3,
    data: OwnData = None,
) -> Scene:
    points = regression_data(data or line(n_samples, slope=1.0, intercept=2.0, noise=sigma, x_range=(0.0, 8.0), rng=seed))
    x, y, n = points.x, points.y, points.n_samples
    mean_x, mean_y = x.mean(), y.mean()
    best = float(((x - mean_x) * (y - mean_y)).sum() / np.square(x - mean_x).sum())
    if isinstance(data, Table):
        sigma = float(np.sqrt(np.square(y - mean_y - best * (x - mean_x)).mean()))
        if sigma <= 1e-9 * points.spread:  # points on one line
            sigma = 0.1 * points.spread if np.ptp(y) > 0 else 1.0
    reach = max(1.4 * abs(best), 3 * sigma / x.std())
    turned = np.concatenate([np.linspace(best - reach, best + reach, TURNS + 1), np.linspace(best + reach, best, BACK + 1)[1:]])
    on_line = mean_y + turned[:, None] * (x - mean_x)
    squares = np.square(y - on_line).sum(axis=1)
    heights = np.exp(-np.square(y - on_line) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))
    log_likelihood = -n * np.log(sigma * np.sqrt(2 * np.pi)) - squares / (2 * sigma**2)
    width = 0.11 * np.ptp(x) * sigma * np.sqrt(2 * np.pi)  # on the axis of x, for a height of 1
    at = np.linspace(-3, 3, 41)
    bell = width * np.exp(-(at**2) / 2) / (sigma * np.sqrt(2 * np.pi))
    stands = np.linspace(x.min(), x.max(), 4)

    def bells(k: int) -> list[np.ndarray]:
        middles = mean_y + turned[k] * (stands - mean_x)
        return [np.stack([x0 + np.r_[0, bell, 0], y0 + sigma * np.r_[-3, at, 3]], -1) for x0, y0 in zip(stands, middles, strict=True)]

    ends = np.array([x.min() - 0.04 * np.ptp(x), x.max() + 0.16 * np.ptp(x)])
    low, high = min(y.min(), (mean_y - abs(best) * np.ptp(x) / 2)) - 2 * sigma, max(y.max(), mean_y + abs(best) * np.ptp(x) / 2) + 2 * sigma
    power = log_likelihood[0] / np.log(10)
    log_name = ("log-likelihood", "log L")
    return Scene(
        title=("Which line makes the points most likely?", "Which line is most likely?"),
        beats=[
            Beat(say("{n} points scatter around a line. Which line makes them most likely?", n=n), enter=["points", "line"], seconds=1.6),
            Beat(say("Assume that each y is normal around the line: a bell curve with standard deviation σ = {sigma}.",
                     "Assume y is normal around the line.", sigma=sigma), enter="bells", seconds=2.2),
            Beat(("A point’s likelihood is the height of the bell at its residual: far off the line it is small.",
                  "Likelihood: the bell’s height at the point."),
                 enter="heights", focus=["heights", "points", "line"], seconds=2.4),
            Beat(say("All points together: the product of {n} heights, for this line 10 to the power {power:.1}.",
                     "The product of all heights: 10 to the {power:.1}.", n=n, power=power), seconds=2.2),
            Beat(("Its log is a sum: a constant less Σ r² / (2σ²). Turn the line: where one rises, the other falls.",
                  "Its log: a constant less Σ r² / (2σ²)."),
                 enter=["likelihood", "squares"], updates=TURNS, slow=True, seconds=3.2),
            Beat(say("The most likely line, slope {best}, is the one of least squares.", "Most likely is least squares: slope {best}.", best=best),
                 updates=to_end, slow=True, seconds=1.0, hold=2.2),
        ],
        panels=[
            panels.Plot(
                marks.Polygon(bells, color=["second 22%"] * len(stands), many=True, name="bells"),
                marks.Segments(lambda k: np.stack([np.stack([x, y], -1), np.stack([x + width * heights[k], y], -1)], 1), color="second",
                               width=(3.5, 2), name="heights"),
                marks.Line(lambda k: np.stack([ends, mean_y + turned[k] * (ends - mean_x)], -1), color="first", name="line"),
                marks.Points(np.stack([x, y], -1), name="points"),
                x=points.x_name, y=points.y_name, limits=((ends[0], ends[1]), (low, high)), title=("Normal around the line", "Normal"), weight=1.4,
            ),
            [
                panels.Plot(marks.Path(np.stack([turned, log_likelihood], -1), color="second"), x="slope", title=log_name, name="likelihood",
                            readout=panels.Readout.of("", log_likelihood)),
                panels.Plot(marks.Path(np.stack([turned, squares], -1), color="error"), x="slope", title=("Sum of squares Σ r²", "Σ r²"),
                            name="squares", readout=panels.Readout.of("", squares)),
            ],
        ],
        n_updates=TURNS + BACK, counter="step",
        alt=say("A line turns about the mean of {n} points, taken to be normal around it with σ = {sigma}. The log-likelihood is highest, {top}, "
                "where the sum of squares is lowest, {least}: at slope {best}.", n=n, sigma=sigma, top=log_likelihood[-1], least=squares[-1],
                best=best),
    )
