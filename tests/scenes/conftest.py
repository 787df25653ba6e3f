"""What the tests of single lessons share: a built scene, and the words that stand on it at a moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.text import Text

import animate
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.scene import Scene

SCENES = Path(__file__).parents[2] / "scenes"


@pytest.fixture(scope="session")
def build() -> Callable[..., Scene]:
    """Return a function from a scene's name and parameters to the scene."""

    def build_scene(name: str, **values: object) -> Scene:
        return animate.load(name, scenes=SCENES).build(**values)

    return build_scene


@pytest.fixture(scope="session")
def words_at() -> Callable[..., str]:
    """Return a function from a scene and an update (None: the last) to every text on it, one per line."""

    def words(scene: Scene, update: int | None = None, settings: Settings | None = None) -> str:
        stage = scene.stage(settings or Settings(1280, 720))
        show_update(stage, scene.timeline.n_updates if update is None else update)
        return "\n".join(text.get_text() for text in stage.figure.findobj(Text) if text.get_text())

    return words


def show_update(stage: Stage, update: int) -> None:
    """Show an update: at the end of the last beat that ends with it, or else as it begins."""
    timeline = stage.spec.timeline
    ends = [chapter.end - 1e-3 for chapter in getattr(timeline, "chapters", ()) if chapter.last == update]
    begins = timeline.duration if update == timeline.n_updates else timeline.time_of(update) + 1e-9
    stage.show(max([begins, *ends]))


@pytest.fixture(scope="session")
def plays() -> Callable[[Scene], None]:
    """Return a function that shows a scene at a dozen moments and draws the last: no warning, no error."""

    def play(scene: Scene) -> None:
        stage = scene.stage(Settings(480, 270))
        for share in range(13):
            stage.show(share / 12 * scene.timeline.duration)
        stage.figure.canvas.draw()

    return play
