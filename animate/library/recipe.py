"""What makes a scene again in another process: the script's path and the values it was built with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from animate.scene import Scene


@dataclass(frozen=True)
class Recipe:
    """A script and checked values; calling it loads the script and builds the scene.

    Attributes
    ----------
    path : Path
    values : mapping
        By parameter name, as `SceneScript.build` takes them.
    """

    path: Path
    values: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self) -> Scene:
        """Return the scene, built anew."""
        from animate.library.scripts import load

        return load(str(self.path)).build(**self.values)
