"""The example scripts that projects publish in their source archives, fetched with pip and never built."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PROJECTS = {
    "matplotlib": ("galleries/examples", "mesonpy"),
    "networkx": ("examples", "setuptools.build_meta"),
    "scikit-learn": ("examples", "mesonpy"),
}
"""Projects whose archives hold examples: the folder of the examples, and the project's build backend."""

BACKEND = '''
"""A build backend that names the project and builds nothing: all that pip asks of it before saving an archive."""
from pathlib import Path

def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    folder = Path(metadata_directory) / "{folder}-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    return folder.name
'''


class ArchiveError(Exception):
    """The source archive cannot be had: no package index, or none that has it."""


def cache_folder() -> Path:
    """Return the folder where archives and scripts are kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "animate-gallery"


def example_scripts(name: str = "matplotlib") -> Path:
    """Return the unpacked folder of example scripts of the installed version of a project.

    Parameters
    ----------
    name : str
        One of `PROJECTS`.

    Raises
    ------
    ArchiveError
        If the archive cannot be had.
    """
    folder, backend = PROJECTS[name]
    version = importlib.metadata.version(name)
    target = cache_folder() / f"{name}-{version}" / folder
    if target.is_dir():
        return target
    cache_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache_folder()) as temporary:
        archive = _download(name, version, backend, Path(temporary))
        _unpack(archive, folder, Path(temporary) / "unpacked")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            (Path(temporary) / "unpacked" / folder).rename(target)
        except OSError:
            if not target.is_dir():  # another process was first
                raise
    return target


def _download(name: str, version: str, backend: str, folder: Path) -> Path:
    """Save the archive from the index that pip is configured for.

    pip prepares the metadata of whatever it downloads, which for a compiled project means to configure the whole
    build. Without build isolation it takes the backend from its own path, where a stub stands in for the real one.
    """
    stub = folder / "backend"
    module = stub / (backend.replace(".", "/") + ".py")
    module.parent.mkdir(parents=True)
    if module.parent != stub:
        (module.parent / "__init__.py").touch()  # a folder alone would give way to the real package
    module.write_text(BACKEND.format(folder=name.replace("-", "_"), name=name, version=version), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-build-isolation", "--no-deps"]
    command += ["--no-binary", name, "-d", str(folder), f"{name}=={version}"]
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": str(stub)}, capture_output=True, text=True, check=False, timeout=300
    )
    archives = list(folder.glob("*.tar.gz"))
    if done.returncode or not archives:
        raise ArchiveError(f"the source archive of {name} {version} cannot be had: {done.stderr.strip()[-400:]}")
    return archives[0]


def _unpack(archive: Path, folder: str, target: Path) -> None:
    with tarfile.open(archive) as opened:
        members = []
        for member in opened.getmembers():
            inside = member.name.partition("/")[2]
            if inside.startswith(f"{folder}/"):
                member.name = inside
                members.append(member)
        if not members:
            raise ArchiveError(f"{archive.name} holds no folder {folder}")
        opened.extractall(target, members=members, filter="data")
