"""The command ``animate``: each command parses, calls one public function, and reports."""

from __future__ import annotations

from animate.cli.app import commands, main

__all__ = ["commands", "main"]
