"""Data flows one way: a layer imports only from the layers before it, read from the sources."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import animate
from animate._lazy import stub_names

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "animate"

# from first to last; a module imports from its own layer and from those before it
LAYERS = ("_lazy", "errors", "interrupts", "atomic_files", "processes", "replay", "learn", "draw", "web", "vector")
LAYERS += ("film", "player_data", "export", "page_export", "scene", "library", "batch", "installation", "studio")
LAYERS += ("script_animations",)
LAYERS += ("animation_player", "notebook_controls", "notebook", "gallery_scraper", "sphinx", "cli")
# which layers may import a package from outside; numpy is for all
OUTSIDE = {
    "IPython": {"notebook", "notebook_controls"},
    "ipywidgets": {"notebook_controls"},
    "click": {"cli"},
    "contourpy": {"draw"},
    "docutils": {"sphinx"},
    "sphinx": {"sphinx"},
    "distributed": {"batch"},
    "imageio": {"film", "export"},
    "imageio_ffmpeg": {"film", "installation"},
    "filelock": {"batch"},
    "jinja2": {"web"},
    "markupsafe": {"web"},
    "matplotlib": {"replay", "draw", "web", "vector", "film", "export", "scene", "installation"}
    | {"script_animations", "animation_player", "notebook", "gallery_scraper"},
    "msgspec": {"batch"},
    "openpyxl": {"library"},
    "mpl_toolkits": {"draw"},
    "numpy": set(LAYERS),
    "PIL": {"draw", "vector", "film", "notebook"},
    "starlette": {"studio"},
    "uvicorn": {"studio"},
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE / "scenes")
PUBLIC = stub_names(animate.__file__)
SCENES = sorted((ROOT / "scenes").glob("*.py"))


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_modules(path: Path) -> Iterator[str]:
    """Yield the full name of each module that is imported, at the top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            if node.module == "animate":
                yield from (PUBLIC.get(alias.name, "animate") + f".{alias.name}" for alias in node.names)
            else:
                yield str(node.module)


def module_id(path: Path) -> str:
    return str(path.relative_to(ROOT))


LAYERED = [path for path in MODULES if layer_of(path) not in ("__init__", "__main__", "_hook")]


@pytest.mark.parametrize("path", LAYERED, ids=module_id)
def test_a_module_imports_only_from_its_own_and_earlier_layers(path: Path) -> None:
    own = LAYERS.index(layer_of(path))
    names = (name.split(".")[1] for name in imported_modules(path) if name.startswith("animate."))
    later = [name for name in names if name != "__version__" and LAYERS.index(name) > own]
    assert later == []


@pytest.mark.parametrize("path", LAYERED, ids=module_id)
def test_a_module_imports_only_the_packages_of_its_layer(path: Path) -> None:
    tops = {name.partition(".")[0] for name in imported_modules(path)} - sys.stdlib_module_names - {"animate"}
    assert [name for name in sorted(tops) if layer_of(path) not in OUTSIDE.get(name, ())] == []


@pytest.mark.parametrize("path", [path for path in MODULES if layer_of(path) == "learn"], ids=module_id)
def test_the_mathematics_imports_numpy_only(path: Path) -> None:
    tops = {name.partition(".")[0] for name in imported_modules(path)} - sys.stdlib_module_names
    assert tops <= {"numpy", "animate"}


@pytest.mark.parametrize("path", [path for path in MODULES if layer_of(path) == "replay"], ids=module_id)
def test_replay_stands_on_numpy_and_matplotlib_alone(path: Path) -> None:
    others = {name.partition(".")[0] for name in imported_modules(path) if not name.startswith("animate.replay.")}
    assert others - sys.stdlib_module_names <= {"matplotlib", "mpl_toolkits", "numpy"}


@pytest.mark.parametrize("path", [*MODULES, *SCENES], ids=module_id)
def test_no_module_uses_pyplot_or_changes_rcparams(path: Path) -> None:
    assert not any("pyplot" in name or "pylab" in name for name in imported_modules(path))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        targets = node.targets if isinstance(node, ast.Assign) else []
        written = [ast.unparse(target.value) for target in targets if isinstance(target, ast.Subscript)]
        called = [ast.unparse(node.func)] if isinstance(node, ast.Call) else []
        assert not any(text.endswith("rcParams") for text in written)
        assert not any(text.endswith(("rcParams.update", "matplotlib.rc", "rcdefaults")) for text in called)


@pytest.mark.parametrize("path", SCENES, ids=module_id)
def test_a_scene_imports_only_python_numpy_and_animate(path: Path) -> None:
    tops = {name.partition(".")[0] for name in imported_modules(path)} - sys.stdlib_module_names
    assert tops <= {"animate", "numpy"}


@pytest.mark.parametrize("path", SCENES, ids=module_id)
def test_a_scene_imports_only_public_names_and_the_mathematics(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [module for module in modules if module.startswith("animate.")]
    assert [module for module in ours if not module.startswith("animate.learn")] == []


@pytest.mark.parametrize("stub", sorted(PACKAGE.rglob("__init__.pyi")), ids=module_id)
def test_no_name_that_loads_on_first_use_is_hidden_by_a_module_once_that_is_imported(stub: Path) -> None:
    package = ".".join(stub.parent.relative_to(ROOT).parts)
    names = stub_names(str(stub.with_suffix(".py")))
    modules = {path.stem for path in stub.parent.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert [name for name in names if name in modules and names[name] != package] == []


def test_no_module_has_more_than_400_lines() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert [str(path) for path, length in lengths.items() if length > 400] == []


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_a_function_of_more_than_50_lines_says_why_in_a_comment_above_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [one for one in functions if one.end_lineno and one.end_lineno - one.lineno >= 50]
    above = {one.name: text.splitlines()[min(node.lineno for node in (one, *one.decorator_list)) - 2] for one in long}
    assert [name for name, line in above.items() if not re.match(r" *# long: \w", line)] == []


def test_the_documentation_lists_the_layers_in_their_order() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    firsts = re.findall(r"^\| (`[^|]*`) \|", text, re.MULTILINE)
    listed = re.findall(r"`(\w+)`", " ".join(firsts))
    assert listed == [layer for layer in LAYERS if not layer.startswith("_")]
