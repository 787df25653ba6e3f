"""Captions as WebVTT, which a video's ``<track>`` shows."""

from __future__ import annotations

from collections.abc import Iterable


def webvtt(captions: Iterable[tuple[float, float, str]]) -> str:
    r"""Return captions as a WebVTT file, sorted by time.

    A caption without text, or that ends when it starts, is left out.

    Parameters
    ----------
    captions : iterable of (float, float, str)
        Start and end in seconds, and the text.

    Examples
    --------
    >>> print(webvtt([(0.0, 1.5, "Both start at 0 < w.")]), end="")
    WEBVTT
    <BLANKLINE>
    00:00:00.000 --> 00:00:01.500
    Both start at 0 &lt; w.

    References
    ----------
    W3C, WebVTT: The Web Video Text Tracks Format, section 4.
    """
    cues = (_cue(*caption) for caption in sorted(captions))
    return "\n\n".join(["WEBVTT", *filter(None, cues)]) + "\n"


def _cue(start: float, end: float, text: str) -> str:
    # A blank line would end the cue; & and < begin markup in its text, and --> would begin another cue.
    lines = "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
    escaped = lines.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    from_, until = _milliseconds(start), _milliseconds(end)
    return f"{_timestamp(from_)} --> {_timestamp(until)}\n{escaped}" if lines and until > from_ else ""


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def _timestamp(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"
