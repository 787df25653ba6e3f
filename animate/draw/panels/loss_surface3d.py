"""The loss over two parameters as a surface in space, with the path on it and its foot on the floor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from animate.draw.marks.fields import Limits, loss_grid
from animate.draw.panels.base import Panel, few_ticks, tick_labels
from animate.draw.panels.loss_surface import window
from animate.draw.run import Run
from animate.draw.style import Style

GRID_3D = 36


@dataclass(kw_only=True)
class LossSurface3D(Panel):
    """A surface with each run's path on it and the path's shadow on the floor.

    Parameters
    ----------
    values : callable
        From parameters (k, 2) to the loss (k,).
    runs : sequence of Run
        Paths; the first two parameters are drawn.
    optimum : array (2,), optional
        Marked on the floor with a star.
    names : pair of str
        The two parameters.
    limits : pair of pairs, optional
        The window; around the paths where not given.
    elevation, azimuth : float
        The camera, in degrees.
    orbit : float
        Degrees the camera turns from the first to the last update; 0 is a still camera, far faster to draw.
    """

    aspects: ClassVar[tuple[float, float]] = (0.8, 1.4)
    values: Callable[[np.ndarray], np.ndarray]
    runs: Sequence[Run]
    optimum: np.ndarray | None = None
    names: tuple[str, str] = ("w", "b")
    limits: Limits | None = None
    elevation: float = 38.0
    azimuth: float = -58.0
    orbit: float = 0.0

    projection: ClassVar[str | None] = "3d"

    def create(self, axes: Axes, style: Style) -> None:
        ax: Any = axes
        ax.computed_zorder = False
        ax.patch.set_visible(False)
        limits = self.limits or window([run.trajectory.params[:, :2] for run in self.runs], self.optimum)
        x, y, loss = loss_grid(self.values, limits, GRID_3D)
        low, high = float(np.nanmin(loss)), float(np.nanmax(loss))
        self._floor = low - 0.34 * (high - low)
        self._high = high
        self._limits = limits
        self._axes = ax
        self._dress(ax, style, limits)
        ramp = LinearSegmentedColormap.from_list("surface", style.theme.surface)
        X, Y = np.meshgrid(x, y)
        share = np.sqrt((loss - low) / (high - low or 1.0))
        ax.plot_surface(
            X, Y, loss, facecolors=ramp(share), rstride=1, cstride=1, linewidth=0, antialiased=False, shade=False,
            zorder=1,
        )  # fmt: skip
        ax.contour(
            X, Y, loss, levels=low + (high - low) * (np.arange(1, 9) / 8.5) ** 2, zdir="z", offset=self._floor,
            colors=[style.theme.tint("muted", 0.45)], linewidths=style.px(1.1, least=0.7), zorder=0,
        )  # fmt: skip
        ax.plot_wireframe(
            X, Y, loss, rcount=9, ccount=9, color=style.theme.tint("ink", 0.35, on="muted"),
            linewidth=style.px(0.7, least=0.4), alpha=0.55, zorder=2,
        )  # fmt: skip
        self._artists = [self._run_artists(ax, style, run) for run in self.runs]
        if self.optimum is not None:
            ax.plot(
                [self.optimum[0]], [self.optimum[1]], [self._floor], marker="*", markersize=style.px(15, least=8),
                color=style.theme.ink, linestyle="none", zorder=6,
            )  # fmt: skip

    def show(self, update: int) -> None:
        last = max(run.trajectory.n_updates for run in self.runs)
        if self.orbit:
            self._axes.view_init(self.elevation, self.azimuth + self.orbit * update / max(last, 1))
        for run, (path, shadow, stem, head) in zip(self.runs, self._artists, strict=True):
            at = run.at(update)
            x, y = run.trajectory.params[: at + 1, 0], run.trajectory.params[: at + 1, 1]
            z = np.minimum(run.trajectory.loss[: at + 1], self._high)
            floor = np.full_like(z, self._floor)
            path.set_data_3d(x, y, z)
            shadow.set_data_3d(x, y, floor)
            stem.set_data_3d(x[[-1, -1]], y[[-1, -1]], np.array([self._floor, z[-1]]))
            head.set_data_3d(x[-1:], y[-1:], z[-1:])

    def _run_artists(self, ax: Any, style: Style, run: Run) -> tuple[Any, Any, Any, Any]:
        color = style.theme.color(run.role)
        dim = style.theme.tint(run.role, 0.6)
        (shadow,) = ax.plot([], [], [], color=dim, linewidth=style.px(2.2, least=1.2), zorder=3)
        (stem,) = ax.plot([], [], [], color=dim, linewidth=style.thin_px, linestyle=(0, (2, 2)), zorder=4)
        (path,) = ax.plot([], [], [], color=color, linewidth=style.px(3.0, least=1.6), zorder=5)
        (head,) = ax.plot(
            [], [], [], marker="o", markersize=style.px(11, least=6), color=color, linestyle="none",
            markeredgecolor=style.theme.background, markeredgewidth=style.px(1.6, least=1), zorder=7,
        )  # fmt: skip
        return path, shadow, stem, head

    def _dress(self, ax: Any, style: Style, limits: Limits) -> None:
        theme = style.theme
        ax.set_xlim3d(*limits[0])
        ax.set_ylim3d(*limits[1])
        ax.set_zlim3d(self._floor, self._high)
        ax.view_init(self.elevation, self.azimuth)
        ax.set_box_aspect((1, 1, 0.72), zoom=0.98 if style.compact else 1.06)
        ax.set_proj_type("persp", focal_length=1.4)
        for axis, low_high in ((ax.xaxis, limits[0]), (ax.yaxis, limits[1])):
            ticks = few_ticks(*low_high, 3)
            axis.set_ticks(ticks, labels=tick_labels(ticks), fontproperties=style.font(style.label_px))
        ax.zaxis.set_ticks([])
        for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
            axis.set_pane_color((0, 0, 0, 0))
            axis.pane.set_visible(False)
            axis.line.set_color(theme.rule)
            axis.set_tick_params(length=0)
            for key, values in (("grid", {"linewidth": 0}), ("tick", {"inward_factor": 0, "outward_factor": 0})):
                axis._axinfo[key].update(values)  # noqa: SLF001 - mplot3d has no public way to these
        ax.zaxis.line.set_visible(False)
        pad = style.px(1, least=-4 if style.compact else -2)
        ax.tick_params(labelcolor=theme.muted, pad=pad, labelsize=style.label_px)
        ax.set_xlabel(self.names[0], color=theme.muted, fontproperties=style.font(style.label_px), labelpad=pad)
        ax.set_ylabel(self.names[1], color=theme.muted, fontproperties=style.font(style.label_px), labelpad=pad)
