"""Cross-validation of polynomials: the fold held out and the curve fitted to the others, and the errors by degree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from animate.draw.marks import EndText, Line, Mark, Points, Segments, drawn_rows, stems
from animate.draw.panels.curves import Curves, FittedCurve
from animate.draw.panels.plot import Plot
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.text_template import say
from animate.learn.cross_validation import CrossValidation


def folds_held_out(result: CrossValidation, **fields: Any) -> Curves:
    """Return the curves of all fits, one an update, with the points held out and how far the curve misses them.

    A story can name ``held out`` and ``misses``; fields are those of `Curves`.
    """
    data, run = result.data, Run("", result.trajectory())
    shown = drawn_rows(data.n_samples)

    def missed(update: int) -> np.ndarray:
        rows = np.intersect1d(result.held_out(update), shown)
        return np.stack([data.x[rows], data.y[rows], result.curve(run.trajectory.params[update], data.x[rows])])

    def words(update: int) -> str:
        if update == 0:
            return say("mean of all y: no fit yet")
        if update > result.n_fits:
            return say("degree {best}, all points", best=result.degrees[result.best])
        degree, fold = result.place(update)
        return say("degree {degree}, fold {fold} held out", degree=result.degrees[degree], fold=fold + 1)

    error = Readout.of(("validation error", "validation"), run.trajectory.loss)
    return Curves(
        data=data, curves=[FittedCurve(run, result.curve)], words=words, shows_score=False,
        reading=replace(error, text=lambda update: error.text(update) if update else "\u2013"),
        extra=[
            Segments(lambda k: stems(*missed(k)), color="error 62%", cap=None, layer=2, name="misses"),
            Points(lambda k: missed(k)[:2].T, color="first", size=(11, 6), layer=5, name="held out"),
        ],
        **fields,
    )  # fmt: skip


def errors_by_degree(result: CrossValidation, **fields: Any) -> Plot:
    """Return the plot of the validation error of each fit so far, and of the means of the degrees that are done.

    A story can name ``dots`` and ``means``; fields are those of `Plot`.
    """
    degrees, n_folds = np.array(result.degrees), len(result.folds)
    dots = np.stack([np.repeat(degrees, n_folds), result.validation.ravel()], axis=-1)
    least = result.lowest or float(result.data.y.var()) * 1e-16

    def means(name: str, errors: np.ndarray, color: str, marker: str) -> Iterator[Mark]:
        def so_far(update: int) -> np.ndarray:
            return np.stack([degrees, errors], axis=-1)[: update // n_folds]

        yield Line(so_far, color=color, name="means")
        yield Points(so_far, color=color, marker=marker, name="means")
        yield EndText(name, float(np.clip(errors[-1], least / 3, 16 * least)), color=color)

    return Plot(
        Points(lambda k: dots[:k], color="first 45%", size=(6, 3.2), edge_width=0, name="dots"),
        *means("training", result.mean_training, "data", "o"),
        *means("validation", result.mean_validation, "first", "s"),
        limits=((degrees[0] - 0.3, degrees[-1] + 0.3), (least / 4, 20 * least)), log="y", x="degree",
        ticks=({float(degree): f"{degree}" for degree in degrees}, None), **fields,
    )  # fmt: skip
