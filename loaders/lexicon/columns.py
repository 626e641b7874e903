"""Names of columns: headings by synonym, and pairs of headings that define each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

Column = str
"""A CellName, `number`, `due` (a deadline), or `other` for a column that is read past."""

QUARTER_COLUMNS = ("q1", "q2", "q3", "q4")
_UNITS = r"(?:责任|实施|推进|负责|落实)?(?:部门|单位|主体|委办局|局办?|委办|处室|科室|股室|办所|站所|街镇|镇街|方)?(?:及(?:责任人|联系人|负责人))?"
_PLANNED = r"(?:阶段性?|工作|建设|计划|重点|形象)?(?:目标|任务|节点|计划|安排|进度|要求|工作|内容)*"
_TO = "(?:1|一)月?[-—–~至到]"
"""Months counted from the first: 1-6月 is the state at the end of the second quarter."""
_QUARTER_OF = (
    r"第?[一1](?:季度?)|Q1|[1一]季|(?:1|一)月?[-—–~至到](?:3|三)月份?|(?:3|三)月底?前?|[1-2一二]月份?",
    rf"第?[二2](?:季度?)|Q2|[2二]季|{_TO}(?:6|六)月份?|(?:4|四)月?[-—–~至到](?:6|六)月份?|(?:6|六)月底?前?|[45四五]月份?|上半年",
    rf"第?[三3](?:季度?)|Q3|[3三]季|前[三3]个?季度|[一1]至三季度|{_TO}(?:9|九)月份?|(?:7|七)月?[-—–~至到](?:9|九)月份?|(?:9|九)月底?前?|[78七八]月份?",
    (
        rf"第?[四4](?:季度?)|Q4|[4四]季|全年$|{_TO}(?:12|十二)月份?|(?:10|十)月?[-—–~至到](?:12|十二)月份?|(?:12|十二)月底?前?"
        r"|(?:1[01]|十一?)月份?|下半年|年底前?|年末"
    ),
)
_HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("text", re.compile(r"20\d\d年度?(?:工作|建设|主要|重点)?(?:目标任务|目标|任务|计划|目标值|指标值)|(?:年度|预期)?(?:目标|指标)值|年度(?:工作|建设)?计划|(?:主要)?建设规模")),
    ("number", re.compile(r"(?:项目|任务|目标|工作)?(?:序号|编号)|序|号|No\.?", re.IGNORECASE)),
    *((f"q{i}", re.compile(rf"(?:20\d\d年|截[至止])?(?:{said})末?{_PLANNED}", re.IGNORECASE))
      for i, said in enumerate(_QUARTER_OF, 1)),
    ("span", re.compile(r"阶段性?(?:工作)?(?:目标|任务|安排).*|.*(?:时间节点|进度安排|季度安排|分季度|各季度|季度进度).*|季度(?:工作)?目标(?:任务|要求)?"
      r"|(?:工作|时序|序时|推进|形象|实施|建设)?(?:进度|节点)(?:计划|安排|目标|要求)?|(?:年度|工作|实施)?推进(?:计划|安排)")),
    ("lead", re.compile(rf"(?:[省市区县镇]?[级直]?|第一|总)(?:主责|牵头|主办|承办|主要责任|第一责任|总负责|主管){_UNITS}|牵头[((（/／]责任[))）]?(?:单位|部门)")),
    ("coordinate", re.compile(
        rf"[省市区县镇]?[级直]?(?:配合|协办|参与|参加|协同|协作|协助|会办|会同|协管|联办|联动|联合|支持|责任主体与协同)(?:配合|参与)?{_UNITS}")),
    ("office", re.compile(r"[省市区县镇]?[级直]?(?:责任|负责)(?:处室|科室|股室)|(?:负责)?(?:督[办查导]|考核|监督|指导|评价|评估|推进)(?:推进)?(?:责任)?(?:单位|部门)|建设主体")),
    ("responsible", re.compile(
        r"[省市区县镇]?[级直]?(?:责任|负责|落实|实施|承担|执行)(?:责任)?(?:部门|单位|主体|委办局|街镇)"
        r"(?:及(?:责任人|联系人|负责人))?|责任|(?:属地|行业)(?:责任|主管|监管|牵头)?(?:单位|部门|街道|街镇|镇街|乡镇)"
        r"|牵头(?:单位|部门)?[及和与、/／](?:配合|责任|参与|协同|协办)(?:单位|部门)")),
    ("domain", re.compile(r"(?:所属|工作|任务|目标|项目)?(?:领域|类别|板块|分类|条线)|方面")),
    ("theme", re.compile(r"重[要点]项目|项目名称|任务名称|(?:主要|重点)任务|重点工作|工作项目|工作事项|任务事项|(?!单位|部门|责任|企业|公司|机构)[\u4e00-\u9fff]{2,6}名称|专题|(?:民生|重点|惠民|年度|考核)?(?:实事|工程|建设|实施|改革)?(?:项目|事项)(?:名称)?|(?:考核)?指标")),
    ("text", re.compile(
        r"(?:年度|全年|主要|重点|重大|工作|具体|建设|改革|专项|发展|整改|治理|推进|实施|落实|工程|办理|考核|创建|预期|攻坚|实事|责任|项目|本年度?){0,2}(?:目标任务|工作目标|目标值?|任务|工作任务|工作内容|指标要求|工作要求"
        r"|主要内容|任务内容|(?:实施|工作|推进|落实|具体)路径|具体(?:工作|事项)|工作指标|内容|规模(?=[和与及、])|工作举措|工作措施|措施|举措|任务分解)(?:[和与及、]?(?:主要|年度|建设|工作)?(?:要求|内容|目标|任务)){0,2}")),
    ("due", re.compile(r"(?:拟|计划|预计|目标|要求|办结|完成|任务|工作|整改|截止|建设|责任)?(?:完成|办结|落实|投入(?:运营|使用|运行)|建成|上线|投用)?(?:时限|期限|时间|日期|年限)(?:要求|安排)?")),
    ("award", re.compile(r".{0,6}诉求|建议(?:责任|牵头|支持|配合|落实)?(?:单位|部门)|拟(?:资助|补助|奖补|扶持|奖励|支持|立项).{0,12}|(?:中标|成交).{0,8}|(?:综合|评审|最终)?(?:得分|排名)|申(?:报|请)(?:单位|企业|主体|人)|归口(?:管理)?(?:部门|单位)|推荐(?:部门|单位)")),
    ("other", re.compile(r"目标类型|备注|说明|月份|.{0,2}(?:分管|责任|牵头|包[保抓联]|挂[钩包联]|主管|主要|[省市区县]级|联系)(?:区|市|县)?领导|分管(?:副?[市区县镇]长|负责人)|牵头人|责任人|(?:是否)?达序(?:进度)?|依据.{0,4}|来源|项目类型|性质|类型|(?:计量)?单位|(?:数据|资金|任务)来源(?:单位)?|联系(?:单位|部门)|项目业主|(?:业主|建设|项目|合作)单位|(?:建设|实施|项目)地[点址]|(?:开工|竣工|开竣工|起止)(?:时间|日期|年月)|所[属在](?:区域|地区?|街道|乡镇|镇街)"
      r"|联系人(?:及)?(?:联系)?(?:电话|方式)?|(?:联系)?(?:电话|方式)|[^,，。;；:：]{0,12}(?:进展|完成|推进|落实)情况[^,，。;；:：]{0,8}|存在(?:的)?问题[^,，。;；:：]{0,12}|下一步[^,，。;；:：]{0,8}|(?:计划|年度|20\d\d年)*(?:计划)?(?:完成)?总?投资(?:额|估算)?(?:[((].{1,6}[))])?")),
)  # fmt: skip
_ANY = re.compile(
    "|".join(
        f"(?i:{p.pattern})" if p.flags & re.IGNORECASE else f"(?:{p.pattern})" for _, p in _HEADINGS
    )
)
"""A part of every heading: most cells have none."""


_BESIDE = re.compile(r"[(（〔\[][^()（）]*[)）〕\]]$")
"""A rule after the name of a heading: 责任单位（排名第一的为牵头单位）."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a table in their order on the page, and the blocks they were read from."""

    columns: tuple[Column, ...]
    start: int
    end: int
    undifferentiated: bool = False
    """True where the notice names only responsible units: the `lead` column holds those."""


@lru_cache(50_000)
def column_of(text: str) -> Column | None:
    """The column that a heading names; None for other texts.

    >>> column_of("牵头部门"), column_of("第一季度"), column_of("10-12月"), column_of("发改委")
    ('lead', 'q1', 'q4', None)
    """
    if len(text) > 30:
        return None
    if not _ANY.fullmatch(text):
        bare = _BESIDE.sub("", text)
        return column_of(bare) if bare and bare != text else None
    for name, pattern in _HEADINGS:
        if pattern.fullmatch(text):
            return name
    return None


def roles_paired(names: Sequence[Column]) -> tuple[list[Column], bool]:
    """The columns with `responsible` read by its pair, and whether it is the only column of roles.

    Next to 牵头单位 a 责任单位 takes part; next to 配合单位 it leads; alone it is responsible.
    An office inside a body (责任处室) is ignored where bodies are named.

    >>> roles_paired(["text", "lead", "responsible"])
    (['text', 'lead', 'coordinate'], False)
    >>> roles_paired(["text", "responsible", "coordinate"])
    (['text', 'lead', 'coordinate'], False)
    >>> roles_paired(["text", "responsible"])
    (['text', 'lead'], True)
    """
    units = {"lead", "coordinate", "responsible"} & set(names)
    names = [n if n != "office" else "other" if units else "responsible" for n in names]
    means = "coordinate" if "lead" in names else "lead"
    alone = "responsible" in names and not {"lead", "coordinate"} & set(names)
    return [means if n == "responsible" else n for n in names], alone


def names_a_table(names: Sequence[Column | None], least: int) -> bool:
    """Return whether headings make a table of targets: a task, and a body or a time."""
    found = [n for n in names if n]
    if "award" in found:  # a list of who applied, or won
        return False
    who = {"lead", "coordinate", "responsible", "office", "q1"}
    return len(found) >= least and bool(who & set(found)) and bool({"text", "theme"} & set(found))


_GLUED = re.compile(r"(?:主责|牵头|责任|配合|协办|参与|季度|主办|承办)")


@lru_cache(maxsize=1024)
def columns_glued(text: str) -> tuple[Column, ...]:
    """The columns that headings run together name; empty where they are not headings throughout.

    >>> columns_glued("市牵头单位配合单位责任处室联系人及电话")
    ('lead', 'coordinate', 'office', 'other')
    """
    if not 5 <= len(text) <= 80 or not _GLUED.search(text) or not _ANY.match(text):
        return ()
    best: list[tuple[Column, ...] | None] = [(), *[None] * len(text)]
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - 12), end):
            before = best[start]
            name = column_of(text[start:end]) if before is not None else None
            if name is None or before is None or end - start < 2:
                continue
            kept = best[end]
            if kept is None or len(before) + 1 < len(kept):
                best[end] = (*before, name)
    found = best[-1] or ()
    return found if len(found) > 1 else ()
