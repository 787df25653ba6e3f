"""The inside of a network: the map of each hidden unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import number
from animate.draw.marks import Line, Mark, Polygon, Text, latest
from animate.draw.panels.base import Panel, hide_axes, padded
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.half_planes import boundary_line, box_corners, half_plane
from animate.learn.network import NetworkProblem

_LEVELS = (-2.0, -0.5, 0.0, 0.5)
_COLORS = ("class_a 45%", "class_a 18%", "class_b 18%", "class_b 45%")
SHAPE = 1.25
"""Width of a map over its height, whatever the units of the features."""


@dataclass(kw_only=True)
class HiddenUnits(Panel):
    """A small map of the features per hidden unit, with its line, in the color of the class it favors on either side.

    Darker parts are beyond one half of the unit's range. Under each map stands the size of its output weight, the most
    that it can add to the log-odds of either class.

    Parameters
    ----------
    problem : NetworkProblem
        A network over two features.
    run : Run
    """

    problem: NetworkProblem
    run: Run

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        hide_axes(axes)
        axes.set_xlim(0, axes.bbox.width)
        axes.set_ylim(0, axes.bbox.height)
        data = self.problem.data
        x, y = padded(data.X[:, 0], 0.08), padded(data.X[:, 1], 0.08)
        for unit, (corner, size) in enumerate(self._cells(axes, style)):
            yield from self._map(style, unit, box_corners(x, y), corner, size)

    def _map(
        self, style: Style, unit: int, corners: np.ndarray, corner: np.ndarray, size: np.ndarray
    ) -> Iterator[Mark]:
        low, span = corners[0], corners[2] - corners[0]

        @latest
        def model(update: int) -> tuple[np.ndarray, float]:
            """Return the unit's weights and intercept, and its weight in the output."""
            params = self.run.trajectory.params[self.run.at(update)]
            lines, weights = self.problem.hidden_lines(params), self.problem.output_weights(params)
            return np.nan_to_num(lines[unit]), float(np.nan_to_num(weights[unit]))

        def placed(points: np.ndarray) -> np.ndarray:
            return np.asarray(corner + (points - low) / span * size)

        def part(level: float) -> Callable[[int], np.ndarray]:
            def above(update: int) -> np.ndarray:
                line, _ = model(update)
                return placed(
                    corners if level < -1 else half_plane(corners, line[:2], line[2] - float(np.arctanh(level)))
                )

            return above

        def color(band: int) -> Callable[[int], str]:
            return lambda update: _COLORS[band if model(update)[1] >= 0 else -1 - band]

        def boundary(update: int) -> np.ndarray:
            line, _ = model(update)
            return placed(boundary_line(corners, line[:2], line[2]))

        for band, level in enumerate(_LEVELS):
            yield Polygon(part(level), color=color(band))
        yield Line(boundary, width=(2.0, 1.1), layer=3)
        yield Text(
            lambda update: f"\u00b1{number(abs(model(update)[1]), 1)}",
            (corner[0] + size[0] / 2, corner[1] - 0.35 * style.label_px), align="center", valign="top", layer=3,
        )  # fmt: skip

    def _cells(self, axes: Axes, style: Style) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return the lower left corner and the size in pixels of each map, in the rows that make them largest."""
        n_units = self.problem.objective.n_hidden
        gap, below = style.px(16, least=6), 1.9 * style.label_px

        def width(rows: int) -> float:
            columns = -(-n_units // rows)
            across = (axes.bbox.width - gap * (columns - 1)) / columns
            return max(min(across, ((axes.bbox.height - below * rows) / rows) * SHAPE), 4.0)

        largest = max(width(rows) for rows in range(1, n_units + 1))
        rows = next(rows for rows in range(1, n_units + 1) if width(rows) >= 0.85 * largest)
        columns = -(-n_units // rows)
        size = width(rows) * np.array([1.0, 1 / SHAPE])
        cells = []
        for unit in range(n_units):
            row, column = divmod(unit, columns)
            top = axes.bbox.height - row * (size[1] + below)
            cells.append((np.array([column * (size[0] + gap), top - size[1]]), size))
        return cells
