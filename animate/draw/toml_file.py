"""TOML files of users, read or refused in one line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from animate.errors import UsageError


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds.

    Raises
    ------
    UsageError
        If it cannot be read, is no UTF-8, or no TOML.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{path} must be a text in UTF-8; got another encoding in line {line}. Save it as UTF-8 in your editor."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} must be a TOML file: {error}.") from None
