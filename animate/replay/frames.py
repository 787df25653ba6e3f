"""The type of a frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
"""One frame: RGBA, shape (height, width, 4), straight (not premultiplied) alpha."""
