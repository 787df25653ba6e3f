"""SVG files that play: the drawings of a figure, not its pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from animate.atomic_files import AtomicFile
from animate.film.sinks import EncodeOptions, EncodeTask, FileSink
from animate.replay.frames import Frame
from animate.vector.film import Film
from animate.vector.image_fragment import image_fragment
from animate.vector.recording import FigureRecording, VectorRecording
from animate.vector.svg_document import svg_document


class SvgSink(FileSink):
    """Writes the drawings that `EncodeOptions.recording` collects. Parameters as for `Encoder.open`.

    Without a recording each frame is stored as an image.
    """

    def __init__(self, path: Path, width: int, height: int, fps: float, options: EncodeOptions) -> None:
        super().__init__(path, width, height, fps, AtomicFile(path))
        self._options = options
        self._recording: VectorRecording = options.recording or VectorRecording()
        self._shown: list[int] = []
        self._before: Frame | None = None

    def stage_frame(self, rgba: Frame) -> EncodeTask:
        """Note that one more frame shows the last drawing; the file is written in the end."""
        self._count(rgba)
        is_figure = isinstance(self._recording, FigureRecording)
        if not is_figure and (self._before is None or not np.array_equal(rgba, self._before)):
            self._before = rgba.copy()
            self._recording.add([image_fragment(self._recording.shared, self._before)])
        self._shown.append(self._recording.n_drawings - 1)
        return lambda: None

    def _complete(self) -> None:
        width, height = (float(self._width), float(self._height))
        if isinstance(self._recording, FigureRecording):
            width, height = self._recording.size
        film = Film(
            width=width,
            height=height,
            recording=self._recording,
            shown=self._shown,
            fps=self._fps,
            loop=self._options.loop,
            title=dict(self._options.metadata).get("title", ""),
            alt=self._options.alt,
        )
        self._output.temporary.write_bytes(svg_document(film).encode(errors="replace"))
