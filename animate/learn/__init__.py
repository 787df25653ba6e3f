"""The mathematics: data, losses, objectives, optimizers, sampling and descent. It needs numpy only.

Conventions everywhere: `X` has shape (n_samples, n_features), where a vector stands for one column; `y` and `labels`
have shape (n_samples,), labels are 0 or 1; `params` has shape (n_params,) with the weights first and the intercept
last; penalties are 0 or more; `rng` is a numpy Generator or a seed, and 0 is a seed.

A wrong argument raises ValueError: a value out of its range, an array of another shape, a number that is not finite, an
unknown name. The message names the argument, what it must be and what it is. Docstrings list other errors only.
"""

from animate._lazy import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
