"""Built-in texts in other words: each can be replaced, numbers follow a locale, and scenes do not mix."""

from __future__ import annotations

import ast
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import animate
from animate import Beat, Scene, Timeline, load, marks, panels, say
from animate.draw.formatting import formatted, linear_terms, number
from animate.draw.language import ENGLISH, Language, current_language, decimal_of_locale, translated
from animate.draw.language_file import built_in_texts, find_language
from animate.draw.legibility import drawn_texts
from animate.draw.panels.base import tick_labels
from animate.errors import UsageError

PACKAGE = Path(animate.__file__).parent
GERMAN = Language("de", ",", {"optimum": "Optimum"})
# functions whose text arguments are drawn
WRITERS = {"say", "translated", "pick", "fit", "alternatives", "Text", "EndText", "Readout", "still", "of", "_level"}


def written_texts(path: Path) -> Iterator[str]:
    """Yield the texts of a module that can be drawn: arguments of writers, and defaults of fields for texts."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        parts: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            parts = node.args if name in WRITERS else []
        elif isinstance(node, ast.AnnAssign) and "ResponsiveText" in ast.unparse(node.annotation) and node.value:
            parts = [node.value]
        for part in parts:
            if isinstance(part, ast.Constant | ast.Tuple | ast.IfExp | ast.Dict):
                found = [one for one in ast.walk(part) if isinstance(one, ast.Constant)]
                yield from (one.value for one in found if isinstance(one.value, str))


def write(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def scene(**fields: object) -> Scene:
    panel = panels.Plot(
        marks.Points([[0.0, 0.0], [1.0, 1.0]]), marks.Text("optimum", (0.5, 0.5)), title="Panel", x="update"
    )
    given = {"title": "Title", "caption": "Words.", "panels": [panel], "timeline": Timeline(2)}
    return Scene(**{**given, **fields})  # type: ignore[arg-type]


def texts(figure: object) -> set[str]:
    return {text.text for text in drawn_texts(figure)[0]}  # type: ignore[arg-type]


def test_every_text_that_the_library_draws_is_in_the_english_catalog() -> None:
    sources = [*(PACKAGE / "draw").rglob("*.py"), PACKAGE / "player_data.py"]
    found = {text for path in sources for text in written_texts(path)}
    is_word = {text for text in found if re.search("[^\\W\\d_]", re.sub(r"\{.*?\}|\$.*\$", "", text))}
    roles = {"ink", "muted", "center", "top", "first", "right", "left", "wrong", "axes", "data"}
    symbols = {"w", "b", "x", "y", "boundary {{}} {unit}", "{name} {number}"}
    assert is_word - set(built_in_texts()) - roles - symbols == set()


def test_the_english_catalog_says_what_the_library_writes() -> None:
    english = find_language("en")
    assert english.decimal == "."
    assert all(key == text for key, text in english.texts.items())


def test_german_has_every_text_and_a_decimal_comma() -> None:
    german = find_language("de")
    assert list(german.texts) == built_in_texts()
    assert (german.tag, german.decimal) == ("de", ",")


@pytest.mark.parametrize(
    "tag", ["de", "en", "fr", "de-CH", "es", "es-MX", "it-CH", "ja", "pt", "pl", "en-ZA", "hi", "he"]
)
def test_the_decimal_separator_of_a_locale_is_that_of_the_cldr(tag: str) -> None:
    locale = pytest.importorskip("babel").Locale  # comes with Sphinx
    assert decimal_of_locale(tag) == (tag, locale.parse(tag, sep="-").number_symbols["latn"]["decimal"])


def test_every_territory_of_the_cldr_is_known() -> None:
    data = pytest.importorskip("babel.localedata")  # comes with Sphinx
    parts = [name.split("_") for name in data.locale_identifiers()]
    tags = {f"en-{last}" for *_, last in parts if (len(last) < 4 and last.isupper()) or last.isdigit()}
    assert len(tags) > 200
    assert {decimal_of_locale(tag)[0] for tag in tags} == tags


@pytest.mark.parametrize(("locale", "nearest"), [("de_XX", "de"), ("en-UK", "en-GB"), ("es-999.UTF-8", "es")])
def test_a_territory_that_does_not_exist_is_refused_with_the_nearest_locale(locale: str, nearest: str) -> None:
    with pytest.raises(UsageError, match=f"locale must have a territory .*; got '{locale}'. Did you mean '{nearest}'"):
        decimal_of_locale(locale)


def test_a_locale_may_have_what_posix_adds() -> None:
    assert decimal_of_locale("de_AT.UTF-8@euro") == ("de-AT", ",")


@pytest.mark.parametrize("write_number", [lambda: number(1.25, 2), lambda: tick_labels([1.24, 1.25])[1],
                                          lambda: formatted(1.25, "g"), lambda: say("{x}", x=1.25),
                                          lambda: say("{x:.2}", x=1.25)])  # fmt: skip
def test_a_locale_changes_the_separator_wherever_a_number_is_written(write_number: object) -> None:
    assert write_number() == "1.25"  # type: ignore[operator]
    with GERMAN.active():
        assert write_number() == "1,25"  # type: ignore[operator]


def test_the_point_of_an_abbreviation_stays_a_point() -> None:
    with find_language("de").active():
        assert number(1.54e6, 2) == "1,54\u202fMio."
        assert say("It ends at {b}.", b=8.91e11) == "It ends at 891\u202fMrd."
        assert say("It ends at {b}, or later ...", b=8.91e11) == "It ends at 891\u202fMrd., or later ..."


def test_numbers_with_a_decimal_comma_are_not_separated_by_commas() -> None:
    with GERMAN.active():
        assert say("{x}", x=[1.5, 2.5]) == "1,50; 2,50"
        assert linear_terms([0.5, -0.25]) == "0,5000\u2009x \u2212 0,2500"


def test_a_scene_is_drawn_in_the_language_in_which_it_was_built() -> None:
    with GERMAN.active():
        german = scene()
    assert {"Optimum", "0,5"} <= texts(german.still(0.5, size=(480, 270)))
    assert {"optimum", "0.5"} <= texts(scene().still(0.5, size=(480, 270)))


def test_two_stages_of_two_languages_are_drawn_in_turn() -> None:
    def counting(language: Language) -> object:
        with language.active():
            panel = panels.Plot(marks.Points([[0, 0], [1, 1]]), readout=panels.Readout.of("loss", [2.5, 1.5, 0.5]))
            return scene(panels=[panel]).stage()

    german, english = counting(GERMAN), counting(ENGLISH)
    for stage, shown in ((german, "1,500"), (english, "1.500")):
        stage.show(5.0)  # type: ignore[attr-defined]
        assert any(text.get_text() == shown for text in stage.figure.texts)  # type: ignore[attr-defined]
    assert current_language() is ENGLISH


def test_a_stage_that_is_bound_to_another_scene_takes_its_language() -> None:
    stage = scene().stage()
    with GERMAN.active():
        other = scene()
    other.rebind(stage)
    assert any(text.get_text() == "Optimum" for axes in stage.figure.axes for text in axes.texts)


def test_a_thread_does_not_see_the_language_of_another() -> None:
    seen = []
    with GERMAN.active():
        thread = threading.Thread(target=lambda: seen.append(current_language()))
        thread.start()
        thread.join()
    assert seen == [ENGLISH]


def test_an_error_ends_a_language() -> None:
    with pytest.raises(ZeroDivisionError), GERMAN.active():
        _ = 1 / 0
    assert current_language() is ENGLISH


def test_sentences_of_a_scene_keep_their_numbers_and_conditions_in_other_words() -> None:
    with GERMAN.with_texts({"{n} points.": "{n} Punkte.", "Title": "Titel"}).active():
        other = scene(
            title="Title", caption="", timeline=None, beats=[Beat(say("{n} points.", n=60)), Beat(say("x", when=False))]
        )
    assert (other.title, other.timed_captions()[0][2]) == ("Titel", "60 Punkte.")


def test_a_long_text_that_is_translated_does_not_fall_back_to_a_short_english_one() -> None:
    panel = panels.Plot(marks.Points([[0, 0], [1, 1]]), title=("A heading", "Head"))
    long = "Eine Überschrift, die für ein kleines Bild viel zu lang ist, auch in einem breiten"
    with Language(texts={"A heading": long}).active():
        drawn = texts(scene(panels=[panel]).still(0.0, size=(480, 270)))
    assert "Head" not in drawn
    assert any(text.startswith("Eine Überschrift") for text in drawn)


def test_a_short_text_that_is_translated_is_taken_where_the_long_one_has_no_room() -> None:
    panel = panels.Plot(marks.Points([[0, 0], [1, 1]]), title=("A heading " * 20, "Head"))
    with Language(texts={"Head": "Kopf"}).active():
        assert "Kopf" in texts(scene(panels=[panel]).still(0.0, size=(480, 270)))


def test_a_longer_text_without_a_translation_stays_where_a_shorter_one_has_one() -> None:
    language = Language(texts={"Loss": "Verlust"})
    assert language.alternatives(("Loss at the end", "Loss")) == ("Loss at the end", "Verlust")


def test_alternatives_that_are_translated_again_stay() -> None:
    german = Language(texts={"MSE": "MSE", "error": "Fehler", "mean squared error": "MSE"})
    once = german.alternatives(("mean squared error", "error"))
    assert german.alternatives(once) == once == ("MSE", "Fehler")


def test_symbols_need_no_translation() -> None:
    assert Language(texts={"slope": "Steigung"}).alternatives(("slope", "w", "$w_{12}$", "{loss}", "gradient")) == (
        "Steigung", "w", "$w_{12}$", "{loss}",
    )  # fmt: skip


def test_the_alternatives_of_a_sentence_are_of_one_language() -> None:
    with Language(texts={"{n} points": "{n} Punkte"}).active():
        assert say("{n} points", "{n} pts", n=3) == ("3 Punkte",)
    assert say("{n} points", "{n} pts", n=3) == ("3 points", "3 pts")


def test_braces_that_are_written_twice_are_drawn_once(tmp_path: Path) -> None:
    path = write(tmp_path, 'base = "en"\n[words]\n"optimum" = "{{Ziel}}"\n"{n} of {total}" = "{{{n}}} von {total}"\n')
    with find_language(path).active():
        assert translated("optimum") == "{Ziel}"
        assert say("{n} of {total}", n=3, total=4) == "{3} von 4"
        assert say("optimum") == "{Ziel}"


def test_the_flagship_is_german_where_the_library_writes(tmp_path: Path) -> None:
    with find_language("de").active():
        flagship = load("linear_sgd_vs_batch").build(n_updates=30)
    drawn = " ".join(texts(flagship.still(0.5, size=(800, 450))))
    assert all(word in drawn for word in ("Schritt", "Gradienten", "dieser Schritt", "Steigung", ","))
    assert not any(word in drawn for word in ("update", "optimum", "gradients", "slope"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('base = "en"\n[words]\n"optimun" = "Ziel"', "must be built-in texts; got 'optimun'. Did you mean 'optimum'?"),
        ('[words]\n"optimum" = "Ziel"', "must have every built-in text, .*; 'update' and .* others are missing"),
        ('base = "en"\n[words]\n"boundary {place}" = "Grenze {m}"', r"'boundary {place}' in .* {place}; got {m}"),
        ('base = "en"\n[words]\n"boundary {place}" = "Grenze"', "must name every value .*; {place} is missing"),
        ('base = "en"\n[words]\n"{n} of {total}" = "{n von {total}"', "must have a name in each pair of braces"),
        ('base = "en"\n[words]\n"{n} of {total}" = "{n:zz} von {total}"', "{n}: a form must be such as .*; got 'zz'"),
        ('base = "en"\n[words]\n"{n} of {total}" = "{n:a|b|c} von {total}"', "a form with . must have two words"),
        ('base = "en"\n[words]\n"optimum" = 3', "must be a text; got 3"),
        ('base = "xx"', "base in .* must be one of de, en; got 'xx'"),
        ('bsae = "en"', "got 'bsae'. Did you mean 'base'?"),
        ('locale = "dee"\nbase = "en"', "mine.toml: locale must be a language .*; got 'dee'"),
        ('base = "en"\n[words]\n"optimum" = "a\\nb"', "'optimum' in .* must be one line, .*; got '\\\\n' in 'a"),
        ('base = "de"\nlocale = 3', "^locale in .*mine.toml must be a text; got 3"),
        ('base = "de"\n"update" = "x"', "got 'update'. Texts stand below .words.\\."),
        ("words = 3", "must be a table of texts"),
        ("words", "must be a TOML file"),
        ('base = "en"\n[words]\n"{n} of {total}" = "{n:.x} {total}"', "{n}: a form must be such as .*; got '.x'"),
    ],
)  # fmt: skip
def test_a_wrong_catalog_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        find_language(write(tmp_path, text))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("locale", "decimal"), [("", ","), ('locale = "de-CH"\n', ".")])
def test_a_file_writes_numbers_as_its_base_does_unless_it_says_otherwise(
    tmp_path: Path, locale: str, decimal: str
) -> None:
    assert find_language(write(tmp_path, f'{locale}base = "de"\n')).decimal == decimal


@pytest.mark.parametrize(
    ("words", "locale", "said"),
    [
        ("dde", None, "words must be one of de, en, or a FILE.toml; got 'dde'. Did you mean 'de'?"),
        ("none.toml", None, "words must be a file that can be read; there is none at 'none.toml'."),
        (None, "klingon", "locale must be a language such as de, or de-CH; got 'klingon'."),
    ],
)
def test_a_language_that_does_not_exist_is_named(words: str | None, locale: str | None, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_language(words, locale)
    assert str(caught.value).startswith(said)


def test_a_locale_wins_over_that_of_the_words(tmp_path: Path) -> None:
    assert find_language("de", "de-CH").decimal == "."
    assert find_language(None, "fr").decimal == ","


def test_a_file_with_a_base_changes_single_texts(tmp_path: Path) -> None:
    language = find_language(write(tmp_path, 'base = "de"\nlocale = "de"\n[words]\n"optimum" = "Tiefpunkt"\n'))
    assert (language.text("optimum"), language.text("update")) == ("Tiefpunkt", "Schritt")
