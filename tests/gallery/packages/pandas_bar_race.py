"""A bar race with pandas' own plotting into axes that are cleared."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
totals = pd.DataFrame(rng.random((12, 6)).cumsum(axis=0), columns=["Ada", "Bob", "Cy", "Dee", "Eve", "Flo"])
fig, ax = plt.subplots()


def update(i):
    ax.clear()
    totals.iloc[i].sort_values().plot.barh(ax=ax, color="tab:blue")
    ax.set_title(f"week {i}")
    fig.tight_layout()


ani = FuncAnimation(fig, update, frames=8)
