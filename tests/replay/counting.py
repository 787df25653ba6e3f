"""Draws counted by methods of matplotlib's classes that a test replaces."""

from __future__ import annotations

import pytest

from animate.replay import replaced_code


def overlook_replaced_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let replay take methods that count draws for matplotlib's own."""
    monkeypatch.setattr(replaced_code.ReplacedCode, "is_changed", lambda _code: False)
    monkeypatch.setattr(replaced_code, "_is_foreign", lambda _value: False)
