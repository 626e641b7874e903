"""Answers on a terminal and in a pipe: tables for people, the formats of SPARQL for programs."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence

from pyoxigraph import (
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)
from rich.console import Console
from rich.table import Table as TerminalTable
from rich.text import Text

from ontology.names import PREFIXES
from queries.catalogue import Answer, Term
from queries.errors import QuestionError
from queries.formats import FORMATS, Rows, Table, plain

_RESULTS = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
_TRIPLES = {
    "nt": RdfFormat.N_TRIPLES,
    "ttl": RdfFormat.TURTLE,
    "json": RdfFormat.JSON_LD,
    "xml": RdfFormat.RDF_XML,
}
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that move the cursor, change the direction of the line, or are invisible."""


def print_result(result: QuerySolutions | QueryBoolean | QueryTriples, form: str | None) -> None:
    """Print the result of a query in a format that fits it. Raises QuestionError.

    Without a format: a table on a terminal, TSV in a pipe, Turtle for a graph.
    """
    form = form or ("ttl" if isinstance(result, QueryTriples) else usual())
    out = sys.stdout.buffer
    if isinstance(result, QueryTriples) and form in _TRIPLES:
        prefixes = PREFIXES if form in ("ttl", "xml") else None
        serialize(_distinct(result), out, format=_TRIPLES[form], prefixes=prefixes)
    elif form in ("ttl", "nt"):
        raise QuestionError(f"only a graph (CONSTRUCT, DESCRIBE) can be written as {form}")
    elif isinstance(result, QueryBoolean) and form in ("csv", "tsv", "table"):
        out.write(b"true\n" if result else b"false\n")
    elif form in _RESULTS and not isinstance(result, QueryTriples):
        result.serialize(out, format=_RESULTS[form])
    else:
        _print_rows(_table(result), form)
    out.flush()


def _table(result: QuerySolutions | QueryBoolean | QueryTriples) -> Table:
    if isinstance(result, QueryBoolean):
        return Table(("answer",), ((Literal(bool(result)),),))
    if isinstance(result, QueryTriples):
        triples = _distinct(result)
        rows = tuple((t.subject, t.predicate, t.object) for t in triples)
        return Table(("subject", "predicate", "object"), rows)
    width = range(len(result.variables))
    found: Iterator[tuple[Term | None, ...]] = (tuple(row[i] for i in width) for row in result)
    return Table(tuple(v.value for v in result.variables), tuple(found))


def _distinct(result: QueryTriples) -> dict[Triple, None]:
    """A graph is a set: a template may give one triple many times."""
    return dict.fromkeys(result)


def usual() -> str:
    """A table on a terminal, TSV in a pipe."""
    return "table" if sys.stdout.isatty() else "tsv"


def print_answer(answer: Answer, form: str | None) -> None:
    """Print an answer of the catalogue, its notes on standard error.

    Raises QuestionError for a format that it does not have.
    """
    form = form or usual()
    if form not in FORMATS and form != "table":
        known = ", ".join(("table", *FORMATS))
        raise QuestionError(f"an answer cannot be written as {form}; {known} can")
    _print_rows(answer, form)
    for note in answer.notes:
        sys.stderr.write(f"{note.en}\n")
    if answer.truncated:
        sys.stderr.write(f"there are more rows; the first {len(answer.rows)} were written\n")


def _print_rows(answer: Rows, form: str) -> None:
    if form == "table":
        print_table(answer.columns, [[plain(t) for t in row] for row in answer.rows])
        return
    sys.stdout.buffer.write(FORMATS[form].write(answer))
    sys.stdout.buffer.flush()


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table for a terminal; what cannot be seen is written as its code."""
    table = TerminalTable(*columns)
    for row in rows:
        table.add_row(*(Text(seen(cell)) for cell in row))
    Console().print(table)


def seen(text: str) -> str:
    """A text that a terminal shows as it is and does not obey.

    >>> seen("a\\x1b[31m\\u202eb")
    'a\\\\u001b[31m\\\\u202eb'
    """
    return _UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}", text)
