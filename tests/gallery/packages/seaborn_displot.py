"""Distributions by seaborn: displot, and a density that is drawn again."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
frame = pd.DataFrame({"x": rng.normal(size=120), "kind": list("ab") * 60})
grid = sns.displot(frame, x="x", hue="kind", kind="hist", kde=True, height=3)
fig, ax = plt.subplots()


def update(i):
    ax.cla()
    sns.kdeplot(frame[: 20 + 12 * i], x="x", hue="kind", fill=True, ax=ax)
    sns.despine(fig)


ani = FuncAnimation(fig, update, frames=8)
