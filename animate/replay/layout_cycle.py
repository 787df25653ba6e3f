"""Prediction of layout engines: when an engine need not run again.

A layout engine runs before every draw and measures all axes, which costs more than drawing them. It places axes by
their outlines: their box, ticks and labels, the height of titles, and the artists that extend beyond the box. As long
as only artists change, and none of them changes its outline, the result of the engine depends only on the placement
before.

So placements repeat from frame to frame. Most often they are identical; about as often they alternate between two,
three or four that differ by rounding errors of 1e-16 of the figure, which become visible where an edge lies just
between two pixels. Once a cycle of placements has occurred twice, the engine is skipped and the next placement is
applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
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
from animate.replay.patching import patched, render_lock
from animate.replay.redraw_stability import has_foreign_code, has_unstable_artist
from animate.replay.tick_measures import ticks_measured_once
from animate.replay.user_messages import is_strict

LONGEST_CYCLE = 6

_LAID_OUT = frozenset({"rectilinear", "3d"})

Outline = tuple[float, ...] | None
Placement = tuple[list[bytes], list[tuple[float, float]], dict[str, Any]]


def has_layout(figure: Figure) -> bool:
    """Return whether a layout engine runs whenever the figure is drawn."""
    return not isinstance(figure.get_layout_engine(), PlaceHolderLayoutEngine | None)


def can_lay_out(figure: Figure) -> bool:
    """Return whether a layout engine gives the same result after a replayed frame as after a full draw.

    True without an engine. What an engine measures on polar axes, and on those of axisartist, depends on their
    previous draw.
    """
    if not has_layout(figure):
        return True
    return not has_foreign_engine(figure) and all(map(_is_measured_alike, _axes(figure)))


def _is_measured_alike(ax: Axes) -> bool:
    is_of_axisartist = any(base.__module__.startswith("mpl_toolkits.axisartist") for base in type(ax).__mro__)
    return ax.name in _LAID_OUT and not is_of_axisartist


def has_foreign_engine(figure: Figure) -> bool:
    """Return whether the figure has a layout engine from outside matplotlib."""
    return not type(figure.get_layout_engine()).__module__.startswith(("matplotlib.", "builtins"))


def _measures_without_draw(figure: Figure) -> bool:
    """Return whether a layout engine finds the same whether or not the artists were drawn since its last run.

    Measuring does to artists of matplotlib's what drawing does, unless they draw differently each time, and but for
    axes in 3D, which measure their ticks as the last draw projected them.
    """
    is_known = not (has_unstable_artist(figure) or has_foreign_code(figure))
    return is_known and all(_is_measured_alike(ax) and ax.name != "3d" for ax in _axes(figure))


def _run_engine(figure: Any, renderer: Any) -> None:
    """Run the layout engine and place the axes, as a draw does before it draws the artists.

    Parameters
    ----------
    figure : Figure
        The figure.
    renderer : RendererAgg
        The renderer with which the locators of axes measure.
    """
    if not figure.get_visible():
        return
    with render_lock(figure), ticks_measured_once(_axes(figure)):
        _place_axes(figure, renderer)
        if figure.axes:
            with suppress(ValueError):  # which matplotlib ignores as well
                figure.get_layout_engine().execute(figure)
        _place_axes(figure, renderer)
    figure.stale = False


def _place_axes(figure: Any, renderer: Any) -> None:
    """Place the axes of a figure, and those in them, by their locators and aspects."""
    for ax in figure.axes:
        if ax.get_figure(root=False) is figure:
            for one in (ax, *ax.child_axes):
                locator = one.get_axes_locator()
                one.apply_aspect(locator(one, renderer) if locator else None)


def lay_out_early(figure: Figure, renderer: Any) -> None:
    """Do what matters of the draw before a frame, on which the next run of the layout engine depends."""
    if _measures_without_draw(figure):
        _run_engine(figure, renderer)
    else:
        figure.draw_without_rendering()


def draw_or_lay_out(figure: Figure, renderer: Any) -> None:
    """Draw a figure in the place of `Figure.draw` within `savefig`, which draws once only to lay the figure out."""
    if has_layout(figure) and _measures_without_draw(figure):
        try:
            return _run_engine(figure, renderer)
        except Exception:  # which the draw raises again if it is the user's own
            if is_strict():
                raise
    type(figure).draw(figure, renderer)
    return None


@contextmanager
def quick_layout(figure: Figure, *, needs_all_draws: Callable[[], bool]) -> Iterator[None]:
    """Let `savefig` only run the layout engine where it would draw for nothing else, unless all draws are needed."""
    if not has_layout(figure) or needs_all_draws():
        yield
    else:
        with patched(figure, "draw", partial(draw_or_lay_out, figure)):
            yield


class LayoutCycle:
    """The recent results of a figure's layout engine, and the cycle they form.

    Parameters
    ----------
    figure : Figure
        The figure that the engine lays out.
    """

    def __init__(self, figure: Figure) -> None:
        self._figure = figure
        self._found: list[Placement] = []
        self._cycle: list[Placement] = []
        self._outlines: dict[DrawNode, Outline] = {}
        self.cycle_step = 0
        """The index of the current placement in the cycle."""

    @property
    def has_converged(self) -> bool:
        """Return whether a cycle was found and the engine has not had to run since."""
        return bool(self._cycle)

    @property
    def moves(self) -> bool:
        """Return whether the cycle has more than one placement."""
        return len(self._cycle) > 1

    def can_skip_layout(self, changed: Iterable[DrawNode], renderer: Any) -> bool:
        """Return whether the cycle continues although these nodes changed.

        Parameters
        ----------
        changed : iterable of DrawNode
            The nodes that changed since the last frame.
        renderer : RendererAgg
            The renderer to measure with.
        """
        known = self._outlines
        return all(node in known and known[node] == outline(node, renderer) for node in changed)

    def restart(self) -> None:
        """Forget the cycle, since the engine has to run."""
        self._found, self._cycle = [], []

    def advance(self) -> None:
        """Apply the next placement of the cycle."""
        self.cycle_step = (self.cycle_step + 1) % len(self._cycle)
        if self.moves:
            apply_placement(self._figure, self._cycle[self.cycle_step])
        else:
            _apply_title_positions(self._figure, self._cycle[self.cycle_step])

    def note_placement(self, nodes: Iterable[DrawNode], touched: Iterable[DrawNode], renderer: Any) -> bool:
        """Note the placement at the end of a frame; return whether it completes a cycle.

        Parameters
        ----------
        nodes : iterable of DrawNode
            All nodes of the figure.
        touched : iterable of DrawNode
            Those that were redrawn in this frame.
        renderer : RendererAgg
            The renderer to measure with.
        """
        converges = False
        if not self.has_converged:
            self._found = [*self._found[-2 * LONGEST_CYCLE :], placement(self._figure)]
            self._cycle = find_cycle(self._found) if can_apply_placement(self._figure) else find_cycle(self._found[-2:])
            self.cycle_step, converges = len(self._cycle) - 1, self.has_converged
        if self.has_converged:
            unknown = [node for node in nodes if node not in self._outlines]
            self._outlines |= {node: outline(node, renderer) for node in {*unknown, *touched}}
        return converges


def find_cycle(found: list[Placement]) -> list[Placement]:
    """Return the cycle that the placements end with, the latest one last; an empty list if they do not repeat."""
    for length in range(1, min(LONGEST_CYCLE, len(found) // 2) + 1):
        if found[-length:] == found[-2 * length : -length]:
            return found[-length:]
    return []


def placement(figure: Figure) -> Placement:
    """Return the placement of the axes, the titles of the figure, and its margins."""
    points = [box.get_points().tobytes() for box in boxes_of(figure)]
    return points, [text.get_position() for text in _titles(figure)], vars(figure.subplotpars).copy()


def apply_placement(figure: Figure, where: Placement) -> None:
    """Apply a placement."""
    points, _positions, margins = where
    for box, numbers in zip(boxes_of(figure), points, strict=True):
        box.set_points(np.frombuffer(numbers).reshape(2, 2).copy())
    _apply_title_positions(figure, where)
    vars(figure.subplotpars).update(margins)


def _apply_title_positions(figure: Figure, where: Placement) -> None:
    """Apply the positions of the figure's titles, which `Figure.suptitle` does not keep."""
    _points, positions, _margins = where
    for text, position in zip(_titles(figure), positions, strict=True):
        if text.get_position() != position:
            text.set_position(position)


def can_apply_placement(figure: Figure) -> bool:
    """Return whether `apply_placement` reaches everything that a layout engine moves."""
    return not figure.subfigs and all(
        len(_boxes(ax)) == 2 and not ax.child_axes and ax.name == "rectilinear" for ax in figure.axes
    )


def boxes_of(figure: Figure) -> list[Bbox]:
    """Return the boxes that hold the positions of all axes."""
    return [box for ax in _axes(figure) for box in _boxes(ax)]


def _boxes(ax: Axes) -> list[Bbox]:
    """Return the boxes of an axes with and without its aspect applied."""
    return [box for name in ("_position", "_originalPosition") if isinstance(box := vars(ax).get(name), Bbox)]


def _titles(figure: Any) -> list[Any]:
    texts = (vars(figure).get(name) for name in ("_suptitle", "_supxlabel", "_supylabel"))
    return [*(text for text in texts if text is not None), *(text for part in figure.subfigs for text in _titles(part))]


def _axes(figure: Any) -> list[Axes]:
    return [*figure.axes, *(ax for part in figure.subfigs for ax in _axes(part))]


def outline(node: DrawNode, renderer: Any) -> Outline:
    """Return what a layout engine can measure of an artist, in pixels; None if the artist does not matter to it.

    Rounded to a millionth of a pixel, since the placements of a cycle move outlines by rounding errors.

    Parameters
    ----------
    node : DrawNode
        The artist.
    renderer : RendererAgg
        The renderer to measure with.
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
        # The engine positions a title that has no position of its own, and makes room for its height.
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
    if artist is ax.patch:  # which reaches as far as the axes, unless somebody changes it
        box = artist.get_window_extent(renderer).transformed(ax.transAxes.inverted())
        return box.bounds if artist.get_in_layout() else None
    if any(artist is vars(ax).get(name) for name in ("title", "_left_title", "_right_title")):
        box = artist.get_window_extent(renderer)
        return box.y0, box.y1, box.width > 0  # engines ignore the widths of titles
    if isinstance(artist, Axis | Spine) or not artist.get_in_layout() or _is_clipped(artist):
        return None  # the engine runs whenever ticks or spines change
    box = artist.get_tightbbox(renderer)
    if box is None or not np.isfinite(box.extents).all():
        return None
    frame = ax.bbox
    inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
    return None if inside else tuple(box.bounds)


def _is_clipped(artist: Any) -> bool:
    """Return whether an artist certainly stays within its axes."""
    is_clipped = getattr(artist, "_fully_clipped_to_axes", bool)
    return bool(is_clipped()) and not isinstance(artist, AnnotationBbox | OffsetBox)
