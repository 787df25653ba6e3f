"""Parameter sweeps: a page with a slider between animations rendered for several values of one parameter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from animate.errors import AnimateError, UsageError
from animate.library.parameters import Parameter, number_text
from animate.library.script import SceneScript

if TYPE_CHECKING:
    from animate.draw.settings import Settings
    from animate.export import Progress
    from animate.film.encoders import OutputFile
    from animate.scene import Scene

MAX_VALUES = 50
FORM = "PARAM=low:high:count, PARAM=low:high:count:log or PARAM=a,b,c"


@dataclass(frozen=True)
class Sweep:
    """A parameter of a scene and the values to render.

    Attributes
    ----------
    values : tuple
        Checked and distinct, in slider order.
    """

    parameter: Parameter
    values: tuple[Any, ...]

    @property
    def texts(self) -> list[str]:
        """Each value as text."""
        return [self.parameter.text(value) for value in self.values]

    def nearest(self, value: Any) -> int:
        """Return the index of a value or, for numbers, of the nearest one; 0 if there is neither."""
        if value in self.values:
            return self.values.index(value)
        if not isinstance(value, int | float) or not all(isinstance(other, int | float) for other in self.values):
            return 0
        return min(range(len(self.values)), key=lambda index: abs(self.values[index] - value))


def parse_sweep(script: SceneScript, text: str) -> Sweep:
    """Return the sweep described by a text such as ``learning_rate=0.001:1:9:log``.

    Numbers between the two ends are rounded to three significant digits, or to whole numbers for a whole-number
    parameter, so that they can be typed and read. Tuples of numbers are separated by semicolons.

    Raises
    ------
    UsageError
        If the text has another form, the scene has no such parameter, or a value does not fit it.
    """
    name, _, wanted = text.partition("=")
    if not name or not wanted.strip():
        raise UsageError(f"--sweep must be {FORM}; got {text!r}.")
    parameter = script.parameter(name)
    separator = ";" if parameter.kind == "floats" else ","
    is_span = ":" in wanted and parameter.kind in ("int", "float")
    texts = _span(parameter, wanted) if is_span else [part.strip() for part in wanted.split(separator)]
    values = tuple(dict.fromkeys(parameter.parse(part) for part in texts))
    if not 2 <= len(values) <= MAX_VALUES:
        raise UsageError(f"--sweep must have 2 to {MAX_VALUES} different values; got {len(values)} of {name}.")
    return Sweep(parameter, values)


def _span(parameter: Parameter, text: str) -> list[str]:
    low_text, high_text, count_text, scale = [*text.split(":"), "linear"][:4] if text.count(":") in (2, 3) else [""] * 4
    if not count_text.strip().isdecimal() or scale not in ("log", "linear"):
        raise UsageError(f"--sweep must be {FORM}; got {parameter.name}={text!r}.")
    low, high = parameter.parse(low_text), parameter.parse(high_text)
    count = int(count_text)
    if not 2 <= count <= MAX_VALUES or None in (low, high) or not low < high:
        raise UsageError(f"--sweep must go from low up to high in 2 to {MAX_VALUES} values; got {text!r}.")
    if scale == "log" and low <= 0:
        raise UsageError(f"low must be above 0 on a log scale; got {number_text(low)}.")
    return [_rounded(parameter, value) for value in spaced(low, high, count, log=scale == "log")]


def spaced(low: float, high: float, count: int, *, log: bool) -> list[float]:
    """Return numbers from low to high: low + (high - low) i / (count - 1), or low (high / low)^(i / (count - 1)).

    The ends are exact. The numbers between are rounded to three significant digits if they stay distinct.

    >>> spaced(0.001, 1.0, 4, log=True), spaced(0.0, 1.0, 4, log=False)
    ([0.001, 0.01, 0.1, 1.0], [0.0, 0.333, 0.667, 1.0])
    """
    shares = [index / (count - 1) for index in range(1, count - 1)]
    inner = [low * math.pow(high / low, share) if log else low + (high - low) * share for share in shares]
    short = [low, *(float(f"{value:.3g}") for value in inner), high]
    rises = all(before < after for before, after in pairwise(short))
    return short if rises else [low, *inner, high]


def _rounded(parameter: Parameter, value: float) -> str:
    return str(round(value)) if parameter.kind == "int" else number_text(float(value))


def save_sweep(
    script: SceneScript,
    values: Mapping[str, Any],
    text: str,
    path: str | Path,
    *,
    settings: Settings,
    changes: Mapping[str, Any] | None = None,
    jobs: int | str = 1,
    progress: Progress | None = None,
) -> tuple[Scene, OutputFile]:
    """Write a page with a slider over values of a parameter; return the scene shown first and the file written.

    Parameters
    ----------
    values : mapping
        Values of the other parameters, as `SceneScript.build` takes them.
    jobs : int or "auto"
        As for `Scene.save`.
    progress : callable, optional
        As for `Scene.save`, over all values.

    Raises
    ------
    UsageError
        As for `parse_sweep`; also if the file name has another suffix.
    AnimateError
        If a scene cannot be built or rendered with a value; names the value.
    """
    from animate.draw.text_overlap import check_texts
    from animate.export import ExportRequest, Switch, export_page

    sweep = parse_sweep(script, text)
    name = sweep.parameter.name
    if name in values:
        raise UsageError(f"{name} must be given once: with --sweep or with --set.")
    if Path(path).suffix.lower() != ".html":
        raise UsageError(f"--sweep makes a page: the output must end in .html; got {str(path)!r}.")
    pairs = zip(sweep.values, sweep.texts, strict=True)
    built = (_built(script, {**values, name: value}, f"{name}={value_text}") for value, value_text in pairs)
    scenes = [scene.adjust(**(changes or {})) for scene in built]
    check_texts(scenes[0], settings, are_own=any((changes or {}).get(name) for name in ("title", "caption")))
    first = sweep.nearest(sweep.parameter.default)
    with script.running():
        written = export_page(
            scenes,
            ExportRequest([Path(path)], settings, jobs=jobs),
            Switch(name, sweep.texts, first, sweep.parameter.help),
            progress,
        )
    return scenes[first], written


def _built(script: SceneScript, values: Mapping[str, Any], label: str) -> Scene:
    try:
        return script.build(**values)
    except AnimateError as error:
        raise type(error)(f"with {label}: {error}") from error
