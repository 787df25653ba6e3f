"""What must hold of every lesson, whatever it teaches."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import animate
from animate.draw.panels.loss_surface import LossSurface
from animate.draw.run import RUN_ROLES
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.draw.start_surfaces import common_windows, flat_panels, panels_with_limits
from animate.draw.story import StoryTimeline
from animate.draw.style import MIN_TEXT_PX
from animate.draw.theme import THEMES, contrast
from animate.replay.frame_source import frame_source
from animate.replay.full_draw import FullDraw
from animate.scene import Scene

SCENES = Path(__file__).parents[2] / "scenes"
NAMES = sorted(path.stem for path in SCENES.glob("*.py"))
SIZES = [(480, 270), (800, 450), (1280, 720)]
MOMENTS = (0.0, 0.3, 0.6, 1.0)


@cache
def built(name: str) -> Scene:
    return animate.load(name, scenes=SCENES).build()


def staged(name: str, size: tuple[int, int], theme: str = "light") -> Stage:
    return built(name).stage(Settings(*size, theme=theme))


def shown_texts(stage: Stage) -> list[tuple[str, Bbox]]:
    """Return every text that is drawn with its extent in pixels."""
    stage.figure.canvas.draw()
    renderer = stage.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    found = []
    not_there = {id(text) for axes in stage.figure.axes if not axes.get_visible() for text in axes.findobj(Text)}
    for text in stage.figure.findobj(Text):
        if text.get_text().strip() and text.get_visible() and id(text) not in not_there:
            found.append((text.get_text(), text.get_window_extent(renderer)))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_title_is_a_question_and_is_the_docstrings_first_line(name: str) -> None:
    question = built(name).question
    assert question.endswith("?")
    assert animate.load(name, scenes=SCENES).question == question


@pytest.mark.parametrize("name", NAMES)
def test_a_script_has_at_most_60_lines_of_at_most_150_characters(name: str) -> None:
    lines = (SCENES / f"{name}.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 150


@pytest.mark.parametrize("name", NAMES)
def test_texts_about_parameters_have_typographic_apostrophes(name: str) -> None:
    texts = {parameter.name: parameter.help for parameter in animate.load(name, scenes=SCENES).parameters}
    assert not [text for text in texts.values() if "'" in text]


@pytest.mark.parametrize("name", NAMES)
def test_at_least_two_captions_and_each_can_be_read(name: str) -> None:
    captions = built(name).timed_captions()
    assert len(captions) >= 2
    assert min(end - start for start, end, _ in captions) >= 0.9, "a caption stands for less than 0.9 s"


@pytest.mark.parametrize("name", NAMES)
def test_alt_text_says_what_is_seen_in_numbers(name: str) -> None:
    alt = built(name).alt
    assert 40 <= len(alt) <= 700
    assert any(character.isdigit() for character in alt)
    assert "nan" not in alt


@pytest.mark.parametrize("name", NAMES)
def test_lasts_long_enough_to_be_read_and_no_longer(name: str) -> None:
    timeline = built(name).timeline
    assert 6 <= timeline.duration <= (15 if built(name).beats else 12)
    assert timeline.hold_end >= 2


@pytest.mark.parametrize("name", NAMES)
def test_first_and_last_update_are_shown_and_updates_never_go_back(name: str) -> None:
    timeline = built(name).timeline
    for fps in (10, 25):
        updates = [timeline.update_at(frame / fps) for frame in range(timeline.n_frames(fps))]
        assert updates[0] == 0
        assert updates[-1] == timeline.n_updates
        assert updates == sorted(updates)


@pytest.mark.parametrize("name", NAMES)
def test_a_grid_of_starts_gives_its_surfaces_one_window_and_leaves_other_panels_alone(name: str) -> None:
    scene = built(name)
    given = panels_with_limits(scene.panels, common_windows([scene.panels, scene.panels]))
    for before, after in zip(flat_panels(scene.panels), flat_panels(given), strict=True):
        assert after is before or (type(after) is type(before) is LossSurface and after.limits is not None)


@pytest.mark.parametrize("name", NAMES)
def test_a_moment_looks_the_same_whatever_was_shown_before(name: str) -> None:
    timeline = built(name).timeline
    duration = timeline.duration
    fresh, used = staged(name, (480, 270)), staged(name, (480, 270))
    entering = [chapter.start + 0.15 for chapter in timeline.chapters] if isinstance(timeline, StoryTimeline) else []
    for time in (0.0, *entering, duration, 0.0, 0.8 * duration):
        used.show(time)
        used.figure.canvas.draw()  # a draw leaves state behind, above all in space
    for stage in (fresh, used):
        stage.show(0.4 * duration)
        stage.figure.canvas.draw()
    assert np.array_equal(*(np.asarray(stage.figure.canvas.buffer_rgba()) for stage in (fresh, used)))  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", NAMES)
def test_no_text_leaves_the_picture_or_touches_another(name: str, size: tuple[int, int]) -> None:
    stage = staged(name, size)
    duration = built(name).timeline.duration
    for share in MOMENTS:
        stage.show(share * duration)
        texts = shown_texts(stage)
        for text, box in texts:
            inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= size[0] + 1 and box.y1 <= size[1] + 1
            assert inside, f"{text!r} is cut at {share:.0%}: {box.extents.round()}"
        for (text, box), (other, other_box) in combinations(texts, 2):
            assert not _overlap(box, other_box), f"{text!r} and {other!r} overlap at {share:.0%}"


def _overlap(box: Bbox, other: Bbox) -> bool:
    """Return whether two extents share more than a pixel; the boxes of texts are looser than their ink."""
    width = min(box.x1, other.x1) - max(box.x0, other.x0)
    height = min(box.y1, other.y1) - max(box.y0, other.y0)
    return bool(width > 1.5 and height > 0.22 * min(box.height, other.height))


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_smaller_than_eleven_pixels(name: str) -> None:
    for size in SIZES:
        sizes = [text.get_fontsize() for text in staged(name, size).figure.findobj(Text) if text.get_text().strip()]
        assert min(sizes) >= MIN_TEXT_PX


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_text_colors_reach_their_contrast(theme: str) -> None:
    colors = THEMES[theme]
    roles = [*RUN_ROLES, "ink", "muted", "class_a", "class_b", "class_c", "right", "wrong", "error"]
    too_faint = {role: contrast(colors.color(role), colors.background) for role in roles}
    assert {role: ratio for role, ratio in too_faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("name", NAMES)
def test_replayed_frames_equal_full_draws_in_every_byte(name: str) -> None:
    replayed, drawn = staged(name, (480, 270)), staged(name, (480, 270))
    opaque = {"facecolor": drawn.figure.get_facecolor(), "transparent": False}
    replay = frame_source(replayed.figure, replayed.figure.dpi)
    full = FullDraw(drawn.figure, drawn.figure.dpi, opaque)
    for time in np.linspace(0.0, built(name).timeline.duration, 8):
        replayed.show(float(time))
        drawn.show(float(time))
        assert np.array_equal(replay.frame(), full.frame()), f"frames differ at {time:.2f} s"
