"""The loss over two parameters, seen from above: bands, optimum, and the path of each run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from contourpy import FillType, contour_generator
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from animate.draw.panels.base import Panel, set_limits
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.problems import LinearProblem

N_BANDS = 13
GRID = 96

Limits = tuple[tuple[float, float], tuple[float, float]]


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
    names : pair of ResponsiveText
        The two parameters.
    limits : pair of pairs, optional
        The window; around the paths where not given.
    note : ResponsiveText
        What stands at the right of the title, such as the loss as a formula.
    equal_units : bool
        Whether a unit is as long across as up, so that a round valley looks round.
    role : str
        The color role of the title: that of the run, where there is one only among several panels.
    """

    values: Callable[[np.ndarray], np.ndarray]
    runs: Sequence[Run]
    optimum: np.ndarray | None = None
    minima: np.ndarray | None = None
    names: tuple[ResponsiveText, ResponsiveText] = (("slope  w", "w"), ("intercept  b", "b"))
    limits: Limits | None = None
    note: ResponsiveText = ""
    equal_steps_of_loss: bool = False
    equal_units: bool = False
    role: str = "ink"

    @classmethod
    def of(cls, problem: LinearProblem, runs: Sequence[Run], **fields: Any) -> LossSurface:
        """Return the surface of a line's squared error over slope and intercept, on the scale that descent sees."""
        scaled = bool(problem.scaling.scale[0] != 1.0)
        names = (
            (("w  (per standard deviation of x)", "w, x scaled"), ("b  (at the mean of x)", "b"))
            if scaled
            else cls.names
        )
        given: dict[str, Any] = {"optimum": problem.objective.optimum(), "names": names} | fields
        return cls(values=problem.objective.values, runs=runs, **given)

    def heading_role(self) -> str:
        return self.role

    def readout(self, style: Style) -> Readout | None:
        return Readout(self.note, lambda _: "", "") if self.note else None

    def create(self, axes: Axes, style: Style) -> None:
        self._frame(axes, style)
        x, y = self.limits or window([run.trajectory.params[:, :2] for run in self.runs], self.optimum)
        self._drawn = [within_reach(run.trajectory.params[:, :2], (x, y)) for run in self.runs]
        self._units = UnitFitting(axes, (x, y)) if self.equal_units else None
        set_limits(axes, style, x=x, y=y)
        if self._units is None:
            draw_bands(axes, style, self.values, (x, y), even=self.equal_steps_of_loss)
        else:
            draw_bands(axes, style, self.values, self._units.generous(), even=self.equal_steps_of_loss)
            x, y = equal_units(axes, (x, y))
            set_limits(axes, style, x=x, y=y)
        self._paths = [self._path(axes, style, run) for run in self.runs]
        if self.minima is not None:
            self._mark_minima(axes, style, np.asarray(self.minima, dtype=float))
        if self.optimum is not None:
            self._mark_optimum(axes, style, self.optimum)
        self._heads = [self._head(axes, style, run) for run in self.runs]

    def show(self, update: int) -> None:
        if self._units is not None:
            self._units.settle()
        for run, params, path, head in zip(self.runs, self._drawn, self._paths, self._heads, strict=True):
            at = run.at(update)
            path.set_data(params[: at + 1, 0], params[: at + 1, 1])
            head.set_data([params[at, 0]], [params[at, 1]])

    def _frame(self, axes: Axes, style: Style) -> None:
        axes.patch.set_visible(False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(length=0, pad=style.px(8, least=3), labelsize=style.label_px, labelcolor=style.theme.muted)
        rooms = ((axes.set_xlabel, self.names[0], axes.bbox.width), (axes.set_ylabel, self.names[1], axes.bbox.height))
        for set_label, words, room in rooms:
            set_label(
                style.fit(words, style.label_px, 0.9 * room),
                fontproperties=style.font(style.label_px),
                color=style.theme.muted,
                labelpad=style.px(4, least=1),
            )

    def _path(self, axes: Axes, style: Style, run: Run) -> Line2D:
        start = run.trajectory.params[0]
        color = style.theme.color(run.role)
        axes.plot(
            [start[0]], [start[1]], marker="o", markersize=style.px(8, least=4.5), markerfacecolor="none",
            markeredgecolor=color, markeredgewidth=style.thin_px, linestyle="none", zorder=4,
        )  # fmt: skip
        (path,) = axes.plot([], [], color=color, linewidth=style.px(2.8, least=1.5), zorder=5, solid_joinstyle="round")
        return path

    def _head(self, axes: Axes, style: Style, run: Run) -> Line2D:
        (head,) = axes.plot(
            [], [], marker="o", markersize=style.px(11, least=6), color=style.theme.color(run.role),
            markeredgecolor=style.theme.background, markeredgewidth=style.px(1.8, least=1), linestyle="none", zorder=8,
        )  # fmt: skip
        return head

    def _mark_minima(self, axes: Axes, style: Style, minima: np.ndarray) -> None:
        axes.plot(
            minima[:, 0], minima[:, 1], marker="*", markersize=style.px(15, least=8), linestyle="none", zorder=3,
            markerfacecolor=style.theme.surface[0], markeredgecolor=style.theme.ink,
            markeredgewidth=style.px(1.2, least=0.8),
        )  # fmt: skip

    def _mark_optimum(self, axes: Axes, style: Style, optimum: np.ndarray) -> None:
        x, y = float(optimum[0]), float(optimum[1])
        axes.plot(
            [x], [y], marker="*", markersize=style.px(17, least=9), color=style.theme.ink, linestyle="none",
            markeredgecolor=style.theme.background, markeredgewidth=style.px(1.2, least=0.7), zorder=6,
        )  # fmt: skip
        (shift, ha, va), is_free = self._free_side(axes, style, "optimum", np.array([x, y]))
        label = axes.annotate(
            "optimum", (x, y), xytext=shift, textcoords="offset points", ha=ha, va=va, color=style.theme.ink,
            zorder=3 if is_free else 7, fontproperties=style.font(style.label_px, bold=not style.compact),
        )  # fmt: skip
        label.set_path_effects([withStroke(linewidth=style.px(3, least=2), foreground=style.theme.surface[0])])

    def _free_side(
        self, axes: Axes, style: Style, text: str, at: np.ndarray
    ) -> tuple[tuple[tuple[float, float], str, str], bool]:
        """Return offset and alignment of a label where it covers least of the paths, and whether it covers none."""
        width, height, gap = style.text_width(text, style.label_px, bold=True), style.label_px, style.px(13, least=7)
        x, y = axes.transData.transform(at)
        paths = np.concatenate([_along(axes.transData.transform(params)) for params in self._drawn])
        sides = {
            ((gap, 0.0), "left", "center"): (x + gap, y - height / 2),
            ((-gap, 0.0), "right", "center"): (x - gap - width, y - height / 2),
            ((0.0, gap), "center", "bottom"): (x - width / 2, y + gap),
            ((0.0, -gap), "center", "top"): (x - width / 2, y - gap - height),
        }

        def covered(corner: tuple[float, float]) -> float:
            low = np.array(corner)
            high = low + np.array([width, height])
            outside = np.maximum(axes.bbox.min - low, 0).sum() + np.maximum(high - axes.bbox.max, 0).sum()
            return float(((paths >= low - 2) & (paths <= high + 2)).all(axis=1).sum() + 1000 * outside)

        side = min(sides, key=lambda side: covered(sides[side]))
        return side, covered(sides[side]) == 0


def within_reach(path: np.ndarray, limits: Limits, *, windows: float = 50.0) -> np.ndarray:
    """Return a path whose points beyond many windows are drawn in toward the middle of this one, each on its own ray.

    Lines to the far end of the number range lose their direction where they are clipped.
    """
    middle = np.mean(limits, axis=1)
    half = np.diff(limits, axis=1)[:, 0] / 2
    with np.errstate(all="ignore"):
        away = (np.asarray(path, dtype=float)[:, :2] - middle) / half
        far = np.abs(away).max(axis=1, keepdims=True)
        return np.asarray(np.where(far > windows, middle + half * (away / far) * windows, path[:, :2]))


def _along(points: np.ndarray, n_between: int = 4) -> np.ndarray:
    """Return the points of a line with some in between, for a line can cross where no point of it is."""
    shares = np.arange(n_between)[:, None, None] / n_between
    with np.errstate(all="ignore"):
        between = points[None, :-1] + shares * np.diff(points, axis=0)[None]
    return np.concatenate([between.reshape(-1, 2), points[-1:]])


class UnitFitting:
    """Limits that make a unit as long across as up, settled once the axes have their place."""

    def __init__(self, axes: Axes, limits: Limits) -> None:
        self._axes, self._limits, self._settled = axes, limits, False

    def generous(self) -> Limits:
        """Return limits that hold those of any place near the one the axes have now."""
        x, y = equal_units(self._axes, self._limits)
        return _widened(x, 1.7), _widened(y, 1.7)

    def settle(self) -> None:
        """Set the limits; the first time only, for later ones would be the same."""
        if not self._settled:
            x, y = equal_units(self._axes, self._limits)
            self._axes.set_xlim(*x)
            self._axes.set_ylim(*y)
            self._settled = True


def equal_units(axes: Axes, limits: Limits) -> Limits:
    """Return limits made wider on one axis, so that a unit is as long across as up."""
    (x_low, x_high), (y_low, y_high) = limits
    units_per_px = max((x_high - x_low) / axes.bbox.width, (y_high - y_low) / axes.bbox.height)
    return (
        _widened(limits[0], units_per_px * axes.bbox.width / (x_high - x_low)),
        _widened(limits[1], units_per_px * axes.bbox.height / (y_high - y_low)),
    )


def _widened(limits: tuple[float, float], factor: float) -> tuple[float, float]:
    middle, half = (limits[0] + limits[1]) / 2, factor * (limits[1] - limits[0]) / 2
    return middle - half, middle + half


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
    span = np.where(span > 0, span, 2.0)
    middle = (low + high) / 2
    # The optimum stays clear of the edge, so that its bands are seen closing around it.
    half = np.maximum(0.62 * span, np.abs(center - middle) + 0.22 * span)
    return (middle[0] - half[0], middle[0] + half[0]), (middle[1] - half[1], middle[1] + half[1])


def around(paths: Sequence[np.ndarray], optimum: np.ndarray, margin: float = 1.12) -> Limits:
    """Return limits with the optimum in the middle that hold the paths, so that a bowl is seen whole."""
    center = np.asarray(optimum, dtype=float)[:2]
    points = np.concatenate([path[:, :2] for path in paths])
    reach = 3.0 * np.abs(np.array([path[0, :2] for path in paths]) - center).max(axis=0)
    distance = np.abs(points[np.isfinite(points).all(axis=1)] - center)
    half = margin * np.minimum(distance, np.where(reach > 0, reach, np.inf)).max(axis=0, initial=1e-6)
    half = np.maximum(half, 0.4 * half.max())
    return (center[0] - half[0], center[0] + half[0]), (center[1] - half[1], center[1] + half[1])


def loss_grid(
    values: Callable[[np.ndarray], np.ndarray], limits: Limits, n: int = GRID
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x (n,), y (n,) and the loss (n, n) over a window."""
    x, y = np.linspace(*limits[0], n), np.linspace(*limits[1], n)
    mesh = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return x, y, np.asarray(values(mesh)).reshape(n, n)


def band_levels(loss: np.ndarray, n_bands: int = N_BANDS, *, even: bool = False) -> np.ndarray:
    """Return the upper edges of the bands, from the lowest: equally spaced in the root of the loss above its least."""
    low, high = float(np.nanmin(loss)), float(np.nanmax(loss))
    share = np.arange(1, n_bands + 1) / n_bands
    return low + (high - low) * (share if even else share**2)


def draw_bands(
    axes: Axes, style: Style, values: Callable[[np.ndarray], np.ndarray], limits: Limits, *, even: bool = False
) -> None:
    """Paint the bands from the highest loss to the lowest, each over the last, so that no seam shows between them."""
    x, y, loss = loss_grid(values, limits)
    levels = band_levels(loss, even=even)
    colors = style.theme.surface_colors(len(levels))
    axes.axvspan(*limits[0], color=colors[-1], linewidth=0, zorder=0)
    axes.add_collection(PathCollection(
        regions_below(x, y, loss, levels[-2::-1].tolist()), facecolors=colors[-2::-1], edgecolors="none", linewidths=0,
        antialiaseds=True, zorder=1,
    ), autolim=False)  # fmt: skip
    axes.set_xlim(*limits[0])
    axes.set_ylim(*limits[1])


def regions_below(x: np.ndarray, y: np.ndarray, loss: np.ndarray, levels: Sequence[float]) -> list[Path]:
    """Return for each level the region in which the loss is below it.

    By what ``contourf`` itself asks, for a fraction of its time: it makes an artist, a norm and a color map each time.
    """
    generator = contour_generator(x, y, np.ma.masked_invalid(loss), fill_type=FillType.OuterCode)
    low = float(np.nanmin(loss))
    floor = low - abs(low) - 1.0
    return [_joined(*generator.filled(floor, level)) for level in levels]


def _joined(points: Sequence[np.ndarray], codes: Sequence[np.ndarray]) -> Path:
    return Path(np.concatenate([np.empty((0, 2)), *points]), np.concatenate([np.empty(0, Path.code_type), *codes]))
