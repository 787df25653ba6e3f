"""Categories by seaborn: violins, swarms, bars and a regression, in the theme of seaborn."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.animation import FuncAnimation

sns.set_theme(style="whitegrid", context="talk")
rng = np.random.default_rng(0)
frame = pd.DataFrame({"x": rng.normal(size=60), "y": rng.normal(size=60), "kind": list("abc") * 20})
fig, axs = plt.subplots(1, 3, figsize=(9, 3))
sns.violinplot(frame, x="kind", y="x", ax=axs[0])
sns.swarmplot(frame, x="kind", y="y", ax=axs[1], size=3)
sns.regplot(frame, x="x", y="y", ax=axs[2], n_boot=20)
plt.tight_layout()


def update(i):
    axs[2].lines[0].set_ydata(axs[2].lines[0].get_ydata() + 0.1)
    axs[1].set_title(f"frame {i}")


ani = FuncAnimation(fig, update, frames=8)
