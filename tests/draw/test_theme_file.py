"""Themes from files: their colors and fonts are drawn, and what cannot be read is refused in one line."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font
from matplotlib.image import BboxImage, imsave

from animate import Scene, Timeline, marks, panels
from animate.draw.fonts import check_glyphs
from animate.draw.legibility import drawn_texts
from animate.draw.settings import Settings
from animate.draw.style import Style
from animate.draw.text_overlap import drawn_boxes, text_faults
from animate.draw.theme import DARK, LIGHT, contrast
from animate.draw.theme_file import find_theme
from animate.errors import UsageError

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
SERIF = FONTS / "DejaVuSerif.ttf"


def write(folder: Path, text: str) -> str:
    path = folder / "brand.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def scene(title: str = "Title") -> Scene:
    panel = panels.Plot(marks.Points([[0.0, 0.0], [1.0, 1.0]]), title="Panel")
    return Scene(title=title, caption="Words.", panels=[panel], timeline=Timeline(2))


def test_a_file_changes_the_colors_it_names_and_keeps_those_of_its_base(tmp_path: Path) -> None:
    theme = find_theme(write(tmp_path, 'base = "dark"\nfirst = "#ffffff"\n'))
    assert (theme.name, theme.first, theme.second) == ("brand", "#ffffff", DARK.second)


def test_the_background_of_a_file_is_drawn(tmp_path: Path) -> None:
    figure = scene().still(0.0, size=(480, 270), theme=write(tmp_path, 'background = "#fff8f0"\n'))
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())  # type: ignore[attr-defined]
    assert tuple(pixels[2, 2, :3]) == (255, 248, 240)


def test_every_text_is_drawn_in_the_font_of_a_file(tmp_path: Path) -> None:
    figure = scene().still(0.0, size=(480, 270), theme=write(tmp_path, f"font = {str(SERIF)!r}\n"))
    assert {Path(text.font).stem for text in drawn_texts(figure)[0]} == {"DejaVuSerif", "DejaVuSerif-Bold"}


def test_bold_texts_may_have_a_family_of_their_own(tmp_path: Path) -> None:
    for text, fonts in (
        (f"bold_font = {str(FONTS / 'DejaVuSerif-Bold.ttf')!r}\n", {"DejaVuSans", "DejaVuSerif-Bold"}),
        (
            f"font = {str(FONTS / 'DejaVuSansMono.ttf')!r}\nbold_font = {str(FONTS / 'DejaVuSerif-Bold.ttf')!r}\n",
            {"DejaVuSansMono", "DejaVuSerif-Bold"},
        ),
    ):
        figure = scene().still(0.0, size=(480, 270), theme=write(tmp_path, text))
        assert {Path(drawn.font).stem for drawn in drawn_texts(figure)[0]} == fonts


@pytest.mark.parametrize("size", [(800, 450), (540, 960)])
def test_the_logo_stands_left_of_the_title(tmp_path: Path, size: tuple[int, int]) -> None:
    imsave(tmp_path / "logo.png", np.full((20, 60, 3), (0.0, 1.0, 0.0)))
    name = write(tmp_path, 'logo = "logo.png"\n')
    with_logo, without = (scene().still(0.0, size=size, theme=theme) for theme in (name, "light"))
    title = next(text for text in drawn_texts(with_logo)[0] if text.text == "Title")
    pixels = drawn_texts(with_logo)[1]
    green = np.argwhere((pixels[..., :3] == (0, 255, 0)).all(axis=-1))
    assert len(green) > 300
    assert green[:, 1].max() < title.box[0]
    assert abs(green[:, 0].min() - title.box[1]) < 0.5 * title.size_px
    assert title.box[0] > next(text for text in drawn_texts(without)[0] if text.text == "Title").box[0]


@pytest.mark.parametrize("size", [(540, 960), (1080, 1080)])
def test_a_wide_logo_has_a_row_above_the_words_of_a_tall_or_square_picture(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    imsave(tmp_path / "logo.png", np.full((20, 160, 3), (0.0, 1.0, 0.0)))
    figure = scene().still(0.0, size=size, theme=write(tmp_path, 'logo = "logo.png"\n'))
    texts, pixels = drawn_texts(figure)
    rows, columns = np.argwhere((pixels[..., :3] == (0, 255, 0)).all(axis=-1)).T
    assert np.ptp(rows) > 12 * size[0] / 400  # of 400 pixels across a phone
    assert rows.max() < min(text.box[1] for text in texts)
    assert columns.max() < 0.7 * size[0]
    assert list(text_faults(dict(drawn_boxes(figure)), Style(Settings(*size)))) == []


def test_the_bold_face_beside_a_font_is_taken(tmp_path: Path) -> None:
    for style, weight in (("Regular", 400), ("Bold", 700)):
        font = TTFont(FONTS / ("DejaVuSerif.ttf" if weight == 400 else "DejaVuSerif-Bold.ttf"))
        for entry in font["name"].names:
            if entry.nameID in (1, 4, 6, 16):
                entry.string = "Test Brand" if entry.nameID in (1, 16) else f"TestBrand-{style}"
        font.save(tmp_path / f"Brand-{style}.ttf")
    figure = scene().still(0.0, size=(480, 270), theme=write(tmp_path, 'font = "Brand-Regular.ttf"\n'))
    assert {Path(drawn.font).name for drawn in drawn_texts(figure)[0]} == {"Brand-Regular.ttf", "Brand-Bold.ttf"}


def test_a_font_without_a_bold_face_is_told(tmp_path: Path) -> None:
    font = TTFont(FONTS / "DejaVuSerif.ttf")
    for entry in font["name"].names:
        if entry.nameID in (1, 16):
            entry.string = "Test Regular Alone"
    font.save(tmp_path / "alone.ttf")
    with pytest.warns(UserWarning, match=r"Test Regular Alone has no bold face beside .*; name one with bold_font in"):
        find_theme(write(tmp_path, 'font = "alone.ttf"\n'))


def test_a_wide_logo_leaves_the_title_its_room(tmp_path: Path) -> None:
    imsave(tmp_path / "logo.png", np.full((20, 200, 3), (0.0, 1.0, 0.0)))
    words = "How far does the loss fall in one step of descent?"
    figure = scene(words).still(0.0, size=(480, 270), theme=write(tmp_path, 'logo = "logo.png"\n'))
    boxes = dict(drawn_boxes(figure))
    lines = [text.get_text() for text in boxes if words.startswith(text.get_text().split("\n")[0])]
    assert [line.replace("\n", " ") for line in lines] == [words]
    assert list(text_faults(boxes, Style(Settings(480, 270)))) == []


def test_a_logo_too_wide_to_be_seen_is_refused(tmp_path: Path) -> None:
    imsave(tmp_path / "logo.png", np.full((10, 400, 3), (0.0, 1.0, 0.0)))
    with pytest.raises(UsageError, match=r"logo must be at most \d+ times as wide as high .* at 480x270; got 400x10"):
        scene().stage(Settings(480, 270, theme=write(tmp_path, 'logo = "logo.png"\n')))


def test_a_logo_too_high_to_be_seen_is_refused(tmp_path: Path) -> None:
    imsave(tmp_path / "logo.png", np.full((400, 20, 3), (0.0, 1.0, 0.0)))
    with pytest.raises(UsageError, match=r"logo must be at most \d+ times as high as wide .* at 480x270; got 20x400"):
        scene().stage(Settings(480, 270, theme=write(tmp_path, 'logo = "logo.png"\n')))


def test_a_logo_that_was_removed_since_is_told_as_such(tmp_path: Path) -> None:
    imsave(tmp_path / "logo.png", np.full((20, 60, 3), 0.5))
    name = write(tmp_path, 'logo = "logo.png"\n')
    find_theme(name)
    (tmp_path / "logo.png").unlink()
    with pytest.raises(UsageError, match=r"logo must be a PNG file; .*logo.png' does not exist"):
        scene().stage(Settings(theme=name))


def test_a_damaged_logo_is_refused(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG and no more")
    with pytest.raises(UsageError, match="logo must be a PNG file that can be read"):
        scene().stage(Settings(theme=write(tmp_path, 'logo = "logo.png"\n')))


def test_a_logo_of_too_many_pixels_is_refused_by_its_header(tmp_path: Path) -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", 20000, 20000, 8, 6, 0, 0, 0)
    signature = b"\x89PNG\r\n\x1a\n\0\0\0\r"
    pixels_to_come = b"\0\0\0\0IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    (tmp_path / "logo.png").write_bytes(signature + header + struct.pack(">I", zlib.crc32(header)) + pixels_to_come)
    with pytest.raises(UsageError, match=r"logo must have at most 25 million pixels; got 20000x20000 in .*logo.png'\."):
        scene().stage(Settings(theme=write(tmp_path, 'logo = "logo.png"\n')))


def test_a_large_logo_is_reduced_before_it_is_drawn_and_looks_the_same(tmp_path: Path) -> None:
    squares = np.kron([[0, 1], [1, 0]], np.ones((400, 400)))[..., None] * (0.9, 0.2, 0.1) + (0.0, 0.1, 0.6)
    pictures = []
    for pixels in (squares[::10, ::10], squares):
        imsave(tmp_path / "logo.png", pixels)
        figure = scene().still(0.0, size=(480, 270), theme=write(tmp_path, 'logo = "logo.png"\n'))
        [logo] = [artist for artist in figure.artists if isinstance(artist, BboxImage)]
        assert max(logo.get_size()) < 400
        pictures.append(drawn_texts(figure)[1].astype(int))
    assert np.abs(pictures[1] - pictures[0]).max() < 40  # the edges between the squares


def test_a_changed_file_counts(tmp_path: Path) -> None:
    name = write(tmp_path, 'first = "#000000"\n')
    assert find_theme(name).first == "#000000"
    write(tmp_path, 'first = "#111111"\n')
    os.utime(name, ns=(1, 1))
    assert find_theme(name).first == "#111111"


def test_a_faint_color_is_refused_with_one_that_passes(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"first in .* 4\.5:1 to the background; got #ffcc00 with 1\.51:1") as caught:
        find_theme(write(tmp_path, 'first = "#ffcc00"\n'))
    passing = str(caught.value).rstrip('".').split('"')[-1]
    assert contrast(passing, LIGHT.background) >= 4.5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("frist = '#000000'", "got 'frist'. Did you mean 'first'?"),
        ("first = 'blau'", "first in .* must be a color such as '#1f2933'; got 'blau'"),
        ("first = 3", "must be a color .*; got 3"),
        ("base = 'drak'", "base in .* must be one of light, dark; got 'drak'. Did you mean 'dark'?"),
        ('base = ["light"]', "base in .* must be one of light, dark; got \\['light'\\]"),
        ("surface = ['#fff']", "surface in .* must be three colors"),
        ("font = 'none.ttf'", "font in .*brand.toml must be a file; .*none.ttf' does not exist"),
        ("font = 'brand.toml'", "font in .*brand.toml must be a TrueType or OpenType file; got .*brand.toml"),
        ("font = 3", "font in .* must be the path of a font file; got 3"),
        ("logo = 3", "logo in .* must be the path of a PNG file; got 3"),
        ("logo = 'none.png'", "logo in .* must be the path of a PNG file; .*none.png' does not exist"),
        ("logo = 'brand.toml'", "logo in .* must be the path of a PNG file; .*brand.toml' is no PNG"),
        ("first", "must be a TOML file"),
        ("first = 'none'", "first in .* must be an opaque color .*; got 'none'"),
        ("background = '#ffffff80'", "background in .* must be an opaque color such as '#ffffff'; got '#ffffff80'"),
        ("surface = ['#fff', '#fff', '#00f8']", "surface in .* must be an opaque color .*; got '#00f8'"),
        ("logo = '.'", "logo in .* must be the path of a PNG file; .* is a folder"),
        ("bold_font = 'brand.toml'", "^bold_font in .*brand.toml must be a TrueType or OpenType file"),
        ("[theme.ours]", "the keys of .*brand.toml must stand at its top, without the head of a table"),
        ("font = '.'", "font in .*brand.toml must be a file; .* is a folder"),
    ],
)
def test_what_a_file_says_wrongly_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        find_theme(write(tmp_path, text))


@pytest.mark.parametrize(("name", "said"), [("drak", "Did you mean 'dark'?"), ("nowhere.toml", "No such file")])
def test_a_theme_that_does_not_exist_is_named(name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Settings(theme=name)


def test_a_character_without_a_glyph_is_named_with_a_font_that_has_it(tmp_path: Path) -> None:
    characters = [
        set(FT2Font(findfont(FontProperties(family=name))).get_charmap()) for name in ("STIXGeneral", "DejaVu Sans")
    ]
    only = chr(min(code for code in characters[0] - characters[1] if 0x2000 < code < 0xE000))
    with pytest.raises(UsageError, match=rf"DejaVu Sans has none for '{only}' .*give its file as the font of a theme"):
        scene(f"A {only}").still(0.0, size=(480, 270))
    theme = write(tmp_path, f"font = {str(FONTS / 'STIXGeneral.ttf')!r}\n")
    scene(f"A {only}").still(0.0, size=(480, 270), theme=theme)


def test_no_font_draws_a_character_that_is_in_none() -> None:
    with pytest.raises(UsageError, match=r"\(U\+10FFFD\)"):
        check_glyphs("a \U0010fffd")


def test_formulas_are_not_checked() -> None:
    check_glyphs(r"loss $\mathcal{L}$")
