"""A page that plays without a server: video, controls and numbers in one file of HTML, which asks the network nothing.

Its state is in the fragment of its address, ``#t=2.4&value=0.01``: seconds, and the value where there are several. In
an iframe it tells its height to the page around it: ``{type: "animate:height", height: 612}``, by ``postMessage``.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from animate.draw.theme import THEMES, Theme
from animate.film.sinks import exact_fps
from animate.film.story import Story

COLORS = ("background", "ink", "muted", "rule", "first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True)
class Take:
    """One video of a page.

    Attributes
    ----------
    video : bytes
        An MP4.
    n_frames : int
    story : Story
    value : str
        The value of the swept parameter that it was rendered with.
    """

    video: bytes
    n_frames: int
    story: Story
    value: str = ""


@dataclass(frozen=True)
class Page:
    """What a page shows.

    Attributes
    ----------
    takes : sequence of Take
        All of one size and rate.
    poster : bytes
        A WebP of the moment on which a reader who wants no motion finds the page: the last one.
    width, height : int
        Pixels of the video.
    fps : float
    first : int
        Which take is shown first.
    parameter, meaning : str
        What the takes differ in, and what it means; empty where there is one.
    """

    takes: Sequence[Take]
    poster: bytes
    width: int
    height: int
    fps: float
    first: int = 0
    parameter: str = ""
    meaning: str = ""

    def html(self) -> str:
        """Return the page."""
        first = self.takes[self.first]
        return filled(
            _source("page.html"),
            {
                "title": escape(first.story.question),
                "alt": escape(first.story.alt or first.story.question),
                "style": colors() + compact(_source("page.css")),
                "script": compact(_source("page.js")),
                "data": script_json(self._data()),
                "video": data_uri("video/mp4", first.video),
                "poster": data_uri("image/webp", self.poster),
                "captions": escape(f"data:text/vtt,{quote(self._webvtt(first))}"),
                "width": str(self.width),
                "height": str(self.height),
            },
        )

    def _data(self) -> dict[str, Any]:
        takes = [
            take_data(take) | ({} if index == self.first else {"video": b64encode(take.video).decode()})
            for index, take in enumerate(self.takes)
        ]
        told = {"parameter": self.parameter, "meaning": self.meaning, "first": self.first}
        return {"fps": float(exact_fps(self.fps)), "counter": self.takes[0].story.counter, **told, "takes": takes}

    def _webvtt(self, take: Take) -> str:
        fps = float(exact_fps(self.fps))
        starts = [_frame_of(update, take.story) / fps for update, _ in take.story.captions]
        cues = zip([*pairwise([*starts, take.n_frames / fps])], take.story.captions, strict=True)
        lines = [f"{_clock(start)} --> {_clock(end)}\n{_cue(text)}" for (start, end), (_, text) in cues if end > start]
        return "\n\n".join(["WEBVTT", *lines, ""])


def take_data(take: Take) -> dict[str, Any]:
    """Return what a page is told of a take: updates and frames as differences, texts of a run in one string."""
    story = take.story
    return {
        "value": take.value,
        "alt": story.alt,
        "n": take.n_frames,
        "last": story.n_updates,
        "updates": _differences(story.updates),
        "frames": _differences(story.frames),
        "captions": story.captions,
        "runs": [
            {"name": run.name, "role": run.role, "loss": " ".join(run.loss), "epochs": " ".join(run.epochs)}
            for run in story.runs
        ],
    }


def video_html(video: bytes, alt: str, width: int, height: int) -> str:
    """Return a ``<video>`` that plays by itself, silently, again and again, with all that it needs inside."""
    return (
        f'<video width="{width}" height="{height}" autoplay loop muted playsinline controls '
        f'style="max-width:100%;height:auto" aria-label="{escape(alt)}" src="{data_uri("video/mp4", video)}"></video>'
    )


def data_uri(media_type: str, data: bytes) -> str:
    """Return an address that holds the data itself.

    >>> data_uri("text/plain", b"Hi")
    'data:text/plain;base64,SGk='
    """
    return f"data:{media_type};base64,{b64encode(data).decode()}"


def script_json(value: Any) -> str:
    r"""Return JSON that can stand in a ``<script>``: nothing in it ends the element or begins a comment.

    >>> script_json({"a": "</script>"})
    '{"a":"\\u003c/script>"}'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template with ``{{name}}`` replaced, in one pass: what is put in is not looked at again.

    >>> filled("<b>{{a}}</b>", {"a": "{{a}}"})
    '<b>{{a}}</b>'
    """
    return re.sub(r"\{\{(\w+)\}\}", lambda match: values[match[1]], template)


def compact(source: str) -> str:
    r"""Return a style or a script without its indentation, its empty lines and its lines of comment.

    >>> compact("a {\n  b: c\n}\n\n// why\n")
    'a {\nb: c\n}'
    """
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def colors() -> str:
    """Return the colors of the page as CSS: those of the light theme, and of the dark one where the system is dark."""
    light, dark = (_variables(THEMES[name]) for name in ("light", "dark"))
    return f":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def _variables(theme: Theme) -> str:
    return "".join(f"--{role}:{theme.color(role)};" for role in COLORS) + f"--tint:{theme.tint('ink', 0.06)};"


def _source(name: str) -> str:
    return files("animate.film").joinpath(name).read_text(encoding="utf-8")


def _differences(numbers: Sequence[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise([0, *numbers])]


def _frame_of(update: int, story: Story) -> int:
    """Return the first frame on which an update has come."""
    return next((frame for at, frame in zip(story.updates, story.frames, strict=True) if at >= update), 0)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def _cue(text: str) -> str:
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
