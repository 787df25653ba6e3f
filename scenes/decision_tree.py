"""How does a decision tree ask its questions?

A classification tree (CART) on two features: of all leaves and all thresholds it takes the split that lowers the Gini
impurity of the whole the most, then the next, one leaf more at a time.
"""

from typing import Annotated

import numpy as np
from animate import Beat, Range, Scene, formatting, marks, panels, penguins, say, to_end, up_to
from animate.learn.classifiers import decision_tree, gini_impurity

SPECIES = ["Adelie", "Chinstrap", "Gentoo"]


def build(max_leaves: Annotated[int, Range(2, 12), "Leaves of the whole tree, at most"] = 6) -> Scene:
    data = penguins(["bill_length_mm", "flipper_length_mm"], SPECIES)
    X, y = data.X, data.labels.astype(int)
    low, high = X.min(axis=0) - 2, X.max(axis=0) + 2
    trees, splits = decision_tree(X, y, np.array([low, high]), max_leaves)
    n_updates, names = len(splits), ["bill length", "flipper length"]
    gini = [sum(len(leaf.rows) * gini_impurity(y[leaf.rows]) for leaf in tree) / len(y) for tree in trees]
    n_wrong = [sum(len(leaf.rows) - np.bincount(y[leaf.rows]).max() for leaf in tree) for tree in trees]
    roles = np.array(["class_a", "class_b", "class_c"])
    shapes = [[np.column_stack([box[[0, 1, 1, 0], 0], box[[0, 0, 1, 1], 1]]) for box in boxes] for boxes in
              ([leaf.box for leaf in tree] for tree in trees)]
    axis, at = splits[0].feature, splits[0].threshold
    cuts = np.array([np.insert(split.box[:, [1 - split.feature]], split.feature, split.threshold, axis=1) for split in splits])
    return Scene(
        title=("How does a decision tree ask its questions?", "How does a decision tree ask?"),
        beats=[
            Beat(f"{len(X)} penguins of three species, two measures.", enter=["points"], seconds=1.5),
            Beat(("With no question asked, the tree says the most frequent species everywhere.", "No question: the most frequent one."),
                 enter=["regions"], seconds=2.5),
            Beat((f"The first question: is the {names[axis]} above {at:.4g} mm? No other split makes the parts purer.",
                  f"First: {names[axis]} above {at:.4g} mm?"), enter=["splits"], updates=up_to(1), seconds=0.5, hold=2.5),
            Beat(say("The next splits one of the two parts, and leaves the other alone.", "Next: one of the two parts.",
                     when=n_updates > 1), updates=up_to(1), seconds=0.5, hold=1.5),
            Beat(say("Then leaf by leaf, each time the split that gains most.", "Then leaf by leaf.", when=n_updates > 2),
                 updates=to_end, seconds=3.0, enter=["gini impurity"]),
            Beat((say("{leaves} leaves; {wrong} of {n} penguins are on a field of another species.",
                      "{leaves} leaves, {wrong} of {n} wrong.", leaves=n_updates + 1, wrong=int(n_wrong[-1]), n=len(X))), seconds=0.5, hold=2.5),
        ],
        panels=[
            panels.Plot(
                marks.Polygon(lambda k: shapes[k], many=True, name="regions",
                              color=lambda k: [f"{roles[np.bincount(y[leaf.rows]).argmax()]} 22%" for leaf in trees[k]]),
                *(marks.Points(X[y == i], color=roles[i], marker="os^"[i], name="points") for i in range(3)),
                marks.Segments(lambda k: cuts[:k], width=(3, 1.8), name="splits"),
                *(marks.Text(SPECIES[i], (0.02, 0.97 - 0.06 * i), coords="axes", color=f"{roles[i]} 60% on ink", bold=True)
                  for i in range(3)),
                x="bill length (mm)", y="flipper length (mm)", title=("Questions and answers", "Questions"), weight=1.7,
                limits=((low[0], high[0]), (low[1], high[1])),
                readout=panels.Readout(f"of {len(X)} wrong", lambda k: formatting.grouped(int(n_wrong[k])), "199"),
            ),
            panels.Plot(
                marks.Path(np.stack([np.arange(1, n_updates + 2), gini], axis=-1)),
                x="leaves", title=("Gini impurity", "Gini"), readout=panels.Readout.of("", gini),
            ),
        ],
        n_updates=n_updates, counter="split",
        alt=f"A decision tree splits {len(X)} penguins by two measures, {n_updates} times. The Gini impurity falls from "
        f"{gini[0]:.3f} to {gini[-1]:.3f}; {n_wrong[-1]} are in a leaf of another species.",
    )
