"""The names beside the ticks of axes in space stand clear of them, however long the numbers are."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from animate import Scene, Timeline, descend, linear_problem, optimizers, panels
from animate.draw.settings import Settings
from animate.learn.data import RegressionData


@pytest.mark.parametrize("size", [(480, 270), (800, 450), (1280, 720), (720, 720), (600, 900)])
@pytest.mark.parametrize("place", [0.0, 0.15, 0.3, 0.45])
@pytest.mark.parametrize("height", [1.0, 120.0, 2e5])
def test_the_names_of_axes_in_space_cover_no_tick(
    size: tuple[int, int], height: float, place: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = np.linspace(0.0, 10.0, 20)
    problem = linear_problem(RegressionData(x, height * (1.0 + 0.1 * x + 0.05 * np.sin(9 * x))), standardize=True)
    start = problem.objective.optimum() + 0.6 * height
    run = panels.Run("Batch", descend(problem.objective, optimizers.gradient_descent(0.1), start, 5))
    window = ((-0.3 * height, 0.3 * height), ((0.6 + 0.5 * place) * height, (1.05 + 0.5 * place) * height))
    surface = panels.loss_surface_3d(problem.objective.values, [run], limits=window)
    scene = Scene(title="S", caption="C", panels=[surface, panels.LossSurface.of(problem, [run])], timeline=Timeline(5))
    stage = scene.stage(Settings(*size))
    stage.show(5.0)
    axes = next(axes for axes in stage.figure.axes if axes.name == "3d")
    drawn: dict[str, list] = {}
    draw = Text.draw

    def recorded(self: Text, renderer) -> None:  # mplot3d places its texts while it draws them
        drawn.setdefault(self.get_text(), []).append(self.get_window_extent(renderer))
        draw(self, renderer)

    monkeypatch.setattr(Text, "draw", recorded)
    axes.draw(FigureCanvasAgg(stage.figure).get_renderer())
    ticks = [box for text, boxes in drawn.items() if text not in ("w", "b") for box in boxes if text.strip()]
    assert len(ticks) >= 4
    for box in (*drawn["w"], *drawn["b"]):
        assert not any(box.overlaps(tick) for tick in ticks), drawn
        assert box.y0 > 0
        assert box.x1 <= axes.bbox.x1 + 0.12 * axes.bbox.width, "the name is beside the panel"
