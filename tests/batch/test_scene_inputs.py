"""What a script imports, read from its text; checked against what Python really imports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from animate.batch.scene_inputs import imported_by, written_defaults
from animate.library.script import load


@pytest.fixture
def folder(here: Path) -> Any:
    def write(**files: str) -> Path:
        for name, text in files.items():
            path = here / "scenes" / f"{name.replace('__in__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return here / "scenes" / "lesson.py"

    return write


def names(script: Path) -> list[str]:
    return [path.relative_to(script.parent).as_posix() for path in imported_by(script)[0]]


def test_modules_are_found_through_others_and_in_circles(folder: Any) -> None:
    script = folder(lesson="import a", a="from b import x", b="import a, c\nx = 1", c="", d="")
    assert names(script) == ["a.py", "b.py", "c.py"]


def test_a_package_is_found_with_what_it_imports_relatively(folder: Any) -> None:
    script = folder(
        lesson="from kit import parts",
        kit__in____init__="from . import inner",
        kit__in__parts="from .inner import x\nfrom .deep.low import y",
        kit__in__inner="x = 1",
        kit__in__deep__in____init__="from ..other import z",
        kit__in__deep__in__low="y = 1",
        kit__in__other="z = 1",
        kit__in__unused="",
    )
    assert names(script) == [
        "kit/__init__.py",
        "kit/deep/__init__.py",
        "kit/deep/low.py",
        "kit/inner.py",
        "kit/other.py",
        "kit/parts.py",
    ]


@pytest.mark.parametrize(
    "block",
    [
        "def build():\n    {}",
        "async def later():\n    {}",
        "class Kit:\n    def use(self):\n        {}",
        "if False:\n    pass\nelif True:\n    pass\nelse:\n    {}",
        "for _ in ():\n    pass\nelse:\n    {}",
        "while False:\n    {}",
        "with open('x'):\n    {}",
        "try:\n    pass\nexcept OSError:\n    {}",
        "try:\n    pass\nexcept* OSError:\n    {}",
        "try:\n    pass\nfinally:\n    {}",
        "match 1:\n    case 2:\n        {}",
        "x = 1; {}",
    ],
)
def test_an_import_in_any_block_counts(folder: Any, block: str) -> None:
    assert names(folder(lesson=block.format("import a"), a="")) == ["a.py"]


def test_packages_from_elsewhere_are_named_and_python_s_own_are_not(folder: Any) -> None:
    script = folder(lesson="import scipy.stats, os, animate, a", a="from sklearn.linear_model import Ridge")
    assert imported_by(script)[1] == ["scipy", "sklearn"]


def test_a_file_that_is_no_python_imports_nothing(folder: Any) -> None:
    assert imported_by(folder(lesson="import a\nimport b", a="def :", b="import c", c="")) == (
        [folder().parent / name for name in ("a.py", "b.py", "c.py")],
        [],
    )


def test_what_python_really_imports_is_found(folder: Any) -> None:
    script = folder(
        lesson='"""Why?"""\nimport one\nfrom kit import two\nimport kit.three as t\ndef build(): ...',
        one="import four",
        four="",
        kit__in____init__="",
        kit__in__two="from .five import *",
        kit__in__three="",
        kit__in__five="",
    )
    before = set(sys.modules)
    loaded = {Path(module.__file__) for module in load(str(script))._local._modules.values() if module.__file__}
    assert set(imported_by(script)[0]) == loaded
    assert all(name.startswith("animate_scene_lesson_") for name in set(sys.modules) - before)


def test_defaults_are_read_as_they_are_written(folder: Any) -> None:
    script = folder(lesson="def build(a, b: float = 0.03, *, c=(1.0, 2.0), d=None, e): ...")
    assert written_defaults(script) == {"b": "0.03", "c": "(1.0, 2.0)", "d": "None"}


@pytest.mark.parametrize("text", ["", "def build(:", "build = 3"])
def test_defaults_that_cannot_be_read_are_none(folder: Any, text: str) -> None:
    assert written_defaults(folder(lesson=text)) == {}
