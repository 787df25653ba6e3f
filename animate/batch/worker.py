"""What a worker does with a task, wherever it is."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from functools import cache
from pathlib import Path

from animate.atomic_files import temporary_folder
from animate.batch.environment import animate_source, environment, source_key
from animate.batch.files import located
from animate.batch.render_scene import Making
from animate.batch.tasks import Report, Result, Task
from animate.errors import AnimateError, EncodeError, described


def render(task: Task, report: Report | None = None) -> Result:
    """Return the files of a task; whatever goes wrong is told in the result."""
    began = time.perf_counter()
    try:
        # what a scene prints is no result
        with _place(task) as (root, folder), redirect_stdout(sys.stderr):
            if task.files is not None:  # else it is this machine, and this animate
                _check_versions(task, root)
            making = Making(located(task.script, root), task.given, task.targets, root, folder)
            files, about = making.make(report)
        return Result(id=task.id, files=files, about=about, seconds=time.perf_counter() - began)
    except AnimateError as error:
        problem = str(error) + _hint(task, error)
    except Exception as error:  # noqa: BLE001 - whatever a scene raises is told with its name
        problem = described(error)
    return Result(id=task.id, problem=problem, seconds=time.perf_counter() - began)


def _hint(task: Task, error: AnimateError) -> str:
    if task.files is None or not isinstance(error.__cause__, FileNotFoundError):
        return ""
    return ". A worker elsewhere has only the files that `files` in animate.toml names."


@contextmanager
def _place(task: Task) -> Iterator[tuple[Path, Path]]:
    """Give the folder of the build, which is the current one meanwhile, and one for files, temporary ones too."""
    before, before_temporary = Path.cwd(), tempfile.tempdir
    with temporary_folder() as name:
        folder = Path(name).resolve() / "files"
        folder.mkdir()
        root = Path(task.root) if task.files is None else _unpacked(task.files, folder.parent / "root")
        os.chdir(root)
        tempfile.tempdir = str(folder)
        try:
            yield root, folder
        finally:
            tempfile.tempdir = before_temporary
            os.chdir(before)


def _unpacked(files: Mapping[str, bytes], root: Path) -> Path:
    root.mkdir()
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


@cache
def _here(root: Path) -> tuple[dict[str, str], str]:
    return environment(root), source_key(animate_source())


def _check_versions(task: Task, root: Path) -> None:
    """Raise EncodeError where other versions would give other bytes."""
    here, source = _here(root)
    for name, wanted in task.environment.items():
        if here.get(name) != wanted:
            raise EncodeError(f"the worker has {name} {here.get(name)}, the build {wanted}: both must be the same.")
    if source != task.source:
        raise EncodeError("the worker has another animate than the build: both must be the same.")
