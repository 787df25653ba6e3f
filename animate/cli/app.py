"""The command group: imports each command on use, and reports each failure in one line with an exit status."""

from __future__ import annotations

import atexit
import os
import re
import signal
import sys
import traceback
import warnings
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from animate import __version__
from animate.errors import AnimateError, UsageError, described, did_you_mean, one_line, warning_line
from animate.interrupts import NUMBERS, handle_signals, was_interrupted
from animate.processes.threads import use_one_thread

# command: its module, and its name there
COMMANDS = {
    "build": ("animate.cli.build", "build"),
    "check": ("animate.cli.check", "check"),
    "diff": ("animate.cli.diff", "diff"),
    "doctor": ("animate.cli.doctor", "doctor"),
    "embed": ("animate.cli.embed", "embed"),
    "list": ("animate.cli.list", "list_scenes"),
    "merge": ("animate.cli.merge", "merge"),
    "new": ("animate.cli.new", "new"),
    "render": ("animate.cli.render", "render"),
    "save": ("animate.cli.save", "save"),
    "sheet": ("animate.cli.sheet", "sheet"),
    "show": ("animate.cli.show", "show"),
    "still": ("animate.cli.still", "still"),
    "studio": ("animate.cli.studio", "studio"),
}


class Commands(click.Group):
    """A group that imports its commands lazily and reports each error in one line."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """Import and return the command, or None for an unknown name."""
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that *args* begins with; the error for an unknown one suggests the nearest name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise UsageError(f"there is no command {args[0]!r}.{did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; report an interrupt like any other error."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            if sys.stderr.isatty():  # end the line on which the terminal shows ^C
                click.echo(err=True)
            raise click.ClickException("interrupted") from None

    def main(  # type: ignore[override]  # click overloads it by whether it returns; here it never does
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Run the command line; always raises SystemExit, with 0, 1 or 2."""
        if isinstance(sys.stdout, TextIOWrapper):  # a character outside the terminal's encoding must not fail a command
            sys.stdout.reconfigure(errors="backslashreplace")
        given = sys.argv[1:] if args is None else list(args)
        extra = {"color": False if os.environ.get("NO_COLOR") else None, **extra, "standalone_mode": False}
        try:
            _check_arguments(given)
            super().main(given, prog_name or "animate", **extra)
        except Exception as error:  # noqa: BLE001 - a user must not see a traceback
            # An interrupt during the import of an extension module arrives as an ImportError.
            message, status = ("interrupted", 1) if was_interrupted() else explain(error)
            if "--debug" in given:
                traceback.print_exc()
            click.secho(f"error: {message}", err=True, fg="red", color=extra["color"])
            sys.exit(status)
        sys.exit(0)


def _check_arguments(given: Sequence[str]) -> None:
    """Raise UsageError for an argument that a file name cannot contain."""
    for word in given:
        if "\0" in word:
            raise UsageError(f"an argument must not contain a null character; got {word!r}.")
        try:
            os.fsencode(word)
        except UnicodeEncodeError:
            raise UsageError(f"an argument must be encodable as a file name; got {word!r}.") from None


def explain(error: Exception) -> tuple[str, int]:
    """Return the one-line message for an error and the exit status: 2 for wrong usage, else 1."""
    if isinstance(error, click.exceptions.Abort):  # interrupted before a command ran
        return "interrupted", 1
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "animate"
        return f"{one_line(error.format_message())}{_hint_to_set(error)} See `{command} --help`.", 2
    if isinstance(error, click.ClickException | AnimateError):
        text = error.format_message() if isinstance(error, click.ClickException) else str(error)
        return one_line(text), 2 if isinstance(error, UsageError) else 1
    if isinstance(error, OSError) and error.strerror:
        return one_line(f"{error.filename}: {error.strerror}" if error.filename else error.strerror), 1
    if isinstance(error, MemoryError) or "can't start new thread" in str(error):
        return "there is not enough memory.", 1
    message = f"internal error: {described(error)}. Rerun with --debug to see where, and please report it."
    return one_line(message), 1


def _hint_to_set(error: click.UsageError) -> str:
    """Return how to set a parameter, for an argument such as ``n_updates=5`` that a command cannot take."""
    options = error.ctx.command.params if error.ctx else []
    found = re.search(r"unexpected extra arguments? \((\w+=[^ )]*)", error.format_message())
    takes_parameters = any("--set" in option.opts for option in options)
    return f". Use --set {found[1]}." if found and takes_parameters else ""


@click.group(
    "animate",
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `animate list`, then `animate render linear_sgd_vs_batch`.",
)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
@click.pass_context
def commands(ctx: click.Context) -> None:
    """Render short, exact animations of how learning algorithms move."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> None:
    """Run the command line and exit with its status: 0 done, 1 a reported failure, 2 wrong usage."""
    handle_signals()
    use_one_thread()
    warnings.formatwarning = warning_line
    try:
        commands.main()
    except SystemExit as end:
        if was_interrupted():
            exit_after_interrupt(end.code)
        raise


def exit_after_interrupt(status: Any) -> NoReturn:
    """Exit with *status* after an interrupt, whatever code the interrupt reached.

    A normal exit is not safe then. If the interrupt reached the source that `dataclasses` executes, Python ends by the
    signal although the exception was caught; if it reached the import of an extension module, Python may crash.
    """
    for number in NUMBERS:
        signal.signal(number, signal.SIG_DFL)
    with suppress(Exception):
        atexit._run_exitfuncs()  # noqa: SLF001
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(status if isinstance(status, int) else 1)
