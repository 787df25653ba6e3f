"""Where a start can be chosen in the picture: by a click on a loss surface, or by dragging the ends of a line.

A scene's ``start`` may be in other units than its surface, such as slope and intercept in the units of the data. The
map between the two is affine wherever it is shown. Three builds with different starts determine it, a fourth checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from animate.draw.panels import Curves, LineFit, LossSurface, Panel
from animate.draw.stage import Stage
from animate.scene import Scene

Limits = tuple[tuple[float, float], tuple[float, float]]
Start = tuple[float, float]


def _point_on(panel: LossSurface) -> list[np.ndarray]:
    """Return where each run of a loss surface starts."""
    return [np.asarray(run.trajectory.params[0, :2], dtype=float) for run in panel.runs]


def _line_in(panel: LineFit) -> list[np.ndarray]:
    """Return slope and intercept of the first line, in the data's own units."""
    return [np.asarray(panel.problem.in_units(panel.run.trajectory.params[0]), dtype=float)]


def _lines_among(panel: Curves) -> list[np.ndarray]:
    """Return slope and intercept of each curve that begins as a line."""
    low, high = float(panel.data.x.min()), float(panel.data.x.max())
    x = np.array([low, (low + high) / 2, high])
    lines = []
    for curve in panel.curves:
        y = curve.at(0, x)
        slope = (y[2] - y[0]) / (high - low)
        bend = abs(y[1] - (y[0] + y[2]) / 2)
        straight = bool(np.isfinite(y).all()) and bend <= 1e-9 * max(1.0, float(np.abs(y).max()))
        lines.append(np.array([slope, y[0] - slope * low]) if straight else np.full(2, np.nan))
    return lines


START_READERS: Mapping[type[Panel], tuple[str, Callable[[Any], list[np.ndarray]]]] = {
    LossSurface: ("point", _point_on),
    LineFit: ("line", _line_in),
    Curves: ("line", _lines_among),
}
"""Panels on which a start can be chosen: what is dragged, and a function that returns its two numbers for each run."""


@dataclass(frozen=True)
class StartMap:
    """The map from the two numbers that are dragged to a start: ``start = matrix @ numbers + offset``."""

    kind: str
    run: int
    numbers: np.ndarray
    matrix: np.ndarray
    offset: np.ndarray


def start_maps(
    scene: Scene, scene_from: Callable[[Start], Scene], start: Sequence[float], step: float = 1.0
) -> dict[int, StartMap]:
    """Return the map to a start for each panel on which one can be chosen, by the panel's place.

    Parameters
    ----------
    scene_from : callable
        Returns the scene for another start, all else equal.
    start : pair of float
        Any start that the scene accepts.
    step : float
        By how much the starts of the trial builds differ.
    """
    if not any(type(panel) in START_READERS for panel in _panels(scene)):
        return {}
    origin = np.asarray(start, dtype=float)
    shifts = step * np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
    trials = [_panels(scene_from((float(x), float(y)))) for x, y in origin + shifts]
    maps = {}
    for place, panel in enumerate(_panels(scene)):
        if type(panel) in START_READERS and all(type(trial[place]) is type(panel) for trial in trials):
            found = _map(panel, [trial[place] for trial in trials], origin, step)
            if found is not None:
                maps[place] = found
    return maps


def _map(panel: Panel, trials: Sequence[Panel], origin: np.ndarray, step: float) -> StartMap | None:
    kind, numbers_of = START_READERS[type(panel)]
    now, tried = numbers_of(panel), [numbers_of(trial) for trial in trials]
    for run, numbers in enumerate(now):
        if any(len(one) != len(now) for one in tried):
            return None
        at, right, up, both = (one[run] for one in tried)
        forward = np.stack([right - at, up - at], axis=1) / step
        if not np.isfinite(forward).all() or abs(np.linalg.det(forward)) < 1e-12:
            continue  # this run does not begin at the start
        if np.allclose(both, right + up - at, rtol=1e-6, atol=1e-9):
            matrix = np.linalg.inv(forward)
            return StartMap(kind, run, numbers, matrix, origin - matrix @ at)
    return None


def drag_handles(stage: Stage, maps: Mapping[int, StartMap]) -> list[dict[str, Any]]:
    """Return the handles of a stage as the page needs them, in pixels from the top left."""
    found = []
    for place, (_, axes) in enumerate(stage.mounted):
        if (
            place not in maps
            or not axes.get_visible()
            or axes.get_xscale() != "linear"
            or axes.get_yscale() != "linear"
        ):
            continue
        start = maps[place]
        (x_low, x_high), (y_low, y_high) = axes.get_xlim(), axes.get_ylim()
        box = axes.bbox
        found.append({
            "kind": start.kind,
            "panel": place,
            "run": _run_index(stage, place, start.run),
            "box": [float(box.x0), float(stage.style.height - box.y1), float(box.width), float(box.height)],
            "x": [float(x_low), float(x_high)],
            "y": [float(y_low), float(y_high)],
            "numbers": start.numbers.tolist(),
            "matrix": start.matrix.tolist(),
            "offset": start.offset.tolist(),
        })  # fmt: skip
    return found


def limits_of(stage: Stage) -> dict[int, Limits]:
    """Return the axis limits of each panel that can keep them, by the panel's place."""
    return {
        place: _limits(axes)
        for place, (panel, axes) in enumerate(stage.mounted)
        if type(panel) in START_READERS and hasattr(panel, "limits")
    }


def _limits(axes: Any) -> Limits:
    (x_low, x_high), (y_low, y_high) = axes.get_xlim(), axes.get_ylim()
    return (float(x_low), float(x_high)), (float(y_low), float(y_high))


def _panels(scene: Scene) -> list[Panel]:
    return [panel for entry in scene.panels for panel in ([entry] if isinstance(entry, Panel) else entry)]


def _run_index(stage: Stage, place: int, run: int) -> int:
    """Return the number of a panel's run among the runs of the scene, for its color."""
    runs = {id(one): None for panel, _ in stage.mounted for one in panel.shown_runs()}
    shown = stage.mounted[place][0].shown_runs()
    return list(runs).index(id(shown[run])) if run < len(shown) else 0
