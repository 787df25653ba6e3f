"""Faults of a picture that a reader would see, found from the boxes of its artists without drawing a pixel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from animate import Scene
from animate.draw.settings import resolve
from animate.draw.story import StoryTimeline
from animate.draw.style import DPI, MIN_TEXT_PX, Style

N_MOMENTS = 11
MOST_COVERED = 0.1
"""Share of the run for which a path or a point may pass under a label without a halo."""
_INK = 0.2
"""Share of the height of a line that letters leave empty above and below."""


def faults(scene: Scene, size: tuple[int, int], theme: str) -> list[str]:
    """Return the faults of a scene at one size, over moments spread evenly through it, each kind of fault once."""
    stage = scene.stage(resolve(size=size, theme=theme))
    moments = np.linspace(0.0, scene.timeline.duration, N_MOMENTS)
    if isinstance(scene.timeline, StoryTimeline):
        ends = [scene.timeline.end_of(beat + 1) for beat in range(len(scene.timeline.chapters))]
        moments = np.unique([*moments, *ends])
    found: set[str] = set()
    covered: Counter[str] = Counter()
    for moment in moments:
        stage.show(float(moment))
        texts = dict(drawn_boxes(stage.figure))
        found.update(_of_texts(texts, stage.style))
        covered.update({_quoted(text) for text, box in texts.items() if _is_covered(text, box)})
    found |= {f"{text} lies on a path or a point" for text, n in covered.items() if n > MOST_COVERED * len(moments)}
    return sorted(found)


def drawn_boxes(figure: Figure) -> Iterator[tuple[Text, Bbox]]:
    """Yield each text that is drawn, with the box of its letters in pixels."""
    shown = [axes for axes in figure.axes if axes.get_visible()]
    texts = [*figure.texts, *(text for axes in shown for text in _texts_of(axes))]
    for text in texts:
        if text.get_visible() and text.get_text().strip() and (text.get_alpha() or 1.0) > 0.5:
            box = text.get_window_extent()
            lead = len(text.get_text()) - len(text.get_text().lstrip(" "))  # spaces that keep a distance
            box.x0 += 0.3 * lead * text.get_fontsize()
            less = _INK * text.get_fontsize() if text.get_rotation() == 0 else 0.0
            aside = _INK * text.get_fontsize() if text.get_rotation() == 90 else 0.0
            yield text, Bbox.from_extents(box.x0 + aside, box.y0 + less, box.x1 - aside, box.y1 - less)


def _texts_of(axes: Axes) -> list[Text]:
    texts = list(axes.texts)
    if axes.axison and axes.name == "rectilinear":  # mplot3d places its labels only while it draws
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            slack = 1e-9 * (high - low)
            ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)
            texts += [label for place, label in ticks if low - slack <= place <= high + slack]
            texts.append(axis.label)
            axes._update_title_position  # noqa: B018
            axis._update_label_position(axes.figure._get_renderer())
    return texts


def _of_texts(texts: dict[Text, Bbox], style: Style) -> Iterator[str]:
    for text, box in texts.items():
        if box.x0 < -1 or box.y0 < -1 or box.x1 > style.width + 1 or box.y1 > style.height + 1:
            yield f"{_quoted(text)} is cut"
        if text.get_fontsize() * DPI / 72 < MIN_TEXT_PX * style.density - 0.01:
            yield f"{_quoted(text)} has {text.get_fontsize():.1f} px"
    for (one, its), (other, box) in combinations(texts.items(), 2):
        if its.x0 + 1 < box.x1 and box.x0 + 1 < its.x1 and its.y0 + 1 < box.y1 and box.y0 + 1 < its.y1:
            yield f"{_quoted(one)} lies on {_quoted(other)}"


def _quoted(text: Text) -> str:
    """Return a text with its digits replaced, so that a number that changes is one text."""
    return repr("".join("0" if letter.isdigit() else letter for letter in text.get_text()))


def _is_covered(text: Text, box: Bbox) -> bool:
    axes = text.axes
    if axes is None or text.get_path_effects() or text not in axes.texts:
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
