"""``python -m animate`` runs the command ``animate``, even if another program of that name comes first on the path."""

import signal


def main() -> None:
    """Run the command line; an interrupt during its import ends the process without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from animate.cli import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


if __name__ == "__main__":
    main()
