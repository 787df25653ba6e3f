"""What the tests of the mathematics share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import settings

Array = np.ndarray

# A deadline per example measures the machine, not the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def _differences(function: Callable[[Array], Array | float], params: Array, step: float = 1e-6) -> Array:
    columns = []
    for index in range(params.size):
        shift = np.zeros_like(params)
        shift[index] = step * max(1.0, abs(params[index]))
        columns.append((function(params + shift) - function(params - shift)) / (2.0 * shift[index]))
    return np.stack(columns, axis=-1)


@pytest.fixture(scope="session")
def central_differences() -> Callable[..., Array]:
    """The derivative of a function of params, by differences; the last axis is the parameter."""
    return _differences
