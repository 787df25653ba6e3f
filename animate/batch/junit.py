"""What became of each scene as JUnit's XML, which most systems for continuous integration show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from animate.atomic_files import write_atomic
from animate.batch.manifest import SceneEntry


def junit(entries: Sequence[SceneEntry]) -> str:
    """Return a test suite with a test case for each scene: failed, skipped (nothing changed) or passed.

    References
    ----------
    JUnit's XML as Jenkins and GitLab read it: testsuite with tests, failures, skipped, time; testcase with classname.
    """
    failed = sum(entry.verdict == "failed" for entry in entries)
    cached = sum(entry.verdict == "cached" for entry in entries)
    seconds = sum(entry.seconds for entry in entries if entry.verdict != "cached")
    counts = {"tests": len(entries), "failures": failed, "errors": 0, "skipped": cached}
    about = {**{name: str(count) for name, count in counts.items()}, "time": f"{seconds:.3f}"}
    suites = ET.Element("testsuites", {"name": "animate", **about})
    suite = ET.SubElement(suites, "testsuite", {"name": "animate", **about})
    for entry in entries:
        _add(suite, entry)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _add(suite: ET.Element, entry: SceneEntry) -> None:
    time = 0.0 if entry.verdict == "cached" else entry.seconds
    case = ET.SubElement(
        suite, "testcase", {"classname": "animate", "name": entry.id, "file": entry.script, "time": f"{time:.3f}"}
    )
    if entry.verdict == "failed":
        problem = _plain(entry.problem)
        ET.SubElement(case, "failure", {"message": problem}).text = problem
    elif entry.verdict == "cached":
        ET.SubElement(case, "skipped", {"message": "nothing changed"})
    elif entry.why:
        ET.SubElement(case, "system-out").text = _plain("\n".join(entry.why))


def _plain(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return "".join(character for character in text if character in "\n\t" or character.isprintable())


def write_junit(path: Path, entries: Sequence[SceneEntry]) -> None:
    """Write the file, whole or not at all."""
    write_atomic(path, junit(entries).encode(errors="replace"))
