"""Texts of a picture that lie on each other or are cut, and a size of the same shape at which none do."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from math import log, sqrt
from typing import Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform

from animate.draw.own_text import without_escapes
from animate.draw.settings import Settings, is_usual_size
from animate.draw.stage import Stage
from animate.draw.story import StoryTimeline
from animate.draw.style import DPI, MIN_TEXT_PX, Style, ink_extent
from animate.draw.timeline import Timeline
from animate.errors import UsageError, shortened

N_MOMENTS = 11
_INK = 0.2
"""Share of the font size that letters of several lines leave empty above and below."""
_LEAST_GAP = 0.15
"""Distance in font sizes below which two texts beside each other read as one."""
_ENLARGED = (1.1, 1.2, 1.3, 1.4, 1.5, 1.75, 2.0, 2.5, 3.0)
_SHAPES = ((16, 9), (3, 2), (4, 3), (1, 1), (3, 4), (2, 3), (9, 16))


class StagedScene(Protocol):
    """The members of `Scene` that the checks use."""

    @property
    def timeline(self) -> Timeline:
        """The update at each second."""

    def stage(self, settings: Settings) -> Stage:
        """Return the figure, which can show any moment."""


def check_texts(scene: StagedScene, settings: Settings, *, are_own: bool = False, name: str = "") -> None:
    """Warn of what `text_problems` finds.

    The picture is drawn all the same: at a size for which nothing is laid out, that may be all that somebody wants.

    Parameters
    ----------
    are_own : bool
        Whether words were given that the lesson was not laid out for. Otherwise the sizes at which every lesson is
        tested are not looked at again.
    name : str
        Begins each warning: that of the scene where several are drawn.
    """
    if are_own or not is_usual_size(settings):
        for line in text_problems(scene, settings):
            warnings.warn(f"{name}: {line}" if name else line, stacklevel=2)


def text_problems(scene: StagedScene, settings: Settings) -> list[str]:
    """Return a line on the first text that lies on another at a size, and on each that is cut, with what to do."""
    stage, size = scene.stage(settings), f"{settings.width}x{settings.height}"
    advice = "give shorter words, or use a larger size"
    found = [
        f"{shortened(text)!r} is cut: it is {width:.0f} px wide, and there are {max(room, 0.0):.0f} px; {advice}"
        for text, (width, room) in stage.shortened.items()
    ]
    if fault := first_fault(scene, stage):
        found.insert(0, f"{fault}; {advice if is_usual_size(settings) else _other_size(scene, settings)}")
    return [f"at {size} {line}" for line in found]


def first_fault(scene: StagedScene, stage: Stage) -> str:
    """Return the first text that is cut, too small, or on another at a moment of a scene, or ""."""
    for time in moments(scene.timeline):
        stage.show(time)
        for fault in text_faults(dict(drawn_boxes(stage.figure)), stage.style):
            return fault
    return ""


def _other_size(scene: StagedScene, settings: Settings) -> str:
    """Return advice: a larger size of the same shape, or else one of the nearest shape, that has no fault."""
    shape, area = settings.width / settings.height, settings.width * settings.height
    larger = [(settings.width * scale, settings.height * scale) for scale in _ENLARGED]
    if works := _first_readable(scene, settings, larger):
        return f"a size of this shape that works is {works}"
    nearest = sorted((width / height for width, height in _SHAPES), key=lambda other: abs(log(other / shape)))
    others = [(sqrt(scale * area * other), sqrt(scale * area / other)) for other in nearest for scale in (1.0, 2.0)]
    if works := _first_readable(scene, settings, others):
        return f"no size of this shape works; the nearest that does is {works}"
    return "give shorter words, or a larger size of another shape"


def _first_readable(scene: StagedScene, settings: Settings, sizes: Iterable[tuple[float, float]]) -> str:
    for size in sizes:
        width, height = (2 * round(side / 2) for side in size)
        try:
            if not first_fault(scene, scene.stage(replace(settings, width=width, height=height))):
                return f"{width}x{height}"
        except UsageError:  # a panel has no room
            continue
    return ""


def moments(timeline: Timeline) -> list[float]:
    """Return times in seconds at which a scene is looked at: spread evenly, and the end of each beat."""
    times = np.linspace(0.0, timeline.duration, N_MOMENTS)
    if isinstance(timeline, StoryTimeline):
        times = np.unique([*times, *(timeline.end_of(beat + 1) for beat in range(len(timeline.chapters)))])
    return [float(time) for time in times]


def drawn_boxes(figure: Figure) -> Iterator[tuple[Text, Bbox]]:
    """Yield each text that is drawn, with the box of its letters in pixels."""
    shown = [axes for axes in figure.axes if axes.get_visible()]
    texts = [*figure.texts, *(text for axes in shown for text in _texts_of(axes))]
    for text in texts:
        if text.get_visible() and text.get_text().strip() and (text.get_alpha() or 1.0) > 0.5:
            yield text, _letters_box(text)


def _letters_box(text: Text) -> Bbox:
    """Return the box of the letters of a text, which is lower than its line and begins after spaces."""
    box, words, size = text.get_window_extent(), text.get_text(), float(text.get_fontsize())
    above = below = _INK * size
    if "\n" not in words:
        (high, deep), (line_high, line_deep) = ink_extent(words, text.get_fontproperties()), _line_extent(text)
        above, below = max(line_high - high, 0.0), max(line_deep - deep, 0.0)
    lead = len(words) - len(words.lstrip(" "))  # spaces that keep a distance
    left, right = box.x0 + 0.3 * lead * size, box.x1
    if text.get_rotation() == 90:
        return Bbox.from_extents(left + above, box.y0, right - below, box.y1)
    if text.get_rotation() == 0:
        return Bbox.from_extents(left, box.y0 + below, right, box.y1 - above)
    return Bbox.from_extents(left, box.y0, right, box.y1)


def _line_extent(text: Text) -> tuple[float, float]:
    """Return how far the box that matplotlib gives the one line of a text extends above and below its baseline."""
    line = Figure(dpi=DPI).text(0, 0, text.get_text())
    line.update_from(text)  # with its line spacing, which nothing else tells
    line.set(transform=IdentityTransform(), verticalalignment="baseline", rotation=0)
    box = line.get_window_extent()
    return float(box.y1), float(-box.y0)


def _texts_of(axes: Axes) -> list[Text]:
    texts = list(axes.texts)
    if axes.axison and axes.name == "rectilinear":  # mplot3d places its labels only while it draws
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            slack = 1e-9 * (high - low)
            ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)
            texts += [label for place, label in ticks if low - slack <= place <= high + slack]
            texts.append(axis.label)
            axis.get_tightbbox()  # places the label beside the ticks
    return texts


def text_faults(texts: Mapping[Text, Bbox], style: Style) -> Iterator[str]:
    """Yield in words which of the texts are cut, too small, or on another text, panel or bar."""
    for text, box in texts.items():
        if box.x0 < -1 or box.y0 < -1 or box.x1 > style.width + 1 or box.y1 > style.height + 1:
            yield f"{quoted(text)} is cut"
        size = float(text.get_fontsize())  # in pixels, at 72 dpi
        if size < MIN_TEXT_PX * style.density - 0.01:
            yield f"{quoted(text)} has {size:.1f} px"
        if _is_astray(text, box):
            yield f"{quoted(text)} reaches into another panel"
        elif _crosses_bar(text, box):
            yield f"{quoted(text)} lies on the end of a bar"
    for (one, its), (other, box) in combinations(texts.items(), 2):
        shared = min(its.y1, box.y1) - max(its.y0, box.y0)
        is_row = shared > min(its.height, box.height) / 2 and _is_level_word(one) and _is_level_word(other)
        apart = _LEAST_GAP * min(float(one.get_fontsize()), float(other.get_fontsize())) if is_row else -1.0
        if shared > 1 and its.x0 < box.x1 + apart and box.x0 < its.x1 + apart:
            yield f"{quoted(one)} lies on {quoted(other)}"


def _is_level_word(text: Text) -> bool:
    """Return whether a text is a word or a number, which a neighbor would lengthen, and no sign of a formula."""
    return text.get_rotation() == 0 and any(letter.isalnum() for letter in _as_read(text.get_text()))


def _is_astray(text: Text, box: Bbox) -> bool:
    """Return whether a text of one panel, or a heading, reaches into the axes of another."""
    figure = text.get_figure(root=True)
    own = text.axes.bbox if text.axes is not None else None
    return figure is not None and any(
        _overlap(box, axes.bbox)
        for axes in figure.axes
        if axes.get_visible()
        and axes.name == "rectilinear"
        and (axes.axison or axes.has_data())
        and (own is None or not _overlap(own, axes.bbox))  # axes in, or over, those of the text
    )


def _crosses_bar(text: Text, box: Bbox) -> bool:
    """Return whether the end or the side of a bar runs through the letters of a text."""
    if text.axes is None or text.get_path_effects() or text not in text.axes.texts:
        return False
    bars = (bar.get_window_extent() for bar in text.axes.patches if isinstance(bar, Rectangle) and bar.get_visible())
    return any(_overlap(box, bar) and not (bar.x0 <= box.x0 and box.x1 <= bar.x1) for bar in bars)


def _overlap(one: Bbox, other: Bbox) -> bool:
    return bool(one.x0 + 2 < other.x1 and other.x0 + 2 < one.x1 and one.y0 + 2 < other.y1 and other.y0 + 2 < one.y1)


def quoted(text: Text) -> str:
    """Return a text in quotes as a reader sees it: formulas in letters, escaped dollars as dollars."""
    return repr(" ".join(_as_read(text.get_text()).split()))


@lru_cache(4096)  # the same few formulas at every moment
def _as_read(words: str) -> str:
    if not is_math_text(words):
        return without_escapes(words)
    glyphs = MathTextParser("path").parse(words).glyphs
    return "".join(letter for _, _, number, *_ in glyphs if not unicodedata.combining(letter := chr(number)))
