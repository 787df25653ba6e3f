"""Writing a page in which a reader switches between scenes, one for each combination of some parameters' values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from animate.atomic_files import AtomicFile, temporary_folder
from animate.draw.settings import Settings
from animate.draw.start_surfaces import StartGrid
from animate.errors import AnimateError, EncodeError, counted, described
from animate.export import Drawable, ExportRequest, Progress, write
from animate.film.budget import readable
from animate.film.formats.page import (
    EXACT,
    SMALL,
    Clip,
    FailedClip,
    Page,
    Switch,
    chosen_film,
    poster,
    publish_page,
)
from animate.film.sinks import OutputFile
from animate.replay.frame_source import frame_source
from animate.replay.frames import Frame
from animate.vector.film import Film
from animate.vector.film_data import film_data
from animate.vector.fragments import SharedDefinitions
from animate.vector.recording import FigureRecording

Report = Callable[[int], object]
"""Called with the number of frames done."""

Choice = Drawable | FailedClip
"""A scene, or why there is none for the values of its place."""


@dataclass(frozen=True)
class Recorded:
    """A scene of a page: its film, and how many frames it has."""

    scene: Drawable
    n_frames: int
    film: Film | None = None
    video: bytes = b""


def export_page(
    choices: Sequence[Choice],
    request: ExportRequest,
    switches: Sequence[Switch],
    first: int,
    progress: Progress | None = None,
    max_bytes: int | None = None,
    starts: StartGrid | None = None,
) -> OutputFile:
    """Write a page that switches between scenes of one size and rate; return the file written.

    All are drawings if those of the first scene take fewer bytes than its video. A scene that cannot be drawn is a
    problem at its place.

    Parameters
    ----------
    choices : sequence of scene or FailedClip
        One for each combination of the switches' values, those of the last switch side by side.
    first : int
        Index of the scene that is shown first.
    max_bytes : int, optional
        The budget: sliders get fewer values until the page takes no more.
    starts : StartGrid, optional
        Where the scenes start on loss surfaces, if a reader can choose a start there.

    Raises
    ------
    EncodeError
        If the page takes more with two values of each parameter.
    """
    (path,) = request.paths
    file = AtomicFile(path)
    try:
        grid = SceneGrid(list(recorded(choices, request, first, progress)), switches, first, starts)
        page = page_of(grid, request)
        while max_bytes is not None and len(page.html().encode()) > max_bytes:
            thinner = grid.thinned()
            if thinner is None:
                least = readable(len(page.html().encode()))
                raise EncodeError(f"budget must be at least {least} for {path.name}; got {max_bytes} bytes")
            grid = thinner
            page = page_of(grid, request)
        file.write_bytes(page.html().encode())
        return replace(publish_page(page, file), compromises=tuple(_left_out(switches, grid.switches)))
    finally:
        file.discard()


def _left_out(wanted: Sequence[Switch], kept: Sequence[Switch]) -> Iterator[str]:
    for before, now in zip(wanted, kept, strict=True):
        if now != before:
            n_before, n_now = len(before.values), len(now.values)
            yield f"{n_before - n_now} of {counted(n_before, 'value')} of {before.parameter}"


def recorded(
    choices: Sequence[Choice], request: ExportRequest, first: int, progress: Progress | None
) -> Iterator[Recorded | FailedClip]:
    """Yield each scene with its film, in order."""
    fps, shared = request.settings.fps, SharedDefinitions()
    n_frames = [0 if isinstance(choice, FailedClip) else choice.n_frames(fps) for choice in choices]
    has_drawings = not request.video and _drawings_are_smaller(choices[first], request)
    for index, choice in enumerate(choices):
        if isinstance(choice, FailedClip):
            yield choice
            continue
        report = _part_of(progress, sum(n_frames[:index]), sum(n_frames))
        try:
            if has_drawings:
                yield Recorded(choice, n_frames[index], film_of(choice, request, shared, report))
            else:
                yield Recorded(choice, n_frames[index], None, _video(choice, request, report))
        except (AnimateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            if index == first:
                raise
            yield FailedClip(described(error))


class SceneGrid(NamedTuple):
    """Recorded scenes, one for each combination of the switches' values, and which of them is shown first."""

    clips: Sequence[Recorded | FailedClip]
    switches: Sequence[Switch]
    first: int
    starts: StartGrid | None = None

    def thinned(self) -> SceneGrid | None:
        """Return the grid with about half of the values of the longest slider; None if all have two values or buttons.

        It keeps the value that is shown first, and both ends where three or more remain.
        """
        lengths = [0 if switch.has_buttons else len(switch.values) for switch in self.switches]
        if max(lengths) < 3:
            return None
        axis = lengths.index(max(lengths))
        shape = [len(switch.values) for switch in self.switches]
        indices = np.arange(len(self.clips)).reshape(shape)
        shown = int(np.unravel_index(self.first, shape)[axis])
        last = shape[axis] - 1
        kept = sorted({0, last, *range(shown % 2, last, 2)}) if (last, shown) != (2, 1) else [1, 2]
        indices = np.take(indices, kept, axis)
        values = [self.switches[axis].values[index] for index in kept]
        switches = [*self.switches]
        switches[axis] = replace(switches[axis], values=values)
        chosen = indices.ravel().tolist()
        starts = self.starts and self.starts.chosen(chosen)
        return SceneGrid([self.clips[index] for index in chosen], switches, chosen.index(self.first), starts)


def page_of(grid: SceneGrid, request: ExportRequest) -> Page:
    """Return the page of scenes that are recorded."""
    settings, (clips, switches, first, starts) = request.settings, grid
    films = [clip.film for clip in clips if isinstance(clip, Recorded) and clip.film is not None]
    data = film_data(films) if films else None
    drawings = iter(data.films if data else ())
    shown: list[Clip | FailedClip] = []
    for clip in clips:
        if isinstance(clip, FailedClip):
            shown.append(clip)
            continue
        player_data = clip.scene.player_data(settings)
        shown.append(Clip(clip.n_frames, player_data, clip.video, next(drawings) if clip.film else None))
    opening = clips[first]
    assert isinstance(opening, Recorded)  # noqa: S101 - `recorded` raises if the first one fails
    still = poster(_last_frame(opening.scene, settings), EXACT if data is None else SMALL)
    size = settings.width, settings.height
    return Page(shown, still, *size, settings.fps, first, switches, data.shared if data else "", starts)


def film_of(scene: Drawable, request: ExportRequest, shared: SharedDefinitions, report: Report | None = None) -> Film:
    """Return a scene as drawings."""
    settings = request.settings
    stage = scene.stage(settings)
    recording = FigureRecording(stage.figure, stage.figure.dpi, shared, other_theme=request.other_theme(scene))
    n_frames = scene.n_frames(settings.fps)
    for frame in range(n_frames):
        stage.show(frame / settings.fps)
        recording.record()
        if report is not None:
            report(frame + 1)
    return Film.of(recording, range(n_frames), settings.fps)


def _drawings_are_smaller(choice: Choice, request: ExportRequest) -> bool:
    assert not isinstance(choice, FailedClip)  # noqa: S101 - the caller picks a scene
    drawings = film_data([film_of(choice, request, SharedDefinitions())])
    return bool(chosen_film(_video(choice, request), drawings).drawings)


def _video(scene: Drawable, request: ExportRequest, report: Report | None = None) -> bytes:
    def progress(_stage: str, done: int, _total: int) -> None:
        if report is not None:
            report(done)

    with temporary_folder() as name:
        (video,) = write(scene, replace(request, paths=[Path(name) / "clip.mp4"], has_both_themes=False), progress)
        return video.path.read_bytes()


def _part_of(progress: Progress | None, before: int, total: int) -> Report | None:
    return None if progress is None else (lambda done: progress("frames", before + done, total))


def _last_frame(scene: Drawable, settings: Settings) -> Frame:
    stage = scene.stage(settings)
    stage.show((scene.n_frames(settings.fps) - 1) / settings.fps)
    return frame_source(stage.figure, stage.figure.dpi).frame()
