"""What a story does with the marks and panels on a stage, at any second."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.text import Text

from animate.draw.emphasis import DrawnMark
from animate.draw.marks.fields import Limits, check_limits
from animate.draw.panels.base import Panel, set_limits, set_ticks
from animate.draw.story import (
    DIM_SECONDS,
    ENTER_SECONDS,
    VIEW_SECONDS,
    Beat,
    Chapter,
    StoryTimeline,
    eased,
)
from animate.draw.style import Style
from animate.errors import UsageError, listed

DIM_STRENGTH = 0.28
"""The share of its color that a mark keeps while others are in focus."""


@dataclass(frozen=True)
class LevelChange:
    """A level that is reached from a moment on, within so many seconds."""

    time: float
    level: float
    seconds: float


def level_at(changes: Sequence[LevelChange], time: float, first: float) -> float:
    """Return a level that begins at ``first`` and moves gently with each change.

    >>> level_at([LevelChange(1.0, 0.0, 0.5)], 1.25, 1.0)
    0.5
    """
    before = after = first
    seconds, since = 0.0, 0.0
    for change in changes:
        if change.time > time + 1e-9:
            break
        before, after, since, seconds = after, change.level, time - change.time, change.seconds
    return after if seconds <= 0 else before + eased(since / seconds) * (after - before)


@dataclass
class _Part:
    """A mark, or a panel without its marks, with the changes of its presence and strength."""

    drawn: DrawnMark | None = None
    is_first_hidden: bool = False
    presence: list[LevelChange] = field(default_factory=list)
    strength: list[LevelChange] = field(default_factory=list)

    def enter(self, time: float, presence: float, seconds: float) -> None:
        if not self.presence:
            self.is_first_hidden = presence > 0
        self.presence.append(LevelChange(time, presence, seconds))

    @property
    def is_on_screen(self) -> bool | None:
        """Whether it is there after the changes so far; None if there was none, as it then depends on the first."""
        return self.presence[-1].level > 0 if self.presence else None

    def presence_at(self, time: float) -> float:
        return level_at(self.presence, time, 0.0 if self.is_first_hidden else 1.0)

    def strength_at(self, time: float) -> float:
        return level_at(self.strength, time, 1.0)


@dataclass
class StagedPanel:
    """A panel on its axes, as a story sees it.

    Parameters
    ----------
    panel : Panel
    axes : Axes
    texts : mapping of str to sequence of Text
        Those above the axes: the ``title``, the ``readout`` beside it and the ``subtitle`` below.
    """

    panel: Panel
    axes: Axes
    texts: Mapping[str, Sequence[Text]]

    def __post_init__(self) -> None:
        self.frame = _Part()
        self.headings = {name: _Part() for name in self.texts}
        self.marks = [_Part(drawn) for drawn in self.panel.drawn_marks]
        self.views: list[tuple[float, Limits]] = []
        self.whole: Limits = (self.axes.get_xlim(), self.axes.get_ylim())
        self._ticks = {
            which: (axis.get_ticklocs().tolist(), [label.get_text() for label in axis.get_ticklabels()])
            for which, axis in (("x", self.axes.xaxis), ("y", self.axes.yaxis))
        }

    @property
    def names(self) -> list[str]:
        """Return what a beat may call the panel: its name, and each of its titles."""
        titles = (self.panel.title,) if isinstance(self.panel.title, str) else self.panel.title
        return [name for name in (self.panel.name, *titles) if name]

    def show_view(self, time: float, style: Style) -> None:
        """Move the limits to those at a time in seconds, with the ticks of the last view that was reached."""
        before, after, since = self.whole, self.whole, 0.0
        for start, limits in self.views:
            if start > time + 1e-9:
                break
            before, after, since = after, limits, time - start
        share = eased(since / VIEW_SECONDS)
        reached = after if share == 1 else before
        if reached == self.whole:
            for which, (places, labels) in self._ticks.items():
                set_ticks(self.axes, style, which, places, labels)
        else:
            set_limits(self.axes, style, x=reached[0], y=reached[1])
        x, y = (
            (low + share * (low_after - low), high + share * (high_after - high))
            for (low, high), (low_after, high_after) in zip(before, after, strict=True)
        )
        self.axes.set_xlim(*x)
        self.axes.set_ylim(*y)

    def parts(self, name: str) -> list[_Part]:
        """Return the marks and the texts above the axes that have a name."""
        marks = [mark for mark in self.marks if mark.drawn and mark.drawn.name == name]
        return marks + [part for heading, part in self.headings.items() if heading == name]

    def is_called(self, name: str) -> bool:
        """Return whether a name is one of the panel's, whatever its case."""
        return str(name).casefold() in {one.casefold() for one in self.names}


class Cues:
    """The changes that a story makes on a stage.

    Parameters
    ----------
    story : StoryTimeline
    panels : sequence of StagedPanel
        All of the stage, created.
    style : Style

    Raises
    ------
    SceneError
        If a beat names a mark or panel that is not there, nor one of a panel's optional marks.
    """

    def __init__(self, story: StoryTimeline, panels: Sequence[StagedPanel], style: Style) -> None:
        self._panels, self._style = panels, style
        self._is_dimmed = False
        self._named = {name for chapter in story.chapters for name in (*chapter.enter, *chapter.leave)}
        for number, chapter in enumerate(story.chapters):
            coming = {name for later in story.chapters[number + 1 :] for name in later.enter}
            self._add_presence(chapter, {id(part) for name in coming for part in self._marks(name)})
            self._add_focus(chapter)
            self._add_views(chapter)

    def show(self, time: float, position: float) -> None:
        """Set marks and panels to a time in seconds, at which the picture stands at a position between updates."""
        for staged in self._panels:
            is_shown = staged.frame.presence_at(time) > 0
            _set_visible([staged.axes], is_shown)
            for name, texts in staged.texts.items():
                _set_visible(texts, is_shown and staged.headings[name].presence_at(time) > 0)
            staged.panel.show(position, [(mark.presence_at(time), mark.strength_at(time)) for mark in staged.marks])
            if staged.views:
                staged.show_view(time, self._style)

    def _add_presence(self, chapter: Chapter, awaited: set[int]) -> None:
        """Let marks and panels enter and leave; of a panel, not the marks that a later beat awaits by their name."""
        seconds = min(ENTER_SECONDS, chapter.end - chapter.start)
        for word, names, presence in (("enter", chapter.enter, 1.0), ("leave", chapter.leave, 0.0)):
            changed = []
            for name in dict.fromkeys(names):
                parts = [*self._parts(chapter.beat, word, [name]), *self._companions(name)]
                if presence and not self._marks(name):
                    parts = [part for part in parts if part.presence or id(part) not in awaited]
                if parts and all(part.is_on_screen is (presence > 0) for part in parts):
                    state = "is on screen already" if presence else "is not on screen"
                    raise chapter.beat.error(f"{word} must change what is on screen; {name!r} {state}.")
                changed += parts
            for part in changed:
                part.enter(chapter.start, presence, seconds)

    def _add_focus(self, chapter: Chapter) -> None:
        if not chapter.beat.focus and not self._is_dimmed:
            return
        self._is_dimmed = bool(chapter.beat.focus)
        in_focus = {id(part) for part in self._parts(chapter.beat, "focus", chapter.beat.focus)}
        seconds = min(DIM_SECONDS, chapter.end - chapter.start)
        for staged in self._panels:
            for mark in staged.marks:
                strength = 1.0 if id(mark) in in_focus or not self._is_dimmed else DIM_STRENGTH
                mark.strength.append(LevelChange(chapter.start, strength, seconds))

    def _add_views(self, chapter: Chapter) -> None:
        for name, limits in chapter.beat.view.items():
            called = [staged for staged in self._panels if staged.is_called(name)]
            if not called:
                known = [one for staged in self._panels for one in staged.names]
                raise chapter.beat.error(f"view must name panels; got {name!r}.", str(name), known)
            if limits is not None:
                try:
                    check_limits(limits)
                except UsageError as error:
                    raise chapter.beat.error(str(error).replace("limits", f"view of {name!r}", 1)) from None
            for staged in called:
                staged.views.append((chapter.start, staged.whole if limits is None else limits))

    def _parts(self, beat: Beat, word: str, names: Iterable[str]) -> Iterator[_Part]:
        for name in names:
            found = list(self._called(name))
            if not found and not self._may_be_missing(name):
                known = self._known()
                raise beat.error(
                    f"{word} must name marks or panels; got {name!r}. There are {listed(known)}.", name, known
                )
            yield from found

    def _marks(self, name: str) -> list[_Part]:
        """Return the marks and the texts above panels of a name, or of one panel for ``panel/mark``."""
        within, _, mark_name = name.rpartition("/")
        found = list[_Part]()
        for staged in self._panels:
            if not within or staged.is_called(within):
                found += staged.parts(mark_name)
        return found

    def _companions(self, name: str) -> list[_Part]:
        """Return what enters and leaves with a mark, unless some beat names it by itself."""
        within, _, mark_name = name.rpartition("/")
        panels = [staged for staged in self._panels if not within or staged.is_called(within)]
        found = [(staged, one) for staged in panels for one in staged.panel.companions.get(mark_name, ())]
        alone = {one.rpartition("/")[2] for one in self._named}
        return [part for staged, one in found if one not in alone for part in staged.parts(one)]

    def _called(self, name: str) -> Iterator[_Part]:
        """Yield the marks of a name; if none has it, all of the panel so called."""
        yield from self._marks(name)
        for staged in self._panels if not self._marks(name) else ():
            if staged.is_called(name):
                yield from (staged.frame, *staged.headings.values(), *staged.marks)

    def _may_be_missing(self, name: str) -> bool:
        within, _, mark_name = name.rpartition("/")
        panels = [staged.panel for staged in self._panels if not within or staged.is_called(within)]
        return any(mark_name in panel.optional_marks for panel in panels)

    def _known(self) -> list[str]:
        panels = [name for staged in self._panels for name in staged.names[:1]]
        marks = [mark.drawn.name for staged in self._panels for mark in staged.marks if mark.drawn]
        headings = [name for staged in self._panels for name in staged.headings]
        return list(dict.fromkeys([*marks, *headings, *panels]))


def _set_visible(artists: Iterable[Artist], visible: bool) -> None:
    for artist in artists:
        if artist.get_visible() != visible:
            artist.set_visible(visible)
