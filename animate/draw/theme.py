"""Colors by their role, in a light and a dark theme.

The colors of what is compared differ for everyone, also for people with a color vision deficiency (`color_vision`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb
from numpy.typing import NDArray

from animate.errors import UsageError, did_you_mean

_COLOR = re.compile(r"(?P<role>\w+)(?: (?P<percent>\d{1,3})%(?: on (?P<ground>\w+))?)?")


@dataclass(frozen=True)
class Theme:
    """Colors (hex) by role; text colors have a contrast of at least 4.5:1 to the background.

    Parameters
    ----------
    background, ink, muted, rule : str
        The ground, text, secondary text, and thin lines.
    data, error : str
        Points, and residuals.
    first, second, third, fourth, fifth, sixth : str
        Runs: the paths and lines of optimizers that are compared.
    class_a, class_b, class_c : str
        Points and regions of classes.
    right, wrong : str
        Predictions.
    surface : tuple of str
        From the lowest loss to the highest.
    font, bold_font : str
        The family of the texts, "" for that of all pictures, and of bold ones, "" for the same.
    font_files : tuple of str
        The files in which the families are.
    logo : str
        A PNG file that stands beside the title; "" for none.
    """

    name: str
    background: str
    ink: str
    muted: str
    rule: str
    data: str
    error: str
    first: str
    second: str
    third: str
    fourth: str
    fifth: str
    sixth: str
    class_a: str
    class_b: str
    class_c: str
    right: str
    wrong: str
    surface: tuple[str, str, str]
    font: str = ""
    bold_font: str = ""
    font_files: tuple[str, ...] = ()
    logo: str = ""

    @property
    def surface_low(self) -> str:
        """Return the color of the lowest loss."""
        return self.surface[0]

    def color(self, color: str) -> str:
        """Return a color as hex.

        Parameters
        ----------
        color : str
            A role such as ``"first"``; a role mixed into the background or into another role, such as
            ``"error 62%"`` or ``"ink 35% on muted"``; or a hex color, returned unchanged.

        Raises
        ------
        UsageError
            If the role is unknown.
        """
        if not isinstance(color, str):
            raise UsageError(f"color must be a role such as 'first'; got {color!r}.")
        if color in ROLES:
            return str(getattr(self, color))
        if color.startswith("#"):
            return color
        role, percent, ground = parse_color(color)
        return self.tint(role, percent / 100, on=ground)

    def tint(self, role: str, strength: float, on: str = "background") -> str:
        """Return an opaque mixture of two roles as hex.

        Mixtures instead of transparency: they overlap cleanly, and a GIF needs fewer colors.

        Parameters
        ----------
        role, on : str
            The colors that are mixed.
        strength : float
            The share of ``role``, from 0 to 1.
        """
        front, back = to_rgb(self.color(role)), to_rgb(self.color(on))
        red, green, blue = (strength * f + (1 - strength) * b for f, b in zip(front, back, strict=True))
        return to_hex((red, green, blue))

    def surface_ramp(self) -> LinearSegmentedColormap:
        """Return the color map from the lowest loss, at 0, to the highest, at 1."""
        return _ramp(tuple(self.surface))

    def surface_colors(self, n_bands: int) -> list[str]:
        """Return ``n_bands`` colors (hex) from the lowest loss to the highest."""
        return [*_bands(tuple(self.surface), n_bands)]


@lru_cache(64)
def _ramp(colors: tuple[str, ...]) -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list("surface", colors, N=256)


@lru_cache(64)
def _bands(colors: tuple[str, ...], n_bands: int) -> tuple[str, ...]:
    return tuple(to_hex(_ramp(colors)(band / max(n_bands - 1, 1))) for band in range(n_bands))


ROLES = (
    *(
        field.name
        for field in fields(Theme)
        if field.name not in ("name", "surface", "font", "bold_font", "font_files", "logo")
    ),
    "surface_low",
)
"""The names a color may have."""


def parse_color(color: str) -> tuple[str, int, str]:
    """Return the role, the percentage and the role underneath that a color names.

    Raises
    ------
    UsageError
        If ``color`` has another form, or a role is unknown.

    >>> parse_color("first"), parse_color("error 62%")
    (('first', 100, 'background'), ('error', 62, 'background'))
    """
    match = _COLOR.fullmatch(color)
    if match is None:
        raise UsageError(f"color must be a role such as 'first' or 'error 60%', or a hex color; got {color!r}.")
    role, percent, ground = match["role"], match["percent"], match["ground"] or "background"
    for name in (role, ground):
        if name not in ROLES:
            raise UsageError(f"color must be a role of the theme; got {name!r}.{did_you_mean(name, ROLES)}")
    return role, int(percent or 100), ground


LIGHT = Theme(
    name="light",
    background="#ffffff",
    ink="#1f2933",
    muted="#5d6975",
    rule="#d5dbe1",
    data="#4c6a92",
    error="#c8324f",
    first="#8c3d01",
    second="#028256",
    third="#8d52dd",
    fourth="#023d95",
    fifth="#b61a6f",
    sixth="#657a01",
    class_a="#023d95",
    class_b="#8d52dd",
    class_c="#8c3d01",
    right="#017f66",
    wrong="#b81c2c",
    surface=("#fbfdfe", "#c9d9e6", "#7fa4c2"),
)

DARK = Theme(
    name="dark",
    background="#0f1720",
    ink="#e6edf3",
    muted="#94a1ae",
    rule="#2a3542",
    data="#8fb6e3",
    error="#ff7a8a",
    first="#df921c",
    second="#01d4a6",
    third="#debffe",
    fourth="#4791f8",
    fifth="#fe84c5",
    sixth="#c4d260",
    class_a="#4791f8",
    class_b="#debffe",
    class_c="#df921c",
    right="#2be3bd",
    wrong="#f0626b",
    surface=("#2f5f82", "#1f4159", "#14222f"),
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def contrast(color: str, on: str) -> float:
    """Return the WCAG contrast ratio of two colors, from 1 to 21.

    ``(L1 + 0.05) / (L2 + 0.05)`` with L the relative luminance of the lighter and the darker.

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0

    References
    ----------
    WCAG 2.2, definitions of contrast ratio and relative luminance.
    """
    lighter, darker = sorted((float(relative_luminance(np.array(to_rgb(one)))) for one in (color, on)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def relative_luminance(color: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the relative luminance, 0 to 1, of sRGB colors (..., 3) from 0 to 1.

    ``0.2126 r + 0.7152 g + 0.0722 b`` with r, g, b = ``c / 12.92`` up to 0.04045, else ``((c + 0.055) / 1.055)**2.4``.

    >>> float(round(relative_luminance(np.array([1.0, 0.0, 0.0])), 4))
    0.2126
    """
    linear = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    luminance: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return luminance
