"""The logo of a theme, beside the title."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.image import BboxImage, imread
from matplotlib.transforms import Bbox, Transform, TransformedBbox

from animate.draw.style import Style
from animate.errors import UsageError

_MOST_WIDTH = 0.2
"""Share of the width of the picture that a logo may take."""
_LEAST_SIDE_PX = 8.0
"""Width or height of a logo below which nothing can be seen in it."""


def add_logo(figure: Figure, style: Style, pixels: Transform, corner: tuple[float, float]) -> float:
    """Put the logo of the theme, if it has one, into a corner; return how far it moves the words beside it.

    Parameters
    ----------
    pixels : Transform
        From pixels to the display.
    corner : pair of float
        Left and upper edge of the logo in pixels.
    """
    if not style.theme.logo:
        return 0.0
    try:
        image = imread(style.theme.logo)
    except FileNotFoundError:
        raise UsageError(f"logo must be a PNG file; {style.theme.logo!r} does not exist.") from None
    except (OSError, SyntaxError, ValueError):
        raise UsageError(f"logo must be a PNG file that can be read; {style.theme.logo!r} is damaged.") from None
    left, top = corner
    height = style.title_px + style.between(6, 17) + style.caption_px if style.is_wide else 1.6 * style.title_px
    width = min(height * image.shape[1] / image.shape[0], _MOST_WIDTH * style.width)
    height = width * image.shape[0] / image.shape[1]
    if min(width, height) < _LEAST_SIDE_PX:
        shape = "wide as high" if width > height else "high as wide"
        raise UsageError(
            f"logo must be at most {max(width, height) / _LEAST_SIDE_PX:.0f} times as {shape} to be seen at "
            f"{style.width}x{style.height}; got {image.shape[1]}x{image.shape[0]} pixels in {style.theme.logo!r}."
        )
    box = TransformedBbox(Bbox.from_bounds(left, top - height, width, height), pixels)
    artist = BboxImage(box, interpolation="hanning", cmap="gray")
    artist.set_data(image)
    figure.add_artist(artist)
    return float(width + 0.5 * style.title_px)
