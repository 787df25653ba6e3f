"""Squared, absolute and Huber's loss on the same outliers: where each line ends, and each point's pull."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.optimize import least_squares

import animate
from animate.draw.panels import Plot, Stems
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.learn.tables import read_csv
from animate.scene import Scene

NAME = "robust_losses"


@cache
def scene(**values: Any) -> Scene:
    return animate.load(NAME).build(**values)


def default_huber_delta() -> float:
    """Return 1.345 robust deviations of the residuals of the least-absolute line, nearly the exact one."""
    return float(1.345 * np.median(np.abs(residuals(scene(), 1))) / 0.6745)


def at_end(of: Scene) -> Stage:
    stage = of.stage(Settings(1280, 720))
    stage.show(of.timeline.duration)
    return stage


def panel(stage: Stage, kind: type) -> Any:
    return next(mounted.panel for mounted in stage._mounted if isinstance(mounted.panel, kind))


def delta_drawn(of: Scene) -> float:
    """Return where the dashed rule stands at the right: δ."""
    return float(panel(at_end(of), Plot).artists["rule"][1].get_xdata()[0])


def last_line(of: Scene, index: int) -> tuple[float, float]:
    low, high = of.panels[0].curves[index].at(10**9, np.array([0.0, 1.0]))
    return high - low, low


def residuals(of: Scene, index: int) -> np.ndarray:
    slope, intercept = last_line(of, index)
    data = of.panels[0].data
    return slope * data.x + intercept - data.y


def test_the_squared_line_is_least_squares() -> None:
    data = scene().panels[0].data
    assert last_line(scene(), 0) == pytest.approx(np.polyfit(data.x, data.y, 1), abs=1e-4)


def test_the_huber_line_is_scipys() -> None:
    data, delta = scene().panels[0].data, delta_drawn(scene())
    # scipy minimizes delta^2 rho((r / delta)^2) / 2, summed, which is r^2 / 2 inside delta, as here
    found = least_squares(
        lambda line: line[0] * data.x + line[1] - data.y, [0.0, 0.0], loss="huber", f_scale=delta, xtol=1e-12
    )
    assert last_line(scene(), 2) == pytest.approx(tuple(found.x), abs=1e-3)
    assert scene().panels[0].curves[2].run.trajectory.loss[-1] == pytest.approx(found.cost / len(data.x), rel=1e-6)


def test_the_outliers_share_of_the_pull_is_the_one_written_beside_the_stems() -> None:
    far = scene().panels[0].marked
    delta = delta_drawn(scene())
    pulls = [residuals(scene(), 0), np.sign(residuals(scene(), 1)), np.clip(residuals(scene(), 2), -delta, delta)]
    shares = [100 * np.abs(pull[far]).sum() / np.abs(pull).sum() for pull in pulls]
    stems = panel(at_end(scene()), Stems)
    assert [note.get_text() for note in stems.artists["text"]] == [f"{share:.0f} %" for share in shares]


def test_outliers_pull_most_under_the_squared_loss_and_least_under_the_absolute() -> None:
    squared, absolute, huber = (float(note.split()[0]) for note in scene().panels[1][1].notes(10**9))
    assert squared > huber > absolute


def test_delta_is_1_345_robust_deviations_unless_given() -> None:
    assert delta_drawn(scene()) == pytest.approx(default_huber_delta(), rel=0.05)
    assert delta_drawn(scene(huber_delta=2.5)) == 2.5


def test_points_ride_on_the_curve_of_their_loss() -> None:
    shapes = panel(at_end(scene()), Plot)
    delta = delta_drawn(scene())
    losses = [
        lambda r: r**2 / 2,
        np.abs,
        lambda r: np.where(np.abs(r) <= delta, r**2 / 2, delta * (np.abs(r) - delta / 2)),
    ]
    drawn = shapes.artists["points"]  # two for each run: plain and hollow points
    for index, (dots, loss) in enumerate(zip((drawn[:2], drawn[2:4], drawn[4:]), losses, strict=True)):
        at = np.concatenate([artist.get_xdata() for artist in dots])
        assert np.sort(at) == pytest.approx(np.sort(residuals(scene(), index)))
        assert np.concatenate([artist.get_ydata() for artist in dots]) == pytest.approx(loss(at))


def test_the_mean_loss_stands_at_the_end_of_each_curve() -> None:
    shapes = panel(at_end(scene()), Plot)
    means = [np.mean(residuals(scene(), 0) ** 2) / 2, np.abs(residuals(scene(), 1)).mean()]
    shown = [float(text.get_text().split()[-1]) for text in shapes.artists["mean"][:2]]
    assert shown == pytest.approx(means, abs=0.006)


def test_lines_that_diverge_are_drawn_to_the_end_and_have_no_share() -> None:
    wild = scene(learning_rate=10.0, n_updates=2000)
    stage = at_end(wild)
    stage.figure.canvas.draw()
    assert not np.isfinite(wild.runs[0].trajectory.final).any()
    assert "diverges" in stage._caption.get_text()
    assert "Squared diverges" in wild.alt
    assert "of the squared pull" not in wild.alt


@pytest.mark.parametrize("huber_delta", [1e-3, 1e3])
def test_a_very_small_or_large_delta_renders(huber_delta: float) -> None:
    at_end(scene(huber_delta=huber_delta)).figure.canvas.draw()


def test_takes_a_table_without_outliers(tmp_path: Any) -> None:
    path = tmp_path / "own.csv"
    path.write_text("x,y\n" + "\n".join(f"{x},{2 * x + (-1) ** x}" for x in range(12)))
    own = scene(data=read_csv(path))
    stage = at_end(own)
    stage.figure.canvas.draw()
    assert stage._caption.get_text().startswith("The point that pulls most holds")
