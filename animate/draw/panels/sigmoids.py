"""Probabilities over one feature: sigmoids, their boundary, and each point's gap to its prediction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import SMALLEST_PLAIN, decimals_for, number, readable, significant, unit_of
from animate.draw.free_space import over_the_run
from animate.draw.label_layout import corner_texts
from animate.draw.line_labels import place_key, rigid_places
from animate.draw.marks import Curve, Line, Mark, Ring, Rule, Segments, Text, continuous, latest, stems
from animate.draw.marks.mark import scaled, value_at
from animate.draw.marks.points import drawn_rows_of_classes
from animate.draw.panels.base import Panel, padded, set_limits, set_ticks
from animate.draw.panels.classes import class_points, end_name, share_right, verdicts
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import Style
from animate.draw.text_template import say
from animate.learn.losses import sigmoid
from animate.learn.problems import LogisticProblem

N_CURVE = 240
FEW = 40
"""Up to so many points are drawn larger, with thicker gaps."""
SIDES = (("right", 1), ("muted", 0), ("wrong", -1))
"""Color role of a point on the right side of one half, on neither, and on the wrong one."""
_ROOM = 1.8
"""Heights of a label that stay free above 1 and under 0, for the names of the boundary and the classes."""


@dataclass(kw_only=True)
class Sigmoid(Panel):
    """P(second class | feature), with a dashed gap from each point's label to its prediction.

    Gaps are green where the prediction falls on the right side of one half, red where it does not; the two classes
    differ by their marker and their side as well as by color. The point of an update that takes one is ringed.

    Parameters
    ----------
    problem : LogisticProblem
        One feature and two classes.
    run : Run
        The descent whose sigmoid is shown.
    own_class : bool
        Whether the rest of each gap, the probability of the point's own class, is drawn in that class' color.
    """

    problem: LogisticProblem
    run: Run
    own_class: bool = False

    def heading_role(self) -> str:
        return self.run.role

    def readout(self, style: Style) -> Readout:
        return share_right(self.problem, self.run, style)

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        data, x = self.problem.data, self.problem.data.X[:, 0]
        self._model = latest(self._model_at)
        few = len(x) <= FEW
        free = _ROOM * style.label_px / max(axes.bbox.height - 2 * _ROOM * style.label_px, 1.0)
        set_limits(axes, style, x=padded(x, 0.05), y=(-free, 1.0 + free))
        set_ticks(axes, style, "y", [0.0, 0.5, 1.0])
        axes.set_xlabel(style.axis_name(readable(data.feature_names[0]), axes.bbox.width))
        width = (4.2, 2.2) if few else (1.7, 1.0)
        widths = {"right": width, "muted": width, "wrong": scaled(width, 1.5)}
        for role, side in SIDES:
            yield Segments(self._gaps(side), color=f"{role} 72%", width=widths[role], dash="dashed", name="gaps")
        if self.own_class:
            colors = ["class_b 72%" if label else "class_a 72%" for label in data.labels]
            yield Segments(self._own_class, color=colors, width=width, cap=None, layer=1.5, name="own_class")
        share = 1.15 if few else 0.95 if len(x) <= 300 else 0.7
        for index, name in enumerate(data.class_names):
            xy = np.stack([x, data.labels], axis=-1)[data.labels == index]
            yield class_points(xy, index, share=share, layer=5.5 if few else 3)
            yield end_name(axes, style, name, index, outside=True)
        names = [
            style.text_width(style.pick(name), style.name_px, bold=True) / axes.bbox.width + 0.04
            for name in data.class_names
        ]
        yield Line(lambda update: self._boundary(axes, update, names), color="first", width=(4, 2.2), name="boundary")
        yield Curve(self._heights, n=N_CURVE, name="curve")
        yield Ring(self._current_point, color=self.run.role, size=(19, 11), width=(2.6, 1.6), name="ring")
        yield from self._boundary_label(axes, style, names)

    def _model_at(self, update: int) -> tuple[float, float]:
        weight, intercept = self.problem.in_units(self.run.trajectory.params[self.run.at(update)])
        return float(weight), float(intercept)

    def _heights(self, x: np.ndarray, update: int) -> np.ndarray:
        weight, intercept = self._model(update)
        return sigmoid(weight * x + intercept)

    @cached_property
    def _drawn(self) -> tuple[np.ndarray, np.ndarray]:
        """The feature and the label of each point that is drawn."""
        data = self.problem.data
        rows = drawn_rows_of_classes(data.labels)
        return data.X[rows, 0], data.labels[rows]

    def _logits(self, update: int) -> np.ndarray:
        weight, intercept = self._model(update)
        return np.asarray(weight * self._drawn[0] + intercept)

    def _gaps(self, side: int) -> Callable[[float], np.ndarray]:
        """Return from the update the segments of the points on one side of one half."""
        x, labels = self._drawn

        def gaps(update: float) -> np.ndarray:
            predicted = value_at(lambda at: sigmoid(self._logits(at)), update)
            sides = verdicts(value_at(self._logits, update), labels)
            return np.asarray(stems(x, labels.astype(float), predicted)[sides == side])

        return continuous(gaps)

    @continuous
    def _own_class(self, update: float) -> np.ndarray:
        """Return from the update the segments from the other class' end to the curve."""
        x, labels = self._drawn
        predicted = value_at(lambda at: sigmoid(self._logits(at)), update)
        return stems(x, 1.0 - labels, predicted)

    def _current_point(self, update: int) -> np.ndarray:
        """Return the point (1, 2) of an update that takes one, else none."""
        data, trajectory = self.problem.data, self.run.trajectory
        rows = trajectory.rows_at(self.run.at(update))
        rows = rows if trajectory.rows is not None and len(rows) == 1 else rows[:0]
        return np.stack([data.X[rows, 0], data.labels[rows]], axis=-1)

    def _boundary_at(self, axes: Axes, update: int) -> float | None:
        """Return where the probability is one half, if that is on the axis."""
        weight, intercept = self._model(update)
        low, high = axes.get_xlim()
        at = -intercept / weight if weight != 0 else np.inf
        return at if low < at < high else None

    def _boundary(self, axes: Axes, update: int, names: Sequence[float]) -> np.ndarray:
        """Return the line of the boundary, which stops short of the name of a class: the shares of their widths."""
        at = self._boundary_at(axes, update)
        if at is None:
            return np.empty((0, 2))
        (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
        share = (at - left) / (right - left)
        return np.array([[at, 0.0 if share < names[0] else low], [at, 1.0 if share > 1 - names[1] else high]])

    def _boundary_label(self, axes: Axes, style: Style, names: Sequence[float]) -> Iterator[Mark]:
        """Return the boundary's name on either side of it, up or down: one text for each, empty but for one.

        Where the names of the classes, whose shares of the width are given, leave no room there is none.
        """
        unit = unit_of(readable(self.problem.data.feature_names[0]))
        named = say("boundary {place}", place="{}")
        low, high = axes.get_xlim()
        span = high - low
        places = decimals_for(span, 2, least=1)

        def written(at: float) -> str:
            return number(at, places) if span >= SMALLEST_PLAIN else significant(at)

        widest = max((written(at) for at in (low, high)), key=lambda text: style.text_width(text, style.label_px))
        forms = {form.format(widest): form for form in (f"{named} {unit}".rstrip(), f"{{}} {unit}".rstrip())}
        form = forms[style.fit(tuple(forms), style.label_px, 0.36 * axes.bbox.width)]
        width = style.text_width(form.format(widest), style.label_px) / axes.bbox.width + 0.02

        def free(share: float, *, on_left: bool, below: bool) -> bool:
            """Return whether the label beside a boundary there is clear of the class's name in its row."""
            left, right = (share - width, share) if on_left else (share, share + width)
            return left >= (names[0] if below else 0.0) and right <= (1.0 if below else 1.0 - names[1])

        def place(update: int) -> tuple[bool, bool] | None:
            at = self._boundary_at(axes, update)
            share = 0.0 if at is None else (at - low) / (high - low)
            sides = (share > 0.4, share <= 0.4)
            places = [(on_left, below) for below in (False, True) for on_left in sides]
            return next((one for one in places if free(share, on_left=one[0], below=one[1])), None)

        def text(on_left: bool, below: bool) -> Callable[[int], str]:
            def words(update: int) -> str:
                at = self._boundary_at(axes, update)
                if at is None or place(update) != (on_left, below):
                    return ""
                return form.format(written(at))

            return words

        for on_left, below in product((False, True), repeat=2):
            shift = (-1 if on_left else 1) * 0.012 * (high - low)
            yield Text(
                text(on_left, below), self._beside_boundary(axes, shift, 0.0 if below else 1.0),
                coords=("data", "axes"), color="first", name="boundary", halo="background",
                align="right" if on_left else "left", valign="bottom" if below else "top", layer=6,
            )  # fmt: skip

    def _beside_boundary(self, axes: Axes, shift: float, height: float) -> Callable[[int], tuple[float, float]]:
        return lambda update: ((self._boundary_at(axes, update) or 0.0) + shift, height)


@dataclass(kw_only=True)
class Sigmoids(Panel):
    """P(second class | feature) of each run, named in its color; points at 0 and 1 by their class.

    Parameters
    ----------
    problem : LogisticProblem
        One feature and two classes; the runs are on its scaled feature.
    runs : sequence of Run
        One curve each.
    margin : float
        Room at either side of the points, as a share of their range.
    name_runs : bool
        Whether the runs are named here; not needed where other panels do it.
    """

    problem: LogisticProblem
    runs: Sequence[Run]
    margin: float = 0.05
    name_runs: bool = True

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        data = self.problem.data
        has_room = axes.bbox.height > 9 * style.label_px
        y = (-0.17, 1.17) if has_room else (-0.07, 1.07)
        set_limits(axes, style, x=padded(data.X[:, 0], self.margin), y=y)
        set_ticks(axes, style, "y", [0.0, 0.5, 1.0])
        if not style.compact and data.feature_names[0] != "x":
            axes.set_xlabel(style.axis_name(readable(data.feature_names[0]), axes.bbox.width))
        yield Rule(y=0.5, color="rule", layer=1)
        xy = np.stack([data.X[:, 0], data.labels], axis=-1)
        for index in (0, 1):
            share = 1.3 if len(data.labels) <= FEW else 0.8
            yield class_points(xy[data.labels == index], index, share=share, layer=6)
            if has_room:
                yield end_name(axes, style, data.class_names[index], index, outside=True)
        curves = [self._curve(run) for run in self.runs]
        for place, (run, curve) in enumerate(zip(self.runs, curves, strict=True)):
            dash = ("", (6, 2), (2, 1.5))[place % 3]
            yield Curve(curve, n=N_CURVE, color=run.role, layer=4 + place / 10, dash=dash)
        if self.name_runs:
            classes = [edge for index in ((0, 1) if has_room else ()) for edge in self._name_edges(axes, style, index)]
            yield from self._run_names(axes, style, curves, classes)

    def _run_names(
        self,
        axes: Axes,
        style: Style,
        curves: Sequence[Callable[[np.ndarray, int], np.ndarray]],
        taken: Sequence[np.ndarray],
    ) -> Iterator[Mark]:
        """Return the names of the runs where no curve ever is, or else in the corner with most room at the end."""
        x, px = np.linspace(*axes.get_xlim(), N_CURVE), style.label_px
        names = [style.pick(run.name) for run in self.runs]
        drawn = over_the_run(lambda at: [np.stack([x, curve(x, at)], axis=-1) for curve in curves], self.n_updates)
        sizes = np.array([(style.text_width(name, px), 1.2 * px) for name in names])
        half = np.array([[x[0], 0.5], [x[-1], 0.5]])
        points = np.stack([self.problem.data.X[:, 0], self.problem.data.labels], axis=-1)
        lines = [half, *taken, *(line for _, line in drawn)]
        places = place_key(axes, sizes, lines, px, lambda _: None, points[drawn_rows_of_classes(points[:, 1])])
        if places is None:
            ends = np.concatenate([line for _, line in drawn[-len(curves) :]])
            weighed = [(1000, line) for line in taken]
            yield from corner_texts(axes, style, ends, names, [run.role for run in self.runs], lines=weighed)
            return
        for run, name, (at, shift) in zip(self.runs, names, rigid_places(axes, places), strict=True):
            yield Text(name, at, coords="axes", shift=shift, valign="bottom", color=run.role)

    def _name_edges(self, axes: Axes, style: Style, index: int) -> list[np.ndarray]:
        """Return the lower and the upper edge of the name of a class, in data coordinates."""
        name = end_name(axes, style, self.problem.data.class_names[index], index, outside=True)
        (x, y), width = name.at, style.text_width(str(name.text), style.name_px, bold=True) / axes.bbox.width
        left = x - width if index else x
        high = 1.2 * style.name_px / axes.bbox.height
        bottom = y if name.valign == "bottom" else y - high
        edges = [axes.transAxes.transform([(left, at), (left + width, at)]) for at in (bottom, bottom + high)]
        return [np.asarray(axes.transData.inverted().transform(edge)) for edge in edges]

    def _curve(self, run: Run) -> Callable[[np.ndarray, int], np.ndarray]:
        params = self.problem.in_units(run.trajectory.params)

        def heights(x: np.ndarray, update: int) -> np.ndarray:
            weight, intercept = params[run.at(update)]
            with np.errstate(all="ignore"):
                return sigmoid(weight * x + intercept)

        return heights
