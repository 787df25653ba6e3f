"""The scene that a script returns: its captions, panels and timeline, and the ways to draw and save it."""

from __future__ import annotations

import copy
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from animate.draw.captions import Captions, replace_captions, tell_divergence
from animate.draw.language import Language, current_language, translated
from animate.draw.own_text import own_captions, own_text, without_escapes
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.settings import BOTH_THEMES, Settings, resolve
from animate.draw.stage import Stage
from animate.draw.stage_spec import Columns, StageSpec, check_kinds
from animate.draw.story import Beat, StoryTimeline, counted_updates
from animate.draw.style import ResponsiveText
from animate.draw.timeline import Timeline
from animate.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation

    from animate.draw.theme import Theme
    from animate.export import Progress
    from animate.film.encoders import OutputFile
    from animate.film.formats.page import PlayerData


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One lesson: a question, panels, and either captions and a timeline or beats.

    Parameters
    ----------
    title : ResponsiveText
        The question. A tuple holds shorter versions of it for smaller pictures.
    caption : ResponsiveText, dict of int to ResponsiveText, or list of pairs of int and ResponsiveText
        The caption, or the update from which each is shown. Entries without an update or a text are left out; in a
        list, captions that fall together at few updates make room for the one that matters: see `schedule_captions`.
    panels : sequence of Panel
        Panels from left to right; a nested sequence is a column from top to bottom.
    timeline : Timeline
        The update shown at each second.
    beats : sequence of Beat
        Captions and timeline in one: what is said, shown and moved, one idea after another.
    n_updates : int, optional
        The last update that beats may reach; where not given, that of the longest run or the sum of the beats' own.
    alt : str
        Alternative text: what the animation shows, with its final numbers. The first and the last words of beats where
        not given.
    counter : str
        The unit counted at the top right.
    secondary_counter : Readout, optional
        A second counter below the first, such as gradients used.
    tells_divergence : bool
        Whether captions and alternative text name a run that diverges. Set it to False if the captions already do.
    language : Language, optional
        Of the texts that the library writes; the one in which ``build`` is run where not given.
    """

    title: ResponsiveText
    caption: ResponsiveText | Mapping[int, ResponsiveText | None] | Captions = ""
    panels: Columns
    timeline: Timeline = None  # type: ignore[assignment]  # always set once the scene is made
    beats: Sequence[Beat] | None = None
    n_updates: int | None = None
    alt: str = ""
    counter: str = "update"
    secondary_counter: Readout | None = None
    tells_divergence: bool = True
    language: Language = field(default_factory=current_language, repr=False)
    origin: tuple[Any, Mapping[str, Any]] | None = field(default=None, init=False, repr=False, compare=False)
    """The `SceneScript` that built the scene, and the values that it was given."""

    def __post_init__(self) -> None:
        check_kinds(self)
        with self.language.active():
            self._complete()

    def _complete(self) -> None:
        """Check what was given, make the timeline of beats, and translate the texts."""
        if self.beats is not None:
            self._tell()
        elif self.timeline is None:
            raise UsageError("timeline or beats must be given; got neither.")
        self._spec().check_words()
        for line in self._spec().never_shown():
            warnings.warn(line, stacklevel=4)
        captions = {at: translated(words) for at, words in self.captions.items()}
        object.__setattr__(self, "caption", captions[0] if isinstance(self.caption, str | tuple) else captions)
        for name in ("title", "counter"):
            object.__setattr__(self, name, translated(getattr(self, name)))
        if isinstance(self.alt, str):  # a dollar that no figure draws needs no escape
            object.__setattr__(self, "alt", without_escapes(str(translated(self.alt))))
        diverged = [run for run in self.runs if run.diverges_at is not None]
        if diverged and self.tells_divergence:
            closing = self.timeline.n_updates if len(diverged) < len(self.runs) else None
            object.__setattr__(self, "caption", tell_divergence(self.captions, diverged, closing=closing))
            told = [words for run in diverged if (words := run.divergence()[0]) not in self.alt]  # a copy tells it
            object.__setattr__(self, "alt", " ".join([self.alt, *told]).strip())

    def _tell(self) -> None:
        """Make the timeline of the beats."""
        beats = self.beats or ()
        is_copy = isinstance(self.timeline, StoryTimeline) and self.n_updates is not None  # a copy has both
        if (self.caption or self.timeline is not None) and not is_copy:
            raise UsageError("beats must be given instead of caption and timeline; got both.")
        longest = max((run.trajectory.n_updates for run in self.runs), default=None)
        last = longest if self.n_updates is None else self.n_updates
        story = StoryTimeline.of(beats, counted_updates(beats) if last is None else last)
        object.__setattr__(self, "timeline", story)
        object.__setattr__(self, "n_updates", story.n_updates)
        if not isinstance(self.caption, Mapping):
            object.__setattr__(self, "caption", {})
        object.__setattr__(self, "alt", self.alt or story.summary())

    @property
    def runs(self) -> list[Run]:
        """The distinct runs that the panels show."""
        return self._spec().runs

    @property
    def captions(self) -> dict[int, ResponsiveText]:
        """The captions by the update from which each is shown, in order."""
        return self._spec().captions()

    @property
    def question(self) -> str:
        """The longest version of the title."""
        return without_escapes(self.title if isinstance(self.title, str) else self.title[0])

    def stage(self, settings: Settings | None = None) -> Stage:
        """Return the figure of this scene in one size and theme, which can show any moment."""
        return Stage(self._spec(), settings or Settings())

    def rebind(self, stage: Stage) -> None:
        """Show this scene on the stage of another scene; faster than making a new stage."""
        stage.rebind(self._spec())

    def adjust(
        self,
        *,
        title: str | None = None,
        caption: str | Mapping[int, str] | None = None,
        seconds: float | None = None,
        hold: float | None = None,
        slower: float | None = None,
    ) -> Scene:
        """Return a copy of this scene in other words or at another speed.

        Parameters
        ----------
        title : str, optional
            One line, drawn letter for letter: a dollar begins no formula.
        caption : str or dict of int to str, optional
            Likewise. Shown from the first frame to the last, in place of all captions. A dict replaces single ones by
            their number from 1, which in a scene in beats is that of the beat.
        seconds, hold : float, optional
            Length of the animation, holds included, and how long the last frame is held.
        slower : float, optional
            Factor by which the animation is slower; below 1 it is faster.

        Raises
        ------
        UsageError
            If a text has a line break or a value in braces, a number is out of range, or both `seconds` and `slower`
            are given.

        Examples
        --------
        ``scene.adjust(title="Which one is sooner?", slower=2).save("sgd.gif")``
        """
        if all(value is None for value in (title, caption, seconds, hold, slower)):
            return self
        scene = copy.copy(self)
        timeline = self.timeline.retimed(seconds=seconds, hold=hold, slower=slower)
        new: dict[str, Any] = {"origin": None, "timeline": timeline}
        if title is not None:
            new["title"] = own_text("title", title)
        words = None if caption is None else own_captions(caption)
        if isinstance(words, dict) and isinstance(timeline, StoryTimeline):
            new["timeline"] = timeline.with_words(words)
        elif words is not None:
            new["caption"] = replace_captions(self.captions, words) if isinstance(words, dict) else words
        for name, value in new.items():
            object.__setattr__(scene, name, value)
        return scene

    def _spec(self) -> StageSpec:
        return StageSpec(
            self.title, self.caption, self.panels, self.timeline, self.counter, self.secondary_counter, self.language
        )

    def player_data(self, settings: Settings) -> PlayerData:
        """Return the data of the page player: the update of each frame, captions and numbers."""
        from animate.player_data import player_data_of

        with self.language.active():
            return player_data_of(self._spec(), self.runs, self.alt, settings)

    def timed_captions(self) -> list[tuple[float, float, ResponsiveText]]:
        """Return start and end in seconds and the words of each caption, in order."""
        return self._spec().timed_captions()

    def n_frames(self, fps: float) -> int:
        """Return the number of frames at a frame rate."""
        return self.timeline.n_frames(fps)

    def time_at(self, at: float | str = 0.5, beat: int | None = None) -> float:
        """Return the time in seconds of a position: a fraction from 0 to 1, ``first`` or ``last``, or a beat's end.

        Parameters
        ----------
        at : float or str
        beat : int, optional
            The number of a beat, from 1; `at` is then ignored.

        Raises
        ------
        UsageError
            If `at` is anything else, or there is no such beat.
        """
        return self.timeline.moment(at) if beat is None else self.timeline.end_of(beat)

    def animation(
        self,
        *,
        preset: str | None = None,
        size: tuple[int, int] | None = None,
        fps: float | None = None,
        theme: str | Theme | None = None,
        settings: Settings | None = None,
    ) -> FuncAnimation:
        """Return the scene as a matplotlib animation, which any writer can save.

        Parameters
        ----------
        preset : str, optional
            A named size and frame rate.
        size : tuple of int, optional
            Width and height in pixels.
        fps : float, optional
            Frames per second.
        theme : str, optional
            ``light`` or ``dark``.
        settings : Settings, optional
            All of these together; the others are then ignored.

        Examples
        --------
        ``scene.animation(size=(800, 450)).save("sgd.mp4", writer="animate")``
        """
        from matplotlib.animation import FuncAnimation

        chosen = settings or resolve(preset, size, fps, theme)
        stage = self.stage(chosen)

        def update(frame: int) -> tuple[()]:
            stage.show(frame / chosen.fps)
            return ()

        return FuncAnimation(
            stage.figure, update, frames=self.n_frames(chosen.fps), interval=1000 / chosen.fps, cache_frame_data=False
        )

    def still(
        self,
        at: float | str = 0.5,
        *,
        beat: int | None = None,
        preset: str | None = None,
        size: tuple[int, int] | None = None,
        theme: str | Theme | None = None,
        transparent: bool = False,
    ) -> Figure:
        """Return the figure at one moment; `at` and `beat` are as for `time_at`, the others as for `save`."""
        stage = self.stage(resolve(preset, size, None, theme, transparent))
        stage.show(self.time_at(at, beat))
        return stage.figure

    # long: each option is documented, and all stand in one call
    def save(
        self,
        *paths: str | os.PathLike[str],
        preset: str | None = None,
        size: tuple[int, int] | None = None,
        fps: float | None = None,
        theme: str | Theme | None = None,
        transparent: bool = False,
        loop: int = 0,
        jobs: int | str = 1,
        max_size: int | str | None = None,
        video: bool = False,
        progress: Progress | None = None,
    ) -> list[OutputFile]:
        """Draw every frame once, write it to every path, and return the files written.

        Parameters
        ----------
        *paths : path
            The suffix of each determines its format; ``.html`` is a page that plays without a server.
        preset, size, fps, theme
            As for `animation`. With the theme ``both``, ``.svg`` files and drawings in ``.html`` files show each reader
            the light or the dark one.
        transparent : bool
            Whether the background is left out; a GIF, WebP, WebM, APNG or PNG can store that.
        loop : int
            Number of times a GIF plays; 0 repeats it forever.
        jobs : int or "auto"
            The most processes that draw at a time, for the same files; "auto": one a processor where that is faster.
        max_size : int or str, optional
            Largest size of each file, such as ``"2MB"``. Frame rate, colors and picture size are reduced, in this
            order, until the file fits; the result lists these compromises.
        video : bool
            Whether a page holds a video even if drawings take fewer bytes.
        progress : callable, optional
            Called with ``"frames"``, the number of frames encoded, and their total.

        Raises
        ------
        UsageError
            If a format is unknown or cannot have this size or rate.
        EncodeError
            If writing fails; existing files are kept.

        Examples
        --------
        ``scene.save("sgd.gif", "sgd.mp4", preset="web", theme="dark")``
        """
        from animate.export import ExportRequest, export

        both, files = theme == BOTH_THEMES, [Path(path) for path in paths]
        settings = resolve(preset, size, fps, None if both else theme, transparent)
        request = ExportRequest(files, settings, loop=loop, jobs=jobs, video=video, has_both_themes=both)
        return export(self, request, max_size, progress)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return the representations for a notebook: a player, or the question and the alternative text."""
        return {"text/html": self._playing, "text/plain": f"{self.question}\n{self.alt}".strip()}

    @cached_property
    def _playing(self) -> str:
        """A small page with the player, inside an element."""
        from animate.export import page_element

        return page_element(self, self.question)

    def save_still(
        self,
        path: str | os.PathLike[str],
        at: float | str = 0.5,
        *,
        beat: int | None = None,
        preset: str | None = None,
        size: tuple[int, int] | None = None,
        theme: str | Theme | None = None,
        transparent: bool = False,
    ) -> Path:
        """Write the frame at one moment as PNG, SVG or PDF and return the path; parameters as for `still`."""
        from animate.export import write_still

        return write_still(
            path, lambda: self.still(at, beat=beat, preset=preset, size=size, theme=theme, transparent=transparent)
        )

    def save_sheet(
        self,
        path: str | os.PathLike[str],
        *,
        n_frames: int | None = None,
        preset: str | None = None,
        size: tuple[int, int] | None = None,
        theme: str | Theme | None = None,
        transparent: bool = False,
    ) -> Path:
        """Write a contact sheet as PNG and return the path.

        Parameters
        ----------
        path : path
        n_frames : int, optional
            Evenly spaced frames; where not given, the end of each beat, or 9 frames of a scene without beats.
        preset, size, theme, transparent
            As for `save`.
        """
        from animate.export import write_sheet

        stage = self.stage(resolve(preset, size, None, theme, transparent))
        return write_sheet(stage, self.timeline.sheet_times(n_frames), path)
