"""Temporary replacement of methods of single objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any


@contextmanager
def patched(thing: Any, name: str, replacement: Any) -> Iterator[None]:
    """Replace a method of one object for the duration of the block.

    Parameters
    ----------
    thing : object
        The object, which must have a `__dict__`.
    name : str
        The name of the method.
    replacement : callable
        Called in its place, without the object as first argument.
    """
    attributes = vars(thing)
    before = attributes.get(name, attributes)
    setattr(thing, name, replacement)
    try:
        yield
    finally:
        delattr(thing, name)
        if before is not attributes:
            setattr(thing, name, before)


def cached_method(node: Any, name: str, cycle_step: int | None) -> Callable[..., Any]:
    """Return a method of a node's artist with a cache, since measuring an axis lays out all of its ticks.

    Parameters
    ----------
    node : DrawNode
        Keeps the results in `cached_results` until it is redrawn.
    name : str
        The name of the method.
    cycle_step : int or None
        The step of the layout cycle, on which results depend.
    """
    method = getattr(node.artist, name)

    def cached(*arguments: Any, **options: Any) -> Any:
        key = (name, cycle_step, *map(id, arguments), *sorted(options.items()))
        if key not in node.cached_results:
            node.was_measured = True
            node.cached_results[key] = method(*arguments, **options)
        return node.cached_results[key]

    return cached


def render_lock(figure: Any) -> AbstractContextManager[Any]:
    """Return the lock under which a figure draws, since threads share fonts."""
    lock: AbstractContextManager[Any] = getattr(figure, "_render_lock", nullcontext())
    return lock
