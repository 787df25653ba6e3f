"""A new scene script: a copy of ``starter_scene.py`` or of any other scene, which renders as it is."""

from __future__ import annotations

import ast
import keyword
from pathlib import Path

from animate.errors import SceneError, UsageError
from animate.library.discovery import display_path, find, parse, summarize

STARTERS: dict[str, str | Path] = {"linear": Path(__file__).with_name("starter_scene.py"), "logistic": "logistic_1d"}
"""Kinds of scene to start from: a script, or the name of a scene."""


def new_scene(name: str, folder: str | Path = "scenes", *, like: str = "linear") -> Path:
    """Write a new scene script and return its path, ``folder/name.py``; create the folder if it does not exist.

    Parameters
    ----------
    name : str
    folder : str or Path
    like : str
        What it begins as: ``linear`` or ``logistic``, or the name or path of the scene to copy.

    Raises
    ------
    UsageError
        If *name* is not a valid module name, the file exists, or there is no scene like that.
    SceneError
        If the scene to copy needs a module beside it, which a copy elsewhere would not find.
    """
    name = name.removesuffix(".py")
    if not name.isidentifier() or keyword.iskeyword(name):
        raise UsageError(f"name must be a Python name, such as my_lesson; got {name!r}.")
    text = _text_of(like, Path(folder))
    path = Path(folder) / f"{name}.py"
    Path(folder).mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as script:
            script.write(text)
    except FileExistsError:
        raise UsageError(f"name must be new; {path} exists.") from None
    except OSError as error:  # such as a full disk: leave no partial script
        path.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error
    return path


def _text_of(like: str, folder: Path) -> str:
    source = find(STARTERS.get(like, like), folder if folder.is_dir() else None)
    tree = parse(source)
    if summarize(source) is None:
        raise SceneError(f"{display_path(source)} defines no function build, so it is not a scene to begin with")
    modules = {module for node in ast.walk(tree) for module in _imported(node)}
    beside = sorted(module for module in modules if (source.parent / f"{module}.py").exists())
    if beside and source.resolve().parent != folder.resolve():
        raise SceneError(f"{display_path(source)} imports {beside[0]}.py from its folder: copy both by hand")
    return source.read_text(encoding="utf-8")


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    return [str(node.module).partition(".")[0]] if isinstance(node, ast.ImportFrom) else []
