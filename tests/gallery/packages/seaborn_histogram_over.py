"""A stacked histogram with densities by seaborn, drawn again, whose legend is moved."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
frame = pd.DataFrame({"x": rng.normal(size=40), "kind": list("pq") * 20})
fig, ax = plt.subplots()


def update(i):
    ax.cla()
    sns.histplot(frame[: 10 + 3 * i], x="x", hue="kind", kde=True, ax=ax, multiple="stack")
    sns.move_legend(ax, "upper left")


ani = FuncAnimation(fig, update, frames=8)
