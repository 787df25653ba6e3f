"""An animation as HTML: a page with a player, inside an element that any other page can contain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.animation import Animation, adjusted_figsize
from matplotlib.figure import Figure

from animate.atomic_files import temporary_folder
from animate.film.encoders import EncodeOptions, OutputFile
from animate.film.formats.page import PlayerData, page_in_iframe
from animate.film.writer import AnimateWriter
from animate.replay.frames import Frame
from animate.script_animations import Progress, first_frames, frames_per_second

MAX_FRAMES = 2000
"""The most frames of an animation in a document: half a minute of drawing, and as much as a reader watches."""


@dataclass(frozen=True)
class AnimationPlayer:
    """An animation as HTML.

    Attributes
    ----------
    html : str
        An element that plays the animation; needs no other file.
    alt : str
        Alternative text.
    last_frame : array of uint8, shape (height, width, 4)
    written : list of OutputFile
        Other files that were written in the same pass.
    """

    html: str
    alt: str
    last_frame: Frame
    written: list[OutputFile]


def figure_of(animation: Animation) -> Figure:
    """Return the figure that an animation changes."""
    figure: Figure = animation._fig  # type: ignore[attr-defined]  # noqa: SLF001 - there is no public way
    return figure


QUICK_SEARCH = (
    *("-me_method", "hex", "-subq", "1", "-partitions", "i4x4,i8x8", "-trellis", "0", "-refs", "1"),
    *("-rc-lookahead", "5"),
)
"""Arguments for x264 that take a third off its time at about the same bytes: most cells run more than once."""


def play(
    animation: Animation,
    *,
    fps: float | None = None,
    dpi: float | None = None,
    alt: str = "",
    hold: float = 0.0,
    outputs: Sequence[Path] = (),
    max_frames: int = MAX_FRAMES,
    drawings: bool = False,
    progress: Progress | None = None,
) -> AnimationPlayer:
    """Return an animation as HTML; each frame is drawn once for it and for other files.

    Parameters
    ----------
    animation : Animation
    fps : float, optional
        Frames per second; by default from the animation's interval.
    dpi : float, optional
        Resolution; by default that of `Animation.save`.
    alt : str
        Alternative text; by default from `describe`.
    hold : float
        Seconds for which the last frame stays.
    outputs : sequence of Path
        Further files to write. If there are any, they get all frames.
    max_frames : int
        The most frames to draw; if there are more, a line below the player says so.
    drawings : bool
        Whether to show drawings where they take fewer bytes than a video; both are then made, which takes longer.
    progress : callable, optional
    """
    figure = figure_of(animation)
    alt = alt or describe(figure)
    rate = frames_per_second(animation) if fps is None else fps
    most = None if outputs else max_frames
    with temporary_folder() as name, even_size(figure, dpi), first_frames(animation, most) as cut:
        page = Path(name) / "animation.html"
        options = EncodeOptions(player_data=PlayerData(alt=alt), alt=alt, video=not drawings)
        if not outputs:
            options = replace(options, extra_args=QUICK_SEARCH, threads=1)
        writer = AnimateWriter(fps=rate, outputs=[page, *outputs], options=options, hold=hold)
        animation.save(str(page), writer=writer, dpi=dpi, progress_callback=progress)
        first, *others = writer.written
        html = _element(first, f"Only the first {max_frames} frames." if cut else "")
    assert writer.last_frame is not None  # noqa: S101 - there is one after a save
    return AnimationPlayer(html, alt, writer.last_frame, others)


def _element(page: OutputFile, note: str) -> str:
    """Return the element of a page and a note below it, or, of a page larger than matplotlib's limit, that it is."""
    limit = mpl.rcParams["animation.embed_limit"]
    if page.bytes > limit * 2**20:
        return _note(f"The animation takes {page.bytes / 2**20:.1f} MB; animation.embed_limit is {limit} MB.")
    return page_in_iframe(page, "Animation") + (_note(note) if note else "")


def _note(text: str) -> str:
    remedy = (
        "To see all of it, save it with <code>%%animate -o animation.mp4</code>, or raise the limit: "
        '<code>animate.in_notebook(max_frames=…)</code>, <code>rcParams["animation.embed_limit"]</code>.'
    )
    return f"<p>{escape(text)} {remedy}</p>"


def describe(figure: Figure) -> str:
    """Return alternative text for an animation: the label of its figure, or else its titles and axis labels.

    >>> figure = Figure()
    >>> _ = figure.add_subplot(title="A wave", xlabel="time", ylabel="height")
    >>> describe(figure)
    'Animation: A wave (height over time)'
    """
    label = str(figure.get_label())
    if label:
        return label
    parts = [figure.get_suptitle(), *map(_describe_axes, figure.axes)]
    return ": ".join(["Animation", *filter(None, ["; ".join(filter(None, parts))])])


def _describe_axes(axes: Any) -> str:
    labels = " over ".join(filter(None, [axes.get_ylabel(), axes.get_xlabel()]))
    return f"{axes.get_title()} ({labels})".strip() if labels else str(axes.get_title())


@contextmanager
def even_size(figure: Figure, dpi: float | None) -> Iterator[None]:
    """Give a figure the even number of pixels that a video needs, for the duration of the block."""
    width, height = before = figure.get_size_inches()
    given = dpi or mpl.rcParams["savefig.dpi"]
    resolution = figure.dpi if given == "figure" else given
    figure.set_size_inches(*adjusted_figsize(width, height, resolution, 2))
    try:
        yield
    finally:
        figure.set_size_inches(*before)
