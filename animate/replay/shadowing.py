"""Methods of single objects, put in the place of their class's for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def shadowed(thing: Any, name: str, stand_in: Any) -> Iterator[None]:
    """Put something in the place of one object's method, and take it away again."""
    held = vars(thing)
    before = held.get(name, held)
    setattr(thing, name, stand_in)
    try:
        yield
    finally:
        delattr(thing, name)
        if before is not held:
            setattr(thing, name, before)


def remembering(leaf: Any, name: str, turn: int | None) -> Callable[..., Any]:
    """Return one of an artist's methods that computes each answer once: an axis measures by laying out all ticks."""
    method = getattr(leaf.artist, name)

    def remembered(*arguments: Any, **options: Any) -> Any:
        key = (name, turn, *map(id, arguments), *sorted(options.items()))
        if key not in leaf.answers:
            leaf.was_asked = True
            leaf.answers[key] = method(*arguments, **options)
        return leaf.answers[key]

    return remembered
