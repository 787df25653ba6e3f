"""Why does the slope settle before the intercept?

The mean squared error (no half) over slope and intercept is a bowl, steep across the slope and flat along the intercept.
Batch gradient descent rolls down the steep side first, then creeps along the valley.
"""

from typing import Annotated

from animate import (
    Beat, LearningRate, LinePoints, Orbit, Scene, Updates, claims, compare, optimizers, panels, say, sentences, to_end, up_to,
)


def build(
    learning_rate: LearningRate = 0.02,
    n_updates: Annotated[Updates | None, "Updates; none: 150, on your own points 500"] = None,
    points: LinePoints = LinePoints(50, slope=1.5, intercept=1.0, x_range=(-4.5, 4.5), first_line=(-1.2, -4.0), seed=1),
    orbit: Orbit = 0.0,
) -> Scene:
    n_updates = n_updates or (150 if points.data is None else 500)
    problem, descent = points.problem(), {"Batch GD": optimizers.gradient_descent(learning_rate)}
    (run,) = compare(problem, descent, n_updates=n_updates)
    values, optimum = problem.objective.values, problem.objective.optimum()
    window = panels.around([run.trajectory.params], optimum)
    w_at, b_at = (claims.settled_at(run, optimum, axis=axis) for axis in (0, 1))
    w_first = w_at is not None and 1 < w_at < (n_updates if b_at is None else b_at)
    step_w, step_b = abs(run.trajectory.params[1] - run.trajectory.params[0])
    return Scene(
        title=("Why does the slope settle before the intercept?", "Why does w settle before b?") if w_first else
        ("How do slope and intercept settle?", "How do w and b settle?"),
        panels=[
            panels.loss_surface_3d(values, [run], optimum=optimum, limits=window, orbit=orbit, title="Surface", weight=1.15),
            panels.LossSurface.of(problem, [run], limits=window, title="From above"),
        ],
        beats=[
            Beat(("Every line is a place, slope w and intercept b. The height is its mean squared error.",
                  "Every line is a place; the height is its error."), enter="Surface", seconds=2.4),
            Beat(("The same from above: bright where the error is small. The star is the best line.",
                  "From above; the star is the best line."), enter="From above", seconds=1.8),
            Beat(say("One update goes straight down the slope. It is steep across w: almost only w changes.",
                     "One update goes down: almost only w changes.", when=step_w > 3 * step_b)
                 or "One update goes straight down the slope.", updates=up_to(1), slow=True, focus=["path", "optimum"], seconds=0.9, hold=0.9),
            *[Beat(("Then the next, and the next: down the steep side first.", "Then the next: down the steep side first."),
                   until=w_at, pace="log", seconds=1.7) for _ in range(w_first)],
            Beat(say("At update {at} w has settled (within 1 % of its first distance). Now b creeps along the flat valley.",
                     "w has settled at update {at} (within 1 %); b creeps.", when=w_first, at=w_at)
                 or "Then the next, and the next.", updates=to_end, pace="linear" if w_first else "log",
                 seconds=2.6 if w_first else 4.3),
            Beat(say("b took {b:update|updates}, w {w}: the bowl is {ratio:.1} times flatter along the valley.",
                     "b took {b:update|updates}, w {w}: the valley is flat.", when=w_first and b_at is not None, b=b_at, w=w_at,
                     ratio=problem.objective.condition_number()) or claims.settling(run, optimum), seconds=0, hold=2.6),
        ],
        secondary_counter=panels.Readout.of("MSE", run.trajectory.loss),
        alt=sentences("The mean squared error of a line, as a surface and from above.", claims.line_summary(problem, [run])),
    )
