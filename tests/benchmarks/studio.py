"""The studio in a real browser: pictures a second while playing and while a slider is dragged, and ms from move to picture.

The browser runs on the same machine as the server, as it does for those who use it. A move counts as shown with the
first picture that was asked for after it, and its time is up to when its pixels are on the page's canvas.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]
SCENES = {
    "linear_sgd_vs_batch": "n_updates=200",
    "linear_batch_gd": "n_updates=200",
    "optimizer_race": "n_updates=200",
    "least_absolute_deviations": "n_updates=200",
}

WATCH = """
window.asked = new Map(); window.moves = []; window.pictures = [];
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  if (typeof data === "string" && data.startsWith('{"type":"draw"')) asked.set(JSON.parse(data).id, performance.now());
  return send.call(this, data);
};
addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  pictures.push({ id: Number(document.body.dataset.shown), at: performance.now() });
}).observe(document.body, { attributeFilter: ["data-shown"] }));
"""
DRAG = """async (seconds) => {
  const slider = document.querySelector('[data-name^="learning_rate"] input[type=range]');
  moves.length = pictures.length = 0;
  const begun = performance.now();
  const from = Number(slider.value), reach = 0.04;
  while (performance.now() - begun < 1000 * seconds) {
    await new Promise((next) => setTimeout(next, 16));
    const turn = (performance.now() - begun) / 1000;
    slider.value = from - reach * Math.abs(Math.sin(2 * turn));
    moves.push(performance.now());
    slider.dispatchEvent(new Event("input"));
  }
  await new Promise((next) => setTimeout(next, 500));
  const shown = pictures.map(({ id, at }) => ({ asked: asked.get(id), at }));
  const lags = moves.map((move) => shown.find((one) => one.asked >= move)?.at - move).filter(Number.isFinite);
  return { lags, pictures: pictures.filter(({ at }) => at < begun + 1000 * seconds).length / seconds };
}"""
PLAY = """async (seconds) => {
  pictures.length = 0;
  await new Promise((next) => setTimeout(next, 1000 * seconds));
  return pictures.length / seconds;
}"""
SCRUB = """async (seconds) => {
  const scrub = document.getElementById("scrub");
  pictures.length = 0;
  const begun = performance.now();
  while (performance.now() - begun < 1000 * seconds) {
    await new Promise((next) => setTimeout(next, 16));
    scrub.value = Math.abs(Math.sin((performance.now() - begun) / 1000));
    scrub.dispatchEvent(new Event("input"));
  }
  return pictures.length / seconds;
}"""


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """Return a row for each scene at 800x450; `quick` takes one scene and less time."""
    seconds = 2 if quick else 6
    names = list(SCENES)[:1] if quick else list(SCENES)
    with studio() as address, new_page() as page:
        return [measured(page, address, name, seconds) for name in names]


def measured(page: Page, address: str, name: str, seconds: float) -> dict[str, Any]:
    """Return what one scene does while it is played, scrubbed and changed."""
    page.goto("about:blank")
    page.goto(f"{address}#scene={name}&p.{SCENES[name]}&size=800x450&theme=light")
    page.wait_for_selector("body[data-shown]")
    page.wait_for_timeout(1500)
    playing = page.evaluate(PLAY, seconds)
    page.keyboard.press("Space")
    scrubbing = page.evaluate(SCRUB, seconds)
    dragging = page.evaluate(DRAG, seconds)
    lags = dragging["lags"]
    return {
        "scene": name,
        "playing_pictures_per_s": round(playing, 1),
        "scrubbing_pictures_per_s": round(scrubbing, 1),
        "dragging_pictures_per_s": round(dragging["pictures"], 1),
        "move_to_picture_ms": round(median(lags), 1),
        "move_to_picture_ms_p90": round(quantiles(lags, n=10)[-1], 1),
    }


@contextmanager
def new_page() -> Iterator[Page]:
    """Open a page of 1440x900 in headless Chromium."""
    path = os.environ.get("ANIMATE_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH)
        yield page
        chromium.close()


@contextmanager
def studio(*arguments: str) -> Iterator[str]:
    """Run a studio at a free port; yield its address."""
    code = "from animate.cli import main; main()"
    command = [sys.executable, "-c", code, "studio", "--no-open", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        found = re.match(r"http://\S+/", process.stdout.readline())
        assert found is not None
        yield found[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)
        process.stdout.close()


if __name__ == "__main__":
    for row in rows("--quick" in sys.argv):
        print(row)  # noqa: T201
