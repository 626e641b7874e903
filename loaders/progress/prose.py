"""Read what a report states outside its tables: items, lines with symbols, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from graph.progress import ReportedStatement, Status, StatusSource, WrittenStatus
from graph.records import Span
from loaders.progress.cell_clauses import (
    CellClause,
    independent_runs,
    runs_of,
    share_of,
    stated,
    trimmed,
    value_of,
)
from loaders.progress.sheets import ReportTable
from loaders.progress.words import status_in, status_of
from ontology.names import squeeze

_REASON = re.compile(r"(?:主要(?:是|因)|原因(?:是|为|：|:)?|由于|因(?!此|素))(.+)")


_LACK = re.compile(
    r"[^，,；;。：:]*(?:尚缺|未获批|未达成|未定|未落实|未建成|未通过|权属不清)[^；;。]*"
)


_TALKS_OF_ALL = re.compile(
    r"^(?:总体情况|总体|总的|各项(?:任务|工作|目标)|各单位|全部任务)|\d+项目标中"
)


_ITEM = re.compile(
    r"^(?:\d{1,3}[.．、]|[①-⑳]|[（(]\d{1,2}[）)])?\s*([^：:，,。；;]{2,40}?)[（(]第\s*(\d{1,3}[ab]?)\s*[项条号][）)]\s*[：:，,]"
)


_SYMBOL = re.compile(r"^\s*([√✓✔△▲×✗✘●○★]|[【\[](?:[^】\]]{2,6})[】\]])\s*")


_HEADING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)])\s*(.{2,30})$"
)


_LEGEND = re.compile(r"图例|[√△×●○★].{0,8}[△×●○★]")


def prose_statements(
    text: str, sheets: Sequence[ReportTable], row: int
) -> Iterator[ReportedStatement]:
    """Yield what lines outside the tables state: items, lines with a symbol, named sentences."""
    group: WrittenStatus | None = None
    ground = ""
    first_table = min((s.start for s in sheets), default=len(text))
    for line in re.finditer(r"[^\r\n]+", text):
        span = Span(*line.span(), line[0])
        if any(s.start <= line.start() < s.end for s in sheets) or not line[0].strip():
            continue
        words = squeeze(line[0])
        if line.start() < first_table and sheets:
            continue
        heading = _HEADING.match(line[0])
        if heading:
            status = status_of(squeeze(heading[1]))
            group = (
                WrittenStatus(status, _heading_words(squeeze(heading[1])), "heading")
                if status
                else None
            )
            ground = ""
            continue
        symbol = _SYMBOL.match(line[0])
        if symbol and not _LEGEND.search(words[:20]):
            row += 1
            yield from _symbol_line(span, symbol, ground, row)
            continue
        if _LEGEND.search(words) or (sheets and re.search(r"截[至止]", words)):
            continue
        made = list(_items(span, group, row))
        if made:
            row += 1
            yield from made
        elif len(words) <= 16 and not re.search(r"[，。；：:]", words):
            ground = words
        else:
            row += 1
            yield from _sentences(span, row)


def _heading_words(words: str) -> str:
    return re.sub(r"(?:的)?(?:目标|项目|任务|事项|工作|指标)+$", "", words)


def _symbol_line(
    span: Span, symbol: re.Match[str], ground: str, row: int
) -> Iterator[ReportedStatement]:
    mark = symbol[1]
    source: StatusSource = "bracket" if mark[0] in "【[" else "symbol"
    meaning: dict[str, Status] = {
        "√": "Done", "✓": "Done", "✔": "Done", "●": "Done", "△": "PartlyDone", "×": "NotStarted",
        "✗": "NotStarted", "✘": "NotStarted", "○": "OnTrack", "★": "Done", "▲": "PartlyDone",
    }  # fmt: skip
    status = status_of(mark) if source == "bracket" else meaning.get(mark)
    quote = trimmed(span, symbol.end(), len(span.quote))
    words = squeeze(quote.quote)
    own = status_in(words)
    if own and own[0] == "DoneEarly":
        status, mark = "DoneEarly", f"{mark} {own[1]}"
    value, unit = value_of(words)
    written = WrittenStatus(status, mark, source) if status else None
    yield ReportedStatement(
        quote=quote, subject=ground, row=row, written=written, value=value, unit=unit,
        percent=share_of(words), carried=True,
    )  # fmt: skip


def _items(span: Span, group: WrittenStatus | None, row: int) -> Iterator[ReportedStatement]:
    """Yield the statements of a line of items: name（第N项）：what was done，why not."""
    common = ReportedStatement(
        quote=span, subject="", row=row, written=group, carried=group is not None
    )
    pieces = [
        trimmed(span, start, end)
        for start, end in runs_of(span.quote, re.compile(r"[；;。]"))
        if span.quote[start:end].strip()
    ]
    named = [(_ITEM.match(p.quote), p) for p in pieces]
    if not any(match for match, _ in named):
        return
    subject, number = "", ""
    for match, piece in named:
        if match:
            subject, number = squeeze(match[1]), match[2]
        said = squeeze(piece.quote)
        tail = squeeze(piece.quote[match.end() :]) if match else said
        why = _REASON.search(tail)
        lack = _LACK.search(tail)
        offset = match.end() if match else 0
        parts = independent_runs(piece.quote[offset:])
        for i, (start, end) in enumerate(parts):
            begin = 0 if i == 0 else offset + start
            quote = trimmed(piece, begin, offset + end)
            words = squeeze(quote.quote)
            made = stated(
                replace(common, subject=subject, number=number), CellClause(quote, ""), alone=True
            )
            problem = _found(piece, why[1]) if why else _found(piece, lack[0]) if lack else None
            value, unit = value_of(words.split("：", 1)[-1] if i == 0 else words)
            yield replace(made, problem=problem, value=value, unit=unit)


def _found(piece: Span, words: str) -> Span | None:
    at = piece.quote.find(words)
    if at < 0:
        return None
    bare = words.rstrip("。；;，,")
    return Span(piece.start + at, piece.start + at + len(bare), bare) if bare else None


def _sentences(span: Span, row: int) -> Iterator[ReportedStatement]:
    """Yield the sentences of prose next to a table that state how one thing is given."""
    for start, end in runs_of(span.quote, re.compile(r"[。]")):
        quote = trimmed(span, start, end)
        words = squeeze(quote.quote)
        if _TALKS_OF_ALL.search(words):
            continue
        lead = re.match(r"(?:需要说明的是|另外|其中|此外)[，,：:]?", quote.quote)
        if lead:
            quote = trimmed(quote, lead.end(), len(quote.quote))
        if not re.search(r"项目|工程|路|街坊|地块|修缮|建设|改造|中心", words) or len(words) < 8:
            continue
        pause = re.search(r"[，,](?=建议|请|下[一阶季月])", quote.quote)
        follow = trimmed(quote, pause.end(), len(quote.quote)) if pause else None
        asked = bool(follow and follow.quote.startswith("请"))
        if pause and follow and not asked:
            quote = trimmed(quote, 0, pause.start())
        said = squeeze(quote.quote)
        own = status_in(said)
        reason = re.search(r"因([^，,。]{2,20}?)(?:尚未|未|而|，|$)", said)
        value, unit = value_of(said)
        yield ReportedStatement(
            quote=quote,
            subject="",
            row=row,
            written=WrittenStatus(own[0], own[1], "text") if own else None,
            value=value,
            unit=unit,
            percent=share_of(said),
            problem=_found(quote, reason[1]) if reason else None,
            next=follow if follow and not asked else None,
        )
