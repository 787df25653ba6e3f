"""A cluster map of seaborn whose color limits change."""

import numpy as np
import seaborn as sns
from matplotlib.animation import FuncAnimation

grid = sns.clustermap(np.random.default_rng(0).random((5, 5)), figsize=(3, 3))
fig = grid.figure


def update(i):
    grid.ax_heatmap.collections[0].set_clim(0, 1 / (i + 1))
    grid.ax_heatmap.set_title(f"frame {i}")


ani = FuncAnimation(fig, update, frames=8)
