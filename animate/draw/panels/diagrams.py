"""A small network drawn as nodes and edges, with the numbers that one point sends through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from animate.draw.marks import Mark, Points, Segments, Text, latest
from animate.draw.panels.plot import Plot
from animate.draw.run import Run
from animate.draw.text_template import say
from animate.learn.network import Network

_Edge = tuple[np.ndarray, np.ndarray]
_HALO: dict[str, Any] = {"color": "first", "halo": "background", "halo_width": (9.0, 5.0)}
_ABOVE, _BELOW = -0.75, 2.0
"""Lines from a level edge to the weight above it, and from the middle of a node to the delta under it."""


def network_diagram(network: Network, run: Run, row: int, **fields: Any) -> Plot:
    """Return the plot of a network with one hidden layer: its weights, and the values and deltas of one row.

    A story can name ``nodes``, ``inputs``, ``forward``, the edges with their weights and the values, and ``backward``,
    the deltas.

    Parameters
    ----------
    network : Network
        Of few inputs and hidden units.
    run : Run
        Its parameters per update.
    row : int
        The row of the data that goes through it.
    **fields
        Of `Plot`, such as ``title``.
    """
    inputs, hidden, output = (_column(at, count) for at, count in enumerate((network.n_features, network.n_hidden, 1)))
    into_hidden = [(start, end) for end in hidden for start in inputs]
    into_output = [(start, output[0]) for start in hidden]

    @latest
    def numbers(update: int) -> dict[str, np.ndarray]:
        symbols = network.symbols(run.trajectory.params[run.at(update)], row)
        return {name: np.ravel(values) for name, values in symbols.items()}

    def texts(places: np.ndarray, values: str, name: str, rows: Sequence[float] = (), **look: Any) -> Iterator[Mark]:
        for index, (x, y) in enumerate(places.tolist()):
            options = {"halo": "background", "row": rows[index] if rows else 0.0, **look}
            yield Text(_entry(numbers, values, index), (x, y), align="center", valign="center", name=name, **options)

    marks: list[Mark] = [
        *_edges(into_hidden, into_output),
        Points(
            np.concatenate([inputs, hidden, output]), size=(62, 36), color="background", edge="ink",
            edge_width=(2, 1.2), layer=4, name="nodes",
        ),
        *texts(_along(into_hidden), "w", "forward", _rows(into_hidden), **_HALO),
        *texts(_along(into_output), "v", "forward", _rows(into_output), **_HALO),
        *_input_values(network.X[row], inputs),
        *texts(hidden, "h", "forward", color="ink"),
        *texts(output, "p", "forward", color="ink"),
        *texts(hidden, "d", "backward", color="error", row=_BELOW),
        *texts(output, "delta", "backward", color="error", row=_BELOW),
    ]  # fmt: skip
    return Plot(*marks, limits=((-0.3, 2.3), (-0.5, 1.3)), axes=False, aspects=(1.1, 2.1), **fields)


def _edges(into_hidden: list[_Edge], into_output: list[_Edge]) -> Iterator[Mark]:
    yield Segments(into_hidden, color="muted", cap=None, name="forward")
    yield Segments(into_output, color="muted", cap=None, name="forward")
    back = [(end, start) for start, end in into_output]
    yield Segments(back, color="error", width=(3, 1.8), cap=None, name="backward")


def _input_values(values: np.ndarray, places: np.ndarray) -> Iterator[Mark]:
    look: dict[str, Any] = {"align": "center", "valign": "center", "color": "ink", "halo": "background"}
    for value, (x, y) in zip(values.tolist(), places.tolist(), strict=True):
        yield Text(say("{x:.2}", x=value), (x, y), name="inputs", **look)


def _column(at: int, count: int) -> np.ndarray:
    heights = np.linspace(1.0, 0.0, count) if count > 1 else np.array([0.5])
    return np.column_stack([np.full(count, float(at)), heights])


def _along(edges: list[_Edge]) -> np.ndarray:
    """Return the place of the weight on each edge: off its middle where edges cross, which level ones do not."""
    return np.array([start + (0.5 if start[1] == end[1] else 0.33) * (end - start) for start, end in edges])


def _rows(edges: list[_Edge]) -> list[float]:
    """Return how far below its edge each weight is, in lines: those of level edges are above, clear of the nodes."""
    return [_ABOVE if start[1] == end[1] else 0.0 for start, end in edges]


def _entry(numbers: Callable[[int], dict[str, np.ndarray]], values: str, index: int) -> Callable[[int], str]:
    return lambda update: say("{value:.2}", value=numbers(update)[values][index])
