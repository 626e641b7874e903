"""From a text without a table to rows: each statement of units closes what it speaks of.

A statement is a bracket (`（牵头单位：…，责任单位：…）`), a label line, a sentence at the end of
an item (`由X牵头，Y配合。`), or one that closes a group (`上述项目由X负责。`). The row's text is
the item from its number up to the statement. Where nobody is named, the items are the rows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice, takewhile

from loaders.lexicon.numerals import last_number, letters
from loaders.prose.body_headings import UnitHeading, unit_headings
from loaders.prose.cells import Read, label_of, quoted, read_of, upwards
from loaders.prose.chapter_labels import closing_chapters
from loaders.prose.outline import Line, inline_items, lines
from loaders.prose.statement import Statement
from loaders.prose.statements import statements
from loaders.text.normalize import plain_text

_WRAPPED = re.compile(r"[,，].{4,}[^。；：:;]$")
"""A numbered line that is no heading: its sentence goes on in the next line."""
_TITLE = re.compile(
    r"(?!.*[。；，,;]).{6,60}(?:方案|任务|分工|清单|安排|计划|措施|举措|意见|要点|通知|分解表?|实事|目标|行动|政策|办法)"
    r"(?:[（(].{2,20}[）)])?$|.{0,80}(?:如下|印发给你们.{0,20})[：:。]?$|.{0,40}[〔\[（(]20\d\d[〕\]）)].{0,8}号$|(?:注|说明)[:：].*|[（(]注[:：].*[）)]$"
)
"""A line that belongs to the head of a document or is a note, and begins no item."""


_SHORT = 44
"""A title has at most so many characters."""


def prose_rows(source: str) -> tuple[tuple[Read, ...], int]:
    """The rows of a text that has no table, in order, and how many of its items name nobody.

    Where no item names anybody all of them are rows; there are none where it has no items.
    """
    whole = plain_text(source)
    text = whole.text
    every = list(lines(text))
    said = closing_chapters(every, statements(text, every))
    found: list[Read] = []
    taken = {one.line for one in said}
    led = _led(text, every, said)
    closers = {one.line for one in said if one.numbers}
    block = _Block({}, {})
    done = -1
    for one in said:
        if one.start in led.heads:
            found += led.heads[one.start]
            done = max(done, one.end)
            continue
        one = led.helped.get(one.start, one)
        if one.scope == "group":
            if not (one.numbers and one.line - 1 in closers):  # else it is that of the line above
                block = _block(every, one, done)
            found += _group(text, every, one, block)
        elif one.scope == "whole":
            found.append(read_of(text, every, every[one.line].start, every[one.line].end, one))
        else:
            start = _begins(text, every, one, done)
            if start is not None and text[start : one.start].strip(" \n（(【[〔"):
                found.append(read_of(text, every, start, one.start, one))
        done = max(done, one.end)
        found += _inheriting(text, every, one, taken)
    heads = unit_headings(text, every)
    if heads and taken <= {one.line for one in heads}:
        found = [read for one in heads for read in _of_units(text, every, one)]
    elif not said:
        found = _items(text, every)
    found.sort(key=lambda read: read.row.text.span.start)
    silent = _silent(every, found) if said or heads else 0
    return tuple(_numbered([quoted(source, whole, read) for read in found])), silent


def _silent(every: Sequence[Line], found: Sequence[Read]) -> int:
    """How many numbered items lie in no row."""
    starts = [read.row.span.start for read in found]
    ends = list(accumulate((read.row.span.end for read in found), max))
    silent = 0
    for line in every:
        if line.is_numbered and not line.is_heading:
            before = bisect_right(starts, line.start)
            silent += not before or ends[before - 1] <= line.start
    return silent


def _begins(text: str, every: Sequence[Line], one: Statement, done: int) -> int | None:
    """Where the text begins that a statement closes; None where there is none."""
    line = every[one.line]
    if line.start < done < one.start:
        return _behind(text, done, one.start)
    whole = _of_steps(every, one, done)
    if whole is not None:
        return whole
    own = bool(text[line.start : one.start].strip(" （(【[〔"))
    if own and line.label:
        return line.start
    return _above(text, every, one.line, done, line.start if own else None)


def _above(text: str, every: Sequence[Line], at: int, done: int, own: int | None) -> int | None:
    """Where the text begins that goes on in line `at`, at `own` if it has words there.

    Up to the number, the label or the heading of its item, or the statement before it; where
    nothing of the kind stands above it, it is one paragraph.
    """
    best = near = own
    fields = False
    for above in upwards(every, at - 1):
        if above.end <= done:
            return best
        if above.start < done:
            rest = _behind(text, done, above.end)
            return rest if rest < above.end else best
        if above.is_units:
            return best
        if above.is_aside:
            continue
        if best is not None and not above.is_numbered and _TITLE.match(above.text):
            return near
        if above.is_heading and not (best is not None and _WRAPPED.search(above.text)):
            return above.start if best is None or fields else best
        if near is None or (near == best and above.text[-1] not in "。；;：:！）)"):
            near = above.start
        best, fields = above.start, above.is_field
        if above.is_numbered or above.level == 8:
            return best
    return near


def _behind(text: str, done: int, end: int) -> int:
    """Where text goes on behind a statement that ends at `done`."""
    rest = text[done:end]
    return done + len(rest) - len(rest.lstrip(" 。；;,，、\t\n"))


def _of_steps(every: Sequence[Line], one: Statement, done: int) -> int | None:
    """Where the item begins whose steps （1）, （2） stand in lines of their own, if only a later
    one of them ends in a statement: it closes them all.

    So do label lines below the last of the items （一）, （二） of an article or of one title.
    """
    at = _last_above(every, one)
    after_all = at == one.line and every[at].level == 9 and at > 0 and _is_item(every[at - 1])
    at -= after_all  # what is said of all steps, below the last of them
    line = every[at]
    if line.level not in (3, 4, 5, 6):
        return None
    apart = at < one.line or line.level > 4
    after = next((b for b in islice(every, at + 1, None) if b.start >= one.end), None)
    if line.level < 5 and after is not None and after.level == line.level:
        return None
    steps, first = 1, line
    for above in upwards(every, at - 1):
        if above.start < done or above.is_units or above.level in (7, 8):
            return None
        if above.is_numbered and above.level < line.level:
            begun = last_number(first.label)
            if line.level in (3, 4):
                whole = above.level > 1 and steps > 1 and begun == 1 and (apart or above.level == 2)
            else:  # numbers that run on through chapters are no steps; the first may stand above
                whole = steps > 1 if begun == 1 else begun == 2 and not above.is_heading
            return above.start if whole else None
        if above.level == line.level:
            steps, first = steps + 1, above
            if after_all and not _is_item(above):
                return None
    return None


def _is_item(line: Line) -> bool:
    """Whether a line is a numbered item that says it all, and no title of what stands below."""
    return line.level in (3, 4, 5, 6) and line.text[-1] in "。；;"


def _last_above(every: Sequence[Line], one: Statement) -> int:
    """The line of a statement; that above it, where it has a line of its own."""
    at = one.line
    while at and (every[at].is_aside or (every[at].level == 9 and every[at].start == one.start)):
        at -= 1
    return at


@dataclass(frozen=True, slots=True)
class _Block:
    """The items above a closing sentence that nobody has closed yet: their starts and ends."""

    items: Mapping[int, int]
    numbered: dict[int, list[int]]
    """The starts by the number that an item has; what a sentence names is taken out."""


def _block(every: Sequence[Line], one: Statement, done: int) -> _Block:
    """The items above a closing sentence, up to the heading above them."""
    above: list[Line] = []
    for i in range(one.line - 1, -1, -1):
        line = every[i]
        if line.end <= done or line.is_units or _TITLE.match(line.text):
            break
        if line.is_heading and line.level < every[i + 1].level < 7:
            if above:
                break
            continue
        above.append(line)
    above.reverse()
    items = [x for x in above if x.is_numbered] or [x for x in above if len(x.text) >= 12]
    numbered: dict[int, list[int]] = defaultdict(list)
    for item in items:
        if (number := last_number(item.label)) is not None:
            numbered[number].append(item.start)
    starts = [item.start for item in items]
    ends = [*starts[1:], every[one.line].start]
    return _Block(dict(zip(starts, ends, strict=False)), numbered)


def _group(text: str, every: Sequence[Line], one: Statement, block: _Block) -> list[Read]:
    """The items that a sentence closes, each a row: those that it names by number, else all."""
    starts = sorted(at for n in one.numbers for at in block.numbered.pop(n, ()))
    chosen = starts if one.numbers else block.items
    found = [read_of(text, every, at, block.items[at], one) for at in chosen]
    close = every[one.line].start
    if text[close : one.start].strip(" （(【[〔"):
        found.append(read_of(text, every, close, one.start, one))
    return found


def _inheriting(text: str, every: Sequence[Line], one: Statement, taken: Set[int]) -> list[Read]:
    """What stands below a statement and has none of its own: its bullets, or the items of the
    chapter whose heading it closes."""
    at = _titled(text, every, one)
    head, inherited = every[at], replace(one, how="inherited")
    if head.level == 7:
        return []
    below = [i for i in _below(every, at) if every[i].start >= one.end]
    bullets = list(takewhile(lambda i: every[i].level == 7, below))
    if bullets:
        free = [every[i] for i in bullets if i not in taken]
        return [read_of(text, every, line.start, line.end, inherited) for line in free]
    if taken & set(below) or not _heads(text, head, one):
        return []
    return _items_below(text, every, below, inherited)


def _heads(text: str, head: Line, one: Statement) -> bool:
    """Whether a statement closes the heading of a chapter or the title of an item."""
    said = text[head.body : one.start].rstrip(" \n（(【[〔。；;：:")
    if re.search("[。；;\n]", said):
        return False
    return head.level <= 1 or _closes_title(text, head, one, said)


@dataclass(frozen=True, slots=True)
class _Led:
    """Chapters whose heading says who leads, where their items say who helps.

    By the offsets of statements: those of such headings, with the items that name nobody; and
    those of the items, completed by who leads.
    """

    heads: dict[int, list[Read]] = field(default_factory=dict)
    helped: dict[int, Statement] = field(default_factory=dict)


def _led(text: str, every: Sequence[Line], said: Sequence[Statement]) -> _Led:
    led = _Led()
    for one in said:
        if one.scope != "item" or {n.role for n in one.duty.named} != {"lead"}:
            continue
        at = _titled(text, every, one)
        if every[at].level == 7 or not _heads(text, every[at], one):
            continue
        below = [i for i in _below(every, at) if every[i].start >= one.end]
        inside = set(below)
        mine = [s for s in said if s.line in inside]
        if not mine or any(n.role != "coordinate" for s in mine for n in s.duty.named):
            continue
        for s in mine:
            named = (*one.duty.named, *s.duty.named)
            led.helped[s.start] = replace(s, duty=replace(s.duty, named=named))
        items = _items_below(text, every, below, replace(one, how="inherited"))
        starts = [s.start for s in mine]
        led.heads[one.start] = [
            read
            for read in items
            if not any(read.row.span.start <= at < read.row.text.span.end for at in starts)
        ]
    return led


def _of_units(text: str, every: Sequence[Line], head: UnitHeading) -> list[Read]:
    one = Statement(head.line, head.duty.start, head.duty.end, head.duty, how="inherited")
    return _items_below(text, every, head.below, one)


def _titled(text: str, every: Sequence[Line], one: Statement) -> int:
    """The line that a statement closes: the title above it, where it has lines of its own."""
    at = one.line
    if not text[every[at].start : one.start].strip(" （(【[〔"):
        while at and (every[at].is_aside or every[at].is_units or every[at].start >= one.start):
            at -= 1
    return at if every[at].is_numbered else one.line


def _closes_title(text: str, head: Line, one: Statement, said: str) -> bool:
    """Whether a statement stands behind a title and nothing behind the statement."""
    rest = text[one.end : max(head.end, one.end)].strip(" 。；;)）")
    return head.level < 6 and len(said) <= _SHORT and not rest


def _items_below(
    text: str, every: Sequence[Line], below: Sequence[int], one: Statement
) -> list[Read]:
    """The numbered items among lines, each a row; a statement above them says who does it."""
    items = [every[i] for i in below if every[i].is_numbered]
    if not items:
        return []
    ends = [*(line.start for line in items[1:]), every[below[-1]].end]
    deeper = [*(line.level for line in items[1:]), 0]
    return [
        read_of(text, every, line.start, end, one)
        for line, end, level in zip(items, ends, deeper, strict=True)
        if not (line.is_heading and level > line.level)
    ]


def _below(every: Sequence[Line], at: int) -> Iterator[int]:
    """The lines of the chapter or item that begins in line `at`, without its first."""
    for i in range(at + 1, len(every)):
        if every[i].level <= every[at].level or every[i].text.startswith("附件"):
            return
        yield i


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
            read = read_of(text, every, start, end, None)
            found.append(
                replace(read, row=replace(read.row, number=line.label, id=label_of(every, i)))
            )
            continue
        found.append(read_of(text, every, start, end, None))
    return found


def _run_on(text: str, every: Sequence[Line]) -> list[Read]:
    for line in every:
        starts = [line.start + at for at in inline_items(line.text)]
        if len(starts) > 1:
            ends = [*starts[1:], line.end]
            return [read_of(text, every, a, b, None) for a, b in zip(starts, ends, strict=True)]
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
