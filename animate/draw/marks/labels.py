"""Marks of words: text beside a place, and arrows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from functools import partial
from itertools import product
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from matplotlib.patheffects import withStroke
from matplotlib.text import Text as TextArtist
from matplotlib.transforms import ScaledTranslation, Transform

from animate.draw.free_space import beyond, n_crossing, n_inside, segments_of
from animate.draw.marks.mark import THIN, Coordinates, Mark, Show, hue, value_at
from animate.draw.style import DPI, Length, ResponsiveText, Style

_LINE = 1.35
"""Height of a line in font sizes."""


@dataclass(frozen=True)
class Text(Mark):
    """A text beside a place.

    Parameters
    ----------
    text : ResponsiveText, or function of the update
        Of alternatives the first that fits ``room`` is drawn; of a function's, a small picture takes the last.
    at : pair of float, or function of the update
        The place.
    coords : {"data", "axes"} or pair of those
        What the two numbers of the place are: data coordinates, or shares of the axes.
    align : {"left", "center", "right"}
        Which side of the text is at the place.
    valign : {"top", "center", "center_baseline", "baseline", "bottom"}
        Likewise for its height.
    shift : pair of float
        Pixels to the right and up from the place.
    size : {"label", "readout", "name", "heading", "symbol"} or Length
        Of the font.
    bold : bool
        Whether it is bold.
    halo : str
        Color of a rim that sets the text off from what is behind it; "" draws none.
    room : float
        Width that the text may take, as a share of the axes.
    row : float
        Lines below the place, for texts under one another at any size.
    """

    text: ResponsiveText | Callable[[int], ResponsiveText]
    at: Any
    _: KW_ONLY
    coords: str | tuple[str, str] = "data"
    align: str = "left"
    valign: str = "center_baseline"
    shift: tuple[float, float] = (0.0, 0.0)
    size: str | Length = "label"
    bold: bool = False
    halo: str = ""
    halo_width: Length = (3.0, 2.0)
    room: float = 1.0
    row: float = 0.0
    color: Any = "muted"
    layer: float = 7.0

    dims: ClassVar[bool] = False
    allowed: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "coords": ("data", "axes"),
        "align": ("left", "center", "right"),
        "valign": ("top", "center", "center_baseline", "baseline", "bottom"),
        "size": ("label", "readout", "name", "heading", "symbol"),
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if not callable(self.at):
            self.numbers("at", self.at, 0, (2,))
        self.numbers("shift", self.shift, 0, (2,))

    def draw(self, axes: Axes, style: Style) -> Show | None:
        size = style.font_px(self.size) if isinstance(self.size, str) else style.length(self.size)
        artist = self._artist(axes, style, size)
        if self.halo:
            rim = withStroke(linewidth=style.length(self.halo_width), foreground=hue(style, self.halo))
            artist.set_path_effects([rim])

        if "$" in artist.get_text():
            style.text_width(artist.get_text(), size)  # finds what is wrong with its mathematics

        def show(update: float) -> None:
            if callable(self.text):
                text = self._fitted(value_at(self.text, update), axes, style, size)
                if "$" in text:
                    style.text_width(text, size)
                artist.set_text(text)
            if callable(self.at):
                artist.set_position(tuple(self.numbers("at", self.at, update, (2,))))
            if callable(self.color):
                artist.set_color(hue(style, value_at(self.color, update)))

        return show if self.moves else None

    def _fitted(self, words: ResponsiveText, axes: Axes, style: Style, size: float) -> str:
        if callable(self.text) and style.compact:
            return style.pick(words)
        return style.fit(words, size, self.room * axes.bbox.width, bold=self.bold)

    def _artist(self, axes: Axes, style: Style, size: float) -> TextArtist:
        text = "" if callable(self.text) else self._fitted(self.text, axes, style, size)
        shift = self.shift[0], self.shift[1] - self.row * _LINE * size
        options: dict[str, Any] = {
            "ha": self.align, "va": self.valign, "color": hue(style, value_at(self.color, 0)), "zorder": self.layer,
            "fontproperties": style.font(size, bold=self.bold),
        }  # fmt: skip
        if callable(self.at) or not any(shift):
            x, y = (0.0, 0.0) if callable(self.at) else self.at
            return axes.text(x, y, text, transform=self._transform(axes, shift), **options)
        frames = {"data": "data", "axes": "axes fraction"}
        coords: Any = frames[self.coords] if isinstance(self.coords, str) else tuple(frames[one] for one in self.coords)
        return axes.annotate(
            text,
            self.at,
            xycoords=coords,
            xytext=shift,
            textcoords="offset points",
            annotation_clip=False,
            **options,
        )

    def _transform(self, axes: Axes, shift: tuple[float, float]) -> Transform:
        coords = (self.coords, self.coords) if isinstance(self.coords, str) else self.coords
        transforms: dict[tuple[str, str], Transform] = {
            ("data", "data"): axes.transData,
            ("axes", "axes"): axes.transAxes,
            ("data", "axes"): axes.get_xaxis_transform(),
            ("axes", "data"): axes.get_yaxis_transform(),
        }
        transform = transforms[coords]
        if any(shift):
            right, up = shift
            transform += ScaledTranslation(right / DPI, up / DPI, axes.figure.dpi_scale_trans)
        return transform


@dataclass(frozen=True)
class EndText(Mark):
    """A text where a line ends at the right edge of a `Plot`, moved up or down where two texts would touch.

    Parameters
    ----------
    text : ResponsiveText, or function of the update
        Of alternatives the first with which the lines keep most of the width; a small picture begins with the second.
    y : float
        The height at which it should stand, in data coordinates.
    bold : bool
        Whether it is bold.
    """

    text: ResponsiveText | Callable[[int], ResponsiveText]
    y: float
    _: KW_ONLY
    bold: bool = True
    layer: float = 7.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if callable(self.y):
            raise self.error("y must be a number, which does not move; got a function")
        self.numbers("y", self.y, 0, ())

    def forms(self, style: Style) -> int:
        """Return how many alternatives there are at a size of picture."""
        n = len(style.alternatives(value_at(self.text, 0)))
        return max(n - style.compact, 1)

    def words(self, update: int, style: Style, form: int = 0) -> str:
        """Return an alternative of the text at an update, or the last one."""
        alternatives = style.alternatives(value_at(self.text, update))
        return alternatives[min(form + style.compact, len(alternatives) - 1)]

    def placed(self, at: tuple[float, float], style: Style, *, coords: str = "data", form: int = 0) -> Text:
        """Return the text right of a place in data coordinates, or with its lower right corner at one in the axes."""
        right = coords == "data"
        words = partial(self.words, style=style, form=form) if callable(self.text) else self.words(0, style, form)
        text = Text(
            words, at, color=self.color, bold=self.bold,
            shift=(0.5 * style.label_px if right else 0, 0), valign="center_baseline" if right else "bottom",
            align="left" if right else "right", coords=coords, layer=self.layer, name=self.name or "endtext",
        )  # fmt: skip
        object.__setattr__(text, "source", self.source)
        return text

    def extent(self, update: int) -> np.ndarray:
        return np.array([[np.nan, self.y]])


@dataclass(frozen=True)
class Labels(Mark):
    """Names beside points, each on the one of eight sides where it covers least and stays inside.

    Parameters
    ----------
    xy : array (n, 2)
        The points, in data coordinates.
    texts : sequence of ResponsiveText
        One for each; of alternatives the first with a free place, in a small picture the last.
    color : str or sequence of str
        One for all, or one for each.
    avoid : sequence of array (k, 2)
        Lines that labels should not cover, besides the points and each other.
    """

    xy: npt.ArrayLike
    texts: Sequence[ResponsiveText]
    _: KW_ONLY
    avoid: Sequence[np.ndarray] = ()
    layer: float = 7.0

    dims = False

    def draw(self, axes: Axes, style: Style) -> None:
        points = self.numbers("xy", self.xy, 0, (len(self.texts), 2))
        places = axes.transData.transform(points)
        # as functions, of which gaps are taken: a run that diverges leaves some
        avoided = [self.numbers("each line of avoid", partial(_constant, line), 0, (None, 2)) for line in self.avoid]
        lines = segments_of([axes.transData.transform(line) for line in avoided])
        colors = [self.color] * len(points) if isinstance(self.color, str) else self.color
        if len(colors) != len(points):
            raise self.error(f"color must name one color per point ({len(points)}); got {len(colors)}")
        taken: list[tuple[np.ndarray, np.ndarray]] = []
        for point, place, words, color in zip(points, places, self.texts, colors, strict=True):
            forms = [style.pick(words)] if style.compact else style.alternatives(words)

            def covered(box: tuple[np.ndarray, np.ndarray], place: np.ndarray = place) -> float:
                low, high = box[0] - 3, box[1] + 3
                n = n_inside(places, low, high) + n_crossing(lines, low, high)
                overlaps = sum(bool(((box[0] < other[1]) & (other[0] < box[1])).all()) for other in taken)
                n_nearer = int((_distances(places, box) < _distances(place, box) - 1).sum())
                return n + 3 * n_nearer + 10 * overlaps + 100 * beyond(axes, *box)

            best = np.inf
            for form in forms:
                size = np.array([style.text_width(form, style.label_px, bold=True), style.label_px])
                boxes = [_box(axes, style, place, size, *one) for one in product((1.0, 1.8), _SIDES)]
                taking = [*map(covered, boxes)]
                if min(taking) < best:
                    best, text, (low, high) = min(taking), form, boxes[taking.index(min(taking))]
            taken.append((low, high))
            right, up = (low + high) / 2 - place
            Text(
                text, tuple(point), shift=(float(right), float(up)), align="center", valign="center", color=color,
                bold=True, halo="surface_low", layer=self.layer,
            ).draw(axes, style)  # fmt: skip


def _constant(line: np.ndarray, _update: float) -> np.ndarray:
    return line


_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))


def _box(
    axes: Axes, style: Style, mark: np.ndarray, size: np.ndarray, far: float, side: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the low and the high corner, in pixels, of a label of that size beside a mark.

    Above and below it the label moves inward as far as it would be cut.
    """
    low = mark + np.array(side) * (far * style.px(11, least=6) + size / 2) - size / 2
    if side[0] == 0:
        low[0] = np.clip(low[0], axes.bbox.x0 + 2, max(axes.bbox.x1 - size[0] - 2, axes.bbox.x0 + 2))
    return low, low + size


def _distances(places: np.ndarray, box: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return how far places (..., 2) are from a box, in pixels."""
    return np.asarray(np.hypot(*np.maximum(np.maximum(box[0] - places, places - box[1]), 0.0).T))


@dataclass(frozen=True)
class Arrow(Mark):
    """An arrow from one place to another.

    Parameters
    ----------
    tail, tip : array (2,), or function of the update
        Data coordinates.
    width : Length
        Of its line.
    """

    tail: Coordinates
    tip: Coordinates
    _: KW_ONLY
    width: Length = THIN
    layer: float = 5.0

    def draw(self, axes: Axes, style: Style) -> Show | None:
        width = style.length(self.width)
        arrow = FancyArrowPatch(
            (0.0, 0.0), (1.0, 1.0), arrowstyle=f"-|>,head_length={3 * width},head_width={1.5 * width}",
            color=hue(style, self.color), linewidth=width, shrinkA=0, shrinkB=0, zorder=self.layer, mutation_scale=1,
        )  # fmt: skip
        axes.add_patch(arrow)

        def show(update: float) -> None:
            tail, tip = self._ends(update)
            arrow.set_visible(bool(np.isfinite([tail, tip]).all()))
            if arrow.get_visible():
                arrow.set_positions(tuple(tail), tuple(tip))

        show(0)
        return show if self.moves else None

    def extent(self, update: int) -> np.ndarray:
        return self._ends(update)

    def _ends(self, update: float) -> np.ndarray:
        return np.stack([self.numbers(name, getattr(self, name), update, (2,)) for name in ("tail", "tip")])
