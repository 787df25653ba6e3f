"""A new scene script: a copy of ``starter_scene.py``, which renders as it is."""

from __future__ import annotations

import keyword
from pathlib import Path

from animate.errors import UsageError

STARTER = Path(__file__).with_name("starter_scene.py")


def new_scene(name: str, folder: str | Path = "scenes") -> Path:
    """Write a new scene script and return its path, ``folder/name.py``; create the folder if it does not exist.

    Raises
    ------
    UsageError
        If *name* is not a valid module name, or the file exists.
    """
    name = name.removesuffix(".py")
    if not name.isidentifier() or keyword.iskeyword(name):
        raise UsageError(f"name must be a Python name, such as my_lesson; got {name!r}.")
    path = Path(folder) / f"{name}.py"
    Path(folder).mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as script:
            script.write(STARTER.read_text(encoding="utf-8"))
    except FileExistsError:
        raise UsageError(f"name must be new; {path} exists.") from None
    except OSError as error:  # such as a full disk: leave no partial script
        path.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error
    return path
