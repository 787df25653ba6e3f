"""How does k-means find its clusters?

Lloyd's algorithm on two standardized features: every point is assigned to its nearest center, then every center moves to
the mean of its points, until no assignment changes. It lowers the sum of squared distances and ends in a local minimum.
"""

from typing import Annotated

import numpy as np
from animate import Beat, Range, Scene, Seed, marks, panels, penguins, say, to_end
from animate.learn.clustering import k_means


def build(
    k: Annotated[int, Range(2, 6), "Number of centers"] = 3,
    seed: Annotated[Seed, "Of the points at which the centers start"] = 4,
) -> Scene:
    data = penguins(["bill_length_mm", "flipper_length_mm"], ["Adelie", "Chinstrap", "Gentoo"])
    n, scale = len(data.X), data.X.std(axis=0)
    seeds = [seed, *[other for other in range(21) if other != seed][:20]]
    runs = [k_means(data.X / scale, (data.X / scale)[np.random.default_rng(of).choice(n, k, replace=False)]) for of in seeds]
    centers, labels, distances = runs[0].centers * scale, runs[0].labels, runs[0].inertia
    n_updates, lowest = len(labels) - 1, min(run.inertia[-1] for run in runs)
    roles = np.array(["first", "second", "fourth", "fifth", "third", "sixth"])
    groups = [np.full(n, -1), *labels[1:]]  # at first none
    distance = panels.Readout.of(("sum of squares", "sum"), distances)
    return Scene(
        title=("How does k-means find its clusters?", "How does k-means find clusters?"),
        beats=[
            Beat(say("{n} penguins, species unknown. Which of them belong together?", n=n), enter="points", seconds=2.0),
            Beat(say("Put {k} centers on {k} of the points, at random.", "{k} centers, put at random.", k=k), enter="centers", seconds=1.8),
            Beat(("Assign: every point takes the color of its nearest center, in standard deviations of each measure.", "Assign: nearest center."),
                 updates=1, seconds=0.8, hold=1.2),
            Beat(("Move: every center goes to the mean of its points.", "Move: to the mean."), updates=1, slow=True, focus="centers",
                 seconds=1.4, hold=0.4),
            Beat(("Assign and move, again and again: the sum of squared distances never rises.", "Again: the sum never rises."),
                 updates=to_end, slow=True, enter="squared distances", seconds=4.0),
            Beat(say("No point changes its center any more: a minimum, yet another start ends lower, at {lowest}.",
                     "A minimum; another start ends at {lowest}.", when=lowest < distances[-1] * (1 - 1e-9), lowest=lowest)
                 or say("No point changes its center any more. None of 20 other starts ends lower.",
                        "No change any more; no start ends lower."), seconds=0.5, hold=2.5),
        ],
        panels=[
            panels.Plot(
                *(marks.Points(marks.continuous(lambda at, one=one: data.X[groups[int(at)] == one]), name="points",
                               color=roles[one] if one >= 0 else "muted", marker=panels.RUN_MARKERS[roles[one]] if one >= 0 else "o")
                  for one in range(-1, k)),
                *(marks.Path(centers[:, one], color=roles[one], head=(18, 10), start=True, name="centers") for one in range(k)),
                x="bill length (mm)", y="flipper length (mm)", title=("Points and centers", "Points"), weight=1.7,
            ),
            panels.Plot.of_series(np.arange(n_updates + 1), distances, x="update",
                                  title=("Squared distances", "Distances"), readout=distance),
        ],
        n_updates=n_updates,
        alt=say("k-means assigns {n} penguins to {k} centers and moves the centers in turns. After {updates:update|updates} no assignment changes; "
                "the sum of squared distances, in standard deviations, fell from {first:.0} to {last:.0}.", n=n, k=k, updates=n_updates,
                first=distances[0], last=distances[-1]),
    )
