"""Scene scripts: loaded from their file, asked for their parameters, built with checked values."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

from animate.errors import SceneError, UsageError, did_you_mean
from animate.library.folders import find, parse, shown, summarize
from animate.library.parameters import Parameter
from animate.library.recipe import Recipe
from animate.library.running import LocalModules, mistakes_located
from animate.library.signature import SignatureError, parameters_of

if TYPE_CHECKING:
    from animate.scene import Scene


@dataclass(frozen=True)
class SceneScript:
    """A loaded scene script.

    Attributes
    ----------
    name : str
        The file's name without its suffix.
    path : Path
    question : str
        The docstring's first line: the question that the scene answers.
    description : str
        The rest of the docstring.
    parameters : tuple of Parameter
        As the signature of ``build`` states them, in its order.
    """

    name: str
    path: Path
    question: str
    description: str
    parameters: tuple[Parameter, ...]
    _build: Callable[..., Any] = field(repr=False)
    _local: LocalModules = field(repr=False, compare=False)

    def build(self, **values: Any) -> Scene:
        """Return the scene for *values*; a parameter that is not given has its default.

        Raises
        ------
        UsageError
            If a name is unknown or a value does not fit its parameter.
        SceneError
            If ``build`` raises, or returns anything but a `Scene`; names file and line.
        """
        checked = {name: self.parameter(name).check(value) for name, value in values.items()}
        with self.running("build failed"):
            scene = self._build(**checked)
        return self._checked_scene(scene).made_by(Recipe(self.path.resolve(), checked))

    @contextmanager
    def running(self, mistake: str = "drawing failed") -> Iterator[None]:
        """Let the script's code run in a ``with``, such as what a scene calls while it is drawn.

        Raises
        ------
        SceneError
            If a line of the script, or of a module beside it, raises; names file and line.
        """
        with self._local.importable(), mistakes_located(self.path, mistake):
            yield

    def values(
        self,
        texts: Mapping[str, str],
        *,
        data: str | Path | None = None,
        columns: Sequence[str] | None = None,
    ) -> dict[str, Any]:
        """Return the values for `build` that a command line means: texts by parameter name, and a CSV file.

        Raises
        ------
        UsageError
            If a name is unknown, a text does not fit, or the scene takes no data.
        DataError
            If the file cannot be read.
        """
        values = {name: self.parameter(name).parse(text) for name, text in texts.items()}
        if data is None and columns is None:
            return values
        if data is None:
            raise UsageError("--columns chooses columns of a file: give the file with --data FILE.")
        if "data" not in {parameter.name for parameter in self.parameters}:
            raise UsageError(f"scene {self.name} takes no data of yours: it has no parameter data.")
        from animate.learn.tables import read_csv

        return {**values, "data": read_csv(Path(data), columns=columns)}

    def parameter(self, name: str) -> Parameter:
        """Return the parameter of a name.

        Raises
        ------
        UsageError
            If there is none; tells the nearest.
        """
        named = {parameter.name: parameter for parameter in self.parameters}
        if name in named:
            return named[name]
        hint = did_you_mean(name, named) or (f" It has {', '.join(named)}." if named else " It has none.")
        raise UsageError(f"scene {self.name} has no parameter {name!r}.{hint}")

    def _checked_scene(self, scene: Any) -> Scene:
        from animate.scene import Scene

        if not isinstance(scene, Scene):
            place = _place_of(self._build, self.path)
            raise SceneError(f"{place}: build must return an animate.Scene; got {type(scene).__name__}")
        return scene


def load(name: str | Path, scenes: str | Path | None = None) -> SceneScript:
    """Return the scene script that *name* means: a name in a scene folder, or the path of a script.

    Parameters
    ----------
    name : str or Path
        Looked for in *scenes*, then in ``./scenes``, then among the scenes that ship with the package.
    scenes : str or Path, optional
        A folder to look in first.

    Raises
    ------
    UsageError
        If there is no such scene.
    SceneError
        If the script cannot be loaded; names its file and line.
    """
    path = find(name, scenes)
    local = LocalModules(path.parent)
    tree = parse(path)
    summary = summarize(path)
    if summary is None:
        raise SceneError(f"{shown(path)} defines no function build, so it is not a scene")
    if not summary.question:
        raise SceneError(f"{shown(path, 1)}: the script must begin with a docstring: the question that it answers")
    module = ModuleType(f"animate_scene_{path.stem}")
    module.__file__ = str(path.resolve())
    # a dataclass in a script looks its module up
    sys.modules[module.__name__] = module
    with local.importable(), mistakes_located(path, "the script failed"):
        exec(_compiled(tree, module.__file__), module.__dict__)  # noqa: S102 - a scene script is code
    build = module.__dict__.get("build")
    try:
        if not callable(build):
            raise SignatureError("build must be a function")
        parameters = parameters_of(build)
    except SignatureError as error:
        raise SceneError(f"{_place_of(build, path)}: {error}") from error
    return SceneScript(path.stem, path, summary.question, summary.description, parameters, build, local)


def _compiled(tree: ast.Module, filename: str) -> CodeType:
    try:
        return compile(tree, filename, "exec")
    except (RecursionError, MemoryError) as error:
        raise SceneError(f"{shown(Path(filename))} is nested too deeply to be read") from error


def _place_of(function: Any, path: Path) -> str:
    code = getattr(function, "__code__", None)
    return shown(Path(code.co_filename), code.co_firstlineno) if code else shown(path)
