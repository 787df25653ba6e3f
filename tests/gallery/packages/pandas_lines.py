"""Series of a frame of dates, plotted by pandas, grow day by day."""

import numpy as np
import pandas as pd
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
frame = pd.DataFrame(rng.normal(size=(60, 3)).cumsum(axis=0), pd.date_range("2024-01-01", periods=60), list("abc"))
ax = frame.plot(figsize=(7, 4), title="pandas")


def update(i):
    for line, column in zip(ax.get_lines(), frame, strict=False):
        line.set_data(frame.index[: 5 * i + 2], frame[column][: 5 * i + 2])
    ax.relim()
    ax.autoscale_view()


ani = FuncAnimation(ax.figure, update, frames=8)
