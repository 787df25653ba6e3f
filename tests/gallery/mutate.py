"""Changes the artists of any figure at random, as updates of animations do.

`Mutator.step` is the update function of an animation. What a figure holds decides what can be changed: each change is a
function of an artist and a generator, in tables with the class that it fits (`tests.gallery.changes`). Some changes
repeat in every frame, as in most animations, others come once. A change that matplotlib refuses is left out, and the
log says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure, FigureBase
from mpl_toolkits.mplot3d import Axes3D

from tests.gallery.changes.artists import ARTISTS, GENERAL
from tests.gallery.changes.axes import AXES, FLAT
from tests.gallery.changes.common import Change, Rng
from tests.gallery.changes.data import DATA
from tests.gallery.changes.figures import FIGURE, READINGS

KINDS = ["artist", "axes", "figure", "reading"]
SHARES = [0.55, 0.25, 0.12, 0.08]


class Mutator:
    """Changes one figure frame by frame.

    Parameters
    ----------
    figure : Figure
        What to change.
    rng : Generator
        Decides everything: the same generator on an equal figure makes the same changes.

    Attributes
    ----------
    log : list of str
        What was done in each frame, and what was read from the figure. Equal for equal figures.
    """

    def __init__(self, figure: Figure, rng: Rng) -> None:
        self.figure, self.rng, self.log = figure, rng, []
        self.regular = [self._choose() for _ in range(rng.integers(1, 5))]
        self.n_random = int(rng.choice([0, 1, 1, 2, 3, 6]))

    def step(self, frame: int) -> None:
        """Make the changes of one frame."""
        begin = len(self.log)
        if self.rng.random() < 0.1:
            self.log.append(f"{frame}: nothing")
            return
        for artist, change in self.regular:
            if self.rng.random() < 0.8:
                self._apply(artist, change, frame)
        for _ in range(self.rng.integers(0, self.n_random + 1)):
            self._apply(*self._choose(), frame)
        if len(self.log) == begin:
            self.log.append(f"{frame}: nothing")

    def _apply(self, artist: Any, change: Change, frame: int) -> None:
        try:
            read = change(artist, self.rng)
        except Exception as error:  # noqa: BLE001 (matplotlib refuses: so it would for a user, who would do otherwise)
            read = f"refused, {type(error).__name__}: {error}"[:160]
        said = "" if read is None or isinstance(read, Artist) else f" -> {read}"
        self.log.append(f"{frame}: {change.__name__} of {_name(artist)}{said}")

    def _choose(self) -> tuple[Any, Change]:
        kind = self.rng.choice(KINDS, p=SHARES)
        if kind == "reading":
            return self.figure, self._pick(READINGS)
        if kind == "figure":
            return self.figure, self._pick(FIGURE)
        axes = all_axes(self.figure)
        if kind == "axes" and axes:
            return (ax := self._pick(axes)), self._pick(changes_of(ax, AXES))
        # a class first, so that one bar chart of a thousand patches does not hide all else
        artists: dict[type, list[Artist]] = {}
        for artist in walk(self.figure):
            artists.setdefault(type(artist), []).append(artist)
        artist = self._pick(artists[self._pick(list(artists))])
        own = changes_of(artist, DATA + ARTISTS)
        general = changes_of(artist, GENERAL)
        return artist, self._pick(own if own and self.rng.random() < 0.7 else general)

    def _pick(self, options: list[Any]) -> Any:
        return options[self.rng.integers(len(options))]


def changes_of(artist: Any, table: list[tuple[type, Change]]) -> list[Change]:
    """Return the changes that fit an artist."""
    left_out = FLAT if isinstance(artist, Axes3D) else ()
    return [change for fits, change in table if isinstance(artist, fits) and change not in left_out]


def all_axes(figure: FigureBase) -> list[Axes]:
    """Return all axes of a figure, its subfigures and insets."""
    found = [artist for artist in walk(figure) if isinstance(artist, Axes)]
    return found or list(figure.axes)


def walk(artist: Artist) -> Iterator[Artist]:
    """Yield the artists below one, except for ticks: which of those there are depends on what was drawn before."""
    below = [artist.label, artist.offsetText] if isinstance(artist, Axis) else artist.get_children()
    for child in below:
        if isinstance(child, Artist):
            yield child
            yield from walk(child)


def _name(artist: Any) -> str:
    label = artist.get_label() if isinstance(artist, Artist) else ""  # of an axis it is an artist
    return f"{type(artist).__name__}" + (f" {label!r}" if label and isinstance(label, str) else "")
