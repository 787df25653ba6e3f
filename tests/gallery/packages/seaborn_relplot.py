"""A figure-level plot of seaborn, whose points move and whose title counts."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
frame = pd.DataFrame({"x": rng.random(90), "y": rng.random(90), "kind": list("abc") * 30, "size": rng.random(90)})
grid = sns.relplot(frame, x="x", y="y", col="kind", hue="size", size="size", height=3)


def update(i):
    for ax in grid.axes.flat:
        points = ax.collections[0]
        points.set_offsets(points.get_offsets() + rng.normal(0, 0.02, points.get_offsets().shape))
    grid.figure.suptitle(f"frame {i}")


ani = FuncAnimation(grid.figure, update, frames=8)
