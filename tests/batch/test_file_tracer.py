"""What a scene really reads is noted, and nothing else."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from animate.batch.scene_inputs import FileTracer, tracing
from animate.library.script import load

SCRIPT = '''\
"""Why?"""
import os
from pathlib import Path
{top}

def build():
    {inside}
'''


@pytest.fixture
def read_by(here: Path) -> Any:
    """Return a function that builds a script of these lines and returns the names of what it read."""

    def names(inside: str = "pass", top: str = "", without: str | None = None) -> list[str]:
        (here / "scenes").mkdir(exist_ok=True)
        (here / "scenes" / "lesson.py").write_text(SCRIPT.format(top=top, inside=inside))
        seen = FileTracer(here, here / "scenes", () if without is None else (here / without,))
        with tracing(seen):
            script = load("scenes/lesson.py")
            with script.running():
                script._build()
        return [os.path.relpath(path, here) for path in seen.files() if path.name != "lesson.py"]

    return names


@pytest.fixture
def data(here: Path) -> Path:
    (here / "data").mkdir()
    (here / "data" / "a.csv").write_text("x,y\n1,2\n3,4\n")
    return here / "data"


def test_the_script_itself_is_noted(here: Path, write_scene: Any) -> None:
    write_scene()
    seen = FileTracer(here, here / "scenes")
    with tracing(seen):
        load("lesson")
    assert seen.files() == [here / "scenes" / "lesson.py"]


def test_local_modules_are_noted_however_they_are_imported(here: Path, read_by: Any) -> None:
    (here / "scenes").mkdir()
    (here / "scenes" / "helper.py").write_text("")
    top = "import importlib\nimportlib.import_module('hel' + 'per')"
    assert read_by(top=top) == ["scenes/helper.py"]


@pytest.mark.parametrize(
    "reading",
    [
        "open('data/a.csv').close()",
        "Path('data/a.csv').read_text()",
        "os.close(os.open('data/a.csv', os.O_RDONLY))",
        "import numpy; numpy.loadtxt('data/a.csv', delimiter=',', skiprows=1)",
        "from animate import read_csv; read_csv('data/a.csv')",
        "import csv; list(csv.reader(Path(b'data/a.csv'.decode()).open()))",
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_file_is_noted_however_it_is_read(data: Path, read_by: Any, reading: str) -> None:
    assert read_by(reading) == ["data/a.csv"]


def test_a_file_that_is_not_there_is_noted_too(here: Path, read_by: Any) -> None:
    assert read_by("Path('data.csv').exists()\n    try: open('data.csv')\n    except OSError: pass") == ["data.csv"]


@pytest.mark.parametrize(
    "listing", ["os.listdir('data')", "list(Path('data').glob('*.csv'))", "list(os.walk('data'))", "os.scandir('data')"]
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_folder_whose_names_are_asked_for_is_noted(data: Path, read_by: Any, listing: str) -> None:
    assert "data" in read_by(listing)


def test_a_file_anywhere_is_noted_when_the_script_reads_it(
    tmp_path_factory: pytest.TempPathFactory, read_by: Any
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "b.csv"
    elsewhere.write_text("1\n")
    assert [Path(name).name for name in read_by(f"open({str(elsewhere)!r}).close()")] == ["b.csv"]


def test_what_is_written_is_no_input(here: Path, read_by: Any) -> None:
    assert read_by("Path('new.txt').write_text('a'); Path('new.txt').read_text()") == []


def test_what_installed_packages_read_is_no_input(read_by: Any) -> None:
    assert read_by("from matplotlib.font_manager import get_font, findfont; get_font(findfont('DejaVu Sans'))") == []
    assert read_by("import animate; animate.load_table('norris')") == []


def test_a_folder_to_work_in_is_left_out(data: Path, read_by: Any) -> None:
    assert read_by("Path('data/a.csv').read_text()", without="data") == []


def test_a_cache_in_a_hidden_folder_counts_only_where_the_script_reads_it(here: Path, read_by: Any) -> None:
    (here / ".cache").mkdir()
    (here / ".cache" / "fonts.json").write_text("{}")
    (here / "scenes").mkdir()
    (here / "scenes" / "kit.py").write_text("")
    seen = FileTracer(here, here / "scenes")
    with tracing(seen):
        (here / ".cache" / "fonts.json").read_text()
    assert seen.files() == []
    assert read_by("Path('.cache/fonts.json').read_text()") == [".cache/fonts.json"]


def test_a_thread_of_the_scene_is_noted(data: Path, here: Path) -> None:
    seen = FileTracer(here, here / "scenes")
    with tracing(seen):
        thread = threading.Thread(target=(data / "a.csv").read_text)
        thread.start()
        thread.join()
    assert seen.files() == [data / "a.csv"]


def test_nothing_is_noted_afterwards(data: Path, here: Path) -> None:
    seen = FileTracer(here, here)
    with tracing(seen):
        pass
    (data / "a.csv").read_text()
    assert seen.files() == []


def test_an_open_descriptor_is_no_name(here: Path) -> None:
    seen = FileTracer(here, here)
    reading, writing = os.pipe()
    with tracing(seen), io.open(reading, "rb"), io.open(writing, "wb"):  # noqa: UP020 - descriptors, not paths
        pass
    assert seen.files() == []
