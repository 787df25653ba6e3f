"""May a point belong a little to each group?

Expectation maximization of a mixture of Gaussians: the E-step gives every point a share of each component, the M-step fits
mean, covariance and weight to those shares. The mean log-likelihood never falls.
"""

from typing import Annotated

import numpy as np
from animate import Beat, Range, Scene, Seed, marks, panels, penguins, say, to_end, up_to
from animate.learn.clustering import gaussian_mixture

CIRCLE = np.stack([np.cos(np.linspace(0, 2 * np.pi, 73)), np.sin(np.linspace(0, 2 * np.pi, 73))])


def build(
    k: Annotated[int, Range(2, 3), "Number of components"] = 2,
    n_updates: Annotated[int, Range(1, 200), "E-steps and M-steps, in turns"] = 60,
    seed: Annotated[Seed, "Of the points at which the components start"] = 5,
) -> Scene:
    X = penguins(["bill_length_mm", "bill_depth_mm"], ["Adelie", "Chinstrap", "Gentoo"][:k]).X
    run = gaussian_mixture(X, X[np.random.default_rng(seed).choice(len(X), k, replace=False)], n_updates)
    shares, likelihood, likeliest = run.shares, run.log_likelihood, run.shares.argmax(axis=2)
    roles, n = ["first", "fourth", "third"][:k], len(X)
    rise, falls = likelihood[-1] - likelihood[0], bool((np.diff(likelihood) < -1e-12).any())
    surely = 5 * np.round(20 * (shares.max(axis=2) - 1 / k) / (1 - 1 / k)).astype(int)  # percent, in steps of 5
    colors = [np.array([f"{roles[one]} {share}% on muted" for one, share in zip(*at, strict=True)]) for at in zip(likeliest, surely, strict=True)]
    edges = np.swapaxes(np.linalg.cholesky(run.covariances) @ CIRCLE, 2, 3)  # around the means, one deviation away
    ends = (say("rises from {first:.3} to {last:.3}", when=rise > 0, first=likelihood[0], last=likelihood[-1])
            or say("stays at {last:.3}", last=likelihood[-1]))
    return Scene(
        title=("May a point belong a little to each group?", "A little to each group?"),
        beats=[
            Beat(say("{n} penguins, species unknown. {k} bells are put among them.", n=n, k=k), enter=["points", "ellipses"], seconds=2.0),
            Beat(("E-step: each point gets its share of every bell, by how likely it is there. Gray is undecided.",
                  "E: each point\u2019s share of every bell."), updates=up_to(1), seconds=0.5, hold=2.0),
            Beat(("M-step: each bell moves and stretches to fit the points, weighted by their shares.", "M: bells fit their shares."),
                 updates=up_to(1), slow=True, focus="ellipses", seconds=1.4, hold=0.8),
            Beat(say("In turns, they never lower the likelihood of all points together.", "They never lower the likelihood.", when=not falls),
                 updates=to_end, slow=True, pace="log", enter=["mean log-likelihood"], seconds=5.0),
            Beat(say("The mean log-likelihood rose from {first:.3} to {last:.3}. Between the bells, points keep a share of each.",
                     "Log-likelihood {first:.3} to {last:.3}.", when=rise > 0, first=likelihood[0], last=likelihood[-1])
                 or "The likelihood has not changed.", seconds=0.5, hold=2.5),
        ],
        panels=[
            panels.Plot(
                *(marks.Points(marks.continuous(lambda at, one=one: X[likeliest[int(at)] == one]), marker=panels.RUN_MARKERS[roles[one]],
                               color=marks.continuous(lambda at, one=one: colors[int(at)][likeliest[int(at)] == one]), name="points")
                  for one in range(k)),
                *(marks.Line(marks.per_update(run.means[:, one, None] + radius * edges[:, one]), color=roles[one],
                             dash=("", "dashed", "dotted")[one], name="ellipses", width=(2.6, 1.5)) for one in range(k) for radius in (1.0, 2.0)),
                x="bill length (mm)", y="bill depth (mm)", title=("Points and bells (1 and 2 deviations)", "Points and bells"), weight=1.7,
            ),
            panels.Plot.of_series(np.arange(n_updates + 1), likelihood, x="step",
                                  title=("Mean log-likelihood", "Log-likelihood", "Log-lik.")),
        ],
        n_updates=n_updates, counter="step",
        alt=say("Expectation maximization fits {k} Gaussians to {n} penguins in {updates:step|steps}. The mean log-likelihood {ends}.",
                k=k, n=n, updates=n_updates, ends=ends),
    )
