"""The versions that decide pixels are found without importing what has them, and are the true ones."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import matplotlib as mpl
import pytest

from animate.atomic_files import write_atomic
from animate.batch import cache_key
from animate.batch.cache_key import (
    WITHOUT_FFMPEG,
    animate_source,
    ffmpeg_version,
    matplotlibrc,
    package_state,
    relevant,
    source_key,
)
from animate.batch.files import PACKAGE, file_sha256, located, named, sha256_of


@pytest.fixture(autouse=True)
def forgotten() -> Any:
    """Let each test look for ffmpeg anew."""
    ffmpeg_version.cache_clear()
    yield
    ffmpeg_version.cache_clear()


def test_versions_are_those_that_are_installed(here: Path) -> None:
    found = cache_key.environment(here)
    assert found["matplotlib"] == mpl.__version__
    assert found["pillow"] == version("pillow")
    assert found["python"].endswith(sys.version.partition(" ")[0])


def test_the_version_of_ffmpeg_is_what_it_says_itself() -> None:
    assert ffmpeg_version().rpartition("-v")[2] in imageio_ffmpeg.get_ffmpeg_version()


def test_another_ffmpeg_that_is_named_is_the_one_that_counts(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = here / "my ffmpeg"
    program.write_text("#!/bin/sh\necho 'ffmpeg version 99.1-mine Copyright (c) me'\n")
    program.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program))
    assert ffmpeg_version() == "99.1-mine"
    ffmpeg_version.cache_clear()
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(here / "none"))
    assert ffmpeg_version() == "missing"


@pytest.mark.parametrize("suffix", sorted(WITHOUT_FFMPEG - {"vtt"}))
def test_formats_that_need_no_ffmpeg_are_written_without_one(
    here: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    import numpy as np

    from animate.film.encoders import open_sink

    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(here / "none"))
    sink = open_sink(here / (f"a-%d.{suffix}" if suffix == "png" else f"a.{suffix}"), 320, 180, 10)
    for level in (0, 255):
        frame = np.full((180, 320, 4), level, np.uint8)
        frame[..., 3] = 255
        sink.write(frame)
    sink.finish()
    assert sink.publish().bytes > 0


def test_ffmpeg_decides_only_what_it_writes() -> None:
    known = {"ffmpeg": "7", "numpy": "2"}
    assert relevant(known, "mp4") == known
    assert relevant(known, "gif") == {"numpy": "2"}


@pytest.mark.parametrize("place", ["here", "MATPLOTLIBRC", "a folder", "MPLCONFIGDIR", "XDG_CONFIG_HOME", "none"])
def test_the_matplotlibrc_is_the_one_that_matplotlib_reads(
    here: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    for name in ("MATPLOTLIBRC", "MPLCONFIGDIR", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(here / "home"))
    folder = here / "conf"
    paths = {
        "here": here / "matplotlibrc",
        "MATPLOTLIBRC": folder / "mine.rc",
        "a folder": folder / "matplotlibrc",
        "MPLCONFIGDIR": folder / "matplotlibrc",
        "XDG_CONFIG_HOME": folder / "matplotlib" / "matplotlibrc",
    }
    if place != "none":
        paths[place].parent.mkdir(parents=True, exist_ok=True)
        paths[place].write_text("lines.linewidth: 3\n")
    value = {"MATPLOTLIBRC": paths["MATPLOTLIBRC"], "a folder": folder}.get(place, folder)
    variable = {"MATPLOTLIBRC": "MATPLOTLIBRC", "a folder": "MATPLOTLIBRC"}.get(place, place)
    if variable.isupper():
        monkeypatch.setenv(variable, str(value))
    code = "import matplotlib; print(matplotlib.matplotlib_fname())"
    read = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    found = matplotlibrc(here)
    if place == "none":
        assert (found, "mpl-data" in read) == (None, True)
    else:
        assert found is not None
        assert found.samefile(read)


def test_the_source_of_animate_is_all_that_decides_what_is_written() -> None:
    known = animate_source()
    assert {
        "draw/stage.py",
        "scene.py",
        "csv/norris.csv",
        "batch/render_scene.py",
        "film/formats/gif.py",
        "web/player/page.js",
    } <= set(known)
    without = r"cli/|studio/|installation|scenes/|batch/(?!render_scene|task_runner)|web/gallery"
    assert not [name for name in known if re.match(without, name)]
    assert known["scene.py"] == file_sha256(PACKAGE / "scene.py")
    assert source_key(known) != source_key({**known, "scene.py": "0" * 64})


@pytest.mark.parametrize("name", ["numpy", "matplotlib", "imageio_ffmpeg"])
def test_looking_imports_nothing(name: str, here: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from animate.batch.cache_key import animate_source, environment
environment(Path.cwd()), animate_source()
print({name!r} in sys.modules)"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_package_is_known_by_its_distribution_and_version() -> None:
    assert package_state("sklearn") == f"scikit-learn {version('scikit-learn')}"
    assert package_state("sklearn", "scikit-learn 0.1") == f"scikit-learn {version('scikit-learn')}"
    assert package_state("nowhere_to_be_found") == "missing"


def test_a_package_that_is_not_installed_is_known_by_its_files(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(here))
    (here / "course_kit").mkdir()
    (here / "course_kit" / "__init__.py").write_text("")
    before = package_state("course_kit")
    assert before.startswith("source ")
    (here / "course_kit" / "__init__.py").write_text("x = 1")
    assert package_state("course_kit") != before


def test_names_of_files_are_the_same_on_another_machine(here: Path) -> None:
    assert named(here / "scenes" / "a.py", here) == "scenes/a.py"
    assert named(PACKAGE / "scene.py", here) == "{animate}/scene.py"
    assert named(Path(mpl.__file__), here) == "{matplotlib}/__init__.py"
    elsewhere = here.parent / "elsewhere.csv"
    assert named(elsewhere, here) == elsewhere.as_posix()


@pytest.mark.parametrize("path", ["a.csv", "../b.csv", PACKAGE / "scene.py", mpl.__file__])
def test_a_name_leads_back_to_its_file(here: Path, path: Any) -> None:
    full = (here / path).resolve()
    assert located(named(full, here), here).resolve() == full


def test_a_file_with_the_same_bytes_is_not_touched(here: Path) -> None:
    path = here / "new" / "a.txt"
    assert write_atomic(path, b"one")
    os.utime(path, ns=(1, 1))
    assert not write_atomic(path, b"one")
    assert path.stat().st_mtime_ns == 1
    assert write_atomic(path, b"two")
    assert (path.read_bytes(), [one.name for one in path.parent.iterdir()]) == (b"two", ["a.txt"])


def test_hashes_are_of_bytes_and_of_a_folder_s_names(here: Path) -> None:
    (here / "b").touch()
    (here / "a").write_bytes(b"abc")
    assert file_sha256(here / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2
    assert file_sha256(here) == sha256_of(b"a\nb")
    assert file_sha256(here / "none") is None
