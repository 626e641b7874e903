"""Fill the parameters of a chosen question from a frame."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from queries.ask.frame import Frame
from queries.ask.index import NameIndex, NameMeaning
from queries.ask.lexicon import word_classes
from queries.ask.mentions import NameMention, narrowest
from queries.catalogue import Question

_OPEN_KINDS = ("day", "metres")
"""Kinds of parameters that keep their default."""
_AND = re.compile("^[和与跟同及、,，]?(?:[路街]?)[和与跟同及、,，]$")


@dataclass(frozen=True, slots=True)
class FilledSlots:
    """Parameters of a question, each with what was written; several where a name is ambiguous."""

    params: Mapping[str, str]
    written: Mapping[str, str]
    choices: tuple[Mapping[str, str], ...] = ()
    """All readings, where one name has several meanings."""
    missing: str = ""
    """The kind of a parameter for which the question names nothing."""


def fill(index: NameIndex, frame: Frame, question: Question) -> FilledSlots:
    """Fill what the frame mentions into the parameters of a question."""
    params: dict[str, str] = {}
    written: dict[str, str] = {}
    options: dict[str, list[str]] = {}
    used: list[NameMention] = []
    for parameter in question.params:
        kind = parameter.kind
        value: str | None = None
        if kind in ("body", "place"):
            mention = _choose(index, frame, question, kind, parameter.name, used)
            if mention is None:
                if parameter.default:
                    return FilledSlots(params, written, missing=kind)
                continue
            used.append(mention)
            labels = [m.label for m in _preferred(index, mention, kind)]
            value, written[parameter.name] = labels[0], mention.written
            if len(labels) > 1:
                options[parameter.name] = labels
        elif kind == "target":
            found = frame.of("target")
            if not found:
                if parameter.default:
                    return FilledSlots(params, written, missing=kind)
                continue
            labels = [m.label for m in found[0].of("target")]
            value, written[parameter.name] = labels[0], found[0].written
            if len(labels) > 1:
                options[parameter.name] = labels
        elif kind in ("quarter", "month"):
            times = frame.times.quarters if kind == "quarter" else frame.times.months
            if len(times) != 1:
                if parameter.default:
                    if len(times) > 1:
                        value = str(times[-1])
                        options[parameter.name] = [str(t) for t in times]
                    else:
                        return FilledSlots(params, written, missing=kind)
            else:
                value = str(times[0])
            if value is not None:
                written[parameter.name] = value
        elif kind == "text":
            if not parameter.default:
                continue
            value = frame.topic if question.name == "targets-about" else _text(frame)
            if not value:
                return FilledSlots(params, written, missing=kind)
            written[parameter.name] = value
        elif kind in ("thing", "bodies"):
            value = _several(index, frame, kind, used)
            if not value:
                return FilledSlots(params, written, missing=kind)
            written[parameter.name] = value
        elif kind in _OPEN_KINDS:
            continue
        elif parameter.default:
            found = frame.of(kind)
            if not found:
                return FilledSlots(params, written, missing=kind)
            value, written[parameter.name] = found[0].of(kind)[0].label, found[0].written
        if value is not None:
            params[parameter.name] = value
    choices = tuple(params | {name: label} for name, labels in options.items() for label in labels)
    return FilledSlots(params, written, choices)


def _several(index: NameIndex, frame: Frame, kind: str, used: list[NameMention]) -> str:
    """The next body or place of a question, or all its bodies joined."""
    if kind == "bodies":
        labels = [_preferred(index, m, "body")[0].label for m in frame.of("body")]
        return "、".join(dict.fromkeys(labels))
    things = sorted({*frame.of("body"), *frame.of("place")}, key=lambda m: m.start)
    labels = [m.written for m in used]
    for mention in things:
        if mention not in used and mention.written not in labels:
            used.append(mention)
            return mention.meanings[0].label
    return ""


def _text(frame: Frame) -> str:
    """The words of a name, as they were typed."""
    for mention in [*frame.mentions, *frame.weak, *frame.unknown]:
        if mention.of("body") or not mention.meanings:
            return mention.written
    return ""


def _preferred(index: NameIndex, mention: NameMention, kind: str) -> list[NameMeaning]:
    """The meanings of a mention, without those that the notices do not write of."""
    found = list(mention.of(kind))
    if kind == "body" and len(found) > 1:
        loaded = [m for m in found if index.load.get(m.label)]
        exact = [m for m in loaded if m.label.endswith(mention.written)]
        found = loaded or found
        if len(found) > 1 and mention.how == "short" and len(exact) == 1:
            found = exact
    return found


def _choose(
    index: NameIndex,
    frame: Frame,
    question: Question,
    kind: str,
    name: str,
    used: list[NameMention],
) -> NameMention | None:
    found = [m for m in frame.of(kind) if m not in used]
    if not found:
        return None
    if len(found) == 1:
        return found[0]
    if kind == "place":
        if question.name == "same-spot":
            return found[0]
        if _are_listed(frame, found):
            return min(found, key=lambda m: index.load.get(m.of("place")[0].label, 0))
        return narrowest(found)
    role = {"body-leads": "lead", "body-coordinates": "coordinate"}.get(question.name, "")
    if name == "lead":
        role = "lead"
    if role:
        return _nearest(frame, found, role)
    return found[0]


def _are_listed(frame: Frame, found: list[NameMention]) -> bool:
    between = frame.text[found[0].end : found[1].start]
    return (
        bool(_AND.match(between)) and found[0].of("place")[0].what == found[1].of("place")[0].what
    )


def _nearest(frame: Frame, found: list[NameMention], role: str) -> NameMention:
    """Return the body whose role a word names: behind the body (市场监管局牵头), else before it."""
    other = "coordinate" if role == "lead" else "lead"
    mine = _distances(frame, found, role)
    theirs = _distances(frame, found, other)
    return min(found, key=lambda m: (mine[m], -theirs[m]))


def _distances(frame: Frame, found: list[NameMention], role: str) -> dict[NameMention, int]:
    spans = [m.span() for m in word_classes()[role].words.finditer(frame.masked)]
    far = dict.fromkeys(found, 99)
    for start, end in spans:
        for m in found:
            gap = start - m.end if start >= m.end else m.start - end + 1
            blocked = any(
                o is not m and min(m.end, end) <= o.start < max(m.start, start) for o in found
            )
            far[m] = min(far[m], gap + (20 if blocked else 0))
    return far
