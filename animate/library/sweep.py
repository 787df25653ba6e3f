"""Parameter sweeps: a page with a slider or buttons for each of some parameters, and a scene for all combinations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from animate.errors import AnimateError, UsageError, one_line
from animate.library.parameters import Parameter, number_text
from animate.library.script import SceneScript

if TYPE_CHECKING:
    from animate.draw.settings import Settings
    from animate.export import Progress
    from animate.film.encoders import OutputFile
    from animate.film.formats.page import Switch
    from animate.page_export import Choice
    from animate.scene import Scene

MAX_VALUES = 50
MAX_COMBINATIONS = 500
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

    def switch(self) -> Switch:
        """Return the parameter as a page shows it: a choice as buttons, numbers as a slider."""
        from animate.film.formats.page import Switch

        has_buttons = self.parameter.kind not in ("int", "float")
        return Switch(self.parameter.name, self.texts, self.parameter.help, has_buttons)

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


def parse_sweeps(script: SceneScript, texts: Sequence[str], values: Mapping[str, Any]) -> list[Sweep]:
    """Return the sweeps that texts describe, each of another parameter.

    Parameters
    ----------
    values : mapping
        Values of the other parameters.

    Raises
    ------
    UsageError
        As for `parse_sweep`, or if there are too many combinations.
    """
    grid = [parse_sweep(script, text) for text in texts]
    names = [sweep.parameter.name for sweep in grid]
    for name in names:
        if name in values:
            raise UsageError(f"{name} must be given once: with --sweep or with --set.")
        if names.count(name) > 1:
            raise UsageError(f"--sweep must be given once for each parameter; got {name} {names.count(name)} times.")
    if math.prod(len(sweep.values) for sweep in grid) > MAX_COMBINATIONS:
        counts = " x ".join(str(len(sweep.values)) for sweep in grid)
        raise UsageError(f"--sweep must give at most {MAX_COMBINATIONS} combinations of values; got {counts}.")
    return grid


def combinations(grid: Sequence[Sweep]) -> Iterator[dict[str, Any]]:
    """Yield the values of each combination by name, those of the last parameter side by side."""
    names = [sweep.parameter.name for sweep in grid]
    return (dict(zip(names, values, strict=True)) for values in product(*(sweep.values for sweep in grid)))


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
    sweeps: str | Sequence[str],
    path: str | Path,
    *,
    settings: Settings,
    changes: Mapping[str, Any] | None = None,
    jobs: int | str = 1,
    video: bool = False,
    budget: int | str | None = None,
    has_both_themes: bool = False,
    progress: Progress | None = None,
) -> tuple[Scene, OutputFile]:
    """Write a page with a slider over values of each parameter; return the scene shown first and the file written.

    Values with which the scene fails say so at their place; the others work.

    Parameters
    ----------
    values : mapping
        Values of the other parameters, as `SceneScript.build` takes them.
    sweeps : str or sequence of str
        One or several, as `parse_sweep` takes them.
    jobs : int or "auto"
        As for `Scene.save`.
    video : bool
        Whether the page holds videos even if drawings take fewer bytes.
    has_both_themes : bool
        Whether readers see drawings in their theme, light as in the settings or dark.
    budget : int or str, optional
        Largest size of the page, such as ``"2MB"``: sliders get fewer values until it fits.
    progress : callable, optional
        As for `Scene.save`, over all values.

    Raises
    ------
    UsageError
        As for `parse_sweep`; also if the file name has another suffix.
    AnimateError
        If the scene fails with the values that are shown first; names them.
    """
    from animate.draw.text_overlap import check_texts
    from animate.export import ExportRequest
    from animate.film.budget import parse_bytes
    from animate.page_export import export_page

    max_bytes = None if budget is None else parse_bytes(str(budget))
    grid = parse_sweeps(script, [sweeps] if isinstance(sweeps, str) else sweeps, values)
    if Path(path).suffix.lower() != ".html":
        raise UsageError(f"--sweep makes a page: the output must end in .html; got {str(path)!r}.")
    choices = [_choice(script, values, chosen, changes or {}) for chosen in combinations(grid)]
    first = _first(grid, choices)
    words_are_own = any((changes or {}).get(name) for name in ("title", "caption"))
    check_texts(cast("Scene", choices[first]), settings, are_own=words_are_own)
    with script.running():
        request = ExportRequest([Path(path)], settings, jobs=jobs, video=video, has_both_themes=has_both_themes)
        switches = [sweep.switch() for sweep in grid]
        written = export_page(choices, request, switches, first, progress, max_bytes)
    return cast("Scene", choices[first]), written


def _choice(
    script: SceneScript, values: Mapping[str, Any], chosen: Mapping[str, Any], changes: Mapping[str, Any]
) -> Choice:
    """Return the scene with some values, or the problem that it has with them."""
    from animate.film.formats.page import FailedClip

    try:
        return script.build(**values, **chosen).adjust(**changes)
    except AnimateError as error:
        label = ", ".join(f"{name}={script.parameter(name).text(value)}" for name, value in chosen.items())
        return FailedClip(f"{label}: {one_line(str(error))}")


def _first(grid: Sequence[Sweep], choices: Sequence[Choice]) -> int:
    """Return the index of the scene shown first: that of the defaults, or the nearest one after it that works."""
    from animate.film.formats.page import FailedClip

    default = 0
    for sweep in grid:
        default = default * len(sweep.values) + sweep.nearest(sweep.parameter.default)
    order = [*range(default, len(choices)), *range(default)]
    found: int | None = next((index for index in order if not isinstance(choices[index], FailedClip)), None)
    if found is None:
        problem = cast("FailedClip", choices[default])
        raise UsageError(f"--sweep must have values with which the scene works; got {problem.text}")
    return found
