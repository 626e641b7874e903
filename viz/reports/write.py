"""Briefings as files: of a street, a parcel or a body, in Word, PDF or HTML.

A writer is imported when it is asked for: setting a PDF takes two seconds to load.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from graph.store.snapshot import Snapshot
from viz.reports.briefing import Briefing, of_body, of_place

KINDS = ("street", "parcel", "body")
"""Kinds of things that have a briefing."""


def written(
    snapshot: Snapshot, kind: str, name: str, form: str, *, language: str = "zh", url: str = ""
) -> bytes:
    """The briefing of a `street`, `parcel` or `body` as a file: docx, pdf or html.

    `url` is the public address of the server, by default `$TIAOKUAI_URL`; with it the briefing
    names addresses that never change. Raises UnknownThing with near names.
    """
    url = (url or os.environ.get("TIAOKUAI_URL", "")).rstrip("/")
    if kind == "body":
        briefing = of_body(snapshot, name, language=language, url=url)
    else:
        briefing = of_place(snapshot, name, street=kind == "street", language=language, url=url)
    return WRITERS[form](briefing)


def _docx(briefing: Briefing) -> bytes:
    from viz.reports.docx import word

    return word(briefing)


def _pdf(briefing: Briefing) -> bytes:
    from viz.reports.pdf import pdf

    return pdf(briefing)


def _html(briefing: Briefing) -> bytes:
    from viz.reports.html import html

    return html(briefing)


WRITERS: dict[str, Callable[[Briefing], bytes]] = {"docx": _docx, "pdf": _pdf, "html": _html}
"""The writer of each file ending."""
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}
