"""The minimum of a smooth convex loss of a linear predictor, by damped Newton steps in whitened coordinates."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from animate.errors import DataError, SeparableError
from animate.learn.checks import Floats

_MOST_STEPS = 200
_MOST_DAMPINGS = 20
_FLAT = 1e-6  # share of the largest curvature


class Smooth(Protocol):
    """What is minimized over coordinates in which a loss of curvature 1 would have the identity as its Hessian."""

    @property
    def name(self) -> str:
        """The loss, as messages name it."""

    @property
    def unit(self) -> float:
        """Size of a step in the coordinates that is worth a step at all."""

    @property
    def n_coordinates(self) -> int:
        """Number of coordinates."""

    def value(self, at: Floats) -> float:
        """Return the objective."""

    def gradient(self, at: Floats) -> Floats:
        """Return the first derivatives."""

    def hessian(self, at: Floats) -> Floats:
        """Return the second derivatives."""

    def pulls(self, at: Floats) -> Floats:
        """Return what cancels in the gradient, taken without signs."""

    def margins(self, at: Floats) -> Floats:
        """Return how far points are on the right side: where none is below 0 there is no minimum. Empty: there is."""


def minimum(problem: Smooth, start: Floats | None = None) -> Floats:
    """Return the coordinates at which the objective is least.

    A step solves (H + damping) step = -gradient. The damping grows until the objective falls, and shrinks as steps
    succeed. The minimum is found when the undamped step, which estimates how far it still is, has fallen under
    1e-10 of the coordinates' size, or when the gradient is no more than rounding of the pulls that cancel in it.

    Raises
    ------
    SeparableError
        If classes are separable: then there is no finite minimum.
    DataError
        If 200 steps do not reach one.
    """
    at: Floats = np.zeros(problem.n_coordinates) if start is None else start
    damping = 0.0
    for _ in range(_MOST_STEPS):
        gradient, hessian = problem.gradient(at), problem.hessian(at)
        step = _solve(hessian, -gradient)
        if _is_settled(problem, at, gradient, hessian, step):
            return at + step
        _refuse_separable(problem, at)
        _refuse_separable(problem, _flat_part(step, hessian), tolerance=1e-9)
        advanced = _advance(problem, at, gradient, hessian, damping)
        if advanced is None:
            break
        at, damping = advanced
    _refuse_separable(problem, _flat_part(step, hessian), tolerance=1e-3)
    raise DataError(f"no optimum of the {problem.name} was found: Newton steps do not settle on this data")


def _is_settled(problem: Smooth, at: Floats, gradient: Floats, hessian: Floats, step: Floats) -> bool:
    rounding = 1e-15 * problem.pulls(at)
    if problem.margins(at).size == 0 and (np.abs(gradient) <= rounding).all():
        return True
    # A singular Hessian has no answer to a gradient outside its range: then a small step means nothing.
    rest = np.linalg.norm(hessian @ step + gradient)
    is_answered = rest <= 1e-6 * np.linalg.norm(gradient) + 10.0 * np.linalg.norm(rounding)
    return bool(is_answered and np.abs(step).max() <= 1e-10 * (np.abs(at).max() + problem.unit))


def _solve(matrix: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(matrix, right, rcond=1e-13)[0], dtype=float)


def _flat_part(step: Floats, hessian: Floats) -> Floats:
    """Return the part of a step along which the objective hardly curves: where the loss falls for ever, it goes on."""
    eigenvalues, vectors = np.linalg.eigh(hessian)
    flat = vectors[:, eigenvalues <= _FLAT * eigenvalues[-1]]
    return np.asarray(flat @ (flat.T @ step), dtype=float)


def _refuse_separable(problem: Smooth, direction: Floats, tolerance: float = 0.0) -> None:
    """Raise if a direction puts no point on the wrong side: the loss falls for ever along it."""
    margins = problem.margins(direction)
    if margins.size and margins.max() > 0.0 and margins.min() > -tolerance * margins.max():
        raise SeparableError(
            f"the classes are separable, so the {problem.name} has no finite optimum: larger weights always lower it. "
            "A ridge penalty gives it one"
        )


def _advance(
    problem: Smooth, at: Floats, gradient: Floats, hessian: Floats, damping: float
) -> tuple[Floats, float] | None:
    value, length = problem.value(at), np.linalg.norm(gradient)
    rounding = 1e-14 * (abs(value) + 1e-300)
    for _ in range(_MOST_DAMPINGS):
        trial: Floats = at + _solve(hessian + damping * np.eye(len(at)), -gradient)
        change = problem.value(trial) - value
        # Near the minimum the value no longer shows a step's gain; the gradient still does.
        if change < -rounding or (change <= rounding and np.linalg.norm(problem.gradient(trial)) < length):
            return trial, damping / 10.0 if damping > 1e-8 else 0.0
        damping = max(1e-6, 10.0 * damping)
    return None
