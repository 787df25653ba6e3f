"""Tasks run where the worker is: the scene is drawn, and its files come back as bytes."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path

from animate.atomic_files import temporary_folder
from animate.batch.cache_key import animate_source, environment, source_key
from animate.batch.files import located
from animate.batch.render_scene import SceneRenderer
from animate.batch.tasks import Report, Result, Task
from animate.errors import AnimateError, EncodeError, UsageError, described


def run_task(task: Task, report: Report | None = None) -> Result:
    """Return the result of a task; errors are part of it.

    Call it in a process of its own: while the task runs, the current folder is that of the build, and the folder for
    temporary files is one that is removed in the end.
    """
    with temporary_folder() as name:
        folder = Path(name).resolve() / "files"
        before, before_temporary = Path.cwd(), tempfile.tempdir
        try:
            folder.mkdir()
            root = Path(task.root) if task.files is None else _unpacked(task.files, folder.parent / "root")
            os.chdir(root)
            tempfile.tempdir = str(folder)
            return _run(task, root, folder, report)
        finally:
            tempfile.tempdir = before_temporary
            os.chdir(before)


def run_task_here(task: Task, report: Report | None = None) -> Result:
    """Return the result of a task, run in this process, whose current folder is that of the build already."""
    with temporary_folder() as name:
        return _run(task, Path(task.root), Path(name).resolve(), report)


def _run(task: Task, root: Path, folder: Path, report: Report | None) -> Result:
    """Return the result of a task that makes its files in a folder."""
    began = time.perf_counter()
    try:
        with redirect_stdout(sys.stderr):  # what a scene prints is no result
            if task.files is not None:  # it comes from another machine
                _check_versions(task, root)
            renderer = SceneRenderer(located(task.script, root), task.given, task.targets, root, folder)
            files, about = renderer.render(report)
        return Result(id=task.id, files=files, about=about, seconds=time.perf_counter() - began)
    except AnimateError as error:
        problem, is_usage_error = str(error) + _hint(task, error), isinstance(error, UsageError)
    except Exception as error:  # noqa: BLE001 - whatever a scene raises is reported with its kind
        problem, is_usage_error = described(error), False
    seconds = time.perf_counter() - began
    return Result(id=task.id, problem=problem, is_usage_error=is_usage_error, seconds=seconds)


def _hint(task: Task, error: AnimateError) -> str:
    if task.files is None or not isinstance(error.__cause__, FileNotFoundError):
        return ""
    return ". A worker elsewhere has only the files that `files` in animate.toml names."


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
    """Raise EncodeError if other versions are installed here, which may make other bytes."""
    here, source = _here(root)
    for name, wanted in task.environment.items():
        if here.get(name) != wanted:
            raise EncodeError(f"the worker has {name} {here.get(name)}, the build {wanted}: both must be the same.")
    if source != task.source:
        raise EncodeError("the worker has another animate than the build: both must be the same.")
