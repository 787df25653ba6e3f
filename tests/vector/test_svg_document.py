"""The file: well formed, without scripts, described, and still where motion is not wanted."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

import animate
from animate.errors import EncodeError
from animate.film.compressed_size import notices_of_size
from animate.film.decode import probe, stored_alt
from animate.film.encoders import open_sink
from animate.film.sinks import OutputFile
from animate.vector import recording
from tests.replay.counting import overlook_replaced_code
from tests.vector.conftest import FPS, Pixels, Update, reference, share_alike

if TYPE_CHECKING:
    from playwright.sync_api import Page

SVG = "{http://www.w3.org/2000/svg}"
EVIL = '</title><script>alert(1)</script> & ]]> --> "\x07'


def moving_line(figure: Figure) -> Update:
    ax = figure.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 9))
    (line,) = ax.plot([0, 1], [0, 0])
    return lambda frame: line.set_ydata([frame, 0])


def test_nothing_in_titles_labels_and_links_becomes_markup(figure: Figure, save: Any) -> None:
    update = moving_line(figure)
    figure.axes[0].set_title(EVIL.replace("\x07", ""))
    figure.axes[0].lines[0].set(gid='x"><script>', url="javascript:alert(1)")
    text = save(figure, update, 2, alt=EVIL, metadata={"title": EVIL})
    root = ET.fromstring(text)
    assert root.findtext(f"{SVG}desc") == EVIL.replace("\x07", " ")
    assert root.findtext(f"{SVG}title") == EVIL.replace("\x07", " ")
    assert not {element.tag.rpartition("}")[2] for element in root.iter()} & {"script", "a", "foreignObject"}
    assert "javascript" not in text


def test_the_file_tells_its_size_length_and_alternative_text(figure: Figure, save: Any, tmp_path: Path) -> None:
    save(figure, moving_line(figure), 4, alt="A line rises. It stops.", hold=1.0)
    found = probe(tmp_path / "film.svg")
    assert (found.width, found.height, found.n_frames, found.fps, found.duration) == (320, 180, 14, 10.0, 1.4)
    assert stored_alt(tmp_path / "film.svg") == "A line rises. It stops."


@pytest.mark.parametrize(("loop", "times"), [(0, "infinite"), (3, "3")])
def test_it_plays_as_often_as_asked(loop: int, times: str, figure: Figure, save: Any) -> None:
    assert f"{{animation:0.2s step-end {times}}}" in save(figure, moving_line(figure), 2, loop=loop)


def test_the_same_animation_gives_the_same_bytes(figure: Figure, save: Any) -> None:
    update = moving_line(figure)
    assert save(figure, update, 3) == save(figure, update, 3)


def test_readers_who_want_no_motion_see_the_last_frame(
    figure: Figure, save: Any, new_page: Callable[..., Page], picture: Callable[[bytes], Pixels], tmp_path: Path
) -> None:
    save(figure, moving_line(figure), 6)
    page = new_page(reduced_motion="reduce", viewport={"width": 320, "height": 180})
    page.goto((tmp_path / "film.svg").as_uri())
    assert page.evaluate("document.getAnimations().length") == 0
    shot = tmp_path / "shot.png"
    page.screenshot(path=shot)
    pixels = np.asarray(Image.open(shot).convert("RGB")).astype(np.int64)
    assert share_alike(pixels, picture(reference(figure))) > 0.995


def test_only_changed_artists_are_drawn_again(figure: Figure, save: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    overlook_replaced_code(monkeypatch)
    update = moving_line(figure)
    drawn: list[Artist] = []
    draw = Line2D.draw

    def note(line: Line2D, renderer: Any) -> None:
        drawn.append(line)
        draw(line, renderer)

    figure.axes[0].plot([0, 1], [1, 1])
    (moving, still) = figure.axes[0].lines
    monkeypatch.setattr(Line2D, "draw", note)
    save(figure, update, 8)
    assert drawn.count(still) < drawn.count(moving)


@pytest.mark.parametrize("suffix", [".svg", ".html"])
def test_ticks_that_stay_are_drawn_in_few_frames(
    suffix: str, figure: Figure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlook_replaced_code(monkeypatch)
    n_draws, draw = 0, Axis.draw

    def count(axis: Axis, renderer: Any) -> None:
        nonlocal n_draws
        n_draws += 1
        draw(axis, renderer)

    animation = FuncAnimation(figure, moving_line(figure), frames=30, cache_frame_data=False)
    monkeypatch.setattr(Axis, "draw", count)
    animation.save(tmp_path / f"film{suffix}", writer=animate.writer(fps=FPS))
    assert n_draws <= 10  # two axes, for pixels and for drawings


@pytest.mark.parametrize("engine", ["constrained", "tight"])
def test_a_figure_with_a_layout_engine_is_recorded_in_full(engine: Any, figure: Figure, save: Any) -> None:
    figure.set_layout_engine(engine)
    assert 'data-frames="2"' in save(figure, moving_line(figure), 2)


def test_an_animation_that_becomes_too_large_is_refused(
    figure: Figure, save: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(recording, "MOST_BYTES", 100)
    with pytest.raises(EncodeError, match=r"a vector drawing must take at most .* after 1 frame; write a video"):
        save(figure, moving_line(figure), 3)
    assert not (tmp_path / "film.svg").exists()


def test_pixels_beside_drawings_are_the_same_as_without(figure: Figure, tmp_path: Path) -> None:
    update = moving_line(figure)
    for name, outputs in (("alone", ["alone.png"]), ("both", ["both.png", "both.svg"])):
        paths = [tmp_path / output.replace(".png", "-%d.png") for output in outputs]
        animation = FuncAnimation(figure, update, frames=3, cache_frame_data=False)
        animation.save(paths[0], writer=animate.writer(fps=10, outputs=paths))
        assert (tmp_path / f"{name}-3.png").exists() or (tmp_path / f"{name}-2.png").exists()
    numbers = sorted(int(re.findall(r"\d+", path.name)[0]) for path in tmp_path.glob("alone-*.png"))
    assert len(numbers) == 3
    for number in numbers:
        assert (tmp_path / f"alone-{number}.png").read_bytes() == (tmp_path / f"both-{number}.png").read_bytes()


@pytest.mark.parametrize(("video_bytes", "n_notices"), [(9_000, 1), (11_000, 0)])
def test_a_film_larger_than_its_video_says_so(video_bytes: int, n_notices: int, tmp_path: Path) -> None:
    film = tmp_path / "film.svg"
    film.write_bytes(np.random.default_rng(0).bytes(10_000))  # compression makes it no smaller
    size = {"width": 320, "height": 180, "n_frames": 2, "fps": 10.0, "duration": 0.2}
    written = [
        OutputFile(film, 10_000, **size),  # type: ignore[arg-type]
        OutputFile(film.with_suffix(".mp4"), video_bytes, **size),  # type: ignore[arg-type]
    ]
    notices = list(notices_of_size(written))
    assert len(notices) == n_notices
    assert all("film.mp4 is smaller with 9 kB" in notice for notice in notices)


def test_a_film_that_is_large_at_rest_is_not_said_to_change(figure: Figure, save: Any, capsys: Any) -> None:
    figure.subplots().plot(*np.random.default_rng(0).random((2, 200_000)), ",")
    text = save(figure, lambda frame: None, 2)
    size = len(zlib.compress(text.encode())) / 1e6
    (notice,) = capsys.readouterr().err.splitlines()
    assert notice.endswith(f"film.svg takes {size:.3g} MB compressed; a video is probably smaller, such as -o film.mp4")


@pytest.mark.parametrize(("n_bytes", "n_notices"), [(9_000_000, 1), (7_000_000, 0)])
def test_a_film_that_browsers_hold_with_difficulty_says_so_however_well_it_is_compressed(
    n_bytes: int, n_notices: int, tmp_path: Path
) -> None:
    film = tmp_path / "film.svg"
    film.write_bytes(bytes(n_bytes))
    written = [OutputFile(film, n_bytes, width=320, height=180, n_frames=2, fps=10.0, duration=0.2)]
    notices = list(notices_of_size(written))
    assert len(notices) == n_notices
    assert all("film.html or film.mp4 opens sooner" in notice for notice in notices)


def test_frames_without_a_figure_are_stored_as_images(tmp_path: Path) -> None:
    sink = open_sink(tmp_path / "film.svg", 32, 18, 10)
    for level in (0, 0, 255):
        sink.write(np.full((18, 32, 4), level, np.uint8))
    sink.finish()
    assert sink.publish().n_frames == 3
    assert (tmp_path / "film.svg").read_text().count("<image ") == 2


def test_a_line_that_fades_is_stored_once(figure: Figure, save: Any) -> None:
    (line,) = figure.subplots().plot(np.sin(np.arange(50)))
    lasting = save(figure, lambda frame: line.set_linewidth(1), 8)
    fading = save(figure, lambda frame: line.set_alpha(1 - 0.1 * frame), 8)
    length = max(map(len, re.findall(r' d="([^"]*)"', lasting)))
    assert len(fading) < len(lasting) + 3 * length
