"""A line that turns, with the normal distribution of y around it, and the likelihood of each point as a height."""

from __future__ import annotations

from typing import Any

import numpy as np

from animate.draw.marks import Line, Points, Polygon, Segments, drawn_rows
from animate.draw.panels.plot import Plot
from animate.learn.data import RegressionData
from animate.learn.validation import Floats

_HEIGHT = 0.11  # of a bell, as a share of the range of x


def normal_around_line(data: RegressionData, slopes: Floats, sigma: float, **fields: Any) -> Plot:
    """Return the plot of a line through the mean of the points at a slope per update; y is normal around it.

    A story can name ``points``, ``line``, ``bells`` and ``heights``, the likelihoods of the points on the scale of the
    bells. Fields are those of `Plot`.
    """
    x, y, width = data.x[drawn_rows(data.n_samples)], data.y[drawn_rows(data.n_samples)], np.ptp(data.x)
    middle = np.array([data.x.mean(), data.y.mean()])
    ends, stands = data.x.min() + width * np.array([-0.04, 1.16]), np.linspace(data.x.min(), data.x.max(), 4)
    deviations = np.linspace(-3, 3, 41)
    bell = np.stack([_HEIGHT * width * np.exp(-np.square(deviations) / 2), sigma * deviations], axis=-1)
    tilted = middle[1] + slopes[-1] * width / 2 * np.array([-1, 1])

    def line(at: Floats, update: int) -> Floats:
        return np.stack([at, middle[1] + slopes[update] * (at - middle[0])], axis=-1)

    def heights(update: int) -> Floats:
        deviation = (y - line(x, update)[:, 1]) / sigma
        tips = x + _HEIGHT * width * np.exp(-np.square(deviation) / 2)
        return np.stack([np.stack([x, y], axis=-1), np.stack([tips, y], axis=-1)], axis=1)

    return Plot(
        Polygon(
            lambda k: [bell + foot for foot in line(stands, k)], color=["second 22%"] * 4, many=True, name="bells"
        ),
        Segments(heights, color="second", width=(3.5, 2), name="heights"),
        Line(lambda k: line(ends, k), color="first", name="line"),
        Points(np.stack([x, y], axis=-1), name="points"),
        limits=(
            (ends[0], ends[1]),
            (min(data.y.min(), *tilted) - 2 * sigma, max(data.y.max(), *tilted) + 2 * sigma),
        ),
        x=data.x_name, y=data.y_name, **fields,
    )  # fmt: skip
