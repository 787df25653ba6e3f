"""The points of a lesson on a line, drawn or the user's own, as a group of parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Annotated, Any

from animate.learn.data import RegressionData
from animate.learn.datasets import line
from animate.learn.problems import LinearProblem, scaled_problem
from animate.learn.scaling import Scaling, Standardize
from animate.learn.validation import Floats
from animate.library.parameter_types import Noise, OwnData, SampleSize, Seed, StartLine


@dataclass(frozen=True)
class LinePoints:
    """Points around a line and the first line, or the user's own points: a group of parameters of ``build``.

    With ``points: LinePoints = LinePoints(60, noise=1.5, slope=2.8)`` a lesson has the parameters ``n_samples``,
    ``noise``, ``start``, ``seed``, ``standardize`` and ``data``, and these defaults. The other values are its own.

    Parameters
    ----------
    n_samples : int
    noise : float
        Standard deviation of the residuals.
    start : pair of float, optional
        Slope and intercept of the first line, in the units of the data.
    seed : int
        Of the points, and of whatever else the lesson draws at random.
    standardize : bool
        Whether x of the user's own table is scaled for the descent.
    data : Table, optional
        The user's own x and y, in place of the points drawn.
    slope, intercept : float
        Of the line that the points are drawn around.
    x_range : pair of float
        Lowest and highest x drawn.
    first_line : pair of float, optional
        Slope and intercept of the first line for the points drawn if ``start`` is not given; random if not given.

    Examples
    --------
    >>> points = LinePoints(20, noise=0.0, slope=2.0, intercept=1.0, first_line=(0.0, 0.0))
    >>> problem = points.problem()
    >>> problem.in_units(problem.objective.optimum()).round(9).tolist(), problem.first.tolist()
    ([2.0, 1.0], [0.0, 0.0])
    """

    n_samples: SampleSize = 60
    noise: Noise = 1.0
    start: StartLine = None
    seed: Annotated[Seed, "Of the points and of all else that is random"] = 0
    standardize: Standardize = True
    data: OwnData = None
    _: KW_ONLY
    slope: float = 2.0
    intercept: float = 1.0
    x_range: tuple[float, float] = (-3.0, 3.0)
    first_line: tuple[float, float] | None = None

    def problem(
        self,
        *,
        standardize_drawn: bool = False,
        scaling: Callable[[Floats], Scaling] = Scaling.standardize,
        **options: Any,
    ) -> LinearProblem:
        """Return the problem of fitting a line to the points from the first one; options as for `linear_problem`.

        Parameters
        ----------
        standardize_drawn : bool
            Whether x of the points drawn is scaled, whatever ``standardize`` says of own data.
        scaling : callable
            From x, shape (n, 1), to its scaling where it is scaled.
        """
        if self.data is not None:
            points, is_scaled = RegressionData.from_table(self.data), self.standardize
        else:
            given = (self.n_samples, self.slope, self.intercept)
            points, is_scaled = line(*given, noise=self.noise, x_range=self.x_range, rng=self.seed), standardize_drawn
        problem = scaled_problem(points, scaling(points.X) if is_scaled else Scaling.identity(1), **options)
        is_usual = self.start is None and self.data is None
        return problem.beginning(self.first_line if is_usual else self.start, rng=self.seed)
