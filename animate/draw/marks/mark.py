"""The base of every mark: a color, a layer, values that may change with the update, and its line in the script."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeAlias, TypeVar, cast

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from animate.draw.style import Length, Style
from animate.draw.theme import parse_color
from animate.errors import SceneError, UsageError

Value = TypeVar("Value")
Moving: TypeAlias = Value | Callable[[int], Value]
"""A constant, or a function from the update to the value it has then."""

Coordinates: TypeAlias = npt.ArrayLike | Callable[[int], npt.ArrayLike]
Show = Callable[[float], None]
"""Sets the artists of a mark to an update, or to a moment between two."""

LINE: Length = (3.4, 1.7)
THIN: Length = (1.6, 0.9)
DOT: Length = (8.5, 4.4)
DASHED, DOTTED = (4.0, 3.0), (1.0, 2.5)

_PACKAGE = str(Path(__file__).parents[2])


def value_at(value: Any, update: float) -> Any:
    """Return a value at an update: what a function returns for it, or the constant.

    Between two updates it is the mean of its numbers at both, weighted by how near they are. Words, and arrays of
    different shapes, stay those of the earlier update.
    """
    if not callable(value):
        return value
    before = math.floor(update)
    if before == update:
        return value(before)
    if getattr(value, "is_continuous", False):
        return value(update)
    return _mean(value(before), value(before + 1), update - before)


def _mean(before: Any, after: Any, share: float) -> Any:
    if isinstance(before, list | tuple) and isinstance(after, list | tuple) and len(before) == len(after):
        return [_mean(one, other, share) for one, other in zip(before, after, strict=True)]
    one, other = np.asarray(before), np.asarray(after)
    if one.shape != other.shape or one.dtype.kind not in "fiu" or other.dtype.kind not in "fiu":
        return before
    return one + share * (other - one)


def continuous(function: Callable[..., Value]) -> Callable[..., Value]:
    """Mark a function of the update as one that may also be called between two updates, such as with 2.5.

    Other functions are called with whole updates only, and their numbers are interpolated.
    """
    function.is_continuous = True  # type: ignore[attr-defined]
    return function


def latest(function: Callable[[int], Value]) -> Callable[[int], Value]:
    """Return a function of the update that remembers its last result, for marks that share one computation."""
    kept: list[Any] = [None, None]

    def remembered(update: int) -> Value:
        if kept[0] != update:
            kept[:] = update, function(update)
        result: Value = kept[1]
        return result

    return remembered


def per_update(values: Sequence[Value] | np.ndarray) -> Callable[[int], Any]:
    """Return the function of the update that looks up one entry per update; after the end the last one stays.

    >>> per_update(["start", "end"])(5)
    'end'
    """
    return lambda update: values[min(update, len(values) - 1)]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A piece of a panel that draws one thing.

    Every value is a constant or a function of the update. A function is called with whole updates only, in any order,
    unless it is `continuous`.

    Parameters
    ----------
    color : str
        A role of the theme such as ``"first"``, a share of one such as ``"error 60%"``, or a hex color.
    layer : float
        Marks of a higher layer cover those of a lower one.
    clip : bool
        Whether the mark ends at the edge of the axes.
    name : str
        What a story calls the mark.
    """

    color: Any = "ink"
    layer: float = 3.0
    clip: bool = True
    name: str = ""
    source: str = field(default="", init=False, repr=False, compare=False)

    dims: ClassVar[bool] = True
    """Whether the mark is dimmed where others are in focus; words and what lies behind the others are not."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", place_in_script())
        for color in self._constant_colors():
            if color != "none" and not color.startswith("#"):
                try:
                    parse_color(color)
                except UsageError as error:
                    raise self.error(str(error).rstrip(".")) from None

    def draw(self, axes: Axes, style: Style) -> Show | None:
        """Create the artists on axes whose limits are set; return what moves them, or None if nothing does."""
        raise NotImplementedError

    def extent(self, update: int) -> np.ndarray:
        """Return points (k, 2) that the limits of the axes must hold at an update; nan leaves one axis free."""
        return np.empty((0, 2))

    @property
    def moves(self) -> bool:
        """Return whether any value of the mark is a function of the update."""
        return any(callable(value) for value in vars(self).values())

    def numbers(self, what: str, value: Coordinates, update: float, shape: tuple[int | None, ...]) -> np.ndarray:
        """Return the numbers a value holds at an update.

        Raises
        ------
        SceneError
            If they have another shape than ``shape``, in which None stands for any length, or if a constant holds
            nan or infinity. Those of a function are gaps: a run that diverges is drawn as far as it goes.
        """
        wanted = f"({', '.join('n' if size is None else str(size) for size in shape)})"
        when = f" at update {update:g}" if callable(value) else ""
        try:
            array = np.asarray(value_at(value, update), dtype=float)
        except (TypeError, ValueError) as error:
            if callable(value) and error.__traceback__ is not None and error.__traceback__.tb_next is not None:
                raise
            raise self.error(f"{what} must be numbers of shape {wanted}{when}; got {error}") from error
        if array.size == 0 and array.ndim < len(shape):
            array = np.empty([size or 0 for size in shape])
        matches = array.ndim == len(shape) and all(
            size is None or size == got for size, got in zip(shape, array.shape, strict=True)
        )
        if not matches:
            raise self.error(f"{what} must have shape {wanted}{when}; got {array.shape}")
        if not callable(value) and not np.isfinite(array).all():
            raise self.error(f"{what} must be finite; got {array[~np.isfinite(array)][0]}")
        return array

    def error(self, text: str) -> SceneError:
        """Return an error about this mark that names the line of the script it was made in."""
        place = f"{self.source}: " if self.source else ""
        return SceneError(f"{place}{type(self).__name__}: {text if text.endswith('?') else f'{text}.'}")

    def _constant_colors(self) -> list[str]:
        given = [value for name, value in vars(self).items() if name in ("color", "edge", "halo") and value]
        listed = [[one] if isinstance(one, str) else one for one in given if not callable(one)]
        return [str(color) for colors in listed for color in colors]


def scaled(length: Length, share: float) -> Length:
    """Return a share of a length."""
    return (share * length[0], share * length[1]) if isinstance(length, tuple) else share * length


def hue(style: Style, color: str) -> str:
    """Return a color as matplotlib takes it: hex, or ``"none"``."""
    return "none" if color == "none" else style.theme.color(color)


def hues(style: Style, colors: Sequence[str], count: int) -> list[str]:
    """Return one hex color per item, of one role for all or a role each."""
    listed = isinstance(colors, (Sequence, np.ndarray)) and not isinstance(colors, str)
    return [hue(style, color) for color in colors] if listed else [hue(style, cast(str, colors))] * count


def dashes(dash: str | tuple[float, ...]) -> Any:
    """Return a dash pattern as matplotlib takes it; the numbers are lengths in widths of the line."""
    patterns: dict[str, Any] = {"": "solid", "dashed": (0, DASHED), "dotted": (0, DOTTED)}
    return patterns[dash] if isinstance(dash, str) else (0, dash)


def place_in_script() -> str:
    """Return file and line of the first caller outside this package."""
    frame = sys._getframe(1)  # noqa: SLF001 - the documented way to the caller's line
    while frame is not None and (frame.f_code.co_filename.startswith(_PACKAGE) or frame.f_code.co_filename[0] == "<"):
        if frame.f_back is None:
            return ""
        frame = frame.f_back
    path = Path(frame.f_code.co_filename)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"{shown}:{frame.f_lineno}"
