"""Every private attribute of matplotlib that replay uses is listed in one module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.ft2font import FT2Font

from animate import replay
from animate.replay.matplotlib_private import FORMER_ATTRIBUTES, PRIVATE_ATTRIBUTES, TESTED

SOURCES = [path for path in Path(replay.__file__).parent.glob("*.py") if path.stem != "matplotlib_private"]
LISTED = frozenset().union(*PRIVATE_ATTRIBUTES.values())
OF_PYTHON = {"_getframe"}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name.isidentifier()


def used_names(tree: ast.AST) -> Iterator[str]:
    """Yield names of attributes, also those in strings, for `getattr` and for tables of names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def defined_names(tree: ast.AST) -> Iterator[str]:
    """Yield the attributes and functions that replay itself defines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
USED = {name for tree in TREES for name in used_names(tree) if is_private(name)}
DEFINED = {name for tree in TREES for name in defined_names(tree)}


def test_every_private_attribute_in_use_is_listed() -> None:
    missing = USED - DEFINED - OF_PYTHON - LISTED - FORMER_ATTRIBUTES
    assert missing == set()


def test_every_listed_attribute_is_in_use() -> None:
    unused = (LISTED | FORMER_ATTRIBUTES) - USED - DEFINED
    assert unused == set()


@pytest.mark.skipif(mpl.__version_info__[:2] != max(TESTED), reason="the table describes the latest tested version")
def test_every_listed_attribute_is_in_matplotlib() -> None:
    sources = Path(mpl.__file__).parent.rglob("*.py")
    names = {name for path in sources for name in re.findall(r"\b_\w+", path.read_text(encoding="utf-8"))}
    missing = LISTED - names - set(dir(FT2Font))
    assert missing == set()
