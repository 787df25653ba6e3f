"""Polynomial or sine: which one goes on beyond the data?

Batch gradient descent on the mean squared error (without a half) of both: a polynomial on scaled powers, and
a sine of free amplitude, frequency and phase on standardized x and y. Each has its own learning rate.
"""

from typing import Annotated

import numpy as np

from animate import (
    LearningRate, Noise, OwnData, Range, RegressionData, Scene, Seed, Timeline, Updates, datasets, descend, formatting,
    optimizers, panels, polynomial_problem,
)
from animate.learn import sinusoid_problem


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
    found = panels.loss_settles_at(runs[1], least, share=0.02)
    began, ended, fits = (
        formatting.number(value, formatting.decimals_for(value)) for value in (*runs[1].trajectory.params[[0, -1], 1], best[1])
    )
    stands = runs[1].trajectory.loss[9 * n_updates // 10] <= 1.001 * runs[1].trajectory.loss[-1]
    middle = (f"The sine is still on its way, to a frequency of {fits}.", "The sine is still on its way.")
    if found < n_updates:
        middle = (f"After {found} updates the sine has locked in, at frequency {ended}.", f"The sine has locked in after {found} updates.")
    elif stands:
        middle = (f"The sine is stuck in a local minimum, at frequency {ended}; {fits} fits best.", "The sine is stuck in a local minimum.")
    scores = f"R² {formatting.number(polynomial.r_squared(bends.final), 3)} and {formatting.number(wave.r_squared(runs[1].trajectory.final), 3)}"
    ending = (f"{scores}. Beyond the data, where nobody knows, they part by up to {off[0]}.", f"Beyond, they part by up to {off[0]}.")
    if not data:
        ending = (f"{scores}. Beyond the data the polynomial is off by up to {off[0]}, the sine by {off[1]}.",
                  f"Beyond the data they are off by {off[0]} and {off[1]}.")  # fmt: skip
    return Scene(
        title=("Polynomial or sine: which one goes on beyond the data?", "Which goes on beyond the data?"),
        caption={
            0: (f"First guesses: a polynomial of degree {degree}, still flat, and a sine of frequency {began}.",
                "First guesses: a flat line and a sine."),
            4: ("The polynomial bends by its weights; the sine changes amplitude, frequency and phase at once.",
                "The sine: amplitude, frequency, phase at once."),
            min(found, n_updates // 3): middle,
            n_updates: ending,
        },
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
        alt=f"A polynomial of degree {degree} and a sine fitted to {len(points.x)} points in {n_updates} updates. {ending[0]}",
    )  # fmt: skip
