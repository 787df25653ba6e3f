"""A recorded animation: which drawing each frame shows, and what its drawings share."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from animate.vector.fragments import NameTable, SharedDefinitions
from animate.vector.recording import FigureRecording, VectorRecording


@dataclass(frozen=True, kw_only=True)
class Film:
    """A recorded animation.

    Attributes
    ----------
    width, height : float
        Size in pixels.
    recording : VectorRecording
    shown : sequence of int
        The drawing that each frame shows, in rising order.
    fps : float
        Frames per second.
    loop : int
        How often it plays; 0 is for ever.
    title, alt : str
        What it is and what it shows.
    """

    width: float
    height: float
    recording: VectorRecording
    shown: Sequence[int]
    fps: float
    loop: int = 0
    title: str = ""
    alt: str = ""

    @classmethod
    def of(cls, recording: FigureRecording, shown: Sequence[int], fps: float, **more: Any) -> Film:
        """Return the film of a figure, with the figure's size."""
        width, height = recording.size
        return cls(width=width, height=height, recording=recording, shown=shown, fps=fps, **more)

    def first_frames(self) -> dict[int, int]:
        """Return the first frame that shows each drawing."""
        return {drawing: frame for frame, drawing in reversed(list(enumerate(self.shown)))}


def definitions(shared: SharedDefinitions, names: Collection[str] | None = None) -> Iterator[str]:
    """Yield the clip paths, markers and shapes that drawings refer to, as SVG: all, or those of some names."""
    for name, data in _chosen(shared.clips, names):
        yield f'<clipPath id="{name}"><path d="{data}"/></clipPath>'
    for name, content in _chosen(shared.markers, names):
        size = 'markerUnits="userSpaceOnUse" markerWidth="1" markerHeight="1" overflow="visible"'
        yield f'<marker id="{name}" {size}>{content}</marker>'
    for name, content in _chosen(shared.shapes, names):
        yield content.replace('id="{}"', f'id="{name}"', 1)


def style_rules(shared: SharedDefinitions, names: Collection[str] | None = None) -> str:
    """Return the styles of drawings, as CSS: all, or those of some names."""
    rules = "".join(f".{name}{{{style}}}" for name, style in _chosen(shared.styles, names))
    dark = ((name, style) for name, style in shared.dark_styles.items() if names is None or name in names)
    dark_rules = "".join(f".{name}{{{style}}}" for name, style in dark)
    return f"{rules}@media(prefers-color-scheme:dark){{{dark_rules}}}" if dark_rules else rules


def _chosen(table: NameTable, names: Collection[str] | None) -> Iterator[tuple[str, str]]:
    return ((name, content) for name, content in table.contents.items() if names is None or name in names)
