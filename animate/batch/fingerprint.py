"""All that decides a scene's files, at one moment: two equal fingerprints give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from animate.batch.build_plan import SceneBuild, Target, data_files
from animate.batch.environment import animate_source, environment, relevant, source_key
from animate.batch.files import file_sha256, located, named, sha256_of
from animate.batch.imports import closure
from animate.batch.manifest import INPUT_KINDS, Input, SceneEntry
from animate.batch.packages import is_outside, package_state
from animate.library.discovery import real


@dataclass(frozen=True)
class Fingerprint:
    """What decides a scene's files, but for the settings of each file; `SceneEntry` documents the parts."""

    inputs: tuple[Input, ...]
    packages: Mapping[str, str]
    environment: Mapping[str, str]
    source: str
    given: Mapping[str, Any]

    def key(self, target: Target) -> str:
        """Return the SHA-256 over all that decides one file."""
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
    """Return what decided the files of a scene when they were made."""
    return Fingerprint(entry.inputs, entry.packages, entry.environment, entry.source, entry.given)


@dataclass
class EnvironmentSnapshot:
    """How things are at the moment of a build; each file is hashed once.

    Parameters
    ----------
    root : Path
        The folder of the build; absolute, without links.
    """

    root: Path
    _hashes: dict[Path, str | None] = field(default_factory=dict)

    @cached_property
    def environment(self) -> dict[str, str]:
        """Return the versions of what draws and encodes."""
        return environment(self.root)

    @cached_property
    def sources(self) -> dict[str, str]:
        """Return the hash of each file of animate."""
        return animate_source()

    @cached_property
    def source(self) -> str:
        """Return one hash for all of animate's files."""
        return source_key(self.sources)

    def is_same_animate(self) -> bool:
        """Return whether animate's files still are what they were, so that a process made something of just these."""
        return animate_source() == self.sources

    def sha256(self, path: Path) -> str | None:
        """Return the hash of a file, or None where there is none."""
        if path not in self._hashes:
            self._hashes[path] = file_sha256(path)
        return self._hashes[path]

    def input(self, kind: str, path: Path) -> Input:
        """Return a file as an input."""
        return Input(kind, named(path, self.root), self.sha256(real(path)))

    def fingerprint(self, order: SceneBuild, before: SceneEntry | None) -> Fingerprint:
        """Return what decides a scene's files now.

        What the script imports is read from its text. What else it read when it was last built counts too: as long as
        nothing of all this changes, it will read the same again.
        """
        modules, outside = closure(order.script)
        inputs = [self.input("script", order.script), *(self.input("module", path) for path in modules)]
        inputs += [self.input("data", path) for path in data_files(order, self.root)]
        if before is not None:
            inputs += [
                self.input(one.kind, located(one.path, self.root)) for one in before.inputs if one.kind != "script"
            ]
        known = before.packages if before is not None else {}
        return Fingerprint(
            inputs=unique(inputs),
            packages={name: package_state(name, known.get(name, "")) for name in outside if is_outside(name)},
            environment=self.environment,
            source=self.source,
            given=order.given,
        )


def unique(inputs: Iterable[Input]) -> tuple[Input, ...]:
    """Return inputs sorted, each file once, as the first kind in `INPUT_KINDS` that it was found to be."""
    by_path: dict[str, Input] = {}
    for one in sorted(inputs, key=lambda one: (INPUT_KINDS.index(one.kind), one.path)):
        by_path.setdefault(one.path, one)
    return tuple(by_path.values())
