"""`GET /api/ask`: a question in plain words, answered inside a worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from graph.store.snapshot import Snapshot
from queries.ask.answering import answer_question, as_json
from viz.site import Reply


def answered(snapshot: Snapshot, asked: Mapping[str, Any]) -> Reply:
    """Answer `q` within the scope of `asked`; status 200 for a question back and a refusal too."""
    found = answer_question(snapshot, asked["q"], asked.get("scope", {}), _day(asked))
    body = as_json(found, asked.get("language", "zh"), asked.get("root", ""))
    return Reply(
        200, "application/json", json.dumps(body, ensure_ascii=False).encode(errors="replace")
    )


def _day(asked: Mapping[str, Any]) -> date | None:
    """The day from which relative times are reckoned: the server's, so that replies can be kept."""
    return date.fromisoformat(asked["today"]) if asked.get("today") else None
