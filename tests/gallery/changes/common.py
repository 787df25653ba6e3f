"""What all changes share: the type of a change, and what they choose from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Rng = np.random.Generator
Change = Callable[[Any, Rng], object]
CMAPS = ["viridis", "plasma", "gray", "RdBu", "tab10", "turbo"]
COLORS = ["tab:red", "tab:green", "k", "0.6", "none", (0.2, 0.4, 0.9, 0.5), "C4", "#abcdef"]
WORDS = [
    "frame",
    "a longer text than before",
    "$x^2 + \\frac{1}{y}$",
    "two\nlines",
    "",
    "Ünïcödé",
    "n = 12.5 %",
    "-1.5e-3",
]


def pick(rng: Rng, options: Any) -> Any:
    return options[rng.integers(len(options))]
