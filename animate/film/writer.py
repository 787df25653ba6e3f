"""The movie writer that matplotlib knows as "animate".

Stock `Animation.save` draws every frame twice: `draw_idle` draws it, then `savefig` draws it again to get the
pixels. While this writer saves, `draw_idle` does nothing and each frame is drawn once. Threads encode the frames,
so that drawing and encoding overlap, and other processes may draw some of them. Files appear only when the animation
ended well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.animation import AbstractMovieWriter, adjusted_figsize
from matplotlib.figure import Figure

from animate.errors import AnimateError, EncodeError
from animate.film.argument_checks import check_callable, check_dpi, output_path, output_paths
from animate.film.compressed_size import notices_of_size
from animate.film.encoders import EncodeOptions, Encoder, OutputFile, encoder_for
from animate.film.frame_workers import FrameWorkers
from animate.film.pipeline import Pipeline
from animate.film.save_options import (
    FrameDurations,
    check_savefig_kwargs,
    encode_options,
    frame_rate,
    loses_alpha,
    opaque_background,
    verify_every,
)
from animate.film.worker_guard import n_jobs
from animate.replay.frame_source import frame_source
from animate.replay.frames import Frame
from animate.replay.user_messages import print_line as say

if TYPE_CHECKING:
    from animate.vector.recording import FigureRecording

FRACTIONAL = frozenset({".gif", ".apng", ".png", ".svg", ".webp"})
"""Suffixes of files for which a figure may end in part of a pixel, as under matplotlib's PillowWriter."""

VIDEOS = frozenset({".mp4", ".m4v", ".mov", ".mkv", ".avi", ".webm", ".ogv"})
"""Suffixes of files for which no frames are no error, as under matplotlib's FFMpegWriter."""


class AnimateWriter(AbstractMovieWriter):
    """Writes an animation to one file or several, drawing each frame once.

    Parameters
    ----------
    fps : float or str
        Frames per second; text such as ``"30000/1001"`` is taken as well.
    codec, bitrate, extra_args, metadata
        As for `matplotlib.animation.FFMpegWriter`, matplotlib's configuration included. Without *bitrate* a video
        has constant quality. Filters run before the conversion to yuv420p. With *extra_args* ffmpeg writes GIF, APNG
        and PNG files, too.
    outputs : sequence of path, optional
        The files to write; the suffix of each chooses its format. By default what `Animation.save` was given.
        Missing folders are made, while matplotlib's own writers refuse them.
    loop : int
        How often a GIF plays; 0 is for ever.
    hold : float
        Seconds for which the last frame stays.
    durations : sequence of float, optional
        Seconds for which each frame stays, in whole steps of 1/fps; by default one step each.
    alt : str
        Alternative text: what the animation shows. A page reads it aloud; GIF, MP4, MOV, WebM, WebP, PNG store it.
    progress : callable, optional
        Called with how many frames are encoded, in the thread that draws.
    options : EncodeOptions, optional
        How to encode; the arguments above override its fields.
    verify : bool or int, optional
        Compare one frame in this many with a full draw, True meaning one in 10; if one differs, it and all that
        follow are drawn in full, and one line on stderr says so. By default one in 50 is compared where the version
        of matplotlib was not tested or a class from elsewhere takes part, and none otherwise. False compares none.
    jobs : int or "auto", optional
        The most processes that draw at a time; "auto" is one for each processor, and only where more than one draw
        faster. By default the environment variable ``ANIMATE_JOBS``, else 1. The pixels are the same.
    video : bool
        Whether a page holds a video even if drawings take fewer bytes.

    Attributes
    ----------
    written : list of OutputFile
        What was written, after a clean end.
    last_frame : array of uint8, shape (height, width, 4), or None
        The last frame as it was drawn, after a clean end.

    Examples
    --------
    ``import animate`` registers the writer; then ``FuncAnimation(...).save("x.mp4", writer="animate", fps=30)``, or
    ``FuncAnimation(...).save("x.mp4", writer=animate.writer(fps=30, jobs="auto"))``
    """

    def __init__(
        self,
        fps: float = 5,
        codec: str | None = None,
        bitrate: int | None = None,
        extra_args: Sequence[str] | None = None,
        metadata: Mapping[str, str] | None = None,
        *,
        outputs: Sequence[str | Path] | None = None,
        loop: int = 0,
        hold: float = 0.0,
        durations: Sequence[float] | None = None,
        alt: str = "",
        progress: Callable[[int], object] | None = None,
        options: EncodeOptions | None = None,
        verify: bool | int | None = None,
        jobs: int | str | None = None,
        video: bool = False,
    ) -> None:
        super().__init__(fps=frame_rate(fps), metadata=metadata, codec=codec, bitrate=bitrate)  # type: ignore[arg-type]
        self.extra_args = extra_args
        self.written: list[OutputFile] = []
        self.n_frames = 0
        self._outputs = output_paths(outputs)
        self._facecolor_when_saving: Any = None
        self._background: dict[str, Any] | None = None
        check_callable("progress", progress)
        self._progress = progress
        self._verify = verify_every(verify)
        self._jobs = n_jobs(jobs)
        self._options = encode_options(
            options, codec=codec, bitrate=bitrate, extra_args=extra_args, metadata=metadata, loop=loop, alt=alt
        )
        if video:
            self._options = replace(self._options, video=True)
        if options is None and outputs is None:
            self._options = replace(self._options, first_number=1)  # as matplotlib's own writers count
        self.last_frame: Frame | None = None
        self._durations = FrameDurations(self.fps, hold, durations)

    @classmethod
    def isAvailable(cls) -> bool:  # noqa: N802 (matplotlib's name)
        """Return True: imageio-ffmpeg brings ffmpeg, and GIF needs none."""
        return True

    def _supports_transparency(self) -> bool:
        # Animation.save calls this before it draws. Were it False, save would make the figure opaque itself, and
        # nothing could tell the user that the transparency they asked for is lost.
        self._facecolor_when_saving = self.fig.get_facecolor()
        return True

    @contextmanager
    def saving(
        self, fig: Figure, outfile: str | Path, dpi: float | None, *args: Any, **kwargs: Any
    ) -> Iterator[AnimateWriter]:
        """Write the frames grabbed inside the block; files appear only where it ends without an error."""
        # Figures of a bounding box of their own would differ in size from frame to frame.
        with ExitStack() as stack:
            stack.enter_context(mpl.rc_context({"savefig.bbox": None}))
            self.setup(fig, outfile, dpi, *args, **kwargs)
            stack.enter_context(self._source.attached())
            try:
                with self._naming_the_frame():
                    yield self
                self.finish()
            except BaseException as error:
                self.abort(error)
                raise

    @contextmanager
    def _naming_the_frame(self) -> Iterator[None]:
        try:
            yield
        except AnimateError:
            raise  # its message is complete
        except BaseException as latest:  # noqa: BLE001 - raised again, or one that came before it
            error = (isinstance(latest, Exception) and self._workers.earlier_error()) or latest
            note = "raised while frame {} was made, counted from 0; nothing was written"
            if not any(line.startswith(note[:18]) for line in getattr(error, "__notes__", ())):  # in another process
                error.add_note(note.format(self.n_frames))
            raise error from error.__cause__

    def setup(self, fig: Figure, outfile: str | Path, dpi: float | None = None) -> None:
        """Prepare the figure and check the formats.

        For videos the figure is made a whole number of pixels, and of an even one where the format needs it, as
        matplotlib's own writers do. The files are opened with the first frame, whose size is theirs.
        """
        path = output_path(outfile)
        self.outfile, self.fig = str(path), fig
        self.dpi = fig.dpi if dpi is None else dpi
        check_dpi(self.dpi)
        self.written, self.n_frames, self.last_frame = [], 0, None
        self._n_put = 0
        self._paths = [path] if self._outputs is None else self._outputs
        encoders = [encoder_for(path, self._options) for path in self._paths]
        self._facecolor_when_saving = self._background = None
        self._opaque_formats = [encoder.name for encoder in encoders if not encoder.keeps_alpha]
        self._inches = self._fit(encoders)
        self._pipeline: Pipeline | None = None
        self._source = frame_source(fig, self.dpi, verify_every=self._verify, report=say)
        self._record(encoders)
        jobs, is_auto = self._jobs if self._recording is None else (1, False)
        self._workers = FrameWorkers(self._source, self._put, n_jobs=jobs, is_auto=is_auto, report=say)

    def _record(self, encoders: Sequence[Encoder]) -> None:
        """Begin a recording if a file stores drawings."""
        self._has_pixels = not all(encoder.stores_drawings for encoder in encoders)
        self._recording: FigureRecording | None = None
        is_needed = any(encoder.stores_drawings for encoder in encoders)
        if is_needed or (not self._options.video and any(encoder.prefers_drawings for encoder in encoders)):
            from animate.vector.fragments import SharedDefinitions
            from animate.vector.recording import FigureRecording

            self._recording = FigureRecording(
                self.fig,
                float(self.dpi),
                SharedDefinitions(is_fine=self._options.fine_drawings),
                other_theme=self._options.other_theme,
                is_optional=not is_needed,
            )
        self._options = replace(self._options, recording=self._recording)

    def _open(self, paths: Sequence[Path]) -> Pipeline:
        return Pipeline.open(paths, *self._size, self.fps, self._options)

    def _fit(self, encoders: Sequence[Encoder]) -> tuple[float, float]:
        """Check that every format can hold the frames, and return the size in inches that each frame is drawn at.

        The figure gets that size when matplotlib's own writers give it theirs: at once where it must become even, else
        before each frame.
        """
        width, height = before = self.frame_size
        inches = width / self.dpi, height / self.dpi
        if any(encoder.even for encoder in encoders):
            even = adjusted_figsize(*inches, self.dpi, 2)
            if even != inches:
                self.fig.set_size_inches(*even, forward=True)
                inches = even
            if self.frame_size != before:
                now, then = ("x".join(map(str, size)) for size in (self.frame_size, before))
                say(f"H.264 needs an even size: drawn at {now} instead of {then}, as by matplotlib's own writers")
        elif all(path.suffix.lower() in FRACTIONAL for path in self._paths):
            inches = tuple(self.fig.get_size_inches())
        for encoder in encoders:
            encoder.refuse(*self.frame_size, self.fps)
            if notice := encoder.notice(self.fps):
                say(notice)
        return inches

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        """Draw the figure as it is now and hand the frame to the encoders."""
        check_savefig_kwargs(savefig_kwargs)
        if tuple(self.fig.get_size_inches()) != self._inches:
            self.fig.set_size_inches(*self._inches)  # the user changed it; all frames must have one size
        options = self._with_background(savefig_kwargs)
        self._source.use(options)
        if self._recording is not None:
            self._recording.record(options)
        if self._has_pixels:
            self._workers.grab()
            if self._recording is not None:
                self._recording.rebase()
        else:
            self._source.skip()
            width, height = self.frame_size
            self._put(np.zeros((height, width, 4), np.uint8))
        self.n_frames += 1
        self._report()

    def _put(self, frame: Frame) -> None:
        """Hand a frame to the encoders, which are opened with the first."""
        if self._pipeline is None:
            self._size = frame.shape[1], frame.shape[0]
            self._pipeline = self._open(self._paths)
        if frame.shape[1::-1] != self._size:
            began, now = ("x".join(map(str, size)) for size in (self._size, frame.shape[1::-1]))
            raise EncodeError(f"frames must keep their first size, {began}; frame {self._n_put} is {now}")
        for _ in range(self._durations.steps(self._n_put)):
            self._pipeline.put(frame)
        self._frame = frame  # complete until the next draw
        self._n_put += 1

    def _with_background(self, savefig_kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments for a frame: opaque ones if no file keeps alpha, as `Animation.save` would make them."""
        is_saved = self._facecolor_when_saving is not None
        is_first = self.n_frames == 0
        if is_first and self._opaque_formats and loses_alpha(savefig_kwargs, self.fig, is_composited=is_saved):
            say(f"{' and '.join(self._opaque_formats)} cannot store transparency: drawn on an opaque background")
        if self._facecolor_when_saving is None or len(self._opaque_formats) < len(self._paths):
            return savefig_kwargs
        if self._background is None:
            self._background = opaque_background(savefig_kwargs, self._facecolor_when_saving)
        return savefig_kwargs | self._background

    def _report(self) -> None:
        if self._progress is not None and self._pipeline is not None and not self._workers.is_worker:
            self._progress(self._pipeline.n_encoded)

    def finish(self) -> None:
        """Finish the files and give them their names."""
        self._workers.finish()
        if self._pipeline is None:
            if {path.suffix.lower() for path in self._paths} <= VIDEOS:
                say("the animation has no frames: nothing was written")
                return
            raise EncodeError("an animation must have at least one frame; got none")
        self.last_frame = self._frame.copy() if self._has_pixels else self._source.frame()
        for _ in range(self._durations.steps_after(self.n_frames)):
            self._pipeline.put(self.last_frame)
        self.written = self._pipeline.close()
        for notice in notices_of_size(self.written):
            say(notice)
        self._source.leave()
        self._report()

    def abort(self, error: BaseException | None = None) -> None:
        """Stop the encoders and remove their temporary files; older files stay as they were."""
        self._workers.abort(error)
        if self._pipeline is not None:
            self._pipeline.abort()


writer = AnimateWriter
"""The writer, as ``animate.writer(fps=30, jobs="auto")``."""
