"""The command line as a whole: light to start, plain in its errors, right in its exit status."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import click
import pytest

from animate import __version__
from animate.cli import commands
from animate.cli.app import COMMANDS
from animate.errors import DataError


def all_commands() -> list[click.Command]:
    context = click.Context(commands)
    return [command for name in COMMANDS if (command := commands.get_command(context, name)) is not None]


def test_help_imports_neither_numpy_nor_matplotlib(process: Any) -> None:
    code = "import sys; from animate.cli import commands\ntry: commands(['-h'])\nfinally: print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "animate.cli.render" in shown.split()
    assert {"numpy", "matplotlib", "PIL", "imageio"}.isdisjoint(shown.split())


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_names_every_command(run: Any, option: str) -> None:
    result = run(option)
    assert result.exit_code == 0
    assert all(f"\n  {name} " in result.stdout for name in COMMANDS)


def test_no_command_shows_the_help(run: Any) -> None:
    assert run().stdout == run("--help").stdout


def test_the_version_is_shown(run: Any) -> None:
    assert run("--version").stdout == f"animate {__version__}\n"


@pytest.mark.parametrize("command", all_commands(), ids=lambda command: command.name)
def test_every_command_has_help_examples_and_sorted_options(run: Any, command: click.Command) -> None:
    result = run(command.name, "-h")
    assert result.exit_code == 0
    assert "Examples:\n  animate " in result.stdout.replace("    animate", "  animate").replace(
        "  Examples", "Examples"
    )
    names = [
        max(option.opts, key=len)
        for option in command.get_params(click.Context(command))
        if option.param_type_name == "option"
    ]
    assert names == sorted(names)
    assert all(option.help for option in command.params if isinstance(option, click.Option))


@pytest.mark.parametrize("command", all_commands(), ids=lambda command: command.name)
def test_every_example_is_parsed(command: click.Command, here: Any) -> None:
    lines = [line.split() for line in (command.epilog or "").splitlines() if line.startswith("  animate ")]
    own = [line[2:] for line in lines if line[1] == command.name]
    assert own
    for args in own:
        command.make_context(command.name, args, resilient_parsing=False)


def test_a_misspelled_command_is_told_with_the_nearest(run: Any) -> None:
    result = run("rendr", "x")
    assert result.exit_code == 2
    assert result.stderr == "error: there is no command 'rendr'. Did you mean 'render'?\n"
    assert result.stdout == ""


def test_a_misspelled_option_is_told_with_the_nearest(run: Any) -> None:
    result = run("render", "lesson", "--them", "dark")
    assert result.exit_code == 2
    assert "--theme" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_missing_argument_is_wrong_usage_in_one_line(run: Any) -> None:
    result = run("render")
    assert result.exit_code == 2
    assert result.stderr == "error: Missing argument 'NAME'. See `animate render --help`.\n"


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Any:
    def fail_with(error: BaseException) -> None:
        def fail(scenes: object = None) -> None:
            raise error

        monkeypatch.setattr("animate.library.discovery.summaries", fail)

    return fail_with


def test_a_reported_failure_exits_with_1(run: Any, failing: Any) -> None:
    failing(DataError("own.csv has one row only"))
    result = run("list")
    assert (result.exit_code, result.stderr) == (1, "error: own.csv has one row only\n")


def test_an_interrupt_exits_with_1_and_says_so(run: Any, failing: Any) -> None:
    failing(KeyboardInterrupt())
    result = run("list")
    assert result.exit_code == 1
    assert result.stderr == "error: interrupted\n"


def test_an_error_of_the_system_is_told_with_its_file(run: Any, failing: Any) -> None:
    failing(PermissionError(13, "Permission denied", "output/x.gif"))
    result = run("list")
    assert (result.exit_code, result.stderr) == (1, "error: output/x.gif: Permission denied\n")


def test_an_unexpected_error_is_called_internal_and_shows_no_traceback(run: Any, failing: Any) -> None:
    failing(ZeroDivisionError("division\nby zero"))
    result = run("list")
    assert result.exit_code == 1
    assert result.stderr == (
        "error: internal error: ZeroDivisionError: division by zero. "
        "Rerun with --debug to see where, and please report it.\n"
    )


def test_debug_shows_the_traceback(run: Any, failing: Any) -> None:
    failing(ZeroDivisionError("division by zero"))
    result = run("list", "--debug")
    assert result.exit_code == 1
    assert "Traceback (most recent call last)" in result.stderr


def test_a_closed_pipe_ends_quietly(write_scene: Any) -> None:
    for number in range(50):
        write_scene(f"lesson_{number}")
    command = f"'{sys.executable}' -W error -m animate list | head -1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""


def test_errors_have_no_color_unless_on_a_terminal(process: Any) -> None:
    assert "\x1b" not in process("rendr", FORCE_COLOR="", NO_COLOR="1").stderr


def test_python_m_animate_is_the_command(process: Any) -> None:
    assert process("--version").stdout == f"animate {__version__}\n"
