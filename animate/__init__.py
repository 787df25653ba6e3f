"""Short, exact, good-looking animations of how learning algorithms move.

The names listed in ``__init__.pyi`` load on first use, so ``import animate`` loads neither numpy nor matplotlib. It
registers ``writer="animate"`` with matplotlib, whether ``matplotlib.animation`` is imported before or after; without it
matplotlib answers that ``'animate' is not a valid value for writer``.
Everything else is imported from its module, as in ``from animate.learn.lasso import lasso``.
"""

from __future__ import annotations

from typing import Any

from animate import _hook
from animate._lazy import attach_stub

__version__ = "0.2.0"

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)

_hook.install()


def in_notebook(*arguments: Any, **options: Any) -> None:
    """Let matplotlib animations play where they end a cell of a notebook; see `animate.notebook.in_notebook`."""
    from animate import notebook

    notebook.in_notebook(*arguments, **options)


def load_ipython_extension(shell: Any) -> None:
    """Do what ``%load_ext animate`` asks for: `in_notebook`, and the cell magic ``%%animate``."""
    from animate import notebook

    notebook.in_notebook()
    notebook.register_cell_magic(shell)


def _get_sg_image_scraper() -> Any:
    """Return the scraper that sphinx-gallery's ``image_scrapers = ("matplotlib", "animate")`` asks for."""
    from animate.gallery_scraper import GalleryScraper

    return GalleryScraper.with_open_animations()


def unload_ipython_extension(_shell: Any) -> None:
    """Undo ``%load_ext animate``."""
    from animate import notebook

    notebook.reset()
