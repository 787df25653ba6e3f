"""Diagnostic plots of statsmodels, and a fit that is drawn again as points arrive."""

import matplotlib.pyplot as plt
import numpy as np
import statsmodels.api as sm
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
x = rng.random(60)
y = 2 * x + rng.normal(0, 0.3, 60)
fig, ax = plt.subplots()
sm.qqplot(y, line="s")


def update(i):
    ax.clear()
    n = 10 + 5 * i
    model = sm.OLS(y[:n], sm.add_constant(x[:n])).fit()
    sm.graphics.plot_fit(model, 1, ax=ax)


ani = FuncAnimation(fig, update, frames=6)
