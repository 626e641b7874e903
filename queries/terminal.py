"""Answers on a terminal and in a pipe: tables for people, the formats of SPARQL for programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat
from rich.console import Console
from rich.table import Table

from queries.catalogue import Answer
from queries.errors import QuestionError
from queries.formats import FORMATS, plain

_RESULTS = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
_TRIPLES = {"nt": RdfFormat.N_TRIPLES, "ttl": RdfFormat.TURTLE}


def print_result(result: QuerySolutions | QueryBoolean | QueryTriples, form: str) -> None:
    """What a query gives, in a format that fits it; raises QuestionError where none does."""
    out = sys.stdout.buffer
    if isinstance(result, QueryTriples):
        result.serialize(out, format=_TRIPLES.get(form, RdfFormat.TURTLE))
    elif isinstance(result, QueryBoolean):
        if form in ("json", "xml"):
            result.serialize(out, format=_RESULTS[form])
        else:
            out.write(b"true\n" if result else b"false\n")
    elif form == "table":
        columns = [v.value for v in result.variables]
        print_table(columns, [[plain(row[i]) for i in range(len(columns))] for row in result])
    elif form in _RESULTS:
        result.serialize(out, format=_RESULTS[form])
    else:
        raise QuestionError(f"a table of solutions cannot be written as {form}")
    out.flush()


def print_answer(answer: Answer, form: str) -> None:
    """An answer of the catalogue; raises QuestionError for a format that it does not have."""
    if form == "table":
        print_table(answer.columns, [[plain(t) for t in row] for row in answer.rows])
    elif form in FORMATS:
        sys.stdout.buffer.write(FORMATS[form].write(answer))
        sys.stdout.buffer.flush()
    else:
        raise QuestionError(f"an answer cannot be written as {form}; {', '.join(FORMATS)} can")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table for a terminal."""
    table = Table(*columns)
    for row in rows:
        table.add_row(*row)
    Console().print(table)
