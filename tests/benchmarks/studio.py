"""The studio in a real browser: ms to the first picture of each lesson and from a slider to the picture, as a table.

The browser runs on the same machine as the server, as it does for those who use it. A move of the slider counts as shown
with the first picture that was asked for after it, and its time is up to when its pixels are on the page's canvas.

`python -m tests.benchmarks.studio` measures all lessons, those whose names follow, or with `--quick` four of them.
`python -m tests.benchmarks.studio --load` tells instead whether memory stays flat: 50 tabs opened at once, three times, then 10,000 moves of a slider.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from threading import Barrier
from typing import Any

from playwright.sync_api import Page, sync_playwright
from websockets.sync.client import ClientConnection, connect

from animate.studio.messages import unpack

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]
SCENES = ("linear_sgd_vs_batch", "linear_batch_gd", "optimizer_race", "least_absolute_deviations")

WATCH = """
window.asked = new Map(); window.moves = []; window.pictures = [];
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  if (typeof data === "string" && data.startsWith('{"type":"draw"')) asked.set(JSON.parse(data).id, performance.now());
  return send.call(this, data);
};
addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  const isPreview = !document.getElementById("preview").hidden;
  pictures.push({ id: Number(document.body.dataset.shown), at: performance.now(), isPreview });
}).observe(document.body, { attributeFilter: ["data-shown"] }));
"""
OPEN = """async (name) => {
  const begun = performance.now();
  const until = async (holds) => {
    while (!holds()) await new Promise((next) => setTimeout(next, 2));
    return performance.now() - begun;
  };
  document.querySelector(`#scenes a[data-name="${name}"]`).click();
  const first = await until(() => studio.scene === name && document.getElementById("blank").hidden);
  return [first, await until(() => studio.isSettled)];
}"""
DRAG = """async (seconds) => {
  const enabled = () => document.querySelector("#parameters input[type=range]:enabled");
  if (!enabled()) document.querySelector("#parameters .parameter:has(input[type=range]) .none input")?.click();
  const slider = enabled();
  if (!slider) return null;
  moves.length = pictures.length = 0;
  const begun = performance.now();
  // far enough for a few values of a whole number, too
  const far = Math.min(0.9, Math.max(0.04, 3 * Number(slider.step)));
  const from = Number(slider.value), reach = from > far ? -far : far;
  const box = slider.closest(".parameter");
  const value = () => slider.getAttribute("aria-valuetext");
  while (performance.now() - begun < 1000 * seconds) {
    await new Promise((next) => setTimeout(next, 16));
    const turn = (performance.now() - begun) / 1000;
    slider.value = from + reach * Math.abs(Math.sin(2 * turn));
    const before = value(), at = performance.now();
    slider.dispatchEvent(new Event("input"));
    if (value() !== before) moves.push(at);
  }
  await new Promise((next) => setTimeout(next, 500));
  const shown = pictures.map(({ id, at }) => ({ asked: asked.get(id), at }));
  const lags = moves.map((move) => shown.find((one) => one.asked >= move)?.at - move).filter(Number.isFinite);
  const drawn = pictures.filter(({ at }) => at < begun + 1000 * seconds);
  return { lags, slider: box.dataset.name, perSecond: drawn.length / seconds,
    share: drawn.filter(({ isPreview }) => isPreview).length / Math.max(drawn.length, 1) };
}"""
PLAY = """async (seconds) => {
  pictures.length = 0;
  await new Promise((next) => setTimeout(next, 1000 * seconds));
  return pictures.length / seconds;
}"""


def rows(quick: bool = False, names: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield a row for each lesson at 800x450, or for some; `quick` takes four lessons and less time."""
    seconds = 1 if quick else 3
    with studio() as (address, _), new_page() as page:
        page.goto(f"{address}#scene=anscombe&size=800x450&theme=light")
        page.wait_for_function("() => window.studio && studio.isSettled")
        listed = page.locator("#scenes a:not(.broken)").evaluate_all("links => links.map((link) => link.dataset.name)")
        for name in names or ([*SCENES] if quick else listed):
            yield measured(page, name, seconds)


def measured(page: Page, name: str, seconds: float) -> dict[str, Any]:
    """Return what one lesson does while it is opened, played, and changed with its first slider."""
    if name == page.evaluate("studio.scene"):
        page.evaluate("studio.goBeside(1)")
        page.wait_for_function("name => studio.scene !== name && studio.isSettled", arg=name)
    first, exact = page.evaluate(OPEN, name)
    page.wait_for_timeout(500)  # what can be dragged is found out meanwhile
    page.keyboard.press("Space")
    playing = page.evaluate(PLAY, seconds)
    page.keyboard.press("Space")
    page.wait_for_function("() => studio.isSettled")
    dragging = page.evaluate(DRAG, seconds) or {"lags": []}
    page.wait_for_function("() => studio.isSettled")
    lags = dragging["lags"]
    return {
        "lesson": name,
        "first_picture_ms": round(first),
        "exact_picture_ms": round(exact),
        "playing_pictures_per_s": round(playing, 1),
        "slider": dragging.get("slider", ""),
        "dragging_pictures_per_s": round(dragging["perSecond"], 1) if lags else None,
        "slider_median_ms": round(median(lags)) if lags else None,
        "slider_p90_ms": round(quantiles(lags, n=10)[-1]) if len(lags) > 1 else None,
        "previews": f"{dragging['share']:.0%}" if lags else "",
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


# -- memory


def load_rows(n_tabs: int = 50, n_rounds: int = 3, n_moves: int = 10_000) -> Iterator[dict[str, Any]]:
    """Yield memory of server and workers before and after many tabs at once, then during many moves of one slider."""
    with studio() as (address, server), ThreadPoolExecutor(n_tabs) as threads:
        url = address.replace("http", "ws", 1).replace("/?", "/live?")
        for scene in SCENES[:2]:  # both workers have drawn
            look(url, scene)
        yield {"what": "before"} | memory(server)
        for number in range(n_rounds):
            meeting = Barrier(n_tabs)
            n_pictures = sum(
                threads.map(lambda index, meeting=meeting: look(url, SCENES[index % 4], meeting), range(n_tabs))
            )
            yield {"what": f"{n_tabs} tabs at once, time {number + 1}", "pictures": n_pictures} | memory(server)
        with connect(url, max_size=None) as tab:
            for part in range(4):
                n_pictures = drag(tab, n_moves // 4)
                yield {"what": f"{(part + 1) * n_moves // 4} moves", "pictures": n_pictures} | memory(server)


def look(url: str, scene: str, meeting: Barrier | None = None) -> int:
    """Open a tab and return how many of three pictures it was sent; with a meeting it stays until all others are open."""
    with connect(url, max_size=None, open_timeout=60) as tab:
        if meeting is not None:
            meeting.wait(120)
        for number in range(3):
            request(tab, number, scene, {"n_updates": str(100 + number)}, number / 2)
            while hear(tab) != "draw":
                pass
            tab.send(json.dumps({"type": "acknowledge", "n": number + 1}))
        return number + 1


def drag(tab: ClientConnection, n_moves: int) -> int:
    """Return how many pictures a tab was sent while it moved a slider 100 times a second."""
    n_received = 0
    for number in range(n_moves):
        rate = 10 ** (-3 + 2 * (number % 997) / 997)
        request(tab, number, "linear_sgd_vs_batch", {"learning_rate": f"{rate:.6g}", "n_updates": "200"}, 0.5)
        try:
            while hear(tab, 0.01) != "draw":
                pass
            n_received += 1
            tab.send(json.dumps({"type": "acknowledge", "n": 10**6}))  # the server counts no more than it has sent
        except TimeoutError:
            continue
    return n_received


def request(tab: ClientConnection, number: int, scene: str, texts: dict[str, str], share: float) -> None:
    """Ask for a picture."""
    tab.send(json.dumps({"type": "draw", "id": number, "scene": scene, "texts": texts, "share": share}))


def hear(tab: ClientConnection, seconds: float = 120) -> str:
    """Return the type of the next message."""
    message = tab.recv(seconds)
    assert isinstance(message, bytes)
    return str(unpack(message)[0]["type"])


def memory(server: int) -> dict[str, Any]:
    """Return the MB that the server and its processes have each in memory, once those of closed tabs are done."""
    time.sleep(2)
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return {"server_MB": resident(server), "workers_MB": sorted(filter(None, map(resident, children)))}


def resident(process: int | str) -> int:
    """Return the MB of a process that are in memory."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return round(int(found[1]) / 1024) if found else 0


@contextmanager
def studio(*arguments: str) -> Iterator[tuple[str, int]]:
    """Run a studio at a free port; yield its address and its process."""
    code = "from animate.cli import main; main()"
    command = [sys.executable, "-c", code, "studio", "--no-open", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        found = re.match(r"http://\S+", process.stdout.readline())
        assert found is not None
        yield found[0], process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)
        process.stdout.close()


def table_line(row: dict[str, Any]) -> str:
    """Return a row as a line of a Markdown table."""
    return f"| {' | '.join('' if value is None else str(value) for value in row.values())} |"


def main() -> None:
    """Print the rows as they are measured."""
    print(f"load {os.getloadavg()[0]:.1f}", flush=True)  # noqa: T201
    if "--load" in sys.argv:
        for row in load_rows():
            print(row, flush=True)  # noqa: T201
        return
    names = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    for number, row in enumerate(rows("--quick" in sys.argv, names)):
        if number == 0:
            print(table_line(dict(zip(row, row, strict=True))), "|---" * len(row) + "|", sep="\n")  # noqa: T201
        print(table_line(row), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
