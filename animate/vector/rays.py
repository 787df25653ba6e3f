"""Vertical segments from fixed points to a line that moves, such as residuals, as rays that are cut along the line.

A ray goes up from each point and another one down. Rays never change: those that go up are seen below the line, those
that go down above it. So two clip paths that follow the line take the place of all segments of all drawings. Segments
end at right angles and rays along the line, so the line itself must be drawn over the ends and hide the difference.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from animate.vector.disjoint import MOST_SHAPES, disjoint_groups
from animate.vector.fragments import UNITS, Fragment, SharedDefinitions, short_name
from animate.vector.tracks import HIDDEN, Track

FEWEST = 4
"""Rays take the place of at least so many segments, in at least so many drawings."""

COVER = UNITS
"""A line hides the ends of segments if it is wider by so much."""

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Rays:
    """Rays from fixed points.

    Attributes
    ----------
    up, down : str
        Markup of the rays in either direction, without a style.
    lines : dict
        Slope and intercept of the line, by the drawings from which on it is there.
    """

    up: str
    down: str
    lines: dict[int, tuple[float, float]]


@dataclass(frozen=True)
class _Segments:
    """Segments of a track: `x` and `fixed` stay; `ends` holds the other ends in each slot."""

    x: Array
    fixed: Array
    ends: dict[int, Array]


def with_rays(tracks: Sequence[Track], shared: SharedDefinitions) -> tuple[list[Track], dict[str, Rays]]:
    """Return tracks that refer to rays in place of segments, and the rays by their ids."""
    changed, found = list(tracks), dict[str, Rays]()
    for index, track in enumerate(tracks):
        rays = _rays_of(track, tracks[index + 1 :], shared) if len(track.slots) >= FEWEST else None
        if rays is not None:
            name = f"R{short_name(len(found))}"
            found[name] = rays
            changed[index] = _referring(track, f'href="#{name}"', rays)
    return changed, found


def _rays_of(track: Track, later: Sequence[Track], shared: SharedDefinitions) -> Rays | None:
    """Return the rays that can replace the segments of a track."""
    segments, (width, *other_widths) = _segments(track), _line_widths(track, shared)
    limits = _RECTANGLE.fullmatch(shared.clips.contents.get(track.slots[0][0].clip, ""))
    if segments is None or limits is None or width <= 0 or other_widths:
        return None
    covering = [over for over in later if _covers(over, track.slots[0][0].clip, width, shared)]
    lines = max((dict(_lines(track, segments, over)) for over in covering), key=len, default={})
    if len(lines) < FEWEST:
        return None
    top, bottom = map(int, limits.groups())
    up = _rays(segments, width, to=top, inside=segments.fixed > top)
    down = _rays(segments, width, to=bottom, inside=segments.fixed < bottom)
    return Rays(up, down, lines)


def _referring(track: Track, reference: str, rays: Rays) -> Track:
    """Return a track that refers to rays where they take the place of segments."""
    result: Track | None = None
    for drawing, slot in track.changes:
        if slot == HIDDEN:
            if result is not None:
                result.hide(drawing)
            continue
        (fragment,) = track.slots[slot]
        if drawing in rays.lines:
            fragment = fragment._replace(kind="use", content=reference)
        if result is None:
            result = Track(drawing, fragment)
        result.show(drawing, fragment)
    return result or track


_RECTANGLE = re.compile(r"M\d+ (\d+)H\d+V(\d+)H\d+z")
_SEGMENTS = re.compile(r"(?:M-?[\d.]+[ -][\d.]+v-?[\d.]+)+")
_PATHS = re.compile(r'(?:<path d="[^"]*"/>)+')
_LINE = re.compile(r"M(-?[\d.]+) ?(-?[\d.]+)(?:l(-?[\d.]+) ?(-?[\d.]+)|h(-?[\d.]+))")


def _line_widths(track: Track, shared: SharedDefinitions) -> list[float]:
    """Return the different widths of the lines that a track shows; 0 for anything but plain lines."""
    styles = {shared.styles.contents.get(one.style, "") for slot in track.slots for one in slot}
    return sorted({_width(style) if "dash" not in style and "linecap" not in style else 0.0 for style in styles})


def _width(style: str) -> float:
    width = re.search(r"stroke-width:([\d.]+)", style)
    return float(width[1]) if width and "fill:none" in style else 0.0


def _covers(track: Track, clip: str, width: float, shared: SharedDefinitions) -> bool:
    """Return whether a track only shows opaque lines that are wider, inside the same clip path."""
    looks = {(one.kind, one.clip, one.style) for slot in track.slots for one in slot}
    styles = [shared.styles.contents.get(style, "") for _, _, style in looks]
    return all(kind == "path" and its_clip == clip for kind, its_clip, _ in looks) and all(
        "opacity" not in style and "dash" not in style and _width(style) >= width + COVER
        for style in styles
    )


def _segments(track: Track) -> _Segments | None:
    """Return the vertical segments of a track, if one end of each stays in enough drawings."""
    shapes = {number: shape for number, slot in enumerate(track.slots) if len(shape := _vertical(slot)) >= FEWEST}
    places = {
        (number, end): (end, track.slots[number][0].clip, shape[:, [0, end]].tobytes())
        for number, shape in shapes.items()
        for end in (1, 2)
    }
    most = Counter(places.values()).most_common(1)
    if not most or most[0][1] < FEWEST:
        return None
    same = [number for (number, _), place in places.items() if place == most[0][0]]
    end = most[0][0][0]
    x, fixed = shapes[same[0]][:, [0, end]].T
    return _Segments(x, fixed, {number: shapes[number][:, 3 - end] for number in same})


def _vertical(slot: Sequence[Fragment]) -> Array:
    """Return ``x`` and both ends of vertical segments; none if there is anything else."""
    content = slot[0].content
    if slot[0].kind == "raw" and _PATHS.fullmatch(content):
        content = re.sub(r'<path d="|"/>', "", content)
    if len(slot) > 1 or not _SEGMENTS.fullmatch(content):
        return np.empty((0, 3))
    numbers = np.array(re.findall(r"-?[\d.]+", content), float).reshape(-1, 3)
    numbers[:, 2] += numbers[:, 1]
    return numbers


def _lines(track: Track, segments: _Segments, over: Track) -> Iterator[tuple[int, tuple[float, float]]]:
    """Yield the drawings in which all segments end on the line that another track shows, and that line."""
    starts = [drawing for drawing, _ in over.changes]
    for drawing, slot in track.changes:
        at = bisect_right(starts, drawing) - 1
        shown = over.changes[at][1] if at >= 0 else HIDDEN
        if slot not in segments.ends or shown == HIDDEN:
            continue
        line = _LINE.fullmatch(over.slots[shown][0].content)
        if line is None or not float(line[3] or line[5]):
            continue
        x, y, width, height = (float(number or 0) for number in (line[1], line[2], line[3] or line[5], line[4]))
        slope = height / width
        errors = np.abs(segments.ends[slot] - (y + slope * (segments.x - x)))
        reaches = min(x, x + width) <= segments.x.min() and max(x, x + width) >= segments.x.max()
        if reaches and errors.max() <= 0.75 + 0.5 * abs(slope):  # ends and slopes are rounded
            yield drawing, (slope, y - slope * x)


def _rays(segments: _Segments, width: float, *, to: int, inside: NDArray[np.bool]) -> str:
    """Return the rays from points inside of the picture to a height, as few paths."""
    margin, far = 2 * width + 1.5 * UNITS, np.full(len(segments.x), np.inf)
    boxes = np.stack([segments.x - margin, -far, segments.x + margin, far], axis=1)[inside]
    data = [f"M{x:g} {y:g}V{to}" for x, y in zip(segments.x[inside], segments.fixed[inside], strict=True)]
    groups = disjoint_groups(boxes) if len(boxes) <= MOST_SHAPES else [[index] for index in range(len(boxes))]
    return "".join(f'<path d="{"".join(data[index] for index in group)}"/>' for group in groups)
