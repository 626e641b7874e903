"""From text to rows: what a flattened table loses, and that the rows are found all the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.records import Document, Row
from loaders.bodies.cells import Segmenter
from loaders.formats.extracted import Placed, Writing
from loaders.formats.source import SourceText
from loaders.tables.detect import tables_of
from loaders.tables.flattened import headings
from loaders.tables.rows import rows_of
from loaders.text.paragraphs import Block
from ontology.gazetteer import gazetteer

SEGMENTER = Segmenter(gazetteer("上海市长宁区"))
HEAD = "领域|序号|重要 项目|目标任务和工作要求|阶段性目标和工作任务量|主责部门|配合部门|第一季度|第二季度|第三季度|第四季度"


def test_every_row_of_the_notice_is_found(notice: Document) -> None:
    ids = [t.id for t in notice.targets]
    numbers = [str(n) for n in range(1, 60)]
    assert ids == [*numbers[:13], "14a", "14b", *numbers[14:]]


def test_cells_are_verbatim(notice: Document, gold: dict[str, Any]) -> None:
    for target in notice.targets:
        row = target.row
        for cell in (row.domain, row.theme, row.text, *row.quarters, row.lead, row.coordinate):
            if cell is not None:
                assert notice.text[cell.span.start : cell.span.end] == cell.span.quote
    found = {
        t.id: {
            "domain": t.row.domain.text if t.row.domain else None,
            "project": t.row.theme.text if t.row.theme else None,
            "text": t.row.text.text,
            "q": [c.text if c else None for c in t.row.quarters],
            "lead": [a.label for a in t.bodies("lead")],
            "coordinate": [a.label for a in t.bodies("coordinate")],
        }
        for t in notice.targets
    }
    for name, target in gold.items():
        assert found[name] == {key: target[key] for key in found[name]}, name


def _rows(text: str) -> list[Row]:
    """The rows of all tables of a text."""
    tables = tables_of(SourceText("a", b"", text, "text/plain"), SEGMENTER)
    return [row for rows in rows_of(text, [t.rows for t in tables]) for row in rows]


DEPARTMENTS = st.lists(
    st.sampled_from(["发改委", "科  委", "财政局", "市场监管局", "各街(镇)"]),
    min_size=1,
    max_size=3,
).map("  ".join)
SENTENCE = st.text(st.sampled_from("推进完成工作建设项目开展调研"), min_size=9, max_size=30).map(
    lambda s: s + "，落实到位"
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[dict[str, str | None]]]:
    """A flattened table with merged and vanished cells, and its content."""
    wanted: list[dict[str, str | None]] = []
    cells: list[str] = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        theme = draw(st.sampled_from(["稳增长", None])) if number > 1 else "稳增长"
        text = draw(SENTENCE)
        quarters = [draw(st.sampled_from(["——", "落实，推进", "完成，验收"])) for _ in range(4)]
        lead = draw(st.sampled_from(["发改委", "科  委", "财政局"]))
        other = draw(st.one_of(st.none(), DEPARTMENTS))
        if draw(st.booleans()):
            cells.append("一、经济发展")
        cells += [str(number), *([theme] if theme else []), text, *quarters, lead]
        cells += [other] if other else []
        wanted.append(
            {"text": text, "q1": quarters[0], "q4": quarters[3], "lead": lead, "other": other}
        )
    return "\n\n".join([*HEAD.split("|"), *cells]), wanted


@settings(max_examples=40, deadline=None)
@given(tables())
def test_merged_and_missing_cells_do_not_shift_a_row(
    table: tuple[str, list[dict[str, str | None]]],
) -> None:
    text, wanted = table
    found = _rows(text)
    assert len(found) == len(wanted)
    for row, want in zip(found, wanted, strict=True):
        assert row.text.span.quote == want["text"]
        assert (row.quarters[0].span.quote if row.quarters[0] else "——") == want["q1"]
        assert (row.quarters[3].span.quote if row.quarters[3] else "——") == want["q4"]
        assert row.lead is not None
        assert row.lead.span.quote == want["lead"]
        assert (row.coordinate.span.quote if row.coordinate else None) == want["other"]


def test_a_table_without_quarters_is_read() -> None:
    text = "\n\n".join(
        "序号|任 务 名 称|指 标 要 求|牵 头 部 门|配 合 部 门|目 标 类 型|"
        "1|旧房改造|完成旧房改造10万平方米，群众满意|住建局|财政局、各街道办事处|A类|"
        "2|新建公园|新建公园2个，年底前开放|园林绿化局|A类".split("|")
    )
    first, second = _rows(text)
    assert (first.theme and first.theme.text, first.text.text) == (
        "旧房改造",
        "完成旧房改造10万平方米，群众满意",
    )
    assert first.coordinate is not None
    assert first.coordinate.text == "财政局、各街道办事处"
    assert second.coordinate is None
    assert second.lead is not None
    assert second.lead.text == "园林绿化局"


@pytest.mark.parametrize(
    "table",
    [
        "| 领域 | 序号 | 重点项目 | 任务 | 阶段目标 | 配合单位 |\n一季度 | 二季度 | 三季度\n| 1 | | | | | | 科委 | | |",
        "| 项目 | 配合 | 配合单位 |\n教育局 | | 财政局 | |\n| 建学校 | 建医院",
    ],
    ids=["more cells than columns", "two columns of one name"],
)
def test_a_table_that_does_not_add_up_is_read(table: str) -> None:
    source = SourceText("notice.txt", table.encode(), table, "text/plain")
    for cells in (row for one in tables_of(source, SEGMENTER) for row in one.rows):
        for cell in cells.values():
            assert table[cell.span.start : cell.span.end] == cell.span.quote


def test_a_remark_on_a_row_is_about_its_own_cells() -> None:
    """A merged cell that reaches down from above comes last in the row, and first in the text."""
    writing = Writing()
    heads = [Placed(0, i, h) for i, h in enumerate(("序号", "目标任务", "主责部门", "配合部门"))]
    above = [Placed(1, 1, "发改委"), Placed(1, 2, "——", 2), Placed(1, 3, "——")]
    writing.table([*heads, *above, Placed(2, 1, "2", 2)])
    flat = writing.flat("application/pdf")
    source = SourceText("notice.pdf", b"", flat.text, flat.media, flat.grids)
    (table,) = tables_of(source, SEGMENTER)
    assert [flat.text[r.start : r.end] for r in table.remarks] == ["2"]


@pytest.mark.parametrize(("said", "columns"), [
    ("序号|目标任务|按季盯办|主责部门|配合部门|第一季度|第二季度|第三季度|第四季度",
     ("number", "text", "q1", "q2", "q3", "q4", "lead", "coordinate")),
    ("序号|目标任务|把关要点|主责部门|配合部门", ("number", "text", "other", "lead", "coordinate")),
    ("序号|重点任务|年度目标|主责部门", ("number", "theme", "text", "lead")),
    ("序号|工作任务|年度目标|1-3月|1-6月|1-9月|全年|牵头局（办）",
     ("number", "theme", "text", "q1", "q2", "q3", "q4", "lead")),
])  # fmt: skip
def test_a_heading_among_others_that_no_rule_knows(said: str, columns: tuple[str, ...]) -> None:
    blocks = [Block(i, i + 1, text) for i, text in enumerate(said.split("|"))]
    assert next(headings(blocks)).columns == columns


def test_no_heading_reaches_into_the_rows() -> None:
    text = "\n\n".join(
        "项目|内容|牵头单位|老街改造|6月底前|区住建局|新桥工程|9月底前|区交通局".split("|")
    )
    assert [row.text.text for row in _rows(text)] == ["6月底前", "9月底前"]
