"""A page that plays without a server: video, controls and numbers in one HTML file that makes no network request.

The fragment of its address holds its state, ``#t=2.4&value=0.01``: seconds, and the value of the swept parameter if
there is one. In an iframe it posts its height to the surrounding page: ``{type: "animate:height", height: 612}``.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from animate.film.sinks import exact_fps
from animate.film.story import Story
from animate.web.pages import render
from animate.web.webvtt import webvtt


@dataclass(frozen=True)
class Take:
    """One video of a page.

    Parameters
    ----------
    video : bytes
        An MP4.
    n_frames : int
    story : Story
        The texts and numbers beside the video.
    value : str
        The value of the swept parameter with which the video was rendered; "" if there is no sweep.
    """

    video: bytes
    n_frames: int
    story: Story
    value: str = ""


@dataclass(frozen=True)
class Page:
    """The content of a page.

    Parameters
    ----------
    takes : sequence of Take
        All of one size and frame rate.
    poster : bytes
        A WebP of the last frame, which readers who prefer reduced motion see first.
    width, height : int
        Pixels of the video.
    fps : float
        Frames per second.
    first : int
        Index of the take that is shown first.
    parameter, meaning : str
        The swept parameter and its help text; "" if there is one take.
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
        """Return the page as HTML."""
        first = self.takes[self.first]
        return render(
            "player/page.html",
            title=first.story.question,
            alt=first.story.alt or first.story.question,
            data=self._script_data(),
            video=first.video,
            poster=self.poster,
            captions=f"data:text/vtt,{quote(webvtt(self._captions(first)))}",
            width=self.width,
            height=self.height,
        )

    def _script_data(self) -> dict[str, Any]:
        """Return what the page's script needs; the first take's video stands in the page itself."""
        takes = [
            take_data(take) | ({} if index == self.first else {"video": b64encode(take.video).decode()})
            for index, take in enumerate(self.takes)
        ]
        sweep = {"parameter": self.parameter, "meaning": self.meaning, "first": self.first}
        return {"fps": float(exact_fps(self.fps)), "counter": self.takes[0].story.counter, **sweep, "takes": takes}

    def _captions(self, take: Take) -> list[tuple[float, float, str]]:
        """Return start, end (seconds) and text of each caption."""
        fps = float(exact_fps(self.fps))
        starts = [_first_frame(update, take.story) / fps for update, _ in take.story.captions]
        spans = pairwise([*starts, take.n_frames / fps])
        return [(start, end, text) for (start, end), (_, text) in zip(spans, take.story.captions, strict=True)]


def take_data(take: Take) -> dict[str, Any]:
    """Return a take for the page's script: updates and frames as differences, the texts of a run in one string."""
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
    """Return a ``<video>`` element that holds its MP4 and plays it in a loop without sound, for notebooks.

    Parameters
    ----------
    video : bytes
        An MP4.
    alt : str
        The label for readers who do not see it.
    width, height : int
        Pixels.
    """
    return render("player/inline.html", video=video, alt=alt, width=width, height=height)


def _differences(numbers: Sequence[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise([0, *numbers])]


def _first_frame(update: int, story: Story) -> int:
    """Return the first frame that shows an update."""
    return next((frame for at, frame in zip(story.updates, story.frames, strict=True) if at >= update), 0)
