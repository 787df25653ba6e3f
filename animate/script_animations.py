"""The animations that code makes without returning them: those of a script or of a notebook's cell."""

from __future__ import annotations

import runpy
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from functools import partialmethod, wraps
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.animation import Animation
from matplotlib.backends import backend_agg
from matplotlib.backends.registry import backend_registry

from animate.errors import SceneError, UsageError
from animate.film.encoders import OutputFile
from animate.film.writer import AnimateWriter
from animate.library.discovery import display_path
from animate.library.script import errors_located
from animate.replay.patching import patched

FASTEST = 60.0
"""Frames per second of an animation whose interval is less than a millisecond."""

Progress = Callable[[int, int | None], object]
"""Called with the number of a frame and their total, if that is known."""


@contextmanager
def recorded_animations() -> Iterator[list[Animation]]:
    """Collect the animations that are made in the block, in order."""
    found: list[Animation] = []
    initialize = Animation.__init__

    @wraps(initialize)
    def initialize_and_record(animation: Animation, *arguments: Any, **options: Any) -> None:
        initialize(animation, *arguments, **options)
        found.append(animation)

    with patched(Animation, "__init__", initialize_and_record):
        yield found


def numbered_paths(paths: Sequence[Path], number: int) -> list[Path]:
    """Return the files of one of several animations.

    >>> [path.as_posix() for number in range(2) for path in numbered_paths([Path("wave.mp4")], number)]
    ['wave.mp4', 'wave-2.mp4']
    """
    return [path if number == 0 else path.with_name(f"{path.stem}-{number + 1}{path.suffix}") for path in paths]


def frames_per_second(animation: Animation) -> float:
    """Return the frame rate that an animation asks for by its interval; 0 asks for the fastest that screens show."""
    interval = getattr(animation, "_interval", 200)
    return 1000 / interval if interval >= 1 else FASTEST


@contextmanager
def first_frames(animation: Animation, max_frames: int | None) -> Iterator[list[bool]]:
    """Limit how many frames are saved in the block; yield a list that is empty until frames are left out."""
    all_frames, cut = animation.new_saved_frame_seq, []

    def limited() -> Iterator[Any]:
        for number, frame in enumerate(all_frames()):
            if number == max_frames:
                cut.append(True)
                return
            yield frame

    interval = getattr(animation, "_interval", 200) or 1  # `Animation.save` divides by it
    frames = all_frames if max_frames is None else limited
    with patched(animation, "new_saved_frame_seq", frames), patched(animation, "_interval", interval):
        yield cut


class ScriptSaver:
    """Saves the animations of a script: when the script saves them itself, or else when it ends.

    Parameters
    ----------
    paths : sequence of Path
        The files of the first animation; those of the others are numbered.
    options : dict
        Arguments of `AnimateWriter`; without ``fps`` the script's own frame rate counts.
    dpi : float, optional
        Resolution; by default the script's own.
    progress : callable, optional
    max_frames : int, optional
        The most frames of each animation; by default all.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        options: dict[str, Any],
        dpi: float | None,
        progress: Progress | None,
        max_frames: int | None = None,
    ) -> None:
        AnimateWriter(**{"fps": 5} | options, outputs=paths)  # refuses wrong options before the script runs
        self.written: list[OutputFile] = []
        self._paths, self._options, self._dpi, self._progress = paths, options, dpi, progress
        self._max_frames = max_frames
        self._saved: list[Animation] = []
        self._save = Animation.save

    def save(
        self,
        animation: Animation,
        filename: Any = None,  # noqa: ARG002 - the argument of `Animation.save`; the file is ours
        writer: Any = None,
        fps: float | None = None,
        dpi: Any = None,
        *_encoding: Any,
        savefig_kwargs: dict[str, Any] | None = None,
        extra_anim: list[Animation] | None = None,
        **_options: Any,
    ) -> None:
        """Save an animation once, with the rate, size and look that `Animation.save` is asked for."""
        if animation in self._saved:
            return
        own_rate = fps or getattr(writer, "fps", None) or frames_per_second(animation)
        paths = numbered_paths(self._paths, len(self._saved))
        options: dict[str, Any] = {"fps": own_rate} | self._options
        output = AnimateWriter(**options, outputs=paths)
        self._saved += [animation, *(extra_anim or ())]
        with first_frames(animation, self._max_frames):
            self._save(
                animation,
                str(paths[0]),
                writer=output,
                dpi=self._dpi or dpi,
                savefig_kwargs=savefig_kwargs,
                extra_anim=extra_anim,
                progress_callback=self._progress,
            )
        self.written += output.written


def save_script(
    script: Path,
    paths: Sequence[Path],
    *,
    arguments: Sequence[str] = (),
    dpi: float | None = None,
    progress: Progress | None = None,
    max_frames: int | None = None,
    **options: Any,
) -> list[OutputFile]:
    """Run a script and return the files of the animations that it makes.

    The script runs unchanged, as by ``python script.py``. Where it saves an animation, that animation is written to
    *paths* instead of the script's own file; animations that it only shows are written when it ends.

    Parameters
    ----------
    script : Path
    paths : sequence of Path
        The files to write; several animations get numbers.
    arguments : sequence of str
        The script's own arguments.
    dpi : float, optional
        Resolution in dots per inch; by default the script's own.
    progress : callable, optional
    max_frames : int, optional
        The most frames of each animation; by default all.
    **options
        Arguments of `AnimateWriter`, such as ``fps``.

    Raises
    ------
    UsageError
        If there is no such script.
    SceneError
        If the script fails, naming its file and line, or makes no animation.
    """
    if not script.is_file():
        raise UsageError(f"SCRIPT must be a Python file; got {str(script)!r}")
    saver = ScriptSaver(paths, options, dpi, progress, max_frames)
    # stdout is for the result
    with errors_located(script, "the script failed"), redirect_stdout(sys.stderr), _saving_with(saver) as animations:
        _run(script, arguments)
        for animation in animations:
            saver.save(animation)
    if not saver.written:
        raise SceneError(f"{display_path(script)} made no matplotlib animation")
    return saver.written


@contextmanager
def _saving_with(saver: ScriptSaver) -> Iterator[list[Animation]]:
    """Write animations that code in the block saves as *saver* does; yield those that it makes."""
    for_html = partialmethod(_save_for_html, saver)
    with (
        patched(Animation, "save", partialmethod(_save_with, saver)),
        patched(Animation, "to_html5_video", for_html),  # it reads the file that `save` would have written
        patched(Animation, "to_jshtml", for_html),
        recorded_animations() as animations,
    ):
        yield animations


def _save_with(animation: Animation, saver: ScriptSaver, *arguments: Any, **options: Any) -> None:
    saver.save(animation, *arguments, **options)


def _save_for_html(animation: Animation, saver: ScriptSaver, *_arguments: Any, **_options: Any) -> str:
    saver.save(animation)
    return ""


def _run(script: Path, arguments: Sequence[str]) -> None:
    """Run a script as the main program, without windows."""
    mpl.use("agg")
    agg = lambda _backend: backend_agg  # noqa: E731 - a script's own backend would open windows
    before = sys.argv, sys.path[:]
    sys.argv, sys.path[:0] = [str(script), *arguments], [str(script.resolve().parent)]
    try:
        with patched(backend_registry, "load_backend_module", agg), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")  # of `plt.show`
            runpy.run_path(str(script), run_name="__main__")
    except SystemExit as end:
        if end.code not in (None, 0):
            raise SceneError(f"{display_path(script)} ended with exit status {end.code}") from end
    finally:
        mpl.use("agg")
        sys.argv, sys.path[:] = before
