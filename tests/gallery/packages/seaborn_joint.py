"""A joint plot of seaborn whose points move and whose margin is drawn again."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
grid = sns.jointplot(pd.DataFrame({"x": rng.normal(size=40), "y": rng.normal(size=40)}), x="x", y="y", height=3)
fig = grid.figure


def update(i):
    numbers = np.random.default_rng(i).normal(size=(40, 2))
    grid.ax_joint.collections[0].set_offsets(numbers)
    grid.ax_marg_x.clear()
    grid.ax_marg_x.hist(numbers[:, 0])


ani = FuncAnimation(fig, update, frames=8)
