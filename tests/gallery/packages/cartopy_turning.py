"""A globe by cartopy, made anew in each frame, with a mesh on it."""

import cartopy.crs as ccrs
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation

fig = plt.figure(figsize=(3, 3))


def update(i):
    fig.clf()
    ax = fig.add_subplot(projection=ccrs.Orthographic(20 * i, 10))
    ax.set_global()
    ax.gridlines()
    values = np.random.default_rng(i).random((5, 5))
    ax.pcolormesh(range(0, 60, 10), range(0, 60, 10), values, transform=ccrs.PlateCarree())


ani = FuncAnimation(fig, update, frames=8)
