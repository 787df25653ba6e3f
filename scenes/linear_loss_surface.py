"""Why does the slope settle before the intercept?

The mean squared error (no half) over slope and intercept is a bowl, steep across the slope and flat along the intercept.
Batch gradient descent rolls down the steep side first, then creeps along the valley.
"""

from typing import Annotated

from animate import Range, RegressionData, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels
from animate.draw import formatting
from animate.learn.problems import starting_params


def build(
    learning_rate: Annotated[float, Range(1e-10, 1.0, scale="log"), "Step size"] = 0.02,
    n_updates: Annotated[int, Range(1, 10_000), "Updates"] = 150,
    n_samples: Annotated[int, Range(5, 500), "Points drawn"] = 50,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 1.0,
    start: Annotated[tuple[float, float] | None, "Slope and intercept of the first line"] = None,
    orbit: Annotated[float, Range(0.0, 180.0), "Degrees the camera turns; 0 stands still and draws fastest"] = 0.0,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points"] = 1,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(
        n_samples, slope=1.5, intercept=1.0, noise=noise, x_range=(-4.5, 4.5), rng=seed
    )
    problem = linear_problem(points, standardize=data is not None)
    first = starting_params(problem, start if start or data else (-1.2, -4.0), rng=seed)
    steps = optimizers.gradient_descent(learning_rate)
    run = panels.Run("Batch GD", descend(problem.objective, steps, first, n_updates), "first")
    slope_settled, intercept_settled = (panels.settles_at(run, problem.objective.optimum(), axis) for axis in (0, 1))
    condition = problem.objective.condition_number()
    value, ends = problem.objective.values, formatting.linear_terms(problem.in_units(run.trajectory.final))
    window = panels.around([run.trajectory.params], problem.objective.optimum())
    captions = {
        0: ("Every point of this bowl is a line; its height is the mean squared error of that line.",
            "Every point of this bowl is a line; height is its error."),
        max(1, n_updates // 60): ("Descent steps straight down the steepest slope: at first almost only w changes.",
                                  "At first almost only w changes."),
        slope_settled: (f"w has settled after {slope_settled} updates; now b creeps along the flat valley.",
                        f"w has settled at update {slope_settled}; b creeps on."),
        intercept_settled: (f"b took {intercept_settled} updates: the bowl is {condition:.1f} times flatter along the valley.",
                            f"b took {intercept_settled} updates: the valley is flat."),
    }
    return Scene(
        title=("Why does the slope settle before the intercept?", "Why does w settle before b?"),
        caption={update: words for update, words in captions.items() if update <= n_updates},
        panels=[
            panels.loss_surface_3d(
                value, [run], optimum=problem.objective.optimum(), limits=window, orbit=orbit,
                title="Surface", weight=1.15,
            ),
            panels.LossSurface.of(problem, [run], limits=window, title="From above"),
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log"),
        secondary_counter=panels.Readout.of("MSE", run.trajectory.loss),
        alt=f"Batch gradient descent on the mean squared error of a line, as a surface and from above. The slope settles "
        f"after {slope_settled} updates, the intercept after {intercept_settled}; the line ends at y = {ends}.",
    )
