"""Whatever is typed or dropped in: it works, or one clear line says why not; never a traceback or a half file.

For a long run: ``ANIMATE_FUZZ_EXAMPLES=10000 pytest tests/trust/test_fuzz.py -q``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from animate.cli import commands
from animate.errors import AnimateError
from animate.learn.data import ClassificationData, RegressionData
from animate.learn.problems import linear_problem, logistic_problem
from animate.learn.tables import table_in
from animate.library.parameters import Range
from animate.library.signature import parameters_of
from tests.trust.conftest import leftovers

N_EXAMPLES = int(os.environ.get("ANIMATE_FUZZ_EXAMPLES", "60"))
# the fixtures hold folders that examples share; nothing in them may change anyway
fuzz = settings(
    max_examples=N_EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)

pytestmark = pytest.mark.timeout(0 if "ANIMATE_FUZZ_EXAMPLES" in os.environ else 300)

WORDS = [
    "lesson", "linear_sgd_vs_batch", "scenes/lesson.py", "nowhere", "", "-", "--", ".", "..", "/", "a/b.gif", "x.mp4",
    "%d.png", "0", "1", "-1", "nan", "inf", "1e400", "0x0", "320x180", "9999999x1", "first", "last", "light", "draft",
    "none", "=", "seconds=1", "seconds=nan", "seconds=1e999", "seconds=", "=1", "data=x.csv", "own.csv", "own.gif",
    "x,y", ",", '"', "2MB", "0kB", "-5MB", "\0", "\n", "\ud800", "é", "−1", "𝟛", "--json",
    "--help", "--version",
]  # fmt: skip
OPTIONS = [
    "--set", "--data", "--columns", "--scenes", "--preset", "--size", "--theme", "--fps", "--loop", "--jobs",
    "--max-size", "-o", "--at", "--frames", "--json", "--output",
]  # fmt: skip
NAMES = ["render", "still", "sheet", "show", "list", "new", "build", "embed", "check", "doctor", "merge", "rendr", ""]

words = st.one_of(st.sampled_from(WORDS), st.text(max_size=8))
tails = st.lists(st.one_of(st.sampled_from(OPTIONS), words), max_size=6)


@pytest.fixture
def folder(scene: Path) -> Path:
    """Return the current folder, with a small scene, a table and old files."""
    (scene / "own.csv").write_text("x,y\n1,2\n2,3\n3,5\n")
    return scene


def run(*args: str) -> Result:
    return CliRunner().invoke(commands, list(args))


def check(result: Result, folder: Path) -> None:
    """Fail unless a command ended well or with one clear line."""
    assert result.exit_code in (0, 1, 2), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    assert "internal error" not in result.stderr
    if result.exit_code == 2:
        assert len(result.stderr.splitlines()) == 1
        assert result.stderr.startswith("error: ")
    assert leftovers(folder) == []
    assert (folder / "old.gif").read_bytes() == b"old"


@fuzz
@given(st.sampled_from(["render", "still", "sheet", "show", "embed", "rendr", ""]), tails)
def test_any_arguments_are_taken_or_refused_in_one_line(folder: Path, name: str, tail: list[str]) -> None:
    # an option that is never right keeps this from drawing: what is looked at here is how arguments are read
    check(run(name, *tail, "--theme", "drak"), folder)


@settings(fuzz, max_examples=max(10, N_EXAMPLES // 10))
@given(st.sampled_from(["show", "list", "new", "embed"]), st.lists(words, max_size=3))
def test_commands_that_do_not_draw_take_any_words(folder: Path, name: str, tail: list[str]) -> None:
    result = run(name, *tail)
    check(result, folder)


def build(
    rate: float = 0.1, bounded: float = 0.5, count: int = 3, on: bool = True, text: str = "a",
    start: tuple[float, float] | None = None, many: tuple[float, ...] = (1.0,), maybe: int | None = None,
) -> None:  # fmt: skip
    """Take a parameter of every kind."""


PARAMETERS = {parameter.name: parameter for parameter in parameters_of(build)}
NUMBERS = st.one_of(
    st.floats().map(str), st.integers().map(str), st.text("0123456789.,+-einfax_ ()", max_size=12), st.text(max_size=8)
)


@settings(fuzz, max_examples=5 * N_EXAMPLES)
@given(st.sampled_from(sorted(PARAMETERS)), NUMBERS)
def test_any_text_is_a_value_that_reads_back_or_is_refused(name: str, text: str) -> None:
    parameter = PARAMETERS[name]
    try:
        value = parameter.parse(text)
    except AnimateError as error:
        assert name in str(error)
    else:
        assert parameter.parse(parameter.text(value)) == value


@settings(fuzz, max_examples=5 * N_EXAMPLES)
@given(st.floats(), st.floats(), st.floats())
def test_a_range_holds_its_ends_or_is_refused(low: float, high: float, value: float) -> None:
    try:
        made = Range(low, high)
    except ValueError:
        return
    assert low in made
    assert high in made
    assert (value in made) == (low <= value <= high)


CELLS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True).map(repr),
    st.integers(-3, 3).map(str),
    st.sampled_from(["", "nan", "a", "1,5", "1_0", '"', '"a', "1e308", "-1e308", "1e-320", "\ufeff", "١", "+", "0x1"]),
)
tables = st.builds(
    lambda rows, mark, end: end.join(mark.join(row) for row in [["x", "y"], *rows]).encode("utf-8", "replace"),
    st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
contents = st.one_of(st.binary(max_size=60), tables, tables.map(lambda text: b"\xef\xbb\xbf" + text))


@settings(fuzz, max_examples=10 * N_EXAMPLES)
@given(contents)
def test_any_bytes_are_data_with_a_finite_lesson_or_are_refused(content: bytes) -> None:
    for make in (
        lambda table: linear_problem(RegressionData.from_table(table)),
        lambda table: linear_problem(RegressionData.from_table(table), standardize=True),
        lambda table: logistic_problem(ClassificationData.from_table(table, 1)),
    ):
        try:
            problem = make(table_in(content, "own.csv"))
        except AnimateError as error:
            assert "own.csv" in str(error)
        else:
            assert problem.objective.n_samples >= 2


@settings(fuzz, max_examples=max(3, N_EXAMPLES // 12))
@given(tables)
def test_any_table_is_drawn_or_refused_in_one_line(folder: Path, content: bytes) -> None:
    (folder / "own.csv").write_bytes(content)
    result = run(
        "still", "linear_sgd_vs_batch", "--data", "own.csv", "-o", "own.png", "--preset", "draft", "--at", "last"
    )
    check(result, folder)
    assert result.exit_code in (0, 1)
