"""Which tracks of a film lead others: the points of a panel follow the line that is drawn in it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from animate.vector.linear_model import LinearModel, fitted, leading_columns
from animate.vector.page_tracks import PageTrack
from animate.vector.text_differences import Guide, Numbers, decimals_of

MOST_NUMBERS = 8
"""Texts with more numbers lead no others."""

FEWEST_TEXTS = 8
"""A model is made for so many texts at least."""

GOOD = 0.05
"""With a known model that leaves this share of the bits, no other is looked for."""

MODEL_BITS = 500
"""About how many bits a model takes."""


class _Series(NamedTuple):
    """The numbers of a track's texts, where they have the form that most have.

    Attributes
    ----------
    values : array of int, shape (n_texts, n)
    is_usual : array of bool, shape (n_texts,)
        Where a text has another form, its values are 0.
    """

    values: NDArray[np.int64]
    is_usual: NDArray[np.bool_]

    @classmethod
    def of(cls, track: PageTrack) -> _Series | None:
        """Return the series of a track; None if too few texts have one form."""
        if len(track.texts) < FEWEST_TEXTS:
            return None
        n_decimals = decimals_of(track.texts)
        numbers = [Numbers.of(text, n_decimals) for text in track.texts]
        around, count = Counter(one.around for one in numbers).most_common(1)[0]
        if count < FEWEST_TEXTS or len(around) < 2:
            return None
        is_usual = np.array([one.around == around for one in numbers])
        none = np.zeros(len(around) - 1, np.int64)
        values = [one.values if usual else none for one, usual in zip(numbers, is_usual, strict=True)]
        return cls(np.array(values), is_usual)


def guides_of(tracks: Sequence[PageTrack], known: list[LinearModel]) -> list[Guide | None]:
    """Return what guides each track of a film; None for those that are better stored alone.

    Tracks with the most numbers choose first. A track that leads is stored alone.

    Parameters
    ----------
    tracks : sequence of PageTrack
        All of a film.
    known : list of LinearModel
        Models of other films, which are stored already; new ones are added.
    """
    series = {index: found for index, track in enumerate(tracks) if (found := _Series.of(track))}
    order = sorted(series, key=lambda index: -series[index].values.shape[1])
    guides: list[Guide | None] = [None] * len(tracks)
    leading: set[int] = set()
    for index in order:
        if index in leading or (series[index].values == series[index].values[0]).all():
            continue
        free = {other: one for other, one in series.items() if other == index or guides[other] is None}
        chosen = _chosen(series[index], dict(_leads(index, tracks, free)), known)
        if chosen is None:
            continue
        if chosen.model not in known:
            known.append(chosen.model)
        rows = zip(chosen.lead.values, chosen.lead.is_usual, strict=True)
        guides[index] = Guide(chosen.model, [row if usual else None for row, usual in rows])
        leading.add(index + chosen.model.way)
    return guides


class _Choice(NamedTuple):
    """A model, the numbers that lead, and about how many bits the numbers take with it."""

    model: LinearModel
    lead: _Series
    n_bits: float


def _chosen(own: _Series, leads: Mapping[int, _Series], known: Sequence[LinearModel]) -> _Choice | None:
    """Return the best model for a track; None if moving its numbers takes less."""
    moved = _n_bits(np.diff(own.values, axis=0, prepend=own.values[:1]))
    choices = [
        _rated(model, own, leads[model.way], moved)
        for model in known
        if model.way in leads and model.fits(own.values.shape[1], leads[model.way].values.shape[1])
    ]
    if min((choice.n_bits for choice in choices), default=np.inf) > GOOD * moved.sum():
        models = ((_fit(own, lead, way), lead) for way, lead in leads.items())
        choices += [_rated(model, own, lead, moved) for model, lead in models if model]
    best = min(choices, key=lambda choice: choice.n_bits, default=None)
    return best if best and best.n_bits + MODEL_BITS < moved.sum() else None


def _rated(model: LinearModel, own: _Series, lead: _Series, moved: NDArray[np.float64]) -> _Choice:
    usual = own.is_usual & lead.is_usual
    usual[0] = False
    errors = model.errors(lead.values[usual], own.values[np.flatnonzero(usual) - 1], own.values[usual])
    return _Choice(model, lead, float(moved[~usual].sum() + _n_bits(errors).sum()))


def _n_bits(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return about how many bits the numbers of each text take."""
    found: NDArray[np.float64] = np.log2(1 + 2 * np.abs(numbers)).sum(axis=1)
    return found


def _leads(index: int, tracks: Sequence[PageTrack], series: Mapping[int, _Series]) -> Iterator[tuple[int, _Series]]:
    """Yield the way to each track that may lead another, and its numbers at the first frame of each of its texts."""
    own, frames = series[index], first_frames(tracks[index])
    yield 0, own
    for number, other in series.items():
        if number == index or other.values.shape[1] > MOST_NUMBERS:
            continue
        shown = np.array([text_at(tracks[number], frame) for frame in frames])
        is_usual = (shown >= 0) & other.is_usual[shown]
        if (is_usual & own.is_usual).sum() >= FEWEST_TEXTS:
            yield number - index, _Series(other.values[shown], is_usual)


def first_frames(track: PageTrack) -> list[int]:
    """Return the frame at which each text is shown first."""
    found = {text: frame for frame, text in reversed(track.changes)}
    return [found[text] for text in range(len(track.texts))]


def text_at(track: PageTrack, frame: int) -> int:
    """Return which text is shown in a frame; -1 for none."""
    at = bisect_right(track.changes, frame, key=lambda change: change[0]) - 1
    return track.changes[at][1] if at >= 0 else -1


def _fit(own: _Series, lead: _Series, way: int) -> LinearModel | None:
    chosen = own.is_usual & lead.is_usual
    values, leads = own.values[chosen], lead.values[chosen]
    columns = leading_columns(leads)
    is_determined = len(columns) >= len(values) or (not way and len(columns) >= own.values.shape[1])
    if not columns or is_determined:
        return None
    return fitted(values, leads, columns, way)
