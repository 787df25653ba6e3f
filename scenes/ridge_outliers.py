"""Does a ridge penalty guard against outliers?

The loss is ½ mean r² + ½ λ w², w the weight of standardized x; the intercept is not penalized. Four penalties λ descend
from one line. An outlier is a point more than 3.5 robust deviations off the line of least absolute deviations.
"""

from typing import Annotated

import numpy as np

from animate import (
    Beat, LearningRate, OutlierPoints, Range, Scene, Updates, claims, descend, formatting, optimizers, panels, say, sentences,
    to_end, up_to,
)
from animate.learn import diagnostics
from animate.learn.ridge_path import ridge_path


def build(
    penalties: Annotated[tuple[float, float, float, float], Range(0.0, 10.0), "Four penalties λ"] = (0.0, 0.01, 0.1, 1.0),
    learning_rate: Annotated[LearningRate, "Step size of all four"] = 0.08,
    n_updates: Updates = 120,
    points: OutlierPoints = OutlierPoints(32, first_line=(3.2, -1.5), seed=5),
) -> Scene:
    ridge = [points.problem(loss="half_squared", ridge_penalty=penalty) for penalty in penalties]
    first, steps, scaled = points.first_params(ridge[0]), optimizers.gradient_descent(learning_rate), ridge[0].is_scaled
    runs = [
        panels.Run(say("λ = {penalty:g}", penalty=penalty), descend(problem.objective, steps, first, n_updates), role)
        for penalty, problem, role in zip(penalties, ridge, panels.RUN_ROLES, strict=False)
    ]
    rows, path = points.drawn(), ridge_path(ridge[0], penalties)
    far, best = diagnostics.outlier_rows(rows), path.slopes
    clean = diagnostics.line_without_rows(rows, far)
    slopes = np.stack([problem.in_units(run.trajectory.params)[:, 0] for problem, run in zip(ridge, runs, strict=True)], axis=-1)
    off = {say("{penalty:g}", penalty=penalty): abs(slope - clean[0]) for penalty, slope in zip(penalties, best, strict=True)}
    nearest = claims.best_of(off) if len(far) and len(off) == len(penalties) else None
    near = np.maximum(0.01 * np.abs(best), 1e-3 * np.abs(slopes[0] - best) * ~np.any(best))
    settled, stays = bool((np.abs(slopes[-1] - best) <= near).all()), all(run.diverges_at is None for run in runs)
    places, is_tiny = formatting.decimals_for(float(np.abs(best).max())), 0 < np.abs(best).max() < 1e-4
    *ends, without = [formatting.significant(slope) if is_tiny else formatting.number(slope, places) for slope in (*slopes[-1], clean[0])]
    named = {"ends": ", ".join(ends), "nearest": nearest}
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
                     "All lines meet at the mean of x: b is free.", when=scaled and stays)
                 or "The intercept is not penalized.", enter="traces", updates=to_end, pace="log", seconds=4.0),
            Beat(say("Slopes {ends}: λ divides them by 1 + λ, outliers or not. Nearest to the dashes: λ = {nearest}.",
                     "Slope ÷ (1 + λ). Nearest to the dashes: λ = {nearest}.", when=settled and scaled and nearest is not None, **named)
                 or say("Slopes {ends}: the best slope is 0, whatever λ is.", "The best slope is 0, whatever λ is.",
                        when=settled and not best.any(), **named)
                 or say("Slopes {ends}: λ divides the slope by 1 + λ.", "Slope ÷ (1 + λ).", when=settled and scaled, **named)
                 or say("Slopes {ends}: each is within 1 % of its minimum.", "Each is within 1 % of its minimum.", when=settled, **named)
                 or say("Slopes {ends}: not yet within 1 % of their minima.", "Not yet within 1 % of the minima.", when=stays, **named)
                 or "At this rate not every slope settles.", enter="penalty", seconds=1.2, hold=2.8),
        ],
        panels=[
            panels.Curves(
                data=rows, curves=[panels.FittedCurve.of_line(*fit) for fit in zip(ridge, runs, strict=True)], marked=far,
                reference=np.poly1d(clean) if len(far) else None, reference_name=("without outliers", "no outliers"),
                reading=panels.Readout.still(("loss = ½ mean r² + ½ λ w²", "½ mean r² + ½ λ w²", "")), loss_name="loss",
                title=("Four penalties", "Four λ"), name="lines", weight=1.4,
            ),
            [
                panels.Traces(
                    values=slopes, names=[say("λ={penalty:g}:", "{penalty:g}:", penalty=penalty) for penalty in penalties],
                    targets=best, decimals=places, title=("Slope at each update", "Slope"), name="traces",
                ),
                panels.slope_against_penalty(path, penalties, runs, slopes, clean[0] if len(far) else None),
            ],
        ],
        alt=sentences(
            say("Ridge regression with four penalties on {n} points, {far:of them an outlier|of them outliers}.", n=rows.n_samples, far=len(far)),
            say("The slopes end at {ends}.", when=bool(np.isfinite(slopes[-1]).all()), **named),
            say("Least squares without the outliers has {clean}.", when=len(far) > 0, clean=without),
        ),
    )  # fmt: skip
