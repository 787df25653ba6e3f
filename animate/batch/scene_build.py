"""The files to build: for each scene and each of its variants, every file with its size, theme and format."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from animate.batch.build_settings import BuildSettings, SceneSettings
from animate.batch.manifest import NAME as MANIFEST
from animate.batch.manifest import Role
from animate.batch.scene_inputs import texts_in, written_defaults
from animate.batch.setting_keys import LOOPING_FORMATS
from animate.batch.setting_keys import NAME as SETTINGS
from animate.draw.settings import BOTH_THEMES, Settings
from animate.errors import UsageError, did_you_mean
from animate.library.discovery import find, own_scenes, real_path, scene_folders

if TYPE_CHECKING:
    from animate.draw.theme import Theme

OWN_DATA = ("data", "columns", "skip_missing", "decimal", "sheet")
"""Settings about a user's own data."""
TIMING = ("seconds", "hold", "slower")
ADJUSTMENTS = ("title", "caption", *TIMING)
"""Settings that are arguments of `Scene.adjust`."""
MAY_BE_EMPTY = ("title", "caption", "hold")
"""Settings of which an empty value, or zero, is one: no title, no caption, no hold."""
OWN_WORDS = ("title", "caption", "texts", "language", "data")
"""Settings for which a scene was not laid out."""
RESERVED = ("index.html", MANIFEST)
"""Names that a build writes once for all scenes."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """One file to write.

    Parameters
    ----------
    path : str
        Relative to the output folder.
    variant : str
        The name of a set of parameters; "" for the scene's own.
    loop : int
        How often it plays; 0 is for ever.
    video : bool
        Whether a page holds a video even if drawings take fewer bytes.
    has_both_themes : bool
        Whether readers see it in their theme, light or dark.
    sweep : tuple of str
        Parameters over which a page has sliders, as ``--sweep`` takes them.
    at : float or str, optional
        The moment of a still: 0 to 1, ``first`` or ``last``.
    """

    path: str
    role: Role
    format: str
    look: Settings
    variant: str = ""
    loop: int = 0
    video: bool = False
    has_both_themes: bool = False
    sweep: tuple[str, ...] = ()
    max_bytes: int | None = None
    at: float | str | None = None

    def decided_by(self) -> dict[str, Any]:
        """Return the settings that decide the file's bytes."""
        if self.role == "captions":
            return {"role": self.role}
        theme = self.look.theme
        look: dict[str, Any] = {"width": self.look.width, "height": self.look.height, "theme": self.look.theme_name}
        look |= {} if isinstance(theme, str) else {"colors": _described_theme(theme)}
        look |= {"transparent": True} if self.look.transparent else {}
        if self.role == "poster":
            return {"role": self.role, "at": self.at, **look}
        animation = {"role": self.role, "format": self.format, "fps": self.look.fps, "max_size": self.max_bytes}
        look |= {"video": True} if self.video and self.format == "html" else {}
        look |= {"both_themes": True} if self.has_both_themes else {}
        look |= {"sweep": self.sweep} if self.sweep else {}
        return {**animation, **look, **({"loop": self.loop} if self.format in LOOPING_FORMATS else {})}


@dataclass(frozen=True, kw_only=True)
class SceneBuild:
    """One scene, or one of its variants, to build.

    Parameters
    ----------
    name, variant : str
        The script's name; the name of a set of parameters, "" for the scene's own.
    given : mapping
        What the settings set for the scene, as JSON holds it: parameters under ``set``, ``data``, ``columns``.
    """

    name: str
    variant: str
    script: Path
    settings: SceneSettings
    given: Mapping[str, Any]
    targets: tuple[Target, ...]

    @property
    def id(self) -> str:
        """Return the name, with the variant after a dash."""
        return f"{self.name}-{self.variant}" if self.variant else self.name

    def described(self) -> dict[str, Any]:
        """Return how it is drawn and written, as the manifest stores it."""
        looks = self.settings.looks()
        names = list(dict.fromkeys(look.theme_name for look in looks))
        own = [theme for theme in self.settings.themes if not isinstance(theme, str)]
        return {
            "formats": list(self.settings.formats),
            "sizes": list(dict.fromkeys(f"{look.width}x{look.height}" for look in looks)),
            "themes": [BOTH_THEMES] if self.settings.has_both_themes else names,
            "fps": looks[0].fps,
            "loop": self.settings.loop,
            "max_size": dict(self.settings.max_size),
            "sweep": list(self.settings.sweep),
            "budget": self.settings.budget,
            "poster": self.settings.poster,
            "transparent": self.settings.transparent,
            "video": self.settings.video,
            "own_themes": {one.name: _described_theme(one) for one in own},
        }


def _described_theme(theme: Theme) -> dict[str, Any]:
    """Return colors and files of a theme as JSON holds them; the contents of files count among the inputs."""
    files = {"font_files": [Path(file).name for file in theme.font_files], "logo": Path(theme.logo).name}
    described: dict[str, Any] = json.loads(json.dumps(asdict(theme) | files))
    return described


def scene_builds(names: Sequence[str], settings: BuildSettings) -> list[SceneBuild]:
    """Return the scenes to build, sorted by name and variant.

    Parameters
    ----------
    names : sequence of str
        Names, patterns such as ``linear_*``, or paths of scripts; none means every scene of the first scene folder.

    Raises
    ------
    UsageError
        If there is no such scene, a table of the settings names none, or two files would have one name.
    """
    scripts = _scripts(names, settings)
    for script in scripts:
        _check_encodable(script)
    check_tables(settings, [script.stem for script in scripts])
    builds = [one for script in scripts for one in _builds_of(script, settings.of(script.stem))]
    _check_paths(builds, settings.output)
    return sorted(builds, key=lambda one: (one.name, one.variant))


def _scripts(names: Sequence[str], settings: BuildSettings) -> list[Path]:
    found = [path for name in names for path in _named(name, settings.scenes)] if names else own_scenes(settings.scenes)
    if not found:
        raise UsageError("there are no scenes here: name some, or give their folder with --scenes DIR.")
    return list({real_path(path): path for path in found}.values())


def _named(name: str, scenes: str | None) -> list[Path]:
    if not set("*?[") & set(name):
        return [find(name, scenes)]
    found = {path.stem: path for folder in scene_folders(scenes) for path in own_scenes(folder)}
    matching = [path for stem, path in sorted(found.items()) if fnmatchcase(stem, name)]
    if not matching:
        raise UsageError(f"no scene matches {name!r}. `animate list` shows them all.")
    return matching


def _check_encodable(script: Path) -> None:
    try:
        script.stem.encode()
    except UnicodeEncodeError:
        raise UsageError(f"a scene that is built must have a name in UTF-8; got {script.stem!r}: rename it.") from None


def check_tables(settings: BuildSettings, selected: Sequence[str]) -> None:
    """Raise UsageError if a table of the settings names no scene."""
    unknown = set(settings.by_scene) - set(selected)
    known = {path.stem for folder in scene_folders(settings.scenes) for path in folder.glob("*.py")} if unknown else ()
    for name in sorted(unknown - set(known)):
        raise UsageError(f"{SETTINGS}: [scene.{name}] names no scene.{did_you_mean(name, known)}")


def _builds_of(script: Path, settings: SceneSettings) -> Iterator[SceneBuild]:
    """Yield a scene and each of its variants."""
    for variant, values in {"": {}, **settings.variants}.items():
        yield SceneBuild(
            name=script.stem,
            variant=variant,
            script=script,
            settings=settings,
            given=given_by(script, settings, {**settings.set, **values}),
            targets=tuple(_targets(f"{script.stem}-{variant}" if variant else script.stem, variant, settings)),
        )


def given_by(script: Path, settings: SceneSettings, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what settings set for a scene, with values of its parameters, as JSON holds it.

    Raises
    ------
    UsageError
        If the scene has no such parameter, or not a text that the settings replace.
    """
    known, swept = written_defaults(script), {text.partition("=")[0] for text in settings.sweep}
    for name in sorted({*values, *swept} - set(known)) if known else ():
        hint = did_you_mean(name, known) or f" It has {', '.join(known)}."
        raise UsageError(f"{SETTINGS}: scene {script.stem} has no parameter {name!r}.{hint}")
    _check_texts(script, settings)
    own = {name: getattr(settings, name) for name in (*OWN_DATA, *TIMING, "locale")}
    given = json.loads(json.dumps({"set": dict(values), **own, "language": settings.words, **settings.text}))
    return {key: value for key, value in given.items() if value or (key in MAY_BE_EMPTY and value is not None)}


def _check_texts(script: Path, settings: SceneSettings) -> None:
    """Raise UsageError if the settings replace a text that neither the script nor the library has."""
    texts = settings.text.get("texts", {})
    if not texts:
        return
    from animate.draw.language_file import built_in_texts  # loads numpy, which an up-to-date build does without

    known = [*texts_in(script), *built_in_texts()]
    for text in texts:
        if text not in known:
            raise UsageError(
                f"{SETTINGS}: [scene.{script.stem}.text] words: there is no text {text!r} in {script.name}."
                f"{did_you_mean(text, known)}"
            )


def _targets(base: str, variant: str, settings: SceneSettings) -> Iterator[Target]:
    """Yield every file; those of the first size and theme have the plain name."""
    looks = settings.looks()
    for look in looks:
        stem = base
        if look.theme != looks[0].theme:
            stem += f"-{look.theme_name}"
        if (look.width, look.height) != (looks[0].width, looks[0].height):
            stem += f"-{look.width}x{look.height}"
        for format_ in settings.formats:
            yield Target(
                path=f"{stem}.{format_}",
                role="animation",
                format=format_,
                look=look,
                variant=variant,
                loop=settings.loop,
                video=settings.video,
                has_both_themes=settings.has_both_themes,
                sweep=settings.swept(format_),
                max_bytes=settings.max_bytes(format_),
            )
        if settings.poster is not None:
            name = f"{stem}-poster.png"
            yield Target(path=name, role="poster", format="png", look=look, variant=variant, at=settings.poster)
    yield Target(path=f"{base}.vtt", role="captions", format="vtt", look=looks[0], variant=variant)


def _check_paths(builds: Sequence[SceneBuild], output: Path) -> None:
    """Raise UsageError if two scenes would write one file; case does not count, as on a Mac or Windows disk."""
    owners: dict[str, SceneBuild] = {}
    for build in builds:
        for target in build.targets:
            if target.path.casefold() in RESERVED:
                raise UsageError(
                    f"{build.script} would be written to {output / target.path}, a build's own: rename it."
                )
            other = owners.setdefault(target.path.casefold(), build)
            if other is not build:
                scripts = " and ".join(str(one.script) for one in (other, build))
                raise UsageError(
                    f"{scripts} would both be written to {output / target.path}: rename one, or build one."
                )


def has_own_words(given: Mapping[str, Any]) -> bool:
    """Return whether a build's settings give words for which a scene was not laid out."""
    return any(name in given for name in OWN_WORDS)


def data_files(build: SceneBuild, root: Path) -> list[Path]:
    """Return the files that the settings say a scene reads, from the folder of the build.

    Raises
    ------
    UsageError
        If a pattern matches no file.
    """
    found = [root / build.given["data"]] if "data" in build.given else []
    found += [root / path for path in build.settings.own_files()]
    for pattern in build.settings.files:
        matching = sorted(path for path in root.glob(pattern) if path.is_file() and path.name != MANIFEST)
        if not matching:
            raise UsageError(f"{SETTINGS}: files: no file matches {pattern!r}.")
        found += matching
    return found
