"""Which learning rate is right?

Batch gradient descent from one start at several rates, and at one above the limit 2/λmax of the Hessian.
The loss is half the mean squared error. A run has converged when at most 1/10,000 of its first excess loss is left.
"""

from typing import Annotated

import numpy as np

from animate import Beat, LinePoints, Range, Scene, Updates, claims, formatting, panels, say, sentences, to_end, up_to


def build(
    rates: Annotated[tuple[float, float, float, float], Range(1e-10, 10.0, scale="log"), "Four step sizes"] = (
        0.001, 0.01, 0.1, 0.5,
    ),
    above: Annotated[float, Range(1.0, 10.0), "A fifth rate, as a multiple of the limit"] = 1.5,
    n_updates: Updates = 100,
    points: LinePoints = LinePoints(60, noise=0.8, start=(0.0, 0.0), seed=2, intercept=1.5),
) -> Scene:
    problem = points.problem(loss="half_squared")
    limit, best = problem.objective.stability_limit(), problem.objective.lowest()
    flattest, steepest = np.linalg.eigvalsh(problem.objective.hessian())
    shown = formatting.apart(limit, 2 / (flattest + steepest), digits=4)
    tried, first = (*rates, above * limit), problem.first_off_optimum
    runs = panels.descents_at(tried, problem, start=first, n_updates=n_updates)
    columns = panels.convergence_grid(runs, best, loss_name="½ MSE")
    columns[1][1].name = "Fifth"  # rates may be alike, and then so are their names
    long, short = claims.convergence_summary(runs, best)
    ends = say("After {updates:update|updates}: {ends}", updates=n_updates, ends=long)
    return Scene(
        title=("Which learning rate is right?", "Which learning rate?"),
        beats=[
            Beat(("Four descents from the same line, on the same points, each at the learning rate above it.",
                  "Same start, same points, four rates."), enter=[run.name.strip() for run in runs[:4]], seconds=2.0),
            Beat(say("The Hessian sets a limit, 2/λmax = {limit}. A fifth rate is {above:g6} times that.",
                     "A fifth: {above:g6} times the limit 2/λmax.", when=above > 1, above=above, limit=shown[0])
                 or say("The Hessian sets a limit, 2/λmax = {limit}, which is the fifth rate.", "A fifth: the limit 2/λmax.", limit=shown[0]),
                 enter=["Fifth", "Rates"], seconds=2.2),
            Beat(("A step is the rate times the slope, here of half the mean squared error.",
                  "A step is rate times slope."), updates=up_to(2), slow=True, seconds=2.2),
            Beat(("Converged means here: at most 1/10 000 of the first excess loss is left, to the end.",
                  "Converged: at most 1/10 000 of the excess is left."), updates=to_end, pace="log", seconds=3.2),
            Beat((sentences(ends, claims.first_converged(runs, best)), ends, short), seconds=0.8, hold=1.8),
            Beat(say("Any rate below the limit converges in the end; in the worst case 2/(λmin + λmax) = {best} "
                     "is the fastest.", "Below the limit any rate converges.",
                     when=flattest > 1e-9 * steepest, best=shown[1]), seconds=0.4, hold=2.2),
        ],
        panels=[
            *columns[:2],
            [*columns[2], panels.rate_scale(runs, tried, limit, title=("All rates", "Rates"), name="Rates")],
        ],
        tells_divergence=False,
    )
