"""Which learning rate is right?

Batch gradient descent from one start at several rates, and at one just above the limit 2/λmax of the Hessian.
The loss is half the mean squared error. A run has converged when 1/10,000 of its first excess loss is left.
"""

from typing import Annotated

import numpy as np

from animate import (
    Beat, LinePoints, Range, Scene, Updates, claims, compare, formatting, marks, optimizers, panels, say, sentences, to_end, up_to,
)


def build(
    rates: Annotated[tuple[float, float, float, float], Range(1e-10, 10.0, scale="log"), "Four step sizes"] = (
        0.001, 0.01, 0.1, 0.5,
    ),
    above: Annotated[float, Range(1.0, 10.0), "A fifth rate, as a multiple of the limit"] = 1.5,
    n_updates: Updates = 100,
    points: LinePoints = LinePoints(60, noise=0.8, start=(0.0, 0.0), seed=2, intercept=1.5),
) -> Scene:
    problem = points.problem(loss="half_squared")
    objective, first = problem.objective, points.first_params(problem)
    limit, best, curvatures = objective.stability_limit(), objective.value(objective.optimum()), np.linalg.eigvalsh(objective.hessian())
    tried = (*rates, above * limit)
    # Two runs may have one rate: a space keeps their names apart.
    named = {say("rate {rate:g}", rate=float(f"{rate:.3g}")) + " " * tried[:index].count(rate): rate for index, rate in enumerate(tried)}
    runs = compare(
        problem, {name: optimizers.gradient_descent(rate) for name, rate in named.items()}, start=first, n_updates=n_updates
    )
    arrivals = {run.name: at for run in runs if (at := claims.converged_at(run, best)) is not None}
    quickest = claims.best_of(arrivals)
    fastest = say("{name} is the first, after {when:update|updates}.", "First: {name}, after {when}.",
                  when=arrivals.get(quickest or ""), name=(quickest or "").strip().capitalize())
    long, short = claims.convergence_summary(runs, best)
    text = formatting.number(limit, formatting.decimals_for(limit, 4))
    low, high = min(*tried, limit) / 2.5, max(1.5 * max(tried), 60 * limit)
    below = np.log(limit / low) / np.log(high / low)
    room = float(min(below, 1 - below)) - 0.02
    columns = panels.convergence_grid(runs, best, loss_name="\u00bd MSE")
    columns[1][1].name = "Fifth"  # rates may be alike, and then so are their names
    return Scene(
        title=("Which learning rate is right?", "Which learning rate?"),
        beats=[
            Beat(say("Four descents from the same line, on the same points: only the learning rate differs.",
                     "Same start, same points; only the rate differs.", when=len(set(rates)) > 1)
                 or ("Four descents from the same line, on the same points, at one learning rate.", "Same start, same points, same rate."),
                 enter=[run.name.strip() for run in runs[:4]], seconds=2.0),
            Beat(say("A fifth rate is {above:g} times 2/\u03bbmax = {limit:4}, the limit that the Hessian sets.",
                     "A fifth: {above:g} times the limit 2/\u03bbmax.", above=above, limit=limit), enter=["Fifth", "Rates"], seconds=2.2),
            Beat(("A step is the rate times the slope, here of half the mean squared error.", "A step is rate times slope."),
                 updates=up_to(2), slow=True, seconds=2.2),
            Beat(("Converged means here: 1/10 000 of the first excess loss is left, for good.", "Converged: 1/10 000 of the first excess is left."),
                 updates=to_end, pace="log", seconds=3.2),
            Beat((say("After {updates:update|updates}: {long}", updates=n_updates, long=sentences(long, fastest)),
                  say("After {updates:update|updates}: {long}", updates=n_updates, long=long), short), seconds=0.8, hold=1.8),
            Beat(say("Any rate below the limit converges in the end; in the worst case 2/(\u03bbmin + \u03bbmax) = {fastest:4} is the fastest.",
                     "Below the limit any rate converges.", fastest=2 / (curvatures[0] + curvatures[-1]),
                     when=curvatures[0] > 1e-9 * curvatures[-1]), seconds=0.4, hold=2.2),
        ],
        panels=[
            *columns[:2],
            [
                *columns[2],
                panels.Plot(
                    marks.Span(x=(low, limit), color="right 14%"),
                    marks.Span(x=(limit, high), color="wrong 18%"),
                    marks.Line([[limit, 0], [limit, 1]], width=(2.4, 1.4), layer=2),
                    *(marks.Points([[rate, 0.3]], marker=run.marker, size=(13, 7), color=run.role, edge_width=(1.6, 0.9), layer=4)
                      for rate, run in zip(tried, runs, strict=True)),
                    marks.Text(("converges ", "✓ "), (limit, 0.74), align="right", valign="center", color="right", bold=True, room=room),
                    marks.Text((" diverges", " ✗"), (limit, 0.74), valign="center", color="wrong", bold=True, room=room),
                    limits=((low, high), (0.0, 1.0)), log="x", ticks=(None, ()), x="learning rate", title=("All rates", "Rates"), name="Rates",
                    readout=panels.Readout.still(("limit 2/λmax", "2/λmax"), text, "ink"),
                ),
            ],
        ],
        tells_divergence=False,
        alt=sentences(say("Loss curves of gradient descent on a line at five learning rates. The limit 2/\u03bbmax is {limit:4}. "
                          "After {updates:update|updates}: {long}", limit=limit, updates=n_updates, long=long), fastest),
    )
