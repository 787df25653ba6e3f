"""What happens at the largest learning rate?

Batch gradient descent on the mean squared error (no half) of a line, at rates just under, at and just over the limit
2/λmax of the Hessian.
"""

from typing import Annotated

from animate import Beat, LinePoints, Range, Scene, Updates, claims, compare, formatting, optimizers, panels, say, to_end, up_to
from animate.learn import convergence


def build(
    margin: Annotated[float, Range(1e-6, 0.9, scale="log"), "How far under and over the limit, as a share of it"] = 0.1,
    n_updates: Updates = 4200,
    points: LinePoints = LinePoints(40, slope=1.5, intercept=1.0, first_line=(0.6, -1.0)),
) -> Scene:
    problem = points.problem()
    limit, optimum = problem.objective.stability_limit(), problem.objective.optimum()
    lowest, rates = problem.objective.lowest(), ((1 - margin) * limit, limit, (1 + margin) * limit)
    names = ("Just under", "Exactly at", "Just over") if margin <= 0.2 else ("Far under", "Exactly at", "Far over")
    methods = {name: optimizers.gradient_descent(rate) for name, rate in zip(names, rates, strict=True)}
    under, at, over = runs = compare(problem, methods, start=problem.first_off_optimum, n_updates=n_updates, roles=("second", "first", "fifth"))
    rest, (infinite, undefined) = claims.converged_at(under, lowest), convergence.first_nonfinite(over.trajectory.params, over.trajectory.loss)
    kept, grown = claims.distance_left(at, optimum), claims.distance_left(over, optimum)
    factors = {name: round(factor, 3 if margin >= 1e-3 else 7) for name, factor in (("under", abs(1 - 2 * margin)), ("over", 1 + 2 * margin))}
    ending = (
        say("From update {when} on slope and intercept have no value: ∞ − ∞ is not a number, and nothing brings them back.",
            "From update {when} on slope and intercept have no value: ∞ − ∞.", "From update {when} on: ∞ − ∞.", when=undefined)
        or say("At the limit {kept:%2} of the first distance is left; over it the line is {grown} times as far off as at first.",
               "Distance: {kept:%2} at the limit, {grown} times over it.", kept=kept, grown=grown)
    )
    window = panels.around([at.trajectory.params], optimum, margin=1.5)
    return Scene(
        title=("What happens at the largest learning rate?", "At the largest learning rate"),
        beats=[
            Beat(("The limit is 2/λmax, twice the inverse of the loss’s largest curvature: computed, not tried out.",
                  "The limit is 2/λmax, from the loss’s curvature."), enter=names, seconds=2.4),
            Beat(say("In the steepest direction every step lands {under:g8}, 1 and {over:g8} times as far from the optimum.",
                     "Each step multiplies the distance: {under:g8}, 1, {over:g8}.", "Distance: times {under:g8}, 1 and {over:g8}.", **factors),
                 enter=["line under", "line at", "line over"], updates=up_to(6), seconds=3.0),
            Beat(say("Over the limit: at update {when} the loss is infinite, more than a 64-bit number can hold.",
                     "Over the limit the loss is infinite from update {when} on.", "Over: loss ∞ at update {when}.", when=infinite),
                 until=infinite and max(infinite, 6), pace="log", seconds=2.4),
            Beat(say("Under the limit the run has converged after {when:update|updates}: at most 1/10\u202f000 of the first excess loss is left.",
                     "Under: converged after {when:update|updates}.", when=rest) or "Then the next, and the next.",
                 updates=to_end, pace="log", seconds=2.4),
            Beat(ending, seconds=0, hold=2.4),
        ],
        panels=[
            [
                panels.LossSurface.of(problem, [run], limits=window, title=(run.name, run.name.split()[-1].capitalize()),
                                  role=run.role, note=(say("rate {rate:g}", rate=rate), say("{rate:g}", rate=rate))),
                panels.LineFit(problem=problem, run=run, residuals=False, title="Line", headline="loss alone", name=f"line {run.name.split()[-1]}"),
            ]
            for run, rate in zip(runs, rates, strict=True)
        ],
        secondary_counter=panels.Readout.still(("limit 2/\u03bbmax", "2/\u03bbmax"), formatting.significant(limit, 4)),
        tells_divergence=False,
    )
