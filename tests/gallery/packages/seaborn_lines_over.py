"""Lines by seaborn, cleared and drawn again with more rows in each frame."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.animation import FuncAnimation

sns.set_theme()
rng = np.random.default_rng(0)
frame = pd.DataFrame({"x": rng.normal(size=40), "y": rng.normal(size=40), "kind": list("abcd") * 10})
fig, ax = plt.subplots()


def update(i):
    ax.clear()
    sns.lineplot(frame[: 10 + 3 * i], x="x", y="y", hue="kind", ax=ax, errorbar=None)
    sns.despine(fig)


ani = FuncAnimation(fig, update, frames=8)
