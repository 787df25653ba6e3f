"""How different two colors look to people with normal and with deficient color vision."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

DEFICIENCIES: Mapping[str, Matrix] = {
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""From linear RGB to the linear RGB that people with a deficiency of full severity see.

References
----------
Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation of Color Vision Deficiency",
table 1.
"""

_XYZ_OF_RGB = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _XYZ_OF_RGB.sum(axis=1)


def simulate(rgb: Matrix, deficiency: str) -> Matrix:
    """Return sRGB colors as people with a color vision deficiency see them.

    Parameters
    ----------
    rgb : array (..., 3)
        From 0 to 1.
    deficiency : {"protanopia", "deuteranopia", "tritanopia"}

    Returns
    -------
    array (..., 3)
        From 0 to 1.
    """
    seen = np.clip(_linear(rgb) @ DEFICIENCIES[deficiency].T, 0.0, 1.0)
    return np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)


def difference(one: str, other: str, deficiency: str = "") -> float:
    """Return the CIEDE2000 difference of two colors; below about 2 nobody sees it.

    Parameters
    ----------
    one, other : str
        Any colors that matplotlib takes.
    deficiency : str
        One of `DEFICIENCIES`; "" for normal color vision.

    >>> round(difference("#000000", "#ffffff"))
    100
    """
    rgb = np.array([to_rgb(one), to_rgb(other)])
    first, second = lab(simulate(rgb, deficiency) if deficiency else rgb)
    return float(ciede2000(first, second))


@lru_cache(4096)  # the lint of a theme asks for the same pairs again and again
def least_difference(one: str, other: str) -> tuple[float, str]:
    """Return the least difference of two colors to anyone, and the color vision ("" for normal) in which it occurs."""
    return min((difference(one, other, vision), vision) for vision in ("", *DEFICIENCIES))


def lab(rgb: Matrix) -> Matrix:
    """Return sRGB colors (..., 3), from 0 to 1, in CIE L*a*b* under illuminant D65."""
    ratio = _linear(rgb) @ _XYZ_OF_RGB.T / _WHITE
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def ciede2000(one: Matrix, other: Matrix) -> Matrix:
    """Return the CIEDE2000 difference of L*a*b* colors (..., 3), with all weights 1.

    References
    ----------
    Sharma, Wu and Dalal (2005), "The CIEDE2000 Color-Difference Formula", equations 2 to 22.
    """
    l1, a1, b1 = np.moveaxis(one, -1, 0)
    l2, a2, b2 = np.moveaxis(other, -1, 0)
    mean_chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * np.sqrt(mean_chroma**7 / (mean_chroma**7 + 25.0**7))
    chroma1, chroma2 = np.hypot(stretch * a1, b1), np.hypot(stretch * a2, b2)
    hue1 = np.degrees(np.arctan2(b1, stretch * a1)) % 360
    hue2 = np.degrees(np.arctan2(b2, stretch * a2)) % 360
    is_gray = chroma1 * chroma2 == 0
    turn = np.where(is_gray, 0.0, (hue2 - hue1 + 180) % 360 - 180)
    d_hue = 2 * np.sqrt(chroma1 * chroma2) * np.sin(np.radians(turn / 2))
    mean_hue = np.where(is_gray, hue1 + hue2, (hue1 + turn / 2) % 360)
    lightness, chroma = (l1 + l2) / 2, (chroma1 + chroma2) / 2
    angle = np.radians(mean_hue)
    weight = (
        1
        - 0.17 * np.cos(angle - np.radians(30))
        + 0.24 * np.cos(2 * angle)
        + 0.32 * np.cos(3 * angle + np.radians(6))
        - 0.20 * np.cos(4 * angle - np.radians(63))
    )
    s_lightness = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * weight
    rotation = (
        -2
        * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
        * np.sin(np.radians(60 * np.exp(-(((mean_hue - 275) / 25) ** 2))))
    )
    d_l, d_c, d_h = (l2 - l1) / s_lightness, (chroma2 - chroma1) / s_chroma, d_hue / s_hue
    result: Matrix = np.sqrt(d_l**2 + d_c**2 + d_h**2 + rotation * d_c * d_h)
    return result


def _linear(rgb: Matrix) -> Matrix:
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
