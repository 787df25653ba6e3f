"""What a script imports, read from its text: local modules with all they import, and packages from elsewhere."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from animate.errors import SceneError
from animate.library.discovery import parse, real

LONGEST_NAME = 200
"""Longer texts are no names of files."""


def closure(script: Path) -> tuple[list[Path], list[str]]:
    """Return the local modules that a script imports, directly or through others, and the outside packages' names.

    A module is local if it lies beside the script, as `animate.load` finds it. What is imported in a function or in a
    branch counts too. A file that is no Python imports nothing: whoever runs it will say so.
    """
    folder = real(script).parent
    found: dict[Path, None] = {}
    outside: set[str] = set()
    waiting = [real(script)]
    while waiting:
        path = waiting.pop()
        for name in _names(path, folder):
            local = list(_files(name, folder))
            waiting += [one for one in local if one not in found]
            found |= dict.fromkeys(local)
            if not local:
                outside.add(name.partition(".")[0])
    return sorted(found), sorted(outside - sys.stdlib_module_names - {"animate", ""})


def _names(path: Path, folder: Path) -> Iterator[str]:
    """Yield the full name of each module a file may import; ``from a import b`` may mean a.b."""
    try:
        tree = parse(path)
    except SceneError:
        return
    package = path.parent.relative_to(folder).parts
    for node in _statements(tree.body):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            if base:
                yield base
            yield from (f"{base}.{alias.name}" if base else alias.name for alias in node.names)


def _statements(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield statements and all within them, but no expressions: those are most of a tree and import nothing."""
    for node in nodes:
        yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from _statements(getattr(node, block, ()))


def _files(name: str, folder: Path) -> Iterator[Path]:
    """Yield the files that importing a module runs: each package on the way, and the module."""
    for part in name.split("."):
        package, module = folder / part / "__init__.py", folder / f"{part}.py"
        if package.is_file():
            yield package
            folder = folder / part
        elif module.is_file():
            yield module
            return
        else:
            return


def mentioned(script: Path, root: Path) -> list[Path]:
    """Return the files that a script or a module beside it names in a text, seen from *root* or from the script."""
    texts: set[str] = set()
    for path in (script, *closure(script)[0]):
        with suppress(SceneError):
            nodes = (node.value for node in ast.walk(parse(path)) if isinstance(node, ast.Constant))
            texts |= {value for value in nodes if isinstance(value, str) and 0 < len(value) < LONGEST_NAME}
    places = [folder / text for text in texts if "\0" not in text for folder in (root, real(script).parent)]
    with suppress(OSError):
        return sorted({real(path) for path in places if path.is_file()})
    return []


def defaults(script: Path) -> dict[str, str]:
    """Return the defaults of a script's ``build`` as they are written, by parameter; empty where they cannot be read.

    So a change can be told in words without running the script.
    """
    try:
        tree = parse(script)
    except SceneError:
        return {}
    builds = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "build"]
    if not builds:
        return {}
    given = builds[0].args
    positional = [*given.posonlyargs, *given.args]
    pairs = [
        *zip(positional[len(positional) - len(given.defaults) :], given.defaults, strict=True),
        *((name, value) for name, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value is not None),
    ]
    return {name.arg: _written(value) for name, value in pairs}


def _written(value: ast.expr) -> str:
    try:
        return ast.unparse(value)
    except RecursionError:  # hundreds of operators in a row
        return "..."
