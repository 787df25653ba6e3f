"""Methods of single objects, put in the place of their class's for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def patched(thing: Any, name: str, replacement: Any) -> Iterator[None]:
    """Put something in the place of one object's method, and take it away again."""
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
    """Return one of an artist's methods that computes each answer once: an axis measures by laying out all ticks."""
    method = getattr(node.artist, name)

    def remembered(*arguments: Any, **options: Any) -> Any:
        key = (name, cycle_step, *map(id, arguments), *sorted(options.items()))
        if key not in node.cached_results:
            node.was_measured = True
            node.cached_results[key] = method(*arguments, **options)
        return node.cached_results[key]

    return remembered
