"""Department cells: what is split, what is kept, and that nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Cell, Span
from loaders.bodies.cells import Segmenter, is_empty
from loaders.text.offsets import Passage
from ontology.gazetteer import gazetteer

KNOWN = gazetteer("上海市长宁区")
SEGMENTER = Segmenter(KNOWN)
NAMES = sorted(n for n in KNOWN.forms if "(" not in n)


def labels(cell: str, segmenter: Segmenter = SEGMENTER) -> tuple[str, ...]:
    found, _ = segmenter.assignments(
        Cell("coordinate", Span(0, len(cell), cell)), "coordinate", "1"
    )
    return tuple(a.label for a in found)


@pytest.mark.parametrize(
    ("cell", "bodies"),
    [
        ("科  委、法  院", ("科委", "法院")),
        ("发改委  科  委卫计委  人社局", ("发改委", "科委", "卫计委", "人社局")),
        ("国资委环保局", ("国资委", "环保局")),
        ("新华街道      虹桥街道", ("新华路街道", "虹桥街道")),
        ("程桥街道\n周桥街道", ("程家桥街道", "周家桥街道")),
        ("发改委(统计局)          市场监管局", ("发改委(统计局)", "市场监管局")),
        ("人社局（医保办）  各街（镇）", ("人社局(医保办)", "各街(镇)")),
        ("区食药安委    各成员单位", ("区食药安委各成员单位",)),
        (
            "区政务公开与  “互联网+政务服务”领导小组  成员单位",
            ("区政务公开与“互联网+政务服务”领导小组成员单位",),
        ),
        (
            "公安分局      各街(镇)     其他城区运行  管理相关部门",
            ("公安分局", "各街(镇)", "其他城区运行管理相关部门"),
        ),
        ("团区委区残联  民政局绿化市容局", ("团区委", "区残联", "民政局", "绿化市容局")),
        ("区教育局，区财政局", ("区教育局", "区财政局")),
        ("环保局外办公安分局", ("环保局", "外办", "公安分局")),
        ("_", ()),
        ("——", ()),
    ],
)
def test_cells_are_split(cell: str, bodies: tuple[str, ...]) -> None:
    assert labels(cell) == bodies


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8), st.data())
def test_known_names_are_found_however_they_are_spaced(
    names: list[str], data: st.DataObject
) -> None:
    """The segments spell the cell, whether names are run together or torn apart."""
    cell = "".join(
        char + data.draw(st.sampled_from(["", "", " ", "  "])) for name in names for char in name
    )
    passage = Passage.of(Span(0, len(cell), cell))
    pieces = SEGMENTER.pieces(passage)
    assert "".join(p.form for p in pieces) == "".join(names)
    assert all(p.how in ("name", "alias", "slip") for p in pieces)


@given(st.text(st.sampled_from("发改委局办街道()、 中心某甲乙成员单位各"), min_size=1, max_size=30))
def test_any_cell_is_spelled_and_quoted(cell: str) -> None:
    """Each character of a cell is in exactly one segment, each quote at its offsets."""
    found, _ = SEGMENTER.assignments(Cell("lead", Span(5, 5 + len(cell), cell)), "lead", "1")
    for one in found:
        assert cell[one.evidence.start - 5 : one.evidence.end - 5] == one.evidence.quote
        assert one.named_as == "".join(one.evidence.quote.split())
    text = Passage.of(Span(0, len(cell), cell)).text
    if text and not is_empty(text):
        pieces = SEGMENTER.pieces(Passage.of(Span(0, len(cell), cell)))
        assert "".join(p.form for p in pieces) == text


def test_a_new_name_is_read_by_its_ending_and_flagged() -> None:
    cell = Cell("coordinate", Span(0, 11, "发改委、月球开发局、甲"))
    found, doubts = SEGMENTER.assignments(cell, "coordinate", "7")
    assert [a.label for a in found] == ["发改委", "月球开发局", "甲"]
    assert [(d.row, d.cell, d.kind, d.span.quote) for d in doubts] == [
        ("7", "coordinate", "new-body", "月球开发局"),
        ("7", "coordinate", "unknown-body", "甲"),
    ]


def test_a_name_that_stands_alone_once_is_known_in_a_run() -> None:
    learned = SEGMENTER.learning(["火星开发办", "发改委火星开发办科  委"])
    assert labels("发改委火星开发办科  委", learned) == ("发改委", "火星开发办", "科委")


@pytest.mark.parametrize(
    ("cell", "bodies"),
    [
        ("城乡建设局文旅体局虹湾办  科创局", ("城乡建设局", "文旅体局", "虹湾办", "科创局")),
        ("投促办  临湾办    区土地储备中心  古桥街道", ("投促办", "临湾办", "区土地储备中心", "古桥街道")),
        ("发改局、市交通局东陵分局", ("发改局", "市交通局东陵分局")),
        ("区直各部门，各街道、镇", ("区直各部门", "各街道、镇")),
        ("滨湖经开区、高新区财政局", ("滨湖经开区", "高新区财政局")),
    ],
)  # fmt: skip
def test_names_that_no_list_knows_are_split(cell: str, bodies: tuple[str, ...]) -> None:
    assert labels(cell, Segmenter(gazetteer("海清市东屏区"))) == bodies
