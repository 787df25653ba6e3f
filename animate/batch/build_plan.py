"""What is to be written: for each scene and each of its variants, every file with its size, theme and format."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from animate.batch.imports import defaults
from animate.batch.manifest import NAME as MANIFEST
from animate.batch.settings import NAME as SETTINGS
from animate.batch.settings import BuildSettings, SceneSettings
from animate.batch.settings_schema import LOOPING
from animate.draw.settings import Settings
from animate.errors import UsageError, did_you_mean
from animate.library.discovery import find, own_scenes, real, scene_folders

FOR_ALL = ("index.html", MANIFEST)
"""What a build writes for all scenes together."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """One file to be written; its path is from the output folder.

    ``look`` is the size, rate and theme; ``at`` the moment of a still.
    """

    path: str
    role: str
    format: str
    look: Settings
    variant: str = ""
    loop: int = 0
    max_bytes: int | None = None
    at: float | str | None = None

    def decided_by(self) -> dict[str, Any]:
        """Return what of the settings decides the bytes."""
        if self.role == "captions":
            return {"role": self.role}
        look = {"width": self.look.width, "height": self.look.height, "theme": self.look.theme}
        if self.role == "poster":
            return {"role": self.role, "at": self.at, **look}
        animation = {"role": self.role, "format": self.format, "fps": self.look.fps, "max_size": self.max_bytes}
        return {**animation, **look, **({"loop": self.loop} if self.format in LOOPING else {})}


@dataclass(frozen=True, kw_only=True)
class SceneBuild:
    """One scene, or one of its variants, to be built.

    ``given`` is what the settings set for it: parameters under ``set``, ``data``, ``columns``; as JSON holds them.
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
        """Return how it is drawn and written, as the manifest tells it."""
        looks = self.settings.looks()
        return {
            "formats": list(self.settings.formats),
            "sizes": list(dict.fromkeys(f"{look.width}x{look.height}" for look in looks)),
            "themes": list(self.settings.themes),
            "fps": looks[0].fps,
            "loop": self.settings.loop,
            "max_size": dict(self.settings.max_size),
            "poster": self.settings.poster,
        }


def orders_of(names: Sequence[str], settings: BuildSettings) -> list[SceneBuild]:
    """Return what is to be built, sorted.

    Parameters
    ----------
    names : sequence of str
        Names, patterns such as ``linear_*``, or paths of scripts; none means every scene of the first scene folder.
    settings : BuildSettings

    Raises
    ------
    UsageError
        If there is no such scene, a setting names none, or two files would have one name.
    """
    scripts = _scripts(names, settings)
    for script in scripts:
        _check_name(script)
    _check_names(settings, [script.stem for script in scripts])
    orders = [order for script in scripts for order in _orders(script, settings.of(script.stem))]
    _check_paths(orders, settings.output)
    return sorted(orders, key=lambda order: (order.name, order.variant))


def _scripts(names: Sequence[str], settings: BuildSettings) -> list[Path]:
    found = [path for name in names for path in _named(name, settings.scenes)] if names else own_scenes(settings.scenes)
    if not found:
        raise UsageError("there are no scenes here: name some, or give their folder with --scenes DIR.")
    return list({real(path): path for path in found}.values())


def _named(name: str, scenes: str | None) -> list[Path]:
    if not set("*?[") & set(name):
        return [find(name, scenes)]
    found = {path.stem: path for folder in scene_folders(scenes) for path in own_scenes(folder)}
    matching = [path for stem, path in sorted(found.items()) if fnmatchcase(stem, name)]
    if not matching:
        raise UsageError(f"no scene matches {name!r}. `animate list` shows them all.")
    return matching


def _check_name(script: Path) -> None:
    try:
        script.stem.encode()
    except UnicodeEncodeError:
        raise UsageError(f"a scene that is built must have a name in UTF-8; got {script.stem!r}: rename it.") from None


def _check_names(settings: BuildSettings, selected: Sequence[str]) -> None:
    unknown = set(settings.by_scene) - set(selected)
    known = {path.stem for folder in scene_folders(settings.scenes) for path in folder.glob("*.py")} if unknown else ()
    for name in sorted(unknown - set(known)):
        raise UsageError(f"{SETTINGS}: [scene.{name}] names no scene.{did_you_mean(name, known)}")


def _orders(script: Path, settings: SceneSettings) -> Iterator[SceneBuild]:
    known = defaults(script)
    for variant, values in {"": {}, **settings.variants}.items():
        chosen = {**settings.set, **values}
        for name in sorted(set(chosen) - set(known)) if known else ():
            hint = did_you_mean(name, known) or f" It has {', '.join(known)}."
            raise UsageError(f"{SETTINGS}: scene {script.stem} has no parameter {name!r}.{hint}")
        given = json.loads(json.dumps({"set": chosen, "data": settings.data, "columns": settings.columns}))
        stated = {key: value for key, value in given.items() if value}
        targets = tuple(_targets(f"{script.stem}-{variant}" if variant else script.stem, variant, settings))
        yield SceneBuild(
            name=script.stem, variant=variant, script=script, settings=settings, given=stated, targets=targets
        )


def _targets(base: str, variant: str, settings: SceneSettings) -> Iterator[Target]:
    """Yield every file; those of the first size and theme have the plain name."""
    looks = settings.looks()
    for look in looks:
        stem = base
        if look.theme != looks[0].theme:
            stem += f"-{look.theme}"
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
                max_bytes=settings.budget(format_),
            )
        if settings.poster is not None:
            name = f"{stem}-poster.png"
            yield Target(path=name, role="poster", format="png", look=look, variant=variant, at=settings.poster)
    yield Target(path=f"{base}.vtt", role="captions", format="vtt", look=looks[0], variant=variant)


def _check_paths(orders: Sequence[SceneBuild], output: Path) -> None:
    owners: dict[str, SceneBuild] = {}
    for order in orders:
        for target in order.targets:
            if target.path.casefold() in FOR_ALL:
                raise UsageError(
                    f"{order.script} would be written to {output / target.path}, a build's own: rename it."
                )
            # a Mac or a Windows disk takes A.gif and a.gif for one file
            other = owners.setdefault(target.path.casefold(), order)
            if other is not order:
                scripts = " and ".join(str(one.script) for one in (other, order))
                raise UsageError(
                    f"{scripts} would both be written to {output / target.path}: rename one, or build one."
                )


def data_files(order: SceneBuild, root: Path) -> list[Path]:
    """Return the files that the settings say a scene reads.

    Raises
    ------
    UsageError
        If a pattern matches none.
    """
    found = [root / order.given["data"]] if "data" in order.given else []
    for pattern in order.settings.files:
        matching = sorted(path for path in root.glob(pattern) if path.is_file() and path.name != MANIFEST)
        if not matching:
            raise UsageError(f"{SETTINGS}: files: no file matches {pattern!r}.")
        found += matching
    return found
