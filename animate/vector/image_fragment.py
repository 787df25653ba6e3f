"""Images in vector films: each is stored once, as a PNG."""

from __future__ import annotations

import base64
import io
from typing import Any

from PIL import Image

from animate.vector.fragments import UNITS, Fragment, SharedDefinitions


def image_id(shared: SharedDefinitions, pixels: Any) -> str:
    """Return the id of an image, which is stored once."""
    return shared.shapes.name((pixels.shape, pixels.tobytes()), lambda: _image(pixels))


def image_fragment(shared: SharedDefinitions, pixels: Any) -> Fragment:
    """Return an image that fills the picture, shape (height, width, 3 or 4), as the fragment of a drawing."""
    return Fragment("use", "", "", f'href="#{image_id(shared, pixels)}" transform="scale({UNITS})"')


def _image(pixels: Any) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="png", optimize=True)
    height, width = pixels.shape[:2]
    data = base64.b64encode(file.getvalue()).decode("ascii")
    return f'<image id="{{}}" width="{width}" height="{height}" href="data:image/png;base64,{data}"/>'
