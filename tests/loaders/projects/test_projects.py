"""The projects of a row: their names, and their clauses in each quarter's cell."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from folders import TESTS
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Cell, CellName, Document, Place, Project, Row, Span
from loaders.commitments.indicators import indicators_of
from loaders.projects.clauses import find
from loaders.projects.find import projects_of
from loaders.projects.works import split_list
from loaders.text.clauses import sheltered
from ontology.names import squeeze

EXPECTED = TESTS / "expected" / "projects-changning-2019.json"
CELLS: tuple[CellName, ...] = ("text", "q1", "q2", "q3", "q4")


def read(text: str, *quarters: str, places: Sequence[str] = ()) -> dict[str, list[str | None]]:
    """The projects of a row made of sentences: name to four clauses, white space removed."""
    cells: list[Cell | None] = []
    at = 0
    for name, said in zip(CELLS, (text, *quarters), strict=False):
        cells.append(Cell(name, Span(at, at + len(said), said)) if said.strip() else None)
        at += len(said) + 2
    cells += [None] * (5 - len(cells))
    task = cells[0]
    assert task is not None
    whole = "\n\n".join((text, *quarters))
    row = Row(
        id="7",
        number="7",
        span=Span(0, len(whole), whole),
        domain=None,
        theme=None,
        text=task,
        quarters=(cells[1], cells[2], cells[3], cells[4]),
        lead=None,
        coordinate=None,
    )
    known = tuple(
        Place(name=p, kind="road" if p.endswith("路") else "parcel", cells=("text",),
              evidence=(task.span,))
        for p in places
    )  # fmt: skip
    return {p.name: said_of(p) for p in projects_of(row, known)}


def said_of(project: Project) -> list[str | None]:
    return [squeeze(c.quote) if c else None for c in project.clauses]


def test_one_for_each_plot_that_a_verb_serves() -> None:
    found = read(
        "土地出让:完成3街坊(东厂)、13街坊2/1丘(西厂地块)土地出让。",
        "开展3街坊(东厂)、13街坊2/1丘(西厂地块)出让前准备",
        "完成13街坊2/1丘(西厂地块)  土地出让",
        "",
        "完成3街坊(东厂)出让",
        places=("3街坊", "东厂", "13街坊", "13街坊2/1丘", "西厂地块"),
    )
    both = "开展3街坊(东厂)、13街坊2/1丘(西厂地块)出让前准备"
    assert found == {
        "3街坊(东厂)土地出让": [both, None, None, "完成3街坊(东厂)出让"],
        "13街坊2/1丘(西厂地块)土地出让": [both, "完成13街坊2/1丘(西厂地块)土地出让", None, None],
    }


def test_headings_and_their_short_names() -> None:
    found = read(
        "推进重点工程。滨江通道:配合建设单位贯通;丽水路(北京路-南京路)道路新建工程:道路完工。",
        "滨江通道:配合施工;丽水路:完成立项，启动招标",
        "丽水路：开工；滨江通道：完成50%。",
        places=("滨江通道", "丽水路", "北京路", "南京路"),
    )
    assert found == {
        "滨江通道": ["配合施工", "完成50%", None, None],
        "丽水路(北京路-南京路)道路新建工程": ["完成立项，启动招标", "开工", None, None],
    }


def test_what_is_said_of_a_subject_alone() -> None:
    found = read(
        "海棠路商办项目和老船厂项目一季度开工;金色世纪梧桐路商办项目三季度开工。",
        "海棠路商办项目和老船厂项目一季度开工;金色世纪梧桐路商办项目完成概念方案",
        "金色世纪梧桐路商办项目取得批复",
        places=("海棠路", "老船厂", "梧桐路"),
    )
    assert found == {
        "海棠路商办项目": ["开工", None, None, None],
        "老船厂项目": ["开工", None, None, None],
        "金色世纪梧桐路商办项目": ["完成概念方案", "取得批复", None, None],
    }


def test_a_name_that_holds_an_and_is_not_parted() -> None:
    found = read(
        "云和路商办项目和老船厂项目一季度开工。",
        "云和路商办项目和老船厂项目一季度开工",
        places=("云和路", "老船厂"),
    )
    assert set(found) == {"云和路商办项目", "老船厂项目"}


def test_a_list_shares_its_last_word() -> None:
    found = read(
        "推进北仓路(通州路-宝山路)、张江路(高科路-祖冲之路)新建工程;完成周家渡路大修。",
        "北仓路(通州路-宝山路)施工",
        "张江路开工,周家渡路大修竣工",
        places=("北仓路", "通州路", "宝山路", "张江路", "高科路", "祖冲之路", "周家渡路"),
    )
    assert found == {
        "北仓路(通州路-宝山路)新建工程": ["北仓路(通州路-宝山路)施工", None, None, None],
        "张江路(高科路-祖冲之路)新建工程": [None, "开工", None, None],
        "周家渡路大修": [None, "周家渡路大修竣工", None, None],
    }


def test_a_row_about_one_work_has_whole_cells() -> None:
    cells = ("方案评审、初步设计", "施工招标;核发许可证", "桩基施工", "主体施工")
    found = read("区少年宫整体改造项目:完成前期准备,实施土方工程。", *cells)
    assert found == {"区少年宫整体改造项目": list(cells)}


def test_a_list_that_no_cell_names_item_by_item() -> None:
    found = read(
        "房屋征收:推进海棠路25弄、梧桐小学改扩建工程等基地房屋征收。",
        "完成目标50%",
        "完成目标100%",
        places=("海棠路25弄", "海棠路", "梧桐小学"),
    )
    assert found == {
        "海棠路25弄房屋征收": ["完成目标50%", "完成目标100%", None, None],
        "梧桐小学改扩建工程房屋征收": ["完成目标50%", "完成目标100%", None, None],
    }


def test_numbered_items_go_by_their_number() -> None:
    text = "完成调查:1.开展第五次经济普查。2.完成第二次土壤污染源普查工作。"
    found = read(text, "1.登记。2.核查;编制报告", "2.验收。")
    assert found == {
        "第五次经济普查": ["登记", None, None, None],
        "第二次土壤污染源普查": ["核查;编制报告", "验收", None, None],
    }


def test_nothing_is_said_of_one_item_where_cells_speak_of_all() -> None:
    found = read("1.新建3座口袋公园。2.改造60户无障碍设施。", "全面启动", "完成任务")
    assert len(found) == 2
    assert all(said == [None] * 4 for said in found.values())


@pytest.mark.parametrize(
    "duty",
    [
        "加强干部队伍建设,完善制度建设,推进体系建设",
        "推进相关项目建设,落实各项工程",
        "根据《城市更新条例》加强监督检查,召开工作推进会",
        "招商引资:引进企业20家,税收增长5%",
    ],
)
def test_duties_are_no_projects(duty: str) -> None:
    assert read(duty, "加强检查", "召开会议") == {}


def test_a_block_inside_a_longer_number_is_another() -> None:
    assert find("26街坊", "完成226街坊出让") == -1


@given(st.lists(st.sampled_from(["甲路", "乙厂(东、西)", "3街坊1/2、4/1丘", "丁地块"]), min_size=1))
def test_a_list_is_spelt_by_its_items(items: list[str]) -> None:
    said = "、".join(items)
    assert [said[a:b] for a, b in split_list(said, 0, len(said))] == items
    assert len(sheltered(said)) == len(said)


def test_clauses_are_verbatim_and_in_their_own_cell(notice: Document) -> None:
    for target in notice.targets:
        names = [p.name for p in target.projects]
        assert len(set(names)) == len(names), target.id
        for project in target.projects:
            assert set(project.places) <= {p.name for p in target.places}
            for span in project.evidence:
                assert notice.text[span.start : span.end] == span.quote
            for cell, clause in zip(target.row.quarters, project.clauses, strict=True):
                assert clause is None or (cell is not None and cell.span.holds(clause))


FULL_WIDTH = str.maketrans(",;:()%0123456789", "，；：（）％０１２３４５６７８９")


def test_full_width_marks_change_nothing(notice: Document) -> None:
    """The same notice typed with full-width marks and figures has the same projects and numbers."""

    def typed(cell: Cell) -> Cell:
        span = cell.span
        return replace(cell, span=Span(span.start, span.end, span.quote.translate(FULL_WIDTH)))

    def seen(row: Row, places: Sequence[Place]) -> tuple[object, object]:
        projects = projects_of(row, places)
        return [(p.name, p.kind, [c and (c.start, c.end) for c in p.clauses]) for p in projects], [
            (i.value, i.unit, i.op, i.accumulation, i.evidence[0].start, i.evidence[0].end)
            for i in indicators_of(row)
        ]

    for target in notice.targets:
        row = target.row
        q1, q2, q3, q4 = (typed(c) if c else None for c in row.quarters)
        wide = replace(row, text=typed(row.text), quarters=(q1, q2, q3, q4))
        assert seen(wide, target.places) == seen(row, target.places), target.id


WORDS = st.lists(
    st.sampled_from(
        "完成 推进 甲路 3街坊 (乙地块) 、 和 , ; 。 : 土地出让 收储 建设 项目 工程 1. 一是 开工 竣工 "
        "50% 20家 《办法》 “家园” 等 二期 步道 ( ) “ 论坛 普查 2019年 一季度 \n".split(" ")
    ),
    max_size=14,
).map("".join)


@given(WORDS.filter(str.strip), WORDS, WORDS)
def test_any_cells_can_be_read(text: str, first: str, second: str) -> None:
    """Any combination of words: no error, and every clause is part of its own cell."""
    for said in read(text, first, second, places=("甲路", "3街坊", "乙地块")).values():
        for cell, clause in zip((first, second), said, strict=False):
            assert clause is None or clause in squeeze(cell)


def alike(one: str, other: str) -> bool:
    """Return whether two names are of one project: a longer name may add words."""
    one, other = (re.sub(r"[()“”]", "", n) for n in (one, other))
    short, long = sorted((one, other), key=len)
    pairs = {short[i : i + 2] for i in range(len(short) - 1)}
    return short in long or sum(p in long for p in pairs) >= 0.7 * len(pairs)


def recall(notice: Document, listed: dict[str, list[dict[str, Any]]]) -> tuple[int, int, int]:
    """Count listed projects, found ones, and correct quarters.

    A star means the whole cell.
    """
    count = found = quarters = 0
    for target in notice.targets:
        cells = [c.text if c else None for c in target.row.quarters]
        for one in listed.get(target.id, []):
            wanted = [cell if q == "*" else q for cell, q in zip(cells, one["q"], strict=True)]
            said = [said_of(p) for p in target.projects if alike(p.name, one["name"])]
            right = [
                sum(
                    a == b or bool(a and b and (a in b or b in a))
                    for a, b in zip(s, wanted, strict=True)
                )
                for s in said
            ]
            count, found, quarters = count + 1, found + bool(said), quarters + max(right, default=0)
    return count, found, quarters


def test_the_projects_that_people_annotated(notice: Document, gold: dict[str, Any]) -> None:
    count, found, quarters = recall(notice, {i: t["projects"] for i, t in gold.items()})
    assert found == count
    assert quarters >= 0.97 * 4 * count


def test_the_works_of_the_other_rows(notice: Document) -> None:
    """Against a list made by hand for the rows that are not annotated."""
    count, found, quarters = recall(notice, json.loads(EXPECTED.read_text(encoding="utf-8")))
    assert found >= 0.95 * count
    assert quarters >= 0.95 * 4 * found


def test_a_step_that_names_no_work_is_said_of_those_that_are_silent() -> None:
    found = read(
        "绿化建设:完成2万平方米屋顶绿化建设;完成1万平方米公园绿地建设。",
        "屋顶绿化排摸;公园绿地选址",
        "屋顶绿化项目设计;公园绿地立项",
        "编制招标文件,进场施工;宣传屋顶绿化政策",
        places=(),
    )
    step = "编制招标文件,进场施工"
    assert [said[2] for said in found.values()] == [step, step]


def test_a_list_of_roads_tells_where_the_work_of_the_heading_is() -> None:
    found = read(
        "架空线入地和合杆整治:推进海棠路、梧桐路等架空线入地及景观提升。",
        "完成选址",
        places=("海棠路", "梧桐路"),
    )
    assert found == {"架空线入地和合杆整治": ["完成选址", None, None, None]}


def test_works_of_a_town_that_no_file_knows() -> None:
    found = read(
        "公园绿化:新建口袋公园20个,改造西湖公园,完成滨河绿道12.5公里;收储城北机械厂。",
        "建成口袋公园5个",
        "西湖公园完成改造;建成口袋公园10个",
        "建成口袋公园15个,滨河绿道贯通8公里",
        "滨河绿道全线贯通;完成城北机械厂收储",
        places=("西湖公园", "城北机械厂"),
    )
    assert found == {
        "口袋公园": ["建成口袋公园5个", "建成口袋公园10个", "建成口袋公园15个", None],
        "西湖公园": [None, "西湖公园完成改造", None, None],
        "滨河绿道": [None, None, "滨河绿道贯通8公里", "滨河绿道全线贯通"],
        "城北机械厂收储": [None, None, None, "完成城北机械厂收储"],
    }
