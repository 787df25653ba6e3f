"""Labels placed by adjustText in every frame, and a tree map of squarify."""

import matplotlib.pyplot as plt
import numpy as np
import squarify
from adjustText import adjust_text
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
fig, (left, right) = plt.subplots(1, 2, figsize=(8, 4))


def update(i):
    left.clear()
    x, y = rng.random((2, 8))
    left.scatter(x, y)
    adjust_text(
        [left.text(*point, f"label {k}") for k, point in enumerate(zip(x, y, strict=True))], ax=left, iter_lim=20
    )
    right.clear()
    squarify.plot(np.sort(rng.random(6))[::-1], label=list("abcdef"), ax=right)


ani = FuncAnimation(fig, update, frames=4)
