"""Whoever works on a build, the bytes are the same, and a worker that dies or hangs takes nothing with it."""

from __future__ import annotations

import os
import re
import tempfile
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from animate.batch.executors import Serial, workers
from animate.batch.task_runner import run_task
from animate.batch.tasks import Result
from animate.errors import UsageError

# ends its own process the first time, is a scene the second
DIES_ONCE = """
import os
from pathlib import Path
if not Path("died").exists():
    Path("died").touch()
    os._exit(7)
"""


# -- builds


class Elsewhere(Serial):
    """Works in this process, but where none of the files are."""

    def submit(self, function: Any, /, *args: Any, **_: Any) -> Future[Any]:
        before = Path.cwd()
        os.chdir("/")
        try:
            return super().submit(run_task, replace(args[0], root="/nowhere"))
        finally:
            os.chdir(before)


@pytest.fixture
def three(build: Any, reading_scene: Path, write_scene: Any) -> Any:
    write_scene("other")
    write_scene("broken", body="raise ValueError('too many')")
    return build


EXPECTED: dict[str, bytes] = {}
"""What one process makes of the three scenes, wherever their folder is: made once."""


@pytest.fixture
def expected(three: Any, files: Any) -> dict[str, bytes]:
    if not EXPECTED:
        three(output="expected")
        EXPECTED.update(files("expected"))
    return EXPECTED


@pytest.mark.parametrize("jobs", [1, 2])
def test_processes_make_the_same_bytes(three: Any, expected: Any, files: Any, verdicts: Any, jobs: int) -> None:
    three(executor="processes", jobs=jobs)
    assert files() == expected
    assert verdicts() == {"broken": "failed", "lesson": "built", "other": "built"}


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_makes_the_same_bytes(three: Any, expected: Any, files: Any, verdicts: Any, kind: Any) -> None:
    import multiprocessing

    more = {"mp_context": multiprocessing.get_context("spawn")} if kind is ProcessPoolExecutor else {}
    with kind(2, **more) as executor:
        three(executor=executor)
    assert files() == expected
    assert verdicts() == {"broken": "failed", "lesson": "built", "other": "built"}


def test_a_worker_without_the_disk_gets_the_files_along(three: Any, expected: Any, files: Any) -> None:
    assert three(executor=Elsewhere())["broken"].problem == "scenes/broken.py:8: build failed: ValueError: too many"
    assert files() == expected


def test_a_file_that_the_script_does_not_name_goes_along_where_the_settings_do(
    build: Any, reading_scene: Path, verdicts: Any
) -> None:
    reading_scene.write_text(reading_scene.read_text().replace('"data/words.txt"', '"data/words" + ".txt"'))
    told = build(executor=Elsewhere())["lesson"].problem
    assert "No such file" in told
    assert told.endswith("A worker elsewhere has only the files that `files` in animate.toml names.")
    Path("animate.toml").write_text('files = ["data/*.txt"]\n')
    build(executor=Elsewhere())
    assert verdicts() == {"lesson": "built"}


def test_a_file_that_a_scene_was_once_seen_to_read_goes_along(build: Any, reading_scene: Path, verdicts: Any) -> None:
    reading_scene.write_text(reading_scene.read_text().replace('"data/words.txt"', '"data/words" + ".txt"'))
    build()
    build(executor=Elsewhere(), force=True)
    assert verdicts() == {"lesson": "built"}


@pytest.mark.parametrize(
    ("there", "told"),
    [
        (lambda known, source: ({**known, "matplotlib": "3.0"}, source), "the worker has matplotlib 3.0, the build 3."),
        (lambda known, source: (known, "0" * 64), "the worker has another animate than the build"),
    ],
)
def test_a_worker_with_other_versions_is_refused(
    build: Any, write_scene: Any, monkeypatch: pytest.MonkeyPatch, there: Any, told: str
) -> None:
    from animate.batch import task_runner

    here = task_runner._here(Path.cwd())
    monkeypatch.setattr(task_runner, "_here", lambda root: there(*here))
    write_scene()
    assert told in build(executor=Elsewhere())["lesson"].problem


def test_a_scene_that_never_ends_is_given_up_and_the_others_stand(build: Any, write_scene: Any, files: Any) -> None:
    write_scene("a", body="while True: pass")
    write_scene("b")
    Path("animate.toml").write_text("[scene.a]\ntimeout = 1.5\n")
    entries = build(executor="processes")
    assert (entries["a"].problem, entries["a"].seconds) == ("it took longer than 1.5 s and was ended.", 1.5)
    assert entries["b"].verdict == "built"


def test_a_process_that_dies_once_loses_nothing(build: Any, write_scene: Any, small_scene: str) -> None:
    write_scene(body=DIES_ONCE + small_scene)
    assert build(executor="processes")["lesson"].verdict == "built"


def test_a_process_that_dies_again_is_told_and_the_others_stand(build: Any, write_scene: Any) -> None:
    write_scene("a", body="import os; os.kill(os.getpid(), 11)")
    write_scene("b")
    entries = build(executor="processes")
    told = r"the process that drew it was killed by signal 11, at \S*scenes/a\.py:\d+, 2 times\."
    assert re.fullmatch(told, entries["a"].problem)
    assert entries["b"].verdict == "built"


class Losing(Serial):
    """Loses the first answers, or gives them back damaged."""

    def __init__(self, n_times: int, how: Any) -> None:
        self.n_left, self.how = n_times, how

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(function, *args, **kwargs)
        if self.n_left:
            self.n_left -= 1
            return self.how(future)  # type: ignore[no-any-return]
        return future


def lost(_: Any) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(BrokenProcessPool("a worker died"))
    return future


def damaged(future: Future[Result]) -> Future[Any]:
    result = future.result()
    broken = [(file, content[:-1] + b"?") for file, content in result.files]
    again: Future[Any] = Future()
    again.set_result(replace(result, files=tuple(broken)))
    return again


@pytest.mark.parametrize("how", [lost, damaged])
def test_an_answer_that_is_lost_or_damaged_is_asked_for_again(build: Any, write_scene: Any, how: Any) -> None:
    write_scene()
    assert build(executor=Losing(2, how))["lesson"].verdict == "built"


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (lost, "it was lost with its worker (BrokenProcessPool: a worker died), 3 times."),
        (damaged, "its files came back damaged, 3 times."),
    ],
)
def test_an_answer_that_is_lost_each_time_is_told(build: Any, write_scene: Any, how: Any, told: str) -> None:
    write_scene()
    assert build(executor=Losing(3, how))["lesson"].problem == told


def test_an_executor_that_takes_nothing_is_told(build: Any, write_scene: Any) -> None:
    write_scene()
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    assert (
        "nobody works on it: cannot schedule new futures after shutdown" in build(executor=executor)["lesson"].problem
    )


def test_an_unknown_executor_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'processes'"), workers("process"):
        pass


def test_the_serial_executor_leaves_the_folders_of_this_process_alone(
    build: Any, write_scene: Any, small_scene: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: list[str] = []
    monkeypatch.setattr(os, "chdir", lambda path: changes.append(str(path)))
    monkeypatch.setattr(tempfile, "tempdir", str(Path.cwd()))
    write_scene(body=f"import tempfile; assert tempfile.tempdir == {str(Path.cwd())!r}\n{small_scene}")
    assert build(executor="serial")["lesson"].verdict == "built"
    assert changes == []
