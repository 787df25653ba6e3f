"""Captions of a scene as WebVTT, which a video's ``<track>`` shows in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable

from animate.batch.manifest import Caption


def webvtt(captions: Iterable[Caption]) -> str:
    r"""Return a WebVTT file; captions without a text or that stand for no time are left out.

    Parameters
    ----------
    captions : iterable of Caption
        Start and end in seconds.

    >>> print(webvtt([Caption(0.0, 1.5, "Both start at 0 < w.")]), end="")
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
    # a blank line would end the cue, and its text may hold neither & nor < nor an arrow
    lines = "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
    escaped = lines.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    from_, until = _milliseconds(start), _milliseconds(end)
    return f"{_time(from_)} --> {_time(until)}\n{escaped}" if lines and until > from_ else ""


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"
