"""How does descent bend a curve to the points?

Batch gradient descent on the mean squared error (without a half) of a polynomial. Its features are the powers of
standardized x, each scaled to mean 0 and deviation 1; without that, descent on high powers would hardly move.
"""

from typing import Annotated, Literal

import numpy as np

from animate import (
    LearningRate, Noise, OwnData, Range, RegressionData, Scene, Seed, Timeline, Updates, claims, datasets, descend,
    optimizers, panels, polynomial_problem, say,
)


def build(
    degree: Annotated[int, Range(1, 9), "Highest power of x"] = 5,
    learning_rate: LearningRate = 0.15,
    n_updates: Updates = 3000,
    dataset: Annotated[Literal["sine", "saturating", "outliers"], "What is drawn"] = "sine",
    n_samples: Annotated[int, Range(10, 500), "Points drawn"] = 45,
    noise: Noise = 0.25,
    seed: Seed = 3,
    data: OwnData = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else datasets.DATASETS[dataset](n_samples, noise=noise, rng=seed)
    problem = polynomial_problem(points, degree)
    objective, optimum = problem.objective, problem.objective.optimum()
    run = panels.Run(
        "Gradient descent", descend(objective, optimizers.gradient_descent(learning_rate), np.zeros(degree + 1), n_updates),
        "second",
    )
    best, condition = objective.value(optimum), objective.condition_number()
    bent, last = claims.gained_at(run, best), run.trajectory.loss[-1]
    powers = ["x", *(f"x{sign}" for sign in "²³⁴⁵⁶⁷⁸⁹")][:degree]
    numbers = {"loss": last, "best": best, "r2": problem.r_squared(run.trajectory.final), "degree": degree, "updates": n_updates}
    ending = say("MSE {loss}, R² {r2:.3}; the least MSE for degree {degree} is {best}.", **numbers)
    return Scene(
        title=("How does descent bend a curve to the points?", "How does descent bend a curve?"),
        caption=[
            (0, ("A flat start: all weights are 0. The curve is a weighted sum of powers of x, each scaled.", "A flat start: all weights are 0.")),
            (1, ("Each update moves all weights at once, each in proportion to the mean of residual times its power.",
                 "Each update moves all weights at once.")),
            (bent, say("After {when} updates nine tenths of the possible gain of loss are made: the steep directions come first.",
                       "{when} updates: nine tenths of the gain.", when=bent)),
            (None if bent is None or 10 * bent >= n_updates else 10 * bent, say(
                "The rest creeps, along directions up to {times} times flatter: powers look alike.", "The rest creeps: up to {times} times flatter.",
                when=condition >= 10 and claims.converged_at(run, best) not in range(10 * (bent or 0) + 1), times=condition if condition >= 1e6 else round(condition))),
            (n_updates, (ending, say("MSE {loss}, least possible {best}.", **numbers))),
        ],
        panels=[
            panels.Curves(
                data=points, curves=[panels.FittedCurve(run, problem.curve)], residuals="segments", weight=1.5,
                reference=lambda x: problem.curve(optimum, x), reference_name="least squares",
                reading=panels.Readout.of("MSE", run.trajectory.loss), title=(f"Polynomial of degree {degree}", f"Degree {degree}"),
            ),
            [
                panels.LossCurve(runs=[run], optimum=best, log=True, log_updates=True, title=("Mean squared error", "MSE")),
                panels.Stems(
                    rows=[panels.StemRow(
                        "w", np.arange(1.0, degree + 1), lambda k: run.trajectory.params[run.at(k), :-1], "second", optimum[:-1],
                    )],
                    n_updates=n_updates, ticks=range(1, degree + 1), tick_names=powers,
                    title=("Weights of the scaled powers", "Weights, x scaled", "Weights"), note=("– least squares", "– target"),
                ),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.5, pace="log"),
        alt=say("Gradient descent fits a polynomial of degree {degree} to {n} points in {updates} updates. {ending}", n=points.n_samples, ending=ending,
                **numbers),
    )  # fmt: skip
