"""Scene scripts are loaded and built with checked values; their mistakes are told with file and line."""

from __future__ import annotations

import importlib
import pickle
import random
import sys
from pathlib import Path
from typing import Any

import pytest

import animate
from animate.errors import DataError, SceneError, UsageError
from animate.library.script import SceneScript, load
from animate.scene import Scene

# returns what build received, as an attribute of the panel, so that tests can see it
ECHO = (
    "echo = type('Echo', (panels.Panel,), {'received': dict(locals())}); "
    "return Scene(title='', caption='', panels=[echo()], timeline=Timeline(1))"
)


def received(scene: Scene) -> dict[str, Any]:
    (panel,) = scene.panels
    found: dict[str, Any] = panel.received  # type: ignore[union-attr]
    return found


@pytest.fixture
def script(write_scene: Any) -> SceneScript:
    write_scene(
        signature="rate: Annotated[float, Range(0, 1)] = 0.1, seed: int = 3, data: Table | None = None",
        body=ECHO,
    )
    return load("lesson")


def test_animate_load_is_this_load() -> None:
    assert animate.load is load


def test_a_script_says_its_name_question_and_description(write_scene: Any) -> None:
    path = write_scene(question="Why?\n\nBecause.\n")
    script = load("lesson")
    assert (script.name, script.path, script.question, script.description) == (
        "lesson",
        path,
        "Why?",
        "Because.",
    )


def test_build_without_values_uses_the_defaults(script: SceneScript) -> None:
    assert received(script.build()) == {"rate": 0.1, "seed": 3, "data": None}


def test_build_receives_checked_values(script: SceneScript) -> None:
    assert received(script.build(rate=1, seed=0)) == {"rate": 1.0, "seed": 0, "data": None}


def test_an_unknown_parameter_is_told_with_the_nearest(script: SceneScript) -> None:
    with pytest.raises(UsageError, match=r"scene lesson has no parameter 'rat'\. Did you mean 'rate'\?"):
        script.build(rat=0.1)


def test_an_unknown_parameter_like_no_other_is_told_with_all(script: SceneScript) -> None:
    with pytest.raises(UsageError, match=r"no parameter 'momentum'\. It has rate, seed, data\."):
        script.build(momentum=0.1)


def test_a_value_out_of_range_is_refused(script: SceneScript) -> None:
    with pytest.raises(UsageError, match="rate must be between 0 and 1; got 2"):
        script.build(rate=2)


def test_texts_become_values(script: SceneScript) -> None:
    assert script.values({"rate": "0.5", "seed": "7"}) == {"rate": 0.5, "seed": 7}


def test_a_file_becomes_the_data(script: SceneScript) -> None:
    Path("own.csv").write_text("a,b,c\n1,2,3\n4,5,6\n")
    values = script.values({}, data="own.csv", columns=["c", "a"])
    assert tuple(values["data"].names) == ("c", "a")


def test_columns_without_data_are_refused(script: SceneScript) -> None:
    with pytest.raises(UsageError, match="give the file with --data FILE"):
        script.values({}, columns=["a"])


def test_data_for_a_scene_that_takes_none_is_refused(write_scene: Any) -> None:
    write_scene(signature="seed: int = 3", body=ECHO)
    with pytest.raises(UsageError, match="scene lesson takes no data of yours"):
        load("lesson").values({}, data="own.csv")


def test_annotations_may_be_written_as_texts(write_scene: Any) -> None:
    write_scene(
        text='"""Why?"""\nfrom __future__ import annotations\nfrom animate import Table\n'
        "def build(rate: float = 0.1, data: Table | None = None): ..."
    )
    assert [parameter.kind for parameter in load("lesson").parameters] == ["float", "data"]


def test_a_dataclass_in_a_script_works(write_scene: Any) -> None:
    write_scene(
        text='"""Why?"""\nfrom __future__ import annotations\nfrom dataclasses import dataclass\n'
        "@dataclass\nclass Point:\n    x: float\n\ndef build(): ..."
    )
    load("lesson")


def test_a_local_module_is_importable_while_loading_and_while_building(write_scene: Any) -> None:
    write_scene("first_helper", text="VALUE = 1")
    write_scene("second_helper", text="VALUE = 2")
    write_scene(body=f"import second_helper as two\nimport first_helper as one\nseen = one.VALUE, two.VALUE\n{ECHO}")
    scene = load("lesson").build()
    assert received(scene)["seen"] == (1, 2)


def test_helpers_of_the_same_name_in_two_folders_do_not_mix(write_scene: Any) -> None:
    scripts = []
    for folder in ("one", "two"):
        write_scene("helper", folder=folder, text=f"NAME = {folder!r}")
        path = write_scene("lesson", folder=folder, body=f"import helper\nname = helper.NAME\n{ECHO}")
        scripts.append(load(path))
    assert [received(script.build())["name"] for script in scripts] == ["one", "two"]


def test_loading_leaves_no_trace_on_the_import_system(write_scene: Any) -> None:
    write_scene("helper", text="VALUE = 1")
    write_scene(body=f"import helper\n{ECHO}")
    before = list(sys.path), list(sys.meta_path)
    load("lesson").build()
    assert (sys.path, sys.meta_path) == before
    assert "helper" not in sys.modules


def test_loading_again_sees_a_changed_script_and_a_changed_helper(write_scene: Any) -> None:
    for value in (1, 2):
        write_scene("helper", text=f"VALUE = {value}")
        write_scene(question=f"Is it {value}?", body=f"import helper\nvalue = helper.VALUE\n{ECHO}")
        script = load("lesson")
        assert script.question == f"Is it {value}?"
        assert received(script.build())["value"] == value


def test_a_local_package_and_its_modules_work(write_scene: Any) -> None:
    write_scene("__init__", folder="scenes/shared", text="from shared.numbers import VALUE")
    write_scene("numbers", folder="scenes/shared", text="VALUE = 1")
    write_scene(body=f"from shared import VALUE\n{ECHO}")
    assert received(load("lesson").build())["VALUE"] == 1


def test_a_scene_named_like_a_module_of_python_hides_it_from_nobody(write_scene: Any) -> None:
    write_scene("colorsys", text="raise SystemExit")
    write_scene(body=f"import colorsys\nred = colorsys.hsv_to_rgb(0, 1, 1)\n{ECHO}")
    assert received(load("lesson").build())["red"] == (1, 0, 0)


def test_scripts_of_one_name_in_two_folders_are_two_modules(write_scene: Any) -> None:
    classes = "@dataclass\nclass Point:\n    x: float = {x}\n\ndef build(): ...\nPOINT = Point()\n"
    head = '"""Why?"""\nfrom __future__ import annotations\nfrom dataclasses import dataclass\n'
    scripts = [
        load(write_scene("lesson", folder=folder, text=head + classes.format(x=x)))
        for folder, x in (("one", 1.0), ("two", 2.0))
    ]
    points = [script._build.__globals__["POINT"] for script in scripts]
    assert [pickle.loads(pickle.dumps(point)) for point in points] == points
    assert [sys.modules[type(point).__module__].POINT.x for point in points] == [1.0, 2.0]


@pytest.mark.parametrize("name", ["random", "statistics", "numpy", "click", "animate"])
def test_a_scene_named_like_another_module_takes_nobodys_place(write_scene: Any, name: str) -> None:
    before = importlib.import_module(name)
    path = write_scene(name, body=f"import random\nvalue = random.Random(1).random()\n{ECHO}")
    assert received(load(path).build())["value"] == random.Random(1).random()
    assert importlib.import_module(name) is before


def test_loading_a_changed_script_again_replaces_its_module_only(write_scene: Any) -> None:
    other = load(write_scene("lesson", folder="other", text='"""Why?"""\nVALUE = 0\ndef build(): ...'))
    names = set()
    for value in (1, 2):
        path = write_scene("lesson", text=f'"""Why?"""\nVALUE = {value}\ndef build(): ...')
        module = sys.modules[load(path)._build.__module__]
        assert value == module.VALUE
        names.add(module.__name__)
    assert len(names) == 1
    assert sys.modules[other._build.__module__].VALUE == 0


def test_a_loaded_script_adds_one_module_of_its_own_prefix(write_scene: Any) -> None:
    write_scene("helper", text="VALUE = 1")
    write_scene("unheard_of", body=f"import helper\n{ECHO}")
    before = set(sys.modules)
    load("unheard_of").build()
    [added] = [name for name in set(sys.modules) - before if not name.startswith(("animate.", "numpy.", "matplotlib."))]
    assert added.startswith("animate_scene_unheard_of_")


def test_no_compiled_file_is_left_beside_a_script(write_scene: Any) -> None:
    write_scene("helper", text="VALUE = 1")
    write_scene(body=f"import helper\n{ECHO}")
    load("lesson").build()
    assert sorted(path.name for path in Path("scenes").iterdir()) == ["helper.py", "lesson.py"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('"""Why?"""\ndef build(:\n', r"^scenes/lesson\.py:2: invalid syntax$"),
        ('"""Why?"""\nx = 1\n', r"^scenes/lesson\.py defines no function build, so it is not a scene$"),
        ("def build(): ...\n", r"^scenes/lesson\.py:1: the script must begin with a docstring"),
        ('"""Why?"""\nbuild = 3\n', r"^scenes/lesson\.py: build must be a function$"),
        ('"""Why?"""\n\ndef build(x): ...\n', r"^scenes/lesson\.py:3: parameter x of build must have a type"),
        (
            '"""Why?"""\n\n1 / 0\ndef build(): ...\n',
            r"^scenes/lesson\.py:3: .*ZeroDivisionError: division by zero$",
        ),
        (
            '"""Why?"""\nimport nowhere\ndef build(): ...\n',
            r"^scenes/lesson\.py:2: .*No module named 'nowhere'$",
        ),
        (
            '"""Why?"""\nraise SystemExit("no")\ndef build(): ...\n',
            r"^scenes/lesson\.py:2: .*SystemExit: no$",
        ),
        ('"""Why?"""\nimport broken\ndef build(): ...\n', r"^scenes/broken\.py:2: invalid syntax$"),
        ('"""Why?"""\nimport failing\ndef build(): ...\n', r"^scenes/failing\.py:2: .*KeyError: 'key'$"),
    ],
)
def test_a_script_that_cannot_be_loaded_is_told_with_file_and_line(write_scene: Any, text: str, message: str) -> None:
    write_scene("broken", text="x = 1\ny = (:\n")
    write_scene("failing", text="\n{}['key']\n")
    write_scene(text=text)
    with pytest.raises(SceneError, match=message):
        load("lesson")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "x = 1\nraise ValueError('too many')",
            r"^scenes/lesson\.py:\d+: build failed: ValueError: too many$",
        ),
        ("return 3", r"^scenes/lesson\.py:\d+: build must return an animate\.Scene; got int$"),
        ("x = 1", r"^scenes/lesson\.py:\d+: build must return an animate\.Scene; got NoneType$"),
        ("import sys; sys.exit()", r"^scenes/lesson\.py:\d+: build failed: SystemExit$"),
        ("import failing", r"^scenes/failing\.py:2: build failed: KeyError: 'key'$"),
        ("descend(None, None, None, -1)", r"^scenes/lesson\.py:8: build failed: "),
    ],
)
def test_a_build_that_fails_is_told_with_file_and_line(write_scene: Any, body: str, message: str) -> None:
    write_scene("failing", text="\n{}['key']\n")
    write_scene(body=body)
    with pytest.raises(SceneError, match=message):
        load("lesson").build()


def test_an_error_about_the_users_data_passes_through_build_unchanged(write_scene: Any) -> None:
    write_scene(body="from animate.errors import DataError\nraise DataError('own.csv: one row only')")
    with pytest.raises(DataError, match=r"^own\.csv: one row only$"):
        load("lesson").build()


def test_an_interrupt_passes_through_build(write_scene: Any) -> None:
    write_scene(body="raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        load("lesson").build()


def test_names_with_spaces_and_other_letters_work(write_scene: Any) -> None:
    path = write_scene("größe", folder="my scenes", body=ECHO)
    assert received(load(path).build()) == {}


def test_a_mistake_while_drawing_is_told_with_file_and_line(write_scene: Any) -> None:
    write_scene(
        body="echo = type('Echo', (panels.Panel,), {'received': lambda self: 1 / 0}); "
        "return Scene(title='', caption='', panels=[echo()], timeline=Timeline(1))"
    )
    script = load("lesson")
    draw: Any = received(script.build())
    with pytest.raises(SceneError, match=r"^scenes/lesson\.py:8: drawing failed: ZeroDivisionError"), script.running():
        draw()


def test_a_mistake_of_ours_while_drawing_is_not_blamed_on_the_script(write_scene: Any) -> None:
    write_scene(body=ECHO)
    script = load("lesson")
    with pytest.raises(ZeroDivisionError), script.running():
        1 / 0  # noqa: B018
