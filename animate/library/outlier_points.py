"""The points of a lesson on outliers, drawn or the user's own, as a group of parameters."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Annotated, Any

from animate.learn.data import RegressionData
from animate.learn.datasets import outliers
from animate.learn.problems import LinearProblem, linear_problem
from animate.learn.scaling import Standardize
from animate.library.parameter_types import Noise, OwnData, SampleSize, Seed, StartLine
from animate.library.parameters import Range


@dataclass(frozen=True)
class OutlierPoints:
    """Points around the line y = 2 x + 1, some moved down, or the user's own: a group of parameters of ``build``.

    With ``points: OutlierPoints = OutlierPoints(32, share=0.12)`` a lesson has the parameters ``n_samples``, ``share``,
    ``height``, ``noise``, ``start``, ``seed``, ``standardize`` and ``data``, and these defaults.

    Parameters
    ----------
    n_samples : int
    share : float
        Share of the points moved down, of those at large x; see `datasets.outliers`.
    height : float
        How far they are moved, in units of y.
    noise : float
        Standard deviation of the residuals.
    start : pair of float, optional
        Slope and intercept of the first line, in the units of the data.
    seed : int
        Of the points and of a random first line.
    standardize : bool
        Whether x of the user's own table is standardized for the descent; x drawn always is.
    data : Table, optional
        The user's own x and y, in place of the points drawn.
    first_line : pair of float, optional
        Slope and intercept of the first line for the points drawn if ``start`` is not given; random if not given.

    Examples
    --------
    >>> OutlierPoints(40, share=0.1, noise=0.0).problem().data.n_samples
    40
    """

    n_samples: SampleSize = 32
    share: Annotated[float, Range(0.0, 0.4), "Share of them moved down"] = 0.12
    height: Annotated[float, Range(0.1, 100.0), "How far they are moved, in units of y"] = 9.0
    noise: Noise = 0.8
    start: StartLine = None
    seed: Annotated[Seed, "Of the points and of a random first line"] = 0
    standardize: Standardize = True
    data: OwnData = None
    _: KW_ONLY
    first_line: tuple[float, float] | None = None

    def drawn(self) -> RegressionData:
        """Return the points: the user's own, or those drawn."""
        if self.data is not None:
            return RegressionData.from_table(self.data)
        return outliers(self.n_samples, noise=self.noise, share=self.share, height=self.height, rng=self.seed)

    def problem(self, **options: Any) -> LinearProblem:
        """Return the problem of fitting a line to the points, from the first line; options as for `linear_problem`."""
        problem = linear_problem(self.drawn(), standardize=self.standardize or self.data is None, **options)
        is_usual = self.start is None and self.data is None
        return problem.beginning(self.first_line if is_usual else self.start, rng=self.seed)
