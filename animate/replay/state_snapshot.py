"""Mutable objects and their contents, compared in one pass in C."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain, compress
from operator import is_, methodcaller
from typing import Any

import numpy as np
from matplotlib import transforms as mtransforms
from numpy.typing import NDArray

_IGNORED = frozenset({"_stale", "_renderer", "_tooltip"})
_REPLACED = frozenset({"_sublabels"})
"""Attributes with a set that matplotlib replaces by another and never changes in place."""

_LARGE_BYTES = 1 << 14


class StateSnapshot:
    """Mutable objects and their contents.

    Fill the lists, then call `remember`.

    Attributes
    ----------
    dicts, lists : list
        Compared by the identity of their items.
    arrays : list of array
        Compared by their bytes.
    matrices : list of Affine2D
        Compared by their numbers.
    boxes : list of Bbox
        Compared by their corners.
    """

    def __init__(self) -> None:
        self.dicts: list[dict[Any, Any]] = []
        self.lists: list[Any] = []
        self.arrays: list[NDArray[Any]] = []
        self.matrices: list[mtransforms.Affine2D] = []
        self.boxes: list[mtransforms.Bbox] = []
        self.parts: list[tuple[Callable[[Any], Any], Any]] = []
        """Pairs of a getter and an object; the results are compared by identity, or as equal immutable values."""
        self.probes: list[Callable[[], Any]] = []

    def remember(self) -> None:
        """Take the current contents of all objects as the baseline."""
        self._sizes = self._count()
        self._values = list(chain.from_iterable(map(dict.values, self.dicts)))
        self._items = list(chain.from_iterable(self.lists))
        self.arrays = with_owners(self.arrays)
        self._contents = [_content(array) for array in self.arrays]
        self._matrices = [matrix.get_matrix().tobytes() for matrix in self.matrices]
        self._boxes = [box.get_points().tobytes() for box in self.boxes]
        self._parts = [getter(holder) for getter, holder in self.parts]
        self._probe_results = [probe() for probe in self.probes]
        self._join()

    def _join(self) -> None:
        """Join all contents that can be compared as one sequence of bytes."""
        small = [isinstance(content, bytes) for content in self._contents]
        readable = [is_small and _has_buffer(array) for is_small, array in zip(small, self.arrays, strict=True)]
        strided = [is_small and not is_read for is_small, is_read in zip(small, readable, strict=True)]
        self._readable, self._strided = list(compress(self.arrays, readable)), list(compress(self.arrays, strided))
        contents = [*compress(self._contents, readable), *compress(self._contents, strided)]
        self._joined = b"".join([*contents, *self._matrices, *self._boxes])
        pairs = zip(self.arrays, self._contents, strict=True)
        self._large = [pair for pair, is_small in zip(pairs, small, strict=True) if not is_small]
        self._lengths, self._flat_parts = list(map(_length, self._parts)), list(_flattened(self._parts))

    def _count(self) -> list[int]:
        return [*map(len, self.dicts), *map(len, self.lists)]

    def _numbers(self) -> bytes:
        matrices, points = map(_matrix_of, self.matrices), map(_points_of, self.boxes)
        buffers: Iterable[Any] = (self._readable, map(_bytes, self._strided), matrices, points)
        return b"".join(chain.from_iterable(buffers))

    def unchanged(self) -> bool:
        """Return whether the contents of all objects are identical to the baseline."""
        return (
            self._count() == self._sizes
            and all(map(is_, chain.from_iterable(map(dict.values, self.dicts)), self._values))
            and all(map(is_, chain.from_iterable(self.lists), self._items))
            and self._numbers() == self._joined
            and all(_holds(array, content) for array, content in self._large)
            and self._has_same_parts()
            and all(probe() == answer for probe, answer in zip(self.probes, self._probe_results, strict=True))
        )

    def _has_same_parts(self) -> bool:
        try:
            parts = [getter(holder) for getter, holder in self.parts]
        except (KeyError, AttributeError, ValueError):
            return False
        if list(map(_length, parts)) == self._lengths and all(map(is_, _flattened(parts), self._flat_parts)):
            return True
        return all(map(_is_same_part, parts, self._parts))

    def accept_equal_values(self) -> bool:
        """Return whether values were only replaced by equal ones, and make those the baseline."""
        if self._count() != self._sizes:
            return False
        names, values = list(chain.from_iterable(self.dicts)), list(chain.from_iterable(map(dict.values, self.dicts)))
        for name, value, before in zip(names, values, self._values, strict=True):
            if value is before or name in _IGNORED or is_equal(value, before):
                continue
            if name not in _REPLACED or value != before:
                return False
        self._values = values
        return True

    def rebase(self, boxes: Collection[int]) -> None:
        """Reset the baseline of these boxes, and of all probes, to the current values.

        Parameters
        ----------
        boxes : collection of int
            The identities of the boxes.
        """
        for i, box in enumerate(self.boxes):
            if id(box) in boxes:
                self._boxes[i] = _bytes(box.get_points())
        self._probe_results = [probe() for probe in self.probes]
        self._join()

    @classmethod
    def union(cls, several: Iterable[StateSnapshot]) -> StateSnapshot:
        """Return one snapshot of everything in several snapshots, to compare them at once.

        Parameters
        ----------
        several : iterable of StateSnapshot
            Snapshots with a baseline.
        """
        union = cls()
        union._sizes, sizes = [], []
        union._values, union._items, union._parts, union._probe_results = [], [], [], []
        arrays: dict[int, Any] = {}
        matrices: dict[int, Any] = {}
        boxes: dict[int, Any] = {}
        for snapshot in several:
            union.dicts += snapshot.dicts
            union.lists += snapshot.lists
            union.parts += snapshot.parts
            union.probes += snapshot.probes
            union._sizes += snapshot._sizes[: len(snapshot.dicts)]
            sizes += snapshot._sizes[len(snapshot.dicts) :]
            union._values += snapshot._values
            union._items += snapshot._items
            union._parts += snapshot._parts
            union._probe_results += snapshot._probe_results
            # Artists share objects. If two baselines of one object differ, one of the artists has changed anyway.
            arrays |= _by_identity(snapshot.arrays, snapshot._contents)
            matrices |= _by_identity(snapshot.matrices, snapshot._matrices)
            boxes |= _by_identity(snapshot.boxes, snapshot._boxes)
        union._sizes += sizes
        union.arrays, union._contents = _unzipped(arrays.values())
        union.matrices, union._matrices = _unzipped(matrices.values())
        union.boxes, union._boxes = _unzipped(boxes.values())
        union._join()
        return union


_bytes = methodcaller("tobytes")
_matrix_of = methodcaller("get_matrix")
_points_of = methodcaller("get_points")


def _content(array: NDArray[Any]) -> Any:
    return _flat(array).copy() if array.nbytes > _LARGE_BYTES else array.tobytes()


def _holds(array: NDArray[Any], content: NDArray[Any]) -> bool:
    flat = _flat(array)
    return (
        flat.size == content.size
        and all(  # in chunks that fit the processor's cache
            np.array_equal(flat[start : start + _LARGE_BYTES], content[start : start + _LARGE_BYTES])
            for start in range(0, flat.size, _LARGE_BYTES)
        )
    )


def _flat(array: NDArray[Any]) -> NDArray[Any]:
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    return flat.view(np.uint64) if flat.size % 8 == 0 else flat


def is_equal(one: Any, other: Any) -> bool:
    """Return whether two immutable values are equal; False for mutable ones."""
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple):
        return len(one) == len(other) and all(a is b or is_equal(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, np.ndarray):  # an empty one cannot be written to
        return one.size == 0 and one.shape == other.shape and one.dtype == other.dtype
    return isinstance(one, bool | int | float | str | bytes | np.generic) and bool(one == other)


def with_owners(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    """Return arrays with the same contents, in which views that make up most of their base are replaced by the base.

    The faces of a surface, for example, are a thousand views of one array.
    """
    owners = [_owner(array) for array in arrays]
    n_bytes: dict[int, int] = defaultdict(int)
    for owner, array in zip(owners, arrays, strict=True):
        n_bytes[id(owner)] += array.nbytes
    pairs = zip(owners, arrays, strict=True)
    kept = [owner if owner.nbytes <= 2 * n_bytes[id(owner)] else array for owner, array in pairs]
    return list({id(array): array for array in kept}.values())


def _owner(array: NDArray[Any]) -> NDArray[Any]:
    owner = array
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    return owner if type(owner) is np.ndarray else array


def may_change(array: NDArray[Any]) -> bool:
    """Return whether the contents of an array can change in place: a read-only one may be a view of one that is not."""
    memory: Any = array
    while isinstance(memory, np.ndarray) and not memory.flags.writeable:
        memory = memory.base
    return not isinstance(memory, bytes | None)


def _has_buffer(array: NDArray[Any]) -> bool:
    """Return whether the memory of an array can be compared directly."""
    return array.flags.c_contiguous and array.dtype.kind in "biuf"


def _length(part: Any) -> int:
    return len(part) if isinstance(part, tuple) else -1


def _flattened(parts: Iterable[Any]) -> Iterable[Any]:
    return chain.from_iterable(part if isinstance(part, tuple) else (part,) for part in parts)


def _is_same_part(now: Any, before: Any) -> bool:
    if not isinstance(now, tuple) or not isinstance(before, tuple) or len(now) != len(before):
        return now is before
    return all(one is other or is_equal(one, other) for one, other in zip(now, before, strict=True))


def _by_identity(things: Sequence[Any], contents: Sequence[Any]) -> dict[int, tuple[Any, Any]]:
    return {id(thing): (thing, content) for thing, content in zip(things, contents, strict=True)}


def _unzipped(pairs: Collection[tuple[Any, Any]]) -> tuple[list[Any], list[Any]]:
    return [one for one, _other in pairs], [other for _one, other in pairs]
