"""The loss over two parameters, seen from above: bands, optimum, and the path of each run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import condition
from animate.draw.free_space import beyond, n_crossing, segments_near
from animate.draw.marks import HeatMap, Line, Mark, Path, Path3D, Points, Points3D, Surface3D, Text
from animate.draw.marks.equal_units import EqualUnits, equal_units, widened
from animate.draw.marks.fields import Limits
from animate.draw.marks.mark import THIN
from animate.draw.panels.base import Panel, set_limits
from animate.draw.panels.plot import Plot3D
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.errors import UsageError
from animate.learn.grouping import grouped
from animate.learn.problems import LinearProblem, LogisticProblem
from animate.learn.surfaces import AnalyticSurface

_ROUNDING = 1e-12
"""The least width of a window, as a share of the parameters in it."""
STAR: dict[str, Any] = {"marker": "*", "edge_width": (1.2, 0.7)}
"""How an optimum is marked."""
_SIDES = (
    *((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7)),
    *((0.9, 0.4), (-0.9, 0.4), (0.9, -0.4), (-0.9, -0.4), (0.4, 0.9), (-0.4, 0.9), (0.4, -0.9), (-0.4, -0.9)),
)
"""Where the label of an optimum may stand, the most wanted first."""


@dataclass(kw_only=True)
class LossSurface(Panel):
    """Loss bands over two parameters with the paths walked so far; each band is equal in the root of the loss.

    Parameters
    ----------
    values : callable
        From parameters (k, 2) to the loss (k,): an objective's ``values``.
    runs : sequence of Run
        Paths; the first two parameters are drawn.
    optimum : array (2,), optional
        Marked with a star.
    minima : array (k, 2), optional
        Further minima, marked with open stars.
    truth : array (2,), optional
        The parameters that the data were made with, marked with a small diamond.
    names : pair of ResponsiveText
        The two parameters.
    limits : pair of pairs, optional
        The window; around the paths where not given.
    note : ResponsiveText
        What stands at the right of the title, such as the loss as a formula.
    equal_steps_of_loss : bool
        Whether the bands are equal in the loss itself.
    equal_units : bool
        Whether a unit is as long across as up, so that a round valley looks round.
    role : str
        The color role of the title: that of the run, if there is only one among several panels.
    """

    aspects: ClassVar[tuple[float, float]] = (0.8, 1.4)
    optional_marks: ClassVar[frozenset[str]] = frozenset({"optimum", "minima", "truth"})
    values: Callable[[np.ndarray], np.ndarray]
    runs: Sequence[Run]
    optimum: np.ndarray | None = None
    minima: np.ndarray | None = None
    names: tuple[ResponsiveText, ResponsiveText] = (("slope  w", "w"), ("intercept  b", "b"))
    truth: np.ndarray | None = None
    limits: Limits | None = None
    note: ResponsiveText = ""
    equal_steps_of_loss: bool = False
    equal_units: bool = False
    role: str = "ink"

    @classmethod
    def of(
        cls,
        problem: LinearProblem | LogisticProblem,
        runs: Sequence[Run],
        *,
        whole: bool = False,
        true_line: Sequence[float] | None = None,
        window: Sequence[float] | None = None,
        **fields: Any,
    ) -> LossSurface:
        """Return the surface of the loss of a line, or of a sigmoid on one feature, on the scale of the descent.

        Of over 2000 points the surface of a sigmoid is drawn from groups of neighbors. It has no optimum where the
        classes are separable. With ``whole`` the bowl of a line is shown around its optimum, with its condition number.
        A ``true_line`` in the data's units is marked, and the note says so; it must lie in a ``window`` that is given.
        """
        if isinstance(problem, LogisticProblem):
            best = None if problem.is_separable else problem.objective.optimum()
            of_sigmoid = (("weight w, scaled feature", "w"), ("intercept b", "b"))
            values = grouped(problem.objective).values
            return cls(values=values, runs=runs, **{"optimum": best, "names": of_sigmoid} | fields)
        scaled, shifted = problem.scaling.scale[0] != 1.0, problem.scaling.mean[0] != 0.0
        at_0 = ("b  (at x = 0)", "b") if scaled else cls.names[1]
        names = (
            ("w  (per standard deviation of x)", "w, x scaled") if scaled else cls.names[0],
            ("b  (at the mean of x)", "b") if shifted else at_0,
        )
        given: dict[str, Any] = {"optimum": problem.objective.optimum(), "names": names}
        if whole:
            given["limits"] = around([run.trajectory.params for run in runs], given["optimum"])
            given["note"] = condition(problem.objective.condition_number())
        truth = None if true_line is None else problem.from_units(true_line)
        if truth is not None:
            fields["note"] = ("small diamond: the true line", "diamond: true")
        given |= {"title": ("Loss surface", "Loss"), "truth": truth}
        given |= {"limits": limits_of(window, truth)} if window else {}
        return cls(values=problem.objective.values, runs=runs, **given | fields)

    @classmethod
    def of_surface(cls, surface: AnalyticSurface, runs: Sequence[Run], **fields: Any) -> LossSurface:
        """Return a surface of known formula, by the logarithm of its height, with its minima and the runs on it."""
        paths, minimum = [run.trajectory.params for run in runs], surface.nearest_minimum(runs[0].trajectory.final)
        return cls(
            values=surface.log_values, runs=runs, optimum=minimum, minima=surface.minima, names=("x", "y"),
            note=(surface.formula, ""), limits=window([*paths, surface.minima], surface.optimum()), **fields,
        )  # fmt: skip

    def heading_role(self) -> str:
        return self.role

    def readout(self, style: Style) -> Readout | None:
        return Readout.still(self.note) if self.note else None

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        true = [] if self.truth is None else [np.array([self.truth])]
        limits = self.limits or window([*(run.trajectory.params[:, :2] for run in self.runs), *true], self.optimum)
        self._frame(axes, style)
        set_limits(axes, style, x=limits[0], y=limits[1])
        shown = generous(axes, limits) if self.equal_units else limits
        yield HeatMap(self.values, limits=shown, even=self.equal_steps_of_loss, name="surface")
        if self.equal_units:
            x, y = equal_units(axes, limits)
            set_limits(axes, style, x=x, y=y)
            yield EqualUnits(limits)
        paths = [within_reach(run.trajectory.params[:, :2], limits) for run in self.runs]
        for run, path in zip(self.runs, paths, strict=True):
            yield Path(
                path, at=run.at, color=run.role, width=(2.8, 1.5), start=True, layer=5, head=(11, 6),
                head_edge=(1.8, 1.0), head_layer=8, clip_head=True, name="path",
            )  # fmt: skip
        if self.minima is not None:
            yield Points(
                self.minima, size=(15, 8), color="surface_low", edge="ink", marker="*", edge_width=(1.2, 0.8),
                name="minima",
            )  # fmt: skip
        if self.truth is not None:
            yield Points([self.truth], size=(6, 4), color="surface_low", edge="ink", marker="D", layer=9, name="truth")
        if self.optimum is not None:
            yield Points([self.optimum[:2]], size=(17, 9), color="ink", layer=6, name="optimum", **STAR)
            yield from self._optimum_label(axes, style, paths, np.asarray(self.optimum[:2], dtype=float))

    def _frame(self, axes: Axes, style: Style) -> None:
        for spine in axes.spines.values():
            spine.set_visible(False)
        rooms = ((axes.set_xlabel, self.names[0], axes.bbox.width), (axes.set_ylabel, self.names[1], axes.bbox.height))
        for set_label, words, room in rooms:
            set_label(style.fit(words, style.label_px, 0.9 * room), labelpad=style.px(4, least=1))

    def _optimum_label(
        self, axes: Axes, style: Style, paths: Sequence[np.ndarray], at: np.ndarray
    ) -> Iterator[Mark]:
        """Return the label at the nearest place around the optimum where it covers no path, or the least of them.

        Where that is far from the optimum a thin line leads to it.
        """
        size = np.array([style.text_width(style.pick("optimum"), style.label_px, bold=True), style.label_px])
        place, gap, head = axes.transData.transform(at), style.px(13, least=7), style.px(6, least=3)
        inset = 0.3 * style.label_px
        away = np.array([
            far * gap * np.array(side) for far in (1.0, 1.5, 2.2, 3.2, 4.5, 6.0, 8.0, 10.0) for side in _SIDES
        ])  # fmt: skip
        corners = place + away - size * (1 - np.sign(np.round(away, 6))) / 2
        # above and below the optimum the label moves inward as far as it would be cut
        is_above = np.abs(away[:, 0]) < np.abs(away[:, 1])
        least = axes.bbox.x0 + inset
        corners[is_above, 0] = np.clip(corners[is_above, 0], least, max(axes.bbox.x1 - size[0] - inset, least))
        reach = corners.min(axis=0) - head, corners.max(axis=0) + size + head
        drawn = np.concatenate([segments_near(axes.transData.transform(path), *reach) for path in paths])
        covered: list[float] = []
        for low in corners:
            outside = beyond(axes, low - inset, low + size + inset)
            covered.append(n_crossing(drawn, low - head, low + size + head) + 1e6 * outside)
            if not covered[-1]:
                break
        best = int(np.argmin(covered))
        shift, low = away[best], corners[best]
        right, up = low + size / 2 - place
        layer = 7 if covered[best] else 3
        if np.hypot(*shift) > 3 * gap:
            tip = axes.transData.inverted().transform(np.clip(place, low - 5, low + size + 5))
            yield Line([at, tip], color="ink 60%", width=THIN, layer=layer, name="optimum")
        yield Text(
            "optimum", (float(at[0]), float(at[1])), shift=(float(right), float(up)), align="center", valign="center",
            color="ink", name="optimum", bold=not style.compact, halo="surface_low", layer=layer,
        )  # fmt: skip


def loss_surface_3d(
    values: Callable[[np.ndarray], np.ndarray],
    runs: Sequence[Run],
    *,
    optimum: np.ndarray | None = None,
    limits: Limits | None = None,
    **fields: Any,
) -> Plot3D:
    """Return the plot of the loss over two parameters as a surface in space, each run's path on it.

    Parameters
    ----------
    values : callable
        From parameters (k, 2) to the loss (k,).
    runs : sequence of Run
        The first two parameters are drawn.
    optimum : array (2,), optional
        Marked on the floor with a star.
    limits : pair of pairs, optional
        The window; around the paths where not given.
    **fields
        Of `Plot3D`, such as ``title`` and ``orbit``.
    """
    marks: list[Mark] = [
        Surface3D(values, limits or window([run.trajectory.params[:, :2] for run in runs], optimum), name="surface"),
        *(
            Path3D(
                np.column_stack([run.trajectory.params[:, :2], run.trajectory.loss]),
                at=run.at,
                color=run.role,
                name="path",
            )
            for run in runs
        ),
    ]
    if optimum is not None:
        marks.append(Points3D([[optimum[0], optimum[1], np.nan]], marker="*", size=(15, 8), name="optimum"))
    return Plot3D(*marks, runs=runs, **{"x": "w", "y": "b"} | fields)


def generous(axes: Axes, limits: Limits) -> Limits:
    """Return limits that hold those of any place near the one the axes have now."""
    x, y = equal_units(axes, limits)
    return widened(x, 1.7), widened(y, 1.7)


def within_reach(path: np.ndarray, limits: Limits) -> np.ndarray:
    """Return a path whose points beyond 50 windows are drawn in toward the middle of this one, each on its own ray.

    Lines to the far end of the number range lose their direction where they are clipped.
    """
    middle = np.mean(limits, axis=1)
    half = np.diff(limits, axis=1)[:, 0] / 2
    with np.errstate(all="ignore"):
        away = (np.asarray(path, dtype=float)[:, :2] - middle) / half
        far = np.abs(away).max(axis=1, keepdims=True)
        return np.asarray(np.where(far > 50, middle + half * (away / far) * 50, path[:, :2]))


def window(paths: Sequence[np.ndarray], optimum: np.ndarray | None) -> Limits:
    """Return limits for the two parameters that hold the paths and the optimum, the wild parts of a path cut off.

    A path that diverges is followed to three times the distance its start has from the optimum.
    """
    starts = np.array([path[0] for path in paths])
    center = starts.mean(axis=0) if optimum is None else np.asarray(optimum, dtype=float)[:2]
    points = np.concatenate([*paths, center[None, :]])
    points = points[np.isfinite(points).all(axis=1)]
    reach = 3.0 * np.maximum(np.abs(starts - center).max(axis=0), 1e-12)
    if np.linalg.norm(reach) > 1e-9:
        reach = np.maximum(reach, 0.35 * reach.max())
        points = np.clip(points, center - reach, center + reach)
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.maximum(high - low, 0.3 * (high - low).max())
    span = np.where(span > _ROUNDING * np.abs(points).max(), span, 2.0)
    middle = (low + high) / 2
    # The optimum stays clear of the edge, so that its bands are seen closing around it.
    half = np.maximum(0.62 * span, np.abs(center - middle) + 0.22 * span)
    return (middle[0] - half[0], middle[0] + half[0]), (middle[1] - half[1], middle[1] + half[1])


def limits_of(values: Sequence[float] | None, place: np.ndarray | None = None) -> Limits | None:
    """Return the limits across and up of four numbers that a user gives, or none; a place must lie in them."""
    if values is None:
        return None
    left, right, low, high = values
    if not (left < right and low < high):
        raise UsageError(f"window must have the lower number of each pair first; got {', '.join(map(str, values))}.")
    if place is not None and not (left <= place[0] <= right and low <= place[1] <= high):
        raise UsageError(f"window must hold {place[0]:g},{place[1]:g}, marked; got {', '.join(map(str, values))}.")
    return (left, right), (low, high)


def around(paths: Sequence[np.ndarray], optimum: np.ndarray, margin: float = 1.12) -> Limits:
    """Return limits with the optimum in the middle that hold the paths, so that a bowl is seen whole."""
    center = np.asarray(optimum, dtype=float)[:2]
    points = np.concatenate([path[:, :2] for path in paths])
    reach = 3.0 * np.abs(np.array([path[0, :2] for path in paths]) - center).max(axis=0)
    distance = np.abs(points[np.isfinite(points).all(axis=1)] - center)
    half = margin * np.minimum(distance, np.where(reach > 0, reach, np.inf)).max(axis=0, initial=1e-6)
    half = np.maximum(half, max(0.4 * half.max(), _ROUNDING * np.abs(center).max()))
    return (center[0] - half[0], center[0] + half[0]), (center[1] - half[1], center[1] + half[1])
