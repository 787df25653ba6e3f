"""How many neighbors should be asked?

Every place takes the majority of its k nearest points. Points held out, drawn hollow, say which k is right.
"""

from typing import Annotated

import numpy as np
from animate import Beat, Noise, Range, SampleSize, Scene, Seed, datasets, marks, panels, say, to_end, up_to
from animate.learn.classifiers import neighbor_error, neighbor_share


def build(
    n_samples: Annotated[SampleSize, "Points, half of them held out"] = 240,
    noise: Noise = 0.35,
    max_k: Annotated[int, Range(3, 99), "Most neighbors"] = 99,
    seed: Seed = 2,
) -> Scene:
    data = datasets.two_moons(n_samples, noise=noise, rng=seed)
    X, y, held_X, held_y = data.X[::2], data.labels[::2], data.X[1::2], data.labels[1::2]
    ks = np.unique(np.geomspace(1, (min(max_k, len(X)) - 1) // 2 * 2 + 1, 24).round().astype(int) // 2 * 2 + 1).tolist()  # odd: no ties
    train, held = (np.array([neighbor_error(X, y, at, own, k) for k in ks]) for at, own in ((X, y), (held_X, held_y)))
    best, n_best = int(held.argmin()), int((held == held.min()).sum())
    at = np.array([*range(len(ks)), *range(len(ks) - 2, best - 1, -1)])  # to the largest k, and back to the best
    return Scene(
        title=("How many neighbors should be asked?", "How many neighbors?"), n_updates=len(at) - 1, counter="step",
        beats=[
            Beat(say("{n} points of two classes. To which does a new point belong?", n=len(X)), enter=["first", "second"], seconds=1.5),
            Beat(("Ask the nearest neighbor: each point gets a field of its own, none is wrong.", "Ask the nearest: none is wrong."),
                 enter=["regions", "boundary"], seconds=2.5),
            Beat("Does that hold for other points? These were held out.", enter=["held out", "share that is wrong"], seconds=2.5),
            Beat(("Ask more of them, and the majority smooths the boundary.", "Ask more: the boundary smooths."),
                 updates=up_to(max(best, 1)), seconds=2.5, leave="held out"),
            Beat(say("Too many, and the boundary misses what is there: far points are asked as well.", "Too many: far points count too.",
                     when=held[-1] > held[best]) or "Even many of them do no harm here.", until=len(ks) - 1, seconds=3.0),
            Beat(say("Of {tried} values of k tried, {k}{ties} has the lowest share of held-out points wrong: {share:%}.",
                     "Best on held-out: k = {k}{short}.", tried=len(ks), k=ks[best], share=held[best],
                     ties=say(", the smallest of {n} that tie,", when=n_best > 1, n=n_best) or "", short=f" ({n_best} tie)" * (n_best > 1)),
                 updates=to_end if best < len(ks) - 1 else 0, enter="best", seconds=0.8, hold=2.0),
        ],
        panels=[
            panels.Plot(
                marks.Bands(lambda xy, u: neighbor_share(X, y, xy, ks[at[u]]), (-1.0, 0.5), colors=("class_a 22%", "class_b 22%"), name="regions"),
                marks.Isolines(lambda xy, u: neighbor_share(X, y, xy, ks[at[u]]), (0.5,), width=(2.4, 1.4), name="boundary"),
                panels.class_points(X[y == 0], 0, name="first"), panels.class_points(X[y == 1], 1, name="second"),
                marks.Ring(held_X, color="muted", size=(9, 5), width=(1.4, 0.9), name="held out"),
                x="x\u2081", y="x\u2082", title=("Majority of the neighbors", "Majority"), weight=1.5, subtitle=lambda u: f"k = {ks[at[u]]}",
            ),
            panels.Plot(
                *(mark for wrong, role, dash, words, height in ((train, "muted", "dotted", "\u2508 training", 0.05),
                                                                (held, "first", "", "\u2500 held out", 0.16))
                  for mark in (marks.Path(np.stack([ks, 100 * wrong], axis=-1), at=lambda u: at[: u + 1].max(), color=role, dash=dash, head=0),
                               marks.Text(words, (0.98, height), coords="axes", align="right", color=role))),
                marks.Points(lambda u: [[ks[at[u]], 100 * held[at[u]]]], color="first", size=(12, 7), layer=6),
                marks.Rule(x=float(ks[best]), dash="dashed", name="best"), title=("Share that is wrong", "Wrong"), ticks=([1, 10, 100], None),
                readout=panels.Readout("held out", lambda u: say("{share:%} wrong", share=held[at[u]]), "99.9 % wrong"),
                x="k", y="%", log="x",
            ),
        ],
    )
