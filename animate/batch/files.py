"""Files of a build: their hashes, the names under which a manifest knows them, and writing them whole."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from animate.errors import EncodeError
from animate.interrupts import uninterrupted
from animate.library.folders import PACKAGE, real, shipped_folder

TEMPORARY = ".animate-"
"""What the names of files begin with that are not whole yet."""


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


def write_whole(path: Path, content: bytes) -> bool:
    """Write a file so that it is there whole or not at all; return whether its bytes are new.

    A file that holds these bytes already is not touched.

    Raises
    ------
    EncodeError
        If it cannot be written; what was there before stays.
    """
    if not path.name:
        raise EncodeError(f"cannot write {str(path)!r}: it names no file.")
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{secrets.token_hex(4)}")
    try:
        if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with uninterrupted():  # an interrupt that falls into opening a file leaves it open
                temporary.write_bytes(content)
                temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise EncodeError(f"cannot write {str(path)!r}: {error.strerror or error}.") from error
    return True


def remove_leftovers(folder: Path) -> None:
    """Remove what a build that was killed left behind; only for who holds the folder's lock."""
    for path in folder.glob(f"{TEMPORARY}*-*"):
        path.unlink(missing_ok=True)


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
