"""The source of an animation's frames: exact replay, or matplotlib itself if replay cannot be loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from matplotlib.figure import Figure

from animate.replay.full_draw import FullDraw
from animate.replay.user_messages import describe, is_strict, print_line


def frame_source(
    figure: Figure,
    dpi: float,
    savefig_kwargs: Mapping[str, Any] | None = None,
    *,
    verify_every: int | None = None,
    report: Callable[[str], object] = print_line,
) -> FullDraw:
    """Return a source of the figure's frames.

    Replay reads private attributes of matplotlib. If one of them is missing, so that replay cannot even be loaded,
    matplotlib draws every frame in full and `report` receives one line about it.

    Parameters
    ----------
    figure : Figure
        The figure to draw.
    dpi : float
        Resolution in dots per inch.
    savefig_kwargs : dict, optional
        Further arguments of `Figure.savefig`.
    verify_every : int, optional
        See `Replay`.
    report : callable, optional
        Called with one line of text that the user should see; prints to stderr by default.

    Raises
    ------
    Exception
        A fault of replay, with ``ANIMATE_STRICT=1`` only.
    """
    kwargs = dict(savefig_kwargs or {})
    try:
        from animate.replay.replay import Replay

        return Replay(figure, dpi, kwargs, verify_every=verify_every, report=report)
    except Exception as fault:
        if is_strict():
            raise
        report(
            f"exact replay does not work with this version of matplotlib ({describe(fault)}); matplotlib draws every "
            "frame. To report it, run again with ANIMATE_STRICT=1 and send the traceback"
        )
        return FullDraw(figure, dpi, kwargs)
