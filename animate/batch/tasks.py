"""The tasks that are sent to workers, and their results.

A task holds all that a worker needs, and a result all that it made: the files as bytes, each with its hash. So a worker
need not share a disk with the process that sends the task. This module is light to import: that process draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from animate.batch.files import sha256_of
from animate.batch.manifest import Caption, File, Input, Value
from animate.batch.scene_build import Target

Report = Callable[[str, int, int], None]
"""Called with a stage, how many of its steps are done and how many there are."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """Some files of one scene, all of one size, rate and theme; a page of a sweep is its only animation.

    Attributes
    ----------
    script : str
        The name of its script, as `animate.batch.files.named` returns it.
    root : str
        The folder of the build; unused if *files* is given.
    environment, source
        The versions that the worker must have to make the same bytes.
    files : mapping or None
        For a worker on another machine: the bytes of the files that it needs, by name.
    """

    id: str
    script: str
    given: Mapping[str, Any]
    targets: tuple[Target, ...]
    root: str
    environment: Mapping[str, str]
    source: str
    files: Mapping[str, bytes] | None = None
    timeout: float | None = None


@dataclass(frozen=True, kw_only=True)
class SceneMetadata:
    """Title, texts and parameters of a scene, and the files that it read; fields as in `SceneEntry`."""

    question: str
    description: str
    title: str
    alt: str
    duration: float
    captions: tuple[Caption, ...]
    parameters: tuple[Value, ...]
    inputs: tuple[Input, ...]


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result of a task: files with their bytes, or a problem.

    Attributes
    ----------
    is_usage_error : bool
        Whether the problem is a wrong name or value of the user's, not a failure.
    """

    id: str
    files: tuple[tuple[File, bytes], ...] = ()
    about: SceneMetadata | None = None
    seconds: float = 0.0
    problem: str = ""
    is_usage_error: bool = False

    def is_whole(self) -> bool:
        """Return whether the bytes of every file match its hash."""
        return all(sha256_of(content) == file.sha256 for file, content in self.files)
