"""Faults of a picture that a reader would see, found from the boxes of its artists without drawing a pixel."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle as Bar
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from animate import Scene, panels
from animate.draw.color_alone import told_by_color_alone
from animate.draw.marks import Mark, Points
from animate.draw.marks.mark import value_at
from animate.draw.settings import resolve
from animate.draw.text_overlap import drawn_boxes, moments, quoted, text_faults

MOST_COVERED = 0.1
"""Share of the run for which a path or a point may pass under a label, which then has a halo."""
_OF_LINES = (panels.Curves, panels.LossCurve, panels.Plot, panels.Traces)
MOST_BESIDE = 0.32
"""Share of the width of axes that names beside the ends of lines may take: 0.3, and what ticks took afterwards."""
FINE = 61
"""Moments at which a label is looked at that seems to be covered for longer."""


def faults(scene: Scene, size: tuple[int, int], theme: str, *, halo_is_enough: bool = False) -> list[str]:
    """Return the faults of a scene at one size, over moments spread evenly through it, each kind of fault once.

    ``halo_is_enough`` says that labels with a halo may lie on lines throughout.
    """
    stage = scene.stage(resolve(size=size, theme=theme))
    times = moments(scene.timeline)
    found = {f"{text!r} is cut" for text in stage.shortened}
    said: dict[str, str] = {}
    covered: Counter[str] = Counter()

    def are_covered(texts: dict[Text, Bbox]) -> set[str]:
        return {
            _name(text)
            for text, box in texts.items()
            if not (halo_is_enough and text.get_path_effects()) and _is_covered(text, box)
        }

    for time in times:
        stage.show(time)
        texts = dict(drawn_boxes(stage.figure))
        for fault in text_faults(texts, stage.style):
            said.setdefault(_without_numbers(fault), fault)
        covered.update(are_covered(texts))
        found |= {fault.partition(";")[0] for fault in told_by_color_alone(stage.figure, stage.style.theme)}
    found |= {fault for panel, axes in stage.mounted if isinstance(panel, _OF_LINES) for fault in _of_names(axes)}
    found |= set(said.values())
    found |= {
        fault
        for panel, _ in stage.mounted
        for drawn in panel.drawn_marks
        for fault in _of_colors(drawn.mark, panel.n_updates)
    }
    suspected = {text for text, n in covered.items() if n > MOST_COVERED * len(times)}
    if suspected:
        fine: Counter[str] = Counter()
        for time in np.linspace(0.0, scene.timeline.duration, FINE):
            stage.show(float(time))
            fine.update(suspected & are_covered(dict(drawn_boxes(stage.figure))))
        found |= {f"{text} lies on a path or a point" for text, n in fine.items() if n > MOST_COVERED * FINE}
    return sorted(found)


def _of_names(axes: Axes) -> Iterator[str]:
    """Yield a line if names beside the ends of lines take much of the width of axes; bars are no lines."""
    lines = [line.get_window_extent().x1 for line in axes.lines if line.get_linestyle() != "None"]
    if not lines or any(isinstance(patch, Bar) for patch in axes.patches):
        return
    names = {text: text.get_window_extent() for text in axes.texts if text.get_visible() and text.get_text().strip()}
    beside = [box.width for box in names.values() if box.x0 >= max(lines) - 1]
    share = (axes.bbox.x1 - max(lines)) / axes.bbox.width
    if max(beside, default=0.0) > 0.15 * axes.bbox.width and share > MOST_BESIDE:
        yield f"names beside lines take {share:.0%} of the width"


def _name(text: Text) -> str:
    return _without_numbers(quoted(text))


def _without_numbers(fault: str) -> str:
    """Return a fault with its digits replaced, so that a number that changes is one text."""
    return re.sub(r"\d", "0", fault)


def _of_colors(mark: Mark, last: int) -> Iterator[str]:
    """Yield a line if points of one mark, which have one shape, are told apart by the roles of their colors."""
    if not isinstance(mark, Points) or isinstance(mark.color, str):
        return
    xy, colors = np.asarray(value_at(mark.xy, last), dtype=float), value_at(mark.color, last)
    if isinstance(colors, str):
        return
    shown = np.isfinite(xy).all(axis=1)
    roles = {str(color).split()[0] for color, is_shown in zip(colors, shown, strict=True) if is_shown} - {"muted"}
    if len(roles) > 1:
        yield f"{', '.join(sorted(roles))} differ by color alone"


def _is_covered(text: Text, box: Bbox) -> bool:
    axes = text.axes
    if axes is None or text not in axes.texts:
        return False
    artists: list[Artist] = [*axes.lines, *axes.collections]
    return any(_crosses(artist, box) for artist in artists if artist.get_visible() and artist.get_alpha() != 0)


def _crosses(artist: Artist, box: Bbox) -> bool:
    """Return whether a line, or a point, reaches into a box."""
    if artist.get_clip_on() and artist.axes is not None:
        inside = Bbox.intersection(box, artist.axes.bbox)
        if inside is None:
            return False
        box = inside
    if isinstance(artist, Line2D):
        path = artist.get_transform().transform_path(artist.get_path())
        if artist.get_linestyle() not in ("None", "none", "", " ") and _path_crosses(path, box):
            return True
        return artist.get_marker() not in (None, "None", "none", "") and _has_point(
            path.vertices, box, artist.get_markersize() / 2
        )
    if isinstance(artist, LineCollection):
        return any(_path_crosses(artist.get_transform().transform_path(path), box) for path in artist.get_paths())
    if isinstance(artist, PathCollection) and len(artist.get_sizes()):
        reach = float(np.sqrt(np.max(artist.get_sizes()))) / 2
        return _has_point(
            artist.get_offset_transform().transform(np.asarray(artist.get_offsets(), dtype=float)), box, reach
        )
    return False


def _path_crosses(path: Path, box: Bbox) -> bool:
    vertices = np.asarray(path.vertices)
    if len(vertices) < 2 or not np.isfinite(vertices).any():
        return False
    return bool(path.intersects_bbox(box, filled=False))


def _has_point(places: np.ndarray, box: Bbox, reach: float) -> bool:
    low, high = np.array([box.min - 0.5 * reach, box.max + 0.5 * reach])
    with np.errstate(invalid="ignore"):
        return bool(((places >= low) & (places <= high)).all(axis=1).any())
