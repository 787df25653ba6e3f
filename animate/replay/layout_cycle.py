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

from animate.replay.draw_tree import DrawNode

LONGEST_CYCLE = 6

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


class LayoutCycle:
    """What the engine found for one figure, and from what."""

    def __init__(self, figure: Figure) -> None:
        self._figure = figure
        self._found: list[Places] = []
        self._cycle: list[Places] = []
        self._outlines: dict[DrawNode, Outline] = {}
        self.cycle_step = 0
        """Which of the places that come round everything is at."""

    @property
    def has_converged(self) -> bool:
        """Return whether places have come round, and the engine has not had to run since."""
        return bool(self._cycle)

    @property
    def moves(self) -> bool:
        """Return whether there is more than one place for everything."""
        return len(self._cycle) > 1

    def can_skip_layout(self, changed: Iterable[DrawNode], renderer: Any) -> bool:
        """Return whether the engine would go on as before although these leaves changed."""
        known = self._outlines
        return all(node in known and known[node] == outline(node, renderer) for node in changed)

    def restart(self) -> None:
        """Note that the engine has to run."""
        self._found, self._cycle = [], []

    def advance(self) -> None:
        """Put everything where the engine would."""
        self.cycle_step = (self.cycle_step + 1) % len(self._cycle)
        if self.moves:
            apply_places(self._figure, self._cycle[self.cycle_step])
        else:
            _apply_title_places(self._figure, self._cycle[self.cycle_step])

    def note_places(self, nodes: Iterable[DrawNode], touched: Iterable[DrawNode], renderer: Any) -> bool:
        """Note where everything is at the end of a frame; return whether this settles it."""
        converges = False
        if not self.has_converged:
            self._found = [*self._found[-2 * LONGEST_CYCLE :], places(self._figure)]
            self._cycle = find_cycle(self._found) if can_apply_places(self._figure) else find_cycle(self._found[-2:])
            self.cycle_step, converges = len(self._cycle) - 1, self.has_converged
        if self.has_converged:
            unknown = [node for node in nodes if node not in self._outlines]
            self._outlines |= {node: outline(node, renderer) for node in {*unknown, *touched}}
        return converges


def find_cycle(found: list[Places]) -> list[Places]:
    """Return the places that come round by turns, the last found being the last; none where they do not."""
    for length in range(1, min(LONGEST_CYCLE, len(found) // 2) + 1):
        if found[-length:] == found[-2 * length : -length]:
            return found[-length:]
    return []


def places(figure: Figure) -> Places:
    """Return where an engine put the axes, the titles of the figure, and its margins."""
    points = [box.get_points().tobytes() for box in boxes_of(figure)]
    return points, [text.get_position() for text in _titles(figure)], vars(figure.subplotpars).copy()


def apply_places(figure: Figure, where: Places) -> None:
    """Put everything where `places` found it."""
    points, _positions, margins = where
    for box, numbers in zip(boxes_of(figure), points, strict=True):
        box.set_points(np.frombuffer(numbers).reshape(2, 2).copy())
    _apply_title_places(figure, where)
    vars(figure.subplotpars).update(margins)


def _apply_title_places(figure: Figure, where: Places) -> None:
    """Put the titles of the figure where `places` found them, which `Figure.suptitle` does not keep."""
    _points, positions, _margins = where
    for text, position in zip(_titles(figure), positions, strict=True):
        if text.get_position() != position:
            text.set_position(position)


def can_apply_places(figure: Figure) -> bool:
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


def outline(node: DrawNode, renderer: Any) -> Outline:
    """Return what a layout engine can know of an artist, in pixels; None where it is as if it were not there.

    Rounded to a millionth of a pixel: between the places that come round an outline moves by rounding errors.
    """
    known = _outline(node.artist, node.container.artist, renderer)
    return None if known is None else tuple(round(float(number), 6) for number in known)


def _outline(artist: Any, parent: Any, renderer: Any) -> Iterable[float] | None:
    if artist is None or not artist.get_visible():
        return None
    if isinstance(parent, Axes):
        return _outline_in_axes(artist, parent, renderer)
    extent: Any = artist.get_tightbbox(renderer) if _is_measured(artist, parent) else None
    if extent is None:
        return None
    if artist in (vars(parent).get("_suptitle"), vars(parent).get("_supxlabel")):
        # The engine puts a title that has no place of its own where it belongs, and makes room for its height.
        return (extent.height,) if _has_no_place(artist) else tuple(extent.intervaly)
    return (extent.width,) if artist is vars(parent).get("_supylabel") and _has_no_place(artist) else extent.bounds


def _is_measured(artist: Any, parent: Any) -> bool:
    """Return whether a layout engine makes room for an artist of a figure."""
    return isinstance(artist, Legend) or any(
        artist is vars(parent).get(name) for name in ("_suptitle", "_supxlabel", "_supylabel")
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
