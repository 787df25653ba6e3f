"""How do you see that training is done?

Batch gradient descent on a line from slope 0 and intercept 0: the fit, the loss on a logarithmic axis, and both parameters.
The loss is half the mean squared error. Points come from numpy's legacy generator, so that others' numbers can be repeated.
"""

from typing import Annotated

from numpy.random import RandomState

from animate import Range, RegressionData, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels
from animate.draw import formatting
from animate.learn.problems import starting_params


def build(
    learning_rate: Annotated[float, Range(1e-10, 1.0, scale="log"), "Step size"] = 0.1,
    n_updates: Annotated[int, Range(1, 10_000), "Updates, all points each"] = 100,
    n_samples: Annotated[int, Range(5, 500), "Points drawn, x uniform from -3 to 3"] = 100,
    slope: Annotated[float, Range(-10.0, 10.0), "Of the line the points come from"] = 2.5,
    intercept: Annotated[float, Range(-10.0, 10.0), "Of the line the points come from"] = 1.0,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 0.2,
    start: Annotated[tuple[float, float], "Slope and intercept of the first line"] = (0.0, 0.0),
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points"] = 42,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = (
        RegressionData.from_table(data) if data else line(n_samples, slope, intercept, noise=noise, rng=RandomState(seed))
    )
    problem = linear_problem(points, standardize=data is not None, loss="half_squared")
    steps, first = optimizers.gradient_descent(learning_rate), starting_params(problem, start)
    run = panels.Run("Gradient descent", descend(problem.objective, steps, first, n_updates), "second")
    optimum = problem.objective.optimum()
    best, loss = problem.objective.value(optimum), run.trajectory.loss[-1]
    truth, dashed = ("least squares", problem.in_units(optimum)) if data else ("true", (slope, intercept))
    w, b = (formatting.number(value, 5) for value in problem.in_units(run.trajectory.final))
    (early, fast), (late, slow) = sorted(
        (panels.settles_at(run, optimum, axis), name) for axis, name in enumerate(("slope", "intercept"))
    )
    captions = {
        0: ("This line knows nothing yet. Watch the fit, the loss on its logarithmic axis, and both parameters.",
            "Watch the fit, the loss and both parameters."),
        max(1, early // 5): (f"The {fast} learns fastest, and the loss plunges with it.", f"The {fast} learns fastest."),
        early: (f"From update {early} on the {fast} is within 2 % of its way, and the loss curve bends: the {slow} is left.",
                f"The {fast} has settled; the {slow} is left."),
        late: ("Now every curve is flat: training is done. What is left of the loss no line can explain.",
               "Every curve is flat: training is done."),
        n_updates: (f"{'Done' if late < n_updates else 'Not done yet'}: slope {w} and intercept {b}; "
                    f"dashed: {truth} {dashed[0]:.5g} and {dashed[1]:.5g}.", f"w {w}, b {b}; dashed: {truth}."),
    }
    return Scene(
        title=("How do you see that training is done?", "When is training done?"),
        caption=captions,
        panels=[
            panels.LineFit(problem=problem, run=run, title="Fit", loss_name="\u00bd MSE", weight=1.4),
            [
                panels.LossCurve(runs=[run], optimum=best, log=True, title=("\u00bd mean squared error", "\u00bd MSE")),
                panels.Traces.of_line(problem, run, targets=dashed, title=(f"Parameters (dashed: {truth})", "Parameters")),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log"),
        alt=f"Gradient descent fits a line to {len(points.x)} points in {n_updates} updates to slope "
        f"{w} and intercept {b}, half the mean squared error {loss:.6g}.",
    )
