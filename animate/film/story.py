"""What a page tells beside a video: which update each frame shows, its caption and its numbers, as text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """The numbers of one run, as they are shown.

    Attributes
    ----------
    name : str
    role : str
        Its color: a role of the theme, or a hex color.
    loss, epochs : tuple of str
        One text for each update that is shown; none where there is nothing to tell.
    """

    name: str
    role: str
    loss: tuple[str, ...]
    epochs: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """What is told of one video.

    Attributes
    ----------
    question, alt : str
        What it is about, and what it shows for those who do not see it.
    counter : str
        What is counted, such as "update".
    n_updates : int
        The last update there is.
    updates, frames : tuple of int
        The updates that are shown, rising, and the first frame of each.
    captions : tuple of (int, str)
        From which update on each caption stands.
    runs : tuple of Told
    """

    question: str = ""
    alt: str = ""
    counter: str = "frame"
    n_updates: int = 0
    updates: tuple[int, ...] = ()
    frames: tuple[int, ...] = ()
    captions: tuple[tuple[int, str], ...] = ()
    runs: tuple[Told, ...] = ()

    @classmethod
    def of_frames(cls, name: str, n_frames: int) -> Story:
        """Return the story of a video of which nothing is known but its frames."""
        each = tuple(range(n_frames))
        return cls(question=name, n_updates=max(0, n_frames - 1), updates=each, frames=each)
