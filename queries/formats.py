"""An answer as a file: CSV, TSV, JSON, SPARQL's XML, and a workbook.

In a table for people a thing is its address and a literal its words; a spreadsheet must not
run what a notice wrote, so a cell that would begin a formula is kept as text.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import BlankNode, Literal, NamedNode

from ontology.names import XSD
from queries.catalogue import Answer, Term

_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that neither XML nor a workbook can hold."""
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Rows(Protocol):
    """A table to write: the answer to a question, or to a query."""

    @property
    def columns(self) -> Sequence[str]:
        """The names of the columns."""

    @property
    def rows(self) -> Sequence[Sequence[Term | None]]:
        """The rows."""

    @property
    def version(self) -> str:
        """The version that was asked."""

    @property
    def truncated(self) -> bool:
        """True if there were more rows."""


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a query that is not of the catalogue."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    version: str = ""
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write an answer."""

    media: str
    write: Callable[[Rows], bytes]


def plain(term: Term | None) -> str:
    """A term without its datatype or language."""
    if term is None:
        return ""
    return term.value if isinstance(term, (NamedNode, Literal, BlankNode)) else str(term)


def value(term: Term | None) -> str | int | float | bool | None:
    """A term as JSON: numbers and booleans as such, everything else as a string."""
    if term is None:
        return None
    if isinstance(term, Literal):
        kind = term.datatype
        if kind == XSD["integer"]:
            return int(term.value)
        if kind in (XSD["decimal"], XSD["double"], XSD["float"]):
            number = float(term.value)
            return number if abs(number) < float("inf") else term.value
        if kind == XSD["boolean"]:
            return term.value in ("true", "1")
    return plain(term)


def inert(text: str) -> str:
    """A cell that a spreadsheet will not run as a formula.

    >>> inert('=HYPERLINK("http://e")'), inert("-3.5")
    ('\\'=HYPERLINK("http://e")', '-3.5')
    """
    return (
        "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _number(text) else text
    )


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _csv(answer: Rows) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(answer.columns)
    table.writerows([inert(plain(t)) for t in row] for row in answer.rows)
    return out.getvalue().encode(errors="replace")


def _tsv(answer: Rows) -> bytes:
    lines = ["\t".join(answer.columns)]
    for row in answer.rows:
        lines.append("\t".join(inert(" ".join(plain(t).split())) for t in row))
    return ("\n".join(lines) + "\n").encode(errors="replace")


def _json(answer: Rows) -> bytes:
    rows = [[value(t) for t in row] for row in answer.rows]
    found = {
        "columns": list(answer.columns),
        "rows": rows,
        "version": answer.version,
        "truncated": answer.truncated,
        **(_about(answer) if isinstance(answer, Answer) else {}),
    }
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode(errors="replace")


def _about(answer: Answer) -> dict[str, object]:
    """The scope of an answer, and its notes if it has any."""
    notes = [{"zh": n.zh, "en": n.en} for n in answer.notes]
    return {"scope": answer.scope.as_json(), **({"notes": notes} if notes else {})}


def _xml(answer: Rows) -> bytes:
    """The SPARQL Query Results XML Format."""
    heads = "".join(f"<variable name={quoteattr(c)}/>" for c in answer.columns)
    home = "http://www.w3.org/2005/sparql-results#"
    opening = f'<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="{home}">'
    parts = [f"{opening}<head>{heads}</head><results>"]
    for row in answer.rows:
        cells = (
            f"<binding name={quoteattr(column)}>{_element(term)}</binding>"
            for column, term in zip(answer.columns, row, strict=True)
            if term is not None
        )
        parts.append(f"<result>{''.join(cells)}</result>\n")
    parts.append("</results></sparql>\n")
    return "".join(parts).encode(errors="replace")


def _element(term: Term) -> str:
    text = escape(_UNPRINTED.sub("\ufffd", plain(term)))
    if isinstance(term, NamedNode):
        return f"<uri>{text}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{text}</bnode>"
    if not isinstance(term, Literal):
        return f"<literal>{text}</literal>"
    if term.language:
        return f"<literal xml:lang={quoteattr(term.language)}>{text}</literal>"
    if term.datatype == XSD["string"]:
        return f"<literal>{text}</literal>"
    return f"<literal datatype={quoteattr(term.datatype.value)}>{text}</literal>"


def _xlsx(answer: Rows) -> bytes:
    """Write a workbook: the table, and a sheet with its version and whether it is complete.

    Every text is stored as text, so that it never becomes a formula or a link.
    """
    from graph.exports.workbook import Sheet, workbook

    said = (
        ("version", answer.version),
        ("rows", len(answer.rows)),
        ("truncated", answer.truncated),
    )
    rows = ([value(term) for term in row] for row in answer.rows)
    return workbook(
        [Sheet("answer", answer.columns, rows), Sheet("about", ("what", "value"), said)]
    )


FORMATS: dict[str, Format] = {
    "csv": Format("text/csv; charset=utf-8", _csv),
    "tsv": Format("text/tab-separated-values; charset=utf-8", _tsv),
    "json": Format("application/json", _json),
    "xlsx": Format(WORKBOOK, _xlsx),
    "xml": Format("application/sparql-results+xml", _xml),
}
