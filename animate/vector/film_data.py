"""Recorded animations as data for the player of a page: texts, of which each holds the differences from the one before.

A track is a list of texts, the contents of one element, and a list of changes: the frame from which each is shown.
Tracks, texts and changes that several films have in common are stored once, for all of them.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import b85encode
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

from animate.vector.film import Film, definitions, style_rules
from animate.vector.fragments import UNITS, SharedDefinitions
from animate.vector.linear_model import LinearModel
from animate.vector.page_tracks import PageTrack, page_tracks, usual_advances, without_usual
from animate.vector.recording import VectorRecording
from animate.vector.text_differences import Guide, differences
from animate.vector.themes import BY_THEME
from animate.vector.track_guides import guides_of
from animate.vector.tracks import HIDDEN


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
    """Films as a page holds them.

    Attributes
    ----------
    shared : str
        The size, styles and definitions, and what films have in common, `packed`.
    films : tuple of dict
        The tracks of each film, and what only that film has.
    """

    shared: str
    films: tuple[dict[str, Any], ...]

    @property
    def n_bytes(self) -> int:
        """Return how many bytes they take."""
        return len(self.shared) + sum(len(packed(film)) for film in self.films)


TABLES = ("looks", "styles", "texts", "changes", "models")


def film_data(films: Sequence[Film]) -> FilmData:
    """Return films as a page holds them; all have one size and one `SharedDefinitions`.

    A film is a list of tracks, each of which has four numbers: those of its look, styles, texts and changes in the
    tables of all films, or beyond their ends in those of the film. Likewise styles and definitions are those of all
    films if several use them.
    """
    known: list[LinearModel] = []
    rows = []
    all_tracks = [page_tracks(film) for film in films]
    advances = usual_advances(chain.from_iterable(all_tracks))
    for found in all_tracks:
        tracks = [without_usual(track, advances) for track in found]
        rows.append([_row(*pair) for pair in zip(tracks, guides_of(tracks, known), strict=True)])
    shared = films[0].recording.shared
    common = [_common([{row[column] for row in film} for film in rows]) for column in range(len(TABLES))]
    used = [_used_names(film.recording) for film in films]
    names_of_all = set(_common(used))
    data: dict[str, Any] = {"size": [films[0].width * UNITS, films[0].height * UNITS]}
    data["advances"] = advances
    data |= _definitions(shared, names_of_all, "")
    data |= {name: list(table) for name, table in zip(TABLES, common, strict=True)}
    own = (
        _own_tables(row, common) | _definitions(shared, names - names_of_all, film.recording.hatches)
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


def _row(track: PageTrack, guide: Guide | None) -> tuple[tuple[Any, ...], ...]:
    """Return what a track consists of, in the order of the tables."""
    gaps = (later - earlier for (earlier, _), (later, _) in pairwise([(0, ""), *track.styles]))
    styles = tuple(part for gap, (_, style) in zip(gaps, track.styles, strict=True) for part in (gap, style))
    texts = tuple(differences(track.texts, guide))
    return (track.kind, track.clip), styles, texts, tuple(runs(track.changes)), guide.model if guide else ()


def _common(films: Sequence[set[Any]]) -> dict[Any, int]:
    """Return the numbers of the entries that several films have."""
    counts = Counter(entry for film in films for entry in film)
    return {entry: number for number, entry in enumerate(sorted(entry for entry in counts if counts[entry] > 1))}


def _own_tables(rows: Sequence[tuple[Any, ...]], common: Sequence[Mapping[Any, int]]) -> dict[str, Any]:
    """Return the tracks of one film, and the entries of the tables that only it has."""
    tables = [dict(table) for table in common]
    columns = zip(*rows, strict=True)
    tracks = [
        _steps([table.setdefault(entry, len(table)) for entry in column])
        for table, column in zip(tables, columns, strict=True)
    ]
    own = [list(table)[len(known) :] for table, known in zip(tables, common, strict=True)]
    return {"tracks": tracks} | dict(zip(TABLES, own, strict=True))


def _steps(numbers: Sequence[int]) -> list[int]:
    """Return each number less the one before."""
    return [later - earlier for earlier, later in pairwise([0, *numbers])]


def packed(value: Any) -> str:
    """Return a value as JSON, deflated, in digits to the base 85."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    squeezed = squeeze.compress(text.encode(errors="replace")) + squeeze.flush()
    return b85encode(squeezed).decode().translate(_SAFE_DIGITS)


_SAFE_DIGITS = str.maketrans("&<>`", ",./:")
"""Digits that mean nothing in HTML, in place of those of `b85encode`."""
