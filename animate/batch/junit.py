"""The result of a build as JUnit XML, which most systems for continuous integration show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from animate.atomic_files import write_atomic
from animate.batch.manifest import SceneEntry


def junit(entries: Sequence[SceneEntry]) -> str:
    """Return a test suite with one test case per scene: failed, skipped (up to date) or passed.

    References
    ----------
    JUnit XML as Jenkins and GitLab read it: testsuite with tests, failures, skipped, time; testcase with classname.
    """
    counts = {
        "tests": len(entries),
        "failures": sum(entry.verdict == "failed" for entry in entries),
        "errors": 0,
        "skipped": sum(entry.verdict == "cached" for entry in entries),
        "time": f"{sum(map(_seconds, entries)):.3f}",
    }
    attributes = {"name": "animate", **{name: str(count) for name, count in counts.items()}}
    suites = ET.Element("testsuites", attributes)
    suite = ET.SubElement(suites, "testsuite", attributes)
    for entry in entries:
        _add_case(suite, entry)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _seconds(entry: SceneEntry) -> float:
    return 0.0 if entry.verdict == "cached" else entry.seconds


def _add_case(suite: ET.Element, entry: SceneEntry) -> None:
    attributes = {"classname": "animate", "name": entry.id, "file": entry.script, "time": f"{_seconds(entry):.3f}"}
    case = ET.SubElement(suite, "testcase", attributes)
    if entry.verdict == "failed":
        problem = _xml_text(entry.problem)
        ET.SubElement(case, "failure", {"message": problem}).text = problem
    elif entry.verdict == "cached":
        ET.SubElement(case, "skipped", {"message": "nothing changed"})
    elif entry.why:
        ET.SubElement(case, "system-out").text = _xml_text("\n".join(entry.why))


def _xml_text(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return "".join(character for character in text if character in "\n\t" or character.isprintable())


def write_junit(path: Path, entries: Sequence[SceneEntry]) -> None:
    """Write the result of a build as JUnit XML.

    Raises
    ------
    EncodeError
        If the file cannot be written.
    """
    write_atomic(path, junit(entries).encode(errors="replace"))
