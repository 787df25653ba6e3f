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
FILES = [
    "new.gif", "new.png", "n%02d.png", "n%.png", "%d%d.png", "old.gif", "sub/new.gif", "scenes", "old.gif/a.gif",
    "--.gif", "-x.gif", "new.svg", "new", "NEW.GIF", f"{'a' * 300}.gif", "\0.gif", "é \n.gif", "\udcff.gif",
    "/proc/a.gif", "new.apng", "own.csv", "", ".", "..", "scenes/lesson.py",
]  # fmt: skip
FOLDERS = ["out", "built", "scenes", "nowhere", "old.gif", "", ".", "\0", "/proc/nowhere", "é", "\udcff"]
GIVEN = {
    "--set": ["seconds=1", "n=3", "n=1e2", "note=é", "note=$x^$", "note=\udcff", "note=", "seconds=nan", "n=1e999",
              "x", "=1"],
    "--data": ["own.csv", "old.gif", "nowhere.csv", "scenes", "/dev/null", "", "\0"],
    "--columns": ["x,y", "y,x", "x", "x,x", ",", '"', "", "x,y,x", "\0"],
    "--scenes": FOLDERS,
    "--preset": ["draft", "drft", ""],
    "--size": ["320x180", "321x181", "0x0", "64", "999999x1", "64x48x9", "６４x48", "-64x48"],
    "--theme": ["light", "dark", "drak", "light,dark", ","],
    "--fps": ["5", "23.976", "0.5", "0", "-1", "nan", "inf", "1e9", "x"],
    "--loop": ["0", "1", "65536", "-1", "1.5"],
    "--jobs": ["1", "0", "-1", "x"],
    "--max-size": ["2MB", "20kB", "1B", "0", "-1MB", "nanMB", "1e999MB", "MB", "x"],
    "-o": FILES,
    "--at": ["0.5", "first", "last", "2", "-0", "nan", "x"],
    "--frames": ["1", "4", "0", "101", "-1", "x"],
    "--sweep": ["n=2", "n=2:4:2", "n=1:9:2:log", "n=1:2:99999", "x=1:2:2", "n=1:2", "n=,", "=", "n=a,b", "n=2:2:2"],
}  # fmt: skip
BUILDS = {
    **GIVEN,
    "-o": FOLDERS,
    "--format": ["gif", "gif,png", "apng", "x", ",", ""],
    "--timeout": ["0", "-1", "nan", "1e9", "x"],
    "--shard": ["1/2", "0/2", "3/2", "1/1", "1/99999999999", "x/y", "1/"],
    "--executor": ["serial", "dask", "sreial", ""],
    "--junit": ["new.xml", "scenes", "", "/proc/a.xml"],
}  # fmt: skip
TAKES = {
    "render": ["--set", "--data", "--columns", "--scenes", "--preset", "--size", "--theme", "--fps", "--loop", "--jobs",
               "--max-size", "-o", "-o"],
    "still": ["--set", "--data", "--columns", "--scenes", "--preset", "--size", "--theme", "--at", "-o"],
    "sheet": ["--set", "--data", "--columns", "--scenes", "--preset", "--size", "--theme", "--frames", "-o"],
    "show": ["--scenes"], "list": ["--scenes"], "new": ["--scenes"], "merge": ["-o"], "diff": ["-o"], "embed": ["-o"],
    "check": ["--scenes", "-o", "--format", "--preset", "--size", "--theme", "--fps", "--loop", "--max-size",
              "--timeout"],
    "build": ["--scenes", "-o", "--format", "--preset", "--size", "--theme", "--fps", "--loop", "--max-size",
              "--timeout", "--shard", "--executor", "--junit"],
}  # fmt: skip
FLAGS = {"build": ["--force", "--no-cache", "--fail-fast", "--explain"], "check": ["--strict"]}
SCENES = ["lesson", "lesson", "lesson", "scenes/lesson.py", "broken", "lessn", "l?sso*", "", "\0", "\udcff", "é", "--"]
PATHS = ["built", "built/lesson.gif", "built/manifest.json", "old.gif", "own.csv", "nowhere", "", ".", "\0", "é"]
NEW = ["mine", "lesson", "class", "a-b", "", "\0", "é", "\udcff"]
ASKED = {"new": NEW, "merge": PATHS, "diff": PATHS, "embed": PATHS}

words = st.one_of(st.sampled_from(WORDS), st.text(max_size=8))
tails = st.lists(st.one_of(st.sampled_from(OPTIONS), words), max_size=6)


@st.composite
def command_lines(draw: st.DrawFn, name: str) -> list[str]:
    """Draw arguments of a command, each of which is right more often than not."""
    given_values = BUILDS if name in ("build", "check") else GIVEN
    arguments = draw(st.lists(st.sampled_from(ASKED.get(name, SCENES)), min_size=name not in ("list",), max_size=2))
    options = draw(st.lists(st.sampled_from(TAKES[name]), max_size=4))
    pairs = [[option, draw(st.one_of(st.sampled_from(given_values[option]), words))] for option in options]
    flags = [[flag] for flag in ("--json", *FLAGS.get(name, ())) if draw(st.integers(0, 3)) == 0]
    return [part for group in draw(st.permutations([*pairs, *flags, arguments])) for part in group]
