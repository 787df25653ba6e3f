"""Makes the writer "animate" known to matplotlib, whichever is imported first, without importing it.

`install` registers at once where `matplotlib.animation` is there already. A finder on `sys.meta_path` sees it
being imported later, or anew; for every other module it steps aside.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

MODULE = "matplotlib.animation"
NAME = "animate"


class LazyWriter:
    """What the registry holds until the writer is used: it loads the encoders only when it is called."""

    @staticmethod
    def isAvailable() -> bool:  # noqa: N802 (matplotlib's name)
        """Return True: ffmpeg comes with imageio-ffmpeg."""
        return True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return an `AnimateWriter`."""
        from animate.film.writer import AnimateWriter

        return AnimateWriter(*args, **kwargs)


class Finder(MetaPathFinder):
    """Finds `matplotlib.animation` as the others do, and registers the writer once it is loaded."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec the other finders give, with registration added; None for any other module."""
        if fullname != MODULE:
            return None
        others = (finder for finder in sys.meta_path if not isinstance(finder, Finder))
        spec = next((spec for finder in others if (spec := finder.find_spec(fullname, path, target))), None)
        if spec is not None and spec.loader is not None:
            _register_after(spec.loader)
        return spec


def _register_after(loader: Any) -> None:
    load = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        load(module)
        register(module)

    loader.exec_module = exec_module


def register(animation: Any) -> None:
    """Put the writer into matplotlib's registry."""
    animation.writers.register(NAME)(LazyWriter())


def install() -> None:
    """Make the writer known now, or as soon as `matplotlib.animation` is imported."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder())
    animation = sys.modules.get(MODULE)
    if hasattr(animation, "writers"):
        register(animation)
