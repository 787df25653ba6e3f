"""A draw list whose nodes draw in one order in every run, since names are given in the order of drawing."""

from __future__ import annotations

from collections.abc import Iterable

from animate.replay.draw_list import DrawList
from animate.replay.draw_tree import DrawNode


class OrderedDrawList(DrawList):
    """A draw list that draws changed nodes in the order of the figure."""

    def _undrawn(self) -> Iterable[DrawNode]:
        waiting = set(super()._undrawn())
        return [node for container in self._containers for node in container.own_nodes() if node in waiting]
