"""Messages to the user on stderr: faults of replay, and with ``ANIMATE_LOG=1`` how each frame was drawn."""

from __future__ import annotations

import os
import sys

from animate.replay.frames import Frame


def print_line(line: str) -> None:
    """Print one line on stderr, which carries everything but results."""
    sys.stderr.write(f"animate: {line}\n")


def is_strict() -> bool:
    """Return whether ``ANIMATE_STRICT=1`` is set, which raises faults of replay."""
    return os.environ.get("ANIMATE_STRICT", "") not in ("", "0")


def is_logging() -> bool:
    """Return whether ``ANIMATE_LOG=1`` is set, which prints a line per frame."""
    return os.environ.get("ANIMATE_LOG", "") not in ("", "0")


def describe(error: BaseException) -> str:
    """Return an error in one line: its type and the first line of its message."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def fault_line(error: BaseException, n_frame: int) -> str:
    """Return the message about a fault of replay, with instructions to report it."""
    return (
        f"exact replay failed at frame {n_frame} ({describe(error)}); matplotlib draws this frame and all that follow. "
        "To report it, run again with ANIMATE_STRICT=1 and send the traceback"
    )


def difference_line(frame: Frame, full: Frame, n_frame: int) -> str:
    """Return the message about a frame that differs from a full draw of it; empty if it does not."""
    n_different = int((frame != full).any(axis=-1).sum()) if frame.shape == full.shape else full[..., 0].size
    pixels = "1 pixel" if n_different == 1 else f"{n_different} pixels"
    line = f"frame {n_frame} differs from a full draw in {pixels}: it and all that follow are drawn in full"
    return line if n_different else ""
