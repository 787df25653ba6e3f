"""Why does a line need thousands of epochs?

Batch gradient descent, one update per epoch, on x as it is and on x measured from its mean. Where the mean of x is
far from 0, the loss is a long narrow valley. The loss is the mean squared error, without a half.
"""

from typing import Annotated

from animate import Beat, LearningRate, LinePoints, Scene, Updates, claims, compare, optimizers, panels, say, to_end
from animate.learn import convergence, scaled_problem, scaling


def build(
    learning_rate: Annotated[LearningRate | None, "For x as it is; none: 0.005, or a quarter of its limit"] = None,
    centered_rate: Annotated[LearningRate | None, "For centered x; none: 0.06, or half of its limit"] = None,
    n_updates: Annotated[Updates, "Epochs, one update each"] = 10_000,
    points: LinePoints = LinePoints(100, start=(0.0, 0.0), slope=3.0, intercept=2.0, x_range=(1.0, 10.0)),
) -> Scene:
    raw = points.problem(scaling=scaling.unit_deviation)
    centered = scaled_problem(raw.data, scaling.centered(raw.data.X, raw.scaling))
    valley, bowl, n, first = raw.objective, centered.objective, raw.data.n_samples, raw.first
    rates = learning_rate or min(0.005, valley.stability_limit() / 4), centered_rate or min(0.06, bowl.stability_limit() / 2)
    problems, (rate, quick_rate) = {"x as it is": raw, "x centered": centered}, rates
    descents = {name: optimizers.gradient_descent(own) for name, own in zip(problems, rates, strict=True)}
    starts = [first, centered.from_units(raw.in_units(first))]
    runs = compare(problems, descents, start=starts, n_updates=n_updates)
    slow, quick = map(claims.updates_needed, (valley, bowl), rates, starts)
    epochs, early = convergence.updates_until(valley, rate, first), max(n_updates // 60, 1)
    peak = claims.stands_in(runs[0], valley.optimum(), before=early) if rate < valley.stability_limit() else None
    taken, slopes = claims.creeping(runs[0], valley, rate, after=early), raw.in_units(runs[0].trajectory.params)[:, 0]
    is_tilted = valley.condition_number() > 1.5 * bowl.condition_number()
    return Scene(
        title=("Why does a line need thousands of epochs?", "Why thousands of epochs?") if (epochs or 0) >= 1000
        else "How many epochs does a line need?",
        panels=[[
            panels.LossSurface.of(problems[run.name], [run], whole=True, role=run.role, title=run.name),
            panels.Traces.of_line(problems[run.name], run, at_mean=run is runs[1], log_updates=True, counter="epoch",
                                  title="w and b", name=f"traces of {run.name}"),
        ] for run in runs],
        beats=[
            Beat(say("{n} points, one update an epoch at rate {rate:g}, in a long narrow valley of the loss.",
                     "{n} points: a long narrow valley.", when=valley.condition_number() > 10, n=n, rate=rate)
                 or say("{n} points, one update an epoch at rate {rate:g}.", n=n, rate=rate),
                 enter="x as it is", seconds=2.2),
            Beat(say("The mean of x is {mean}: changing the slope lifts or sinks the whole line as well.",
                     "The mean of x is {mean}.", when=is_tilted, mean=raw.data.x.mean()), seconds=1.8),
            Beat(say("By epoch {peak} the slope has overshot to {slope}: it stands in for a far intercept.",
                     "By epoch {peak} the slope has overshot: {slope}.", when=peak, peak=peak, slope=slopes[peak or 0])
                 or "The first epochs.", enter="traces of x as it is", until=peak or early, pace="log", seconds=2.2),
            Beat(say("Then both creep along the valley: every epoch takes off {taken:%2} of what is left.",
                     "Now both creep along the valley.", when=taken if is_tilted else None, taken=taken)
                 or "Then the next, and the next.", updates=to_end, pace="log", seconds=3.4),
            Beat(say("The same points, x measured from its mean, at rate {rate:g}: b is then the line’s height there.",
                     "x measured from its mean, at rate {rate:g}.", rate=quick_rate),
                 enter=["x centered", "traces of x centered"], seconds=2.0),
            Beat(say("Epochs for 99 % of the way to the best line, slope {best:4}: {slow}; with x centered: {quick}.",
                     "For 99 %: {slow}; centered: {quick}.", best=raw.in_units(valley.optimum())[0], slow=slow, quick=quick), seconds=0, hold=2.6),
        ],
        counter="epoch",
    )
