"""Where scene scripts are found, and what each says it answers, read without running it."""

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
    """What a scene script says about itself: its name, where it is, its question and description.

    ``problem`` is empty, or says why the script cannot be read.
    """

    name: str
    path: Path
    question: str = ""
    description: str = ""
    problem: str = ""


def shipped_folder() -> Path:
    """Return the folder of the scenes that come with the package: inside it, or beside it in a checkout."""
    inside = PACKAGE / "scenes"
    return inside if inside.is_dir() else PACKAGE.parent / "scenes"


def scene_folders(scenes: str | Path | None = None) -> list[Path]:
    """Return the folders in which a name is looked for, in order: *scenes*, ``./scenes``, the shipped ones.

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
    """Return the path of the scene script that *name* means: a file's path, or a name in a scene folder.

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
    hint = did_you_mean(text, known) or " `animate list` shows them all."
    raise UsageError(f"there is no scene named {text!r}.{hint}")


def summaries(scenes: str | Path | None = None) -> list[Summary]:
    """Return what each scene in the scene folders says of itself, sorted by name; the first folder wins."""
    found: dict[str, Summary] = {}
    for folder in scene_folders(scenes):
        here = {path.stem: summarize(path) for path in _scripts(folder)}
        found = {name: one for name, one in here.items() if one is not None} | found
    return [found[name] for name in sorted(found)]


def own_scenes(scenes: str | Path | None = None) -> list[Path]:
    """Return the scripts of the first scene folder there is: what is built when nothing is named."""
    paths = [path for folder in scene_folders(scenes)[:1] for path in _scripts(folder)]
    return [path for path in paths if summarize(path) is not None]


def summarize(path: Path) -> Summary | None:
    """Return what the script says of itself, or None for a module without ``build``: a local helper."""
    try:
        tree = parse(path)
    except SceneError as error:
        return Summary(path.stem, path, problem=str(error))
    if "build" not in _bound_names(tree):
        return None
    question, _, description = (ast.get_docstring(tree) or "").partition("\n")
    return Summary(path.stem, path, question.strip(), description.strip())


def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a script.

    Raises
    ------
    SceneError
        If it cannot be read or is not Python; names the line.
    """
    try:
        return _tree(path.read_bytes())
    except OSError as error:
        raise SceneError(f"{shown(path)} cannot be read: {error.strerror}") from error
    except SyntaxError as error:
        raise SceneError(f"{shown(path, error.lineno)}: {error.msg}") from error
    except ValueError as error:  # a null byte
        raise SceneError(f"{shown(path)} is not Python: {error}") from error
    except (RecursionError, MemoryError) as error:  # the parser's own, at thousands of operators in a row
        raise SceneError(f"{shown(path)} is nested too deeply to be read") from error


@lru_cache(maxsize=256)
def _tree(text: bytes) -> ast.Module:
    """Return the syntax tree of a text: a build reads each script for its question, its defaults and its imports."""
    return ast.parse(text)


def real(path: Path) -> Path:
    """Return a path from the root without links, as far as there are none in a circle."""
    return Path(os.path.realpath(path))  # Path.resolve raises RuntimeError at a circle


def shown(path: Path, line: int | None = None) -> str:
    """Return a script, and a line in it, as a message writes it: as short as it can be found from here."""
    resolved, here = real(path), Path.cwd()
    text = str(resolved.relative_to(here)) if resolved.is_relative_to(here) else str(resolved)
    return text if line is None else f"{text}:{line}"


def _file(path: Path) -> Path:
    if path.exists() or path.is_symlink():  # what is no file, reading it will tell
        return path
    siblings = [str(other) for other in sorted(path.parent.glob("*.py"))]
    raise UsageError(f"there is no scene script {str(path)!r}.{did_you_mean(str(path), siblings)}")


def _scripts(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))


def _bound_names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
