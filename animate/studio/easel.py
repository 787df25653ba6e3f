"""Live stages: the scene that each tab looks at, built once, rebound when its values change, set to any moment."""

from __future__ import annotations

import math
import os
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from animate.draw.panels import Panel
from animate.draw.readout import decimals_for, number
from animate.draw.settings import Settings, parse_size
from animate.draw.stage import Stage
from animate.draw.timeline import Timeline
from animate.errors import AnimateError, DataError, UsageError
from animate.learn.tables import Table, table_in
from animate.library.parameters import Parameter
from animate.library.script import SceneScript, load
from animate.replay.frames import Frame
from animate.replay.fulldraw import FullDraw
from animate.replay.source import frame_source
from animate.scene import Scene
from animate.studio.grips import Window, grips_of, start_maps, windows_of
from animate.studio.orders import Order, column_names
from animate.studio.pixels import changed_areas
from animate.studio.wishes import Job, Wish

MOST_STAGES = 4
"""Stages that one process keeps; the one not looked at for longest is made again when it is."""

MOST_TABLES = 4
MOST_PIXELS = 2560 * 1440


class ValuesError(AnimateError):
    """Values that cannot be used: what is wrong with each, by the name of its control, and in general."""

    def __init__(self, by_name: Mapping[str, str], problem: str = "") -> None:
        super().__init__(problem or " ".join(by_name.values()))
        self.by_name, self.problem = dict(by_name), problem


@dataclass
class Live:
    """A scene on its stage."""

    script: SceneScript
    scene: Scene
    values: Mapping[str, Any]
    key: tuple[Any, ...]
    settings: Settings
    stage: Stage
    held: Mapping[int, Window] | None = None
    source: FullDraw | None = None
    frame: Frame | None = None
    sent: str = ""
    """Names the last frame that was sent; the tab's next one is told as what differs from it."""

    def draw(self, share: float) -> Frame:
        """Return the frame at a share of the animation."""
        if self.source is None:
            self.source = frame_source(self.stage.figure, self.stage.figure.dpi)
        with self.script.running():
            self.stage.show(share * self.scene.timeline.duration)
            return self.source.frame()


class Easel:
    """The live stages of one process."""

    def __init__(self) -> None:
        self._scripts: OrderedDict[str, tuple[str, SceneScript]] = OrderedDict()
        self._tables: OrderedDict[str, bytes] = OrderedDict()
        self._live: OrderedDict[str, Live] = OrderedDict()
        self._n_frames = 0

    def has_table(self, digest: str) -> bool:
        """Return whether the contents of a dropped file are here; they are asked for once."""
        return not digest or digest in self._tables

    def take_table(self, digest: str, content: bytes) -> None:
        """Keep the contents of a dropped file."""
        self._tables[digest] = content
        while len(self._tables) > MOST_TABLES:
            self._tables.popitem(last=False)

    def describe(self, job: Job) -> dict[str, Any]:
        """Return what a page needs to know of a scene to show its controls."""
        script = self._script(job)
        return {
            "name": job.wish.scene,
            "question": script.question,
            "description": script.description,
            "parameters": [_described(parameter) for parameter in script.parameters],
        }

    def table(self, job: Job) -> dict[str, Any]:
        """Return what is in a dropped file: its columns and how many rows they have."""
        table = self._table(job.digest, job.data, "")
        return {"name": job.data, "columns": list(table.names), "n_rows": table.n_rows}

    def draw(self, job: Job) -> tuple[dict[str, Any], list[bytes]]:
        """Return the frame that is wished for: what it shows, and the pixels that differ from the last one."""
        live = self._bring(job)
        timeline = live.scene.timeline
        share = share_of(timeline, job.wish)
        frame = live.draw(share)
        areas = changed_areas(frame, live.frame if job.base == live.sent else None)
        self._n_frames += 1
        live.frame, live.sent = frame, f"{os.getpid()}-{self._n_frames}"
        told: dict[str, Any] = {
            "name": live.sent,
            "width": frame.shape[1],
            "height": frame.shape[0],
            "areas": [tuple(area) for area in areas],
            "share": share,
            "update": timeline.update_at(share * timeline.duration),
        }
        told |= {"readouts": readouts(live.scene, told["update"])}
        about = about_scene(live, job)
        if about["id"] != job.known:
            told["about"] = about
        return told, [area.of(frame) for area in areas]

    def grips(self, job: Job) -> dict[str, Any]:
        """Return where in the picture a start can be chosen: on loss surfaces, and by the ends of lines."""
        live = self._bring(job)
        parameter = next((one for one in live.script.parameters if one.name == "start"), None)
        if parameter is None or parameter.kind != "floats" or parameter.n_values != 2:
            return {"grips": []}

        def scene_from(start: tuple[float, float]) -> Scene:
            return _quick(live.script, {**live.values, "start": start})

        with live.script.running():
            maps = start_maps(live.scene, scene_from, live.values.get("start") or (0.0, 0.0))
            return {"grips": grips_of(live.stage, maps)}

    def _bring(self, job: Job) -> Live:
        """Return the live scene of a tab, as its wish has it."""
        settings = settings_of(job.wish)
        live = self._live.pop(job.tab, None)
        if live is None or live.key != job.scene_key or live.settings != settings or bool(live.held) != job.wish.hold:
            live = self._made(job, settings, live)
        self._live[job.tab] = live
        while len(self._live) > MOST_STAGES:
            self._live.popitem(last=False)
        return live

    def build(self, job: Job) -> tuple[SceneScript, dict[str, Any], Scene]:
        """Return the script of a job, the values that its texts mean, and the scene."""
        script = self._script(job)
        values = self._values(script, job)
        try:
            return script, values, script.build(**values)
        except UsageError as error:
            raise _at_control(error, script) from error
        except DataError as error:
            raise ValuesError({"data": str(error)}) if job.digest else error from error

    def _made(self, job: Job, settings: Settings, before: Live | None) -> Live:
        script, values, scene = self.build(job)
        with script.running():
            held = None
            if job.wish.hold and before is not None:
                held = before.held or windows_of(before.stage)
                scene = _in_windows(scene, held)
            stage, source = self._stage(scene, settings, before)
        live = Live(script, scene, values, job.scene_key, settings, stage, held, source)
        if before is not None:
            live.frame, live.sent = before.frame, before.sent
        return live

    def _stage(self, scene: Scene, settings: Settings, before: Live | None) -> tuple[Stage, FullDraw | None]:
        if before is None or before.settings != settings:
            return scene.stage(settings), None
        stage, figure = before.stage, before.stage.figure
        scene.rebind(stage)
        return stage, before.source if stage.figure is figure else None

    def _script(self, job: Job) -> SceneScript:
        stamp, script = self._scripts.get(job.path, ("", None))
        if script is None or stamp != job.stamp:
            script = load(job.path)
            self._scripts[job.path] = (job.stamp, script)
        return script

    def _values(self, script: SceneScript, job: Job) -> dict[str, Any]:
        """Return the values that the texts of a wish mean, as on the command line.

        Raises
        ------
        ValuesError
            For all texts that mean none, at once.
        """
        named = {parameter.name: parameter for parameter in script.parameters}
        values: dict[str, Any] = {}
        mistakes: dict[str, str] = {}
        for name, text in job.wish.texts.items():
            try:
                values |= script.values({name: text}) if name not in named else {name: named[name].parse(text)}
            except UsageError as error:
                mistakes[name] = str(error)
        if job.digest and "data" in named:
            try:
                values["data"] = self._table(job.digest, job.data, job.wish.columns)
            except DataError as error:
                mistakes["data"] = str(error)
        if mistakes:
            raise ValuesError(mistakes)
        return values

    def _table(self, digest: str, name: str, columns: str) -> Table:
        self._tables.move_to_end(digest)
        return table_in(self._tables[digest], name, column_names(columns))


def settings_of(wish: Wish) -> Settings:
    """Return size and theme of a wish.

    Raises
    ------
    ValuesError
        For a size or theme that cannot be drawn.
    """
    try:
        width, height = parse_size(wish.size)
        if width * height > MOST_PIXELS:
            raise UsageError(f"size must be at most 2560x1440 here, where it is drawn live; got {wish.size}.")
        return Settings(width, height, theme=wish.theme)
    except UsageError as error:
        raise ValuesError({"size": str(error)}) from error


def share_of(timeline: Timeline, wish: Wish) -> float:
    """Return the moment that is wished for, 0 to 1 and with few decimals: what a command line can say.

    Of an update it is one at which that update stands, early in its time.
    """
    if wish.share is not None:
        return round(wish.share, 6)
    wanted = min(wish.update or 0, timeline.n_updates)
    first = timeline.time_of(wanted) / timeline.duration if timeline.duration else 0.0
    for decimals in (6, 9, 12):
        share = min(math.ceil(first * 10**decimals) / 10**decimals, 1.0)
        if timeline.update_at(share * timeline.duration) == wanted:
            return share
    return min(first, 1.0)


def readouts(scene: Scene, update: int) -> list[dict[str, str]]:
    """Return epoch and loss of each run at an update, as they are shown."""
    found = []
    for run in scene.runs:
        at = run.at(update)
        epoch, loss = float(run.trajectory.epochs[at]), float(run.trajectory.loss[at])
        found.append({"epoch": number(epoch, 2), "loss": number(loss, decimals_for(loss, 4))})
    return found


def about_scene(live: Live, job: Job) -> dict[str, Any]:
    """Return what a page shows beside a scene, which stays while the scene does."""
    scene, theme = live.scene, live.stage.style.theme
    order = Order(
        job.name, live.script.parameters, live.values, live.settings, job.data, job.wish.columns, job.folder
    )  # fmt: skip
    return {
        "id": f"{hash((live.key, live.settings)):x}",
        "question": scene.question,
        "alt": scene.alt,
        "counter": scene.counter,
        "duration": scene.timeline.duration,
        "n_updates": scene.timeline.n_updates,
        "runs": [{"name": run.name, "color": theme.color(run.role)} for run in scene.runs],
        "render": order.line("render"),
        "still": order.line("still", "--at", "SHARE", "-o", f"{live.script.name}.png"),
    }


def _described(parameter: Parameter) -> dict[str, Any]:
    bounds = parameter.range
    return {
        "name": parameter.name,
        "kind": parameter.kind,
        "type": parameter.type_name,
        "default": parameter.text(parameter.default) if parameter.kind != "data" else "",
        "optional": parameter.optional,
        "range": None if bounds is None else {"low": bounds.low, "high": bounds.high, "scale": bounds.scale},
        "choices": list(parameter.choices),
        "n_values": parameter.n_values,
        "help": parameter.help,
    }


def _at_control(error: UsageError, script: SceneScript) -> AnimateError:
    """Return what a scene says of one of its values as a mistake at the control of that value."""
    name = str(error).partition(" ")[0]
    return ValuesError({name: str(error)}) if name in {one.name for one in script.parameters} else error


def _in_windows(scene: Scene, windows: Mapping[int, Window]) -> Scene:
    """Return a scene whose panels keep the windows given by their place."""
    place = 0
    columns: list[list[Panel]] = []
    for entry in scene.panels:
        column: Sequence[Panel] = [entry] if isinstance(entry, Panel) else entry
        kept = []
        for panel in column:
            changes: dict[str, Any] = {"limits": windows[place]} if place in windows else {}
            kept.append(replace(panel, **changes))
            place += 1
        columns.append(kept)
    return replace(scene, panels=columns)


def _quick(script: SceneScript, values: Mapping[str, Any]) -> Scene:
    """Return a scene of which only the start counts: few updates, where it has a parameter for them."""
    bounds = next((one.range for one in script.parameters if one.name == "n_updates" and one.kind == "int"), None)
    if bounds is not None:
        try:
            return script.build(**{**values, "n_updates": max(2, math.ceil(bounds.low))})
        except AnimateError:
            pass  # a scene may need more of them
    return script.build(**values)
