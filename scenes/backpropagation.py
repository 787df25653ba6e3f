"""How does a network know what to change?

One point goes through a small network: values forward along the edges, deltas backward, and each weight changes by the
product of the two. Then all points do so at once. The loss is the mean cross-entropy; features are standardized.
"""

from typing import Annotated

from animate import Beat, ClassPoints, LearningRate, Range, Scene, Seed, Updates, formatting, panels, say, to_end
from animate.learn import affordable_updates, network_problem


def build(
    point: Annotated[int, Range(0, 499), "The point that goes through the network"] = 0,
    learning_rate: LearningRate = 0.8,
    n_updates: Annotated[Updates | None, "The first is of one point; none: 600, of very many points fewer"] = None,
    seed: Annotated[Seed, "Of the first weights"] = 0,
    points: ClassPoints = ClassPoints(),
) -> Scene:
    problem = network_problem(points.drawn(), n_hidden=2)
    network, n = problem.objective, problem.data.n_samples
    row, n_updates = point % n, n_updates or affordable_updates(600, n)
    run = panels.Run("Network", network.descend_from_one_row(row, learning_rate, n_updates, rng=seed), "ink")
    before, after = (network.symbols(params, row) for params in run.trajectory.params[:2])
    equations = {
        "h": "h₁ = tanh({w[0][0]:(.2)} · {x[0]:(.2)} + {w[0][1]:(.2)} · {x[1]:(.2)} + {b[0]:(.2)}) = {h[0]:.2}",
        "p": "p = σ({v[0]:(.2)} · {h[0]:(.2)} + {v[1]:(.2)} · {h[1]:(.2)} + {c:(.2)}) = {p:.2}",
        "delta": "δ = p − y = {p:.2} − {y:g} = {delta:.2}",
        "delta 1": "δ₁ = δ v₁ (1 − h₁²) = {delta:(.2)} · {v[0]:(.2)} · {s[0]:.2} = {d[0]:.2}",
        "rule": "w₁₁ − η δ₁ x₁ = {old[w][0][0]:.2} − {rate:g} · {old[d][0]:(.2)} · {x[0]:(.2)} = {new:.2}, by the old δ₁",
    }
    step = {"old": before, "rate": learning_rate, "new": after["w"][0][0]}
    return Scene(
        title=("How does a network know what to change?", "What should a network change?"),
        beats=[
            Beat(say("One point, standardized x = ({x:.2}), of class {y:g}. Which way should each weight change?",
                     "One point of class {y:g} enters.", **before), enter=["nodes", "inputs"], seconds=1.8),
            Beat(("Forward: weight times value along each edge. Tanh bends the sum of a unit, the sigmoid the last.",
                  "Forward: weight times value, then tanh."), enter=["forward", "In numbers"], seconds=3.4),
            Beat(("Backward: delta is p − y at the output; along an edge it is times the weight and the slope of tanh.",
                  "Backward: delta times weight times slope."), enter=["backward", "delta", "delta 1"], seconds=2.4),
            Beat(say("Each weight moves against delta times value. The loss of this point goes from {loss[0]} to {loss[1]}.",
                     "Each weight moves: loss {loss[0]} to {loss[1]}.", loss=formatting.apart(before["loss"], after["loss"])),
                 enter="rule", updates=1, slow=True, seconds=2.2),
            Beat(say("The same at all {n} points: the mean of their gradients makes each update.",
                     "The same at all {n} points.", when=n_updates > 1, n=n),
                 enter="Map", leave="rule", updates=to_end, pace="log", seconds=2.2),
            Beat(say("After {n:update|updates} {right:%} of the points are right, and the mean loss is {loss}.",
                     "{right:%} are right.", n=n_updates, right=problem.accuracy(run.trajectory.final),
                     loss=run.trajectory.loss[-1]), seconds=0, hold=2.0),
        ],
        panels=[
            panels.network_diagram(network, run, row, title=("Values forward, deltas back", "Network"), weight=0.7),
            [
                panels.equations(equations, lambda k: {**network.symbols(run.trajectory.params[k], row), **step},
                                 {"delta": "error", "delta 1": "error", "rule": "first"}, title="In numbers"),
                panels.DecisionMap.of_network(problem, run, title="All points", name="Map"),
            ],
        ],
    )
