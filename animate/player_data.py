"""Data for the page player: captions, counters and readouts of a scene, with the texts shown on screen."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from animate.draw.formatting import decimals_for, number, significant
from animate.draw.language import current_language, translated
from animate.draw.own_text import without_escapes
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.settings import Settings
from animate.draw.stage_spec import StageSpec
from animate.draw.story import StoryTimeline
from animate.draw.timeline import Timeline
from animate.film.formats.page import PlayerData, RunSeries

MOST_SHARED_DECIMALS = 4
"""A column of numbers with more decimals takes long to read."""


def player_data_of(script: StageSpec, runs: Sequence[Run], alt: str, settings: Settings) -> PlayerData:
    """Return the player data of a scene at one frame rate."""
    updates, frames = shown_updates(script.timeline, settings.fps)
    captions = ((_frame_at(start, settings.fps), _longest(words)) for start, _, words in script.timed_captions())
    beats = script.timeline.chapters if isinstance(script.timeline, StoryTimeline) else ()
    return PlayerData(
        question=_longest(script.title),
        alt=alt,
        counter=_longest(script.counter),
        n_updates=script.timeline.n_updates,
        updates=updates,
        frames=frames,
        captions=tuple(captions),
        beats=tuple(_frame_at(beat.start, settings.fps) for beat in beats),
        runs=tuple(run_series(run, loss, updates) for run, loss in zip(runs, _loss_texts(runs), strict=True)),
        language=current_language(),
    )


def shown_updates(timeline: Timeline, fps: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the updates that appear in a frame, and the first frame of each."""
    on_screen = [timeline.update_at(frame / fps) for frame in range(timeline.n_frames(fps))]
    updates, frames = np.unique(on_screen, return_index=True)
    return tuple(updates.tolist()), tuple(frames.tolist())


def _frame_at(time: float, fps: float) -> int:
    """Return the first frame at a time in seconds or later."""
    return math.ceil(time * fps - 1e-6)


def _loss_texts(runs: Sequence[Run]) -> list[Callable[[int], str] | None]:
    """Return for each run the text of its loss at an update, None without one: with equally many decimals for all.

    One run has those on screen; where others together need too many to be read, each number has three digits.
    """
    losses = [run.trajectory.loss for run in runs]
    needed = [decimals_for(loss[np.isfinite(loss)][-1]) for loss in losses if np.isfinite(loss).any()]
    decimals = max(needed) if len(set(needed)) > 1 else None
    return [_loss_text(loss, decimals) if np.isfinite(loss).any() else None for loss in losses]


def _loss_text(loss: NDArray[np.float64], decimals: int | None) -> Callable[[int], str]:
    if decimals is not None and decimals > MOST_SHARED_DECIMALS:
        return lambda update: significant(float(loss[min(update, len(loss) - 1)]))
    return Readout.of("loss", loss, decimals=decimals).text


def run_series(run: Run, loss: Callable[[int], str] | None, updates: Sequence[int]) -> RunSeries:
    """Return the numbers of a run at some updates."""
    trajectory = run.trajectory
    decimals = 0 if np.all(trajectory.epochs == np.round(trajectory.epochs)) else 2
    epochs = (number(float(trajectory.epochs[run.at(update)]), decimals) for update in updates)
    return RunSeries(
        name=_longest(translated(run.name or "Descent")),
        role=run.role,
        loss=tuple(map(loss, updates)) if loss else (),
        # If the number of samples is unknown, an epoch equals an update and adds no information.
        epochs=tuple(epochs) if trajectory.n_samples > 1 else (),
    )


def _longest(words: str | tuple[str, ...]) -> str:
    return without_escapes(words if isinstance(words, str) else words[0])
