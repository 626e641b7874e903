"""Headings that tell kinds of tables apart: register, report, indicators."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.records import PartKind
from loaders.lexicon.columns import QUARTER_COLUMNS, Column

_REGISTER = re.compile(
    r"项目代码|(?:企业|单位|园区|机构|公司|成员|基地|平台)名称|园区|(?:项目)?业主(?:单位)?|项目单位|建设单位|建设地[点址]|所在地.{0,2}|地市|区县"
    r"|建设性质.{0,12}|(?:起止|建设|开竣工)(?:年限|时间|年月|日期|周期).{0,4}|总投资.{0,8}|.{0,12}(?:计划|完成)投资.{0,8}|行业|法人.{0,4}|统一社会信用代码"
    r"|建设规模.{0,8}|主要建设内容|代表性企业|姓名|职务|职称|单位及职务|联系电话|坐标|经度|纬度|研发方向"
)
"""Headings of lists of projects, members or sites."""
_LEAST_REGISTER = 3
_REPORT = re.compile(
    r"(?:目前|当前|已)?(?:完成|进展|推进|落实|整改|办理)(?:情况|进度|率|比例)|.{0,12}(?:完成|进展|推进|落实)情况|完成率.{0,4}|当前进度"
    r"|(?:累计|实际)完成.{0,8}|是否(?:达序|完成|达标).{0,4}|占年度.{0,8}"
)
"""Headings of progress made."""
REPORT_TITLE = re.compile(
    r"(?:进度|进展|完成|推进|落实|执行|办理)(?:情况)?(?:表|统计表|一览表)(?:[(（].{1,20}[）)])?$"
    r"|(?:完成|进展|推进|落实|执行|办理)情况(?:的)?(?:通报|报告|公示|公告)?(?:[(（].{1,20}[）)])?$"
)
"""Titles of reports on progress: …落实情况的通报, …项目进度表（截至10月31日）."""
_INDICATOR = re.compile(r".{0,6}指标.{0,6}|.{0,4}目标值|监测内容|属性")
_GOAL = re.compile(r".{0,8}(?:目标|任务|进度|节点|举措|措施|要求).{0,6}")


def kind_of_plan(
    names: Sequence[Column | None], labels: Sequence[str], title: str, *, has_roles: bool
) -> PartKind:
    """Classify a table with columns of work and of bodies or times.

    A list of projects with owner, place, years and money is a register, though it names bodies;
    a table under the title of a report is one of progress. `has_roles` is true if its headings
    name leads or coordinators.
    """
    if any(_REPORT.fullmatch(label) for label in labels) and REPORT_TITLE.search(title):
        return "report"
    planned = has_roles or {*QUARTER_COLUMNS, "due"} & set(names)
    goal = any(_GOAL.fullmatch(label) for label in labels)
    return "register" if _is_register(labels) and not planned and not goal else "plan-table"


def kind_of_other(labels: Sequence[str], title: str) -> PartKind:
    """Classify a table without such columns."""
    if any(_REPORT.fullmatch(label) for label in labels) and REPORT_TITLE.search(title):
        return "report"
    if sum(bool(_REGISTER.fullmatch(label)) for label in labels) >= 1:
        return "register"
    return "indicators" if any(_INDICATOR.fullmatch(label) for label in labels) else "none"


def _is_register(labels: Sequence[str]) -> bool:
    return sum(bool(_REGISTER.fullmatch(label)) for label in labels) >= _LEAST_REGISTER
