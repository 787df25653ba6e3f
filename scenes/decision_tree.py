"""How does a decision tree ask its questions?

A classification tree (CART) on two features: of all leaves and all thresholds it takes the split that lowers the Gini
impurity of the whole the most, then the next, one leaf more at a time.
"""

from typing import Annotated

import numpy as np
from animate import Beat, Range, Scene, marks, panels, penguins, say, to_end, up_to
from animate.learn.classifiers import decision_tree, tree_impurity

SPECIES = ["Adelie", "Chinstrap", "Gentoo"]


def build(max_leaves: Annotated[int, Range(2, 12), "Leaves of the whole tree, at most"] = 6) -> Scene:
    data, features = penguins(["bill_length_mm", "flipper_length_mm"], SPECIES), ["bill length", "flipper length"]
    low, high = data.X.min(axis=0) - 2, data.X.max(axis=0) + 2
    trees, splits = decision_tree(data.X, data.labels.astype(int), np.array([low, high]), max_leaves)
    n, n_splits, roles = data.n_samples, len(splits), ["class_a", "class_b", "class_c"]
    gini, n_wrong = [tree_impurity(leaves) for leaves in trees], [sum(leaf.n_wrong for leaf in leaves) for leaves in trees]
    first = {"feature": features[splits[0].feature], "threshold": splits[0].threshold}
    return Scene(
        title=("How does a decision tree ask its questions?", "How does a decision tree ask?"),
        beats=[
            Beat(say("{n} penguins of three species, two measures.", n=n), enter=SPECIES, seconds=1.5),
            Beat(("With no question asked, the tree says the most frequent species everywhere.", "No question: the most frequent one."),
                 enter=["regions", "readout"], seconds=2.5),
            Beat(say("The first question: is the {feature} above {threshold:4} mm? No other split makes the parts purer.",
                     "First: {feature} above {threshold:4} mm?", **first), enter="splits", updates=up_to(1), seconds=0.5, hold=2.5),
            Beat(say("The next splits one of the two parts, and leaves the other alone.", "Next: one of the two parts.",
                     when=n_splits > 1), updates=up_to(1), seconds=0.5, hold=1.5),
            Beat(say("Then leaf by leaf, each time the split that gains most.", "Then leaf by leaf.", when=n_splits > 2),
                 updates=to_end, seconds=3.0, enter="gini impurity"),
            Beat(say("{leaves} leaves; {wrong} of {n} penguins are on a field of another species.", "{leaves} leaves, {wrong} of {n} wrong.",
                     leaves=n_splits + 1, wrong=n_wrong[-1], n=n), seconds=0.5, hold=2.5),
        ],
        panels=[
            panels.Plot(
                marks.Polygon(lambda k: [leaf.corners for leaf in trees[k]], many=True, name="regions",
                              color=lambda k: [f"{roles[leaf.majority]} 22%" for leaf in trees[k]]),
                *panels.named_classes(data.X, data.labels, SPECIES),
                marks.Segments(lambda k: [split.ends for split in splits[:k]], width=(3, 1.8), name="splits"),
                x="bill length (mm)", y="flipper length (mm)", title=("Questions and answers", "Questions"), weight=1.7,
                limits=list(zip(low, high, strict=True)), readout=panels.Readout.of("", n_wrong, decimals=0, after=say("of {n} wrong", n=n)),
            ),
            panels.Plot.of_series(np.arange(1, n_splits + 2), gini, x="leaves", title=("Gini impurity", "Gini")),
        ],
        n_updates=n_splits, counter="split",
        alt=say("A decision tree splits {n} penguins by two measures, {splits:time|times}. The Gini impurity falls from {first:.3} to {last:.3}; "
                "{wrong} are in a leaf of another species.", n=n, splits=n_splits, first=gini[0], last=gini[-1], wrong=n_wrong[-1]),
    )
