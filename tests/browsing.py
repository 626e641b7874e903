"""A page in a real browser that must not complain."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright


@contextmanager
def silent_page(server: str, *others: str) -> Iterator[Page]:
    """A page whose console must stay silent, and which may ask that server (and others) alone."""
    said: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        made = browser.new_page(
            base_url=server, viewport={"width": 1280, "height": 900}, locale="zh-CN"
        )
        made.on(
            "console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None
        )
        made.on("pageerror", lambda error: said.append(str(error)))
        made.on(
            "request",
            lambda r: None if r.url.startswith((server, *others)) else said.append(r.url),
        )
        yield made
        browser.close()
    assert not said
