"""Pages with sliders in a build: how settings ask for them, what makes them again, and how a mistake is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from animate.batch.build_settings import read_settings
from animate.batch.manifest import SceneEntry
from animate.batch.scene_build import scene_builds
from animate.batch.setting_keys import settings_schema
from animate.cli import commands
from animate.errors import UsageError

SIGNATURE = "seed: int = 3, noise: Annotated[float, Range(0.0, 10.0)] = 1.0"


@pytest.fixture
def toml(here: Path, write_scene: Any, small_scene: str) -> Any:
    """Return a function that writes the table of a scene with a seed into animate.toml."""
    write_scene(signature=SIGNATURE, body=small_scene.replace("rng=0", "rng=seed"))

    def write(table: str, top: str = 'formats = ["gif", "html"]') -> None:
        (here / "animate.toml").write_text(f"{top}\n[scene.lesson]\n{table}\n", encoding="utf-8")

    return write


def page_data(path: str = "output/lesson.html") -> dict[str, Any]:
    """Return what a page holds of its sliders and scenes."""
    text = Path(path).read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def digests(entry: SceneEntry) -> dict[str, str]:
    return {file.format: file.sha256 for file in entry.having("animation")}


@pytest.mark.parametrize(
    ("table", "texts"),
    [
        ('sweep.rate = "0.001:1:9:log"', ("rate=0.001:1:9:log",)),
        ("sweep.rate = [0, 0.5]\nsweep.kind = ['sgd', 'adam']", ("rate=0,0.5", "kind=sgd,adam")),
        ("sweep = {start = [[0, 1], [2.5, -3]]}", ("start=0,1;2.5,-3",)),
        ("sweep.start = '-2:2:5,-1:1:3'\nsweep.log = [true, false]", ("start=-2:2:5,-1:1:3", "log=True,False")),
    ],
)
def test_a_sweep_of_the_settings_is_that_of_the_option_in_the_order_of_the_file(
    toml: Any, table: str, texts: tuple[str, ...]
) -> None:
    toml(table)
    settings = read_settings().of("lesson")
    assert [settings.swept(format_) for format_ in settings.formats] == [(), texts]


def test_a_build_writes_a_page_with_sliders_that_begin_at_the_values_of_the_settings(toml: Any, build: Any) -> None:
    toml('set.seed = 2\nsweep.seed = "1:3:3"\nsweep.noise = [0, 2]')
    entry = build()["lesson"]
    assert (entry.verdict, [file.format for file in entry.having("animation")]) == ("built", ["gif", "html"])
    data = page_data()
    assert [(one["parameter"], one["values"]) for one in data["sweeps"]] == [
        ("seed", ["1", "2", "3"]),
        ("noise", ["0", "2"]),
    ]
    assert (len(data["clips"]), data["first"]) == (6, 2)  # seed 2, and of noise 0 and 2 the nearest to 1 that is first


def test_the_page_of_a_build_is_that_of_the_command(toml: Any, build: Any) -> None:
    toml('sweep.seed = "1:3:3"')
    build()
    options = ["--preset", "draft", "--fps", "5", "--sweep", "seed=1:3:3", "-o", "page.html"]
    assert CliRunner().invoke(commands, ["render", "lesson", *options]).exit_code == 0
    assert Path("page.html").read_bytes() == Path("output/lesson.html").read_bytes()


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("sweep.seed = [1, 4]", "sweep changed from seed=1,2 to seed=1,4"),
        ("sweep.noise = [0, 2]", "sweep changed from seed=1,2 to noise=0,2"),
        ("", "sweep changed from seed=1,2 to none"),
        ("sweep.seed = [1, 2]\nbudget = '5MB'", "budget changed from none to 5000000"),
    ],
)
def test_another_sweep_or_budget_makes_only_the_page_again_and_says_why(
    toml: Any, build: Any, table: str, reason: str
) -> None:
    toml("sweep.seed = [1, 2]")
    before = build()["lesson"]
    assert build()["lesson"].verdict == "cached"
    drawn: list[str] = []
    toml(table)
    entry = build(planned=lambda plan: drawn.extend(target.path for target in plan.stale))["lesson"]
    assert (entry.verdict, entry.why, drawn) == ("built", (reason,), ["lesson.html"])
    assert digests(entry)["gif"] == digests(before)["gif"]


def test_the_order_of_sliders_is_part_of_what_decides(toml: Any, build: Any) -> None:
    toml("sweep.seed = [1, 2]\nsweep.noise = [0, 2]")
    build()
    toml("sweep.noise = [0, 2]\nsweep.seed = [1, 2]")
    assert build()["lesson"].why == ("sweep changed from seed=1,2, noise=0,2 to noise=0,2, seed=1,2",)


def test_explain_says_that_the_sweep_changed(toml: Any, build: Any) -> None:
    toml("sweep.seed = [1, 2]")
    build()
    toml("sweep.seed = [1, 3]")
    done = CliRunner().invoke(commands, ["build", "--explain", "--preset", "draft", "--fps", "5"])
    assert (done.exit_code, done.stderr) == (0, "lesson: sweep changed from seed=1,2 to seed=1,3\n")
    assert "output/lesson.html  " in done.stdout


def test_a_page_of_a_sweep_is_a_task_of_its_own_with_any_number_of_jobs(toml: Any, build: Any) -> None:
    toml("sweep.seed = [1, 2]")
    alone = build()["lesson"]
    assert digests(build(output="two", jobs=2, executor="processes")["lesson"]) == digests(alone)


def test_a_shard_holds_the_page_of_its_scene(toml: Any, build: Any, write_scene: Any) -> None:
    write_scene("other")
    toml("sweep.seed = [1, 2]", top='formats = ["html"]')
    entries = {**build(shard="1/2", output="one"), **build(shard="2/2", output="two")}
    assert sorted(entries) == ["lesson", "other"]
    folder = next(one for one in ("one", "two") if Path(one, "lesson.html").exists())
    assert len(page_data(f"{folder}/lesson.html")["clips"]) == 2


@pytest.mark.parametrize("key", ["budget = {}", "max_size.html = {}"])
def test_a_budget_thins_the_slider_and_the_entry_says_so(toml: Any, build: Any, key: str) -> None:
    toml("sweep.seed = '1:5:5'", top='formats = ["html"]')
    [whole] = build()["lesson"].having("animation")
    toml("sweep.seed = '1:5:5'\n" + key.format(whole.bytes - 1), top='formats = ["html"]')
    [thin] = build()["lesson"].having("animation")
    assert thin.bytes < whole.bytes
    assert thin.compromises == ("2 of 5 values of seed",)


def test_variants_and_themes_have_pages_of_their_own(toml: Any, build: Any) -> None:
    toml("sweep.seed = [1, 2]\nvariants.quiet = {noise = 0}\nthemes = ['light', 'dark']", top='formats = ["html"]')
    paths = [file.path for entry in build().values() for file in entry.having("animation")]
    assert paths == ["lesson.html", "lesson-dark.html", "lesson-quiet.html", "lesson-quiet-dark.html"]
    assert [len(page_data(f"output/{path}")["clips"]) for path in paths] == [2, 2, 2, 2]


FORM = "low:high:count, low:high:count:log, a,b,c or, for a pair, low:high:count,low:high:count"
TABLE = (
    "animate.toml: [scene.lesson] sweep must be a table of parameters, each with a span such as "
    '"0.001:1:25:log" or a list of values such as [0, 0.9]; got '
)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("sweep = 'seed=1:3:3'", f"{TABLE}'seed=1:3:3'."),
        ("sweep = ['seed=1:3:3']", f"{TABLE}['seed=1:3:3']."),
        ("sweep = {}", f"{TABLE}{{}}."),
        ("sweep.seed = []", f"{TABLE}{{'seed': []}}."),
        ("sweep.seed = 3", f"{TABLE}{{'seed': 3}}."),
        ("sweep.seed = [1, 2]\nbudget = 'big'", "[scene.lesson] budget must be a number of bytes, such as 2MB,"),
        ("budget = '2MB'", "animate.toml: [scene.lesson] budget must stand with sweep; other files have max_size."),
        (
            "formats = ['gif', 'svg']\nsweep.seed = [1, 2]",
            "animate.toml: [scene.lesson] sweep makes a page: formats must have html; got gif, svg.",
        ),
        ("sweep.sead = [1, 2]", "animate.toml: scene lesson has no parameter 'sead'. Did you mean 'seed'?"),
    ],
)
def test_a_mistake_is_told_in_one_line_before_anything_is_drawn(toml: Any, table: str, told: str) -> None:
    toml(table)
    done = CliRunner().invoke(commands, ["build"])
    assert (done.exit_code, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert told in line
    assert not Path("output/lesson.gif").exists()


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("sweep.seed = '3:1:2'", "lesson: sweep of seed must go from low up to high in 2 to 50 values; got '3:1:2'."),
        ("sweep.seed = '1:3'", f"lesson: sweep of seed must be {FORM}; got '1:3'."),
        ("sweep.noise = '1:30:3'", "lesson: noise must be between 0 and 10; got 30."),
        ("sweep.seed = [1]", "lesson: sweep must have 2 to 50 different values; got 1 of seed."),
        ("sweep.seed = [1, 'x']", "lesson: seed must be a whole number; got 'x'."),
        ("sweep.seed = '1:50:50'\nsweep.noise = '0:5:11'", "lesson: sweep must give at most 500 combinations"),
    ],
)
def test_a_wrong_span_fails_the_scene_in_one_line(toml: Any, table: str, told: str) -> None:
    toml(table, top='formats = ["html"]')
    done = CliRunner().invoke(commands, ["build", "--preset", "draft"])
    assert (done.exit_code, done.stdout) == (2, "")
    first, last = done.stderr.splitlines()
    assert first.startswith(told)
    assert last == "error: 1 of 1 scene failed"


def test_a_budget_that_no_page_meets_says_the_least_and_names_the_page(toml: Any, build: Any) -> None:
    toml("sweep.seed = [1, 2]\nbudget = '1kB'", top='formats = ["html"]')
    assert re.fullmatch(
        r"budget must be at least [\d.]+ kB for lesson.html; got 1000 bytes", build()["lesson"].problem
    )


def test_a_format_of_the_command_without_a_page_leaves_the_sweep_out(toml: Any, build: Any) -> None:
    toml("sweep.seed = [1, 2]")
    assert [file.format for file in build(formats=["gif"])["lesson"].having("animation")] == ["gif"]


def test_a_sweep_above_the_scenes_is_told_where_it_must_stand(here: Path) -> None:
    (here / "animate.toml").write_text("sweep.seed = [1, 2]\n")
    with pytest.raises(UsageError, match=r"sweep must stand in \[scene.NAME\], not above\."):
        read_settings()


@pytest.mark.parametrize("wrong", ["seed=1:3:3", ["seed=1:3:3"], {}, {"seed": []}, {"seed": 3}])
def test_the_schema_refuses_what_is_no_table_of_sweeps(wrong: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"scene": {"a": {"sweep": wrong}}}, settings_schema())


def test_the_gallery_tells_which_parameters_are_chosen_in_the_page(toml: Any, build: Any) -> None:
    toml("sweep.seed = [1, 2]")
    build()
    page = Path("output/index.html").read_text(encoding="utf-8")
    rows = re.findall(r'<tr><th scope="row">(\w+)</th>(.*?)</tr>', page, re.DOTALL)
    assert [name for name, row in rows if "chosen in the page" in row] == ["seed"]


def test_a_slider_moves_in_the_gallery(toml: Any, build: Any, new_page: Any) -> None:
    toml("sweep.seed = [1, 2, 3]", top='formats = ["gif", "html"]')
    build()
    page = new_page()
    page.goto(Path("output/index.html").resolve().as_uri())
    page.click(".play")
    shown = page.frame_locator("iframe")
    shown.get_by_label("seed").fill("2")
    shown.locator("output", has_text="3").wait_for()


def test_a_scene_build_holds_its_sweep_in_the_page_alone(toml: Any) -> None:
    toml("sweep.seed = [1, 2]\nbudget = '2MB'")
    [scene] = scene_builds((), read_settings())
    assert {target.path: (target.sweep, target.max_bytes) for target in scene.targets} == {
        "lesson.gif": ((), None),
        "lesson.html": (("seed=1,2",), 2_000_000),
        "lesson-poster.png": ((), None),
        "lesson.vtt": ((), None),
    }
