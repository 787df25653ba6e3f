"""A plot of seaborn.objects into a figure, and a clustered heat map."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
import seaborn.objects as so
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
frame = pd.DataFrame({"x": rng.random(60), "y": rng.random(60), "kind": list("ab") * 30})
fig = plt.figure()
so.Plot(frame, "x", "y", color="kind").add(so.Dot()).add(so.Line(), so.PolyFit()).on(fig).plot()
grid = sns.clustermap(rng.random((8, 8)), figsize=(5, 5))


def update(i):
    mesh = grid.ax_heatmap.collections[0]
    mesh.set_array(rng.random((8, 8)))


ani = FuncAnimation(grid.figure, update, frames=8)
