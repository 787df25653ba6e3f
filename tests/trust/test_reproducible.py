"""The same command gives the same bytes: elsewhere, at another time and language, by one process or two."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.trust.conftest import Run

FILES = tuple(f"lesson{suffix}" for suffix in (".gif", ".mp4", ".webm", ".webp", ".apng", ".svg", ".html"))
WORLDS = [
    ({"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "C"}, "there", 1),
    (
        {"PYTHONHASHSEED": "2", "TZ": "America/Caracas", "LANG": "de_DE.UTF-8", "SOURCE_DATE_EPOCH": "1"},
        "a folder é",
        2,
    ),
]


def sums(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}


def test_the_bytes_do_not_depend_on_place_time_language_hashes_or_processes(run: Run, scene: Path) -> None:
    script = (scene / "scenes/lesson.py").resolve()
    found = []
    for environment, name, jobs in WORLDS:
        folder = scene / name
        folder.mkdir()
        outputs = [part for file in FILES for part in ("-o", file)]
        command = ("render", script, "--set", "seconds=2", "--preset", "draft", "--jobs", jobs, *outputs)
        result = run(*command, env=environment, cwd=folder)
        assert (result.returncode, result.stderr) == (0, "")
        still = run("still", script, "-o", "lesson.svg", env=environment, cwd=folder)
        assert (still.returncode, still.stderr) == (0, "")
        found.append({**sums(folder), "still": (folder / "lesson.svg").read_text(encoding="utf-8")})
    assert found[0] == found[1]
