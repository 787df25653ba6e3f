"""How does a network know what to change?

One point goes through a small network: values forward along the edges, deltas backward, and each weight changes by the product
of the two. Then all points do so at once. The loss is the mean cross-entropy; features are standardized.
"""

from typing import Annotated

import numpy as np
from animate import Beat, ClassPoints, LearningRate, Range, Scene, Seed, Trajectory, Updates, descend, marks, optimizers, panels, say, to_end
from animate.learn import affordable_updates, network_problem


def build(
    point: Annotated[int, Range(0, 499), "The point that goes through the network"] = 0,
    learning_rate: LearningRate = 0.8,
    n_updates: Annotated[Updates | None, "Updates, the first of one point, the others of all; none: 600, of very many points fewer"] = None,
    seed: Annotated[Seed, "Of the first weights"] = 0,
    points: ClassPoints = ClassPoints(),
) -> Scene:
    data = points.drawn()
    n, problem, row = data.n_samples, network_problem(data, n_hidden=2), point % data.n_samples
    n_updates = n_updates or affordable_updates(600, n)
    network, first = problem.objective, problem.objective.random_params(seed)
    second = first - learning_rate * network.gradient(first, np.array([row]))
    later = descend(network, optimizers.gradient_descent(learning_rate), second, n_updates - 1).params
    run = panels.Run("Network", Trajectory.from_arrays(np.vstack([first, later]), objective=network), "ink")
    (x1, x2), y, right = network.X[row], network.labels[row], problem.accuracy(run.trajectory.final)
    before, after = (network.backpropagation(params, row).loss for params in (first, second))

    def numbers(k: int) -> dict[str, object]:
        """Return the numbers of an update by their symbols, negative ones in parentheses where they are factors."""
        params = run.trajectory.params[min(k, n_updates)]
        (W, b, v, c), flow = network.layers(params), network.backpropagation(params, row)
        factors = {"w1": W[0, 0], "w2": W[0, 1], "v1": v[0], "v2": v[1], "h1": flow.hidden[0], "h2": flow.hidden[1], "x": x1, "x2": x2,
                   "slope": 1 - flow.hidden[0] ** 2, "d": flow.output_delta, "d1": flow.hidden_deltas[0], "b": b[0], "c": float(c)}  # fmt: skip
        shown = {name: say("({value:.2})" if value < 0 else "{value:.2}", value=value) for name, value in factors.items()}
        results = {"h": flow.hidden[0], "p": flow.probability, "delta": flow.output_delta, "delta1": flow.hidden_deltas[0]}
        return {**shown, **results, "y": y, "rate": learning_rate, "w": W[0, 0], "next": W[0, 0] - learning_rate * flow.hidden_deltas[0] * x1}

    def line(place: int, name: str, text: str, short: str, color: str = "ink") -> marks.Text:
        def words(k: int) -> tuple[str, ...]:
            alternatives: tuple[str, str] = say(text, short, **numbers(0 if name == "rule" else k))  # the first update in full
            return alternatives

        return marks.Text(words, (0.0, 1 - place / 5), coords="axes", valign="top", color=color, name=name)

    return Scene(
        title=("How does a network know what to change?", "What should a network change?"),
        beats=[
            Beat(say("One point, x = ({x1:.2}, {x2:.2}), of class {y:g}. Which way should each weight change?", "One point of class {y:g} enters.",
                     x1=x1, x2=x2, y=y), enter=["nodes", "inputs"], seconds=1.8),
            Beat(("Forward: a hidden unit adds up weight times value along its edges, and tanh bends the sum.",
                  "Forward: weight times value, then tanh."),
                 enter=["into hidden", "hidden weights", "hidden", "h"], seconds=2.2),
            Beat(say("The output adds up likewise; the sigmoid makes the sum a probability p of {yes}.", "The output: a probability p of {yes}.",
                     yes=data.class_names[1]), enter=["into output", "output weights", "output", "p"], seconds=2.0),
            Beat(("Backward: delta is p \u2212 y at the output; along an edge it is times the weight and the slope of tanh.",
                  "Backward: delta times weight times slope."), enter=["back", "output delta", "hidden deltas", "delta", "delta 1"], seconds=2.4),
            Beat(say("Each weight moves against delta times value. The loss of this point goes from {before} to {after}.",
                     "Each weight moves: loss {before} to {after}.", before=before, after=after), enter="rule", updates=1, slow=True, seconds=2.2),
            *[Beat(say("The same at all {n} points: the mean of their gradients makes each update.", "The same at all {n} points.", n=n),
                   enter="Map", leave="rule", updates=to_end, pace="log", seconds=2.2) for _ in range(n_updates > 1)],
            Beat(say("After {n:update|updates} {right:%} of the points are right, and the mean loss is {loss}.", "{right:%} are right.", n=n_updates,
                     right=right, loss=run.trajectory.loss[-1]), enter=() if n_updates > 1 else "Map", seconds=0, hold=2.0),
        ],
        panels=[
            panels.network_diagram(network, run, row, weight=0.85, title=("Values forward, deltas backward", "The network")),
            [
                panels.Plot(
                    line(0, "h", "h\u2081 = tanh({w1} \u00b7 {x} + {w2} \u00b7 {x2} + {b}) = {h:.2}", "h\u2081 = {h:.2}"),
                    line(1, "p", "p = \u03c3({v1} \u00b7 {h1} + {v2} \u00b7 {h2} + {c}) = {p:.2}", "p = {p:.2}"),
                    line(2, "delta", "\u03b4 = p \u2212 y = {p:.2} \u2212 {y:g} = {delta:.2}", "\u03b4 = {p:.2} \u2212 {y:g} = {delta:.2}", "error"),
                    line(3, "delta 1", "\u03b4\u2081 = \u03b4 v\u2081 (1 \u2212 h\u2081\u00b2) = {d} \u00b7 {v1} \u00b7 {slope} = {delta1:.2}",
                         "\u03b4\u2081 = {delta1:.2}", "error"),
                    line(4, "rule",
                         "w₁₁ − η δ₁ x₁ = {w:.2} − {rate:g} · {d1} · {x} = {next:.2}, by the old δ₁",
                         "w\u2081\u2081 becomes {next:.2}", "first"),
                    limits=((0, 1), (0, 1)), axes=False, aspects=(3.0, 8.0), title="In numbers", name="Numbers",
                ),
                panels.DecisionMap.of_network(problem, run, title="All points", name="Map"),
            ],
        ],
        alt=say("A point goes through a network of two hidden units: p = {p:.2}, \u03b4 = {d:.2}. After {n:update|updates}, the first of this point "
                "alone, {right:%} of {all} points are right.", n=n_updates, right=right, all=n, p=numbers(0)["p"],
                d=numbers(0)["delta"]),
    )
