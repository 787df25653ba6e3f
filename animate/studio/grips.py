"""Where a start can be chosen in the picture: by a click on a loss surface, or by the ends of a line.

A scene's ``start`` may be in other units than its surface, such as slope and intercept in the data's own. How the two
belong together is not known, but it is affine wherever it is shown: three builds with different starts tell it, a
fourth confirms it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from animate.draw.panels import Curves, LineFit, LossSurface, Panel
from animate.draw.stage import Stage
from animate.scene import Scene

Window = tuple[tuple[float, float], tuple[float, float]]
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


HANDLES: Mapping[type[Panel], tuple[str, Callable[[Any], list[np.ndarray]]]] = {
    LossSurface: ("point", _point_on),
    LineFit: ("line", _line_in),
    Curves: ("line", _lines_among),
}
"""Panels on which a start can be chosen: what is dragged there, and the two numbers of it for each run."""


@dataclass(frozen=True)
class StartMap:
    """How a start follows from what is dragged: ``start = matrix @ numbers + offset``."""

    kind: str
    run: int
    numbers: np.ndarray
    matrix: np.ndarray
    offset: np.ndarray


def start_maps(
    scene: Scene, scene_from: Callable[[Start], Scene], start: Sequence[float], step: float = 1.0
) -> dict[int, StartMap]:
    """Return for each panel on which a start can be chosen how it follows from what is dragged there.

    Parameters
    ----------
    scene : Scene
        As it is now.
    scene_from : callable
        From a start to the scene, with all else as it is.
    start : pair of float
        Any start that the scene can begin with.
    """
    if not any(type(panel) in HANDLES for panel in _panels(scene)):
        return {}
    origin = np.asarray(start, dtype=float)
    shifts = step * np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
    trials = [_panels(scene_from((float(x), float(y)))) for x, y in origin + shifts]
    maps = {}
    for place, panel in enumerate(_panels(scene)):
        if type(panel) in HANDLES and all(type(trial[place]) is type(panel) for trial in trials):
            found = _map(panel, [trial[place] for trial in trials], origin, step)
            if found is not None:
                maps[place] = found
    return maps


def _map(panel: Panel, trials: Sequence[Panel], origin: np.ndarray, step: float) -> StartMap | None:
    kind, numbers_of = HANDLES[type(panel)]
    now, tried = numbers_of(panel), [numbers_of(trial) for trial in trials]
    for run, numbers in enumerate(now):
        if any(len(one) != len(now) for one in tried):
            return None
        at, right, up, both = (one[run] for one in tried)
        forward = np.stack([right - at, up - at], axis=1) / step
        if not np.isfinite(forward).all() or abs(np.linalg.det(forward)) < 1e-12:
            continue  # a run that does not begin at the start
        if np.allclose(both, right + up - at, rtol=1e-6, atol=1e-9):
            matrix = np.linalg.inv(forward)
            return StartMap(kind, run, numbers, matrix, origin - matrix @ at)
    return None


def grips_of(stage: Stage, maps: Mapping[int, StartMap]) -> list[dict[str, Any]]:
    """Return the grips of a stage as a page needs them, pixels from the top left."""
    found = []
    for place, (_, axes) in enumerate(stage.mounted):
        if place not in maps or axes.get_xscale() != "linear" or axes.get_yscale() != "linear":
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


def windows_of(stage: Stage) -> dict[int, Window]:
    """Return the window of each panel that can be told to keep it."""
    return {
        place: _window(axes)
        for place, (panel, axes) in enumerate(stage.mounted)
        if type(panel) in HANDLES and hasattr(panel, "limits")
    }


def _window(axes: Any) -> Window:
    (x_low, x_high), (y_low, y_high) = axes.get_xlim(), axes.get_ylim()
    return (float(x_low), float(x_high)), (float(y_low), float(y_high))


def _panels(scene: Scene) -> list[Panel]:
    return [panel for entry in scene.panels for panel in ([entry] if isinstance(entry, Panel) else entry)]


def _run_index(stage: Stage, place: int, run: int) -> int:
    """Return which of the scene's runs it is, for its color."""
    runs = {id(one): None for panel, _ in stage.mounted for one in panel.shown_runs()}
    shown = stage.mounted[place][0].shown_runs()
    return list(runs).index(id(shown[run])) if run < len(shown) else 0
