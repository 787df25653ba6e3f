"""A worker answers again and again, is killed at its time limit, and leaves nothing however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from animate.processes import worker as worker_module
from animate.processes.worker import TaskRaised, WorkerDied, WorkerOptions, WorkerProcess, WorkerTimeout

pytestmark = pytest.mark.timeout(120)

ROOT = Path(__file__).resolve().parents[2]
TASKS = """
import os, sys, time
import numpy as np

class OddError(Exception):
    def __init__(self, one, two):
        super().__init__(one)

def double(number, _): return 2 * number
def fail(_): raise ValueError("too many")
def fail_as_the_system_does(_): raise FileNotFoundError(2, "No such file", "a.csv")
def fail_oddly(_): raise OddError("odd", 2)
def interrupt(_): raise KeyboardInterrupt
def answer_what_cannot_be_pickled(_): return lambda: 0
def leave(_): os._exit(7)
def die(number, _): os.kill(os.getpid(), number)
def wait(seconds, _): time.sleep(seconds)
def read_input(_): return sys.stdin.read()
def variable(name, _): return os.environ.get(name)
def modules(_): return sorted(sys.modules)
def hoard(_): return len(bytearray(1 << 40))
def folder(_):
    import tempfile
    return tempfile.gettempdir()
def talk(report):
    sys.stdout.write("this is no answer\\n")
    sys.stdout.flush()
    os.write(1, b"nor is this\\n")
    report("frames", 1, 2)
    report("frames", 2, 2)
    return "done"
def start_another(_):
    import subprocess
    return subprocess.Popen(["sleep", "60"]).pid
"""


@pytest.fixture
def tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Return a module of functions that a worker can import."""
    (tmp_path / "worker_tasks.py").write_text(TASKS)
    monkeypatch.syspath_prepend(str(tmp_path))
    import worker_tasks  # type: ignore[import-not-found]

    yield worker_tasks
    del sys.modules["worker_tasks"]


@pytest.fixture
def worker(tasks: ModuleType) -> Iterator[WorkerProcess]:
    """Return a worker that can import the tasks."""
    worker = WorkerProcess()
    yield worker
    worker.close()


# -- answers


def test_a_worker_answers_again_and_again(worker: WorkerProcess, tasks: Any) -> None:
    assert [worker.call(tasks.double, number) for number in (1, 2)] == [2, 4]


def test_what_a_task_prints_is_no_answer_and_its_reports_arrive(tasks: Any, capfd: Any) -> None:
    worker = WorkerProcess()
    reports: list[Any] = []
    assert worker.call(tasks.talk, report=lambda *content: reports.append(content)) == "done"
    assert reports == [("frames", 1, 2), ("frames", 2, 2)]
    assert capfd.readouterr().err == "this is no answer\nnor is this\n"
    worker.close()


def test_a_task_has_no_input_to_read(worker: WorkerProcess, tasks: Any) -> None:
    assert worker.call(tasks.read_input) == ""


def test_a_worker_has_loaded_only_what_it_needs(worker: WorkerProcess, tasks: Any) -> None:
    loaded = worker.call(tasks.modules)
    assert not {"matplotlib", "click", "PIL"} & set(loaded)
    assert {name.removeprefix("animate") for name in loaded if name.startswith("animate")} == {
        "",
        "._hook",
        "._lazy",
        ".errors",
        ".processes",
        ".processes.serve",
    }


def test_options_reach_the_process(tasks: Any) -> None:
    worker = WorkerProcess(WorkerOptions(preload="animate.draw.settings", environment={"OMP_NUM_THREADS": "1"}))
    assert worker.call(tasks.variable, "OMP_NUM_THREADS") == "1"
    assert "animate.draw.settings" in worker.call(tasks.modules)
    worker.close()


def test_a_message_can_be_empty_of_arrays_or_full_of_them(worker: WorkerProcess, tasks: Any) -> None:
    assert worker.call(tasks.double, 0) == 0
    array = np.arange(10**6).reshape(1000, 1000)
    assert np.array_equal(worker.call(tasks.double, array[::2, ::3]), 2 * array[::2, ::3])


# -- errors


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("fail", ValueError, "too many"),
        ("fail_as_the_system_does", FileNotFoundError, "No such file"),
        ("fail_oddly", TaskRaised, "OddError: odd"),
        ("interrupt", TaskRaised, "KeyboardInterrupt"),
    ],
)
def test_an_error_of_a_task_is_raised_here_and_the_worker_goes_on(
    worker: WorkerProcess, tasks: Any, name: str, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        worker.call(getattr(tasks, name))
    assert worker.call(tasks.double, 2) == 4


def test_a_task_that_cannot_be_imported_is_an_error(tasks: Any, tmp_path: Path) -> None:
    worker = WorkerProcess()
    worker.call(repr)
    (tmp_path / "worker_tasks.py").write_text("")
    with pytest.raises(AttributeError, match="double"):
        worker.call(tasks.double, 2)
    worker.close()


def test_an_answer_that_cannot_be_pickled_is_an_error(worker: WorkerProcess, tasks: Any) -> None:
    with pytest.raises(Exception, match="pickle"):
        worker.call(tasks.answer_what_cannot_be_pickled)
    assert worker.call(tasks.double, 2) == 4


def test_a_report_that_raises_ends_the_worker(worker: WorkerProcess, tasks: Any) -> None:
    def refuse(*_: object) -> None:
        raise BrokenPipeError("nobody reads this")

    with pytest.raises(BrokenPipeError):
        worker.call(tasks.talk, report=refuse)
    assert worker.is_over


# -- ends


def test_a_worker_that_ends_is_reported_with_its_exit_code(worker: WorkerProcess, tasks: Any) -> None:
    with pytest.raises(WorkerDied, match=r"^ended with exit code 7$"):
        worker.call(tasks.leave)
    assert worker.is_over


def test_a_worker_that_is_killed_is_reported_with_its_signal(worker: WorkerProcess, tasks: Any) -> None:
    with pytest.raises(WorkerDied, match=r"^was killed by signal 9$"):
        worker.call(tasks.die, 9)


def test_a_worker_that_crashes_is_reported_with_the_line(worker: WorkerProcess, tasks: Any) -> None:
    line = TASKS[: TASKS.index("def die")].count("\n") + 1
    with pytest.raises(WorkerDied, match=rf"^was killed by signal 11, at .*worker_tasks\.py:{line}$"):
        worker.call(tasks.die, 11)


def test_a_worker_is_killed_at_its_time_limit(worker: WorkerProcess, tasks: Any) -> None:
    began = time.monotonic()
    with pytest.raises(WorkerTimeout, match=r"no answer within 0\.5 s"):
        worker.call(tasks.wait, 60, timeout=0.5)
    assert worker.is_over
    assert time.monotonic() - began < 30


def test_the_start_of_a_worker_does_not_count(tasks: Any) -> None:
    worker = WorkerProcess(WorkerOptions(preload="animate.scene"))
    assert worker.call(tasks.double, 2, timeout=0.2) == 4
    worker.close()


def test_a_worker_that_does_not_start_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "START_SECONDS", 0.01)
    worker = WorkerProcess(WorkerOptions(preload="animate.scene"))
    with pytest.raises(WorkerDied, match=r"^did not start within 0\.01 s$"):
        worker.call(repr, timeout=60.0)
    assert worker.is_over


def test_a_process_that_cannot_be_started_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with pytest.raises(FileNotFoundError):
        WorkerProcess()
    assert list(tmp_path.iterdir()) == []


class LateTimer(threading.Timer):
    """Fires at the last moment, just as it is cancelled, and again once it is too late."""

    def start(self) -> None:
        """Do not fire by time."""

    def cancel(self) -> None:
        self.function(*self.args, **self.kwargs)


def test_a_limit_that_fires_as_the_answer_arrives_keeps_the_answer_and_ends_the_worker(
    worker: WorkerProcess, tasks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.call(tasks.double, 1)
    monkeypatch.setattr(threading, "Timer", LateTimer)
    assert worker.call(tasks.double, 2, timeout=60.0) == 4
    assert worker.is_over  # so that no other task gets it


def test_a_limit_that_fires_after_the_answer_does_nothing() -> None:
    fired: list[int] = []
    limit = worker_module.TimeLimit(60.0, lambda: fired.append(1))
    assert not limit.stop()
    limit._fire()
    assert fired == []
    assert not limit.stop()


def test_another_thread_can_end_a_call(worker: WorkerProcess, tasks: Any) -> None:
    worker.call(tasks.double, 1)
    threading.Timer(0.2, worker.kill).start()
    with pytest.raises(WorkerDied, match="killed by signal 9"):
        worker.call(tasks.wait, 60)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space of a process")
def test_memory_is_limited(tasks: Any) -> None:
    worker = WorkerProcess(WorkerOptions(memory_bytes=1 << 32))
    with pytest.raises(MemoryError):
        worker.call(tasks.hoard)
    worker.close()


# -- nothing is left


def test_a_closed_worker_leaves_no_folder_and_no_process(worker: WorkerProcess, tasks: Any) -> None:
    folder = Path(worker.call(tasks.folder))
    assert folder.exists()
    worker.close()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(worker.pid, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="groups of processes are those of POSIX")
def test_a_closed_worker_takes_along_what_it_started(worker: WorkerProcess, tasks: Any) -> None:
    pid = worker.call(tasks.start_another)
    worker.close()
    assert soon(lambda: not is_running(pid))


def test_a_worker_ends_with_its_input(worker: WorkerProcess, tasks: Any) -> None:
    folder = Path(worker.call(tasks.folder))
    worker._stdin.close()
    assert worker._process.wait(timeout=20) == 1
    assert not folder.exists()


def test_a_worker_whose_answer_nobody_reads_ends_without_a_word(tasks: Any, capfd: Any) -> None:
    worker = WorkerProcess()
    worker.call(tasks.double, 1)
    worker._stdout.close()
    worker._send((tasks.double, (2,)))
    assert worker._process.wait(timeout=20) == 1
    worker.close()
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_process_that_is_ended_takes_its_worker_along(tasks: Any, tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "temporary").mkdir()
    code = (
        "import worker_tasks; from animate.processes.worker import WorkerProcess; worker = WorkerProcess()\n"
        "worker.call(worker_tasks.double, 1); print(worker.pid, flush=True)\n"
        "try: worker.call(worker_tasks.wait, 60)\nexcept KeyboardInterrupt: worker.close()"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}", "TMPDIR": str(tmp_path / "temporary")}
    parent = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.send_signal(number)
    parent.communicate(timeout=20)
    assert soon(lambda: not is_running(pid))
    if number == signal.SIGINT:  # the others end it before it can tidy up; the next process does
        assert list((tmp_path / "temporary").iterdir()) == []


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def soon(condition: Callable[[], bool]) -> bool:
    """Return whether a condition holds within some seconds."""
    end = time.monotonic() + 20
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()
