"""Notices without a table: every kind of statement that assigns a task, and near misses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.exports.document_json import document_json
from graph.records import Document
from loaders.errors import LoadError
from loaders.formats.source import SourceText
from loaders.notice import read_text
from loaders.text.brackets import brackets

Row = tuple[str, tuple[str, ...], tuple[str, ...], str]
"""The id of a row, who leads, who coordinates, and on what ground its roles are known."""

DOCUMENTS: dict[str, tuple[str, list[Row]]] = {
    "labels, nested brackets, a class of units": (
        """青川市人民政府办公室关于印发重点工作的通知
一、重点任务
（一）建设创新街区。以老厂房为载体，建设创新街区。（牵头单位：市委组织部（人才办），责任单位：市科技局、市财政局，各区镇）
（二）建设平台。
建设算力平台：统筹算力。（牵头单位：市数据局，配合单位：城投集团等相关单位）
“一园”：以大学城为主。[责任单位：各有关单位]
""",
        [
            ("（一）", ("市委组织部（人才办）",), ("市科技局", "市财政局", "各区镇"), "marked"),
            ("建设算力平台", ("市数据局",), ("城投集团",), "marked"),
            ("“一园”", ("各有关单位",), (), "undifferentiated"),
        ],
    ),
    "verbs, a prefix said once, bare places with a shared tail": (
        """云岭省发展改革委关于印发行动方案的通知
1.强化供给。完善制度。（省发展改革委牵头负责，省工业和信息化厅、财政厅，各地级以上市人民政府配合）
2.拓展市场。（金沙、玉泉市政府，云岭高新区管委会按职责分工负责）
3.优化服务。（省市场监管局会同省税务局、市场监管总队负责）
4.健全机制。（由省财政厅牵头，省审计厅及省统计局参与）
""",
        [
            (
                "1",
                ("省发展改革委",),
                ("省工业和信息化厅", "省财政厅", "各地级以上市人民政府"),
                "marked",
            ),
            ("2", ("金沙市政府", "玉泉市政府", "云岭高新区管委会"), (), "undifferentiated"),
            ("3", ("省市场监管局",), ("省税务局", "市场监管总队"), "marked"),
            ("4", ("省财政厅",), ("省审计厅", "省统计局"), "marked"),
        ],
    ),
    "the first leads, said once": (
        """青川市2024年实施方案
1、修建滨河步道。（责任单位：市水务局、市园林局、河东区政府，列第一位的为牵头单位，下同）
2、改造老旧小区。（责任单位：市住建局、市财政局）
""",
        [
            ("1", ("市水务局",), ("市园林局", "河东区政府"), "by rule"),
            ("2", ("市住建局",), ("市财政局",), "by rule"),
        ],
    ),
    "before the first comma": (
        """青川市2024年实施方案
各项任务责任单位中第一个逗号前为牵头单位。
1、修建滨河步道。（责任单位：市水务局、市园林局，市财政局、河东区政府）
""",
        [("1", ("市水务局", "市园林局"), ("市财政局", "河东区政府"), "by rule")],
    ),
    "an asterisk": (
        """青川县若干举措
一、空间支持。（责任单位：*县人社局、县科技局、县城投集团）
二、场景开放。（责任单位：县商务局*、县经开区、县城投集团）
""",
        [
            ("一", ("县人社局",), ("县科技局", "县城投集团"), "by rule"),
            ("二", ("县商务局",), ("县经开区", "县城投集团"), "by rule"),
        ],
    ),
    "label lines, wrapped, with page furniture between": (
        """河东区2023年重点工作任务分解方案
1.实施市场提升工程
牵头单位：区商务局
责任单位：区市场监管局、区城管局、
区财政局，各街道办事处
— 2 —
2.建设社区食堂
责任单位:区民政局
""",
        [
            (
                "1",
                ("区商务局",),
                ("区市场监管局", "区城管局", "区财政局", "各街道办事处"),
                "marked",
            ),
            ("2", ("区民政局",), (), "undifferentiated"),
        ],
    ),
    "articles with a heading line of their own": (
        """河东区支持产业发展若干措施
第一条 办公空间支持
对经认定的企业给予空间支持。（责任单位：区科技局、各产业园区）
第二条 人才支持
（一）入户补贴。给予补贴。（责任单位：区人力资源局）
（二）奖励。给予奖励。（责任单位：区投资促进局、各产业主管部门）
""",
        [
            ("第一条", ("区科技局", "各产业园区"), (), "undifferentiated"),
            ("第二条（一）", ("区人力资源局",), (), "undifferentiated"),
            ("第二条（二）", ("区投资促进局", "各产业主管部门"), (), "undifferentiated"),
        ],
    ),
    "several targets in one paragraph; a union is one unit": (
        """青川市若干措施
一、强化支撑。建设平台。（责任单位：市数据局）各区集聚服务商。（责任单位：各区人民政府〈含开发区，下同〉）设立专窗。（牵头单位：市审批局；配合单位：各区、县（市）政府）
""",
        [
            ("一a", ("市数据局",), (), "undifferentiated"),
            ("一b", ("各区人民政府〈含开发区，下同〉",), (), "undifferentiated"),
            ("一c", ("市审批局",), ("各区、县（市）政府",), "marked"),
        ],
    ),
    "quarters in prose, closed by a sentence for the group": (
        """河东区2010年实事项目
一、便民设施
1.新建菜场。项目具体实施进度为：第一季度完成选址；第二季度开工；第三季度结构封顶；第四季度竣工。
2.改造公厕。第一季度完成设计；第二季度施工；第四季度完工。
上述项目由区商务局牵头负责。
""",
        [("1", ("区商务局",), (), "marked"), ("2", ("区商务局",), (), "marked")],
    ),
    "bullets inherit": (
        """河东区政府工作目标任务分解
1、推进产业升级。（牵头单位：区发改委、区统计局）
▲增加值增长8%。
▲引进企业20家。
""",
        [
            ("1a", ("区发改委", "区统计局"), (), "marked"),
            ("1b", ("区发改委", "区统计局"), (), "marked"),
            ("1c", ("区发改委", "区统计局"), (), "marked"),
        ],
    ),
    "nothing but brackets of units": (
        """云岭省实施意见
1.建设走廊。支持建设。（省发展改革委、省能源局，各地级以上市人民政府）
2.降低成本。（省财政厅、税务局）
3.扩大开放（试点）范围。（省商务厅）
""",
        [
            ("1", ("省发展改革委", "省能源局", "各地级以上市人民政府"), (), "undifferentiated"),
            ("2", ("省财政厅", "省税务局"), (), "undifferentiated"),
            ("3", ("省商务厅",), (), "undifferentiated"),
        ],
    ),
    "a sentence at the end of an item": (
        """河东区重点工作安排
1.推进旧改。完成100户。由区房管局牵头，区建管委、区财政局配合。
2.改善环境。建设绿道。此项工作由区绿化市容局负责。
""",
        [
            ("1", ("区房管局",), ("区建管委", "区财政局"), "marked"),
            ("2", ("区绿化市容局",), (), "undifferentiated"),
        ],
    ),
    "rows of bars": (
        """河东区人民政府关于印发2019年目标任务分解表的通知
附件1 |
序号 | 任 务 名 称 | 指 标 要 求 | 牵 头 部 门 | 配 合 部 门 | 目 标 类 型 |
1 | 城中村改造 | 完成3个城中村改造 | 区住建局 | 区财政局、各街道办事处 | A类 |
2 | 招商引资 | 引进项目20个 | 区投促局 |  | B类 |
""",
        [
            ("1", ("区住建局",), ("区财政局", "各街道办事处"), "marked"),
            ("2", ("区投促局",), (), "marked"),
        ],
    ),
    "one cell a line, each with a bar": (
        """河东区民生实事推进情况
序号|
主要任务|
全年目标任务|
分管 领导|
牵头 单位|
责任主体与协同单位|
1-10月推进情况|
1|
老旧小区改造|
改造20个小区|
王某|
区住建局|
区城管局、相关街道|
已完成18个|
2|
社区食堂|
新建5家|
李某|
区民政局|
|
已完成5家|
""",
        [
            ("1", ("区住建局",), ("区城管局", "相关街道"), "marked"),
            ("2", ("区民政局",), (), "marked"),
        ],
    ),
    "deadlines and leaders beside the units": (
        """海州市重点任务清单
1.防灾。做好工作。（牵头单位：市应急局，完成时限：2024年12月底）
2.护林。做好工作。（牵头单位：市林业局；分管领导：王某；配合单位：市公安局）
3.新办。做好工作。（责任单位：市商务局，2024年6月底前完成）
4.修路。做好工作。（市交通局牵头，市财政局配合，完成时限：12月底前）
""",
        [
            ("1", ("市应急局",), (), "marked"),
            ("2", ("市林业局",), ("市公安局",), "marked"),
            ("3", ("市商务局",), (), "undifferentiated"),
            ("4", ("市交通局",), ("市财政局",), "marked"),
        ],
    ),
    "the first leads, said in the preamble": (
        """海州市任务分工
以下任务中，排在第一位的责任单位为牵头单位，其他为配合单位。
1.修路。完成道路。（责任单位：市交通局、市财政局、市住建局）
2.治水。做好工作。（责任单位：市水务局，各区人民政府）
""",
        [
            ("1", ("市交通局",), ("市财政局", "市住建局"), "by rule"),
            ("2", ("市水务局",), ("各区人民政府",), "by rule"),
        ],
    ),
    "before the comma, said in other words": (
        """海州市任务分工
责任单位中逗号之前的单位为牵头单位，逗号后为配合单位。
1.修路。完成道路。（市交通局、市发改委，市财政局）
2.治水。做好工作。（市水务局，市住建局、市审计局）
3.护林。做好工作。（市林业局）
""",
        [
            ("1", ("市交通局", "市发改委"), ("市财政局",), "by rule"),
            ("2", ("市水务局",), ("市住建局", "市审计局"), "by rule"),
            ("3", ("市林业局",), (), "by rule"),
        ],
    ),
    "what all later targets share is no part of a name": (
        """海州市任务分工
1.修路。完成道路。（市交通局牵头，市财政局配合，以下均需各区人民政府落实，不再列出）
2.治水。做好工作。（市水务局牵头）
""",
        [("1", ("市交通局",), ("市财政局",), "marked"), ("2", ("市水务局",), (), "marked")],
    ),
    "names and sentences cut by the end of a line": (
        """石海区2019年任务分解方案
一、经济发展
1.推进改造工程,完成五个老旧小区的综合整治任
务。
牵头单位:区住建委
协办单位:区发改委、区财政局、区城管
委、各街道
— — — 2 —
2.推进疏解。
牵头单位:区城管委
""",
        [
            ("1", ("区住建委",), ("区发改委", "区财政局", "区城管委", "各街道"), "marked"),
            ("2", ("区城管委",), (), "marked"),
        ],
    ),
    "one bracket without label or verb among others": (
        """海州市任务分工
1.扩大消费。做好工作。（市商务局牵头；市财政局配合）
2.打造窗口。做好工作。（市政务服务办、市税务局、海州海关）
""",
        [
            ("1", ("市商务局",), ("市财政局",), "marked"),
            ("2", ("市政务服务办", "市税务局", "海州海关"), (), "undifferentiated"),
        ],
    ),
    "kinds of doers are nobody; 街道办事处 takes no prefix": (
        """海州区任务
1.揭榜。由企业、高校牵头，科研院所参与。
2.治理。做好工作。（区住建局牵头负责，区城管局、街道办事处配合）
""",
        [("2", ("区住建局",), ("区城管局", "街道办事处"), "marked")],
    ),
    "nobody is named; 牵头 in another sense": (
        """河东区关于支持发展的十大行动
一、布局算力设施
对符合条件的企业给予补贴（以下简称“补贴办”）。
二、培育企业
对揭榜优胜单位的牵头单位，给予200万元奖励（一次性）。
三、组建基金
由第三方机构（投资管理公司）开展评估。
""",
        [("一", (), (), "marked"), ("二", (), (), "marked"), ("三", (), (), "marked")],
    ),
}


def read_of(text: str) -> Document:
    return read_text(SourceText("notice.txt", text.encode(), text, "text/plain"))


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_every_layout_says_who_does_what(name: str) -> None:
    text, expected = DOCUMENTS[name]
    found = document_json(read_of(text))["targets"]
    got = [(t["id"], tuple(t["lead"]), tuple(t["coordinate"]), t["roles"]) for t in found]
    assert got == expected


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_every_quote_stands_at_its_offsets(name: str) -> None:
    text, _ = DOCUMENTS[name]
    for target in read_of(text).targets:
        spans = [a.evidence for a in target.assignments]
        spans += [c.span for c in target.row.cells()] + [target.row.span]
        for span in spans:
            assert text[span.start : span.end] == span.quote


def test_a_sentence_cut_by_the_end_of_a_line_is_whole() -> None:
    first = read_of(DOCUMENTS["names and sentences cut by the end of a line"][0]).targets[0]
    assert first.row.text.text == "1.推进改造工程,完成五个老旧小区的综合整治任务。"


def test_quarters_told_in_prose_are_quarters() -> None:
    first, second = read_of(
        DOCUMENTS["quarters in prose, closed by a sentence for the group"][0]
    ).targets
    assert [c.text if c else None for c in first.row.quarters] == [
        "完成选址",
        "开工",
        "结构封顶",
        "竣工",
    ]
    assert [c.text if c else None for c in second.row.quarters] == [
        "完成设计",
        "施工",
        None,
        "完工",
    ]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_notice_is_read_or_refused_and_never_misquoted(data: st.DataObject) -> None:
    """Lost brackets, doubled and shuffled lines: every quote is at its offsets."""
    text = data.draw(st.sampled_from([t for t, _ in DOCUMENTS.values()]))
    lines = text.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        i = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["drop", "double", "swap", "bracket"]))
        if change == "drop":
            lines[i] = ""
        elif change == "double":
            lines.insert(i, lines[i])
        elif change == "swap":
            lines[i], lines[0] = lines[0], lines[i]
        else:
            lines[i] = re.sub("[（）()]", "", lines[i], count=1)
    damaged = "\n".join(lines)
    try:
        document = read_of(damaged)
    except LoadError:
        return
    assert len({t.id for t in document.targets}) == len(document.targets)
    for target in document.targets:
        for one in target.assignments:
            assert damaged[one.evidence.start : one.evidence.end] == one.evidence.quote


@given(st.text(alphabet="（）()〔〕甲乙\n", max_size=60))
def test_brackets_are_whole_and_apart(text: str) -> None:
    last = 0
    for pair in brackets(text):
        assert last <= pair.start < pair.end <= len(text)
        ends = text[pair.start] + text[pair.end - 1]
        assert ends in ("（）", "()", "（)", "(）", "〔〕")
        last = pair.end
