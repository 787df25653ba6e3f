"""Candles, volume and a mean by mplfinance, cleared and drawn again with more days."""

import mplfinance as mpf
import numpy as np
import pandas as pd
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
close = 100 + rng.normal(size=40).cumsum()
columns = {"Open": close, "High": close + 1, "Low": close - 1, "Close": close + 0.3, "Volume": rng.integers(1, 99, 40)}
days = pd.DataFrame(columns, pd.date_range("2024-01-01", periods=40))
fig, axs = mpf.plot(days[:15], type="candle", volume=True, returnfig=True, figsize=(4, 3), style="yahoo", mav=(3,))


def update(i):
    for ax in axs:
        ax.clear()
    mpf.plot(days[: 15 + 2 * i], ax=axs[0], volume=axs[2], type="candle", mav=(3,))


ani = FuncAnimation(fig, update, frames=8)
