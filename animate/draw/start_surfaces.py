"""Loss surfaces on which a reader chooses a start: their common windows, and where the starts of scenes lie on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from animate.draw.marks.fields import Limits
from animate.draw.panels.base import Panel
from animate.draw.panels.loss_surface import LossSurface, window
from animate.draw.stage import Stage
from animate.draw.stage_spec import Columns


class StartSurface(NamedTuple):
    """A loss surface in a picture, in pixels from the top left.

    Attributes
    ----------
    box : tuple of float
        Left, top, width and height.
    points : tuple of (float, float) or None
        Where each of several scenes starts; None for a scene that has no start there.
    """

    box: tuple[float, float, float, float]
    points: tuple[tuple[float, float] | None, ...]

    def chosen(self, indices: Sequence[int]) -> StartSurface:
        """Return the surface for some of the scenes."""
        return self._replace(points=tuple(self.points[index] for index in indices))


class StartGrid(NamedTuple):
    """A grid of starts.

    Attributes
    ----------
    switches : tuple of int
        Which switches of a page give the numbers of the start.
    surfaces : tuple of StartSurface
    """

    switches: tuple[int, ...]
    surfaces: tuple[StartSurface, ...]

    def chosen(self, indices: Sequence[int]) -> StartGrid:
        """Return the grid for some of the scenes."""
        return self._replace(surfaces=tuple(surface.chosen(indices) for surface in self.surfaces))

    def data(self) -> dict[str, Any]:
        """Return the grid as the script of a page needs it, in tenths of a pixel."""
        surfaces = [
            {
                "box": [round(side, 1) for side in surface.box],
                "points": [point and [round(place, 1) for place in point] for point in surface.points],
            }
            for surface in self.surfaces
        ]
        return {"sweeps": list(self.switches), "surfaces": surfaces}


def flat_panels(columns: Columns) -> list[Panel]:
    """Return the panels of columns, in their order on a stage."""
    return [panel for entry in columns for panel in ([entry] if isinstance(entry, Panel) else entry)]


def panels_with_limits(columns: Columns, limits: Mapping[int, Limits]) -> list[list[Panel]]:
    """Return panels that have the limits given by their place."""
    place, result = 0, []
    for entry in columns:
        column: list[Panel] = []
        for panel in [entry] if isinstance(entry, Panel) else entry:
            new: Any = {"limits": limits[place]} if place in limits else {}
            column.append(replace(panel, **new) if new else panel)
            place += 1
        result.append(column)
    return result


def common_windows(scenes: Sequence[Columns]) -> dict[int, Limits]:
    """Return a window for each loss surface, by its place, that holds those of all scenes.

    With one window for all starts the surface stays where it is, and is stored once.
    """
    found: dict[int, list[Limits]] = {}
    for columns in scenes:
        for place, panel in enumerate(flat_panels(columns)):
            if type(panel) is LossSurface:
                paths = [run.trajectory.params[:, :2] for run in panel.runs]
                found.setdefault(place, []).append(panel.limits or window(paths, panel.optimum))
    return {place: _union(np.array(limits, dtype=float)) for place, limits in found.items()}


def _union(limits: NDArray[np.float64]) -> Limits:
    (x_low, y_low), (x_high, y_high) = limits[..., 0].min(axis=0).tolist(), limits[..., 1].max(axis=0).tolist()
    return (x_low, x_high), (y_low, y_high)


def start_surfaces(stage: Stage, scenes: Sequence[Columns | None]) -> list[StartSurface]:
    """Return the loss surfaces of a stage on which the starts of scenes differ.

    Parameters
    ----------
    stage : Stage
        Of one of the scenes.
    scenes : sequence
        The panels of each scene; None for one that fails.
    """
    panels = [None if columns is None else flat_panels(columns) for columns in scenes]
    surfaces = [
        _surface(stage, axes, [None if one is None or place >= len(one) else one[place] for one in panels])
        for place, (panel, axes) in enumerate(stage.mounted)
        if type(panel) is LossSurface
    ]
    return [surface for surface in surfaces if surface is not None]


def _surface(stage: Stage, axes: Any, panels: Sequence[Panel | None]) -> StartSurface | None:
    """Return where the first run starts whose start is not the same in all scenes; None if there is none."""
    starts = [list(_starts(panel)) if type(panel) is LossSurface else [] for panel in panels]
    for run in range(max(map(len, starts))):
        found = [one[run] if run < len(one) else None for one in starts]
        if len({point for point in found if point}) < 2:
            continue
        height, box = stage.style.height, axes.bbox
        inside = [None if point is None else axes.transData.transform(point) for point in found]
        points = tuple(None if at is None else (float(at[0]), float(height - at[1])) for at in inside)
        return StartSurface((float(box.x0), float(height - box.y1), float(box.width), float(box.height)), points)
    return None


def _starts(panel: LossSurface) -> Iterator[tuple[float, float] | None]:
    for run in panel.runs:
        x, y = np.asarray(run.trajectory.params[0, :2], dtype=float).tolist()
        yield (x, y) if np.isfinite([x, y]).all() else None
