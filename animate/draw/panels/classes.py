"""Classes in every panel: their markers and names, which points are predicted right, and half planes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from animate.draw.marks import Mark, Points, Text
from animate.draw.marks.mark import DOT, Coordinates, latest, scaled
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import Style
from animate.draw.text_template import say
from animate.learn.problems import LogisticProblem

CLASS_MARKS = (
    *(("class_a", "x"), ("class_b", "o"), ("class_c", "^")),
    *(("fifth", "s"), ("sixth", "D"), ("muted", "v")),  # of the other roles, those most unlike these three
)
"""Color role and marker of each class: they differ by both, and in the same way everywhere."""

_CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))


def class_points(
    xy: Coordinates, index: int, *, share: float = 1.0, layer: float = 5.0, name: str = "points"
) -> Points:
    """Return the points (n, 2) of class ``index``, their size a ``share`` of the usual one."""
    role, marker = CLASS_MARKS[index]
    is_cross = marker == "x"
    return Points(
        xy, color=role, marker=marker, size=scaled(DOT, share), edge="" if is_cross else "background", layer=layer,
        edge_width=scaled((1.8, 1.15) if is_cross else (0.9, 0.5), share**0.5), name=name,
    )  # fmt: skip


def named_classes(
    X: np.ndarray, labels: np.ndarray, names: Sequence[str], at: Sequence[tuple[float, float]] = ()
) -> list[Mark]:
    """Return the points of each class and its name, both called by the name.

    Parameters
    ----------
    X : array (n, 2)
    labels : array (n,)
        0, 1, ...: the index of the class in ``names``.
    names : sequence of str
    at : sequence of pairs of float
        Where the names stand, as shares of the axes; below one another at the upper left where not given.
    """
    places = at or [(0.03, 0.95)] * len(names)
    marks: list[Mark] = []
    for index, (name, (x, y)) in enumerate(zip(names, places, strict=True)):
        label = Text(
            name, (x, y), coords="axes", align="right" if x > 0.5 else "left", size="name", bold=True, name=name,
            color=f"{CLASS_MARKS[index][0]} 60% on ink", row=0 if at else index,
        )  # fmt: skip
        marks += [class_points(X[labels == index], index, name=name), label]
    return marks


def class_names(
    axes: Axes, style: Style, points: np.ndarray, labels: np.ndarray, names: Sequence[str], *, avoid: np.ndarray
) -> Iterator[Mark]:
    """Return each class's name in a corner of its own: nearer to its points than to those of other classes.

    More than four classes have no corner each; their names are left to another panel.

    Of such corners each class gets the one that covers the fewest of all ``points`` (n, 2). Corners that hold points
    of ``avoid`` (k, 2), such as a boundary, are taken only if no other is left.
    """
    if len(names) > len(_CORNERS):
        return
    low, high = np.transpose([axes.get_xlim(), axes.get_ylim()])
    share, barred = (points - low) / (high - low), (avoid - low) / (high - low)
    centers = np.array([share[labels == index].mean(axis=0) for index in range(len(names))])
    away = np.linalg.norm(centers[:, None] - np.array(_CORNERS), axis=-1)
    costs = away + 100.0 * (away > away.min(axis=0))
    is_covered = np.zeros(costs.shape, dtype=bool)
    for index, name in enumerate(names):
        width = style.text_width(style.pick(name), style.name_px, bold=True) / axes.bbox.width
        box = np.array([width, 1.3 * style.name_px / axes.bbox.height]) + 0.03
        for place, corner in enumerate(_CORNERS):
            n_points = (np.abs(share - corner) <= box).all(axis=1).sum()
            is_barred = (np.abs(barred - corner) <= box).all(axis=1).any()
            costs[index, place] += n_points + 30.0 * is_barred
            is_covered[index, place] = n_points or is_barred
    chosen = min(permutations(range(4), len(names)), key=lambda places: costs[range(len(names)), places].sum())
    for index, (name, place) in enumerate(zip(names, chosen, strict=True)):
        x, y = _CORNERS[place]
        halo = "background" if is_covered[index, place] else ""
        yield _name(name, index, (0.02 + 0.96 * x, 0.02 + 0.96 * y), right=bool(x), top=bool(y), halo=halo)


def end_name(axes: Axes, style: Style, name: str, index: int, *, outside: bool) -> Text:
    """Return a class's name at its end of an axis of probabilities: the first left of 0, the second right of 1.

    ``outside`` puts it beyond 0 or 1, which needs room there; else it stands between them.
    """
    low, high = axes.get_ylim()
    above = outside == bool(index)
    lift = (0.6 if outside else 1.1) * style.label_px / axes.bbox.height
    at = (0.98 if index else 0.02, (index - low) / (high - low) + (lift if above else -lift))
    return _name(name, index, at, right=bool(index), top=not above, halo="background", layer=6)


def _name(
    name: str, index: int, at: tuple[float, float], *, right: bool, top: bool, halo: str = "", layer: float = 7.0
) -> Text:
    return Text(
        name, at, coords="axes", align="right" if right else "left", valign="top" if top else "bottom", size="name",
        bold=True, color=f"{CLASS_MARKS[index][0]} 60% on ink", halo=halo, halo_width=(4, 2.5), layer=layer,
    )  # fmt: skip


def verdicts(logits: npt.ArrayLike, labels: npt.ArrayLike) -> np.ndarray:
    """Return 1 for a point on its label's side of one half, -1 on the other side, 0 at exactly one half.

    >>> verdicts([2.0, -1.0, 0.0], [1.0, 1.0, 0.0]).tolist()
    [1, -1, 0]
    """
    side = np.nan_to_num(np.sign(logits))
    return np.where(np.asarray(labels) == 1, side, -side).astype(int)


def share_right(problem: LogisticProblem, run: Run, style: Style) -> Readout:
    """Return the readout of the share of points that are right, the wrong ones counted where there is room."""
    data = problem.data

    @latest
    def count(update: int) -> tuple[int, int]:
        *weights, intercept = problem.in_units(run.trajectory.params[run.at(update)])
        side = verdicts(data.X @ weights + intercept, data.labels)
        return int((side > 0).sum()), int((side < 0).sum())

    return share_readout(len(data.labels), count, style)


def share_readout(n_samples: int, count: Callable[[int], tuple[int, int]], style: Style) -> Readout:
    """Return the readout of the share of points that are right; ``count`` gives the numbers of right and wrong ones."""

    def text(update: int) -> str:
        right, wrong = count(update)
        if right + wrong == 0:
            return say("undecided")
        return words(wrong, right / n_samples)

    def words(wrong: int, share: float) -> str:
        short = say("{share:%} right", share=share)
        return short if style.compact else say("{wrong} of {n} wrong, {right}", wrong=wrong, n=n_samples, right=short)

    return Readout("", text, words(n_samples, 1.0))
