"""Whether time and memory grow no faster than the work: ever more frames, points, updates and scenes, each in a new process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

RENDER = """
run = Run("Batch", descend(problem.objective, optimizers.gradient_descent(0.05), [0.0, 0.0], 50))
scene = Scene(title="Load", caption="Many frames", panels=[panels.LineFit(problem=problem, run=run)],
              timeline=Timeline(50, seconds=n / 30))
begun = time.perf_counter()
scene.save("load.mp4", size=(320, 180), fps=30)
"""
POINTS = """
begun = time.perf_counter()
problem = linear_problem(line(n, rng=0))
run = Run("Batch", descend(problem.objective, optimizers.gradient_descent(0.05), [0.0, 0.0], 20))
scene = Scene(title="Load", caption="Many points", panels=[panels.LineFit(problem=problem, run=run)],
              timeline=Timeline(20, seconds=1))
scene.save("load.mp4", size=(640, 360), fps=10)
"""
UPDATES = """
begun = time.perf_counter()
run = Run("Batch", descend(problem.objective, optimizers.gradient_descent(0.05), [0.0, 0.0], n))
scene = Scene(title="Load", caption="Many updates",
              panels=[panels.LineFit(problem=problem, run=run), panels.LossCurve(runs=[run])],
              timeline=Timeline(n, seconds=2))
scene.save("load.mp4", size=(640, 360), fps=10)
"""
SCRIPT = '''
"""Does it work?"""
from animate import Scene, Timeline, descend, line, linear_problem, optimizers, panels


def build():
    problem = linear_problem(line(12, rng=0))
    run = panels.Run("Batch", descend(problem.objective, optimizers.gradient_descent(0.05), [0.0, 0.0], 6))
    return Scene(title="Load", caption="One of many", panels=[panels.LineFit(problem=problem, run=run)],
                 timeline=Timeline(6, seconds=1))
'''.lstrip()
SCENES = f"""
from pathlib import Path
from animate.batch.build import build_scenes
from animate.batch.build_settings import read_settings
Path("scenes").mkdir()
for index in range(n):
    Path("scenes", f"lesson_{{index}}.py").write_text({SCRIPT!r})
settings = read_settings(dict(sizes=["320x180"], fps=10.0, jobs=2, scenes="scenes"))
begun = time.perf_counter()
assert [entry.verdict for entry in build_scenes((), settings)] == n * ["built"]
whose.append(resource.RUSAGE_CHILDREN)
"""
CODE = """
import json, resource, time
from animate import Scene, Timeline, descend, line, linear_problem, optimizers, panels
from animate.draw.panels import Run
n, whose = {n}, [resource.RUSAGE_SELF]
problem = linear_problem(line(12, rng=0))
{body}
seconds = time.perf_counter() - begun
peak = max(resource.getrusage(who).ru_maxrss for who in whose) / 1024
print(json.dumps({{"seconds": round(seconds, 1), "MiB": round(peak)}}))
"""
LOADS = {
    "frames": (RENDER, (1_000, 10_000, 100_000)),
    "points": (POINTS, (1_000, 10_000, 100_000)),
    "updates": (UPDATES, (10_000, 100_000, 1_000_000)),
    "scenes": (SCENES, (50, 500)),
}


def rows(quick: bool = False) -> Iterator[dict[str, Any]]:
    """Give a row for each load: how many of what, seconds, and the largest memory of a process that draws."""
    for what, (body, counts) in LOADS.items():
        for n in counts[:1] if quick else counts:
            yield {what: n, **measured(CODE.format(n=n, body=body))}


def measured(code: str) -> dict[str, Any]:
    """Return what a new process tells of itself."""
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


if __name__ == "__main__":
    for row in rows("--quick" in sys.argv):
        print(row, flush=True)  # noqa: T201
