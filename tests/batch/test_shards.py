"""Parts of a build are balanced, disjoint and complete; merged they are what one build would have made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.batch.manifest import BuildRun, Manifest, ManifestError, read_manifest
from animate.batch.shards import MergeError, merge, parse_shard, shard_of
from animate.errors import UsageError

TIMES = st.dictionaries(st.text("abcdef", min_size=1), st.floats(0, 100), max_size=30)


@given(TIMES, st.integers(1, 7))
def test_every_scene_is_in_exactly_one_part(seconds: dict[str, float], n_parts: int) -> None:
    parts = [shard_of(seconds, f"{part}/{n_parts}") for part in range(1, n_parts + 1)]
    assert sorted(name for part in parts for name in part) == sorted(seconds)


@given(TIMES, st.integers(1, 7), st.randoms())
def test_the_division_does_not_depend_on_the_order(seconds: dict[str, float], n_parts: int, random: Any) -> None:
    mixed = list(seconds.items())
    random.shuffle(mixed)
    assert shard_of(dict(mixed), f"1/{n_parts}") == shard_of(seconds, f"1/{n_parts}")


@given(st.lists(st.floats(1, 100), min_size=1, max_size=30), st.integers(1, 7))
def test_no_part_takes_longer_than_a_fair_share_and_one_scene(times: list[float], n_parts: int) -> None:
    seconds = {str(index): time for index, time in enumerate(times)}
    loads = [sum(seconds[name] for name in shard_of(seconds, f"{part}/{n_parts}")) for part in range(1, n_parts + 1)]
    # Graham's bound for giving the longest first to whoever has least to do
    assert max(loads) <= sum(times) / n_parts + max(times) * (1 - 1 / n_parts) + 1e-6


def test_scenes_of_unknown_time_are_spread_too() -> None:
    assert [len(shard_of(dict.fromkeys("abcdef", 0.0), f"{part}/3")) for part in (1, 2, 3)] == [2, 2, 2]


@pytest.mark.parametrize("text", ["", "1", "0/2", "3/2", "1/0", "a/b", "1/2/3", "-1/2", "1.5/2"])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="shard must be PART/PARTS, such as 2/5"):
        parse_shard(text)


@pytest.fixture
def parts(build: Any, write_scene: Any) -> Any:
    """Build three scenes in two parts, each in a folder of its own."""
    for name in "abc":
        write_scene(name)
    for part in (1, 2):
        build(shard=f"{part}/2", output=f"part{part}")
    return build


def test_merged_parts_are_what_one_build_makes(parts: Any, files: Any) -> None:
    merged = merge(["part1", "part2"], "merged")
    parts(output="whole")
    assert files("merged") == files("whole")
    whole = read_manifest("whole")
    assert [entry.id for entry in merged.scenes] == [entry.id for entry in whole.scenes]
    assert [entry.files for entry in merged.scenes] == [entry.files for entry in whole.scenes]
    assert merged == read_manifest("merged")
    assert {entry.verdict for entry in parts(output="merged").values()} == {"cached"}


def test_parts_that_go_on_from_one_manifest_are_merged_in_place(parts: Any, write_scene: Any) -> None:
    merge(["part1", "part2"], "output")
    for part in (1, 2):
        merge(["output"], f"next{part}")
    write_scene("c", question="What else?")
    for part in (1, 2):
        parts(shard=f"{part}/2", output=f"next{part}")
    merged = merge(["next1", "next2"], "next1")
    assert {entry.id: entry.verdict for entry in merged.scenes} == {
        **dict.fromkeys("ab", "cached"),
        "c": "built",
    }
    assert {entry.verdict for entry in parts(output="next1").values()} == {"cached"}


def test_a_missing_part_is_told(parts: Any) -> None:
    with pytest.raises(MergeError, match=r"shard 2/2 is missing"):
        merge(["part1"], "merged")


def test_a_part_without_a_manifest_is_told(parts: Any) -> None:
    with pytest.raises(ManifestError, match="there is no manifest"):
        merge(["part1", "part3"], "merged")


def test_a_scene_that_was_in_no_part_is_told(here: Path) -> None:
    for part, selected in ((1, ("a",)), (2, ("b",))):
        folder = here / f"part{part}"
        folder.mkdir()
        manifest = Manifest(run=BuildRun(("a", "b", "c"), selected, f"{part}/2"))
        (folder / "manifest.json").write_text(manifest.text())
    with pytest.raises(MergeError, match=r"no part built c: the parts knew different durations"):
        merge(["part1", "part2"], "merged")


def test_parts_of_different_sources_are_told(build: Any, write_scene: Any) -> None:
    write_scene()
    build(output="one")
    write_scene(question="What else?")
    build(output="two")
    with pytest.raises(MergeError, match=r"lesson.gif of lesson was made of something else in another part"):
        merge(["one", "two"], "merged")


def test_a_file_that_is_not_what_its_manifest_says_is_told(parts: Any) -> None:
    next(Path("part1").glob("*.gif")).write_bytes(b"GIF89a")
    with pytest.raises(MergeError, match=r"is not what its manifest says"):
        merge(["part1", "part2"], "merged")


def test_nothing_to_merge_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="name the folders"):
        merge([], "merged")
