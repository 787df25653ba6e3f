"""How different two colors look to people with normal and with deficient color vision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from numpy.typing import NDArray

from animate.draw.theme import Theme, contrast, relative_luminance

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

RUNS = ("first", "second", "third", "fourth", "fifth", "sixth")
CLEAR, DISTINCT = 15.0, 8.0
"""Least CIEDE2000 difference of colors that carry the meaning of a picture, and of all six runs."""
TEXT_CONTRAST = 4.5
"""Least contrast of a text to its background (WCAG 1.4.3)."""
TEXT_ROLES = (*RUNS, "class_a", "class_b", "class_c", "right", "wrong", "data", "error", "ink", "muted")
"""The roles in which texts are drawn."""

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


def least_difference(one: str, other: str) -> tuple[float, str]:
    """Return the least difference of two colors to anyone, and the color vision ("" for normal) in which it occurs."""
    return min((difference(one, other, vision), vision) for vision in ("", *DEFICIENCIES))


def confusable_colors(theme: Theme) -> Iterator[str]:
    """Yield one line for each pair of roles that somebody cannot tell apart, and for each color that is too faint.

    Predictions, classes, points and residuals, the first four runs, and the lowest and the highest places of a surface
    differ by at least 15; all six runs by 8. One color of a surface differs by 15 from the background. A line on roles
    names the nearest color that passes, beside all others, if there is one.
    """
    for (one, other), least in _PAIRS.items():
        found, vision = least_difference(theme.color(one), theme.color(other))
        if found < least:
            seen = f"under {vision}" if vision else "with normal color vision"
            text = f"{one} and {other} differ by {found:.1f} {seen}, less than {least:g} (CIEDE2000)."
            yield text + _advice(theme, other, one)
    yield from _weak_surface(theme)
    for role in TEXT_ROLES:
        found = contrast(theme.color(role), theme.background)
        if found < TEXT_CONTRAST:
            text = f"{role} has a contrast of {found:.2f}:1 to the background, less than {TEXT_CONTRAST:g}:1."
            yield text + _advice(theme, role)


def _weak_surface(theme: Theme) -> Iterator[str]:
    """Yield a line if the colors of a surface look alike, and one if all of them look like the background."""
    found = least_difference(theme.surface[0], theme.surface[2])[0]
    if found < CLEAR:
        yield f"surface: the lowest and the highest color differ by {found:.1f}, less than {CLEAR:g} (CIEDE2000)."
    color = max(theme.surface, key=lambda color: least_difference(color, theme.background)[0])
    found = least_difference(color, theme.background)[0]
    if found < CLEAR:
        yield (
            f"surface: {color}, the color farthest from the background, differs from it by {found:.1f}, less than "
            f"{CLEAR:g} (CIEDE2000)."
        )


_PAIRS = {
    **dict.fromkeys([("class_a", "class_b"), ("data", "error"), ("right", "wrong")], CLEAR),
    **{pair: CLEAR if pair[1] in RUNS[:4] else DISTINCT for pair in combinations(RUNS, 2)},
}
"""Least difference of each pair of roles that are compared."""


def _advice(theme: Theme, *roles: str) -> str:
    near = [(role, nearest_color(theme, role)) for role in roles]
    passing = [f" The nearest {role} that passes is {color}." for role, color in near if color]
    return passing[0] if passing else " No other color passes: change more than one."


def nearest_color(theme: Theme, role: str) -> str:
    """Return the color nearest to that of a role which passes beside the theme's other colors; "" if none does.

    Searches a grid of 48 steps a channel.
    """
    steps = np.linspace(0.0, 1.0, 49)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
    ground = float(relative_luminance(np.array(to_rgb(theme.background))))
    light = relative_luminance(grid)
    grid = grid[(np.maximum(light, ground) + 0.05) / (np.minimum(light, ground) + 0.05) >= TEXT_CONTRAST]
    grid = grid[np.argsort(ciede2000(lab(grid), lab(np.array(to_rgb(theme.color(role))))))]
    for start in range(0, len(grid), 2000):
        part = grid[start : start + 2000]
        passes = np.ones(len(part), dtype=bool)
        for pair, least in _PAIRS.items():
            if role not in pair:
                continue
            other = np.array(to_rgb(theme.color(pair[1 - pair.index(role)])))
            for vision in ("", *DEFICIENCIES):
                seen = [lab(simulate(one, vision) if vision else one) for one in (part, other)]
                passes &= ciede2000(*seen) >= least
        if passes.any():
            return to_hex(part[int(passes.argmax())])
    return ""


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
