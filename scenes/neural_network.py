"""How do a few straight lines become a curve?

A network with one hidden layer of tanh units learns two classes that no line separates, by gradient descent with
backpropagation on all points. The loss is the mean cross-entropy plus half the ridge penalty times the squared weights, the
intercepts not penalized. Features are standardized for the descent.
"""

from typing import Annotated

from animate import Beat, ClassPoints, LearningRate, Range, Scene, Seed, Updates, compare, logistic_problem, optimizers, panels, say, to_end, up_to
from animate.learn import affordable_updates, network_problem


def build(
    n_hidden: Annotated[int, Range(1, 12), "Hidden units"] = 3,
    learning_rate: LearningRate = 1.0,
    n_updates: Annotated[Updates | None, "Updates, all points each; none: 2500, of over 8000 points fewer"] = None,
    ridge_penalty: Annotated[float, Range(0.0, 0.1), "On the weights, not the intercepts"] = 1e-3,
    seed: Annotated[Seed, "Of the first weights"] = 3,
    points: ClassPoints = ClassPoints(),
) -> Scene:
    data = points.drawn()
    problem, penalty = network_problem(data, n_hidden=n_hidden, ridge_penalty=ridge_penalty), ridge_penalty or 1e-3
    updates, descent = n_updates or affordable_updates(2500, data.n_samples), optimizers.gradient_descent(learning_rate)
    (run,) = compare({"Network": problem}, descent, start=problem.objective.random_params(seed), n_updates=updates, roles=["ink"])
    line, right = logistic_problem(data, ridge_penalty=penalty), problem.accuracy(run.trajectory.final)
    by_line = line.accuracy(line.objective.optimum())
    return Scene(
        title=("How do a few straight lines become a curve?", "How do lines become a curve?") if n_hidden > 1 else
        ("What does a network of one hidden unit learn?", "What does one hidden unit learn?"),
        panels=[
            panels.DecisionMap.of_network(problem, run, title="Prediction", weight=1.6),
            [
                panels.LossCurve(runs=[run], log=True, log_updates=True, title=("Cross-entropy, with the penalty", "Cross-entropy", "Loss")),
                panels.HiddenUnits(problem=problem, run=run, title=("Hidden units: largest contribution", "Hidden units")),
            ],
        ],
        beats=[
            Beat(say("Two classes. Logistic regression, one straight line, gets {right:%} right at ridge penalty {penalty:g}.",
                     "Logistic fit, ridge {penalty:g}: {right:%} right.", right=by_line, penalty=penalty), enter="points", seconds=2.2),
            Beat(("Each hidden unit is a line, random at first: below 0 on one side of it, above 0 on the other.",
                  "Each hidden unit is a line, random at first."), enter=["lines", "Hidden units"], seconds=2.2),
            Beat(say("The prediction adds up {steps} soft steps, one at each line. Rings mark the points it gets wrong.",
                     "The prediction adds up {steps} soft steps.", steps=n_hidden, when=n_hidden > 1)
                 or ("The prediction is one soft step, at its line. Rings mark the points it gets wrong.", "It is one soft step."),
                 enter=["regions", "boundary", "wrong", "readout"], seconds=2.2),
            Beat(("One update moves all lines and weights at once, against the gradient of one loss.", "One update moves all lines."),
                 enter="Loss", updates=up_to(1), slow=True, focus=["lines", "boundary", "path", "Hidden units"], seconds=2.0),
            Beat(say("Then the next, and the next. Where the boundary crosses a unit\u2019s line, it can bend.",
                     "Then the next: it can bend at the lines.", when=n_hidden > 1)
                 or ("Then the next, and the next. Of one unit the boundary stays straight.", "Of one unit it stays straight."), updates=to_end,
                 pace="log", seconds=3.9),
            Beat(say("{right:%} right after {n:update|updates}, with a boundary made of {steps:soft step|soft steps}.",
                     "{right:%} right with {steps:soft step|soft steps}.", right=right, n=updates, steps=n_hidden), seconds=0, hold=2.4),
        ],
        alt=say("A network with {hidden:hidden unit|hidden units} learns two classes of {n} points. After {updates:update|updates} {right:%} are "
                "right and the loss is {last:.4}, from {first:.4}; logistic regression gets {line:%} right at ridge penalty {penalty:g}.",
                hidden=n_hidden, n=data.n_samples, updates=updates, right=right, line=by_line, penalty=penalty,
                last=float(run.trajectory.loss[-1]), first=float(run.trajectory.loss[0])),
    )
