"""Colors by what they mean, in two themes made from one set of names."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb


@dataclass(frozen=True)
class Theme:
    """Colors (hex) by meaning; text colors reach 4.5:1 on the background.

    ``first``, ``second``, ``third`` ... are runs: the paths and lines of optimizers that are compared.
    ``surface`` runs from the lowest loss to the highest.
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

    def color(self, role: str) -> str:
        """Return the color of a role such as ``"first"``; a hex color is returned as it is."""
        return role if role.startswith("#") else str(getattr(self, role))

    def tint(self, role: str, strength: float, on: str = "background") -> str:
        """Return a role's color mixed into another's, opaque: 0 is the other, 1 the role itself.

        Opaque mixtures instead of transparency: they overlap cleanly, and a GIF needs fewer colors.
        """
        front, back = to_rgb(self.color(role)), to_rgb(self.color(on))
        red, green, blue = (strength * f + (1 - strength) * b for f, b in zip(front, back, strict=True))
        return to_hex((red, green, blue))

    def surface_colors(self, n_bands: int) -> list[str]:
        """Return ``n_bands`` hex colors from the lowest loss to the highest."""
        ramp = LinearSegmentedColormap.from_list("surface", self.surface, N=256)
        return [to_hex(ramp(band / max(n_bands - 1, 1))) for band in range(n_bands)]


LIGHT = Theme(
    name="light",
    background="#ffffff",
    ink="#1f2933",
    muted="#5d6975",
    rule="#d5dbe1",
    data="#4c6a92",
    error="#c8324f",
    first="#b45309",
    second="#0f7b6c",
    third="#6d28d9",
    fourth="#1d5fb4",
    fifth="#b0246f",
    sixth="#5b6b16",
    class_a="#3f6296",
    class_b="#6d28d9",
    class_c="#b45309",
    right="#15803d",
    wrong="#c22745",
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
    first="#ffb454",
    second="#3fd0b6",
    third="#c4a7ff",
    fourth="#74b3ff",
    fifth="#ff9ccf",
    sixth="#c3d35f",
    class_a="#8fb6e3",
    class_b="#c4a7ff",
    class_c="#ffb454",
    right="#6ee79a",
    wrong="#ff7a8a",
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
    lighter, darker = sorted((_luminance(color), _luminance(on)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
