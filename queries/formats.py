"""An answer as a file: CSV, TSV and JSON.

In a table for people a thing is its address and a literal its words; a spreadsheet must not
run what a notice wrote, so a cell that would begin a formula is kept as text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from ontology.names import XSD
from queries.catalogue import Answer, Term


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write an answer."""

    media: str
    write: Callable[[Answer], bytes]


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
        if kind in (XSD["decimal"], XSD["double"]):
            return float(term.value)
        if kind == XSD["boolean"]:
            return term.value == "true"
    return plain(term)


def inert(text: str) -> str:
    """A cell that a spreadsheet will not run as a formula."""
    return (
        "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _number(text) else text
    )


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _csv(answer: Answer) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(answer.columns)
    table.writerows([inert(plain(t)) for t in row] for row in answer.rows)
    return out.getvalue().encode()


def _tsv(answer: Answer) -> bytes:
    lines = ["\t".join(answer.columns)]
    for row in answer.rows:
        lines.append("\t".join(" ".join(plain(t).split()) for t in row))
    return ("\n".join(lines) + "\n").encode()


def _json(answer: Answer) -> bytes:
    rows = [[value(t) for t in row] for row in answer.rows]
    found = {
        "columns": list(answer.columns),
        "rows": rows,
        "version": answer.version,
        "truncated": answer.truncated,
    }
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


FORMATS: dict[str, Format] = {
    "csv": Format("text/csv; charset=utf-8", _csv),
    "tsv": Format("text/tab-separated-values; charset=utf-8", _tsv),
    "json": Format("application/json", _json),
}
