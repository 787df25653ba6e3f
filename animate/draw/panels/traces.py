"""Numbers against the update: traces of parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import MINUS, decimals_for, number, significant
from animate.draw.label_layout import kept_inside, names_alike, spread
from animate.draw.line_labels import MOST_BESIDE, place_key, places_on_lines, rigid_places
from animate.draw.marks import Line, Mark, Path, Points, Text
from animate.draw.marks.mark import HEAD, THIN
from animate.draw.panels.base import Panel, padded, set_limits, set_update_axis
from animate.draw.readout import Readout
from animate.draw.run import RUN_MARKERS, RUN_ROLES, RUN_SIGNS, Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.problems import LinearProblem
from animate.learn.scaling import Scaling


@dataclass(kw_only=True)
class Traces(Panel):
    """Labelled lines of parameters over the updates, with markers at their ends, their targets dashed to hollow ones.

    Parameters
    ----------
    values : array (n_updates + 1, n_lines)
        What is traced.
    names : sequence of ResponsiveText
        One per line.
    targets : sequence of float, optional
        The value each line should reach; nan for a line without one.
    roles : sequence of str
        The color of each line.
    log_updates : bool
        Whether the axis of updates is logarithmic, for a run whose first updates are the lesson.
    counter : str
        What is counted: updates, or epochs.
    reading : Readout, optional
        What stands at the right of the title.
    decimals : int, optional
        Of every number; those that each line's last value needs where not given.
    """

    values: np.ndarray
    names: Sequence[ResponsiveText]
    targets: Sequence[float] | np.ndarray | None = None
    roles: Sequence[str] = RUN_ROLES
    log_updates: bool = False
    counter: str = "update"
    reading: Readout | None = None
    decimals: int | None = None

    def readout(self, style: Style) -> Readout | None:
        return self.reading

    @classmethod
    def of_weights(cls, runs: Sequence[Run], goals: Sequence[np.ndarray], **fields: Any) -> Traces:
        """Return the traces of the first two parameters of runs, w₁ and w₂, with where each run leads."""
        return cls(
            values=np.concatenate([run.trajectory.params[:, :2] for run in runs], axis=1),
            names=[(f"{run.name.lower()} {weight}", weight) for run in runs for weight in ("w\u2081", "w\u2082")],
            targets=np.concatenate([goal[:2] for goal in goals]),
            roles=[run.role for run in runs for _ in range(2)],
            **fields,
        )  # fmt: skip

    @classmethod
    def of_line(cls, problem: LinearProblem, run: Run, *, at_mean: bool = False, **fields: Any) -> Traces:
        """Return the traces of a line's slope and intercept in the data's units, their least-squares values dashed.

        With ``at_mean`` the height of the line at the mean of x takes the place of the intercept.
        """
        origin = problem.scaling.mean if at_mean else 0.0
        scaling = Scaling(problem.scaling.mean - origin, problem.scaling.scale)
        traced: dict[str, Any] = {
            "values": scaling.to_units(run.trajectory.params),
            "names": (("slope", "w"), ("at mean x" if at_mean else "intercept", "b")),
            "targets": scaling.to_units(problem.objective.optimum()),
            "roles": ("fourth", "fifth"),
        }
        return cls(**(traced | fields))

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        values = np.asarray(self.values, dtype=float)
        targets = np.asarray(self.targets if self.targets is not None else [], dtype=float)
        last = max(len(values) - 1, 1)
        paths = [np.stack([np.arange(len(values)), series], axis=-1) for series in values.T]
        names, room = self._names_and_room(axes, style)
        labels = [self._label(column, name) for column, name in enumerate(names)]
        inside, is_small = list[Text](), 1 - room > MOST_BESIDE  # a small picture says less
        if is_small:
            without_values = [_always(name.rstrip(" :")) for name in names]
            inside = self._labels_inside(axes, style, labels, paths) or (
                self._labels_inside(axes, style, without_values, paths) if all(names) else []
            )
        if not inside:
            if is_small and all(names):
                kept = [name.rstrip(" :") for name in self._names_within(axes, style, MOST_BESIDE)]
                labels = [_always(name) for name in kept]
                widest = max(style.text_width(name, style.label_px, bold=True) for name in kept)
                room = 1 - min((widest + 1.3 * style.label_px) / axes.bbox.width, 0.5)
            self._set_axes(axes, style, values, targets, room)
        several = len(paths) > 1
        for target, role in zip(targets, self.roles, strict=False):
            yield Line(_across(last, target), color=f"{role} 75%", width=THIN, dash="dashed", layer=2)
            yield Points(_across(last, target)[1 if several else 2 :], color="background", layer=2.5, clip=False,
                         edge=f"{role} 75%", edge_width=THIN, marker=RUN_MARKERS.get(role, "o"), size=HEAD)  # fmt: skip
        for role, path in zip(self.roles, paths, strict=False):
            yield Path(path, color=role, head=HEAD if several else 0)
        x = room + (0.7 if several else 0.4) * style.label_px / axes.bbox.width
        heights = self._label_heights(axes, style, values, targets)
        yield from inside or (
            Text(label, (x, height), coords=("axes", "data"), color=role, bold=True, layer=5)
            for label, height, role in zip(labels, heights, self.roles, strict=False)
        )

    def _set_axes(
        self,
        axes: Axes,
        style: Style,
        values: np.ndarray,
        targets: np.ndarray,
        room: float,
        kept: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """Set limits and ticks for lines that end at a share ``room`` of the width.

        Shares ``kept`` of the height are free above and below all lines, for their labels.
        """
        last, (above, below) = max(len(values) - 1, 1), (max(share - 0.07, 0.0) for share in kept)
        low, high = padded(_reach(values, targets), 0.08)
        height = (high - low) / (1 - above - below)
        set_limits(axes, style, x=(0, last / room), y=(low - below * height, high + above * height))
        set_update_axis(axes, style, last, room, log=self.log_updates, name=self.counter)

    def _labels_inside(
        self, axes: Axes, style: Style, labels: Sequence[Callable[[int], str]], paths: Sequence[np.ndarray]
    ) -> list[Text]:
        """Set limits and ticks for lines of full width; return their labels on them or in a key, or none."""
        values, px = np.asarray(self.values, dtype=float), style.label_px
        targets = np.asarray(self.targets if self.targets is not None else [], dtype=float)
        sampled = np.unique(np.linspace(0, len(values) - 1, 33).astype(int))
        widths = [max(style.text_width(of(int(at)), px, bold=True) for at in sampled) for of in labels]
        sizes = np.array([(width, 1.2 * px) for width in widths])
        dashed = [_across(len(values) - 1, target) for target in targets]

        def keep_free(above: float, below: float = 0.0) -> None:
            self._set_axes(axes, style, values, targets, 1.0, (above, below))

        places: list[tuple[Any, tuple[float, float]]] | None = None
        texts, align, kept = list(labels), "right", min(1.9 * px / axes.bbox.height, 0.3)
        for below in (0.0, kept):
            keep_free(kept, below)
            on_lines = places_on_lines(axes, sizes, paths, dashed, 0.3 * px)
            if on_lines is not None:
                places = [(tuple(at), (0.0, 0.0)) for at in axes.transAxes.inverted().transform(on_lines)]
                break
        else:
            align = "left"
            signs = [f"{RUN_SIGNS[role]}\u2009" for role, _ in zip(self.roles, labels, strict=False)]
            texts = [_after(sign, label) for sign, label in zip(signs, labels, strict=True)]
            widths = [max(style.text_width(of(int(at)), px) for at in sampled) for of in texts]
            sizes = np.array([(width, 1.2 * px) for width in widths])
            keep_free(0.0)
            corners = None
            if len(set(self.roles[: len(labels)])) == len(labels):
                corners = place_key(axes, sizes, [*paths, *(line for line in dashed if len(line))], px, keep_free)
            places = None if corners is None else rigid_places(axes, corners)
        return [] if places is None else [
            Text(text, at, coords="axes", color=role, bold=align == "right", layer=5, align=align, valign="bottom",
                 shift=shift)
            for text, role, (at, shift) in zip(texts, self.roles, places, strict=False)
        ]  # fmt: skip

    def _label(self, column: int, name: str) -> Callable[[int], str]:
        """Return from the update to the label of a line: its name and its value."""
        series = np.asarray(self.values, dtype=float)[:, column]
        places = decimals_for(_last_finite(series), 3) if self.decimals is None else self.decimals
        return _labelled(name, series, places)

    def _names_and_room(self, axes: Axes, style: Style) -> tuple[list[str], float]:
        """Return the names in the form that fits, and the share of the width they leave to the lines."""
        number_px = style.text_width(f" {MINUS}00.00", style.label_px, bold=True)
        names = names_alike(style, self.names, 0.42 * axes.bbox.width - number_px, bold=True)
        widths = [style.text_width(name, style.label_px, bold=True) + number_px for name in names]
        return names, 1 - min((max(widths) + 1.3 * style.label_px) / axes.bbox.width, 0.5)

    def _names_within(self, axes: Axes, style: Style, share: float) -> list[str]:
        """Return the names in the form that fits beside the ends of the lines without their values."""
        return names_alike(style, self.names, share * axes.bbox.width - 1.3 * style.label_px, bold=True)

    def _label_heights(self, axes: Axes, style: Style, values: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return the height of each label: beside its line's target, moved apart where two would touch."""
        wanted = np.array([_last_finite(values[:, column]) for column in range(len(self.names))])
        if targets.size:
            wanted = np.where(np.isfinite(targets), targets, wanted)
        low, high = axes.get_ylim()
        line_height = 1.3 * style.label_px * (high - low) / axes.bbox.height
        return kept_inside(spread(wanted, line_height), line_height, (low, high))


def _across(last: int, height: float) -> np.ndarray:
    return np.array([[0, height], [last, height]]) if np.isfinite(height) else np.empty((0, 2))


def _labelled(name: str, series: np.ndarray, places: int) -> Callable[[int], str]:
    values = np.abs(series[np.isfinite(series)])
    is_tiny = 0 < values.max(initial=0.0) < 1e-4

    def text(update: int) -> str:
        value = series[min(update, len(series) - 1)]
        return f"{name} {significant(value) if is_tiny else number(value, places)}".lstrip()

    return text


def _after(sign: str, label: Callable[[int], str]) -> Callable[[int], str]:
    return lambda update: sign + label(update)


def _always(text: str) -> Callable[[int], str]:
    return lambda _: text


def _last_finite(series: np.ndarray) -> float:
    finite = series[np.isfinite(series)]
    return float(finite[-1]) if finite.size else 0.0


def _reach(values: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return the values the axis has to hold; of a trace that diverges, up to three times its first distance."""
    first = values[0]
    all_end = bool(targets.size) and bool(np.isfinite(targets).all())
    center = np.where(np.isfinite(targets), targets, first) if targets.size else first
    reach = 3.0 * max(float(np.abs(first - center).max()), float(np.abs(center).max()), 1e-12)
    if not all_end:
        reach = 1e12 * max(float(np.abs(first).max()), 1.0)
    return np.append(np.clip(values, (center - reach).min(), (center + reach).max()), center)
