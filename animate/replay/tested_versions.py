"""The versions of matplotlib whose drawing replay was tested with."""

from __future__ import annotations

import re

TESTED = frozenset({(3, 10), (3, 11)})
"""Major and minor numbers. Another version is drawn by the same code, with its first frame and one in 50 compared."""


def is_tested(version: str) -> bool:
    """Return whether a version such as "3.11.2" is a release of a tested series.

    Examples
    --------
    >>> is_tested("3.11.2"), is_tested("3.12.0"), is_tested("3.12.0rc1"), is_tested("3.11.0.dev5+g1a2b3c4")
    (True, False, False, False)
    """
    match = re.fullmatch(r"(\d+)\.(\d+)(\.\d+)?", version)
    return match is not None and (int(match[1]), int(match[2])) in TESTED
