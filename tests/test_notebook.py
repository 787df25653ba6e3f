"""Scenes and matplotlib animations in notebooks: they play, in real kernels, browsers and exports."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import imageio.v3 as iio
import imageio_ffmpeg
import matplotlib as mpl
import nbconvert
import nbformat
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.animation import Animation, ArtistAnimation, FuncAnimation
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from nbclient import NotebookClient
from PIL import Image

import animate
from animate import notebook
from animate.animation_player import describe, play
from animate.errors import UsageError
from animate.library.parameters import Parameter, Range
from animate.notebook_controls import control_for
from animate.scene import Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

NOTEBOOK = Path(__file__).parents[1] / "scenes" / "examples" / "first_steps.ipynb"


class Films(HTMLParser):
    """The videos of a piece of HTML and of the pages in its frames, or the pictures in which a page draws."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_film = tag == "video" or (tag == "div" and ("role", "img") in attrs)
        self.found += [dict(attrs)] if is_film else []
        self.found += Films(str(dict(attrs)["srcdoc"])).found if tag == "iframe" else []


def played(path: Path) -> tuple[int, float]:
    """Return the number of frames and the frames per second of a video, as ffmpeg decodes it."""
    n_frames, seconds = imageio_ffmpeg.count_frames_and_secs(path)
    return n_frames, round(n_frames / seconds, 1)


def mp4_of(html: str, path: Path) -> Path:
    [video] = Films(html).found
    path.write_bytes(base64.b64decode(str(video["src"]).removeprefix("data:video/mp4;base64,")))
    return path


@pytest.fixture(scope="module")
def scene() -> Scene:
    return animate.load("linear_online_sgd").build(n_updates=5)


def test_a_scene_is_shown_as_drawings_with_its_alt_text(scene: Scene) -> None:
    [picture] = Films(scene._repr_mimebundle_()["text/html"]).found
    assert (picture.get("role"), picture["aria-label"]) == ("img", scene.alt)


def test_an_animation_plays_silently(tmp_path: Path) -> None:
    html = play(wave()).html
    [video] = Films(html).found
    assert {"loop", "muted", "playsinline", "controls"} <= set(video)
    assert iio.imread(mp4_of(html, tmp_path / "x.mp4"), index=0).shape == (120, 160, 3)


def test_an_animation_is_shown_as_drawings_where_that_is_asked_for() -> None:
    before = vars(Animation).get("_repr_html_")
    animate.in_notebook(drawings=True)
    try:
        [picture] = Films(wave()._repr_html_()).found
    finally:
        notebook.reset()
    assert picture.get("role") == "img"
    assert vars(Animation).get("_repr_html_") is before


def test_it_is_rendered_once(scene: Scene) -> None:
    assert scene._repr_mimebundle_()["text/html"] is scene._repr_mimebundle_(include=None)["text/html"]


def test_where_there_is_no_html_it_is_its_question_and_its_alt_text(scene: Scene) -> None:
    assert scene._repr_mimebundle_()["text/plain"] == f"{scene.question}\n{scene.alt}"


# the kernel is another process, which says on stderr what it has to complain of
def test_the_example_runs_without_warnings_and_shows_playing_scenes(tmp_path: Path) -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert [output for output in outputs if output.get("name") == "stderr"] == []
    shown = [output["data"]["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    assert len([video for html in shown for video in Films(html).found]) == 2
    assert (tmp_path / "sgd.html").stat().st_size > 10_000


def test_the_example_is_kept_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")


# -- controls of a scene

MOVE = """
import gc, ipywidgets
widgets = [one for one in gc.get_objects() if isinstance(one, ipywidgets.DOMWidget)]
[control] = [one for one in widgets if getattr(one, "description", "") == "learning_rate"]
control.value = {value}
[message] = [one for one in widgets if type(one) is ipywidgets.HTML]
print(message.value)
"""


@pytest.fixture(scope="module")
def controlled(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Any], Path]:
    folder = tmp_path_factory.mktemp("controls")
    build = 'import animate\nanimate.load("linear_online_sgd").build(n_updates=5)'
    refused = MOVE.format(value="'1,2,3'").replace('"learning_rate"', '"start"')
    return run_cells(folder, "%load_ext animate", build, MOVE.format(value=0.5), refused), folder


def test_a_scene_has_controls_in_a_kernel(controlled: tuple[list[Any], Path]) -> None:
    (controls, player) = controlled[0][1]
    assert "application/vnd.jupyter.widget-view+json" in controls["data"]
    assert len(Films(player["data"]["text/html"]).found) == 1


def test_a_control_draws_the_scene_anew_in_its_place(controlled: tuple[list[Any], Path]) -> None:
    player = controlled[0][1][1]
    scene = animate.load("linear_online_sgd").build(n_updates=5, learning_rate=0.5)
    assert player["data"]["text/plain"] == f"{scene.question}\n{scene.alt}"


def test_a_value_that_does_not_work_is_explained(controlled: tuple[list[Any], Path]) -> None:
    [printed] = controlled[0][3]
    assert "start must be" in printed["text"]


def test_an_exported_page_plays_the_scene_without_its_controls(controlled: tuple[list[Any], Path]) -> None:
    page, _ = nbconvert.HTMLExporter().from_filename(str(controlled[1] / "book.ipynb"))
    assert len(Films(page).found) == 1
    assert "VBox(" not in page
    assert "body.jp-Notebook" in page


def test_without_a_kernel_a_scene_has_no_controls(scene: Scene) -> None:
    with pytest.raises(NotImplementedError):
        notebook.show_scene(scene)


@pytest.mark.parametrize(
    ("parameter", "kind", "value"),
    [
        (Parameter("rate", "float", range=Range(0.001, 1, "log")), "FloatLogSlider", 0.05),
        (Parameter("noise", "float", range=Range(0, 4)), "FloatSlider", 1.5),
        (Parameter("n", "int", range=Range(5, 500)), "IntSlider", 60),
        (Parameter("optimizer", "choice", choices=("sgd", "adam")), "Dropdown", "adam"),
        (Parameter("standardize", "bool"), "Checkbox", True),
    ],
)
def test_a_parameter_has_the_control_of_its_kind(parameter: Parameter, kind: str, value: object) -> None:
    control = control_for(parameter, value)
    assert (type(control).__name__, control.value) == (kind, value)


def test_an_optional_parameter_is_a_line_of_text() -> None:
    assert control_for(Parameter("n_updates", "int", optional=True, range=Range(1, 9)), None).value == "none"


# -- matplotlib's animations

WAVE = """
import numpy as np, matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation
fig, ax = plt.subplots(figsize=(3.21, 2))
line, = ax.plot([], [])
ax.set(xlim=(0, 7), ylim=(-1, 1), title="A wave")
x = np.linspace(0, 7, 50)
ani = FuncAnimation(fig, lambda i: line.set_data(x, np.sin(x + i)), frames=12, interval=50)
"""
PICTURES = """
from matplotlib.animation import ArtistAnimation
fig, ax = plt.subplots(figsize=(2, 2))
ani = ArtistAnimation(fig, [[ax.imshow([[i, 1], [2, 3]])] for i in range(4)], interval=100)
ani
"""


def run_cells(folder: Path, *cells: str) -> list[Any]:
    """Return the outputs of cells that a real kernel runs, one list for each cell."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(book, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
    nbformat.write(book, folder / "book.ipynb")
    return [cell.outputs for cell in book.cells]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def outputs(folder: Path) -> list[Any]:
    saved = "%%animate --fps 30 -o wave.mp4 -o wave.gif --alt 'Two waves'\n" + WAVE
    saved_value = saved.replace("wave.", "value.") + "ani"
    twice = "%load_ext animate\n%reload_ext animate"
    seldom = "import animate.notebook\nanimate.notebook.PROGRESS_AFTER = animate.notebook.PROGRESS_EVERY = 0\nani"
    return run_cells(folder, twice, WAVE + "ani", PICTURES, saved, saved_value, seldom)


def html_of(cell: list[Any]) -> str:
    [html] = [output["data"]["text/html"] for output in cell if "text/html" in output.get("data", {})]
    return str(html)


@pytest.mark.parametrize(("cell", "n_frames", "fps"), [(1, 12, 20), (2, 4, 10), (3, 12, 30), (4, 12, 30), (5, 12, 20)])
def test_an_animation_plays_in_a_cell(outputs: list[Any], tmp_path: Path, cell: int, n_frames: int, fps: int) -> None:
    assert played(mp4_of(html_of(outputs[cell]), tmp_path / "x.mp4")) == (n_frames, fps)


@pytest.mark.parametrize("cell", [1, 2, 3, 4, 5])
def test_a_cell_shows_the_player_and_no_second_picture_or_complaint(outputs: list[Any], cell: int) -> None:
    assert [output.output_type for output in outputs[cell] if output.output_type != "stream"] == ["display_data"]
    assert all("image/png" not in output.get("data", {}) for output in outputs[cell])
    assert all(output.get("name") != "stderr" for output in outputs[cell])


def test_the_cells_of_the_documentation_run(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "docs" / "notebooks.md").read_text(encoding="utf-8")
    shown = run_cells(tmp_path, *re.findall(r"^```ipython\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    assert [
        len(Films("".join(output["data"]["text/html"] for output in cell if "data" in output)).found) for cell in shown
    ] == [0, 1, 0, 1, 1, 1]
    assert (tmp_path / "wave.mp4").is_file()


def test_the_alt_text_comes_from_the_titles(outputs: list[Any]) -> None:
    [video] = Films(html_of(outputs[1])).found
    assert video["aria-label"] == "Animation: A wave"


def test_the_cell_magic_saves_what_the_cell_makes(outputs: list[Any], folder: Path) -> None:
    for name in ("wave", "value"):
        assert played(folder / f"{name}.mp4") == (12, 30)
        with Image.open(folder / f"{name}.gif") as image:
            assert image.n_frames == 12  # type: ignore[attr-defined]
    assert "wave.mp4" in "".join(output.get("text", "") for output in outputs[3])  # progress may come before it
    assert Films(html_of(outputs[3])).found[0]["aria-label"] == "Two waves"


def test_an_exported_page_plays_and_steps_without_a_kernel(outputs: list[Any], folder: Path, page: Page) -> None:
    nbconvert = pytest.importorskip("nbconvert")
    text, _ = nbconvert.HTMLExporter(template_name="basic").from_filename(str(folder / "book.ipynb"))
    (folder / "book.html").write_text(f"<!doctype html><meta charset=utf-8><title>Book</title>{text}", encoding="utf-8")
    page.goto((folder / "book.html").as_uri())
    player = page.frame_locator("iframe >> nth=0")
    player.locator("html.playing").wait_for()
    player.locator(".play").click()
    before = int(player.locator(".update").inner_text())
    player.locator(".back" if before == 11 else ".on").click()
    assert abs(int(player.locator(".update").inner_text()) - before) == 1


def test_a_player_is_as_high_as_its_page(page: Page) -> None:
    page.set_content(f"<title>Book</title>{wave_player()}")
    frame = page.frames[1]
    frame.wait_for_selector("html.framed")
    page.wait_for_timeout(200)
    height = frame.evaluate("document.documentElement.getBoundingClientRect().height")
    assert frame.frame_element().bounding_box()["height"] == pytest.approx(height, abs=1)  # type: ignore[index]


# -- in this process


def wave(n_frames: int = 5, **options: Any) -> FuncAnimation:
    figure = Figure(figsize=(1.61, 1.21), dpi=100)
    (line,) = figure.add_subplot(xlim=(0, 7), ylim=(-1, 1)).plot([], [])
    x = np.linspace(0, 7, 50)
    update = lambda frame: line.set_data(x, np.sin(x + frame))  # noqa: E731
    return FuncAnimation(figure, update, frames=n_frames, interval=100, **options)


def wave_player() -> str:
    return play(wave()).html


@pytest.fixture
def in_notebook() -> Iterator[None]:
    animate.in_notebook()
    yield
    notebook.reset()


def test_leaving_restores_every_method() -> None:
    before = dict(vars(Animation))
    animate.in_notebook()
    animate.in_notebook(max_frames=5)
    assert vars(Animation)["to_jshtml"] is not before["to_jshtml"]
    animate.unload_ipython_extension(None)
    assert dict(vars(Animation)) == before


@pytest.mark.usefixtures("in_notebook")
def test_a_page_of_frames_has_the_same_pixels_and_settings_as_matplotlibs() -> None:
    ours = wave().to_jshtml(fps=7, default_mode="reflect")
    notebook.reset()
    theirs = wave().to_jshtml(fps=7, default_mode="reflect")
    assert len(pictures(ours)) == len(pictures(theirs)) == 5
    for our, their in zip(pictures(ours), pictures(theirs), strict=True):
        np.testing.assert_array_equal(our, their)
    assert plain(ours) == plain(theirs)


def pictures(page: str) -> list[Any]:
    found = re.findall(r'"data:image/png;base64,([^"]*)"', page)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(text.replace("\\", ""))))) for text in found]


def plain(page: str) -> str:
    """Return a page without its pictures and its random identifier."""
    return re.sub(r'"data:image/png;base64,[^"]*"|[0-9a-f]{32}', "", page)


@pytest.mark.usefixtures("in_notebook")
def test_a_page_of_frames_keeps_the_limit(caplog: pytest.LogCaptureFixture) -> None:
    with mpl.rc_context({"animation.embed_limit": 0.005}):
        page = wave().to_jshtml()
    assert len(pictures(page)) < 5
    assert "exceeding the limit" in caplog.text


@pytest.mark.usefixtures("in_notebook")
def test_frames_beside_a_page_are_files_as_matplotlibs() -> None:
    assert 'frames[i] = "temp_frames/frame"' in wave().to_jshtml(embed_frames=False)


@pytest.mark.usefixtures("in_notebook")
def test_a_video_element_keeps_its_meaning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    html = wave(repeat=False).to_html5_video()
    [data] = re.findall(r'src="data:video/mp4;base64,([^"]*)"', html)
    (tmp_path / "x.mp4").write_bytes(base64.b64decode(data))
    assert played(tmp_path / "x.mp4") == (5, 10)
    assert Films(html).found == [{"width": "160", "height": "120", "controls": None, "autoplay": None}]
    assert wave().to_html5_video(embed_limit=0.001) == "Video too large to embed."
    assert capsys.readouterr().err == ""


def test_a_long_animation_is_cut_and_says_what_to_do(tmp_path: Path) -> None:
    player = play(wave(10_000), max_frames=3)
    assert played(mp4_of(player.html, tmp_path / "x.mp4"))[0] == 3
    assert "first 3 frames" in player.html
    assert "%%animate -o" in player.html


def test_a_file_gets_all_frames(tmp_path: Path) -> None:
    [file] = play(wave(5), max_frames=3, outputs=[tmp_path / "x.gif"]).written
    assert file.n_frames == 5


def test_files_are_numbered_in_the_order_in_which_a_cell_makes_its_animations(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = InteractiveShell()
    notebook.register_cell_magic(shell)
    shell.user_ns["wave"] = wave
    shell.run_cell("%%animate -o x.gif\nfirst, second = wave(2), wave(3)\nfirst")
    with Image.open("x.gif") as one, Image.open("x-2.gif") as two:
        assert (one.n_frames, two.n_frames) == (2, 3)  # type: ignore[attr-defined]
    assert "x-2.gif" in capsys.readouterr().out


def test_an_animation_that_is_too_large_is_not_embedded() -> None:
    with mpl.rc_context({"animation.embed_limit": 0.001}):
        html = play(wave()).html
    assert "<iframe" not in html
    assert "animation.embed_limit" in html


def test_a_figure_keeps_its_size() -> None:
    animation = wave()
    play(animation)
    assert tuple(notebook.figure_of(animation).get_size_inches()) == (1.61, 1.21)


def test_the_label_of_a_figure_is_its_alt_text() -> None:
    figure = Figure(label="Waves run to the left")
    assert describe(figure) == "Waves run to the left"


def test_a_canvas_that_is_not_aggs_plays_too(tmp_path: Path) -> None:
    animation = wave()
    FigureCanvasSVG(notebook.figure_of(animation))
    assert played(mp4_of(play(animation).html, tmp_path / "x.mp4"))[0] == 5


def test_an_animation_whose_figure_was_closed_plays(tmp_path: Path) -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    animation = ArtistAnimation(figure, [[axes.plot([0, height])[0]] for height in range(3)])
    plt.close(figure)
    assert played(mp4_of(play(animation).html, tmp_path / "x.mp4"))[0] == 3


@pytest.mark.usefixtures("in_notebook")
def test_marimo_shows_the_player() -> None:
    marimo = pytest.importorskip("marimo")
    assert Films(marimo.as_html(wave()).text).found != []


@pytest.mark.parametrize(
    ("line", "cell", "message"),
    [
        ("-o x.mp4", "1 + 1", "must make an animation"),
        ("--fps fast", "1", "invalid float"),
        ("--fps 0", WAVE, "fps must be above 0"),
        ("--alt 'A wave", WAVE, "No closing quotation"),
        ("-o x.nix", WAVE, "nix"),
    ],
)
def test_a_cell_magic_that_cannot_work_says_so_in_a_line(
    line: str, cell: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = InteractiveShell()
    notebook.register_cell_magic(shell)
    result = shell.run_cell(f"%%animate {line}\n{cell}")
    assert type(result.error_in_exec).__name__ == "UsageError"
    shown = capsys.readouterr()
    assert message in shown.out + shown.err
    assert "Traceback" not in shown.out + shown.err


@pytest.mark.parametrize("limit", [0, 2.5, "many"])
def test_a_limit_of_no_frames_is_refused(limit: Any) -> None:
    with pytest.raises(UsageError, match=f"max_frames must be a whole number, 1 or more; got {limit!r}"):
        animate.in_notebook(max_frames=limit)
