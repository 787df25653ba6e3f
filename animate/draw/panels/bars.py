"""Many numbers at one update: rows of stems, and bars."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import decimals_for, number, readable, significant
from animate.draw.label_layout import names_alike
from animate.draw.marks import Bars, EndText, Line, Mark, Points, Segments, Text, drawn_rows, latest, per_update, stems
from animate.draw.panels.base import Panel, padded, set_limits, set_ticks
from animate.draw.panels.classes import CLASS_MARKS
from animate.draw.panels.plot import Plot
from animate.draw.readout import Readout
from animate.draw.run import RUN_MARKERS, Run
from animate.draw.style import ResponsiveText, Style
from animate.draw.text_template import say
from animate.learn.diagnostics import pull_balance, pull_shares
from animate.learn.problems import LinearProblem

_SAMPLED = 48  # updates from which the scale of a row of stems is taken
_FAR_STEM = 3.0  # times the largest last number: a longer stem ends at the edge
_FEW = 60  # stems with large heads


@dataclass(frozen=True)
class StemRow:
    """One row of stems.

    Parameters
    ----------
    name : ResponsiveText
        Stands at the left.
    at : array (k,)
        The places of the stems.
    heights : callable
        From the update to their heights (k,), up where positive.
    role : str
        The color.
    targets : array (k,), optional
        The heights they should reach, as short dashes.
    note : callable, optional
        From the update to what stands at the right end.
    """

    name: ResponsiveText
    at: np.ndarray
    heights: Callable[[int], np.ndarray]
    role: str = "ink"
    targets: np.ndarray | None = None
    note: Callable[[int], str] | None = None


@dataclass(kw_only=True)
class Stems(Panel):
    """Rows of stems below each other, on one scale.

    Parameters
    ----------
    rows : sequence of StemRow
        From top to bottom.
    x_name : ResponsiveText
    ticks : sequence of float, optional
        Round numbers where not given.
    tick_names : sequence of str
        Instead of their numbers.
    note : ResponsiveText
        What stands at the right of the title: the meaning of the rows' notes.
    """

    rows: Sequence[StemRow]
    x_name: ResponsiveText = ""
    ticks: Sequence[float] | None = None
    tick_names: Sequence[str] = ()
    note: ResponsiveText = ""

    aspects = (1.5, 5.0)

    def notes(self, update: int) -> list[str]:
        """Return the rows' notes at an update."""
        return [row.note(update) if row.note else "" for row in self.rows]

    def readout(self, style: Style) -> Readout | None:
        return Readout.still(self.note) if self.note else None

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        x = padded(np.concatenate([row.at for row in self.rows]), 0.05)
        notes = [note for update in (0, self.n_updates) for note in self.notes(update) if note]
        notes_px = max((style.text_width(note, style.label_px) + style.label_px / 2 for note in notes), default=0.0)
        x_end = x[0] + (x[1] - x[0]) / (1 - min(notes_px / axes.bbox.width, 0.4))
        set_limits(axes, style, x=(x[0], x_end), y=(0.0, float(len(self.rows))))
        ticks = self.ticks if self.ticks is not None else [tick for tick in axes.get_xticks() if tick <= x[1]]
        set_ticks(axes, style, "x", ticks, self.tick_names or None)
        axes.spines["left"].set_visible(False)
        axes.spines["bottom"].set_visible(False)
        bases, scale = self._scales()
        names = names_alike(style, [row.name for row in self.rows], 0.3 * axes.bbox.width)
        set_ticks(axes, style, "y", list(bases), names)
        for label, row in zip(axes.get_yticklabels(), self.rows, strict=True):
            label.set_color(style.theme.color(row.role))
        if self.x_name and not style.compact:
            name, room = self.x_name, axes.bbox.width
            axes.set_xlabel(style.cut(style.fit(name, style.label_px, room), style.label_px, room))
        for index, row in enumerate(self.rows):
            yield from self._row(row, float(len(self.rows) - index), bases[index], scale, x)

    def _scales(self) -> tuple[np.ndarray, float]:
        """Return the base line of each row, which has a band of height 1, and the scale of all."""
        lows, highs = np.array([self._reach(row) for row in self.rows]).T
        scale = 0.86 / (highs.max() - lows.min())
        return len(self.rows) - np.arange(len(self.rows)) - 0.93 - lows.min() * scale, scale

    def _reach(self, row: StemRow) -> tuple[float, float]:
        """Return the lowest and highest height of a row, with 0; without the extreme ones of a run that diverges."""
        last = np.asarray(row.heights(self.n_updates), dtype=float)
        known = last if row.targets is None else np.append(last, row.targets)
        known = known[np.isfinite(known)]
        most = _FAR_STEM * np.abs(known).max(initial=0.0) if row.targets is not None else np.inf
        updates = np.unique(np.geomspace(1, self.n_updates + 1, _SAMPLED).astype(int) - 1)
        seen = np.concatenate([np.asarray(row.heights(int(update)), dtype=float) for update in updates])
        seen = np.concatenate([seen[np.isfinite(seen) & (np.abs(seen) <= max(most, 1e-12))], known, [0.0]])
        low, high = float(seen.min()), float(seen.max())
        return (low, high) if high > low else (-1.0, 1.0)

    @staticmethod
    def _row(row: StemRow, top: float, base: float, scale: float, x: tuple[float, float]) -> Iterator[Mark]:
        def placed(heights: Any) -> np.ndarray:
            with np.errstate(all="ignore"):
                return np.clip(base + np.asarray(heights, dtype=float) * scale, top - 0.97, top - 0.03)

        yield Line([[x[0], base], [x[1], base]], color="rule", width=(1.2, 0.8), layer=1)
        if row.targets is not None:
            places = np.stack([row.at, placed(row.targets)], axis=-1)
            yield Points(places, marker="_", size=(20, 9), color="muted", edge="", edge_width=(2, 1.2), layer=2)
        yield Segments(
            lambda update: stems(row.at, base, placed(row.heights(update))),
            color=f"{row.role} 70%", width=(2.2, 1.1), cap=None, layer=3,
        )  # fmt: skip
        yield Points(
            lambda update: np.stack([row.at, placed(row.heights(update))], axis=-1),
            color=row.role, marker=RUN_MARKERS.get(row.role, "o"), size=(7 if len(row.at) <= _FEW else 5, 3),
            edge_width=(0.8, 0.4), layer=4,
        )  # fmt: skip
        if row.note is not None:
            yield Text(row.note, (1.0, base), coords=("axes", "data"), align="right", valign="center", layer=5)


def probability_bars(names: Sequence[str], own: int, probabilities: np.ndarray, *, title: ResponsiveText) -> Plot:
    """Return a bar for each class, as long as its probability for one point.

    Parameters
    ----------
    names : sequence of str
        Of the classes.
    own : int
        The class of the point.
    probabilities : array, shape (n_updates + 1, n_classes)
    title : ResponsiveText
    """
    bars: list[Mark] = []
    for index, (name, (role, _), series) in enumerate(zip(names, CLASS_MARKS, probabilities.T, strict=False)):
        bars += [
            Text(name, (-2.1, index), color=role, bold=index == own),
            Bars([1.0], [index], thickness=0.56, color="rule 50%", horizontal=True, layer=1),
            Bars(per_update(series[:, None]), [index], thickness=0.56, color=f"{role} 75%", horizontal=True, layer=2),
            EndText(_shares(series), index, bold=False, color="ink" if index == own else "muted"),
        ]
    limits = (-2.1, 1.0), (len(names) - 0.5, -0.5)
    return Plot(*bars, limits=limits, axes=False, aspects=(2.4, 6.0), title=title)


def _shares(series: np.ndarray) -> Callable[[int], tuple[str, str]]:
    """Return the probability of each update as text in three decimals and in two; none near 0 or 1 as 0 or 1."""

    def share(probability: float, decimals: int) -> str:
        text, least = f"{probability:.{decimals}f}", 10.0**-decimals
        if 0 < probability < 1 and float(text) in (0.0, 1.0):
            return f"> {number(1 - least, decimals)}" if probability > 0.5 else f"< {number(least, decimals)}"
        return number(probability, decimals)

    return lambda update: (share(series[update], 3), share(series[update], 2))


def pull_stems(
    fits: Sequence[tuple[LinearProblem, Run]], names: Sequence[ResponsiveText], *, marked: np.ndarray, **fields: Any
) -> Stems:
    """Return the panel of each point's share of the pull on the line, a row of stems for each fit.

    Of very many points the stems of a sample are drawn; shares and notes are those of all.

    Parameters
    ----------
    fits : sequence of (LinearProblem, Run)
        On the same data.
    names : sequence of ResponsiveText
        One per row.
    marked : array of int
        Rows of the data whose share together stands at the right; the largest share of one where empty.
    **fields
        Of ``Stems``.
    """
    data = fits[0][0].data
    given: dict[str, Any] = {
        "rows": [_pull_row(problem, run, name, marked) for (problem, run), name in zip(fits, names, strict=True)],
        "x_name": readable(data.x_name) if data.x_name != "x" else "",
        "note": ("outliers\u2019 share", "outliers") if len(marked) else ("largest share", "largest"),
    }
    return Stems(**given | fields)


def _pull_row(problem: LinearProblem, run: Run, name: ResponsiveText, marked: np.ndarray) -> StemRow:
    rows = drawn_rows(problem.data.n_samples)

    @latest
    def shares(update: int) -> np.ndarray:
        return pull_shares(problem.objective, run.trajectory.params[run.at(update)])

    def note(update: int) -> str:
        sizes = np.abs(shares(update))
        share = float(sizes[marked].sum() if len(marked) else sizes.max())
        if not np.isfinite(share):
            return "\u2013"
        return f"{100 * share:.0f} %" if share >= 0.005 or share == 0 else say("under {least} %", least=1)

    return StemRow(name, problem.data.x[rows], lambda update: shares(update)[rows], role=run.role, note=note)


def pull_summary(problem: LinearProblem, run: Run) -> Callable[[int], ResponsiveText]:
    """Return from the update how much pulls a line up and how much pulls it down: equal at the optimum."""

    def balance(update: int) -> tuple[float, float]:
        return pull_balance(problem.objective, run.trajectory.params[run.at(update)])

    scale = max(*balance(run.trajectory.n_updates), 0.01 * max(balance(0)))  # an exact line has no pull at its end
    places = 0 if problem.objective.loss.name == "absolute" else decimals_for(scale, 3)

    def words(update: int) -> ResponsiveText:
        up, down = balance(update)
        forms = ("pull up {up}, down {down}", "up {up}, down {down}")
        texts = [significant(one, 2) if scale < 1e-4 else number(one, places) for one in (up, down)]
        return say(*forms, up=texts[0], down=texts[1])

    return words
