"""Square the residuals, or just add them up?

Least squares minimizes the mean of r², least absolute deviations the mean of |r|, without a half; the totals shown are
sums over all points. Both descend on standardized x. The subgradient of |r| is its sign; its rate falls to 0 (cosine).
"""

from typing import Annotated

import numpy as np
from animate import Beat, LearningRate, OutlierPoints, Range, Scene, compare, optimizers, panels, say, schedules, sentences, to_end, up_to
from animate.learn import diagnostics


def build(
    learning_rate: Annotated[LearningRate, "Step size of least squares"] = 0.06,
    absolute_rate: Annotated[LearningRate, "First step of least absolute, in standard deviations of y"] = 0.1,
    n_updates: Annotated[int, Range(0, 10_000), "Updates; 0 shows the totals of the first line"] = 120,
    points: OutlierPoints = OutlierPoints(26, height=7.5, first_line=(-0.4, -2.5), seed=2),
) -> Scene:
    problems = {"Least squares": points.problem(loss="squared"), "Least absolute": points.problem(loss="absolute")}
    squares, absolute = fits = list(problems.values())
    rows, far = points.drawn(), diagnostics.outlier_rows(points.drawn())
    falling = schedules.cosine(absolute_rate * rows.spread, n_updates=max(n_updates, 1))
    steps = {"Least squares": optimizers.gradient_descent(learning_rate), "Least absolute": optimizers.gradient_descent(falling)}
    runs = compare(problems, steps, n_updates=n_updates)
    with np.errstate(all="ignore"):  # a run that diverges
        totals = rows.n_samples * np.array([[one.objective.values(run.trajectory.params) for run in runs] for one in fits])
    (r2, other_r2), (other_r1, r1) = ends = totals[..., -1]
    finite, rounding = bool(np.isfinite(ends).all()), 1e-9 * totals[:, :, 0].max(axis=1)
    both = say("Σ r²: {r2} against {other_r2}. Σ |r|: {other_r1} against {r1}.", when=finite, r2=r2, other_r2=other_r2, other_r1=other_r1, r1=r1)
    wins = (
        say("Both are the same line.", when=np.allclose(ends[:, 0], ends[:, 1], 1e-6, rounding))
        or say("Each line wins its own total.", when=r2 < other_r2 and r1 < other_r1)
        or say("Not each line wins its own total.", when=finite)
        or "At these rates not every total stays finite."
    )
    curves = [panels.FittedCurve.of_line(squares, run) for run in runs]
    return Scene(
        title=("Square the residuals, or just add them up?", "Squares, or plain distances?"),
        beats=[
            Beat("Least squares adds up the areas r², drawn red.", seconds=1.8),
            Beat("Least absolute deviations adds up the lengths |r|.", enter="lengths panel", seconds=1.8),
            Beat(("Squares: a far point pulls in proportion to its distance. Absolute: all pull equally hard.",
                  "Absolute: near or far, all pull equally hard."), enter="pull", updates=up_to(5), slow=True, seconds=2.8),
            Beat(("The pull of |r| is only a sign: on the height of the line it is the points above less those below.",
                  "|r| only counts how many are above and below."), updates=to_end, pace="log", seconds=4.0),
            Beat((sentences(both, wins), wins), enter="totals", hold=2.6, seconds=1.0),
        ],
        panels=[
            panels.Curves(data=rows, curves=curves[:1], marked=far, residuals="squares", words=panels.pull_summary(squares, runs[0]),
                          reading=panels.Readout.of("Σ r²", totals[0, 0]), title=("Least squares", "Squares")),
            panels.Curves(data=rows, curves=curves[1:], marked=far, residuals="segments", words=panels.pull_summary(absolute, runs[1]),
                          reading=panels.Readout.of("Σ |r|", totals[1, 1]), title=("Least absolute", "Absolute"), name="lengths panel"),
            [
                panels.total_bars(totals, [rows.n_samples * one.objective.lowest() for one in fits], ("Σ r²", "Σ |r|"),
                                  roles=("first", "second"), title=("Both totals", "Totals")),
                panels.pull_stems(list(zip(fits, runs, strict=True)), ["r²", "|r|"], marked=far, title=("Share of the pull", "Pull"), name="pull"),
            ],
        ],
    )  # fmt: skip
