"""Size and contrast of the text in a figure, measured on the drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.text import Text
from numpy.typing import NDArray

from animate.draw.theme import relative_luminance

Draw = Callable[..., None]


@dataclass(frozen=True)
class DrawnText:
    """A text as it is drawn.

    Attributes
    ----------
    text : str
    size_px : float
        Font size in pixels.
    color : tuple of float
        Red, green, blue and opacity, 0 to 1.
    box : tuple of int
        Left, top, right, bottom, in pixels from the top left.
    font : str
        The font file.
    """

    text: str
    size_px: float
    color: tuple[float, float, float, float]
    box: tuple[int, int, int, int]
    font: str


def drawn_texts(figure: Figure) -> tuple[list[DrawnText], NDArray[np.uint8]]:
    """Return the texts of a figure, those of several lines line by line, and its picture without them.

    Texts with path effects are drawn as shapes: they are not returned, and stay in the picture.

    Parameters
    ----------
    figure : Figure

    Returns
    -------
    list of DrawnText
    array (height, width, 4)
        RGBA, uint8.
    """
    canvas = figure.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        canvas = FigureCanvasAgg(figure)
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    found: list[DrawnText] = []
    with _intercepted_text(renderer, lambda *given, **named: _record(found, renderer, *given, **named)):
        canvas.draw()  # type: ignore[no-untyped-call]
    without = np.asarray(canvas.buffer_rgba()).copy()  # type: ignore[no-untyped-call]
    return found, without


@contextmanager
def _intercepted_text(renderer: RendererAgg, record: Draw) -> Iterator[None]:
    renderer.draw_text = record  # type: ignore[method-assign]
    try:
        yield
    finally:
        del renderer.draw_text


def _record(
    found: list[DrawnText],
    renderer: RendererAgg,
    gc: Any,
    x: float,
    y: float,
    text: str,
    font: Any,
    _angle: float = 0,
    ismath: Any = False,
    mtext: Any = None,
) -> None:
    if not text.strip():
        return
    if isinstance(mtext, Text):
        extent = mtext.get_window_extent(renderer)
        left, right, top, bottom = extent.x0, extent.x1, renderer.height - extent.y1, renderer.height - extent.y0
    else:  # one of several lines: matplotlib tells where it stands, not whose it is
        width, height, below = renderer.get_text_width_height_descent(text, font, ismath)  # type: ignore[no-untyped-call]
        left, right, top, bottom = x, x + width, y - height + below, y + below
    red, green, blue, *alpha = gc.get_rgb()
    opacity = gc.get_alpha() if gc.get_forced_alpha() or not alpha else alpha[0]
    found.append(
        DrawnText(
            text=mtext.get_text() if isinstance(mtext, Text) else text,
            size_px=font.get_size_in_points() * renderer.dpi / 72,
            color=(red, green, blue, opacity),
            box=(round(left), round(top), round(right), round(bottom)),
            font=str(findfont(font)),
        )
    )


def contrast_with(text: DrawnText, picture: NDArray[np.uint8]) -> float | None:
    """Return the contrast ratio of a text to the pixels behind it, from 1 to 21; None if it is outside the picture.

    ``(L1 + 0.05) / (L2 + 0.05)`` for each pixel behind the text, then the median: a thin line across a text does not
    make it illegible.

    Parameters
    ----------
    text : DrawnText
    picture : array (height, width, 4)
        The figure without its texts, RGBA, uint8.

    References
    ----------
    WCAG 2.2, definitions of contrast ratio and relative luminance.
    """
    left, top, right, bottom = text.box
    behind = picture[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0), :3].reshape(-1, 3) / 255
    if not len(behind):
        return None
    opacity = text.color[3]
    color = np.array(text.color[:3]) * opacity + behind * (1 - opacity)
    one, other = relative_luminance(color), relative_luminance(behind)
    ratios = (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)
    return float(np.median(ratios))
