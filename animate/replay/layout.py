"""When a figure's layout engine need not run again.

A layout engine runs before every draw and measures all axes to do so, which costs more than drawing. It places axes
by their outlines: their own box, ticks and labels, the height of titles, and what artists reach out of the box. As
long as nothing but artists changed, and none of them changed its outline, what it finds follows from the places it
starts from.

So frame after frame the places come round: most often to the very same ones, but about as often to two, three or four
by turns, which differ by rounding errors of 1e-16 of the figure. That can show, where an edge lies just between two
pixels. Once places have come round twice, the engine is left out, and everything is put where it would be next.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.layout_engine import PlaceHolderLayoutEngine
from matplotlib.legend import Legend
from matplotlib.offsetbox import AnnotationBbox, OffsetBox
from matplotlib.spines import Spine
from matplotlib.transforms import Bbox

from animate.replay.parts import Leaf

LONGEST_ROUND = 6

_LAID_OUT = frozenset({"rectilinear", "3d"})

Outline = tuple[float, ...] | None
Places = tuple[list[bytes], list[tuple[float, float]], dict[str, Any]]


def has_layout(figure: Figure) -> bool:
    """Return whether an engine lays the figure out whenever it is drawn."""
    return not isinstance(figure.get_layout_engine(), PlaceHolderLayoutEngine | None)


def can_lay_out(figure: Figure) -> bool:
    """Return whether an engine, if there is one, finds the same after a replayed frame as after one drawn in full.

    What an engine measures on a polar axes depends on what its last draw left behind.
    """
    if not has_layout(figure):
        return True
    return not has_foreign_engine(figure) and all(ax.name in _LAID_OUT for ax in _axes(figure))


def has_foreign_engine(figure: Figure) -> bool:
    """Return whether a layout engine that matplotlib did not bring lays the figure out."""
    return not type(figure.get_layout_engine()).__module__.startswith(("matplotlib.", "builtins"))


class Layout:
    """What the engine found for one figure, and from what."""

    def __init__(self, figure: Figure) -> None:
        self._figure = figure
        self._found: list[Places] = []
        self._round: list[Places] = []
        self._outlines: dict[Leaf, Outline] = {}
        self.turn = 0
        """Which of the places that come round everything is at."""

    @property
    def is_settled(self) -> bool:
        """Return whether places have come round, and the engine has not had to run since."""
        return bool(self._round)

    @property
    def moves(self) -> bool:
        """Return whether there is more than one place for everything."""
        return len(self._round) > 1

    def may_rest(self, changed: Iterable[Leaf], renderer: Any) -> bool:
        """Return whether the engine would go on as before although these leaves changed."""
        known = self._outlines
        return all(leaf in known and known[leaf] == outline(leaf, renderer) for leaf in changed)

    def unsettle(self) -> None:
        """Note that the engine has to run."""
        self._found, self._round = [], []

    def go_on(self) -> None:
        """Put everything where the engine would."""
        self.turn = (self.turn + 1) % len(self._round)
        if self.moves:
            put(self._figure, self._round[self.turn])
        else:
            _put_titles(self._figure, self._round[self.turn])

    def note(self, leaves: Iterable[Leaf], touched: Iterable[Leaf], renderer: Any) -> bool:
        """Note where everything is at the end of a frame; return whether this settles it."""
        settles = False
        if not self.is_settled:
            self._found = [*self._found[-2 * LONGEST_ROUND :], places(self._figure)]
            self._round = came_round(self._found) if can_put(self._figure) else came_round(self._found[-2:])
            self.turn, settles = len(self._round) - 1, self.is_settled
        if self.is_settled:
            unknown = [leaf for leaf in leaves if leaf not in self._outlines]
            self._outlines |= {leaf: outline(leaf, renderer) for leaf in {*unknown, *touched}}
        return settles


def came_round(found: list[Places]) -> list[Places]:
    """Return the places that come round by turns, the last found being the last; none where they do not."""
    for length in range(1, min(LONGEST_ROUND, len(found) // 2) + 1):
        if found[-length:] == found[-2 * length : -length]:
            return found[-length:]
    return []


def places(figure: Figure) -> Places:
    """Return where an engine put the axes, the titles of the figure, and its margins."""
    points = [box.get_points().tobytes() for box in boxes_of(figure)]
    return points, [text.get_position() for text in _titles(figure)], vars(figure.subplotpars).copy()


def put(figure: Figure, where: Places) -> None:
    """Put everything where `places` found it."""
    points, _positions, margins = where
    for box, numbers in zip(boxes_of(figure), points, strict=True):
        box.set_points(np.frombuffer(numbers).reshape(2, 2).copy())
    _put_titles(figure, where)
    vars(figure.subplotpars).update(margins)


def _put_titles(figure: Figure, where: Places) -> None:
    """Put the titles of the figure where `places` found them, which `Figure.suptitle` does not keep."""
    _points, positions, _margins = where
    for text, position in zip(_titles(figure), positions, strict=True):
        if text.get_position() != position:
            text.set_position(position)


def can_put(figure: Figure) -> bool:
    """Return whether `put` reaches all that an engine moves, and all that is drawn follows from it."""
    return not figure.subfigs and all(
        len(_boxes(ax)) == 2 and not ax.child_axes and ax.name == "rectilinear" for ax in figure.axes
    )


def boxes_of(figure: Figure) -> list[Bbox]:
    """Return the boxes that hold the places of all axes."""
    return [box for ax in _axes(figure) for box in _boxes(ax)]


def _boxes(ax: Axes) -> list[Bbox]:
    """Return the place of an axes with its aspect, and before."""
    return [box for name in ("_position", "_originalPosition") if isinstance(box := vars(ax).get(name), Bbox)]


def _titles(figure: Any) -> list[Any]:
    texts = (vars(figure).get(name) for name in ("_suptitle", "_supxlabel", "_supylabel"))
    return [*(text for text in texts if text is not None), *(text for part in figure.subfigs for text in _titles(part))]


def _axes(figure: Any) -> list[Axes]:
    return [*figure.axes, *(ax for part in figure.subfigs for ax in _axes(part))]


def outline(leaf: Leaf, renderer: Any) -> Outline:
    """Return what a layout engine can know of an artist, in pixels; None where it is as if it were not there.

    Rounded to a millionth of a pixel: between the places that come round an outline moves by rounding errors.
    """
    known = _outline(leaf.artist, leaf.group.artist, renderer)
    return None if known is None else tuple(round(float(number), 6) for number in known)


def _outline(artist: Any, around: Any, renderer: Any) -> Iterable[float] | None:
    if artist is None or not artist.get_visible():
        return None
    if isinstance(around, Axes):
        return _outline_in_axes(artist, around, renderer)
    extent: Any = artist.get_tightbbox(renderer) if _is_measured(artist, around) else None
    if extent is None:
        return None
    if artist in (vars(around).get("_suptitle"), vars(around).get("_supxlabel")):
        # The engine puts a title that has no place of its own where it belongs, and makes room for its height.
        return (extent.height,) if _has_no_place(artist) else tuple(extent.intervaly)
    return (extent.width,) if artist is vars(around).get("_supylabel") and _has_no_place(artist) else extent.bounds


def _is_measured(artist: Any, around: Any) -> bool:
    """Return whether a layout engine makes room for an artist of a figure."""
    return isinstance(artist, Legend) or any(
        artist is vars(around).get(name) for name in ("_suptitle", "_supxlabel", "_supylabel")
    )


def _has_no_place(text: Any) -> bool:
    return bool(getattr(text, "_autopos", False))


def _outline_in_axes(artist: Any, ax: Any, renderer: Any) -> Iterable[float] | None:
    if artist is ax.patch:
        return None
    if any(artist is vars(ax).get(name) for name in ("title", "_left_title", "_right_title")):
        box = artist.get_window_extent(renderer)
        return box.y0, box.y1, box.width > 0  # engines let titles be as long as they like
    if isinstance(artist, Axis | Spine) or not artist.get_in_layout() or _is_clipped(artist):
        return None  # ticks and spines are not drawn anew without the engine running
    box = artist.get_tightbbox(renderer)
    if box is None or not np.isfinite(box.extents).all():
        return None
    frame = ax.bbox
    inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
    return None if inside else tuple(box.bounds)


def _is_clipped(artist: Any) -> bool:
    """Return whether an artist is known not to reach out of its axes."""
    is_clipped = getattr(artist, "_fully_clipped_to_axes", bool)
    return bool(is_clipped()) and not isinstance(artist, AnnotationBbox | OffsetBox)
