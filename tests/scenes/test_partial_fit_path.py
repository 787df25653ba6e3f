"""The example of a logged path: scikit-learn walks as we do, it renders, and it is not listed as a lesson."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import animate
from animate.errors import UsageError
from animate.learn.descent import descend
from animate.learn.optimizers import gradient_descent
from animate.library.discovery import own_scenes, summaries
from animate.scene import Scene

SCENES = Path(__file__).parents[2] / "scenes"
EXAMPLE = SCENES / "examples" / "partial_fit_path.py"


@pytest.fixture(scope="module")
def scene() -> Scene:
    return animate.load(EXAMPLE).build()


class Rows:
    """A sampler that gives rows that were drawn elsewhere."""

    def __init__(self, rows: np.ndarray) -> None:
        self._rows = rows

    def rows(self, n_samples: int, n_updates: int) -> np.ndarray:
        return self._rows[:n_updates]


def test_the_logged_path_is_online_sgd_on_half_the_squared_error(scene) -> None:
    """SGDRegressor without a penalty, constant eta0, one row a call; its loss is half the squared error."""
    fit = scene.panels[0]
    logged = fit.run.trajectory
    ours = descend(fit.problem.objective, gradient_descent(0.05), [-1.2, -3.5], logged.n_updates, Rows(logged.rows))
    assert np.allclose(logged.params, ours.params, rtol=1e-9, atol=1e-12)
    assert np.allclose(logged.loss, ours.loss)
    assert logged.epochs[-1] == 3.0


def test_the_path_is_drawn_on_the_surface_with_the_point_of_each_call(scene) -> None:
    stage = scene.stage()
    stage.show(scene.timeline.duration)
    fit_axes, surface_axes = stage.figure.axes[:2]
    logged = scene.panels[0].run.trajectory
    drawn = [line.get_xydata() for line in surface_axes.lines]
    assert any(np.array_equal(points, logged.params) for points in drawn)
    x = scene.panels[0].problem.data.x[logged.rows[-1]]
    assert any(np.array_equal(line.get_xdata(), x) for line in fit_axes.lines)


def test_it_renders(scene, tmp_path, plays) -> None:
    plays(scene)
    (written,) = scene.save(tmp_path / "path.gif", size=(320, 180), fps=2)
    assert written.bytes == (tmp_path / "path.gif").stat().st_size > 0


def test_a_wild_rate_plays_to_the_end(plays) -> None:
    plays(animate.load(EXAMPLE).build(learning_rate=1.0, n_epochs=20))


def test_examples_are_not_listed_and_not_built_as_lessons() -> None:
    assert "partial_fit_path" not in {summary.name for summary in summaries(SCENES)}
    assert EXAMPLE not in own_scenes(SCENES)
    with pytest.raises(UsageError, match="no scene named"):
        animate.load("partial_fit_path", scenes=SCENES)
