"""The cache key of a file: a hash of everything that decides its bytes.

That is the script, the modules it imports and the files it reads, the settings, the files of animate, and the versions
of Python, numpy, matplotlib, ffmpeg, fonts and third-party packages. The versions are
found without importing what has them, so that an up-to-date build is quick.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.machinery import ModuleSpec
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from animate.batch.files import file_sha256, located, named, package_folder, sha256_of
from animate.batch.manifest import INPUT_KINDS, Input, InputKind, SceneEntry
from animate.batch.scene_build import SceneBuild, Target, data_files
from animate.batch.scene_inputs import imported_by
from animate.errors import EncodeError
from animate.film.ffmpeg import told_by
from animate.library.discovery import PACKAGE, real_path

DISTRIBUTIONS = ("numpy", "matplotlib", "pillow", "imageio", "imageio-ffmpeg")
IN_ENVIRONMENT = frozenset({"numpy", "matplotlib", "PIL", "imageio", "imageio_ffmpeg", "animate"})
"""Packages whose versions are part of the environment."""
WITHOUT_FFMPEG = frozenset({"gif", "apng", "png", "svg", "vtt"})
"""Formats that are written without ffmpeg."""

NOT_IN_OUTPUTS = (
    *("batch/", "cli/", "studio/", "scenes/", "web/gallery/", "web/review/", "web/embed/"),
    *("installation.py", "library/starter.py", "library/starter_scene.py"),
)
"""Files of animate that decide neither a byte of an output nor what the manifest says of it, ..."""
BUT_IN_OUTPUTS = ("batch/render_scene.py", "batch/task_runner.py")
"""... except these."""


@dataclass(frozen=True)
class Fingerprint:
    """Everything that decides a scene's files, except the settings of each file; see `SceneEntry` for the parts."""

    inputs: tuple[Input, ...]
    packages: Mapping[str, str]
    environment: Mapping[str, str]
    source: str
    given: Mapping[str, Any]

    def key(self, target: Target) -> str:
        """Return the SHA-256 of everything that decides one file."""
        parts = {
            "inputs": sorted((one.kind, one.path, one.sha256) for one in self.inputs),
            "packages": dict(self.packages),
            "environment": relevant(self.environment, target.format),
            "source": self.source,
            "given": self.given,
            "file": target.decided_by(),
        }
        return sha256_of(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode(errors="surrogatepass"))


def fingerprint_of(entry: SceneEntry) -> Fingerprint:
    """Return the fingerprint of a scene when it was last built."""
    return Fingerprint(entry.inputs, entry.packages, entry.environment, entry.source, entry.given)


@dataclass
class EnvironmentSnapshot:
    """Versions and hashes at the time of a build; each file is hashed once.

    Parameters
    ----------
    root : Path
        The folder of the build, absolute and without links.
    """

    root: Path
    _hashes: dict[Path, str | None] = field(default_factory=dict)

    @cached_property
    def environment(self) -> dict[str, str]:
        """Return the versions of everything that draws and encodes."""
        return environment(self.root)

    @cached_property
    def sources(self) -> dict[str, str]:
        """Return the hash of each file of animate."""
        return animate_source()

    @cached_property
    def source(self) -> str:
        """Return one hash of all files of animate."""
        return source_key(self.sources)

    def is_same_animate(self) -> bool:
        """Return whether the files of animate are unchanged since the snapshot."""
        return animate_source() == self.sources

    def input(self, kind: InputKind, path: Path) -> Input:
        """Return a file as an input, hashed once."""
        resolved = real_path(path)
        if resolved not in self._hashes:
            self._hashes[resolved] = file_sha256(resolved)
        return Input(kind, named(path, self.root), self._hashes[resolved])

    def fingerprint(self, scene: SceneBuild, before: SceneEntry | None) -> Fingerprint:
        """Return what decides a scene's files now.

        Parameters
        ----------
        before : SceneEntry or None
            The scene's last build. The files it read count too: while nothing changes, the scene reads the same again.
        """
        modules, outside = imported_by(scene.script)
        inputs = [self.input("script", scene.script), *(self.input("module", path) for path in modules)]
        inputs += [self.input("data", path) for path in data_files(scene, self.root)]
        if before is not None:
            read = (one for one in before.inputs if one.kind != "script")
            inputs += [self.input(one.kind, located(one.path, self.root)) for one in read]
        known = before.packages if before is not None else {}
        names = [name for name in outside if name not in IN_ENVIRONMENT and name not in sys.stdlib_module_names]
        return Fingerprint(
            inputs=unique(inputs),
            packages={name: package_state(name, known.get(name, "")) for name in names},
            environment=self.environment,
            source=self.source,
            given=scene.given,
        )


def unique(inputs: Iterable[Input]) -> tuple[Input, ...]:
    """Return inputs sorted, with each file once: as the first of the kinds in `INPUT_KINDS` it was found to be."""
    by_path: dict[str, Input] = {}
    for one in sorted(inputs, key=lambda one: (INPUT_KINDS.index(one.kind), one.path)):
        by_path.setdefault(one.path, one)
    return tuple(by_path.values())


def environment(root: Path) -> dict[str, str]:
    """Return the versions of everything that decides pixels and bytes, by name.

    Parameters
    ----------
    root : Path
        The folder of the build, where matplotlib first looks for a ``matplotlibrc``.
    """
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        **{name: package_version(name) for name in DISTRIBUTIONS},
        "ffmpeg": ffmpeg_version(),
        "freetype": _hash_of_all(_within("matplotlib", "ft2font*")),
        "fonts": _hash_of_all(_within("matplotlib", "mpl-data/fonts/ttf/*.ttf")),
        "matplotlibrc": _hash_of_all(filter(None, [matplotlibrc(root)])),
        "platform": f"{sys.platform} {platform.machine()}",
    }


def relevant(known: Mapping[str, str], format_: str) -> dict[str, str]:
    """Return the part of an environment that decides the bytes of a format."""
    without = ("ffmpeg", "imageio-ffmpeg") if format_ in WITHOUT_FFMPEG else ()
    return {name: value for name, value in known.items() if name not in without}


def package_version(name: str) -> str:
    """Return the version of an installed distribution, or ``missing``."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def animate_source() -> dict[str, str]:
    """Return the SHA-256 of each file of animate that decides what is written, by its path in the package.

    Data, templates, styles and scripts count as well as code: a page embeds them.
    """
    paths = (path for path in PACKAGE.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    names = {path.relative_to(PACKAGE).as_posix(): path for path in paths}
    wanted = (name for name in names if not name.startswith(NOT_IN_OUTPUTS) or name in BUT_IN_OUTPUTS)
    return {name: file_sha256(names[name]) or "" for name in sorted(wanted)}


def source_key(files: Mapping[str, str]) -> str:
    """Return one SHA-256 of all files of animate."""
    return sha256_of("\n".join(f"{name} {digest}" for name, digest in sorted(files.items())).encode())


@cache
def ffmpeg_version() -> str:
    """Return the version of the ffmpeg that imageio-ffmpeg would run; its own has it in the file name."""
    program = os.environ.get("IMAGEIO_FFMPEG_EXE")
    own = _within("imageio_ffmpeg", "binaries/ffmpeg-*")
    if own and not program:
        return own[0].name.removeprefix("ffmpeg-").removesuffix(".exe")
    return _reported_version(program or _conda_ffmpeg() or shutil.which("ffmpeg"))


def _conda_ffmpeg() -> str | None:
    place = ("Library", "bin", "ffmpeg.exe") if sys.platform == "win32" else ("bin", "ffmpeg")
    path = Path(sys.prefix, *place)
    return str(path) if path.is_file() else None


def _reported_version(program: str | None) -> str:
    if program is None:
        return "missing"
    try:
        code, output, _ = told_by([program, "-version"], seconds=20.0)
    except EncodeError:
        return "missing"
    if code:
        return "missing"
    text = output.decode(errors="replace")
    found = re.match(r"ffmpeg version (\S+)", text)
    return found[1] if found else sha256_of(text.encode())


def matplotlibrc(root: Path) -> Path | None:
    """Return the settings file that matplotlib reads in a folder, or None if it is matplotlib's own.

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


def _hash_of_all(paths: Iterable[Path]) -> str:
    """Return one short hash of several files, or ``none``."""
    digests = [f"{path.name} {file_sha256(path)}" for path in paths]
    return sha256_of("\n".join(digests).encode())[:16] if digests else "none"


def package_state(name: str, before: str = "") -> str:
    """Return the state of a third-party package, such as ``scikit-learn 1.9.1``.

    A package outside the installed ones, such as an editable install, has the hash of its files instead of a version.

    Parameters
    ----------
    name : str
        As it is imported.
    before : str
        Its state at the last build, whose distribution name is reused: to look that up is slow.
    """
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):  # a broken package
        return "missing"
    if spec is None:
        return "missing"
    if not _is_installed(spec):
        return "part of Python" if spec.origin in ("built-in", "frozen") else _hashed(spec)
    distribution = before.rpartition(" ")[0] or _distributions().get(name, [""])[0]
    return f"{distribution} {package_version(distribution)}" if distribution else _hashed(spec)


def _is_installed(spec: ModuleSpec) -> bool:
    places = [*(spec.submodule_search_locations or ()), *([spec.origin] if spec.origin else [])]
    paths = sysconfig.get_paths()
    folders = [Path(paths[name]).resolve() for name in ("purelib", "platlib", "stdlib")]
    return any(Path(place).resolve().is_relative_to(folder) for place in places for folder in folders)


def _hashed(spec: ModuleSpec) -> str:
    folders = [Path(place) for place in spec.submodule_search_locations or ()]
    files = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    if not files and spec.origin is not None:
        files = [Path(spec.origin)]
    return f"source {sha256_of(''.join(file_sha256(path) or '' for path in files).encode())[:16]}"


@cache
def _distributions() -> dict[str, list[str]]:
    return dict(packages_distributions())
