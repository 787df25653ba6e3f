"""A pair plot and a joint plot of seaborn."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
frame = pd.DataFrame(rng.normal(size=(40, 3)), columns=list("xyz")).assign(kind=list("ab") * 20)
grid = sns.pairplot(frame, hue="kind", height=1.5)
joint = sns.jointplot(frame, x="x", y="y", hue="kind", height=4)


def update(i):
    points = joint.ax_joint.collections[0]
    points.set_offsets(points.get_offsets() + rng.normal(0, 0.1, points.get_offsets().shape))
    joint.ax_joint.set_xlim(-3 - i / 10, 3)


ani = FuncAnimation(joint.figure, update, frames=8)
