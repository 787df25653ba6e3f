"""Does a ridge penalty guard against outliers?

The loss is ½ mean r² + ½ λ w², w the weight of standardized x; the intercept is not penalized. Four penalties λ descend
from one line. An outlier is a point more than 3.5 robust deviations off the line of least absolute deviations.
"""

from typing import Annotated

import numpy as np
from animate import Beat, LearningRate, OutlierPoints, Range, Scene, Updates, claims, compare, formatting, optimizers, panels, say, to_end, up_to
from animate.learn import diagnostics
from animate.learn.ridge_path import ridge_path


def build(
    penalties: Annotated[tuple[float, float, float, float], Range(0.0, 10.0), "Four penalties λ"] = (0.0, 0.01, 0.1, 1.0),
    learning_rate: Annotated[LearningRate, "Step size of all four"] = 0.08,
    n_updates: Updates = 120,
    points: OutlierPoints = OutlierPoints(32, first_line=(3.2, -1.5), seed=5),
) -> Scene:
    ridge = [points.problem(loss="half_squared", ridge_penalty=penalty) for penalty in penalties]
    names = [say("λ = {penalty:g}", penalty=penalty) + " " * penalties[:at].count(penalty) for at, penalty in enumerate(penalties)]
    problems = dict(zip(names, ridge, strict=True))  # penalties may be alike: a space keeps their names apart
    runs = compare(problems, optimizers.gradient_descent(learning_rate), n_updates=n_updates)
    rows, path = points.drawn(), ridge_path(ridge[0], penalties)
    far, best, scaled = diagnostics.outlier_rows(rows), path.slopes, ridge[0].is_scaled
    clean = diagnostics.line_without_rows(rows, far)
    slopes = np.stack([problem.in_units(run.trajectory.params)[:, 0] for problem, run in zip(ridge, runs, strict=True)], axis=-1)
    off = {say("{penalty:g}", penalty=penalty): abs(slope - clean[0]) for penalty, slope in zip(penalties, best, strict=True)}
    nearest = claims.best_of(off) if len(far) and len(off) == len(penalties) else None
    return Scene(
        title=("Does a ridge penalty guard against outliers?", "Does ridge guard against outliers?"),
        beats=[
            Beat(say("One start, four penalties: descent minimizes ½ mean r² + ½ λ w², w per standard deviation of x.",
                     "Minimized: ½ mean r² + ½ λ w², x standardized.", when=scaled)
                 or ("One start, four penalties: descent minimizes ½ mean r² + ½ λ w².", "Minimized: ½ mean r² + ½ λ w²."),
                 enter="lines", seconds=2.4),
            Beat(say("At every update the penalty pulls w towards 0, with a gradient of λ w: the lines part.",
                     "The penalty pulls w towards 0, with λ w.", when=np.ptp(penalties) > 0)
                 or "Four equal penalties: four equal lines.", updates=up_to(6), slow=True, seconds=2.8),
            Beat(say("The intercept is not penalized: at every update all four lines meet at the mean of x.",
                     "All lines meet at the mean of x: b is free.", when=scaled and all(run.diverges_at is None for run in runs))
                 or "The intercept is not penalized.", enter="traces", updates=to_end, pace="log", seconds=4.0),
            Beat(say("Best slopes {best}: λ divides them by 1 + λ, outliers or not. Nearest to the dashes: λ = {nearest}.",
                     "Slope ÷ (1 + λ). Nearest to the dashes: λ = {nearest}.", when=scaled and nearest is not None, best=best, nearest=nearest)
                 or say("Best slopes {best}: λ divides them by 1 + λ.", "Best slope ÷ (1 + λ).", when=scaled, best=best)
                 or say("Best slopes {best}: to λ an outlier is a point like all others.", "Best slopes: {best}.", best=best),
                 enter="penalty", seconds=1.2, hold=2.8),
        ],
        panels=[
            panels.Curves(data=rows, curves=[panels.FittedCurve.of_line(*fit) for fit in zip(ridge, runs, strict=True)], marked=far,
                          reference=np.poly1d(clean) if len(far) else None, reference_name=("without outliers", "no outliers"),
                          loss_name="loss", title=("Four penalties", "Four λ"), name="lines", weight=1.4),
            [
                panels.Traces(values=slopes, names=[say("λ={penalty:g}:", "{penalty:g}:", penalty=penalty) for penalty in penalties], targets=best,
                              decimals=formatting.decimals_for(float(np.abs(best).max())), title=("Slope at each update", "Slope"), name="traces"),
                panels.slope_against_penalty(path, penalties, runs, slopes, clean[0] if len(far) else None),
            ],
        ],
    )  # fmt: skip
