"""Answer a question in plain words, as the page, the command, the interface and notebooks show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

from graph.store.snapshot import Snapshot
from queries.ask import wording
from queries.ask.folding import fold
from queries.ask.reader import AskChoice, AskReading, read
from queries.catalogue import Answer, ask, filled
from queries.errors import QuestionError
from queries.formats import value
from queries.scope import KEYS, Narrowed, Scope, narrowed, scope_of, scope_seen

MAX_ROWS = 1000
"""Rows in an answer as JSON; the address of the question leads to all of them."""


@dataclass(frozen=True, slots=True)
class AskAnswer:
    """A question as it was read, with the rows of its answer."""

    reading: AskReading
    scope: Scope
    answer: Answer | None = None
    sparql: str = ""
    address: str = ""


def answer_question(
    snapshot: Snapshot,
    question: str,
    given: Mapping[str, str] | None = None,
    today: date | None = None,
) -> AskAnswer:
    """Read a question within the scope of `given` and answer it."""
    whole = snapshot.whole if isinstance(snapshot, Narrowed) else snapshot
    asked = {k: v for k, v in (given or {}).items() if k in KEYS and v}
    asked = asked or (_asked(snapshot.scope) if isinstance(snapshot, Narrowed) else {})
    asked |= _named_scope(whole, asked, question)
    here = narrowed(whole, scope_of(whole, asked))
    return answer_reading(snapshot, read(here, question, today), asked)


def answer_reading(snapshot: Snapshot, reading: AskReading, asked: Mapping[str, str]) -> AskAnswer:
    """Answer what was read; a question back and a refusal have no rows."""
    whole = snapshot.whole if isinstance(snapshot, Narrowed) else snapshot
    scope = scope_of(whole, asked)
    choice = reading.choice
    if reading.status != "answer" or choice is None:
        return AskAnswer(reading, scope)
    found = ask(whole, choice.name, {**choice.params, **asked})
    here = narrowed(whole, found.scope)
    return AskAnswer(
        reading, found.scope, found, filled(here, choice.name, choice.params),
        address_of(whole, choice, asked),
    )  # fmt: skip


def _asked(scope: Scope) -> dict[str, str]:
    return {k: v for k, v in scope.params.items() if v}


def _named_scope(whole: Snapshot, asked: Mapping[str, str], question: str) -> dict[str, str]:
    """Return the district and the year that a question names, where the graph has them."""
    every = scope_seen(whole).every
    if len(every) < 2 or len(question) > 600:
        return {}
    text = fold(question)
    found: dict[str, str] = {}
    for district in sorted({d.district for d in every}, key=len, reverse=True):
        short = district[-3:] if len(district) > 4 else district
        if district in text or short in text:
            found["district"] = district
            break
    where = found.get("district") or asked.get("district", "")
    years = {d.year for d in every if d.year and where in ("", "all", d.district)}
    named = [y for y in sorted(years) if y in text]
    if len(named) == 1 and "notice" not in asked:
        found["year"] = named[0]
    return found


def address_of(snapshot: Snapshot, choice: AskChoice, asked: Mapping[str, str]) -> str:
    """Return the address at which the version answers the question of the catalogue for good."""
    params = urlencode({**choice.params, **asked})
    path = quote(f"/v/{snapshot.version.id}/queries/{choice.name}")
    return path + (f"?{params}" if params else "")


def as_json(found: AskAnswer, language: str = "zh", root: str = "") -> dict[str, object]:
    """Return an answer as the interface gives it; the members are the same in all three cases."""
    reading, choice, answer = found.reading, found.reading.choice, found.answer
    refusal = reading.refusal
    return {
        "status": reading.status,
        "question": reading.question,
        "name": choice.name if choice else None,
        "params": dict(choice.params) if choice else {},
        "readings": [_reading(c, language) for c in reading.readings],
        "reason": wording.refusal_text(refusal, found.scope, language) if refusal else None,
        "reason_code": refusal.reason if refusal else None,
        "understood": _understood(found, language),
        "columns": list(answer.columns) if answer else [],
        "rows": [[value(t) for t in row] for row in answer.rows[:MAX_ROWS]] if answer else [],
        "notes": notes(found, language),
        "truncated": bool(answer and (answer.truncated or len(answer.rows) > MAX_ROWS)),
        "version": answer.version if answer else None,
        "scope": found.scope.as_json(),
        "sparql": found.sparql or None,
        "address": root + found.address if found.address else None,
    }


def _reading(choice: AskChoice, language: str) -> dict[str, object]:
    return {
        "name": choice.name,
        "params": dict(choice.params),
        "text": wording.choice_text(choice, language),
    }


def _understood(found: AskAnswer, language: str) -> dict[str, object]:
    choice = found.reading.choice
    slots = [
        {
            "name": name,
            "label": wording.slot_label(choice.name, name, language),
            "value": text,
            "written": choice.written.get(name, ""),
        }
        for name, text in choice.params.items()
    ] if choice else []  # fmt: skip
    return {
        "text": wording.understood_text(found.reading, found.scope, language),
        "slots": slots,
        "assumed": found.reading.assumed or None,
    }


def notes(found: AskAnswer, language: str) -> list[str]:
    """Return how names were understood, and what an empty answer means."""
    choice, answer = found.reading.choice, found.answer
    if choice is None or answer is None:
        return []
    known = [
        wording.written_note(w, choice.params[k], language)
        for k, w in choice.written.items()
        if k in choice.params and fold(choice.params[k]) != w and not w.isdecimal()
    ]
    for note in answer.notes:
        known.append(note.en if language == "en" else note.zh)
    return list(dict.fromkeys(known))


def explain(found: AskAnswer) -> list[tuple[str, str]]:
    """Return how the reading came about: names, times, words and scores."""
    frame = found.reading.frame
    if frame is None:
        return []
    lines = [("text", frame.text)]
    for m in (*frame.mentions, *frame.weak, *frame.unknown):
        meant = "、".join(f"{x.kind} {x.label}" for x in m.meanings) or "?"
        lines.append((f"name ({m.how})", f"{m.written} → {meant}"))
    if frame.times.quarters or frame.times.years:
        lines.append(("time", f"quarters {frame.times.quarters} years {frame.times.years}"))
    lines.append(("words", " ".join(f"{k}×{n}" for k, n in frame.classes.items() if k != "yes")))
    if frame.rest:
        lines.append(("not known", " ".join(frame.rest)))
    for score in found.reading.scores[:5]:
        parts = " ".join(f"{name}{weight:+.2f}" for name, weight in score.parts)
        lines.append((f"{score.total:.2f} {score.question}", f"{score.line} = {parts}"))
    return lines


__all__ = ["AskAnswer", "QuestionError", "answer_question", "as_json", "explain", "notes"]
