"""What does a line learn from all points at once?

Batch gradient descent: each update follows the mean gradient over all points. The loss is the mean squared error (MSE),
without a half; a ridge penalty λ adds ½ λ w² to it, the intercept not penalized.
"""

from typing import Annotated

from animate import Beat, LearningRate, LinePoints, Range, Scene, Updates, claims, compare, optimizers, panels, say, to_end


def build(
    learning_rate: LearningRate = 0.02,
    ridge_penalty: Annotated[float, Range(0.0, 10.0), "Ridge penalty on the weights, not the intercept"] = 0.0,
    n_updates: Annotated[Updates | None, "Updates; none: 240, on your own points 500"] = None,
    points: LinePoints = LinePoints(40, noise=1.2, slope=1.8, intercept=2.0),
) -> Scene:
    n_updates = n_updates or (240 if points.data is None else 500)
    problem = points.problem(ridge_penalty=ridge_penalty)
    optimum, n = problem.objective.optimum(), problem.data.n_samples
    descent = {"Batch GD": optimizers.gradient_descent(learning_rate)}
    (run,) = compare(problem, descent, n_updates=n_updates, roles=["second"])
    name = ("MSE + ½ λ w²", "loss") if ridge_penalty else "MSE"
    goal = "the line of lowest loss" if ridge_penalty else "the best line"
    return Scene(
        title=("What does a line learn from all points at once?", "Learning a line, all points at once"),
        beats=[
            Beat(say("{n} points. Which line fits them best?", n=n), enter="points", seconds=1.3),
            Beat(("The first line misses each point by a residual, drawn in red.", "Red: how far the line misses each point."),
                 enter="line", seconds=2.0),
            Beat(say("One update: the gradient is the mean over all {n} points; η times it is subtracted from w and b.",
                     "One update: η times the mean gradient is subtracted.", n=n),
                 enter="rule", focus=["line", "rule"], updates=1, slow=True, seconds=2.6, hold=2.0),
            Beat(say("Then the next: the loss falls at every update, by less and less.",
                     "The loss falls, by less and less.", when=claims.falls_ever_more_slowly(run))
                 or say("Then the next: the loss falls at every update.", "The loss falls at every update.", when=claims.falls_at_every_update(run))
                 or say("Update {when} raises the loss: the step is so long that the line passes the best one.",
                        "Update {when} raises the loss: too long a step.", when=claims.first_rise(run))
                 or "Then the next, and the next.", enter="loss", updates=to_end, seconds=4.2),
            Beat(say("To the digits shown this is {goal}: there the mean gradient is 0.", "To these digits it is {goal}.",
                     when=claims.best_line_shown(problem, run), goal=goal) or claims.settling(run, optimum, goal=goal), seconds=0, hold=2.5),
        ],
        panels=[
            panels.LineFit(problem=problem, run=run, title=("Batch gradient descent", "Batch GD"), loss_name=name, weight=0.85),
            [
                panels.LossCurve(runs=[run], optimum=problem.objective.lowest(), log=True, title=name, name="loss"),
                panels.Formula.of_descent(problem.objective, run, learning_rate, name="rule",
                                          title=("The update; x is standardized", "Update") if problem.is_scaled else "The update"),
            ],
        ],
        secondary_counter=panels.Readout.gradients_used([run]),
        alt=claims.line_summary(problem, [run], loss="loss" if ridge_penalty else "mean squared error"),
    )
