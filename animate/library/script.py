"""Scene scripts: loading one from its file, reading its parameters, and building its scene from checked values."""

from __future__ import annotations

import ast
import hashlib
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

from animate.errors import AnimateError, SceneError, UsageError, described, did_you_mean
from animate.library.discovery import display_path, find, parse, real_path, summarize
from animate.library.parameters import Parameter
from animate.library.signature import SignatureError, keywords_of, parameters_of

if TYPE_CHECKING:
    from animate.scene import Scene


@dataclass(frozen=True)
class SceneScript:
    """A loaded scene script.

    Attributes
    ----------
    name : str
        The file name without its suffix.
    path : Path
    question : str
        First line of the docstring: the question that the scene answers.
    description : str
        The rest of the docstring.
    parameters : tuple of Parameter
        The parameters of ``build``, in order.
    """

    name: str
    path: Path
    question: str
    description: str
    parameters: tuple[Parameter, ...]
    _build: Callable[..., Any] = field(repr=False)
    _local: LocalModules = field(repr=False, compare=False)

    def build(self, **values: Any) -> Scene:
        """Return the scene for *values*; other parameters keep their defaults.

        Raises
        ------
        UsageError
            If a name is unknown or a value does not fit its parameter.
        SceneError
            If ``build`` raises or does not return a `Scene`; names file and line.
        """
        checked = {name: self.parameter(name).check(value) for name, value in values.items()}
        with self.running("build failed"):
            scene = self._checked_scene(self._build(**keywords_of(self._build, self.parameters, checked)))
        object.__setattr__(scene, "origin", (self, checked))
        return scene

    @contextmanager
    def running(self, mistake: str = "drawing failed") -> Iterator[None]:
        """Run code of the script in a ``with`` block, such as callables that a scene calls while it is drawn.

        Raises
        ------
        SceneError
            If a line of the script or of a module beside it raises; names file and line.
        """
        with self._local.importable(), errors_located(self.path, mistake):
            yield

    def values(
        self,
        texts: Mapping[str, str],
        *,
        data: str | Path | None = None,
        columns: Sequence[str] | None = None,
        skip_missing: bool = False,
        decimal: str | None = None,
        sheet: str | None = None,
    ) -> dict[str, Any]:
        """Return values for `build` from command-line text and an optional file of data.

        Parameters
        ----------
        texts : mapping
            Text of each value, by parameter name.
        data : path, optional
            A file for the parameter ``data``, as `animate.load_table` reads it.
        columns : sequence of str, optional
            Columns of the file to use, in order.
        skip_missing : bool
            Whether rows with an empty cell are left out.
        decimal : str, optional
            The decimal separator of the file.
        sheet : str, optional
            The sheet of a workbook, by its name or number.

        Raises
        ------
        UsageError
            If a name is unknown, a text does not fit, or the scene takes no data.
        DataError
            If the file cannot be read.
        """
        values = {name: self.parameter(name).parse(text) for name, text in texts.items()}
        options = {"columns": columns, "skip_missing": skip_missing, "decimal": decimal, "sheet": sheet}
        given = [name for name, value in options.items() if value]
        if data is None and given:
            raise UsageError(f"--{given[0].replace('_', '-')} is for a file of data: give the file with --data FILE.")
        if data is None:
            return values
        if "data" not in {parameter.name for parameter in self.parameters}:
            others = "`animate list` marks those that do."
            raise UsageError(f"scene {self.name} takes no data of yours: it has no parameter data; {others}")
        from animate.library.own_data import load_table

        chosen: dict[str, Any] = {"skip_missing": skip_missing, "decimal": decimal or "", "sheet": sheet or ""}
        return {**values, "data": load_table(Path(data), columns, **chosen)}

    def parameter(self, name: str) -> Parameter:
        """Return the parameter called *name*.

        Raises
        ------
        UsageError
            If there is none; suggests the nearest name.
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
    """Return the scene script called *name*: a name in a scene folder, or the path of a script.

    Parameters
    ----------
    name : str or Path
        Looked for in *scenes*, then in ``./scenes``, then among the scenes that ship with the package.
    scenes : str or Path, optional
        A folder to search first.

    Raises
    ------
    UsageError
        If there is no such scene.
    SceneError
        If the script cannot be loaded; names its file and line.
    """
    path = find(name, scenes)
    tree = parse(path)
    summary = summarize(path)
    if summary is None:
        raise SceneError(f"{display_path(path)} defines no function build, so it is not a scene")
    if not summary.question:
        raise SceneError(
            f"{display_path(path, 1)}: the script must begin with a docstring: the question that it answers"
        )
    local = LocalModules(path.parent)
    with local.importable(), errors_located(path, "the script failed"):
        namespace = _execute(tree, path)
    build = namespace.get("build")
    try:
        if not callable(build):
            raise SignatureError("build must be a function")
        parameters = parameters_of(build)
    except SignatureError as error:
        raise SceneError(f"{_place_of(build, path)}: {error}") from error
    return SceneScript(path.stem, path, summary.question, summary.description, parameters, build, local)


def _execute(tree: ast.Module, path: Path) -> dict[str, Any]:
    """Return the namespace of a script after running it as a module.

    The module stays in ``sys.modules``, where dataclasses and pickle look it up. Its name holds a hash of the path,
    so that scripts of one name in two folders are two modules, and neither hides a module of another package.
    """
    digest = hashlib.sha256(str(real_path(path)).encode(errors="surrogateescape")).hexdigest()
    module = ModuleType(f"animate_scene_{path.stem}_{digest[:12]}")
    module.__file__ = str(path.resolve())
    try:
        code = compile(tree, module.__file__, "exec")
    except (RecursionError, MemoryError) as error:
        raise SceneError(f"{display_path(path)} is nested too deeply to be read") from error
    sys.modules[module.__name__] = module
    exec(code, module.__dict__)  # noqa: S102 - a scene script is code
    return module.__dict__


def _place_of(function: Any, path: Path) -> str:
    code = getattr(function, "__code__", None)
    return display_path(Path(code.co_filename), code.co_firstlineno) if code else display_path(path)


class _UncachedLoader(SourceFileLoader):
    """Compiles the source on every import: a ``.pyc`` file misses a change made within the same second."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class LocalModules:
    """A finder for ``sys.meta_path`` that lets one script import the modules in its folder.

    Outside `importable` these modules are not in ``sys.modules``, so helpers of one name in two folders stay apart.
    They never hide a module of the standard library.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._modules: dict[str, ModuleType] = {}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module in the folder, or None; called by the import system."""
        if name.partition(".")[0] in sys.stdlib_module_names:
            return None
        places = [str(self._folder)] if path is None else [place for place in path if _lies_in(place, self._folder)]
        found = (FileFinder(place, (_UncachedLoader, [".py"])).find_spec(name, target) for place in places)
        return next((spec for spec in found if spec is not None and spec.loader is not None), None)

    @contextmanager
    def importable(self) -> Iterator[None]:
        """Make the modules importable inside a ``with`` block."""
        before = set(sys.modules)
        sys.modules.update(self._modules)
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            sys.meta_path.remove(self)
            for name in (sys.modules.keys() - before) | self._modules.keys():
                loader = getattr(sys.modules.get(name), "__loader__", None)
                if isinstance(loader, _UncachedLoader) and _lies_in(loader.path, self._folder):
                    self._modules[name] = sys.modules.pop(name)


@contextmanager
def errors_located(path: Path, action: str) -> Iterator[None]:
    """Turn an exception raised by a script into a `SceneError` that names file and line.

    An `AnimateError` passes unchanged, because it is about the user's data or values and its message is complete. An
    interrupt passes too, and so does an exception whose traceback holds no line of the script's folder.
    """
    try:
        yield
    except (AnimateError, KeyboardInterrupt):
        raise
    except SyntaxError as error:  # in a local module that the script imports
        place = display_path(Path(error.filename), error.lineno) if error.filename else display_path(path)
        raise SceneError(f"{place}: {error.msg}") from error
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if _lies_in(frame.filename, path.resolve().parent)]
        if not own:
            raise
        place = display_path(Path(own[-1].filename), own[-1].lineno)
        raise SceneError(f"{place}: {action}: {described(error)}{_nearest_key(error)}") from error


def _nearest_key(error: BaseException) -> str:
    """Return a suggestion for a key that the script's tables lack, or an empty string."""
    if not isinstance(error, KeyError) or not error.args or not isinstance(error.args[0], str):
        return ""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    tables = [value for value in (*frame.f_locals.values(), *frame.f_globals.values()) if type(value) is dict]
    keys = {key for table in tables for key in table if isinstance(key, str) and not key.startswith("_")}
    return f".{hint}" if (hint := did_you_mean(error.args[0], keys)) else ""


def _lies_in(filename: str, folder: Path) -> bool:
    """Return whether a file is below *folder*, but not in a virtual environment there."""
    path = Path(filename).resolve()
    return path.is_relative_to(folder) and "site-packages" not in path.parts
