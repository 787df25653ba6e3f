"""Measurements of ticks that are kept while a layout engine runs.

In one run, an engine finds the ticks of an axis some ten times: for the axis, its label, the labels aligned with it,
each spine, and the titles of the axes. As long as neither the axes nor their limits move, it finds the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis

from animate.replay.patching import patched


@contextmanager
def ticks_measured_once(axes: Iterable[Axes]) -> Iterator[None]:
    """Let each axis find and measure its ticks once for each placement of its axes, for the duration of the block.

    Nothing but layout may happen in the block: tick locators, formatters and labels must stay as they are.

    Parameters
    ----------
    axes : iterable of Axes
        The axes of a figure. Those in them, such as insets, are not included.
    """
    every_axis: list[Any] = [axis for ax in axes if ax.name == "rectilinear" for axis in (ax.xaxis, ax.yaxis)]
    tickers: dict[int, set[int]] = defaultdict(set)
    for axis in every_axis:
        tickers[id(axis.major.formatter)].add(id(axis.major))
    with ExitStack() as stack:
        for axis in every_axis:
            # A formatter remembers the last ticks that it formatted, which may be those of another axis.
            if type(axis) in (XAxis, YAxis) and len(tickers[id(axis.major.formatter)]) == 1:
                for measure in (axis._update_ticks, axis._get_ticklabel_bboxes):
                    stack.enter_context(patched(axis, measure.__name__, _kept(axis, measure)))
        yield


def _kept(axis: Any, measure: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of an axis that measures again only once the axes moved, or for other arguments."""
    known_for: tuple[Any, ...] | None = None
    result: Any = None

    def measure_once(*arguments: Any) -> Any:
        nonlocal known_for, result
        key = (_placement(axis), *arguments)
        if key != known_for:
            result = measure(*arguments)
            known_for = (_placement(axis), *arguments)  # measuring may have scaled the axes
        return result

    return measure_once


def _placement(axis: Any) -> tuple[Any, ...]:
    """Return all that the ticks of an axis and their places depend on during layout."""
    ax, ruling = axis.axes, axis.major.locator.axis.axes  # a shared locator looks at the size of one of its axes
    return (
        ax.viewLim.get_points().tobytes(), ax.bbox.get_points().tobytes(), ruling.bbox.get_points().tobytes(),
        ax.get_figure(root=True).dpi,
    )  # fmt: skip
