"""Running code of a scene script: modules beside it importable, its mistakes told with file and line."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from animate.errors import AnimateError, SceneError, described
from animate.library.folders import shown


class _FreshLoader(SourceFileLoader):
    """Compiles from the source each time: a cached compilation misses a change within the same second."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class LocalModules:
    """The modules in a script's folder, importable by the script and by nobody else.

    A finder for ``sys.meta_path``. Outside `importable` they are not in ``sys.modules``, so that another
    folder's helper of the same name is another module. Python's own modules are never hidden.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._modules: dict[str, ModuleType] = {}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where the module *name* is in the folder, or None; as ``sys.meta_path`` asks."""
        if name.partition(".")[0] in sys.stdlib_module_names:
            return None
        places = [str(self._folder)] if path is None else [place for place in path if lies_in(place, self._folder)]
        found = (FileFinder(place, (_FreshLoader, [".py"])).find_spec(name, target) for place in places)
        return next((spec for spec in found if spec is not None and spec.loader is not None), None)

    @contextmanager
    def importable(self) -> Iterator[None]:
        """Let the modules be imported for the time of a ``with``."""
        before = set(sys.modules)
        sys.modules.update(self._modules)
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            sys.meta_path.remove(self)
            for name in (sys.modules.keys() - before) | self._modules.keys():
                loader = getattr(sys.modules.get(name), "__loader__", None)
                if isinstance(loader, _FreshLoader) and lies_in(loader.path, self._folder):
                    self._modules[name] = sys.modules.pop(name)


@contextmanager
def mistakes_located(path: Path, doing: str) -> Iterator[None]:
    """Turn what a script raises into a `SceneError` with file and line.

    An `AnimateError` passes: it is about the user's data or values, and says so itself. So do an interrupt, and an
    error that no line of the script's folder had a part in.
    """
    try:
        yield
    except AnimateError:
        raise
    except SyntaxError as error:  # of a local module that the script imports
        where = shown(Path(error.filename), error.lineno) if error.filename else shown(path)
        raise SceneError(f"{where}: {error.msg}") from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        place = _deepest_place(error, path.resolve().parent)
        if place is None:
            raise
        raise SceneError(f"{place}: {doing}: {described(error)}") from error


def _deepest_place(error: BaseException, folder: Path) -> str | None:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if lies_in(frame.filename, folder)]
    return shown(Path(frames[-1].filename), frames[-1].lineno) if frames else None


def lies_in(filename: str, folder: Path) -> bool:
    """Return whether a file is below *folder*, and not in a virtual environment that lies there too."""
    path = Path(filename).resolve()
    return path.is_relative_to(folder) and "site-packages" not in path.parts
