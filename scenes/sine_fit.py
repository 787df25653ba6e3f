"""Polynomial or sine: which one goes on beyond the data?

Batch gradient descent on the mean squared error (without a half) of both: a polynomial on scaled powers, and a sine of
free amplitude, frequency and phase on standardized x and y. Each has its own learning rate.
"""

from typing import Annotated

import numpy as np
from animate import Beat, LearningRate, Noise, OwnData, Range, Scene, Seed, Updates, claims, datasets, descend, optimizers, panels, say, to_end, up_to
from animate.learn import polynomial_problem, sinusoid_problem, starting_polynomial


def build(
    amplitude: Annotated[float, Range(0.1, 100.0), "Of the true wave"] = 1.5,
    frequency: Annotated[float, Range(0.1, 10.0), "Of the true wave, radians per unit of x; sin(2πx) has 6.2832"] = 1.6,
    phase: Annotated[float, Range(-3.2, 3.2), "Of the true wave, in radians"] = 0.4,
    x_range: Annotated[tuple[float, float], "Where points are drawn"] = (0.0, 6.2832),
    degree: Annotated[int, Range(1, 9), "Of the polynomial"] = 5,
    start: Annotated[tuple[float, float, float] | None, "Amplitude, frequency and phase; none: near the best"] = None,
    learning_rate: Annotated[LearningRate | None, "Of the sine; none: 0.05, or half of its limit at first"] = None,
    polynomial_rate: Annotated[LearningRate | None, "Of the polynomial; none: 0.15, or half of its limit"] = None,
    n_updates: Updates = 2000,
    n_samples: Annotated[int, Range(10, 500), "Points drawn"] = 50,
    noise: Noise = 0.3,
    seed: Seed = 5,
    data: OwnData = None,
) -> Scene:
    drawn = data or datasets.sine(n_samples, amplitude=amplitude, frequency=frequency, phase=phase, noise=noise, x_range=x_range, rng=seed)
    true_wave = None if data else lambda x: amplitude * np.sin(frequency * x + phase)
    polynomial, wave = polynomial_problem(drawn, degree), sinusoid_problem(drawn, offset=0.0 if true_wave else None)
    flat, first = starting_polynomial(polynomial), wave.from_units(start or wave.near_best())
    slow = polynomial_rate or min(0.15, 0.5 * polynomial.objective.stability_limit())
    rate = learning_rate or min(0.05, 0.5 * wave.objective.stability_limit(first))
    path = descend(wave.objective, optimizers.gradient_descent(rate), first, n_updates)
    bends = panels.Run("Polynomial", descend(polynomial.objective, optimizers.gradient_descent(slow), flat, n_updates))
    swings, (best, least) = panels.Run("Sine", wave.trajectory_in_units(path), "second"), wave.best()
    curves = panels.Curves(data=wave.data, curves=[panels.FittedCurve(bends, polynomial.curve), panels.FittedCurve(swings, wave.curve)], beyond=0.45,
                           reference=true_wave, reference_name="true wave", loss_name="MSE", title="Two fits", weight=1.7)
    state = "in a local minimum" if wave.objective.is_minimum(path.final) else "not in a minimum"
    (off, sine), (began, ended) = curves.gaps_beyond(n_updates), abs(swings.trajectory.params[[0, -1], 1])
    return Scene(
        title=("Polynomial or sine: which one goes on beyond the data?", "Which goes on beyond the data?"),
        beats=[
            Beat(say("{n} points. What comes to the right of them?", n=wave.data.n_samples), enter="points", seconds=1.6),
            Beat(say("Two models: a polynomial of degree {degree}, at first flat, and a sine of frequency {began}.",
                     "A polynomial, and a sine of frequency {began}.", degree=degree, began=began), enter=["curve", "score", "text"], seconds=2.4),
            Beat(("An update goes against the gradient of the mean squared error, in all parameters.", "Against the gradient of the MSE."),
                 updates=up_to(3), slow=True, enter="MSE", focus=["curve", "path"], seconds=2.6),
            Beat(say("No frequency fits best: the slower the wave, the better.", when=best[1] * np.ptp(wave.data.x) < 0.1)
                 or say("From update {when} on the sine has 98 % of its possible gain.", when=claims.gained_at(swings, least, share=0.98))
                 or say("The sine is {state}, at frequency {ended}; {fits} fits best.", "The sine is {state}.",
                        when=swings.diverges_at is None, state=state, ended=ended, fits=best[1]), updates=to_end, pace="log", seconds=4.4),
            Beat(say("Beyond the data, as far as we look, the polynomial is off by up to {off}, the sine by {sine}.",
                     "Beyond: off by {off} and {sine}.", when=true_wave and np.isfinite(off + sine), off=off, sine=sine)
                 or say("Beyond the data nobody knows: there the two part by up to {off}.", "Beyond the data they part by {off}.",
                        when=not true_wave and np.isfinite(off), off=off), enter="line" if true_wave else (), seconds=0.4, hold=2.6),
        ],
        panels=[curves, panels.LossCurve(runs=[bends, swings], log=True, log_updates=True, names=False, title="MSE")],
    )
