"""Bad input: one clear line, exit 1 or 2, no traceback, and whatever file was there before stays whole."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

RENDER = ("render", "lesson", "-o", "old.gif", "--preset", "draft")
FLAGSHIP = ("render", "linear_sgd_vs_batch", "-o", "old.gif", "--preset", "draft")
CLASSIFIER = ("render", "logistic_1d", "-o", "old.gif", "--preset", "draft")
SIGNATURE = 'learning_rate: Annotated[float, Range(1e-4, 1.0)] = 0.1, dataset: Literal["line", "wave"] = "line"'

FILES = {
    "empty.csv": b"",
    "header.csv": b"x,y\n",
    "one_row.csv": b"x,y\n1,2\n",
    "one_x.csv": b"x,y\n1,2\n1,3\n1,5\n",
    "text.csv": b"x,y\n1,2\n2,three\n3,4\n",
    "nan.csv": b"x,y\n1,2\n2,nan\n3,4\n",
    "gap.csv": b"x,y\n1,2\n2,\n3,4\n",
    "short.csv": b"x,y\n1,2\n2\n3,4\n",
    "one_column.csv": b"x\n1\n2\n",
    "three_labels.csv": b"size,kind\n1,a\n2,b\n3,c\n4,a\n",
    "one_label.csv": b"size,kind\n1,a\n2,a\n",
    "binary.csv": bytes(range(256)),
    "latin.toml": b"# a comment\n'ink' = 'caf\xe9'\n",
    "good.csv": b"x,y\n1,2\n2,3\n3,5\n",
}
SCRIPTS = {
    "syntax": '"""Why?"""\ndef build(:\n',
    "no_build": '"""Why?"""\nx = 1\n',
    "no_question": "def build(): ...\n",
    "raises": '"""Why?"""\ndef build():\n    raise ValueError("too many")\n',
    "misses": '"""Why?"""\nRATES = {"slow": 0.1, "fast": 1.0}\ndef build():\n    return RATES["fsat"]\n',
    "returns": '"""Why?"""\ndef build():\n    return 3\n',
}

WRONG_USAGE = [
    (("render", "lessn", "-o", "old.gif"), "no scene named 'lessn'. Did you mean 'lesson'?"),
    (("render", "scenes/lessn.py", "-o", "old.gif"), "Did you mean 'scenes/lesson.py'?"),
    ((*RENDER, "--set", "learning_rat=0.1"), "no parameter 'learning_rat'. Did you mean 'learning_rate'?"),
    ((*RENDER, "learning_rate=0.1"), r"unexpected extra argument \(learning_rate=0.1\). Use --set learning_rate=0.1."),
    ((*RENDER, "--set", "learning_rate"), "--set must be NAME=VALUE; got 'learning_rate'"),
    ((*RENDER, "--title", "two\nlines"), r"title must be one line, without control characters; got '\\n' in"),
    ((*RENDER, "--caption", "{n} points"), r"caption must be the words as they are drawn, .* got {n} in '{n} points'"),
    ((*RENDER, "--caption", "1=a", "--caption", "1=b"), "caption 1 must be given once; got it 2 times"),
    ((*RENDER, "--caption", "-1=words"), "the number of a caption must be a whole number from 1; got '-1=words'"),
    ((*RENDER, "--caption", "1.5=words"), "the number of a caption must be a whole number from 1; got '1.5=words'"),
    ((*RENDER, "--caption", "1/2=words"), "the number of a caption must be a whole number from 1; got '1/2=words'"),
    ((*RENDER, "--caption", "0=words"), "the number of a caption must be a whole number from 1; got '0=words'"),
    ((*RENDER, "--caption", " 2 =words"), "caption must be one of the 1 captions, from 1; got 2"),
    (
        (*RENDER, "--title", "caf\udce9"),
        r"title must be a text in UTF-8; .* save that as UTF-8",
    ),
    (
        (*RENDER, "--theme", "latin.toml"),
        r"latin.toml must be a text in UTF-8; got another encoding in line 2",
    ),
    (
        (*RENDER, "--words", "latin.toml"),
        r"latin.toml must be a text in UTF-8; got another encoding in line 2",
    ),
    ((*RENDER, "--words", ""), "words must be one of de, en, or a FILE.toml; got ''"),
    (
        ("render", "lesson", "-o", "x.html", "--sweep", "learning_rate=0.1,0.2", "--title", "{n}"),
        "^error: title must be",
    ),
    ((*RENDER, "--words", "de.toml"), "there is none at 'de.toml'. Did you mean 'de'?"),
    ((*RENDER, "--words", "DE"), "got 'DE'. Did you mean 'de'?"),
    (
        ("still", "lesson", "--theme", "both"),
        "theme must be one theme here; got 'both'. Both at once are for",
    ),
    (
        ("sheet", "lesson", "--theme", "both"),
        "theme must be one theme here; got 'both'. Both at once are for",
    ),
    ((*RENDER, "--title", "word " * 60), r"title must have room in 2 lines; .* px wide, and at 480x270 a line has"),
    ((*RENDER, "--caption", "word " * 90), r"caption must have room in 3 lines; .* px wide, and at 480x270 a line has"),
    ((*RENDER, "--theme", "ours"), r"A \[theme.ours\] must stand in animate.toml of the current folder; there is no"),
    ((*RENDER, "--words", "scenes"), "words must be one of de, en, or a FILE.toml; 'scenes' is a folder"),
    ((*FLAGSHIP, "--data", "good.csv", "--sheet", "2"), "sheet is for an Excel workbook .*good.csv is none"),
    ((*RENDER, "--set", "learning_rate=fast"), "learning_rate must be a number; got 'fast'"),
    ((*RENDER, "--set", "learning_rate=nan"), "learning_rate must be finite; got nan"),
    ((*RENDER, "--set", "learning_rate=inf"), "learning_rate must be finite; got inf"),
    ((*RENDER, "--set", "learning_rate=3"), "learning_rate must be between 0.0001 and 1; got 3"),
    ((*RENDER, "--set", "dataset=wav"), "dataset must be one of line, wave; got 'wav'. Did you mean 'wave'?"),
    ((*RENDER, "--data", "good.csv"), "scene lesson takes no data of yours"),
    ((*RENDER, "--columns", "x,y"), "give the file with --data FILE"),
    (
        (*FLAGSHIP, "--data", "good.csv", "--columns", "x\ry"),
        r"--columns must be names separated by commas; got 'x\\ry'",
    ),
    ((*RENDER, "--set", "learning_rate=\0"), "an argument must not contain a null character"),
    ((*FLAGSHIP, "--set", "data=good.csv"), "give it with --data FILE, not with --set"),
    ((*RENDER, "--preset", "drft"), "preset must be one of .* got 'drft'. Did you mean 'draft'?"),
    ((*RENDER, "--theme", "drak"), "theme must be one of .* got 'drak'. Did you mean 'dark'?"),
    ((*RENDER, "--poster", "3"), "--poster: at must be between 0 and 1; got 3"),
    ((*RENDER, "--caption", "1=Now.", "--caption", "1=Then."), "caption 1 must be given once"),
    ((*RENDER, "--size", "800"), "size must be WIDTHxHEIGHT in pixels, such as 800x450; got '800'"),
    ((*RENDER, "--size", "0x0"), "width must be between"),
    ((*RENDER, "--size", "99999x450"), "width must be between"),
    ((*RENDER, "--fps", "0"), "fps must be between .*; got 0"),
    ((*RENDER, "--fps", "1000"), "fps must be between .*; got 1000"),
    ((*RENDER, "--fps", "nan"), "fps must be between"),
    ((*RENDER, "--fps", "many"), "'many' is not a valid float"),
    ((*RENDER, "--loop", "-1"), "-1 is not in the range"),
    ((*RENDER, "--jobs", "0"), "jobs must be a number of processes, 1 or more"),
    ((*RENDER, "-o", "old.gfi"), r"'\.gfi'.*Did you mean '\.gif'\?"),
    ((*RENDER, "-o", "old"), "extension"),
    ((*RENDER, "-o", "odd.mp4", "--size", "401x271"), "even"),
    ((*RENDER, "--scenes", "nowhere"), "scenes must be a folder; got 'nowhere'"),
    (("still", "lesson", "--at", "2"), "at must be between 0 and 1; got 2"),
    (("still", "lesson", "--at", "lst"), "at must be .* got 'lst'. Did you mean 'last'?"),
    (("still", "lesson", "-o", "frame.gif"), "extension must be"),
    (("sheet", "lesson", "--frames", "0"), "Invalid value for '--frames': 0 is not in the range 1<=x<=100"),
]
FAILURES = [
    ((*FLAGSHIP, "--data", "missing.csv"), r"missing\.csv"),
    ((*FLAGSHIP, "--data", "folder"), r"folder"),
    ((*FLAGSHIP, "--data", "empty.csv"), r"empty\.csv"),
    ((*FLAGSHIP, "--data", "header.csv"), r"header\.csv"),
    ((*FLAGSHIP, "--data", "binary.csv"), r"binary\.csv"),
    ((*FLAGSHIP, "--data", "one_row.csv"), r"one_row\.csv"),
    ((*FLAGSHIP, "--data", "one_x.csv"), r"one_x\.csv.*x"),
    ((*FLAGSHIP, "--data", "one_column.csv"), r"one_column\.csv"),
    ((*FLAGSHIP, "--data", "text.csv"), r"text\.csv.*row 3.*y.*'three'|text\.csv.*row 3.*'three'.*y"),
    ((*FLAGSHIP, "--data", "nan.csv"), r"nan\.csv.*row 3"),
    ((*FLAGSHIP, "--data", "gap.csv"), r"gap\.csv.*row 3"),
    ((*FLAGSHIP, "--data", "short.csv"), r"short\.csv.*row 3"),
    ((*FLAGSHIP, "--data", "good.csv", "--columns", "x,z"), r"good\.csv.*x, y"),
    ((*CLASSIFIER, "--data", "three_labels.csv"), r"three_labels\.csv"),
    ((*CLASSIFIER, "--data", "one_label.csv"), r"one_label\.csv"),
    (("render", "syntax", "-o", "old.gif"), r"scenes/syntax\.py:2: "),
    (("render", "no_build", "-o", "old.gif"), r"scenes/no_build\.py defines no function build"),
    (("render", "no_question", "-o", "old.gif"), r"scenes/no_question\.py:1: .*docstring"),
    (("render", "raises", "-o", "old.gif"), r"scenes/raises\.py:3: .*ValueError: too many"),
    (("render", "misses", "-o", "old.gif"), r"scenes/misses\.py:4: .*KeyError: 'fsat'\. Did you mean 'fast'\?"),
    (("render", "returns", "-o", "old.gif"), r"scenes/returns\.py:2: build must return an animate\.Scene; got int"),
    ((*RENDER, "-o", "old.gif/a.mp4"), r"old\.gif"),
    ((*RENDER, "-o", "/proc/a.mp4"), r"/proc"),
    (("still", "lesson", "-o", "/proc/a.png"), r"/proc"),
    (("sheet", "lesson", "-o", "/proc/a.png"), r"/proc"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def files(here: Path, write_scene: Any) -> None:
    write_scene(signature=SIGNATURE)
    for name, text in SCRIPTS.items():
        write_scene(name, text=text)
    for name, content in FILES.items():
        (here / name).write_bytes(content)
    (here / "folder").mkdir()
    (here / "old.gif").write_bytes(b"old")


def check(result: Any, status: int, message: str, here: Path) -> None:
    assert result.exit_code == status, result.output
    [line] = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert re.search(message, line)
    assert "internal error" not in line
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert (here / "old.gif").read_bytes() == b"old"
    assert [path.name for path in here.iterdir() if path.name.startswith(".") or "tmp" in path.name] == []


@pytest.mark.parametrize(
    ("args", "message"), WRONG_USAGE, ids=lambda part: " ".join(part) if isinstance(part, tuple) else ""
)
def test_wrong_usage_is_told_in_one_line_and_exits_with_2(run: Any, here: Path, args: Any, message: str) -> None:
    check(run(*args), 2, message, here)


@pytest.mark.parametrize(
    ("args", "message"), FAILURES, ids=lambda part: " ".join(part) if isinstance(part, tuple) else ""
)
def test_a_failure_is_told_in_one_line_and_exits_with_1(run: Any, here: Path, args: Any, message: str) -> None:
    check(run(*args), 1, message, here)


@pytest.mark.parametrize(
    "content",
    [
        b"x;y\n1,5;2\n2,5;3\n3,5;5\n",
        b"x\ty\n1\t2\n2\t3\n3\t5\n",
        b"x|y\n1|2\n2|3\n3|5\n",
        b"\xef\xbb\xbfx,y\r\n1,2\r\n2,3\r\n3,5\r\n",
    ],
    ids=["semicolon and decimal comma", "tab", "bar", "byte-order mark and CRLF"],
)
def test_other_ways_to_write_a_csv_simply_work(run: Any, here: Path, content: bytes) -> None:
    (here / "own.csv").write_bytes(content)
    result = run("still", "linear_sgd_vs_batch", "--data", "own.csv", "-o", "own.png")
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "a polite kill"])
def test_an_interrupt_in_the_middle_leaves_the_old_file_and_no_other(here: Path, number: int) -> None:
    args = [
        sys.executable,
        "-m",
        "animate",
        "render",
        "linear_sgd_vs_batch",
        "--preset",
        "hd",
        "-o",
        "old.gif",
        "-o",
        "old.mp4",
    ]
    before = {path.name for path in here.iterdir()}
    process = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and {path.name for path in here.iterdir()} == before:
        time.sleep(0.05)  # until something is being written
    time.sleep(0.2)
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert (output, errors) == ("", "error: interrupted\n")
    assert {path.name for path in here.iterdir()} == before
    assert (here / "old.gif").read_bytes() == b"old"
