"""What makes a scene unfit to be published is found, in what a build measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from animate.batch.build_settings import read_settings
from animate.batch.check import CheckFinding, check_builds, color_findings, lint
from animate.batch.manifest import File, Measurement, SceneEntry
from animate.batch.scene_build import scene_builds
from animate.errors import UsageError

SMALL = {"preset": "draft", "fps": 5.0}
ROOT = Path(__file__).resolve().parents[2]
FILE = File(
    path="a.gif",
    role="animation",
    format="gif",
    duration=8.0,
    bytes=1_500_000,
    flashes=3,
    smallest_text=Measurement("tick", 11.0),
    lowest_contrast=Measurement("faint", 4.5),
)
STILL = File(path="a-poster.png", role="poster", format="png")
FIT = SceneEntry(name="a", alt="A line.", files=(FILE, STILL))


def found(entry: SceneEntry, **budgets: int) -> list[tuple[str, str]]:
    return [(one.kind, one.detail) for one in lint(entry, {"a.gif": budgets.get("gif")})]


def with_file(**changed: Any) -> SceneEntry:
    return replace(FIT, files=(replace(FILE, **changed), STILL))


def test_a_fit_scene_has_no_findings() -> None:
    assert found(FIT, gif=1_500_000) == []


UNFIT = {
    "alt": (replace(FIT, alt=" "), "no alternative text: give the Scene an alt."),
    "still": (
        replace(FIT, files=(FILE,)),
        "a.gif moves for 8.0 s and has no still for readers who want no motion.",
    ),
    "flashing": (with_file(flashes=4), "a.gif flashes 4 times in a second; WCAG allows three."),
    "text": (with_file(smallest_text=Measurement("tick", 10.9)), "'tick' in a.gif is 10.9 px high, less than 11."),
    "color": (
        with_file(color_alone=("lines in first and second differ by color alone.",)),
        "a.gif: lines in first and second differ by color alone.",
    ),
    "contrast": (
        with_file(lowest_contrast=Measurement("x", 4.49)),
        "'x' in a.gif has a contrast of 4.49:1, not 4.5:1.",
    ),
}


@pytest.mark.parametrize("kind", UNFIT)
def test_each_lint_tells_what_and_where(kind: str) -> None:
    entry, told = UNFIT[kind]
    assert found(entry) == [(kind, told)]


def test_a_file_over_its_budget_is_told_with_both_sizes() -> None:
    assert found(FIT, gif=1_499_999) == [("budget", "a.gif has 1.5 MB, more than 1.5 MB.")]
    assert found(FIT, gif=1_000_000) == [("budget", "a.gif has 1.5 MB, more than 1 MB.")]


def test_a_short_animation_needs_no_still() -> None:
    assert found(replace(FIT, files=(replace(FILE, duration=5.0),))) == []


def test_a_page_rests_by_itself_and_needs_no_still() -> None:
    page = replace(FILE, path="a.html", format="html")
    assert list(lint(replace(FIT, files=(page,)), {})) == []


def test_a_still_of_another_theme_does_not_count() -> None:
    assert [kind for kind, _ in found(replace(FIT, files=(replace(FILE, theme="dark"), STILL)))] == ["still"]


def test_only_versions_pass_and_not_where_it_is_strict() -> None:
    assert not CheckFinding("a", "version", "").fails(strict=False)
    assert CheckFinding("a", "version", "").fails(strict=True)
    assert CheckFinding("a", "change", "").fails(strict=False)


BAD = """
from matplotlib.figure import Figure
problem = linear_problem(line(12, rng=0))
run = panels.Run("Batch", descend(problem.objective, optimizers.gradient_descent(0.05), [0.0, 0.0], 20))
class Flashing(panels.LineFit):
    def create(self, axes, style):
        super().create(axes, style)
        axes.set_axis_off()
        self.patch = axes.figure.add_artist(__import__("matplotlib.patches", fromlist=["x"]).Rectangle((0, 0), 1, 0.8))
        self.text = axes.figure.text(0.1, 0.1, "tiny", size=6, color="#777777", zorder=9)
    def show(self, update):
        super().show(update)
        self.patch.set_color("#ffffff" if update % 2 else "#000000")
return Scene(title="Small", caption="A small scene", panels=[Flashing(problem=problem, run=run)], alt="It flashes.",
             timeline=Timeline(20, seconds=2.0, hold_start=0.1, hold_end=0.1))
"""


def test_a_scene_that_flashes_with_tiny_faint_text_is_found_on_its_frames(build: Any, write_scene: Any) -> None:
    write_scene(body=BAD)
    entry = build(fps=25.0)["lesson"]
    assert entry.problem == ""
    kinds = {one.kind: one.detail for one in lint(entry, {})}
    assert kinds["flashing"] == "lesson.gif flashes 5 times in a second; WCAG allows three."
    assert kinds["text"] == "'tiny' in lesson.gif is 6 px high, less than 11."
    assert kinds["contrast"].startswith("'")


def test_a_scene_that_is_gone_is_told(build: Any, write_scene: Any, small_scene: str) -> None:
    body = small_scene.replace('title="Small"', 'title="Small", alt="A line."')
    for name in ("a", "b"):
        write_scene(name, body=body)
    build()
    Path("scenes/b.py").unlink()
    settings = read_settings({"preset": "draft", "fps": 5.0})
    assert [(one.scene, one.kind) for one in check_builds((), settings)] == [("b", "change")]
    assert check_builds(["a"], settings) == []


def test_a_file_that_is_asked_for_no_more_is_told(build: Any, write_scene: Any) -> None:
    write_scene()
    build(formats=["gif", "mp4"])
    details = [one.detail for one in check_builds((), read_settings({"preset": "draft", "fps": 5.0}))]
    assert "lesson.mp4 is no longer asked for" in details


def test_a_language_file_that_is_missing_is_found_before_the_first_build(here: Path, write_scene: Any) -> None:
    write_scene()
    found = check_builds((), read_settings({"words": "none.toml"}))
    assert [(one.kind, one.detail) for one in found] == [
        ("change", "it was never built"),
        ("words", "words must be a file that can be read; there is none at 'none.toml'."),
    ]


def test_a_language_file_that_is_gone_is_told_after_a_build(build: Any, write_scene: Any, small_scene: str) -> None:
    write_scene(body=small_scene.replace('title="Small"', 'title="Small", alt="A line."'))
    Path("mine.toml").write_text('base = "en"\n')
    build(words="mine.toml")
    Path("mine.toml").unlink()
    found = check_builds((), read_settings({"preset": "draft", "fps": 5.0, "words": "mine.toml"}))
    assert [one.kind for one in found] == ["change", "words"]
    assert "mine.toml is gone" in found[0].detail


HEADED = """
from animate import marks
points = marks.Points([[0, 0], [1, 1]])
return Scene(title="Small", caption={0: "One", 1: "Two"}, alt="A line.", timeline=Timeline(2, seconds=0.5),
             panels=[panels.Plot(points, title="Heading"), panels.Plot(points)])
"""


def found_by_check(**given: Any) -> list[tuple[str, str]]:
    return [(one.kind, one.detail) for one in check_builds((), read_settings({**SMALL, **given}))]


def test_a_first_build_that_failed_is_the_only_finding(build: Any, write_scene: Any) -> None:
    write_scene(body=HEADED)
    Path("mine.toml").write_text('base = "en"\n[words]\nupdate = "更"\n', encoding="utf-8")
    problem = build(words="mine.toml")["lesson"].problem
    assert "must have a glyph for every character" in problem
    assert found_by_check(words="mine.toml") == [("change", f"it failed last time: {problem}")]


def test_a_failure_after_a_good_build_is_told_with_what_changed(build: Any, write_scene: Any) -> None:
    write_scene(body=HEADED)
    build()
    Path("animate.toml").write_text(f'[scene.lesson.text]\ncaption.2 = "{"long " * 100}"\n')
    problem = build()["lesson"].problem
    assert problem.startswith("caption must have room")
    change = f"caption 2 is set to '{'long ' * 16} ...'"
    assert found_by_check() == [("change", f"{change}; it failed last time: {problem}")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('caption.9 = "Nine"', "caption must be one of the 2 captions, from 1; got 9."),
        ('title = "更"', "the font must have a glyph for every character"),
        (f'words = {{"Heading" = "{"long " * 20}"}}', "at 480x270 'long long"),
    ],
)
def test_words_that_a_build_could_not_draw_are_found_before_it(
    build: Any, write_scene: Any, line: str, told: str
) -> None:
    write_scene(body=HEADED)
    build()
    Path("animate.toml").write_text(f"[scene.lesson.text]\n{line}\n", encoding="utf-8")
    (change, _), (found, detail) = found_by_check()
    assert (change, found) == ("change", "text")
    assert detail.startswith(told)


def test_a_language_file_without_all_texts_is_found_before_a_build(build: Any, write_scene: Any) -> None:
    write_scene(body=HEADED)
    build()
    Path("mine.toml").write_text('[words]\nepoch = "Epoche"\n')
    assert [kind for kind, _ in found_by_check(words="mine.toml")] == ["change", "words"]


def test_a_scene_that_is_unknown_is_told_before_a_build_is_missed(here: Path, write_scene: Any) -> None:
    write_scene()
    with pytest.raises(UsageError, match=r"there is no scene named 'lessen'\. Did you mean 'lesson'"):
        check_builds(["lessen"], read_settings({}))


CROWDED = """
from animate import marks
texts = marks.Text("first text", (0.3, 0.5)), marks.Text("second", (0.4, 0.5))
return Scene(title="Small", caption="A small scene", panels=[panels.Plot(*texts, limits=((0, 1), (0, 1)))],
             timeline=Timeline(2))
"""


def test_texts_on_each_other_at_a_size_of_ones_own_are_found_in_one_line(here: Path, write_scene: Any) -> None:
    write_scene(body=CROWDED)
    found = check_builds((), read_settings({"sizes": ["400x240", "480x270"]}))
    [line] = [one.detail for one in found if one.kind == "text"]
    assert line.startswith("at 400x240 'first text' lies on 'second'; ")


PALETTE = {
    "first": "#b45309",
    "second": "#0f7b6c",
    "third": "#6d28d9",
    "fourth": "#1d5fb4",
    "fifth": "#b0246f",
    "sixth": "#5b6b16",
    "class_a": "#3f6296",
    "class_b": "#6d28d9",
    "right": "#15803d",
    "wrong": "#c22745",
}


def test_colors_that_somebody_cannot_tell_apart_are_found(here: Path, write_scene: Any) -> None:
    write_scene()
    rows = "\n".join(f'{role} = "{color}"' for role, color in PALETTE.items())
    (here / "animate.toml").write_text(f'themes = ["light", "ours"]\n[theme.ours]\n{rows}\n')
    [scene] = scene_builds((), read_settings())
    lines = [one.detail for one in color_findings(scene) if one.fails(strict=False)]
    assert lines[0].startswith("theme ours: class_a and class_b differ by 8.5 under deuteranopia")
    assert any("right and wrong" in line for line in lines)


@pytest.mark.parametrize(
    ("surface", "told"),
    [
        (["#ffffff", "#fdfdfd", "#f4f4f4"], "surface: the lowest and the highest color differ by"),
        (
            ["#fafafa", "#f6f6f6", "#ffffff"],
            "surface: #f6f6f6, the color farthest from the background, differs",
        ),
    ],
)
def test_a_surface_that_nobody_sees_is_found(here: Path, write_scene: Any, surface: list[str], told: str) -> None:
    write_scene()
    (here / "animate.toml").write_text(f"themes = 'ours'\n[theme.ours]\nsurface = {surface}\n")
    [scene] = scene_builds((), read_settings())
    assert any(f"theme ours: {told}" in one.detail for one in color_findings(scene))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colors_of_the_package_pass_for_all_scenes(theme: str) -> None:
    settings = read_settings({"themes": [theme], "scenes": str(ROOT / "scenes")})
    assert [finding for scene in scene_builds((), settings) for finding in color_findings(scene)] == []


def test_lines_that_color_alone_tells_apart_are_found_after_a_build(build: Any, write_scene: Any) -> None:
    body = """
    from animate import marks
    lines = [marks.Line([[0, y], [1, y]], color=role) for y, role in ((0, "first"), (1, "second"))]
    return Scene(title="Small", alt="Lines.", timeline=Timeline(2, seconds=0.5), panels=[panels.Plot(*lines)])
    """
    write_scene(body=body)
    build(formats=["gif"])
    [(kind, detail)] = found_by_check()
    assert kind == "color"
    assert detail.startswith("lesson.gif: lines in first and second differ by color alone; give one a dash, a marker")
