"""Palettes that minimize error and bytes together, and a table of all colors of an animation."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


def run_starts(*sequences: NDArray[Any]) -> NDArray[np.intp]:
    """Return where runs start: where any of the sequences differs from its value before, and 0.

    >>> run_starts(np.array([7, 7, 8, 8]), np.array([1, 1, 1, 2]))
    array([0, 2, 3])
    """
    differs = sequences[0][1:] != sequences[0][:-1]
    for sequence in sequences[1:]:
        differs |= sequence[1:] != sequence[:-1]
    return np.concatenate([[0], np.flatnonzero(differs) + 1])


def run_lengths(heads: NDArray[np.intp], total: int) -> NDArray[np.intp]:
    """Return the length of each run; the last one ends at *total*.

    >>> run_lengths(np.array([0, 2, 3]), 7)
    array([2, 1, 4])
    """
    return np.diff(heads, append=total)


Colors = NDArray[np.uint32]
"""Colors packed into one number each, as `sinks.packed` gives them."""
Points = NDArray[np.float32]
"""Colors as points, shape (n, 3): red, green, blue in 0..255."""
Floats = NDArray[np.float64]
Groups = NDArray[np.intp]

_CHUNK = 256
"""Points looked up at a time, so that their distances to a palette stay in the processor's cache."""


class Usage(NamedTuple):
    """How much each of n colors is used."""

    seen: Floats
    """Pixels x frames for which each color is on screen, shape (n,): the weight of its error."""
    coded: Floats
    """How often each color is coded, shape (n,)."""


def channels(colors: Colors) -> Points:
    """Return packed colors as points (n, 3) of red, green, blue in 0..255."""
    return np.ascontiguousarray(colors).view(np.uint8).reshape(-1, 4)[:, :3].astype(np.float32)


def squared_distance(a: Points, b: Points) -> NDArray[np.float32]:
    """Return |a - b|^2 of each pair of points, shape (n,).

    >>> squared_distance(np.array([[0.0, 0.0, 0.0]]), np.array([[1.0, 2.0, 2.0]]))
    array([9.])
    """
    difference = a - b
    squares: NDArray[np.float32] = np.einsum("ij,ij->i", difference, difference)
    return squares


def nearest(points: Points, palette: Points) -> Groups:
    """Return for each point the row q of the palette with the least |point - q|^2, shape (n,).

    >>> nearest(np.array([[9.0, 0.0, 0.0]]), np.array([[0.0, 0.0, 0.0], [10.0, 0.0, 0.0]]))
    array([1])
    """
    return _least(points, palette, np.zeros(len(points)), np.zeros(len(palette)))


def assign(points: Points, usage: Usage, palette: Points, bits: Floats, weight: float) -> Groups:
    """Return for each point the row q with the least seen * |point - q|^2 + weight * coded * bits(q), shape (n,)."""
    return _least(points, palette, weight * usage.coded / np.maximum(usage.seen, 1e-9), bits)


def choose(points: Points, usage: Usage, n_colors: int, weight: float, n_rounds: int = 12) -> tuple[Points, Groups]:
    """Return a palette of whole numbers, at most (n_colors, 3), and the row that replaces each point, shape (n,).

    Minimizes sum_i seen_i * |point_i - q_i|^2 + weight * coded_i * bits(q_i), where bits(q) = -log2(share of q in
    all codes): splits the worst groups, then runs *n_rounds* of entropy-constrained Lloyd iteration. A color that
    makes up most of its group is in the palette exactly.

    References: P. A. Chou, T. Lookabaugh, R. M. Gray, "Entropy-constrained vector quantization", IEEE Transactions
    on Acoustics, Speech, and Signal Processing 37(1), 1989.
    """
    if len(points) <= n_colors:
        return points, np.arange(len(points))
    group = _split(points, usage.seen, n_colors)
    palette = _means(points, usage.seen, group, np.zeros((n_colors, 3), np.float32))
    for _ in range(n_rounds):
        group = assign(points, usage, palette, _bits(group, usage.coded, n_colors), weight)
        palette = _means(points, usage.seen, group, palette)
    palette = np.round(_with_flat_colors(points, usage.seen, group, palette))
    return palette, assign(points, usage, palette, _bits(group, usage.coded, n_colors), weight)


def _least(points: Points, palette: Points, per_point: Floats, per_row: Floats) -> Groups:
    """Return the rows q with the least |q|^2 - 2 point.q + per_point * per_row(q), from one matrix product."""
    left = np.column_stack([points, per_point]).astype(np.float32)
    right = np.column_stack([-2 * palette, per_row]).astype(np.float32)
    squares = np.einsum("ij,ij->i", palette, palette)
    found = np.empty(len(points), np.intp)
    costs = np.empty((min(_CHUNK, len(points)), len(palette)), np.float32)
    for start in range(0, len(points), _CHUNK):
        part = left[start : start + _CHUNK]
        cost = np.matmul(part, right.T, out=costs[: len(part)])
        cost += squares
        np.argmin(cost, axis=1, out=found[start : start + _CHUNK])
    return found


def _bits(group: Groups, coded: Floats, n_groups: int) -> Floats:
    counts = np.bincount(group, coded, n_groups) + 0.5
    bits: Floats = -np.log2(counts / counts.sum())
    return bits


def _means(points: Points, seen: Floats, group: Groups, otherwise: Points) -> Points:
    total = np.bincount(group, seen, len(otherwise))[:, None]
    sums = np.stack([np.bincount(group, seen * axis, len(otherwise)) for axis in points.T], axis=1)
    return np.where(total > 0, sums / np.maximum(total, 1e-300), otherwise).astype(np.float32)


def _with_flat_colors(points: Points, seen: Floats, group: Groups, palette: Points) -> Points:
    order = np.argsort(seen, kind="stable")
    heaviest = np.zeros(len(palette), np.intp)
    heaviest[group[order]] = order  # the last one written, the heaviest, stays
    most = seen[heaviest] > 0.5 * np.bincount(group, seen, len(palette))
    most &= group[heaviest] == np.arange(len(palette))  # not for a group without members
    return np.where(most[:, None], points[heaviest], palette)


def _split(points: Points, seen: Floats, n_groups: int) -> Groups:
    """Return a group for each point, shape (n,): repeatedly the worse half is cut at the mean of its longest axis."""
    group, n_found = np.zeros(len(points), np.intp), 1
    while n_found < n_groups:
        mean = _means(points, seen, group, np.zeros((n_found, 3), np.float32))
        squares = (points - mean[group]) ** 2
        error = np.stack([np.bincount(group, seen * axis, n_found) for axis in squares.T], axis=1)
        total = error.sum(axis=1)
        worst = np.argsort(-total, kind="stable")[: min(n_groups - n_found, (n_found + 1) // 2)]
        worst = worst[total[worst] > 0]
        if not len(worst):
            break
        half = np.full(n_found, -1)
        half[worst] = n_found + np.arange(len(worst))
        axis = np.argmax(error, axis=1)[group]
        value = np.take_along_axis(points, axis[:, None], axis=1)[:, 0]
        high = (half[group] >= 0) & (value > mean[group, axis])
        group[high] = half[group[high]]
        n_found += len(worst)
    return group


MAX_EXACT = 1 << 16
"""The most exact colors; a plot has about 10,000, photographs any number."""

_PENDING = 1 << 16


def coarse(colors: Colors) -> Colors:
    """Return colors rounded to 5 bits a channel, each in the middle of its interval."""
    return (colors & np.uint32(0xFFF8F8F8)) | np.uint32(0x00040404)


class ColorTable:
    """All colors of an animation, sorted, in bounded memory.

    Beyond MAX_EXACT colors, those with the fewest pixels are kept at 5 bits a channel: they are not flat areas, and a
    palette of 255 is coarser anyway.

    Attributes
    ----------
    colors : array of uint32, shape (n_colors,)
        Complete after `merge`.
    """

    def __init__(self) -> None:
        self.colors = np.empty(0, np.uint32)
        self._counts: NDArray[np.float64] = np.empty(0)
        self._pending: list[tuple[Colors, NDArray[Any]]] = []
        self._n_pending = 0
        self._exact = True

    def add(self, colors: Colors) -> None:
        """Add colors, shape (n,), n > 0, of which neighbors are often equal."""
        heads = run_starts(colors)
        found, inverse = np.unique(colors[heads], return_inverse=True)
        self._pending.append((found, np.bincount(inverse, run_lengths(heads, len(colors)))))
        self._n_pending += len(found)
        if self._n_pending > _PENDING:
            self.merge()

    def merge(self) -> None:
        """Bring `colors` up to date."""
        if self._pending:
            colors = np.concatenate([self.colors, *(found for found, _ in self._pending)])
            counts = np.concatenate([self._counts, *(part for _, part in self._pending)])
            self._sum(colors, counts)
            self._pending, self._n_pending = [], 0
            if len(self.colors) > MAX_EXACT or not self._exact:
                self._coarsen()

    def _sum(self, colors: Colors, counts: NDArray[np.float64]) -> None:
        self.colors, inverse = np.unique(colors, return_inverse=True)
        self._counts = np.bincount(inverse, counts).astype(np.float64)

    def _coarsen(self) -> None:
        self._exact = False
        rare = np.argsort(-self._counts, kind="stable")[MAX_EXACT // 4 :]
        colors = self.colors.copy()
        colors[rare] = coarse(colors[rare])
        self._sum(colors, self._counts)

    def rows(self, colors: Colors) -> NDArray[np.intp]:
        """Return the row of each color in `colors`, shape (n,)."""
        heads = run_starts(colors)
        wanted = colors[heads]
        found = np.searchsorted(self.colors, wanted)
        if not self._exact:
            missing = self.colors[np.minimum(found, len(self.colors) - 1)] != wanted
            found[missing] = np.searchsorted(self.colors, coarse(wanted[missing]))
        return np.repeat(found, run_lengths(heads, len(colors)))
