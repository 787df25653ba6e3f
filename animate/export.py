"""Writing a scene to files: each frame is drawn once for all of them.

A byte budget, if there is one, is met by rendering files that are too large again with less quality.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from matplotlib import rc_context
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

from animate.atomic_files import AtomicFile, publish_together, temporary_folder
from animate.draw.settings import Settings
from animate.draw.sheets import contact_sheet
from animate.draw.stage import Stage
from animate.errors import UsageError
from animate.film.budget import EncodeSettings, fit, parse_bytes
from animate.film.encoders import EncodeOptions, OutputFile, encoder_for
from animate.film.formats.images import write_png
from animate.film.formats.page import PlayerData, page_in_iframe
from animate.film.worker_guard import n_jobs
from animate.film.writer import AnimateWriter

Progress = Callable[[str, int, int], None]
"""Called with the name of a stage, the number of frames done, and the total."""

FULL_QUALITY = EncodeOptions().quality
NOTEBOOK_SETTINGS = Settings(640, 360, 20)
"""Small, because the notebook file contains the page."""


class Drawable(Protocol):
    """The methods of `Scene` that export uses."""

    @property
    def alt(self) -> str:
        """The alternative text, which files store."""

    def n_frames(self, fps: float) -> int:
        """Return the number of frames at a frame rate."""

    def stage(self, settings: Settings) -> Stage:
        """Return the figure, which can show any moment."""

    def animation(self, *, settings: Settings) -> FuncAnimation:
        """Return the matplotlib animation."""

    def player_data(self, settings: Settings) -> PlayerData:
        """Return the data of the page player."""


@dataclass(frozen=True)
class ExportRequest:
    """Files to write, and how.

    Parameters
    ----------
    paths : sequence of Path
        The suffix of each determines its format.
    loop : int
        Number of times a GIF plays; 0 repeats it forever.
    quality : float
        Color accuracy, 1 to 100.
    jobs : int or "auto"
        The most processes that draw at a time; "auto" is one for each processor, where that is faster.
    video : bool
        Whether a page holds a video even if drawings take fewer bytes.
    has_both_themes : bool
        Whether readers see the scene in their theme, light as in the settings or dark.

    Raises
    ------
    UsageError
        If there is no path, a number is out of range, or a format cannot have this size or rate.
    """

    paths: Sequence[Path]
    settings: Settings
    loop: int = 0
    quality: float = FULL_QUALITY
    jobs: int | str = 1
    video: bool = False
    has_both_themes: bool = False

    def __post_init__(self) -> None:
        if not self.paths:
            raise UsageError("paths must name at least one file; got none.")
        n_jobs(self.jobs)  # raises
        if not 0 <= self.loop <= 65535:
            raise UsageError(f"loop must be between 0 (forever) and 65535; got {self.loop}.")
        for path in self.paths:
            encoder = encoder_for(path)
            if self.has_both_themes and not (encoder.stores_drawings or encoder.prefers_drawings):
                raise UsageError(f"{encoder.name} holds one theme; got both; use .svg or .html, or write two files")
            encoder.refuse(self.settings.width, self.settings.height, self.settings.fps)
            if self.settings.transparent and not encoder.keeps_alpha:
                others = ".gif, .webp, .avif, .webm, .apng, .svg or .png"
                kind = "A page" if encoder.prefers_drawings else encoder.name
                raise UsageError(f"{kind} has no transparency; use {others}")

    def options(self, scene: Drawable) -> EncodeOptions:
        """Return the encoder options for a scene; a page also needs its player data."""
        has_page = any(path.suffix.lower() == ".html" for path in self.paths)
        player_data = scene.player_data(self.settings) if has_page else None
        return EncodeOptions(
            loop=self.loop,
            quality=self.quality,
            alt=scene.alt,
            player_data=player_data,
            video=self.video,
            other_theme=self.other_theme(scene),
            fine_drawings=False,
        )

    def other_theme(self, scene: Drawable) -> Callable[[int], Figure] | None:
        """Return what shows a scene in dark colors at the moment of a frame; None if the files have one theme."""
        if not self.has_both_themes:
            return None
        stage = scene.stage(replace(self.settings, theme="dark"))

        def figure_of(frame: int) -> Figure:
            stage.show(frame / self.settings.fps)
            return stage.figure

        return figure_of


def export(
    scene: Drawable, request: ExportRequest, max_size: int | str | None = None, progress: Progress | None = None
) -> list[OutputFile]:
    """Write a scene to files, each of at most `max_size` bytes if that is given, and return the files written."""
    if max_size is None:
        return write(scene, request, progress)
    return export_within(scene, request, max_size, progress)


def page_element(scene: Drawable, title: str) -> str:
    """Return an element that contains a small page with the player of a scene, for notebooks."""
    with temporary_folder() as folder:
        (page,) = write(scene, ExportRequest([Path(folder) / "scene.html"], NOTEBOOK_SETTINGS))
        return page_in_iframe(page, title)


def write(scene: Drawable, request: ExportRequest, progress: Progress | None = None) -> list[OutputFile]:
    """Draw every frame once, write it to every path, and return what was written."""
    settings = request.settings
    total = scene.n_frames(settings.fps)
    report = None if progress is None else (lambda done: progress("frames", done, total))
    options, jobs = request.options(scene), request.jobs
    writer = AnimateWriter(fps=settings.fps, outputs=request.paths, progress=report, options=options, jobs=jobs)
    scene.animation(settings=settings).save(
        str(request.paths[0]),
        writer=writer,
        dpi="figure",  # type: ignore[arg-type]
        savefig_kwargs={"transparent": True} if settings.transparent else None,
    )
    return list(writer.written)


def export_within(
    scene: Drawable, request: ExportRequest, max_size: int | str, progress: Progress | None = None
) -> list[OutputFile]:
    """Write every file with at most `max_size` bytes; return the files written, each with its compromises.

    All files are first drawn in one pass with the requested settings. Each file that is too large is then rendered
    again on its own. The files appear under their final names once all of them fit.

    Raises
    ------
    UsageError
        If `max_size` is not a number of bytes, or a path names a sequence of files.
    EncodeError
        If a file does not fit even with the lowest settings.
    """
    max_bytes = parse_bytes(str(max_size))
    for path in request.paths:
        if "%" in path.name:
            raise UsageError(f"max-size applies to a single file; {str(path)!r} names one file per frame.")
    with temporary_folder() as name:
        drafts = [Path(name) / f"{index}{path.suffix}" for index, path in enumerate(request.paths)]
        first = write(scene, replace(request, paths=drafts), progress)
        chosen = [_fitted(scene, replace(request, paths=[draft.path]), draft, max_bytes, progress) for draft in first]
        with ExitStack() as stack:
            files = []
            for path, written in zip(request.paths, chosen, strict=True):
                files.append(AtomicFile(path))
                stack.callback(files[-1].discard)
                files[-1].write_bytes(written.path.read_bytes())
            publish_together(files)
    return [replace(written, path=path) for path, written in zip(request.paths, chosen, strict=True)]


def _fitted(
    scene: Drawable, request: ExportRequest, draft: OutputFile, max_bytes: int, progress: Progress | None
) -> OutputFile:
    """Return the first version of a file that fits; `draft` is the version already rendered."""
    settings = request.settings
    wanted = EncodeSettings(settings.fps, request.quality, settings.width, settings.height)
    latest = draft

    def render(attempt: EncodeSettings) -> int:
        nonlocal latest
        if attempt != wanted:
            smaller = replace(settings, fps=attempt.fps, width=attempt.width, height=attempt.height)
            again = replace(request, settings=smaller, quality=attempt.quality)
            try:
                (latest,) = write(scene, again, progress)
            except UsageError:  # too small a picture to be read
                return max_bytes + 1
        return latest.bytes

    result = fit(max_bytes, wanted, render, draft.path.suffix.lower())
    return replace(latest, compromises=result.compromises)


def still_path(path: str | os.PathLike[str], suffixes: tuple[str, ...]) -> Path:
    """Return the path of a still.

    Raises
    ------
    UsageError
        If its suffix is not one of those.
    """
    target = Path(path)
    if target.suffix.lower() not in suffixes:
        raise UsageError(f"the extension must be {' or '.join(suffixes)}; got {target.name!r}.")
    return target


def write_sheet(stage: Stage, times: Sequence[float], path: str | os.PathLike[str]) -> Path:
    """Write a contact sheet of moments, in seconds, as PNG and return the path."""
    target = still_path(path, (".png",))
    write_png(target, contact_sheet(stage, times))
    return target


def write_still(path: str | os.PathLike[str], draw: Callable[[], Figure]) -> Path:
    """Write a figure as PNG, SVG or PDF and return the path; the same figure gives the same bytes.

    Parameters
    ----------
    path : path
    draw : callable
        Returns the figure; called once the path is known to be good.

    Raises
    ------
    UsageError
        If the suffix is another one.
    """
    target = still_path(path, (".png", ".svg", ".pdf"))
    suffix = target.suffix[1:].lower()
    metadata: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(suffix, {})
    with AtomicFile(target) as file, rc_context({"svg.hashsalt": "animate"}):
        draw().savefig(file.temporary, format=suffix, dpi="figure", metadata=metadata)
    return target
