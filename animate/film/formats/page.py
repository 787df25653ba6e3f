"""A page that plays without a server: film, controls and numbers in one HTML file that makes no network request.

The film is a video, or drawings where they take fewer bytes. The fragment of the page's address holds its state,
``#t=2.4&value=0.01``: seconds, and the value of each swept parameter. In an iframe it posts its height to the
surrounding page: ``{type: "animate:height", height: 612}``.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np
from PIL import Image

from animate.atomic_files import AtomicFile, temporary_folder
from animate.draw.language import ENGLISH, Language
from animate.draw.start_surfaces import StartGrid
from animate.film.budget import readable
from animate.film.formats.video import MP4, VideoSink
from animate.film.sinks import EncodeOptions, EncodeTask, FileSink, OutputFile, exact_fps, on_white
from animate.replay.frames import Frame
from animate.vector.film import Film
from animate.vector.film_data import FilmData, film_data, packed
from animate.web.pages import render
from animate.web.webvtt import webvtt

EXACT: Mapping[str, Any] = {"lossless": True, "quality": 80, "method": 4}
"""How to encode a still in its exact pixels; on plots, lossless takes the fewest bytes for them."""
NEAR: Mapping[str, Any] = {"quality": 90, "method": 2}
"""How to encode a still as near to its pixels as a video comes, in a tenth of the time on a picture of many colors."""
SMALL: Mapping[str, Any] = {"quality": 30, "method": 6}
SMALL_SCALE = 0.6
"""How to encode the still of a page of drawings, which only readers without a script see, and how large."""

SCRIPT_WORDS = ("Play", "Pause", "Beat {n}")
"""The texts that the script of a page writes."""


@dataclass(frozen=True)
class RunSeries:
    """The numbers of one run as text, one for each update that the video shows.

    Parameters
    ----------
    name : str
    role : str
        Its color: a role of the theme, or a hex color.
    loss, epochs : tuple of str
        Empty if the run has no such numbers.
    """

    name: str
    role: str
    loss: tuple[str, ...]
    epochs: tuple[str, ...]


@dataclass(frozen=True)
class PlayerData:
    """The texts and numbers that a page shows beside a video.

    Parameters
    ----------
    question, alt : str
        The question that the video answers, and its alternative text.
    counter : str
        The unit of progress, such as "update".
    n_updates : int
        The last update.
    updates, frames : tuple of int
        The updates that the video shows, in rising order, and the first frame of each.
    captions : tuple of (int, str)
        The frame at which each caption begins, and its text.
    beats : tuple of int
        The frame at which each beat of a story begins; empty if it is not told in beats.
    runs : tuple of RunSeries
    language : Language
        Of the words of the page.
    """

    question: str = ""
    alt: str = ""
    counter: str = "frame"
    n_updates: int = 0
    updates: tuple[int, ...] = ()
    frames: tuple[int, ...] = ()
    captions: tuple[tuple[int, str], ...] = ()
    beats: tuple[int, ...] = ()
    runs: tuple[RunSeries, ...] = ()
    language: Language = ENGLISH

    def with_frames(self, n_frames: int) -> PlayerData:
        """Return the data for a number of frames: if no updates are known, each frame counts as one."""
        each = tuple(range(n_frames))
        return self if self.updates else replace(self, n_updates=max(0, n_frames - 1), updates=each, frames=each)


@dataclass(frozen=True)
class Clip:
    """One film of a page.

    Parameters
    ----------
    n_frames : int
    player_data : PlayerData
        The texts and numbers beside the film.
    video : bytes
        An MP4; empty if the page holds drawings.
    drawings : mapping, optional
        What `FilmData.films` holds of it.
    """

    n_frames: int
    player_data: PlayerData
    video: bytes = b""
    drawings: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class FailedClip:
    """What stands in place of a clip for values with which a scene fails.

    Parameters
    ----------
    text : str
    """

    text: str


@dataclass(frozen=True)
class Switch:
    """A parameter in which the clips of a page differ.

    Parameters
    ----------
    parameter : str
    values : sequence of str
        Displayed value of each.
    meaning : str
        One-line description of the parameter.
    has_buttons : bool
        Whether the values are a choice, not numbers.
    """

    parameter: str
    values: Sequence[str]
    meaning: str = ""
    has_buttons: bool = False


@dataclass(frozen=True)
class Page:
    """The content of a page.

    Parameters
    ----------
    clips : sequence of Clip or FailedClip
        All of one size and frame rate: one, or one for each combination of the switches' values, those of the last
        switch side by side.
    poster : bytes
        A WebP of the last frame, which readers see who prefer reduced motion, or without a script.
    width, height : int
        Pixels of the film.
    fps : float
        Frames per second.
    first : int
        Index of the clip that is shown first.
    switches : sequence of Switch
    drawings : str
        What `FilmData.shared` holds, if the clips are drawings.
    starts : StartGrid, optional
        Where the clips start on loss surfaces, if a reader can choose a start there.
    """

    clips: Sequence[Clip | FailedClip]
    poster: bytes
    width: int
    height: int
    fps: float
    first: int = 0
    switches: Sequence[Switch] = ()
    drawings: str = ""
    starts: StartGrid | None = None

    def html(self) -> str:
        """Return the page as HTML."""
        first, data = self._first, self._first.player_data
        return render(
            "player/page.html",
            title=data.question,
            alt=data.alt or data.question,
            data=self._script_data(),
            language=data.language,
            video=first.video,
            poster=self.poster,
            captions=f"data:text/vtt,{quote(webvtt(self._captions(first)))}",
            has_beats=any(clip.player_data.beats for clip in self._shown),
            width=self.width,
            height=self.height,
            switches=self.switches,
            has_surfaces=self.starts is not None,
            packed=packed,
        )

    @property
    def _shown(self) -> list[Clip]:
        return [clip for clip in self.clips if isinstance(clip, Clip)]

    @property
    def _first(self) -> Clip:
        clip = self.clips[self.first]
        if isinstance(clip, FailedClip):
            raise TypeError("first must be the index of a clip; got that of a problem")
        return clip

    def _script_data(self) -> dict[str, Any]:
        """Return what the page's script needs; the first clip's video stands in the page itself."""
        first = self._first
        language = first.player_data.language
        starts = {} if self.starts is None else {"starts": self.starts.data(), "size": [self.width, self.height]}
        return starts | {
            "fps": float(exact_fps(self.fps)),
            "counter": first.player_data.counter,
            "first": self.first,
            "sweeps": [{"parameter": switch.parameter, "values": list(switch.values)} for switch in self.switches],
            "drawings": self.drawings,
            "clips": [clip_data(clip, has_film=clip is not first or not clip.video) for clip in self.clips],
            "words": {word: language.text(word) for word in SCRIPT_WORDS},
            "decimal": language.decimal,
        }

    def _captions(self, clip: Clip) -> list[tuple[float, float, str]]:
        """Return start, end (seconds) and text of each caption."""
        fps = float(exact_fps(self.fps))
        starts = [frame / fps for frame, _ in clip.player_data.captions]
        spans = pairwise([*starts, clip.n_frames / fps])
        return [(start, end, text) for (start, end), (_, text) in zip(spans, clip.player_data.captions, strict=True)]


def clip_data(clip: Clip | FailedClip, *, has_film: bool) -> dict[str, Any]:
    """Return a clip for the page's script, packed with its drawings: differences of updates, a string for each run."""
    if isinstance(clip, FailedClip):
        return {"problem": clip.text}
    player_data = clip.player_data
    data = {
        "alt": player_data.alt,
        "n": clip.n_frames,
        "last": player_data.n_updates,
        "updates": _differences(player_data.updates),
        "frames": _differences(player_data.frames),
        "captions": player_data.captions,
        "beats": player_data.beats,
        "runs": [
            {"name": run.name, "role": run.role, "loss": " ".join(run.loss), "epochs": " ".join(run.epochs)}
            for run in player_data.runs
        ],
    }
    if clip.drawings:
        return {"film": packed({"film": clip.drawings} | data)}
    return data | ({"video": b64encode(clip.video).decode()} if has_film else {})


def page_in_iframe(file: OutputFile, title: str) -> str:
    """Return an ``<iframe>`` element that contains a whole page, for notebooks and documents.

    It needs no server, and its styles, scripts and keys do not meet those of the document around it. It is as wide as
    the document allows, but not wider than the video.

    Parameters
    ----------
    file : OutputFile
        The page.
    title : str
        The label of the frame for readers who cannot see it.
    """
    page = file.path.read_text(encoding="utf-8")
    return render("player/iframe.html", page=page, title=title, width=file.width, height=file.height)


def _differences(numbers: Sequence[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise([0, *numbers])]


class PageSink(FileSink):
    """Writes a page with one film: a video, or drawings if they take fewer bytes. Parameters as for `Encoder.open`."""

    def __init__(self, path: Path, width: int, height: int, fps: float, options: EncodeOptions) -> None:
        self._file = AtomicFile(path)
        super().__init__(path, width, height, fps, self._file)
        self._options = options
        self._folder = temporary_folder()
        self._latest: Frame | None = None
        self._shown: list[int] = []
        self._page_contents = ""
        with self._ending_on_error(self._discard):
            self._video = VideoSink(MP4, Path(self._folder.name) / "video.mp4", width, height, fps, options)

    def stage_frame(self, rgba: Frame) -> EncodeTask:
        """Return the deferred encoding of one more frame."""
        self._count(rgba)
        if self._latest is None:
            self._latest = np.empty_like(rgba)
        np.copyto(self._latest, rgba)
        if self._options.recording is not None:
            self._shown.append(self._options.recording.n_drawings - 1)
        return self._video.stage_frame(rgba)

    def _complete(self) -> None:
        self._video.finish()
        video = self._video.publish()
        title = dict(self._options.metadata).get("title") or os.fsencode(self._path.stem).decode(errors="replace")
        player_data = (self._options.player_data or PlayerData(question=title)).with_frames(video.n_frames)
        player_data = replace(player_data, alt=self._options.alt or player_data.alt)
        film = chosen_film(video.path.read_bytes(), self._drawings())
        self._page_contents = film.contents
        clip = Clip(video.n_frames, player_data, film.video, film.drawings)
        still = poster(self._latest, SMALL if film.drawings else NEAR)
        page = Page([clip], still, video.width, video.height, self._fps, drawings=film.shared)
        self._file.write_bytes(page.html().encode())
        self._folder.cleanup()

    def _drawings(self) -> FilmData | None:
        recording = self._options.recording
        if recording is None or recording.has_ended:
            return None
        return film_data([Film.of(recording, self._shown, self._fps)])

    def _contents(self) -> dict[str, Any]:
        return {"contents": self._page_contents}

    def _discard(self) -> None:
        self._file.discard()
        self._folder.cleanup()

    def _release(self) -> None:
        self._video.abort()
        self._folder.cleanup()


class ChosenFilm(NamedTuple):
    """The film of a page: a video or drawings.

    Attributes
    ----------
    contents : str
        Which of both, and why, as `OutputFile.contents`.
    video : bytes
    shared : str
    drawings : mapping, optional
        As in `FilmData`.
    """

    contents: str
    video: bytes = b""
    shared: str = ""
    drawings: Mapping[str, Any] | None = None


def chosen_film(video: bytes, drawings: FilmData | None) -> ChosenFilm:
    """Return the film that takes fewer bytes in a page."""
    if drawings is None:
        return ChosenFilm("as video", video)
    n_bytes = -(-len(video) // 3) * 4
    if drawings.n_bytes >= n_bytes:
        sizes = f"drawings would take {readable(drawings.n_bytes)}, it takes {readable(n_bytes)}"
        return ChosenFilm(f"as video: {sizes}", video)
    return ChosenFilm("as drawings", b"", drawings.shared, drawings.films[0])


def publish_page(page: Page, file: AtomicFile) -> OutputFile:
    """Give a page its final name and return the file."""
    n_frames = max(clip.n_frames for clip in page.clips if isinstance(clip, Clip))
    size = page.width, page.height
    contents = "as drawings" if page.drawings else "as video"
    return OutputFile(file.path, file.publish(), *size, n_frames, page.fps, n_frames / page.fps, contents=contents)


def poster(frame: Frame | None, encoding: Mapping[str, Any]) -> bytes:
    """Return a frame, RGBA, as WebP in one of the encodings `EXACT`, `NEAR` and `SMALL`."""
    if frame is None:
        return b""
    file = BytesIO()
    image = Image.fromarray(np.ascontiguousarray(on_white(frame)[..., :3]))
    if encoding is SMALL:
        width, height = (max(1, round(side * SMALL_SCALE)) for side in image.size)
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    image.save(file, "WEBP", **encoding)
    return file.getvalue()
