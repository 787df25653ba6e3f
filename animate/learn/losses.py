"""Elementwise losses, with their derivatives with respect to the prediction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from animate.errors import did_you_mean
from animate.learn.validation import Floats, positive, vector

Elementwise = Callable[[Floats, Floats], Floats]


class Loss(NamedTuple):
    """A loss of one prediction and one target, applied elementwise to arrays that broadcast.

    Attributes
    ----------
    value, derivative : callable
        Loss and first derivative with respect to the prediction, of (predictions, targets).
    curvature : callable or None
        Second derivative with respect to the prediction; None where it does not exist.
    """

    name: str
    value: Elementwise
    derivative: Elementwise
    curvature: Elementwise | None


def sigmoid(logits: Floats) -> Floats:
    """Return 1 / (1 + exp(-logits)), accurate for logits of any size.

    Computed as exp(min(z, 0)) / (1 + exp(-abs(z))), which never overflows.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    small = np.exp(-np.abs(logits))
    return np.asarray(np.where(logits < 0.0, small, 1.0) / (1.0 + small), dtype=float)


def squared_value(predictions: Floats, targets: Floats) -> Floats:
    """Return r^2 with r = predictions - targets; there is no factor 1/2.

    >>> squared_value(np.array([3.0]), np.array([1.0])).tolist()
    [4.0]
    """
    residuals = predictions - targets
    return residuals * residuals


def squared_derivative(predictions: Floats, targets: Floats) -> Floats:
    """Return 2 r with r = predictions - targets.

    >>> squared_derivative(np.array([3.0]), np.array([1.0])).tolist()
    [4.0]
    """
    return 2.0 * (predictions - targets)


def half_squared_value(predictions: Floats, targets: Floats) -> Floats:
    """Return r^2 / 2 with r = predictions - targets.

    >>> half_squared_value(np.array([3.0]), np.array([1.0])).tolist()
    [2.0]
    """
    return 0.5 * squared_value(predictions, targets)


def half_squared_derivative(predictions: Floats, targets: Floats) -> Floats:
    """Return r = predictions - targets.

    >>> half_squared_derivative(np.array([3.0]), np.array([1.0])).tolist()
    [2.0]
    """
    return predictions - targets


def constant_curvature(predictions: Floats, targets: Floats, *, curvature: float) -> Floats:
    """Return `curvature` for every prediction.

    >>> constant_curvature(np.array([3.0, 5.0]), np.array([1.0, 1.0]), curvature=2.0).tolist()
    [2.0, 2.0]
    """
    return np.full(np.broadcast(predictions, targets).shape, curvature)


def absolute_value(predictions: Floats, targets: Floats) -> Floats:
    """Return |r| with r = predictions - targets.

    >>> absolute_value(np.array([3.0, 0.0]), np.array([1.0, 1.0])).tolist()
    [2.0, 1.0]
    """
    return np.abs(predictions - targets)


def absolute_derivative(predictions: Floats, targets: Floats) -> Floats:
    """Return the sign of r = predictions - targets: a subgradient of |r|, 0 where r is 0.

    >>> absolute_derivative(np.array([3.0, 1.0, 0.0]), np.array([1.0, 1.0, 1.0])).tolist()
    [1.0, 0.0, -1.0]
    """
    return np.sign(predictions - targets)


def huber_value(predictions: Floats, targets: Floats, *, huber_delta: float) -> Floats:
    """Return r^2 / 2 where |r| <= huber_delta, and huber_delta (|r| - huber_delta / 2) beyond.

    References
    ----------
    P. J. Huber, "Robust estimation of a location parameter", Annals of Mathematical Statistics 35 (1964), 73-101.

    Examples
    --------
    >>> huber_value(np.array([1.0, 5.0]), np.array([0.0, 0.0]), huber_delta=2.0).tolist()
    [0.5, 8.0]
    """
    size = np.abs(predictions - targets)
    near = np.minimum(size, huber_delta)
    return near * (size - 0.5 * near)


def huber_derivative(predictions: Floats, targets: Floats, *, huber_delta: float) -> Floats:
    """Return r = predictions - targets, clipped to [-huber_delta, huber_delta].

    >>> huber_derivative(np.array([1.0, 5.0]), np.array([0.0, 0.0]), huber_delta=2.0).tolist()
    [1.0, 2.0]
    """
    return np.clip(predictions - targets, -huber_delta, huber_delta)


def huber_curvature(predictions: Floats, targets: Floats, *, huber_delta: float) -> Floats:
    """Return 1 where |r| <= huber_delta with r = predictions - targets, and 0 beyond.

    >>> huber_curvature(np.array([1.0, 5.0]), np.array([0.0, 0.0]), huber_delta=2.0).tolist()
    [1.0, 0.0]
    """
    return (np.abs(predictions - targets) <= huber_delta).astype(float)


def log_loss_value(logits: Floats, labels: Floats) -> Floats:
    """Return the cross-entropy -log p of each label in nats, where p is the predicted probability of the label.

    With s = 1 - 2 label it is log(1 + exp(s logit)): equal to log(1 + exp(logit)) - label logit for labels 0
    and 1, and exact where that difference would cancel.

    >>> log_loss_value(np.array([0.0, 1000.0, 1000.0]), np.array([1.0, 1.0, 0.0])).round(6).tolist()
    [0.693147, 0.0, 1000.0]
    """
    wrong = (1.0 - 2.0 * labels) * logits
    # numpy's own logaddexp takes three times as long
    return np.maximum(wrong, 0.0) + np.log1p(np.exp(-np.abs(wrong)))


def log_loss_derivative(logits: Floats, labels: Floats) -> Floats:
    """Return sigmoid(logit) - label, as s sigmoid(s logit) with s = 1 - 2 label, which does not cancel.

    >>> log_loss_derivative(np.array([0.0, 0.0]), np.array([0.0, 1.0])).tolist()
    [0.5, -0.5]
    """
    sign = 1.0 - 2.0 * labels
    return sign * sigmoid(sign * logits)


def log_loss_curvature(logits: Floats, labels: Floats) -> Floats:
    """Return sigmoid(logit) sigmoid(-logit), the variance of a label with that logit.

    >>> log_loss_curvature(np.array([0.0]), np.array([1.0])).tolist()
    [0.25]
    """
    return np.broadcast_to(sigmoid(logits) * sigmoid(-logits), np.broadcast(logits, labels).shape)


def log_loss_derivatives(logits: Floats, labels: Floats) -> tuple[Floats, Floats]:
    """Return the first and the second derivative of the cross-entropy, from one exponential and without cancelling.

    >>> first, second = log_loss_derivatives(np.array([0.0, 1000.0]), np.array([1.0, 1.0]))
    >>> first.tolist(), second.tolist()
    ([-0.5, -0.0], [0.25, 0.0])
    """
    sign, small = 1.0 - 2.0 * labels, np.exp(-np.abs(logits))
    first = sign * np.where(sign * logits < 0.0, small, 1.0) / (1.0 + small)
    return first, small / np.square(1.0 + small)


def sigmoid_squared_value(logits: Floats, labels: Floats) -> Floats:
    """Return (p - label)^2 with p = sigmoid(logit); as a function of the logit it is not convex.

    >>> sigmoid_squared_value(np.array([0.0, -1000.0]), np.array([1.0, 1.0])).tolist()
    [0.25, 1.0]
    """
    sign = 1.0 - 2.0 * labels
    return np.square(sigmoid(sign * logits))


def sigmoid_squared_derivative(logits: Floats, labels: Floats) -> Floats:
    """Return 2 (p - label) p (1 - p) with p = sigmoid(logit): near 0 for a confident wrong prediction.

    >>> sigmoid_squared_derivative(np.array([0.0, -10.0]), np.array([1.0, 1.0])).round(6).tolist()
    [-0.25, -9.1e-05]
    """
    sign = 1.0 - 2.0 * labels
    wrong = sigmoid(sign * logits)
    return 2.0 * sign * np.square(wrong) * sigmoid(-sign * logits)


def sigmoid_squared_curvature(logits: Floats, labels: Floats) -> Floats:
    """Return 2 q^2 (1 - q) (2 - 3 q), q the probability given to the wrong label: negative where q > 2/3.

    >>> sigmoid_squared_curvature(np.array([0.0, -2.0]), np.array([1.0, 1.0])).round(6).tolist()
    [0.125, -0.118814]
    """
    wrong = sigmoid((1.0 - 2.0 * labels) * logits)
    return 2.0 * np.square(wrong) * (1.0 - wrong) * (2.0 - 3.0 * wrong)


def huber(huber_delta: float = 1.0) -> Loss:
    """Return Huber's loss: r^2 / 2 where |r| <= huber_delta, and huber_delta (|r| - huber_delta / 2) beyond.

    Parameters
    ----------
    huber_delta : float
        Size of the residual, in units of the target, from which on the loss grows linearly.

    Examples
    --------
    >>> huber(2.0).value(np.array([1.0, 5.0]), np.array([0.0, 0.0])).tolist()
    [0.5, 8.0]
    """
    delta = positive("huber_delta", huber_delta)
    parts = [partial(part, huber_delta=delta) for part in (huber_value, huber_derivative, huber_curvature)]
    return Loss("huber", *parts)


def poisson_value(log_rates: Floats, counts: Floats) -> Floats:
    """Return rate - count log(rate), the negative log-likelihood of a Poisson count without log(count!).

    >>> poisson_value(np.array([0.0]), np.array([3.0])).tolist()
    [1.0]
    """
    with np.errstate(over="ignore"):  # too high a rate has an infinite loss
        return np.exp(log_rates) - counts * log_rates


def poisson_derivative(log_rates: Floats, counts: Floats) -> Floats:
    """Return rate - count.

    >>> poisson_derivative(np.array([0.0]), np.array([3.0])).tolist()
    [-2.0]
    """
    return np.exp(log_rates) - counts


def poisson_curvature(log_rates: Floats, counts: Floats) -> Floats:
    """Return the rate.

    >>> poisson_curvature(np.array([0.0]), np.array([3.0])).tolist()
    [1.0]
    """
    return np.broadcast_to(np.exp(log_rates), np.broadcast(log_rates, counts).shape)


POISSON = Loss("poisson", poisson_value, poisson_derivative, poisson_curvature)
"""The loss of counts, as a function of the logarithm of their rate."""

LOSSES: dict[str, Loss] = {
    "squared": Loss("squared", squared_value, squared_derivative, partial(constant_curvature, curvature=2.0)),
    "half_squared": Loss(
        "half_squared",
        half_squared_value,
        half_squared_derivative,
        partial(constant_curvature, curvature=1.0),
    ),
    "absolute": Loss("absolute", absolute_value, absolute_derivative, None),
    "huber": huber(),
    "log_loss": Loss("log_loss", log_loss_value, log_loss_derivative, log_loss_curvature),
    "sigmoid_squared": Loss(
        "sigmoid_squared", sigmoid_squared_value, sigmoid_squared_derivative, sigmoid_squared_curvature
    ),
}


def find_loss(loss: str | Loss) -> Loss:
    """Return the loss with a name, or `loss` itself if it is a `Loss`.

    >>> find_loss("squard")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    ValueError: loss must be one of squared, half_squared, ...; got 'squard'. Did you mean 'squared'?
    """
    if isinstance(loss, Loss):
        return loss
    if loss not in LOSSES:
        raise ValueError(f"loss must be one of {', '.join(LOSSES)}; got {loss!r}.{did_you_mean(loss, LOSSES)}")
    return LOSSES[loss]


def r_squared(y: npt.ArrayLike, predictions: npt.ArrayLike) -> float:
    """Return the coefficient of determination 1 - RSS / TSS.

    RSS = sum((y - predictions)^2), TSS = sum((y - mean(y))^2); nan where y is constant.

    >>> r_squared([1.0, 2.0, 3.0], [1.0, 2.0, 4.0])
    0.5
    """
    targets = vector("y", y)
    total = float(np.square(targets - targets.mean()).sum())
    with np.errstate(all="ignore"):
        residual = float(np.square(targets - np.asarray(predictions, dtype=float)).sum())
    return 1.0 - residual / total if np.ptp(targets) > 0 else float("nan")
