"""Answers as pandas frames: numbers as numbers, addresses and words as strings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from pyoxigraph import Literal, NamedNode, QuerySolutions

from queries.formats import value


def frame_of(columns: list[str], rows: list[list[Any]], **attrs: object) -> pd.DataFrame:
    """A frame whose columns have the types of their values; what is unbound is NA."""
    frame = pd.DataFrame(rows, columns=columns, dtype=object).convert_dtypes()
    frame.attrs.update(attrs)
    return frame


def frame_of_solutions(found: QuerySolutions, version: str) -> pd.DataFrame:
    """A frame of the solutions of a query."""
    columns = [v.value for v in found.variables]
    rows = [[value(row[i]) for i in range(len(columns))] for row in found]
    return frame_of(columns, rows, version=version, truncated=False)


def frame_of_answer(body: bytes, **attrs: object) -> pd.DataFrame:
    """A frame of an answer of the catalogue, or of a view, as JSON."""
    said = json.loads(body)
    cut = said.get("truncated", False)
    return frame_of(said["columns"], said["rows"], version=said["version"], truncated=cut, **attrs)


def with_values(text: str, params: Mapping[str, object]) -> str:
    """Give variables of a query their values, by a VALUES clause at its end.

    A string means the plain literal and the same in Chinese, and the thing if it is an address.
    Each variable has to be selected by the query, or grouped by.

    >>> with_values("SELECT ?n { ?t tk:ordinal ?n }", {"n": 3})
    'SELECT ?n { ?t tk:ordinal ?n }\\nVALUES ?n { 3 }'
    """
    for name, given in params.items():
        text += f"\nVALUES ?{name} {{ {' '.join(_terms(given))} }}"
    return text


def _terms(given: object) -> list[str]:
    if isinstance(given, bool):
        return [str(given).lower()]
    if isinstance(given, int | float):
        return [str(given)]
    if isinstance(given, NamedNode | Literal):
        return [str(given)]
    text = str(given)
    found = [str(Literal(text)), str(Literal(text, language="zh"))]
    if text.startswith(("http://", "https://")):
        found.append(str(NamedNode(text)))
    return found
