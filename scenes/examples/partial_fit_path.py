"""What path does scikit-learn walk in partial_fit?

An example, not a lesson: a path logged elsewhere, here from `SGDRegressor`, is animated on the loss surface. Each call sees
one point and steps on half its squared error, without a penalty; the loss shown is the mean of those over all points. Any
library whose parameters can be read after each update will do: weights first, intercept last.

    animate render scenes/examples/partial_fit_path.py

needs scikit-learn.
"""

from typing import Annotated

import numpy as np
from sklearn.linear_model import SGDRegressor

from animate import Range, RegressionData, Scene, Timeline, Trajectory, line, linear_problem, panels
from animate.draw import formatting


def logged_path(points: RegressionData, order: np.ndarray, learning_rate: float) -> np.ndarray:
    """Return slope and intercept before the first and after each call of partial_fit."""
    model = SGDRegressor(penalty=None, learning_rate="constant", eta0=learning_rate)
    model.coef_, model.intercept_ = np.array([-1.2]), np.array([-3.5])
    path = [[*model.coef_, *model.intercept_]]
    for row in order:
        model.partial_fit(points.X[[row]], points.y[[row]])
        path.append([*model.coef_, *model.intercept_])
    return np.array(path)


def build(
    learning_rate: Annotated[float, Range(1e-10, 1.0, scale="log"), "eta0 of SGDRegressor"] = 0.05,
    n_epochs: Annotated[int, Range(1, 50), "Times each point is seen"] = 3,
    n_samples: Annotated[int, Range(5, 200), "Points drawn"] = 50,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points and of their order"] = 5,
) -> Scene:
    points = line(n_samples, slope=2.2, intercept=1.0, noise=1.2, rng=seed)
    rng = np.random.default_rng(seed)
    order = np.concatenate([rng.permutation(n_samples) for _ in range(n_epochs)])
    problem = linear_problem(points, loss="half_squared")
    path = Trajectory.from_arrays(logged_path(points, order, learning_rate), objective=problem.objective, rows=order)
    run = panels.Run("SGDRegressor", path, "first")
    ends = formatting.linear_terms(problem.without_rounding(path.final))
    return Scene(
        title=("What path does scikit-learn walk in partial_fit?", "The path of partial_fit?"),
        caption={
            0: ("SGDRegressor, logged after every call of partial_fit: slope, intercept, and the point it saw.",
                "SGDRegressor, logged after every call."),
            1: (f"Each call sees one point and steps at eta0 = {learning_rate:g} on half its squared error.",
                "Each call steps on one point."),
            path.n_updates: (f"After {path.n_updates} calls, {n_epochs} for each point: y = {ends}.", f"y = {ends}"),
        },
        panels=[
            panels.LineFit(problem=problem, run=run, loss_name="\u00bd MSE", title="SGDRegressor"),
            panels.LossSurface.of(problem, [run], title="Loss surface"),
        ],
        timeline=Timeline(path.n_updates, seconds=7.0, pace="log"),
        secondary_counter=panels.Readout("epoch", lambda k: f"{path.epochs[k]:.2f}", f"{path.epochs[-1]:.2f}"),
        alt=f"The path of scikit-learn's SGDRegressor over {path.n_updates} calls of partial_fit on the loss surface of a line "
        f"through {n_samples} points; it ends at y = {ends}.",
    )  # fmt: skip


if __name__ == "__main__":
    build().save("partial_fit_path.gif")
