"""Short, exact, good-looking animations of how learning algorithms move.

The names listed in ``__init__.pyi`` load on first use, so ``import animate`` loads neither numpy nor matplotlib. It
registers ``writer="animate"`` with matplotlib, whether ``matplotlib.animation`` is imported before or after; without it
matplotlib answers that ``'animate' is not a valid value for writer``.
Everything else is imported from its module, as in ``from animate.learn.lasso import lasso``.
"""

from __future__ import annotations

from animate import _hook
from animate._lazy import attach_stub

__version__ = "0.2.0"

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)

_hook.install()
