"""Folders that tests read from, wherever a test itself is kept."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
