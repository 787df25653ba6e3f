"""Reviews: which scenes changed, where their frames differ most, and a page that needs nothing else."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from animate.batch.manifest import Manifest
from animate.batch.review import COLUMNS, review, write_review
from animate.cli.app import commands
from animate.film.frame_difference import most_different

WICKED = '</title><script>alert(1)</script> & "it\'s" größer'


def diff(*arguments: str):
    return CliRunner().invoke(commands, ["diff", *arguments])


def put(manifest: Manifest, folder: Path, **changes: object) -> None:
    """Write a manifest whose first scene has other values."""
    first, *others = manifest.scenes
    text = Manifest((replace(first, **changes), *others)).text()
    (folder / "manifest.json").write_text(text, encoding="utf-8")


# --- where two files differ


@pytest.mark.parametrize("format_", ["gif", "mp4", "webm", "webp", "avif", "apng"])
def test_the_moment_that_differs_most_is_found_in_every_format(here: Path, write_file, format_: str) -> None:
    write_file(here / f"a.{format_}", n_frames=8)
    write_file(here / f"b.{format_}", n_frames=8, at=16)
    [moment] = most_different(here / f"a.{format_}", here / f"b.{format_}", 1)
    # half of the square's rows are apart: 2 · 16 · 16 pixels of 64 · 48, by 255 less each of its three values
    expected = 2 * 16 * 16 / (64 * 48) * np.mean([255 - 20, 255 - 90, 255 - 180])
    assert moment.difference == pytest.approx(expected, rel=0.15)
    assert moment.before[:16].mean() < moment.after[:16].mean()


def test_each_part_of_the_length_has_its_moment_in_the_order_of_time(here: Path, write_file) -> None:
    write_file(here / "a.gif", n_frames=9)
    write_file(here / "b.gif", n_frames=9, at=16)
    seconds = [moment.seconds for moment in most_different(here / "a.gif", here / "b.gif", 3)]
    assert len(seconds) == 3
    assert [int(3 * time / 0.9) for time in seconds] == [0, 1, 2]


def test_equal_files_have_one_moment_without_a_difference(here: Path, write_file) -> None:
    write_file(here / "a.gif")
    [moment] = most_different(here / "a.gif", here / "a.gif")
    assert moment.difference == 0


def test_a_still_is_compared_with_the_begin_of_a_short_video(here: Path, write_file) -> None:
    write_file(here / "a.gif", n_frames=1)
    write_file(here / "b.mp4", n_frames=2)
    [moment] = most_different(here / "a.gif", here / "b.mp4")
    assert moment.difference < 5


def test_what_differs_is_red_and_the_rest_is_pale(here: Path, write_file) -> None:
    write_file(here / "a.gif")
    write_file(here / "b.gif", at=32)
    [moment] = most_different(here / "a.gif", here / "b.gif", 1)
    picture = moment.highlighted().astype(int)
    differs = np.any(moment.before != moment.after, axis=2)
    assert np.all(picture[differs][:, 0] - picture[differs][:, 1] > 100)
    assert np.all(np.ptp(picture[~differs], axis=1) == 0)


# --- which scenes changed


def test_scenes_are_changed_added_removed_or_unchanged(here: Path, write_folder) -> None:
    write_folder(here / "old", ("a", "b", "c"), formats=("gif",))
    old = write_folder(here / "new", ("a", "c", "d"), formats=("gif",))
    write_folder(here / "other", ("c",), formats=("gif",), at=16)
    scenes = [entry for entry in old.scenes if entry.name != "c"]
    changed = write_folder(here / "new", ("c",), formats=("gif",), at=16).scenes
    (here / "new/manifest.json").write_text(Manifest((*scenes, *changed)).text(), encoding="utf-8")
    found = review("old", "new")
    assert [one.entry.name for one in found.changed] == ["c"]
    assert [entry.name for entry in found.added] == ["d"]
    assert [entry.name for entry in found.removed] == ["b"]
    assert found.unchanged == ("a",)
    assert found.summary == "1 changed, 1 added, 1 removed, 1 unchanged"


def test_bytes_before_and_after_and_the_files_compared_are_told(here: Path, write_folder) -> None:
    write_folder(here / "old")
    write_folder(here / "new", at=16)
    [one] = review("old", "new").changed
    sizes = {file.path: (file.before, file.after) for file in one.files}
    assert sizes["lesson.mp4"] == tuple((here / side / "lesson.mp4").stat().st_size for side in ("old", "new"))
    assert one.shown == "lesson.gif"


def test_a_changed_parameter_and_an_edited_script_are_named(here: Path, write_folder) -> None:
    from animate.batch.manifest import Input

    manifest = write_folder(here / "old")
    write_folder(here / "new")
    first = manifest.scenes[0]
    put(manifest, here / "old", inputs=(Input("script", "scenes/lesson.py", "0" * 64),))
    values = (replace(first.parameters[0], value=0.3), *first.parameters[1:])
    put(manifest, here / "new", parameters=values, inputs=(Input("script", "scenes/lesson.py", "1" * 64),))
    [one] = review("old", "new").changed
    assert one.reasons == ("learning_rate: 0.1 → 0.3", "script scenes/lesson.py edited")
    assert one.moments == ()


def test_an_added_theme_and_format_are_named_and_not_compared_with_others(here: Path, write_folder) -> None:
    write_folder(here / "old", formats=("gif",), themes=("light",))
    write_folder(here / "new", formats=("gif", "mp4"), themes=("light", "dark"))
    [one] = review("old", "new").changed
    assert one.reasons == ("theme dark added", "format mp4 added")
    assert one.moments == ()


def test_a_removed_theme_is_named(here: Path, write_folder) -> None:
    write_folder(here / "old", formats=("gif",), themes=("light", "dark"))
    write_folder(here / "new", formats=("gif",), themes=("light",))
    [one] = review("old", "new").changed
    assert one.reasons == ("theme dark removed",)


def test_a_changed_setting_is_named(here: Path, write_folder) -> None:
    put(write_folder(here / "old", formats=("gif",)), here / "old", settings={"loop": 0, "poster": "last"})
    new = write_folder(here / "new", formats=("gif",), at=16)
    put(new, here / "new", settings={"loop": 1, "poster": "last"})
    [one] = review("old", "new").changed
    assert one.reasons == ("loop changed from 0 to 1",)


def test_an_edited_script_with_the_same_files_is_no_change(here: Path, write_folder) -> None:
    from animate.batch.manifest import Input

    manifest = write_folder(here / "old")
    write_folder(here / "new")
    put(manifest, here / "new", inputs=(Input("script", "scenes/lesson.py", "1" * 64),))
    assert review("old", "new").unchanged == ("lesson",)


def test_folders_without_a_manifest_are_matched_by_name(here: Path, write_file) -> None:
    for side, at in (("old", 0), ("new", 16)):
        write_file(here / side / "a.gif", at=at)
        write_file(here / side / "same.gif")
    found = review("old", "new")
    assert ([one.entry.name for one in found.changed], found.unchanged) == (["a"], ("same",))


def test_another_format_is_compared_with_the_one_before(here: Path, write_folder) -> None:
    write_folder(here / "old", formats=("gif",), poster=False)
    write_folder(here / "new", formats=("mp4",), poster=False)
    [one] = review("old", "new").changed
    assert one.shown == "lesson.mp4"
    assert one.worst is not None


# --- the page and the sheet


def test_the_page_holds_its_pictures(here: Path, write_folder) -> None:
    write_folder(here / "old")
    write_folder(here / "new", at=16)
    page, _ = write_review(review("old", "new"), here / "review.html")
    text = page.read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="(?!data:)[^"]*"', text) == []
    pictures = re.findall(r'src="data:image/webp;base64,([^"]*)"', text)
    assert len(pictures) == 3 * len(COLUMNS)
    assert iio.imread(io.BytesIO(base64.b64decode(pictures[0])), extension=".webp").shape[:2] == (48, 64)


def test_the_sheet_shows_the_pictures_pixel_for_pixel(here: Path, write_folder) -> None:
    write_folder(here / "old", formats=("gif",))
    write_folder(here / "new", formats=("gif",), at=16)
    found = review("old", "new")
    _, sheet = write_review(found, here / "review.html")
    after = found.changed[0].worst.after[1:-1, 1:-1]
    assert any(np.array_equal(part, after) for part in parts_like(iio.imread(sheet)[..., :3], after))


def parts_like(picture: np.ndarray, part: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the parts of a picture with the size of another and its most varied row."""
    height, width, n_channels = part.shape
    varied = int(np.ptp(part, axis=1).sum(axis=1).argmax())
    for y in range(len(picture) - height + 1):
        row, at = picture[y + varied].tobytes(), -1
        while (at := row.find(part[varied].tobytes(), at + 1)) >= 0:
            x = at // n_channels
            yield picture[y : y + height, x : x + width]


def test_a_review_of_nothing_is_a_page_that_says_so(here: Path, write_folder) -> None:
    write_folder(here / "old")
    page, sheet = write_review(review("old", "old"), here / "review.html")
    assert "Unchanged: lesson." in page.read_text(encoding="utf-8")
    assert sheet.stat().st_size > 0


@pytest.mark.parametrize("width", [360, 1600])
def test_the_page_works_in_a_browser_with_wicked_text(here, write_folder, page, check_access, width: int) -> None:
    write_folder(here / "old", formats=("gif",), question=WICKED)
    write_folder(here / "new", formats=("gif",), at=16, question=WICKED, alt=WICKED)
    path, _ = write_review(review("old", "new"), here / "review.html")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path.as_uri())
    assert page.text_content(".question") == WICKED
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    check_access(page)


# --- the command


def test_the_command_writes_both_and_prints_their_paths(here: Path, write_folder) -> None:
    write_folder(here / "old", formats=("gif",))
    write_folder(here / "new", ("lesson", "more"), formats=("gif",))
    done = diff("old", "new", "-o", "out/scenes.html")
    page, sheet = (Path("out") / name for name in ("scenes.html", "scenes.png"))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"{page}  0 changed, 1 added, 0 removed, 1 unchanged\n{sheet}\n"
    assert page.is_file()
    assert sheet.is_file()
    assert json.loads(diff("old", "new", "--json").stdout)["added"] == ["more"]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda new: None, "there is no folder or manifest 'new'"),
        (lambda new: new.write_bytes(b"GIF89a"), "a folder or a manifest is needed to compare; got the file 'new'"),
        (lambda new: new.mkdir(), "'new' holds neither a manifest nor an animation"),
        (lambda new: (new.mkdir(), (new / "manifest.json").write_text("{")), "is damaged"),
        (lambda new: (new.mkdir(), (new / "lesson.gif").write_bytes(b"no picture")), "cannot be read"),
    ],
    ids=["missing", "a file", "empty", "damaged", "unreadable"],
)
def test_bad_input_is_told_in_one_line(here: Path, write_folder, make, told: str) -> None:
    write_folder(here / "old", formats=("gif",))
    if "cannot" in told:
        (here / "old/manifest.json").unlink()
    make(here / "new")
    done = diff("old", "new")
    assert done.exit_code in (1, 2)
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("format_", ["gif", "apng", "webp", "avif", "mp4", "webm"])
def test_a_file_that_is_cut_off_is_told_by_its_name(here: Path, write_file, format_: str) -> None:
    for side, at in (("old", 0), ("new", 16)):
        write_file(here / f"{side}/lesson.{format_}", at=at, n_frames=12)
    whole = Path(f"new/lesson.{format_}").read_bytes()
    Path(f"new/lesson.{format_}").write_bytes(whole[: len(whole) * 9 // 10])
    done = diff("old", "new")
    assert done.exit_code == 1
    assert re.fullmatch(rf"error: 'new/lesson\.{format_}' (cannot be read|could not be decoded.*): .+\n", done.stderr)
    assert not Path("review.html").exists()


def test_a_file_that_is_gone_is_told_by_its_name(here: Path, write_folder) -> None:
    write_folder(here / "old", formats=("gif",))
    write_folder(here / "new", formats=("gif",), at=16)
    (here / "new/lesson.gif").unlink()
    assert re.search(r"lesson\.gif' cannot be read", diff("old", "new").stderr)


def test_another_kind_of_page_is_refused(here: Path, write_folder) -> None:
    assert "must end in .html" in diff("old", "new", "-o", "review.pdf").stderr
