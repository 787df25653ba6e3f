"""Texts of a picture that lie on each other or are cut, and a size of the same shape at which none do."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.draw.story import StoryTimeline
from animate.draw.style import MIN_TEXT_PX, PHONE_PX, Style
from animate.draw.timeline import Timeline
from animate.errors import UsageError, shortened

N_MOMENTS = 11
_INK = 0.2
"""Share of the height of a line that letters leave empty above and below."""
_ENLARGED = (1.1, 1.2, 1.3, 1.4, 1.5, 1.75, 2.0, 2.5, 3.0)


class StagedScene(Protocol):
    """The members of `Scene` that the checks use."""

    @property
    def timeline(self) -> Timeline:
        """The update at each second."""

    def stage(self, settings: Settings) -> Stage:
        """Return the figure, which can show any moment."""


def check_texts(scene: StagedScene, settings: Settings, *, are_own: bool = False, name: str = "") -> None:
    """Warn of a size at which texts lie on each other or are cut, and of words that do so at any size.

    The picture is drawn all the same: at a size for which nothing is laid out, that may be all that somebody wants.

    Parameters
    ----------
    are_own : bool
        Whether words were given that the lesson was not laid out for. Otherwise the sizes at which every lesson is
        tested are not checked again.
    name : str
        Begins each warning: that of the scene where several are drawn.
    """
    is_usual = _is_usual(settings)
    if is_usual and not are_own:
        return
    stage, size = scene.stage(settings), f"{settings.width}x{settings.height}"
    advice = "give shorter words, or use a larger size"
    found = [
        f"{shortened(text)!r} is cut: it is {width:.0f} px wide, and there are {max(room, 0.0):.0f} px; {advice}"
        for text, (width, room) in stage.shortened.items()
    ]
    if fault := first_fault(scene, stage):
        if not is_usual:
            larger = _readable(scene, settings)
            advice = f"a size of this shape that works is {larger}" if larger else "use another shape"
        found.insert(0, f"{fault}; {advice}")
    for line in found:
        warnings.warn(f"{name}: at {size} {line}" if name else f"at {size} {line}", stacklevel=2)


def first_fault(scene: StagedScene, stage: Stage) -> str:
    """Return the first text that is cut, too small, or on another at a moment of a scene, or ""."""
    for time in moments(scene.timeline):
        stage.show(time)
        for fault in text_faults(dict(drawn_boxes(stage.figure)), stage.style):
            return fault
    return ""


def _is_usual(settings: Settings) -> bool:
    """Return whether a size has one of the shapes, and at least the pixels, for which lessons are laid out."""
    width, height = settings.width, settings.height
    if 9 * width == 16 * height:
        return width >= 480
    return (width == height or 16 * width == 9 * height) and width > PHONE_PX


def _readable(scene: StagedScene, settings: Settings) -> str:
    for scale in _ENLARGED:
        width, height = (2 * round(side * scale / 2) for side in (settings.width, settings.height))
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
            box, size = text.get_window_extent(), float(text.get_fontsize())
            lead = len(text.get_text()) - len(text.get_text().lstrip(" "))  # spaces that keep a distance
            less, aside = (_INK * size if text.get_rotation() == angle else 0.0 for angle in (0, 90))
            left = box.x0 + 0.3 * lead * size + aside
            yield text, Bbox.from_extents(left, box.y0 + less, box.x1 - aside, box.y1 - less)


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


def text_faults(texts: dict[Text, Bbox], style: Style) -> Iterator[str]:
    """Yield in words which of the texts are cut, too small, or on another."""
    for text, box in texts.items():
        if box.x0 < -1 or box.y0 < -1 or box.x1 > style.width + 1 or box.y1 > style.height + 1:
            yield f"{quoted(text)} is cut"
        size = float(text.get_fontsize())  # in pixels, at 72 dpi
        if size < MIN_TEXT_PX * style.density - 0.01:
            yield f"{quoted(text)} has {size:.1f} px"
    for (one, its), (other, box) in combinations(texts.items(), 2):
        if its.x0 + 1 < box.x1 and box.x0 + 1 < its.x1 and its.y0 + 1 < box.y1 and box.y0 + 1 < its.y1:
            yield f"{quoted(one)} lies on {quoted(other)}"


def quoted(text: Text) -> str:
    """Return a text with its digits replaced, so that a number that changes is one text."""
    return repr("".join("0" if letter.isdigit() else letter for letter in " ".join(text.get_text().split())))
