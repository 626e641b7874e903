"""The names that a question mentions: the longest, then weak forms, abbreviations and slips."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from queries.ask.index import NameIndex, NameMeaning

_BODY_WORD = re.compile(
    r"[\u4e00-\u9fff]{1,14}?(?:街道办事处|街道|镇政府|委员会|办公室|管委会|集团|公司|支队|总队|中心|联合会|局|厅|委|办|镇|院|大队|集团)"
    r"(?![\u4e00-\u9fff]?(?:结|理|法|公|事|公室|员|托|完|成|长))"
)
_NO_NAME = re.compile("[的是哪谁么有没吗呢几个每各这那叫指]")
_GROUND = re.compile(r"办事处|办(?![理法事公结完])|机关")
_ANYBODY = re.compile(r"^(?:各|相关|有关|其他|所有)+(?:涉改|责任|职能)*(?:部门|单位|委办局)$")
"""Collectives that a question speaks of without meaning them: 各部门主责几项."""
_ROAD_ONLY = re.compile(
    r"上|沿线|沿路|这条|一带|段|两侧|路口|[和与跟、,][\u4e00-\u9fff]{1,5}[路街]|道路"
)
_ROAD_BEFORE = re.compile(r"[路街][和与跟、,]$")
_THERE = re.compile(r"(?:那|这)(?:一)?(?:块地|地块|个地块|地方|块|个地方)")
_SIDE = re.compile("那边|这边|那里|系统|口子|条线|部门|方面")
_TARGET = re.compile(
    r"(?:目标任务|目标|任务|第|target|targets|no\.?|row|item)\s?(?:编号|第|no\.?|number)?\s?(\d{1,3}[a-z]?)(?!\d|[.%/年月亿万个家条项件季]|平方)"
    r"|第?(\d{1,3}[a-z]?)(?:号|条|项)(?:目标|任务)|第(\d{1,3}[a-z]?)(?:号|条|项)|(?<![\d/.路街弄道])(\d{1,3}[a-z]?)号(?!线|楼|院|文|弄|地|令|街|门|桥|公|馆)"
)
_RANK = ("Lot", "Parcel", "Address", "Site", "Junction", "Block", "AskLine", "Zone", "Water", "Road",
         "Community", "Village", "Place", "Street", "County")  # fmt: skip
"""From the narrowest to the widest."""
_CONTENT = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class NameMention:
    """A span of the question and its possible meanings. `how`: name, part, short or slip."""

    start: int
    end: int
    written: str
    meanings: tuple[NameMeaning, ...]
    how: str = "name"

    def of(self, kind: str) -> tuple[NameMeaning, ...]:
        """Return the meanings of one kind."""
        return tuple(m for m in self.meanings if m.kind == kind)


def find_names(index: NameIndex, text: str) -> list[NameMention]:
    """Find the names in a folded text, the longest first, none within another."""
    found: list[NameMention] = []
    at = 0
    while at < len(text):
        end, meanings = index.at(text, at)
        if not meanings or _ANYBODY.match(text[at:end]) or text.startswith("之一", end):
            at = max(end, at + 1)
            continue
        tail = end
        if any(m.kind == "body" for m in meanings) and (more := _GROUND.match(text, end)):
            tail = more.end()
            meanings = tuple(m for m in meanings if m.kind == "body")
        elif any(m.what == "Road" for m in meanings) and not (
            _ROAD_ONLY.match(text, end) or _ROAD_BEFORE.search(text[:at])
        ):
            meanings += tuple(
                m for m in index.weak.get(text[at:end], ()) if m.label in _streets(index)
            )
        found.append(NameMention(at, tail, text[at:end], meanings))
        at = tail
    return found


def _streets(index: NameIndex) -> frozenset[str]:
    return frozenset(index.grounds) | frozenset(index.grounds.values())


def find_targets(index: NameIndex, text: str) -> list[NameMention]:
    """Find numbers of targets (目标22, 第15项, 28号目标)."""
    found = []
    for match in _TARGET.finditer(text):
        number = next(g for g in match.groups() if g)
        known = [
            n for n in index.notations if n == number or (n[:-1] == number and n[-1:].isalpha())
        ]
        found.append(
            NameMention(
                *match.span(), number,
                tuple(NameMeaning("target", "Target", n) for n in sorted(known)), "name" if known else "unknown",
            )
        )  # fmt: skip
    return found


def find_weak(index: NameIndex, text: str, start: int, end: int) -> NameMention | None:
    """Find the longest weak form that begins at `start`, within `end`."""
    for stop in range(min(end, start + 14), start + 1, -1):
        meanings = index.weak.get(text[start:stop], ())
        if meanings:
            tail = _THERE.match(text, stop) or _SIDE.match(text, stop)
            return NameMention(
                start, tail.end() if tail else stop, text[start:stop], meanings, "part"
            )
    return None


def find_body_words(index: NameIndex, text: str, start: int, end: int) -> NameMention | None:
    """Find a word that is built as the name of a body: a short form, a slip, or unknown."""
    match = _BODY_WORD.match(text, start, end)
    if match is None or len(match[0]) < 3 or _NO_NAME.search(match[0]):
        return None
    word = match[0]
    short = _abbreviated(index, word)
    if short:
        return NameMention(*match.span(), word, short, "short")
    near = _slips(index, word)
    return NameMention(*match.span(), word, near, "slip" if near else "unknown")


def _abbreviated(index: NameIndex, word: str) -> tuple[NameMeaning, ...]:
    """The bodies of which a word is a short form, or that are short forms of it.

    One is the other with characters left out, the first and the last kept: 工信局 of
    工业和信息化局, 人社局 of 人力资源和社会保障局.
    """
    found: dict[NameMeaning, None] = {}
    for form, meanings in index.strong.items():
        if form[0] != word[0] or form[-1] != word[-1] or len(form) < 3:
            continue
        if not (_skips(word, form) or _skips(form, word)):
            continue
        found.update(dict.fromkeys(m for m in meanings if m.kind == "body"))
    return tuple(found)


def _skips(short: str, long: str) -> bool:
    rest = iter(long)
    return len(short) < len(long) and all(c in rest for c in short)


def _slips(index: NameIndex, word: str) -> tuple[NameMeaning, ...]:
    """The bodies whose names differ from a word by one character."""
    found: dict[NameMeaning, None] = {}
    for form, meanings in index.strong.items():
        if (
            abs(len(form) - len(word)) > 1
            or len(word) < 3
            or len(form) < 3
            or len(form) + len(word) < 7
        ):
            continue
        if form[-1] == word[-1] and OSA.distance(word, form, score_cutoff=1) <= 1:
            found.update(dict.fromkeys(m for m in meanings if m.kind == "body"))
    return tuple(found) if len(found) == 1 else ()


def narrowest(mentions: list[NameMention]) -> NameMention:
    """Return the mention of the narrowest place among several: the lot, not its street."""
    return min(
        mentions,
        key=lambda m: min((_RANK.index(x.what) if x.what in _RANK else 99) for x in m.of("place")),
    )
