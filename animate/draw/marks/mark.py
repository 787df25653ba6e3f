"""The base of every mark: a color, a layer, values that may change with the update, and its line in the script."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, ClassVar, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from animate.draw.script_place import Located, place_in_script
from animate.draw.style import Length, Style
from animate.draw.theme import parse_color
from animate.errors import UsageError, did_you_mean

Value = TypeVar("Value")
Moving: TypeAlias = Value | Callable[[int], Value]
"""A constant, or a function from the update to the value it has then."""

Coordinates: TypeAlias = npt.ArrayLike | Callable[[int], npt.ArrayLike]
Show = Callable[[float], None]
"""Sets the artists of a mark to an update, or to a moment between two."""

LINE: Length = (3.4, 1.7)
THIN: Length = (1.6, 0.9)
DOT: Length = (8.5, 4.4)
HEAD: Length = (10.0, 5.5)
DASHED, DOTTED = (4.0, 3.0), (1.0, 2.5)
DASHES = ("", "dashed", "dotted")

_LENGTHS = ("size", "width", "head", "head_edge", "edge_width", "halo_width", "cell")


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
class Mark(Located):
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
    nan_hides: ClassVar[bool] = False
    """Whether nan at an update hides the mark, and is no mistake."""
    in_space: ClassVar[bool] = False
    """Whether the mark belongs on a `Plot3D`."""
    allowed: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """The words that a value may be, by its name."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", place_in_script())
        self._check_values()
        for color in self._constant_colors():
            if color != "none" and not color.startswith("#"):
                try:
                    parse_color(color)
                except UsageError as error:
                    raise self.error(str(error).rstrip(".")) from None

    def _check_values(self) -> None:
        """Raise a SceneError for a word that is not known, a length that is none, or a function that is none."""
        values = vars(self)
        for name, words in self.allowed.items():
            if isinstance(values[name], str) and values[name] not in words:
                known = ", ".join(word or '""' for word in words)
                hint = did_you_mean(values[name], words)
                raise self.error(f"{name} must be one of {known}; got {values[name]!r}{hint and f'.{hint}'}")
        dash = values.get("dash", ())
        if not isinstance(dash, str) and not all(isinstance(one, Real) and float(one) >= 0 for one in dash):
            raise self.error(f"dash must be lengths on and off, 0 or more; got {dash!r}")
        for name in _LENGTHS:
            if name in values and not (isinstance(values[name], str) and name in self.allowed):
                pair = values[name] if isinstance(values[name], tuple) else (values[name],) * 2
                if len(pair) != 2 or not all(isinstance(one, Real) and 0 <= float(one) < math.inf for one in pair):
                    raise self.error(f"{name} must be a length in pixels, or two of them; got {values[name]!r}")
        if not isinstance(self.layer, Real) or not isinstance(self.name, str):
            name = "name" if isinstance(self.layer, Real) else "layer"
            raise self.error(f"{name} must be a {'text' if name == 'name' else 'number'}; got {values[name]!r}")
        if not callable(values.get("function", callable)):
            raise self.error(f"function must be a function; got {values['function']!r}")

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
            nan or infinity. Those of a function are gaps: a run that diverges is drawn as far as it goes. The panel
            warns of others.
        """
        wanted = f"({', '.join('n' if size is None else str(size) for size in shape)})"
        when = f" at update {update:g}" if callable(value) else ""
        try:
            given = np.asarray(value_at(value, update))
            if given.dtype.kind == "c":
                raise TypeError(f"the complex number {given.flat[0]}" if given.size else "complex numbers")
            array = np.asarray(given, dtype=float)
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
            if not shape:
                raise self.error(f"{what} must be a number{when}; got an array of shape {array.shape}")
            raise self.error(f"{what} must have shape {wanted}{when}; got {array.shape}")
        if not callable(value) and not np.isfinite(array).all():
            raise self.error(f"{what} must be finite; got {array[~np.isfinite(array)][0]}")
        return array

    def _constant_colors(self) -> list[str]:
        given = [value for name, value in vars(self).items() if name in ("color", "edge", "halo") and value]
        listed = [[one] if isinstance(one, str) else one for one in given if not callable(one)]
        for colors in listed:
            if not isinstance(colors, Sequence | np.ndarray):
                raise self.error(f"color must be a role of the theme, or one for each item; got {colors!r}")
        return [str(color) for colors in listed for color in colors]


def scaled(length: Length, share: float) -> Length:
    """Return a share of a length."""
    return (share * length[0], share * length[1]) if isinstance(length, tuple) else share * length


def hue(style: Style, color: str) -> str:
    """Return a color as matplotlib takes it: hex, or ``"none"``."""
    return "none" if color == "none" else style.theme.color(color)


def hues(style: Style, colors: Sequence[str], count: int) -> list[str]:
    """Return one hex color per item, of one role for all or a role each."""
    if isinstance(colors, str) or not isinstance(colors, (Sequence, np.ndarray)):
        return [hue(style, colors)] * count
    if len(colors) != count:
        raise UsageError(f"color must name one color for each of {count}; got {len(colors)}.")
    return [hue(style, color) for color in colors]


def dashes(dash: str | tuple[float, ...]) -> Any:
    """Return a dash pattern as matplotlib takes it; the numbers are lengths in widths of the line."""
    patterns: dict[str, Any] = {"": "solid", "dashed": (0, DASHED), "dotted": (0, DOTTED)}
    return patterns[dash] if isinstance(dash, str) else (0, dash)
