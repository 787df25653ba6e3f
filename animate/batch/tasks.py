"""What is given to a worker, and what comes back.

A task holds all that is needed, and a result all that came of it: the files as bytes, each with its hash. So a worker
needs no disk in common with who gave it the task. Light to import: the one who gives tasks draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from animate.batch.build_plan import Target
from animate.batch.files import sha256_of
from animate.batch.manifest import Caption, File, Input, Value

Report = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done and how much there is."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """Some files of one scene, all of one size, rate and theme.

    Attributes
    ----------
    id : str
        Of the scene.
    script : str
        Its name, as `animate.batch.files.named` gives it.
    given : mapping
        As `SceneBuild` has it.
    targets : tuple of Target
    root : str
        The folder of the build; of no use where the files come along.
    environment, source
        What the worker must have for the bytes to be right.
    files : mapping or None
        By name, the bytes of the files that a worker on another machine needs.
    timeout : float or None
        Seconds.
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
    """What a scene says of itself, and what it read; fields as in `SceneEntry`."""

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
    """What came of a task: files with their bytes, or a problem."""

    id: str
    files: tuple[tuple[File, bytes], ...] = ()
    about: SceneMetadata | None = None
    seconds: float = 0.0
    problem: str = ""

    def is_whole(self) -> bool:
        """Return whether every file has the bytes that its hash tells."""
        return all(sha256_of(content) == file.sha256 for file, content in self.files)


def work(task: Task, report: Report | None = None) -> Result:
    """Return what came of a task, worked on in this process."""
    from animate.batch.worker import render

    return render(task, report)
