"""The work of the studio's processes: keep live scenes on their stages, draw any moment of them, and export files.

A tab's scene is built once. When its values change, the stage is updated instead of made again.
"""

from __future__ import annotations

import math
import os
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from animate.draw.language_file import find_language
from animate.draw.panels import Panel
from animate.draw.settings import Settings, parse_size
from animate.draw.stage import Stage
from animate.draw.timeline import Timeline
from animate.errors import AnimateError, DataError, UsageError, described
from animate.learn.tables import Table
from animate.library.own_data import read_table
from animate.library.script import SceneScript, load
from animate.replay.frame_source import frame_source
from animate.replay.frames import Frame
from animate.replay.full_draw import FullDraw
from animate.scene import Scene
from animate.studio.changed_areas import changed_areas
from animate.studio.drag_handles import Limits, drag_handles, limits_of, start_maps
from animate.studio.messages import RenderJob, RenderRequest, pack
from animate.studio.scene_description import (
    SceneCommand,
    column_names,
    describe_parameter,
    describe_scene,
    readouts,
)

MAX_STAGES = 4
"""Stages that one process keeps; beyond that, the one used longest ago is dropped, and made again if it is needed."""

MAX_TABLES = 4
MAX_PIXELS = 2560 * 1440


# -- requests


def answer(kind: str, job: RenderJob, content: bytes) -> bytes:
    """Return the answer to a request as a message for the page; an error of the scene is part of it.

    Parameters
    ----------
    kind : str
        A name in `TASKS`.
    content : bytes
        The dropped file, if the worker asked for it with an answer of the type ``need``; else empty.
    """
    session = _session_of_this_process()
    if content:
        session.take_table(job.digest, content)
    if not session.has_table(job.digest):
        return pack({"type": "need"})
    try:
        fields, parts = TASKS[kind](session, job)
        return pack({"type": kind, "id": job.id, **fields}, parts)
    except BaseException as error:  # noqa: BLE001 - whatever a scene raises is shown on the page
        return pack({"type": "refused", "of": kind, "id": job.id, **problem_of(error)})


def export(
    kind: str, job: RenderJob, content: bytes, folder: Path, progress: Callable[[str, int, int], None]
) -> dict[str, Any]:
    """Write a file into a folder; return its name and size, or the problem, as the fields of a message to the page.

    Parameters
    ----------
    kind : str
        The suffix: "png" for the picture of the job's moment, any other for the animation.
    """
    try:
        session = RenderSession()
        if job.digest:
            session.take_table(job.digest, content)
        script, _, scene = session.build(job)
        settings = settings_of(job.request)
        look: dict[str, Any] = {"size": (settings.width, settings.height), "theme": settings.theme}
        path = folder / f"{script.name}.{kind}"
        with script.running():
            if kind == "png":
                scene.save_still(path, share_of(scene.timeline, job.request), **look)
            else:
                scene.save(path, progress=progress, **look)
        return {"state": "done", "file": path.name, "bytes": path.stat().st_size}
    except BaseException as error:  # noqa: BLE001 - as above
        found = problem_of(error)
        return {"state": "failed", "problem": found["problem"] or " ".join(found["mistakes"].values())}


class ValuesError(AnimateError):
    """Values that cannot be used: the mistakes by the names of their controls, and a problem in general."""

    def __init__(self, by_name: Mapping[str, str], problem: str = "") -> None:
        super().__init__(problem or " ".join(by_name.values()))
        self.by_name, self.problem = dict(by_name), problem


def problem_of(error: BaseException) -> dict[str, Any]:
    """Return an error as a page shows it: mistakes by control, and a problem in general."""
    if isinstance(error, ValuesError):
        return {"mistakes": error.by_name, "problem": error.problem}
    return {"mistakes": {}, "problem": str(error) if isinstance(error, AnimateError) else described(error)}


# -- live scenes


@dataclass
class LiveScene:
    """A scene on its stage, for one tab."""

    script: SceneScript
    scene: Scene
    values: Mapping[str, Any]
    key: tuple[Any, ...]
    settings: Settings
    stage: Stage
    kept_limits: Mapping[int, Limits] | None = None
    source: FullDraw | None = None
    frame: Frame | None = None
    frame_name: str = ""
    """Names the last frame that was sent; of the next one, only the difference is sent."""

    def draw(self, share: float) -> Frame:
        """Return the frame at a share of the animation."""
        if self.source is None:
            self.source = frame_source(self.stage.figure, self.stage.figure.dpi)
        with self.script.running():
            self.stage.show(share * self.scene.timeline.duration)
            return self.source.frame()

    def describe(self, job: RenderJob) -> dict[str, Any]:
        """Return what the page shows beside the picture; its ``id`` changes whenever that does."""
        command = SceneCommand(
            job.name,
            self.script.parameters,
            self.values,
            self.settings,
            job.data,
            job.request.columns,
            job.folder,
            job.words,
            job.locale,
        )
        found = describe_scene(self.scene, self.stage.style.theme, command)
        return {"id": f"{hash((self.key, self.settings)):x}", **found}


class RenderSession:
    """The live scenes of one process, and the scripts and tables that they need."""

    def __init__(self) -> None:
        self._scripts: OrderedDict[str, tuple[str, SceneScript]] = OrderedDict()
        self._tables: OrderedDict[str, bytes] = OrderedDict()
        self._live: OrderedDict[str, LiveScene] = OrderedDict()
        self._n_frames = 0

    def has_table(self, digest: str) -> bool:
        """Return whether the contents of a dropped file are here."""
        return not digest or digest in self._tables

    def take_table(self, digest: str, content: bytes) -> None:
        """Keep the contents of a dropped file."""
        self._tables[digest] = content
        while len(self._tables) > MAX_TABLES:
            self._tables.popitem(last=False)

    def describe(self, job: RenderJob) -> dict[str, Any]:
        """Return what a page needs to show a scene's controls."""
        script = self._script(job)
        return {
            "name": job.request.scene,
            "question": script.question,
            "description": script.description,
            "parameters": [describe_parameter(parameter) for parameter in script.parameters],
        }

    def table(self, job: RenderJob) -> dict[str, Any]:
        """Return the columns of a dropped file and the number of its rows."""
        table = self._table(job.digest, job.data, "")
        return {"name": job.data, "columns": list(table.names), "n_rows": table.n_rows}

    def draw(self, job: RenderJob) -> tuple[dict[str, Any], list[bytes]]:
        """Return the frame of a job: its numbers, and the pixels of the areas that differ from the last one."""
        live = self._live_scene(job)
        timeline = live.scene.timeline
        share = share_of(timeline, job.request)
        update = timeline.update_at(share * timeline.duration)
        frame = live.draw(share)
        areas = changed_areas(frame, live.frame if job.base == live.frame_name else None)
        self._n_frames += 1
        live.frame, live.frame_name = frame, f"{os.getpid()}-{self._n_frames}"
        fields: dict[str, Any] = {
            "name": live.frame_name,
            "width": frame.shape[1],
            "height": frame.shape[0],
            "areas": [tuple(area) for area in areas],
            "share": share,
            "update": update,
        }
        with live.scene.language.active():
            fields["readouts"] = readouts(live.scene, update)
        about = live.describe(job)
        if about["id"] != job.known:
            fields["about"] = about
        return fields, [area.pixels(frame) for area in areas]

    def handles(self, job: RenderJob) -> dict[str, Any]:
        """Return where in the picture a start can be chosen: on loss surfaces, and by the ends of lines."""
        live = self._live_scene(job)
        parameter = next((one for one in live.script.parameters if one.name == "start"), None)
        if parameter is None or parameter.kind != "floats" or parameter.n_values != 2:
            return {"handles": []}

        def scene_from(start: tuple[float, float]) -> Scene:
            return _short_scene(live.script, {**live.values, "start": start})

        with live.script.running():
            maps = start_maps(live.scene, scene_from, live.values.get("start") or (0.0, 0.0))
            return {"handles": drag_handles(live.stage, maps)}

    def build(self, job: RenderJob) -> tuple[SceneScript, dict[str, Any], Scene]:
        """Return the script of a job, the values that its texts mean, and the scene.

        Raises
        ------
        ValuesError
            If values or data cannot be used.
        AnimateError
            If the script fails otherwise.
        """
        script = self._script(job)
        values = self._values(script, job)
        try:
            with find_language(job.words or None, job.locale or None).active():
                return script, values, script.build(**values)
        except UsageError as error:
            raise _at_control(error, script) from error
        except DataError as error:
            raise ValuesError({"data": str(error)}) if job.digest else error from error

    def _live_scene(self, job: RenderJob) -> LiveScene:
        """Return the live scene of a tab, made or updated as its request wants it."""
        settings = settings_of(job.request)
        live = self._live.pop(job.tab, None)
        if (
            live is None
            or live.key != job.scene_key
            or live.settings != settings
            or bool(live.kept_limits) != job.request.keep_limits
        ):
            live = self._make(job, settings, live)
        self._live[job.tab] = live
        while len(self._live) > MAX_STAGES:
            self._live.popitem(last=False)
        return live

    def _make(self, job: RenderJob, settings: Settings, before: LiveScene | None) -> LiveScene:
        script, values, scene = self.build(job)
        with script.running():
            kept = None
            if job.request.keep_limits and before is not None:
                kept = before.kept_limits or limits_of(before.stage)
                scene = _with_limits(scene, kept)
            if before is None or before.settings != settings:
                return LiveScene(script, scene, values, job.scene_key, settings, scene.stage(settings), kept)
            stage, figure = before.stage, before.stage.figure
            scene.rebind(stage)
        source = before.source if stage.figure is figure else None
        return LiveScene(
            script, scene, values, job.scene_key, settings, stage, kept, source, before.frame, before.frame_name
        )

    def _script(self, job: RenderJob) -> SceneScript:
        stamp, script = self._scripts.get(job.path, ("", None))
        if script is None or stamp != job.stamp:
            script = load(job.path)
            self._scripts[job.path] = (job.stamp, script)
        return script

    def _values(self, script: SceneScript, job: RenderJob) -> dict[str, Any]:
        """Return the values that the texts of a request mean, as on the command line.

        Raises
        ------
        ValuesError
            For all texts that cannot be used, at once.
        """
        named = {parameter.name: parameter for parameter in script.parameters}
        values: dict[str, Any] = {}
        mistakes: dict[str, str] = {}
        for name, text in job.request.texts.items():
            try:
                values |= script.values({name: text}) if name not in named else {name: named[name].parse(text)}
            except UsageError as error:
                mistakes[name] = str(error)
        if job.digest and "data" in named:
            try:
                values["data"] = self._table(job.digest, job.data, job.request.columns)
            except DataError as error:
                mistakes["data"] = str(error)
        if mistakes:
            raise ValuesError(mistakes)
        return values

    def _table(self, digest: str, name: str, columns: str) -> Table:
        self._tables.move_to_end(digest)
        return read_table(self._tables[digest], name, column_names(columns))


@cache
def _session_of_this_process() -> RenderSession:
    return RenderSession()


TASKS: Mapping[str, Callable[[RenderSession, RenderJob], tuple[dict[str, Any], list[bytes]]]] = {
    "describe": lambda session, job: (session.describe(job), []),
    "draw": lambda session, job: session.draw(job),
    "handles": lambda session, job: (session.handles(job), []),
    "table": lambda session, job: (session.table(job), []),
}
"""The requests that a worker answers."""


def settings_of(request: RenderRequest) -> Settings:
    """Return size and theme of a request; raise ValuesError if they cannot be drawn."""
    try:
        width, height = parse_size(request.size)
        if width * height > MAX_PIXELS:
            raise UsageError(f"size must be at most 2560x1440 here, where it is drawn live; got {request.size}.")
        return Settings(width, height, theme=request.theme)
    except UsageError as error:
        raise ValuesError({"size": str(error)}) from error


def share_of(timeline: Timeline, request: RenderRequest) -> float:
    """Return the moment of a request, 0 to 1, with few decimals so that a command line can name it.

    For an update, it is a moment at which that update stands, early in its time.
    """
    if request.share is not None:
        return round(request.share, 6)
    wanted = min(request.update or 0, timeline.n_updates)
    first = timeline.time_of(wanted) / timeline.duration if timeline.duration else 0.0
    for decimals in (6, 9, 12):
        share = min(math.ceil(first * 10**decimals) / 10**decimals, 1.0)
        if timeline.update_at(share * timeline.duration) == wanted:
            return share
    return min(first, 1.0)


def _at_control(error: UsageError, script: SceneScript) -> AnimateError:
    """Return a scene's error about one of its values as a mistake at the control of that value."""
    name = str(error).partition(" ")[0]
    return ValuesError({name: str(error)}) if name in {one.name for one in script.parameters} else error


def _with_limits(scene: Scene, limits: Mapping[int, Limits]) -> Scene:
    """Return a scene whose panels have the limits given by their place."""
    place = 0
    columns: list[list[Panel]] = []
    for entry in scene.panels:
        column: Sequence[Panel] = [entry] if isinstance(entry, Panel) else entry
        changed = []
        for panel in column:
            changes: dict[str, Any] = {"limits": limits[place]} if place in limits else {}
            changed.append(replace(panel, **changes))
            place += 1
        columns.append(changed)
    return replace(scene, panels=columns)


def _short_scene(script: SceneScript, values: Mapping[str, Any]) -> Scene:
    """Return a scene of which only the start matters: with few updates, if it has a parameter for them."""
    bounds = next((one.range for one in script.parameters if one.name == "n_updates" and one.kind == "int"), None)
    if bounds is not None:
        try:
            return script.build(**{**values, "n_updates": max(2, math.ceil(bounds.low))})
        except AnimateError:
            pass  # a scene may need more of them
    return script.build(**values)
