"""A treemap by squarify, cleared and drawn again."""

import matplotlib.pyplot as plt
import squarify
from matplotlib.animation import FuncAnimation

fig, ax = plt.subplots()


def update(i):
    ax.clear()
    squarify.plot([5, 3 + i, 2, 1], label=list("abcd"), ax=ax, alpha=0.7)
    ax.axis("off")


ani = FuncAnimation(fig, update, frames=8)
