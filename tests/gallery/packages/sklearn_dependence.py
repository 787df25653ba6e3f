"""Partial dependences of scikit-learn whose lines move."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation
from sklearn.inspection import PartialDependenceDisplay
from sklearn.linear_model import LinearRegression

features = np.random.default_rng(0).normal(size=(30, 2))
model = LinearRegression().fit(features, features[:, 0])
fig, ax = plt.subplots()
display = PartialDependenceDisplay.from_estimator(model, features, [0, 1], ax=ax, grid_resolution=5)


def update(i):
    for line in display.lines_.ravel():
        line.set_ydata(line.get_ydata() * 1.1)


ani = FuncAnimation(fig, update, frames=8)
