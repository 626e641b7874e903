"""From a text without a table to rows: each statement of units closes what it speaks of.

A statement is a bracket (`（牵头单位：…，责任单位：…）`), a label line, a sentence at the end of
an item (`由X牵头，Y配合。`), or one that closes a group (`上述项目由X负责。`). The row's text is
the item from its number up to the statement. Where nobody is named, the items are the rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.records import Cell, CellName, Role, Row, Span
from loaders.brackets import brackets
from loaders.duties import LABEL, Duty, Rule, bare, duty, rule_of
from loaders.lines import Line, inline_items, lines
from loaders.rows import letters
from loaders.units import is_unit, units

_CLOSER = re.compile(
    r"(?:上述|以上|前述|上列)(?:各项|全部|所有)?(?:重点)?(?:项目|任务|工作|事项|内容|目标|指标)?(?:均|分别|都)?由(?P<who>[^。；\n]{2,120}?)(?=[。；\n]|$)"
)
_SPOKEN = re.compile(
    r"(?:^|(?<=[。；;]))\s*(?:此项工作|该项工作|本项工作|此项任务|该项目|上述工作|具体工作|相关工作)?由(?P<who>[^。；\n]{2,120}?"
    r"(?:牵头|负责|配合|落实|参与|组织实施|推进))(?=[。；]?$)"
)
_KIND = re.compile(
    r"[^省市区县州局委办厅]*(?:企业|高校|机构|院所|协会|联盟|平台|园区|学校|大学|医院|公司|研发单位)"
)
"""A kind of doer, no unit of a government: 由企业、高校牵头 assigns nothing."""
_WRAPPED = re.compile(r"[,，].{4,}[^。；：:;]$")
"""A numbered line that is no heading: its sentence goes on in the next line."""
_QUARTER = re.compile(r"第?([一二三四1-4])季度(?:末|底)?(?:前)?[,，:：、]?")
_ORDER = {c: i for i, c in enumerate("一二三四")} | {c: i for i, c in enumerate("1234")}


@dataclass(frozen=True, slots=True)
class Read:
    """A row, and who does it; `duty` is None where the document names nobody."""

    row: Row
    duty: Duty | None


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement and the line in which it begins; `start` and `end` are those of its bracket."""

    line: int
    start: int
    end: int
    duty: Duty
    group: bool = False


def prose_rows(text: str) -> tuple[Read, ...]:
    """The rows of a text that has no table, in order; empty where it has no items either."""
    every = list(lines(text))
    rule = rule_of(text)
    said = _statements(text, every, rule)
    found: list[Read] = []
    done = -1
    for one in said:
        if one.group:
            found += _group(text, every, one, done)
        else:
            start = _begins(text, every, one, done)
            if start is not None and text[start : one.start].strip():
                found.append(_read(text, every, start, one.start, one))
        done = one.end
        found += _bullets(text, every, one, said)
    if not said:
        found = _items(text, every)
    return tuple(_numbered(found))


def _statements(text: str, every: Sequence[Line], rule: Rule) -> list[_Said]:
    found: list[_Said] = []
    plain: list[_Said] = []
    at = 0
    for i, line in enumerate(every):
        if line.start < at:
            continue
        if line.is_units:
            end = _wrapped(text, every, i)
            one = duty(text, line.start, end, rule)
            if one:
                found.append(_Said(i, line.start, end, one))
                at = end
            continue
        for pair in brackets(text, line.start, min(line.end + 400, len(text))):
            if pair.start >= line.end:
                break
            left, right = pair.inner
            labelled = LABEL.search(text, left, right)
            closes = _closes(text, pair.start, pair.end, line)
            one = duty(text, left, right, rule) if labelled or closes else None
            if one:
                found.append(_Said(i, pair.start, pair.end, one))
                at = max(at, pair.end)
            elif closes and text[pair.end : line.end].strip(" 。；;\u3000") == "":
                listed = bare(text, left, right, rule)
                if listed:
                    plain.append(_Said(i, pair.start, pair.end, listed))
        if not any(s.line == i for s in found):
            found += _spoken(text, i, line, rule)
    if len(plain) >= max(3, len(found)):
        found += [p for p in plain if all(p.line != f.line for f in found)]
    elif found:
        several = [p for p in plain if len(p.duty.named) > 1]
        found += [p for p in several if all(p.line != f.line for f in found)]
    return sorted(found, key=lambda s: s.start)


def _closes(text: str, start: int, end: int, line: Line) -> bool:
    """Whether a bracket ends a sentence: something ends before it, or its line ends behind it."""
    before = text[line.start : start].rstrip()[-1:]
    after = text[end : line.end].lstrip()[:1] if end < line.end else ""
    return before in ("", "。", "；", ";", "！", "”", "：", ":") or after in ("", "。", "；", ";")


def _wrapped(text: str, every: Sequence[Line], i: int) -> int:
    """Where a label line ends: it may go on in lines that hold nothing but units or labels."""
    end = every[i].end
    for line in every[i + 1 :]:
        open_list = text[end - 1] in "、，,"
        if line.is_units and line.start - end <= 3:
            end = line.end
            continue
        if line.is_numbered or line.level == 7 or len(line.text) > 200 or "。" in line.text[:-1]:
            break
        last = units(text, every[i].start, end)[-1:]
        cut = last and line.start - end <= 2 and not is_unit(re.split("[:：]", last[0].label)[-1])
        named = units(text, last[0].start if cut else line.start, line.end)
        if not (open_list or (line.start - end <= 2 and all(is_unit(u.label) for u in named))):
            break
        if not named or not all(is_unit(u.label) for u in named):
            break
        end = line.end
    return end


def _spoken(text: str, i: int, line: Line, rule: Rule) -> list[_Said]:
    """Sentences that say who: closing a group, at the end of an item, or a label in the line."""
    closer = _CLOSER.search(text, line.start, line.end)
    if closer:
        one = duty(text, closer.start("who"), closer.end("who"), rule)
        return [_Said(i, closer.start(), line.end, one, group=True)] if one else []
    last = _SPOKEN.search(line.text)
    if last:
        left, right = line.start + last.start("who"), line.start + last.end("who")
        one = duty(text, left, right, rule)
        if one and not any(_KIND.fullmatch(n.unit.label) for n in one.named):
            return [_Said(i, line.start + last.start(), line.end, one)]
    labels = LABEL.finditer(text, line.start + 1, line.end)
    label = next((m for m in labels if text[m.start() - 1] in "。；; \u3000\t"), None)
    if label:
        one = duty(text, label.start(), line.end, rule)
        if one and all(is_unit(n.unit.label) for n in one.named):
            return [_Said(i, label.start(), line.end, one)]
    return []


def _begins(text: str, every: Sequence[Line], one: _Said, done: int) -> int | None:
    """Where the text begins that a statement closes."""
    line = every[one.line]
    if line.start < done < one.start:
        rest = text[done : one.start]
        return done + len(rest) - len(rest.lstrip(" 。；;,，、\u3000\t\n"))
    own = text[line.start : one.start].strip()
    if own and (line.label and line.level != 7):
        return line.start
    best = line.start if own else None
    for above in reversed(every[: one.line]):
        if above.end <= done or above.is_units:
            break
        if above.is_heading and not (best is not None and _WRAPPED.search(above.text)):
            return above.start if best is None else best
        best = above.start
        if above.is_numbered or above.level == 8:
            break
    return best


def _read(text: str, every: Sequence[Line], start: int, end: int, one: _Said | None) -> Read:
    body = text[start:end].rstrip()
    at = max(i for i, line in enumerate(every) if line.start <= start)
    label = _label(every, at)
    where = Span(start, start + len(body), body)
    lead = _cell(text, one, "lead", "responsible")
    helps = _cell(text, one, "coordinate")
    last = max([where.end, *(c.span.end for c in (lead, helps) if c)])
    domain = _heading(every, *_above(every, at))
    q1, q2, q3, q4 = _quarters(text, where)
    row = Row(
        id=label,
        number=label,
        span=Span(start, last, text[start:last]),
        domain=Cell("domain", domain, carried=True) if domain else None,
        theme=_title(text, every, at, start, where.end),
        text=Cell("text", where),
        quarters=(q1, q2, q3, q4),
        lead=lead,
        coordinate=helps,
    )
    return Read(row, one.duty if one else None)


def _cell(text: str, one: _Said | None, *roles: Role) -> Cell | None:
    span = one.duty.span(*roles) if one else None
    if span is None:
        return None
    name: CellName = "coordinate" if roles == ("coordinate",) else "lead"
    return Cell(name, Span(*span, text[span[0] : span[1]]))


def _above(every: Sequence[Line], at: int) -> tuple[int, int]:
    """The line that numbers the item of a line, and its level: its heading stands above that."""
    for i in range(at, -1, -1):
        if every[i].is_numbered:
            return i, every[i].level
    return at, 9


def _label(every: Sequence[Line], at: int) -> str:
    """The label of the item in which a line stands, behind that of its article (第三条（一）)."""
    for line in reversed(every[: at + 1]):
        if line.label and line.level != 7:
            article = next((u for u in reversed(every[:at]) if u.level <= 2), None)
            inside = article is not None and article.level == 2 and line.level in (3, 4, 5)
            return (article.label if inside and article else "") + line.label
    return ""


def _heading(every: Sequence[Line], at: int, level: int) -> Span | None:
    """The nearest heading above a line, of a higher level."""
    for line in reversed(every[:at]):
        if line.is_heading and line.level < level:
            said = line.text.rstrip("。.；;：: ")
            return Span(line.start, line.start + len(said), said)
    return None


def _title(text: str, every: Sequence[Line], at: int, start: int, end: int) -> Cell | None:
    """The title sentence of a row: its first, where that is short; else that of its item."""
    line = every[at]
    body = line.body if line.start == start else start
    if line.start == start and line.level == 8:
        name = line.label.strip('“”"')
        left = text.index(name, start)
        return Cell("theme", Span(left, left + len(name), name))
    first = re.match(r"[^。；;\n：:]{2,40}(?=[。\n：:]|$)", text[body:end])
    if first and line.start == start:
        return Cell("theme", Span(body, body + first.end(), first.group()))
    for above in reversed(every[: at + 1]):
        if above.is_numbered:
            first = re.match(r"[^。；;\n：:]{2,40}(?=[。\n：:]|$)", text[above.body : above.end])
            if first:
                span = Span(above.body, above.body + first.end(), first.group())
                return Cell("theme", span, carried=True)
            return None
    return None


def _quarters(text: str, where: Span) -> tuple[Cell | None, ...]:
    """Quarters told in the text (`第一季度…；第二季度…`), each up to the next; at least two."""
    marks = list(_QUARTER.finditer(text, where.start, where.end))
    order = [_ORDER[m[1]] for m in marks]
    cells: list[Cell | None] = [None] * 4
    if len(marks) < 2 or order != sorted(set(order)):
        return tuple(cells)
    ends = [m.start() for m in marks[1:]] + [where.end]
    for mark, end in zip(marks, ends, strict=True):
        said = text[mark.end() : end].rstrip(" ；;。，,\n\t\u3000")
        if said.strip():
            left = mark.end() + len(said) - len(said.lstrip())
            name = ("q1", "q2", "q3", "q4")[_ORDER[mark[1]]]
            cells[_ORDER[mark[1]]] = Cell(name, Span(left, mark.end() + len(said), said.lstrip()))  # type: ignore[arg-type]
    return tuple(cells)


def _group(text: str, every: Sequence[Line], one: _Said, done: int) -> list[Read]:
    """The paragraphs above a closing sentence that nobody has closed yet, each a row."""
    found: list[Read] = []
    for i in range(one.line - 1, -1, -1):
        line = every[i]
        if line.end <= done or line.is_units:
            break
        if line.is_heading or (line.level == 9 and len(line.text) < 12):
            if found:
                break
            continue
        if "印发" in line.text or "如下" in line.text[-6:]:
            break
        found.append(_read(text, every, line.start, line.end, one))
    own = text[every[one.line].start : one.start].strip()
    if own:
        found.insert(0, _read(text, every, every[one.line].start, one.start, one))
    return found[::-1]


def _bullets(text: str, every: Sequence[Line], one: _Said, said: Sequence[_Said]) -> list[Read]:
    """Bullets below a statement that have none of their own: they inherit it."""
    taken = {s.line for s in said}
    found = []
    for i in range(one.line + 1, len(every)):
        line = every[i]
        if line.level != 7 or i in taken:
            break
        found.append(_read(text, every, line.start, line.end, one))
    return found


def _items(text: str, every: Sequence[Line]) -> list[Read]:
    """The items of a document that names nobody: numbered paragraphs, or those below headings."""
    levels = Counter(line.level for line in every if line.is_numbered)
    if not levels or sum(levels.values()) < 2:
        return _run_on(text, every)
    found: list[Read] = []
    for i, line in enumerate(every):
        if not line.is_numbered:
            continue
        end = line.end
        j = i + 1
        while j < len(every) and not every[j].is_numbered:
            if re.fullmatch(r".{0,30}\d{4}年\d{1,2}月\d{1,2}日.{0,8}", every[j].text):
                break
            end = every[j].end
            j += 1
        deeper = j < len(every) and every[j].is_numbered and every[j].level > line.level
        start = line.start
        if line.is_heading and deeper:
            continue
        if line.is_heading and end > line.end:
            start = every[i + 1].start
            read = _read(text, every, start, end, None)
            found.append(
                replace(read, row=replace(read.row, number=line.label, id=_label(every, i)))
            )
            continue
        found.append(_read(text, every, start, end, None))
    return found


def _run_on(text: str, every: Sequence[Line]) -> list[Read]:
    for line in every:
        starts = [line.start + at for at in inline_items(line.text)]
        if len(starts) > 1:
            ends = [*starts[1:], line.end]
            return [_read(text, every, a, b, None) for a, b in zip(starts, ends, strict=True)]
    return []


def _numbered(found: Sequence[Read]) -> list[Read]:
    """Ids that are unique: rows without a label are counted, those that share one get letters."""
    named = [
        replace(r, row=replace(r.row, id=r.row.id or str(i), number=r.row.number or str(i)))
        for i, r in enumerate(found, start=1)
    ]
    count = Counter(r.row.id for r in named)
    seen: Counter[str] = Counter()
    result = []
    for read in named:
        name = read.row.id
        if count[name] > 1:
            seen[name] += 1
            read = replace(read, row=replace(read.row, id=name + letters(seen[name])))
        result.append(read)
    return result
