"""Whatever is typed or dropped in: it works, or one clear line says why not; never a traceback or a half file.

For a long run: ``ANIMATE_FUZZ_EXAMPLES=10000 pytest tests/trust/test_fuzz.py -q``.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from animate.cli import commands
from animate.errors import AnimateError
from animate.learn.data import ClassificationData, RegressionData
from animate.learn.problems import linear_problem, logistic_problem
from animate.library.own_data import read_table
from animate.library.parameters import Range
from animate.library.signature import parameters_of
from tests.trust.arguments import TAKES, command_lines, tails, words
from tests.trust.conftest import gone, is_whole, leftovers

N_EXAMPLES = int(os.environ.get("ANIMATE_FUZZ_EXAMPLES", "60"))
# the fixtures hold folders that examples share; nothing in them may change anyway
fuzz = settings(
    max_examples=N_EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)

pytestmark = [
    pytest.mark.timeout(0 if "ANIMATE_FUZZ_EXAMPLES" in os.environ else 300),
    pytest.mark.filterwarnings("ignore::animate.errors.DataNote"),  # it tells what is left out of a table
]

LESSON = '''
"""Does it work?"""
from typing import Annotated

from animate import Range, RegressionData, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels


def build(
    seconds: Annotated[float, Range(0.1, 1.0)] = 0.3,
    n: Annotated[int, Range(1, 100)] = 6,
    note: str = "A small scene",
    data: Table | None = None,
) -> Scene:
    problem = linear_problem(RegressionData.from_table(data) if data else line(8, rng=0), standardize=data is not None)
    run = panels.Run("Batch", descend(problem.objective, optimizers.gradient_descent(0.05), [0.0, 0.0], n))
    return Scene(title="Small", caption=note, panels=[panels.LineFit(problem=problem, run=run)],
                 timeline=Timeline(n, seconds=seconds, hold_start=0, hold_end=0), alt="A line is fitted.")
'''

SMALL = ("--preset", "draft", "--size", "320x180")
"""What comes first, so that drawing is quick where no option says otherwise."""


@pytest.fixture
def folder(scene: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the current folder, with a small scene, a table, old files and a folder for temporary ones."""
    (scene / "own.csv").write_text("x,y\n1,2\n2,3\n3,5\n")
    monkeypatch.setattr(tempfile, "tempdir", str(scene / "tmp"))
    yield scene
    assert gone(scene) == {}


@pytest.fixture
def course(folder: Path) -> Path:
    """Return the current folder, with another scene that is broken, and what was built of the first."""
    (folder / "scenes/lesson.py").write_text(LESSON.lstrip(), encoding="utf-8")
    assert run("build", "lesson", "-o", "built", *SMALL, "--executor", "serial").exit_code == 0
    (folder / "scenes/broken.py").write_text('"""Why?"""\ndef build(:\n')
    return folder


def run(*args: str) -> Result:
    return CliRunner().invoke(commands, list(args))


@contextmanager
def in_time(seconds: float = 60.0) -> Iterator[None]:
    """Fail where something takes too long."""

    def fail(*_: object) -> NoReturn:
        pytest.fail(f"not done within {seconds:g} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def check(result: Result, folder: Path, *, tells_each: bool = False) -> None:
    """Fail unless a command ended well or with one clear line; one that *tells_each* scene's may come before."""
    assert result.exit_code in (0, 1, 2), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    assert "internal error" not in result.stderr
    if result.exit_code:
        *before, last = result.stderr.splitlines()
        assert last.startswith("error: ")
        assert len(last) < 1000
        assert tells_each or not before
    assert leftovers(folder) == []
    assert (folder / "old.gif").read_bytes() == b"old"


@fuzz
@given(st.sampled_from(["render", "still", "sheet", "show", "embed", "rendr", ""]), tails)
def test_any_words_are_taken_or_refused_in_one_line(folder: Path, name: str, tail: list[str]) -> None:
    # an option that is never right keeps this from drawing: what is looked at here is how arguments are read
    check(run(name, *tail, "--theme", "drak"), folder)


@fuzz
@given(st.sampled_from(["show", "list", "new", "embed"]), st.lists(words, max_size=3))
def test_commands_that_do_not_draw_take_any_words(folder: Path, name: str, tail: list[str]) -> None:
    result = run(name, *tail)
    check(result, folder)


@fuzz
@given(st.sampled_from(sorted(TAKES)).flatmap(lambda name: st.tuples(st.just(name), command_lines(name))))
def test_any_arguments_do_what_they_say_or_are_refused_in_one_line(course: Path, line: tuple[str, list[str]]) -> None:
    name, tail = line
    before = contents_of(course)
    first = {"build": (*SMALL, "--executor", "serial"), "check": SMALL}.get(name, ())
    first = SMALL if name in ("render", "still", "sheet") else first
    with in_time():
        result = run(name, *first, *tail)
    if (course / "old.gif").read_bytes() != b"old":
        assert result.exit_code == 0
        assert is_whole(course / "old.gif")
        (course / "old.gif").write_bytes(b"old")
    check(result, course, tells_each=name in ("build", "check"))
    if result.exit_code and name not in ("build", "check"):
        assert contents_of(course) == before
    put_back(course, before)


def contents_of(folder: Path) -> dict[Path, bytes]:
    """Return the files below a folder, but for what Python or a build keeps for itself."""
    own = {".animate", "__pycache__"}
    files = (path for path in folder.rglob("*") if path.is_file() and not own & set(path.parts))
    return {path: path.read_bytes() for path in files}


def put_back(folder: Path, before: Mapping[Path, bytes]) -> None:
    """Take away what is new in a folder, and write again what is not as it was."""
    for path, content in contents_of(folder).items():
        if path not in before:
            path.unlink()
        elif before[path] != content:
            path.write_bytes(before[path])
    assert contents_of(folder) == before


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
CODECS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "utf-7"]


def damaged(content: bytes, position: int, patch: bytes) -> bytes:
    """Return bytes with some others in place of one of them."""
    position %= len(content) + 1
    return content[:position] + patch + content[position + 1 :]


contents = st.one_of(
    st.binary(max_size=60),
    tables,
    st.builds(lambda table, codec: table.decode().encode(codec, "replace"), tables, st.sampled_from(CODECS)),
    st.builds(damaged, tables, st.integers(0), st.one_of(st.binary(max_size=3), st.sampled_from([b'"', b"\0", b"\r"]))),
    st.builds(lambda table, times: table * times, tables, st.integers(2, 40)),
)


@settings(fuzz, max_examples=10 * N_EXAMPLES)
@given(contents)
def test_any_bytes_are_data_with_a_finite_lesson_or_are_refused(content: bytes) -> None:
    for make in (
        lambda table: linear_problem(RegressionData.from_table(table)),
        lambda table: linear_problem(RegressionData.from_table(table), standardize=True),
        lambda table: logistic_problem(ClassificationData.from_table(table, 1)),
    ):
        try:
            problem = make(read_table(content, "own.csv"))
        except AnimateError as error:
            assert "own.csv" in str(error)
        else:
            assert problem.objective.n_samples >= 2


@settings(fuzz, max_examples=max(5, N_EXAMPLES // 4))
@given(contents)
def test_any_table_is_drawn_or_refused_in_one_line(folder: Path, content: bytes) -> None:
    (folder / "own.csv").write_bytes(content)
    with in_time():
        result = run("still", "linear_sgd_vs_batch", "--data", "own.csv", "-o", "own.png", *SMALL, "--at", "last")
    check(result, folder)
    assert result.exit_code in (0, 1)
