"""Whatever stands in ``animate.toml`` or a manifest: it is read, or one clear line says why not.

For a long run: ``ANIMATE_FUZZ_EXAMPLES=10000 pytest tests/trust/test_fuzz_files.py -q``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from animate.batch.build_settings import read_settings
from animate.batch.manifest import BuildRun, File, Input, Manifest, Measurement, SceneEntry, Value, read_manifest
from animate.batch.setting_keys import KEYS
from animate.errors import AnimateError
from tests.trust.arguments import WORDS
from tests.trust.test_fuzz import N_EXAMPLES, SMALL, check, folder, fuzz, in_time, run

__all__ = ["folder"]

pytestmark = pytest.mark.timeout(0 if N_EXAMPLES > 1000 else 300)

# -- animate.toml

WHOLE_LINES = [key.example for key in KEYS]
VALUES = [
    "1", "-1", "0", "1e400", "nan", "inf", "true", "false", '""', '"gif"', '"\\u0000"', "[]", "[[]]", "{}", "{a = 1}",
    '["gif", "gif"]', "2026-01-01", "10:00:00", "0x10", "999999999999999999999999", '"1x1"', '"99999x99999"', '"2MB"',
    '"../.."', "'''x\ny'''", '{gif = "1B", "" = 3}', '{learning_rate = [1, "a"]}', "0.5", '"é"', "[nan]",
]  # fmt: skip
NAMES = [key.name for key in KEYS]
HEADS = ["[scene.lesson]", "[scene.nowhere]", "[[scene.lesson]]", "[scene]", "[variants.fast]", "[scene.lesson.set]"]
lines = st.one_of(
    st.sampled_from(WHOLE_LINES),
    st.builds("{} = {}".format, st.sampled_from(NAMES), st.sampled_from(VALUES)),
    st.sampled_from(HEADS),
    st.text(max_size=12),
)
tomls = st.one_of(
    st.lists(lines, max_size=6).map(lambda rows: "\n".join(rows).encode("utf-8", "replace")), st.binary(max_size=40)
)


def one_line(error: AnimateError) -> None:
    """Fail unless an error is what a terminal shows in one line."""
    words = str(error)
    assert words.strip()
    assert "Traceback" not in words


@fuzz
@given(tomls)
def test_any_settings_are_read_or_refused(folder: Path, content: bytes) -> None:
    (folder / "animate.toml").write_bytes(content)
    try:
        settings = read_settings(folder=folder)
        looks = [look for name in ("lesson", "nowhere") for look in settings.of(name).looks()]
    except AnimateError as error:
        one_line(error)
    else:
        assert looks
        assert settings.jobs >= 1
        assert all(look.fps > 0 and look.width > 0 for look in looks)


# -- manifests

NOTED = Measurement("Loss", 11.5)
FILES = (
    File(path="own.gif", role="animation", format="gif", width=64, height=48, n_frames=2, fps=10.0, duration=0.2,
         bytes=3, flashes=1, smallest_text=NOTED, lowest_contrast=NOTED, compromises=("colors",)),
    File(path="own-poster.png", role="poster", format="png", width=64, height=48),
)  # fmt: skip
ENTRY = SceneEntry(
    name="lesson", script="scenes/lesson.py", title="Small", alt="A line", duration=0.2, files=FILES,
    parameters=(Value("seconds", "float", 0.5, 0.5, "Length", {"low": 0.5, "high": 10}),),
    inputs=(Input("script", "scenes/lesson.py", "0" * 64),), why=("it is new",),
)  # fmt: skip
MANIFEST = json.loads(Manifest((ENTRY,), BuildRun(("lesson",), ("lesson",), ""), "0.1.0", {"a": {"b": "c"}}).text())
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(WORDS), st.text(max_size=6),
    st.sampled_from([[], {}, [[]], {"": None}, ["../old.gif"], [None], "../old.gif", "/etc/hosts", 10**400, "2/2"]),
)  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value in JSON."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, one in inside for place in places(one, (*at, key)))]


PLACES = places(MANIFEST)[1:]


def damaged(place: tuple[Any, ...], way: str, junk: Any) -> bytes:
    """Return the manifest with one value replaced, taken away, or joined by another."""
    whole = json.loads(json.dumps(MANIFEST))
    holder = whole
    for key in place[:-1]:
        holder = holder[key]
    if way == "away":
        del holder[place[-1]]
    elif way == "more" and isinstance(holder[place[-1]], dict):
        holder[place[-1]][str(junk)] = junk
    elif way == "more" and isinstance(holder[place[-1]], list):
        holder[place[-1]].append(junk)
    else:
        holder[place[-1]] = junk
    return json.dumps(whole).encode()


def flipped(position: int, byte: int) -> bytes:
    """Return the manifest with one byte that is another."""
    content = bytearray(json.dumps(MANIFEST).encode())
    content[position % len(content)] = byte
    return bytes(content)


manifests = st.one_of(
    st.builds(damaged, st.sampled_from(PLACES), st.sampled_from(["away", "more", "other"]), JUNK),
    st.builds(flipped, st.integers(0), st.integers(0, 255)),
    st.binary(max_size=30),
    st.sampled_from([b"[" * 100_000, b'{"version": 2}', b"1" * 5000, b"\xef\xbb\xbf{}"]),
)


@pytest.fixture
def built(folder: Path) -> Path:
    """Return the output folder of a build that was damaged: its manifest is to be written."""
    output = folder / "output"
    output.mkdir()
    for file in FILES:
        (output / file.path).write_bytes(b"GIF")
    return output


@fuzz
@given(tomls)
def test_a_check_with_any_settings_ends_well_or_with_one_line(built: Path, folder: Path, content: bytes) -> None:
    (built / "manifest.json").write_text(json.dumps(MANIFEST))
    (folder / "animate.toml").write_bytes(content)
    with in_time():
        check(run("check", "lesson"), folder, tells_each=True)


@settings(fuzz, max_examples=2 * N_EXAMPLES)
@given(manifests)
def test_any_manifest_is_read_as_it_can_be_written_or_refused(built: Path, content: bytes) -> None:
    (built / "manifest.json").write_bytes(content)
    try:
        manifest = read_manifest(built)
    except AnimateError as error:
        one_line(error)
    else:
        (built / "manifest.json").write_text(manifest.text(), encoding="utf-8")
        assert read_manifest(built) == manifest


COMMANDS = {
    "check": ("check",),
    "merge": ("merge", "output", "-o", "whole"),
    "diff": ("diff", "output", "output", "-o", "review"),
    "embed": ("embed", "output/own.gif"),
}


@fuzz
@example("check", damaged(("scenes", 0, "inputs", 0, "kind"), "other", "lesson"))
@example("embed", damaged(("scenes", 0, "files", 0, "role"), "other", "lesson"))
@given(st.sampled_from(sorted(COMMANDS)), manifests)
def test_every_command_takes_any_manifest(built: Path, folder: Path, name: str, content: bytes) -> None:
    (built / "manifest.json").write_bytes(content)
    with in_time():
        check(run(*COMMANDS[name]), folder, tells_each=name == "check")
    assert (built / "own.gif").read_bytes() == b"GIF"
    assert (built / "manifest.json").read_bytes() == content


@settings(fuzz, max_examples=max(4, N_EXAMPLES // 20))
@given(manifests)
def test_a_build_starts_anew_from_any_manifest(built: Path, folder: Path, content: bytes) -> None:
    (built / "manifest.json").write_bytes(content)
    with in_time():
        result = run("build", "lesson", *SMALL, "--executor", "serial")
    check(result, folder, tells_each=True)
    if result.exit_code == 0:
        assert {file.format for file in read_manifest(built).scenes[0].files} >= {"gif", "png"}
