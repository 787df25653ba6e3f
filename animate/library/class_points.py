"""The points of a lesson on two classes that no line separates, drawn or the user's own, as a group of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from animate.learn.data import ClassificationData
from animate.learn.datasets import CLASSIFICATION_DATASETS
from animate.learn.tables import Table
from animate.library.parameters import Range


@dataclass(frozen=True)
class ClassPoints:
    """Two moons or an exclusive or, or the user's own two classes: a group of parameters of ``build``.

    With ``points: ClassPoints = ClassPoints()`` a lesson has the parameters ``dataset``, ``n_samples``, ``noise`` and
    ``data``. The points drawn do not depend on the lesson's seed.

    Parameters
    ----------
    dataset : {"two_moons", "xor"}
    n_samples : int
    noise : float
        Standard deviation of the noise.
    data : Table, optional
        The user's own two features and label, in place of the points drawn.

    Examples
    --------
    >>> ClassPoints(n_samples=40).drawn().n_samples
    40
    """

    dataset: Annotated[Literal["two_moons", "xor"], "The points drawn"] = "two_moons"
    n_samples: Annotated[int, Range(8, 500), "Points drawn"] = 120
    noise: Annotated[float, Range(0.0, 1.0), "Standard deviation of the noise"] = 0.15
    data: Annotated[Table | None, "Your own two features and label"] = None

    def drawn(self) -> ClassificationData:
        """Return the points: the user's own, or those drawn."""
        if self.data is not None:
            return ClassificationData.from_table(self.data, n_features=2)
        return CLASSIFICATION_DATASETS[self.dataset](self.n_samples, noise=self.noise, rng=0)
