"""Detection of changes to an artist: a snapshot of everything its drawing can read.

An artist's `stale` flag reports most changes, but not `annotation.xy = ...`, an array changed in place, a moved
transform, or a new color of a tick label. `ArtistState` therefore walks from the artist to every object it can reach
and keeps the contents of each mutable one: the items of dictionaries and lists by identity, the bytes of arrays, the
numbers of transforms. Comparing all of them is a single pass in C and takes a few microseconds for a line.

The walk stops at figures and axes, which have detectors of their own in `draw_list`, and lists those it met. Code from
outside matplotlib (a subclass, a function) may read anything, so an artist that reaches such code has no usable state.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import pathlib
import re
import types
import weakref
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any

import numpy as np
from matplotlib import ticker
from matplotlib import transforms as mtransforms
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Ticker, XAxis, YAxis
from matplotlib.backend_bases import FigureCanvasBase, FigureManagerBase, RendererBase
from matplotlib.cbook import CallbackRegistry
from matplotlib.colorizer import Colorizer
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import FigureBase
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text
from numpy.typing import NDArray

from animate.replay.state_snapshot import StateSnapshot, may_change

KNOWN_CODE = frozenset({
    "matplotlib", "mpl_toolkits", "numpy", "dateutil", "zoneinfo", "cycler", "PIL", "contourpy", "kiwisolver", "abc",
    "collections", "contextlib", "enum", "numbers", "pybind11_builtins", "typing",
})  # fmt: skip
"""Packages whose objects draw the same as long as their attributes are unchanged."""

NOT_DRAWN = frozenset({
    "axes", "_axes", "figure", "_figure", "_parent_figure", "stale_callback", "_remove_method", "_callbacks",
    "callbacks", "_picker", "_contains", "_renderer", "_sticky_edges", "colorbar", "_custom_handler_map", "_parents",
    "get_axes_locator",
})  # fmt: skip
"""Attributes that lead to objects that drawing does not read, or to parents, which are compared separately."""

DATA_LIMITS = frozenset({"dataLim", "xy_dataLim", "zz_dataLim"})
"""Attributes that matter only once they become view limits, except where the aspect makes the view follow them."""

NOISE = DATA_LIMITS | {
    "_stale", "M", "invM", "_mouseover_set", "_current_image", "_get_lines", "_get_patches_for_fill",
    "ignore_existing_data_limits", "_stale_viewlims", "_colorbars", "_layout_engine", "canvas", "_canvas",
    "_axobservers", "_canvas_callbacks", "_cachedRenderer", "_axes_locator", "_axstack", "_localaxes", "draw",
    "subplotpars", "titleOffsetTrans",
}  # fmt: skip
"""Attributes of figures and axes that change without effect on the drawing, or that are compared elsewhere."""

_CACHES = frozenset({
    "_parents", "_invalid", "_inverted", "_mtx", "_points", "_transformed_path", "_transformed_points",
    "_patch_path", "_shorthand_name",
})  # fmt: skip
"""Attributes in which a transform caches its results; they follow from its other attributes."""


_REPLACING = (mtransforms.LockableBbox, mtransforms.ScaledTranslation)
"""Classes of matplotlib's transforms of which a part may be replaced by another."""

_Kind = Callable[["ArtistState", Any], Iterable[Any]]


class ArtistState:
    """A snapshot of everything that one artist, or one part of a figure, is drawn from.

    Parameters
    ----------
    root : object
        Where the walk begins.
    names : collection of str, optional
        The attributes of the root to enter; all of them by default.
    skip : collection of int
        Identities of objects not to enter.
    enter : collection of int
        Identities of figures and axes to enter although the walk stops at others.
    artists : bool
        Whether to enter artists.
    use_stale_flag : bool
        Whether an artist that matplotlib marks as stale counts as changed.
    only_visibility : bool
        Whether nothing of the root counts as long as it is invisible.
    probes : sequence of callable
        Functions without arguments whose results are compared as well.

    Attributes
    ----------
    opaque : bool
        Whether the walk met unknown code, so that the state cannot be compared.
    has_foreign_class : bool
        Whether the walk met a class from outside matplotlib.
    containers : dict of int to object
        The figures and axes that were met and not entered, by identity.
    has_identity_churn : bool
        Whether values were replaced by equal objects.
    snapshot : StateSnapshot
        The mutable objects that were met, and their contents.
    """

    def __init__(
        self,
        root: Any,
        *,
        names: Collection[str] | None = None,
        skip: Collection[int] = (),
        enter: Collection[int] = (),
        artists: bool = True,
        use_stale_flag: bool = True,
        only_visibility: bool = False,
        probes: Sequence[Callable[[], Any]] = (),
    ) -> None:
        self.opaque, self.has_identity_churn, self.has_foreign_class = False, False, False
        self.containers: dict[int, Any] = {}
        self.snapshot = StateSnapshot()
        self.snapshot.probes += probes
        self._skip, self._enter, self._artists = frozenset(skip), frozenset(enter), artists
        self._is_of_axis = type(root) in (XAxis, YAxis)
        self._seen: dict[int, Any] = {}
        is_hidden = only_visibility and not root.get_visible()
        if is_hidden:
            self.snapshot.parts.append((_visibility, vars(root)))
        elif names is None:
            self._walk(root)
        else:
            self._seen[id(root)] = root
            for child in self._take_parts(vars(root), names):
                self._walk(child)
        del self._seen
        has_flag = use_stale_flag and isinstance(root, Artist) and names is None and not is_hidden
        self._root = root if has_flag and not root.stale else None
        if not self.opaque:
            self.snapshot.remember()

    def matches(self) -> bool:
        """Return whether nothing has changed since the state was taken; False also if the state is opaque."""
        if self.opaque or (self._root is not None and self._root.stale):
            return False
        if self.snapshot.unchanged():
            return True
        self.has_identity_churn = True
        return self.snapshot.accept_equal_values() and self.snapshot.unchanged()

    def _walk(self, root: Any) -> None:
        stack = [root]
        while stack and not self.opaque:
            thing = stack.pop()
            kind = _kind_of(thing)
            if kind is _atom or id(thing) in self._seen:
                continue
            self._seen[id(thing)] = thing  # a reference, so that no identity is reused during the walk
            stack.extend(kind(self, thing))

    def _take_parts(self, attributes: dict[str, Any], names: Collection[str]) -> Iterable[Any]:
        present = tuple(name for name in names if name in attributes)
        if present:
            self.snapshot.parts.append((itemgetter(*present, present[0]), attributes))
        return [attributes[name] for name in present if name not in NOT_DRAWN]

    # One method for each kind of object: it records the object's mutable contents and returns the objects to visit.

    def _opaque(self, _thing: Any) -> Iterable[Any]:
        self.opaque = self.has_foreign_class = True
        return ()

    def _container(self, thing: Any) -> Iterable[Any]:
        if id(thing) not in self._enter:
            self.containers[id(thing)] = thing
            return ()
        draw = vars(thing).get("draw")
        is_draw_known = draw is None or _package(getattr(draw, "original_draw", draw)) in KNOWN_CODE
        if not is_known(type(thing)) or not is_draw_known:
            self.opaque = self.has_foreign_class = True
        return self._take_parts(vars(thing), [name for name in vars(thing) if name not in NOISE])

    def _tuple(self, thing: Iterable[Any]) -> Iterable[Any]:
        return thing

    def _list(self, thing: Iterable[Any]) -> Iterable[Any]:
        self.snapshot.lists.append(thing)
        return thing

    def _dict(self, thing: dict[Any, Any]) -> Iterable[Any]:
        self.snapshot.dicts.append(thing)
        self.snapshot.parts.append((_keys, thing))
        return [value for name, value in dict.items(thing) if name not in NOT_DRAWN]  # rcParams.items() loads a backend

    def _set(self, thing: set[Any]) -> Iterable[Any]:
        self.snapshot.parts.append((tuple, thing))
        return thing

    def _array(self, thing: NDArray[Any]) -> Iterable[Any]:
        plain = thing.view(np.ndarray)
        if may_change(plain):
            self.snapshot.arrays.append(plain)
        yield from getattr(thing, "__dict__", {}).values()
        if isinstance(thing, np.ma.MaskedArray):
            yield np.ma.getmask(thing)
        if plain.dtype.hasobject:
            yield plain.tolist()

    def _object(self, thing: Any) -> Iterable[Any]:
        attributes = getattr(thing, "__dict__", None)
        if attributes:
            self.snapshot.dicts.append(attributes)
            yield from (value for name, value in attributes.items() if name not in NOT_DRAWN)
        cls: Any = type(thing)
        for name in _slots(cls):
            if hasattr(thing, name):
                self.snapshot.parts.append((attrgetter(name), thing))
                yield getattr(thing, name)

    def _artist(self, thing: Any) -> Iterable[Any]:
        if id(thing) in self._skip or not self._artists:
            return ()
        if self._is_of_axis and type(thing) in (Line2D, Text) and not thing.get_visible():
            # The unused lines and labels of ticks: an axis reads nothing of them and copies them as invisible ones.
            self.snapshot.parts.append((_visibility, vars(thing)))
            return ()
        shared = getattr(type(thing), "_path", None)  # all of matplotlib's arrows share one, which may change in place
        return [*self._object(thing), *([shared] if isinstance(shared, Path) else [])]

    def _colormap(self, thing: Any) -> Iterable[Any]:
        self.snapshot.dicts.append(vars(thing))
        return [value for name, value in vars(thing).items() if name != "colors"]  # the lookup table is made from them

    def _func_formatter(self, thing: ticker.FuncFormatter) -> Iterable[Any]:
        # The function is the user's and may read anything, but only the texts it returns are drawn.
        attributes = vars(thing)
        locations = list(attributes.get("_locs", attributes.get("locs", ())))
        self.snapshot.probes.append(lambda: [thing.func(value, i) for i, value in enumerate(locations)])
        return [value for name, value in attributes.items() if name != "func"]

    def _function(self, thing: Any) -> Iterable[Any]:
        if _package(thing) not in KNOWN_CODE:
            self.opaque = True
        yield thing.__defaults__
        for cell in thing.__closure__ or ():
            self.snapshot.parts.append((attrgetter("cell_contents"), cell))
            yield cell.cell_contents

    def _method(self, thing: Any) -> Iterable[Any]:
        return (thing.__self__, thing.__func__)

    def _partial(self, thing: functools.partial[Any]) -> Iterable[Any]:
        return (thing.func, thing.args, thing.keywords)

    def _matrix(self, thing: mtransforms.Affine2D) -> Iterable[Any]:
        self.snapshot.matrices.append(thing)
        return ()

    def _box(self, thing: mtransforms.Bbox) -> Iterable[Any]:
        self.snapshot.boxes.append(thing)
        return ()

    def _transform(self, thing: Any) -> Iterable[Any]:
        names = [name for name in vars(thing) if name not in _CACHES]
        if isinstance(thing, mtransforms.TransformWrapper):
            names = ["_child"]
        elif type(thing).__module__ == "matplotlib.transforms" and type(thing) not in _REPLACING:
            return [vars(thing)[name] for name in names]  # these classes never replace their parts
        return self._take_parts(vars(thing), names)


def _atom(_state: ArtistState, _thing: Any) -> Iterable[Any]:
    return ()


_FIXED = (
    type(None), bool, int, float, complex, str, bytes, range, slice, type, types.ModuleType, np.generic, np.dtype,
    np.ufunc, enum.Enum, dt.date, dt.time, dt.timedelta, dt.tzinfo, pathlib.PurePath,
    re.Pattern, weakref.ref, weakref.WeakKeyDictionary, weakref.WeakValueDictionary, weakref.WeakSet,
    types.BuiltinFunctionType, types.MethodWrapperType, types.MethodDescriptorType, types.WrapperDescriptorType,
    property, type(Ellipsis), type(NotImplemented), RendererBase, FigureCanvasBase, FigureManagerBase,
    CallbackRegistry,
)  # fmt: skip
"""Types whose instances never change, or are not drawn from."""

_ENTERED: tuple[tuple[Any, _Kind], ...] = (
    (tuple, ArtistState._tuple),
    ((list, deque), ArtistState._list),
    (dict, ArtistState._dict),
    ((set, frozenset), ArtistState._set),
    (np.ndarray, ArtistState._array),
    (types.FunctionType, ArtistState._function),
    (types.MethodType, ArtistState._method),
    (functools.partial, ArtistState._partial),
    ((FigureBase, Axes), ArtistState._container),
)
_ENTERED_IF_KNOWN: tuple[tuple[Any, _Kind], ...] = (
    (mtransforms.Affine2D, ArtistState._matrix),
    (mtransforms.Bbox, ArtistState._box),
    (mtransforms.TransformNode, ArtistState._transform),
    (Colormap, ArtistState._colormap),
    (ticker.FuncFormatter, ArtistState._func_formatter),
    (Artist, ArtistState._artist),
    (object, ArtistState._object),
)
_KINDS: dict[type, _Kind] = {}

_DATA: set[type] = {dict, set}
"""Types of values that hold no code of others: filled as they are met."""
_CALLED = frozenset({ArtistState._function, ArtistState._method, ArtistState._partial})
_SEQUENCES = frozenset({ArtistState._tuple, ArtistState._list})
_HOLDERS = (Ticker, ticker.TickHelper, Colorizer, Normalize)
_MOST_PARTS = 16
"""Longer lists hold data."""


def _kind_of(thing: Any) -> _Kind:
    cls = type(thing)
    kind = _KINDS.get(cls)
    if kind is None:
        kind = _KINDS[cls] = _kind_of_class(cls)
    return kind


def _kind_of_class(cls: type) -> _Kind:
    if issubclass(cls, _FIXED):
        return _atom
    for bases, kind in _ENTERED:
        if issubclass(cls, bases):
            return kind
    if not is_known(cls):
        return ArtistState._opaque
    return next(kind for bases, kind in _ENTERED_IF_KNOWN if issubclass(cls, bases))


def is_known(cls: type) -> bool:
    """Return whether a class and all its bases come from matplotlib or one of its own dependencies."""
    return all(_package(base) in KNOWN_CODE or base is object for base in cls.__mro__ if base is not object)


def foreign_parts(attributes: dict[str, Any], depth: int = 2) -> Iterator[Any]:
    """Yield the functions and objects from outside matplotlib that an artist with these attributes may call.

    Such as path effects, filters, norms, locators, formatters, and functions that those hold.

    Parameters
    ----------
    attributes : dict
        The attributes of the artist.
    depth : int
        How many objects deep to look.
    """
    for name, value in attributes.items():
        if type(value) not in _DATA and name not in NOT_DRAWN:
            yield from _foreign_parts_of(value, depth)


def _foreign_parts_of(value: Any, depth: int) -> Iterator[Any]:
    kind = _kind_of(value)
    if kind is ArtistState._opaque or (kind in _CALLED and _package(value) not in KNOWN_CODE):
        yield value
    elif depth and isinstance(value, _HOLDERS):
        yield from foreign_parts(vars(value), depth - 1)
    elif kind in _SEQUENCES and len(value) <= _MOST_PARTS:
        for part in value:
            yield from _foreign_parts_of(part, depth) if type(part) not in _DATA else ()
    elif not (kind in _CALLED or kind in _SEQUENCES or isinstance(value, _HOLDERS)):
        _DATA.add(type(value))


def _package(thing: Any) -> str:
    return (getattr(thing, "__module__", None) or "").partition(".")[0]


@functools.cache
def _slots(cls: Any) -> tuple[str, ...]:
    declared = (vars(base).get("__slots__", ()) for base in cls.__mro__)
    names = chain.from_iterable((names,) if isinstance(names, str) else names for names in declared)
    return tuple(name for name in names if name not in {"__dict__", "__weakref__", *NOT_DRAWN})


def _visibility(attributes: dict[str, Any]) -> tuple[bool, int]:
    """Return the visibility of an artist and its number of attributes, which a method set on the instance raises."""
    return attributes["_visible"], len(attributes)


def _keys(thing: dict[Any, Any]) -> tuple[Any, ...]:
    """Return the keys of a dictionary in order; rcParams would sort them, at some 50 us for each comparison."""
    return tuple(dict.keys(thing))
