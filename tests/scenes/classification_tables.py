# ruff: noqa: E501 - a row of a table is a lesson
"""Tables of classes and draws of parameters that lessons are tried with, and the texts of a scene."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from animate import load_table
from animate.learn.tables import Table, shipped_table
from animate.scene import Scene
from tests.scenes.claim_checks import further_alt, with_e


def own(*columns: np.ndarray, label: np.ndarray) -> Table:
    features = {f"f{index}": column for index, column in enumerate(columns, start=1)}
    return load_table({**features, "kind": [f"k{int(value)}" for value in label]})


def tables() -> dict[str, Table]:
    """Return tables of two classes by one feature, and by two: their names end in the number of features."""
    rng = np.random.default_rng(5)
    labels = np.repeat([0, 1], 20)
    x, y = rng.normal(size=(2, 40)) + 1.4 * labels
    apart = np.linspace(0, 1, 40) + labels
    found = {
        "overlap": ((x, y), labels), "falling": ((-x, y), labels), "tiny": ((1e-6 * x, 1e-7 * y), labels),
        "huge": ((3e8 + 1e7 * x, 1e6 * y), labels), "apart": ((apart, y), labels),
        "touching": ((np.array([0.0, 1, 2, 2, 3, 4]), np.array([1.0, 0, 1, 1, 0, 2])), np.array([0, 0, 0, 1, 1, 1])),
        "three": ((np.array([0.0, 1.0, 5.0]), np.array([1.0, 0.0, 3.0])), np.array([0, 1, 0])),
        "ties": ((np.tile([1.0, 2.0, 3.0], 8), np.repeat([1.0, 2.0], 12)), np.arange(24) % 2),
        "few_of_one": ((x, y), (np.arange(40) == 33).astype(int)),
    }  # fmt: skip
    one = {f"{name} 1": own(columns[0], label=label) for name, (columns, label) in found.items()}
    three = {f"{name} 3": own(*X.T, label=np.arange(len(X)) % count) for name, (X, count) in several(rng).items()}
    return (
        one | three | lines(rng) | {f"{name} 2": own(*columns, label=label) for name, (columns, label) in found.items()}
    )


def lines(rng: np.random.Generator) -> dict[str, Table]:
    """Return tables of x and y for lessons on lines, and counts."""
    x = rng.uniform(-3, 3, 30)
    y = 2 * x + 1 + rng.normal(0, 0.5, 30)
    pairs = {
        "norris": shipped_table("norris"), "centered": (x - x.mean(), y - y.mean()), "tiny": (1e-6 * x, 1e-7 * y),
        "huge": (1e6 * x, 1e7 * y), "ties": (np.repeat([1.0, 2.0, 3.0], 5), np.tile([1.0, 2.0, 2.0], 5)),
        "exact": (np.arange(6.0), 3 * np.arange(6.0) - 1), "three": (np.array([0.0, 1.0, 5.0]), np.array([1.0, 0.0, 3.0])),
        "constant": (np.arange(8.0), np.full(8, 4.0)),
    }  # fmt: skip
    counts = {
        "few": (np.array([0.0, 1.0, 5.0]), np.array([1.0, 0.0, 3.0])), "many": (1e3 * x, rng.poisson(np.exp(4 + x)).astype(float)),
        "one place": (np.arange(6.0), np.array([0.0, 0, 0, 0, 0, 4])), "parts": (np.arange(3.0), np.array([0.5, 1.0, 2.0])),
    }  # fmt: skip
    named = {f"{name} line": table for name, table in pairs.items()} | {
        f"{name} counts": table for name, table in counts.items()
    }
    return {name: load_table(table) for name, table in named.items()}


def several(rng: np.random.Generator) -> dict[str, tuple[np.ndarray, int]]:
    """Return points of several classes, and how many; the classes take turns."""
    corners = np.array([[0.0, 0.0], [6.0, 0.0], [0.0, 6.0], [6.0, 6.0]])
    blobs = {count: np.tile(corners[:count], (12, 1)) + rng.normal(size=(12 * count, 2)) for count in (3, 4)}
    return {
        "apart": (np.tile(corners[:3], (12, 1)) + 0.3 * rng.normal(size=(36, 2)), 3), "near": (blobs[3] * [0.4, 1.0], 3),
        "four": (blobs[4] * [0.3, 0.3], 4), "six points": (blobs[3][:6], 3), "tiny": (1e-6 * blobs[3], 3),
        "huge": (1e8 + 1e6 * blobs[4], 4), "ties": (np.round(0.3 * blobs[3]), 3),
    }  # fmt: skip


TABLES = tables()
"""By name; `draws` names them."""

# fmt: off
LESSON_VALUES: dict[str, dict[str, list[Any]]] = {
    "logistic_1d": {"optimizer": ["batch", "sgd"], "start": [None, None, (-3.0, 2.0), (0.0, 0.0), (40.0, -9.0)]},
    "log_loss_segments": {"start": [(-1.6, 0.0), (30.0, 4.0), (0.0, 0.0)], "n_per_class": [1, 5, 20]},
    "logistic_2d": {"momentum": [0.0, 0.8, 0.99]},
    "logistic_sgd_vs_batch": {"start": [None, None, (-3.0, 2.0), (0.0, 0.0)]},
    "cross_entropy_is_not_accuracy": {"n_steps": [20, 33, 120]},
    "sigmoid_plus_log_loss": {"label": ["0", "1"], "score": [1.0, 2.0, 6.0, 8.0]},
    "from_gaussians_to_sigmoid": {
        "mean_a": [-10.0, -1.0, 1.0, 3.0],
        "mean_b": [1.0, 0.5, -2.0],
        "spread_a": [0.2, 1.0, 1.5],
        "spread_b": [1.0, 1.5, 10.0],
        "share_b": [0.01, 0.5, 0.9],
    },
    "logistic_loss_surface": {"intercept": ["minimized", "held"], "start": [(-4.0, 4.0), (0.0, 0.0), (9.0, 3.0)]},
    "mse_vs_cross_entropy": {"start": [(-8.0, 3.0), (0.0, 0.0), (300.0, -90.0)]},
    "why_the_sigmoid": {"start": [(0.0, 0.0), (0.0, 0.0), (-9.0, 4.0)], "n_bins": [3, 14, 40]},
    "softmax_three_species": {"momentum": [0.0, 0.9]},
    "separable_data": {"ridge_penalty": [1e-6, 0.01, 1.0], "n_updates": [1, 2, 15, 60, 400, 1500]},
    "six_datasets": {
        "dataset": ["linear", "heavy_noise", "outliers", "saturating", "growing_variance", "two_populations"], "noise": [None, None, 0.0, 0.3, 4.0],
        "n_samples": [5, 33, 60, 100], "n_updates": [None, None, 1, 5, 300], "learning_rate": [1e-6, 0.05, 0.3, 1.0],
    },
    "newton_vs_gradient": {"n_updates": [2, 20, 150, 800], "noise": [0.0, 0.8], "start": [None, (-0.6, 3.0)], "learning_rate": [None, None, 0.01, 0.3, 1.0]},
    "optimizer_race": {"surface": ["valley", "rosenbrock", "beale", "himmelblau", "camel", "saddle"], "n_updates": [1, 3, 20, 60, 200],
                       "start": [None, None, None, (0.5, 0.5), (3.0, 0.5)], "learning_rate_plain": [None, None, None, 0.01, 10.0]},
    "learning_rate_schedules": {"n_updates": [4, 5, 60, 400], "learning_rate": [1e-6, 0.05, 0.3, 1.0, 10.0], "factor": [0.01, 0.3, 0.99],
                                "half_time": [1.0, 100.0, 10_000.0], "noise": [0.0, 1.5], "n_samples": [5, 60]},
    "neural_network": {"dataset": ["two_moons", "xor"], "n_hidden": [1, 2, 3, 12], "ridge_penalty": [0.0, 1e-3, 0.1], "n_samples": [8, 40, 120],
                       "noise": [0.0, 0.15, 1.0], "n_updates": [1, 2, 20, 400]},
    "poisson_regression": {
        "growth": [-1.0, 0.0, 0.5, 1.0],
        "n_samples": [5, 60],
        "learning_rate": [None, 0.01, 0.5, 10.0],
    },
}
"""What a lesson is tried with besides its rate, its updates, its seed and data."""

ENDS_OF_TABLES = {"logistic_2d": "2", "logistic_loss_surface": "2", "softmax_three_species": "3", "poisson_regression": "counts",
                  "six_datasets": "line", "newton_vs_gradient": "line", "learning_rate_schedules": "line", "neural_network": "2"}
WITHOUT = {"optimizer_race": {"seed", "learning_rate", "data"}, "why_the_sigmoid": {"seed"}, "softmax_three_species": {"seed"}, "logistic_2d": {"seed"}, "logistic_loss_surface": {"seed"}, "mse_vs_cross_entropy": {"seed"}, "separable_data": {"seed"}, "cross_entropy_is_not_accuracy": {"seed", "learning_rate", "n_updates"},
    "sigmoid_plus_log_loss": {"seed", "learning_rate", "n_updates", "data"},
    "from_gaussians_to_sigmoid": {"seed", "learning_rate", "n_updates", "data"}}  # fmt: skip

# fmt: on


def draws(name: str, count: int = 24) -> Iterator[dict[str, Any]]:
    """Yield the lesson's own values, then random ones: few and many updates, extreme rates, several tables."""
    rng = np.random.default_rng([ord(letter) for letter in name])
    fitting = [table for table in TABLES if table.endswith(ENDS_OF_TABLES.get(name, "1"))]
    yield {}
    for index in range(count):
        values: dict[str, Any] = {
            "learning_rate": float(rng.choice([1e-10, 1e-3, 0.3, 1.0, 4.0, 10.0])),
            "n_updates": int(rng.choice([1, 2, 3, 20, 60, 400])),
        }  # fmt: skip
        values |= {key: choices[rng.integers(len(choices))] for key, choices in LESSON_VALUES[name].items()}
        values["seed"] = int(rng.integers(100))
        values = {key: value for key, value in values.items() if key not in WITHOUT.get(name, ())}
        draws_points = ENDS_OF_TABLES.get(name) in ("line", "counts")
        if (index % 3 == 2 if draws_points else index % 3) and "data" not in WITHOUT.get(name, ()):
            values["data"] = fitting[rng.integers(len(fitting))]
        yield values


def texts_of(scene: Scene) -> list[str]:
    """Return every text of a scene but its title: all lengths of its captions, and its alternative text."""
    words = [further_alt(scene), *(beat.words for beat in scene.beats or ()), *scene.captions.values()]
    texts = [text for entry in words if entry for text in ([entry] if isinstance(entry, str) else entry)]
    return list(dict.fromkeys(texts))


def value_of(text: str) -> float:
    """Return the number that a text shows, such as −1.5, 12\u202f000 or 4.2\u202fM."""
    plain = with_e(text).replace("\u2212", "-").replace("\u2009", "").replace("\u221e", "inf")
    for word, scale in (("M", 1e6), ("bn", 1e9), ("tn", 1e12)):
        if plain.endswith(f"\u202f{word}"):
            return scale * float(plain.removesuffix(f"\u202f{word}"))
    return float(plain.replace("\u202f", ""))
