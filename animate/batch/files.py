"""Hashes of files, and their names in a manifest, which are the same on every machine."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from animate.library.discovery import PACKAGE, real_path, shipped_folder


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal digits.

    >>> sha256_of(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()


def file_sha256(path: Path) -> str | None:
    """Return the SHA-256 of a file, or of the sorted names in a folder; None if there is neither."""
    try:
        if path.is_dir():
            return sha256_of(os.fsencode("\n".join(sorted(inside.name for inside in path.iterdir()))))
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


@cache
def package_folder(name: str) -> Path | None:
    """Return the folder of an installed package without importing it, or None if there is none."""
    spec = find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(places[0]).resolve() if places else None


def _places(root: Path) -> Mapping[str, Path | None]:
    """Return the folders to which names are relative, in the order in which they are tried."""
    return {
        "{animate}/": PACKAGE,
        "{matplotlib}/": package_folder("matplotlib"),
        "": root,
        "{scenes}/": shipped_folder().resolve(),
    }


def named(path: Path, root: Path) -> str:
    """Return the name of a file in a manifest; outside the known folders it is the absolute path.

    Parameters
    ----------
    root : Path
        The folder of the build, absolute and without links.

    Examples
    --------
    >>> named(PACKAGE / "scene.py", Path("/course"))
    '{animate}/scene.py'
    """
    resolved = real_path(path)
    for prefix, folder in _places(root).items():
        if folder is not None and resolved.is_relative_to(folder):
            return prefix + resolved.relative_to(folder).as_posix()
    return resolved.as_posix()


def located(name: str, root: Path) -> Path:
    """Return the path of a file from its name in a manifest: the inverse of `named`."""
    for prefix, folder in _places(root).items():
        if prefix and folder is not None and name.startswith(prefix):
            return folder / name.removeprefix(prefix)
    return root / name
