"""Parameter sweeps: a page with a slider or buttons for each of some parameters, and a scene for all combinations."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any, cast

from animate.errors import AnimateError, UsageError, one_line
from animate.library.parameters import Parameter, number_text
from animate.library.script import SceneScript
from animate.replay.user_messages import print_line

if TYPE_CHECKING:
    from animate.draw.stage import Stage
    from animate.draw.start_surfaces import StartGrid
    from animate.export import ExportRequest, Progress
    from animate.film.encoders import OutputFile
    from animate.film.formats.page import FailedClip, Switch
    from animate.scene import Scene

MAX_VALUES = 50
MAX_COMBINATIONS = 500
FORM = "low:high:count, low:high:count:log, a,b,c or, for a pair, low:high:count,low:high:count"
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Sweep:
    """A parameter of a scene and the values to render.

    Attributes
    ----------
    values : tuple
        Checked and distinct, in slider order.
    axes : tuple of tuple of float
        If the values are a grid, the numbers of each axis; the values are all combinations, the last fastest.
    """

    parameter: Parameter
    values: tuple[Any, ...]
    axes: tuple[tuple[float, ...], ...] = ()

    def switches(self) -> list[Switch]:
        """Return the parameter as a page shows it: a choice as buttons, numbers as a slider, a grid as several."""
        from animate.film.formats.page import Switch

        name, meaning = self.parameter.name, self.parameter.help
        if self.axes:
            names = [f"{name}{number}".translate(SUBSCRIPTS) for number in range(1, len(self.axes) + 1)]
            wide = [index for index, axis in enumerate(self.axes) if len(axis) > 1]
            return [
                Switch(names[index], list(map(number_text, self.axes[index])), meaning if index == wide[-1] else "")
                for index in wide
            ]
        texts = [self.parameter.text(value) for value in self.values]
        return [Switch(name, texts, meaning, self.parameter.kind not in ("int", "float"))]

    def nearest(self, value: Any) -> int:
        """Return the index of a value or, for numbers, of the nearest one; 0 if there is neither.

        Without a value it is the middle of a grid.
        """
        if value in self.values:
            return self.values.index(value)
        if self.axes:
            wanted = value or [axis[len(axis) // 2] for axis in self.axes]
            spans = [max(axis) - min(axis) or 1.0 for axis in self.axes]
            return min(range(len(self.values)), key=lambda index: _distance(self.values[index], wanted, spans))
        if not isinstance(value, int | float) or not all(isinstance(other, int | float) for other in self.values):
            return 0
        return min(range(len(self.values)), key=lambda index: abs(self.values[index] - value))


def _distance(one: Sequence[float], other: Sequence[float], spans: Sequence[float]) -> float:
    return math.hypot(*((a - b) / span for a, b, span in zip(one, other, spans, strict=True)))


def parse_sweep(script: SceneScript, text: str) -> Sweep:
    """Return the sweep described by a text such as ``learning_rate=0.001:1:9:log``.

    Numbers between the two ends are rounded to three significant digits, or to whole numbers for a whole-number
    parameter, so that they can be typed and read. Tuples of numbers are separated by semicolons; a grid of them has
    a span for each number, such as ``start=-2:2:5,-2:2:5``.

    Raises
    ------
    UsageError
        If the text has another form, the scene has no such parameter, or a value does not fit it.
    """
    name, _, wanted = text.partition("=")
    if not name or not wanted.strip():
        raise UsageError(f"sweep must be PARAM=VALUES, with values {FORM}; got {text!r}.")
    parameter = script.parameter(name)
    if parameter.kind == "floats" and ":" in wanted:
        return _grid(parameter, wanted)
    separator = ";" if parameter.kind == "floats" else ","
    is_span = ":" in wanted and parameter.kind in ("int", "float")
    texts = _span(parameter, wanted) if is_span else [part.strip() for part in wanted.split(separator)]
    values = tuple(dict.fromkeys(parameter.parse(part) for part in texts))
    if not 2 <= len(values) <= MAX_VALUES:
        raise UsageError(f"sweep must have 2 to {MAX_VALUES} different values; got {len(values)} of {name}.")
    return Sweep(parameter, values)


def _grid(parameter: Parameter, text: str) -> Sweep:
    """Return the sweep of all combinations of numbers, for each of which there is a span or one number."""
    parts = text.split(",")
    if parameter.n_values not in (None, len(parts)):
        form = ",".join(["low:high:count"] * (parameter.n_values or 1))
        raise UsageError(f"sweep of {parameter.name} must be {form}; got {text!r}.")
    number = Parameter(parameter.name, "float", range=parameter.range)
    axes = tuple(tuple(map(number.parse, _span(number, part) if ":" in part else [part])) for part in parts)
    return Sweep(parameter, tuple(map(parameter.check, product(*axes))), axes)


def parse_sweeps(script: SceneScript, texts: Sequence[str]) -> list[Sweep]:
    """Return the sweeps that texts describe, each of another parameter.

    Raises
    ------
    UsageError
        As for `parse_sweep`, or if there are too many combinations.
    """
    grid = [parse_sweep(script, text) for text in texts]
    names = [sweep.parameter.name for sweep in grid]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"sweep must be given once for each parameter; got {name} {names.count(name)} times.")
    if math.prod(len(sweep.values) for sweep in grid) > MAX_COMBINATIONS:
        counts = " x ".join(str(len(sweep.values)) for sweep in grid)
        raise UsageError(f"sweep must give at most {MAX_COMBINATIONS} combinations of values; got {counts}.")
    return grid


def combinations(grid: Sequence[Sweep]) -> Iterator[dict[str, Any]]:
    """Yield the values of each combination by name, those of the last parameter side by side."""
    names = [sweep.parameter.name for sweep in grid]
    return (dict(zip(names, values, strict=True)) for values in product(*(sweep.values for sweep in grid)))


def _span(parameter: Parameter, text: str) -> list[str]:
    low_text, high_text, count_text, scale = [*text.split(":"), "linear"][:4] if text.count(":") in (2, 3) else [""] * 4
    if not count_text.strip().isdecimal() or scale not in ("log", "linear"):
        raise UsageError(f"sweep of {parameter.name} must be {FORM}; got {text!r}.")
    low, high = parameter.parse(low_text), parameter.parse(high_text)
    count = int(count_text)
    if not 2 <= count <= MAX_VALUES or None in (low, high) or not low < high:
        form = f"go from low up to high in 2 to {MAX_VALUES} values"
        raise UsageError(f"sweep of {parameter.name} must {form}; got {text!r}.")
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
    sweeps: Sequence[str],
    request: ExportRequest,
    *,
    changes: Mapping[str, Any] | None = None,
    budget: int | None = None,
    progress: Progress | None = None,
) -> tuple[Scene, OutputFile]:
    """Write a page with a slider over values of each parameter; return the scene shown first and the file written.

    Values with which the scene fails say so at their place; the others work.

    Parameters
    ----------
    values : mapping
        Values of parameters, as `SceneScript.build` takes them. Those of swept ones are where the sliders begin.
    sweeps : sequence of str
        Each as `parse_sweep` takes it.
    request : ExportRequest
        The page, and how scenes are drawn.
    changes : mapping, optional
        Arguments of `Scene.adjust`.
    budget : int, optional
        The most bytes of the page: sliders get fewer values until it fits.
    progress : callable, optional
        As for `Scene.save`, over all values.

    Raises
    ------
    UsageError
        As for `parse_sweep`; also if the file name has another suffix.
    AnimateError
        If the scene cannot be drawn with the values that are shown first.
    """
    from animate.draw.text_overlap import check_texts
    from animate.page_export import export_page

    grid = parse_sweeps(script, sweeps)
    if (path := request.paths[0]).suffix.lower() != ".html":
        raise UsageError(f"sweep makes a page: the output must end in .html; got {str(path)!r}.")
    choices = _choices(script, values, grid, changes or {})
    first = _first(grid, choices, values)
    shown = cast("Scene", choices[first])
    check_texts(shown, request.settings, are_own=bool(changes and (changes.get("title") or changes.get("caption"))))
    with script.running():
        starts = _start_grid(grid, choices, shown.stage(request.settings))
        return shown, export_page(choices, request, _switches(grid), first, progress, budget, starts)


def _switches(grid: Sequence[Sweep]) -> list[Switch]:
    return [switch for sweep in grid for switch in sweep.switches()]


def _choices(
    script: SceneScript, values: Mapping[str, Any], grid: Sequence[Sweep], changes: Mapping[str, Any]
) -> list[Scene | FailedClip]:
    """Return the scene of each combination; with a grid of starts, loss surfaces have one window in all of them."""
    from animate.draw.start_surfaces import common_windows, panels_with_limits
    from animate.film.formats.page import FailedClip

    chosen = list(combinations(grid))
    built = [_tried(script, one, partial(script.build, **{**values, **one})) for one in chosen]
    if any(sweep.axes for sweep in grid):
        scenes = [scene for scene in built if not isinstance(scene, FailedClip)]
        limits = common_windows([scene.panels for scene in scenes])
        for scene in scenes:
            object.__setattr__(scene, "panels", panels_with_limits(scene.panels, limits))
    return [
        scene if isinstance(scene, FailedClip) else _tried(script, one, partial(scene.adjust, **changes))
        for scene, one in zip(built, chosen, strict=True)
    ]


def _start_grid(grid: Sequence[Sweep], choices: Sequence[Scene | FailedClip], stage: Stage) -> StartGrid | None:
    """Return where starts lie on loss surfaces, if a parameter is swept over a grid; say so if there are none."""
    from animate.draw.start_surfaces import StartGrid, start_surfaces
    from animate.film.formats.page import FailedClip

    counts = [len(sweep.switches()) for sweep in grid]
    owners = [sweep for sweep, count in zip(grid, counts, strict=True) for _ in range(count)]
    axes = tuple(index for index, sweep in enumerate(owners) if sweep.axes)
    if not axes:
        return None
    stage.show(0.0)
    surfaces = start_surfaces(stage, [None if isinstance(one, FailedClip) else one.panels for one in choices])
    if not surfaces:
        names = " and ".join(sweep.parameter.name for sweep in grid if sweep.axes)
        print_line(f"the page has a slider for each number of {names}: no loss surface shows where it starts")
        return None
    return StartGrid(axes, tuple(surfaces))


def _tried(script: SceneScript, chosen: Mapping[str, Any], make: Callable[[], Scene]) -> Scene | FailedClip:
    """Return the scene with some values, or the problem that it has with them."""
    from animate.film.formats.page import FailedClip

    try:
        return make()
    except AnimateError as error:
        label = ", ".join(f"{name}={script.parameter(name).text(value)}" for name, value in chosen.items())
        return FailedClip(f"{label}: {one_line(str(error))}")


def _first(grid: Sequence[Sweep], choices: Sequence[Scene | FailedClip], values: Mapping[str, Any]) -> int:
    """Return the index of the scene shown first: that of values or defaults, or the nearest after it that works."""
    from animate.film.formats.page import FailedClip

    default = 0
    for sweep in grid:
        parameter = sweep.parameter
        wanted = parameter.check(values[parameter.name]) if parameter.name in values else parameter.default
        default = default * len(sweep.values) + sweep.nearest(wanted)
    order = [*range(default, len(choices)), *range(default)]
    found: int | None = next((index for index in order if not isinstance(choices[index], FailedClip)), None)
    if found is None:
        problem = cast("FailedClip", choices[default])
        raise UsageError(f"sweep must have values with which the scene works; got {problem.text}")
    return found
