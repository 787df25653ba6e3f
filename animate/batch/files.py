"""Files of a build: their hashes, and the names under which a manifest knows them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from animate.library.discovery import PACKAGE, real, shipped_folder


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal digits.

    >>> sha256_of(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()


def file_sha256(path: Path) -> str | None:
    """Return the SHA-256 of a file, of the sorted names in a folder, or None where there is neither."""
    try:
        if path.is_dir():
            return sha256_of(os.fsencode("\n".join(sorted(inside.name for inside in path.iterdir()))))
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


@cache
def package_folder(name: str) -> Path | None:
    """Return the folder of an installed package, without importing it; None where there is none."""
    spec = find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(places[0]).resolve() if places else None


def _places(root: Path) -> Mapping[str, Path | None]:
    """Return the folders from which names are given, in the order in which they are tried."""
    return {
        "{animate}/": PACKAGE,
        "{matplotlib}/": package_folder("matplotlib"),
        "": root,
        "{scenes}/": shipped_folder().resolve(),
    }


def named(path: Path, root: Path) -> str:
    """Return the name of a file that is the same on another machine, as far as there is one.

    Parameters
    ----------
    path : Path
    root : Path
        The folder of the build; absolute, without links.
    """
    resolved = real(path)
    for prefix, folder in _places(root).items():
        if folder is not None and resolved.is_relative_to(folder):
            return prefix + resolved.relative_to(folder).as_posix()
    return resolved.as_posix()


def located(name: str, root: Path) -> Path:
    """Return the path of the file that `named` gave a name."""
    for prefix, folder in _places(root).items():
        if prefix and folder is not None and name.startswith(prefix):
            return folder / name.removeprefix(prefix)
    return root / name
