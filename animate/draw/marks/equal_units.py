"""Limits on which a unit is as long across as up, so that right angles look right."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from matplotlib.axes import Axes

from animate.draw.marks.fields import Limits, check_limits
from animate.draw.marks.mark import Mark, Show
from animate.draw.style import Style


@dataclass(frozen=True)
class EqualUnits(Mark):
    """Limits that make a unit as long across as up, set once the axes have their final place.

    Parameters
    ----------
    limits : pair of pairs
        The least that is in the window.
    """

    limits: Limits
    _: KW_ONLY

    def __post_init__(self) -> None:
        super().__post_init__()
        with self.located():
            check_limits(self.limits)

    def draw(self, axes: Axes, style: Style) -> Show:
        is_set = False

        def show(update: float) -> None:  # noqa: ARG001
            nonlocal is_set
            if not is_set:
                x, y = equal_units(axes, self.limits)
                axes.set_xlim(*x)
                axes.set_ylim(*y)
                is_set = True

        return show


def equal_units(axes: Axes, limits: Limits) -> Limits:
    """Return limits made wider on one axis, so that a unit is as long across as up."""
    (x_low, x_high), (y_low, y_high) = limits
    units_per_px = max((x_high - x_low) / axes.bbox.width, (y_high - y_low) / axes.bbox.height)
    return (
        widened(limits[0], units_per_px * axes.bbox.width / (x_high - x_low)),
        widened(limits[1], units_per_px * axes.bbox.height / (y_high - y_low)),
    )


def widened(limits: tuple[float, float], factor: float) -> tuple[float, float]:
    """Return limits so many times as far apart, around the same middle."""
    middle, half = (limits[0] + limits[1]) / 2, factor * (limits[1] - limits[0]) / 2
    return middle - half, middle + half
