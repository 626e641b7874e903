"""Part a cell into clauses about one thing each, and read their values and words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from graph.progress import ReportedStatement, Status, WrittenStatus
from graph.records import Span
from loaders.lexicon.numerals import number_of
from loaders.progress.words import NOTHING_BEGUN, status_in
from loaders.text.quantities import Figure, figures
from ontology.names import squeeze

_PARTS = re.compile(r"[；;。\n]|(?=[①-⑳])")


_ENDS_CLAUSE = re.compile(r"[。；;：:]\s{0,3}$")
_PAUSE = re.compile(r"，|,(?!\d)")


_GOES_ON = re.compile(
    r"^(?:低于|高于|超过?|滞后|慢于|快于|余|参赛|提前|主要|原因|因|由于|预计|争取|力争|计划|其中|待|另|并|同时|涉及|约|较|比|完成率|占|尚缺|尚未|仍未|尚在|需|请|建议|[一二三四五六七八九十\d]+月)"
)
"""Openings of clauses that state more of the thing before them."""


_MEETING = re.compile(
    r"^(?:召开|组织召开|赴|走访|调研|会商).{0,14}(?:会|次|调研|走访)|(?:已|全部)+梳理(?:完成|完毕)?$"
)


_SHARE_WORDS = re.compile(r"约?([一二两三四五六七八九])成")


_AFTER_VERB = re.compile(
    r"(?:完成|建成|落地|累计|开工|新增|新建|覆盖|达到?|签约|录入|更换|迁移|拆除|翻排|组织|配送|培训|受理|竣工|入地|申报|核对|开发|开放|产税|收入|建设|发放|举办|改造|安装|实现|[：:])[^，,\d]{0,12}$"
)


_FIXED = re.compile(r"(?:超|低于|高于|滞后|慢|快|余|少|差|缺)[^\d，,]{0,8}$")


@dataclass(frozen=True, slots=True)
class CellClause:
    """A piece of a cell: its span, and the label before a colon, if any."""

    span: Span
    label: str
    number: str = ""


def clauses_of(span: Span) -> list[CellClause]:
    """Return the clauses of a cell, each about one thing; what only states more stays with it."""
    found: list[CellClause] = []
    label = ""
    for start, end in runs_of(span.quote, _PARTS):
        piece = span.quote[start:end]
        head = re.match(r"\s*(?:[①-⑳]|\d{1,2}[.、）)])?\s*([^：:，,。；;（(]{2,24})[：:]", piece)
        own = squeeze(head[1]) if head else ""
        if own and not re.search(r"\d+[%％]|完成$", own):
            label = own
        elif not head:
            label = ""
        for begin, stop in independent_runs(piece):
            words = piece[begin:stop]
            if words.strip(" \t，,"):
                found.append(CellClause(trimmed(span, start + begin, start + stop), label))
    useful = [c for c in found if not _MEETING.search(squeeze(c.span.quote))]
    return useful or found


def runs_of(text: str, parting: re.Pattern[str]) -> list[tuple[int, int]]:
    cuts = [0]
    runs: list[tuple[int, int]] = []
    for mark in parting.finditer(text):
        if mark[0] == "\n" and not _ENDS_CLAUSE.search(
            text, max(0, mark.start() - 4), mark.start()
        ):
            continue  # a wrapped line
        runs.append((cuts[-1], mark.start()))
        cuts.append(mark.end())
    runs.append((cuts[-1], len(text)))
    return [(s, e) for s, e in runs if text[s:e].strip()]


def independent_runs(piece: str) -> list[tuple[int, int]]:
    runs = runs_of(piece, _PAUSE)
    joined: list[tuple[int, int]] = []
    for start, end in runs:
        if joined and not _stands_alone(piece[joined[-1][0] : joined[-1][1]], piece[start:end]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _stands_alone(before: str, clause: str) -> bool:
    """Return whether a clause after a comma speaks of a thing of its own."""
    first, words = squeeze(before), squeeze(clause)
    if _GOES_ON.match(words) or _MEETING.match(words):
        return False
    if not re.match(r"[^\d]{2,}|\d+(?:\.\d+)?[\u4e00-\u9fff]{2,}", words):
        return False
    if figures(first) and figures(words):
        return True
    undone = bool(NOTHING_BEGUN.search(first)), bool(NOTHING_BEGUN.search(words))
    told = bool(status_in(first)) and bool(status_in(words) or undone[1])
    told = told or (undone[0] and bool(status_in(words)))
    if undone[0] != undone[1] and told:
        return True
    return bool(_PARALLEL.match(first) and _PARALLEL.match(words))


_PARALLEL = re.compile(r"第[一二三四五六\d]+[批期段标]|\d+街坊|[一二三四]是")
"""Openings of clauses that each speak of one of several like things."""


def trimmed(span: Span, start: int, end: int) -> Span:
    words = span.quote[start:end]
    left = len(words) - len(words.lstrip(" \t\r\n，,；;。①②③④⑤⑥⑦⑧⑨⑩"))
    right = len(words.rstrip(" \t\r\n，,；;"))
    quote = words[left:right]
    return Span(span.start + start + left, span.start + start + right, quote)


def stated(common: ReportedStatement, clause: CellClause, *, alone: bool) -> ReportedStatement:
    """Return the statement of one clause of a row."""
    words = squeeze(clause.span.quote)
    own = status_in(words)
    written, carried = common.written, common.carried
    if own and _prevails(own[0], common.written, words, alone=alone):
        written, carried = WrittenStatus(own[0], own[1], "text"), False
    value, unit = value_of(words)
    share = share_of(words)
    percent = share if share is not None else common.percent
    return replace(
        common,
        quote=clause.span,
        subject=_joined(common.subject, clause.label),
        number=clause.number or common.number,
        written=written,
        carried=carried,
        value=value,
        unit=unit,
        percent=percent,
        percent_of_row=share is None and common.percent is not None and not alone,
        problem=common.problem,
    )


def _prevails(own: Status, row: WrittenStatus | None, words: str, *, alone: bool) -> bool:
    """Return whether a clause's own word counts before the status of its row or group."""
    if row is None:
        return True
    if alone and row.source != "heading":
        return False
    if (row.source == "heading" and own == "Behind") or (own == "NotStarted" and share_of(words)):
        return False
    return own != row.status and row.status not in ("Stopped", "Changed", "Cancelled")


def _joined(subject: str, label: str) -> str:
    return subject if not label or label in subject else f"{subject} {label}".strip()


def value_of(words: str) -> tuple[Decimal | None, str]:
    """Return the number that a clause reports, and its unit; None where it reports none.

    >>> value_of("新泾港沿线51个小区混接改造完成49个"), value_of("96家，超季度计划18家")
    ((Decimal('49'), '个'), (Decimal('96'), '家'))
    """
    found = [f for f in figures(words) if f.unit not in ("天", "日", "小时", "个百分点", "成")]
    found = [f for f in found if not _FIXED.search(words[: f.start])]
    if not found:
        return None, ""
    found = [f for f in found if words[f.start].isdigit() or _AFTER_VERB.search(words[: f.start])]
    if not found:
        return None, ""
    best = max(found, key=lambda f: _weight(words, f))
    return best.value, best.unit


def _weight(words: str, figure: Figure) -> tuple[int, int]:
    before = words[: figure.start]
    return (1 if _AFTER_VERB.search(before) else 0, -figure.start)


def share_of(words: str) -> Decimal | None:
    for figure in figures(words):
        if figure.unit == "%" and not figure.growth and not _FIXED.search(words[: figure.start]):
            return figure.value
    if (tenths := _SHARE_WORDS.search(words)) and (number := number_of(tenths[1])):
        return Decimal(number * 10)
    return None
