"""Words of status and headings of columns in reports of progress.

The classes and their written forms follow published reports of counties and districts: 序时进度
is the elapsed share of the year; lights are green, blue (due soon), yellow and red (late).
"""

from __future__ import annotations

import re
from typing import Literal

from graph.progress import Status

ReportColumn = Literal[
    "key", "number", "domain", "theme", "subject", "role", "planned", "progress", "value",
    "promised", "percent", "status", "finished", "problem", "next", "lead", "coordinate", "remark",
]  # fmt: skip

_HEADINGS: tuple[tuple[ReportColumn, str], ...] = (
    ("key", r"tk:iri|目标地址|标识|IRI"),
    ("number", r"序号|编号|项号|目标号|目标序号|任务序号|序"),
    ("problem", r".*(?:问题|困难|原因|难点|堵点).{0,6}|备注[（(]?原因[）)]?"),
    ("next", r".*(?:下一?步|下阶段|下月|下季度).*|.*(?:工作打算|整改措施|推进措施|打算|对策)"),
    ("finished", r"是否完成|完成与否|完成状态|完成否"),
    ("status", r".*(?:状态|亮灯|达到?序时|序时进度|灯色|红黄绿|预警).*|是否(?:达序|达标|正常)|(?:评价|评定|评级)(?:结果|情况)?|进度情况评估"),
    ("percent", r".*(?:完成比例|完成率|完成占比|进度[%％]|进度[（(][%％][）)]|完成百分比|达成率|形象进度|完成进度).*|进度|[%％]|百分比"),
    ("promised", r"(?:年度|全年|当年)?(?:目标值|计划值|任务数|计划数|目标数|指标值|目标量)|年度目标|全年目标|全年任务|年度任务"),
    ("value", r".*(?:完成值|实际值|实绩|完成数|完成量|实际完成(?!情况)|累计完成(?!情况)|现值|当前值|实际数).*"),
    ("planned", r"(?:第?[一二三四1-4]季度|[1-4]季度|上半年|下半年|\d{1,2}月)(?:阶段性?)?(?:目标|计划|任务|节点|节点要求|工作要求|安排)?"
                r"|(?:阶段性?目标|节点要求|计划节点|时间节点|计划进度|工作节点|目标节点|完成时限|节点|计划安排|进度计划|阶段性目标和工作任务量)"),
    ("progress", r".*(?:进展|完成情况|推进情况|落实情况|实施情况|情况说明|进度情况|办理情况|工作情况|执行情况|目前情况|当前进度|最新进度|完成说明|实际情况).*|情况|进度说明"),
    ("coordinate", r"配合(?:部门|单位)|协办(?:部门|单位)|协同单位|协助单位"),
    ("role", r"牵头\s*[/／、或]\s*配合|主责\s*[/／、或]\s*配合|角色|职责类型"),
    ("lead", r".*(?:主责|牵头|责任|承办|实施|填报|报送)(?:部门|单位|主体|处室|科室).*|部门|单位|责任人"),
    ("domain", r"领域|条线|板块|类别|分类"),
    ("subject", r".*(?:目标任务|工作任务|重点工作|工作内容|任务内容|任务名称|项目名称|工作名称|指标名称|主要任务|目标名称|事项|项目内容|目标内容|任务项目|工作事项).*"
                r"|目标|任务|工作|项目|指标|内容|名称"),
    ("theme", r"重要项目|重点项目|专题|主题"),
    ("remark", r"备注|说明|注"),
)  # fmt: skip
_COLUMNS = tuple((column, re.compile(pattern)) for column, pattern in _HEADINGS)
MAX_HEADING_CHARS = 24
REPORTED: frozenset[ReportColumn] = frozenset(
    ("progress", "value", "percent", "status", "finished")
)
"""Columns that only a report has: what was done, and how far."""


def column_of(heading: str) -> ReportColumn | None:
    """Return what a heading of a report's table is, or None.

    >>> column_of("是否达到\\n序时进度"), column_of("第二季度"), column_of("二季度完成情况")
    ('status', 'planned', 'progress')
    """
    words = re.sub(r"\s+", "", heading)
    if not words or len(words) > MAX_HEADING_CHARS:
        return None
    return next((column for column, form in _COLUMNS if form.fullmatch(words)), None)


_NOT_YET = r"(?:尚未|还未|仍未|暂未|未能?|没有|未予)"
_STATUS: tuple[tuple[Status, str], ...] = (
    ("Cancelled", r"取消|撤销|不再实施|终止"),
    ("Stopped", r"暂停|暂缓|中止|搁置|停滞|停工"),
    ("Changed", r"调整|变更|顺延|改期"),
    ("PartlyDone", r"部分完成|基本完成|△|大部分完成"),
    ("Behind", rf"部分滞后|滞后|欠进度|慢于?序时|落后于?序时|低于序时|{_NOT_YET}达到?(?:到)?(?:序时)?(?:进度|标)?|进展缓慢|进度缓慢|偏慢|较慢|缓慢"
               rf"|逾期|超期|延误|{_NOT_YET}完成|红灯?|黄灯?|红色|黄色|否|×|✗|✘|x|X"),
    ("NotStarted", r"未启动|未开始|未开工|未实施|未进场|未动工|尚未启动|尚未开工|没有启动|未开展"),
    ("Preparing", r"前期(?:准备|工作|手续)?(?:中|阶段)?|筹备中?|谋划中"),
    ("DoneEarly", r"提前完成|提前竣工"),
    ("Ahead", r"超进度|超序时|快于序时|超前|领先序时|超序时进度"),
    ("Done", r"超额完成|全部完成|已?(?:完成|竣工|完工|办结|达标|落实到位|开工|销号)|全面完成|完成年度目标|★|●"),
    ("OnTrack", r"达到?序时(?:进度)?|序时推进|按序时(?:推进)?|达进度|按?计划推进|按期推进|有序推进|正常(?:推进|实施)?|持续推进|稳步推进|顺利推进|推进中"
                r"|基本达到|达到|达序时?|绿灯?|蓝灯?|绿色|蓝色|是|√|✓|✔|○|正在推进|进行中|实施中"),
)  # fmt: skip
_WHOLE = tuple((status, re.compile(pattern)) for status, pattern in _STATUS)


def status_of(words: str) -> Status | None:
    """Return the class of a status that a cell, symbol, bracket or heading writes, or None.

    >>> status_of("是"), status_of("部分滞后"), status_of("三、未启动的目标"), status_of("—")
    ('OnTrack', 'Behind', 'NotStarted', None)
    """
    bare = re.sub(r"[\s【】\[\]()（）“”:：。、，,灯]", "", words)
    bare = re.sub(r"^(?:[一二三四五六七八九十]+|\d+)(?=\D)", "", bare)
    if not bare or bare in ("—", "——", "-", "/", "无", "不适用"):
        return None
    for status, form in _WHOLE:
        if form.fullmatch(bare):
            return status
    if words.strip().endswith("灯"):
        return status_of(words.strip()[:-1])
    trimmed = re.sub(r"(?:的)?(?:目标|项目|任务|事项|工作|指标)+.*$", "", bare)
    if trimmed and trimmed != bare:
        return status_of(trimmed)
    if len(bare) <= MAX_STATUS_CHARS:
        for status in ("NotStarted", "Behind", "Ahead", "DoneEarly", "OnTrack", "Done"):
            form = dict(_WHOLE)[status]
            if max((len(m[0]) for m in form.finditer(bare)), default=0) >= 3:
                return status
    return None


MAX_STATUS_CHARS = 14
"""Longer words are a sentence, not a status."""

_DONE_STEP = r"(?:完成|竣工|完工|建成|开工|封顶|贯通|办结|获批|批复|签订|签约|通过|取得|到位|举办|举行|召开|发布|印发|出台|启用|投用|开业|开设|验收|摘牌|成交|搬迁|搬入|交付|公示|形成|上线|落成|移交|交地|采购|实施完毕)"
_CLAUSE: tuple[tuple[Status, re.Pattern[str]], ...] = (
    ("NotStarted", re.compile(r"(?:尚未|仍未|还未|未)(?:启动|开工|进场|实施|开展|动工|开始)")),
    ("PartlyDone", re.compile(r"基本完成|部分完成|大部分完成")),
    ("DoneEarly", re.compile(r"提前(?:[一二两三四五六七八九十\d]+个?月|完成|竣工)")),
    ("Behind", re.compile(r"推迟|延至|延后至|滞后|进展缓慢")),
    ("Done", re.compile(
        rf"全部(?:完成|开设|建成|竣工|到位|梳理)|(?:已|均已|全面|整体|顺利|正式){_DONE_STEP}(?![\d约])"
        rf"|已于[^，,；;。]{{1,12}}(?:开工|竣工|完成|举办|举行|通过|启用|发布|建成)"
        rf"|{_DONE_STEP}(?:完成|完毕|取得|通过)$|(?:施工|审核|验收|修缮|公示|招标|改造|签约合作|收|征收|安装|建设|编制|采购|围护|审批|手续)完成(?![\d约一二三四五六七八九十])"
        rf"|完成(?:改造|验收|施工|招标|审核|竣工|建设)$|通过(?:竣工)?验收|^(?:{_DONE_STEP})$")),
    ("OnTrack", re.compile(r"持续推进|有序推进|正常推进|按(?:计划|序时)推进|稳步推进")),
)  # fmt: skip
_UNDONE = re.compile(
    rf"{_NOT_YET}.{{0,6}}(?:{_DONE_STEP})|待.{{0,6}}(?:{_DONE_STEP})|正在|中$|办理中|(?:预计|计划|争取|力争|拟).{{0,12}}{_DONE_STEP}"
)


def status_in(clause: str) -> tuple[Status, str] | None:
    """Return the status that a clause states of itself with its words, or None.

    >>> status_in("凯田路施工、监理招标已完成"), status_in("勘察招标未启动")
    (('Done', '已完成'), ('NotStarted', '未启动'))
    >>> status_in("外立面装饰完成约六成")
    """
    for status, form in _CLAUSE:
        found = form.search(clause)
        if not found:
            continue
        if status in ("Done", "DoneEarly") and _UNDONE.search(clause):
            continue
        return status, found[0]
    return None


def is_done(clause: str) -> bool:
    """Return whether a clause states that its step was made.

    >>> is_done("6月18日通过竣工验收"), is_done("正在办理竣工验收手续")
    (True, False)
    """
    if _UNDONE.search(clause):
        return False
    found = status_in(clause)
    return bool(found and found[0] in ("Done", "DoneEarly")) or bool(
        re.search(rf"{_DONE_STEP}[。；;]?$", clause)
    )


NOTHING_BEGUN = re.compile(
    r"(?:尚未|仍未|还未|未)(?:启动|开工|进场|实施|开展|动工|开始|落实|成立|建成|出让|验收|获批|完成)|未达成"
)
EMPTY = re.compile(r"[\s\-—–_/／无0〇]*|无|不适用|暂无|N/?A", re.IGNORECASE)
"""A cell that states nothing."""
