"""Panels of ultraplot, which sizes the figure while it is drawn."""

import numpy as np
import ultraplot as uplt
from matplotlib.animation import FuncAnimation

x = np.linspace(0, 7, 100)
fig, axs = uplt.subplots(ncols=2, refwidth=2)
lines = [ax.plot(x, np.sin(x + k))[0] for k, ax in enumerate(axs)]
axs.format(suptitle="panels", xlabel="x", ylabel="y")


def update(i):
    lines[0].set_ydata((1 + i) * np.sin(x))
    axs[0].format(title=f"frame {i}", ylim=(-i - 1, i + 1))


ani = FuncAnimation(fig, update, frames=6)
