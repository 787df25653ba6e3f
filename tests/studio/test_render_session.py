"""Live stages: pictures equal those of the command line, mistakes are told at their controls."""

from __future__ import annotations

import io
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import imageio.v3 as iio
import numpy as np
import pytest
from click.testing import CliRunner

from animate.cli import commands
from animate.draw.readout import Readout
from animate.draw.settings import Settings
from animate.draw.story import StoryTimeline
from animate.draw.timeline import Timeline
from animate.errors import SceneError
from animate.library.discovery import find
from animate.studio.live_scene import share_of
from animate.studio.messages import RenderJob, RenderRequest
from animate.studio.render_session import MAX_STAGES, RenderSession, ValuesError

MakeJob = Callable[..., RenderJob]
CSV = b"x;y\n0,5;1\n1,5;2\n2,5;4\n3,5;3\n"


class Screen:
    """What a page shows: it puts every area where it belongs, on what was there."""

    def __init__(self, session: RenderSession) -> None:
        self.session = session
        self.pixels = np.zeros((1, 1, 4), np.uint8)
        self.base = self.known = ""
        self.n_bytes = 0

    def ask(self, job: RenderJob) -> dict[str, Any]:
        told, parts = self.session.draw(replace(job, base=self.base, known=self.known))
        if self.pixels.shape[:2] != (told["height"], told["width"]):
            self.pixels = np.zeros((told["height"], told["width"], 4), np.uint8)
        for (left, top, width, height), part in zip(told["areas"], parts, strict=True):
            tile = np.frombuffer(part, np.uint8).reshape(height, width, 4)
            self.pixels[top : top + height, left : left + width] = tile
        self.base, self.n_bytes = told["name"], sum(map(len, parts))
        self.known = told.get("about", {"id": self.known})["id"]
        return told


@pytest.fixture
def screen(session: RenderSession) -> Screen:
    return Screen(session)


def still(line: str, share: float, folder: Path) -> np.ndarray:
    """Return the picture that a command line shown on the page makes."""
    words = shlex.split(line.replace("SHARE", str(share)))
    result = CliRunner().invoke(commands, [*words[1:], "--scenes", str(folder)])
    assert result.exit_code == 0, result.output
    return iio.imread(words[words.index("-o") + 1])


def test_the_command_line_shown_makes_exactly_the_picture_shown(
    screen: Screen, job: MakeJob, folder: Path, here: Path
) -> None:
    request = {"texts": {"learning_rate": "0.2", "seed": "4"}, "theme": "dark", "share": 0.437}
    told = screen.ask(job(request=request))
    picture = still(told["about"]["still"], told["share"], folder)
    np.testing.assert_array_equal(screen.pixels[..., :3], picture[..., :3])


def test_pictures_of_a_slider_that_is_dragged_are_those_of_scenes_made_for_them(screen: Screen, job: MakeJob) -> None:
    rates = ["0.05", "0.06", "0.3", "0.9", "0.05"]
    for place, rate in enumerate(rates):
        wanted = job(request={"texts": {"learning_rate": rate}, "share": place / 4})
        screen.ask(wanted)
        fresh = Screen(RenderSession())
        fresh.ask(wanted)
        np.testing.assert_array_equal(screen.pixels, fresh.pixels)


def test_panels_that_take_other_texts_are_drawn_as_if_made_for_them(screen: Screen) -> None:
    for rate in ("0.02", "0.021", "0.5"):
        request = RenderRequest(
            "optimizer_race", {"learning_rate_plain": rate, "n_updates": "50"}, size="480x270", share=0.5
        )
        wanted = RenderJob("tab", request, str(find("optimizer_race")), "optimizer_race")
        screen.ask(wanted)
        fresh = Screen(RenderSession())
        fresh.ask(wanted)
        np.testing.assert_array_equal(screen.pixels, fresh.pixels)


def test_of_the_next_moment_only_what_changed_is_sent(screen: Screen, job: MakeJob) -> None:
    screen.ask(job(request={"share": 0.5}))
    whole = screen.n_bytes
    screen.ask(job(request={"share": 0.52}))
    assert 0 < screen.n_bytes < whole / 2


def test_a_page_that_lost_its_picture_is_sent_all_of_it(session: RenderSession, job: MakeJob) -> None:
    session.draw(job(request={"share": 0.5}))
    told, _ = session.draw(job(request={"share": 0.5}))
    assert told["areas"] == [(0, 0, 480, 270)]


def test_what_is_known_of_a_scene_is_told_once(screen: Screen, job: MakeJob) -> None:
    assert "about" in screen.ask(job(request={"share": 0.1}))
    assert "about" not in screen.ask(job(request={"share": 0.2}))
    assert "about" in screen.ask(job(request={"share": 0.2, "texts": {"seed": "1"}}))


@pytest.mark.parametrize("update", [0, 1, 7, 39, 40])
def test_a_step_goes_to_its_update(screen: Screen, job: MakeJob, update: int) -> None:
    told = screen.ask(job(request={"share": None, "update": update}))
    assert told["update"] == update
    assert screen.ask(job(request={"share": told["share"]}))["update"] == update


@pytest.mark.parametrize("pace", ["linear", "log", "eased"])
@pytest.mark.parametrize("n_updates", [1, 200, 10_000])
def test_every_update_can_be_stepped_to(pace: str, n_updates: int) -> None:
    timeline = Timeline(n_updates, pace=pace, pauses={n_updates // 2: 1.0})
    for update in {0, 1, 2, n_updates // 3, n_updates // 2, n_updates - 1, n_updates}:
        share = share_of(timeline, RenderRequest("a", share=None, update=update))
        assert timeline.update_at(share * timeline.duration) == min(update, n_updates)


def test_readouts_are_the_numbers_of_the_run(session: RenderSession, job: MakeJob) -> None:
    wanted = job(request={"share": 1.0})
    told, _ = session.draw(wanted)
    scene = session.build(wanted).scene
    [run], [readout] = scene.runs, told["readouts"]
    assert readout["loss"] == Readout.of("loss", run.trajectory.loss).text(40), "the decimals are those of the picture"
    assert float(readout["loss"]) == pytest.approx(run.trajectory.loss[-1], rel=1e-2)
    assert readout["epoch"] == "40"


def test_all_mistakes_are_told_at_once_in_the_words_of_the_command_line(
    session: RenderSession, job: MakeJob, folder: Path, here: Path
) -> None:
    texts = {"learning_rate": "fast", "seed": "100", "panel": "fitt", "sede": "1"}
    with pytest.raises(ValuesError) as caught:
        session.draw(job(request={"texts": texts}))
    assert caught.value.by_name.keys() == texts.keys()
    for name, text in texts.items():
        line = ["render", "lesson", "--scenes", str(folder), "--set", f"{name}={text}"]
        assert caught.value.by_name[name] in CliRunner().invoke(commands, line).stderr


@pytest.mark.parametrize("size", ["80x45", "800", "9000x9000", "3840x2160"])
def test_a_size_that_cannot_be_shown_is_a_mistake_at_its_control(
    session: RenderSession, job: MakeJob, size: str
) -> None:
    with pytest.raises(ValuesError) as caught:
        session.draw(job(request={"size": size}))
    assert list(caught.value.by_name) == ["size"]


def test_a_scene_that_raises_is_told_with_file_and_line(session: RenderSession, job: MakeJob) -> None:
    with pytest.raises(SceneError, match=r"raises\.py:5: build failed: RuntimeError: no such luck"):
        session.draw(job("raises"))


def test_a_picture_after_a_mistake_is_right(screen: Screen, job: MakeJob) -> None:
    first = job(request={"share": 0.3})
    screen.ask(first)
    before = screen.pixels.copy()
    with pytest.raises(ValuesError):
        screen.ask(job(request={"texts": {"seed": "x"}}))
    screen.ask(first)
    np.testing.assert_array_equal(screen.pixels, before)


def test_a_script_that_changed_is_run_anew(session: RenderSession, tmp_path: Path, folder: Path, job: MakeJob) -> None:
    script = tmp_path / "lesson.py"
    text = (folder / "lesson.py").read_text()
    script.write_text(text)
    session.draw(job(path=str(script), stamp="1"))
    script.write_text(text.replace('title="Does it work?"', 'title="It does"'))
    told, _ = session.draw(job(path=str(script), stamp="2"))
    assert told["about"]["question"] == "It does"


def test_dropped_data_take_the_place_of_the_points(session: RenderSession, job: MakeJob) -> None:
    session.take_table("digest", CSV)
    told, _ = session.draw(job(data="my.csv", digest="digest"))
    assert "--data my.csv" in told["about"]["render"]
    assert session.table(job(data="my.csv", digest="digest"))["columns"] == ["x", "y"]


@pytest.mark.parametrize(
    ("content", "columns", "words"),
    [(b"x,y\n1,2\n3,oops\n", "", "my.csv, row 3, column 'y'"), (CSV, "x,z", "no column 'z'"), (b"\0", "", "my.csv")],
)
def test_data_that_cannot_be_used_are_a_mistake_at_the_data(
    session: RenderSession, job: MakeJob, content: bytes, columns: str, words: str
) -> None:
    session.take_table("digest", content)
    with pytest.raises(ValuesError) as caught:
        session.draw(job(data="my.csv", digest="digest", request={"columns": columns}))
    assert words in caught.value.by_name["data"]


def test_only_so_many_stages_are_kept(session: RenderSession, job: MakeJob) -> None:
    for number in range(MAX_STAGES + 3):
        session.draw(job(tab=str(number), request={"size": "320x180"}))
    assert len(session._live) == MAX_STAGES


def test_a_description_holds_what_controls_need(session: RenderSession, job: MakeJob) -> None:
    told = session.controls(job())
    assert told["question"] == "Does it work?"
    by_name = {one["name"]: one for one in told["parameters"]}
    assert by_name["learning_rate"]["range"] == {"low": 1e-4, "high": 1.0, "scale": "log"}
    assert by_name["panel"]["choices"] == ["fit", "surface"]
    assert by_name["start"] | {"default": "none", "optional": True, "n_values": 2} == by_name["start"]
    assert by_name["residuals"]["default"] == "true"


# -- previews


def test_a_preview_says_what_it_leaves_out_and_the_exact_picture_is_that_of_a_fresh_scene(
    screen: Screen, job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("animate.studio.render_session.PREVIEW_SECONDS", 0.0)
    values = {"texts": {"n_updates": "200"}, "share": 1.0}
    told = screen.ask(job(request={**values, "rough": True}))
    assert told["about"]["left_out"] == "first 16 of 200 updates"
    assert screen.ask(job(request=values))["about"]["left_out"] == ""
    fresh = Screen(RenderSession())
    fresh.ask(job(request=values))
    np.testing.assert_array_equal(screen.pixels, fresh.pixels)


def test_a_preview_that_is_exact_is_not_drawn_again(session: RenderSession, job: MakeJob) -> None:
    told, _ = session.draw(job(request={"rough": True}))
    assert told["about"]["left_out"] == ""
    live = session._live["tab"]
    session.draw(job())
    assert session._live["tab"] is live


def test_a_lesson_that_fails_on_a_preview_is_drawn_exactly(
    session: RenderSession, tmp_path: Path, folder: Path, job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("animate.studio.render_session.PREVIEW_SECONDS", 0.0)
    script = tmp_path / "strict.py"
    check = "if (run.trajectory.params[-1] == run.trajectory.params[-2]).all():\n        raise ValueError('it rests')\n"
    script.write_text((folder / "lesson.py").read_text().replace("    shown = {", f"    {check}    shown = {{"))
    told, _ = session.draw(job(path=str(script), request={"rough": True}))
    assert told["about"]["left_out"] == ""


# -- sharp screens


def test_a_denser_picture_is_the_one_that_matplotlib_draws_at_more_dots_an_inch(
    screen: Screen, session: RenderSession, job: MakeJob
) -> None:
    wanted = job(request={"density": 2.0, "share": 0.5})
    told = screen.ask(wanted)
    assert (told["width"], told["height"]) == (960, 540)
    scene = session.build(wanted).scene
    stage = scene.stage(Settings(480, 270))
    stage.show(0.5 * scene.timeline.duration)
    content = io.BytesIO()
    stage.figure.savefig(content, dpi=2 * stage.figure.dpi)
    np.testing.assert_array_equal(screen.pixels[..., :3], iio.imread(content.getvalue(), extension=".png")[..., :3])


# -- data that fit, and that do not


def test_data_that_do_not_fit_another_lesson_are_left_out_with_the_reason(session: RenderSession, job: MakeJob) -> None:
    session.take_table("digest", b"x,kind\n4,a\n2,b\n7,a\n")
    about = session.draw(job(data="my.csv", digest="digest", request={"data": "try"}))[0]["about"]
    assert (about["data"], "--data" in about["render"]) == ("", False)
    assert about["misfit"].startswith("my.csv does not fit this lesson: my.csv, row 2, column 'kind': a number")


def test_data_that_fit_another_lesson_are_used(session: RenderSession, job: MakeJob) -> None:
    session.take_table("digest", CSV)
    about = session.draw(job(data="my.csv", digest="digest", request={"data": "try"}))[0]["about"]
    assert (about["data"], about["misfit"], "--data my.csv" in about["render"]) == ("my.csv", "", True)


def test_rows_with_an_empty_cell_are_left_out_if_asked_and_counted(session: RenderSession, job: MakeJob) -> None:
    session.take_table("digest", b"x,y\n1,2\n2,\n3,5\n4,4\n")
    with pytest.raises(ValuesError, match="row 3, column 'y': the cell is empty"):
        session.draw(job(data="my.csv", digest="digest"))
    about = session.draw(job(data="my.csv", digest="digest", request={"skip_missing": True}))[0]["about"]
    assert about["notes"] == ("my.csv: left out 1 of 4 rows, the first of them row 3: a cell is empty",)
    assert "--data my.csv --skip-missing" in about["render"]


def test_a_workbook_is_read_as_on_the_command_line(session: RenderSession, job: MakeJob) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in (("hours", "points"), (1, 30), (2, 41), (4, 55)):
        book.active.append(row)
    book.save(content)
    session.take_table("digest", content.getvalue())
    told = session.table(job(data="class.xlsx", digest="digest"))
    assert (told["columns"], told["n_rows"]) == (["hours", "points"], 3)
    assert "--data class.xlsx" in session.draw(job(data="class.xlsx", digest="digest"))[0]["about"]["render"]


def test_a_lesson_that_takes_no_data_has_none_in_its_command(session: RenderSession, job: MakeJob) -> None:
    session.take_table("digest", CSV)
    name = "sigmoid_plus_log_loss"
    request = RenderRequest(name, size="320x180")
    told, _ = session.draw(RenderJob("tab", request, str(find(name)), name, data="x.csv", digest="digest"))
    assert "--data" not in told["about"]["render"]


def test_a_story_is_opened_at_its_start_with_all_that_enters_before_it(session: RenderSession) -> None:
    request = RenderRequest("linear_loss_surface", size="320x180", share=None)
    told, _ = session.draw(RenderJob("tab", request, str(find("linear_loss_surface")), "linear_loss_surface"))
    assert (told["update"], told["share"]) == (0, told["about"]["start"])
    timeline = session._live["tab"].scene.timeline
    assert isinstance(timeline, StoryTimeline)
    assert timeline.position_at(told["share"] * timeline.duration) == 0, "nothing has moved yet"
    assert all(axes.get_visible() for _, axes in session._live["tab"].stage.mounted)
