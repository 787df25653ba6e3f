"""The animations of sphinx-gallery's examples, drawn once each for the thumbnail, the still and the page.

sphinx-gallery looks up the scraper after each block of an example, before any scraper runs. This is when figures with
animations are closed, so that its own scraper, which comes first, does not draw them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import Any

from matplotlib.animation import Animation
from matplotlib.figure import Figure

from animate.animation_player import play
from animate.film.formats.images import write_png

RST = """
.. container:: sphx-glr-animation

    .. only:: html

        .. raw:: html

{html}

    .. only:: not html

        .. image:: /{still}
            :alt: {alt}

"""


@dataclass
class GalleryScraper:
    """Puts animations into the pages of a gallery.

    Parameters
    ----------
    waiting : list of Animation
        Animations whose figures are closed.
    """

    waiting: list[Animation] = field(default_factory=list)

    @classmethod
    def with_open_animations(cls) -> GalleryScraper:
        """Return a scraper for the animations whose figures are open in pyplot, and close these figures."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        scraper = cls()
        for number in pyplot.get_fignums() if pyplot is not None else ():
            figure = pyplot.figure(number)  # type: ignore[union-attr]
            animations = list(animations_of(figure))
            if animations:
                scraper.waiting += animations
                pyplot.close(figure)  # type: ignore[union-attr]
        return scraper

    def __call__(self, _block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any], **_options: Any) -> str:
        """Return the reStructuredText that shows the animations, and write the still of each."""
        waiting, self.waiting = self.waiting, []
        return "".join(_rst(one, block_vars["image_path_iterator"], gallery_conf["src_dir"]) for one in waiting)


def animations_of(figure: Figure) -> Iterator[Animation]:
    """Yield the animations of a figure: each has to stop when the figure is closed, so each is connected to that."""
    for reference in list(figure.canvas.callbacks.callbacks.get("close_event", {}).values()):
        owner = getattr(reference(), "__self__", None)
        if isinstance(owner, Animation):
            yield owner


def _rst(animation: Animation, image_paths: Iterator[str], source_folder: str) -> str:
    path = Path(next(image_paths))
    player = play(animation)
    write_png(path, player.last_frame)
    still = path.relative_to(source_folder).as_posix()
    alt = " ".join(player.alt.split())
    return RST.format(html=indent(player.html, " " * 12), still=still, alt=alt)
