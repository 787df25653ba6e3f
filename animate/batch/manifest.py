"""The manifest of a folder of builds: what each scene was made of, what was written, and why.

``manifest.schema.json`` beside this module documents the file, key by key. Two builds with nothing changed between
them write the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from animate.batch.deserialize import record, typed
from animate.errors import AnimateError

NAME = "manifest.json"
VERSION = 1
SCHEMA = Path(__file__).with_name("manifest.schema.json")


class ManifestError(AnimateError):
    """A manifest that is missing, damaged, or from a newer version."""


INPUT_KINDS = ("script", "module", "data", "font", "folder")


@dataclass(frozen=True)
class Input:
    """One file a scene was made of.

    Attributes
    ----------
    kind : str
        "script", "module" (local, imported by the script), "data", "font" or "folder" (its names, listed by the scene).
    path : str
        From the folder of the build, with slashes; ``{animate}/...`` lies in the package, ``{matplotlib}/...`` in that.
    sha256 : str or None
        Of its bytes; None where there was no such file when it was looked for.
    """

    kind: str
    path: str
    sha256: str | None


class Caption(NamedTuple):
    """A text and the seconds from and until which it stands."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class Value:
    """A parameter of a scene, and the value it was built with; data is named by its file."""

    name: str
    type: str
    value: Any
    default: Any
    help: str = ""
    range: dict[str, Any] | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measurement:
    """A text on the picture, and its height in pixels or its contrast."""

    text: str
    value: float


@dataclass(frozen=True, kw_only=True)
class File:
    """One file of a scene.

    Attributes
    ----------
    path : str
        From the manifest's folder, with slashes.
    role : str
        "animation", "poster" (the still for reduced motion) or "captions" (WebVTT).
    format, theme, variant : str
        The suffix without its dot; the colors; the name of a set of parameters, "" for the scene's own.
    width, height : int
        Pixels; 0 for captions.
    n_frames : int
        Frames a decoder finds; a GIF holds equal neighbors as one longer frame.
    fps : float
        Frames per second that were asked for; 0 for what does not move.
    duration : float
        Seconds it plays once; 0 for what does not move.
    bytes : int
    sha256 : str
    key : str
        The SHA-256 of all that decides the file; "" where the next build shall make it anew.
    given_up : tuple of str
        What a byte budget cost, in words.
    flashes : int or None
        Of an animation: the most flashes within a second, general or red (WCAG 2.3.1 allows three).
    smallest_text, lowest_contrast : Noted or None
        Of an animation: the lowest text in pixels, and the text with the least contrast to what is behind it.
    """

    path: str
    role: str
    format: str
    theme: str = "light"
    variant: str = ""
    width: int = 0
    height: int = 0
    n_frames: int = 0
    fps: float = 0.0
    duration: float = 0.0
    bytes: int = 0
    sha256: str = ""
    key: str = ""
    given_up: tuple[str, ...] = ()
    flashes: int | None = None
    smallest_text: Measurement | None = None
    lowest_contrast: Measurement | None = None


@dataclass(frozen=True, kw_only=True)
class SceneEntry:
    """One scene, or one of its variants.

    Attributes
    ----------
    name, variant : str
        The script's name; the name of a set of parameters, "" for the scene's own.
    script : str
        Its path, as `Input` writes it.
    question, description, title, alt : str
        The docstring's first line and its rest; the title on the picture; the alternative text.
    duration : float
        Seconds.
    captions, parameters, files, inputs : tuple
    packages : mapping
        Versions of the packages from elsewhere that the script imports, by name.
    environment : mapping
        Versions of what draws and encodes.
    source : str
        The SHA-256 of animate's own source; a key of `Manifest.sources`.
    given : mapping
        What the settings set for it: parameters, data, columns.
    settings : mapping
        How it was drawn and written.
    verdict : str
        "built", "cached" or "failed".
    why : tuple of str
        What made it be built, in words.
    problem : str
        Why it failed, with file and line.
    seconds : float
        How long its files took to make, when they were last made.
    """

    name: str
    variant: str = ""
    script: str = ""
    question: str = ""
    description: str = ""
    title: str = ""
    alt: str = ""
    duration: float = 0.0
    captions: tuple[Caption, ...] = ()
    parameters: tuple[Value, ...] = ()
    files: tuple[File, ...] = ()
    inputs: tuple[Input, ...] = ()
    packages: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    verdict: str = "built"
    why: tuple[str, ...] = ()
    problem: str = ""
    seconds: float = 0.0

    @property
    def id(self) -> str:
        """Return the name, with the variant after a dash."""
        return f"{self.name}-{self.variant}" if self.variant else self.name

    def having(self, role: str) -> Iterator[File]:
        """Yield the files of one role."""
        return (file for file in self.files if file.role == role)


@dataclass(frozen=True)
class Run:
    """The last build: which of all scenes it was about, and which shard of them it was ("2/5", or "")."""

    scenes: tuple[str, ...] = ()
    selected: tuple[str, ...] = ()
    shard: str = ""


@dataclass(frozen=True)
class Manifest:
    """A folder of builds.

    Attributes
    ----------
    scenes : tuple of SceneEntry
        Sorted by name and variant.
    run : Run
    animate : str
        The version that wrote it.
    sources : mapping
        For each state of animate's source that a scene was built with: the SHA-256 of each file.
    """

    scenes: tuple[SceneEntry, ...] = ()
    run: Run = Run()
    animate: str = ""
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def entry(self, name: str) -> SceneEntry | None:
        """Return the entry of a scene, or of ``SCENE-VARIANT``; None where there is none."""
        return next((entry for entry in self.scenes if entry.id == name), None)

    def text(self) -> str:
        """Return the manifest as JSON."""
        about = {"version": VERSION, "animate": self.animate, "run": asdict(self.run)}
        scenes = [plain(entry) for entry in self.scenes]
        whole = {**about, "scenes": scenes, "sources": {key: dict(files) for key, files in self.sources.items()}}
        text = json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        return text.encode(errors="replace").decode()  # half a surrogate pair cannot be written, nor read again


def read_manifest(folder: str | Path) -> Manifest:
    """Return the manifest in a folder, or in the file that is named.

    Raises
    ------
    ManifestError
        If it is missing, damaged, or from a newer version.
    """
    path = Path(folder)
    path = path if path.suffix == ".json" and not path.is_dir() else path / NAME
    try:
        return manifest_of(json.loads(path.read_bytes()), path)
    except FileNotFoundError:
        raise ManifestError(f"there is no manifest {str(path)!r}; `animate build` writes it.") from None
    except OSError as error:
        raise ManifestError(f"{str(path)!r} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:  # not JSON, or not text at all, or brackets without end
        raise ManifestError(f"{str(path)!r} is damaged: {error}; `animate build` writes it anew.") from error


def manifest_of(whole: Any, path: Path) -> Manifest:
    """Return the manifest that JSON holds; *path* names it in messages."""
    version = whole.get("version") if isinstance(whole, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise ManifestError(
            f"{str(path)!r} is of version {version}, from a newer animate; this one knows version {VERSION}: "
            "upgrade animate, or build anew."
        )
    try:
        return _checked(whole)
    except ValueError as error:
        raise ManifestError(f"{str(path)!r} is no manifest ({error}); `animate build` writes it anew.") from error


def _checked(whole: Any) -> Manifest:
    if not isinstance(whole, dict):
        raise ValueError("it must be an object")
    for name in ("version", *(one.name for one in fields(Manifest))):
        if name not in whole:
            raise ValueError(f"it has no key {name!r}")
    version = typed(int, whole["version"], "version")
    if version != VERSION:
        raise ValueError(f"version must be {VERSION}; got {version}")
    manifest: Manifest = record(Manifest, {name: one for name, one in whole.items() if name != "version"}, "it")
    for entry in manifest.scenes:
        for file in entry.files:
            _check_inside(file.path)
        for one in entry.inputs:
            if one.kind not in INPUT_KINDS:
                raise ValueError(f"the kind of an input must be one of {', '.join(INPUT_KINDS)}; got {one.kind!a}")
    return manifest


def _check_inside(path: str) -> None:
    """Raise unless a path names a file in the manifest's folder: what reads manifests copies and deletes such files."""
    parts = path.split("/")
    if not path.isprintable() or "\\" in path or {"", ".", ".."} & set(parts) or ":" in parts[0]:
        raise ValueError(f"a file must lie in its folder; got {path!a}")


def plain(entry: SceneEntry) -> dict[str, Any]:
    """Return an entry as JSON holds it."""
    return {**asdict(entry), "captions": [caption._asdict() for caption in entry.captions]}
