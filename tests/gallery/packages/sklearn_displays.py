"""scikit-learn's displays: a decision boundary drawn again as a model learns, and a confusion matrix."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation
from sklearn.datasets import make_moons
from sklearn.inspection import DecisionBoundaryDisplay
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import ConfusionMatrixDisplay, RocCurveDisplay

X, y = make_moons(80, noise=0.2, random_state=0)
model = SGDClassifier(random_state=0)
fig, (left, right) = plt.subplots(1, 2, figsize=(8, 4))


def update(i):
    model.partial_fit(X, y, classes=[0, 1])
    left.clear()
    DecisionBoundaryDisplay.from_estimator(model, X, ax=left, response_method="predict", alpha=0.4, grid_resolution=40)
    left.scatter(*X.T, c=y, edgecolor="k")
    right.clear()
    ConfusionMatrixDisplay.from_predictions(y, model.predict(X), ax=right, colorbar=False)
    left.set_title(f"pass {i}")


RocCurveDisplay.from_predictions(y, np.random.default_rng(0).random(80))
ani = FuncAnimation(fig, update, frames=6)
