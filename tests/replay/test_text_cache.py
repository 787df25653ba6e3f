"""Text that is measured, laid out and rendered from memory, against FreeType asked anew each time."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg, get_hinting_flag
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from animate.replay import call_recorder
from animate.replay.call_recorder import RecordingRenderer
from animate.replay.text_cache import TextMeasure, text_layout_supported

pytestmark = pytest.mark.skipif(not text_layout_supported, reason="this matplotlib is asked for every text")

PLAIN = [*map(chr, range(32, 127)), *"−×÷·±°²½∞–…’“”₀₁₂₇αβγδεηθκλμρσωΣ●■▲◆▼✚\u00a0\u2009\u202f"]
ODD = [*PLAIN, *"fffffiflé→○אب\u0301"]
FONTS = [
    FontProperties(family=family, weight=weight, style=style, size=size)
    for family, size in (("DejaVu Sans", 9), ("DejaVu Serif", 10.5), ("DejaVu Sans Mono", 7.3), ("STIXGeneral", 12))
    for weight in ("normal", "bold")
    for style in ("normal", "italic")
]


def texts(characters: list[str], n_texts: int) -> list[str]:
    rng = random.Random(7)
    return ["".join(rng.choices(characters, k=rng.randint(1, 24))) for _ in range(n_texts)]


def places(font: Any, text: str) -> list[tuple[Any, ...]]:
    items = font._layout(text, get_hinting_flag())
    return [(item.ft_object.fname, item.glyph_index, item.x, item.y) for item in items]


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("font", FONTS, ids=FontProperties.get_name)
@pytest.mark.parametrize(
    "characters", [PLAIN, list("0123456789.−+= /"), list("fil to"), ODD], ids=["plain", "numbers", "joined", "odd"]
)
def test_texts_are_laid_out_and_measured_as_by_the_font(font: FontProperties, characters: list[str]) -> None:
    recorder, renderer = RecordingRenderer(640, 480, 160), RendererAgg(640, 480, 160)
    recorder._n_records = 1  # texts are cached while a frame is recorded
    for text in texts(characters, 60):
        assert places(recorder._prepare_font(font), text) == places(renderer._prepare_font(font), text)
        measured = recorder.get_text_width_height_descent(text, font, ismath=False)
        assert measured == renderer.get_text_width_height_descent(text, font, ismath=False), text


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("font", FONTS, ids=FontProperties.get_name)
@pytest.mark.parametrize("text", ["first of 3 fits", "●\u2009w₁ 0.820", "$x^2$", "off: −1.25 · 10 000 ", "λ = 5\u202f"])
def test_words_are_measured_as_the_renderer_does(font: FontProperties, text: str) -> None:
    measure, renderer = TextMeasure(72), RendererAgg(1, 1, 72)
    is_math = text.startswith("$")
    for words in (text[:-1], text, text[1:]) if not is_math else (text,):
        expected = renderer.get_text_width_height_descent(words, font, is_math)
        assert measure.extent(words, font, is_math=is_math) == expected


@pytest.fixture
def recorder() -> RecordingRenderer:
    """Return a renderer in the middle of recording, since texts are cached only there."""
    renderer = RecordingRenderer(640, 480, 100)
    renderer._n_records = 1
    return renderer


def test_a_number_never_seen_before_is_not_laid_out_anew(
    recorder: RecordingRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    font = FontProperties(size=10)
    for text in ("y = 1.23", "x = 2.331"):
        recorder._prepare_font(font)._layout(text, get_hinting_flag())
    monkeypatch.setattr(type(recorder._prepare_font(font)), "_make_ready", lambda _font: pytest.fail("was asked"))
    assert len(recorder._prepare_font(font)._layout("y = 2.33", get_hinting_flag())) == 8


def test_after_some_numbers_no_number_is_laid_out_anew(
    recorder: RecordingRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    font = FontProperties(size=10)
    for text in ("11", "22", "33", "44"):
        recorder._prepare_font(font)._layout(text, get_hinting_flag())
    monkeypatch.setattr(type(recorder._prepare_font(font)), "_make_ready", lambda _font: pytest.fail("was asked"))
    for text in ("−98.76", "13 / 185", "0.30 2"):
        assert len(recorder._prepare_font(font)._layout(text, get_hinting_flag())) == len(text)


@pytest.fixture(params=[True, False], ids=["known", "unknown"])
def matplotlib_is(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this matplotlib be one whose way with text is known, or a later one."""
    monkeypatch.setattr(call_recorder, "text_layout_supported", request.param)


@pytest.mark.usefixtures("matplotlib_is")
@pytest.mark.parametrize("place", [(30, 40), (30.37, 40.61), (-3.2, 5)])
@pytest.mark.parametrize("options", [{}, {"rotation": 30}, {"antialiased": False}, {"fontweight": "bold"}])
def test_texts_are_drawn_as_by_the_renderer(place: tuple[float, float], options: dict[str, Any]) -> None:
    figure = Figure(figsize=(3, 1), dpi=100)
    FigureCanvasAgg(figure)
    text = figure.text(*place, "", transform=None, **options)
    recorder = RecordingRenderer(300, 100, 100)
    for content in ("R² 0.905", "R² 0.911", "a line\nand another: 3", "$\\frac{1}{2}x$"):
        text.set_text(content)
        renderer = RendererAgg(300, 100, 100)
        text.draw(renderer)
        recorder.pixels[:] = recorder.blank
        for call in recorder.record(text.draw).calls:
            call.draw(*call.arguments, **call.options)
        np.testing.assert_array_equal(recorder.pixels, np.asarray(renderer.buffer_rgba()))


def test_the_fonts_named_plain_are_those_matplotlib_brings() -> None:
    assert {font.get_name() for font in FONTS} <= {entry.name for entry in font_manager.fontManager.ttflist}
