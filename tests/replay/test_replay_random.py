"""Exact replay on random figures: every frame equal, in every byte, to a full draw of the same figure."""

from __future__ import annotations

import os

import pytest

from animate.replay.full_draw import FullDraw
from animate.replay.replay import Replay
from tests.replay.figures import SECOND, RandomFigure

N_FIGURES = int(os.environ.get("ANIMATE_RANDOM_FIGURES", "40"))
N_FRAMES = 12
ONCE_WRONG = (119, 10050)
"""Seeds of figures that were not exact at some time: a polar axes under a tight layout, a spike out of an arrow."""


@pytest.mark.filterwarnings(
    "ignore:.*[Ll]ayout not applied", "ignore:.*collapsed to zero", "ignore:Attempt to set non-positive xlim"
)
@pytest.mark.parametrize("seed", sorted({*range(N_FIGURES), *range(SECOND, SECOND + N_FIGURES // 2), *ONCE_WRONG}))
def test_every_frame_of_a_random_figure_equals_a_full_draw(seed: int) -> None:
    replayed, drawn = RandomFigure(seed), RandomFigure(seed)
    kwargs = {} if seed % 4 else {"facecolor": (0.5, 0.7, 0.9, 0.5), "transparent": seed % 8 == 0}
    dpi = replayed.figure.dpi * (1.25 if seed % 5 == 0 else 1)
    replay, full = Replay(replayed.figure, dpi, kwargs), FullDraw(drawn.figure, dpi, kwargs)
    for frame in range(N_FRAMES):
        replayed.step(frame)
        drawn.step(frame)
        try:
            want = full.frame()
        except Exception as error:  # noqa: BLE001 (matplotlib cannot draw it: then neither can we)
            with pytest.raises(type(error)):
                replay.frame()
            return
        got = replay.frame()
        assert got.shape == want.shape
        n_different = int((got != want).any(axis=-1).sum())
        assert n_different == 0, f"frame {frame}: {n_different} pixels differ"
