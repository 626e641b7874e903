"""The pages on which a person hands in a document, sees what was read, corrects and publishes it.

They are made without a version of the graph: the document is not in it yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from graph.progress import ProgressReport
from graph.quality import FORMATS, PART_KINDS, quality_of, reasons
from graph.records import Document, Part, Span, Target
from graph.triples.corrections import doubt_id
from graph.triples.report_triples import DOUBTS
from loaders.corrections import named_unit
from viz.pages.notices import LAYOUTS, roles_said
from viz.web.context import NAV, templates


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit named in a row, with the id under which a person may decide about it."""

    id: str
    role: str
    label: str
    written: str
    sure: float


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row as it was read, and the stretch of the document that it was read from."""

    target: Target
    units: tuple[Unit, ...]
    pieces: tuple[tuple[str, bool], ...]
    """The stretch, cut where a unit or a place is named (True)."""
    doubts: tuple[tuple[str, str, str], ...]
    """Id, quote and reason."""


_NO_SCOPE = {"choices": (), "label": "", "is_empty": False}
"""The bar of the scope on a page that is about no version of the graph."""


def page(template: str, title: str, *, language: str, version: str, **values: object) -> bytes:
    """A page of the site around a document that is in no version."""

    def say(zh: str, en: str) -> str:
        return en if language == "en" else zh

    def url(path: str, **params: str) -> str:
        asked = {**params, **({"lang": "en"} if language == "en" else {})}
        return path + ("?" + urlencode(asked) if asked else "")

    other = "zh" if language == "en" else "en"
    shown = templates().get_template(template).render(
        title=title, section="/notices", L=say, url=url, thing=lambda iri: iri, nav=NAV,
        crumbs=[(say("文件", "Documents"), "/notices"), (title, "")], version=version, notices=[],
        here="/upload", switch=f"?lang={other}", frozen=f"/v/{version}/notices",
        frozen_shown=f"/v/{version}/notices", lang_kept=language == "en", data_links=False,
        scripts=(), q="", prefix="", scope=_NO_SCOPE, scope_label="", scope_kept=(),
        bare_path="/upload", kept=(), **values,
    )  # fmt: skip
    return shown.encode(errors="replace")


def form(*, language: str, version: str, **values: Any) -> bytes:
    """The form; `open` says whether this server takes documents, `error` why one was refused."""
    title = "Read a document" if language == "en" else "读一份文件"
    given = {"error": "", "open": True, "known": False, **values}
    return page("upload.html", title, language=language, version=version, **given)


def waiting(name: str, seconds: int, *, language: str, version: str) -> bytes:
    """How long a document has been read by now."""
    title = f"Reading {name}" if language == "en" else f"正在读 {name}"
    return page(
        "upload_wait.html", title, language=language, version=version, name=name, seconds=seconds
    )


def reading(
    document: Document,
    *,
    action: str,
    language: str,
    version: str,
    replaces: tuple[str, str] = ("", ""),
    objections: Sequence[tuple[str, str]] = (),
) -> bytes:
    """What was read, row by row next to the document, with its doubts and a form to correct it.

    `replaces` says which document it takes the place of, `objections` why it should not; both in
    Chinese and in English.
    """
    quality = quality_of(document)

    def said(words: dict[str, tuple[str, str]], key: str) -> str:
        return words.get(key, (key, key))[language == "en"]

    return page(
        "upload_read.html",
        document.head.title or document.name,
        language=language,
        version=version,
        action=action,
        document=document,
        quality=quality,
        why=reasons(quality.why, language),
        layout=said(LAYOUTS, quality.layout),
        roles=roles_said(quality.roles, language),
        format=FORMATS.get(document.format, document.format),
        read=list(_rows(document)),
        parts=[_part(p, language) for p in document.parts],
        replaces=replaces[language == "en"],
        objections=[words[language == "en"] for words in objections],
        general=[
            (doubt_id(document, d), d.span.quote, d.why) for d in document.review if not d.row
        ],
    )


def report_reading(report: ProgressReport, *, action: str, language: str, version: str) -> bytes:
    """Show a report of progress row by row, with its target and doubts, and a form to publish it."""
    title = report.head.title or report.name
    return page(
        "upload_report.html", title, language=language, version=version,
        action=action, report=report, doubts=DOUBTS,
    )  # fmt: skip


_UNREAD_CHARS = 4000
"""Characters of a part that was not read, shown on the page; the whole text is below."""


def _part(part: Part, language: str) -> dict[str, Any]:
    text = part.span.quote
    cut = "…" if len(text) > _UNREAD_CHARS else ""
    return {
        "heading": part.heading,
        "kind": PART_KINDS.get(part.kind, (part.kind, part.kind))[language == "en"],
        "rows": part.rows,
        "read": part.read,
        "why": part.why,
        "text": text[:_UNREAD_CHARS] + cut,
    }


def _rows(document: Document) -> Iterator[ReadRow]:
    for target in document.targets:
        units = tuple(
            Unit(
                doubt_id(document, named_unit(target, one)),
                one.role, one.label, one.named_as, float(one.confidence),
            )
            for one in target.assignments
        )  # fmt: skip
        marks = [a.evidence for a in target.assignments]
        marks += [e for p in target.places for e in p.evidence]
        yield ReadRow(
            target,
            units,
            tuple(_pieces(target.row.span, marks)),
            tuple(
                (doubt_id(document, d), d.span.quote, d.why)
                for d in document.review
                if d.row == target.id
            ),
        )


def _pieces(whole: Span, marks: list[Span]) -> Iterator[tuple[str, bool]]:
    at = whole.start
    for mark in sorted(set(marks)):
        if at <= mark.start and mark.end <= whole.end:
            if mark.start > at:
                yield whole.quote[at - whole.start : mark.start - whole.start], False
            yield mark.quote, True
            at = mark.end
    if at < whole.end:
        yield whole.quote[at - whole.start :], False
