"""The manifest of a build: what each scene was made of, which files were written, and why.

The structures here are the file's format. msgspec reads and checks it, and makes its JSON Schema from their
descriptions: see `manifest_schema`. Two builds with no change between them write the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, field

from animate.errors import AnimateError, did_you_mean

NAME = "manifest.json"
VERSION = 1
KEYS = ("version", "animate", "run", "scenes", "sources")
OLD_KEY = (b'"given_up":', b'"compromises":')
"""A key of animate 0.1, and its new name. In a text the quotes would be escaped, so only keys match."""


class ManifestError(AnimateError):
    """A manifest that is missing, damaged, or from a newer version."""


def _about(description: str, schema: dict[str, Any] | None = None, **constraints: Any) -> Meta:
    """Return the documentation of a field; *schema* is not checked when a manifest is read, which is more tolerant."""
    return Meta(description=description, extra_json_schema=schema, **constraints)


SHA256 = {"pattern": "^[0-9a-f]{64}$"}
SHA256_OR_EMPTY = {"pattern": "^([0-9a-f]{64})?$"}
Role = Literal["animation", "poster", "captions"]
InputKind = Literal["script", "module", "data", "font", "folder"]
INPUT_KINDS: tuple[InputKind, ...] = ("script", "module", "data", "font", "folder")


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The base of all structures of the manifest."""


class Input(_Record, frozen=True):
    """One file that a scene was made of."""

    kind: Annotated[
        InputKind,
        _about(
            "What it is to the scene: its script, a local module that the script imports, data it reads, a font that "
            "does not come with matplotlib, or a folder whose names it lists."
        ),
    ]
    path: Annotated[
        str,
        _about(
            "Relative to the folder of the build, with slashes; {animate}/... is in the package animate, "
            "{matplotlib}/... in matplotlib."
        ),
    ]
    sha256: Annotated[
        Annotated[str, Meta(extra_json_schema=SHA256)] | None,
        _about("Of its bytes, or of its sorted names for a folder; null if there was no such file."),
    ]


class Caption(_Record, frozen=True, order=True):
    """A caption of the scene, in its longest form."""

    start: Annotated[float, _about("Seconds at which it appears.", ge=0)]
    end: Annotated[float, _about("Seconds at which it ends.", ge=0)]
    text: Annotated[str, _about("The text.")]


class Value(_Record, frozen=True):
    """A parameter of the scene's `build`."""

    name: Annotated[str, _about("Its name.")]
    type: Annotated[str, _about("The kind of value, as `animate show` prints it.")]
    value: Annotated[Any, _about("The value it was built with; data is named by its file.")]
    default: Annotated[Any, _about("The value if nothing sets it.")]
    help: Annotated[str, _about("Its meaning.")] = ""
    range: Annotated[
        dict[str, Any] | None, _about("The closed range of a number, and the scale of a slider over it.")
    ] = None
    choices: Annotated[tuple[str, ...], _about("The values of a choice.")] = ()


class Measurement(_Record, frozen=True):
    """A text in the picture, with its height in pixels or its contrast ratio."""

    text: Annotated[str, _about("The text.")]
    value: Annotated[float, _about("The height or the ratio.", ge=0)]


class File(_Record, frozen=True, kw_only=True):
    """One file of a scene."""

    path: Annotated[str, _about("Relative to the manifest's folder, with slashes.")]
    role: Annotated[
        Role,
        _about("The animation, the still for reduced motion, or the captions as WebVTT."),
    ]
    format: Annotated[str, _about("The suffix without its dot.")]
    theme: Annotated[str, _about("Its colors, or the reader's: both.", {"enum": ["light", "dark", "both"]})] = "light"
    variant: Annotated[str, _about("The name of a set of parameters; empty for the scene's own.")] = ""
    width: Annotated[int, _about("Pixels; 0 for captions.", ge=0)] = 0
    height: Annotated[int, _about("Pixels; 0 for captions.", ge=0)] = 0
    n_frames: Annotated[int, _about("Frames in the file; a GIF stores equal neighbors as one longer frame.", ge=0)] = 0
    fps: Annotated[float, _about("Frames per second that were asked for; 0 for a still or captions.", ge=0)] = 0.0
    duration: Annotated[float, _about("Seconds it plays once; 0 for a still or captions.", ge=0)] = 0.0
    bytes: Annotated[int, _about("Its size.", ge=0)] = 0
    sha256: Annotated[str, _about("Of its bytes.", SHA256)] = ""
    key: Annotated[
        str,
        _about("SHA-256 of all that decides the file; empty if the next build must rewrite it.", SHA256_OR_EMPTY),
    ] = ""
    compromises: Annotated[tuple[str, ...], _about("What was reduced to meet a byte budget.")] = ()
    flashes: Annotated[
        Annotated[int, Meta(ge=0)] | None,
        _about("Of an animation: the most flashes within a second, general or red; WCAG 2.3.1 allows three."),
    ] = None
    smallest_text: Annotated[
        Measurement | None, _about("Of an animation: its smallest text, and the height in pixels.")
    ] = None
    lowest_contrast: Annotated[
        Measurement | None,
        _about("Of an animation: the text with the least contrast, and the ratio."),
    ] = None
    color_alone: Annotated[
        tuple[str, ...], _about("Of an animation: lines, or points, of a panel that only their colors tell apart.")
    ] = ()


class SceneEntry(_Record, frozen=True, kw_only=True):
    """One scene, or one of its variants."""

    name: Annotated[str, _about("The script's name without its suffix.")]
    variant: Annotated[str, _about("The name of a set of parameters; empty for the scene's own.")] = ""
    script: Annotated[str, _about("The script's path, as in inputs.")] = ""
    question: Annotated[str, _about("The first line of the script's docstring.")] = ""
    description: Annotated[str, _about("The rest of the docstring.")] = ""
    title: Annotated[str, _about("The title in the picture.")] = ""
    alt: Annotated[str, _about("The alternative text, for those who do not see it.")] = ""
    duration: Annotated[float, _about("Seconds of the whole animation.", ge=0)] = 0.0
    captions: Annotated[tuple[Caption, ...], _about("In the order of time.")] = ()
    parameters: Annotated[tuple[Value, ...], _about("In the order of the signature.")] = ()
    files: Annotated[tuple[File, ...], _about("The files that were written.")] = ()
    inputs: Annotated[tuple[Input, ...], _about("The files it was made of.")] = ()
    packages: Annotated[
        Mapping[str, str], _about("Versions of the third-party packages that the script imports, by name.")
    ] = field(default_factory=dict)
    environment: Annotated[
        Mapping[str, str],
        _about(
            "Versions of everything that draws and encodes: python, numpy, matplotlib, pillow, ffmpeg, freetype, "
            "fonts, matplotlibrc, platform."
        ),
    ] = field(default_factory=dict)
    source: Annotated[
        str, _about("SHA-256 of animate's own files, a key of `sources`; empty if never built.", SHA256_OR_EMPTY)
    ] = ""
    given: Annotated[Mapping[str, Any], _about("What the settings set for it: parameters, data, columns.")] = field(
        default_factory=dict
    )
    settings: Annotated[Mapping[str, Any], _about("How it was drawn and written.")] = field(default_factory=dict)
    verdict: Annotated[Literal["built", "cached", "failed"], _about("What the last build that included it did.")] = (
        "built"
    )
    why: Annotated[tuple[str, ...], _about("Why it was built.")] = ()
    problem: Annotated[str, _about("Why it failed, with file and line; empty otherwise.")] = ""
    is_usage_error: Annotated[
        bool, _about("Whether the problem is a wrong name or value in the settings or words, not a failure.")
    ] = False
    seconds: Annotated[float, _about("How long its files took when they were last made.", ge=0)] = 0.0

    @property
    def id(self) -> str:
        """Return the name, with the variant after a dash."""
        return f"{self.name}-{self.variant}" if self.variant else self.name

    def having(self, role: str) -> Iterator[File]:
        """Yield the files of one role: ``animation``, ``poster`` or ``captions``."""
        return (file for file in self.files if file.role == role)


class BuildRun(_Record, frozen=True):
    """The last build: all its scenes, and those of its shard."""

    scenes: Annotated[tuple[str, ...], _about("Names of all its scenes, in all its shards.")] = ()
    selected: Annotated[tuple[str, ...], _about("Names of the scenes of this shard.")] = ()
    shard: Annotated[
        str, _about("The shard, such as 2/5; empty for a whole build.", {"pattern": "^([1-9][0-9]*/[1-9][0-9]*)?$"})
    ] = ""


class Manifest(_Record, frozen=True, tag_field="version", tag=VERSION):
    """The inputs and outputs of each scene of a build, and why each file was written."""

    scenes: Annotated[tuple[SceneEntry, ...], _about("Sorted by name and variant.")] = ()
    run: Annotated[BuildRun, _about("The last build.")] = BuildRun()
    animate: Annotated[str, _about("The version of animate that wrote it.")] = ""
    sources: Annotated[
        Mapping[str, Mapping[str, Annotated[str, Meta(extra_json_schema=SHA256)]]],
        _about("For each state of animate's files that a scene was built with, the SHA-256 of each file."),
    ] = field(default_factory=dict)

    def entry(self, name: str) -> SceneEntry | None:
        """Return the entry named ``SCENE`` or ``SCENE-VARIANT``, or None."""
        return next((entry for entry in self.scenes if entry.id == name), None)

    def files(self) -> Iterator[File]:
        """Yield the files of all scenes."""
        return (file for entry in self.scenes for file in entry.files)

    def text(self) -> str:
        """Return the manifest as JSON."""
        whole = msgspec.to_builtins(self)
        ordered = {name: whole[name] for name in KEYS}
        text = json.dumps(ordered, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        return text.encode(errors="replace").decode()  # UTF-8 cannot hold a lone surrogate


def entry_json(entry: SceneEntry) -> dict[str, Any]:
    """Return an entry as JSON holds it."""
    found: dict[str, Any] = msgspec.to_builtins(entry)
    return found


def manifest_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a manifest as a build writes it, where every key is present.

    >>> manifest_schema()["$defs"]["File"]["properties"]["path"]["description"]
    "Relative to the manifest's folder, with slashes."
    """
    schema = msgspec.json.schema(Manifest)
    for structure in schema["$defs"].values():
        structure["required"] = list(structure["properties"])
        for one in structure["properties"].values():
            one.pop("default", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def read_manifest(folder: str | Path) -> Manifest:
    """Return the manifest in a folder, or in the JSON file that is named.

    Raises
    ------
    ManifestError
        If it is missing, damaged, or from a newer version.
    """
    path = Path(folder)
    path = path if path.suffix == ".json" and not path.is_dir() else path / NAME
    try:
        return _decoded(path.read_bytes().replace(*OLD_KEY), path)
    except FileNotFoundError:
        raise ManifestError(f"there is no manifest {str(path)!r}; `animate build` writes it.") from None
    except OSError as error:
        raise ManifestError(f"{str(path)!r} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:  # not JSON, not UTF-8, or nested without end
        raise ManifestError(f"{str(path)!r} is damaged: {error}; `animate build` rewrites it.") from error


def _decoded(content: bytes, path: Path) -> Manifest:
    try:
        keys = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        version = msgspec.json.decode(keys["version"]) if "version" in keys else None
        if isinstance(version, int) and version > VERSION:
            raise ManifestError(
                f"{str(path)!r} has version {version}, from a newer animate; this one reads version {VERSION}: "
                "upgrade animate, or build again."
            )
        missing = next((name for name in KEYS if name not in keys), None)
        problem = f"it has no key {missing!r}" if missing else ""
        manifest = Manifest() if problem else msgspec.json.decode(content, type=Manifest)
        problem = problem or next(filter(None, (_path_problem(file.path) for file in manifest.files())), "")
    except msgspec.ValidationError as error:
        problem = _problem(str(error), msgspec.json.decode(content))
    if problem:
        raise ManifestError(f"{str(path)!r} is no manifest ({problem}); `animate build` rewrites it.")
    return manifest


def _path_problem(path: str) -> str:
    """Return what is wrong with the path of a file, or "": merging and cleaning copy and delete such files."""
    parts = path.split("/")
    inside = path.isprintable() and "\\" not in path and not {"", ".", ".."} & set(parts) and ":" not in parts[0]
    return "" if inside else f"a file must lie in its folder; got {path!a}"


TYPE_NAMES = {"float": "a number", "array": "list", "object": "an object"}


def _problem(message: str, whole: Any) -> str:
    """Return a message of msgspec in the words of this project, with the value that is wrong.

    >>> _problem("Expected `float`, got `str` - at `$.scenes[0].seconds`", {"scenes": [{"seconds": "long"}]})
    "it.scenes[0].seconds must be a number; got 'long'"
    """
    text, _, place = message.partition(" - at `$")
    place = place.rstrip("`")
    where = f"it{place}"
    if expected := re.match(r"Expected `([^`]+)`(.*?)(, got .*)?$", text):
        wanted = " or ".join(TYPE_NAMES.get(name, name) for name in expected[1].split(" | "))
        return f"{where} must be {wanted}{expected[2]}{_got(whole, place)}"
    if missing := re.match(r"Object missing required field `(.+)`", text):
        return f"{where} has no key {missing[1]!r}"
    if unknown := re.match(r"Object contains unknown field `(.+)`", text):
        known = sorted({name for structure in _Record.__subclasses__() for name in structure.__struct_fields__})
        hint = did_you_mean(unknown[1], known)
        return f"{where} has a key {unknown[1]!r} that is unknown{'.' if hint else ''}{hint}"
    return f"{where} must be another value{_got(whole, place)}"


def _got(whole: Any, place: str) -> str:
    """Return the value at a place such as ``.scenes[0].name``, or "" if the place names none."""
    for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", place):
        try:
            whole = whole[key] if key else whole[int(index)]
        except (KeyError, IndexError, TypeError):
            return ""
    if "[...]" in place:
        return ""
    text = ascii(whole)
    return f"; got {text if len(text) <= 60 else f'{text[:60]} ...'}"
