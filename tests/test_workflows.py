"""The workflows of continuous integration, ours and the one in the documentation, are well formed and name commands."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

import animate
from animate.batch.build_settings import read_settings
from animate.cli import commands

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
WORKFLOWS = {
    **{path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))},
    "docs/ci.md": next(iter(re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE))),
}


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in yaml.safe_load(WORKFLOWS[name])["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_each_step_runs_or_uses_something(name: str) -> None:
    assert all(("run" in step) != ("uses" in step) for step in steps(name))


@pytest.mark.parametrize("name", WORKFLOWS)
def test_each_action_is_of_a_stated_version(name: str) -> None:
    used = [step["uses"] for step in steps(name) if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z/-]+@v\d+|pypa/gh-action-pypi-publish@release/v1", one) for one in used)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_each_command_of_ours_is_parsed(name: str, here: Path) -> None:
    lines = [re.sub(r"\$\{\{.*?\}\}", "1", step["run"]) for step in steps(name) if "run" in step]
    own = [shlex.split(line)[1:] for line in lines if line.startswith("animate ")]
    assert own
    context = click.Context(commands)
    for command, *args in own:
        found = commands.get_command(context, command)
        assert found is not None
        found.make_context(command, args)


@pytest.mark.parametrize("name", sorted(set(WORKFLOWS) - {"release.yml"}))
def test_what_was_built_is_restored_and_kept_under_one_name(name: str) -> None:
    caches = [step["with"] for step in steps(name) if step.get("uses", "").startswith("actions/cache")]
    prefixes = {cache["key"].removesuffix("${{ github.run_id }}") for cache in caches}
    assert len(prefixes) == 1
    assert {cache["restore-keys"] for cache in caches if "restore-keys" in cache} == prefixes


def test_only_the_job_that_publishes_may_identify_itself_to_the_index() -> None:
    workflow = yaml.safe_load(WORKFLOWS["release.yml"])
    jobs = workflow["jobs"]
    assert workflow["permissions"] == {"contents": "read"}
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert (jobs["publish"]["needs"], jobs["publish"]["environment"]) == ("build", "pypi")
    assert "permissions" not in jobs["build"]


def test_a_release_tries_its_wheel_away_from_the_files_that_it_was_built_of() -> None:
    tried = [
        step
        for step in steps("release.yml")
        if re.search("animate (doctor|render)|import animate", step.get("run", ""))
    ]
    assert len(tried) == 3
    assert {step.get("working-directory") for step in tried} == {"${{ runner.temp }}"}


def test_a_release_builds_what_it_publishes(tmp_path: Path) -> None:
    pytest.importorskip("build")
    [command] = [step["run"] for step in steps("release.yml") if step.get("run", "").startswith("python -m build")]
    for name in ("animate", "scenes", "setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, tmp_path / name, ignore=ignored) if source.is_dir() else shutil.copy(source, tmp_path)
    # Without isolation it uses the packages of the tests, and needs no network.
    _, *arguments = shlex.split(command)
    subprocess.run([sys.executable, *arguments, "--no-isolation"], cwd=tmp_path, check=True, capture_output=True)
    built = sorted(path.name for path in (tmp_path / "dist").iterdir())
    version = animate.__version__
    assert built == [f"animate-{version}-py3-none-any.whl", f"animate-{version}.tar.gz"]


def test_the_settings_shown_for_a_repository_are_settings(here: Path) -> None:
    shown, with_sliders = re.findall(r"^```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    (here / "animate.toml").write_text(with_sliders)
    assert list(read_settings().of("momentum").sweep) == ["learning_rate=0.005:0.02:9:log", "momentum=0,0.9"]
    (here / "animate.toml").write_text(shown)
    momentum = read_settings().of("momentum")
    assert (momentum.set, momentum.variants) == ({"learning_rate": 0.02}, {"fast": {"learning_rate": 0.1}})
    assert momentum.max_bytes("gif") == 2_000_000


def test_the_settings_shown_for_data_are_settings(here: Path) -> None:
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (here / "animate.toml").write_text(shown)
    scene = read_settings().of("linear_sgd_vs_batch")
    assert (scene.data, scene.columns) == ("norris.csv", ("x", "y"))
