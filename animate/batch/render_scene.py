"""Render one scene: its animations, stills and captions, with measurements of their legibility."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from animate.batch.cache_key import unique
from animate.batch.files import file_sha256, named, package_folder, sha256_of
from animate.batch.manifest import Caption, File, Input, InputKind, Measurement, Role, Value
from animate.batch.scene_build import ADJUSTMENTS, OWN_DATA, Target, has_own_words
from animate.batch.scene_inputs import FileTracer, tracing
from animate.batch.tasks import Report, SceneMetadata
from animate.draw.color_alone import told_by_color_alone
from animate.draw.language import Language
from animate.draw.language_file import find_language
from animate.draw.legibility import DrawnText, contrast_with, drawn_texts
from animate.draw.own_text import without_escapes
from animate.draw.settings import BOTH_THEMES, Settings
from animate.draw.stage import Stage
from animate.draw.text_overlap import check_texts
from animate.export import ExportRequest
from animate.film.decode import read_frames
from animate.film.encoders import OutputFile
from animate.film.flashes import most_flashes
from animate.film.formats.images import write_png
from animate.library.discovery import parse, real_path
from animate.library.parameters import Parameter
from animate.library.script import SceneScript, load
from animate.library.sweep import save_sweep
from animate.replay.frame_source import frame_source
from animate.scene import Scene
from animate.web.webvtt import webvtt

RenderedFile = tuple[File, bytes]
FLASH_FORMATS = ("gif", "apng", "mp4", "m4v", "webm", "avif", "webp")
"""The formats in which flashes are counted, in order of preference: exact ones first, the slow one to read last."""
MEASURED_AT = (0.0, 0.5, 1.0)
"""Shares of the animation at which text is measured."""


@dataclass
class SceneRenderer:
    """Renders the files of one scene.

    Parameters
    ----------
    targets : tuple of Target
        All of one size, frame rate and theme; a page of a sweep is the only animation.
    root, folder : Path
        The folder of the build, and the folder in which files are written, temporary ones too.
    """

    script: Path
    given: Mapping[str, Any]
    targets: tuple[Target, ...]
    root: Path
    folder: Path
    _stages: dict[Settings, Stage] = field(default_factory=dict)
    _measurements: dict[Settings, dict[str, Any]] = field(default_factory=dict)
    _fonts: set[str] = field(default_factory=set)

    def render(self, progress: Report | None = None) -> tuple[tuple[RenderedFile, ...], SceneMetadata]:
        """Return the files with their bytes, and the scene's texts, parameters and inputs.

        Parameters
        ----------
        progress : callable, optional
            Called with a stage, how much of it is done and how much there is.
        """
        tracer = FileTracer(self.root, real_path(self.script).parent, (self.folder,))
        with tracing(tracer), built_scene(self.script, self.given) as (scene, script, values):
            for look in dict.fromkeys(target.look for target in self.targets):
                check_texts(scene, look, are_own=has_own_words(self.given), name=script.name)
            write = partial(self._write_sweep, script, values) if self._is_swept else partial(self._write, scene)
            pairs = [pair for group in self._by_budget() for pair in write(group, progress)]
            files = (*self._animations(scene, pairs), *self._posters(scene), *self._captions(scene))
        return files, metadata_of(scene, script, values, self._inputs(tracer))

    @property
    def _is_swept(self) -> bool:
        return any(target.sweep for target in self.targets)

    def _targets_of(self, role: Role) -> list[Target]:
        return [target for target in self.targets if target.role == role]

    def _animations(self, scene: Scene, pairs: Sequence[tuple[Target, OutputFile]]) -> Iterator[RenderedFile]:
        if not pairs:
            return
        by_format = {target.format: written for target, written in pairs}
        counted = next((by_format[format_] for format_ in FLASH_FORMATS if format_ in by_format), None)
        flashes = None if counted is None else most_flashes(read_frames(counted), counted.fps)
        for target, written in pairs:
            yield _animation_file(target, written, flashes=flashes, **self._measure(scene, target, written))

    def _by_budget(self) -> Iterator[list[Target]]:
        """Yield groups of animations that one pass of drawing can write: those of one budget."""
        ordered = sorted(self._targets_of("animation"), key=lambda target: target.max_bytes or 0)
        return (list(group) for _, group in groupby(ordered, key=lambda target: target.max_bytes))

    def _write(
        self, scene: Scene, targets: list[Target], progress: Report | None
    ) -> Iterator[tuple[Target, OutputFile]]:
        look, first = targets[0].look, targets[0]
        written = scene.save(
            *(self.folder / target.path for target in targets),
            size=(look.width, look.height),
            fps=look.fps,
            theme=BOTH_THEMES if first.has_both_themes else look.theme,
            transparent=look.transparent,
            loop=first.loop,
            video=first.video,
            max_size=first.max_bytes,
            progress=progress,
        )
        return zip(targets, written, strict=True)

    def _write_sweep(
        self, script: SceneScript, values: Mapping[str, Any], targets: list[Target], progress: Report | None
    ) -> Iterator[tuple[Target, OutputFile]]:
        (target,) = targets  # a page of a sweep is a task of its own
        options = {"video": target.video, "has_both_themes": target.has_both_themes}
        request = ExportRequest([self.folder / target.path], target.look, **options)
        changes = {name: self.given[name] for name in ADJUSTMENTS if name in self.given}
        with language_of(self.given).active():
            _, written = save_sweep(
                script, values, target.sweep, request, changes=changes, budget=target.max_bytes, progress=progress
            )
        yield target, written

    def _measure(self, scene: Scene, target: Target, written: OutputFile) -> dict[str, Any]:
        """Return the smallest text of a file, the text with the least contrast, and what color alone tells apart."""
        look = replace(target.look, width=written.width, height=written.height)
        if look not in self._measurements:
            self._measurements[look] = self._legibility(scene, look)
        return self._measurements[look]

    def _legibility(self, scene: Scene, look: Settings) -> dict[str, Any]:
        texts: list[DrawnText] = []
        contrasts: list[Measurement] = []
        color_alone: dict[str, None] = {}
        for share in MEASURED_AT:
            stage = self._stage(scene, look, share * scene.timeline.duration)
            drawn, picture = drawn_texts(stage.figure)
            color_alone |= dict.fromkeys(told_by_color_alone(stage.figure, stage.style.theme))
            texts += drawn
            ratios = [(text.text, contrast_with(text, picture)) for text in drawn]
            contrasts += [Measurement(text, round(ratio, 2)) for text, ratio in ratios if ratio is not None]
        self._fonts |= {text.font for text in texts}
        sizes = (Measurement(text.text, round(text.size_px, 2)) for text in texts)
        return {
            "smallest_text": min(sizes, key=lambda one: one.value, default=None),
            "lowest_contrast": min(contrasts, key=lambda one: one.value, default=None),
            "color_alone": tuple(color_alone),
        }

    def _stage(self, scene: Scene, look: Settings, time: float) -> Stage:
        """Return the figure of a moment."""
        if look not in self._stages:
            self._stages[look] = scene.stage(look)
        self._stages[look].show(time)
        return self._stages[look]

    def _posters(self, scene: Scene) -> Iterator[RenderedFile]:
        for target in self._targets_of("poster"):
            figure = self._stage(scene, target.look, scene.time_at("last" if target.at is None else target.at)).figure
            frame = frame_source(figure, figure.dpi).frame()
            yield _animation_file(target, write_png(self.folder / target.path, frame))

    def _captions(self, scene: Scene) -> Iterator[RenderedFile]:
        for target in self._targets_of("captions"):
            captions = ((one.start, one.end, one.text) for one in captions_of(scene))
            content = webvtt(captions).encode(errors="replace")
            yield _file(target, content), content

    def _inputs(self, tracer: FileTracer) -> tuple[Input, ...]:
        """Return the files that were read; the environment covers the fonts that come with matplotlib."""
        own, script = package_folder("matplotlib"), real_path(self.script)
        fonts = {path for path in map(Path, self._fonts) if own is None or not path.resolve().is_relative_to(own)}
        read = [Input(_kind(path, script), named(path, self.root), file_sha256(path)) for path in tracer.files()]
        return unique([*read, *(Input("font", named(path, self.root), file_sha256(path)) for path in fonts)])


def _kind(path: Path, script: Path) -> InputKind:
    if path.is_dir():
        return "folder"
    if path.resolve() == script:
        return "script"
    return "module" if path.suffix == ".py" else "data"


def _animation_file(target: Target, written: OutputFile, **measured: Any) -> RenderedFile:
    content = written.path.read_bytes()
    names = ("width", "height", "n_frames", "fps", "duration", "compromises")
    return _file(target, content, **{name: getattr(written, name) for name in names}, **measured), content


def _file(target: Target, content: bytes, **more: Any) -> File:
    return File(
        path=target.path,
        role=target.role,
        format=target.format,
        theme=BOTH_THEMES if target.has_both_themes and target.role == "animation" else target.look.theme_name,
        variant=target.variant,
        bytes=len(content),
        sha256=sha256_of(content),
        **more,
    )


@contextmanager
def built_scene(path: Path, given: Mapping[str, Any]) -> Iterator[tuple[Scene, SceneScript, dict[str, Any]]]:
    """Yield the scene that a build's settings choose, its script, and the values it was built with."""
    parse(path)  # a script that cannot be read is no wrong name
    script = load(path)
    values = values_of(script, given)
    with language_of(given).active():
        scene = script.build(**values).adjust(**{name: given[name] for name in ADJUSTMENTS if name in given})
    with script.running():
        yield scene, script, values


def values_of(script: SceneScript, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values for a scene's ``build``; texts are parsed as on the command line, other values are kept."""
    chosen = given.get("set", {})
    texts = {name: value for name, value in chosen.items() if isinstance(value, str)}
    others = {name: value for name, value in chosen.items() if name not in texts}
    own = {name: given[name] for name in OWN_DATA if name in given}
    return {**script.values(texts, **own), **others}


def language_of(given: Mapping[str, Any]) -> Language:
    """Return the language that a build's settings choose, with their own texts for this scene."""
    return find_language(given.get("language"), given.get("locale")).with_texts(given.get("texts", {}))


def captions_of(scene: Scene) -> tuple[Caption, ...]:
    """Return the captions of a scene in their longest form, with start and end in seconds."""
    return tuple(
        Caption(round(start, 3), round(end, 3), without_escapes(words if isinstance(words, str) else words[0]))
        for start, end, words in scene.timed_captions()
    )


def metadata_of(scene: Scene, script: SceneScript, values: Mapping[str, Any], inputs: Iterable[Input]) -> SceneMetadata:
    """Return the texts, parameters and inputs of a scene for the manifest."""
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
