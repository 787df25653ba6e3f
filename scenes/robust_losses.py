"""Which loss do outliers pull most?

Squared (r²/2), absolute (|r|) and Huber's loss (r²/2 up to δ, then δ|r| − δ²/2), each the mean over all points, on the
same data with x standardized. The rate of the absolute loss falls to 0 (cosine), for its subgradient never shrinks;
Huber's, whose pull is no more than δ, falls to that of the squared loss.
"""

from functools import partial
from typing import Annotated

import numpy as np

from animate import (
    Beat, LearningRate, Noise, OwnData, Range, RegressionData, SampleSize, Scene, Seed, StartLine, Updates, datasets,
    descend, formatting, linear_problem, losses, marks, optimizers, panels, say, schedules, starting_params,
    to_end, up_to,
)
from animate.learn import diagnostics, problems
from animate.learn.scaling import Standardize


def loss_marks(problem: problems.LinearProblem, run: panels.Run, sign: str, hollow: np.ndarray, reach: float) -> list[marks.Mark]:
    """Return a loss's curve over the residual, a dot for each point, and the mean loss where the curve ends."""
    mean, objective = run.trajectory.loss, problem.objective

    def cost(residuals: np.ndarray) -> np.ndarray:
        return objective.loss.value(residuals, np.zeros_like(residuals))

    with np.errstate(all="ignore"):
        rows = marks.drawn_rows(objective.n_samples)
        residuals, hollow = run.trajectory.params @ objective.design[rows].T - objective.targets[rows], hollow[rows]
        residuals[~(np.abs(residuals) <= reach)] = np.nan
        places, decimals = np.stack([residuals, cost(residuals)], axis=-1), formatting.decimals_for(mean[-1])
    dots = partial(marks.Points, size=(7.5, 4), layer=5)
    return [
        marks.Curve(cost, domain=(-reach, reach), n=161, color=run.role, width=(2.6, 1.4), layer=3),
        dots(marks.per_update(places[:, ~hollow]), color=run.role, edge_width=(0.8, 0.4)),
        dots(marks.per_update(places[:, hollow]), color="background", edge=run.role, edge_width=(2.0, 1.2)),
        marks.EndText(lambda k: f"{sign} {formatting.number(mean[run.at(k)], decimals)}",
                      float(cost(np.array([reach]))[0]), color=run.role, name="mean"),
    ]  # fmt: skip


def build(
    huber_delta: Annotated[float | None, Range(1e-3, 1e3, scale="log"), "δ; none: 1.345 robust deviations"] = None,
    learning_rate: Annotated[LearningRate, "Step size of the squared and Huber's loss"] = 0.3,
    absolute_rate: Annotated[LearningRate, "First step of the absolute loss, in standard deviations of y"] = 0.1,
    n_updates: Updates = 120,
    n_samples: SampleSize = 32,
    share: Annotated[float, Range(0.0, 0.4), "Share of them moved down"] = 0.15,
    height: Annotated[float, Range(0.1, 100.0), "How far they are moved, in units of y"] = 10.0,
    noise: Noise = 0.8,
    start: StartLine = None,
    seed: Annotated[Seed, "Of the points and of a random first line"] = 5,
    standardize: Standardize = True,
    data: OwnData = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else datasets.outliers(
        n_samples, noise=noise, share=share, height=height, rng=seed
    )
    delta, far_step = huber_delta or diagnostics.default_huber_delta(points), absolute_rate * (float(points.y.std()) or 1.0)
    falling = schedules.cosine(far_step, n_updates=n_updates)
    settling = schedules.cosine(max(learning_rate, far_step / delta), n_updates=n_updates, final_rate=learning_rate)
    kinds: list[str | losses.Loss] = ["half_squared", "absolute", losses.huber(delta)]
    problems = [linear_problem(points, standardize=standardize or not data, loss=kind) for kind in kinds]
    steps = [
        optimizers.gradient_descent(learning_rate), optimizers.gradient_descent(falling), optimizers.gradient_descent(settling)
    ]  # fmt: skip
    first = starting_params(problems[0], start if start or data else (0.1, -3.0), rng=seed)
    runs = [
        panels.Run(name, descend(problem.objective, step, first, n_updates), role)
        for name, problem, step, role in zip(("Squared", "Absolute", "Huber"), problems, steps, panels.RUN_ROLES, strict=False)
    ]
    fits, signs, far = list(zip(problems, runs, strict=True)), ("½ r²", "|r|", "Huber"), diagnostics.outlier_rows(points)
    pull = panels.pull_stems(fits, signs, marked=far, title=("Share of the pull", "Pull"), name="pull")
    squared, absolute, huber = pull.notes(n_updates)
    first_off, off = (max(float(np.abs(p.objective.predictions(run.trajectory.params[k]) - p.objective.targets).max()) for p, run in fits)
                      for k in (0, -1))
    off = off if 0 < off <= 3 * first_off else first_off or 1.0  # a run that diverges does not set the scale
    reach = 1.06 * min(max(first_off, off), 1.6 * off)
    highest = max(reach**2 / 2, reach)
    whose = "The point that pulls most holds" if not len(far) else "The outlier holds" if len(far) == 1 else "The outliers hold"
    pulls = {"whose": whose, "squared": squared, "absolute": absolute, "huber": huber}
    return Scene(
        title=("Which loss do outliers pull most?", "Which loss resists outliers?"),
        beats=[
            Beat(("One start, three losses: squared, absolute, and Huber’s: squared up to δ, straight beyond.",
                  "One start, three losses: squared, absolute, Huber’s."), enter=["lines", "loss"], seconds=2.6),
            Beat(("A point pulls as hard as its loss is steep: squared, the farther the harder.",
                  "A point pulls as hard as its loss is steep."), enter="pull", updates=up_to(5), slow=True, seconds=3.0),
            Beat(say("|r| is as steep near as far: all pull alike. Huber’s pull grows up to δ = {bend}, no further.",
                     "|r|: all pull alike. Huber: no more than δ.", bend=delta), updates=to_end, pace="log", seconds=4.4),
            Beat(say("{whose} {squared} of the squared pull, {absolute} of the absolute and {huber} of Huber’s.",
                     "Outliers’ pull: {squared}, {absolute}, {huber}." if len(far) else "Largest pull: {squared}, {absolute}, {huber}.", **pulls),
                 seconds=0, hold=3.0),
        ],
        panels=[
            panels.Curves(
                data=points, curves=[panels.FittedCurve.of_line(*fit) for fit in fits], marked=far, weight=1.3,
                title=("Same points, three lines", "Three lines"), name="lines",
            ),
            [
                panels.Plot(
                    *(mark for sign, fit in zip(signs, fits, strict=True)
                      for mark in loss_marks(*fit, sign, np.isin(np.arange(len(points.x)), far), reach)),
                    *(marks.Rule(x=side, dash="dashed") for side in (-delta, delta) if delta < reach),
                    marks.Text(" δ" if delta < reach else "", (min(delta, reach), 1.0), coords=("data", "axes"), valign="top", layer=2),
                    limits=((-reach, reach), (-0.04 * highest, 1.04 * highest)), x="residual", title=("Loss of a residual", "Loss"), name="loss",
                    runs=runs,
                ),
                pull,
            ],
        ],
        alt=say("Three lines fitted to {n} points, {far:of them an outlier|of them outliers} by a rule of 3.5 robust deviations, by squared, absolute and Huber’s loss. {whose} "
                "{squared} of the squared pull, {absolute} of the absolute and {huber} of Huber’s in the end.", n=points.n_samples, far=len(far), **pulls),
    )  # fmt: skip
