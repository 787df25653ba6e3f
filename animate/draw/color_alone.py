"""Lines and points of one panel that nothing but their color tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from animate.draw.theme import ROLES, Theme

_SECTORS = 24
"""Directions in which the shape of an outline is measured."""
_UNLIKE = 0.12
"""Difference of two shapes, as a share of their size, from which on they look different."""


class _Drawn(NamedTuple):
    """A line, or a kind of points: its color, and what shows it beside the color."""

    color: str
    signs: tuple[Any, ...]


def told_by_color_alone(figure: Figure, theme: Theme) -> list[str]:
    """Return a line on each pair of colors in a panel that lines, or points, have and nothing else tells apart.

    Lines differ by their dashes, their thickness, or the markers of their color; clouds of points by their marker, its
    size, and whether it is filled. Closed outlines differ by their shapes too, whatever their size.
    """
    found = dict.fromkeys(fault for axes in figure.axes if axes.get_visible() for fault in _faults(axes, theme))
    return list(found)


def _faults(axes: Axes, theme: Theme) -> Iterator[str]:
    shown = [line for line in axes.lines if _is_shown(line) and _places(line).size]
    markers = [line for line in shown if line.get_linestyle() == "None"]
    drawn_lines = [line for line in shown if line.get_linestyle() != "None" and len(_places(line)) > 1]
    outlines = [line for line in drawn_lines if _is_closed(_places(line))]
    lines = [line for line in drawn_lines if line not in outlines]
    clouds = [_points(line, theme.background) for line in markers if len(_places(line)) > 1]
    kinds = (
        ("lines", [_line(line, markers) for line in lines]),
        ("outlines", _alike([_line(line, markers) for line in outlines], list(map(_places, outlines)))),
        ("points", clouds),
    )
    for kind, drawn in kinds:
        for one, other in combinations(drawn, 2):
            if one.color != other.color and one.signs == other.signs:
                names = " and ".join(sorted((_name(one.color, theme), _name(other.color, theme))))
                yield f"{kind} in {names} differ by color alone; give one a dash, a marker or a width of its own."


def _is_shown(line: Line2D) -> bool:
    alpha = line.get_alpha()
    return line.get_visible() and (alpha is None or alpha > 0.5)


def _places(line: Line2D) -> np.ndarray:
    """Return the finite places of a line in pixels (n, 2)."""
    path = line.get_transform().transform(np.asarray(line.get_xydata(), dtype=float))
    return np.asarray(path[np.isfinite(path).all(axis=1)])


def _is_closed(places: np.ndarray) -> bool:
    return len(places) > 2 and bool(np.allclose(places[0], places[-1], atol=0.01))


def _alike(outlines: Sequence[_Drawn], places: Sequence[np.ndarray]) -> list[_Drawn]:
    """Return the outlines with the number of the first one of their shape among their signs."""
    shapes = [_shape(one) for one in places]
    numbers = [next(at for at, first in enumerate(shapes) if np.abs(first - one).max() < _UNLIKE) for one in shapes]
    return [_Drawn(one.color, (*one.signs, number)) for one, number in zip(outlines, numbers, strict=True)]


def _shape(places: np.ndarray) -> np.ndarray:
    """Return how far an outline reaches from its middle in directions around it, the farthest as 1."""
    away = places - (places.min(axis=0) + places.max(axis=0)) / 2
    steps = np.linspace(0.0, 1.0, 16, endpoint=False)[:, None, None]
    dense = (away[:-1] + steps * np.diff(away, axis=0)).reshape(-1, 2)  # a corner is as long as a curve
    sector = (np.arctan2(*dense.T) * _SECTORS / (2 * np.pi)).astype(int) % _SECTORS
    reach = np.zeros(_SECTORS)
    np.maximum.at(reach, sector, np.hypot(*dense.T))
    return np.asarray(reach / max(reach.max(), 1e-12))


def _line(line: Line2D, markers: Sequence[Line2D]) -> _Drawn:
    color = to_hex(line.get_color())
    own = sorted({str(one.get_marker()) for one in markers if color in (_edge(one), to_hex(one.get_color()))})
    dashes = str(getattr(line, "_unscaled_dash_pattern", line.get_linestyle()))  # lengths have no public name
    return _Drawn(color, (dashes, round(float(line.get_linewidth()), 1), *own))


def _points(line: Line2D, background: str) -> _Drawn:
    is_filled = str(line.get_markerfacecolor()) not in ("none", background)
    signs = (str(line.get_marker()), round(float(line.get_markersize()), 1), is_filled)
    return _Drawn(to_hex(line.get_color()) if is_filled else _edge(line), signs)


def _edge(line: Line2D) -> str:
    return to_hex(line.get_markeredgecolor())


def _name(color: str, theme: Theme) -> str:
    """Return the role of a color, or the color itself."""
    return next((role for role in ROLES if to_hex(theme.color(role)) == color), color)
