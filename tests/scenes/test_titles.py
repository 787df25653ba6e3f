"""Titles of lessons and panels that a parameter would make false: what they say must be so, or another one stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from animate import line, load_table
from animate.scene import Scene

X = np.linspace(-3.0, 3.0, 13)
CENTERED = load_table({"x": X, "y": 2 * X + np.cos(9 * X)})
FAR = load_table({"x": X + 40, "y": 2 * X + np.cos(9 * X)})
WIDE = load_table({"x": 5 * X, "y": 2 * X + np.cos(9 * X)})

NONE_FAR = next(seed for seed in range(200) if line(5, rng=seed).x.max() <= 1)
"""The seed of five points of which none is so far to the right that it may be moved."""

TRUE: list[tuple[str, dict[str, Any], str]] = [
    ("six_datasets", {"dataset": "outliers", "n_samples": 5, "seed": NONE_FAR}, "Points and line"),
    ("six_datasets", {"data": CENTERED}, "Your data"),
    ("momentum", {"condition_number": 50.0}, "in a narrow valley?"),
    ("momentum", {"condition_number": 2.0}, "in a valley?"),
    ("momentum", {"condition_number": 1.0}, "in a round bowl?"),
    ("newton_vs_gradient", {}, "A tilted valley"),
    ("newton_vs_gradient", {"data": WIDE, "standardize": False}, "A valley"),
    ("newton_vs_gradient", {"data": CENTERED}, "A round bowl"),
    ("linear_ten_thousand_epochs", {}, "Why does a line need thousands of epochs?"),
    ("linear_ten_thousand_epochs", {"data": CENTERED, "learning_rate": 0.1}, "How many epochs does a line need?"),
    ("linear_loss_surface", {}, "Why does the slope settle before the intercept?"),
    ("linear_loss_surface", {"data": CENTERED}, "How do slope and intercept settle?"),
    ("learning_rate_schedules", {}, "Why must the learning rate of SGD fall?"),
    ("learning_rate_schedules", {"noise": 0.0, "n_updates": 200}, "Must the learning rate of SGD fall?"),
    ("feature_scaling", {}, "Why standardize a feature before descent?"),
    ("feature_scaling", {"data": CENTERED}, "Must a feature be standardized before descent?"),
    ("lasso_vs_ridge", {}, "Why does the lasso set a weight to exactly zero?"),
    ("lasso_vs_ridge", {"penalty": 0.0}, "When does the lasso set a weight to exactly zero?"),
    ("robust_losses", {}, "Which loss do outliers pull most?"),
    ("robust_losses", {"data": CENTERED}, "Which loss does a far point pull most?"),
    ("neural_network", {"n_updates": 5}, "How do a few straight lines become a curve?"),
    ("neural_network", {"n_updates": 5, "n_hidden": 1}, "What does a network of one hidden unit learn?"),
    ("divergence_threshold", {"n_updates": 20}, "Just over"),
    ("divergence_threshold", {"n_updates": 20, "margin": 0.8}, "Far over"),
]


def titles(scene: Scene) -> Iterator[str]:
    for entry in scene.panels:
        for part in (scene, *(entry if isinstance(entry, list | tuple) else [entry])):
            yield part.title if isinstance(part.title, str) else part.title[0]


@pytest.mark.parametrize(("name", "values", "words"), TRUE, ids=str)
def test_a_title_says_what_holds_for_the_parameters(build, name: str, values: dict[str, Any], words: str) -> None:
    assert any(title.endswith(words) for title in titles(build(name, **values)))
