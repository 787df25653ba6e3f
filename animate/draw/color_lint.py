"""The lint of a theme: colors that are too faint, colors that look alike, and colors that pass in place of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations, islice

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from numpy.typing import NDArray

from animate.draw.color_vision import DEFICIENCIES, Matrix, ciede2000, lab, least_difference, simulate
from animate.draw.theme import THEMES, Theme, contrast, relative_luminance

RUNS = ("first", "second", "third", "fourth", "fifth", "sixth")
CLEAR, DISTINCT = 15.0, 8.0
"""Least CIEDE2000 difference of colors that carry the meaning of a picture, and of all six runs."""
TEXT_CONTRAST = 4.5
"""Least contrast of a text to its background (WCAG 1.4.3)."""
LINE_CONTRAST = 1.25
"""Least contrast of the lines of axes: they are there for support, and must not compete with what is drawn."""
LEAST_CONTRAST = {
    **dict.fromkeys(
        (*RUNS, "class_a", "class_b", "class_c", "right", "wrong", "data", "error", "ink", "muted"), TEXT_CONTRAST
    ),
    "rule": LINE_CONTRAST,
}
"""Least contrast to the background of each role: of those in which texts are drawn, and of thin lines."""

Colors = dict[str, str | tuple[str, ...]]
Limits = tuple[tuple[str, float], ...]
"""Other colors, and the least difference from each."""

_PAIRS = {
    **dict.fromkeys([("class_a", "class_b"), ("data", "error"), ("right", "wrong")], CLEAR),
    **{pair: CLEAR if pair[1] in RUNS[:4] else DISTINCT for pair in combinations(RUNS, 2)},
}
"""Least difference of each pair of roles that are compared."""
_GROUPS = (RUNS, *(pair for pair in _PAIRS if pair[0] not in RUNS), ("class_c",), ("ink",), ("muted",), ("rule",))
"""Roles whose colors depend on each other."""
_GRID_STEPS = 33
_MIXTURES = 32


def faint_colors(theme: Theme) -> dict[str, float]:
    """Return the contrast to the background of each role that has less than `LEAST_CONTRAST`."""
    found = {role: contrast(theme.color(role), theme.background) for role in LEAST_CONTRAST}
    return {role: ratio for role, ratio in found.items() if ratio < LEAST_CONTRAST[role]}


def is_built_in(theme: Theme, role: str) -> bool:
    """Return whether a role, or the surface, has a color of the package."""
    return any(getattr(theme, role) == getattr(one, role) for one in THEMES.values())


def below(value: float, least: float, decimals: int = 1) -> str:
    """Return a value that is less than another, with so many decimals that it is so as it is written.

    >>> below(9.74, 15.0), below(14.996, 15.0)
    ('9.7', '14.996')
    """
    texts = (f"{value:.{count}f}" for count in range(decimals, 16))
    return next((text for text in texts if float(text) < least), str(value))


def _below_clear(difference: float) -> str:
    return f"{below(difference, CLEAR)}, less than {CLEAR:g} (CIEDE2000)"


def confusable_colors(theme: Theme) -> Iterator[str]:
    """Yield one line for each fault of the colors of a theme, then one with colors that pass instead.

    Predictions, classes, points and residuals, the first four runs, and the lowest and the highest places of a surface
    differ by at least 15, for everyone; all six runs by 8. One color of a surface differs by 15 from the background,
    and each of its colors from each run. Texts and marks have a contrast of 4.5:1 to the background, the lines of axes
    of 1.25:1. The texts on a surface, which are in ink, have one of 4.5:1 to each of its colors.
    """
    lines = [*_alike(theme), *_weak_surface(theme), *_hidden_paths(theme), *_hidden_texts(theme)]
    for role, found in faint_colors(theme).items():
        least = LEAST_CONTRAST[role]
        lines.append(f"{role} has a contrast of {below(found, least, 2)}:1 to the background, less than {least:g}:1.")
    yield from lines
    if lines:
        yield remedy(suggested_colors(theme))


def _alike(theme: Theme) -> Iterator[str]:
    for (one, other), least in _PAIRS.items():
        found, vision = least_difference(theme.color(one), theme.color(other))
        if found < least:
            seen = f"under {vision}" if vision else "with normal color vision"
            yield f"{one} and {other} differ by {below(found, least)} {seen}, less than {least:g} (CIEDE2000)."


def _weak_surface(theme: Theme) -> Iterator[str]:
    """Yield a line if the colors of a surface look alike, and one if all of them look like the background."""
    found = least_difference(theme.surface[0], theme.surface[2])[0]
    if found < CLEAR:
        yield f"surface: the lowest and the highest color differ by {_below_clear(found)}."
    color = max(theme.surface, key=lambda color: least_difference(color, theme.background)[0])
    found = least_difference(color, theme.background)[0]
    if found < CLEAR:
        yield (f"surface: {color}, the color farthest from the background, differs from it by {_below_clear(found)}.")


def _hidden_paths(theme: Theme) -> Iterator[str]:
    for role in RUNS:
        found, color = min((least_difference(theme.color(role), color)[0], color) for color in theme.surface)
        if found < CLEAR:
            yield f"surface: {color} differs from {role} by {_below_clear(found)}."


def _hidden_texts(theme: Theme) -> Iterator[str]:
    found, color = min((contrast(theme.ink, color), color) for color in theme.surface)
    if found < TEXT_CONTRAST:
        ratio = below(found, TEXT_CONTRAST, 2)
        yield f"surface: ink has a contrast of {ratio}:1 to {color}, less than {TEXT_CONTRAST:g}:1."


def remedy(colors: Colors) -> str:
    """Return a sentence that tells to write colors in a theme's file.

    >>> remedy({"first": "#7a1f5c"})
    'Write first = "#7a1f5c".'
    """
    values = {role: [color] if isinstance(color, str) else color for role, color in colors.items()}
    quoted = {role: ", ".join(f'"{color}"' for color in value) for role, value in values.items()}
    lines = [f"{role} = {text if len(values[role]) == 1 else f'[{text}]'}" for role, text in quoted.items()]
    return f"Write {', '.join(lines)}{': together they pass' if len(lines) > 1 else ''}."


def suggested_colors(theme: Theme) -> Colors:
    """Return colors by role, and the surface, with which a theme passes its lint; empty if it does.

    As few as possible are other than the theme's, and colors of the package make room for those of one's own. The
    background changes only if too few colors can be read on it.
    """
    for share in np.linspace(0.0, 1.0, 21):
        for end in ("#ffffff", "#000000"):
            background = to_hex((1 - share) * np.array(to_rgb(theme.background)) + share * np.array(to_rgb(end)))
            found = _on_background(replace(theme, background=background))
            if found is not None:
                return ({"background": background} if background != theme.background else {}) | found
    raise AssertionError  # the themes of the package pass on white and on black


def _on_background(theme: Theme) -> Colors | None:
    """Return what must change beside the background, or None if no colors pass on it."""
    rest = [_changes_of(theme, group) for group in _GROUPS[1:]]
    if None in rest:
        return None
    changes = {role: color for part in rest if part for role, color in part.items()}
    inks = [str(changes.get("ink", theme.ink)), *_inks_on_surface(theme), *(one.ink for one in THEMES.values())]
    for ink in (one for one in dict.fromkeys(inks) if contrast(one, theme.background) >= TEXT_CONTRAST):
        if found := _surfaces_with_runs(replace(theme, ink=ink)):
            fewest = min(found, key=lambda one: (sum(not is_built_in(theme, role) for role in one), len(one)))
            changes |= fewest | ({"ink": ink} if ink != theme.ink else {})
            return {role: changes[role] for role in (*LEAST_CONTRAST, "surface") if role in changes}
    return None


def _inks_on_surface(theme: Theme) -> Iterator[str]:
    """Yield the colors nearest to the ink that can be read on the background and on the surface."""
    own, shares = _rgb(theme.ink), np.linspace(0.0, 1.0, _MIXTURES)[:, None]
    for built_in in THEMES.values():
        inks = map(to_hex, _in_bytes(own + shares * (_rgb(built_in.ink) - own)))
        grounds = (theme.background, *theme.surface)
        yield from islice((ink for ink in inks if min(contrast(ink, one) for one in grounds) >= TEXT_CONTRAST), 1)


def _surfaces_with_runs(theme: Theme) -> list[Colors]:
    """Return what may change of the surface and the runs, up to the first change that leaves the user's colors."""
    found: list[Colors] = []
    for surface in dict.fromkeys((theme.surface, *_tinted_surfaces(theme), *(one.surface for one in THEMES.values()))):
        on_surface = replace(theme, surface=surface)
        if any(_weak_surface(on_surface)) or any(_hidden_texts(on_surface)):
            continue
        runs = _changes_of(theme, RUNS, surface)
        if runs is not None:
            found.append(({"surface": surface} if surface != theme.surface else {}) | runs)
            if all(is_built_in(theme, role) for role in found[-1]):
                break
    return found


def _tinted_surfaces(theme: Theme) -> Iterator[tuple[str, str, str]]:
    """Yield surfaces of one hue, from the faintest that can be seen on the background to stronger ones."""
    for hue in ("#5f86a6", "#2f5f82"):
        mixed = replace(theme, first=hue)
        for strength in (0.45, 0.6, 0.8, 1.0):
            low, middle, high = (mixed.tint("first", share * strength) for share in (0.05, 0.5, 1.0))
            yield low, middle, high


def _changes_of(theme: Theme, group: Sequence[str], surface: Sequence[str] = ()) -> Colors | None:
    """Return other colors for the fewest roles of a group with which all of it passes, or None if there are none.

    Roles with colors of the package are changed before those with others.
    """
    subsets = [part for size in range(len(group) + 1) for part in combinations(group, size)]
    for part in sorted(subsets, key=lambda part: sum(not is_built_in(theme, role) for role in part)):
        kept = {role: theme.color(role) for role in group if role not in part}
        if all(_is_kept(color, theme.background, role, _limits(role, kept, surface)) for role, color in kept.items()):
            colors = _filled(theme, part, kept, surface)
            if colors is not None:
                return colors
    return None


def _is_kept(color: str, background: str, role: str, limits: Limits) -> bool:
    is_readable = contrast(color, background) >= LEAST_CONTRAST[role]
    return is_readable and all(least_difference(color, other)[0] >= least for other, least in limits)


def _filled(theme: Theme, part: Sequence[str], kept: Mapping[str, str], surface: Sequence[str]) -> Colors | None:
    """Return the nearest colors that pass beside those that are kept; the role that had no room chooses first."""
    order = list(part)
    for _ in range(2 * len(part) + 1):
        colors: dict[str, str] = dict(kept)
        for role in order:
            nearest = _nearest(theme, role, _limits(role, colors, surface))
            if nearest is None:
                break
            colors[role] = nearest
        else:
            return {role: colors[role] for role in part}
        if role == order[0]:
            return None
        order.remove(role)
        order.insert(0, role)
    return None


def _limits(role: str, others: Mapping[str, str], surface: Sequence[str]) -> Limits:
    """Return the colors from which that of a role must differ, and by how much."""
    pairs = ((other, _PAIRS.get((role, other)) or _PAIRS.get((other, role))) for other in others if other != role)
    return (*((others[other], least) for other, least in pairs if least), *((color, CLEAR) for color in surface))


def _nearest(theme: Theme, role: str, limits: Limits) -> str | None:
    """Return the color nearest to that of a role that passes, of a grid and of the mixtures on the way to it."""
    grid, seen = _readable_grid(theme.background, LEAST_CONTRAST[role])
    passes = np.ones(len(grid), dtype=bool)
    for color, least in limits:
        passes &= _differs_on_grid(theme.background, LEAST_CONTRAST[role], color, least)
    if not passes.any():
        return None
    own = _rgb(theme.color(role))
    chosen = grid[np.where(passes, ciede2000(seen[0], lab(own)), np.inf).argmin()]
    mixtures = _in_bytes(own + np.linspace(0.0, 1.0, _MIXTURES)[:, None] * (chosen - own))
    return to_hex(mixtures[_passing(mixtures, theme.background, role, limits).argmax()])


def _passing(rgb: Matrix, background: str, role: str, limits: Limits) -> NDArray[np.bool_]:
    """Return which colors can be read on a background in a role, and differ from others for everyone."""
    passes = _contrasts(rgb, background) >= LEAST_CONTRAST[role]
    seen = _as_seen(rgb)
    for color, least in limits:
        passes &= _differs(seen, color, least)
    return passes


def _differs(seen: Matrix, color: str, least: float) -> NDArray[np.bool_]:
    others = _as_seen(_rgb(color)[None])
    result: NDArray[np.bool_] = np.min(ciede2000(seen, others), axis=0) >= least
    return result


@lru_cache(8)
def _readable_grid(background: str, least: float) -> tuple[Matrix, Matrix]:
    """Return the colors of a grid that can be read on a background, and L*a*b* of them by color vision."""
    steps = np.linspace(0.0, 1.0, _GRID_STEPS)
    grid = _in_bytes(np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3))
    grid = grid[_contrasts(grid, background) >= least]
    return grid, _as_seen(grid)


@lru_cache(256)
def _differs_on_grid(background: str, least_contrast: float, color: str, least: float) -> NDArray[np.bool_]:
    return _differs(_readable_grid(background, least_contrast)[1], color, least)


def _as_seen(rgb: Matrix) -> Matrix:
    """Return L*a*b* of colors (n, 3) as people with each color vision see them (n_visions, n, 3)."""
    return lab(np.stack([rgb, *(simulate(rgb, deficiency) for deficiency in DEFICIENCIES)]))


def _contrasts(rgb: Matrix, background: str) -> Matrix:
    light, ground = relative_luminance(rgb), relative_luminance(_rgb(background))
    result: Matrix = (np.maximum(light, ground) + 0.05) / (np.minimum(light, ground) + 0.05)
    return result


def _in_bytes(rgb: Matrix) -> Matrix:
    """Return the nearest colors that can be written with two hexadecimal digits a channel."""
    return np.round(255 * rgb) / 255


def _rgb(color: str) -> Matrix:
    return np.array(to_rgb(color))
