"""The command ``animate studio``."""

from __future__ import annotations

import webbrowser
from importlib.util import find_spec

import click

from animate.cli.options import Command, chosen_language, debug_option, examples, language_options, scenes_option
from animate.errors import UsageError

NEEDED = ("starlette", "uvicorn", "websockets")


@click.command(
    cls=Command,
    epilog=examples(
        "animate studio",
        "animate studio linear_sgd_vs_batch",
        "animate studio path/to/my_scene.py --no-open --port 8000",
        "animate studio --public",
    ),
)
@click.argument("name", required=False)
@click.option("--no-open", is_flag=True, help="Do not open the page in the browser.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="N",
    help="Port to listen on.  [default: 8642, or any free port]",
)
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="Address to listen on. Any other than 127.0.0.1 can be reached from other computers.",
)
@click.option(
    "--public",
    is_flag=True,
    help="Let others in the same network open the page, such as a class; prints the address to pass on.",
)
@click.option(
    "--token",
    metavar="TEXT",
    envvar="ANIMATE_STUDIO_TOKEN",
    help="Secret that every request needs, also read from ANIMATE_STUDIO_TOKEN.  [default: a random one]",
)
@language_options
@scenes_option
@debug_option
def studio(
    name: str | None,
    no_open: bool,
    port: int | None,
    host: str,
    public: bool,
    token: str | None,
    scenes: str | None,
    language: dict[str, str | None],
) -> None:
    """Open a live page with a control for each parameter of each scene.

    NAME is a name that `animate list` shows, or the path of a script. A script is drawn again whenever it is saved. The
    page is served on this computer only, until Ctrl-C, and only to requests with the token of the printed address.
    With --public, everyone in the network who has that address can use it.
    """
    if missing := [package for package in NEEDED if find_spec(package) is None]:
        raise click.ClickException(f"the studio needs {', '.join(missing)}: pip install {' '.join(missing)}")
    from animate.batch.build_settings import read_settings
    from animate.studio.access_control import new_token
    from animate.studio.scene_catalog import open_catalog
    from animate.studio.server import application, listening_socket, network_address, serve

    own = read_settings().top
    language = {"language_name": own.get("words"), "locale": own.get("locale")} | {
        name: choice for name, choice in language.items() if choice is not None
    }
    chosen_language(**language)  # refuse a wrong file before anything is served
    if public and host != "127.0.0.1":
        raise UsageError(f"Either --public or --host must be given; got --host {host} too.")
    shown_host = network_address() if public else f"[{host}]" if ":" in host else host
    host = "0.0.0.0" if public else host  # noqa: S104 - asked for, and the token is needed
    catalog, scene = open_catalog(name, scenes)
    catalog.words, catalog.locale = (choice or "" for choice in language.values())
    token = new_token(token)
    with listening_socket(host, port) as listener:
        page = f"http://{shown_host}:{listener.getsockname()[1]}/"
        address = f"{page}?token={token}"
        app = application(catalog, token=token, host=host, address=address if public else "")
        fragment = f"#scene={scene}" if scene else ""
        click.echo(f"{address}{fragment}")
        if public:
            warning = "Everyone in this network who has this address can use the studio and this computer's processor."
            click.echo(f"{warning} The connection is not encrypted.", err=True)
        click.echo("Press Ctrl-C to stop.", err=True)
        if not no_open:  # with a code that works once, since other users can see the browser's command line
            webbrowser.open(f"{page}?code={app.new_login_code()}{fragment}")
        serve(app, listener, host)
