"""Whether the locators of a figure's axes place them where they placed them in the last draw.

A figure asks each locator for a place before it draws anything. The answer may depend on what that draw changes only
later: limits that a fixed aspect sets, or the words of other axes. Matplotlib draws a figure twice for a saved frame,
so such axes move on in both draws. A locator that measures axes moves them to where they would stand without locators.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from animate.replay.patching import patched


class AxesPlacement:
    """Notes where locators place the axes of a figure in a draw.

    Parameters
    ----------
    figure : Figure
        The figure.

    Attributes
    ----------
    reason : str
        Why each draw must be matplotlib's own; empty if one more would leave the axes where the last one left them.
    """

    def __init__(self, figure: Figure) -> None:
        self._figure, self._places = figure, dict[Any, Any]()
        self._moves_axes = False
        self.reason = ""

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note the places that locators give for the duration of the block."""
        self._places.clear()
        with ExitStack() as stack:
            for ax in self._figure.axes:
                if ax._axes_locator is not None:  # type: ignore[attr-defined]
                    stack.enter_context(patched(ax, "get_axes_locator", self._noting(ax)))
            yield

    def _noting(self, ax: Any) -> Callable[[], Any]:
        """Return a replacement for the method that returns the locator of an axes."""
        return lambda: ax._axes_locator and _NotedLocator(ax._axes_locator, self)

    def place(self, locator: Any, axes: Any, renderer: Any) -> Any:
        """Return what a locator gives, and note it."""
        before = _positions(self._figure)
        found = locator(axes, renderer)
        self._moves_axes |= _positions(self._figure) != before
        self._places[axes] = renderer, None if found is None else found.bounds
        return found

    def compare(self) -> bool:
        """Return whether locators now give the places that they gave in the last draw."""
        try:
            is_settled = not self._moves_axes and all(
                locator_position(ax, renderer) == place for ax, (renderer, place) in self._places.items()
            )
        except Exception:  # noqa: BLE001 (of a locator of somebody's own: the next full draw raises it, or not)
            is_settled = False
        self.reason = "" if is_settled else "a locator places axes anew in each draw"
        return is_settled


class _NotedLocator:
    """A locator like another, of which layout engines also ask for its cell of a grid."""

    def __init__(self, locator: Any, placement: AxesPlacement) -> None:
        self._locator, self._placement = locator, placement

    def __call__(self, axes: Any, renderer: Any) -> Any:
        return self._placement.place(self._locator, axes, renderer)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._locator, name)


def _positions(figure: Figure) -> list[Any]:
    return [ax._position.get_points().tolist() for ax in figure.axes]  # type: ignore[attr-defined]


def locator_position(axes: Any, renderer: Any) -> Any:
    """Return the (x0, y0, width, height) that the locator of an axes gives it, or None without a locator."""
    locator = axes._axes_locator
    if locator is None:
        return None
    figure = axes.get_figure(root=True)
    before = _positions(figure)
    place = locator(axes, renderer)
    for ax, points in zip(figure.axes, before, strict=True):  # a locator that measures axes moves them
        if ax._position.get_points().tolist() != points:
            ax._position.set_points(np.array(points))
    return None if place is None else place.bounds
