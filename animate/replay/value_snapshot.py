"""Detection of changes to a plain artist by copies of its values, at a tenth of the cost of an `ArtistState`.

An artist that moves changes every few frames, so a state of it is used for one or two comparisons and hardly ever pays.
Most artists that move are texts, lines, collections of lines or points, and patches, which are drawn from simple
values, arrays of numbers, and transforms that belong to their axes. Those can be copied. Artists with any other
attribute, such as an object of a user's class or a large array, have no value snapshot.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PathCollection, PolyCollection, QuadMesh
from matplotlib.colorizer import Colorizer
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Circle, Ellipse, PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import (
    Affine2D,
    Affine2DBase,
    BlendedGenericTransform,
    CompositeAffine2D,
    CompositeGenericTransform,
    IdentityTransform,
    TransformedBbox,
)
from numpy.typing import NDArray

from animate.replay.artist_state import NOT_DRAWN, is_known
from animate.replay.state_snapshot import StateSnapshot

Values = tuple[Any, ...]

_MOST_BYTES = 1 << 14
_MOST_PATHS = 300


class ValueSnapshot:
    """The values that a plain artist is drawn from.

    Parameters
    ----------
    artist : Artist
        The artist.
    values : tuple
        Its current values, from `plain_values`.
    """

    opaque, has_identity_churn = False, True
    snapshot = StateSnapshot.union(())
    """Empty, since the values are not compared in batches."""

    def __init__(self, artist: Artist, values: Values) -> None:
        owners = (artist.axes, artist.figure)
        self.containers: dict[int, Any] = {id(thing): thing for thing in owners if thing is not None}
        self._artist, self._values = artist, values
        self._current: Values | None = None

    def matches(self) -> bool:
        """Return whether the current values of the artist are equal to those of the snapshot."""
        self._current = plain_values(self._artist)
        return self._current == self._values

    def as_compared(self) -> ValueSnapshot | None:
        """Return a snapshot of the values that the last comparison found; None if there was none."""
        return None if self._current is None else ValueSnapshot(self._artist, self._current)


def plain_values(artist: Artist) -> Values | None:
    """Return copies of all values that an artist is drawn from; None if it has values that cannot be copied.

    Parameters
    ----------
    artist : Artist
        The artist.
    """
    if type(artist) is Text:
        return _values_of_text(artist)
    kind: Any = type(artist)
    if not _is_plain_kind(kind):
        return None
    ignored = _IGNORED if kind in _PLAIN_ARTISTS else _IGNORED_3D
    values = _all_copied([value for name, value in vars(artist).items() if name not in ignored], artist)
    return None if values is None else (*values, _dpi_of(artist))


def counts_only_where_visible(artist: Any) -> bool:
    """Return whether an artist is of a class whose draw neither draws nor changes anything while it is invisible."""
    kind: Any = type(artist)
    return kind in (Text, AxesImage, QuadMesh) or _is_plain_kind(kind)


@cache
def _is_plain_kind(cls: Any) -> bool:
    return cls in _PLAIN_ARTISTS or f"{cls.__module__}.{cls.__qualname__}" in _PLAIN_ARTISTS_3D


def _dpi_of(artist: Any) -> float | None:
    figure = artist.get_figure(root=True)  # None for an artist that was removed
    return None if figure is None else figure.dpi


def _copied(value: Any, artist: Any) -> Any:
    """Return an immutable copy that compares equal only to copies of equal values; None if there is none."""
    copy = _COPIES.get(type(value))
    if copy is not None:
        return copy(value, artist)
    return value if isinstance(value, np.generic | enum.Enum) else None


def _all_copied(values: Sequence[Any], artist: Any) -> Values | None:
    copies: list[Any] = []
    for value in values:
        if type(value) in _SIMPLE:
            copies.append(value)
        elif (copy := _copied(value, artist)) is not None:
            copies.append(copy)
        else:
            return None
    return tuple(copies)


def _copied_sequence(value: Sequence[Any], artist: Any) -> Values | None:
    return _all_copied(value, artist) if len(value) <= _MOST_PATHS else None


def _copied_array(value: NDArray[Any], _artist: Any) -> Values | None:
    if value.nbytes > _MOST_BYTES or value.dtype.kind not in "biuf":
        return None
    return value.shape, value.dtype.char, value.tobytes()


def _copied_masked(value: Any, artist: Any) -> Values | None:
    data, mask = (_copied_array(part, artist) for part in (np.asarray(value.data), np.ma.getmaskarray(value)))
    return None if data is None or mask is None else (data, mask)


def _copied_path(value: Path, _artist: Any) -> Values | None:
    points: Any = value.vertices
    codes: Any = value.codes
    if points.nbytes > _MOST_BYTES:
        return None
    rest = value.should_simplify, value.simplify_threshold, value._interpolation_steps  # type: ignore[attr-defined]
    return (points.tobytes(), None if codes is None else codes.tobytes(), rest)


def _copied_marker(value: MarkerStyle, artist: Any) -> Values | None:
    attributes = vars(value)
    if attributes.get("_user_transform") is not None:
        return None
    return _all_copied([attributes.get(name) for name in _MARKER_ATTRIBUTES], artist)


def _copied_clip(value: TransformedBbox, _artist: Any) -> Any:
    return value.get_points().tobytes()


def _transform_of_axes(value: Any, artist: Any) -> Any:
    """Return the identity of a transform that changes only with the axes, which are compared separately; else None."""
    axes = artist.axes
    own = () if axes is None else (axes.transData, axes.transAxes, axes._xaxis_transform, axes._yaxis_transform)
    return (id(value),) if any(value is one for one in own) else None


def _matrix_of(value: Affine2DBase, _artist: Any) -> Any:
    return value.get_matrix().tobytes()


def _unused_colorizer(_value: Any, artist: Any) -> Any:
    return () if artist.get_array() is None else None


_SIMPLE = frozenset({type(None), bool, int, float, str, np.float64})
_PLAIN_ARTISTS = frozenset({
    Line2D, LineCollection, PathCollection, PolyCollection, Rectangle, Polygon, PathPatch, Circle, Ellipse,
})  # fmt: skip
_PLAIN_ARTISTS_3D = frozenset({"mpl_toolkits.mplot3d.art3d.Line3D"})  # by name: importing 3D is slow
_IGNORED = NOT_DRAWN | {"_stale", "_x", "_y", "_transformed_path", "ind_offset", "_original_facecolor"}
"""Attributes that are not drawn, or that follow from the points of a line. What `set_facecolor` was given is read again
only by other setters and by color mapping, and artists that map colors have no value snapshot."""
_IGNORED_3D = _IGNORED | {"_xorig", "_yorig", "_xy", "_path", "_invalidx", "_invalidy"}
"""Each draw of a line in 3D replaces its points in 2D by the projected ones."""
_MARKER_ATTRIBUTES = (
    "_marker", "_fillstyle", "_path", "_transform", "_alt_path", "_alt_transform", "_snap_threshold", "_joinstyle",
    "_capstyle", "_filled",
)  # fmt: skip
_COPIES: dict[type, Callable[[Any, Any], Any]] = {
    tuple: _copied_sequence,
    list: _copied_sequence,
    np.ndarray: _copied_array,
    np.ma.MaskedArray: _copied_masked,
    Path: _copied_path,
    MarkerStyle: _copied_marker,
    TransformedBbox: _copied_clip,
    CompositeGenericTransform: _transform_of_axes,
    BlendedGenericTransform: _transform_of_axes,
    IdentityTransform: lambda _value, _artist: (),
    CompositeAffine2D: _matrix_of,
    Affine2D: _matrix_of,
    Colorizer: _unused_colorizer,
}


def _values_of_text(text: Text) -> Values | None:
    """Return the values of a text, in which the transform is replaced by the point it maps the text to."""
    attributes = vars(text)
    values = tuple(value for name, value in attributes.items() if name not in _TEXT_IGNORED)
    transform = text.get_transform()
    place: Any = attributes.get("_x"), attributes.get("_y")
    is_bare = attributes.keys() >= _TEXT_ABSENT and not any(map(attributes.get, _TEXT_ABSENT))
    if not is_bare or not all(map(_is_plain, (*values, *place))) or not is_known(type(transform)):
        return None
    clip, dpi = attributes.get("clipbox"), _dpi_of(text)
    if attributes.get("_clippath") is not None or dpi is None or type(clip) not in (type(None), TransformedBbox):
        return None
    font = tuple(vars(text.get_fontproperties()).values())
    x, y = transform.transform(place)
    return *values, *font, x, y, dpi, clip and clip.get_points().tobytes()


def _is_plain(value: Any) -> bool:
    return type(value) in _SIMPLE or (type(value) is tuple and all(map(_is_plain, value)))


_TEXT_ABSENT = frozenset({
    "_path_effects", "_bbox_patch", "_wrap", "_usetex", "_agg_filter", "_rasterized", "_sketch",
    "_transform_rotates_text",
})  # fmt: skip
"""Attributes that a plain text does not have."""
_TEXT_IGNORED = NOT_DRAWN | _TEXT_ABSENT | {"_stale", "_transform", "_fontproperties", "clipbox", "_clippath"}
