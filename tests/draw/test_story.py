"""Beats: which update at which second, what is on screen then, and one clear line for bad input."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

import animate
from animate import Beat, Scene, Timeline, marks, panels, to_end, up_to
from animate.draw.cues import DIM_STRENGTH
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.draw.story import ENTER_SECONDS, StoryTimeline
from animate.errors import AnimateError, SceneError, UsageError
from animate.learn.descent import Trajectory, descend
from animate.learn.optimizers import gradient_descent
from animate.learn.problems import linear_problem
from animate.replay.frame_source import frame_source
from animate.replay.full_draw import FullDraw

SMALL = Settings(480, 270)
HERE = f"{Path(__file__).relative_to(Path.cwd())}:"


def plot(**fields: Any) -> panels.Plot:
    return panels.Plot(
        marks.Points([[1.0, 1.0], [2.0, 3.0]], color="first", name="points"),
        marks.Line(lambda update: [[0.0, 0.0], [4.0, float(update)]], color="second", name="line"),
        marks.Ring(lambda update: [[update, update]], name="ring"),
        marks.Text(lambda update: f"k = {update}", (0.0, 1.0), name="words"),
        limits=((0, 4), (0, 10)), title=("Points and a line", "Plot"), **fields,
    )  # fmt: skip


def told(*beats: Beat, n_updates: int = 10, **fields: Any) -> Scene:
    return Scene(title="Why?", panels=[plot()], beats=beats, n_updates=n_updates, **fields)


def fit_scene(*beats: Beat, n_updates: int = 12) -> Scene:
    problem = linear_problem(animate.line(20, rng=0))
    run = panels.Run("Batch", descend(problem.objective, gradient_descent(0.1), [0.0, 0.0], n_updates))
    shown = [panels.LineFit(problem=problem, run=run, title="Fit"), panels.LossSurface.of(problem, [run], title="Loss")]
    return Scene(title="Why?", panels=shown, beats=beats)


STORY = (
    Beat("Points.", enter="points", seconds=0.6),
    Beat("A line and its errors.", enter=["line", "residuals"], focus="line", seconds=0.8),
    Beat("A place on the surface.", enter="Loss", seconds=0.6),
    Beat("One update.", updates=1, slow=True, focus=["ring", "line", "path"], seconds=1.0),
    Beat("The rest.", updates=to_end, pace="log", seconds=1.5, leave="residuals"),
    Beat("The end, seen closely.", view={"loss": ((-0.5, 0.5), (-0.5, 0.5))}, seconds=1.2, hold=0.5),
)


def shown(scene: Scene, time: float) -> tuple[Stage, dict[str, Any]]:
    stage = scene.stage(SMALL)
    stage.show(time)
    return stage, {drawn.name: drawn.artists for panel, _ in stage.mounted for drawn in panel.drawn_marks}


def frame(stage: Stage) -> np.ndarray:
    return FullDraw(stage.figure, stage.figure.dpi, {"facecolor": stage.figure.get_facecolor()}).frame()


# -- time


def test_beats_follow_one_another_and_advance_as_they_say() -> None:
    timeline = told(
        Beat("a", seconds=1.0), Beat("b", seconds=2.0, updates=4), Beat("c", updates=to_end, hold=1.0, seconds=1.0)
    ).timeline
    assert timeline.duration == pytest.approx(5.0)
    assert [timeline.update_at(time) for time in (0.0, 0.99, 1.0, 2.0, 3.0, 3.99, 4.0, 9.0)] == [
        0,
        0,
        0,
        2,
        4,
        9,
        10,
        10,
    ]


def test_updates_never_go_back_and_each_is_found_at_its_time() -> None:
    timeline = fit_scene(*STORY).timeline
    updates = [timeline.update_at(time) for time in np.linspace(0, timeline.duration, 500)]
    assert updates == sorted(updates)
    assert updates[0] == 0
    assert updates[-1] == timeline.n_updates == 12
    assert [timeline.update_at(timeline.time_of(update) + 1e-9) for update in range(13)] == list(range(13))


def test_until_names_the_update_at_which_a_beat_ends() -> None:
    timeline = told(Beat("a", until=7, seconds=1.0), Beat("b", seconds=1.0)).timeline
    assert timeline.update_at(1.5) == 7


def test_a_beat_for_which_no_updates_are_left_is_left_out_but_its_marks_enter() -> None:
    scene = told(
        Beat("a", updates=up_to(20), seconds=1.0), Beat("b", updates=up_to(3), enter="line"), Beat("c", seconds=1.0)
    )
    assert isinstance(scene.timeline, StoryTimeline)
    assert [chapter.beat.words for chapter in scene.timeline.chapters] == ["a", "c"]
    assert not shown(scene, 0.5)[1]["line"][0].get_visible()
    assert shown(scene, 1.9)[1]["line"][0].get_visible()


def test_without_seconds_a_beat_takes_the_time_to_read_its_words() -> None:
    short, long = (
        told(Beat(words)).timeline.duration for words in ("Few words.", "A good many more words than in the other.")
    )
    assert 1 < short < long < 4


def test_the_last_update_is_that_of_the_longest_run() -> None:
    assert fit_scene(Beat("a", updates=to_end)).timeline.n_updates == 12


def test_without_runs_the_beats_say_how_many_updates_there_are() -> None:
    scene = Scene(title="Why?", panels=[plot()], beats=[Beat("a", updates=2), Beat("b", updates=3)])
    assert scene.timeline.n_updates == 5


# -- marks


def test_alternative_text_is_what_the_first_and_the_last_beat_say_unless_given() -> None:
    first = Beat(("Two runs in full.", "Two."), updates=1)
    beats = [Beat(None), first, Beat("On."), Beat("It cost \\$5.", updates=to_end)]
    assert told(*beats).alt == "Two runs in full. It cost $5."
    assert told(*beats[:2], Beat(None, updates=to_end)).alt == "Two runs in full."
    assert told(*beats, alt="A line.").alt == "A line."
    assert replace(told(*beats), title="Why not?").alt == "Two runs in full. It cost $5."


def test_a_mark_that_enters_is_hidden_before_and_whole_after() -> None:
    scene = told(Beat("a", seconds=1.0), Beat("b", enter=["line", "points"], seconds=1.0))
    assert not shown(scene, 0.99)[1]["line"][0].get_visible()
    entering = shown(scene, 1.0 + ENTER_SECONDS / 2)[1]
    assert entering["line"][0].get_xdata()[-1] == pytest.approx(2.0)  # half of the way to 4
    whole = shown(scene, 1.0 + ENTER_SECONDS)[1]
    assert whole["line"][0].get_xdata()[-1] == 4.0
    assert entering["points"][0].get_markersize() == pytest.approx(whole["points"][0].get_markersize() / 2)


def test_a_mark_that_leaves_is_hidden_afterwards_and_may_return() -> None:
    scene = told(Beat("a", seconds=1.0), Beat("b", leave="line", seconds=1.0), Beat("c", enter="line", seconds=1.0))
    visible = [shown(scene, time)[1]["line"][0].get_visible() for time in (0.5, 1.9, 2.9)]
    assert visible == [True, False, True]


def test_a_panel_stands_for_all_of_its_marks_with_axes_and_title() -> None:
    stage, _ = shown(told(Beat("a", seconds=1.0), Beat("b", enter="plot", seconds=1.0)), 0.5)
    titles = [text for text in stage.figure.texts if text.get_text() == "Points and a line"]
    assert not stage.mounted[0][1].get_visible()
    assert [title.get_visible() for title in titles] == [False]


def test_marks_out_of_focus_are_mixed_into_the_background_and_words_are_not() -> None:
    scene = told(Beat("a", seconds=1.0), Beat("b", focus="line", seconds=1.0), Beat("c", seconds=1.0))
    stage, found = shown(scene, 1.9)
    theme = stage.style.theme
    dimmed = theme.tint("first", DIM_STRENGTH)
    assert to_hex(found["points"][0].get_markerfacecolor()) == dimmed
    assert to_hex(found["line"][0].get_color()) == theme.second
    assert to_hex(found["words"][0].get_color()) == theme.muted
    assert to_hex(shown(scene, 2.9)[1]["points"][0].get_markerfacecolor()) == theme.first


def test_one_panel_s_mark_is_named_with_the_panel() -> None:
    scene = Scene(title="?", panels=[plot(), plot(name="other")], beats=[Beat("a", focus="other/line", seconds=1.0)])
    stage, _ = shown(scene, 0.9)
    colors = [to_hex(panel.artists["line"][0].get_color()) for panel, _ in stage.mounted]
    assert colors == [stage.style.theme.tint("second", DIM_STRENGTH), stage.style.theme.second]


def test_a_slow_beat_moves_between_updates_while_words_stay_those_of_an_update() -> None:
    scene = told(Beat("a", updates=1, slow=True, seconds=1.0), Beat("b", seconds=1.0))
    stage, found = shown(scene, 0.5)
    assert found["line"][0].get_ydata()[-1] == pytest.approx(0.5, abs=0.01)
    assert found["words"][0].get_text() == "k = 0"
    assert stage._count.get_text() == "0 / 10"
    assert found["ring"][0].get_xdata() == [1.0]  # what causes the coming update


def test_a_function_that_is_continuous_is_called_between_updates() -> None:
    line = marks.Line(marks.continuous(lambda update: [[0.0, 0.0], [1.0, update**2]]), name="line")
    scene = Scene(
        title="?", panels=[panels.Plot(line)], beats=[Beat("a", updates=1, slow=True, seconds=1.0)], n_updates=1
    )
    assert shown(scene, 0.5)[1]["line"][0].get_ydata()[-1] == pytest.approx(0.25, abs=0.01)


def test_a_view_moves_to_its_limits_and_back() -> None:
    scene = told(
        Beat("a", view={"Plot": ((1, 2), (3, 4))}, seconds=1.5), Beat("b", seconds=1.0),
        Beat("c", view={"Plot": None}, seconds=1.5),
    )  # fmt: skip
    limits = [shown(scene, time)[0].mounted[0][1].get_xlim() for time in (0.0, 0.5, 1.2, 2.4, 4.0)]
    assert limits == [(0, 4), (0.5, 3.0), (1, 2), (1, 2), (0, 4)]


# -- pictures


def test_any_moment_looks_the_same_whatever_was_shown_before() -> None:
    scene = fit_scene(*STORY)
    used = scene.stage(SMALL)
    times = np.linspace(0.0, scene.timeline.duration, 14)
    for time in [*times[::-1], *times[::3]]:
        used.show(float(time))
        fresh = scene.stage(SMALL)
        fresh.show(float(time))
        assert np.array_equal(frame(used), frame(fresh)), f"frames differ at {time:.2f} s"


def test_replayed_frames_of_a_story_equal_full_draws() -> None:
    scene = fit_scene(*STORY)
    replayed, drawn = scene.stage(SMALL), scene.stage(SMALL)
    replay = frame_source(replayed.figure, replayed.figure.dpi)
    for index in range(scene.n_frames(12)):
        replayed.show(index / 12)
        drawn.show(index / 12)
        assert np.array_equal(replay.frame(), frame(drawn)), f"frames differ at {index / 12:.2f} s"


def test_a_story_bound_to_another_stage_looks_as_if_made_for_it() -> None:
    scene, other = fit_scene(*STORY[:5]), fit_scene(*STORY[:4], n_updates=9)
    stage = other.stage(SMALL)
    for time in (0.3, other.timeline.duration, 1.7):
        stage.show(time)
        scene.rebind(stage)
        for moment in (0.2, 1.1, 2.6, scene.timeline.duration):
            stage.show(moment)
            assert np.array_equal(frame(stage), frame(shown(scene, moment)[0]))
        other.rebind(stage)


def test_beats_with_words_alone_draw_what_captions_and_a_timeline_draw() -> None:
    plain = Scene(
        title="?", caption="One.", panels=[plot()], timeline=Timeline(5, seconds=1.0, hold_start=0, hold_end=1)
    )
    beats = Scene(title="?", panels=[plot()], beats=[Beat("One.", updates=5, seconds=1.0, hold=1.0)])
    ends = [scene.stage(SMALL) for scene in (plain, beats)]
    for stage in ends:
        stage.show(2.0)
    assert np.array_equal(*map(frame, ends))


# -- beats of a scene


def test_a_still_shows_the_end_of_a_beat() -> None:
    scene = told(Beat("One.", updates=3, seconds=1.0), Beat("Two.", updates=2, seconds=1.0))
    texts = [text.get_text() for text in scene.still(beat=1, size=(480, 270)).texts]
    assert "One." in texts
    assert "3 / 10" in texts


def test_captions_are_the_words_of_the_beats_in_their_time() -> None:
    scene = told(Beat(("One, in long.", "One."), seconds=1.0), Beat("Two.", seconds=2.0))
    assert scene.timed_captions() == [(0.0, 1.0, ("One, in long.", "One.")), (1.0, pytest.approx(3.0), "Two.")]


@pytest.mark.parametrize(("n_updates", "pace"), [(150, "linear"), (151, "log")])
def test_many_updates_to_the_end_pass_faster_and_faster_unless_a_pace_is_given(n_updates: int, pace: str) -> None:
    def updates(**given: Any) -> list[int]:
        timeline = told(Beat("a", updates=to_end, seconds=3.0, **given), n_updates=n_updates).timeline
        return [timeline.update_at(0.2 * k) for k in range(16)]

    assert updates() == updates(pace=pace)
    assert updates(pace="linear") != updates(pace="log")


def test_what_belongs_to_a_line_enters_with_it_unless_a_beat_names_it() -> None:
    def visible(*later: Beat, time: float = 1.99) -> set[str]:
        scene = fit_scene(Beat("a", enter="points", seconds=1.0), Beat("b", enter="line", seconds=1.0), *later)
        stage, artists = shown(scene, time)
        words = {text.get_text()[:3] for text in stage.figure.findobj(Text) if text.get_visible()}
        found = words | {name for name, drawn in artists.items() if drawn[0].get_visible()}
        return found & {"residuals", "R\u00b2 ", "y =", "MSE"}

    assert visible() == {"residuals", "R\u00b2 ", "y =", "MSE"}
    assert visible(time=0.5) == set()
    assert visible(Beat("c", enter=["residuals", "Fit/score"], seconds=1.0)) == {"y =", "MSE"}


def test_the_key_to_a_true_line_enters_with_it_and_with_the_points() -> None:
    problem = linear_problem(animate.line(20, rng=0))
    run = panels.Run("Batch", descend(problem.objective, gradient_descent(0.1), [0.0, 0.0], 3))
    fit = panels.LineFit(problem=problem, run=run, true_functions=[lambda x: 2 * x + 1])
    beats = [Beat("Wait.", seconds=1.0), Beat("Points.", enter="points", updates=to_end, seconds=1.0)]
    scene = Scene(title="?", panels=[fit], beats=beats)
    for time, is_there in ((0.5, False), (2.0, True)):
        stage = scene.stage(SMALL)
        stage.show(time)
        parts = [one for panel, _ in stage.mounted for one in panel.artists["truth"]]
        assert [part.get_visible() for part in parts] == [is_there, is_there]


def test_a_run_that_diverges_is_told_from_that_update_on() -> None:
    problem = linear_problem(animate.line(20, rng=0))
    run = panels.Run("Batch", descend(problem.objective, gradient_descent(5.0), [0.0, 0.0], 300))
    beats = [Beat("It starts.", seconds=1.0), Beat("It settles.", updates=to_end, seconds=4.0)]
    scene = Scene(title="?", panels=[panels.LineFit(problem=problem, run=run)], beats=beats)
    assert "diverges" in str(scene.timed_captions()[-1][2])
    assert any("diverges" in text.get_text() for text in scene.still("last", size=(480, 270)).texts)


@pytest.mark.parametrize(("rates", "last"), [((0.1, 5.0), "The end."), ((4.0, 5.0), "diverges")])
@pytest.mark.parametrize("in_beats", [True, False])
def test_words_after_all_updates_are_shown_unless_all_runs_diverge(rates, last: str, in_beats: bool) -> None:
    objective, n = linear_problem(animate.line(20, rng=0)).objective, 300
    runs = [panels.Run(f"{rate}", descend(objective, gradient_descent(rate), [0.0, 0.0], n)) for rate in rates]
    beats = [Beat("It starts."), Beat("All settle.", updates=to_end, seconds=4.0), Beat("The end.", hold=2)]
    captions = {0: "It starts.", 100: "All settle.", n: "The end."}
    words: dict[str, Any] = {"beats": beats} if in_beats else {"caption": captions, "timeline": Timeline(n, 5.0)}
    scene = Scene(title="?", panels=[panels.LossCurve(runs=runs)], **words)
    texts = [str(text) for _, _, text in scene.timed_captions()]
    told_at = next(number for number, text in enumerate(texts) if "diverges" in text)
    assert all("diverges" in text for text in texts[told_at:-1])
    assert last in texts[-1]
    assert any(last in text.get_text() for text in scene.still("last", size=(480, 270)).texts)


def test_words_at_the_end_leave_the_divergence_that_comes_just_before_its_time_to_be_read() -> None:
    runs = [
        panels.Run(name, Trajectory.from_arrays(np.zeros((4, 2)), loss=loss))
        for name, loss in {"Good": [4.0, 2.0, 1.0, 0.5], "Bad": [4.0, 2.0, 1.0, 5000.0]}.items()
    ]
    beats = [Beat("It starts.", updates=to_end, seconds=2.0), Beat("The end.", seconds=0, hold=2.0)]
    scene = Scene(title="?", panels=[panels.LossCurve(runs=runs)], beats=beats)
    assert "Bad diverges" in str(scene.timed_captions()[-1][2])


# -- bad input


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"seconds": -1}, "seconds must be a finite number of seconds, 0 or more; got -1"),
        ({"hold": float("nan")}, "hold must be a finite number of seconds, 0 or more; got nan"),
        ({"updates": -2}, "updates must be 0 or more; got -2"),
        ({"until": -2}, "until must be 0 or more; got -2"),
        ({"until": 3, "updates": 2}, "Either updates or until must be given; got both"),
        ({"pace": "lgo"}, r"pace must be one of linear, eased, log; got 'lgo'. Did you mean 'log'\?"),
    ],
)
def test_a_beat_that_cannot_be_is_refused_with_its_line(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(SceneError, match=message) as caught:
        Beat("a", **fields)
    assert str(caught.value).startswith(HERE)


@pytest.mark.parametrize(
    ("beats", "message"),
    [
        (
            [Beat("a", updates=11)],
            r"its updates must end at 10, the last one, or before; got updates=11 after update 0",
        ),
        ([Beat("a", until=5), Beat("b", until=4)], "until must be 5 or later, where the beat before it ends; got 4"),
        ([Beat("a", seconds=0)], "seconds and hold must not all be 0"),
    ],
)
def test_updates_that_fall_back_or_pass_the_end_are_refused_with_the_line_of_the_beat(
    beats: list[Beat], message: str
) -> None:
    with pytest.raises(SceneError, match=message) as caught:
        told(*beats)
    assert str(caught.value).startswith(HERE)


@pytest.mark.parametrize("word", ["enter", "leave", "focus"])
def test_a_name_that_no_mark_has_is_refused_with_those_there_are(word: str) -> None:
    fields: dict[str, Any] = {word: "pionts"}
    with pytest.raises(
        SceneError, match=rf"{word} must name marks or panels; got 'pionts'. .*Did you mean 'points'\?"
    ) as caught:
        told(Beat("a", **fields)).stage(SMALL)
    assert str(caught.value).startswith(HERE)


def test_a_view_of_no_panel_is_refused() -> None:
    with pytest.raises(SceneError, match=r"view must name panels; got 'Plott'. Did you mean 'Plot'\?"):
        told(Beat("a", view={"Plott": None})).stage(SMALL)


def test_to_end_without_a_last_update_is_refused() -> None:
    with pytest.raises(SceneError, match="give Scene its n_updates"):
        Scene(title="?", panels=[plot()], beats=[Beat("a", updates=to_end)])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"beats": []}, "beats must be a list of at least one Beat; got none"),
        ({"beats": ["a"]}, "beats must be a list of at least one Beat; got str"),
        ({"beats": [Beat("a")], "caption": "b"}, "beats must be given instead of caption and timeline; got both"),
        (
            {"beats": [Beat("a")], "timeline": Timeline(3)},
            "beats must be given instead of caption and timeline; got both",
        ),
        ({}, "timeline or beats must be given; got neither"),
    ],
)
def test_a_scene_is_told_in_one_way(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Scene(title="?", panels=[plot()], **fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"panels": {"p": plot()}}, "panels must be a list of panels; got dict"),
        ({"panels": plot()}, "panels must be a list of panels; got Plot"),
        ({"panels": "loss"}, "panels must be a list of panels; got str"),
        ({"panels": [[plot()], {"p": plot()}]}, "panels must be a list of panels; got dict in it"),
        ({"panels": [panels.Plot]}, "panels must be a list of panels; got type in it"),
        ({"panels": [marks.Text("a", (0, 0))]}, "got Text in it; panels.Plot(...) shows marks"),
        ({"panels": [plot(), []]}, "panels must name at least one panel; got none"),
        ({"timeline": 5}, "timeline must be a Timeline; got 5"),
        ({"n_updates": "5"}, "n_updates must be a whole number; got '5'"),
        ({"alt": 5}, "alt must be text; got 5"),
        ({"alt": "\ud800"}, "alt must be text that a file can hold; got"),
        ({"secondary_counter": 5}, "secondary_counter must be a Readout; got 5"),
        ({"language": "de"}, "language must be a Language; got 'de'"),
    ],
)
def test_a_part_of_another_kind_is_refused_in_one_line(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=f"^[^\n]*{re.escape(message)}[^\n]*$"):
        Scene(**{"title": "?", "panels": [plot()], "beats": [Beat("a")]} | fields)


@pytest.mark.parametrize(("beat", "timeline"), [(0, None), (3, None), (1, Timeline(3))])
def test_a_beat_that_is_not_there_is_refused(beat: int, timeline: Timeline | None) -> None:
    scene = told(Beat("a"), Beat("b")) if timeline is None else Scene(title="?", panels=[plot()], timeline=timeline)
    with pytest.raises(AnimateError, match="beat must"):
        scene.still(beat=beat)


def test_a_retimed_story_keeps_its_beats_in_proportion_and_holds_its_end_as_asked() -> None:
    scene = told(Beat("a", updates=2, seconds=1.0), Beat("b", updates=to_end, seconds=2.0, hold=1.0))
    slower = scene.adjust(slower=2.0, hold=0.5)
    assert [caption[:2] for caption in slower.timed_captions()] == [(0.0, 2.0), (2.0, pytest.approx(6.5))]
    assert [slower.timeline.update_at(time) for time in (1.999, 4.0, 6.0)] == [2, 6, 10]


def test_the_ground_of_a_surface_enters_with_its_last_band_and_never_fades() -> None:
    surface = marks.HeatMap(lambda points: points[:, 0], limits=((0.0, 1.0), (0.0, 1.0)), name="surface")
    scene = Scene(
        title="?",
        panels=[panels.Plot(surface)],
        n_updates=0,
        beats=[Beat("a", seconds=0.5), Beat("b", enter="surface")],
    )
    stage = scene.stage(SMALL)
    ((panel, _),) = stage.mounted
    ground, bands = panel.artists["surface"]
    seen = []
    for time in np.linspace(0.4, 1.0, 25):
        stage.show(float(time))
        shown = len(bands.get_paths()) if bands.get_visible() else 0
        seen.append((shown, ground.get_visible()))
        assert ground.get_alpha() is None
    assert seen == sorted(seen)
    assert len({shown for shown, _ in seen}) == 4
    assert seen[0] == (0, False)
    assert all(is_shown == (shown == len(bands.get_paths())) for shown, is_shown in seen)
