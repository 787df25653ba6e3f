"""A scene made into files: animations, stills, captions, and what is measured and told of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from animate.batch.build_plan import Target
from animate.batch.file_tracing import FileTracer, noting
from animate.batch.files import file_sha256, named, package_folder, sha256_of
from animate.batch.fingerprint import unique
from animate.batch.manifest import Caption, File, Input, Measurement, Value
from animate.batch.tasks import Report, SceneMetadata
from animate.draw.legibility import DrawnText, contrast_with, drawn_texts
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.film.encoders import Written
from animate.film.flashes import most_flashes
from animate.film.images import write_png
from animate.film.reading import read_frames
from animate.library.discovery import real
from animate.library.parameters import Parameter
from animate.library.script import SceneScript, load
from animate.replay.source import frame_source
from animate.scene import Scene
from animate.web.webvtt import webvtt

Made = tuple[File, bytes]

FLASHES_IN = ("gif", "apng", "mp4", "m4v", "webm", "webp")
"""In which order a format is chosen to count flashes in: exact ones first, the one that is slow to read last."""

MOMENTS = (0.0, 0.5, 1.0)
"""Shares of the animation at which text is measured."""


@dataclass
class Making:
    """One scene being made.

    Parameters
    ----------
    script : Path
    given : mapping
        As `SceneBuild` has it.
    targets : tuple of Target
        All of one size, rate and theme.
    root, folder : Path
        Of the build; and where files are made, temporary ones too.
    """

    script: Path
    given: Mapping[str, Any]
    targets: tuple[Target, ...]
    root: Path
    folder: Path
    _stages: dict[Settings, Stage] = field(default_factory=dict)
    _measures: dict[Settings, dict[str, Measurement | None]] = field(default_factory=dict)
    _fonts: set[str] = field(default_factory=set)

    def make(self, progress: Report | None = None) -> tuple[tuple[Made, ...], SceneMetadata]:
        """Return the files with their bytes, and what the scene says of itself."""
        seen = FileTracer(self.root, real(self.script).parent, (self.folder,))
        with noting(seen):
            script = load(self.script)
            values = values_of(script, self.given)
            scene = script.build(**values)
            with script.running():
                files = (*self._animations(scene, progress), *self._posters(scene), *self._captions(scene))
        return files, about(scene, script, values, self._inputs(seen))

    def _having(self, role: str) -> list[Target]:
        return [target for target in self.targets if target.role == role]

    def _animations(self, scene: Scene, progress: Report | None) -> Iterator[Made]:
        made = [pair for group in self._by_budget() for pair in self._written(scene, group, progress)]
        if not made:
            return
        shown = {target.format: written for target, written in made}
        exact = next((shown[format_] for format_ in FLASHES_IN if format_ in shown), None)
        flashes = None if exact is None else most_flashes(read_frames(exact), exact.fps)
        for target, written in made:
            yield _file(target, written, flashes=flashes, **self._measured(scene, target, written))

    def _by_budget(self) -> Iterator[list[Target]]:
        """Yield the animations that one pass of drawing can write: those of one budget."""
        ordered = sorted(self._having("animation"), key=lambda target: target.max_bytes or 0)
        return (list(group) for _, group in groupby(ordered, key=lambda target: target.max_bytes))

    def _written(
        self, scene: Scene, targets: list[Target], progress: Report | None
    ) -> Iterator[tuple[Target, Written]]:
        look, first = targets[0].look, targets[0]
        written = scene.save(
            *(self.folder / target.path for target in targets),
            size=(look.width, look.height),
            fps=look.fps,
            theme=look.theme,
            loop=first.loop,
            max_size=first.max_bytes,
            progress=progress,
        )
        return zip(targets, written, strict=True)

    def _measured(self, scene: Scene, target: Target, written: Written) -> dict[str, Measurement | None]:
        """Return the smallest text of a file and the one with the least contrast."""
        look = replace(target.look, width=written.width, height=written.height)
        if look not in self._measures:
            self._measures[look] = self._measure(scene, look)
        return self._measures[look]

    def _measure(self, scene: Scene, look: Settings) -> dict[str, Measurement | None]:
        texts: list[DrawnText] = []
        contrasts: list[Measurement] = []
        for share in MOMENTS:
            drawn, picture = drawn_texts(self._stage(scene, look, share * scene.timeline.duration).figure)
            texts += drawn
            ratios = [(text.text, contrast_with(text, picture)) for text in drawn]
            contrasts += [Measurement(text, round(ratio, 2)) for text, ratio in ratios if ratio is not None]
        self._fonts |= {text.font for text in texts}
        sizes = (Measurement(text.text, round(text.size_px, 2)) for text in texts)
        return {
            "smallest_text": min(sizes, key=lambda noted: noted.value, default=None),
            "lowest_contrast": min(contrasts, key=lambda noted: noted.value, default=None),
        }

    def _stage(self, scene: Scene, look: Settings, time: float) -> Stage:
        """Return the figure of a moment."""
        if look not in self._stages:
            self._stages[look] = scene.stage(look)
        self._stages[look].show(time)
        return self._stages[look]

    def _posters(self, scene: Scene) -> Iterator[Made]:
        for target in self._having("poster"):
            figure = self._stage(scene, target.look, scene.time_at("last" if target.at is None else target.at)).figure
            yield _file(target, write_png(self.folder / target.path, frame_source(figure, figure.dpi).frame()))

    def _captions(self, scene: Scene) -> Iterator[Made]:
        for target in self._having("captions"):
            content = webvtt(captions_of(scene)).encode(errors="replace")
            yield _entry(target, content), content

    def _inputs(self, seen: FileTracer) -> tuple[Input, ...]:
        """Return what was read; fonts that come with matplotlib are known by the environment."""
        own, script = package_folder("matplotlib"), real(self.script)
        fonts = {path for path in map(Path, self._fonts) if own is None or not path.resolve().is_relative_to(own)}
        read = [Input(_kind(path, script), named(path, self.root), file_sha256(path)) for path in seen.files()]
        return unique([*read, *(Input("font", named(path, self.root), file_sha256(path)) for path in fonts)])


def _kind(path: Path, script: Path) -> str:
    if path.is_dir():
        return "folder"
    if path.resolve() == script:
        return "script"
    return "module" if path.suffix == ".py" else "data"


def _file(target: Target, written: Written, **measured: Any) -> Made:
    content = written.path.read_bytes()
    truth = {name: getattr(written, name) for name in ("width", "height", "n_frames", "fps", "duration", "given_up")}
    return _entry(target, content, **truth, **measured), content


def _entry(target: Target, content: bytes, **more: Any) -> File:
    return File(
        path=target.path,
        role=target.role,
        format=target.format,
        theme=target.look.theme,
        variant=target.variant,
        bytes=len(content),
        sha256=sha256_of(content),
        **more,
    )


def values_of(script: SceneScript, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values for a scene's ``build``: texts are read as on the command line, all else is as it stands."""
    chosen = given.get("set", {})
    texts = {name: value for name, value in chosen.items() if isinstance(value, str)}
    plain = {name: value for name, value in chosen.items() if name not in texts}
    return {**script.values(texts, data=given.get("data"), columns=given.get("columns")), **plain}


def captions_of(scene: Scene) -> tuple[Caption, ...]:
    """Return the captions of a scene in full words, with the seconds from and until which they stand."""
    words = scene.caption if isinstance(scene.caption, Mapping) else {0: scene.caption}
    ordered = sorted(words.items())
    starts = [scene.timeline.time_of(update) for update, _ in ordered]
    full = [text if isinstance(text, str) else text[0] for _, text in ordered]
    ends = [*starts[1:], scene.timeline.duration]
    return tuple(
        Caption(round(start, 3), round(end, 3), text) for start, end, text in zip(starts, ends, full, strict=True)
    )


def about(scene: Scene, script: SceneScript, values: Mapping[str, Any], inputs: Iterable[Input]) -> SceneMetadata:
    """Return what a scene says of itself."""
    return SceneMetadata(
        question=script.question,
        description=script.description,
        title=scene.question,
        alt=scene.alt,
        duration=scene.timeline.duration,
        captions=captions_of(scene),
        parameters=tuple(_value(parameter, values) for parameter in script.parameters),
        inputs=tuple(inputs),
    )


def _value(parameter: Parameter, values: Mapping[str, Any]) -> Value:
    value = values.get(parameter.name, parameter.default)
    if parameter.kind == "data" and value is not None:
        value = parameter.text(value)
    elif value is not None:
        value = parameter.check(value)
    return Value(
        name=parameter.name,
        type=parameter.type_name,
        value=list(value) if isinstance(value, tuple) else value,
        default=list(parameter.default) if isinstance(parameter.default, tuple) else parameter.default,
        help=parameter.help,
        range=None if parameter.range is None else asdict(parameter.range),
        choices=parameter.choices,
    )
