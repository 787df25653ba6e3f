"""The line of a script in which a mark, panel or beat was made, for errors about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_tb

from animate.errors import AnimateError, SceneError, TranslationError, UsageError, described, one_line

_PACKAGE = str(Path(__file__).parents[1])
_COMMANDS = str(Path(_PACKAGE, "cli"))
_STANDARD_LIBRARY = str(Path(contextmanager.__code__.co_filename).parent)


def place_in_script() -> str:
    """Return file and line of the first caller that a user wrote, or ""."""
    frame = sys._getframe(1)  # noqa: SLF001 - the documented way to the caller's line
    while _is_installed(frame.f_code.co_filename):
        if frame.f_back is None or frame.f_code.co_filename.startswith(_COMMANDS):  # which nothing of a user calls
            return ""
        frame = frame.f_back
    path = Path(frame.f_code.co_filename)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"{shown}:{frame.f_lineno}"


class Located:
    """What errors about a part of a scene share; a subclass sets ``source`` to `place_in_script`."""

    source: str

    def error(self, text: str) -> SceneError:
        """Return an error about this part that names the line of the script it was made in."""
        place = f"{self.source}: " if self.source else ""
        return SceneError(f"{place}{type(self).__name__}: {text if text.endswith('?') else f'{text}.'}")

    @contextmanager
    def located(self, update: float | None = None) -> Iterator[None]:
        """Turn an error inside a ``with`` block into a SceneError with this part, its line and the update.

        An error that a function of the script raised is left to whoever runs the script, who names that line.
        """
        try:
            yield
        except Exception as error:
            located = self._located_error(error, update)
            if located is error:
                raise
            raise located from error

    def _located_error(self, error: Exception, update: float | None) -> Exception:
        when = "" if update is None else f" at update {update:g}"
        if isinstance(error, UsageError) and not isinstance(error, TranslationError):
            return self.error(str(error).replace("; got", f"{when}; got", 1).removesuffix("."))
        if isinstance(error, AnimateError) or _is_of_script(error):
            return error
        return self.error(f"cannot be drawn{when}: {one_line(described(error)).removesuffix('.')}")


def _is_of_script(error: BaseException) -> bool:
    """Return whether a function outside this package and the installed ones raised an error."""
    return any(not _is_installed(frame.f_code.co_filename) for frame, _ in walk_tb(error.__traceback__))


def _is_installed(file: str) -> bool:
    """Return whether a file of code is of this package, the standard library or an installed package, or is none."""
    return file.startswith((_PACKAGE, "<", _STANDARD_LIBRARY)) or "site-packages" in file or "dist-packages" in file
