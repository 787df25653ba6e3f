"""The command lines that make what the page shows."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from animate.draw.settings import Settings
from animate.library.parameters import Parameter


@dataclass(frozen=True)
class Order:
    """What a command line says of a scene, besides what is to be made of it.

    Parameters
    ----------
    name : str
        The scene's, or the path of its script.
    parameters : sequence of Parameter
    values : dict
        By parameter name; a value that is the default is not said.
    settings : Settings
    data, columns : str
        The name of the user's file and the columns of it; empty for none.
    folder : str
        The folder in which scenes are looked for first; empty for none.
    """

    name: str
    parameters: Sequence[Parameter]
    values: Mapping[str, Any]
    settings: Settings
    data: str = ""
    columns: str = ""
    folder: str = ""

    def line(self, command: str, *options: str) -> str:
        """Return a line such as ``animate render momentum --set seed=3``, to be pasted into a shell."""
        return shlex.join(["animate", command, self.name, *self._parts(), *options])

    def _parts(self) -> list[str]:
        parts: list[str] = []
        for parameter in self.parameters:
            value = self.values.get(parameter.name, parameter.default)
            if parameter.kind != "data" and value != parameter.default:
                parts += ["--set", f"{parameter.name}={parameter.text(value)}"]
        if self.data:
            parts += ["--data", self.data, *(["--columns", self.columns] if self.columns else [])]
        default = Settings()
        if (self.settings.width, self.settings.height) != (default.width, default.height):
            parts += ["--size", f"{self.settings.width}x{self.settings.height}"]
        if self.settings.theme != default.theme:
            parts += ["--theme", self.settings.theme]
        return [*parts, "--scenes", self.folder] if self.folder else parts


def column_names(text: str) -> list[str] | None:
    """Return the names in a line of CSV, as ``--columns`` reads it; None where there is none.

    >>> column_names('x,"y, in mm"')
    ['x', 'y, in mm']
    >>> column_names(" ") is None
    True
    """
    return [name.strip() for name in next(csv.reader(io.StringIO(text)), [])] if text.strip() else None
