"""Scenes to look at in the studio, and what asks for their pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from animate.studio.messages import RenderJob, RenderRequest
from animate.studio.render_session import RenderSession

LESSON = '''
"""Does it work?

A line by batch descent.

On points of its own.
"""
from typing import Annotated, Literal

from animate import Range, RegressionData, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels
from animate.learn.problems import starting_params


def build(
    learning_rate: Annotated[float, Range(1e-4, 1.0, scale="log"), "Step size"] = 0.05,
    n_updates: Annotated[int, Range(1, 1000), "Updates"] = 40,
    start: Annotated[tuple[float, float] | None, "Slope and intercept"] = None,
    panel: Annotated[Literal["fit", "surface"], "What is shown beside the loss"] = "fit",
    residuals: bool = True,
    note: str = "A small scene",
    limit: float | None = None,
    seed: Annotated[int, Range(0, 99), "Of the points"] = 3,
    data: Table | None = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(30, slope=2.0, intercept=1.0, rng=seed)
    problem = linear_problem(points, standardize=data is not None)
    first = starting_params(problem, start or (-1.0, 2.0))
    run = panels.Run("Batch", descend(problem.objective, optimizers.gradient_descent(learning_rate), first, n_updates))
    shown = {
        "fit": lambda: panels.LineFit(problem=problem, run=run, residuals=residuals, title="Fit"),
        "surface": lambda: panels.LossSurface.of(problem, [run], title="Surface"),
    }[panel]()
    return Scene(title="Does it work?", caption=note, panels=[shown, panels.LossCurve(runs=[run], title="Loss")],
                 timeline=Timeline(n_updates, seconds=2.0, hold_start=0.5, hold_end=0.5), alt="A line is fitted.")
'''
BAD = {
    "loops": "while True:\n        pass",
    "raises": "raise RuntimeError('no such luck')",
    "dies": "import os\n    os._exit(3)",
    "hoards": "x = bytearray(1 << 40)",
}


def write_bad(folder: Path, name: str) -> None:
    (folder / f"{name}.py").write_text(f'"""Is {name} a problem?"""\n\n\ndef build(seed: int = 0):\n    {BAD[name]}\n')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of scenes: one that works, and some that do not."""
    scenes = tmp_path_factory.mktemp("scenes")
    (scenes / "lesson.py").write_text(dedent(LESSON).lstrip(), encoding="utf-8")
    for name in BAD:
        write_bad(scenes, name)
    return scenes


@pytest.fixture
def session() -> RenderSession:
    return RenderSession()


@pytest.fixture
def job(folder: Path) -> Callable[..., RenderJob]:
    """Return a function from a request's fields to what a worker is asked."""

    def make(scene: str = "lesson", *, request: dict[str, Any] | None = None, **fields: Any) -> RenderJob:
        given = {"tab": "tab", "path": str(folder / f"{scene}.py"), "name": scene} | fields
        return RenderJob(request=RenderRequest(scene, **{"size": "480x270", **(request or {})}), **given)

    return make
