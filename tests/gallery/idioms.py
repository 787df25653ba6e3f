"""The ways in which people animate, each tried and timed beside matplotlib's own writer."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import partial

from matplotlib.animation import Animation

from tests.gallery.cases_drawing import DRAWING_CASES
from tests.gallery.cases_layout import LAYOUT_CASES
from tests.gallery.idioms_data import DATA_IDIOMS
from tests.gallery.idioms_figures import FIGURE_IDIOMS
from tests.gallery.idioms_many import MANY_IDIOMS
from tests.gallery.idioms_shapes import SHAPE_IDIOMS
from tests.gallery.scripts import Job
from tests.gallery.trial import Result, compare

Idiom = Callable[[int], Animation]
IDIOMS: tuple[Idiom, ...] = DATA_IDIOMS + SHAPE_IDIOMS + MANY_IDIOMS + FIGURE_IDIOMS
CASES: tuple[Idiom, ...] = DRAWING_CASES + LAYOUT_CASES


def try_idiom(idiom: Idiom, *, n_frames: int, limit: float, with_speed: bool) -> list[Result]:
    """Return how an idiom compares, by default and, where no time is measured, with replay forced."""
    warnings.simplefilter("ignore")
    work = partial(compare, idiom.__name__, (idiom.__doc__ or "").strip(), lambda: (idiom(n_frames), []), limit=limit)
    if with_speed:
        return [work(seed=0, with_speed=True)]
    return [work(seed=0), work(seed=1)]


def idiom_jobs(
    idioms: Sequence[Idiom], names: Sequence[str], *, n_frames: int, limit: float, with_speed: bool
) -> list[Job]:
    """Return one job for each idiom whose name holds one of *names*; for all if there are none."""
    work = partial(try_idiom, n_frames=n_frames, limit=limit, with_speed=with_speed)
    chosen = [idiom for idiom in idioms if not names or any(name in idiom.__name__ for name in names)]
    return [(idiom.__name__, partial(work, idiom)) for idiom in chosen]


def table(results: Sequence[Result]) -> str:
    """Return the results as a table in Markdown, the times as shares of those of matplotlib's own writer."""
    lines = ["| idiom | what it does | pixels | time beside stock | beside one draw a frame |", "|---|---|---|---|---|"]
    for one in sorted(results, key=lambda result: [idiom.__name__ for idiom in IDIOMS].index(result.name)):
        shares = [one.share(name) for name in ("stock", "one draw")]
        beside = ["" if share is None else f"{share:.2f}" for share in shares]
        lines.append(f"| `{one.name}` | {one.figure} | {one.status} | {' | '.join(beside)} |")
    return "\n".join(lines)
