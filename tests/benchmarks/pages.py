"""Pages of drawings: their bytes against pages with a video, and the time of a frame in Chromium."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import animate
from tests.benchmarks.page_bytes import LESSONS, sizes
from tests.conftest import CHROMIUM_FLAGS, CHROMIUM_NAMES

Row = dict[str, Any]

SLOWER = 4
"""How much slower a reader's processor is taken to be."""

PLAY = """async () => {
  const scrub = document.querySelector(".scrub"), n = Number(scrub.max);
  for (let frame = 0; frame <= n; frame++) {
    scrub.value = frame;
    scrub.dispatchEvent(new Event("input"));
    await new Promise(requestAnimationFrame);
  }
  return n + 1;
}"""


def rows(quick: bool = False) -> Iterator[Row]:
    """Give a row for the page of each lesson, their median, and the time of a frame."""
    ratios = []
    for name in LESSONS[:2] if quick else LESSONS:
        drawings, video = sizes(name)
        ratios.append(drawings / video)
        found = {"drawings_kb": round(drawings / 1000), "video_kb": round(video / 1000), "ratio": round(ratios[-1], 2)}
        yield {"what": f"page: {name}", **found}
    yield {"what": "pages, median of the ratios", "median": round(median(ratios), 3)}
    yield {"what": "a frame of linear_sgd_vs_batch in Chromium", **frame_time()}


def frame_time() -> Row:
    """Return milliseconds of the main thread for a frame, as a processor that is slower needs.

    They are times of the processor, not of the clock, so that a busy machine gives much the same. They are multiplied:
    Chromium slows a page down by keeping its thread busy, which counts as processor time, too.
    """
    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if program is None:
        return {"left_out": "Chromium is not installed"}
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "page.html"
        animate.load("linear_sgd_vs_batch").build().save(path)
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        page.goto(path.as_uri() + "#t=0")
        page.locator(".panel:not([hidden])").wait_for()
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        before = _seconds(session)
        n_frames = page.evaluate(PLAY)
        spent = {name: value - before[name] for name, value in _seconds(session).items()}
        browser.close()
    return {name: round(1000 * SLOWER * seconds / n_frames, 1) for name, seconds in spent.items()}


def _seconds(session: Any) -> dict[str, float]:
    """Return the processor seconds of a page's main thread: of all tasks, and of its script, styles and layout."""
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    names = {"ms": "Task", "script_ms": "Script", "style_ms": "RecalcStyle", "layout_ms": "Layout"}
    return {name: float(metrics[f"{metric}Duration"]) for name, metric in names.items()}
