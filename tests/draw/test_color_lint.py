"""The lint of a theme names every fault, and its suggestions, taken together, pass it."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from animate.draw.color_lint import LEAST_CONTRAST, RUNS, confusable_colors, remedy, suggested_colors
from animate.draw.color_vision import difference
from animate.draw.theme import DARK, LIGHT, THEMES, Theme, contrast
from animate.draw.theme_file import theme_of
from animate.errors import UsageError

EARLIER = replace(
    LIGHT, first="#b45309", second="#0f7b6c", third="#6d28d9", fourth="#1d5fb4", fifth="#b0246f", sixth="#5b6b16",
    class_a="#3f6296", class_b="#6d28d9", right="#15803d", wrong="#c22745",
)  # fmt: skip
BRAND = {"first": "#e30613", "second": "#009640", "third": "#0069b4", "fourth": "#f9b000", "fifth": "#951b81"}


def random_entries(seed: int) -> dict[str, Any]:
    """Return the keys of a theme's file with colors by chance, a third of them with a background and a surface."""
    rng = random.Random(seed)

    def color() -> str:
        return f"#{rng.randrange(1 << 24):06x}"

    roles = rng.sample([*LEAST_CONTRAST], rng.randrange(1, 16))
    entries: dict[str, Any] = {role: color() for role in roles} | {"base": rng.choice([*THEMES])}
    if seed % 3 == 0:
        entries |= {"background": color(), "surface": [color(), color(), color()]}
    return entries


def theme_named(entries: dict[str, Any]) -> Theme:
    given = {key: tuple(value) if key == "surface" else value for key, value in entries.items() if key != "base"}
    return replace(THEMES[entries.get("base", "light")], **given)


def written(message: str) -> dict[str, Any]:
    """Return the keys that a message tells to write."""
    told = re.search(r"Write (.*?)(?:: together they pass)?\.$", message)
    assert told is not None, message
    return tomllib.loads(re.sub(r", (?=\w+ = )", "\n", told[1]))


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_themes_of_the_package_pass(theme: Theme) -> None:
    assert list(confusable_colors(theme)) == []
    assert suggested_colors(theme) == {}


def test_an_earlier_palette_was_not_for_everyone() -> None:
    found = list(confusable_colors(EARLIER))
    assert any(line.startswith("right and wrong differ by 2.9 under deuteranopia") for line in found)
    assert any(line.startswith("second and fifth differ by 0.7 under deuteranopia") for line in found)


def test_a_faint_color_is_named_with_its_contrast() -> None:
    line, told = confusable_colors(replace(LIGHT, muted="#aaaaaa"))
    assert line == "muted has a contrast of 2.32:1 to the background, less than 4.5:1."
    assert set(written(told)) == {"muted"}


def test_a_color_just_below_the_limit_is_not_said_to_be_at_it() -> None:
    colors = (f"#{gray:02x}{gray:02x}{blue:02x}" for gray in range(0x70, 0x80) for blue in range(0x60, 0x90))
    color = next(color for color in colors if 4.495 < contrast(color, "#ffffff") < 4.5)
    line, *_ = confusable_colors(replace(LIGHT, muted=color))
    assert 4.49 < float(line.split(":1")[0].split()[-1]) < 4.5


def test_lines_of_axes_that_nobody_sees_are_named() -> None:
    line, told = confusable_colors(replace(LIGHT, rule="#f8f8f8"))
    assert line == "rule has a contrast of 1.06:1 to the background, less than 1.25:1."
    assert 1.25 <= contrast(written(told)["rule"], LIGHT.background) < 1.4


def test_a_surface_on_which_its_texts_cannot_be_read_is_named_with_one_that_passes() -> None:
    theme = replace(LIGHT, surface=("#ffffff", "#9aa7b4", "#46545f"))
    lines = [*confusable_colors(theme)]
    assert "surface: ink has a contrast of 1.89:1 to #46545f, less than 4.5:1." in lines
    passing = replace(theme, **suggested_colors(theme))
    assert passing.ink == LIGHT.ink
    assert min(contrast(passing.ink, color) for color in passing.surface) >= 4.5


def test_a_surface_in_the_color_of_a_path_is_named() -> None:
    theme = replace(LIGHT, surface=("#ffffff", "#c9d9e6", LIGHT.second))
    assert any(
        line.startswith(f"surface: {LIGHT.second} differs from second by 0.0") for line in confusable_colors(theme)
    )


@pytest.mark.parametrize("seed", range(4))
def test_suggested_colors_pass_in_one_round_whatever_colors_a_brand_has(seed: int) -> None:
    theme = theme_named(random_entries(seed))
    assert list(confusable_colors(replace(theme, **suggested_colors(theme)))) == []


@pytest.mark.parametrize("seed", range(4, 7))
def test_a_file_that_is_refused_is_taken_and_passes_with_what_the_message_tells_to_write(seed: int) -> None:
    entries = random_entries(seed)
    entries["ink"] = entries.get("background", THEMES[entries["base"]].background)
    with pytest.raises(UsageError) as caught:
        theme_of(entries, "brand", "brand.toml", Path())
    entries |= written(str(caught.value))
    assert list(confusable_colors(theme_of(entries, "brand", "brand.toml", Path()))) == []


def test_colors_of_a_brand_stay_where_those_of_the_package_can_make_room() -> None:
    theme = replace(LIGHT, first="#7a1f5c")  # near the built-in fifth
    assert "first" not in suggested_colors(theme)
    assert "fifth" in suggested_colors(theme)


def test_only_faint_colors_change_where_the_others_pass() -> None:
    assert set(suggested_colors(replace(LIGHT, first="#ffcc00"))) == {"first"}


def test_every_faint_color_is_named_at_once() -> None:
    faint = {role for role, color in BRAND.items() if contrast(color, "#ffffff") < 4.5}
    with pytest.raises(UsageError) as caught:
        theme_of(BRAND, "brand", "brand.toml", Path())
    named = str(caught.value).partition(" in ")[0].split(", ")
    assert set(named) == faint == {"second", "fourth"}


def test_a_changed_background_blames_no_color_that_is_not_set() -> None:
    with pytest.raises(UsageError) as caught:
        theme_of({"background": "#eeeeee"}, "brand", "brand.toml", Path())
    message = str(caught.value)
    assert message.startswith(
        "The built-in colors of second, third, sixth, class_b, right, error must have a contrast of"
    )
    assert "in brand.toml that is #eeeeee" in message
    assert "The built-in color of rule must" in message
    assert {"second", "rule"} <= set(written(message))


def test_a_dark_background_is_told_to_have_the_dark_base() -> None:
    with pytest.raises(UsageError, match=r"built-in colors of all texts and marks .*#101820") as caught:
        theme_of({"background": "#101820"}, "brand", "brand.toml", Path())
    assert written(str(caught.value)) == {"base": "dark"}


def test_a_gray_on_which_too_few_colors_can_be_read_is_told_another_background() -> None:
    theme = replace(LIGHT, background="#777777")
    found = suggested_colors(theme)
    assert found["background"] != "#777777"
    assert list(confusable_colors(replace(theme, **found))) == []


def test_runs_that_are_suggested_differ_on_a_colored_background() -> None:
    theme = replace(DARK, background="#003366")
    theme = replace(theme, **suggested_colors(theme))
    pairs = [(one, other) for one in RUNS[:4] for other in RUNS[:4] if one < other]
    least = min(difference(theme.color(one), theme.color(other), seen) for one, other in pairs
                for seen in ("", "protanopia", "deuteranopia", "tritanopia"))  # fmt: skip
    assert least >= 15
    assert np.isfinite(least)


def test_a_remedy_can_be_pasted_into_a_file() -> None:
    found = {"first": "#112233", "surface": ("#111111", "#222222", "#333333")}
    assert written(remedy(found)) == {"first": "#112233", "surface": ["#111111", "#222222", "#333333"]}


def test_the_brands_of_the_documentation_pass() -> None:
    page = (Path(__file__).parents[2] / "docs/shapes.md").read_text(encoding="utf-8")
    brands = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", page, re.DOTALL)]
    brands = [brand.get("theme", {}).get("ours", brand) for brand in brands]
    themes = [
        replace(THEMES[brand["base"]], **{role: value for role, value in brand.items() if str(value).startswith("#")})
        for brand in brands
        if "base" in brand
    ]
    assert len(themes) >= 2
    assert [words for theme in themes for words in confusable_colors(theme)] == []
