"""The catalogue of questions as data, for a browser that answers them without a server."""

from __future__ import annotations

import json

from graph.store.snapshot import Snapshot
from queries.catalogue import questions, scoped_query
from queries.known_names import forms_of
from queries.parameters import choices
from viz.pages.answer_table import COLUMNS

_WITHOUT_NAMES = {"quarter", "month", "target", "text", "shape", "metres", "day", "bodies"}
"""Kinds of parameters whose values are not names of things."""


def catalogue(snapshot: Snapshot, language: str) -> bytes:
    """Return all questions, their parameters and the names these take, as JSON."""
    kinds = {p.kind for q in questions().values() for p in q.params}
    found = {
        "heads": {column: words[language == "en"] for column, words in COLUMNS.items()},
        "choices": {k: choices(snapshot, k) for k in ("quarter", "month", "target")},
        "forms": {
            kind: forms_of(snapshot, kind) for kind in sorted((kinds - _WITHOUT_NAMES) | {"body"})
        },
        "questions": {
            q.name: {
                "query": scoped_query(snapshot, q),
                "params": [
                    {"name": p.name, "kind": p.kind, "default": p.default} for p in q.params
                ],
            }
            for q in questions().values()
        },
    }
    return json.dumps(found, ensure_ascii=False).encode(errors="replace")
