"""The state of packages from elsewhere that scenes import: a version, or a hash where there is none to trust."""

from __future__ import annotations

import sys
import sysconfig
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

from animate.batch.environment import package_version
from animate.batch.files import file_sha256, sha256_of

KNOWN = frozenset({"numpy", "matplotlib", "PIL", "imageio", "imageio_ffmpeg", "animate"})
"""What the environment tells of already."""


def package_state(name: str, before: str = "") -> str:
    """Return the state of a package that a script imports, such as ``scikit-learn 1.9.1``.

    A package that is not among the installed ones, or is installed to be edited, has the hash of its files.

    Parameters
    ----------
    name : str
        As it is imported.
    before : str
        Its state when it was last looked at, which says what distribution it is from: a quick way to know again.
    """
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):  # a broken one
        return "missing"
    if spec is None:
        return "missing"
    folder = _installed_in(spec)
    if folder is None:
        return "part of Python" if spec.origin in ("built-in", "frozen") else _hashed(spec)
    distribution = before.rpartition(" ")[0] or _distribution(name)
    return f"{distribution} {package_version(distribution)}" if distribution else _hashed(spec)


def _installed_in(spec: ModuleSpec) -> Path | None:
    places = [*(spec.submodule_search_locations or ()), *([spec.origin] if spec.origin else [])]
    paths = sysconfig.get_paths()
    folders = [Path(paths[name]).resolve() for name in ("purelib", "platlib", "stdlib")]
    return next(
        (folder for place in places for folder in folders if Path(place).resolve().is_relative_to(folder)), None
    )


def _hashed(spec: ModuleSpec) -> str:
    folders = [Path(place) for place in spec.submodule_search_locations or ()]
    files = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    if not files and spec.origin is not None:
        files = [Path(spec.origin)]
    return f"source {sha256_of(''.join(file_sha256(path) or '' for path in files).encode())[:16]}"


@cache
def _all_distributions() -> dict[str, list[str]]:
    return dict(packages_distributions())


def _distribution(name: str) -> str:
    return _all_distributions().get(name, [""])[0]


def is_outside(name: str) -> bool:
    """Return whether a module's name is of a package whose state is to be known."""
    return name not in KNOWN and name not in sys.stdlib_module_names
