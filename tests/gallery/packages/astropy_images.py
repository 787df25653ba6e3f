"""An image in coordinates of the sky, with a norm of astropy."""

import matplotlib.pyplot as plt
import numpy as np
from astropy.visualization import ImageNormalize, SqrtStretch
from astropy.wcs import WCS
from matplotlib.animation import FuncAnimation

wcs = WCS(naxis=2)
wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
wcs.wcs.crval, wcs.wcs.crpix, wcs.wcs.cdelt = [30, 40], [20, 20], [-0.1, 0.1]
rng = np.random.default_rng(0)
fig = plt.figure()
ax = fig.add_subplot(projection=wcs)
shown = ax.imshow(rng.random((40, 40)), norm=ImageNormalize(vmin=0, vmax=1, stretch=SqrtStretch()), origin="lower")
ax.coords.grid(color="white")


def update(i):
    shown.set_data(rng.random((40, 40)))
    ax.set_title(f"exposure {i}")


ani = FuncAnimation(fig, update, frames=8)
