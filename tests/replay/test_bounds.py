"""The box of a call holds every pixel that Agg touches, also where its outlines leave a path in a spike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from animate.replay.bounds import Bounds, has_spikes

WIDTH, HEIGHT, DPI = 400, 300, 125


def straight(rng: np.random.Generator) -> Path:
    """Return three points on a slanted line."""
    begin, along = rng.uniform(100, 200, 2), rng.uniform(-60, 60, 2)
    return Path(begin + np.outer([0, rng.uniform(0.1, 0.9), 1], along))


def straight_curve(rng: np.random.Generator) -> Path:
    """Return a curve whose points lie on a line, and a line on."""
    line = straight(rng)
    return Path([*line.vertices, (150, 150)], [Path.MOVETO, Path.CURVE3, Path.CURVE3, Path.LINETO])


def closed_where_it_began(rng: np.random.Generator) -> Path:
    """Return a polygon closed by a point that is its first but for rounding."""
    points = rng.uniform(100, 200, (4, 2))
    last = points[0] + rng.uniform(-1e-13, 1e-13, 2)
    return Path([*points, last, last], [Path.MOVETO, *[Path.LINETO] * 4, Path.CLOSEPOLY])


def bent(rng: np.random.Generator) -> Path:
    """Return lines between any points."""
    return Path(rng.uniform(100, 200, (6, 2)))


SHAPES = [straight, straight_curve, closed_where_it_began, bent]


@pytest.mark.parametrize("shape", SHAPES)
def test_no_ink_lies_out_of_the_box(shape):
    bounds, matrix = Bounds(WIDTH, HEIGHT, DPI), Affine2D().get_matrix()
    for seed in range(150):
        rng = np.random.default_rng(seed)
        renderer = RendererAgg(WIDTH, HEIGHT, DPI)
        context: Any = renderer.new_gc()
        context.set_joinstyle(str(rng.choice(["round", "miter", "bevel"])))
        context.set_linewidth(float(rng.uniform(0.3, 6)))
        path = shape(rng)
        blank = np.array(renderer.buffer_rgba())
        renderer._renderer.draw_path(context, path, matrix, None)
        differ = (np.asarray(renderer.buffer_rgba()) != blank).any(axis=-1)
        box = bounds.draw_path(context, path, matrix)
        differ[box.top : box.bottom, box.left : box.right] = False
        assert not differ.any(), seed


@pytest.mark.parametrize("shape", SHAPES)
def test_spikes_are_foreseen_where_lines_go_on_and_nowhere_else(shape):
    for seed in range(20):
        assert has_spikes(shape(np.random.default_rng(seed)), np.eye(3)) == (shape is not bent)


@pytest.mark.parametrize(
    ("points", "codes"),
    [
        ([(0, 0), (1, 0), (5, 0)], None),
        ([(0, 0), (0, 3), (0, 4)], None),
        ([(0, 0), (3, 1), (3, 1), (0, 5)], None),
        ([(0, 0), (3, 1), (np.nan, np.nan), (6, 2)], None),
        ([(0, 0), (3, 1), (np.inf, -np.inf), (6, 2)], None),
        ([(0, 0), (1e300, 1e200), (1e308, -1e308), (6, 2)], None),
        ([(0, 0), (3, 1), (0, 0)], None),
        ([(0, 0), (9, 9)], None),
        ([(0, 0), (4, 0), (4, 3), (0, 0)], [1, 2, 2, 79]),
        ([(0, 0), (1, 2), (2, 2), (3, 2.1), (4, 3)], [1, 3, 3, 3, 3]),
    ],
    ids=[
        "along x", "along y", "a point twice", "a gap", "infinity", "huge", "back", "one line", "a triangle",
        "two curves",
    ],
)  # fmt: skip
def test_what_agg_joins_well_has_no_spikes(points, codes):
    assert not has_spikes(Path(np.array(points, float), codes), np.eye(3))


def test_a_corner_where_a_path_is_closed_counts():
    path = Path([(1, 1), (2, 2), (0, 5), (0, 0), (0, 0)], [1, 2, 2, 2, 79])
    assert has_spikes(path, np.eye(3))
    assert not has_spikes(Path(path.vertices[:4]), np.eye(3))
