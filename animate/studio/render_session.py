"""The work of the studio's processes: keep live scenes on their stages, draw any moment of them, and export files.

A tab's scene is built once. When its values change, the stage is updated instead of made again.
"""

from __future__ import annotations

import os
import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from animate.draw.language_file import find_language
from animate.draw.settings import Settings, parse_size
from animate.draw.style import WIDE
from animate.errors import AnimateError, DataError, UsageError, described, one_line
from animate.learn.preview import preview
from animate.library.own_data import read_table, sheet_names
from animate.library.script import SceneScript, load
from animate.scene import Scene
from animate.studio.changed_areas import changed_areas
from animate.studio.drag_handles import StartMap, drag_handles, limits_of, start_maps
from animate.studio.live_scene import BuiltScene, LiveScene, share_of, with_limits, words_left_out
from animate.studio.messages import RenderJob, RenderRequest, pack
from animate.studio.scene_description import (
    column_names,
    describe_parameter,
    in_words_of_the_page,
)

MAX_STAGES = 4
"""Stages that one process keeps; beyond that, the one used longest ago is dropped, and made again if it is needed."""

MAX_TABLES = 4
PREVIEW_SECONDS = 0.008
"""Time for the descents of a preview."""

FILE_DENSITY = 2.0
"""Pixels for each pixel of the page in the files of an upright picture, at most: more take too long."""

MAX_PIXELS = 2560 * 1600


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
        fields = {"type": "refused", "of": kind, "id": job.id, "scene": job.request.scene, **problem_of(error)}
        if not job.described:
            with suppress(AnimateError):  # a script that cannot be loaded has no controls
                fields["controls"] = session.controls(job)
        return pack(fields)


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
        built = session.build(job)
        script, scene = built.script, built.scene
        settings = settings_of(job.request)
        if kind != "html":  # a page holds drawings, which are sharp at any size
            settings = _sharper(settings, job.request.density)
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
        mistakes = {name: in_words_of_the_page(text) for name, text in error.by_name.items()}
        return {"mistakes": mistakes, "problem": error.problem}
    if isinstance(error, AnimateError):
        return {"mistakes": {}, "problem": in_words_of_the_page(str(error))}
    return {"mistakes": {}, "problem": described(error)}


# -- live scenes


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

    def controls(self, job: RenderJob) -> dict[str, Any]:
        """Return what a page needs to show a scene's controls."""
        script = self._script(job)
        return {
            "name": job.request.scene,
            "question": script.question,
            "description": script.description,
            "parameters": [describe_parameter(parameter) for parameter in script.parameters],
        }

    def table(self, job: RenderJob) -> dict[str, Any]:
        """Return the sheets of a dropped workbook, the columns of the file or of its sheet, and the number of rows."""
        content = self._tables[job.digest]
        fields = {"name": job.data, "sheets": sheet_names(content, job.data), "sheet": job.request.sheet}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the picture comes with the same notes
                table = read_table(content, job.data, sheet=job.request.sheet)
        except DataError as error:
            if len(fields["sheets"]) < 2:
                raise ValuesError({"data": str(error)}) from error
            problem = in_words_of_the_page(str(error))
            return {**fields, "columns": [], "n_rows": 0, "problem": problem}  # another sheet may be chosen
        return {**fields, "columns": list(table.names), "n_rows": table.n_rows, "problem": ""}

    def draw(self, job: RenderJob) -> tuple[dict[str, Any], list[bytes]]:
        """Return the frame of a job: its numbers, and the pixels of the areas that differ from the last one."""
        live = self._live_scene(job)
        timeline = live.scene.timeline
        share = share_of(timeline, job.request)
        update = timeline.update_at(share * timeline.duration)
        frame = live.draw(share, job.request.density)
        areas = changed_areas(frame, live.frame if job.base == live.frame_name else None)
        self._n_frames += 1
        live.frame, live.frame_name = frame, f"{os.getpid()}-{self._n_frames}"
        fields: dict[str, Any] = {
            "scene": job.request.scene,
            "name": live.frame_name,
            "width": frame.shape[1],
            "height": frame.shape[0],
            "density": job.request.density,
            "areas": [tuple(area) for area in areas],
            "share": share,
            "update": update,
        }
        with live.scene.language.active():
            fields["readouts"] = live.readouts.at(update)
        about = live.describe(job)
        if about["id"] != job.known:
            fields["about"] = about
        if not job.described:
            fields["controls"] = self.controls(job)
        if live.start_maps is not None:
            fields["handles"] = drag_handles(live.stage, live.start_maps)
        return fields, [area.pixels(frame) for area in areas]

    def handles(self, job: RenderJob) -> dict[str, Any]:
        """Return where in the picture a start can be chosen: on loss surfaces, and by the ends of lines."""
        live = self._live_scene(job)
        if live.start_maps is None:
            live.start_maps = self._start_maps(live)
        live.show(share_of(live.scene.timeline, job.request))
        return {"handles": drag_handles(live.stage, live.start_maps)}

    def _start_maps(self, live: LiveScene) -> Mapping[int, StartMap]:
        script, values = live.built.script, live.built.values
        parameter = next((one for one in script.parameters if one.name == "start"), None)
        if parameter is None or parameter.kind != "floats" or parameter.n_values != 2:
            return {}

        def scene_from(start: tuple[float, float]) -> Scene:
            return script.build(**{**values, "start": start})

        with script.running(), preview(0.0), warnings.catch_warnings():  # only the starts matter
            warnings.simplefilter("ignore")  # the picture comes with the same notes
            return start_maps(live.scene, scene_from, values.get("start") or (0.0, 0.0))

    def build(self, job: RenderJob) -> BuiltScene:
        """Return the scene of a job.

        Raises
        ------
        ValuesError
            If values or data cannot be used.
        AnimateError
            If the script fails otherwise.
        """
        if job.digest and job.request.data == "try":
            try:
                return self._build(job)
            except AnimateError as error:
                without = replace(job, data="", digest="")
                misfit = in_words_of_the_page(f"{job.data} does not fit this lesson: {error}")
                return replace(self._build(without), misfit=misfit)
        return self._build(job)

    def _build(self, job: RenderJob) -> BuiltScene:
        script = self._script(job)
        with (
            warnings.catch_warnings(record=True) as caught,
            find_language(job.words or None, job.locale or None).active(),
        ):
            warnings.simplefilter("always")
            values = self._values(script, job)
            try:
                scene = script.build(**values)
            except UsageError as error:
                raise _at_control(error, script) from error
            except DataError as error:
                raise ValuesError({"data": str(error)}) if job.digest else error from error
        notes = tuple(dict.fromkeys(in_words_of_the_page(one_line(str(warning.message))) for warning in caught))
        return BuiltScene(script, values, scene, job.data if "data" in values else "", notes=notes)

    def _live_scene(self, job: RenderJob) -> LiveScene:
        """Return the live scene of a tab, made or updated as its request wants it."""
        settings = settings_of(job.request)
        live = self._live.get(job.tab)
        if live is None or not live.fits(job, settings):
            live = self._make(job, settings)
        self._live[job.tab] = live
        self._live.move_to_end(job.tab)
        while len(self._live) > MAX_STAGES:
            self._live.popitem(last=False)
        return live

    def _make(self, job: RenderJob, settings: Settings) -> LiveScene:
        """Return a live scene: from a preview if that is good enough, or exact."""
        if job.request.rough:
            # a lesson may fail on runs that were cut
            with suppress(Exception), preview(PREVIEW_SECONDS) as found:
                live = self._put_on_stage(job, settings)
                live.left_out = words_left_out(found)
                return live
        return self._put_on_stage(job, settings)

    def _put_on_stage(self, job: RenderJob, settings: Settings) -> LiveScene:
        built = self.build(job)
        before = self._live.pop(job.tab, None)  # not used again if its stage cannot be updated
        with built.script.running():
            kept = None
            if job.request.keep_limits and before is not None:
                kept = before.kept_limits or limits_of(before.stage)
                built = replace(built, scene=with_limits(built.scene, kept))
            if before is None or before.settings != settings:
                stage = built.scene.stage(settings)
                return LiveScene(built, job.scene_key, settings, stage, kept_limits=kept)
            stage, figure = before.stage, before.stage.figure
            built.scene.rebind(stage)
        return LiveScene(
            built, job.scene_key, settings, stage, kept_limits=kept, density=before.density, frame=before.frame,
            frame_name=before.frame_name, source=before.source if stage.figure is figure else None,
        )  # fmt: skip

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
                self._tables.move_to_end(job.digest)
                content, request = self._tables[job.digest], job.request
                values["data"] = read_table(
                    content, job.data, column_names(request.columns),
                    skip_missing=request.skip_missing, decimal=request.decimal, sheet=request.sheet,
                )  # fmt: skip
            except DataError as error:
                mistakes["data"] = str(error)
        if mistakes:
            raise ValuesError(mistakes)
        return values


@cache
def _session_of_this_process() -> RenderSession:
    return RenderSession()


TASKS: Mapping[str, Callable[[RenderSession, RenderJob], tuple[dict[str, Any], list[bytes]]]] = {
    "draw": lambda session, job: session.draw(job),
    "handles": lambda session, job: (session.handles(job), []),
    "table": lambda session, job: (session.table(job), []),
}
"""The requests that a worker answers."""


def settings_of(request: RenderRequest) -> Settings:
    """Return size and theme of a request; raise ValuesError if they cannot be drawn."""
    try:
        width, height = parse_size(request.size)
        if width * height * request.density**2 > MAX_PIXELS:
            raise UsageError(f"size must be at most 2560x1600 here, where it is drawn live; got {request.size}.")
        return Settings(width, height, theme=request.theme)
    except UsageError as error:
        raise ValuesError({"size": str(error)}) from error


def _sharper(settings: Settings, density: float) -> Settings:
    """Return the settings with more pixels for the same layout, which upright pictures have at any number of them."""
    if settings.width >= WIDE * settings.height or density == 1.0:
        return settings
    width, height = (2 * round(min(density, FILE_DENSITY) * side / 2) for side in (settings.width, settings.height))
    return replace(settings, width=width, height=height)


def _at_control(error: UsageError, script: SceneScript) -> AnimateError:
    """Return a scene's error about one of its values as a mistake at the control of that value."""
    name = str(error).partition(" ")[0]
    return ValuesError({name: str(error)}) if name in {one.name for one in script.parameters} else error
