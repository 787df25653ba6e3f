"""Candles of mplfinance, drawn again into axes that are cleared, as its documentation shows."""

import mplfinance as mpf
import numpy as np
import pandas as pd
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
close = 100 + rng.normal(size=80).cumsum()
days = pd.date_range("2024-01-01", periods=80)
frame = pd.DataFrame({"Open": close - 0.5, "High": close + 1, "Low": close - 1, "Close": close, "Volume": 9}, days)
fig, axs = mpf.plot(frame[:20], type="candle", volume=True, returnfig=True, figsize=(7, 5))


def update(i):
    axs[0].clear()
    axs[2].clear()
    mpf.plot(frame[i : i + 20], ax=axs[0], volume=axs[2], type="candle")


ani = FuncAnimation(fig, update, frames=8)
