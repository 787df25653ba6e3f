"""A heat map of seaborn, made anew in every frame, as tutorials do."""

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.animation import FuncAnimation

sns.set_theme()
rng = np.random.default_rng(0)
fig, ax = plt.subplots()


def update(i):
    ax.clear()
    sns.heatmap(rng.random((6, 6)), annot=True, fmt=".1f", cbar=False, ax=ax)
    ax.set_title(f"step {i}")


ani = FuncAnimation(fig, update, frames=6)
