"""What a stage shows: the words, panels and timeline of a scene."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.cbook import is_math_text
from matplotlib.mathtext import MathTextParser

from animate.draw.captions import READING_SECONDS, Captions, schedule_captions
from animate.draw.language import ENGLISH, Language
from animate.draw.marks.mark import Mark
from animate.draw.panels.base import Panel
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.story import StoryTimeline
from animate.draw.style import ResponsiveText
from animate.draw.timeline import Timeline
from animate.errors import UsageError, shortened

_PLACE = re.compile(r"\(at char (\d+)\)")

Columns = Sequence[Panel | Sequence[Panel]]
"""Panels from left to right; a sequence among them is a column, from top to bottom."""


_KINDS = {
    "timeline": (Timeline | None, "a Timeline"),
    "n_updates": (int | None, "a whole number"),
    "alt": (str | None, "text"),
    "secondary_counter": (Readout | None, "a Readout"),
    "language": (Language, "a Language"),
}


def check_kinds(scene: Any) -> None:
    """Raise `UsageError` if a part of a scene is not of the kind that it must be."""
    for name, (kinds, kind) in _KINDS.items():
        if not isinstance(value := getattr(scene, name), kinds):
            raise UsageError(f"{name} must be {kind}; got {shortened(repr(value))}.")
    try:
        (scene.alt or "").encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"alt must be text that a file can hold; got {shortened(repr(scene.alt))}.") from error
    _check_panels(scene.panels)


def _check_panels(panels: Any) -> None:
    if not isinstance(panels, list | tuple):
        raise UsageError(f"panels must be a list of panels; got {type(panels).__name__}.")
    for column in [entry if isinstance(entry, list | tuple) else [entry] for entry in panels] or [[]]:
        if not column:
            raise UsageError("panels must name at least one panel; got none.")
        for panel in column:
            if not isinstance(panel, Panel):
                fix = "; panels.Plot(...) shows marks" if isinstance(panel, Mark) else ""
                raise UsageError(f"panels must be a list of panels; got {type(panel).__name__} in it{fix}.")


@dataclass(frozen=True)
class StageSpec:
    """The words, panels and timeline of a scene.

    Parameters
    ----------
    title : ResponsiveText
        The question.
    caption : ResponsiveText, dict of int to ResponsiveText, or list of pairs of int and ResponsiveText
        Where to look; a dict or a list gives the update from which each caption is shown. In a story, a dict takes the
        place of the words of its beats.
    panels : sequence
        From left to right; a sequence among them is a column from top to bottom.
    timeline : Timeline
        The update on screen at each moment.
    counter : str
        What the counter at the top right counts: updates or epochs.
    secondary_counter : Readout, optional
        A number below the counter, such as gradients used.
    language : Language
        Of the texts that the panels write.
    """

    title: ResponsiveText
    caption: ResponsiveText | Mapping[int, ResponsiveText | None] | Captions
    panels: Columns
    timeline: Timeline
    counter: str = "update"
    secondary_counter: Readout | None = None
    language: Language = ENGLISH

    @property
    def columns(self) -> list[list[Panel]]:
        """Return the panels column by column."""
        return [[entry] if isinstance(entry, Panel) else list(entry) for entry in self.panels]

    @property
    def runs(self) -> list[Run]:
        """Return the distinct runs that the panels show."""
        shown = [run for column in self.columns for panel in column for run in panel.shown_runs()]
        return list({id(run): run for run in shown}.values())

    def check_words(self) -> None:
        """Raise `UsageError` for words that are not text, or whose formulas matplotlib cannot draw."""
        given = self.caption
        pairs = given.items() if isinstance(given, Mapping) else given if isinstance(given, list) else [(0, given)]
        captions = [text for _, text in pairs]
        for name, texts in (("title", [self.title]), ("caption", captions), ("counter", [self.counter])):
            for text in texts:
                parts = text if isinstance(text, tuple) and name != "counter" else (text,)
                if not all(isinstance(part, str) or (part is None and name == "caption") for part in parts):
                    raise UsageError(f"{name} must be text; got {text!r}.")
                if fault := _formula_fault(text):
                    raise UsageError(f"{name}: {fault}.")
        for chapter in self.timeline.chapters if isinstance(self.timeline, StoryTimeline) else ():
            if fault := _formula_fault(chapter.beat.caption):
                raise chapter.beat.error(f"{fault}.")

    def never_shown(self) -> list[str]:
        """Return what the timeline never shows: a caption past its end, updates past the end of the longest run."""
        last, runs, found = self.timeline.n_updates, self.runs, []
        if isinstance(self.caption, Mapping):  # a list makes room for the captions that matter
            late = [at for at, text in self.caption.items() if text and not 0 <= at <= last]
            where = f"the timeline goes from update 0 to {last}"
            found += [f"the caption at update {at} is never shown: {where}" for at in late[:1]]
        longest = max((run.trajectory.n_updates for run in runs), default=last)
        if longest < last and all(run.diverges_at is None for run in runs):
            ends = "the longest run ends" if len(runs) > 1 else "the run ends"
            found.append(f"the timeline goes on to update {last}, but {ends} at {longest}")
        return found

    @property
    def may_diverge(self) -> bool:
        """Return whether a run diverges, so that numbers may be infinite."""
        return any(run.diverges_at is not None for run in self.runs)

    def captions(self) -> dict[int, ResponsiveText]:
        """Return the captions by the update from which each is shown, in order."""
        if isinstance(self.caption, str | tuple):
            return {0: self.caption}
        if isinstance(self.timeline, StoryTimeline) and isinstance(self.caption, Mapping):
            return {update: words for update, words in sorted(self.caption.items()) if words}
        return schedule_captions(self.caption, self.timeline)

    @property
    def closing_chapter(self) -> int:
        """Return from which chapter of a story beats are shown again after captions that tell of runs that diverge.

        These are the beats after all updates: they tell of the runs that do not diverge. There are none if all runs
        diverge, or if the captions could not be read before.
        """
        captions, goes_on = self.captions(), any(run.diverges_at is None for run in self.runs)
        is_told = isinstance(self.caption, Mapping) and captions and goes_on
        if not isinstance(self.timeline, StoryTimeline) or not is_told:
            return sys.maxsize
        read = self.timeline.time_of(max(captions)) + READING_SECONDS
        ends = [one.start >= read and one.first == self.timeline.n_updates for one in self.timeline.chapters]
        return ends.index(True) if any(ends) else sys.maxsize

    def words(self) -> list[ResponsiveText]:
        """Return all captions: first those of updates, then those of beats, "" for beats that these replace."""
        captions = self.captions()
        beats = self.timeline.chapters if isinstance(self.timeline, StoryTimeline) else ()
        until, closing = self.timeline.time_of(min(captions)) if captions else math.inf, self.closing_chapter
        shown = [one.start < until or number >= closing for number, one in enumerate(beats)]
        return [*captions.values(), *(one.beat.caption if keep else "" for one, keep in zip(beats, shown, strict=True))]

    def timed_captions(self) -> list[tuple[float, float, ResponsiveText]]:
        """Return start and end in seconds and the words of each caption."""
        timeline, captions = self.timeline, self.captions()
        found = [(timeline.time_of(update), words) for update, words in captions.items()]
        if isinstance(timeline, StoryTimeline):
            until = found[0][0] if found else math.inf
            before = [(one.start, one.beat.caption) for one in timeline.chapters if one.start < until]
            after = [(one.start, one.beat.caption) for one in timeline.chapters[self.closing_chapter :]]
            found = [*before, *found, *after]
        ends = [*(start for start, _ in found[1:]), timeline.duration]
        return [(start, end, words) for (start, words), end in zip(found, ends, strict=True)]


def _formula_fault(text: ResponsiveText | None) -> str:
    """Return the first fault of a formula in the versions of a text, or ""."""
    parts = (text,) if isinstance(text, str) else text or ()
    return next(filter(None, map(formula_fault, parts)), "")


def formula_fault(text: str) -> str:
    r"""Return why matplotlib cannot draw the formulas in a text, or "" where it can or there are none.

    >>> formula_fault("The slope is $x_1$"), formula_fault("From $5")
    ('', '')
    >>> formula_fault("Its $x_{$")
    "the formula in 'Its $x_{$' must be one that matplotlib draws; it cannot at character 4 of 'x_{'"
    """
    if not is_math_text(text):
        return ""
    try:
        MathTextParser("path").parse(text)
    except ValueError as error:
        formula, place = str(error).strip().partition("\n")[0], _PLACE.search(str(error))
        where = f"; it cannot at character {int(place[1]) + 1} of {shortened(formula)!r}" if place else ""
        return f"the formula in {shortened(text)!r} must be one that matplotlib draws{where}"
    return ""
