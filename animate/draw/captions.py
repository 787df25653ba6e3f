"""The captions of a scene: when each is shown, what takes the place of one, and what is said of a run that diverges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from animate.draw.run import Run
from animate.draw.style import ResponsiveText
from animate.draw.timeline import Timeline
from animate.errors import UsageError

READING_SECONDS = 0.9
"""Shortest time for which a caption between the first and the last is shown."""

Captions = list[tuple[int | None, ResponsiveText | None]]
"""Captions with the update from which each is shown; None leaves one out."""


def schedule_captions(
    entries: Mapping[int, ResponsiveText | None] | Captions,
    timeline: Timeline,
) -> dict[int, ResponsiveText]:
    """Return the captions by the update from which each is shown, those left out that do not hold or cannot be read.

    A list may name an update twice, as happens at few updates. The first entry at update 0 is the opening and the last
    entry at the last update the ending: both keep their places. Of two others at one update the later stays, and one
    that would be shown for less than `READING_SECONDS` makes room for the next.

    Parameters
    ----------
    entries : mapping or list
        From the update to the text; an entry without an update or a text is left out. A mapping is taken as it is.
    timeline : Timeline
        When each update is shown.
    """
    pairs = list(entries.items() if isinstance(entries, Mapping) else entries)
    given = [(min(max(update, 0), timeline.n_updates), text) for update, text in pairs if update is not None and text]
    if isinstance(entries, Mapping):
        return dict(sorted({0: "", **{update: text for update, text in entries.items() if text}}.items()))
    last = timeline.n_updates
    opening = next((text for update, text in given if update == 0), "")
    result: dict[int, ResponsiveText] = {}
    if last and (endings := [text for update, text in given if update == last]):
        result[last] = endings[-1]
    begins = timeline.time_of(last) if result else timeline.duration
    middle = {max(update, 1): text for update, text in given if text is not opening and update < last}
    for update, text in sorted(middle.items(), reverse=True):
        if begins - timeline.time_of(update) >= READING_SECONDS:
            result[update], begins = text, timeline.time_of(update)
    return dict(sorted({**result, 0: opening}.items()))


def replace_captions(captions: Mapping[int, ResponsiveText], words: Mapping[int, str]) -> dict[int, ResponsiveText]:
    """Return the captions, some of them replaced by their number from 1."""
    check_numbers(words, len(captions), "captions")
    return {update: words.get(at, old) for at, (update, old) in enumerate(captions.items(), start=1)}


def check_numbers(words: Mapping[int, str], count: int, kind: str) -> None:
    """Raise `UsageError` unless all words are for one of the captions, or beats, from 1 to their count."""
    unknown = [number for number in words if not 1 <= number <= count]
    if unknown:
        raise UsageError(f"caption must be one of the {count} {kind}, from 1; got {unknown[0]}.")


def tell_divergence(
    captions: Mapping[int, ResponsiveText], diverged: Sequence[Run], *, closing: int | None = None
) -> dict[int, ResponsiveText]:
    """Return the captions before the first divergence, then one for each update at which runs diverge.

    The caption at the update ``closing`` stays, if all runs that diverge do so before: it tells of the others.
    """
    first, last = (end(run.diverges_at or 0 for run in diverged) for end in (min, max))
    kept = (update for update in captions if update < first or (update == closing and update > last))
    result: dict[int, ResponsiveText] = {update: captions[update] for update in kept}
    for update in sorted({run.diverges_at or 0 for run in diverged}):
        told = [run.divergence() for run in diverged if run.diverges_at == update]
        result[update] = tuple(dict.fromkeys(" ".join(texts[kind] for texts in told) for kind in (0, 1, -1)))
    return dict(sorted(result.items()))
