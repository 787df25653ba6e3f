"""The command doctor: tries what must work, and says what does not."""

from __future__ import annotations

import json
from typing import Any

import pytest


def test_doctor_finds_everything_in_order(run: Any) -> None:
    result = run("doctor", "--json")
    findings = {finding["name"]: finding for finding in json.loads(result.stdout)["findings"]}
    assert result.exit_code == 0
    assert {
        "animate",
        "Python",
        "numpy",
        "ffmpeg",
        "encoder .gif",
        "encoder .mp4",
        "writer",
        "font",
        "scenes",
    } <= set(findings)
    assert all(finding["works"] for finding in findings.values())


def test_doctor_prints_a_line_for_each_finding(run: Any) -> None:
    lines = run("doctor").stdout.splitlines()
    assert all(line.startswith("ok      ") for line in lines)


def test_a_missing_ffmpeg_is_broken_and_exits_with_1(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise RuntimeError("No ffmpeg exe could be found")

    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", fail)
    result = run("doctor")
    assert result.exit_code == 1
    assert "BROKEN  ffmpeg          RuntimeError: No ffmpeg exe could be found" in result.stdout
    assert "broken or missing: ffmpeg" in result.stderr


def test_a_package_that_is_not_installed_is_told_with_the_command_to_install_it(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("animate.installation.PACKAGES", ("no-such-package",))
    result = run("doctor")
    assert result.exit_code == 1
    assert "not installed: pip install no-such-package" in result.stdout
