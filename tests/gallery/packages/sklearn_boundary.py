"""The decision boundary of a classifier that learns, by scikit-learn."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation
from sklearn.inspection import DecisionBoundaryDisplay
from sklearn.linear_model import SGDClassifier

points = np.random.default_rng(0).normal(size=(40, 2))
classes = (points[:, 0] > 0).astype(int)
model = SGDClassifier(random_state=0)
fig, ax = plt.subplots()


def update(i):
    model.partial_fit(points, classes, classes=[0, 1])
    ax.clear()
    DecisionBoundaryDisplay.from_estimator(
        model, points, ax=ax, alpha=0.4, response_method="predict", grid_resolution=20
    )
    ax.scatter(*points.T, c=classes)


ani = FuncAnimation(fig, update, frames=8)
