"""Command lines to try: words of any kind, and lines of which most is right, so that most of a command is reached."""

from __future__ import annotations

from hypothesis import strategies as st

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
# the first two of each are right, as far as there are two
FILES = [
    "new.gif", "n%02d.png", "new.png", "n%.png", "%d%d.png", "old.gif", "sub/new.gif", "scenes", "old.gif/a.gif",
    "--.gif", "-x.gif", "new.svg", "new", "NEW.GIF", f"{'a' * 300}.gif", "\0.gif", "é \n.gif", "\udcff.gif",
    "/proc/a.gif", "new.apng", "own.csv", "", ".", "..", "scenes/lesson.py",
]  # fmt: skip
FOLDERS = ["out", "new/out", "built", "scenes", "nowhere", "old.gif", "", ".", "\0", "/proc/nowhere", "é", "\udcff"]
GIVEN = {
    "--set": ["seconds=1", "n=3", "n=1e2", "note=é", "note=$x^$", "note=\udcff", "note=", "seconds=nan", "n=1e999",
              "x", "=1"],
    "--data": ["own.csv", "./own.csv", "old.gif", "nowhere.csv", "scenes", "/dev/null", "", "\0"],
    "--columns": ["x,y", "y,x", "x", "x,x", ",", '"', "", "x,y,x", "\0"],
    "--scenes": ["scenes", "./scenes", *FOLDERS],
    "--preset": ["draft", "web", "drft", ""],
    "--size": ["320x180", "360x200", "321x181", "0x0", "64", "999999x1", "64x48x9", "６４x48", "-64x48"],
    "--theme": ["light", "dark", "drak", "light,dark", ","],
    "--fps": ["5", "23.976", "0.5", "0", "-1", "nan", "inf", "1e9", "x"],
    "--loop": ["0", "1", "65536", "-1", "1.5"],
    "--jobs": ["1", "01", "0", "-1", "x"],
    "--max-size": ["2MB", "20kB", "1B", "0", "-1MB", "nanMB", "1e999MB", "MB", "x"],
    "-o": FILES,
    "--at": ["0.5", "first", "last", "2", "-0", "nan", "x"],
    "--frames": ["1", "4", "0", "101", "-1", "x"],
    "--sweep": ["n=2", "n=2:4:2", "n=1:9:2:log", "n=1:2:99999", "x=1:2:2", "n=1:2", "n=,", "=", "n=a,b", "n=2:2:2"],
}  # fmt: skip
BUILDS = {
    **GIVEN,
    "-o": FOLDERS,
    "--format": ["gif", "gif,apng", "gif,png", "x", ",", ""],
    "--timeout": ["9", "1e9", "0", "-1", "nan", "x"],
    "--shard": ["1/2", "2/2", "0/2", "3/2", "1/1", "1/99999999999", "x/y", "1/"],
    "--executor": ["serial", "serial", "dask", "sreial", ""],
    "--junit": ["new.xml", "new/new.xml", "scenes", "", "/proc/a.xml"],
}  # fmt: skip
PICTURES = {**GIVEN, "-o": ["new.png", "new.png", "new.svg", "new.pdf", *FILES]}
TAKES = {
    "render": ["--set", "--data", "--columns", "--scenes", "--preset", "--size", "--theme", "--fps", "--loop", "--jobs",
               "--max-size", "-o", "-o", "-o"],
    "still": ["--set", "--data", "--columns", "--scenes", "--preset", "--size", "--theme", "--at", "-o"],
    "sheet": ["--set", "--data", "--columns", "--scenes", "--preset", "--size", "--theme", "--frames", "-o"],
    "show": ["--scenes"], "list": ["--scenes"], "new": ["--scenes"], "merge": ["-o"], "diff": ["-o"], "embed": ["-o"],
    "check": ["--scenes", "-o", "--format", "--preset", "--size", "--theme", "--fps", "--loop", "--max-size",
              "--timeout"],
    "build": ["--scenes", "-o", "--format", "--preset", "--size", "--theme", "--fps", "--loop", "--max-size",
              "--timeout", "--shard", "--executor", "--junit"],
}  # fmt: skip
FLAGS = {"build": ["--force", "--no-cache", "--fail-fast", "--explain"], "check": ["--strict"]}
SCENES = [*["lesson"] * 8, "scenes/lesson.py", "broken", "lessn", "l?sso*", "", "\0", "\udcff", "é", "--"]
PATHS = [
    *["built"] * 4, *["built/lesson.gif"] * 3, "built/manifest.json", "old.gif", "own.csv", "nowhere", "", ".", "\0",
    "é",
]  # fmt: skip
NEW = ["mine", "lesson", "class", "a-b", "", "\0", "é", "\udcff"]
MOST = {"build": 2, "check": 2, "merge": 2, "diff": 2, "list": 0}
ASKED = {"new": NEW, "merge": PATHS, "diff": PATHS, "embed": PATHS}

words = st.one_of(st.sampled_from(WORDS), st.text(max_size=8))
tails = st.lists(st.one_of(st.sampled_from(OPTIONS), words), max_size=6)


def _value(known: list[str]) -> st.SearchStrategy[str]:
    """Return mostly the right ones of some values, sometimes another, now and then any word."""
    kinds = [st.sampled_from(known[:2])] * 6 + [st.sampled_from(known)] * 3 + [words]
    return st.integers(0, 9).flatmap(lambda index: kinds[index])


@st.composite
def command_lines(draw: st.DrawFn, name: str) -> list[str]:
    """Draw arguments of a command, each of which is right more often than not."""
    values = {"build": BUILDS, "check": BUILDS, "still": PICTURES, "sheet": PICTURES}.get(name, GIVEN)
    most = MOST.get(name, 1)
    arguments = draw(st.lists(st.sampled_from(ASKED.get(name, SCENES)), min_size=min(1, most), max_size=most))
    options = draw(st.lists(st.sampled_from(TAKES[name]), max_size=4))
    pairs = [[option, draw(_value(values[option]))] for option in options]
    flags = [[flag] for flag in ("--json", *FLAGS.get(name, ())) if draw(st.integers(0, 3)) == 0]
    return [part for group in draw(st.permutations([*pairs, *flags, arguments])) for part in group]
