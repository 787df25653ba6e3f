"""A page that plays without a server: video, controls and numbers in one HTML file that makes no network request.

The fragment of its address holds its state, ``#t=2.4&value=0.01``: seconds, and the value of the swept parameter if
there is one. In an iframe it posts its height to the surrounding page: ``{type: "animate:height", height: 612}``.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from PIL import Image

from animate.atomic_files import AtomicFile, temporary_folder
from animate.draw.language import ENGLISH, Language
from animate.film.formats.video import MP4, VideoSink
from animate.film.sinks import EncodeOptions, EncodeTask, FileSink, OutputFile, exact_fps, on_white
from animate.replay.frames import Frame
from animate.web.pages import render
from animate.web.webvtt import webvtt

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
    """One video of a page.

    Parameters
    ----------
    video : bytes
        An MP4.
    n_frames : int
    player_data : PlayerData
        The texts and numbers beside the video.
    value : str
        The value of the swept parameter with which the video was rendered; "" if there is no sweep.
    """

    video: bytes
    n_frames: int
    player_data: PlayerData
    value: str = ""


@dataclass(frozen=True)
class Page:
    """The content of a page.

    Parameters
    ----------
    clips : sequence of Clip
        All of one size and frame rate.
    poster : bytes
        A WebP of the last frame, which readers who prefer reduced motion see first.
    width, height : int
        Pixels of the video.
    fps : float
        Frames per second.
    first : int
        Index of the clip that is shown first.
    parameter, meaning : str
        The swept parameter and its help text; "" if there is one clip.
    """

    clips: Sequence[Clip]
    poster: bytes
    width: int
    height: int
    fps: float
    first: int = 0
    parameter: str = ""
    meaning: str = ""

    def html(self) -> str:
        """Return the page as HTML."""
        first = self.clips[self.first]
        return render(
            "player/page.html",
            title=first.player_data.question,
            alt=first.player_data.alt or first.player_data.question,
            data=self._script_data(),
            language=first.player_data.language,
            video=first.video,
            poster=self.poster,
            captions=f"data:text/vtt,{quote(webvtt(self._captions(first)))}",
            has_beats=any(clip.player_data.beats for clip in self.clips),
            width=self.width,
            height=self.height,
        )

    def _script_data(self) -> dict[str, Any]:
        """Return what the page's script needs; the first clip's video stands in the page itself."""
        clips = [
            clip_data(clip) | ({} if index == self.first else {"video": b64encode(clip.video).decode()})
            for index, clip in enumerate(self.clips)
        ]
        sweep = {"parameter": self.parameter, "meaning": self.meaning, "first": self.first}
        return {
            "fps": float(exact_fps(self.fps)),
            "counter": self.clips[0].player_data.counter,
            **sweep,
            "clips": clips,
            "words": {word: self.clips[0].player_data.language.text(word) for word in SCRIPT_WORDS},
            "decimal": self.clips[0].player_data.language.decimal,
        }

    def _captions(self, clip: Clip) -> list[tuple[float, float, str]]:
        """Return start, end (seconds) and text of each caption."""
        fps = float(exact_fps(self.fps))
        starts = [frame / fps for frame, _ in clip.player_data.captions]
        spans = pairwise([*starts, clip.n_frames / fps])
        return [(start, end, text) for (start, end), (_, text) in zip(spans, clip.player_data.captions, strict=True)]


def clip_data(clip: Clip) -> dict[str, Any]:
    """Return a clip for the page's script: updates and frames as differences, the texts of a run in one string."""
    player_data = clip.player_data
    return {
        "value": clip.value,
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
    """Writes a page with one video. Parameters as for `Encoder.open`."""

    def __init__(self, path: Path, width: int, height: int, fps: float, options: EncodeOptions) -> None:
        self._file = AtomicFile(path)
        super().__init__(path, width, height, fps, self._file)
        self._player_data, self._alt = options.player_data, options.alt
        self._folder = temporary_folder()
        self._latest: Frame | None = None
        with self._ending_on_error(self._discard):
            self._video = VideoSink(MP4, Path(self._folder.name) / "video.mp4", width, height, fps, options)

    def stage_frame(self, rgba: Frame) -> EncodeTask:
        """Return the deferred encoding of one more frame."""
        self._count(rgba)
        if self._latest is None:
            self._latest = np.empty_like(rgba)
        np.copyto(self._latest, rgba)
        return self._video.stage_frame(rgba)

    def _complete(self) -> None:
        self._video.finish()
        video = self._video.publish()
        player_data = (self._player_data or PlayerData(question=self._path.stem)).with_frames(video.n_frames)
        player_data = replace(player_data, alt=self._alt or player_data.alt)
        clip = Clip(video.path.read_bytes(), video.n_frames, player_data)
        write_page(Page([clip], poster(self._latest), video.width, video.height, self._fps), self._file)
        self._folder.cleanup()

    def _discard(self) -> None:
        self._file.discard()
        self._folder.cleanup()

    def _release(self) -> None:
        self._video.abort()
        self._folder.cleanup()


def write_page(page: Page, file: AtomicFile) -> None:
    """Write a page under its temporary name."""
    file.write_bytes(page.html().encode())


def publish_page(page: Page, file: AtomicFile) -> OutputFile:
    """Give a page its final name and return the file."""
    n_frames = max(clip.n_frames for clip in page.clips)
    duration = n_frames / page.fps
    return OutputFile(file.path, file.publish(), page.width, page.height, n_frames, page.fps, duration)


def poster(frame: Frame | None) -> bytes:
    """Return a frame as WebP, lossless, which takes the fewest bytes for plots."""
    if frame is None:
        return b""
    file = BytesIO()
    image = Image.fromarray(np.ascontiguousarray(on_white(frame)[..., :3]))
    image.save(file, "WEBP", lossless=True, quality=80, method=4)
    return file.getvalue()
