"""The logo of a theme, beside the title."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.image import BboxImage, imread
from matplotlib.transforms import Bbox, Transform, TransformedBbox
from PIL.PngImagePlugin import PngImageFile

from animate.draw.style import Style
from animate.errors import UsageError

_MOST_WIDTH = 0.2
"""Share of the width of the picture that a logo may take."""
_MOST_WIDTH_ABOVE = 0.6
"""The same of a logo in a row of its own."""
_LEAST_SIDE_PX = 8.0
"""Width or height of a logo below which nothing can be seen in it."""
_MOST_PIXELS = 25_000_000
"""A PNG file of a few kilobytes can hold an image that takes minutes to draw, or more memory than there is."""
_SPARE = 4
"""Pixels of the file for each pixel of the picture, along either side, above which a logo is reduced first."""


def add_logo(figure: Figure, style: Style, pixels: Transform, corner: tuple[float, float]) -> tuple[float, float]:
    """Put the logo of the theme, if it has one, into a corner; return how far it moves words to the right and down.

    Beside the title it is as high as the words if it is not too wide. One that would be lower than the title there has
    a row above it in square and tall pictures.

    Parameters
    ----------
    pixels : Transform
        From pixels to the display.
    corner : pair of float
        Left and upper edge of the logo in pixels.
    """
    if not style.theme.logo:
        return 0.0, 0.0
    file = style.theme.logo
    n_columns, n_rows = _size(file)
    left, top = corner
    height = style.title_px + style.between(6, 17) + style.caption_px if style.is_wide else 1.6 * style.title_px
    width, most = height * n_columns / n_rows, _MOST_WIDTH * style.width
    is_above = not style.is_wide and most * n_rows / n_columns < style.title_px
    width = min(width, _MOST_WIDTH_ABOVE * style.width if is_above else most)
    height = width * n_rows / n_columns
    if min(width, height) < _LEAST_SIDE_PX:
        shape = "wide as high" if width > height else "high as wide"
        raise UsageError(
            f"logo must be at most {max(width, height) / _LEAST_SIDE_PX:.0f} times as {shape} to be seen at "
            f"{style.width}x{style.height}; got {n_columns}x{n_rows} pixels in {file!r}."
        )
    box = TransformedBbox(Bbox.from_bounds(left, top - height, width, height), pixels)
    artist = BboxImage(box, interpolation="hanning", cmap="gray")
    artist.set_data(_pixels(file, int(_SPARE * width), int(_SPARE * height)))
    figure.add_artist(artist)
    return (0.0, float(height + 0.5 * style.title_px)) if is_above else (float(width + 0.5 * style.title_px), 0.0)


def _size(file: str) -> tuple[int, int]:
    """Return the width and height that the header of a PNG file names."""
    try:
        with PngImageFile(file) as image:
            width, height = image.size
    except FileNotFoundError:
        raise UsageError(f"logo must be a PNG file; {file!r} does not exist.") from None
    except (OSError, SyntaxError, ValueError):
        raise _damaged(file) from None
    if width * height > _MOST_PIXELS:
        raise UsageError(
            f"logo must have at most {_MOST_PIXELS / 1e6:.0f} million pixels; got {width}x{height} in {file!r}. Save "
            "it smaller: it is drawn beside the title."
        )
    return width, height


def _pixels(file: str, width: int, height: int) -> np.ndarray:
    """Return the pixels of a PNG file; those of a large one are averaged to somewhat more than a size."""
    try:
        with PngImageFile(file) as image:
            factor = min(image.width // width, image.height // height)
            if factor < 2 or image.mode.startswith("I"):  # 16 bits, of which Pillow would keep the lower 8
                return np.asarray(imread(file))
            return np.asarray(image.convert("RGBA").reduce(factor))
    except (OSError, SyntaxError, ValueError):
        raise _damaged(file) from None


def _damaged(file: str) -> UsageError:
    return UsageError(f"logo must be a PNG file that can be read; {file!r} is damaged.")
