"""A review as a page that stands alone, its pictures within, and as a sheet: both to be attached to a pull request."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

import numpy as np

from animate.atomic_files import AtomicFile, write_atomic
from animate.batch.gallery import colors
from animate.batch.manifest import SceneEntry
from animate.batch.review import Changed, Review, Side, Sizes
from animate.draw.comparison_sheet import SheetRow, comparison_sheet
from animate.errors import EncodeError
from animate.film.budget import readable
from animate.film.comparing import Moment, as_webp, shrunk, still
from animate.saving import write_png

PAGE_WIDTH, SHEET_WIDTH = 640, 480
COLUMNS = ("before", "after", "difference")
MOST_ROWS = 40
TITLE = "What changed"


def write_review(found: Review, page: str | Path) -> tuple[Path, Path]:
    """Write a review as HTML and, beside it, as PNG; return both paths.

    Raises
    ------
    EncodeError
        If one cannot be written, or a picture cannot be read.
    """
    page = Path(page)
    picture = page.with_suffix(".png")
    write_atomic(page, review_page(found).encode(errors="replace"))
    with AtomicFile(picture) as file:
        write_png(file.temporary, review_sheet(found))
    return page, picture


def review_page(found: Review) -> str:
    """Return the review as one HTML file, which needs no other."""
    css = Path(__file__).with_name("review.css").read_text(encoding="utf-8")
    lines = [
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<title>{TITLE}: {escape(found.summary)}</title><link rel="icon" href="data:,">',
        f"<style>{colors()}\n{css}</style></head><body>",
        f'<header><h1>{TITLE}</h1><p class="about">{escape(found.summary)}</p></header><main>',
        *(line for one in found.changed for line in _section(one)),
        *(line for entry in found.added for line in _whole_scene(entry, "Added", found.new)),
        *(line for entry in found.removed for line in _whole_scene(entry, "Removed", found.old)),
        _unchanged(found.unchanged),
        "</main></body></html>",
    ]
    return "\n".join(lines) + "\n"


def review_sheet(found: Review) -> np.ndarray:
    """Return the review as one picture: each changed scene at the moment that differs most, RGB uint8."""
    rows = [SheetRow(one.entry.id, _in_a_line(one), _pictures(one.worst)) for one in found.changed[:MOST_ROWS]]
    left_out = len(found.changed) - len(rows)
    rows += [SheetRow(f"and {left_out} more changed scenes", "see the page")] if left_out else []
    rows += [SheetRow(entry.id, "added", _first_picture(entry, found.new)) for entry in found.added[:MOST_ROWS]]
    rows += [SheetRow(", ".join(entry.id for entry in found.removed), "removed")] if found.removed else []
    return comparison_sheet(TITLE, found.summary, rows, COLUMNS, SHEET_WIDTH)


def _section(one: Changed) -> Iterator[str]:
    yield f"<section><h2>{escape(one.entry.id)}</h2>"
    if one.entry.question:
        yield f'<p class="question">{escape(one.entry.question)}</p>'
    if one.words:
        yield "<ul>" + "".join(f"<li>{escape(word)}</li>" for word in one.words) + "</ul>"
    for moment in one.moments:
        yield from _compared(moment, one)
    yield from _table(one.files)
    yield "</section>"


def _compared(moment: Moment, one: Changed) -> Iterator[str]:
    said = _difference(moment)
    yield f'<figure><figcaption>{escape(one.shown)} at {moment.seconds:.2f} s: {said}</figcaption><div class="row">'
    for name, picture in zip(COLUMNS, (moment.before, moment.after, moment.highlighted()), strict=True):
        alt = escape(f"{one.entry.id} at {moment.seconds:.2f} s, {name}")
        yield f"<div><p>{name}</p>{_inlined(picture, alt)}</div>"
    yield "</div></figure>"


def _difference(moment: Moment) -> str:
    if not moment.difference:
        return "the pictures are the same, only the bytes differ"
    return f"mean difference {moment.difference:.2g} of 255"


def _inlined(picture: np.ndarray, alt: str) -> str:
    height, width = shrunk(picture, PAGE_WIDTH).shape[:2]
    data = base64.b64encode(as_webp(picture, PAGE_WIDTH)).decode()
    return f'<img src="data:image/webp;base64,{data}" width="{width}" height="{height}" alt="{alt}">'


def _table(files: Sequence[Sizes]) -> Iterator[str]:
    if not files:
        return
    yield '<table><thead><tr><th scope="col">File</th><th scope="col">Before</th><th scope="col">After</th>'
    yield '<th scope="col">Change</th></tr></thead><tbody>'
    for file in files:
        cells = "".join(f"<td>{cell}</td>" for cell in (_bytes(file.before), _bytes(file.after), _change(file)))
        yield f'<tr><th scope="row">{escape(file.path)}</th>{cells}</tr>'
    yield "</tbody></table>"


def _bytes(n_bytes: int | None) -> str:
    return "none" if n_bytes is None else readable(n_bytes)


def _change(file: Sizes) -> str:
    if file.before is None or file.after is None:
        return "added" if file.before is None else "removed"
    return f"{100 * (file.after / file.before - 1):+.1f} %".replace("-", "−") if file.before else ""


def _whole_scene(entry: SceneEntry, verdict: str, side: Side) -> Iterator[str]:
    yield f"<section><h2>{escape(entry.id)} <span>{verdict.lower()}</span></h2>"
    if entry.question:
        yield f'<p class="question">{escape(entry.question)}</p>'
    for picture in _first_picture(entry, side):
        yield f'<div class="row"><div>{_inlined(picture, escape(entry.alt or entry.id))}</div></div>'
    yield "</section>"


def _first_picture(entry: SceneEntry, side: Side) -> list[np.ndarray]:
    """Return the still of a scene, or the last frame of its first animation; none where its files are gone."""
    for file in [*entry.having("poster"), *entry.having("animation")]:
        try:
            return [shrunk(still(side.folder / file.path), SHEET_WIDTH)]
        except EncodeError:  # an illustration only: what was removed is seldom there still
            continue
    return []


def _unchanged(names: Sequence[str]) -> str:
    return f'<p class="unchanged">Unchanged: {escape(", ".join(names))}.</p>' if names else ""


def _in_a_line(one: Changed) -> str:
    shown = [file for file in one.files if file.path == one.shown]
    sizes = [f"{file.path} {_bytes(file.before)} → {_bytes(file.after)}" for file in shown]
    at = [f"at {one.worst.seconds:.2f} s: {_difference(one.worst)}"] if one.worst else []
    return "; ".join([*sizes, *at, *one.words])


def _pictures(moment: Moment | None) -> list[np.ndarray]:
    if moment is None:
        return []
    return [shrunk(picture, SHEET_WIDTH) for picture in (moment.before, moment.after, moment.highlighted())]
