"""Versions of what draws and encodes, found without importing any of it: a build with nothing to do is quick."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from animate.batch.files import file_sha256, package_folder, sha256_of
from animate.errors import EncodeError
from animate.film.ffmpeg import told_by
from animate.library.discovery import PACKAGE

PACKAGES = ("numpy", "matplotlib", "pillow", "imageio", "imageio-ffmpeg")
NO_FFMPEG = frozenset({"gif", "apng", "png", "vtt"})
"""Formats that are written without ffmpeg."""

NO_PIXELS = (
    "cli/",
    "studio/",
    "batch/",
    "web/gallery/",
    "web/review/",
    "web/embed/",
    "installation.py",
    "library/starter.py",
    "library/starter_scene.py",
)
"""Parts of animate that decide no pixel, ..."""
BUT = ("batch/render_scene.py", "batch/worker.py")
"""... and those in them that do decide what a manifest holds."""


def environment(root: Path) -> dict[str, str]:
    """Return the versions of all that decides pixels and bytes, by name.

    Parameters
    ----------
    root : Path
        The folder of the build, where matplotlib looks for a ``matplotlibrc`` first.
    """
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        **{name: package_version(name) for name in PACKAGES},
        "ffmpeg": ffmpeg_version(),
        "freetype": _sha_of_all(_within("matplotlib", "ft2font*")),
        "fonts": _sha_of_all(_within("matplotlib", "mpl-data/fonts/ttf/*.ttf")),
        "matplotlibrc": _sha_of_all(filter(None, [matplotlibrc(root)])),
        "platform": f"{sys.platform} {platform.machine()}",
    }


def relevant(known: Mapping[str, str], format_: str) -> dict[str, str]:
    """Return what of an environment decides the bytes of a format."""
    needless = ("ffmpeg", "imageio-ffmpeg") if format_ in NO_FFMPEG else ()
    return {name: value for name, value in known.items() if name not in needless}


def package_version(name: str) -> str:
    """Return the version of an installed distribution, or ``missing``."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def animate_source() -> dict[str, str]:
    """Return the SHA-256 of each file of animate that decides what is written, by its path in the package."""
    paths = (path for path in PACKAGE.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    files = {path.relative_to(PACKAGE).as_posix(): path for path in paths}
    wanted = {
        name: path
        for name, path in files.items()
        if (not name.startswith(NO_PIXELS) or name.startswith(BUT)) and not name.startswith("scenes/")
    }
    return {name: file_sha256(wanted[name]) or "" for name in sorted(wanted)}


def source_key(files: Mapping[str, str]) -> str:
    """Return one SHA-256 for all files of animate's source."""
    return sha256_of("\n".join(f"{name} {digest}" for name, digest in sorted(files.items())).encode())


@cache
def ffmpeg_version() -> str:
    """Return the version of the ffmpeg that imageio-ffmpeg would run: its own tells it in the file's name."""
    program = os.environ.get("IMAGEIO_FFMPEG_EXE")
    own = _within("imageio_ffmpeg", "binaries/ffmpeg-*")
    if own and not program:
        return own[0].name.removeprefix("ffmpeg-").removesuffix(".exe")
    return _said_by(program or _conda_ffmpeg() or shutil.which("ffmpeg"))


def _conda_ffmpeg() -> str | None:
    place = ("Library", "bin", "ffmpeg.exe") if sys.platform == "win32" else ("bin", "ffmpeg")
    path = Path(sys.prefix, *place)
    return str(path) if path.is_file() else None


def _said_by(program: str | None) -> str:
    if program is None:
        return "missing"
    try:
        code, output, _ = told_by([program, "-version"], seconds=20.0)
    except EncodeError:
        return "missing"
    if code:
        return "missing"
    said = output.decode(errors="replace")
    found = re.match(r"ffmpeg version (\S+)", said)
    return found[1] if found else sha256_of(said.encode())


def matplotlibrc(root: Path) -> Path | None:
    """Return the settings file that matplotlib would read in a folder, or None where it is matplotlib's own.

    References
    ----------
    matplotlib.matplotlib_fname: the current folder, MATPLOTLIBRC, MPLCONFIGDIR, the user's settings.
    """
    environ = os.environ
    user = Path.home() / ".matplotlib"
    if sys.platform.startswith(("linux", "freebsd")):
        user = Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "matplotlib"
    given = Path(environ["MATPLOTLIBRC"]) if environ.get("MATPLOTLIBRC") else None
    folders = [root, given, Path(environ["MPLCONFIGDIR"]) if environ.get("MPLCONFIGDIR") else user]
    tried = [path for folder in filter(None, folders) for path in (folder, folder / "matplotlibrc")]
    return next((path for path in tried if path.is_file()), None)


def _within(package: str, pattern: str) -> list[Path]:
    folder = package_folder(package)
    return sorted(folder.glob(pattern)) if folder is not None else []


def _sha_of_all(paths: Iterable[Path]) -> str:
    """Return one short hash of several files, or ``none``."""
    digests = [f"{path.name} {file_sha256(path)}" for path in paths]
    return sha256_of("\n".join(digests).encode())[:16] if digests else "none"
