"""Palettes against scikit-learn's k-means, and the table of colors."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans

from animate.film.formats import palette as color_table
from animate.film.formats.palette import ColorTable, Usage, choose, squared_distance


@pytest.fixture
def colors() -> np.ndarray:
    """Return 600 colors (600, 3) on ramps between the colors of a plot."""
    ends = np.array([[15, 23, 32], [232, 238, 244], [255, 180, 84], [62, 207, 174], [214, 93, 111]], float)
    rng = np.random.default_rng(0)
    a, b, t = rng.integers(0, 5, 600), rng.integers(0, 5, 600), rng.random((600, 1))
    return np.unique(np.round(ends[a] * t + ends[b] * (1 - t)), axis=0).astype(np.float32)


def even(n: int) -> Usage:
    return Usage(np.ones(n), np.ones(n))


def error(points: np.ndarray, usage: Usage, n_colors: int, weight: float = 0.0) -> float:
    palette, row = choose(points, usage, n_colors, weight)
    return float(usage.seen @ squared_distance(points, palette[row]))


@pytest.mark.parametrize("n_colors", [8, 32, 128])
def test_palettes_are_nearly_as_near_as_the_best_of_ten_runs_of_kmeans(colors, n_colors):
    best = KMeans(n_colors, n_init=10, random_state=0).fit(colors).inertia_
    rounding = 0.25 * len(colors)  # our colors are whole numbers: 3 channels x 1/12
    assert error(colors, even(len(colors)), n_colors) < 1.25 * best + rounding


def test_few_colors_are_kept_as_they_are(colors):
    palette, row = choose(colors[:50], even(50), 50, weight=100.0)
    np.testing.assert_array_equal(palette[row], colors[:50])


def test_a_color_of_a_large_area_is_exact(colors):
    seen = np.ones(len(colors))
    seen[[100, 101]] = 1e6
    palette, row = choose(colors, Usage(seen, np.ones(len(colors))), 32, weight=20.0)
    np.testing.assert_array_equal(palette[row[[100, 101]]], colors[[100, 101]])


def test_what_is_seen_longer_is_nearer(colors):
    seen = np.where(np.arange(len(colors)) < 300, 100.0, 1.0)
    palette, row = choose(colors, Usage(seen, np.ones(len(colors))), 32, weight=0.0)
    off = squared_distance(colors, palette[row])
    assert off[:300].mean() < off[300:].mean()


def test_a_higher_price_spends_fewer_bits(colors):
    def bits(weight: float) -> float:
        _, row = choose(colors, even(len(colors)), 64, weight)
        share = np.bincount(row, minlength=64) / len(row)
        return -float(np.sum(share * np.log2(np.maximum(share, 1e-12))))

    assert bits(1000.0) < bits(50.0) < bits(0.0)


def test_the_table_finds_every_color_again():
    colors = np.random.default_rng(0).integers(0, 2**24, 5000).astype(np.uint32)
    table = ColorTable()
    table.add(colors)
    table.merge()
    np.testing.assert_array_equal(table.colors[table.rows(colors)], colors)


def test_too_many_colors_are_joined_but_not_those_of_large_areas(monkeypatch):
    monkeypatch.setattr(color_table, "MAX_EXACT", 400)
    rng = np.random.default_rng(0)
    rare = (rng.integers(0, 2**24, 30000) | 0xFF000000).astype(np.uint32)
    flat = np.repeat(rare[:20], 500)
    table = ColorTable()
    for part in np.split(rare, 10):
        table.add(part)
        table.add(flat)
        table.merge()
    np.testing.assert_array_equal(table.colors[table.rows(flat)], flat)
    found = table.colors[table.rows(rare)].view(np.uint8).reshape(-1, 4).astype(int)
    assert np.abs(found - rare.view(np.uint8).reshape(-1, 4)).max() <= 4
