"""The settings: what animate.toml may say, who wins, and how a mistake in it is told."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import matplotlib as mpl
import pytest

from animate.batch.build_settings import SceneSettings, own_theme, read_settings
from animate.batch.scene_build import scene_builds
from animate.batch.setting_keys import FORMATS, KEYS, documented, settings_schema
from animate.draw.settings import Settings
from animate.draw.theme import Theme
from animate.draw.theme_file import find_theme
from animate.errors import UsageError
from animate.film.encoders import ENCODERS


@pytest.fixture
def toml(here: Path) -> Any:
    return lambda text: (here / "animate.toml").write_text(text, encoding="utf-8")


def test_without_a_file_all_is_as_the_defaults_say(here: Path) -> None:
    settings = read_settings()
    assert (settings.scenes, settings.output, settings.jobs) == (None, Path("output"), 1)
    assert settings.of("any") == SceneSettings()
    assert settings.of("any").looks() == [Settings()]


def test_every_key_is_read_as_its_example_says(toml: Any) -> None:
    own = "\n".join(key.example for key in KEYS if key.places == "scene")
    toml("\n".join(key.example for key in KEYS if key.places != "scene") + f"\n[scene.momentum]\n{own}\n")
    settings = read_settings()
    assert (settings.scenes, settings.output, settings.jobs) == ("lessons", Path("public"), 2)
    assert settings.of("momentum") == SceneSettings(
        formats=("gif", "html"),
        preset="hd",
        sizes=((800, 450),),
        themes=("light", "dark"),
        fps=25.0,
        loop=1,
        max_size={"": 2_000_000},
        poster=0.5,
        seconds=8.0,
        hold=3.0,
        slower=2.0,
        transparent=True,
        video=True,
        timeout=300.0,
        files=("data/*.csv",),
        set={"learning_rate": 0.1},
        sweep=("learning_rate=0.001:1:9:log",),
        budget=2_000_000,
        words="de",
        locale="de",
        text={"title": "Which is sooner?", "caption": None, "texts": {}},
        data="norris.csv",
        columns=("x", "y"),
        skip_missing=True,
        decimal=",",
        sheet="2024",
        variants={"fast": {"learning_rate": 0.5}},
    )


def test_two_themes_of_one_name_are_refused(toml: Any, here: Path) -> None:
    for folder, color in (("one", "#000000"), ("two", "#111111")):
        (here / folder).mkdir()
        (here / folder / "brand.toml").write_text(f'ink = "{color}"\n', encoding="utf-8")
    toml('themes = ["one/brand.toml", "two/brand.toml"]\n')
    with pytest.raises(UsageError, match=r"themes must have different names, .* two are 'brand'"):
        read_settings()


def test_a_theme_of_the_file_is_drawn_under_its_name(toml: Any, here: Path) -> None:
    (here / "logo.png").write_bytes(b"\x89PNG")
    toml('themes = ["light", "ours"]\n[theme.ours]\nbase = "dark"\nfirst = "#ffffff"\nlogo = "logo.png"\n')
    light, ours = read_settings().of("a").looks()
    assert (light.theme, ours.theme_name, find_theme(ours.theme).first) == ("light", "ours", "#ffffff")
    assert read_settings().of("a").own_files() == [str(here.resolve() / "logo.png")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("themes = 'uors'\n[theme.ours]", "themes: 'uors' must be one of light, dark, ours. Did you mean 'ours'?"),
        ("[scene.a]\nthemes = 'drak'", r"\[scene.a\] themes: 'drak' must be one of .* Did you mean 'dark'?"),
        (
            "[theme.ours]\nfrist = '#000'",
            r"a key of \[theme.ours\] of .* got 'frist'. Did you mean 'first'?",
        ),
        ("[theme.ours]\nfirst = '#ffcc00'", r"first in \[theme.ours\] .* 4.5:1 .* Write first = \"#"),
        ("[theme.ours]\nink = '#aaaaaa'", r"ink in \[theme.ours\] .* Write ink = \"#2[0-9a-f]3[0-9a-f]3"),
        ("[theme.light]", "the name of a theme must be of letters, .* and not light, dark or both; got 'light'"),
        ("theme = 3", "theme must be tables, such as"),
        ("theme = 'dark'", "got 'dark'. To choose colors, write themes = \"dark\"."),
        ("themes = 'none.toml'", "theme must be a file that can be read; got 'none.toml'"),
    ],
)
def test_a_wrong_theme_is_named(toml: Any, text: str, said: str) -> None:
    toml(text + "\n")
    with pytest.raises(UsageError, match=said):
        read_settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("caption.x = 'a'", "the key of a caption must be its number, from 1, as in caption.2; got 'x'"),
        ("caption.1 = 'a'\ncaption.01 = 'b'", "must be its number, from 1, .*; got '01'"),
        ("caption.1 = 3", r"caption.1 must be a text; got 3"),
        ("title = 3", r"title must be a text; got 3"),
        ("caption = 3", r"caption must be a text, or texts by number .*; got 3"),
        ("words.One = 3", r"words: 'One' must be a text; got 3"),
        ("caption = ['a', 'b']", r"caption must be a text, or texts by number such as caption.2; got \['a', 'b'\]"),
        ("caption = '{n} points'", "caption must be the words as they are drawn, .* got {n}"),
        ('caption.2 = "a\\nb"', r"caption.2 must be one line, .*; got '\\n'"),
        ('title = "a\\tb"', r"title must be one line, .*; got '\\t'"),
        ("title = ['a']", "title must be a text; got"),
        ("words.'a {n}' = 'b {m}'", "words: 'a {n}' must name the values of the English text"),
        ('words.a = "b\\nc"', r"words: 'a' must be one line, .*; got '\\n'"),
        ("titel = 'a'", "'titel' must be one of title, caption, words. Did you mean 'title'?"),
    ],
)
def test_a_wrong_text_of_a_scene_is_named(toml: Any, text: str, said: str) -> None:
    toml(f"[scene.a.text]\n{text}\n")
    with pytest.raises(UsageError, match=rf"animate.toml: \[scene.a.text\] .*{said}"):
        read_settings()


def test_a_caption_that_begins_with_a_number_is_a_caption(toml: Any) -> None:
    toml("[scene.a.text]\ncaption = '2=x'\n")
    assert read_settings().of("a").text["caption"] == "2=x"


@pytest.mark.parametrize("has_file", [False, True])
def test_a_theme_that_is_nowhere_says_where_it_must_stand(toml: Any, here: Path, has_file: bool) -> None:
    if has_file:
        toml("fps = 5\n")
    there = "animate.toml has none" if has_file else f"there is no animate.toml in {here.resolve()}"
    for read in (lambda: read_settings({"themes": ["ours"]}), lambda: own_theme("ours")):
        with pytest.raises(UsageError, match=rf"A \[theme.ours\] must stand in animate.toml .*; {there}\."):
            read()


def test_a_theme_of_the_current_folder_is_found_by_its_name(toml: Any) -> None:
    toml("[theme.ours]\nfirst = '#101010'\n")
    assert own_theme("ours").first == "#101010"


def test_every_key_is_documented_with_an_example() -> None:
    rows = documented().splitlines()[2:]
    assert len(rows) == len(KEYS)
    assert all(f"`{key.example}`" in row and key.meaning in row for key, row in zip(KEYS, rows, strict=True))


def test_every_key_is_a_setting_and_every_setting_a_key() -> None:
    own = {key.name for key in KEYS if key.places != "top"}
    assert own == set(SceneSettings.__dataclass_fields__)


def test_the_formats_are_those_that_can_be_encoded_into_one_file() -> None:
    assert {f".{name}" for name in FORMATS} == {*ENCODERS, ".avif"} - {".png"}  # ffmpeg encodes AVIF


def test_a_scene_wins_over_all_and_a_flag_over_both(toml: Any) -> None:
    toml('fps = 10\nloop = 1\nthemes = "dark"\n[scene.a]\nfps = 20\nloop = 2\n')
    a, b = (read_settings({"fps": 30, "jobs": None}).of(name) for name in "ab")
    assert (a.fps, a.loop, a.themes) == (30.0, 2, ("dark",))
    assert (b.fps, b.loop, b.themes) == (30.0, 1, ("dark",))


def test_a_preset_takes_the_place_of_outer_sizes_and_rates(toml: Any) -> None:
    toml('sizes = ["640x360"]\nfps = 10\n[scene.a]\npreset = "hd"\n')
    assert read_settings().of("b").looks() == [Settings(640, 360, 10.0)]
    assert read_settings().of("a").looks() == [Settings(1280, 720, 30)]
    assert read_settings({"preset": "draft"}).of("b").looks() == [Settings(480, 270, 12)]
    assert read_settings({"preset": "draft", "fps": 5}).of("b").looks() == [Settings(480, 270, 5)]


def test_every_size_is_drawn_in_every_theme(toml: Any) -> None:
    toml('sizes = ["640x360", "320x180"]\nthemes = ["light", "dark"]\n')
    looks = read_settings().of("a").looks()
    assert [(look.width, look.theme) for look in looks] == [
        (640, "light"),
        (640, "dark"),
        (320, "light"),
        (320, "dark"),
    ]


def test_a_budget_may_differ_by_format(toml: Any) -> None:
    toml('max_size = {gif = "2MB", "" = "1MB"}')
    assert [read_settings().of("a").max_bytes(suffix) for suffix in ("gif", "mp4")] == [2_000_000, 1_000_000]
    assert SceneSettings().max_bytes("gif") is None


def test_a_file_from_windows_is_read(here: Path) -> None:
    (here / "animate.toml").write_bytes(b"\xef\xbb\xbffps = 10\r\nloop = 1\r\n")
    assert read_settings().of("a").fps == 10


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fomats = ['gif']", "animate.toml: there is no key 'fomats'. Did you mean 'formats'?"),
        ("zzz = 1", "animate.toml: there is no key 'zzz'. There are scenes, output,"),
        ("[scene.a]\nrate = 3", "no key 'rate'. Parameters of the scene stand in set, as in set = {rate = 1}."),
        ("[scene.a]\nfsp = 3", "animate.toml: [scene.a] there is no key 'fsp'. Did you mean 'fps'?"),
        ("[scenes.a]\nfps = 3", "animate.toml: there is no table scenes; write [scene.a]."),
        ("[themes.ours]\nbase = 'dark'", "animate.toml: there is no table themes; write [theme.ours]."),
        ("[themes]\nbase = 'dark'", "animate.toml: there is no table themes; write [theme.NAME]."),
        ("[scene.a]\ntheme = 'dark'", "[scene.a] there is no key 'theme'. Did you mean 'themes'?"),
        ("logo = 'logo.png'", "animate.toml: logo must stand in [theme.NAME]."),
        ("[scene.a]\nbackground = 'red'", "animate.toml: [scene.a] background must stand in [theme.NAME]."),
        ("[scene]\na = 3", "animate.toml: scene must be tables, such as [scene.momentum]; got {'a': 3}."),
        ("[scene.a]\njobs = 3", "animate.toml: [scene.a] jobs must stand at the top, not in a scene's table."),
        ("data = 'x.csv'", "animate.toml: data must stand in [scene.NAME], not above."),
        ("formats = ['gfi']", "animate.toml: formats: 'gfi' must be one of gif, mp4,"),
        ("formats = ['gfi']", "Did you mean 'gif'?"),
        ("formats = []", 'animate.toml: formats must be a text, or a list of texts such as ["a", "b"]; got [].'),
        ("formats = 3", "animate.toml: formats must be a text, or a list of texts"),
        ("preset = 'drft'", "Did you mean 'draft'?"),
        ("themes = ['lihgt']", "Did you mean 'light'?"),
        ("sizes = ['800']", "animate.toml: sizes: size must be WIDTHxHEIGHT in pixels"),
        ("sizes = ['1x1']", "animate.toml: sizes: width must be between"),
        ("fps = 'fast'", "animate.toml: fps must be a number of frames per second; got 'fast'."),
        ("fps = true", "animate.toml: fps must be a number of frames per second; got True."),
        ("fps = nan", "animate.toml: fps must be a number"),
        ("fps = 1000", "animate.toml: fps must be between 1 and 120; got 1000."),
        ("loop = -1", "animate.toml: loop must be a whole number from 0 to 65535; got -1."),
        ("loop = 1.5", "animate.toml: loop must be a whole number"),
        ("jobs = 0", "animate.toml: jobs must be a whole number from 1 to 256; got 0."),
        (
            "max_size = '-2MB'",
            "animate.toml: max_size must be a number of bytes, such as 2MB, 500kB or 1.5MiB; got '-2MB'.",
        ),
        ("max_size = -5", "animate.toml: max_size must be a number of bytes, such as 2MB, 500kB or 1.5MiB; got -5."),
        ("max_size = '2XB'", "animate.toml: max_size must be a number of bytes"),
        ("max_size = {gfi = '2MB'}", "Did you mean 'gif'?"),
        ("poster = 'lst'", 'animate.toml: poster must be a number from 0 to 1, "first", "last" or false; got'),
        ("poster = 2", "animate.toml: poster must be a number from 0 to 1"),
        ("timeout = 0", "animate.toml: timeout must be a number of seconds above 0; got 0."),
        ("[scene.a]\nset = 3", "animate.toml: [scene.a] set must be a table of parameters"),
        ("[scene.a]\nset = {x = ['b']}", "animate.toml: [scene.a] set must be a table of parameters"),
        ("[scene.a.variants]\nfast = 3", "must be a table of parameters"),
        ("[scene.a.variants.'a/b']\nx = 3", "a variant's name must be of letters, digits and underscores; got 'a/b'."),
        ("fps = ", "animate.toml must be a TOML file: Invalid value (at end of document)."),
        ("fps = 1\nfps = 2", "animate.toml must be a TOML file: Cannot overwrite a value"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_its_fix(toml: Any, text: str, told: str) -> None:
    toml(text)
    with pytest.raises(UsageError) as caught:
        read_settings()
    assert told in str(caught.value)


def test_a_file_that_is_no_text_is_told(here: Path) -> None:
    (here / "animate.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match=r"animate\.toml must be a text in UTF-8; got another encoding in line 1"):
        read_settings()


def test_a_wrong_flag_is_told_without_a_file(here: Path) -> None:
    with pytest.raises(UsageError, match=r"^max-size must be a number of bytes, .*; got '-1'\.$"):
        read_settings({"max_size": "-1"})


def example_file() -> dict[str, Any]:
    """Return every key at its place, as its example has it."""
    shared = "\n".join(key.example for key in KEYS if key.places != "scene")
    own = "\n".join(key.example for key in KEYS if key.places == "scene")
    return tomllib.loads(f"{shared}\n[scene.momentum]\n{own}\n")


def test_the_schema_accepts_the_example_of_every_key() -> None:
    schema = settings_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(example_file(), schema)


@pytest.mark.parametrize(
    "wrong", [{"fsp": 3}, {"jobs": 0}, {"loop": 1.5}, {"scene": {"a": {"jobs": 2}}}, {"data": "x.csv"}, {"poster": 2}]
)
def test_the_schema_refuses_what_reading_refuses(here: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, settings_schema())
    with pytest.raises(UsageError):
        _checked_file(wrong)


def _checked_file(whole: dict[str, Any]) -> None:
    Path("animate.toml").write_text(as_toml(whole), encoding="utf-8")
    read_settings()


def as_toml(table: dict[str, Any], head: str = "") -> str:
    """Return nested tables of plain values as TOML."""
    lines = [f"{name} = {json.dumps(value)}" for name, value in table.items() if not isinstance(value, dict)]
    tables = {f"{head}.{name}" if head else name: value for name, value in table.items() if isinstance(value, dict)}
    return "\n".join([*lines, *(f"[{name}]\n{as_toml(value, name)}" for name, value in tables.items())])


@pytest.mark.parametrize("key", ["title", "caption"])
def test_a_text_of_a_scene_that_stands_in_its_table_is_told_where_it_belongs(toml: Any, key: str) -> None:
    toml(f"[scene.a]\n{key} = 'x'\n")
    with pytest.raises(UsageError, match=rf"\[scene.a\] {key} must stand in \[scene.a.text\]\."):
        read_settings()


def test_an_empty_title_and_an_empty_caption_are_kept(toml: Any, write_scene: Any) -> None:
    write_scene("a")
    toml("[scene.a.text]\ntitle = ''\ncaption = ''\n")
    [scene] = scene_builds((), read_settings())
    assert (scene.given["title"], scene.given["caption"]) == ("", "")


@pytest.mark.parametrize(
    ("flags", "said"),
    [({"themes": [""]}, "theme must be names separated by commas; got ''."),
     ({"formats": ["gif", ""]}, "format must be names separated by commas; got 'gif,'."),
     ({"formats": ["gfi"]}, "format: 'gfi' must be one of"),
     ({"themes": ["both", "dark"]}, "theme must be both alone, or others each for files of its own; got both, dark."),
     ({"words": "DE"}, "words must be one of de, en, or a FILE.toml; got 'DE'. Did you mean 'de'?"),
     ({"words": ""}, "words must be a language such as de, or a TOML file; got ''."),
     ({"locale": ""}, "locale must be a language such as de, or de-CH; got ''."),
     ({"themes": ["none.toml"]}, "theme must be a file that can be read; got 'none.toml'"),
     ({"locale": "xx"}, "locale must be a language such as de")],
)  # fmt: skip
def test_a_wrong_option_is_told_by_its_own_name(here: Path, flags: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings(flags)
    assert str(caught.value).startswith(said)


def test_a_key_stands_once_in_the_message_on_its_value(toml: Any) -> None:
    toml("locale = 'xx'\n")
    with pytest.raises(UsageError, match=r"^animate\.toml: locale must be a language such as de, or de-CH; got 'xx'\."):
        read_settings()


def test_a_theme_by_several_paths_is_one(here: Path) -> None:
    shutil.copy(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf", here / "brand.ttf")
    (here / "brand.toml").write_text("first = '#7a1f5c'\nfifth = '#000000'\nfont = 'brand.ttf'\n")
    (here / "other").mkdir()
    (here / "other" / "brand.toml").symlink_to(here / "brand.toml")
    (here / "link.toml").symlink_to(here / "brand.toml")
    paths = ["brand.toml", "./brand.toml", str(here / "brand.toml"), "other/brand.toml", "link.toml"]
    [only] = read_settings({"themes": paths}).of("a").themes
    [again] = read_settings({"themes": ["other/brand.toml"]}).of("a").themes
    assert only == again
    assert isinstance(only, Theme)
    assert only.name == "brand"


def test_a_theme_with_a_font_leaves_the_folder_of_its_build_out_of_the_keys_of_files(
    tmp_path: Path, write_scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided, script = [], write_scene("a").resolve()
    for name in ("one", "other"):
        (folder := tmp_path / name).mkdir()
        monkeypatch.chdir(folder)
        shutil.copy(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf", folder / "brand.ttf")
        (folder / "brand.toml").write_text("font = 'brand.ttf'\n")
        [scene] = scene_builds([str(script)], read_settings({"themes": ["brand.toml"]}))
        decided.append(([target.decided_by() for target in scene.targets], scene.described()))
    assert decided[0] == decided[1]
