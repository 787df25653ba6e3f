"""Types of usual parameters: each a number with its range and help, to annotate the parameters of ``build`` with.

``learning_rate: LearningRate = 0.1`` is a parameter like any other. `Annotated` gives an alias another help or range,
as in ``Annotated[LearningRate, "Step size of both"]``, and ``LearningRate | None`` allows none.
"""

from __future__ import annotations

from typing import Annotated

from animate.learn.tables import Table
from animate.library.parameters import Range

LearningRate = Annotated[float, Range(1e-10, 10.0, scale="log"), "Step size"]
Momentum = Annotated[float, Range(0.0, 0.999), "Share of the velocity that is kept; 0 is plain gradient descent"]
Updates = Annotated[int, Range(1, 10_000), "Updates, all points each"]
SampleSize = Annotated[int, Range(5, 500), "Points drawn"]
Noise = Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"]
Seed = Annotated[int, Range(0, 2**31 - 1), "Of the points"]
StartLine = Annotated[tuple[float, float] | None, "Slope and intercept of the first line; none: random"]
Orbit = Annotated[float, Range(0.0, 180.0), "Degrees the camera turns; 0 stands still and draws fastest"]
OwnData = Annotated[Table | None, "Your own x and y"]
