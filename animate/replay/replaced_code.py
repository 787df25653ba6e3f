"""Detection of code of matplotlib that somebody replaced: methods of its classes and functions of its modules.

A function such as ``Line2D.draw = my_draw`` may read anything and concerns every artist, so figures are then drawn in
full. Code that is replaced by other code of matplotlib, and attributes of classes, are noticed as well.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from itertools import chain
from types import FunctionType, MethodType, ModuleType
from typing import Any

from animate.replay.artist_state import KNOWN_CODE

_OWNERS = frozenset({"matplotlib", "mpl_toolkits"})
_NOT_DRAWING = (
    "animation", "backend_managers", "backend_tools", "backends.", "dviread", "pylab", "pyplot", "rcsetup", "sphinxext",
    "style", "testing", "tests", "texmanager", "widgets",
)  # fmt: skip
"""Beginnings of the names of matplotlib's modules in which drawing calls nothing."""
_KNOWN = (KNOWN_CODE | sys.stdlib_module_names | {"fontTools", "packaging", "pyparsing"}) - {"unittest"}


class ReplacedCode:
    """Notices what is replaced in the classes and modules of matplotlib, by comparing all of their attributes."""

    def __init__(self) -> None:
        self._take()

    def _take(self) -> None:
        self._n_modules = len(sys.modules)
        owners = list(_owners())
        self._attributes = [vars(owner) for owner in owners]
        self._views = [attributes.values() for attributes in self._attributes]
        self._values: list[Any] = list(chain.from_iterable(self._views))
        self.is_foreign = any(map(_is_foreign, self._values))
        """Whether a function from outside matplotlib stands in the place of one of matplotlib's own."""

    def is_changed(self) -> bool:
        """Return whether anything was replaced since the last call."""
        try:
            is_same = list(chain.from_iterable(self._views)) == self._values
        except Exception:  # noqa: BLE001 (whatever comparing two different objects raises)
            is_same = False
        if is_same and len(sys.modules) == self._n_modules:
            return False
        before = self._values
        now = list(chain.from_iterable(self._views))
        self._take()
        # matplotlib itself keeps things for later use in attributes that are None until then
        return len(now) != len(before) or any(
            one is not other and other is not None for one, other in zip(now, before, strict=True)
        )


def _owners() -> Iterator[Any]:
    """Yield the modules of matplotlib that take part in drawing, and their classes."""
    for name, module in list(sys.modules.items()):
        package, _, rest = name.partition(".")
        is_backend = rest.startswith(_NOT_DRAWING) and rest != "backends.backend_agg"
        if package in _OWNERS and rest and not is_backend and isinstance(module, ModuleType):
            yield module
            yield from (
                thing for thing in vars(module).values() if isinstance(thing, type) and thing.__module__ == name
            )


def _is_foreign(value: Any) -> bool:
    """Return whether a value is code from outside matplotlib and what it is built on."""
    kind = type(value)
    if kind in (staticmethod, classmethod, MethodType):
        value = value.__func__
    elif kind is property:
        value = value.fget
    elif kind is functools.partial:
        value = value.func
    if type(value) is FunctionType:  # decorators copy its `__module__`, but not the module that it lives in
        return not _is_known_module(value.__globals__.get("__name__"))
    return callable(value) and not _is_known_module((value if isinstance(value, type) else type(value)).__module__)


@functools.cache
def _is_known_module(name: Any) -> bool:
    package = str(name).partition(".")[0]
    return package in _KNOWN or package.startswith("namedtuple_")
