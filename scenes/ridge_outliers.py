"""Does a ridge penalty guard against outliers?

The loss is ½ mean r² + ½ λ w², w the weight of standardized x; the intercept is not penalized. Four penalties λ descend
from one line. An outlier is a point more than 3.5 robust deviations off the line of least absolute deviations.
"""

from dataclasses import replace
from typing import Annotated

import numpy as np

from animate import (
    Beat, LearningRate, Noise, OwnData, Range, RegressionData, SampleSize, Scene, Seed, StartLine, Updates, claims,
    datasets, descend, formatting, linear_problem, marks, optimizers, panels, say, sentences, starting_params,
    to_end, up_to,
)
from animate.learn import diagnostics
from animate.learn.scaling import Standardize


def build(
    penalties: Annotated[tuple[float, float, float, float], Range(0.0, 10.0), "Four penalties λ"] = (0.0, 0.01, 0.1, 1.0),
    learning_rate: Annotated[LearningRate, "Step size of all four"] = 0.08,
    n_updates: Updates = 120,
    n_samples: SampleSize = 32,
    share: Annotated[float, Range(0.0, 0.4), "Share of them moved down"] = 0.12,
    height: Annotated[float, Range(0.1, 100.0), "How far they are moved, in units of y"] = 9.0,
    noise: Noise = 0.8,
    start: StartLine = None,
    seed: Annotated[Seed, "Of the points and of a random first line"] = 5,
    standardize: Standardize = True,
    data: OwnData = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else datasets.outliers(
        n_samples, noise=noise, share=share, height=height, rng=seed
    )
    scaled = standardize or not data
    ridge = [linear_problem(points, standardize=scaled, loss="half_squared", ridge_penalty=p) for p in penalties]
    first = starting_params(ridge[0], start if start or data else (3.2, -1.5), rng=seed)
    steps = optimizers.gradient_descent(learning_rate)
    runs = [
        panels.Run(say("λ = {penalty:g}", penalty=penalty), descend(problem.objective, steps, first, n_updates), role)
        for penalty, problem, role in zip(penalties, ridge, panels.RUN_ROLES, strict=False)
    ]
    far = diagnostics.outlier_rows(points)
    clean = diagnostics.line_without_rows(points, far)
    slopes = np.stack([problem.in_units(run.trajectory.params)[:, 0] for problem, run in zip(ridge, runs, strict=True)], axis=-1)

    def optimum(penalty: float) -> float:
        return float(ridge[0].in_units(replace(ridge[0].objective, ridge_penalty=float(penalty)).optimum())[0])

    targets = np.array([optimum(penalty) for penalty in penalties])
    # penalties stand on a scale that is logarithmic but for the part near 0, arsinh, so that 0 has a place too
    unit = min([penalty for penalty in penalties if penalty > 0] or [1.0]) / 2
    grid = np.concatenate([[0.0], np.geomspace(unit / 5, 4 * max(*penalties, unit), 60)])
    solutions = np.stack([np.arcsinh(grid / unit), [optimum(penalty) for penalty in grid]], axis=-1)
    known = [*solutions[:, 1], *clean[: len(far[:1])]]
    reach = 3 * max(float(np.ptp(known)), float(np.abs(known).max()))
    shown = [*known, *np.clip(slopes[0], min(known) - reach, max(known) + reach)]
    margin = 0.1 * float(np.ptp(shown)) or 1.0
    off = {say("{penalty:g}", penalty=penalty): abs(float(target) - clean[0]) for penalty, target in zip(penalties, targets, strict=True)}
    nearest = claims.best_of(off) if len(far) and len(off) == len(penalties) else None
    least = np.maximum(0.01 * np.abs(targets), 1e-3 * np.abs(slopes[0] - targets) * ~np.any(targets))
    settled = bool((np.abs(slopes[-1] - targets) <= least).all())
    places = formatting.decimals_for(float(np.abs(targets).max()))
    is_tiny = 0 < np.abs(targets).max() < 1e-4
    ends = ", ".join(formatting.significant(slope) if is_tiny else formatting.number(slope, places) for slope in slopes[-1])
    return Scene(
        title=("Does a ridge penalty guard against outliers?", "Does ridge guard against outliers?"),
        beats=[
            Beat(("One start, four penalties: descent minimizes ½ mean r² + ½ λ w², w per standard deviation of x.",
                  "Minimized: ½ mean r² + ½ λ w², x standardized.") if scaled else ("One start, four penalties: descent minimizes ½ mean r² + ½ λ w².",
                  "Minimized: ½ mean r² + ½ λ w²."), enter="lines", seconds=2.4),
            Beat(say("At every update the penalty pulls w towards 0, with a gradient of λ w: the lines part.",
                     "The penalty pulls w towards 0, with λ w.", when=np.ptp(penalties) > 0)
                 or "Four equal penalties: four equal lines.", updates=up_to(6), slow=True, seconds=2.8),
            Beat(say("The intercept is not penalized: at every update all four lines meet at the mean of x.",
                     "All lines meet at the mean of x: b is free.", when=scaled and all(run.diverges_at is None for run in runs))
                 or "The intercept is not penalized.", enter="traces", updates=to_end, pace="log", seconds=4.0),
            Beat(say("Slopes {ends}: λ divides by 1 + λ, outliers or not. Nearest to the dashes: λ = {nearest}.",
                     "Slope ÷ (1 + λ). Nearest to the dashes: λ = {nearest}.", when=settled and scaled and nearest is not None, ends=ends, nearest=nearest)
                 or say("Slopes {ends}: the best slope is 0, whatever λ is.", "The best slope is 0, whatever λ is.", when=settled and not targets.any(), ends=ends)
                 or say("Slopes {ends}: λ divides the slope by 1 + λ.", "Slope ÷ (1 + λ).", when=settled and scaled, ends=ends)
                 or say("Slopes {ends}: each is within 1 % of its minimum.", "Each is within 1 % of its minimum.", when=settled, ends=ends)
                 or say("Slopes {ends}: not yet within 1 % of their minima.", "Not yet within 1 % of the minima.", ends=ends,
                        when=all(run.diverges_at is None for run in runs)) or "At this rate not every slope settles.",
                 enter="penalty", seconds=1.2, hold=2.8),
        ],
        panels=[
            panels.Curves(
                data=points, curves=[panels.FittedCurve.of_line(*fit) for fit in zip(ridge, runs, strict=True)], marked=far,
                reference=np.poly1d(clean) if len(far) else None, reference_name=("without outliers", "no outliers"),
                reading=panels.Readout.still(("loss = ½ mean r² + ½ λ w²", "½ mean r² + ½ λ w²", "")), loss_name="loss",
                title=("Four penalties", "Four λ"), name="lines", weight=1.4,
            ),
            [
                panels.Traces(
                    values=slopes, names=[say("λ={penalty:g}:", "{penalty:g}:", penalty=penalty) for penalty in penalties],
                    targets=targets, decimals=places, title=("Slope at each update", "Slope"), name="traces",
                ),
                panels.Plot(
                    marks.Line(solutions, color="muted", width=(2.2, 1.2), layer=2),
                    *([marks.Rule(y=clean[0], dash="dashed", layer=1),
                       marks.Text(("┄ without outliers ", "┄ no outliers "), (1.0, clean[0]), coords=("axes", "data"), align="right",
                                  valign="bottom", room=0.6)] if len(far) else []),
                    *(marks.Points(marks.per_update(np.stack([np.full(len(slopes), np.arcsinh(penalty / unit)), path], -1)[:, None]),
                                   color=run.role, marker=run.marker, size=(11, 6), edge_width=(1.6, 0.9), layer=8)
                      for run, penalty, path in zip(runs, penalties, slopes.T, strict=True)),
                    limits=((-0.3, solutions[-1, 0]), (min(shown) - margin, max(shown) + margin)), x="penalty λ",
                    ticks=({float(np.arcsinh(penalty / unit)): say("{penalty:g}", penalty=penalty) for penalty in penalties}, None),
                    title=("Slope against penalty", "Slope against λ"), name="penalty", runs=runs,
                ),
            ],
        ],
        alt=sentences(
            say("Ridge regression with four penalties on {n} points, {far:of them an outlier|of them outliers}.", n=points.n_samples, far=len(far)),
            say("The slopes end at {ends}.", when=bool(np.isfinite(slopes[-1]).all()), ends=ends),
            say("Least squares without the outliers has {clean}.", when=len(far) > 0, clean=formatting.significant(clean[0]) if is_tiny else formatting.number(clean[0], places)),
        ),
    )  # fmt: skip
