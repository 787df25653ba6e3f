"""What changed since a scene was last built, in words."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from animate.batch.fingerprint import Fingerprint
from animate.batch.imports import defaults
from animate.batch.manifest import Input, Value

ENVIRONMENT = {
    "freetype": "matplotlib's FreeType changed",
    "fonts": "matplotlib's fonts changed",
    "matplotlibrc": "matplotlibrc changed",
}
"""What has no version to tell."""

MOST_NAMES = 3


def changes(
    before: Fingerprint, now: Fingerprint, *, script: Path, parameters: Iterable[Value], sources: Mapping[str, Any]
) -> Iterator[str]:
    """Yield what is different, but for versions: those are told by `changed_versions`.

    Parameters
    ----------
    before, now : Fingerprint
    script : Path
        As it is now.
    parameters : iterable of Value
        As the scene was last built with.
    sources : mapping
        By source key, the hash of each file of animate, for ``before.source`` and ``now.source``.
    """
    yield from changed_values(before.given, now.given)
    yield from _changed_inputs(before.inputs, now.inputs, _changed_defaults(script, parameters, now.given))
    yield from _changed_source(sources.get(before.source, {}), sources.get(now.source, {}), before.source, now.source)


def changed_versions(before: Fingerprint, now: Fingerprint) -> Iterator[str]:
    """Yield what is different in the versions of what draws and encodes, and of packages that scripts import."""
    for name in sorted(set(before.environment) | set(now.environment)):
        was, is_ = before.environment.get(name, "unknown"), now.environment.get(name, "unknown")
        if was != is_:
            yield ENVIRONMENT.get(name, f"{name} {is_}, was {was}")
    for name in sorted(set(before.packages) | set(now.packages)):
        was, is_ = before.packages.get(name, "not imported"), now.packages.get(name, "not imported")
        if was != is_:
            yield f"package {name}: {is_}, was {was}"


def changed_values(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield which parameters, data and columns are set to something else."""
    flat_before, flat_now = (
        {**given.get("set", {}), **{name: given[name] for name in ("data", "columns") if name in given}}
        for given in (before, now)
    )
    for name in sorted(set(flat_before) | set(flat_now)):
        if flat_before.get(name) != flat_now.get(name):
            yield _step(name, flat_before.get(name), flat_now.get(name))


def changed_settings(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield which settings are others; formats, sizes and themes show in the files that are new."""
    for name in ("fps", "loop", "max_size", "poster"):
        if before and before.get(name) != now.get(name):
            yield _turned(name, before.get(name), now.get(name))


def _step(name: str, was: Any, is_: Any) -> str:
    if was is None:
        return f"{name} is set to {_shown(is_)}"
    return f"{name} is set no more, was {_shown(was)}" if is_ is None else _turned(name, was, is_)


def _turned(name: str, was: Any, is_: Any) -> str:
    return f"{name} changed from {_shown(was)} to {_shown(is_)}"


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {size}".strip() for name, size in value.items()) or "none"
    return value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value).lower()


def _changed_inputs(before: Iterable[Input], now: Iterable[Input], in_script: list[str]) -> Iterator[str]:
    was, is_ = ({one.path: one for one in inputs} for inputs in (before, now))
    for path in sorted(set(was) | set(is_), key=lambda path: ((is_.get(path) or was[path]).kind != "script", path)):
        old, new = was.get(path), is_.get(path)
        if old is not None and new is not None and old.sha256 == new.sha256:
            continue
        details = f" ({'; '.join(in_script)})" if in_script and new is not None and new.kind == "script" else ""
        yield f"{path} {_became(old, new)}{details}"


def _became(old: Input | None, new: Input | None) -> str:
    if old is None or old.sha256 is None:
        return "is new"
    return "is gone" if new is None or new.sha256 is None else "changed"


def _changed_defaults(script: Path, parameters: Iterable[Value], given: Mapping[str, Any]) -> list[str]:
    """Return which defaults in the script are not those that the scene was last built with."""
    written = defaults(script)
    told = []
    for parameter in parameters:
        try:
            now = ast.literal_eval(written[parameter.name])
        except (KeyError, ValueError):
            continue
        before = tuple(parameter.default) if isinstance(parameter.default, list) else parameter.default
        if now != before and parameter.name not in given.get("set", {}):
            told.append(_turned(parameter.name, before, now))
    return told


def _changed_source(before: Mapping[str, str], now: Mapping[str, str], was: str, is_: str) -> Iterator[str]:
    if was == is_:
        return
    names = sorted(name for name in set(before) | set(now) if before.get(name) != now.get(name)) if before else []
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    listed = f": {', '.join(names[:MOST_NAMES])}{more}" if names else ""
    yield f"animate itself changed{listed}"
