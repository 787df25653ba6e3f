"""Changes of whole figures, above all of their layout, and what updates read from figures."""

from __future__ import annotations

import io
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import (
    lines,
    ticker,
)
from matplotlib.figure import Figure

from tests.gallery.changes.common import COLORS, WORDS, Change, Rng, pick


def suptitle(figure: Figure, rng: Rng) -> None:
    pick(rng, [figure.suptitle, figure.suptitle, figure.supxlabel, figure.supylabel])(pick(rng, WORDS))


def tight(figure: Figure, rng: Rng) -> None:
    figure.tight_layout(**pick(rng, [{}, {"pad": 1 + rng.random()}, {"rect": (0, 0, 1, 0.9)}]))


def adjusted(figure: Figure, rng: Rng) -> None:
    figure.subplots_adjust(left=0.1 + 0.1 * rng.random(), top=0.8 + 0.15 * rng.random(), hspace=pick(rng, [None, 0.4]))


def engine(figure: Figure, rng: Rng) -> None:
    figure.set_layout_engine(pick(rng, ["tight", "constrained", "compressed", "none", None]))


def pads(figure: Figure, rng: Rng) -> None:
    if (one := figure.get_layout_engine()) is not None:
        one.set(w_pad=0.1 * rng.random(), h_pad=0.1 * rng.random())


def paper(figure: Figure, rng: Rng) -> None:
    figure.set(facecolor=rng.random(3), edgecolor=pick(rng, COLORS), linewidth=pick(rng, [0, 4]))


def sized(figure: Figure, rng: Rng) -> None:
    figure.set_size_inches(3 + 4 * rng.random(), 3 + 2 * rng.random())


def figure_words(figure: Figure, rng: Rng) -> None:
    figure.text(*rng.random(2), pick(rng, WORDS), rotation=pick(rng, [0, 30]))


def figure_lines(figure: Figure, rng: Rng) -> None:
    figure.add_artist(lines.Line2D(rng.random(2), rng.random(2), transform=figure.transFigure, color="m"))


def figure_legend(figure: Figure, rng: Rng) -> None:
    figure.legend(loc=pick(rng, ["upper center", "outside right"]))


def new_axes(figure: Figure, rng: Rng) -> None:
    figure.add_axes((*0.5 * rng.random(2), 0.3, 0.3)).plot(rng.random(4))


def axes_gone(figure: Figure, rng: Rng) -> None:
    if len(figure.axes) > 1 and rng.random() < 0.5:
        figure.delaxes(pick(rng, figure.axes))


def colorbar(figure: Figure, rng: Rng) -> None:
    for ax in figure.axes:
        for one in [*ax.images, *ax.collections]:
            if one.get_array() is not None:
                figure.colorbar(one, ax=ax, label=pick(rng, WORDS), location=pick(rng, ["right", "bottom"]))
                return


def colorbar_look(figure: Figure, rng: Rng) -> None:
    for ax in figure.axes:
        if (bar := getattr(ax, "_colorbar", None)) is not None:
            bar.set_label(pick(rng, WORDS))
            bar.set_ticks(pick(rng, [[], ticker.MaxNLocator(3), ticker.AutoLocator()]))


def labels_aligned(figure: Figure, rng: Rng) -> None:
    pick(rng, [figure.align_labels, figure.align_xlabels, figure.autofmt_xdate])()


def figure_shown(figure: Figure, rng: Rng) -> None:
    figure.set_frameon(not figure.get_frameon())


def settings(figure: Figure, rng: Rng) -> None:
    plt.rcParams.update({"lines.linewidth": 1 + rng.random(), "path.simplify": bool(rng.integers(2))})
    if rng.random() < 0.3:
        plt.rcParams.update({"font.size": 8 + 4 * rng.random(), "axes.unicode_minus": bool(rng.integers(2))})


FIGURE: list[Change] = [suptitle, suptitle, tight, tight, tight, adjusted, adjusted, engine, engine, pads, paper, sized]
FIGURE += [figure_words, figure_lines, figure_legend, new_axes, axes_gone, colorbar, colorbar_look, labels_aligned]
FIGURE += [figure_shown, settings]


def shown(value: Any) -> str:
    """Return numbers as text, rounded so that the last bits of a sum do not count."""
    return np.array2string(np.asarray(value, float).ravel(), precision=9)


def draws(figure: Figure, rng: Rng) -> None:
    figure.canvas.draw()


def draws_nothing(figure: Figure, rng: Rng) -> None:
    figure.draw_without_rendering()


def draws_idle(figure: Figure, rng: Rng) -> None:
    figure.canvas.draw_idle()


def saves(figure: Figure, rng: Rng) -> None:
    options = pick(rng, [{}, {"dpi": 50}, {"bbox_inches": "tight"}, {"transparent": True}])
    figure.savefig(io.BytesIO(), format=pick(rng, ["png", "svg", "rgba"]), **options)


def reads_pixels(figure: Figure, rng: Rng) -> str:
    return str(np.asarray(figure.canvas.buffer_rgba()).astype(int).sum())


def reads_extent(figure: Figure, rng: Rng) -> str:
    labels = [label for ax in figure.axes for label in (ax.title, ax.xaxis.label, *ax.texts)]
    return shown(pick(rng, labels).get_window_extent().bounds) if labels else ""


def reads_tight_box(figure: Figure, rng: Rng) -> str:
    box = pick(rng, figure.axes).get_tightbbox() if figure.axes else figure.get_tightbbox()
    return "" if box is None else shown(box.bounds)


def reads_limits(figure: Figure, rng: Rng) -> str:
    if not figure.axes:
        return ""
    ax = pick(rng, figure.axes)
    return shown([*ax.get_xlim(), *ax.get_position().bounds, *ax.bbox.bounds, *ax.dataLim.bounds])


def reads_ticks(figure: Figure, rng: Rng) -> str:
    return str([label.get_text() for label in pick(rng, figure.axes).get_xticklabels()]) if figure.axes else ""


def places_beside(figure: Figure, rng: Rng) -> str:
    """Put a text where the extent of another one ends, as labels are placed."""
    if not figure.axes:
        return ""
    ax = pick(rng, figure.axes)
    box = ax.title.get_window_extent().transformed(figure.transFigure.inverted())
    figure.text(box.x1, box.y0, "beside")
    return shown(box.bounds)


def blits(figure: Figure, rng: Rng) -> None:
    canvas = figure.canvas
    kept = canvas.copy_from_bbox(figure.bbox)
    canvas.restore_region(kept)
    if figure.axes and figure.axes[0].lines:
        figure.axes[0].draw_artist(figure.axes[0].lines[0])
    canvas.blit(figure.bbox)


def listens(figure: Figure, rng: Rng) -> None:
    if not hasattr(figure, "_gallery_listener"):
        figure._gallery_listener = figure.canvas.mpl_connect("draw_event", lambda event: None)
    else:
        figure.canvas.mpl_disconnect(figure._gallery_listener)
        del figure._gallery_listener


READINGS: list[Change] = [
    draws,
    draws,
    draws_nothing,
    draws_idle,
    saves,
    reads_pixels,
    reads_pixels,
    reads_extent,
    reads_extent,
]
READINGS += [reads_tight_box, reads_tight_box, reads_limits, reads_ticks, places_beside, blits, listens]
