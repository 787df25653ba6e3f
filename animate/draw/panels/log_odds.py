"""Log-odds and scores: bands of equal log-odds, proportions on that scale, and the pull of a point over its score."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

import numpy as np

from animate.draw.formatting import number
from animate.draw.marks import Curve, Mark, Points, Polygon, Span, area, per_update
from animate.draw.panels.plot import Plot
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import ResponsiveText
from animate.draw.text_template import say
from animate.learn.diagnostics import BinnedProportions
from animate.learn.losses import sigmoid
from animate.learn.problems import LogisticProblem

_LOG_ODDS = np.array([-6.0, *range(-4, 5), 6.0])
_PROBABILITIES = np.array([0.0, *sigmoid(_LOG_ODDS[1:-1]), 1.0])
_SHARES = (30, 24, 18, 12, 6)
_SHADES = [*(f"class_a {share}%" for share in _SHARES), *(f"class_b {share}%" for share in _SHARES[::-1])]
"""The stronger, the more confident in a class."""

_END = 5.7
"""Where infinite log-odds stand on an axis from -6 to 6."""


def log_odds_bands() -> tuple[list[Mark], Plot, list[Mark]]:
    """Return bands between equal steps of log-odds, the plot ``squeeze``, and the same bands over probabilities.

    The first are for an axis from -6 to 6, the last, named ``bands``, for one from -1/4 to 5/4. The plot joins them.
    """
    left: list[Mark] = [Span(y=band, color=shade) for band, shade in zip(pairwise(_LOG_ODDS), _SHADES, strict=True)]
    right: list[Mark] = [
        Span(y=band, color=shade, name="bands") for band, shade in zip(pairwise(_PROBABILITIES), _SHADES, strict=True)
    ]
    across = np.linspace(0.0, 1.0, 40)
    bends = [
        low + (high - low) * across**2 * (3 - 2 * across)
        for low, high in zip((_LOG_ODDS + 6) / 12, (_PROBABILITIES + 0.25) / 1.5, strict=True)
    ]
    joined = [Polygon(area(across, *edges), color=shade) for edges, shade in zip(pairwise(bends), _SHADES, strict=True)]
    return left, Plot(*joined, limits=((0, 1), (0, 1)), axes=False, x=(" ",), weight=0.3, name="squeeze"), right


def log_odds_dots(shares: BinnedProportions) -> list[Mark]:
    """Return a dot at the log-odds of each bin; where they are infinite, a triangle at the end of the axis."""
    at, finite = np.stack([shares.centers, shares.log_odds], -1), np.isfinite(shares.log_odds)
    ends = [
        Points([[x, np.sign(z) * _END]], marker="^" if z > 0 else "v", color="data", size=(7.6, 4), edge_width=0)
        for x, z in at[~finite]
    ]
    return [Points(at[finite], color="data", size=(9.8, 5.1), edge_width=(1.0, 0.6), layer=4), *ends]


def pull_over_score(fits: Sequence[tuple[LogisticProblem, Run]], *, title: ResponsiveText) -> Plot:
    """Return how hard the middle point of class 1 pulls on its score with each loss, and where it stands.

    Parameters
    ----------
    fits : sequence of (LogisticProblem, Run)
        Two: the same points, of one feature, with one loss each.
    title : ResponsiveText
    """

    def pull(problem: LogisticProblem, scores: np.ndarray) -> np.ndarray:
        return np.abs(problem.objective.loss.derivative(scores, np.ones_like(scores)))

    data = fits[0][0].data
    ones = np.flatnonzero(data.labels == 1)
    row = ones[np.argsort(data.X[ones, 0], kind="stable")[len(ones) // 2]]
    scores = [run.trajectory.params @ problem.objective.design[row] for problem, run in fits]
    reach = float(np.clip(1.08 * np.abs(scores).max(), 8.0, 24.0))
    inside = np.clip(scores, -reach, reach)
    places = [np.stack([z, pull(problem, z)], axis=-1) for (problem, _), z in zip(fits, inside, strict=True)]
    curves = [Curve(partial(pull, problem), color=run.role, n=201, layer=3) for problem, run in fits]
    dots = [
        Points(
            per_update(at[:, None]), color=run.role, marker=run.marker, size=(12, 6.5), edge_width=(1.6, 0.9), layer=5,
            clip=False,
        )
        for (_, run), at in zip(fits, places, strict=True)
    ]  # fmt: skip

    def pulls(k: int) -> str:
        first, second = (number(at[k, 1], 3) for at in places)
        return say("{first} vs {second}", first=first, second=second)

    return Plot(
        *curves, *dots, limits=((-reach, reach), (-0.04, 1.12)), runs=[run for _, run in fits], title=title,
        ticks=({-reach / 2: "wrong", reach / 2: "right"}, (0.0, 1.0)),
        readout=Readout("", pulls, say("{first} vs {second}", first="0.000", second="0.000")),
    )  # fmt: skip
