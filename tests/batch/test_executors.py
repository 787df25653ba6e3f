"""Whoever works on a build, the bytes are the same, and a worker that dies or hangs takes nothing with it."""

from __future__ import annotations

import os
import pickle
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from animate.batch.child import Child, Died, TookTooLong
from animate.batch.executors import Serial, workers
from animate.batch.tasks import Result, work
from animate.errors import UsageError

# ends its own process the first time, is a scene the second
DIES_ONCE = """
import os
from pathlib import Path
if not Path("died").exists():
    Path("died").touch()
    os._exit(7)
"""


def called(function: Any, *arguments: Any, timeout: float | None = None, report: Any = None) -> Any:
    child = Child()
    try:
        return child.call(function, *arguments, timeout=timeout, report=report)
    finally:
        child.close()


# -- functions for the child, which hand their last argument, a reporter, on or ignore it


def double(number: int, _: Any) -> int:
    return 2 * number


def fail(_: Any) -> None:
    raise ValueError("too many")


def leave(_: Any) -> None:
    os._exit(7)


def die(_: Any) -> None:
    os.kill(os.getpid(), 9)


def wait(_: Any) -> None:
    time.sleep(60)


def talk(report: Any) -> str:
    sys.stdout.write("this is no answer\n")
    sys.stdout.flush()
    os.write(1, b"nor is this\n")
    report("frames", 1, 2)
    report("frames", 2, 2)
    return "done"


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make this file's functions importable by the child."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    import test_executors as here

    yield here
    del sys.modules["test_executors"]


def test_a_child_answers_again_and_again(functions: Any) -> None:
    child = Child()
    assert [child.call(functions.double, number, timeout=60, report=None) for number in (1, 2)] == [2, 4]
    child.close()


def test_what_a_child_prints_is_no_answer_and_its_reports_arrive(functions: Any, capfd: Any) -> None:
    reports: list[Any] = []
    assert called(functions.talk, report=lambda *told: reports.append(told)) == "done"
    assert reports == [("frames", 1, 2), ("frames", 2, 2)]
    assert capfd.readouterr().err == "this is no answer\nnor is this\n"


def test_an_error_in_a_child_is_raised_here(functions: Any) -> None:
    with pytest.raises(ValueError, match="too many"):
        called(functions.fail)


def test_a_child_that_ends_is_told_with_its_exit_code(functions: Any) -> None:
    with pytest.raises(Died, match="ended with exit code 7"):
        called(functions.leave)


def test_a_child_that_is_killed_is_told_with_its_signal(functions: Any) -> None:
    with pytest.raises(Died, match="was killed by signal 9"):
        called(functions.die)


def test_a_child_over_its_time_is_ended(functions: Any) -> None:
    began = time.monotonic()
    with pytest.raises(TookTooLong):
        called(functions.wait, timeout=1.0)
    assert time.monotonic() - began < 20


def test_a_closed_child_leaves_no_folder(functions: Any) -> None:
    child = Child()
    child.call(functions.double, 1, timeout=60, report=None)
    folder = Path(child._temporary.name)
    assert folder.exists()
    child.close()
    assert not folder.exists()


def test_a_child_ends_with_its_input(functions: Any) -> None:
    child = Child()
    child.call(functions.double, 1, timeout=60, report=None)
    assert child._process.stdin is not None
    child._process.stdin.close()
    assert child._process.wait(timeout=20) == 1
    assert not Path(child._temporary.name).exists()
    child.close()


# -- builds


class Elsewhere(Serial):
    """Works in this process, but where none of the files are."""

    def submit(self, function: Any, /, *args: Any, **_: Any) -> Future[Any]:
        before = Path.cwd()
        os.chdir("/")
        try:
            return super().submit(work, replace(args[0], root="/nowhere"))
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
    from animate.batch import worker

    here = worker._here(Path.cwd())
    monkeypatch.setattr(worker, "_here", lambda root: there(*here))
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
    assert entries["a"].problem == "the process that drew it was killed by signal 11, 2 times."
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


def test_a_child_whose_answer_nobody_reads_ends_without_a_word(functions: Any, capfd: Any) -> None:
    child = Child()
    child.call(functions.double, 1, timeout=60, report=None)
    stdin, stdout = child._process.stdin, child._process.stdout
    assert stdin is not None
    assert stdout is not None
    stdout.close()
    stdin.write(pickle.dumps((functions.double, (2,))))
    stdin.flush()
    assert child._process.wait(timeout=20) == 1
    assert not Path(child._temporary.name).exists()
    child.close()
    assert capfd.readouterr().err == ""
