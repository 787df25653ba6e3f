"""Words that users give: drawn letter for letter, in lines where they are long, or refused in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath

from animate import Beat, Scene, Timeline, load, marks, panels
from animate.draw.language import Language
from animate.draw.language_file import find_language
from animate.draw.legibility import drawn_texts
from animate.draw.own_text import own_text
from animate.draw.readout import Readout
from animate.draw.settings import Settings, resolve
from animate.draw.style import Style
from animate.draw.text_overlap import check_texts, drawn_boxes, text_faults
from animate.errors import UsageError

PRICE = "From $5 to $10"


def scene(**fields: Any) -> Scene:
    panel = panels.Plot(marks.Points([[0.0, 0.0], [1.0, 1.0]]), title="Panel")
    return Scene(**{"title": "Title", "caption": "Words.", "panels": [panel], "timeline": Timeline(2), **fields})


def faults(figure: Figure, size: tuple[int, int]) -> list[str]:
    return list(text_faults(dict(drawn_boxes(figure)), Style(Settings(*size))))


def lines_of(figure: Figure, begin: str) -> list[str]:
    [found] = [text.get_text() for text in figure.texts if text.get_text().startswith(begin)]
    return str(found).split("\n")


def test_a_dollar_in_a_title_and_a_caption_of_ones_own_begins_no_formula() -> None:
    own = scene().adjust(title=PRICE, caption=f"{PRICE}?")
    figure, alike = own.still(0.0, size=(480, 270)), Figure(figsize=(480 / 72, 270 / 72), dpi=72)
    texts = {text.get_text(): text for text in figure.texts}
    title = texts[r"From \$5 to \$10"]
    plain = alike.text(0, 0, PRICE, fontproperties=title.get_fontproperties(), parse_math=False)
    assert title.get_window_extent().width == pytest.approx(plain.get_window_extent().width)
    assert r"From \$5 to \$10?" in texts


def test_pages_and_captions_have_the_dollar_without_its_escape() -> None:
    own = scene(alt="").adjust(title=PRICE, caption=PRICE)
    data = own.player_data(Settings())
    assert (own.question, data.question, data.captions[0][1]) == (PRICE, PRICE, PRICE)


def test_a_formula_in_a_title_of_a_script_stays_one() -> None:
    [text] = [
        one for one in drawn_texts(scene(title="What is $x^2$?").still(0.0, size=(480, 270)))[0] if "x^2" in one.text
    ]
    assert text.text == "What is $x^2$?"
    assert own_text("title", "x") == "x"


def test_a_dollar_in_other_words_is_a_dollar_and_a_formula_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('base = "en"\n[words]\n"optimum" = "$5 or $6"\n', encoding="utf-8")
    assert find_language(str(path)).text("optimum") == r"\$5 or \$6"


@pytest.mark.parametrize(
    ("text", "said"),
    [("a\nb", r"got '\\n' in"), ("a\tb", r"got '\\t'"), ("\x1b[31m", r"got '\\x1b'"), ("a\u2028b", "one line"),
     ("{n} points", "without values in braces; got {n} in"), ("{loss:.2}", "got {loss:.2}"),
     (3, "must be a text; got 3")],
)  # fmt: skip
def test_a_text_that_cannot_be_drawn_as_it_is_is_refused(text: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        scene().adjust(title=text)
    assert "\n" not in str(caught.value)


def test_braces_that_name_no_value_are_drawn() -> None:
    assert scene().adjust(title="The set {1, 2}").question == "The set {1, 2}"


@pytest.mark.parametrize(("text", "drawn"), [("{{n}} points", "{n} points"), ("{{", "{"), ("{{{{n}}}}", "{{n}}")])
def test_braces_that_are_written_twice_are_drawn_once(text: str, drawn: str) -> None:
    own = scene().adjust(title=text, caption=text)
    assert {drawn} <= {one.get_text() for one in own.still(0.0, size=(800, 450)).texts}
    assert own.question == drawn


def test_a_value_inside_braces_that_are_written_twice_is_refused() -> None:
    with pytest.raises(UsageError, match=r"got {n} in '{{{n}}}'"):
        scene().adjust(title="{{{n}}}")


def test_an_empty_title_leaves_its_line_out() -> None:
    with_title, without = (scene().adjust(title=title).still(0.0, size=(480, 270)) for title in ("T", ""))
    assert len(drawn_texts(without)[0]) == len(drawn_texts(with_title)[0]) - 1


@pytest.mark.parametrize("number", ["-1", "1.5", "x", ""])
def test_the_number_of_a_caption_is_a_whole_one(number: str) -> None:
    with pytest.raises(UsageError, match="the number of a caption must be a whole number from 1; got"):
        scene().adjust(caption={number: "Words."})  # type: ignore[dict-item]


@pytest.mark.parametrize("size", [(480, 270), (800, 450), (540, 960), (1080, 1080)])
def test_a_long_title_and_a_long_caption_are_broken_into_lines(size: tuple[int, int]) -> None:
    title = "How many steps of stochastic descent does it take until the line is right?"
    caption = "A caption that says much more than one line of a picture has room for, " * 2
    figure = scene().adjust(title=title, caption=caption.strip(", ")).still(0.0, size=size)
    assert faults(figure, size) == []
    assert len(lines_of(figure, "How many")) + len(lines_of(figure, "A caption")) > 2


def test_a_title_that_fits_is_drawn_at_its_full_size() -> None:
    [title] = [text for text in scene().still(0.0, size=(480, 270)).texts if text.get_text() == "Title"]
    assert title.get_fontsize() == Style(Settings(480, 270)).title_px


def test_a_title_a_little_too_long_shrinks_before_it_is_broken() -> None:
    figure = scene().adjust(title="How many steps of descent does it take here").still(0.0, size=(480, 270))
    [title] = [text for text in figure.texts if text.get_text().startswith("How")]
    assert "\n" not in title.get_text()
    assert Style(Settings(480, 270)).heading_px <= title.get_fontsize() < Style(Settings(480, 270)).title_px


@pytest.mark.parametrize(("size", "most"), [((480, 270), 2), ((540, 960), 3)])
def test_a_title_without_room_is_refused_with_its_width_and_the_room(size: tuple[int, int], most: int) -> None:
    with pytest.raises(
        UsageError, match=rf"title must have room in {most} lines; 'word .*' is \d+ px wide, and at .* \d+ px"
    ):
        scene().adjust(title="word " * 60).stage(Settings(*size))


def test_a_word_wider_than_the_picture_is_refused() -> None:
    with pytest.raises(UsageError, match="title must have room"):
        scene().adjust(title="w" * 200).stage(Settings(540, 960))


def test_a_script_without_spaces_is_broken_between_its_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Style, "text_width", lambda _, text, size_px, bold=False: len(text) * size_px)
    broken = Style(Settings()).wrap("学習率とは「何か」。答え", 10, 60)
    assert broken.split("\n") == ["学習率とは", "「何か」。答", "え"]


def test_a_space_between_thousands_breaks_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Style, "text_width", lambda _, text, size_px, bold=False: len(text) * size_px)
    assert Style(Settings()).wrap("after 1\u202f200 updates", 10, 90).split("\n") == ["after", "1\u202f200", "updates"]


def test_a_long_word_beside_the_counter_is_cut_and_named() -> None:
    with Language(texts={"update": "Aktualisierungsschritt der Optimierung"}).active():
        own = scene()
    assert faults(own.still(0.0, size=(480, 270)), (480, 270)) == []
    with pytest.warns(
        UserWarning, match=r"at 480x270 'Aktualisierungsschritt .*' is cut: it is \d+ px wide, and there are 144 px"
    ):
        check_texts(own, Settings(480, 270), are_own=True)


def test_a_long_heading_is_cut_before_its_neighbor() -> None:
    plots = [
        panels.Plot(marks.Points([[0, 0], [1, 1]]), title=f"A heading much too long for its panel {n}") for n in (1, 2)
    ]
    figure = scene(panels=plots).still(0.0, size=(480, 270))
    assert faults(figure, (480, 270)) == []
    assert sum(text.get_text().endswith("…") for text in figure.texts) == 2


COLUMN = [panels.Plot(marks.Text("first text", (0.3, 0.5)), marks.Text("second", (0.6, 0.5))) for _ in range(2)]


def test_a_size_at_which_texts_overlap_is_told_with_the_least_that_works() -> None:
    crowded = scene(panels=COLUMN)
    with pytest.warns(UserWarning, match="at 400x240 'first text' lies on 'second'; a size of this shape") as caught:
        check_texts(crowded, Settings(400, 240))
    width, height = map(int, str(caught[0].message).split()[-1].split("x"))
    assert width / height == pytest.approx(400 / 240, rel=0.02)
    check_texts(crowded, Settings(width, height))


def test_a_size_for_which_lessons_are_laid_out_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scene, "stage", lambda *_: pytest.fail("drawn"))
    for size in ((480, 270), (1920, 1080), (1080, 1080), (540, 960), (1080, 1920)):
        check_texts(scene(), resolve(size=size))


def test_own_words_on_each_other_are_named() -> None:
    both = [panels.Plot(marks.Text("one", (0.5, 0.5)), marks.Text("two", (0.5, 0.5)))]
    with pytest.warns(UserWarning, match="at 800x450 'one' lies on 'two'; give shorter words, or use a larger size"):
        check_texts(scene(panels=both), Settings(), are_own=True)


def test_a_caption_of_a_beat_is_replaced_letter_for_letter() -> None:
    told = scene(caption="", timeline=None, beats=[Beat("One."), Beat("Two.")]).adjust(caption={2: PRICE})
    assert [words for _, _, words in told.timed_captions()] == ["One.", r"From \$5 to \$10"]


def test_the_names_of_own_columns_stand_on_the_axes_of_the_smallest_picture(tmp_path: Path) -> None:
    path = tmp_path / "flats.csv"
    rows = ["floor area (m²);price (€)", "45,5;324.474,55", "60;401.000,00", "72,3;455.250,10", "95;640.000,00"]
    path.write_text("\n".join(rows), encoding="utf-8")
    for name in ("linear_online_sgd", "ridge_outliers", "robust_losses"):
        figure = load(name).build(data=path).still(0.0, size=(480, 270))
        assert {"floor area (m²)"} <= {axes.get_xlabel() for axes in figure.axes}
        assert {"price (€)"} <= {axes.get_ylabel() for axes in figure.axes}


def test_the_widest_text_of_a_readout_is_as_wide_as_any_in_billions() -> None:
    losses = np.geomspace(3.4e11, 2.3e8, 200)
    readout = Readout.of("loss", losses)

    def width(text: str) -> float:
        return float(TextPath((0, 0), text, size=10).get_extents().x1)

    assert width(readout.widest) > max(width(readout.text(update)) for update in range(200)) - 1
