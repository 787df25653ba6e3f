"""Finding scene scripts in folders, and reading the question of each without running it."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from animate.errors import SceneError, UsageError, did_you_mean

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Summary:
    """A scene script as `animate list` shows it, read without running it.

    Attributes
    ----------
    question, description : str
        First line and rest of its docstring.
    problem : str
        Why the script cannot be read; empty if it can.
    data : str
        The columns that it takes as a user's own data, in words; empty if it takes none.
    """

    name: str
    path: Path
    question: str = ""
    description: str = ""
    problem: str = ""
    data: str = ""


def shipped_folder() -> Path:
    """Return the folder of the scenes that ship with the package: inside it, or beside it in a source checkout."""
    inside = PACKAGE / "scenes"
    return inside if inside.is_dir() else PACKAGE.parent / "scenes"


def scene_folders(scenes: str | Path | None = None) -> list[Path]:
    """Return the folders to search for a scene, in order: *scenes*, ``./scenes``, the shipped scenes.

    Raises
    ------
    UsageError
        If *scenes* is given and is not a folder.
    """
    if scenes is not None and not Path(scenes).is_dir():
        raise UsageError(f"scenes must be a folder; got {str(scenes)!r}.")
    wanted = [*([Path(scenes)] if scenes is not None else []), Path("scenes"), shipped_folder()]
    there = {folder.resolve(): folder for folder in reversed(wanted) if folder.is_dir()}
    return [folder for folder in wanted if there.get(folder.resolve()) is folder]


def find(name: str | Path, scenes: str | Path | None = None) -> Path:
    """Return the path of a scene script, given its path or its name in a scene folder.

    Raises
    ------
    UsageError
        If there is no such script.
    """
    text = os.fspath(name)
    if text.endswith(".py") or os.sep in text or isinstance(name, Path):
        return _file(Path(text))
    known: dict[str, Path] = {}
    for folder in scene_folders(scenes):
        known = {path.stem: path for path in _scripts(folder)} | known
    if text in known:
        return known[text]
    hint = did_you_mean(text, known) or " `animate list` lists the scenes."
    raise UsageError(f"there is no scene named {text!r}.{hint}")


def summaries(scenes: str | Path | None = None, only: str | Path | None = None) -> list[Summary]:
    """Return a summary of each scene in the scene folders, sorted by name; an earlier folder takes precedence.

    Parameters
    ----------
    scenes : str or Path, optional
        A folder to search first.
    only : str or Path, optional
        The one folder to search.

    Raises
    ------
    UsageError
        If one of them is no folder.
    """
    if only is not None and not Path(only).is_dir():
        raise UsageError(f"only must be a folder; got {str(only)!r}.")
    found: dict[str, Summary] = {}
    for folder in scene_folders(scenes) if only is None else [Path(only)]:
        here = {path.stem: summarize(path) for path in _scripts(folder)}
        found = {name: one for name, one in here.items() if one is not None} | found
    return [found[name] for name in sorted(found)]


def own_scenes(scenes: str | Path | None = None) -> list[Path]:
    """Return the scripts of the first scene folder that exists; ``animate build`` builds these by default."""
    paths = [path for folder in scene_folders(scenes)[:1] for path in _scripts(folder)]
    return [path for path in paths if summarize(path) is not None]


def summarize(path: Path) -> Summary | None:
    """Return the summary of a script, or None for a helper module, which has no ``build``."""
    try:
        tree = parse(path)
    except SceneError as error:
        return Summary(path.stem, path, problem=str(error))
    if "build" not in _bound_names(tree):
        return None
    question, _, description = (ast.get_docstring(tree) or "").partition("\n")
    return Summary(path.stem, path, question.strip(), description.strip(), data=_own_data(tree))


def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a script.

    Raises
    ------
    SceneError
        If the script cannot be read or is not valid Python; names the line.
    """
    try:
        return _tree(path.read_bytes())
    except OSError as error:
        raise SceneError(f"{display_path(path)} cannot be read: {error.strerror}") from error
    except SyntaxError as error:
        raise SceneError(f"{display_path(path, error.lineno)}: {error.msg}") from error
    except ValueError as error:  # a null byte
        raise SceneError(f"{display_path(path)} is not Python: {error}") from error
    except (RecursionError, MemoryError) as error:  # raised by the parser for thousands of operators in a row
        raise SceneError(f"{display_path(path)} is nested too deeply to be read") from error


@lru_cache(maxsize=256)
def _tree(text: bytes) -> ast.Module:
    """Return the syntax tree of a source text; cached, because a build reads each script several times."""
    return ast.parse(text)


def real_path(path: Path) -> Path:
    """Return the absolute path without symbolic links."""
    return Path(os.path.realpath(path))  # Path.resolve raises RuntimeError if links form a cycle


def display_path(path: Path, line: int | None = None) -> str:
    """Return a path for a message, relative to the working directory if it lies there, with an optional line."""
    resolved, here = real_path(path), Path.cwd()
    text = str(resolved.relative_to(here)) if resolved.is_relative_to(here) else str(resolved)
    return text if line is None else f"{text}:{line}"


def _file(path: Path) -> Path:
    if path.exists() or path.is_symlink():  # reading reports what is not a regular file
        return path
    siblings = [str(other) for other in sorted(path.parent.glob("*.py"))]
    raise UsageError(f"there is no scene script {str(path)!r}.{did_you_mean(str(path), siblings)}")


def _scripts(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))


_GROUPS = {"LinePoints", "OutlierPoints"}
"""Groups of parameters that include ``data``, the user's own x and y."""


def _own_data(tree: ast.Module) -> str:
    """Return the meaning of the data that ``build`` takes.

    It has ``data: OwnData``, ``data: Annotated[Table | None, "Your own x and y"]`` or a group ``points: LinePoints``.
    """
    builds = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "build")
    given = [one for node in builds for one in (*node.args.args, *node.args.kwonlyargs)]
    arguments = [one for one in given if one.arg == "data" or _GROUPS & _names(one)]
    parts = [part for one in arguments for part in ast.walk(one)]
    texts = (part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
    is_usual = any(({"OwnData"} | _GROUPS) & _names(one) for one in arguments)
    usual = "your own x and y" if is_usual else "your own table" if arguments else ""
    meaning = next(texts, usual)
    return meaning[:1].lower() + meaning[1:]


def _names(argument: ast.arg) -> set[str]:
    return {part.id for part in ast.walk(argument) if isinstance(part, ast.Name)}


def _bound_names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
