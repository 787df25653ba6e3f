"""Package attributes that are imported on first use.

A package writes its names once, as imports in the stub ``__init__.pyi`` beside it, where type checkers and editors
find them too.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path


def stub_names(init: str) -> dict[str, str]:
    """Return the names that the stub of a package exports, each with the module or package it is imported from.

    Parameters
    ----------
    init : str
        Path of the package's ``__init__.py``; the stub is the ``__init__.pyi`` beside it.
    """
    tree = ast.parse(Path(init).with_suffix(".pyi").read_text(encoding="utf-8"))
    imports = (node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module)
    return {alias.name: str(node.module) for node in imports for alias in node.names}


def attach_stub(package: str, init: str) -> tuple[Callable[[str], object], Callable[[], list[str]], list[str]]:
    """Return the ``__getattr__``, ``__dir__`` and ``__all__`` of a package that loads the names of its stub lazily.

    Examples
    --------
    In the package's ``__init__.py``::

        __getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
    """
    names = stub_names(init)

    def find(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(__import__(names[name], fromlist=[name]), name)  # as in "from module import name"
        vars(sys.modules[package])[name] = value
        return value

    return find, lambda: sorted({*vars(sys.modules[package]), *names}), list(names)
