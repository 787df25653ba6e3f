"""The encoders beside their peers, fed the same frames from memory: time, bytes and PSNR over all frames.

gifski is compared where it is found: on the PATH, or where the variable GIFSKI says (`npm install gifski` brings it).
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray
from PIL import Image

import animate
from animate.draw.settings import resolve
from animate.film.encoders import EncodeOptions, open_sink

Frames = Sequence[NDArray[np.uint8]]

FPS = 25
"""Even for a GIF: no peer is at a disadvantage by rounding."""

QUALITY_BESIDE = {"PillowWriter": 60, "palettegen": 80, "gifski 90": 90}
"""One setting of ours per peer: the lowest quality that is at its PSNR or better on every scene."""


class Result(NamedTuple):
    """What one encoder made of the frames."""

    seconds: float
    bytes: int
    psnr: float


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """Return a row for each comparison and each format; `quick` takes fewer frames of one scene."""
    small, large = (24, 24) if quick else (125, 250)
    scenes = ["linear_sgd_vs_batch"] if quick else ["linear_sgd_vs_batch", "logistic_2d"]
    found = []
    for scene in scenes:
        frames = scene_frames(scene, 640, 360, small)
        found += [against(scene, frames, "palettegen", palettegen)]
        if gifski_program():
            found += [against(scene, frames, "gifski 90", gifski)]
        frames = scene_frames(scene, 1280, 720, large)
        found += [against(scene, frames, "PillowWriter", pillow)]
        found += [alone(scene, frames, suffix) for suffix in (".gif", ".mp4", ".webm", ".webp", ".apng")]
    return found


def scene_frames(name: str, width: int, height: int, n_frames: int) -> Frames:
    """Return evenly spaced frames of a scene, drawn in full."""
    scene = animate.load(name).build()
    stage = scene.stage(resolve(size=(width, height)))
    frames = []
    for moment in np.linspace(0, scene.timeline.duration, n_frames):
        stage.show(float(moment))
        buffer = io.BytesIO()
        stage.figure.savefig(buffer, format="rgba", dpi="figure")
        frames.append(np.frombuffer(buffer.getvalue(), np.uint8).reshape(height, width, 4))
    return frames


def against(scene: str, frames: Frames, peer: str, encode: Callable[[Frames, Path], float]) -> dict[str, Any]:
    """Return one row: our GIF beside a peer's, made one after the other from the same frames."""
    ours = measured(frames, ".gif", lambda fed, path: ourselves(fed, path, QUALITY_BESIDE[peer]))
    theirs = measured(frames, ".gif", encode)
    return {
        **described("gif", scene, frames),
        "peer": peer,
        "times_faster": round(theirs.seconds / ours.seconds, 2),
        "bytes_ratio": round(ours.bytes / theirs.bytes, 3),
        "psnr_gain_db": round(ours.psnr - theirs.psnr, 2),
        **{f"our_{name}": value for name, value in rounded(ours).items()},
        **{f"peer_{name}": value for name, value in rounded(theirs).items()},
    }


def alone(scene: str, frames: Frames, suffix: str) -> dict[str, Any]:
    """Return one row: a format of ours at its defaults."""
    result = measured(frames, suffix, ourselves)
    per_frame = round(1000 * result.seconds / len(frames), 2)
    return {**described(suffix[1:], scene, frames), "peer": None, "ms_per_frame": per_frame, **rounded(result)}


def described(name: str, scene: str, frames: Frames) -> dict[str, Any]:
    """Return what was encoded."""
    height, width = frames[0].shape[:2]
    return {"encoder": name, "scene": scene, "size": f"{width}x{height}", "n_frames": len(frames)}


def rounded(result: Result) -> dict[str, float]:
    """Return a result as it is printed."""
    return {"seconds": round(result.seconds, 3), "bytes": result.bytes, "psnr_db": round(result.psnr, 2)}


def measured(frames: Frames, suffix: str, encode: Callable[[Frames, Path], float]) -> Result:
    """Return the seconds, bytes and PSNR of one encoder."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x{suffix}"
        seconds = encode(frames, path)
        return Result(seconds, path.stat().st_size, psnr(path, frames))


def psnr(path: Path, frames: Frames) -> float:
    """Return the peak signal-to-noise ratio over all RGB values of all frames in dB, decoded by ffmpeg."""
    height, width = frames[0].shape[:2]
    output = ["-r", str(FPS), "-fps_mode", "cfr", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), *output]
    squares = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE) as decoder:
        for frame in frames:
            raw = decoder.stdout.read(3 * width * height)  # type: ignore[union-attr]
            shown = np.frombuffer(raw, np.uint8).reshape(height, width, 3)
            squares += int(np.sum((shown.astype(np.int32) - frame[..., :3]) ** 2))
        decoder.stdout.read()  # type: ignore[union-attr]
    return float(10 * np.log10(255**2 / max(squares / (len(frames) * 3 * width * height), 1e-10)))


def ourselves(frames: Frames, path: Path, quality: float = 90.0) -> float:
    """Return the seconds our encoder takes."""
    height, width = frames[0].shape[:2]
    began = time.perf_counter()
    sink = open_sink(path, width, height, FPS, EncodeOptions(quality=quality))
    for frame in frames:
        sink.write(frame)
    sink.finish()
    sink.publish()
    return time.perf_counter() - began


def pillow(frames: Frames, path: Path) -> float:
    """Return the seconds Pillow takes, called as matplotlib's PillowWriter does; drawing is not counted."""
    began = time.perf_counter()
    images = [Image.fromarray(frame).convert("RGB") for frame in frames]
    images[0].save(path, save_all=True, append_images=images[1:], duration=int(1000 / FPS), loop=0)
    return time.perf_counter() - began


def palettegen(frames: Frames, path: Path) -> float:
    """Return the seconds ffmpeg takes with one palette, no dithering and changed rectangles."""
    height, width = frames[0].shape[:2]
    chain = "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none:diff_mode=rectangle"
    source = ["-f", "rawvideo", "-pix_fmt", "rgba", "-s", f"{width}x{height}", "-r", str(FPS), "-i", "-"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *source, "-lavfi", chain, str(path)]
    began = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        for frame in frames:
            encoder.stdin.write(frame.data)  # type: ignore[union-attr]
        encoder.stdin.close()  # type: ignore[union-attr]
    return time.perf_counter() - began


def gifski_program() -> str | None:
    """Return the gifski to compare with, if there is one."""
    return os.environ.get("GIFSKI") or shutil.which("gifski")


def gifski(frames: Frames, path: Path) -> float:
    """Return the seconds gifski takes at quality 90; writing the PNG files it reads is not counted."""
    height, width = frames[0].shape[:2]
    names = [path.with_name(f"{number:05d}.png") for number in range(len(frames))]
    for name, frame in zip(names, frames, strict=True):
        Image.fromarray(frame).save(name, compress_level=1)
    settings = ["--quiet", "--fps", str(FPS), "-Q", "90", "-W", str(width), "-H", str(height), "-o", str(path)]
    began = time.perf_counter()
    subprocess.run([str(gifski_program()), *settings, *map(str, names)], check=True)
    return time.perf_counter() - began
