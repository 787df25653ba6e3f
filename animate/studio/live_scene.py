"""A scene on its stage, as one tab sees it: drawn at any moment, and described for the page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from animate.draw.formatting import formatted, grouped
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.draw.start_surfaces import panels_with_limits
from animate.draw.timeline import Timeline
from animate.learn.preview import Preview
from animate.library.script import SceneScript
from animate.replay.frame_source import frame_source
from animate.replay.frames import Frame
from animate.replay.full_draw import FullDraw
from animate.scene import Scene
from animate.studio.drag_handles import Limits, StartMap
from animate.studio.messages import RenderJob, RenderRequest
from animate.studio.scene_description import RunReadouts, SceneCommand, describe_scene, start_share


@dataclass(frozen=True)
class BuiltScene:
    """A scene with the script and the values that made it.

    Attributes
    ----------
    values : dict
        Values by parameter name, as the texts of the request mean them.
    data, misfit : str
        The name of the file that it shows, or why it does not show the one that was dropped; else empty.
    notes : tuple of str
        Warnings, such as about rows that were left out.
    """

    script: SceneScript
    values: Mapping[str, Any]
    scene: Scene
    data: str = ""
    misfit: str = ""
    notes: tuple[str, ...] = ()


@dataclass
class LiveScene:
    """A scene on its stage, for one tab."""

    built: BuiltScene
    key: tuple[Any, ...]
    settings: Settings
    stage: Stage
    left_out: str = ""
    """What a preview left out; empty if all is exact."""
    kept_limits: Mapping[int, Limits] | None = None
    start_maps: Mapping[int, StartMap] | None = None
    density: float = 1.0
    source: FullDraw | None = None
    frame: Frame | None = None
    frame_name: str = ""
    """Names the last frame that was sent; of the next one, only the difference is sent."""

    @property
    def scene(self) -> Scene:
        """Return the scene on the stage."""
        return self.built.scene

    @cached_property
    def readouts(self) -> RunReadouts:
        """Return the numbers of its runs."""
        return RunReadouts(self.scene)

    def fits(self, job: RenderJob, settings: Settings) -> bool:
        """Return whether it shows what a job wants, at any moment."""
        is_exact_enough = job.request.rough or not self.left_out
        keeps = bool(self.kept_limits) == job.request.keep_limits
        return self.key == job.scene_key and self.settings == settings and keeps and is_exact_enough

    def draw(self, share: float, density: float) -> Frame:
        """Return the frame at a share of the animation."""
        if self.source is None or density != self.density:
            self.density, self.source = density, frame_source(self.stage.figure, self.stage.figure.dpi * density)
        with self.built.script.running():
            self.show(share)
            return self.source.frame()

    def show(self, share: float) -> None:
        """Set the stage to a share of the animation."""
        self.stage.show(share * self.scene.timeline.duration)

    def describe(self, job: RenderJob) -> dict[str, Any]:
        """Return what the page shows beside the picture; its ``id`` changes whenever that does."""
        built, request = self.built, job.request
        command = SceneCommand(
            job.name, built.script.parameters, built.values, self.settings, built.data, request.columns, job.folder,
            job.words, job.locale, request.skip_missing, request.sheet, request.decimal,
        )  # fmt: skip
        found = describe_scene(self.scene, self.stage.style.theme, command)
        found |= {"left_out": self.left_out, "data": built.data, "misfit": built.misfit, "notes": built.notes}
        return {"id": f"{hash((self.key, self.settings, self.left_out)):x}", **found}


def share_of(timeline: Timeline, request: RenderRequest) -> float:
    """Return the moment of a request, 0 to 1, with few decimals so that a command line can name it.

    For an update, it is a moment at which that update stands, early in its time; without one, that of the start.
    """
    if request.share is not None:
        return round(request.share, 6)
    if request.update is None:
        return start_share(timeline)
    wanted = min(request.update or 0, timeline.n_updates)
    first = timeline.time_of(wanted) / timeline.duration if timeline.duration else 0.0
    for decimals in (6, 9, 12):
        share = min(math.ceil(first * 10**decimals) / 10**decimals, 1.0)
        if timeline.update_at(share * timeline.duration) == wanted:
            return share
    return min(first, 1.0)


def with_limits(scene: Scene, limits: Mapping[int, Limits]) -> Scene:
    """Return a scene whose panels have the limits given by their place."""
    return replace(scene, panels=panels_with_limits(scene.panels, limits))


def words_left_out(found: Preview) -> str:
    """Return in words what a preview left out; nothing if it is exact."""
    if found.n_updates:
        return f"first {grouped(found.n_done)} of {formatted(found.n_updates, 'update|updates')}"
    return "" if found.is_exact else "coarse values"
