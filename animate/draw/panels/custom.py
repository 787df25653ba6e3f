"""A panel of free matplotlib."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.axes import Axes

from animate.draw.panels.base import Panel
from animate.draw.readout import Readout
from animate.draw.style import ResponsiveText, Style


class Custom(Panel):
    """A panel of free matplotlib, for what no mark draws.

    The axes have the look of the theme before ``create`` is called. Artists are made once and then only set: whatever
    ``show`` leaves on screen must depend on nothing but the update.

    Parameters
    ----------
    create : callable
        From axes and the `Style`, which gives colors, font sizes and lengths, to anything that ``show`` needs.
    show : callable
        From what ``create`` returned and the update; sets the artists' data.
    title, weight, readout
        As for a `Plot`.
    projection : str, optional
        Of the axes, such as ``"polar"`` or ``"3d"``.

    Examples
    --------
    >>> def create(axes, style):
    ...     axes.set_ylim(0, 10)
    ...     return axes.bar([0], [0], color=style.theme.color("first"))
    >>> panel = Custom(create, lambda bars, update: bars[0].set_height(update), title="Updates")
    """

    def __init__(
        self,
        create: Callable[[Axes, Style], Any],
        show: Callable[[Any, int], object],
        *,
        title: ResponsiveText = "",
        weight: float = 1.0,
        name: str = "",
        readout: Readout | None = None,
        projection: str | None = None,
    ) -> None:
        super().__init__(title=title, weight=weight, name=name)
        self._create, self._show, self._readout = create, show, readout
        vars(self)["projection"] = projection

    def create(self, axes: Axes, style: Style) -> None:
        self._artists = self._create(axes, style)

    def show(self, update: float, looks: Sequence[tuple[float, float]] = ()) -> None:
        self._show(self._artists, math.floor(update))

    def readout(self, style: Style) -> Readout | None:
        return self._readout
