"""A scene in a notebook: it plays, with its alt text, and the example runs from top to bottom without a warning."""

from __future__ import annotations

import base64
from html.parser import HTMLParser
from pathlib import Path

import imageio.v3 as iio
import nbformat
import pytest
from nbclient import NotebookClient

import animate
from animate.scene import Scene

NOTEBOOK = Path(__file__).parents[1] / "scenes" / "examples" / "first_steps.ipynb"


class Videos(HTMLParser):
    """The videos of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [dict(attrs)] if tag == "video" else []


@pytest.fixture(scope="module")
def scene() -> Scene:
    return animate.load("linear_online_sgd").build(n_updates=5)


def test_a_scene_plays_silently_with_its_alt_text(scene: Scene, tmp_path: Path) -> None:
    [video] = Videos(scene._repr_mimebundle_()["text/html"]).found
    assert {"autoplay", "loop", "muted", "playsinline", "controls"} <= set(video)
    assert video["aria-label"] == scene.alt
    path = tmp_path / "x.mp4"
    path.write_bytes(base64.b64decode(str(video["src"]).removeprefix("data:video/mp4;base64,")))
    assert iio.imread(path, index=0).shape == (360, 640, 3)


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
    assert len([video for html in shown for video in Videos(html).found]) == 2
    assert (tmp_path / "sgd.html").stat().st_size > 10_000


def test_the_example_is_kept_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")
