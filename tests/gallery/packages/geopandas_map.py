"""A map of polygons of geopandas, colored anew in every frame after clearing the axes."""

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation
from shapely.geometry import Polygon

rng = np.random.default_rng(0)
shapes = [Polygon([(x, y), (x + 1, y + 0.2), (x + 0.8, y + 1), (x, y + 0.9)]) for x in range(6) for y in range(4)]
frame = gpd.GeoDataFrame({"value": rng.random(24)}, geometry=shapes)
fig, ax = plt.subplots()


def update(i):
    ax.clear()
    frame["value"] = rng.random(24)
    frame.plot("value", ax=ax, edgecolor="k", vmin=0, vmax=1)
    ax.set_axis_off()


ani = FuncAnimation(fig, update, frames=8)
