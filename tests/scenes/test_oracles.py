"""The table of oracles: every lesson has tests that compute its numbers by other means than the package's."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_docs", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_lesson_has_an_oracle(generate: ModuleType) -> None:
    assert set(generate.oracles()) == {lesson.name for lesson in generate.lessons()}


def test_a_row_names_the_test_its_subject_and_what_it_computes_with(generate: ModuleType) -> None:
    (row,) = (row for row in generate.oracles()["lasso_vs_ridge"] if row[0] == "test_lasso_vs_ridge.py")
    assert row[1].startswith("Lasso and ridge from least squares")
    assert row[2] == "scikit-learn `Lasso`, scikit-learn `LinearRegression`, scikit-learn `Ridge`"
