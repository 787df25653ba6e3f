"""The scene a script returns: what is said and shown when, and the ways to draw it."""

from __future__ import annotations

import copy
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from animate.atomic_files import AtomicFile, temporary_folder
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.settings import Settings, resolve
from animate.draw.sheet import contact_sheet
from animate.draw.stage import Columns, Stage, StageSpec
from animate.draw.style import ResponsiveText
from animate.draw.timeline import Timeline
from animate.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation

    from animate.export import Progress
    from animate.film.encoders import OutputFile
    from animate.film.formats.page import PlayerData

NOTEBOOK_SIZE, NOTEBOOK_FPS = (640, 360), 20
"""How a scene shows itself in a notebook, which holds the video in its own file: small."""
STILL_SUFFIXES = (".png", ".svg", ".pdf")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One lesson: a question, captions, panels and a timeline.

    Parameters
    ----------
    title : ResponsiveText
        The question; a tuple says the same in ever fewer words, for small pictures.
    caption : ResponsiveText or dict of int to ResponsiveText
        What to look at now; a dict gives the update from which each caption stands.
    panels : sequence of Panel
        From left to right; a sequence among them is a column from top to bottom.
    timeline : Timeline
        Which update is on screen when.
    alt : str
        What the animation shows, for those who do not see it, made from its final numbers.
    counter : str
        What is counted at the top right.
    secondary_counter : Readout, optional
        A second count under the first, such as gradients used.
    tells_divergence : bool
        Whether a run that diverges is named in the caption from that update on, and in the alt text;
        not where the captions themselves are about it.
    """

    title: ResponsiveText
    caption: ResponsiveText | Mapping[int, ResponsiveText]
    panels: Columns
    timeline: Timeline
    alt: str = ""
    counter: str = "update"
    secondary_counter: Readout | None = None
    tells_divergence: bool = True
    factory: Callable[[], Scene] | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.panels:
            raise UsageError("panels must name at least one panel; got none.")
        lost = [run for run in self.runs if run.diverges_at is not None]
        if lost and self.tells_divergence:
            object.__setattr__(self, "caption", _told(self._script().captions(), lost))
            object.__setattr__(self, "alt", " ".join([self.alt, *(run.divergence()[0] for run in lost)]).strip())

    @property
    def runs(self) -> list[Run]:
        """Return every run that a panel shows, each once."""
        shown = [run for column in self._script().columns for panel in column for run in panel.shown_runs()]
        return list({id(run): run for run in shown}.values())

    @property
    def question(self) -> str:
        """Return the title in full."""
        return self.title if isinstance(self.title, str) else self.title[0]

    def stage(self, settings: Settings | None = None) -> Stage:
        """Return the figure of this scene at one size in one theme, which can be set to any moment."""
        return Stage(self._script(), settings or Settings())

    def rebind(self, stage: Stage) -> None:
        """Show this scene on a stage that shows another, which is faster than to make a stage for it."""
        stage.rebind(self._script())

    def with_factory(self, factory: Callable[[], Scene]) -> Scene:
        """Return this scene with what makes it again in another process: a picklable callable without arguments."""
        scene = copy.copy(self)
        object.__setattr__(scene, "factory", factory)
        return scene

    def _script(self) -> StageSpec:
        return StageSpec(self.title, self.caption, self.panels, self.timeline, self.counter, self.secondary_counter)

    def player_data(self, settings: Settings) -> PlayerData:
        """Return what a page tells beside the video: which update each frame shows, captions and numbers."""
        from animate.player_data import player_data_of

        return player_data_of(self._script(), self.runs, self.alt, settings)

    def n_frames(self, fps: float) -> int:
        """Return how many frames the scene has at a frame rate."""
        return self.timeline.n_frames(fps)

    def time_at(self, at: float | str) -> float:
        """Return the second of a position: a share from 0 to 1, ``first`` or ``last``.

        Raises
        ------
        UsageError
            For anything else.
        """
        share = {"first": 0.0, "last": 1.0}.get(at, at) if isinstance(at, str) else at
        try:
            share = float(share)
        except ValueError:
            hint = did_you_mean(str(at), ("first", "last"))
            raise UsageError(f"at must be a number from 0 to 1, first or last; got {at!r}.{hint}") from None
        if not 0 <= share <= 1:  # also refuses nan
            raise UsageError(f"at must be between 0 and 1; got {share:g}.")
        return share * self.timeline.duration

    def animation(
        self,
        *,
        preset: str | None = None,
        size: tuple[int, int] | None = None,
        fps: float | None = None,
        theme: str | None = None,
        settings: Settings | None = None,
    ) -> FuncAnimation:
        """Return the scene as a matplotlib animation: ``save`` it with any writer, or show it."""
        from matplotlib.animation import FuncAnimation

        chosen = settings or resolve(preset, size, fps, theme)
        stage = self.stage(chosen)

        def update(frame: int) -> tuple[()]:
            stage.show(frame / chosen.fps)
            return ()

        return FuncAnimation(
            stage.figure,
            update,
            frames=self.n_frames(chosen.fps),
            interval=1000 / chosen.fps,
            blit=False,
            cache_frame_data=False,
        )

    def still(
        self,
        at: float | str = 0.5,
        *,
        preset: str | None = None,
        size: tuple[int, int] | None = None,
        theme: str | None = None,
    ) -> Figure:
        """Return the figure of one moment: a share of the animation from 0 to 1, ``first`` or ``last``."""
        stage = self.stage(resolve(preset, size, None, theme))
        stage.show(self.time_at(at))
        return stage.figure

    def save(
        self,
        *paths: str | os.PathLike[str],
        preset: str | None = None,
        size: tuple[int, int] | None = None,
        fps: float | None = None,
        theme: str | None = None,
        loop: int = 0,
        jobs: int = 1,
        max_size: int | str | None = None,
        progress: Progress | None = None,
    ) -> list[OutputFile]:
        """Draw every frame once, write it to every path, and return what was written.

        Parameters
        ----------
        *paths : path
            The suffix of each chooses its format; ``.html`` is a page that plays without a server.
        preset, size, fps, theme
            As for ``animation``.
        loop : int
            How often a GIF plays; 0 is for ever.
        jobs : int
            Processes that draw; more than one needs a scene that was loaded from a script. The bytes are the same.
        max_size : int or str, optional
            The most bytes that each file may have, such as ``"2MB"``: frame rate, then colors, then size are given
            up, each as far as is needed; a smaller size is drawn anew. What was given up is told in the result.
        progress : callable, optional
            Called with ``"frames"``, how many are encoded and how many there are.

        Raises
        ------
        UsageError
            For an extension, size or rate that cannot be written.
        EncodeError
            Where writing fails; what was there before stays.
        """
        from animate import export

        settings = resolve(preset, size, fps, theme)
        order = export.ExportRequest([Path(path) for path in paths], settings, loop=loop, jobs=jobs)
        if max_size is None:
            return export.write(self, order, progress)
        return export.export_within(self, order, max_size, progress)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return what a notebook shows: the scene playing, or its question and its alt text."""
        return {"text/html": self._playing, "text/plain": f"{self.question}\n{self.alt}".strip()}

    @cached_property
    def _playing(self) -> str:
        """Return a small video with all that it needs inside."""
        from animate.film.formats.page import video_html

        with temporary_folder() as folder:
            (video,) = self.save(Path(folder) / "scene.mp4", size=NOTEBOOK_SIZE, fps=NOTEBOOK_FPS)
            return video_html(video.path.read_bytes(), self.alt or self.question, video.width, video.height)

    def save_still(
        self,
        path: str | os.PathLike[str],
        at: float | str = 0.5,
        *,
        preset: str | None = None,
        size: tuple[int, int] | None = None,
        theme: str | None = None,
    ) -> Path:
        """Write one moment as PNG, SVG or PDF and return the path."""
        target = _still_path(path, STILL_SUFFIXES)
        figure = self.still(at, preset=preset, size=size, theme=theme)
        # Without dates and random ids the same scene gives the same bytes.
        metadata: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(target.suffix[1:], {})
        with AtomicFile(target) as file, rc_context({"svg.hashsalt": "animate"}):
            figure.savefig(file.temporary, format=target.suffix[1:], dpi="figure", metadata=metadata)
        return target

    def save_sheet(
        self,
        path: str | os.PathLike[str],
        *,
        n_frames: int = 9,
        preset: str | None = None,
        size: tuple[int, int] | None = None,
        theme: str | None = None,
    ) -> Path:
        """Write a contact sheet of evenly spaced frames as PNG and return the path."""
        from animate.film.formats.images import write_png

        target = _still_path(path, (".png",))
        if not 1 <= n_frames <= 100:
            raise UsageError(f"n_frames must be between 1 and 100; got {n_frames}.")
        stage = self.stage(resolve(preset, size, None, theme))
        times = np.linspace(0.0, self.timeline.duration, n_frames)
        columns = math.ceil(math.sqrt(n_frames))
        write_png(target, contact_sheet(stage, times, columns))
        return target


def _told(captions: Mapping[int, ResponsiveText], lost: Sequence[Run]) -> dict[int, ResponsiveText]:
    """Return the captions up to the first run that is lost, and from there on what became of each."""
    first = min(run.diverges_at or 0 for run in lost)
    told: dict[int, ResponsiveText] = {update: words for update, words in captions.items() if update < first}
    for run in sorted(lost, key=lambda run: run.diverges_at or 0):
        told[run.diverges_at or 0] = run.divergence()
    return told


def _still_path(path: str | os.PathLike[str], suffixes: tuple[str, ...]) -> Path:
    target = Path(path)
    if target.suffix.lower() not in suffixes:
        raise UsageError(f"the extension must be {' or '.join(suffixes)}; got {target.name!r}.")
    return target
