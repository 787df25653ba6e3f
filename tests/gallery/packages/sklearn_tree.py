"""scikit-learn's drawing of a tree, which is deeper in every frame, and a learning curve."""

import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation
from sklearn.datasets import load_iris
from sklearn.model_selection import LearningCurveDisplay
from sklearn.tree import DecisionTreeClassifier, plot_tree

X, y = load_iris(return_X_y=True)
fig, ax = plt.subplots(figsize=(8, 5))


def update(i):
    ax.clear()
    plot_tree(DecisionTreeClassifier(max_depth=1 + i % 3, random_state=0).fit(X, y), ax=ax, filled=True)


LearningCurveDisplay.from_estimator(DecisionTreeClassifier(random_state=0), X, y, random_state=0, shuffle=True)
ani = FuncAnimation(fig, update, frames=4)
