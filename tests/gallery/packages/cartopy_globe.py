"""A field on a globe of cartopy without coastlines, which would be downloaded; the globe turns by new axes."""

import cartopy.crs as ccrs
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation

longitude, latitude = np.meshgrid(np.linspace(-180, 180, 60), np.linspace(-90, 90, 30))
fig = plt.figure(figsize=(6, 4))
ax = fig.add_subplot(projection=ccrs.Robinson())
mesh = ax.pcolormesh(longitude, latitude, np.sin(np.deg2rad(longitude)), transform=ccrs.PlateCarree())
(track,) = ax.plot([], [], "r", transform=ccrs.Geodetic())
ax.gridlines(draw_labels=True)


def update(i):
    mesh.set_array(np.sin(np.deg2rad(longitude + 10 * i)) * np.cos(np.deg2rad(latitude)))
    track.set_data([0, 20 * i], [0, 40])
    ax.set_title(f"day {i}")


ani = FuncAnimation(fig, update, frames=6)
