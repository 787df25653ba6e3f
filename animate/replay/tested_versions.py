"""The versions of matplotlib that replay was tested with."""

from __future__ import annotations

import re

TESTED = frozenset({(3, 10), (3, 11)})
"""Major and minor numbers. With any other version, the first frame and one frame in 50 are compared with full draws."""


def is_tested(version: str) -> bool:
    """Return whether a version is a release of a tested series.

    Parameters
    ----------
    version : str
        A version of matplotlib, such as "3.11.2".

    Examples
    --------
    >>> is_tested("3.11.2"), is_tested("3.12.0"), is_tested("3.12.0rc1"), is_tested("3.11.0.dev5+g1a2b3c4")
    (True, False, False, False)
    """
    match = re.fullmatch(r"(\d+)\.(\d+)(\.\d+)?", version)
    return match is not None and (int(match[1]), int(match[2])) in TESTED
