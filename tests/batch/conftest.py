"""What tests of builds share: small media files, a folder of them with its manifest, and builds of small scenes."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from animate.batch.build import BuildCallbacks, BuildOptions, build_scenes
from animate.batch.build_settings import read_settings
from animate.batch.cache_key import animate_source
from animate.batch.manifest import Caption, File, Manifest, SceneEntry, Value, read_manifest
from animate.film.encoders import OutputFile, open_sink
from animate.film.formats.images import write_png

WriteFile = Callable[..., File]
WriteFolder = Callable[..., Manifest]

ALT = 'Both <descend> & "meet" at 0.5'


def frames(n_frames: int, *, color: tuple[int, int, int], at: int = 0) -> list[np.ndarray]:
    """Return pictures of 64x48 pixels: a square that moves to the right over a ground; ``at`` is how far down."""
    pictures = np.full((n_frames, 48, 64, 4), 255, dtype=np.uint8)
    for index, picture in enumerate(pictures):
        picture[at : at + 16, 4 * index : 4 * index + 16, :3] = color
    return list(pictures)


@cache
def encoded(suffix: str, color: tuple[int, int, int], at: int, n_frames: int) -> tuple[bytes, OutputFile]:
    """Return the bytes of a small file and what is known of it; each is encoded once."""
    pictures = frames(n_frames, color=color, at=at)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x{suffix}"
        if suffix == ".png":
            written = write_png(path, pictures[-1])
        else:
            sink = open_sink(path, 64, 48, 10)
            for picture in pictures:
                sink.write(picture)
            sink.finish()
            written = sink.publish()
        return path.read_bytes(), written


FOR_ALL = ("manifest.json", "index.html", ".animate")
"""What a build writes for all scenes together."""


@pytest.fixture
def write_file() -> WriteFile:
    """Return a function that writes a small animation or still and returns what a manifest says of it."""

    def write(
        path: Path, *, theme: str = "light", color: tuple[int, int, int] = (20, 90, 180), at: int = 0, n_frames: int = 8
    ) -> File:
        path.parent.mkdir(parents=True, exist_ok=True)
        content, written = encoded(path.suffix, color, at, n_frames)
        path.write_bytes(content)
        return File(
            path=path.name,
            role="animation" if path.suffix != ".png" else "poster",
            format=path.suffix[1:],
            theme=theme,
            width=64,
            height=48,
            n_frames=written.n_frames,
            fps=written.fps,
            duration=written.duration,
            bytes=written.bytes,
            sha256=hashlib.sha256(content).hexdigest(),
        )

    return write


@pytest.fixture
def write_folder(write_file: WriteFile) -> WriteFolder:
    """Return a function that writes scenes into a folder, with a manifest, and returns it."""

    def write(
        folder: Path,
        names: tuple[str, ...] = ("lesson",),
        *,
        formats: tuple[str, ...] = ("gif", "mp4", "webm"),
        themes: tuple[str, ...] = ("light", "dark"),
        poster: bool = True,
        color: tuple[int, int, int] = (20, 90, 180),
        at: int = 0,
        **said: object,
    ) -> Manifest:
        entries = []
        for name in names:
            files = []
            for theme in themes:
                stem = name if theme == themes[0] else f"{name}-{theme}"
                ends = [f".{format_}" for format_ in formats] + (["-poster.png"] if poster else [])
                files += [write_file(folder / f"{stem}{end}", theme=theme, color=color, at=at) for end in ends]
            (folder / f"{name}.vtt").write_text("WEBVTT\n\n00:00:00.000 --> 00:00:00.800\nGrüße\n", encoding="utf-8")
            files.append(File(path=f"{name}.vtt", role="captions", format="vtt"))
            entries.append(SceneEntry(**{**about(name), "files": tuple(files), **said}))
        manifest = Manifest(tuple(entries))
        (folder / "manifest.json").write_text(manifest.text(), encoding="utf-8")
        return manifest

    return write


def about(name: str) -> dict[str, object]:
    """Return what a manifest says of a scene but for its files."""
    rate = Value("learning_rate", "float", 0.1, 0.2, "Step <size>", {"low": 0.0, "high": 1.0, "scale": "log"})
    return {
        "name": name,
        "script": f"scenes/{name}.py",
        "question": f"Does {name} work?",
        "title": f"Title of {name}",
        "alt": ALT,
        "duration": 0.8,
        "captions": (Caption(0.0, 0.4, "Both start."), Caption(0.4, 0.8, "Both <end> & rest.")),
        "parameters": (rate, Value("seed", "int", 3, 3, "Of the points")),
    }


Build = Callable[..., dict[str, SceneEntry]]

SMALL = {"preset": "draft", "fps": 5.0}
# reads a rate, a helper beside it and a file: all that a cache must know of
READING = """
from pathlib import Path
from helper import STEPS
problem = linear_problem(line(12, rng=0))
run = panels.Run("Batch", descend(problem.objective, optimizers.gradient_descent(learning_rate), [0.0, 0.0], STEPS))
return Scene(title="Small", caption={0: "One", 3: Path("data/words.txt").read_text().strip()}, alt="A line is fitted.",
             panels=[panels.LineFit(problem=problem, run=run)],
             timeline=Timeline(6, seconds=0.5, hold_start=0.1, hold_end=0.1))
"""
RATE = "learning_rate: Annotated[float, Range(1e-4, 1.0)] = 0.03"


@cache
def source_as_it_is() -> dict[str, str]:
    """Return animate's source as it was when the tests began."""
    return animate_source()


@pytest.fixture
def build(here: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Return a function that builds the current folder in this process, and returns the entries by their id.

    What is not stated otherwise is drawn small; keywords are sorted into options, callbacks and flags by name.
    """

    # who edits animate while the tests run shall not be told of it by them
    monkeypatch.setattr("animate.batch.cache_key.animate_source", source_as_it_is)

    def run(*names: str, **given: Any) -> dict[str, SceneEntry]:
        how = {name: given.pop(name) for name in list(given) if name in BuildOptions.__dataclass_fields__}
        watch = {name: given.pop(name) for name in list(given) if name in BuildCallbacks.__dataclass_fields__}
        flags = given.pop("flags", SMALL)
        settings = read_settings({**flags, **given})
        entries = build_scenes(
            names, settings, options=BuildOptions(**{"executor": "serial", **how}), callbacks=BuildCallbacks(**watch)
        )
        return {entry.id: entry for entry in entries}

    return run


@pytest.fixture
def reading_scene(here: Path, write_scene: Any) -> Path:
    """Return a scene that reads a helper beside it and a file."""
    (here / "data").mkdir()
    (here / "data" / "words.txt").write_text("Later\n")
    path: Path = write_scene(signature=RATE, body=READING)
    (here / "scenes" / "helper.py").write_text("STEPS = 6\n")
    return path


@pytest.fixture
def files() -> Callable[[], dict[str, bytes]]:
    """Return a function that gives the bytes of each file of a scene in the output folder."""

    def contents(folder: str | Path = "output") -> dict[str, bytes]:
        paths = [path for path in Path(folder).iterdir() if path.name not in FOR_ALL]
        return {path.name: path.read_bytes() for path in paths}

    return contents


@pytest.fixture
def verdicts() -> Callable[[], dict[str, str]]:
    """Return a function that gives the verdict on each scene, as the manifest has it."""
    return lambda folder="output": {entry.id: entry.verdict for entry in read_manifest(folder).scenes}
