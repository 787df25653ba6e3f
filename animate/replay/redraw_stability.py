"""Detection of artists whose second draw differs from their first although nothing changed between them.

Stock matplotlib draws every saved frame at least twice and keeps the second drawing. Some artists change in their first
draw: offset boxes compute their positions, quivers choose a scale. Such an artist must be drawn as often as stock
matplotlib draws it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import is_
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.figure import Figure
from matplotlib.offsetbox import AnnotationBbox
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path
from matplotlib.quiver import Quiver, QuiverKey
from matplotlib.table import Table
from matplotlib.text import Annotation, Text
from matplotlib.transforms import BboxBase

from animate.replay.artist_state import foreign_parts, is_known
from animate.replay.drawing import Drawing
from animate.replay.staleness import axes_in_draw_order, visible_artists

_STABLE_MODULES = frozenset({
    "matplotlib.axis", "matplotlib.collections", "matplotlib.colorbar", "matplotlib.image", "matplotlib.legend",
    "matplotlib.lines", "matplotlib.patches", "matplotlib.projections.polar", "matplotlib.spines", "matplotlib.text",
    "mpl_toolkits.mplot3d.art3d", "mpl_toolkits.mplot3d.axis3d",
})  # fmt: skip
_SIMPLE_MODULES = frozenset({"matplotlib.lines", "matplotlib.patches"})
"""Modules of artists that call no other code than path effects and filters."""
_MAY_READ_OTHERS = (QuiverKey, Annotation, AnnotationBbox, FancyArrowPatch)


def is_stable_class(cls: type) -> bool:
    """Return whether all artists of a class draw the same when drawn again."""
    return cls.__module__ in _STABLE_MODULES


def is_scaled_quiver(artist: Any) -> bool:
    """Return whether an artist is a field of arrows with a scale; one without any chooses it when first drawn."""
    return type(artist) is Quiver and artist.scale is not None


def has_foreign_code(figure: Figure) -> bool:
    """Return whether an artist of a figure runs code from outside matplotlib when it draws."""
    artists, axes = list(visible_artists(figure)), list(axes_in_draw_order(figure))
    return (
        any("draw" in vars(artist) for artist in [*artists, *axes])
        or not all(map(is_known, set(map(type, axes))))
        or any(map(parts_called, artists))
    )


def parts_called(artist: Any) -> list[Any]:
    """Return the classes, functions and objects from outside matplotlib whose code runs when an artist draws."""
    if artist is None:
        return []
    cls, attributes = type(artist), vars(artist)
    if cls.__module__ in _SIMPLE_MODULES and not (attributes["_path_effects"] or attributes["_agg_filter"]):
        return []  # sooner, since figures may have thousands of them
    return [*([] if is_known(cls) else [cls]), *foreign_parts(attributes)]


def are_same(things: Sequence[Any], others: Sequence[Any]) -> bool:
    """Return whether two sequences hold the very same objects."""
    return len(things) == len(others) and all(map(is_, things, others))


def has_unstable_artist(figure: Figure) -> bool:
    """Return whether a figure contains a visible artist whose second draw may differ."""
    return any(not is_stable_class(type(artist)) or reads_other_draws(artist) for artist in visible_artists(figure))


def reads_other_resolution(figure: Figure, dpi: float) -> bool:
    """Return whether an unstable artist may measure texts at another resolution than that of the frames.

    A text is measured at the resolution of its last draw: the figure's own if stock matplotlib draws before the frame,
    or that of a file which the update itself saved.
    """
    if not has_unstable_artist(figure):
        return False
    renderers: list[Any] = [text._renderer for text in visible_artists(figure) if isinstance(text, Text)]  # type: ignore[attr-defined]
    sizes = [renderer.points_to_pixels(72) for renderer in renderers if renderer is not None]
    return not (figure.dpi == dpi and np.allclose(sizes, dpi))


def reads_other_draws(artist: Any) -> bool:
    """Return whether an artist reads what the last draw of another one left: a key to arrows, or one placed by others.

    An annotation can be placed by any artist, such as the label of an axis, which moves when the axis is drawn.
    """
    if not isinstance(artist, _MAY_READ_OTHERS):
        return False
    if isinstance(artist, QuiverKey):
        return True
    options = vars(artist).get("arrowprops") or {}
    arrow_ends = [getattr(artist, name, None) or options.get(name) for name in ("patchA", "patchB")]
    coordinates = [getattr(artist, name, None) for name in ("xycoords", "anncoords", "boxcoords")]
    systems = [one for system in coordinates for one in (system if isinstance(system, tuple) else (system,))]
    return any(isinstance(one, Artist) or callable(one) for one in (*arrow_ends, *systems))


def has_reader_of_draws(figure: Figure) -> bool:
    """Return whether a visible artist of a figure reads what the last draw left: of another one, or of its own cells.

    A table places its cells before it shrinks their font, for the next draw.
    """
    return any(isinstance(artist, Table) or reads_other_draws(artist) for artist in visible_artists(figure))


def draw_alike(drawing: Drawing, other: Drawing) -> bool:
    """Return whether two drawings consist of the same calls with equal arguments."""
    return len(drawing.calls) == len(other.calls) and all(
        call.draw.__name__ == twin.draw.__name__
        and _are_equal((call.arguments, call.options), (twin.arguments, twin.options))
        for call, twin in zip(drawing.calls, other.calls, strict=True)
    )


def _are_equal(one: Any, other: Any) -> bool:
    """Return whether two values hold equal numbers, texts and arrays; False for types that cannot be compared."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_are_equal, one, other))
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_are_equal(value, other[name]) for name, value in one.items())
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, other, equal_nan=one.dtype.kind in "fc"))
    if isinstance(one, Path):
        return _are_equal((one.vertices, one.codes), (other.vertices, other.codes))
    if isinstance(one, BboxBase):
        return _are_equal(one.get_points(), other.get_points())
    if isinstance(one, GraphicsContextBase):
        return _are_equal(vars(one), vars(other))
    return isinstance(one, bool | int | float | str | np.generic) and bool(one == other)
