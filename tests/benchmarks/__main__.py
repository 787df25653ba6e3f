"""Run all benchmarks: `python -m tests.benchmarks` prints each row as it is made and writes all as JSON
and as tables in Markdown.

They compare ratios within one run, so that another machine, or a busy one, gives much the same; `--quick` takes a
minute or two instead of an hour. `python -m tests.benchmarks drawing` runs one part.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Iterator
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

PARTS = ("drawing", "encoders", "documents", "pages", "studio", "h264", "peers", "scaling")


def main() -> None:
    """Run the parts that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"which of {', '.join(PARTS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="fewer frames, scenes and repeats")
    parser.add_argument("--json", type=Path, default=Path("output/benchmarks.json"), help="where the rows go")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"part must be one of {', '.join(PARTS)}; got {', '.join(sorted(unknown))}")
    rows: list[dict[str, Any]] = []
    for part in asked.parts or PARTS:
        for row in import_module(f"tests.benchmarks.{part}").rows(quick=asked.quick):
            rows.append({"part": part, **row})
            sys.stdout.write(told(row) + "\n")
            sys.stdout.flush()
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "quick": asked.quick}
    asked.json.write_text(json.dumps({**machine, "rows": rows}, indent=1) + "\n", encoding="utf-8")
    asked.json.with_suffix(".md").write_text("\n".join(table(rows)) + "\n", encoding="utf-8")


def table(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of a table in Markdown for each run of rows with the same columns."""
    for columns, same in groupby(rows, key=lambda row: tuple(row)[1:]):
        yield from ("", f"| {' | '.join(columns)} |", "|---" * len(columns) + "|")
        yield from (f"| {' | '.join(str(row[column]) for column in columns)} |" for row in same)


def told(row: dict[str, Any]) -> str:
    """Return a row as one line."""
    return "  ".join(f"{name}={value}" if name != "what" else f"{value:40}" for name, value in row.items())


if __name__ == "__main__":
    main()
