"""A time series of pandas with its running mean, drawn again over a growing range."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.animation import FuncAnimation

series = pd.Series(np.random.default_rng(0).normal(size=90).cumsum(), pd.date_range("2024-01-01", periods=90))
fig, ax = plt.subplots()


def update(i):
    ax.clear()
    series[: 10 + 10 * i].plot(ax=ax, title=f"frame {i}")
    series.rolling(5).mean()[: 10 + 10 * i].plot(ax=ax, style="--")


ani = FuncAnimation(fig, update, frames=8)
