"""The page of a question in plain words: what was understood, the answer, other readings."""

from __future__ import annotations

import json
import re
from typing import Any

from queries.ask import wording
from queries.ask.answering import AskAnswer, answer_question, answer_reading, as_json, notes
from queries.ask.reader import AskChoice, AskReading
from queries.ask.refusals import CODE_REASONS
from queries.catalogue import choices, question, questions
from queries.formats import plain
from queries.model.search import Hit, search
from queries.scope import KEYS, Narrowed
from viz.pages.answer_table import (
    answer_sentence,
    form_fields,
    is_inferred,
    name_links,
    picture_of,
    table_cell,
    table_columns,
)
from viz.web.context import Desk

_SHOWN = 100
"""Rows of an answer on the page; its permanent address leads to all of them."""
_MAX_CLICKS = 120
"""Values of a slot that are links; further ones are typed."""
_MAX_HITS = 8


def ask_page(desk: Desk) -> str:
    """Show how a question was read, with its answer, a question back or a refusal."""
    found = _answered(desk)
    reading = found.reading
    words = reading.question
    values: dict[str, Any] = {
        "words": words,
        "status": reading.status if words else "empty",
        "understood": wording.understood_text(reading, found.scope, desk.language),
        "readings": [(wording.choice_text(c, desk.language), _link(desk, words, c)) for c in reading.readings],
        "reason": wording.refusal_text(reading.refusal, found.scope, desk.language) if reading.refusal else "",
        "editor": _editor(desk, reading),
        "examples": [(e, desk.url("/ask", q=e)) for e in _examples(desk)],
        "hits": _hits(desk, reading),
        "more_hits": desk.url("/search", q=words[:200]),
        "model": reading.model,
        "asked_of_model": desk.url("/api/ask", q=words),
        "answer": None,
    }  # fmt: skip
    if found.answer is not None and reading.choice is not None:
        values |= _answer(desk, found, reading.choice)
    title = words[:80] if words else desk.say("问", "Ask")
    return desk.page(
        "ask.html", title, section="/ask", crumbs=[(desk.say("问", "Ask"), "")], **values
    )


def ask_json(desk: Desk) -> bytes:
    """Return the same as JSON."""
    body = as_json(_answered(desk), desk.language, desk.root)
    return json.dumps(body, ensure_ascii=False).encode(errors="replace")


def _answered(desk: Desk) -> AskAnswer:
    """Answer the question of the address, as the question of the catalogue that it may name."""
    words = desk.parameter("q").strip()
    snapshot = desk.snapshot.whole if isinstance(desk.snapshot, Narrowed) else desk.snapshot
    scope = {k: v for k, v in desk.params if k in KEYS and v}
    name = desk.parameter("as")
    if not name:
        scope = scope or desk.scope.params
        return answer_question(snapshot, words, scope)
    asked = question(name)
    params = {p.name: v for p in asked.params if (v := desk.parameter(p.name).strip() or p.default)}
    choice = AskChoice(name, params, {})
    reading = AskReading("answer", words, choice, model=desk.parameter("by") == "model")
    return answer_reading(snapshot, reading, scope)


def _link(desk: Desk, words: str, choice: AskChoice, **changed: str) -> str:
    return desk.url("/ask", **{"q": words, "as": choice.name, **choice.params, **changed})


def _answer(desk: Desk, found: AskAnswer, choice: AskChoice) -> dict[str, object]:
    answer = found.answer
    assert answer is not None
    shown, heads, linked = table_columns(desk, answer)
    names = name_links(desk)
    rows = sorted(answer.rows, key=lambda row: is_inferred(answer, row))
    asked = question(choice.name)
    words = found.reading.question
    cells = [
        [table_cell(desk, answer, row, i, linked, names) for i in shown] for row in rows[:_SHOWN]
    ]
    if "target" in answer.columns and not any(c["song"] for row in cells[:1] for c in row):
        at = answer.columns.index("target")
        heads = [*heads, desk.say("原文", "As written")]
        cells = [[*c, _sentence(desk, plain(row[at]))] for c, row in zip(cells, rows, strict=False)]
    return {
        "answer": asked,
        "sentence": answer_sentence(desk, answer),
        "notes": notes(found, desk.language),
        "slots": _slots(desk, words, choice),
        "fields": form_fields(desk, asked, choice.params),
        "heads": heads,
        "rows": cells,
        "hatched": [is_inferred(answer, row) for row in rows[:_SHOWN]],
        "count": len(rows),
        "sparql": found.sparql,
        "editor": desk.url("/editor", query=found.sparql),
        "whole": desk.url(f"/queries/{choice.name}", **choice.params),
        "csv": desk.url(f"/queries/{choice.name}.csv", **choice.params, bom="1", download="1"),
        "permanent": desk.root + found.address,
        "picture": picture_of(desk, question(choice.name), choice.params),
    }  # fmt: skip


def _sentence(desk: Desk, iri: str) -> dict[str, object]:
    """Return the first sentence of a target as a cell, for answers without words of the notice."""
    target = desk.atlas.targets.get(iri)
    text = re.split("(?<=[。；;])", target.text)[0] if target else ""
    return {"parts": [(text, "")], "song": True, "way": "", "quote": False}


def _slots(desk: Desk, words: str, choice: AskChoice) -> list[dict[str, object]]:
    """Return each slot of the question with the values that a click sets instead."""
    slots: list[dict[str, object]] = []
    for p in question(choice.name).params:
        value = choice.params.get(p.name, "")
        others = [c for c in choices(desk.snapshot, p.kind) if c != value][:_MAX_CLICKS]
        clicks = [(c, _link(desk, words, choice, **{p.name: c})) for c in others]
        if p.is_optional and value:
            rest = {k: v for k, v in choice.params.items() if k != p.name}
            whole = desk.url("/ask", **{"q": words, "as": choice.name, **rest})
            clicks.insert(0, (desk.say("不限", "any"), whole))
        label = wording.slot_label(choice.name, p.name, desk.language)
        slots.append({"label": label, "value": value or desk.say("不限", "any"), "clicks": clicks})
    return slots


def _hits(desk: Desk, reading: AskReading) -> list[Hit]:
    """Return what the search finds where there is no answer: a bare name is typed as often."""
    code = reading.refusal is not None and reading.refusal.reason in CODE_REASONS
    if reading.status == "answer" or code or not reading.question:
        return []
    return search(desk.atlas, reading.question[:100])[:_MAX_HITS]


def _editor(desk: Desk, reading: AskReading) -> str:
    if reading.refusal is not None and reading.refusal.reason == "sparql":
        return desk.url("/editor", query=reading.question)
    return ""


def _examples(desk: Desk) -> list[str]:
    """Return examples from the headers whose names this graph knows; else those without names."""
    from queries.ask.intents import examples

    known = name_links(desk)
    found = []
    for name, words in examples():
        if desk.language == "en" and not words.isascii():
            continue
        parts = words.split("[")[1:]
        if all(part.partition("]")[0] in known for part in parts) and name in questions():
            found.append((name, words.replace("[", "").replace("]", "")))
    first = dict(reversed(found))
    return list(first.values())[::-1][:8]
