"""A build makes what changed, says why, and leaves the rest as it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from PIL import Image

from animate.batch import cache_key
from animate.batch.build_settings import read_settings
from animate.batch.manifest import manifest_schema, read_manifest
from animate.batch.scene_build import scene_builds
from animate.batch.setting_keys import FORMATS
from animate.errors import UsageError

OVERLAPPING = """
from animate import marks
panel = panels.Plot(marks.Text("first text", (0.3, 0.5)), marks.Text("second", (0.4, 0.5)))
return Scene(title="Small", caption="Words.", alt="Two words.", panels=[panel], timeline=Timeline(2, seconds=0.2))
"""


def why(entries: Any, name: str = "lesson") -> list[str]:
    entry = entries[name]
    assert entry.verdict == "built"
    return list(entry.why)


def test_a_build_writes_animations_a_still_captions_and_a_manifest(build: Any, reading_scene: Path, files: Any) -> None:
    entry = build(formats=["gif", "mp4"])["lesson"]
    assert sorted(files()) == ["lesson-poster.png", "lesson.gif", "lesson.mp4", "lesson.vtt"]
    assert [(file.path, file.role) for file in entry.files] == [
        ("lesson.gif", "animation"),
        ("lesson.mp4", "animation"),
        ("lesson-poster.png", "poster"),
        ("lesson.vtt", "captions"),
    ]
    assert all(len(files()[file.path]) == file.bytes for file in entry.files)
    assert read_manifest("output").scenes == (entry,)


def test_the_manifest_is_as_its_schema_says(build: Any, reading_scene: Path, write_scene: Any) -> None:
    write_scene("broken", body="raise ValueError('no')")
    build(themes=["light", "dark"])
    jsonschema.validate(json.loads(Path("output/manifest.json").read_text()), manifest_schema())


def test_an_entry_tells_all_of_a_scene(build: Any, reading_scene: Path) -> None:
    entry = build()["lesson"]
    assert (entry.question, entry.title, entry.alt) == ("Does it work?", "Small", "A line is fitted.")
    assert [caption.text for caption in entry.captions] == ["One", "Later"]
    assert entry.captions[0].end == entry.captions[1].start
    assert entry.captions[-1].end == entry.duration == pytest.approx(0.7)
    assert [(value.name, value.value, value.default) for value in entry.parameters] == [("learning_rate", 0.03, 0.03)]
    assert entry.parameters[0].range == {"low": 1e-4, "high": 1.0, "scale": "linear"}
    assert [(one.kind, one.path) for one in entry.inputs] == [
        ("script", "scenes/lesson.py"),
        ("module", "scenes/helper.py"),
        ("data", "data/words.txt"),
    ]
    [gif] = entry.having("animation")
    assert (gif.width, gif.height, gif.fps, gif.flashes) == (480, 270, 5.0, 0)
    assert gif.smallest_text is not None
    assert gif.smallest_text.value == 11.0
    assert gif.lowest_contrast is not None
    assert gif.lowest_contrast.value > 4.5


def test_a_second_build_makes_nothing_and_touches_nothing(build: Any, reading_scene: Path) -> None:
    build()
    build()  # the verdict is another
    before = {path: path.stat().st_mtime_ns for path in Path("output").iterdir() if path.name != ".animate"}
    assert build()["lesson"].verdict == "cached"
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_only_what_changed_is_built(build: Any, reading_scene: Path, write_scene: Any) -> None:
    write_scene("other")
    build()
    write_scene("other", question="What else?")
    assert {name: entry.verdict for name, entry in build().items()} == {"lesson": "cached", "other": "built"}


CHANGES = {
    "script": ("scenes/lesson.py", lambda text: text + "# more\n", "scenes/lesson.py changed"),
    "default": (
        "scenes/lesson.py",
        lambda text: text.replace("0.03", "0.05"),
        "scenes/lesson.py changed (learning_rate changed from 0.03 to 0.05)",
    ),
    "helper": ("scenes/helper.py", lambda text: "STEPS = 7\n", "scenes/helper.py changed"),
    "data": ("data/words.txt", lambda text: "Sooner\n", "data/words.txt changed"),
    "a longer file of the same time": ("data/words.txt", lambda text: text + "\n", "data/words.txt changed"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_scene_is_made_of_is_known_and_told(build: Any, reading_scene: Path, change: str) -> None:
    build()
    name, turned, told = CHANGES[change]
    path, time = Path(name), Path(name).stat().st_mtime_ns
    path.write_text(turned(path.read_text()))
    os.utime(path, ns=(time, time))
    assert why(build()) == [told]
    assert build()["lesson"].verdict == "cached"


def test_a_new_local_module_that_hides_another_is_known(build: Any, write_scene: Any) -> None:
    write_scene(text='"""Why?"""\nimport scipy\n' + write_scene().read_text().partition("\n")[2])
    assert build()["lesson"].packages["scipy"].startswith("scipy ")
    Path("scenes/scipy.py").write_text("")
    assert "scenes/scipy.py is new" in why(build())


def test_a_parameter_that_is_set_otherwise_is_told_with_both_values(build: Any, reading_scene: Path) -> None:
    settings = Path("animate.toml")
    build()
    settings.write_text("[scene.lesson]\nset = {learning_rate = 0.05}\n")
    entries = build()
    assert why(entries) == ["learning_rate is set to 0.05"]
    assert entries["lesson"].parameters[0].value == 0.05
    settings.write_text("[scene.lesson]\nset = {learning_rate = '0.1'}\n")
    assert why(build()) == ["learning_rate changed from 0.05 to 0.1"]
    settings.unlink()
    assert why(build()) == ["learning_rate is no longer set, was 0.1"]


def test_a_setting_that_changes_is_told_and_makes_only_what_it_decides(build: Any, write_scene: Any) -> None:
    write_scene()
    poster = build()["lesson"].files[1]
    entries = build(fps=10.0)
    assert why(entries) == ["fps changed from 5 to 10"]
    assert entries["lesson"].files[1] == poster


def test_a_new_format_or_theme_leaves_the_files_that_are_there(build: Any, write_scene: Any) -> None:
    write_scene()
    before = build()["lesson"].files
    entries = build(formats=["gif", "mp4"], themes=["light", "dark"])
    assert why(entries) == [
        f"{name} is new" for name in ("lesson.mp4", "lesson-dark.gif", "lesson-dark.mp4", "lesson-dark-poster.png")
    ]
    assert set(before) <= set(entries["lesson"].files)
    assert [file.path for file in build()["lesson"].files] == [file.path for file in before]  # asked for no more


def test_a_version_that_changes_is_told_with_both(
    build: Any, write_scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_scene()
    build()
    monkeypatch.setattr("animate.batch.cache_key.package_version", lambda name: "99.0")
    told = why(build())
    assert any(line.startswith("matplotlib 99.0, was 3.") for line in told)
    assert any(line.startswith("numpy 99.0, was ") for line in told)


def test_another_source_of_animate_is_told_with_its_files(
    build: Any, write_scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from animate.batch import cache_key as fingerprint

    write_scene()
    build()
    sources = {**fingerprint.animate_source(), "draw/stage.py": "0" * 64, "draw/new.py": "1" * 64}
    monkeypatch.setattr(fingerprint, "animate_source", lambda: sources)
    assert why(build()) == ["animate itself changed: draw/new.py, draw/stage.py"]


def test_what_was_made_while_animate_itself_changed_is_not_trusted(
    build: Any, write_scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = iter([{"scene.py": "before"}, {"scene.py": "edited"}])
    monkeypatch.setattr("animate.batch.cache_key.animate_source", lambda: next(sources))
    write_scene()
    assert "animate itself changed while it was built" in why(build())
    monkeypatch.setattr("animate.batch.cache_key.animate_source", lambda: {"scene.py": "before"})  # taken back
    assert build()["lesson"].verdict == "built"
    assert build()["lesson"].verdict == "cached"


def test_a_matplotlibrc_is_part_of_what_decides(build: Any, write_scene: Any) -> None:
    write_scene()
    build()
    Path("matplotlibrc").write_text("lines.linewidth: 5\n")
    assert why(build()) == ["matplotlibrc changed"]


@pytest.mark.parametrize(("damage", "told"), [(Path.unlink, "is missing"), (Path.touch, "")])
def test_a_file_that_is_missing_is_made_again(build: Any, write_scene: Any, damage: Any, told: str) -> None:
    write_scene()
    build()
    damage(Path("output/lesson.gif"))
    entries = build()
    assert list(entries["lesson"].why) == ([f"lesson.gif {told}"] if told else [])


def test_a_file_that_something_else_changed_is_made_again(build: Any, write_scene: Any, files: Any) -> None:
    write_scene()
    build()
    before = files()
    Path("output/lesson.gif").write_bytes(b"GIF89a")
    assert why(build()) == ["lesson.gif is not what the manifest says"]
    assert files() == before


def test_force_makes_all_and_touches_no_file_with_the_same_bytes(build: Any, write_scene: Any) -> None:
    write_scene()
    build()
    before = {path: path.stat().st_mtime_ns for path in Path("output").glob("lesson*")}
    assert why(build(force=True)) == ["it was asked for by --force"]
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_without_the_cache_nothing_is_trusted_before_or_after(build: Any, write_scene: Any) -> None:
    write_scene()
    build()
    assert why(build(use_cache=False)) == ["the cache is not used"]
    assert build()["lesson"].verdict == "built"
    assert build()["lesson"].verdict == "cached"


def test_variants_are_scenes_of_their_own(build: Any, reading_scene: Path, files: Any) -> None:
    Path("animate.toml").write_text("[scene.lesson.variants.fast]\nlearning_rate = 0.1\n")
    entries = build()
    assert sorted(entries) == ["lesson", "lesson-fast"]
    assert entries["lesson-fast"].parameters[0].value == 0.1
    assert {file.path for file in entries["lesson-fast"].files} == {
        "lesson-fast.gif",
        "lesson-fast-poster.png",
        "lesson-fast.vtt",
    }
    assert {file.variant for file in entries["lesson-fast"].files} == {"fast"}
    assert files()["lesson-fast.gif"] != files()["lesson.gif"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("first = '#101010'", "first = '#202020'", "theme ours: first changed from #101010 to #202020"),
        (
            "surface = ['#fff', '#ccc', '#888']",
            "surface = ['#fff', '#ccc', '#777']",
            "theme ours: surface changed from #ffffff, #cccccc, #888888 to #ffffff, #cccccc, #777777",
        ),
    ],
)
def test_a_changed_color_of_a_theme_is_the_reason(
    build: Any, write_scene: Any, before: str, after: str, told: str
) -> None:
    write_scene()
    for colors in (before, after):
        Path("animate.toml").write_text(f"themes = 'ours'\n[theme.ours]\n{colors}\n")
        entries = build()
    assert why(entries) == [told]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"themes": ["light"]}, {"themes": ["dark"]}, "theme changed from light to dark"),
        ({"sizes": ["480x270"]}, {"sizes": ["500x280"]}, "size changed from 480x270 to 500x280"),
    ],
)
def test_another_theme_or_size_of_the_only_file_is_the_reason(
    build: Any, write_scene: Any, before: dict[str, Any], after: dict[str, Any], told: str
) -> None:
    write_scene()
    build(**before)
    assert why(build(**after)) == [told]


def test_a_background_that_is_left_out_is_the_reason(build: Any, write_scene: Any) -> None:
    write_scene()
    build()
    Path("animate.toml").write_text("transparent = true\n")
    assert why(build()) == ["transparent changed from false to true"]


def test_a_size_at_which_texts_overlap_is_told_with_the_least_that_works(build: Any, write_scene: Any) -> None:
    write_scene(body=OVERLAPPING)
    with pytest.warns(UserWarning, match="^lesson: at 400x240 'first text' lies on 'second'; a size of this shape"):
        entry = build(sizes=["400x240"])["lesson"]
    assert [file.width for file in entry.files if file.role == "animation"] == [400]


def test_every_size_and_theme_has_files_of_its_own(build: Any, write_scene: Any) -> None:
    write_scene()
    entry = build(sizes=["480x270", "320x180"], themes=["dark", "light"])["lesson"]
    assert {file.path: (file.width, file.theme) for file in entry.having("animation")} == {
        "lesson.gif": (480, "dark"),
        "lesson-light.gif": (480, "light"),
        "lesson-320x180.gif": (320, "dark"),
        "lesson-light-320x180.gif": (320, "light"),
    }


def test_a_page_is_a_format_too_and_none_takes_the_gallery_s_place(build: Any, write_scene: Any) -> None:
    write_scene()
    [page] = build(formats=["html"])["lesson"].having("animation")
    assert (page.path, page.format, page.flashes) == ("lesson.html", "html", None)
    assert page.smallest_text is not None
    assert 'href="lesson.html">Page</a>' in Path("output/index.html").read_text(encoding="utf-8")
    assert build(formats=["html"])["lesson"].verdict == "cached"
    write_scene("Index")
    with pytest.raises(UsageError, match=r"scenes/Index\.py would be written to output/Index\.html, a build's own"):
        build(formats=["html"])
    assert build("Index")["Index"].verdict == "built"


def test_data_and_columns_of_the_settings_reach_the_scene(build: Any, here: Path) -> None:
    (here / "own.csv").write_text("a,b,c\n1,2,3\n2,4,5\n3,5,9\n")
    Path("animate.toml").write_text('[scene.linear_online_sgd]\ndata = "own.csv"\ncolumns = ["a", "c"]\n')
    entry = build("linear_online_sgd")["linear_online_sgd"]
    assert entry.problem == ""
    assert {value.name: value.value for value in entry.parameters}["data"] == "own.csv"
    assert "own.csv" in {one.path for one in entry.inputs if one.kind == "data"}


def test_further_files_are_part_of_what_decides(build: Any, write_scene: Any, here: Path) -> None:
    write_scene()
    (here / "notes.txt").write_text("a")
    Path("animate.toml").write_text('files = ["*.txt"]\n')
    build()
    (here / "more.txt").write_text("b")
    assert why(build()) == ["more.txt is new"]


def test_a_failed_scene_is_told_with_its_line_and_the_others_stand(build: Any, write_scene: Any, verdicts: Any) -> None:
    write_scene("a", body="raise ValueError('too many')")
    write_scene("b")
    entries = build()
    assert entries["a"].verdict == "failed"
    assert entries["a"].problem == "scenes/a.py:8: build failed: ValueError: too many"
    assert entries["b"].verdict == "built"
    assert verdicts() == {"a": "failed", "b": "built"}


def test_a_scene_that_fails_keeps_its_old_files_and_is_tried_again(build: Any, write_scene: Any, files: Any) -> None:
    whole = write_scene().read_text()
    build()
    before = files()
    write_scene(body="raise ValueError('too many')")
    assert build()["lesson"].verdict == "failed"
    assert build()["lesson"].verdict == "failed"
    assert files() == before
    write_scene(text=whole)
    assert build()["lesson"].verdict == "cached"


def test_fail_fast_stops_at_the_first_failure(build: Any, write_scene: Any) -> None:
    for name in "abc":
        write_scene(name, body="raise ValueError(1)" if name == "a" else "1 / 0")
    assert sorted(build(fail_fast=True)) == ["a"]


def test_scenes_that_are_gone_leave_the_manifest_of_a_whole_build_only(
    build: Any, write_scene: Any, verdicts: Any
) -> None:
    write_scene("a")
    write_scene("b")
    build()
    build("b", force=True)
    assert sorted(verdicts()) == ["a", "b"]
    Path("scenes/a.py").unlink()
    build()
    assert sorted(verdicts()) == ["b"]


def test_a_page_holds_a_video_where_the_settings_say_so(build: Any, write_scene: Any) -> None:
    write_scene()
    for video in (False, True):
        build(formats=["html"], video=video)
        assert ("<video" in Path("output/lesson.html").read_text(encoding="utf-8")) == video


def test_a_pattern_names_scenes(build: Any, write_scene: Any) -> None:
    for name in ("sgd_a", "sgd_b", "other"):
        write_scene(name)
    assert sorted(build("sgd_*")) == ["sgd_a", "sgd_b"]


def test_a_script_changed_while_it_is_built_is_built_again(build: Any, write_scene: Any, small_scene: str) -> None:
    change = "from pathlib import Path\nPath('scenes/helper.py').write_text('# other')\n"
    write_scene(body=f"import helper\n{change}{small_scene}")
    Path("scenes/helper.py").write_text("")
    assert "scenes/helper.py changed while it was built" in build()["lesson"].why
    assert build()["lesson"].verdict == "built"


def test_a_build_from_python_needs_no_arguments(here: Path, write_scene: Any) -> None:
    from animate.batch.build import build_scenes

    write_scene()
    Path("animate.toml").write_text('preset = "draft"\nfps = 5\nposter = false\n')
    [entry] = build_scenes()
    assert [file.role for file in entry.files] == ["animation", "captions"]


def test_a_budget_is_kept_and_what_it_cost_is_told(build: Any, write_scene: Any) -> None:
    write_scene()
    [whole] = build(fps=25.0)["lesson"].having("animation")
    entries = build(fps=25.0, max_size=str(whole.bytes * 3 // 4))
    [small] = entries["lesson"].having("animation")
    assert why(entries) == [f"max_size changed from none to {whole.bytes * 3 // 4}"]
    assert small.bytes <= whole.bytes * 3 // 4
    assert small.compromises != ()
    assert small.flashes == 0


def test_a_budget_that_nothing_fits_fails_the_scene(build: Any, write_scene: Any) -> None:
    write_scene()
    entry = build(max_size="100B")["lesson"]
    assert entry.verdict == "failed"
    assert [file.role for file in entry.files] == []


OPENED = """
import os, sys
from pathlib import Path
import animate
package = Path(animate.__file__).parent
opened = set()
def audit(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        path = Path(os.path.abspath(os.fsdecode(arguments[0])))
        if path.is_relative_to(package) and "__pycache__" not in path.parts and path.is_file():
            opened.add(path.relative_to(package).as_posix())
sys.addaudithook(audit)
animate.load(sys.argv[1]).build().save("traced." + sys.argv[2], size=(480, 270), fps=5)
print("\\n".join(sorted(opened)))
"""


@pytest.mark.parametrize("format_", FORMATS)
def test_whatever_of_animate_is_read_to_write_a_format_is_in_its_key(
    here: Path, write_scene: Any, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    script = write_scene()
    command = [sys.executable, "-c", OPENED, str(script), format_]
    opened = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    opened = [name for name in opened if not name.endswith(".py")]  # code is known as a whole
    assert any(name.startswith("web/") for name in opened) == (format_ == "html")
    known = cache_key.animate_source()
    [scene] = scene_builds(["lesson"], read_settings({"formats": [format_], "scenes": "scenes"}))
    target = next(one for one in scene.targets if one.format == format_)

    def key(sources: dict[str, str]) -> str:
        monkeypatch.setattr(cache_key, "animate_source", lambda: sources)
        return cache_key.EnvironmentSnapshot(here).fingerprint(scene, None).key(target)

    before = key(known)
    assert [name for name in opened if name not in known or key({**known, name: "edited"}) == before] == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('text.title = "Mine"', "title"),
        ('text.caption = "Mine"', "caption"),
        ("seconds = 2", "seconds"),
        ("hold = 0", "hold"),
        ("slower = 2", "slower"),
        ('text.words = {"One" = "Eins"}', "the text for 'One' is set to 'Eins'"),
    ],
)
def test_other_words_and_times_build_the_scene_again(
    build: Any, reading_scene: Path, here: Path, line: str, reason: str
) -> None:
    before = build()["lesson"]
    (here / "animate.toml").write_text(f"[scene.lesson]\n{line}\n")
    after = build()
    assert any(reason in one for one in why(after))
    assert (after["lesson"].title, after["lesson"].duration, after["lesson"].captions) != (
        before.title,
        before.duration,
        before.captions,
    )
    assert build()["lesson"].verdict == "cached"


def test_a_changed_language_file_builds_the_scene_again(build: Any, reading_scene: Path, here: Path) -> None:
    (here / "animate.toml").write_text('words = "mine.toml"\n')
    for number, word in enumerate(("pass", "round")):
        (here / "mine.toml").write_text(f'base = "en"\n[words]\n"update" = "{word}"\n')
        os.utime(here / "mine.toml", ns=(number + 1, number + 1))
        assert build()["lesson"].verdict == "built"
    assert build()["lesson"].verdict == "cached"


def test_the_words_of_a_scene_are_replaced_by_those_of_its_table(build: Any, reading_scene: Path, here: Path) -> None:
    (here / "animate.toml").write_text(
        '[scene.lesson.text]\ncaption.2 = "Danach"\nwords = {"Small" = "Klein", "One" = "Eins"}\n'
    )
    entry = build()["lesson"]
    assert (entry.title, [caption.text for caption in entry.captions]) == ("Klein", ["Eins", "Danach"])


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('words = {"Smal" = "Klein"}', "there is no text 'Smal' in lesson.py. Did you mean 'Small'?"),
        ('words = {"Small" = "{n} Klein"}', "must name the values of the English text, none; got {n}"),
        ('tilte = "x"', "text] 'tilte' must be one of title, caption, words. Did you mean 'title'?"),
        ('title = ["x"]', "title must be a text"),
        ('words = "x"', "words must be a table"),
        ('caption.0 = "x"', "caption must be one of the 2 captions, from 1; got 0."),
    ],
)
def test_wrong_words_of_a_scene_are_refused(build: Any, reading_scene: Path, here: Path, table: str, said: str) -> None:
    (here / "animate.toml").write_text(f"[scene.lesson.text]\n{table}\n")
    try:
        problem = build()["lesson"].problem
    except UsageError as error:
        problem = str(error)
    assert said in problem


def test_a_transparent_build_leaves_the_background_out(build: Any, reading_scene: Path, here: Path) -> None:
    build()
    (here / "animate.toml").write_text("transparent = true\n")
    assert build()["lesson"].verdict == "built"
    with Image.open("output/lesson.gif") as picture:
        assert picture.convert("RGBA").getpixel((1, 1))[3] == 0


def test_a_format_without_transparency_is_refused_before_anything_is_drawn(build: Any, reading_scene: Path) -> None:
    with pytest.raises(UsageError, match="mp4 has no transparency"):
        build(formats=["mp4"], transparent=True)


def test_both_themes_are_in_one_file_and_are_told_as_the_reason(build: Any, reading_scene: Path, files: Any) -> None:
    build(formats=["svg", "html"])
    entry = build(formats=["svg", "html"], themes=["both"])["lesson"]
    assert entry.why == ("theme changed from light to both",)
    assert sorted(files()) == ["lesson-poster.png", "lesson.html", "lesson.svg", "lesson.vtt"]
    assert b"prefers-color-scheme:dark" in files()["lesson.svg"]
    again = build(formats=["svg", "html"], themes=["both"])["lesson"]
    assert again.verdict == "cached"
    assert [file.theme for file in again.files if file.role == "animation"] == ["both", "both"]


def test_a_format_of_one_theme_is_refused_with_both(reading_scene: Path) -> None:
    with pytest.raises(UsageError, match=r"gif holds one theme; got both: build svg or html"):
        scene_builds((), read_settings({"formats": ["svg", "gif"], "themes": ["both"]}))
