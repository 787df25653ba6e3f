"""A confusion matrix of scikit-learn whose counts and texts change."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation
from sklearn.metrics import ConfusionMatrixDisplay

fig, ax = plt.subplots()
display = ConfusionMatrixDisplay(np.arange(9).reshape(3, 3)).plot(ax=ax)


def update(i):
    counts = np.random.default_rng(i).integers(0, 30, (3, 3))
    display.im_.set_data(counts)
    display.im_.autoscale()
    for text, count in zip(display.text_.ravel(), counts.ravel(), strict=True):
        text.set_text(count)


ani = FuncAnimation(fig, update, frames=8)
