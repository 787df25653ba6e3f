"""What happens at the largest learning rate?

Batch gradient descent on the mean squared error (no half) of a line, at rates just under, at and just over the limit
2/λmax of the Hessian.
"""

from typing import Annotated

from animate import Range, RegressionData, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels
from animate.draw import formatting
from animate.learn.problems import starting_params
from animate.learn.convergence import first_nonfinite, first_of, classify_updates


def build(
    margin: Annotated[float, Range(1e-6, 0.9, scale="log"), "How far under and over the limit, as a share of it"] = 0.1,
    n_updates: Annotated[int, Range(1, 10_000), "Updates, all points each"] = 4200,
    n_samples: Annotated[int, Range(5, 500), "Points drawn"] = 40,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 1.0,
    start: Annotated[tuple[float, float] | None, "Slope and intercept of the first line"] = None,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points"] = 0,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(n_samples, slope=1.5, intercept=1.0, noise=noise, rng=seed)
    problem = linear_problem(points, standardize=data is not None)
    first = starting_params(problem, start if start or data else (0.6, -1.0), rng=seed)
    limit, optimum = problem.objective.stability_limit(), problem.objective.optimum()
    best, rates = problem.objective.value(optimum), ((1 - margin) * limit, limit, (1 + margin) * limit)
    under, at, over = runs = [
        panels.Run(name, descend(problem.objective, optimizers.gradient_descent(rate), first, n_updates), role)
        for name, rate, role in zip(("Just under", "Exactly at", "Just over"), rates, ("second", "first", "fifth"), strict=True)
    ]
    rest = first_of("converged", classify_updates(under.trajectory.loss, best))
    infinite, undefined = first_nonfinite(over.trajectory.params, over.trajectory.loss)
    long, short = panels.convergence_summary(runs, best)
    captions = {
        0: ("The limit is 2/\u03bbmax, twice the inverse of the loss\u2019s largest curvature: computed, not tried out.",
            "The limit is 2/\u03bbmax, from the loss\u2019s curvature."),
        1: (f"In the steepest direction every step lands {abs(1 - 2 * margin):.4g}, 1 and {1 + 2 * margin:.4g} times as far from the optimum.",
            f"Each step multiplies the distance: {abs(1 - 2 * margin):.4g}, 1, {1 + 2 * margin:.4g}.",
            f"Distance: times {abs(1 - 2 * margin):.4g}, 1 and {1 + 2 * margin:.4g}."),
        n_updates: (long, short),
    }
    if rest:
        captions[rest] = (f"Under the limit the line is at rest after {rest} updates; at it the line swings for ever; over it, it flies off.",
                          f"Under: at rest after {rest} updates. At: swings for ever. Over: flies off.", f"Under: at rest after {rest} updates.")
    if infinite:
        captions[infinite] = (f"Over the limit: at update {infinite} the loss is infinite, more than a 64-bit number can hold.",
                              f"Over the limit the loss is infinite from update {infinite} on.", f"Over: loss \u221e at update {infinite}.")
    if undefined:
        captions[undefined] = (f"From update {undefined} on slope and intercept are nan: \u221e \u2212 \u221e is not a number, and nothing brings them back.",
                               f"From update {undefined} on slope and intercept are nan: \u221e \u2212 \u221e.",
                               f"From update {undefined} on: \u221e \u2212 \u221e = nan.")
        del captions[n_updates]
    window = panels.around([at.trajectory.params], optimum, margin=1.5)
    text = formatting.number(limit, formatting.decimals_for(limit, 4))
    return Scene(
        title=("What happens at the largest learning rate?", "At the largest learning rate"),
        caption=captions,
        panels=[
            [
                panels.LossSurface.of(problem, [run], limits=window, title=(run.name, run.name.split()[-1].capitalize()),
                                  role=run.role, note=(f"rate {rate:.4g}", f"{rate:.4g}")),
                panels.LineFit(problem=problem, run=run, residuals=False, title="Line", headline="loss alone"),
            ]
            for run, rate in zip(runs, rates, strict=True)
        ],
        timeline=Timeline(n_updates, seconds=7.5, pace="log", pauses={infinite: 0.7} if infinite else {}),
        secondary_counter=panels.Readout(("limit 2/\u03bbmax", "2/\u03bbmax"), lambda _: text, text),
        tells_divergence=False,
        alt=f"Three descents of a line around the limit 2/\u03bbmax = {text}, on the loss surface and as lines. {long}"
        + (f" Just over it the loss is infinite from update {infinite} on." if infinite else ""),
    )
