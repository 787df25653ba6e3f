"""Polynomial or sine: which one goes on beyond the data?

Batch gradient descent on the mean squared error (without a half) of both: a polynomial on scaled powers, and a sine of free
amplitude, frequency and phase on standardized x and y. Each has its own learning rate.
"""

from typing import Annotated

import numpy as np

from animate import (
    Beat, LearningRate, Noise, OwnData, Range, RegressionData, Scene, Seed, Updates, claims, datasets, descend, optimizers, panels,
    say, sentences, to_end, up_to,
)
from animate.learn import sinusoid_problem
from animate.learn.problems import polynomial_problem


def build(
    amplitude: Annotated[float, Range(0.1, 100.0), "Of the true wave"] = 1.5,
    frequency: Annotated[float, Range(0.1, 10.0), "Of the true wave, in radians per unit of x; sin(2\u03c0x) has 6.2832"] = 1.6,
    phase: Annotated[float, Range(-3.2, 3.2), "Of the true wave, in radians"] = 0.4,
    x_range: Annotated[tuple[float, float], "Where points are drawn"] = (0.0, 6.2832),
    degree: Annotated[int, Range(1, 9), "Of the polynomial"] = 5,
    start: Annotated[tuple[float, float, float] | None, "First amplitude, frequency and phase; none: near the best"] = None,
    learning_rate: Annotated[LearningRate | None, "Step size of the sine; none: 0.05, or half of its limit at first"] = None,
    polynomial_rate: Annotated[LearningRate | None, "Step size of the polynomial; none: 0.15, or half of its limit"] = None,
    n_updates: Updates = 2000,
    n_samples: Annotated[int, Range(10, 500), "Points drawn"] = 50,
    noise: Noise = 0.3,
    seed: Seed = 5,
    data: OwnData = None,
) -> Scene:
    true = {"amplitude": amplitude, "frequency": frequency, "phase": phase}
    points = RegressionData.from_table(data) if data else datasets.sine(n_samples, noise=noise, x_range=x_range, rng=seed, **true)
    polynomial, wave = polynomial_problem(points, degree), sinusoid_problem(points, offset=None if data else 0.0)
    first = wave.from_units(start or wave.near_best())
    slow = polynomial_rate or min(0.15, 0.5 * polynomial.objective.stability_limit())
    rate = learning_rate or min(0.05, 0.5 * wave.objective.stability_limit(first))
    bends = descend(polynomial.objective, optimizers.gradient_descent(slow), np.eye(degree + 1)[-1] * points.y.mean(), n_updates)
    path = descend(wave.objective, optimizers.gradient_descent(rate), first, n_updates)
    swings = panels.Run("Sine", wave.trajectory_in_units(path), "second")
    runs, (best, least) = [panels.Run("Polynomial", bends, "first"), swings], wave.best()
    low, width = points.x.min(), np.ptp(points.x)
    curves = panels.Curves(
        data=points, curves=[panels.FittedCurve(runs[0], polynomial.curve), panels.FittedCurve(swings, wave.curve)],
        reference=None if data else lambda x: amplitude * np.sin(frequency * x + phase), reference_name=("true wave", "truth"),
        x_limits=(low - 0.05 * width, low + 1.45 * width), title="Points and two fits", loss_name="MSE", weight=1.7,
    )
    off, found = curves.gaps_beyond(n_updates), claims.gained_at(swings, least, share=0.98)
    is_wave = best[1] * width >= 0.1  # else the error falls with the frequency, down to 0
    moves = is_wave and found is None and swings.diverges_at is None
    numbers = {"n": points.n_samples, "degree": degree, "began": abs(swings.trajectory.params[0, 1]), "ended": abs(swings.trajectory.final[1]),
               "fits": best[1], "polynomial": off[0], "sine": off[-1] if off[-1] > 1e-9 * amplitude else 0.0, "updates": n_updates}  # fmt: skip
    middle = (
        say("No frequency fits best here: the slower the wave, the better it fits. It ends at {ended}.", "The slower the wave, the better it fits.",
            when=not is_wave and swings.diverges_at is None, **numbers)
        or say("From update {when} on the sine has 98 % of its possible gain; its frequency ends at {ended}.", "The sine fits from update {when} on.",
            when=found if is_wave else None, **numbers)
        or say("The sine is in a local minimum, at frequency {ended}; {fits} fits best.", "The sine is in a local minimum.",
               when=moves and wave.objective.is_minimum(path.final), **numbers)
        or say("After {updates:update|updates} the sine is still on its way, at frequency {ended}; {fits} fits best.",
               "The sine is still on its way.", when=moves, **numbers)
    )
    ending = (
        say("Beyond the data nobody knows: there the two part by up to {polynomial}.", "Beyond the data they part by {polynomial}.",
            when=data is not None and np.isfinite(off[0]), **numbers)
        or say("Beyond the data, up to where we look, the polynomial is off by up to {polynomial}, the sine by {sine}.",
               "Beyond: off by {polynomial} and {sine}.", when=data is None and np.isfinite(off).all(), **numbers)
    )
    return Scene(
        title=("Polynomial or sine: which one goes on beyond the data?", "Which goes on beyond the data?"),
        beats=[
            Beat(say("{n} points. What comes to the right of them?", n=points.n_samples), enter="points", seconds=1.6),
            Beat(say("Two models: a polynomial of degree {degree}, at first flat, and a sine, at first of frequency {began}.",
                     "A polynomial, and a sine of frequency {began}.", **numbers), enter=["curve", "score", "text"], seconds=2.4),
            Beat(("An update moves all weights of the polynomial, and amplitude, frequency and phase of the sine, down the loss.",
                  "An update moves all parameters of both."), updates=up_to(3), slow=True, enter="Mean squared error", focus=["curve", "path"],
                 seconds=2.6),
            Beat("Then the next, and the next.", updates=to_end, pace="log", seconds=3.2),
            Beat(middle, hold=1.2, seconds=0.8),
            Beat(ending, enter=() if data else "line", seconds=0.4, hold=2.6),
        ],
        panels=[curves, panels.LossCurve(runs=runs, log=True, log_updates=True, names=False, title=("Mean squared error", "MSE"))],
        alt=sentences(say("A polynomial of degree {degree} and a sine, fitted to {n} points in {updates:update|updates}.", **numbers), middle,
                      ending),
    )
