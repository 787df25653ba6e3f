"""pandas' scatter matrix, box plots and histograms, changed by hand."""

import numpy as np
import pandas as pd
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
frame = pd.DataFrame(rng.normal(size=(80, 3)), columns=list("xyz"))
axs = pd.plotting.scatter_matrix(frame, diagonal="hist")
frame.plot.box()
frame.plot.hexbin("x", "y", gridsize=12)


def update(i):
    for ax in axs.flat:
        ax.set_facecolor((1, 1 - i / 20, 1))


ani = FuncAnimation(axs[0, 0].figure, update, frames=8)
