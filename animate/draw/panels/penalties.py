"""The loss over two weights, and the shapes of a lasso and a ridge penalty that touch its contours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from animate.draw.marks import Labels, Line, Mark, Points, Rule, Text, per_update
from animate.draw.panels.formula import Formula, Term
from animate.draw.panels.loss_surface import LossSurface
from animate.draw.panels.plot import Plot
from animate.draw.run import Run
from animate.draw.style import ResponsiveText
from animate.draw.text_template import say
from animate.learn.landscape import Profile, quadratic_contour
from animate.learn.lasso import Lasso
from animate.learn.objectives import LinearPredictor
from animate.learn.ridge_path import RidgePath
from animate.learn.validation import Floats

_ANGLES = np.linspace(0.0, 2.0 * np.pi, 121)
_DIAMOND = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0], [1.0, 0.0]])
_SHAPES = (1, _DIAMOND), (2, np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=-1))
"""The norm of a lasso and of a ridge penalty, and the weights at which it is 1."""


def penalty_geometry(loss: LinearPredictor, runs: Sequence[Run], goals: Sequence[Floats], **fields: Any) -> LossSurface:
    """Return the surface of the loss over two weights with each run's penalty, and the contour that it touches.

    A story can name ``penalty``, the shapes through the weights of each update, ``contour``, the contours through the
    ends, and ``ends``, the stars at them.

    Parameters
    ----------
    loss : LinearPredictor
        Half the mean squared residual, without a penalty.
    runs : pair of Run
        With the lasso and with ridge.
    goals : sequence of array (3,)
        Where each run leads.
    **fields
        Of `LossSurface`.
    """
    values, ends = Profile(loss).values, [params[:2] for params in (loss.optimum(), *goals)]
    names: list[ResponsiveText] = [("least squares", "\u03bb = 0"), "lasso", "ridge"]
    paths = [run.trajectory.params[:, :2] for run in runs]
    contours = [quadratic_contour(values, ends[0], end) for end in ends[1:]]
    outlines = [np.linalg.norm(end, norm) * shape for end, (norm, shape) in zip(ends[1:], _SHAPES, strict=True)]
    through_zero: dict[str, Any] = {"color": "muted 70%", "width": (1.2, 0.8), "layer": 1.5}
    extra: list[Mark] = [Rule(x=0.0, **through_zero), Rule(y=0.0, **through_zero)]
    dashes = ((3, 2.5), (6, 2.5, 1, 2.5))
    for run, path, (norm, shape), contour, dash in zip(runs, paths, _SHAPES, contours, dashes, strict=True):
        with np.errstate(all="ignore"):  # a run that diverges
            sizes = np.linalg.norm(path, norm, axis=1)
        outline = sizes[:, None, None] * np.where(np.isfinite(sizes)[:, None, None], shape, np.nan)
        extra += [
            Line(per_update(outline), color=run.role, width=(2.4, 1.0), join="miter", layer=3, name="penalty"),
            Line(contour, color=run.role, width=(1.8, 1.0), dash=dash, layer=3, name="contour"),
        ]
    roles = ["ink", *(run.role for run in runs)]
    extra += [
        Points(
            [end], marker="*", size=(17, 9), color=role, edge="surface_low", edge_width=(1.2, 0.7), layer=6, name="ends"
        )
        for end, role in zip(ends, roles, strict=True)
    ]
    limits = _window(np.concatenate([ends, [[0.0, 0.0]], *(path[:1] for path in paths)]), [*outlines, *paths])
    zeros = [np.stack([limits[0], (0.0, 0.0)], axis=-1), np.stack([(0.0, 0.0), limits[1]], axis=-1)]
    extra.append(Labels(ends, names, color=roles, avoid=[*paths, *contours, *outlines, *zeros], name="ends"))
    return LossSurface(
        values=values, runs=runs, names=("w₁", "w₂"), equal_units=True, extra=extra, limits=limits,
        note="\u00bd mean r\u00b2", **fields,
    )  # fmt: skip


def shrinking_rules(runs: Sequence[Run], axis: int, objective: Lasso, learning_rate: float, **fields: Any) -> Formula:
    """Return the rules of a weight of the lasso and of ridge: v, after a gradient step of the loss, less the penalty's.

    Parameters
    ----------
    runs : pair of Run
        With the lasso and with ridge, of one penalty.
    axis : int
        Which weight.
    objective : Lasso
        That of the first run.
    learning_rate : float
    **fields
        Of `Formula`.
    """
    loss, most, name = objective.smooth, learning_rate * objective.lasso_penalty, f"w_{axis + 1}"
    title = say("Each update of {name}", name=("w\u2081", "w\u2082")[axis])
    rules: list[list[Term | str]] = []
    symbols = r"$\mathrm{clip}_{\eta\lambda}(v)$", rf"$\eta\lambda\,{name}$"
    for run, symbol, is_lasso in zip(runs, symbols, (True, False), strict=True):
        path = run.trajectory.params
        with np.errstate(all="ignore"):  # a run that diverges
            moved = path[:-1, axis] - learning_rate * np.array([loss.gradient(at)[axis] for at in path[:-1]])
            taken = np.clip(moved, -most, most) if is_lasso else most * path[:-1, axis]
        v, off = (np.append(np.nan, values) for values in (moved, taken))
        rules.append([Term(f"${name}$", path[:, axis]), r"$\leftarrow$", Term("$v$", v), "$-$", Term(symbol, off)])
    return Formula(rules=rules, roles=[run.role for run in runs], title=title, **fields)


def slope_against_penalty(
    path: RidgePath, penalties: Sequence[float], runs: Sequence[Run], slopes: np.ndarray, clean: float | None
) -> Plot:
    """Return the plot ``penalty``: the best slope over the penalty, and the slope of each run at its own penalty.

    Parameters
    ----------
    path : RidgePath
    penalties : sequence of float
        One for each run.
    runs : sequence of Run
    slopes : array, shape (n_updates + 1, n_penalties)
        Of the runs, in the units of the data.
    clean : float, optional
        The slope of least squares without the outliers, as a dashed line.
    """
    known = [*path.curve[:, 1], *([] if clean is None else [clean])]
    reach = 3 * max(float(np.ptp(known)), float(np.abs(known).max()))
    shown = [*known, *np.clip(slopes[0], min(known) - reach, max(known) + reach)]
    margin = 0.1 * float(np.ptp(shown)) or 1.0
    extra: list[Mark] = [Line(path.curve, color="muted", width=(2.2, 1.2), layer=2)]
    if clean is not None:
        name = Text(("┄ without outliers ", "┄ no outliers "), (1.0, clean), coords=("axes", "data"), align="right",
                    valign="bottom", room=0.6)  # fmt: skip
        extra += [Rule(y=clean, dash="dashed", layer=1), name]
    for run, place, series in zip(runs, path.places, slopes.T, strict=True):
        at = per_update(np.stack([np.full(len(slopes), place), series], -1)[:, None])
        extra.append(Points(at, color=run.role, marker=run.marker, size=(11, 6), edge_width=(1.6, 0.9), layer=8))
    ticks = {float(at): say("{penalty:g}", penalty=one) for at, one in zip(path.places, penalties, strict=True)}
    limits = (-0.3, path.curve[-1, 0]), (min(shown) - margin, max(shown) + margin)
    return Plot(*extra, limits=limits, x="penalty λ", ticks=(ticks, None), name="penalty", runs=runs,
                title=("Slope against penalty", "Slope against λ"))  # fmt: skip


def _window(still: np.ndarray, moving: Sequence[np.ndarray]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return limits that hold what stands still, and what moves as far as twice as far out."""
    reach = 2.0 * max(float(np.abs(still).max()), 1e-9)
    near = [np.clip(path[np.isfinite(path).all(axis=1)], -reach, reach) for path in moving]
    held = np.concatenate([still, *near])
    margin = 0.11 * max(float(np.ptp(held, axis=0).max()), 1e-9)
    (left, low), (right, high) = held.min(axis=0) - margin, held.max(axis=0) + margin
    return (float(left), float(right)), (float(low), float(high))
