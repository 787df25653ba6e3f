"""How large the text of a figure is, and how clearly it stands out from what is behind it: measured on the drawing."""

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

Draw = Callable[..., None]


@dataclass(frozen=True)
class DrawnText:
    """One text as it is drawn.

    Attributes
    ----------
    text : str
    size_px : float
        Of the font.
    color : tuple of float
        Red, green, blue and opacity, 0 to 1.
    box : tuple of int
        Left, top, right, bottom in pixels from the top left.
    font : str
        The font file.
    """

    text: str
    size_px: float
    color: tuple[float, float, float, float]
    box: tuple[int, int, int, int]
    font: str


def drawn_texts(figure: Figure) -> tuple[list[DrawnText], NDArray[np.uint8]]:
    """Return every text of a figure that is drawn, and the picture without them, RGBA (height, width, 4).

    Texts with path effects are shapes, not texts: they are left as they are.
    """
    canvas = figure.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        canvas = FigureCanvasAgg(figure)
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    found: list[DrawnText] = []
    with _in_place_of_text(renderer, lambda *given, **named: _note(found, renderer, *given, **named)):
        canvas.draw()  # type: ignore[no-untyped-call]
    without = np.asarray(canvas.buffer_rgba()).copy()  # type: ignore[no-untyped-call]
    return found, without


@contextmanager
def _in_place_of_text(renderer: RendererAgg, note: Draw) -> Iterator[None]:
    renderer.draw_text = note  # type: ignore[method-assign]
    try:
        yield
    finally:
        del renderer.draw_text


def _note(
    found: list[DrawnText],
    renderer: RendererAgg,
    gc: Any,
    _x: float,
    _y: float,
    text: str,
    font: Any,
    *more: Any,
    **named: Any,
) -> None:
    artist = named.get("mtext", more[-1] if more else None)
    if not isinstance(artist, Text) or not text.strip():
        return
    extent = artist.get_window_extent(renderer)
    top, bottom = renderer.height - extent.y1, renderer.height - extent.y0
    red, green, blue, *alpha = gc.get_rgb()
    opacity = gc.get_alpha() if gc.get_forced_alpha() or not alpha else alpha[0]
    found.append(
        DrawnText(
            text=artist.get_text(),
            size_px=font.get_size_in_points() * renderer.dpi / 72,
            color=(red, green, blue, opacity),
            box=(round(extent.x0), round(top), round(extent.x1), round(bottom)),
            font=str(findfont(font)),
        )
    )


def contrast_with(text: DrawnText, picture: NDArray[np.uint8]) -> float | None:
    """Return the contrast ratio, 1 to 21, of a text to the pixels behind it; None where it is outside of the picture.

    ``(L1 + 0.05) / (L2 + 0.05)`` for each pixel behind the text, then the median: a thin line that crosses a text does
    not make it illegible.

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


def relative_luminance(color: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the relative luminance, 0 to 1, of sRGB colors (..., 3) from 0 to 1.

    ``0.2126 r + 0.7152 g + 0.0722 b`` with r, g, b = ``c / 12.92`` up to 0.04045, else ``((c + 0.055) / 1.055)**2.4``.

    >>> float(round(relative_luminance(np.array([1.0, 0.0, 0.0])), 4))
    0.2126
    """
    linear = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    luminance: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return luminance
