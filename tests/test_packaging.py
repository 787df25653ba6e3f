"""The package is light to import, complete when installed, and says the same thing everywhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from configparser import ConfigParser
from email.parser import Parser
from pathlib import Path

import pytest

import animate
from animate import panels

ROOT = Path(__file__).resolve().parents[1]
STUB = Path(animate.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
NEEDED = ("animate", "scenes", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_import_needs_neither_numpy_nor_matplotlib() -> None:
    loaded = python("import sys, animate; print(*sys.modules)").split()
    assert {"numpy", "matplotlib", "imageio", "click", "PIL"}.isdisjoint(loaded)


def test_range_needs_neither_numpy_nor_matplotlib() -> None:
    loaded = python("import sys; from animate import Range, load; print(*sys.modules)").split()
    assert {"numpy", "matplotlib"}.isdisjoint(loaded)


def test_the_writer_loads_neither_pages_nor_drawings_before_they_are_needed() -> None:
    loaded = python("import sys, animate.film.writer; print(*sys.modules)").split()
    assert {"jinja2", "animate.film.formats.page", "animate.vector", "animate.draw", "http.client"}.isdisjoint(loaded)


@pytest.mark.parametrize("name", animate.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(animate, name) is not None
    assert name in dir(animate)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'animate' has no attribute 'nowhere'"):
        animate.nowhere  # noqa: B018


@pytest.mark.parametrize("name", panels.__all__)
def test_every_panel_of_the_stub_is_there(name: str) -> None:
    assert getattr(panels, name) is not None
    assert name in dir(panels)


def test_the_package_offers_the_names_of_its_stub_and_no_others() -> None:
    assert set(animate.__all__) == set(re.findall(r"import (\w+) as \1$", STUB, re.MULTILINE))
    assert len(animate.__all__) <= 46


@pytest.mark.parametrize("first", ["animate", "matplotlib.animation"])
def test_matplotlib_knows_the_writer_in_either_order_of_import(first: str) -> None:
    second = {"animate": "matplotlib.animation", "matplotlib.animation": "animate"}[first]
    code = f"import {first}, {second}, matplotlib; print('animate' in matplotlib.animation.writers.list())"
    assert python(code) == "True\n"


def test_setup_cfg_lists_every_package() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    folders = {path.parent for pattern in ("*.py", "*.csv", "*.toml") for path in (ROOT / "animate").rglob(pattern)}
    there = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert set(config["options"]["packages"].split()) == there | {"animate.scenes"}


def test_the_changelog_tells_of_this_version() -> None:
    assert f"## {animate.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the source distribution, built from a copy of the sources."""
    copy = tmp_path_factory.mktemp("sources")
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    code = "from setuptools.build_meta import *; build_sdist('dist'); build_wheel('dist')"
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=copy, check=True, capture_output=True)
    return copy / "dist"


def test_the_wheel_holds_all_that_the_package_needs(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        held = set(wheel.namelist())
    both = [path for folder in ("animate", "scenes") for path in (ROOT / folder).rglob("*")]
    # Examples stay in the repository: they need more than the package does.
    shipped = [path for path in both if "examples" not in path.parts]
    sources = [path for path in shipped if path.is_file() and path.suffix != ".pyc"]
    inside = {str(path.relative_to(ROOT)).replace("scenes/", "animate/scenes/", 1) for path in sources}
    assert inside | {"animate/py.typed"} <= held
    assert {name.partition("/")[0] for name in held} == {
        "animate",
        f"animate-{animate.__version__}.dist-info",
    }


def test_the_source_distribution_builds_the_same(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as source:
        held = {name.partition("/")[2] for name in source.getnames()}
    scenes = {f"scenes/{path.name}" for path in (ROOT / "scenes").glob("*.py")}
    assert scenes | {"LICENSE", "README.md", "setup.cfg", "pyproject.toml", "animate/py.typed"} <= held


def test_the_wheel_says_what_it_needs(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        folder = f"animate-{animate.__version__}.dist-info"
        metadata = Parser().parsestr(wheel.read(f"{folder}/METADATA").decode())
        entry_points = wheel.read(f"{folder}/entry_points.txt").decode()
    runtime = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert {line.split(">")[0] for line in runtime} == {
        "numpy",
        "matplotlib",
        "contourpy",
        "pillow",
        "imageio",
        "imageio-ffmpeg",
        "click",
        "filelock",
        "jinja2",
        "markupsafe",
        "msgspec",
    }
    assert metadata["Requires-Python"] == ">=3.11"
    assert "animate = animate.__main__:main" in entry_points


def test_the_oldest_versions_tried_are_the_oldest_allowed() -> None:
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg")
    allowed = dict(re.findall(r"^([\w-]+)>=([\d.]+)$", settings["options"]["install_requires"], re.MULTILINE))
    tried = dict(re.findall(r"^([\w-]+)==([\d.]+)$", (ROOT / "tests/oldest.txt").read_text(), re.MULTILINE))
    assert {name: tried[name].removesuffix(".0") for name in allowed} == {
        name: version.removesuffix(".0") for name, version in allowed.items()
    }
