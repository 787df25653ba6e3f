"""The curves that generated data scatter around."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from animate.errors import did_you_mean
from animate.learn.checks import Floats

Curve = Callable[[Floats], Floats]


def _line(x: Floats) -> Floats:
    return 2.0 * x + 1.0


def _saturating(x: Floats) -> Floats:
    return 6.0 * (1.0 - np.exp(-x / 2.0))


def _rising(x: Floats) -> Floats:
    return 2.0 * x + 4.0


def _falling(x: Floats) -> Floats:
    return -x - 2.0


TRUE_CURVES: dict[str, tuple[Curve, ...]] = {
    "linear": (_line,),
    "heavy_noise": (_line,),
    "outliers": (_line,),
    "saturating": (_saturating,),
    "growing_variance": (_line,),
    "two_populations": (_rising, _falling),
}


def true_curves(dataset: str) -> tuple[Curve, ...]:
    """Return the curves around which a generator of `datasets` draws its points, one for each population.

    Raises
    ------
    ValueError
        If there is no such dataset.

    Examples
    --------
    >>> [float(curve(np.array(1.0))) for curve in true_curves("two_populations")]
    [6.0, -3.0]
    """
    if dataset not in TRUE_CURVES:
        hint = did_you_mean(dataset, TRUE_CURVES)
        raise ValueError(f"dataset must be one of {', '.join(TRUE_CURVES)}; got {dataset!r}.{hint}")
    return TRUE_CURVES[dataset]
