"""How do three classes share one map?

Softmax regression on three penguin species by bill length and depth: a linear score for each species, turned into
probabilities that add up to one. The loss is the mean cross-entropy, without a penalty; features are standardized for the
descent.
"""

from typing import Annotated, Literal

from animate import Range, Scene, Timeline, descend, optimizers, panels, penguins
from animate.draw import formatting
from animate.learn.softmax import softmax_problem

Feature = Literal["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]


def build(
    first: Annotated[Feature, "The feature across"] = "bill_length_mm",
    second: Annotated[Feature, "The feature up"] = "bill_depth_mm",
    learning_rate: Annotated[float, Range(1e-10, 10.0, scale="log"), "Step size"] = 3.0,
    momentum: Annotated[float, Range(0.0, 0.999), "Of Nesterov\u2019s method; 0 is plain gradient descent"] = 0.9,
    n_updates: Annotated[int, Range(1, 10_000), "Updates, all points each"] = 2500,
) -> Scene:
    problem = softmax_problem(penguins([first, second], ["Adelie", "Chinstrap", "Gentoo"]))
    steps = optimizers.nesterov(learning_rate, momentum)
    run = panels.Run("Softmax", descend(problem.objective, steps, [0.0] * problem.objective.n_params, n_updates), "ink")
    best, data = None if problem.is_separable else problem.objective.optimum(), problem.data
    row = problem.least_sure(run.trajectory.final if best is None else best)
    right = 100 * problem.accuracy(run.trajectory.final)
    n_wrong = int((~problem.right(run.trajectory.final)).sum())
    names = [formatting.readable(name).split(" (")[0] for name in data.feature_names]
    own = data.class_names[int(data.labels[row])]
    return Scene(
        title=("How do three classes share one map?", "Three classes on one map?"),
        caption={
            0: ("Before the first update every species has probability one third everywhere: there is no boundary yet.",
                "At first every species has probability 1/3."),
            1: ("Each species has a linear score. A boundary is where the two highest scores tie, so it is straight.",
                "A boundary: where the two highest scores tie."),
            n_updates // 60: (f"Softmax makes scores into probabilities that add up to one, as for the circled {own}.",
                              "Softmax: probabilities that add up to one."),
            n_updates: (f"{right:.1f} % right. A species is cut off from the others by a line: its weights grow for ever.",
                        f"{right:.1f} % right; one species is cut off: no optimum.") if problem.is_separable else
                       (f"{right:.1f} % right. Where three boundaries meet, three species are equally likely.",
                        f"{right:.1f} % right; {n_wrong} ringed points are wrong."),
        },
        panels=[
            panels.SoftmaxRegions(
                problem=problem, run=run, marked=row, weight=1.8, title=(f"{names[0].capitalize()} and {names[1]}", "Features"),
            ),
            [
                panels.LossCurve(
                    runs=[run], optimum=None if best is None else problem.objective.value(best), log=True, log_updates=True,
                    title=("Cross-entropy", "Loss"),
                ),
                panels.ClassBars(problem=problem, run=run, row=row, title=(f"Circled point: {own}", "Circled point")),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.5, pace="log"),
        alt=f"Softmax regression gives each of three penguin species a region over {names[0]} and {names[1]}. After {n_updates} "
        f"updates {right:.1f} % of {data.n_samples} points are right and the mean cross-entropy is {run.trajectory.loss[-1]:.6f}.",
    )
