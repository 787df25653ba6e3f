"""Checks of the installation: versions, ffmpeg, every encoder, the font and the scenes, each tried."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from animate.errors import described

VERSION_SECONDS = 20.0
"""Time limit for ``ffmpeg -version``."""

PACKAGES = ("numpy", "matplotlib", "pillow", "imageio", "imageio-ffmpeg", "click")


@dataclass(frozen=True)
class InstallationCheck:
    """The result of one check.

    Attributes
    ----------
    name : str
        The part checked.
    detail : str
        A version, a path, or the reason for the failure.
    works : bool
    """

    name: str
    detail: str
    works: bool = True


def check_installation(scenes: str | Path | None = None) -> Iterator[InstallationCheck]:
    """Yield the result of each check, in order of dependence."""
    from animate import __version__

    yield InstallationCheck("animate", f"{__version__}, {Path(__file__).parent}")
    yield InstallationCheck("Python", f"{platform.python_version()}, {platform.platform()}")
    for package in PACKAGES:
        yield _tried(package, partial(version, package))
    yield _tried("ffmpeg", _ffmpeg)
    yield from _encoders()
    yield _tried("writer", _writer)
    yield _tried("font", _font)
    yield _tried("scenes", partial(_scenes, scenes))


def _tried(name: str, check: Callable[[], str]) -> InstallationCheck:
    try:
        return InstallationCheck(name, check())
    except PackageNotFoundError:
        return InstallationCheck(name, f"not installed: pip install {name}", works=False)
    except Exception as error:  # noqa: BLE001 - any failure is a result of the check
        return InstallationCheck(name, described(error), works=False)


def _ffmpeg() -> str:
    import imageio_ffmpeg

    from animate.film.ffmpeg import told_by

    program = imageio_ffmpeg.get_ffmpeg_exe()
    code, output, errors = told_by([program, "-version"], seconds=VERSION_SECONDS)
    message = (output or errors).decode(errors="replace").split("\n")[0]
    if code:
        raise RuntimeError(f"{program} failed with exit code {code}: {message or 'no message'}")
    return f"{message.removeprefix('ffmpeg version ').partition(' ')[0]}, {program}"


def _encoders() -> Iterator[InstallationCheck]:
    try:
        from animate.film.encoders import ENCODERS
    except Exception as error:  # noqa: BLE001 - as above
        yield InstallationCheck("encoders", described(error), works=False)
        return
    for suffix in ENCODERS:
        yield _tried(f"encoder {suffix}", partial(_encoded, suffix))


def _encoded(suffix: str) -> str:
    """Write two small frames in this format and return how many bytes they took."""
    import numpy as np

    from animate.atomic_files import temporary_folder
    from animate.film.encoders import open_sink

    with temporary_folder() as folder:
        # A sequence of pictures needs %04d in its name; for the other formats it is an ordinary name.
        sink = open_sink(Path(folder) / f"trial-%04d{suffix}", 320, 180, 10.0)
        for level in (0, 255):
            sink.write(np.full((180, 320, 4), [level, level, 128, 255], dtype=np.uint8))
        sink.finish()
        return f"wrote 2 frames, {sink.publish().bytes} bytes"


def _writer() -> str:
    from matplotlib.animation import writers

    if not writers.is_available("animate"):
        raise RuntimeError("matplotlib does not know writer='animate'")
    return 'known to matplotlib after "import animate", which a script needs before writer="animate"'


def _font() -> str:
    from matplotlib.font_manager import FontProperties, findfont

    return f"DejaVu Sans, {findfont(FontProperties(family='DejaVu Sans'), fallback_to_default=False)}"


def _scenes(scenes: str | Path | None) -> str:
    from animate.library.discovery import scene_folders, summaries

    found = summaries(scenes)
    if not found:
        raise RuntimeError("none found")
    return f"{len(found)} in {', '.join(str(folder.resolve()) for folder in scene_folders(scenes))}"
