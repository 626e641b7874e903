"""`GET /api/ask`: a question in plain words, answered inside a worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from api.rest.lists import refusal
from graph.store.snapshot import Snapshot
from queries.ask.answering import AskAnswer, answer_question, answer_reading, as_json
from queries.ask.reader import AskChoice, AskReading
from queries.errors import BadParameter, QuestionError
from viz.site import Reply


def answered(snapshot: Snapshot, asked: Mapping[str, Any]) -> Reply:
    """Answer `q` within the scope of `asked`; status 200 for a question back and a refusal too.

    `chosen` is the question that a model chose: it is answered if its values are in the graph.
    """
    scope = asked.get("scope", {})
    try:
        found = _chosen(snapshot, asked, scope) if "chosen" in asked else None
        found = found or answer_question(snapshot, asked["q"], scope, _day(asked))
    except BadParameter as bad:
        return refusal(
            400, bad.said("zh"), bad.said("en"), parameter=bad.parameter, allowed=list(bad.allowed)
        )
    body = as_json(found, asked.get("language", "zh"), asked.get("root", ""))
    return Reply(
        200, "application/json", json.dumps(body, ensure_ascii=False).encode(errors="replace")
    )


def _chosen(
    snapshot: Snapshot, asked: Mapping[str, Any], scope: Mapping[str, str]
) -> AskAnswer | None:
    chosen = asked["chosen"]
    choice = AskChoice(chosen["name"], chosen["params"], {})
    try:
        reading = AskReading("answer", asked["q"], choice, model=True)
        return answer_reading(snapshot, reading, scope)
    except QuestionError:
        return None


def _day(asked: Mapping[str, Any]) -> date | None:
    """The day from which relative times are reckoned: the server's, so that replies can be kept."""
    return date.fromisoformat(asked["today"]) if asked.get("today") else None
