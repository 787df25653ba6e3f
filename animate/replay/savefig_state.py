"""What `savefig` puts around the drawing of a figure, put there again directly for the frames after.

For every frame `savefig` sets the colors of the figure, tells its canvas that it is saving, and takes all of it back:
the same values each time, at the cost of drawing a few lines. Where nothing else came of it, and what it found is
still there, the values can be put in place by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from animate.replay.state_snapshot import is_equal

_OF_CANVAS = ("_is_saving", "manager", "_device_pixel_ratio")
_NOT_DRAWN = frozenset({"_stale", "_original_facecolor", "_original_edgecolor"})

Values = list[dict[str, Any]]


class SavefigState:
    """What one call of `savefig` found and what it drew with.

    Parameters
    ----------
    figure : Figure
    dpi : float
    savefig_kwargs : dict
        What `savefig` is given beside the resolution.

    Attributes
    ----------
    is_known : bool
        Whether both have been seen, and can stand for the next call.
    """

    def __init__(self, figure: Figure, dpi: float, savefig_kwargs: Mapping[str, Any]) -> None:
        self._figure, self._dpi = figure, dpi
        self._kwargs = savefig_kwargs
        self._found: Values = []
        self._drawn_with: Values = []
        self.is_known = False

    def note_before(self) -> None:
        """Note what is there before `savefig` begins."""
        self.is_known, self._found = False, values_of(self._figure)

    def drawing(self) -> None:
        """Note what is there while `savefig` draws."""
        self._drawn_with = values_of(self._figure)
        names, before = ([values.keys() for values in seen] for seen in (self._drawn_with, self._found))
        self.is_known = self._is_plain() and names == before

    def _is_plain(self) -> bool:
        """Return whether `savefig` changes no other values; transparency changes the patches of axes too."""
        transparent = self._kwargs.get("transparent")
        is_opaque = not (mpl.rcParams["savefig.transparent"] if transparent is None else transparent)
        return is_opaque and self._kwargs.keys() <= {"facecolor", "transparent"}

    def still_holds(self) -> bool:
        """Return whether `savefig` would find the same as before, and so do the same under the same rcParams."""
        return self.is_known and are_equal(values_of(self._figure), self._found)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Put in place what `savefig` draws with, for the block."""
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


def holders_of(figure: Figure) -> tuple[Any, Any]:
    """Return the objects in which `savefig` changes values."""
    return figure.canvas, figure.patch


def values_of(figure: Figure) -> Values:
    """Return the values that `savefig` may change, by their names."""
    canvas, patch = map(vars, holders_of(figure))
    of_canvas = {name: canvas[name] for name in _OF_CANVAS if name in canvas}
    return [of_canvas, {name: value for name, value in patch.items() if name not in _NOT_DRAWN}]


def are_equal(values: Values, others: Values) -> bool:
    """Return whether values are the same, or as good as the same where they cannot change."""
    return all(
        one.keys() == other.keys()
        and all(value is other[name] or is_equal(value, other[name]) for name, value in one.items())
        for one, other in zip(values, others, strict=True)
    )
