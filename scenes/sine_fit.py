"""Polynomial or sine: which one goes on beyond the data?

Batch gradient descent on the mean squared error (without a half) of both: a polynomial on scaled powers, and
a sine of free amplitude, frequency and phase on standardized x and y. Each has its own learning rate.
"""

from typing import Annotated

import numpy as np

from animate import (
    LearningRate, Noise, OwnData, Range, RegressionData, Scene, Seed, Timeline, Updates, claims, datasets, descend,
    formatting, optimizers, panels, polynomial_problem, say,
)
from animate.learn import damped_newton_path, sinusoid_problem


def build(
    amplitude: Annotated[float, Range(0.1, 100.0), "Of the true wave"] = 1.5,
    frequency: Annotated[float, Range(0.1, 10.0), "Of the true wave, in radians per unit of x"] = 1.6,
    phase: Annotated[float, Range(-3.2, 3.2), "Of the true wave, in radians"] = 0.4,
    degree: Annotated[int, Range(1, 9), "Of the polynomial"] = 5,
    start: Annotated[
        tuple[float, float, float] | None, "First amplitude, frequency and phase; none: one period, or near the best for your own data"
    ] = None,
    learning_rate: Annotated[LearningRate, "Step size of the sine"] = 0.05,
    polynomial_rate: Annotated[LearningRate, "Step size of the polynomial"] = 0.15,
    n_updates: Updates = 2000,
    n_samples: Annotated[int, Range(10, 500), "Points drawn"] = 50,
    noise: Noise = 0.3,
    seed: Seed = 5,
    data: OwnData = None,
) -> Scene:
    true = {"amplitude": amplitude, "frequency": frequency, "phase": phase}
    points = RegressionData.from_table(data) if data else datasets.sine(n_samples, noise=noise, rng=seed, **true)
    polynomial, wave = polynomial_problem(points, degree), sinusoid_problem(points, offset=None if data else 0.0)
    bends = descend(
        polynomial.objective, optimizers.gradient_descent(polynomial_rate), np.zeros(degree + 1), n_updates
    )
    first = wave.from_units(start or (wave.near_best() if data else wave.one_period()))
    swings = descend(wave.objective, optimizers.gradient_descent(learning_rate), first, n_updates)
    runs = [panels.Run("Polynomial", bends, "first"), panels.Run("Sine", wave.trajectory_in_units(swings), "second")]
    low, width = points.x.min(), np.ptp(points.x)
    curves = panels.Curves(
        data=points, curves=[panels.FittedCurve(runs[0], polynomial.curve), panels.FittedCurve(runs[1], wave.curve)],
        reference=None if data else lambda x: amplitude * np.sin(frequency * x + phase), reference_name=("true wave", "truth"),
        x_limits=(low - 0.05 * width, low + 1.45 * width), title="Points and two fits", loss_name="MSE", weight=1.7,
    )  # fmt: skip
    off = [formatting.number(gap, 2) for gap in curves.gaps_beyond(n_updates)]
    best, least = wave.best()
    found = claims.gained_at(runs[1], least, share=0.98)
    began, ended, fits = (
        formatting.number(value, formatting.decimals_for(value)) for value in (*runs[1].trajectory.params[[0, -1], 1], best[1])
    )
    # Damped Newton steps from the end of the path go to the nearest minimum: a run that is stuck is there already.
    rest = damped_newton_path(wave.objective, swings.final, 30).final if np.isfinite(swings.final).all() else swings.final
    at_rest = bool(np.linalg.norm(rest - swings.final) <= 0.02 * (1 + np.linalg.norm(swings.final)))
    middle = (
        say("After {when} updates the sine has locked in, at frequency {ended}.", "The sine has locked in after {when} updates.", when=found, ended=ended)
        or say("The sine is stuck in a local minimum, at frequency {ended}; {fits} fits best.", "The sine is stuck in a local minimum.",
               when=at_rest, ended=ended, fits=fits)
        or say("The sine is still on its way, at frequency {ended} in the end; {fits} fits best.", "The sine is still on its way.", ended=ended, fits=fits)
    )
    numbers = {"polynomial": polynomial.r_squared(bends.final), "sine": wave.r_squared(runs[1].trajectory.final), "apart": off[0]}
    ending = (
        say("R² {polynomial:.3} and {sine:.3}. Beyond the data, where nobody knows, they part by up to {apart}.", "Beyond, they part by up to {apart}.",
            when=data is not None, **numbers)
        or say("R² {polynomial:.3} and {sine:.3}. Beyond the data the polynomial is off by up to {apart}, the sine by {off}.",
               "Beyond the data they are off by {apart} and {off}.", off=off[-1], **numbers)
    )
    return Scene(
        title=("Polynomial or sine: which one goes on beyond the data?", "Which goes on beyond the data?"),
        caption=[
            (0, say("First guesses: a polynomial of degree {degree}, still flat, and a sine of frequency {began}.", "First guesses: a flat line and a sine.",
                    degree=degree, began=began)),
            (4, ("The polynomial bends by its weights; the sine changes amplitude, frequency and phase at once.",
                 "The sine: amplitude, frequency, phase at once.")),
            (n_updates // 3 if found is None else min(found, n_updates // 3), middle),
            (n_updates, ending),
        ],
        panels=[
            curves,
            [
                panels.LossCurve(runs=runs, log=True, log_updates=True, names=False, title=("Mean squared error", "MSE")),
                panels.Traces(
                    values=swings.params if data else runs[1].trajectory.params, names=[("amplitude", "A"), ("frequency", "f"), ("phase", "φ")],
                    targets=None if data else list(true.values()), roles=("fourth", "fifth", "sixth"), log_updates=True,
                    decimals=2, title=("The sine’s parameters, scaled", "Sine, scaled") if data else ("The sine’s parameters", "Sine"),
                ),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.5, pace="log"),
        alt=say("A polynomial of degree {degree} and a sine fitted to {n} points in {updates} updates. {ending}", degree=degree, n=points.n_samples,
                updates=n_updates, ending=ending[0]),
    )  # fmt: skip
