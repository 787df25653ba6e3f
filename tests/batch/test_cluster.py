"""A real cluster: a scheduler and two worker processes, one of which is killed during the build."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from animate.batch.manifest import read_manifest

pytest.importorskip("distributed")

ROOT = Path(__file__).parents[2]
PARTS = {
    "scheduler": "import asyncio\nfrom distributed import Scheduler\nasync def main():\n"
    "    async with Scheduler(port=0, dashboard=False, host='127.0.0.1') as one:\n"
    "        print(one.address, flush=True); await one.finished()\nasyncio.run(main())",
    "worker": "import asyncio, sys\nfrom distributed import Worker\nasync def main():\n"
    "    async with Worker(sys.argv[1], nthreads=1, host='127.0.0.1') as one:\n"
    "        print(one.address, flush=True); await one.finished()\nasyncio.run(main())",
}


class Cluster:
    """The processes of a cluster, each in a folder of its own with nothing in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[str]] = []
        self.address = self.start("scheduler")

    def start(self, part: str, *args: str) -> str:
        """Start a process and return the address it has."""
        place = self.folder / f"{part}{len(self.processes)}"
        place.mkdir()
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-c", PARTS[part], *args],
            cwd=place,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.processes.append(process)
        assert process.stdout is not None
        return process.stdout.readline().strip()

    def close(self) -> None:
        """End every process that was started."""
        for process in self.processes:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a cluster of two workers."""
    one = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        for _ in range(2):
            one.start("worker", one.address)
        yield one
    finally:
        one.close()


def build(*args: str) -> subprocess.Popen[str]:
    """Start `animate build` in the current folder."""
    command = [sys.executable, "-m", "animate", "build", "--preset", "draft", "--fps", "5", *args]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen[str]) -> str:
    """Return what a build printed on stderr; it must end well."""
    _, told = process.communicate(timeout=240)
    assert process.returncode == 0, told
    return told


def until(what: Callable[[], bool], seconds: float = 120.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_worker_that_is_killed_during_the_build_loses_nothing(
    cluster: Cluster, reading_scene: Path, files: Any
) -> None:
    n_variants = 9
    rates = "\n".join(f"[scene.lesson.variants.v{n}]\nlearning_rate = {0.01 + n / 1000}" for n in range(n_variants))
    Path("animate.toml").write_text(rates)
    process = build("--executor", "dask", "--address", cluster.address)
    until(lambda: len(list(Path("output").glob("*.gif"))) >= 3 or process.poll() is not None)
    assert process.poll() is None
    cluster.processes[-1].send_signal(signal.SIGKILL)
    finished(process)
    scenes = read_manifest("output").scenes
    assert [entry.verdict for entry in scenes] == ["built"] * (n_variants + 1)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files().items()}
    assert {file.path: file.sha256 for entry in scenes for file in entry.files} == hashes
    finished(build("--jobs", "2", "--output", "here"))
    assert files() == files("here")


def test_a_scheduler_that_is_not_there_is_told(here: Path, write_scene: Any) -> None:
    write_scene()
    arguments = ["build", "--executor", "dask", "--address", "tcp://127.0.0.1:9"]
    soon = "from animate.batch import executors\nexecutors.CONNECT_SECONDS = 1\n"
    code = f"{soon}from animate.cli import commands\ncommands({arguments})"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("error: no dask scheduler answers at tcp://127.0.0.1:9: ")
    assert done.stderr.count("\n") == 1
