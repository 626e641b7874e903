"""From a text without a table to rows: each statement of bodies closes what it speaks of.

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
from itertools import accumulate, takewhile

from graph.records import Span
from loaders.lexicon.numerals import last_number, letters
from loaders.prose.body_headings import BodyHeading, body_headings
from loaders.prose.cells import ProseRow, prose_row, quoted
from loaders.prose.chapter_labels import closing_chapters
from loaders.prose.item_starts import HEAD_OR_NOTE, start_of_item
from loaders.prose.rules.no_tasks import gives_no_task, promising
from loaders.prose.rules.outline import Level, OutlineLine, inline_items, lines
from loaders.prose.rules.statement import Statement
from loaders.prose.rules.table import INHERITED_SURE, statements
from loaders.text.normalize import plain_text
from loaders.text.offsets import blank_out

MAX_TITLE_CHARS = 44


def prose_rows(source: str, hidden: Sequence[Span] = ()) -> tuple[tuple[ProseRow, ...], int]:
    """The rows of a text outside its tables, in order, and how many of its items name nobody.

    `hidden` are the stretches that another reader reads: its tables. Where no item names anybody
    all of them are rows; there are none where it has no items.
    """
    whole = plain_text(blank_out(source, hidden))
    text = whole.text
    every = list(lines(text))
    said = closing_chapters(every, statements(text, every))
    found: list[ProseRow] = []
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
            found.append(prose_row(text, every, every[one.line].start, every[one.line].end, one))
        elif one.scope == "clause":
            found.append(prose_row(text, every, one.start, one.end, one))
        else:
            start = start_of_item(text, every, one, done, taken)
            if start is not None and text[start : one.start].strip(" \n（(【[〔"):
                found.append(prose_row(text, every, start, one.start, one))
        done = max(done, one.end)
        found += _inheriting(text, every, one, taken)
    heads = body_headings(text, every)
    if heads and taken <= {one.line for one in heads}:
        found = [read for one in heads for read in _below_bodies(text, every, one)]
    elif not said and not gives_no_task(text, every):
        found = _items(text, every)
    found.sort(key=lambda read: read.row.text.span.start)
    silent = _silent(every, found) if said or heads else 0
    return tuple(_numbered([quoted(source, whole, read) for read in found])), silent


def _silent(every: Sequence[OutlineLine], found: Sequence[ProseRow]) -> int:
    """Count the numbered items outside all rows."""
    starts = [read.row.span.start for read in found]
    ends = list(accumulate((read.row.span.end for read in found), max))
    silent = 0
    for line in every:
        if line.is_numbered and not line.is_heading:
            before = bisect_right(starts, line.start)
            silent += not before or ends[before - 1] <= line.start
    return silent


@dataclass(frozen=True, slots=True)
class _Block:
    """The items above a closing sentence that nobody has closed yet: their starts and ends."""

    items: Mapping[int, int]
    numbered: dict[int, list[int]]
    """The starts by the number that an item has; what a sentence names is taken out."""


def _block(every: Sequence[OutlineLine], one: Statement, done: int) -> _Block:
    """The items above a closing sentence, up to the heading above them."""
    above: list[OutlineLine] = []
    for i in range(one.line - 1, -1, -1):
        line = every[i]
        if line.end <= done or line.is_label_of_bodies or HEAD_OR_NOTE.match(line.text):
            break
        if line.is_heading and line.level < every[i + 1].level < Level.BULLET:
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


def _group(
    text: str, every: Sequence[OutlineLine], one: Statement, block: _Block
) -> list[ProseRow]:
    """The items that a sentence closes, each a row: those that it names by number, else all."""
    starts = sorted(at for n in one.numbers for at in block.numbered.pop(n, ()))
    chosen = starts if one.numbers else block.items
    found = [prose_row(text, every, at, block.items[at], one) for at in chosen]
    close = every[one.line].start
    if text[close : one.start].strip(" （(【[〔"):
        found.append(prose_row(text, every, close, one.start, one))
    return found


def _inheriting(
    text: str, every: Sequence[OutlineLine], one: Statement, taken: Set[int]
) -> list[ProseRow]:
    """What stands below a statement and has none of its own: its bullets, or the items of the
    chapter whose heading it closes."""
    at = _titled(text, every, one)
    head, inherited = every[at], _inherited(one)
    if head.is_bullet:
        return []
    below = [i for i in _below(every, at) if every[i].start >= one.end]
    bullets = list(takewhile(lambda i: every[i].is_bullet, below))
    if bullets:
        free = [every[i] for i in bullets if i not in taken]
        return [prose_row(text, every, line.start, line.end, inherited) for line in free]
    if taken & set(below) or not _heads(text, head, one):
        return []
    return _items_below(text, every, below, inherited)


def _heads(text: str, head: OutlineLine, one: Statement) -> bool:
    """Return whether a statement closes the heading of a chapter or the title of an item."""
    said = text[head.body : one.start].rstrip(" \n（(【[〔。；;：:")
    if re.search("[。；;\n]", said):
        return False
    return head.level <= Level.SECTION or _closes_title(text, head, one, said)


@dataclass(frozen=True, slots=True)
class _Led:
    """Chapters whose heading says who leads, where their items say who helps.

    By the offsets of statements: those of such headings, with the items that name nobody; and
    those of the items, completed by who leads.
    """

    heads: dict[int, list[ProseRow]] = field(default_factory=dict)
    helped: dict[int, Statement] = field(default_factory=dict)


def _led(text: str, every: Sequence[OutlineLine], said: Sequence[Statement]) -> _Led:
    led = _Led()
    for one in said:
        if one.scope != "item" or {n.role for n in one.duty.named} != {"lead"}:
            continue
        at = _titled(text, every, one)
        if every[at].is_bullet or not _heads(text, every[at], one):
            continue
        below = [i for i in _below(every, at) if every[i].start >= one.end]
        inside = set(below)
        mine = [s for s in said if s.line in inside]
        if not mine or any(n.role != "coordinate" for s in mine for n in s.duty.named):
            continue
        for s in mine:
            named = (*one.duty.named, *s.duty.named)
            led.helped[s.start] = replace(s, duty=replace(s.duty, named=named))
        items = _items_below(text, every, below, _inherited(one))
        starts = [s.start for s in mine]
        led.heads[one.start] = [
            read
            for read in items
            if not any(read.row.span.start <= at < read.row.text.span.end for at in starts)
        ]
    return led


def _below_bodies(text: str, every: Sequence[OutlineLine], head: BodyHeading) -> list[ProseRow]:
    duty = head.duty
    one = _inherited(Statement(head.line, duty.start, duty.end, duty, rule="heading of a body"))
    return _items_below(text, every, head.below, one)


def _inherited(one: Statement) -> Statement:
    """The statement as it holds for what stands below it."""
    return replace(one, how="inherited", sure=min(one.sure, INHERITED_SURE))


def _titled(text: str, every: Sequence[OutlineLine], one: Statement) -> int:
    """The line that a statement closes: the title above it, where it has lines of its own."""
    at = one.line
    if not text[every[at].start : one.start].strip(" （(【[〔"):
        while at and (
            every[at].is_aside or every[at].is_label_of_bodies or every[at].start >= one.start
        ):
            at -= 1
    return at if every[at].is_numbered else one.line


def _closes_title(text: str, head: OutlineLine, one: Statement, said: str) -> bool:
    """Return whether a statement stands behind a title and nothing behind the statement."""
    rest = text[one.end : max(head.end, one.end)].strip(" 。；;)）")
    return head.level < Level.STEP and len(said) <= MAX_TITLE_CHARS and not rest


def _items_below(
    text: str, every: Sequence[OutlineLine], below: Sequence[int], one: Statement
) -> list[ProseRow]:
    """The numbered items among lines, each a row; a statement above them says who does it."""
    items = [every[i] for i in below if every[i].is_numbered]
    if not items:
        return []
    ends = [*(line.start for line in items[1:]), every[below[-1]].end]
    deeper = [*(line.level for line in items[1:]), 0]
    return [
        prose_row(text, every, line.start, end, one)
        for line, end, level in zip(items, ends, deeper, strict=True)
        if not (line.is_heading and level > line.level)
    ]


def _below(every: Sequence[OutlineLine], at: int) -> Iterator[int]:
    """The lines of the chapter or item that begins in line `at`, without its first."""
    for i in range(at + 1, len(every)):
        if every[i].level <= every[at].level or every[i].text.startswith("附件"):
            return
        yield i


def _items(text: str, every: Sequence[OutlineLine]) -> list[ProseRow]:
    """The items of a document that names nobody: numbered paragraphs, or those below headings."""
    levels = Counter(line.level for line in every if line.is_numbered)
    if not levels or sum(levels.values()) < 2:
        return _run_on(text, every)
    found: list[ProseRow] = []
    for i in promising(every):
        line = every[i]
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
        found.append(prose_row(text, every, start, end, None))
    return found


def _run_on(text: str, every: Sequence[OutlineLine]) -> list[ProseRow]:
    for line in every:
        starts = [line.start + at for at in inline_items(line.text)]
        if len(starts) > 1:
            ends = [*starts[1:], line.end]
            return [prose_row(text, every, a, b, None) for a, b in zip(starts, ends, strict=True)]
    return []


def _numbered(found: Sequence[ProseRow]) -> list[ProseRow]:
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
