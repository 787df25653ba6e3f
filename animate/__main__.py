"""``python -m animate`` is the command ``animate``, also where another program of that name comes first."""

import signal


def main() -> None:
    """Run the command line; an interrupt while it is still being imported ends it without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from animate.cli import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


if __name__ == "__main__":
    main()
