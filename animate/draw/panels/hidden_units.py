"""What each hidden unit of a network sees: one small map each, and the weight with which it counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text

from animate.draw.panels.base import Panel, blank_axes, padded
from animate.draw.panels.regions import boundary_line, half_plane
from animate.draw.readout import number
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.network import NetworkProblem

_LEVELS = (-0.5, 0.0, 0.5)
_STRENGTHS = (0.45, 0.18, 0.18, 0.45)
SHAPE = 1.25
"""Width of a map over its height, whatever the units of the features."""


@dataclass(kw_only=True)
class HiddenUnits(Panel):
    """A small map of the features per hidden unit, with its line, colored by the class it speaks for on either side.

    The darker parts are where the unit is beyond one half of its range; under each map stands what the unit can add
    to the log-odds, at most, for either class: the size of its output weight.

    Parameters
    ----------
    problem : NetworkProblem
        A network over two features.
    run : Run
        The descent whose network is shown.
    """

    problem: NetworkProblem
    run: Run

    def create(self, axes: Axes, style: Style) -> None:
        blank_axes(axes)
        axes.set_xlim(0, axes.bbox.width)
        axes.set_ylim(0, axes.bbox.height)
        data = self.problem.data
        low, high = np.transpose([padded(data.X[:, 0], 0.08), padded(data.X[:, 1], 0.08)])
        self._corners = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]])
        self._low, self._span = low, high - low
        self._colors = {
            sign: [style.theme.tint(role, strength) for role, strength in zip(roles, _STRENGTHS, strict=True)]
            for sign, roles in ((1, _sides("class_a", "class_b")), (-1, _sides("class_b", "class_a")))
        }
        self._boxes: list[np.ndarray] = []
        self._bands: list[list[Polygon]] = []
        self._lines: list[Line2D] = []
        self._labels: list[Text] = []
        for left, bottom, width, height in self._cells(axes, style):
            self._boxes.append(np.array([[left, bottom], [width, height]]))
            self._add_map(axes, style, left + width / 2, bottom)

    def show(self, update: int) -> None:
        params = self.run.trajectory.params[self.run.at(update)]
        lines = np.nan_to_num(self.problem.hidden_lines(params))
        weights = np.nan_to_num(self.problem.output_weights(params))
        for box, bands, line, label, unit, weight in zip(
            self._boxes, self._bands, self._lines, self._labels, lines, weights, strict=True
        ):
            colors = self._colors[1 if weight >= 0 else -1]
            for patch, color, level in zip(bands, colors, (-2.0, *_LEVELS), strict=True):
                patch.set_xy(self._inside(box, self._beyond(unit, level)))
                patch.set_facecolor(color)
            line.set_data(*self._inside(box, boundary_line(self._corners, unit[:2], unit[2])).T)
            label.set_text(f"±{number(abs(float(weight)), 1)}")

    def _add_map(self, axes: Axes, style: Style, middle: float, bottom: float) -> None:
        bands = [Polygon(np.zeros((3, 2)), closed=True, linewidth=0, zorder=1) for _ in _STRENGTHS]
        for patch in bands:
            axes.add_patch(patch)
        self._bands.append(bands)
        self._lines += axes.plot([], [], color=style.theme.ink, linewidth=style.px(2.0, least=1.1), zorder=3)
        label = axes.text(
            middle, bottom - 0.35 * style.label_px, "", ha="center", va="top", color=style.theme.muted,
            fontproperties=style.font(style.label_px), zorder=3,
        )  # fmt: skip
        self._labels.append(label)

    def _cells(self, axes: Axes, style: Style) -> list[tuple[float, float, float, float]]:
        """Return left, bottom, width and height in pixels of each unit's map: in as many rows as make them largest."""
        n_units = self.problem.objective.n_hidden
        gap, below = style.px(16, least=6), 1.9 * style.label_px

        def size(rows: int) -> float:
            columns = -(-n_units // rows)
            across = (axes.bbox.width - gap * (columns - 1)) / columns
            return min(across, ((axes.bbox.height - below * rows) / rows) * SHAPE)

        largest = max(size(rows) for rows in range(1, n_units + 1))
        rows = next(rows for rows in range(1, n_units + 1) if size(rows) >= 0.85 * largest)
        columns, width = -(-n_units // rows), max(size(rows), 4.0)
        height = width / SHAPE
        cells = []
        for unit in range(n_units):
            row, column = divmod(unit, columns)
            top = axes.bbox.height - row * (height + below)
            cells.append((column * (width + gap), top - height, width, height))
        return cells

    def _beyond(self, unit: np.ndarray, level: float) -> np.ndarray:
        """Return the part of the map in which a unit is above a level, as its corners."""
        return self._corners if level < -1 else half_plane(self._corners, unit[:2], unit[2] - float(np.arctanh(level)))

    def _inside(self, box: np.ndarray, points: np.ndarray) -> np.ndarray:
        return np.asarray(box[0] + (points - self._low) / self._span * box[1])


def _sides(low: str, high: str) -> tuple[str, str, str, str]:
    return low, low, high, high
