"""A scene as Python sees it: animations, stills, files, several processes."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import replace
from pathlib import Path

import imageio.v3 as iio
import imageio_ffmpeg
import numpy as np
import pytest
from matplotlib.animation import FuncAnimation, PillowWriter
from PIL import Image

import animate
from animate.draw.panels import LossCurve, Run
from animate.draw.settings import Settings
from animate.draw.story import Beat
from animate.errors import EncodeError, UsageError
from animate.film.decode import stored_alt
from animate.learn.descent import Trajectory
from animate.scene import Scene

SCENES = Path(__file__).parents[1] / "scenes"
SMALL = {"size": (320, 180), "fps": 5}


@pytest.fixture(scope="module")
def scene() -> Scene:
    return animate.load("linear_online_sgd", scenes=SCENES).build(n_updates=12)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def by_hand() -> Scene:
    run = Run("run", Trajectory.from_arrays(np.zeros((4, 2)), loss=[3.0, 2.0, 1.0, 0.5]))
    return Scene(title="Why?", caption="So.", panels=[LossCurve(runs=[run])], timeline=animate.Timeline(3, seconds=1.0))


def test_animation_is_matplotlibs_and_saves_with_its_writers_too(scene: Scene, tmp_path: Path) -> None:
    animation = scene.animation(**SMALL)
    assert isinstance(animation, FuncAnimation)
    animation.save(str(tmp_path / "x.gif"), writer=PillowWriter(fps=5))
    assert iio.improps(tmp_path / "x.gif").shape[1:3] == (180, 320)


def test_several_files_come_from_one_pass_and_last_equally_long(scene: Scene, tmp_path: Path) -> None:
    gif, mp4 = scene.save(tmp_path / "a.gif", tmp_path / "b" / "a.mp4", **SMALL)
    assert gif.duration == pytest.approx(mp4.duration, abs=1 / 5)
    ffmpeg, raw = imageio_ffmpeg.get_ffmpeg_exe(), ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    command = [ffmpeg, "-v", "error", "-i", mp4.path, *raw]
    pixels = subprocess.run(command, capture_output=True, check=True).stdout
    assert len(pixels) == scene.n_frames(5) * 180 * 320 * 3


def test_the_same_scene_gives_the_same_bytes(scene: Scene, tmp_path: Path) -> None:
    first, again = (
        [digest(written.path) for written in scene.save(tmp_path / f"{n}.gif", tmp_path / f"{n}.mp4", **SMALL)]
        for n in (1, 2)
    )
    assert first == again


def test_two_processes_write_the_bytes_of_one(scene: Scene, tmp_path: Path) -> None:
    alone, together = (
        [digest(written.path) for written in scene.save(tmp_path / f"{n}.gif", tmp_path / f"{n}.mp4", jobs=n, **SMALL)]
        for n in (1, 2)
    )
    assert alone == together


@pytest.mark.parametrize(("at", "time"), [("first", 0.0), (0.5, None), ("last", None), ("0.25", None)])
def test_positions_are_shares_or_names(scene: Scene, at: float | str, time: float | None) -> None:
    share = {"first": 0.0, "last": 1.0}.get(str(at), at)
    assert scene.time_at(at) == pytest.approx(float(share) * scene.timeline.duration)


@pytest.mark.parametrize("at", ["lasst", "1.5", "nan", -0.1])
def test_other_positions_are_refused(scene: Scene, at: float | str) -> None:
    with pytest.raises(UsageError, match="at must be"):
        scene.time_at(at)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_still_is_the_same_bytes_each_time(scene: Scene, tmp_path: Path, suffix: str) -> None:
    paths = [scene.save_still(tmp_path / f"{n}{suffix}", 0.5, size=(320, 180)) for n in (1, 2)]
    assert digest(paths[0]) == digest(paths[1])


def test_a_sheet_holds_the_frames_in_rows(scene: Scene, tmp_path: Path) -> None:
    sheet = iio.imread(scene.save_sheet(tmp_path / "s.png", n_frames=4, size=(320, 180)))
    assert sheet.shape == (2 * 180 + 3 * 2, 2 * 320 + 3 * 2, 3)
    stage = scene.stage(Settings(320, 180))
    stage.show(0.0)
    stage.figure.canvas.draw()
    assert np.array_equal(sheet[2:182, 2:322], np.asarray(stage.figure.canvas.buffer_rgba())[..., :3])  # type: ignore[attr-defined]


def test_a_transparent_sheet_holds_the_pixels_of_transparent_frames(scene: Scene, tmp_path: Path) -> None:
    sheet = iio.imread(scene.save_sheet(tmp_path / "s.png", n_frames=1, size=(320, 180), transparent=True))
    frame = iio.imread(scene.save_still(tmp_path / "f.png", 0.0, size=(320, 180), transparent=True))
    assert np.array_equal(sheet[2:182, 2:322], frame)
    assert frame[0, 0, 3] == 0 < sheet[0, 0, 3]


def test_what_cannot_be_written_is_refused_before_anything_is_drawn(scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="even"):
        scene.save(tmp_path / "x.mp4", size=(801, 451))
    with pytest.raises(UsageError, match="Did you mean"):
        scene.save(tmp_path / "x.giff")
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(EncodeError, match="cannot write"):
        scene.save(blocked / "x.gif", **SMALL)


def test_runs_are_those_the_panels_show_each_once() -> None:
    scene = animate.load("linear_sgd_vs_batch", scenes=SCENES).build()
    assert [run.name for run in scene.runs] == ["Online SGD", "Batch GD"]


def test_a_budget_is_kept_and_what_it_cost_is_told(scene: Scene, tmp_path: Path) -> None:
    (full,) = scene.save(tmp_path / "full.gif", size=(480, 270), fps=10)
    budget = int(0.8 * full.bytes)
    (small,) = scene.save(tmp_path / "small.gif", size=(480, 270), fps=10, max_size=budget)
    assert small.path.stat().st_size == small.bytes <= budget
    assert small.compromises
    assert small.duration == pytest.approx(full.duration, abs=0.15)


def test_what_fits_is_written_as_without_a_budget(scene: Scene, tmp_path: Path) -> None:
    (plain,) = scene.save(tmp_path / "plain.gif", **SMALL)
    (fitting,) = scene.save(tmp_path / "fitting.gif", max_size="2MB", **SMALL)
    assert digest(plain.path) == digest(fitting.path)
    assert fitting.compromises == ()


def test_a_budget_that_nothing_fits_says_so_and_leaves_the_old_file(scene: Scene, tmp_path: Path) -> None:
    target = tmp_path / "x.gif"
    target.write_bytes(b"old")
    with pytest.raises(EncodeError, match="nothing fits into 1 kB"):
        scene.save(target, max_size="1kB", **SMALL)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("suffix", ["gif", "webp", "webm", "mp4", "m4v", "apng"])
def test_a_file_stores_the_alternative_text(tmp_path: Path, suffix: str) -> None:
    scene = replace(by_hand(), alt='Two "paths" = a; b # c \\ d & <e>\nsecond line, é −')
    [written] = scene.save(tmp_path / f"a.{suffix}", **SMALL)
    assert stored_alt(written.path) == scene.alt


def test_other_programs_find_the_alternative_text_of_a_gif(tmp_path: Path) -> None:
    replace(by_hand(), alt="Loss falls.").save(tmp_path / "a.gif", **SMALL)
    with Image.open(tmp_path / "a.gif") as picture:
        assert picture.info["comment"] == b"Loss falls."


def test_a_file_without_alternative_text_has_none(tmp_path: Path) -> None:
    for path in (tmp_path / "a.gif", tmp_path / "a.mp4"):
        by_hand().save(path, **SMALL)
        assert stored_alt(path) == ""


def test_adjusted_scenes_keep_the_rest(scene: Scene) -> None:
    adjusted = scene.adjust(title="Mine", caption="All mine", slower=2)
    assert (adjusted.question, adjusted.captions) == ("Mine", {0: "All mine"})
    assert adjusted.timeline.duration == pytest.approx(2 * scene.timeline.duration)
    assert (adjusted.alt, adjusted.panels) == (scene.alt, scene.panels)
    assert scene.adjust() is scene


def test_single_captions_are_replaced_by_their_number() -> None:
    captions = {0: "One", 2: "Two", 3: "Three"}
    scene = Scene(title="Why?", caption=captions, panels=by_hand().panels, timeline=animate.Timeline(3, seconds=1.0))
    updates = list(scene.captions)
    adjusted = scene.adjust(caption={2: "Mine"})
    assert adjusted.captions == {**scene.captions, updates[1]: "Mine"}
    with pytest.raises(UsageError, match=f"caption must be one of the {len(updates)} captions, from 1; got 9"):
        scene.adjust(caption={9: "Mine"})


def test_the_words_of_single_beats_are_replaced_by_their_number() -> None:
    beats = [Beat("One", updates=1), Beat("Two", updates=2), Beat("Three", hold=1.0)]
    told = Scene(title="Why?", beats=beats, panels=by_hand().panels)
    adjusted = told.adjust(caption={2: "Mine"}, slower=2)
    assert [words for _, _, words in adjusted.timed_captions()] == ["One", "Mine", "Three"]
    assert adjusted.timeline.duration == pytest.approx(2 * told.timeline.duration)
    assert [words for _, _, words in told.adjust(caption="All mine").timed_captions()] == ["All mine"]
    with pytest.raises(UsageError, match="caption must be one of the 3 beats, from 1; got 4"):
        told.adjust(caption={4: "Mine"})


def test_two_processes_write_the_bytes_of_one_for_a_story(tmp_path: Path) -> None:
    story = animate.load("linear_sgd_vs_batch", scenes=SCENES).build(n_updates=12)
    assert story.beats
    alone, together = (
        [digest(written.path) for written in story.save(tmp_path / f"{n}.gif", jobs=n, **SMALL)] for n in (1, 2)
    )
    assert alone == together


def test_a_sheet_of_a_story_holds_the_end_of_each_beat(tmp_path: Path) -> None:
    story = animate.load("linear_sgd_vs_batch", scenes=SCENES).build(n_updates=12)
    sheet = iio.imread(story.save_sheet(tmp_path / "s.png", size=(320, 180)))
    assert sheet.shape == (2 * 180 + 3 * 2, 3 * 320 + 4 * 2, 3)
    figure = story.still(beat=3, size=(320, 180))
    figure.canvas.draw()
    assert np.array_equal(sheet[2:182, -322:-2], np.asarray(figure.canvas.buffer_rgba())[..., :3])  # type: ignore[attr-defined]


@pytest.mark.parametrize("update", [-1, 40])
def test_a_caption_that_is_never_shown_is_noted(update: int) -> None:
    problem = rf"the caption at update {update} is never shown: the timeline goes from update 0 to 3"
    with pytest.warns(UserWarning, match=problem) as caught:
        Scene(title="Why?", caption={0: "A", update: "B"}, panels=by_hand().panels, timeline=animate.Timeline(3))
    assert caught[0].filename == __file__


def test_a_timeline_longer_than_the_run_is_noted() -> None:
    with pytest.warns(UserWarning, match="the timeline goes on to update 9, but the run ends at 3"):
        Scene(title="Why?", caption="A", panels=by_hand().panels, timeline=animate.Timeline(9))


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"caption": 3}, "caption must be text; got 3"),
        ({"caption": {0: 3}}, "caption must be text; got 3"),
        ({"title": None}, "title must be text; got None"),
        ({"counter": 3}, "counter must be text; got 3"),
    ],
)
def test_words_of_another_type_are_refused(words: dict[str, object], problem: str) -> None:
    given: dict[str, object] = {"title": "Why?", "caption": "A", **words}
    with pytest.raises(UsageError, match=problem):
        Scene(panels=by_hand().panels, timeline=animate.Timeline(3), **given)


def test_axes_of_updates_bear_the_name_of_what_is_counted() -> None:
    told = replace(by_hand(), counter="epoch")
    stage = told.stage(Settings(1280, 720))
    stage.show(0.0)
    assert stage.figure.axes[0].get_xlabel() == "epoch"


def test_a_loss_curve_of_no_runs_is_refused() -> None:
    with pytest.raises(UsageError, match="runs must be at least one run; got none"):
        LossCurve(runs=[])


def test_a_copy_tells_of_a_run_that_diverges_only_once() -> None:
    scene = animate.load("linear_batch_gd").build(learning_rate=0.9)
    assert scene.alt.count("diverges") == replace(scene).alt.count("diverges") == 1
