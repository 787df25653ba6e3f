"""Residuals and what losses make of them: a residual plot, losses over the residual, and totals as bars."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

import numpy as np

from animate.draw.formatting import decimals_for, number, number_like, readable
from animate.draw.marks import Bars, Curve, EndText, Line, Mark, Points, Rule, Segments, Text, drawn_rows, per_update
from animate.draw.marks import stems as stems_to
from animate.draw.panels.plot import Plot
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import ResponsiveText
from animate.draw.text_template import say
from animate.learn.diagnostics import line_without_rows, outlier_rows, rows_by_x, without_rows
from animate.learn.problems import LinearProblem


def residual_plot(problem: LinearProblem, run: Run) -> Plot:
    """Return the plot of the residuals over x, with a bar at the mean of each fifth of the points, on the last scale.

    Where a run diverges, the scale is that of the best line.
    """
    x, y, params = problem.data.x, problem.data.y, run.trajectory.params
    with np.errstate(all="ignore"):
        slope, intercept = problem.in_units(params).T[..., None]
        residuals = y - (slope * x + intercept)
    residuals[~np.isfinite(residuals).all(axis=1)] = np.nan
    lost = run.diverges_at is not None or np.isnan(residuals[-1]).any()
    last = y - problem.objective.predictions(problem.objective.optimum()) if lost else residuals[-1]
    reach, margin, fifths = 1.3 * float(np.abs(last).max()) or 1.0, 0.05 * np.ptp(x), rows_by_x(x, 5)

    size = (7.2, 3.7) if len(x) <= 150 else (4.7, 2.4)

    def means(k: int) -> list[list[list[float]]]:
        return [[[end, residuals[k, rows].mean()] for end in (x[rows].min(), x[rows].max())] for rows in fifths]

    return Plot(
        Rule(y=0.0, width=(1.2, 0.8), layer=1),
        Segments(lambda k: stems_to(x, 0.0, residuals[k]), color="error 62%", cap=None),
        Points(lambda k: np.stack([x, residuals[k]], -1), color="data", size=size),
        Segments(means, width=(5, 2.4), layer=4),
        limits=((float(x.min() - margin), float(x.max() + margin)), (-reach, reach)), title="Residuals",
        x=readable(problem.data.x_name) if problem.data.x_name != "x" else "",
        readout=Readout.still("y − line"), runs=[run],
    )  # fmt: skip


def residual_pattern(problem: LinearProblem, run: Run) -> Any:
    """Return what the residuals of the last line of a run show: a bend, far points or a fan; else where to look.

    The points bend if the mean residual of the middle fifth is on the other side of 0 than those of the first and the
    last, by over 3 standard errors, also without far points. These are those of `outlier_rows`, fewer than a quarter of
    all; they are told of if the slope without them is over 3 of its standard errors away. Residuals fan out if the
    logarithms of the standard deviations of both halves differ by over 3 of theirs. All need 20 points.

    Returns
    -------
    tuple of str
        A long and a short text.
    """
    data, far = problem.data, outlier_rows(problem.data)
    kept = without_rows(data, far) if 0 < 4 * len(far) < len(data.x) and np.ptp(np.delete(data.x, far)) > 0 else data
    with np.errstate(all="ignore"):
        residuals = data.y - problem.objective.predictions(run.trajectory.final)
        slope, intercept = line_without_rows(kept, np.array([], dtype=int))
        clean = kept.y - slope * kept.x - intercept
        means, bends = _bend(data.x, residuals)
        bends = bends and _bend(kept.x, clean)[1]
        low, high = (residuals[rows].std() for rows in rows_by_x(data.x, 2))
        n_half, spread = len(data.x) // 2, np.std(clean) / (np.sqrt(len(kept.x)) * kept.x.std())
        tilts = kept is not data and abs(slope - problem.in_units(run.trajectory.final)[0]) > 3 * spread
        fans_out = low * high > 0 and abs(np.log(high / low)) > 3 / np.sqrt(max(n_half - 1, 1))
        is_enough = n_half >= 10 and np.abs(residuals).max() > 1e-9 * np.ptp(data.y)
    return say(
        "Mean residuals are {left} and {right} at the ends, {middle} between: the points bend, a line cannot.",
        "The points bend; a line cannot.",
        when=bool(is_enough and bends), left=means[0], middle=means[len(means) // 2], right=means[-1],
    ) or say(
        "Without {n:far point|far points} the slope would be {slope}: squares weigh far points most.",
        "Without {n:far point|far points}: slope {slope}.",
        when=bool(is_enough and tilts), n=len(far), slope=slope,
    ) or say(
        "Residuals spread by {low} in the left half, by {high} in the right: no single ± tells how far off.",
        "Spread {low} at the left, {high} at the right.",
        when=bool(is_enough and fans_out), low=low, high=high,
    ) or say(
        "What a line cannot follow is left in the residuals: look there for a bend, a fan or groups.",
        "Look for a pattern in the residuals.",
    )  # fmt: skip


def _bend(x: np.ndarray, residuals: np.ndarray) -> tuple[list[float], bool]:
    """Return the mean residual of each fifth, and whether the middle is off the ends by over 3 standard errors."""
    fifths = [residuals[rows] for rows in rows_by_x(x, 5)]
    left, middle, right = (fifths[at].mean() for at in (0, len(fifths) // 2, -1))
    error = np.sqrt(1.5 * np.mean([part.var() / max(len(part) - 1, 1) for part in fifths]))
    is_apart = abs(middle - (left + right) / 2) > 3 * error
    return [float(part.mean()) for part in fifths], bool(left * middle < 0 < left * right and is_apart)


def loss_of_residuals(
    fits: Sequence[tuple[LinearProblem, Run]], names: Sequence[str], marked: np.ndarray, bend: float
) -> Plot:
    """Return the plot ``loss``: each loss over the residual, a dot for each point, and the mean loss at the end.

    Parameters
    ----------
    fits : sequence of (LinearProblem, Run)
        The same points with one loss each, from one start.
    names : sequence of str
        Of the losses.
    marked : array of int
        Rows that are hollow.
    bend : float
        The residual, up or down, where a loss bends.
    """
    first, last = (
        max(
            float(np.abs(problem.objective.predictions(run.trajectory.params[k]) - problem.data.y).max())
            for problem, run in fits
        )
        for k in (0, -1)
    )
    last = last if 0 < last <= 3 * first else first or 1.0  # a run that diverges does not set the scale
    reach = 1.06 * min(max(first, last), 1.6 * last)
    highest, inside = max(reach**2 / 2, reach), bend < reach
    return Plot(
        *(mark for fit, name in zip(fits, names, strict=True) for mark in _loss_marks(*fit, name, marked, reach)),
        *(Rule(x=side, dash="dashed") for side in (-bend, bend) if inside),
        Text(" δ" if inside else "", (min(bend, reach), 1.0), coords=("data", "axes"), valign="top", layer=2),
        limits=((-reach, reach), (-0.04 * highest, 1.04 * highest)), x="residual", title=("Loss of a residual", "Loss"),
        name="loss", runs=[run for _, run in fits],
    )  # fmt: skip


class _PointsInside(Points):
    """Points of which those outside the window are nan, at times all of them."""

    nan_hides: ClassVar[bool] = True


def _loss_marks(problem: LinearProblem, run: Run, name: str, marked: np.ndarray, reach: float) -> list[Mark]:
    mean, objective = run.trajectory.loss, problem.objective

    def cost(residuals: np.ndarray) -> np.ndarray:
        return objective.loss.value(residuals, np.zeros_like(residuals))

    with np.errstate(all="ignore"):  # a run that diverges
        rows = drawn_rows(objective.n_samples)
        hollow = np.isin(np.arange(objective.n_samples), marked)[rows]
        residuals = run.trajectory.params @ objective.design[rows].T - objective.targets[rows]
        residuals[~(np.abs(residuals) <= reach)] = np.nan
        places, typical = np.stack([residuals, cost(residuals)], axis=-1), float(max(mean[-1], 0.01 * mean[0]))
    dots = partial(_PointsInside, size=(7.5, 4), layer=5, marker=run.marker, name="points")
    return [
        Curve(cost, domain=(-reach, reach), n=161, color=run.role, width=(2.6, 1.4), layer=3),
        dots(per_update(places[:, ~hollow]), color=run.role, edge_width=(0.8, 0.4)),
        dots(per_update(places[:, hollow]), color="background", edge=run.role, edge_width=(2.0, 1.2)),
        EndText(lambda k: (f"{name} {number_like(mean[run.at(k)], typical)}", name, ""),  # rows of the pull have it too
                float(cost(np.array([reach]))[0]), color=run.role, name="mean"),
    ]  # fmt: skip


def total_bars(
    totals: np.ndarray, least: Sequence[float], names: Sequence[str], *, roles: Sequence[str], title: ResponsiveText
) -> Plot:
    """Return the plot ``totals``: bars of each run's total of each loss, every loss on its own scale.

    Parameters
    ----------
    totals : array, shape (n_losses, n_runs, n_updates + 1)
    least : sequence of float
        The lowest possible total of each loss, drawn as a dotted line.
    names : sequence of str
        Of the losses.
    roles : sequence of str
        Colors of the runs.
    title : ResponsiveText
    """
    shown: list[Mark] = []
    for place, (loss, lowest) in enumerate(zip(totals, least, strict=True)):
        last = float(np.nanmax(np.where(np.isfinite(loss[:, -1]), loss[:, -1], 0.0)))
        full = min(float(loss[np.isfinite(loss)].max()), 4 * last) or 1.0  # a longer bar ends at the edge
        with np.errstate(over="ignore"):
            shares = np.minimum(np.nan_to_num(loss / full, nan=1.0), 1.0)
        decimals = decimals_for(last, 4, most=3)
        for row, (series, role) in enumerate(zip(loss, roles, strict=True)):
            middle = -place - 0.315 - 0.37 * row
            texts = [(number(total, decimals), number(total, max(decimals - 1, 0))) for total in series]
            shown += [
                Bars(per_update(shares[row][:, None]), [middle], thickness=0.31, color=role, horizontal=True, layer=2),
                EndText(per_update(texts), middle, color=role, bold=False),
            ]
        x, top = min(lowest / full, 1.0), -place - 0.06
        shown.append(Line([[x, top], [x, top - 0.88]], width=(2, 1.2), dash=(2, 1.6), layer=3, name="least"))
    return Plot(
        *shown, Rule(x=0.0, color="rule"), limits=((0.0, 1.0), (-float(len(names)), 0.0)), axes="ticks",
        ticks=((), {-0.5 - place: name for place, name in enumerate(names)}), title=title, name="totals",
        readout=Readout.still(("┆ least possible", "┆ least")), aspects=(2.0, 6.0),
    )  # fmt: skip
