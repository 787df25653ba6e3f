"""What does momentum change in a narrow valley?

The valley L = 1/2 (x² + κ y²), or the mean squared error of a line through your points; κ is the condition number.
"""

from typing import Annotated

from animate import (
    Beat, LearningRate, Momentum, OwnData, Range, Scene, StartLine, Updates, claims, compare, formatting, linear_problem, optimizers, panels,
    say, surfaces, to_end, up_to,
)
from animate.learn.conditioning import crosses_valley, fewest_updates
from animate.learn.scaling import Standardize


def build(
    learning_rate: Annotated[LearningRate | None, "Of all three, η; none: 0.01, or half of the limit if lower"] = None,
    momentum: Annotated[Momentum, "Share of the velocity that is kept, β"] = 0.85,
    condition_number: Annotated[float, Range(1.0, 1000.0, scale="log"), "How narrow the valley is, κ"] = 50.0,
    n_updates: Updates = 120,
    start: Annotated[StartLine, "x and y of the start, w and b of own data; none: (-4.5, 1.4), or (0, 0)"] = None,
    window: Annotated[tuple[float, float, float, float] | None, "Lowest and highest x or w shown, then y or b; none: around the paths"] = None,
    truth: Annotated[StartLine, "Slope and intercept that your own points were made with, to be marked; none: not known"] = None,
    standardize: Standardize = False,
    data: Annotated[OwnData, "Your own x and y; their mean squared error is the valley"] = None,
) -> Scene:
    problem = linear_problem(data, standardize=standardize).beginning(start or (0.0, 0.0)) if data else None
    valley, first = (problem.objective, problem.first) if problem else (surfaces.valley(condition_number), start or (-4.5, 1.4))
    optimum, hessian, limit = valley.optimum(), valley.hessian(), valley.stability_limit()
    rate, steepness = learning_rate or min(0.01, float(f"{limit / 2:.2g}")), valley.condition_number()
    plain, heavy, nesterov = optimizers.gradient_descent(rate), optimizers.heavy_ball(rate, momentum), optimizers.nesterov(rate, momentum)
    runs = compare(valley, {"Plain": plain, "Heavy ball": heavy, "Nesterov": nesterov}, start=first, n_updates=n_updates)
    lowest, goal = valley.value(optimum), 1e-3 * (valley.value(first) - valley.value(optimum))
    best, n = fewest_updates(hessian, first - optimum, share=1e-3) if steepness <= 1000 else (0.0, 0)
    crosses = momentum > 0 and runs[1].diverges_at is None and crosses_valley(runs[1].trajectory.params, optimum, hessian)
    ground = "A narrow valley" if steepness >= 10 else "A valley" if steepness >= 1.005 else "A round bowl"
    return Scene(
        title=(f"What does momentum change in {ground.lower()}?", "What does momentum change?"),
        panels=[
            panels.LossSurface.of(problem, runs, true_line=truth, window=window, note=formatting.condition(steepness), title=ground) if problem
            else panels.LossSurface(values=valley.values, optimum=optimum, note=surfaces.valley(condition_number).formula, names=("x", "y"),
                                    runs=runs, title=ground, limits=panels.limits_of(window)),
            [panels.LossCurve(runs=runs, goal=goal, above=lowest, log=True, title=("Excess loss, goal: first / 1000", "Excess loss"), weight=1.2),
             panels.Formula.of_heavy_ball(valley, runs[1], rate, momentum, "w" if data else "x", title="Heavy ball", weight=0.75)],
        ],
        beats=[
            Beat(say("{ground} and three ways to walk it, all at rate {rate:g6}. The limit of plain descent is 2/λmax = {limit:g6}.",
                     "All at rate {rate:g6}; the limit 2/λmax is {limit:g6}.", ground=ground, rate=rate, limit=limit), enter=ground, seconds=2.4),
            Beat(say("A plain step is {rate:g3} times the slope; the heavy ball keeps {kept:g} % of its last, too.",
                     "The heavy ball keeps {kept:g} % of its last step.", rate=rate, kept=100 * momentum),
                 updates=up_to(3), slow=True, enter="Heavy ball", focus=["path", "optimum", "number"], seconds=3.4),
            Beat(say("Pulls along the valley add up, pulls across it cancel. Nesterov looks ahead.", when=crosses)
                 or say("Without momentum all are the same.", when=momentum == 0)
                 or "The velocity adds up past pulls. Nesterov takes the slope where v leads.",
                 updates=to_end, pace="log", enter="Excess loss, goal: first / 1000", seconds=3.6),
            Beat(claims.arrival_summary(runs, goal, above=lowest), seconds=1.0, hold=1.4),
            Beat(say("Plain descent at its own best rate, {rate:g6} of at most {limit:g3}, needs {n:update|updates}.",
                     "Plain at its best: {n}.", rate=best, limit=limit, n=n, when=goal > 0 < n), seconds=0, hold=2),
        ],
    )
