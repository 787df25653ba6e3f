"""A plot of plotnine, whose figure is animated by hand."""

import numpy as np
import pandas as pd
from matplotlib.animation import FuncAnimation
from plotnine import aes, facet_wrap, geom_point, ggplot

rng = np.random.default_rng(0)
frame = pd.DataFrame({"x": rng.random(40), "y": rng.random(40), "kind": list("ab") * 20})
figure = (ggplot(frame, aes("x", "y", color="kind")) + geom_point() + facet_wrap("kind")).draw()


def update(i):
    for ax in figure.axes:
        for points in ax.collections:
            points.set_offsets(points.get_offsets() + rng.normal(0, 0.02, np.shape(points.get_offsets())))


ani = FuncAnimation(figure, update, frames=8)
