"""Why does a line need thousands of epochs?

Batch gradient descent, one update per epoch, on x as it is and on x measured from its mean. Where the mean of x is far from
0, the loss is a long narrow valley. The loss is the mean squared error, without a half.
"""

from typing import Annotated

import numpy as np

from animate import (
    Beat, LearningRate, Noise, OwnData, RegressionData, SampleSize, Scene, Seed, Updates, claims, descend, formatting, line,
    optimizers, panels, say, sentences, to_end,
)
from animate.learn import convergence, scaled_problem, scaling
from animate.learn.scaling import Standardize


def build(
    learning_rate: Annotated[LearningRate | None, "For x as it is; none: 0.005, or a quarter of its limit"] = None,
    centered_rate: Annotated[LearningRate, "For centered x"] = 0.06,
    n_updates: Annotated[Updates, "Epochs, one update each"] = 10_000,
    n_samples: Annotated[SampleSize, "Points drawn, x from 1 to 10"] = 100,
    noise: Noise = 1.0,
    start: Annotated[tuple[float, float], "Slope and intercept of the first line"] = (0.0, 0.0),
    seed: Seed = 0,
    standardize: Annotated[Standardize, "Whether your own x is measured in standard deviations"] = True,
    data: OwnData = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(
        n_samples, slope=3.0, intercept=2.0, noise=noise, x_range=(1.0, 10.0), rng=seed
    )
    in_deviations = bool(data) and standardize
    unit = scaling.unit_deviation(points.X) if in_deviations else scaling.Scaling.identity(1)
    columns: list[list[panels.Panel]] = []
    needed, fits = [], []
    for title, scales, rate, role, label in (
        ("x as it is", unit, learning_rate, "first", "intercept"),
        ("x centered", scaling.centered(points.X, unit), centered_rate, "second", "height at mean x"),
    ):
        problem = scaled_problem(points, scales)
        first, best = problem.from_units(start), problem.objective.optimum()
        rate = rate or min(0.005, problem.objective.stability_limit() / 4)
        run = panels.Run(title, descend(problem.objective, optimizers.gradient_descent(rate), first, n_updates), role)
        columns.append([
            panels.LossSurface.of(
                problem, [run], limits=panels.around([run.trajectory.params], best), role=role,
                title=say("{title}, rate {rate:g}", "{title}", title=title, rate=rate),
                names=((f"slope{' per deviation of x' if in_deviations else ''}  w", "w"), (f"{label}  b", "b")),
                note=formatting.condition(problem.objective.condition_number()),
            ),
            panels.Traces.of_line(
                problem, run, values=unit.to_units(run.trajectory.params), targets=unit.to_units(best),
                title=(f"Slope and {label}", f"Slope and {label.partition(' at')[0]}"), names=(("slope", "w"), (label.replace("height ", ""), "b")),
                log_updates=True, counter="epoch", name=f"traces of {title}",
            ),
        ])  # fmt: skip
        fits.append((problem.objective, run.trajectory.params, rate))
        needed.append(claims.updates_needed(problem.objective, rate, first))
    ((raw, params, rate), (centered, _, _)), (slow, quick) = fits, needed
    epochs = convergence.updates_until(raw, rate, params[0])
    thousands = epochs is not None and epochs >= 1000
    early, share = max(n_updates // 60, 1), convergence.slowest_rate(raw, rate)
    # The last update may be where rounding ends the descent: two epochs on the way are looked at.
    steady = early < n_updates and convergence.shrinks_by(params, raw.optimum(), share, [early, min(2 * early, n_updates - 1)])
    slopes, best = unit.to_units(params)[:, 0], problem.in_units(best)[0]
    peak, away = convergence.overshoots_at(slopes, best), np.abs(params[:, 1] - raw.optimum()[1])
    stands_in = rate < raw.stability_limit() and peak is not None and peak < early and away[peak] > 0.1 * away[0]
    narrow, tilted = raw.condition_number() > 10, raw.condition_number() > 1.5 * centered.condition_number()
    verdict = say("Epochs for 99 % of the parameters\u2019 way: {slow} with x as it is, {quick} with x measured from its mean.",
                  "Epochs for 99 %: {slow}; centered: {quick}.", slow=slow, quick=quick)
    return Scene(
        title=("Why does a line need thousands of epochs?", "Why thousands of epochs?") if thousands else "How many epochs does a line need?",
        beats=[
            Beat(say("{n} points. One update an epoch, on the loss over slope and intercept: a long narrow valley.",
                     "{n} points: a long narrow valley.", when=narrow, n=points.n_samples)
                 or say("{n} points. One update an epoch, on the loss over slope and intercept.", "{n} points, one update an epoch.",
                        n=points.n_samples), enter="x as it is", seconds=2.2),
            Beat(say("The mean of x is {mean}: changing the slope lifts or sinks the whole line as well.", "The mean of x is {mean}.",
                     when=tilted, mean=points.x.mean())
                 or "The mean of x is as good as 0.", seconds=1.8),
            Beat(say("By epoch {peak} the slope has overshot to {slope}: it stands in for the intercept, which is still far off.",
                     "By epoch {peak} the slope has overshot: {slope}.", when=stands_in, peak=peak, slope=slopes[peak or 0])
                 or "The first epochs.", enter="traces of x as it is", until=peak if stands_in else min(early, n_updates), pace="log", seconds=2.2),
            Beat(say("Then both creep along the valley at one rate: every epoch takes off {taken:g} % of what is left.",
                     "Now both creep along the valley.", when=steady and tilted, taken=float(f"{100 * share:.2g}"))
                 or "Then the next, and the next.", updates=to_end, pace="log", seconds=3.4),
            Beat(("The same points, x measured from its mean: b is then the height of the line in their middle.",
                  "The same points, x measured from its mean."), enter=["x centered", "traces of x centered"], seconds=2.0),
            Beat(verdict, seconds=0, hold=2.6),
        ],
        panels=columns,
        counter="epoch",
        alt=sentences(
            say("Gradient descent on a line through {n} points for {updates:epoch|epochs}, on the loss surface and as slope and intercept.",
                n=points.n_samples, updates=n_updates),
            say("With x as it is the slope ends at {slope:4}; the best is {best:4}.", when=np.isfinite(slopes[-1]), slope=slopes[-1], best=best),
            verdict[0],
        ),
    )
