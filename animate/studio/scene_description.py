"""The parts of the page beside the picture: controls, numbers, and the command lines that make the scene."""

from __future__ import annotations

import csv
import io
import math
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from animate.draw.formatting import number
from animate.draw.readout import Readout
from animate.draw.settings import Settings
from animate.draw.story import StoryTimeline
from animate.draw.theme import Theme
from animate.draw.timeline import Timeline
from animate.learn.tables import CHOOSE, CHOOSE_NUMBERS, QUOTE, SKIP
from animate.library.parameters import Parameter
from animate.scene import Scene


@dataclass(frozen=True)
class SceneCommand:
    """The arguments of a command line that make a scene as it is on the page.

    Parameters
    ----------
    name : str
        The scene's name, or the path of its script.
    values : dict
        Values by parameter name; defaults are left out of the line.
    data, columns, sheet, decimal : str
        Name of the user's file and how it is read, as on the command line; empty for none.
    folder : str
        The folder that is searched first for scenes; empty for none.
    words, locale : str
        The language; empty for English.
    skip_missing : bool
        Whether rows of the file with an empty cell are left out.
    """

    name: str
    parameters: Sequence[Parameter]
    values: Mapping[str, Any]
    settings: Settings
    data: str = ""
    columns: str = ""
    folder: str = ""
    words: str = ""
    locale: str = ""
    skip_missing: bool = False
    sheet: str = ""
    decimal: str = ""

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
            parts += ["--skip-missing"] if self.skip_missing else []
            for option in ("sheet", "decimal"):
                parts += [f"--{option}", getattr(self, option)] if getattr(self, option) else []
        default = Settings()
        if (self.settings.width, self.settings.height) != (default.width, default.height):
            parts += ["--size", f"{self.settings.width}x{self.settings.height}"]
        if self.settings.theme != default.theme:
            parts += ["--theme", str(self.settings.theme)]
        for option in ("words", "locale"):
            parts += [f"--{option}", getattr(self, option)] if getattr(self, option) else []
        return [*parts, "--scenes", self.folder] if self.folder else parts


def column_names(text: str) -> list[str] | None:
    """Return the names in a line of CSV, as ``--columns`` reads it; None where there is none.

    >>> column_names('x,"y, in mm"')
    ['x', 'y, in mm']
    >>> column_names(" ") is None
    True
    """
    return [name.strip() for name in next(csv.reader(io.StringIO(text)), [])] if text.strip() else None


def in_words_of_the_page(text: str) -> str:
    """Return a message with what the page offers in place of options of the command line.

    >>> in_words_of_the_page("1,234 is read with thousands; if it has decimals, add --decimal ','")
    "1,234 is read with thousands; if it has decimals, choose ',' under Decimals"
    """
    for option, control in PAGE_WORDS.items():
        text = text.replace(option, control)
    return re.sub(r"add --decimal ('[.,]')", r"choose \1 under Decimals", text)


PAGE_WORDS = {
    SKIP: "Tick \u201cLeave out rows with an empty cell\u201d",
    CHOOSE: "Name the ones to use under Columns",
    QUOTE: "Put a name with a comma in quotes",
    CHOOSE_NUMBERS: "Name columns of numbers under Columns",
}
"""What the page offers, by the words of errors that name options."""


def describe_parameter(parameter: Parameter) -> dict[str, Any]:
    """Return the fields of a parameter that its control needs."""
    bounds = parameter.range
    return {
        "name": parameter.name,
        "kind": parameter.kind,
        "type": parameter.type_name,
        "default": parameter.text(parameter.default) if parameter.kind != "data" else "",
        "optional": parameter.optional,
        "range": None if bounds is None else {"low": bounds.low, "high": bounds.high, "scale": bounds.scale},
        "choices": list(parameter.choices),
        "n_values": parameter.n_values,
        "help": parameter.help,
    }


def start_share(timeline: Timeline) -> float:
    """Return the moment, 0 to 1, at which a start is shown as it is chosen: in a story, after all has entered."""
    if not isinstance(timeline, StoryTimeline) or not timeline.n_updates:
        return 0.0
    low, high = 0.0, timeline.time_of(1)
    for _ in range(30):  # the first update may be shown in slow motion
        middle = (low + high) / 2
        low, high = (low, middle) if timeline.position_at(middle) > 0 else (middle, high)
    return math.floor(1e6 * low / timeline.duration) / 1e6


class RunReadouts:
    """Epoch and loss of each run of a scene, with the decimals that the picture shows."""

    def __init__(self, scene: Scene) -> None:
        self._runs = [(run, run.trajectory.epochs, Readout.of("loss", run.trajectory.loss)) for run in scene.runs]

    def at(self, update: int) -> list[dict[str, str]]:
        """Return the texts of each run at an update."""
        found = []
        for run, epochs, loss in self._runs:
            at = run.at(update)
            found.append(
                {"epoch": number(float(epochs[at]), 0 if float(epochs[-1]).is_integer() else 2), "loss": loss.text(at)}
            )
        return found


def describe_scene(scene: Scene, theme: Theme, command: SceneCommand) -> dict[str, Any]:
    """Return the fields shown beside a scene that do not depend on the moment."""
    still = f"{Path(command.name).stem}.png"
    return {
        "question": scene.question,
        "alt": scene.alt,
        "counter": scene.counter,
        "duration": scene.timeline.duration,
        "n_updates": scene.timeline.n_updates,
        "start": start_share(scene.timeline),
        "runs": [{"name": run.name, "color": theme.color(run.role)} for run in scene.runs],
        "render": command.line("render"),
        "still": command.line("still", "--at", "SHARE", "-o", still),
    }
