"""The values that `savefig` sets while it draws, applied directly for later frames.

For every frame `savefig` sets colors of the figure and a flag of its canvas, and restores them afterwards: the same
values each time, at the cost of drawing a few lines. If it changed nothing else and would find the same values again,
they can be applied without calling it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from animate.replay.state_snapshot import is_equal

_OF_CANVAS = ("_is_saving", "manager", "_device_pixel_ratio")
_NOT_DRAWN = frozenset({"_stale", "_original_facecolor", "_original_edgecolor"})

Values = list[dict[str, Any]]


class SavefigState:
    """The values that one call of `savefig` found and the values it drew with.

    Parameters
    ----------
    figure : Figure
        The figure that is saved.
    dpi : float
        Resolution in dots per inch.
    savefig_kwargs : dict
        Further arguments of `savefig`.

    Attributes
    ----------
    is_known : bool
        Whether both sets of values are known and can replace the next call.
    """

    def __init__(self, figure: Figure, dpi: float, savefig_kwargs: Mapping[str, Any]) -> None:
        self._figure, self._dpi = figure, dpi
        self._kwargs = savefig_kwargs
        self._found: Values = []
        self._drawn_with: Values = []
        self._left_stale = True, True
        self.is_known = False

    def note_found(self) -> None:
        """Note the values before `savefig` begins."""
        self.is_known, self._found = False, values_of(self._figure)

    def note_drawing(self) -> None:
        """Note the values while `savefig` draws."""
        self._drawn_with = values_of(self._figure)
        names, before = ([values.keys() for values in seen] for seen in (self._drawn_with, self._found))
        self.is_known = self._is_plain() and names == before

    def note_left(self) -> None:
        """Note which flags `savefig` leaves behind when it sets colors back."""
        self._left_stale = self._figure.stale, self._figure.patch.stale

    def _is_plain(self) -> bool:
        """Return whether `savefig` changes no other values; with transparency it also changes the patches of axes."""
        transparent = self._kwargs.get("transparent")
        is_opaque = not (mpl.rcParams["savefig.transparent"] if transparent is None else transparent)
        return is_opaque and self._kwargs.keys() <= {"facecolor", "transparent"}

    def is_stock(self) -> bool:
        """Return whether `savefig` and `print_rgba` are matplotlib's own, and save the whole figure."""
        figure, canvas = self._figure, self._figure.canvas
        return (
            type(figure).savefig is Figure.savefig
            and "savefig" not in vars(figure)
            and getattr(type(canvas), "print_rgba", None) is FigureCanvasAgg.print_rgba
            and "print_rgba" not in vars(canvas)
            and self._kwargs.get("bbox_inches", mpl.rcParams["savefig.bbox"]) is None
        )

    def is_current(self) -> bool:
        """Return whether `savefig` would find the same values as before, and so would set the same ones."""
        return self.is_known and are_equal(values_of(self._figure), self._found)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Apply the values that `savefig` draws with, for the duration of the block."""
        holders = [vars(holder) for holder in holders_of(self._figure)]
        pairs = list(zip(holders, self._drawn_with, strict=True))
        before = [{name: attributes[name] for name in new} for attributes, new in pairs]
        dpi = self._figure.dpi
        try:
            for attributes, new in pairs:
                attributes.update(new)
            if dpi != self._dpi:
                self._figure.dpi = self._dpi
            yield
        finally:
            if dpi != self._dpi:
                self._figure.dpi = dpi
            for attributes, old in zip(holders, before, strict=True):
                attributes.update(old)
            figure: Any = self._figure
            figure._stale, figure.patch._stale = self._left_stale


def holders_of(figure: Figure) -> tuple[Any, Any]:
    """Return the objects whose attributes `savefig` changes."""
    return figure.canvas, figure.patch


def values_of(figure: Figure) -> Values:
    """Return the values that `savefig` may change, by name, for each of the two objects."""
    canvas, patch = map(vars, holders_of(figure))
    of_canvas = {name: canvas[name] for name in _OF_CANVAS if name in canvas}
    return [of_canvas, {name: value for name, value in patch.items() if name not in _NOT_DRAWN}]


def are_equal(values: Values, others: Values) -> bool:
    """Return whether all values are identical, or immutable and equal."""
    return all(
        one.keys() == other.keys()
        and all(value is other[name] or is_equal(value, other[name]) for name, value in one.items())
        for one, other in zip(values, others, strict=True)
    )


def are_identical(kwargs: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Return whether two sets of arguments of `savefig` hold identical objects."""
    return kwargs.keys() == others.keys() and all(value is others[name] for name, value in kwargs.items())
