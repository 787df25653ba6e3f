"""A page being written: frames become its video, and what is told of them stands beside it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from animate.atomic_files import AtomicFile, temporary_folder
from animate.film.page import Page, Take
from animate.film.sinks import EncodeOptions, Sink, Work, Written, on_white
from animate.film.story import Story
from animate.film.video import MP4, VideoSink
from animate.replay.frames import Frame


class PageSink(Sink):
    """One page being written; its video is encoded into a temporary folder."""

    def __init__(self, path: Path, width: int, height: int, fps: float, options: EncodeOptions) -> None:
        self._story, self._fps = options.story, fps
        self._atomic_file = AtomicFile(path)
        self._folder = temporary_folder()
        self._latest: Frame | None = None
        try:
            self._video = VideoSink(MP4, Path(self._folder.name) / "video.mp4", width, height, fps, options)
        except BaseException:
            self._atomic_file.discard()
            self._folder.cleanup()
            raise

    def take(self, rgba: Frame) -> Work:
        """Return what remains to be done for one more frame."""
        if self._latest is None:
            self._latest = np.empty_like(rgba)
        np.copyto(self._latest, rgba)
        return self._video.take(rgba)

    def write(self, rgba: Frame) -> None:
        """Encode one more frame at once."""
        self.take(rgba)()

    def finish(self) -> None:
        """Put the page together."""
        try:
            self._video.finish()
            video = self._video.publish()
            story = self._story or Story.of_frames(self._atomic_file.path.stem, video.n_frames)
            take = Take(video.path.read_bytes(), video.n_frames, story)
            self._page = Page([take], poster(self._latest), video.width, video.height, self._fps)
            write_page(self._page, self._atomic_file)
        except BaseException:
            self.abort()
            raise
        self._folder.cleanup()

    def publish(self, *, keep_old: bool = False) -> Written:
        """Give the whole file its final name."""
        return publish_page(self._page, self._atomic_file, keep_old=keep_old)

    def rollback(self) -> None:
        """Restore what `publish` replaced."""
        self._atomic_file.rollback()

    def abort(self) -> None:
        """Remove what was begun."""
        self._video.abort()
        self._atomic_file.discard()
        self._folder.cleanup()


def write_page(page: Page, file: AtomicFile) -> None:
    """Write a page under its temporary name."""
    file.write_bytes(page.html().encode())


def publish_page(page: Page, file: AtomicFile, *, keep_old: bool = False) -> Written:
    """Return what was written: the page, under its final name."""
    n_frames = max(take.n_frames for take in page.takes)
    duration = n_frames / page.fps
    return Written(file.path, file.publish(keep_old=keep_old), page.width, page.height, n_frames, page.fps, duration)


def poster(frame: Frame | None) -> bytes:
    """Return a frame as WebP, lossless, which for plots takes the fewest bytes."""
    if frame is None:
        return b""
    file = BytesIO()
    image = Image.fromarray(np.ascontiguousarray(on_white(frame)[..., :3]))
    image.save(file, "WEBP", lossless=True, quality=80, method=4)
    return file.getvalue()
