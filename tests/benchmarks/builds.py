"""Builds of all scenes: with nothing to do, with one script changed, by one process and by two, and by a cluster.

Everything is drawn at the preset draft: what is measured is the build, not the drawing. Seconds are of this machine;
the ratio of two processes to one is taken from runs that take turns. `python -m tests.benchmarks.builds` takes half an
hour, `--quick` two minutes.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from animate.batch.manifest import read_manifest

ROOT = Path(__file__).resolve().parents[2]
SCENES = ROOT / "scenes"
VARIED = "linear_online_sgd"


def rows(quick: bool = False) -> Iterator[dict[str, Any]]:
    """Give a row for each figure; `quick` takes six scenes, and a tenth of the variants."""
    names = sorted(path.stem for path in SCENES.glob("*.py"))[: 6 if quick else None]
    with folder_of(names):
        yield from against_one_process(1 if quick else 2)
        yield from nothing_to_do(len(names))
        yield one_changed(names[0])
        yield same_bytes()
    with folder_of([f"{name}_{copy}" for name in names for copy in range(2)][:40]):
        build("--jobs", "2")
        yield from nothing_to_do(len(list(Path("scenes").glob("*.py"))))
    with folder_of([VARIED]):
        yield variants_by_a_cluster(10 if quick else 100)


@contextmanager
def folder_of(names: list[str]) -> Iterator[None]:
    """Make the current folder one with scenes of these names; a name may end in a number of a copy."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "scenes"
        folder.mkdir()
        for scene in names:
            stem, _, number = scene.rpartition("_")
            shutil.copy(SCENES / f"{stem if number.isdigit() else scene}.py", folder / f"{scene}.py")
        os.chdir(name)
        try:
            yield
        finally:
            os.chdir(before)


def command(*args: str) -> list[str]:
    """Return the command line of animate in this environment."""
    return [sys.executable, "-m", "animate", *args]


def run(*args: str) -> tuple[float, float, str]:
    """Return the seconds a command took, those of all processors together, and what it printed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command(*args), env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(done.stderr)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, busy, done.stdout + done.stderr


def build(*args: str) -> tuple[float, float, str]:
    """Return the same of a build."""
    return run("build", "--preset", "draft", *args)


def against_one_process(repeats: int) -> Iterator[dict[str, Any]]:
    """Give how much faster two processes are than one, and how busy they keep two cores."""
    taken: dict[str, list[tuple[float, float, str]]] = {"1": [], "2": []}
    for _ in range(repeats):
        for jobs, times in taken.items():
            times.append(build("--jobs", jobs, "--force"))
    one, two = (min(seconds for seconds, _, _ in taken[jobs]) for jobs in "12")
    best = min(taken["2"])
    busy = best[1] / best[0] / 2
    yield {"what": "--jobs 2 against --jobs 1", "one_s": round(one, 1), "two_s": round(two, 1)} | {
        "times_faster": round(one / two, 2),
        "cores_busy": round(busy, 2),
    }


def nothing_to_do(n_scenes: int) -> Iterator[dict[str, Any]]:
    """Give the seconds of a build with nothing to do, and of Python's start alone."""
    build()
    idle = statistics.median(build()[0] for _ in range(7))
    start = statistics.median(run("--version")[0] for _ in range(7))
    yield {"what": "nothing to do", "scenes": n_scenes, "s": round(idle, 2), "of_it_start_s": round(start, 2)}


def one_changed(name: str) -> dict[str, Any]:
    """Return which scenes are built when the script of one changed."""
    path = Path("scenes", f"{name}.py")
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    seconds, _, told = build("--explain")
    built = [line.partition(":")[0] for line in told.splitlines() if line.endswith(".py changed")]
    others = [line for line in told.splitlines() if line.endswith("nothing changed")]
    return {"what": "one script changed", "built": ",".join(built), "cached": len(others), "s": round(seconds, 1)}


def hashes(folder: str) -> dict[str, str]:
    """Return the hash of each file that the manifest of a folder names, read from the file."""
    files = [file.path for entry in read_manifest(folder).scenes for file in entry.files]
    return {path: sha256(Path(folder, path).read_bytes()).hexdigest() for path in files}


def same_bytes() -> dict[str, Any]:
    """Return whether one process, two, and two parts merged give the same bytes."""
    build("--output", "one", "--jobs", "1")
    build("--output", "two", "--jobs", "2")
    for part in ("1", "2"):
        build("--output", f"part{part}", "--shard", f"{part}/2")
    run("merge", "part1", "part2", "--output", "merged")
    found = [hashes(folder) for folder in ("one", "two", "merged")]
    return {"what": "same bytes", "files": len(found[0]), "jobs": found[0] == found[1], "parts": found[0] == found[2]}


CLUSTER = """
import asyncio, sys
from distributed import Scheduler, Worker
async def main():
    if len(sys.argv) == 1:
        one = Scheduler(port=0, dashboard=False, host="127.0.0.1")
    else:
        one = Worker(sys.argv[1], nthreads=1, host="127.0.0.1")
    async with one:
        print(one.address, flush=True)
        await one.finished()
asyncio.run(main())
"""


@contextmanager
def cluster() -> Iterator[str]:
    """Give the address of a cluster of two worker processes on this machine."""
    started: list[subprocess.Popen[str]] = []

    def start(*args: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", CLUSTER, *args], env=environment, stdout=pipe, stderr=nothing, text=True
            )
        )
        stdout = started[-1].stdout
        return stdout.readline().strip() if stdout is not None else ""

    try:
        address = start()
        for _ in range(2):
            start(address)
        yield address
    finally:
        for process in started:
            process.kill()
            process.wait()


def variants_by_a_cluster(n_variants: int) -> dict[str, Any]:
    """Return how many variants of one scene a cluster of two workers built with the right hashes."""
    lines = [f"[scene.{VARIED}.variants.v{n}]\nseed = {n}\n" for n in range(n_variants)]
    Path("animate.toml").write_text("\n".join(lines), encoding="utf-8")
    with cluster() as address:
        seconds, _, _ = build("--executor", "dask", "--address", address)
    build("--output", "here", "--jobs", "2")
    there, here = hashes("output"), hashes("here")
    right = sum(there[path] == here[path] for path in here if path.endswith(".gif"))
    return {"what": "variants by a cluster", "asked": n_variants + 1, "right": right, "s": round(seconds, 1)}


if __name__ == "__main__":
    for row in rows("--quick" in sys.argv):
        print(row, flush=True)  # noqa: T201
