"""The plan of a build: for each scene the files that are out of date, and the reasons in words."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from animate.batch.cache_key import EnvironmentSnapshot, Fingerprint, fingerprint_of
from animate.batch.files import file_sha256
from animate.batch.manifest import File, Input, Manifest, SceneEntry, Value
from animate.batch.scene_build import SceneBuild, Target
from animate.batch.scene_inputs import written_defaults
from animate.errors import shortened

NEVER_BUILT = "it was never built"
OUTDATED = "outdated"
UNVERSIONED = {
    "freetype": "matplotlib's FreeType changed",
    "fonts": "matplotlib's fonts changed",
    "matplotlibrc": "matplotlibrc changed",
}
"""Parts of the environment that have a hash instead of a version."""
MAX_NAMES = 3


@dataclass(frozen=True)
class ScenePlan:
    """The plan for one scene.

    Parameters
    ----------
    fingerprint : Fingerprint
        What decides the scene's files now.
    stale : tuple of Target
        The files to write; none if the scene is up to date.
    why : tuple of str
        What changed, except versions.
    """

    scene: SceneBuild
    fingerprint: Fingerprint
    entry: SceneEntry | None
    stale: tuple[Target, ...] = ()
    why: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """Return the duration of the last build; infinity if unknown, so that the scene starts first."""
        return self.entry.seconds if self.entry is not None and self.entry.seconds else float("inf")


def plan_scene(
    scene: SceneBuild, manifest: Manifest, snapshot: EnvironmentSnapshot, folder: Path, *, forced: str = ""
) -> ScenePlan:
    """Return the plan for a scene.

    Parameters
    ----------
    manifest : Manifest
        Of the last build.
    forced : str
        The reason to write everything, if there is one.
    """
    entry = manifest.entry(scene.id)
    fingerprint = snapshot.fingerprint(scene, entry)
    if entry is None or not entry.files:
        reason = _failure(entry) if entry is not None and entry.problem else NEVER_BUILT
        return ScenePlan(scene, fingerprint, entry, scene.targets, (reason,))
    known = {file.path: file for file in entry.files}
    states = {target.path: _state(target, known.get(target.path), fingerprint, folder) for target in scene.targets}
    stale = tuple(target for target in scene.targets if states[target.path] or forced)
    if not stale:
        return ScenePlan(scene, fingerprint, entry, (), tuple(_no_longer_wanted(entry, scene)))
    before = fingerprint_of(entry)
    sources = {**manifest.sources, snapshot.source: snapshot.sources}
    why = list(changes(before, fingerprint, script=scene.script, parameters=entry.parameters, sources=sources))
    versions = tuple(changed_versions(before, fingerprint))
    why += changed_settings(entry.settings, scene.described())
    why += [f"{path} {state}" for path, state in states.items() if state not in ("", OUTDATED)]
    why += [forced] if forced else []
    why += [_failure(entry)] if entry.problem else []
    if not why and not versions:
        why = ["the last build did not finish"]
    return ScenePlan(scene, fingerprint, entry, stale, tuple(why), versions)


def _failure(entry: SceneEntry) -> str:
    return f"it failed last time: {entry.problem}"


def _state(target: Target, file: File | None, now: Fingerprint, folder: Path) -> str:
    """Return what is wrong with a file, or "" if nothing is."""
    if file is None:
        return "is new"
    there = file_sha256(folder / file.path)
    if there != file.sha256:
        return "is missing" if there is None else "is not what the manifest says"
    return "" if file.key == now.key(target) else OUTDATED


def _no_longer_wanted(entry: SceneEntry, scene: SceneBuild) -> Iterator[str]:
    wanted = {target.path for target in scene.targets}
    return (f"{file.path} is no longer asked for" for file in entry.files if file.path not in wanted)


def longest_first(plans: Sequence[ScenePlan]) -> list[ScenePlan]:
    """Return plans in the order in which to start them."""
    return sorted(plans, key=lambda plan: (-plan.seconds, plan.scene.id))


def changes(
    before: Fingerprint, now: Fingerprint, *, script: Path, parameters: Iterable[Value], sources: Mapping[str, Any]
) -> Iterator[str]:
    """Yield what differs between two fingerprints, in words, except versions: see `changed_versions`.

    Parameters
    ----------
    script : Path
        As it is now.
    parameters : iterable of Value
        Those of the last build.
    sources : mapping
        By source key, the hash of each file of animate, for ``before.source`` and ``now.source``.
    """
    yield from changed_values(before.given, now.given)
    yield from _changed_inputs(before.inputs, now.inputs, _changed_defaults(script, parameters, now.given))
    if before.source != now.source:
        yield _changed_source(sources.get(before.source, {}), sources.get(now.source, {}))


def changed_versions(before: Fingerprint, now: Fingerprint) -> Iterator[str]:
    """Yield which versions differ: of what draws and encodes, and of the packages that scripts import."""
    for name in sorted(set(before.environment) | set(now.environment)):
        was, is_ = before.environment.get(name, "unknown"), now.environment.get(name, "unknown")
        if was != is_:
            yield UNVERSIONED.get(name, f"{name} {is_}, was {was}")
    for name in sorted(set(before.packages) | set(now.packages)):
        was, is_ = before.packages.get(name, "not imported"), now.packages.get(name, "not imported")
        if was != is_:
            yield f"package {name}: {is_}, was {was}"


def changed_values(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield which parameters, data and columns have other values."""
    flat_before, flat_now = map(_flat, (before, now))
    for key in sorted(set(flat_before) | set(flat_now)):
        was, is_ = flat_before.get(key), flat_now.get(key)
        if was == is_:
            continue
        name, english = key
        name += f" {shortened(english)!r}" if english else ""
        if was is None:
            yield f"{name} is set to {_shown(is_)}"
        else:
            yield f"{name} is no longer set, was {_shown(was)}" if is_ is None else _changed(name, was, is_)


class _Words(str):
    """A text that a reason quotes."""

    __slots__ = ()


def _flat(given: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """Return what settings set, each parameter, caption and text by its own name and the text it replaces, if any."""
    flat = {(name, ""): value for name, value in given.get("set", {}).items()}
    for name, value in given.items():
        if name == "texts":
            flat |= {("the text for", english): _Words(other) for english, other in value.items()}
        elif name == "caption" and isinstance(value, Mapping):
            flat |= {(f"caption {number}", ""): _Words(text) for number, text in value.items()}
        elif name in ("title", "caption"):
            flat[name, ""] = _Words(value)
        elif name != "set":
            flat["words" if name == "language" else name, ""] = value
    return flat


def changed_settings(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield which settings have other values; further formats, sizes and themes show as new files."""
    if not before:
        return
    for name in ("fps", "loop", "max_size", "sweep", "budget", "poster", "transparent", "video"):
        if name in before and name in now and before[name] != now[name]:
            yield _changed(name, before[name], now[name])
    for name in ("size", "theme"):  # files of the first have the plain name
        if f"{name}s" in before and f"{name}s" in now:
            was, is_ = before[f"{name}s"][0], now[f"{name}s"][0]
            if was != is_:
                yield _changed(name, was, is_)
    for theme, values in now.get("own_themes", {}).items():
        old = before.get("own_themes", {}).get(theme, values)
        changed = [
            _changed(key.replace("_", " "), old.get(key), value)
            for key, value in values.items()
            if old.get(key) != value
        ]
        if changed:
            yield f"theme {theme}: {', '.join(changed)}"


def _changed(name: str, was: Any, is_: Any) -> str:
    return f"{name} changed from {_shown(was)} to {_shown(is_)}"


def _shown(value: Any) -> str:
    if value is None or value in ("", [], ()):
        return "none"
    if isinstance(value, _Words):
        return repr(shortened(value))
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {size}".strip() for name, size in value.items()) or "none"
    if isinstance(value, str):
        return shortened(value)
    return f"{value:g}" if isinstance(value, float) else str(value).lower()


def _changed_inputs(before: Iterable[Input], now: Iterable[Input], in_script: list[str]) -> Iterator[str]:
    was, is_ = ({one.path: one for one in inputs} for inputs in (before, now))
    for path in sorted(set(was) | set(is_), key=lambda path: ((is_.get(path) or was[path]).kind != "script", path)):
        old, new = was.get(path), is_.get(path)
        if old is not None and new is not None and old.sha256 == new.sha256:
            continue
        details = f" ({'; '.join(in_script)})" if in_script and new is not None and new.kind == "script" else ""
        yield f"{path} {_input_state(old, new)}{details}"


def _input_state(old: Input | None, new: Input | None) -> str:
    if old is None or old.sha256 is None:
        return "is missing" if new is None or new.sha256 is None else "is new"
    return "is gone" if new is None or new.sha256 is None else "changed"


def _changed_defaults(script: Path, parameters: Iterable[Value], given: Mapping[str, Any]) -> list[str]:
    """Return which defaults in the script differ from those of the last build."""
    written = written_defaults(script)
    found = []
    for parameter in parameters:
        try:
            now = ast.literal_eval(written[parameter.name])
        except (KeyError, ValueError):
            continue
        before = tuple(parameter.default) if isinstance(parameter.default, list) else parameter.default
        if now != before and parameter.name not in given.get("set", {}):
            found.append(_changed(parameter.name, before, now))
    return found


def _changed_source(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    names = sorted(name for name in set(before) | set(now) if before.get(name) != now.get(name)) if before else []
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    listed = f": {', '.join(names[:MAX_NAMES])}{more}" if names else ""
    return f"animate itself changed{listed}"
