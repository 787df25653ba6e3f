"""The command ``animate studio``."""

from __future__ import annotations

import webbrowser
from importlib.util import find_spec

import click

from animate.cli.options import Command, debug_option, examples, scenes_option

NEEDED = ("starlette", "uvicorn", "websockets")


@click.command(
    cls=Command,
    epilog=examples(
        "animate studio",
        "animate studio linear_sgd_vs_batch",
        "animate studio path/to/my_scene.py --no-open --port 8000",
    ),
)
@click.argument("name", required=False)
@click.option("--no-open", is_flag=True, help="Do not open the page in the browser.")
@click.option(
    "--port", type=click.IntRange(1, 65535), metavar="N", help="Port to listen on.  [default: 8642, or any free port]"
)
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="Address to listen on. Any other than 127.0.0.1 lets other computers render scenes on this one.",
)
@scenes_option
@debug_option
def studio(name: str | None, no_open: bool, port: int | None, host: str, scenes: str | None) -> None:
    """Open a live page with a control for each parameter of each scene.

    NAME is a name that `animate list` shows, or the path of a script. A script is drawn again whenever it is saved. The
    page is served on this computer only, until Ctrl-C.
    """
    if missing := [package for package in NEEDED if find_spec(package) is None]:
        raise click.ClickException(f"the studio needs {', '.join(missing)}: pip install 'animate[studio]'")
    from animate.studio.server import application, listening_socket, serve
    from animate.studio.shelf import shelf_for

    shelf, chosen = shelf_for(name, scenes)
    app = application(shelf, host=host)
    with listening_socket(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listener.getsockname()[1]}/" + (f"#scene={chosen}" if chosen else "")
        click.echo(address)
        click.echo("Press Ctrl-C to stop.", err=True)
        if not no_open:
            webbrowser.open(address)
        serve(app, listener, host)
