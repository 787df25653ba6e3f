"""Registers the writer "animate" with matplotlib, before or after matplotlib is imported, without importing it.

If `matplotlib.animation` is already imported, `install` registers the writer at once. Otherwise a finder on
`sys.meta_path` registers it when that module is imported; the finder ignores every other module.
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
    """The entry in matplotlib's registry, which imports the encoders only when it is called."""

    @staticmethod
    def isAvailable() -> bool:  # noqa: N802 (matplotlib's name)
        """Return True: ffmpeg comes with imageio-ffmpeg."""
        return True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return an `AnimateWriter`."""
        from animate.film.writer import AnimateWriter

        return AnimateWriter(*args, **kwargs)


class Finder(MetaPathFinder):
    """A finder that delegates `matplotlib.animation` to the other finders and registers the writer after its import."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec from the other finders with registration added, or None for any other module."""
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
    """Register the writer in `matplotlib.animation`."""
    animation.writers.register(NAME)(LazyWriter())


def install() -> None:
    """Register the writer now, or as soon as `matplotlib.animation` is imported."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder())
    animation = sys.modules.get(MODULE)
    if hasattr(animation, "writers"):
        register(animation)
