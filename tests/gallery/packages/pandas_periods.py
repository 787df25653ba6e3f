"""Periods of pandas on two axes, whose limits move."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.animation import FuncAnimation

series = pd.Series(range(24), pd.period_range("2020-01", periods=24, freq="M"))
fig, ax = plt.subplots()
series.plot(ax=ax)
series.plot(ax=ax, secondary_y=True)


def update(i):
    ax.set_xlim(600 - i, 620 + i)
    ax.set_title(f"frame {i}")


ani = FuncAnimation(fig, update, frames=8)
