"""Why does a line need thousands of epochs?

Batch gradient descent, one update per epoch, on x that is not centered: a long narrow valley. The same points with x
measured from its mean are done in tens. The loss is the mean squared error, without a half.
"""

from typing import Annotated

from animate import Range, RegressionData, Scene, Table, Timeline, descend, line, optimizers, panels
from animate.draw import formatting
from animate.learn.scaling import Scaling
from animate.learn.convergence import slowest_rate, overshoots_at, updates_until
from animate.learn.scaling import centered, unit_deviation
from animate.learn.problems import scaled_problem


def build(
    learning_rate: Annotated[float | None, Range(1e-10, 1.0, scale="log"), "For x as it is; none: 0.005, or a quarter of its limit"] = None,
    centered_rate: Annotated[float, Range(1e-10, 1.0, scale="log"), "For centered x"] = 0.06,
    n_updates: Annotated[int, Range(1, 10_000), "Epochs, one update each"] = 10_000,
    n_samples: Annotated[int, Range(5, 500), "Points drawn, x from 1 to 10"] = 100,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 1.0,
    start: Annotated[tuple[float, float], "Slope and intercept of the first line"] = (0.0, 0.0),
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points"] = 0,
    data: Annotated[Table | None, "Your own x and y; x is measured in standard deviations"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(
        n_samples, slope=3.0, intercept=2.0, noise=noise, x_range=(1.0, 10.0), rng=seed
    )
    unit = unit_deviation(points.X) if data else Scaling.identity(1)
    surfaces, traces, needed, creeping = [], [], [], []
    for title, scaling, rate, role, label in (
        ("x as it is", unit, learning_rate, "first", "intercept"),
        ("x centered", centered(points.X, unit), centered_rate, "second", "height at mean x"),
    ):
        problem = scaled_problem(points, scaling)
        first, best = problem.from_units(start), problem.objective.optimum()
        rate = rate or min(0.005, problem.objective.stability_limit() / 4)
        run = panels.Run(title, descend(problem.objective, optimizers.gradient_descent(rate), first, n_updates), role)
        surfaces.append(panels.LossSurface.of(
            problem, [run], limits=panels.around([run.trajectory.params], best), role=role, title=(f"{title}, rate {rate:g}", title),
            names=((f"slope{' per deviation of x' if data else ''}  w", "w"), (f"{label}  b", "b")),
            note=formatting.condition(problem.objective.condition_number()),
        ))  # fmt: skip
        traces.append(panels.Traces.of_line(
            problem, run, values=unit.to_units(run.trajectory.params), targets=unit.to_units(best), title=f"Slope and {label}",
            names=(("slope", "w"), (label.replace("height ", ""), "b")), log_updates=True, counter="epoch",
        ))  # fmt: skip
        needed.append(updates_until(problem.objective, rate, first))
        creeping.append(100 * slowest_rate(problem.objective, rate))
    slopes, best = traces[0].values[:, 0], problem.in_units(best)[0]
    peak, creeps, end = overshoots_at(slopes, best), n_updates // 60, n_updates if needed[0] is None else min(needed[0], n_updates)
    slow, quick = (formatting.grouped(count) if count is not None else "infinitely many" for count in needed)
    captions = {
        0: (f"The mean of x is {points.x.mean():.3g}: changing the slope lifts or sinks the whole line as well.",
            f"The mean of x is {points.x.mean():.3g}."),
        creeps: (f"Now both creep along the valley at one rate: every epoch takes off {creeping[0]:.2g} % of what is left.",
                 "Now both creep along the valley."),
        end: (f"99 % of the way takes {slow} epochs. The same points, x measured from its mean: {quick}.",
              f"99 % takes {slow} epochs; centered: {quick}."),
    }
    if peak and peak < creeps:
        captions[peak] = (f"By epoch {peak} the slope has overshot to {slopes[peak]:.2f}: it stands in for the intercept, which is still far off.",
                          f"By epoch {peak} the slope has overshot: {slopes[peak]:.2f}.")
    return Scene(
        title=("Why does a line need thousands of epochs?", "Why thousands of epochs?"),
        caption=captions,
        panels=list(zip(surfaces, traces, strict=True)),
        timeline=Timeline(n_updates, seconds=7.5, pace="log"),
        counter="epoch",
        alt=f"Gradient descent on a line through {len(points.x)} points for {n_updates} epochs, on the loss surface and as slope and "
        f"intercept. With x as it is the slope ends at {slopes[-1]:.3f} (best {best:.3f}), 99 % of the way takes {slow} epochs; "
        f"with x centered {quick}.",
    )
