"""Films in a font, a script and a language of one's own, rendered to files."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import imageio.v3 as iio
import matplotlib as mpl
import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from matplotlib.font_manager import FontEntry, FontProperties, findfont

from animate import Scene, Timeline, load, marks, panels
from animate.draw import fonts
from animate.draw.fonts import check_glyphs
from animate.draw.language_file import find_language
from animate.draw.legibility import drawn_texts
from animate.draw.settings import Settings
from animate.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
TITLE = "学習率とは何か"
FAMILY = "Test Square Script"


@pytest.fixture
def script_font(tmp_path: Path) -> Path:
    """Return a font file that has only the characters of the title, each a square of its own height."""
    characters = sorted(set(TITLE))
    names = {ord(character): f"uni{ord(character):04X}" for character in characters}
    order = [".notdef", *names.values()]
    glyphs = {}
    for place, name in enumerate(order):
        pen, top = TTGlyphPen(None), 500 + 50 * place
        pen.moveTo((100, 0))
        for corner in ((100, top), (900, top), (900, 0)):
            pen.lineTo(corner)
        pen.closePath()
        glyphs[name] = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(names)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(order, (1000, 100)))
    builder.setupHorizontalHeader(ascent=900, descent=-100)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=900, sTypoDescender=-100, usWinAscent=900, usWinDescent=100)
    builder.setupPost()
    builder.save(tmp_path / "square.ttf")
    return tmp_path / "square.ttf"


def test_the_first_font_of_a_collection_is_taken(tmp_path: Path, script_font: Path) -> None:
    collection = TTCollection()
    for name in (FAMILY, f"{FAMILY} Mono"):
        font = TTFont(script_font)
        font["name"].setName(name, 1, 3, 1, 0x409)
        collection.fonts.append(font)
    collection.save(str(tmp_path / "square.ttc"))
    assert fonts.family_of(tmp_path / "square.ttc") == FAMILY


def scene(title: str) -> Scene:
    panel = panels.Plot(marks.Points([[0.0, 0.0], [1.0, 1.0]]), title="Panel")
    return Scene(title=title, caption="Words.", panels=[panel], timeline=Timeline(2, seconds=0.2))


def test_a_japanese_title_is_drawn_in_the_font_of_a_theme(tmp_path: Path, script_font: Path) -> None:
    (tmp_path / "cjk.toml").write_text(f'font = "{script_font.name}"\nbold_font = "{script_font.name}"\n')
    look = {"size": (480, 270), "theme": str(tmp_path / "cjk.toml")}
    [title] = [text for text in drawn_texts(scene(TITLE).still(0.0, **look))[0] if text.text == TITLE]  # type: ignore[arg-type]
    assert title.box[2] - title.box[0] == pytest.approx(len(TITLE) * title.size_px, rel=0.1)
    [written] = scene(TITLE).save(tmp_path / "title.gif", fps=5, **look)  # type: ignore[arg-type]
    left, top, right, bottom = title.box
    ink = iio.imread(written.path)[0][top:bottom, left:right, :3].astype(int)
    assert (np.abs(ink - ink[0, 0]).sum(axis=-1) > 200).mean() > 0.3  # squares, not the outlines of missing glyphs


@pytest.mark.skipif("ANIMATE_CJK_FONT" not in os.environ, reason="ANIMATE_CJK_FONT names no file of Noto Sans CJK")
@pytest.mark.parametrize(("title", "n_strokes"), [("一", 1), ("二", 2), ("三", 3)])
def test_noto_sans_cjk_draws_the_strokes_of_a_title(tmp_path: Path, title: str, n_strokes: int) -> None:
    file = os.environ["ANIMATE_CJK_FONT"]
    (tmp_path / "noto.toml").write_text(f'font = "{file}"\nbold_font = "{file}"\n')
    look = {"size": (800, 450), "theme": str(tmp_path / "noto.toml")}
    [drawn] = [text for text in drawn_texts(scene(title).still(0.0, **look))[0] if text.text == title]  # type: ignore[arg-type]
    [written] = scene(title).save(tmp_path / "title.gif", fps=5, **look)  # type: ignore[arg-type]
    left, top, right, bottom = drawn.box
    has_ink = (iio.imread(written.path)[0][top:bottom, left:right, :3].min(axis=-1) < 128).any(axis=1)
    assert has_ink[0] + (np.diff(has_ink.astype(int)) > 0).sum() == n_strokes


def test_a_japanese_title_without_such_a_font_is_refused() -> None:
    with pytest.raises(UsageError, match=r"DejaVu Sans has none for '学' \(U\+5B66\)"):
        scene(TITLE).still(0.0, size=(480, 270))


@pytest.mark.parametrize(
    ("character", "family"),
    [*((one, "Noto Sans CJK") for one in "学のア한ㄅ"), ("🚀", "Noto Emoji"), ("🤖", "Noto Emoji"), ("𒀀", "Noto Sans")],
)
def test_a_font_to_download_is_one_that_has_the_character(
    monkeypatch: pytest.MonkeyPatch, character: str, family: str
) -> None:
    monkeypatch.setattr(fonts, "fontManager", SimpleNamespace(ttflist=[]))
    with pytest.raises(UsageError, match=f"No font on this machine has it: download one, such as {family}, and"):
        check_glyphs(character)


def test_the_font_that_has_a_character_is_a_regular_one_if_there_is_one(
    monkeypatch: pytest.MonkeyPatch, script_font: Path
) -> None:
    faces = [("Bold", "normal", "bold"), ("Oblique", "oblique", 400), ("Regular", "normal", 400)]
    known = [FontEntry(fname=str(script_font), name=name, style=style, weight=weight) for name, style, weight in faces]
    monkeypatch.setattr(fonts, "fontManager", SimpleNamespace(ttflist=known))
    with pytest.raises(UsageError, match=r"'学習'. Regular has it: give its file"):
        check_glyphs("学習")


def test_a_translation_without_a_glyph_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "ja.toml").write_text('base = "en"\n[words]\n"optimum" = "最適"\n', encoding="utf-8")
    with find_language(str(tmp_path / "ja.toml")).active(), pytest.raises(UsageError) as caught:
        load("momentum", scenes=ROOT / "scenes").build(n_updates=5).stage(Settings(480, 270))
    assert str(caught.value).startswith(f"'optimum' in {tmp_path / 'ja.toml'}: the font must have a glyph for every")


def test_a_film_is_drawn_in_the_font_and_the_colors_of_a_brand(tmp_path: Path) -> None:
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    serif, bold = (folder / f"DejaVuSerif{kind}.ttf" for kind in ("", "-Bold"))
    (tmp_path / "brand.toml").write_text(f"background = '#fffaf3'\nfont = '{serif}'\nbold_font = '{bold}'\n")
    look = {"size": (480, 270), "theme": str(tmp_path / "brand.toml")}
    [written] = scene("Brand").save(tmp_path / "brand.png.gif", fps=5, **look)  # type: ignore[arg-type]
    frames = iio.imread(written.path)
    assert np.abs(frames[:, 2, 2, :3].astype(int) - (255, 250, 243)).max() <= 4
    used = {Path(text.font).stem for text in drawn_texts(scene("Brand").still(0.0, **look))[0]}  # type: ignore[arg-type]
    assert used == {"DejaVuSerif", "DejaVuSerif-Bold"}


def test_the_german_film_of_the_documentation_has_no_english_word(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "languages.md").read_text(encoding="utf-8")
    tables = [tomllib.loads(block) for block in re.findall(r"^```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)]
    table = next(table for table in tables if "linear_sgd_vs_batch" in table.get("scene", {}))
    words = table["scene"]["linear_sgd_vs_batch"]["text"]["words"]
    with find_language(table["words"]).with_texts(words).active():
        film = load("linear_sgd_vs_batch", scenes=ROOT / "scenes").build()
    assert film.question == "Ein Punkt nach dem anderen oder alle zugleich?"
    stage = film.stage()
    drawn = {film.alt, *(text for _, _, texts in film.timed_captions() for text in texts)}
    for beat in range(len(film.timed_captions())):
        stage.show(film.time_at(beat=beat + 1))
        drawn |= {text.text for text in drawn_texts(stage.figure)[0]}
    letters = set(re.findall(r"[A-Za-z]{3,}", " ".join(drawn)))
    assert (
        letters & {"update", "the", "point", "line", "loss", "gradients", "used", "best", "slope", "intercept"} == set()
    )
    assert {"Schritt", "Verlustfläche", "Steigung"} <= {word for text in drawn for word in text.split()}
    [written] = film.adjust(seconds=1.0).save(tmp_path / "film.mp4", size=(320, 180), fps=5)
    assert iio.improps(written.path, plugin="FFMPEG").shape[1:3] == (180, 320)


@pytest.mark.parametrize(("text", "script"), [("تعلم", "Arabic"), ("सीखना", "Devanagari"), ("למידה", "Hebrew")])
def test_text_that_an_older_matplotlib_cannot_shape_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str, script: str
) -> None:
    monkeypatch.setattr(fonts, "CAN_SHAPE", False)
    check_glyphs.cache_clear()
    with pytest.raises(UsageError, match=rf"cannot shape {script} text, .* Use matplotlib 3.11 or newer"):
        check_glyphs(text)


def test_arabic_is_drawn_where_matplotlib_shapes_it() -> None:
    assert (mpl.__version_info__ >= (3, 11)) == fonts.CAN_SHAPE
    assert findfont(FontProperties(family="DejaVu Sans"))
    check_glyphs.cache_clear()
    if fonts.CAN_SHAPE:
        scene("تعلم").still(0.0, size=(480, 270))
    else:
        with pytest.raises(UsageError, match="cannot shape Arabic"):
            scene("تعلم").still(0.0, size=(480, 270))
