"""celluloid's camera with lines, texts and a legend in every snapshot."""

import matplotlib.pyplot as plt
import numpy as np
from celluloid import Camera

fig, axs = plt.subplots(2, 1)
camera = Camera(fig)
x = np.linspace(0, 7, 100)
for i in range(8):
    lines = axs[0].plot(x, np.sin(x + i / 5), color="tab:blue")
    axs[0].legend(lines, [f"line {i}"])
    axs[1].scatter(x[::10], np.cos(x[::10] + i / 5), color="tab:red")
    axs[1].text(0.4, 0.9, f"frame {i}", transform=axs[1].transAxes)
    camera.snap()
ani = camera.animate()
