"""From cells to rows: which cell is which column, when empty and merged cells have vanished.

The heading says which columns there are; what a cell may hold in each column (a number, a
chapter heading, a list of departments, a dash) says where a row begins and which cell is
missing. The rows are the cheapest path through the columns over all cells: no cell is counted
from the left, and no row of any notice is known here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.records import QUARTERS, Cell, CellName, Row, Span
from loaders.bodies import Segmenter, is_empty
from loaders.cells import Block

Column = str
"""A CellName, `number`, or `other` for a column that is read past."""

_HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("number", re.compile(r"序号|编号|号")),
    ("q1", re.compile(r"(?:第?一季度?|[1一]季度|Q1)(?:目标|任务|节点|计划)?", re.IGNORECASE)),
    ("q2", re.compile(r"(?:第?二季度?|[2二]季度|Q2)(?:目标|任务|节点|计划)?", re.IGNORECASE)),
    ("q3", re.compile(r"(?:第?三季度?|[3三]季度|Q3)(?:目标|任务|节点|计划)?", re.IGNORECASE)),
    ("q4", re.compile(r"(?:第?四季度?|[4四]季度|Q4)(?:目标|任务|节点|计划)?", re.IGNORECASE)),
    ("span", re.compile(r"阶段性?(?:目标|任务|安排).*|.*(?:时间节点|进度安排|季度安排|分季度).*")),
    ("lead", re.compile(r"(?:主责|牵头|责任|主办|主要责任|承办|责任主体)(?:部门|单位|主体|委办局)?")),
    ("coordinate", re.compile(r"(?:配合|协办|参与|协同|协作|协助|责任主体与协同)(?:部门|单位|主体)?")),
    ("domain", re.compile(r"领域|类别|板块|分类|方面")),
    ("theme", re.compile(r"重[要点]项目|项目名称|任务名称|主要任务|重点工作|工作项目|专题|项目")),
    ("text", re.compile(r"(?:年度|全年|主要|重点|工作|具体)?(?:目标任务|工作目标|目标|任务|工作任务|工作内容|指标要求|工作要求"
          r"|主要内容)(?:和工作要求|及要求|要求|内容)?")),
    ("other", re.compile(r"目标类型|备注|说明|完成时限|时限|分管领导|联系人|责任人|是否达序|推进情况.*|.*进展情况")),
)  # fmt: skip
_ORDER = ("number", "text", "lead")
_NUMBER = re.compile(r"[((]?(\d{1,3})[))]?[.．、]?$")
_CHAPTER = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．].{1,24}$|第[一二三四五六七八九十]+[章部]分?.{0,24}$"
)
_SENTENCE = re.compile(r"[,;:。,;:]")


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a table in their order on the page, and the blocks they were read from."""

    columns: tuple[Column, ...]
    start: int
    end: int


def column_of(text: str) -> Column | None:
    """The column that a heading names; None where it is no heading.

    >>> column_of("牵头部门"), column_of("第一季度"), column_of("发改委")
    ('lead', 'q1', None)
    """
    for name, pattern in _HEADINGS:
        if pattern.fullmatch(text):
            return name
    return None


def heading(blocks: Sequence[Block]) -> Heading | None:
    """The first run of headings that makes a table of targets; None where there is none.

    In a heading of two storeys the quarters come last in the text, but stand under the one
    heading that spans them.

    >>> cells = "序号|目标任务|阶段性目标|主责部门|第一季度|第二季度|第三季度|第四季度".split("|")
    >>> heading([Block(0, 1, c) for c in cells]).columns
    ('number', 'text', 'q1', 'q2', 'q3', 'q4', 'lead')
    """
    start = 0
    while start < len(blocks):
        end = start
        names: list[Column] = []
        while end < len(blocks) and (name := column_of(blocks[end].text)) is not None:
            names.append(name)
            end += 1
        if (
            len(names) >= 3
            and {"lead", "coordinate", "q1"} & set(names)
            and ({"text", "theme"} & set(names))
        ):
            return Heading(_in_order(names), start, end)
        start = max(end, start + 1)
    return None


def _in_order(names: Sequence[Column]) -> tuple[Column, ...]:
    quarters = [n for n in names if n in QUARTERS]
    if "span" in names:
        names = [n for n in names if n not in QUARTERS]
        at = names.index("span")
        names = [*names[:at], *quarters, *names[at + 1 :]]
    columns: list[Column] = []
    for name in names:
        if name == "theme" and "text" not in names and "text" not in columns:
            name = "text"
        columns.append(name if name not in columns or name == "other" else "other")
    return tuple(columns)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A block with what it could be, worked out once."""

    block: Block
    text: str
    number: bool
    chapter: bool
    dash: bool
    bodies: float


_NEVER = 1e9
_SKIP = 4.0
_ABSENT = {"domain": 0.2, "number": 1.5, "theme": 0.6, "text": 60.0, "lead": 4.0,
           "coordinate": 1.0, "other": 0.5}  # fmt: skip


def rows(text: str, blocks: Sequence[Block], head: Heading, bodies: Segmenter) -> tuple[Row, ...]:
    """The rows below a heading, in order; merged cells are carried down and marked so.

    Rows that share a number get the letters a, b, … after it.
    """
    readings = [_reading(b, bodies) for b in _without_headings(blocks[head.end :])]
    raw = _cheapest(readings, head.columns)
    return _named(_carried(text, raw))


def _without_headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the headings that a page break repeats: three and more in a run."""
    kept: list[Block] = []
    run: list[Block] = []
    for block in blocks:
        if column_of(block.text) is not None:
            run.append(block)
            continue
        kept += run if len(run) < 3 else []
        kept.append(block)
        run = []
    return kept + (run if len(run) < 3 else [])


def _reading(block: Block, bodies: Segmenter) -> _Reading:
    text = block.text
    return _Reading(
        block,
        text,
        bool(_NUMBER.match(text)),
        bool(_CHAPTER.match(text)) and not _SENTENCE.search(text),
        is_empty(text),
        bodies.trust(text),
    )


def _cost(reading: _Reading, column: Column) -> float:
    """What it costs to believe that a block is the cell of a column."""
    text, listed = reading.text, reading.bodies > 0.75
    if column == "number":
        return 0.0 if reading.number else _NEVER
    if reading.number:
        return 12.0
    if column == "domain":
        return 0.0 if reading.chapter else 9.0 + (len(text) > 12) * 20
    if reading.chapter:
        return 8.0
    if column in ("lead", "coordinate"):
        if reading.dash:
            return 0.3 if column == "coordinate" else 3.0
        return 8.0 * (1.0 - reading.bodies) + (4.0 if _SENTENCE.search(text) and not listed else 0)
    if column == "theme":
        if reading.dash:
            return 2.0
        return (len(text) > 24) * 6.0 + bool(_SENTENCE.search(text)) * 4.0 + listed * 3.0
    if column == "text":
        return (3.0 if reading.dash else 0.0) + listed * 5.0 + (len(text) < 8) * 1.0
    if column == "other":
        return 1.0 + listed * 1.0 + (len(text) > 30) * 2.0
    return 0.0 if reading.dash else listed * 5.0


def _cheapest(
    readings: Sequence[_Reading], columns: tuple[Column, ...]
) -> list[dict[Column, Block]]:
    """The rows as the cheapest assignment of blocks to columns, columns repeating in order.

    Dynamic programming over (blocks taken, columns passed in this row); a block may also be
    skipped, at a price, for what stands between and after the rows.
    """
    width = len(columns)
    absent = [_ABSENT.get(c, 3.0) for c in columns]
    size = len(readings)
    best = [[_NEVER] * (width + 1) for _ in range(size + 1)]
    back: list[list[tuple[int, int, str]]] = [[(0, 0, "")] * (width + 1) for _ in range(size + 1)]
    best[0][0] = 0.0
    for i in range(size + 1):
        row, steps = best[i], back[i]
        for _ in range(2):  # leave columns out, begin the next row, leave out its first columns
            for j in range(width):
                price = row[j] + absent[j]
                if price < row[j + 1]:
                    row[j + 1], steps[j + 1] = price, (i, j, "absent")
            if row[width] < row[0]:
                row[0], steps[0] = row[width], (i, width, "next")
        if i == size:
            break
        reading = readings[i]
        skip = 0.05 if not reading.text else _SKIP
        for j in range(width + 1):
            if row[j] >= _NEVER:
                continue
            if row[j] + skip < best[i + 1][j]:
                best[i + 1][j], back[i + 1][j] = row[j] + skip, (i, j, "skip")
            if j < width:
                price = row[j] + _cost(reading, columns[j])
                if price < best[i + 1][j + 1]:
                    best[i + 1][j + 1], back[i + 1][j + 1] = price, (i, j, "take")
    return _traced(readings, columns, best, back)


def _traced(
    readings: Sequence[_Reading],
    columns: tuple[Column, ...],
    best: list[list[float]],
    back: list[list[tuple[int, int, str]]],
) -> list[dict[Column, Block]]:
    i, j = len(readings), 0
    if best[i][len(columns)] < best[i][0]:
        j = len(columns)
    found: list[dict[Column, Block]] = []
    current: dict[Column, Block] = {}
    while (i, j) != (0, 0):
        before_i, before_j, step = back[i][j]
        if step == "take":
            current[columns[before_j]] = readings[before_i].block
        if step == "next":
            if "text" in current:
                found.append(current)
            current = {}
        i, j = before_i, before_j
        if step == "":
            break
    if "text" in current:
        found.append(current)
    return found[::-1]


def _carried(text: str, raw: Sequence[dict[Column, Block]]) -> list[Row]:
    """Rows with the chapter, the theme and the number of the row above where theirs is merged."""
    result: list[Row] = []
    last: Row | None = None
    for position, cells in enumerate(raw, 1):
        printed = cells.get("number")
        number = _digits(printed.text) if printed else last.number if last else str(position)
        domain = _cell("domain", cells) or (_again(last.domain) if last else None)
        stays = last is not None and _same(last.domain, domain)
        theme = _cell("theme", cells) or (_again(last.theme) if last and stays else None)
        task = _cell("text", cells)
        if task is None:
            continue
        spans = [b.span() for b in cells.values() if b.text]
        first, final = min(s.start for s in spans), max(s.end for s in spans)
        last = Row(
            id=number,
            number=number,
            span=Span(first, final, text[first:final]),
            domain=domain,
            theme=theme,
            text=task,
            quarters=(
                _cell("q1", cells),
                _cell("q2", cells),
                _cell("q3", cells),
                _cell("q4", cells),
            ),
            lead=_cell("lead", cells),
            coordinate=_cell("coordinate", cells),
            none_stated=tuple(n for n in _MAY_BE_NONE if n in cells and _is_dash(cells[n])),
        )
        result.append(last)
    return result


_MAY_BE_NONE: tuple[CellName, ...] = (*QUARTERS, "lead", "coordinate")


def _is_dash(block: Block) -> bool:
    return bool(block.text) and is_empty(block.text)


def _digits(text: str) -> str:
    match = _NUMBER.match(text)
    return match.group(1) if match else text


def _cell(name: CellName, cells: dict[Column, Block]) -> Cell | None:
    block = cells.get(name)
    return None if block is None or is_empty(block.text) else Cell(name, block.span())


def _again(cell: Cell | None) -> Cell | None:
    return None if cell is None else replace(cell, carried=True)


def _same(one: Cell | None, other: Cell | None) -> bool:
    return (one.text if one else None) == (other.text if other else None)


def _named(found: Sequence[Row]) -> tuple[Row, ...]:
    """Rows whose ids are unique: those that share a number get letters."""
    count = Counter(row.number for row in found)
    seen: Counter[str] = Counter()
    result = []
    for row in found:
        if count[row.number] > 1:
            seen[row.number] += 1
            result.append(replace(row, id=row.number + _letters(seen[row.number])))
        else:
            result.append(row)
    return tuple(result)


def _letters(count: int) -> str:
    """1 → a, 26 → z, 27 → aa."""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = chr(97 + rest) + letters
    return letters
