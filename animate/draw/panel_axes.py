"""Panels on their axes, and axes that are reused for other panels of the same kinds."""

from __future__ import annotations

from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.text import Text

from animate.draw.artist_cache import ArtistCache
from animate.draw.layout import Rectangle
from animate.draw.panels.base import Panel


@dataclass
class MountedPanel:
    """A panel on its axes, with the texts above it."""

    panel: Panel
    axes: Axes
    cell: Rectangle
    stacked: bool
    heading: dict[str, list[Text]] = field(default_factory=dict)


@dataclass
class PanelAxes:
    """Axes that are reused when the next specification has the same kinds of panels."""

    kind: type[Panel]
    axes: Axes
    cache: ArtistCache
    gutter: float = 0.0
    foot: float = 0.0
