"""Bytes and quality of MP4s by x264's preset and crf, beside x264's defaults, which matplotlib's writer uses.

Every setting encodes the same frames of one scene and of six animations. Bytes and the PSNR of the luma plane are the
same on every machine; processor time is that of ffmpeg, which reads the frames from a file.
"""

from __future__ import annotations

import re
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np

from animate.film.encoders import EncodeOptions
from animate.film.ffmpeg_arguments import FROM_RGB
from tests.benchmarks.drawing import FLAGSHIP, FPS, comparing, h264, scene
from tests.benchmarks.gallery import GALLERY

DEFAULTS = ("-preset", "medium", "-crf", "23")
OURS = tuple(h264(FPS, EncodeOptions())[4:])
KEYFRAMES = ("-g", str(5 * FPS))
SETTINGS: dict[str, tuple[str, ...]] = {
    "medium, crf 23 (x264's defaults)": DEFAULTS,
    "default here": OURS,
    "default here, crf 25": (*OURS, "-crf", "25"),
    "medium, psy 0, crf 23": ("-preset", "medium", *KEYFRAMES, "-x264-params", "psy=0", "-crf", "23"),
    "veryfast, crf 23": ("-preset", "veryfast", *KEYFRAMES, "-crf", "23"),
    "veryfast, crf 18 (version 0.1)": ("-preset", "veryfast", *KEYFRAMES, "-crf", "18"),
}
ANIMATIONS = ("heat_map", "contours", "double_pendulum", "rain", "random_walks_3d", "posterior")
SIZE = ("-s", "1280x720", "-r", str(FPS))


def rows(quick: bool = False) -> Iterator[dict[str, Any]]:
    """Give a row for each setting and animation, with the bytes at the PSNR of x264's defaults for the default here."""
    makes = {FLAGSHIP: scene(FLAGSHIP), **{name: GALLERY[name] for name in ANIMATIONS[: 1 if quick else None]}}
    with tempfile.TemporaryDirectory() as folder:
        for name, make in makes.items():
            planes = Path(folder, "frames.yuv")
            write_planes(make, 10 if quick else 50, planes)
            reference = encoded(planes, DEFAULTS)
            for setting, arguments in SETTINGS.items():
                size, psnr, seconds = encoded(planes, arguments)
                yield {
                    "what": f"{name}: {setting}",
                    "bytes": size,
                    "bytes_ratio": round(size / reference[0], 2),
                    "psnr_db": psnr,
                    "psnr_gain_db": round(psnr - reference[1], 1),
                    "cpu_ratio": round(seconds / reference[2], 2),
                }
            yield {"what": f"{name}: bytes at the same PSNR", "bytes_ratio": round(at_psnr(planes, reference), 2)}


def at_psnr(planes: Path, reference: tuple[int, float, float]) -> float:
    """Return the bytes of the default here at the PSNR of a reference, as a share of its bytes."""
    points = [encoded(planes, (*OURS, "-crf", str(crf))) for crf in (26, 24.5, 23, 21.5, 20)]
    sizes, psnr = [point[0] for point in points], [point[1] for point in points]
    return float(np.exp(np.interp(reference[1], psnr, np.log(sizes)))) / reference[0]


def write_planes(make: Any, n_frames: int, path: Path) -> None:
    """Write the frames of an animation as planes of YUV 4:2:0."""
    source = ["-f", "rawvideo", "-pix_fmt", "rgba", *SIZE, "-i", "pipe:0"]
    target = ["-vf", FROM_RGB, "-pix_fmt", "yuv420p", "-f", "rawvideo", str(path)]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *source, *target]
    with ExitStack() as stack:
        pipe: Any = stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE)).stdin
        stack.callback(pipe.close)
        writer = stack.enter_context(comparing(lambda frame: pipe.write(frame.tobytes())))
        make(n_frames).save("x.mp4", writer=writer)


def encoded(planes: Path, arguments: tuple[str, ...]) -> tuple[int, float, float]:
    """Return the bytes, the PSNR of luma in dB, and the seconds of processor time."""
    program, path = imageio_ffmpeg.get_ffmpeg_exe(), planes.with_name("x.mp4")
    source = ["-f", "rawvideo", "-pix_fmt", "yuv420p", *SIZE, "-i", str(planes)]
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    target = ["-c:v", "libx264", "-threads", "2", *arguments, str(path)]
    subprocess.run([program, "-v", "error", "-y", *source, *target], check=True)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    compare = [program, "-i", str(path), *source, "-lavfi", "[0][1]psnr", "-f", "null", "-"]
    report = subprocess.run(compare, check=True, capture_output=True, text=True).stderr
    psnr = float(re.findall(r"PSNR y:([\d.]+|inf)", report)[-1])
    return path.stat().st_size, psnr, ended.ru_utime - begun.ru_utime
