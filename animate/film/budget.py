"""A byte budget: which settings to lower, in which order and how far, until a file is small enough.

The order is frame rate, quality of colors, size, without those that save nothing in a format. Each is lowered only as
far as the size of the last try requires, and the next only once the one before is at its minimum. A smaller size is
drawn again, so that text stays legible. This module decides; its caller renders.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from animate.errors import EncodeError, UsageError

FRAME_RATES = (60.0, 50.0, 40.0, 30.0, 25.0, 24.0, 20.0, 18.0, 15.0, 12.0, 10.0)
"""The lower frame rates to choose from, in frames per second; below 10 motion no longer looks continuous."""

LEAST_QUALITY = 30
LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 320, 180
MAX_TRIES = 6

_AIMS = (0.97, 0.94, 0.9, 0.85, 0.8)
"""The share of the budget that each further try aims at: less after each failure."""

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 2**10, "mi": 2**20, "gi": 2**30}


@dataclass(frozen=True)
class EncodeSettings:
    """Settings to render an animation with.

    Attributes
    ----------
    fps : float
        Frames per second.
    quality : float
        As in `EncodeOptions`, 1 to 100.
    width, height : int
        In pixels.
    """

    fps: float
    quality: float
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.fps:g} fps, quality {self.quality:g}, {self.width}x{self.height}"


@dataclass(frozen=True)
class SizeModel:
    """A rough model of a file's size, corrected after every try.

    bytes ~ fps^rate * exp(quality * color) * (width * height)^(size / 2)

    An exponent of 0 means that lowering this setting saves nothing.
    """

    rate: float
    color: float
    size: float

    def log_ratio(self, before: EncodeSettings, after: EncodeSettings) -> float:
        """Return the expected log(bytes after / bytes before)."""
        area = math.log(after.width * after.height / (before.width * before.height))
        return (
            self.rate * math.log(after.fps / before.fps)
            + self.color * (after.quality - before.quality)
            + self.size * area / 2
        )


SIZE_MODELS = {
    ".gif": SizeModel(rate=0.54, color=0.007, size=1.05),
    ".mp4": SizeModel(rate=0.0, color=0.029, size=0.87),
    ".html": SizeModel(rate=0.0, color=0.029, size=0.87),
    ".webm": SizeModel(rate=0.42, color=0.02, size=0.82),
}
"""Measured on the scenes between 320x180 and 800x450, 10 and 25 fps, quality 50 and 90.

An MP4 at 10 fps is nearly as large as at 25, since it codes the same motion.
"""

LOSSLESS = SizeModel(rate=0.58, color=0.0, size=0.95)
"""For WebP, APNG and PNG, which are exact at any quality."""


@dataclass(frozen=True)
class BudgetResult:
    """The settings that fit a budget.

    Attributes
    ----------
    settings : EncodeSettings
    bytes : int
    n_tries : int
    compromises : tuple of str
        What was lowered, one line each, in order; empty if the first try was small enough.
    """

    settings: EncodeSettings
    bytes: int
    n_tries: int
    compromises: tuple[str, ...]


def parse_bytes(text: str, option: str = "max-size") -> int:
    """Return a number of bytes, given as an option; kB, MB and GB are powers of 1000, KiB, MiB and GiB of 1024.

    >>> parse_bytes("2MB"), parse_bytes("500k"), parse_bytes("1.5 MiB"), parse_bytes("800000")
    (2000000, 500000, 1572864, 800000)

    Raises
    ------
    UsageError
        If the text is not a number of bytes.
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*([kmg]?i?)b?\s*", text.lower())
    n_bytes = int(float(match[1]) * _UNITS[match[2]]) if match and match[2] in _UNITS else 0
    if n_bytes < 1:
        raise UsageError(f"{option} must be a number of bytes such as 2MB, 500kB or 1.5MiB; got {text!r}")
    return n_bytes


def readable(n_bytes: int) -> str:
    """Return a number of bytes as text, in powers of 1000.

    >>> readable(1_234_567), readable(81_900), readable(512)
    ('1.23 MB', '81.9 kB', '512 B')
    """
    for unit, size in (("MB", 10**6), ("kB", 10**3)):
        if n_bytes >= size:
            return f"{n_bytes / size:.3g} {unit}" if n_bytes < 1000 * size else f"{n_bytes / size:.0f} {unit}"
    return f"{n_bytes} B"


def fit(max_bytes: int, first: EncodeSettings, render: Callable[[EncodeSettings], int], suffix: str) -> BudgetResult:
    """Return the settings that fit; the last rendering was made with them.

    Parameters
    ----------
    max_bytes : int
        The budget.
    first : EncodeSettings
        The wanted settings; nothing is raised above them.
    render : callable
        Renders with given settings and returns the size in bytes. It should not replace an older file, since only its
        size decides whether the result is kept.
    suffix : str
        The file's suffix in lower case, which chooses the size model.

    Raises
    ------
    EncodeError
        If not even the lowest settings fit.
    """
    model = SIZE_MODELS.get(suffix, LOSSLESS)
    settings, n_bytes = first, render(first)
    for n_tries in range(1, MAX_TRIES + 1):
        if n_bytes <= max_bytes:
            return BudgetResult(settings, n_bytes, n_tries, compromises(first, settings))
        if n_tries == MAX_TRIES or settings == least(first, model):
            break
        after = lowered(settings, first, model, _AIMS[n_tries - 1] * max_bytes / n_bytes)
        before, n_before = settings, n_bytes
        settings, n_bytes = after, render(after)
        model = corrected(model, before, after, math.log(n_bytes / n_before))
    raise EncodeError(
        f"nothing fits into {readable(max_bytes)}: at {settings} it still takes {readable(n_bytes)}; "
        "allow more bytes or shorten the animation"
    )


def least(first: EncodeSettings, model: SizeModel) -> EncodeSettings:
    """Return the lowest settings that are tried."""
    scale = min(1.0, max(LEAST_WIDTH_PX / first.width, LEAST_HEIGHT_PX / first.height))
    quality = min(first.quality, LEAST_QUALITY) if model.color else first.quality
    fps = min(first.fps, FRAME_RATES[-1]) if model.rate else first.fps
    return replace(scaled(first, scale), fps=fps, quality=quality)


def lowered(settings: EncodeSettings, first: EncodeSettings, model: SizeModel, ratio: float) -> EncodeSettings:
    """Return settings that should take *ratio* of the bytes of the current ones, or the lowest."""
    floor, wanted = least(first, model), math.log(ratio)
    for fps in (rate for rate in FRAME_RATES if floor.fps <= rate < settings.fps):
        after = replace(settings, fps=fps)
        if model.log_ratio(settings, after) <= wanted:
            return after
    after = replace(settings, fps=floor.fps)
    if model.color:
        missing = (wanted - model.log_ratio(settings, after)) / model.color
        after = replace(after, quality=max(floor.quality, math.floor(after.quality + missing)))
    missing = min(0.0, wanted - model.log_ratio(settings, after))
    smaller = scaled(first, math.exp(missing / model.size) * settings.width / first.width)
    size = smaller if smaller.width > floor.width else floor
    return replace(after, width=size.width, height=size.height)


def scaled(settings: EncodeSettings, scale: float) -> EncodeSettings:
    """Return settings at a smaller, even size; unchanged if *scale* is 1 or more."""
    if scale >= 1:
        return settings
    width, height = (2 * max(1, math.floor(side * scale / 2 + 1e-6)) for side in (settings.width, settings.height))
    return replace(settings, width=width, height=height)


def corrected(model: SizeModel, before: EncodeSettings, after: EncodeSettings, actual: float) -> SizeModel:
    """Return the model with the lowered exponents scaled to the observed ratio, by a factor of 0.4 to 2.5."""
    factor = min(2.5, max(0.4, actual / model.log_ratio(before, after)))
    return SizeModel(
        model.rate * (factor if after.fps != before.fps else 1),
        model.color * (factor if after.quality != before.quality else 1),
        model.size * (factor if after.width != before.width else 1),
    )


def compromises(first: EncodeSettings, last: EncodeSettings) -> tuple[str, ...]:
    """Return what was lowered, one line each."""
    changes = (
        ("frame rate", f"{first.fps:g}", f"{last.fps:g} fps"),
        ("quality of colors", f"{first.quality:g}", f"{last.quality:g}"),
        ("size", f"{first.width}x{first.height}", f"{last.width}x{last.height}"),
    )
    return tuple(f"{name} {a} -> {b}" for name, a, b in changes if a != b.removesuffix(" fps"))
