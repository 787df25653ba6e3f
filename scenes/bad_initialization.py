"""What does a bad start cost?

Batch gradient descent on a line from three starts, each several times as far from the optimum as the one before. The
loss is the mean squared error, without a half. A run has arrived when it is as near as 1 % of the nearest start's distance.
"""

from typing import Annotated

from animate import Range, RegressionData, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels
from animate.draw import formatting
from animate.learn.problems import starting_params
from animate.learn.convergence import updates_until


def build(
    learning_rate: Annotated[float, Range(1e-10, 1.0, scale="log"), "Step size"] = 0.06,
    farther: Annotated[float, Range(1.1, 100.0, scale="log"), "How many times as far each start is as the one before"] = 4.0,
    n_updates: Annotated[int, Range(1, 10_000), "Updates, all points each"] = 80,
    n_samples: Annotated[int, Range(5, 500), "Points drawn"] = 40,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 1.0,
    start: Annotated[tuple[float, float] | None, "Slope and intercept of the nearest start"] = None,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points"] = 4,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(n_samples, slope=1.5, intercept=1.0, noise=noise, rng=seed)
    problem = linear_problem(points, standardize=data is not None)
    objective, optimum = problem.objective, problem.objective.optimum()
    near = starting_params(problem, start if start or data else (2.4, 0.0), rng=seed)
    runs, needed = [], []
    for factor, role in ((1.0, "second"), (farther, "first"), (farther**2, "fifth")):
        first = optimum + factor * (near - optimum)
        path = descend(objective, optimizers.gradient_descent(learning_rate), first, n_updates)
        runs.append(panels.Run(f"{factor:.4g}\u00d7 as far" if role != "second" else "Near start", path, role))
        needed.append(updates_until(objective, learning_rate, first, share=0.01 / factor))
    counts = [count for count in needed if count is not None]
    said = ", ".join(map(formatting.grouped, counts))
    captions = {
        0: (f"Three starts: one near the best line, one {farther:.3g} times and one {farther**2:.3g} times as far off.",
            f"One start is near, the others {farther:.3g}\u00d7 and {farther**2:.3g}\u00d7 as far."),
        1: ("Far from the optimum the loss is steep: the farther start takes longer steps, and catches up a lot.",
            "Far off the loss is steep: longer steps."),
        n_updates // 2: ("On the logarithmic axis the losses fall side by side: every update takes the same share of each.",
                         "Side by side: the same share per update."),
        n_updates: (f"To arrive: {said} updates. Each {farther:.3g} times as far costs {counts[-1] - counts[-2]} more, not {farther:.3g} times as many.",
                    f"To arrive: {said} updates.") if len(counts) == len(runs)
        else ("At this learning rate no start arrives.", "No start arrives."),
    }
    return Scene(
        title="What does a bad start cost?",
        caption=captions,
        panels=[
            panels.LineFit(problem=problem, run=runs[-1], title=(runs[-1].name, runs[-1].name.split()[0]), headline="loss alone"),
            panels.LossSurface.of(problem, runs[::-1], title="Loss surface"),
            [
                panels.LossCurve(runs=runs, above=objective.value(optimum), names=False, log=True,
                                 title="Excess MSE"),
                panels.UpdatesNeeded(runs=runs, needed=needed, title=("Updates needed", "Updates")),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="linear" if n_updates <= 300 else "log"),
        alt=f"Gradient descent on a line from three starts, each {farther:.3g} times as far from the optimum as the one before. "
        f"They arrive after {said or 'no number of'} updates; the farthest ends with a mean squared error of "
        f"{runs[-1].trajectory.loss[-1]:.4g} after {n_updates}.",
    )
