"""Which frames of a film are compared with full draws."""

from __future__ import annotations

import matplotlib as mpl

from animate.replay.matplotlib_private import is_tested

CHECK_EVERY = 50
"""One frame in this many is compared if unknown code takes part."""


class FrameChecks:
    """Says which frames to compare with a full draw.

    Parameters
    ----------
    every : int or None
        Compare the first two frames and then one in this many; 0 compares none. With None, the first frame and one in
        50 are compared if the version of matplotlib was not tested or code from outside matplotlib draws.
    """

    def __init__(self, every: int | None) -> None:
        self._every, self._next = every, 0

    def is_due(self, n_frame: int, *, has_foreign_code: bool) -> bool:
        """Return whether to compare a frame, given its number."""
        is_wanted = has_foreign_code or not is_tested(mpl.__version__) if self._every is None else self._every > 0
        return is_wanted and n_frame >= self._next

    def note(self, n_frame: int) -> None:
        """Note that a frame was compared."""
        every = self._every or CHECK_EVERY
        self._next = 1 if self._every and not n_frame else (n_frame // every + 1) * every
