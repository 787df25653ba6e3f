"""Log-odds and scores: bands of equal log-odds, proportions on that scale, and what a point pays and pulls."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from animate.draw.formatting import (
    decimals_for,
    exponential,
    fewest_digits,
    linear_terms,
    number,
    readable,
)
from animate.draw.marks import Curve, Line, Mark, Points, Polygon, Ring, Segments, Span, Text, area, per_update, stems
from animate.draw.panels.classes import class_points
from animate.draw.panels.plot import Plot
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import ResponsiveText
from animate.draw.text_template import say
from animate.learn.diagnostics import BinnedProportions
from animate.learn.losses import sigmoid
from animate.learn.objectives import linear
from animate.learn.problems import LogisticProblem
from animate.learn.scaling import without_rounding
from animate.learn.validation import Floats

_LOG_ODDS = np.array([-6.0, *range(-4, 5), 6.0])
_PROBABILITIES = np.array([0.0, *sigmoid(_LOG_ODDS[1:-1]), 1.0])
_SHARES = (30, 24, 18, 12, 6)
_SHADES = [*(f"class_a {share}%" for share in _SHARES), *(f"class_b {share}%" for share in _SHARES[::-1])]
"""The stronger, the more confident in a class."""

_DOTS: dict[str, Any] = {"color": "data", "size": (9.8, 5.1), "edge_width": (1.0, 0.6), "layer": 4}

_END = 5.7
"""Where infinite log-odds stand on an axis from -6 to 6."""
_LOG_ODDS_TICKS: dict[float, ResponsiveText] = {-_END: "\u2212\u221e", -4: "\u22124", 0: "0", 4: "4", _END: "\u221e"}


def log_odds_and_probability(problem: LogisticProblem, params: Floats, shares: BinnedProportions) -> list[Plot]:
    """Return the plots ``Log-odds``, ``squeeze`` and ``Probability``: a line, and the same line through the sigmoid.

    Bands between equal steps of log-odds go through all three. A story can name ``dots``, the shares of class 1 in
    bins, ``curve``, ``bands`` and ``straight``, the line of least squares through the labels.

    Parameters
    ----------
    problem : LogisticProblem
        Of one feature.
    params : array (n_updates + 1, 2)
        Weight and intercept after each update, in units of the data.
    shares : BinnedProportions
        Of class 1.
    """
    x, (no, yes) = problem.data.X, problem.data.class_names
    margin, feature = 0.04 * float(np.ptp(x)), (readable(problem.data.feature_names[0]),)
    window = (float(x.min()) - margin, float(x.max()) + margin)
    straight, is_rising = linear(x, problem.data.labels).optimum(), params[-1, 0] >= 0
    digits = [[decimals_for(value, count, least=2) for value in params[-1]] for count in (4, 3)]
    left, right = (
        [Span(y=band, color=shade, name=name) for band, shade in zip(pairwise(edges), _SHADES, strict=True)]
        for edges, name in ((_LOG_ODDS, ""), (_PROBABILITIES, "bands"))
    )
    # on the side that the line leaves free in the end
    top = _corner(yes, at_left=bool(is_rising), at_top=True, color="class_b", size="name", bold=True)
    low = _corner(no, at_left=not is_rising, at_top=False, color="class_a", size="name", bold=True)
    key = _corner(
        "\u2504 straight line", at_left=bool(straight[0] < 0), at_top=False, color="muted", layer=3,
        name="straight",
    )  # fmt: skip
    return [
        Plot(
            *left, *_log_odds_dots(shares),
            Line(lambda k: np.stack([window, params[k] @ [window, (1.0, 1.0)]], -1), layer=5), top, low,
            limits=(window, (-6.0, 6.0)), ticks=(None, _LOG_ODDS_TICKS),
            x=feature, title=(say("Log-odds of {yes}", yes=yes), "Log-odds"), name="Log-odds",
            subtitle=lambda k: tuple(f"z = {linear_terms(without_rounding(params[k], x), at)}" for at in digits),
        ),
        _squeeze(),
        Plot(
            *right,
            Curve(np.poly1d(straight), color="muted", width=(2.2, 1.2), dash="dashed", layer=3, name="straight"), key,
            Points(np.stack([shares.centers, shares.shares], -1), name="dots", **_DOTS),
            Curve(lambda at, k: sigmoid(params[k, 0] * at + params[k, 1]), n=240),
            limits=(window, (-0.25, 1.25)), ticks=(None, (0.0, 0.5, 1.0)), x=feature, name="Probability",
            title=(say("Probability of {yes}", yes=yes), "Probability"),
            subtitle=lambda _: "p = 1 / (1 + e\u207b\u1dbb)",
        ),
    ]  # fmt: skip


def _corner(words: str, *, at_left: bool, at_top: bool, **look: Any) -> Text:
    place, valign = (0.03 if at_left else 0.97, 0.97 if at_top else 0.03), "top" if at_top else "bottom"
    return Text(words, place, coords="axes", align="left" if at_left else "right", valign=valign, **look)


def _squeeze() -> Plot:
    """Return the bands on their way from an axis from -6 to 6 to one from -1/4 to 5/4."""
    across = np.linspace(0.0, 1.0, 40)
    bends = [
        low + (high - low) * across**2 * (3 - 2 * across)
        for low, high in zip((_LOG_ODDS + 6) / 12, (_PROBABILITIES + 0.25) / 1.5, strict=True)
    ]
    joined = [Polygon(area(across, *edges), color=shade) for edges, shade in zip(pairwise(bends), _SHADES, strict=True)]
    return Plot(*joined, limits=((0, 1), (0, 1)), axes=False, x=(" ",), weight=0.3, name="squeeze")


def _log_odds_dots(shares: BinnedProportions) -> list[Mark]:
    """Return a dot at the log-odds of each bin; where they are infinite, a triangle at the end of the axis."""
    at, finite = np.stack([shares.centers, shares.log_odds], -1), np.isfinite(shares.log_odds)
    ends = [
        Points([[x, np.sign(z) * _END]], marker="^" if z > 0 else "v", color="data", size=(7.6, 4), edge_width=0)
        for x, z in at[~finite]
    ]
    return [Points(at[finite], **_DOTS), *ends]


def point_losses(problem: LogisticProblem, run: Run, *, name: str) -> Plot:
    """Return the plot of -log p, p the probability of its own class: each point rides on it, its loss below it.

    The point of highest loss is named ``costliest``, and 1 - p is the line ``dashed``. A triangle at the upper end
    stands for a point beyond.
    """
    labels, losses = problem.data.labels, problem.log_losses(run.trajectory.params)
    own, worst, highest = np.exp(-losses), losses.argmax(axis=1), losses.max(axis=1)
    top = float(np.clip(1.12 * highest.max(), 2.5, 6.0))
    places = np.stack([own, np.minimum(losses, top)], axis=-1)

    def price(k: int) -> str:
        p, paid = float(own[k, worst[k]]), float(highest[k])
        if p > 0.99:
            return say("\u2212log p = {paid:2}", paid=paid)
        if paid > 700:  # there p is too small for a float
            return say("\u2212log {p} = {paid:.1}", p=exponential(-paid), paid=paid)
        digits = fewest_digits(p, lambda one: number(-np.log(one), 2))
        return say("\u2212log {p} = {paid:.2}", p=digits, paid=paid)

    def beside(k: int) -> tuple[float, float]:
        p, height = float(own[k, worst[k]]), min(float(highest[k]), top)
        return (p + 0.05, height) if p < 0.3 else (0.36, max(height, 1.0) + 0.12 * top)  # clear of the curve

    def means(k: int) -> tuple[str, ...]:
        found = {"loss": float(losses[k].mean()), "dashed": float(1 - own[k].mean())}
        short = say("mean {loss:2}, dashes {dashed:2}", **found)
        if found["loss"] < 5e-4:  # a power of ten is long
            return (short,)
        return say("mean of \u2212log p {loss}, of dashes {dashed}", **found), short

    return Plot(
        Curve(lambda p: -np.log(p), domain=(float(np.exp(-top)), 1.0), n=400, layer=3),
        Line([[0.0, 1.0], [1.0, 0.0]], color="muted", width=(1.6, 0.9), dash="dashed", layer=2.5, name="dashed"),
        Text("\u2504 1 \u2212 p", (1.03, 0.13 * top), align="right", valign="bottom", name="dashed"),
        Segments(lambda k: stems(own[k], 0.0, np.minimum(losses[k], top)), width=(2.4, 1.4), name="price",
                 color=lambda k: np.where(own[k] >= 0.5, "right 72%", "wrong 72%")),
        class_points(lambda k: places[k, (labels == 0) & (losses[k] <= top)], 0, share=1.15),
        class_points(lambda k: places[k, (labels == 1) & (losses[k] <= top)], 1, share=1.15),
        Points(lambda k: places[k, losses[k] > top], marker="^", color="wrong", edge_width=0, clip=False),
        Ring(lambda k: places[k, [worst[k]]], color="wrong", name="costliest"),
        Text(price, beside, valign="center", color="wrong", bold=True, name="costliest"),
        limits=((-0.02, 1.04), (-0.03 * top, top)), ticks=((0.0, 0.5, 1.0), None), name=name, subtitle=means,
        x=("probability p of its own class", "p of its own class"),
        title=("Loss of each point: \u2212log p", "Loss \u2212log p"),
    )  # fmt: skip


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
