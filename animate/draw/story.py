"""A lesson told in beats: words, updates and what happens to the marks, one idea after another."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from numbers import Integral, Real
from typing import cast

from animate.draw.captions import check_numbers
from animate.draw.language import translated
from animate.draw.marks.fields import Limits
from animate.draw.script_place import place_in_script
from animate.draw.style import ResponsiveText
from animate.draw.timeline import MAX_SECONDS, PACES, Timeline
from animate.errors import SceneError, UsageError, did_you_mean

ENTER_SECONDS, DIM_SECONDS, VIEW_SECONDS = 0.4, 0.2, 1.0
"""How long a mark takes to enter or leave, to be dimmed, and a view to move; at most the time of the beat."""

_SECONDS_TO_LOOK, _SECONDS_PER_LETTER = 0.8, 0.045
_LEAST_TO_END = 4.0
_MOST_AT_ONE_PACE = 150
_SETTLING = 1e-3
"""The last moment of a movement, in seconds: its end is on screen before the next beat begins."""


@dataclass(frozen=True)
class UpTo:
    """Updates that a beat advances: so many, or as many as are left.

    A beat for which none are left is left out; marks enter and leave all the same.
    """

    n_updates: float


to_end = UpTo(math.inf)
"""All updates that are left."""


def up_to(n_updates: int) -> UpTo:
    """Return an advance by so many updates, or by as many as are left."""
    return UpTo(n_updates)


@dataclass(frozen=True)
class Beat:
    """One idea of a lesson: its words, its time, and what happens on screen.

    Parameters
    ----------
    words : ResponsiveText, optional
        The caption. None, as of a claim that does not hold, leaves out a beat that advances no updates.
    seconds : float, optional
        How long it takes, in which marks enter and updates pass; the time to read the words where not given.
    updates : int or UpTo
        By how many the beat advances: ``3``, ``up_to(3)`` where fewer may be left, or ``to_end``.
    until : int, optional
        The update it advances to, instead of ``updates``.
    hold : float
        Seconds for which its end stands.
    pace : {"linear", "eased", "log"}, optional
        How the updates pass; where not given, ``log`` for over 150 of them up to the end, which shows the first ones
        one by one, and else ``linear``.
    enter, leave : str or sequence of str
        Names of marks, or of panels with all of their marks. What enters is hidden before. ``"panel/mark"`` names the
        mark of one panel.
    focus : str or sequence of str
        What is in focus: the other marks are dimmed until the next beat.
    slow : bool
        Whether the picture moves continuously from update to update. Numbers and words stay those of an update.
    view : mapping of str to pair of pairs or None
        By the name of a panel, limits over x and y to which its view moves; None moves back to all of it.

    Raises
    ------
    SceneError
        If a value cannot be used; names the line of the script.

    Examples
    --------
    >>> beats = [
    ...     Beat("Which line fits?", enter=["points", "line"]),
    ...     Beat("One update turns the line.", updates=1, slow=True, focus=["line"], seconds=2.0),
    ...     Beat("Then the next, and the next.", updates=to_end, pace="log", seconds=5.0),
    ...     Beat("It has settled.", hold=2.0),
    ... ]
    """

    words: ResponsiveText | None
    _: KW_ONLY
    seconds: float | None = None
    updates: int | UpTo = 0
    until: int | None = None
    hold: float = 0.0
    pace: str | None = None
    enter: str | Sequence[str] = ()
    leave: str | Sequence[str] = ()
    focus: str | Sequence[str] = ()
    slow: bool = False
    view: Mapping[str, Limits | None] = field(default_factory=dict)
    source: str = field(default="", init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", place_in_script())
        if self.words is not None:
            try:
                object.__setattr__(self, "words", translated(self.words))
            except UsageError as error:
                raise self.error(str(error).replace("a text", "words", 1)) from None
        for name in ("enter", "leave", "focus"):
            self._check_names(name)
        both = set(self.enter) & set(self.leave)
        if both:
            raise self.error(f"enter and leave must name different marks; got {both.pop()!r} in both.")
        if self.pace is not None and str(self.pace) not in PACES:
            raise self.error(f"pace must be one of {', '.join(PACES)}; got {self.pace!r}.", str(self.pace), PACES)
        for name in ("seconds", "hold"):
            value = getattr(self, name)
            is_missing = value is None and name == "seconds"
            if not is_missing and not (isinstance(value, Real) and 0 <= float(value) < math.inf):
                raise self.error(f"{name} must be a finite number of seconds, 0 or more; got {value!r}.")
            if value is not None and value > MAX_SECONDS:
                raise self.error(f"{name} must be {MAX_SECONDS} or less; got {value:g}.")
        self._check_updates()
        if not isinstance(self.view, Mapping):
            raise self.error(f'view must be a dict such as {{"Fit": ((0, 1), (0, 1))}}; got {self.view!r}.')

    def _check_names(self, word: str) -> None:
        given = getattr(self, word)
        names = (given,) if isinstance(given, str) else given
        if not isinstance(names, Iterable) or not all(isinstance(name, str) for name in names):
            raise self.error(f"{word} must name marks or panels; got {given!r}.")
        object.__setattr__(self, word, tuple(names))

    def _check_updates(self) -> None:
        n_updates = self.updates.n_updates if isinstance(self.updates, UpTo) else self.updates
        for name, value in (("updates", n_updates), ("until", 0 if self.until is None else self.until)):
            is_whole = isinstance(value, Integral) and not isinstance(value, bool)
            if not is_whole and not (name == "updates" and value == math.inf and isinstance(self.updates, UpTo)):
                raise self.error(f"{name} must be a whole number; got {value!r}.")
            if value < 0:
                raise self.error(f"{name} must be 0 or more; got {value}.")
        if self.until is not None and n_updates:
            raise self.error("Either updates or until must be given; got both.")

    def error(self, text: str, name: str = "", known: Sequence[str] | Mapping[str, object] = ()) -> SceneError:
        """Return an error about this beat that names its line of the script, and the nearest name that is known."""
        place = f"{self.source}: " if self.source else ""
        return SceneError(f"{place}Beat: {text}{did_you_mean(name, known) if name else ''}")

    @property
    def caption(self) -> ResponsiveText:
        """Return the words, or none."""
        return self.words or ""

    @property
    def movement(self) -> float:
        """Return how long it takes before it holds, in seconds."""
        if self.seconds is not None:
            return self.seconds
        longest = self.caption if isinstance(self.caption, str) else max(self.caption, key=len, default="")
        reading = _SECONDS_TO_LOOK + _SECONDS_PER_LETTER * len(longest)
        return max(reading, _LEAST_TO_END) if self.updates == to_end else reading


@dataclass(frozen=True)
class Chapter:
    """A beat in its place: seconds and updates from which to which it plays.

    Attributes
    ----------
    beat : Beat
    start, end : float
        Seconds.
    movement : float
        Seconds before it holds.
    first, last : int
        Updates.
    enter, leave : tuple of str
        Those of the beat, and of beats before it that were left out.
    """

    beat: Beat
    start: float
    end: float
    movement: float
    first: int
    last: int
    enter: tuple[str, ...]
    leave: tuple[str, ...]

    def position_at(self, time: float) -> float:
        """Return the update at a time in seconds, between two updates where the beat is slow."""
        lead = min(ENTER_SECONDS, self.movement / 2) if self.enter or self.leave else 0.0
        playing = self.movement - lead - _SETTLING
        share = min(max((time - self.start - lead) / playing, 0.0), 1.0) if playing > 0 else 1.0
        n_updates = self.last - self.first
        usual = "log" if self.beat.updates == to_end and n_updates > _MOST_AT_ONE_PACE else "linear"
        reached = self.first + PACES[self.beat.pace or usual](share, n_updates)
        whole = math.floor(reached + 1e-9)
        if not self.beat.slow or whole >= self.last:
            return min(whole, self.last)
        return whole + eased(max(reached - whole, 0.0))


@dataclass(frozen=True)
class StoryTimeline(Timeline):
    """The timeline of a lesson that is told in beats.

    Parameters
    ----------
    chapters : tuple of Chapter
        In the order of time. `StoryTimeline.of` makes them.
    """

    chapters: tuple[Chapter, ...] = ()

    @classmethod
    def of(cls, beats: Sequence[Beat], n_updates: int) -> StoryTimeline:
        """Return the story of beats that ends at an update at the latest.

        Raises
        ------
        UsageError
            If there are no beats.
        SceneError
            If updates fall back or pass the end.
        """
        chapters: list[Chapter] = []
        time, update = 0.0, 0
        enter: tuple[str, ...] = ()
        leave: tuple[str, ...] = ()
        for beat in checked(beats):
            enter, leave = (*enter, *beat.enter), (*leave, *beat.leave)
            last = _last_update(beat, update, n_updates)
            is_silent = beat.words is None or isinstance(beat.updates, UpTo)
            if is_silent and last == update and (chapters or beat is not beats[-1]):
                continue
            end = time + beat.movement + beat.hold
            chapters.append(Chapter(beat, time, end, beat.movement, update, last, enter, leave))
            time, update, enter, leave = end, last, (), ()
        if time <= 0:
            raise chapters[-1].beat.error("seconds and hold must not all be 0.")
        hold = chapters[-1].beat.hold
        return cls(n_updates, time - hold, 0.0, hold, chapters=tuple(chapters))

    def retimed(
        self, *, seconds: float | None = None, hold: float | None = None, slower: float | None = None
    ) -> StoryTimeline:
        """Return the story with another length or another hold of its end; parameters as for a `Timeline`."""
        changed = cast(StoryTimeline, super().retimed(seconds=seconds, hold=hold, slower=slower))
        factor = changed.seconds / self.seconds if self.seconds else 1.0
        chapters = [
            replace(one, start=one.start * factor, end=one.end * factor, movement=one.movement * factor)
            for one in self.chapters
        ]
        chapters[-1] = replace(chapters[-1], end=changed.duration)
        return replace(changed, chapters=tuple(chapters))

    def with_words(self, words: Mapping[int, str]) -> StoryTimeline:
        """Return the story with other words for some beats, by their numbers from 1.

        Raises
        ------
        UsageError
            If there is no such beat.
        """
        check_numbers(words, len(self.chapters), "beats")
        chapters = [
            replace(one, beat=replace(one.beat, words=words.get(number, one.beat.words)))
            for number, one in enumerate(self.chapters, start=1)
        ]
        return replace(self, chapters=tuple(chapters))

    def summary(self) -> str:
        """Return the first and the last words of the beats, in full: what there is, and what comes of it."""
        words = [one.beat.words for one in self.chapters if one.beat.words]
        in_full = [text if isinstance(text, str) else text[0] for text in (*words[:1], *words[1:][-1:])]
        return " ".join(in_full)

    def chapter_at(self, time: float) -> int:
        """Return the index of the beat at a time in seconds."""
        starts = [chapter.start for chapter in self.chapters]
        return max(bisect_right(starts, time + 1e-9) - 1, 0)

    def position_at(self, time: float) -> float:
        """Return the update at a time in seconds; between two of them in a slow beat."""
        return self.chapters[self.chapter_at(time)].position_at(time)

    def update_at(self, time: float) -> int:
        """Return the update on screen at a time in seconds."""
        return math.floor(self.position_at(time) + 1e-9)

    def share_at(self, time: float) -> float:
        """Return how far the progress bar reaches at a time in seconds, from 0 to 1."""
        return min(max(time / self.duration, 0.0), 1.0)

    def time_of(self, update: int) -> float:
        """Return the first time in seconds at which an update is on screen."""
        if update <= 0:
            return 0.0
        chapter = next((one for one in self.chapters if one.last >= update), self.chapters[-1])
        low, high = chapter.start, chapter.end
        for _ in range(60):
            middle = (low + high) / 2
            if math.floor(chapter.position_at(middle) + 1e-9) >= update:
                high = middle
            else:
                low = middle
        return high

    def sheet_times(self, n_frames: int | None = None) -> list[float]:
        """Return the times in seconds of the pictures of a contact sheet: the end of each beat, or evenly spaced."""
        if n_frames is not None:
            return super().sheet_times(n_frames)
        return [self.end_of(beat + 1) for beat in range(len(self.chapters))]

    def end_of(self, beat: int) -> float:
        """Return the last moment of a beat in seconds; the first beat is 1.

        Raises
        ------
        UsageError
            If there is no such beat.
        """
        if not 1 <= beat <= len(self.chapters):
            raise UsageError(f"beat must be from 1 to {len(self.chapters)}; got {beat}.")
        return max(self.chapters[beat - 1].end - _SETTLING, self.chapters[beat - 1].start)


def checked(beats: Sequence[Beat]) -> Sequence[Beat]:
    """Return beats if they are a list of at least one.

    Raises
    ------
    UsageError
        If they are not.
    """
    strange = [one for one in beats if not isinstance(one, Beat)] if isinstance(beats, Sequence) else [beats]
    if strange or not beats:
        got = type(strange[0]).__name__ if strange else "none"
        raise UsageError(f"{_place()}beats must be a list of at least one Beat; got {got}.")
    return beats


def _place() -> str:
    place = place_in_script()
    return f"{place}: " if place else ""


def counted_updates(beats: Sequence[Beat]) -> int:
    """Return the update at which beats end that say how far they advance.

    Raises
    ------
    SceneError
        If one of them advances to the end, which is then unknown.
    """
    update = 0
    for beat in checked(beats):
        if isinstance(beat.updates, UpTo):
            raise beat.error("to_end and up_to need the last update; give Scene its n_updates.")
        update = update + beat.updates if beat.until is None else max(update, beat.until)
    return update


def _last_update(beat: Beat, update: int, n_updates: int) -> int:
    """Return the update at which a beat ends."""
    if isinstance(beat.updates, UpTo):
        return int(min(update + beat.updates.n_updates, n_updates))
    last = update + beat.updates if beat.until is None else beat.until
    if last < update:
        raise beat.error(f"until must be {update} or later, where the beat before it ends; got {last}.")
    if last > n_updates:
        asked = f"until={last}" if beat.until is not None else f"updates={beat.updates} after update {update}"
        raise beat.error(
            f"its updates must end at {n_updates}, the last one, or before; got {asked}. up_to(n) takes what is left."
        )
    return last


def eased(share: float) -> float:
    """Return the share of a movement that is done when a share of its time has passed: it starts and ends gently.

    >>> eased(0.0), eased(0.5), eased(2.0)
    (0.0, 0.5, 1.0)
    """
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)
