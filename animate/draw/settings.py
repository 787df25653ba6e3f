"""Size, frame rate and theme of an output, and the presets for the usual ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from animate.errors import UsageError, did_you_mean, shortened

if TYPE_CHECKING:
    from animate.draw.theme import Theme

THEME_NAMES = ("light", "dark")
BOTH_THEMES = "both"
"""In place of a theme: files that can hold two show each reader the one that fits."""

MIN_WIDTH_PX, MIN_HEIGHT_PX, MAX_SIDE_PX = 320, 180, 7680
MAX_FPS = 120.0
PHONE_PX = 400
"""Width in pixels of the screen for which tall and square pictures are drawn, however many pixels they have."""


@dataclass(frozen=True)
class Settings:
    """Size, frame rate and theme of one output.

    Parameters
    ----------
    width, height : int
        Pixels.
    fps : float
        Frames per second.
    theme : str or Theme
        ``light``, ``dark``, the path of a TOML file with colors of one's own, or such a theme.
    transparent : bool
        Whether the background is left out, in formats that can store that.

    Raises
    ------
    UsageError
        If a size or rate is out of range, or the theme is unknown.
    """

    width: int = 800
    height: int = 450
    fps: float = 25.0
    theme: str | Theme = "light"
    transparent: bool = False

    def __post_init__(self) -> None:
        _check_side("width", self.width, MIN_WIDTH_PX)
        _check_side("height", self.height, MIN_HEIGHT_PX)
        if not 1 <= self.fps <= MAX_FPS:
            raise UsageError(f"fps must be between 1 and {MAX_FPS:g}; got {self.fps:g}.")
        if self.theme not in THEME_NAMES:
            from animate.draw.theme_file import find_theme

            find_theme(self.theme)

    @property
    def theme_name(self) -> str:
        """Return the name of the theme; that of a file is its stem."""
        return PurePath(self.theme).stem if isinstance(self.theme, str) else self.theme.name


def is_usual_size(settings: Settings) -> bool:
    """Return whether a size has one of the shapes, and at least the pixels, for which lessons are laid out."""
    width, height = settings.width, settings.height
    if 9 * width == 16 * height:
        return width >= 480
    return (width == height or 16 * width == 9 * height) and width > PHONE_PX


def _check_side(name: str, pixels: int, least: int) -> None:
    if not least <= pixels <= MAX_SIDE_PX:
        raise UsageError(f"{name} must be between {least} and {MAX_SIDE_PX} pixels; got {pixels}.")


PRESETS = {
    "draft": Settings(480, 270, 12),
    "web": Settings(800, 450, 25),
    "hd": Settings(1280, 720, 30),
    "uhd": Settings(3840, 2160, 30),
    "slide": Settings(1920, 1080, 30),
    "square": Settings(1080, 1080, 30),
    "portrait": Settings(1080, 1920, 30),
    "thumb": Settings(480, 270, 12),
}


def resolve(
    preset: str | None = None,
    size: tuple[int, int] | None = None,
    fps: float | None = None,
    theme: str | Theme | None = None,
    transparent: bool = False,
) -> Settings:
    """Return the settings of a preset with single values replaced.

    Parameters
    ----------
    preset : str, optional
        A name in ``PRESETS``; ``"web"`` if not given.
    size : pair of int, optional
        Width and height in pixels.
    fps : float, optional
        Frames per second.
    theme : str or Theme, optional
    transparent : bool

    Raises
    ------
    UsageError
        If the preset is unknown, or a value is out of range.

    >>> resolve("hd", fps=20)
    Settings(width=1280, height=720, fps=20, theme='light', transparent=False)
    """
    name = preset or "web"
    if name not in PRESETS:
        raise UsageError(f"preset must be one of {', '.join(PRESETS)}; got {name!r}.{did_you_mean(name, PRESETS)}")
    chosen = PRESETS[name]
    width, height = size or (chosen.width, chosen.height)
    return replace(
        chosen,
        width=width,
        height=height,
        fps=chosen.fps if fps is None else fps,
        theme=theme or chosen.theme,
        transparent=transparent,
    )


def parse_caption(texts: Sequence[str]) -> str | dict[int, str]:
    """Return one caption for all, or captions by number, from texts such as ``Watch.`` or ``2=Watch.``.

    Raises
    ------
    UsageError
        If there is more than one caption for all, both kinds, or two for one number.

    >>> parse_caption(["Watch."]), parse_caption(["1=Both start.", "3=They part."])
    ('Watch.', {1: 'Both start.', 3: 'They part.'})
    """
    numbered = [match for text in texts if (match := re.fullmatch(r"\s*([+-]?\d[\d.,/]*)\s*=(.*)", text, re.DOTALL))]
    for match in numbered:
        if not re.fullmatch(r"[1-9]\d{0,5}", match[1]):
            raise UsageError(f"the number of a caption must be a whole number from 1; got {shortened(match[0])!r}.")
    if len(numbered) == len(texts):
        numbers = [int(match[1]) for match in numbered]
        if twice := [number for number in numbers if numbers.count(number) > 1]:
            raise UsageError(f"caption {twice[0]} must be given once; got it {numbers.count(twice[0])} times.")
        return {int(match[1]): match[2].strip() for match in numbered}
    if len(texts) > 1:
        raise UsageError("caption must be one text for all, or texts such as '2=Watch.', one for each number.")
    return texts[0]


def parse_size(text: str) -> tuple[int, int]:
    """Return (width, height) in pixels from a text such as ``800x450``.

    >>> parse_size("800x450")
    (800, 450)
    """
    match = re.fullmatch(r"\s*(\d{1,6})\s*[xX\u00d7]\s*(\d{1,6})\s*", text)
    if match is None:
        raise UsageError(f"size must be WIDTHxHEIGHT in pixels, such as 800x450; got {text!r}.")
    return int(match[1]), int(match[2])
