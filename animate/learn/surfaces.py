"""Test functions of two parameters for comparing optimizers, with analytic derivatives and known minima."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from animate.errors import did_you_mean
from animate.learn.objectives import TwiceDifferentiable
from animate.learn.sampling import RowIndex
from animate.learn.validation import Floats, positive

Window = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, eq=False)
class AnalyticSurface(TwiceDifferentiable):
    """A function of two parameters (x, y); an objective of one row.

    Attributes
    ----------
    formula : str
        In matplotlib's mathtext.
    height : callable
        Of x and y, elementwise.
    slopes : callable
        Of x and y: the two first derivatives.
    curvatures : callable
        Of x and y: the second derivatives xx, xy and yy.
    minima : array, shape (n_minima, 2)
        Every local minimum, the lowest first.
    window : pair of pairs of float
        Where to look: lowest and highest x, lowest and highest y.
    start : pair of float
        A start with an instructive descent.
    """

    name: str
    formula: str
    height: Callable[[Floats, Floats], Floats]
    slopes: Callable[[Floats, Floats], tuple[Floats, Floats]]
    curvatures: Callable[[Floats, Floats], tuple[Floats, Floats, Floats]]
    minima: Floats
    window: Window
    start: tuple[float, float]

    @property
    def n_params(self) -> int:
        """Number of parameters, 2."""
        return 2

    @property
    def n_samples(self) -> int:
        """Number of rows, 1: a gradient is the whole gradient."""
        return 1

    @np.errstate(over="ignore", invalid="ignore")
    def values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return the height at each point of a stack: shape (..., 2) to (...)."""
        stack = np.asarray(params_stack, dtype=float)
        return np.asarray(self.height(stack[..., 0], stack[..., 1]), dtype=float)

    def gradient(self, params: Floats, rows: RowIndex | None = None) -> Floats:  # noqa: ARG002
        """Return the gradient at `params`, shape (2,)."""
        return np.array(self.slopes(params[0], params[1]))

    def hessian(self, params: Floats | None = None) -> Floats:
        """Return the second derivatives at `params`, or at the lowest minimum, shape (2, 2)."""
        x, y = self.optimum() if params is None else params
        xx, xy, yy = self.curvatures(x, y)
        return np.array([[xx, xy], [xy, yy]], dtype=float)

    def optimum(self) -> Floats:
        """Return the lowest minimum, the first one if there are several, shape (2,)."""
        return np.array(self.minima[0], dtype=float)

    def nearest_minimum(self, params: npt.ArrayLike) -> Floats:
        """Return the local minimum nearest to `params`, shape (2,); the lowest one for a point that is not finite.

        >>> SADDLE.nearest_minimum([0.5, -0.8]).tolist()
        [0.0, -1.0]
        """
        with np.errstate(all="ignore"):
            distances = np.linalg.norm(self.minima - np.asarray(params, dtype=float), axis=1)
        return np.array(self.minima[int(np.argmin(np.nan_to_num(distances, nan=np.inf)))], dtype=float)

    def log_values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return log(1 + height - lowest height) at each point of a stack: shape (..., 2) to (...).

        It has the same contours, and shows the low ones as well as the high ones.

        >>> ROSENBROCK.log_values([[1.0, 1.0], [0.0, 0.0]]).round(6).tolist()
        [0.0, 0.693147]
        """
        return np.log1p(np.maximum(self.values(params_stack) - self.value(self.optimum()), 0.0))

    @property
    def diagonal(self) -> float:
        """Length of the diagonal of the window.

        >>> round(valley().diagonal, 6)
        10.77033
        """
        return float(np.linalg.norm(np.diff(self.window)))


def valley(condition_number: float = 30.0) -> AnalyticSurface:
    """Return the quadratic (x^2 + condition_number y^2) / 2, a valley that is narrow in y.

    Its Hessian has the eigenvalues 1 and `condition_number`.

    >>> valley(30.0).value([2.0, 1.0]), round(valley(30.0).stability_limit(), 6)
    (17.0, 0.066667)
    """
    ratio = positive("condition_number", condition_number)
    return AnalyticSurface(
        name="valley",
        formula=rf"$\frac{{1}}{{2}}\,(x^2 + {ratio:g}\,y^2)$",
        height=partial(_valley, ratio=ratio),
        slopes=partial(_valley_slopes, ratio=ratio),
        curvatures=partial(_valley_curvatures, ratio=ratio),
        minima=np.array([[0.0, 0.0]]),
        window=((-5.0, 5.0), (-2.0, 2.0)),
        start=(-4.5, 1.4),
    )


def _valley(x: Floats, y: Floats, *, ratio: float) -> Floats:
    return 0.5 * (x * x + ratio * y * y)


def _valley_slopes(x: Floats, y: Floats, *, ratio: float) -> tuple[Floats, Floats]:
    return x, ratio * y


def _valley_curvatures(x: Floats, y: Floats, *, ratio: float) -> tuple[Floats, Floats, Floats]:
    flat = 0.0 * (x + y)
    return 1.0 + flat, flat, ratio + flat


def _rosenbrock(x: Floats, y: Floats) -> Floats:
    return (1.0 - x) ** 2 + 100.0 * (y - x**2) ** 2


def _rosenbrock_slopes(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    bend = y - x**2
    return -2.0 * (1.0 - x) - 400.0 * x * bend, 200.0 * bend


def _rosenbrock_curvatures(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    return 2.0 - 400.0 * (y - 3.0 * x**2), -400.0 * x, 200.0 + 0.0 * x


def _beale_parts(x: Floats, y: Floats) -> list[tuple[Floats, Floats, int]]:
    """Return residual, slope in x, and power, for each of the three squares."""
    return [(level - x + x * y**power, y**power - 1.0, power) for level, power in _BEALE]


_BEALE = ((1.5, 1), (2.25, 2), (2.625, 3))


def _beale(x: Floats, y: Floats) -> Floats:
    return sum((residual**2 for residual, _, _ in _beale_parts(x, y)), 0.0 * x)


def _beale_slopes(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    parts = _beale_parts(x, y)
    in_x = sum((2.0 * residual * slope for residual, slope, _ in parts), 0.0 * x)
    in_y = sum((2.0 * residual * power * x * y ** (power - 1) for residual, _, power in parts), 0.0 * x)
    return in_x, in_y


def _beale_curvatures(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    xx, xy, yy = 0.0 * x, 0.0 * x, 0.0 * x
    for residual, in_x, power in _beale_parts(x, y):
        in_y = power * x * y ** (power - 1)
        twice_in_y = power * (power - 1) * x * y ** max(power - 2, 0)
        xx = xx + 2.0 * in_x**2
        xy = xy + 2.0 * (in_x * in_y + residual * power * y ** (power - 1))
        yy = yy + 2.0 * (in_y**2 + residual * twice_in_y)
    return xx, xy, yy


def _himmelblau(x: Floats, y: Floats) -> Floats:
    return (x**2 + y - 11.0) ** 2 + (x + y**2 - 7.0) ** 2


def _himmelblau_slopes(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    first, second = x**2 + y - 11.0, x + y**2 - 7.0
    return 4.0 * x * first + 2.0 * second, 2.0 * first + 4.0 * y * second


def _himmelblau_curvatures(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    return 12.0 * x**2 + 4.0 * y - 42.0, 4.0 * (x + y), 12.0 * y**2 + 4.0 * x - 26.0


def _camel(x: Floats, y: Floats) -> Floats:
    return (4.0 - 2.1 * x**2 + x**4 / 3.0) * x**2 + x * y + 4.0 * (y**2 - 1.0) * y**2


def _camel_slopes(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    return 8.0 * x - 8.4 * x**3 + 2.0 * x**5 + y, x + 16.0 * y**3 - 8.0 * y


def _camel_curvatures(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    return 8.0 - 25.2 * x**2 + 10.0 * x**4, 1.0 + 0.0 * x, 48.0 * y**2 - 8.0


def _saddle(x: Floats, y: Floats) -> Floats:
    return 0.5 * x**2 - 0.5 * y**2 + 0.25 * y**4


def _saddle_slopes(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    return x, y**3 - y


def _saddle_curvatures(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    return 1.0 + 0.0 * x, 0.0 * x, 3.0 * y**2 - 1.0


ROSENBROCK = AnalyticSurface(
    name="rosenbrock",
    formula=r"$(1 - x)^2 + 100\,(y - x^2)^2$",
    height=_rosenbrock,
    slopes=_rosenbrock_slopes,
    curvatures=_rosenbrock_curvatures,
    minima=np.array([[1.0, 1.0]]),
    window=((-2.0, 2.0), (-1.0, 3.0)),
    start=(-1.5, 2.2),
)

BEALE = AnalyticSurface(
    name="beale",
    formula=r"$(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2$",
    height=_beale,
    slopes=_beale_slopes,
    curvatures=_beale_curvatures,
    minima=np.array([[3.0, 0.5]]),
    window=((-4.5, 4.5), (-4.5, 4.5)),
    start=(1.0, 1.5),
)

HIMMELBLAU = AnalyticSurface(
    name="himmelblau",
    formula=r"$(x^2 + y - 11)^2 + (x + y^2 - 7)^2$",
    height=_himmelblau,
    slopes=_himmelblau_slopes,
    curvatures=_himmelblau_curvatures,
    minima=np.array(
        [
            [3.0, 2.0],
            [-2.805118086952745, 3.131312518250573],
            [-3.779310253377747, -3.283185991286170],
            [3.584428340330492, -1.848126526964404],
        ]
    ),
    window=((-6.0, 6.0), (-6.0, 6.0)),
    start=(-0.5, -1.2),
)

CAMEL = AnalyticSurface(
    name="camel",
    formula=r"$(4 - 2.1x^2 + x^4/3)\,x^2 + xy + 4\,(y^2 - 1)\,y^2$",
    height=_camel,
    slopes=_camel_slopes,
    curvatures=_camel_curvatures,
    minima=np.array(
        [
            [0.08984201310031807, -0.7126564030207396],
            [-0.08984201310031807, 0.7126564030207396],
            [1.7036067149699807, -0.7960835686726251],
            [-1.7036067149699807, 0.7960835686726251],
            [1.6071047529201974, 0.5686514548841313],
            [-1.6071047529201974, -0.5686514548841313],
        ]
    ),
    window=((-2.1, 2.1), (-1.2, 1.2)),
    start=(-1.15, -0.05),
)

SADDLE = AnalyticSurface(
    name="saddle",
    formula=r"$\frac{1}{2}x^2 - \frac{1}{2}y^2 + \frac{1}{4}y^4$",
    height=_saddle,
    slopes=_saddle_slopes,
    curvatures=_saddle_curvatures,
    minima=np.array([[0.0, 1.0], [0.0, -1.0]]),
    window=((-2.0, 2.0), (-1.6, 1.6)),
    start=(-1.8, 0.001),
)

SURFACES: dict[str, AnalyticSurface] = {
    surface.name: surface for surface in (valley(), ROSENBROCK, BEALE, HIMMELBLAU, CAMEL, SADDLE)
}
"""The surfaces by name.

References
----------
rosenbrock: H. H. Rosenbrock, Computer Journal 3 (1960), 175-184. beale: E. M. L. Beale, "On an iterative
method for finding a local minimum of a function of more than one variable" (1958). himmelblau: D. M.
Himmelblau, Applied Nonlinear Programming (1972). camel: L. C. W. Dixon and G. P. Szego, Towards Global
Optimisation 2 (1978). saddle: a saddle at (0, 0) between two minima, so that a descent that leaves it arrives
somewhere.
"""


def find_surface(name: str) -> AnalyticSurface:
    """Return the surface of that name.

    >>> find_surface("rosenbrock").value([1.0, 1.0])
    0.0
    """
    if name not in SURFACES:
        raise ValueError(f"surface must be one of {', '.join(SURFACES)}; got {name!r}.{did_you_mean(name, SURFACES)}")
    return SURFACES[name]


def bends_down(values: Callable[[Floats], Floats], limits: npt.ArrayLike) -> bool:
    """Return whether a surface is anywhere above the straight line between two points: it is no bowl.

    Parameters
    ----------
    values : callable
        From points (..., 2) to values (...).
    limits : pair of pairs of float
        The window in which it is looked at, along both of its axes.

    Examples
    --------
    >>> bends_down(lambda at: (at**2).sum(axis=-1), ((-1, 1), (-1, 1)))
    False
    """
    axes = [np.linspace(low, high, 25) for low, high in np.asarray(limits, dtype=float)]
    grid = values(np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1))
    above = np.concatenate([(2 * part[1:-1] - part[:-2] - part[2:]).ravel() for part in (grid, grid.T)])
    return bool((above > 1e-6 * np.ptp(grid)).any())
