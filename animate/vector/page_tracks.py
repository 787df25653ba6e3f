"""The tracks of a film as the player of a page shows them: one element each, and its texts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from animate.vector.film import Film
from animate.vector.fragments import Fragment
from animate.vector.text_differences import decimal
from animate.vector.tracks import HIDDEN, Track, merged


@dataclass(frozen=True)
class PageTrack:
    """One element of a film, as the player shows it.

    Attributes
    ----------
    kind, clip : str
        As of a `Fragment`.
    texts : tuple of str
        What it shows one after the other.
    changes : tuple of (int, int)
        Frame and the index of a text; -1 shows nothing.
    styles : tuple of (int, str)
        Frame and the class from then on.
    """

    kind: str
    clip: str
    texts: tuple[str, ...]
    changes: tuple[tuple[int, int], ...]
    styles: tuple[tuple[int, str], ...]


def page_tracks(film: Film) -> list[PageTrack]:
    """Return the tracks of a film in the order of drawing; the glyphs of a text are one track, of the kind ``text``."""
    first_frames = film.first_frames()
    return [part for track in _with_texts(film.recording.tracks.tracks) for part in _parts(track, first_frames)]


def _with_texts(tracks: Sequence[Track]) -> Iterator[Track]:
    """Yield tracks, neighbors joined that show the glyphs of one text."""
    waiting: Track | None = None
    for track in tracks:
        joined = None if waiting is None or waiting.look != track.look else merged(waiting, track)
        if joined is not None and all(_is_text(slot) for slot in joined.slots):
            waiting = joined
            continue
        if waiting is not None:
            yield waiting
        waiting = track
    if waiting is not None:
        yield waiting


_GLYPH = re.compile(r'href="#d-(\w+)" x="(-?[\d.]+)" y="(-?[\d.]+)"')


def _is_text(slot: Sequence[Fragment]) -> bool:
    """Return whether fragments are glyphs of one style on one baseline."""
    glyphs = [_GLYPH.fullmatch(fragment.content) for fragment in slot]
    return len({(fragment.style, fragment.clip) for fragment in slot}) == 1 and (
        len({glyph and glyph[3] for glyph in glyphs}) == 1 and None not in glyphs
    )


def _parts(track: Track, first_frames: Mapping[int, int]) -> Iterator[PageTrack]:
    """Yield a track for each kind and clip path that a track has."""
    shown = [_element(slot) for slot in track.slots]
    for kind, clip in dict.fromkeys((kind, clip) for kind, clip, _, _ in shown):
        texts: dict[str, int] = {}
        changes: list[tuple[int, int]] = []
        styles: list[tuple[int, str]] = []
        for drawing, slot in track.changes:
            its_kind, its_clip, style, content = shown[slot]
            is_shown = slot != HIDDEN and (its_kind, its_clip) == (kind, clip)
            frame = first_frames[drawing]
            text = texts.setdefault(content, len(texts)) if is_shown else HIDDEN
            if text != (changes[-1][1] if changes else HIDDEN):
                changes.append((frame, text))
            if is_shown and (not styles or styles[-1][1] != style):
                styles.append((frame, style))
        yield PageTrack(kind, clip, tuple(texts), tuple(changes), tuple(styles))


def _element(slot: Sequence[Fragment]) -> tuple[str, str, str, str]:
    """Return kind, clip path, style and text of what a track shows.

    A text is its baseline, the place of the first glyph, and then the name of each glyph and the way to the next one.
    """
    first = slot[0]
    if first.kind == "path":
        return "path", first.clip, first.style, re.sub(r"(?<=\d)-", " -", first.content)
    if first.kind == "raw" or not _is_text(slot):
        return first.kind, first.clip, first.style, first.content
    glyphs = [glyph for fragment in slot if (glyph := _GLYPH.fullmatch(fragment.content))]
    places = [round(10 * float(glyph[2])) for glyph in glyphs]
    words = [glyphs[0][3], decimal(places[0], 1)]
    for glyph, here, there in zip(glyphs, places, [*places[1:], None], strict=True):
        words += [glyph[1]] if there is None else [glyph[1], decimal(there - here, 1)]
    return "text", first.clip, first.style, " ".join(words)


def usual_advances(tracks: Iterable[PageTrack]) -> dict[str, float]:
    """Return the most frequent way from each glyph of the texts of tracks to the next glyph."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for track in tracks:
        for text in track.texts if track.kind == "text" else ():
            words = text.split(" ")
            for name, way in zip(words[2::2], words[3::2], strict=False):
                counts[name][way] += 1
    return {name: float(ways.most_common(1)[0][0]) for name, ways in sorted(counts.items())}


def without_usual(track: PageTrack, advances: Mapping[str, float]) -> PageTrack:
    """Return a track whose texts say of an advance only how much more than usual it is, if it is not as usual."""
    if track.kind != "text":
        return track
    return replace(track, texts=tuple(_without_usual(text.split(" "), advances) for text in track.texts))


def _without_usual(words: list[str], advances: Mapping[str, float]) -> str:
    result = words[:2]
    for name, way in zip_longest(words[2::2], words[3::2]):
        result.append(name)
        if way is not None and float(way) != advances[name]:
            result.append(decimal(round(10 * (float(way) - advances[name])), 1))
    return " ".join(result)
