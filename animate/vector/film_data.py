"""Recorded animations as data for the player of a page: texts, of which each holds the differences from the one before.

A track is a list of texts, the contents of one element, and a list of changes: the frame from which each is shown.
Tracks, texts and changes that several films have in common are stored once, for all of them.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64encode
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from animate.vector.film import Film, definitions, style_rules
from animate.vector.fragments import UNITS, Fragment, SharedDefinitions
from animate.vector.recording import VectorRecording
from animate.vector.themes import BY_THEME
from animate.vector.tracks import HIDDEN, Track, merged

FEWEST_NUMBERS = 6
"""Texts with fewer numbers are not predicted: the weights take as much."""

WEIGHT_UNITS = 65536

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


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
    words = [glyphs[0][3], _decimal(places[0], 1)]
    for glyph, here, there in zip(glyphs, places, [*places[1:], None], strict=True):
        words += [glyph[1]] if there is None else [glyph[1], _decimal(there - here, 1)]
    return "text", first.clip, first.style, " ".join(words)


def differences(texts: Sequence[str]) -> list[str]:
    """Return each text as its difference from the one before, in the form that is shortest compressed.

    The first entry is the number of decimals that the numbers have at most. ``:text`` is the text itself.
    ``^10 4 text`` keeps 10 characters at the beginning and 4 at the end. ``~om;text`` adds `shifts` to the first
    numbers, in units of the last decimal, and ends with a text. ``%5 7 9;om`` first adds the sum of three
    `earlier_movements` with these weights / 65536: where all points of a drawing follow few parameters, their movements
    are combinations of earlier ones.

    >>> differences(["M0 0l3 4", "M0 0l3 4 5 6", "M1 0l3 4 5 2"])
    ['0', ':M0 0l3 4', '~; 5 6', '~onnnnj']
    """
    n_decimals = max((len(number.partition(".")[2]) for text in texts for number in _NUMBER.findall(text)), default=0)
    known: list[_Numbers] = []
    result = [str(n_decimals)]
    for before, text in pairwise(["", *texts]):
        known.append(_Numbers.of(text, n_decimals))
        forms = [":" + text, _splice(before, text), *_movements(known, n_decimals)]
        result.append(min(forms, key=_cost))
        if not _is_movement(result[-1]):
            del known[:-1]
    return result


def _is_movement(form: str) -> bool:
    """Return whether a difference moves numbers and changes nothing else."""
    return form[0] == "%" or (form[0] == "~" and ";" not in form)


def _cost(form: str) -> float:
    """Return about how many bytes a difference takes once it is compressed: what stays takes least."""
    return len(form) - 0.8 * form.count("n")


def _splice(before: str, text: str) -> str:
    head = _n_alike(before, text)
    tail = _n_alike(before[head:][::-1], text[head:][::-1])
    return f"^{head} {tail} {text[head : len(text) - tail]}"


def _n_alike(one: str, other: str) -> int:
    """Return at how many characters two texts begin alike."""
    if one == other[: len(one)]:
        return len(one)
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(other))


class _Numbers(NamedTuple):
    """A text as the numbers in it, in units of the last decimal, and what stands around them."""

    values: NDArray[np.int64]
    around: list[str]

    @classmethod
    def of(cls, text: str, n_decimals: int) -> _Numbers:
        values = [_whole(number, n_decimals) for number in _NUMBER.findall(text)]
        return cls(np.array(values, np.int64), _NUMBER.split(text))

    def filled(self, values: NDArray[np.int64], n_decimals: int) -> str:
        """Return the text with other numbers."""
        numbers = [_decimal(int(value), n_decimals) for value in values]
        return "".join(part for pair in zip(self.around, [*numbers, ""], strict=True) for part in pair)


def _movements(known: Sequence[_Numbers], n_decimals: int) -> Iterator[str]:
    """Yield the forms of the last text in which the numbers of the one before are moved."""
    if len(known) < 2:
        return
    before, new = known[-2:]
    n_values = len(before.values)
    if not n_values or len(new.values) < n_values or before.around[:-1] != new.around[:n_values]:
        return
    moved = before.filled(new.values[:n_values], n_decimals)
    text = new.filled(new.values, n_decimals)
    if not text.startswith(moved) or text[len(moved) :][:1] in tuple(".0123456789"):
        return
    rest = f";{text[len(moved) :]}" if len(text) > len(moved) else ""
    shifts = new.values[:n_values] - before.values
    yield f"~{shift_text(shifts)}{rest}"
    basis = earlier_movements([one.values for one in known[:-1]])
    if not rest and n_values >= FEWEST_NUMBERS and basis is not None:
        weights = np.linalg.lstsq(basis.T.astype(float), shifts.astype(float), rcond=1e-6)[0]
        steps = np.rint(np.clip(weights, -8, 8) * WEIGHT_UNITS).astype(np.int64)
        left = shifts - ((steps @ basis + WEIGHT_UNITS // 2) // WEIGHT_UNITS)
        yield f"%{' '.join(map(str, steps))};{shift_text(left)}"


def earlier_movements(known: Sequence[NDArray[np.int64]]) -> NDArray[np.int64] | None:
    """Return three movements: the last one, and those from the first of some arrays to two later ones.

    The later ones are those at the largest power of two below the number of arrays, and at half of it. Returns None if
    there are fewer than three arrays.

    >>> earlier_movements([np.array([value]) for value in (7, 8, 10, 13, 20, 30)])
    array([[10],
           [ 3],
           [13]])
    """
    if len(known) < 3:
        return None
    last = 1 << ((len(known) - 1).bit_length() - 1)
    return np.array([known[-1] - known[-2], known[last // 2] - known[0], known[last] - known[0]])


def shift_text(numbers: NDArray[np.int64]) -> str:
    """Return whole numbers as text: -13 to 12 as letters, of which n is 0, others with a space behind them.

    Zeros at the end are left out.

    >>> shift_text(np.array([1, 0, -13, 99, 2, 0, 0]))
    'ona99 p'
    """
    texts = (chr(ord("n") + number) if -13 <= number <= 12 else f"{number} " for number in numbers.tolist())
    return "".join(texts).rstrip("n")


def _whole(number: str, n_decimals: int) -> int:
    whole, _, decimals = number.partition(".")
    return int(whole + decimals.ljust(n_decimals, "0"))


def _decimal(value: int, n_decimals: int) -> str:
    """Return a number as JavaScript writes it.

    >>> [_decimal(value, 2) for value in (150, -5, 200, 0)]
    ['1.5', '-0.05', '2', '0']
    """
    if not n_decimals or value % 10**n_decimals == 0:
        return str(value // 10**n_decimals)
    return repr(value / 10**n_decimals)


def runs(changes: Sequence[tuple[int, int]]) -> list[int]:
    """Return changes as a flat list of runs: frames since the last change, first text, number of texts, frames of each.

    Within a run each change shows the next text.

    >>> runs([(0, 0), (5, 1), (7, 2), (9, 4), (20, -1)])
    [0, 0, 2, 5, 2, 2, 1, 0, 2, 4, 1, 0, 11, -1, 1, 0]
    """
    result: list[int] = []
    at, last = 0, 0
    while at < len(changes):
        frame, text = changes[at]
        n_changes, step = 1, 0
        while at + n_changes < len(changes):
            gap = changes[at + n_changes][0] - changes[at + n_changes - 1][0]
            if changes[at + n_changes][1] != text + n_changes or text == HIDDEN or (n_changes > 1 and gap != step):
                break
            n_changes, step = n_changes + 1, gap
        result += [frame - last, text, n_changes, step]
        at += n_changes
        last = changes[at - 1][0]
    return result


class FilmData(NamedTuple):
    """Films as a page holds them, each `packed`.

    Attributes
    ----------
    shared : str
        The size, styles and definitions, and what films have in common.
    films : tuple of str
        The tracks of each film, and what only that film has.
    """

    shared: str
    films: tuple[str, ...]

    @property
    def n_bytes(self) -> int:
        """Return how many bytes they take."""
        return len(self.shared) + sum(map(len, self.films))


TABLES = ("looks", "styles", "texts", "changes")


def film_data(films: Sequence[Film]) -> FilmData:
    """Return films as a page holds them; all have one size and one `SharedDefinitions`.

    A film is a list of tracks, each of which has four numbers: those of its look, styles, texts and changes in the
    tables of all films, or beyond their ends in those of the film. Likewise styles and definitions are those of all
    films if several use them.
    """
    rows = [[_row(track) for track in page_tracks(film)] for film in films]
    shared = films[0].recording.shared
    common = [_common([{row[column] for row in film} for film in rows]) for column in range(len(TABLES))]
    used = [_used_names(film.recording) for film in films]
    known = set(_common(used))
    data: dict[str, Any] = {"size": [films[0].width * UNITS, films[0].height * UNITS]}
    data |= _definitions(shared, known, "")
    data |= {name: list(table) for name, table in zip(TABLES, common, strict=True)}
    own = (
        packed(_own_tables(row, common) | _definitions(shared, names - known, film.recording.hatches))
        for row, names, film in zip(rows, used, films, strict=True)
    )
    return FilmData(packed(data), tuple(own))


_REFERENCE = re.compile(r"#([cdm]-\w+)")
_CLASSES = re.compile(r'class="([^"]*)"')


def _used_names(recording: VectorRecording) -> set[str]:
    """Return the names of all styles and definitions that the drawings of a recording need."""
    shared = recording.shared
    contents = {**shared.styles.contents, **shared.markers.contents, **shared.shapes.contents, **shared.clips.contents}
    contents |= {name: contents[name] + style for name, style in shared.dark_styles.items()}
    fragments = {fragment for track in recording.tracks.tracks for slot in track.slots for fragment in slot}
    waiting = {fragment.style for fragment in fragments} | {fragment.clip for fragment in fragments}
    for fragment in fragments:
        waiting |= _names_in(fragment.content) if fragment.kind != "path" else set()
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in contents and name not in used:
            used.add(name)
            waiting |= _names_in(contents[name])
    return used


def _names_in(text: str) -> set[str]:
    return {*_REFERENCE.findall(text), *(name for names in _CLASSES.findall(text) for name in names.split())}


def _definitions(shared: SharedDefinitions, names: Collection[str], hatches: str) -> dict[str, str]:
    by_theme = BY_THEME if shared.dark_styles else ""
    return {"css": by_theme + style_rules(shared, names), "defs": "".join([*definitions(shared, names), hatches])}


def _row(track: PageTrack) -> tuple[tuple[Any, ...], ...]:
    """Return what a track consists of, in the order of the tables."""
    gaps = (later - earlier for (earlier, _), (later, _) in pairwise([(0, ""), *track.styles]))
    styles = tuple(part for gap, (_, style) in zip(gaps, track.styles, strict=True) for part in (gap, style))
    return (track.kind, track.clip), styles, tuple(differences(track.texts)), tuple(runs(track.changes))


def _common(films: Sequence[set[Any]]) -> dict[Any, int]:
    """Return the numbers of the entries that several films have."""
    counts = Counter(entry for film in films for entry in film)
    return {entry: number for number, entry in enumerate(sorted(entry for entry in counts if counts[entry] > 1))}


def _own_tables(rows: Sequence[tuple[Any, ...]], common: Sequence[Mapping[Any, int]]) -> dict[str, Any]:
    """Return the tracks of one film, and the entries of the tables that only it has."""
    tables = [dict(table) for table in common]
    tracks = [table.setdefault(entry, len(table)) for row in rows for table, entry in zip(tables, row, strict=True)]
    own = [list(table)[len(known) :] for table, known in zip(tables, common, strict=True)]
    return {"tracks": tracks} | dict(zip(TABLES, own, strict=True))


def packed(value: Any) -> str:
    """Return a value as JSON, deflated, in Base64."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return b64encode(squeeze.compress(text.encode(errors="replace")) + squeeze.flush()).decode()
