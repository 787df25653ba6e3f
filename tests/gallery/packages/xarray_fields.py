"""Fields of xarray, drawn by its own plotting, with a colorbar that changes."""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.animation import FuncAnimation

x, y = np.linspace(0, 1, 20), np.linspace(0, 2, 30)
field = xr.DataArray(np.random.default_rng(0).random((8, 30, 20)), dims=("time", "y", "x"), coords={"x": x, "y": y})
fig, ax = plt.subplots(layout="constrained")
mesh = field[0].plot(ax=ax, vmin=0, vmax=1)


def update(i):
    mesh.set_array(field[i].values)
    mesh.set_clim(0, 1 + i / 10)
    ax.set_title(f"time = {i}")


ani = FuncAnimation(fig, update, frames=8)
