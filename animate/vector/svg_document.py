"""An animation as one SVG file that plays without a script."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import groupby

from animate.vector.film import Film, definitions, style_rules
from animate.vector.fragments import UNITS, Fragment, NameTable, clipped, short_name
from animate.vector.rays import Rays, with_rays
from animate.vector.strips import COLUMNS, Growth, Strip, growth_runs, last_slot, runs_of, strips_of
from animate.vector.themes import BY_THEME

SIDES_APART = 1.75
"""Widths of a picture from slot to slot: what lies up to half a picture outside of one must not be seen in the next."""

FEWEST_STEPS = 4
"""Keyframes that follow each other evenly are one in so many steps or more: fewer take fewer bytes one by one."""


def _registered(names: str) -> str:
    """Return the CSS that declares variables to be numbers, which go from one value to another in steps."""
    return "".join(f'@property --{name}{{syntax:"&lt;number>";inherits:false;initial-value:0}}' for name in names)


MOVED = _registered("xy") + ".A{transform:translate(calc(var(--x)*-COLUMNpx),calc(var(--y)*-ROWpx))}"
"""A strip is moved by two numbers: Chromium would make a layer, drawn in its own way, of an animated transform."""

UNCOVERED = _registered("o") + ".B{stroke-dashoffset:var(--o)}"
"""A line that grows is uncovered by a dash."""

SHEARED = _registered("kb") + ".C{transform:matrix(1,var(--k),0,1,0,var(--b))}"
"""Both sides of a line that moves are halves of the plane under a shear."""

FAR = 10**6
"""Units to the far side of a half of the plane."""


def svg_document(film: Film) -> str:
    """Return the SVG file of an animation."""
    return "".join(_SvgWriter(film).document())


LONG_PATH = 40
"""A path of as many characters that is drawn more than once is stored once, for instance while it fades."""

_PATH = re.compile(rf'<path([^>]*) d="([^"]{{{LONG_PATH},}})"/>')


def shared_paths(body: str) -> tuple[str, str]:
    """Return definitions of the paths that a drawing has more than once, and the drawing that refers to them.

    >>> path = "M0 0" + "l1 2-3 4" * 5
    >>> shared_paths(f'<path class="a" d="{path}"/><path class="b" d="{path}"/><path d="M0 0h9"/>')[1]
    '<use class="a" href="#Pa"/><use class="b" href="#Pa"/><path d="M0 0h9"/>'
    """
    counts = Counter(data for _, data in _PATH.findall(body))
    names = {data: f"P{short_name(number)}" for number, data in enumerate(data for data in counts if counts[data] > 1)}

    def reference(path: re.Match[str]) -> str:
        return f'<use{path[1]} href="#{names[path[2]]}"/>' if path[2] in names else path[0]

    shapes = "".join(f'<path id="{name}" d="{data}"/>' for data, name in names.items())
    return shapes, _PATH.sub(reference, body)


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class _SvgWriter:
    """Writes one film."""

    def __init__(self, film: Film) -> None:
        self._film, self._shared = film, film.recording.shared
        self._frames = film.first_frames()
        self._moves = NameTable("S")
        self._growths = NameTable("G")
        self._lines = NameTable("L")
        self._column, self._row = (_round_up(side * UNITS * SIDES_APART) for side in (film.width, film.height))
        self._digits = max(0, math.ceil(math.log10(len(film.shown) / 5)))  # of a percentage: a twentieth of a frame

    def document(self) -> Iterator[str]:
        """Yield the parts of the file."""
        film = self._film
        tracks, rays = with_rays(film.recording.tracks.tracks, self._shared)
        shapes, body = shared_paths("".join(self._body(strips_of(tracks, self._shared))))
        defined = [*self._definitions(), *self._rays(rays), shapes]
        size = f'width="{film.width:g}" height="{film.height:g}"'
        box = f"0 0 {film.width * UNITS:g} {film.height * UNITS:g}"
        timing = f'data-frames="{len(film.shown)}" data-fps="{film.fps:g}"'
        yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{box}" {timing} '
        yield 'role="img" stroke-linejoin="round">'
        title = film.title or film.alt.partition(". ")[0]
        for name, text in (("title", title), ("desc", film.alt)):
            if text:
                yield f"<{name}>{escape(_NOT_IN_XML.sub(' ', text), quote=False)}</{name}>"
        yield f"<style>{''.join(self._css())}</style>"
        yield f"<defs>{''.join(defined)}{film.recording.hatches}</defs>"
        yield f'<g clip-path="url(#p)">{body}</g></svg>\n'

    def _definitions(self) -> Iterator[str]:
        film = self._film
        yield f'<clipPath id="p"><path d="M0 0H{film.width * UNITS:g}V{film.height * UNITS:g}H0z"/></clipPath>'
        yield from definitions(self._shared)

    def _rays(self, found: Mapping[str, Rays]) -> Iterator[str]:
        for name, rays in found.items():
            line = self._line(rays.lines)
            for side, far in (("u", FAR), ("d", -FAR)):
                half = f"M0 0H{self._film.width * UNITS:g}V{far}H0z"
                yield f'<clipPath id="{name}{side}"><path class="C {line}" d="{half}"/></clipPath>'
            sides = ((rays.up, "u"), (rays.down, "d"))
            inside = "".join(f'<g clip-path="url(#{name}{side})">{paths}</g>' for paths, side in sides)
            yield f'<g id="{name}">{inside}</g>'

    def _css(self) -> Iterator[str]:
        film = self._film
        yield (BY_THEME if self._shared.dark_styles else "") + style_rules(self._shared)
        tables = [table for table in (self._moves, self._growths, self._lines) if table.contents]
        if not tables:
            return
        times = film.loop or "infinite"
        yield f".A,.B,.C{{animation:{len(film.shown) / film.fps:.6g}s step-end {times}}}"
        yield MOVED.replace("COLUMN", str(self._column)).replace("ROW", str(self._row))
        yield UNCOVERED if self._growths.contents else ""
        yield SHEARED if self._lines.contents else ""
        for table in tables:
            for name, content in table.contents.items():
                last, _, keyframes = content.partition("@")
                yield f".{name}{{{last};animation-name:{name}}}@keyframes {name}{{{keyframes}}}"
        yield "@media print,(prefers-reduced-motion:reduce){.A,.B,.C{animation:none}}"

    def _body(self, strips: Iterable[Strip]) -> Iterator[str]:
        for clip, group in groupby(strips, key=lambda strip: strip.clip):
            inside = "".join(self._strip(strip) for strip in group)
            yield f'<g clip-path="url(#{clip})">{inside}</g>' if clip else inside

    def _strip(self, strip: Strip) -> str:
        shown = [self._slot(slot, number, strip.clip) for number, slot in enumerate(strip.slots)]
        if strip.is_still:
            return "".join(shown)
        return f'<g class="A {self._move(strip)}">{"".join(shown)}</g>'

    def _slot(self, slot: tuple[Fragment, ...] | Growth, number: int, clip: str) -> str:
        """Return a slot at its place in the strip."""
        row, column = divmod(number, COLUMNS)
        shift = _shortest(column * self._column) + (f" {_shortest(row * self._row)}" if row else "")
        extra = f' transform="translate({shift})"' if number else ""
        if isinstance(slot, Growth):
            return slot.line.markup(extra=extra, style=f" B {self._growth(slot)}")
        is_plain = len(slot) == 1 and (clip or not slot[0].clip) and "transform=" not in slot[0].content
        if is_plain and (slot[0].kind == "path" or not extra):
            return slot[0].markup(extra=extra)
        inside = "".join(fragment.markup() if clip else clipped(fragment) for fragment in slot)
        return f"<g{extra}>{inside}</g>" if extra else inside

    def _move(self, strip: Strip) -> str:
        """Return the class that moves a strip."""

        def at(slot: int) -> str:
            row, column = divmod(slot, COLUMNS)
            return f"--x:{column};--y:{row}" if len(strip.slots) >= COLUMNS else f"--x:{column}"

        def content() -> str:
            frames = []
            changes = [(self._frames[drawing], slot) for drawing, slot in strip.changes]
            for frame, slot, n_steps, each in runs_of(changes):
                if n_steps < FEWEST_STEPS:
                    steps = range(n_steps)
                    frames += [f"{self._percent(frame + step * each)}{{{at(slot + step)}}}" for step in steps]
                    continue
                frames.append(f"{self._percent(frame)}{{{at(slot)}{_steps(n_steps)}}}")
            return at(last_slot(strip)) + "@" + "".join(frames)

        return self._moves.name(tuple(strip.changes), content)

    def _growth(self, growth: Growth) -> str:
        """Return the class that uncovers a line."""
        whole = math.ceil(growth.lengths[-1][1]) + 1

        def offset(length: float) -> str:
            return f"--o:{whole - length + 0.1:.1f}"

        def content() -> str:
            lengths = [(self._frames[drawing], length) for drawing, length in growth.lengths]
            frames = [
                f"{self._percent(frame)}{{{offset(length)}{_steps(n_steps)}}}"
                for frame, length, n_steps in growth_runs(lengths)
            ]
            return f"stroke-dasharray:{whole};{offset(growth.lengths[-1][1])}@{''.join(frames)}"

        return self._growths.name((whole, *growth.lengths), content)

    def _line(self, lines: Mapping[int, tuple[float, float]]) -> str:
        """Return the class that shears a half of the plane along a line."""
        texts = {drawing: f"--k:{slope:.5f};--b:{intercept:.0f}" for drawing, (slope, intercept) in lines.items()}
        drawings = [next(group) for _, group in groupby(texts, key=texts.get)]

        def content() -> str:
            frames = (f"{self._percent(self._frames[drawing])}{{{texts[drawing]}}}" for drawing in drawings)
            return f"{texts[drawings[-1]]}@{''.join(frames)}"

        return self._lines.name(tuple(texts.items()), content)

    def _percent(self, frame: int) -> str:
        text = f"{100 * frame / len(self._film.shown):.{self._digits}f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def _round_up(number: float) -> int:
    """Return a number of two digits and zeros that is at least as large.

    >>> _round_up(89_600)
    90000
    """
    unit = int(10 ** max(0, math.floor(math.log10(number)) - 1))
    return math.ceil(number / unit) * unit


def _shortest(number: int) -> str:
    """Return a whole number as SVG takes it, with an exponent in place of zeros.

    >>> _shortest(180_000), _shortest(50), _shortest(0)
    ('18e4', '50', '0')
    """
    text = str(number)
    digits = text.rstrip("0") or "0"
    n_zeros = len(text) - len(digits)
    return f"{digits}e{n_zeros}" if n_zeros > 2 else text


def _steps(n_steps: int) -> str:
    return f";animation-timing-function:steps({n_steps})" if n_steps > 1 else ""
