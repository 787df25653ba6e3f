"""Rebuild a figure for changed parameters, keeping every artist whose constructor call is unchanged.

Dragging a slider changes a few curves; ticks, titles, points and most labels stay. `ArtistCache` shadows the methods
that create artists on a figure or axes: a call equal to one of the previous build returns the same artist, reset to its
initial state. Missing artists are created, artists not requested again are removed, and the draw order follows the
calls. The result equals a figure built from nothing; where that cannot be guaranteed, `CacheMiss` is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

MAKERS = frozenset({
    "plot", "scatter", "text", "annotate", "axhline", "axvline", "axline", "axhspan", "axvspan", "hlines", "vlines",
    "fill", "fill_between", "bar", "barh", "imshow", "pcolormesh", "contour", "contourf", "quiver",
    "plot_surface", "plot_wireframe", "add_artist", "add_collection", "add_line", "add_patch",
})  # fmt: skip
"""Methods that create artists. If artists were created in any other way, nothing is reused."""

PLAIN_MAKERS = frozenset({
    "plot", "scatter", "text", "annotate", "axhline", "axvline", "axline", "axhspan", "axvspan", "hlines", "vlines",
    "fill", "fill_between", "add_artist", "add_collection", "add_line", "add_patch",
})  # fmt: skip
"""Those whose call leaves nothing behind, once its artists are removed, on axes whose limits are set."""

SETTERS = frozenset({"axis", "grid", "margins", "tick_params", "view_init", "invert_xaxis", "invert_yaxis"})
"""Methods that change axes, besides those whose names begin with ``set_``."""

WINDOWS = frozenset({
    "axis", "margins", "view_init", "set_position", "set_xlim", "set_ylim", "set_xbound", "set_ybound",
    "set_xlim3d", "set_ylim3d", "set_zlim", "set_zlim3d",
})  # fmt: skip
"""Setters of what is set from elsewhere too: they are always called."""

LOOKS = frozenset({"set_visible", "set_color", "set_linewidth", "set_fontproperties", "set_facecolor", "set_edgecolor"})
"""Setters of spines, axis labels and the background of axes."""

DERIVED = frozenset({
    "_path", "_transformed_path", "_subslice", "_invalidx", "_invalidy", "_x", "_y", "_xy", "_x_filled", "_stale",
    "_renderer", "_transforms",
})  # fmt: skip
"""Attributes that an artist derives from its others."""


class CacheMiss(Exception):  # noqa: N818 (not an error: the figure is then built from nothing)
    """Raised if a rebuilt figure could differ from one built from nothing."""


@dataclass(frozen=True, eq=False)
class MethodCall:
    """A call of a method of one of the watched objects.

    Parameters
    ----------
    name : str
        The index of the object, a point and the name of the method.
    arguments, options
        Positional and named arguments.
    """

    name: str
    arguments: tuple[Any, ...]
    options: Mapping[str, Any]

    def equals(self, other: MethodCall) -> bool:
        """Return whether the other call is of the same method with equal arguments."""
        return (
            self.name == other.name and _equal(self.arguments, other.arguments) and _equal(self.options, other.options)
        )


@dataclass(frozen=True, eq=False)
class CachedCall:
    """A call that created artists, with the attributes each had when it was new."""

    call: MethodCall
    result: Any
    born: Sequence[tuple[Artist, Mapping[str, Any]]]


class ArtistCache:
    """Creates the artists of a figure or of axes, and reuses them when they are created again.

    Parameters
    ----------
    owner : Figure or Axes
    """

    def __init__(self, owner: Figure | Axes) -> None:
        self._owner: Any = owner
        self._own = {id(child) for child in owner.get_children()}
        self._stand_ins = [
            (one, {name: self._stand_in(one, name, f"{index}.") for name in names})
            for index, (one, names) in enumerate(_watched(owner))
        ]
        self._made: list[CachedCall] = []
        self._left: list[CachedCall] = []
        self._calls: list[MethodCall] = []
        self._before: list[MethodCall] = []
        self._is_first = True
        self._is_equal = False
        self._is_inside = False

    @property
    def kept_settings(self) -> bool:
        """Return whether the last build set ticks, labels and scales exactly as the one before it."""
        return self._is_equal

    @contextmanager
    def building(self) -> Iterator[None]:
        """Reuse artists of the previous build for equal calls within this block.

        Raises
        ------
        CacheMiss
            If other methods are called than in the previous build, whose effects could then remain, or if artists
            were created in an unknown way.
        """
        if not (self._is_first or self._all_recorded()):
            raise CacheMiss
        self._before, self._calls = self._calls, []
        self._left, self._made = self._made, []
        self._is_equal = not self._is_first
        with self._standing_in():
            yield
        for made in self._left:
            for artist, _ in made.born:
                artist.remove()
        if not self._is_first and not self._has_equal_effects():
            raise CacheMiss
        self._is_first = False
        self._order()

    @contextmanager
    def _standing_in(self) -> Iterator[None]:
        for one, stand_ins in self._stand_ins:
            vars(one).update(stand_ins)
        try:
            yield
        finally:
            for one, stand_ins in self._stand_ins:
                for name in stand_ins:
                    del vars(one)[name]

    def _stand_in(self, one: Any, name: str, prefix: str) -> Callable[..., Any]:
        """Return a function that stands in for a method."""
        method = getattr(one, name)
        is_maker = name in MAKERS and one is self._owner

        def stand_in(*arguments: Any, **options: Any) -> Any:
            if self._is_inside:
                return method(*arguments, **options)
            call = MethodCall(prefix + name, arguments, options)
            self._is_inside = True
            try:
                return self._make(method, call) if is_maker else self._set(method, call, name in WINDOWS)
            finally:
                self._is_inside = False

        return stand_in

    def _set(self, method: Callable[..., Any], call: MethodCall, is_window: bool) -> Any:
        """Call a setter, unless all settings so far equal those of the previous build."""
        at = len(self._calls)
        self._calls.append(call)
        if is_window:
            return None if self._has_window(call) else method(*call.arguments, **call.options)
        self._is_equal = self._is_equal and at < len(self._before) and self._before[at].equals(call)
        return None if self._is_equal else method(*call.arguments, **call.options)

    def _has_window(self, call: MethodCall) -> bool:
        """Return whether the axes already have the limits that a call sets."""
        name = call.name.partition(".set_")[2]
        if name not in ("xlim", "ylim") or len(call.arguments) != 2 or call.options:
            return False
        follows_data = getattr(self._owner, f"get_autoscale{name[0]}_on")()
        return not follows_data and tuple(call.arguments) == getattr(self._owner, f"get_{name}")()

    def _make(self, method: Callable[..., Any], call: MethodCall) -> Any:
        """Return the artists of an equal call, reset to their first state, or new ones."""
        self._calls.append(call)
        made = next((made for made in self._left if made.call.equals(call)), None)
        if made is None:
            there = {id(child) for child in self._owner.get_children()}
            result = method(*call.arguments, **call.options)
            new = [child for child in self._owner.get_children() if id(child) not in there]
            made = CachedCall(call, result, [(artist, dict(vars(artist))) for artist in new])
        else:
            self._left.remove(made)
        for artist, born in made.born:
            if not _is_untouched(artist, born):
                vars(artist).clear()
                vars(artist).update(born)
        self._made.append(made)
        return made.result

    def _has_equal_effects(self) -> bool:
        """Return whether all that this build called changes, besides artists, is what the previous one changed."""
        before, now = ([call.name for call in calls] for calls in (self._before, self._calls))
        if before == now:
            return True
        plain = [[name for name in names if name.partition(".")[2] not in PLAIN_MAKERS] for names in (before, now)]
        is_figure = isinstance(self._owner, Figure)
        is_free = is_figure or not (self._owner.get_autoscalex_on() or self._owner.get_autoscaley_on())
        return plain[0] == plain[1] and is_free

    def _all_recorded(self) -> bool:
        """Return whether every artist was created by a recorded call."""
        known = self._own | {id(artist) for made in self._made for artist, _ in made.born}
        axes = self._owner.axes if isinstance(self._owner, Figure) else []
        return {id(child) for child in self._owner.get_children()} - {*map(id, axes)} == known

    def _order(self) -> None:
        """Sort the artists by the order of the calls: later ones cover earlier ones."""
        artists = [artist for made in self._made for artist, _ in made.born]
        place = {id(artist): index for index, artist in enumerate(artists)}
        is_figure = isinstance(self._owner, Figure)
        # The public lists of axes cannot be sorted.
        for children in (self._owner.texts, self._owner.artists) if is_figure else (self._owner._children,):  # noqa: SLF001
            children.sort(key=lambda child: place.get(id(child), -1))


def _watched(owner: Any) -> list[tuple[Any, list[str]]]:
    """Return the objects that a build changes, each with the names of the methods that change it."""
    axis = list(owner._axis_map.values()) if isinstance(owner, Axes) else []  # noqa: SLF001 - that of z too
    parts = [owner.patch, *owner.spines.values(), *(one.label for one in axis)] if isinstance(owner, Axes) else []
    setters = [(one, [name for name in dir(one) if _is_setter(name)]) for one in (owner, *axis)]
    return [*setters, *((one, [name for name in dir(one) if name in LOOKS]) for one in parts)]


def _is_setter(name: str) -> bool:
    return name in MAKERS or name in SETTERS or name.startswith("set_")


def _is_untouched(artist: Artist, born: Mapping[str, Any]) -> bool:
    """Return whether an artist's attributes are those it had when new, so that its derived ones are still right."""
    now = vars(artist)
    return now.keys() == born.keys() and all(now[name] is held for name, held in born.items() if name not in DERIVED)


def _equal(one: Any, other: Any) -> bool:
    """Return whether two arguments are equal, arrays by their numbers; False if that is unknown."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[name], other[name]) for name in one)
    return bool(one == other)
