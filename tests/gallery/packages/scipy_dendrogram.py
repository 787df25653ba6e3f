"""A dendrogram by SciPy, cleared and drawn again."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation
from scipy.cluster.hierarchy import dendrogram, linkage

fig, ax = plt.subplots()


def update(i):
    ax.clear()
    dendrogram(linkage(np.random.default_rng(i).random((8, 2))), ax=ax)


ani = FuncAnimation(fig, update, frames=8)
