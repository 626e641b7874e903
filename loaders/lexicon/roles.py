"""The words with which a notice says who does what: labels, verbs, rules, and what ends a list."""

from __future__ import annotations

import re

_LEVEL = r"(?:[市区县省镇](?:级|直)?)?"
_ASIDE_OF = r"(?:[（(][^（）():：]{1,16}[）)])?"
_OF = (
    rf"{_ASIDE_OF}(?:责任)?(?:单位|部门|主体|委办局|处室|科室|街镇|方|领导小组|机构|地区)?"
    rf"{_ASIDE_OF}(?:及?配合单位)?"
)
_COLON = (
    r"\s*(?:[:：]|(?:均|都|分别|统一)?[为是](?=[省市区县镇各](?!级)"
    r"|[\u4e00-\u9fff]{2,12}(?:[局委办厅部]|政府|街道|中心|集团|公司)(?:[、，,；;。）)\]】〕]|$)))"
)


_GAP = (
    r"[ \u3000\t]{1,4}(?=(?:[\u4e00-\u9fff]{1,16}(?:[局委办部院处镇]|街道|中心|政府|集团|公司)"
    r"|各[^\s、，,:：]{1,10})(?:[、，,（( \u3000\n]|$))"
)
"""Between a label that begins a line and its bodies, where a page lost the colon."""


def _spaced(pattern: str) -> str:
    """The pattern with room for the spaces that headings are stretched with (牵 头 单 位)."""
    room = "[ \u3000]{0,4}"

    def roomy(char: re.Match[str]) -> str:
        return f"(?:{char[1]}{room})?" if char[2] else char[1] + room

    parts = re.split(r"(\[[^\]]*\])", pattern)
    return "".join(
        part if i % 2 else re.sub(r"([\u4e00-\u9fff])(\??)", roomy, part)
        for i, part in enumerate(parts)
    )


_GAP = (
    r"[ \u3000\t]{1,4}(?=(?:[\u4e00-\u9fff]{1,16}(?:[局委办部院处镇]|街道|中心|政府|集团|公司)"
    r"|各[^\s、，,:：]{1,10})(?:[、，,（( \u3000\n]|$))"
)
"""Between a label that begins a line and its bodies, where a page lost the colon."""
_LINE = r"|(?<![^\n])"
_HELPS = "配合|协办|协同|协助|协作|参与|参加|会办|协管|支持|联合|协调|指导"
_DOES = "责任|负责|落实|实施|承办|承担|执行|组织|完成|推进|建设|主体责任"
LABELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(_spaced(f"{_LEVEL}{words}") + _COLON + more))
    for role, words, more in (
        ("lead", f"(?:总?牵头|主责|主办|主要责任|第一责任|首要责任|主管|总负责){_OF}",
         rf"{_LINE}(?:牵头|主责|主办)(?:责任)?(?:单位|部门){_GAP}"),
        ("coordinate",
         rf"(?:{_HELPS}|其[他它余](?=责任)|次要(?=责任)){_OF}",
         rf"{_LINE}(?:配合|协办|协同|参与)(?:责任)?(?:单位|部门){_GAP}"),
        ("responsible",
         rf"(?:{_DOES})(?:责任)?{_ASIDE_OF}(?:单位|部门|主体|委办局|处室|科室|机构){_ASIDE_OF}",
         rf"|分工\s*[:：]|责任\s*[:：](?=[省市区县镇各]){_LINE}责任(?:单位|部门){_GAP}"),
    )
)  # fmt: skip
LABEL = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in LABELS))
"""A label of bodies: 牵头单位：, 责任单位：, 配合部门：, …"""
HOSTS = re.compile(r"主\s*办(?:单位|方)?\s*[:：]"), re.compile(r"承\s*办(?:单位|方)?\s*[:：]")
"""Who holds an event or keeps a page: where both stand, nobody is given a task."""
VERBS = re.compile(
    r"(?P<lead>(?:按照?(?:各自)?职责(?:分工)?)?(?:共同|联合|统一)?牵头(?:负责|落实|组织实施|组织落实|组织|抓总|推进|实施|推动|抓好|统筹|开展|抓)?|负责牵头|总负责|总牵头|主办|主责|为主负责|为主)"
    r"|(?P<coordinate>(?:按照?(?:各自)?职责分工)?(?:积极|共同|协同|做好|密切|予以)?(?:配合|协助|参与|参加|协同|协办|支持|指导(?!意见|思想|下))(?:落实|实施|推进|做好|完成)?)"
    r"|(?P<responsible>结合实际(?:抓好|组织)?(?:落实|实施|推进)|(?:按照?|依据|依照|根据)(?:各自)?(?:职责|职能)(?:分工)?(?:抓好)?(?:负责|落实|组织实施|抓好落实|推进|实施)?|分工负责|分别(?:负责|牵头)|"
    r"共同(?:负责|推进)|具体(?:负责|实施|落实)|负责落实|负责实施|组织实施|(?<!牵头)负责|落实)"
)
DOER = re.compile("(?:责任)?(?:单位|部门|主体|企业|高校)")
"""What makes a verb part of a name: 各项目牵头单位."""
EACH_ITS_OWN = re.compile(
    r"[，,]?(?:按照?|依据|根据)(?:各自)?(?:职责|职能)(?:分工)?(?:抓好)?(?:负责|落实|推进|实施)?$"
)
WORDS_BESIDE = re.compile(
    r"等(?=$|[、,，;；。和及与或按])|等(?:相关|有关|其他|成员)(?:部门|单位)(?:和单位)?(?=$|[、,，;；。和及与按])"
    r"|(?:(?:按照?|依据|根据|结合)(?:各自)?(?:职责|职能|实际)(?:分工)?)(?:抓好|分别)?(?:负责|落实|推进|实施|配合|组织实施)?"
    r"|(?:持续|长期)(?:跟踪|推进|坚持)|(?:分工|分别|共同)(?:负责|落实|推进)|(?:(?<=等)|(?<=[局委办厅]))[和及与](?=各|[省市区县])"
)
"""Words of a department cell that name no body: 等, 按职责分工负责, 持续跟踪."""
ACTS = re.compile(
    r"(?:组织|具体|抓好|负责)?(?:实施|落实|推进|开展|办理|完成|做好|制定|组织)[^、，,；;。]{0,200}$"
)
WITH = re.compile(r"会同|联合(?!会|社|体)")
_FIRST = r"(?:最前面?|第一位|第一个?|首位|首个|第1位|第一家|第一名|第一顺位)"
_LEADS = r"(?:牵头|主责|主要责任|第一责任|主办)"
STATED = re.compile(
    r"[，,；;。]?\s{0,8}(?:其中[，,]?)?(?:列|排|排列|居|位列|名列)?(?:名|序|位)?(?:在|于)?"
    rf"{_FIRST}(?:的|者)?(?:责任)?(?:单位|部门)?(?:均|皆|都)?"
    rf"(?:(?:为|是|系|作为)(?:该项|本项|此项)?(?:工作|任务)?(?:的)?{_LEADS}|(?:负责)?牵头(?!单位|部门|责任))(?:责任)?(?:单位|部门)?"
    rf"|[，,；;。]?\s{{0,8}}{_LEADS}(?:责任)?(?:单位|部门)(?:均|都)?(?:排|列)(?:名|序|位)?(?:在|于)?(?:最前|第一|首位)"
)
COMMA = re.compile(
    r"[“\"]?(?P<mark>逗号|顿号外的逗号|分号|[，,；;])[”\"]?(?:之|以)?前(?:面)?(?:的)?(?:责任)?(?:单位|部门)?(?:均|都)?"
    rf"(?:为|是|系){_LEADS}"
)
ALONE = re.compile(r"无牵头单位的?[，,]?(?:其)?责任单位(?:即|均|都)?(?:为|是|系)牵头单位")
"""A rule: who stands alone as responsible leads."""
ASIDE = re.compile(
    r"(?<![，,；;。\s])[，,；;。\s]++(?:[\u4e00-\u9fff]{2,8}\s*[:：]|(?:完成|办结|实施)?(?:时限|时间|期限)"
    r"|(?:20\d\d年|\d{1,2}月)[^、，,；;]*|长期坚持|持续推进|(?:全年|年内|常态化|长期)(?:持续)?(?:推进|开展|实施|坚持|完成))"
)
"""What is said beside the bodies: 完成时限：2024年底, 分管领导：…, 2024年6月底前完成."""
HENCE = re.compile(
    r"[，,；;、。]?\s{0,8}(?:下同|以下同|以下均同|不再列出|不再一一列出|以下[^，,。；;）)均都]{0,8}(?:均|都)[^，,。；;）)]*"
    r"|以下简称[^，,。；;）)]*|其[他余它](?:的)?(?:单位|部门)?(?:均|都)?为[^，,。；;）)]*)"
)
STAR = re.compile(
    r"[，,；;。]?\s{0,8}(?:加|标|注|带)?(?:有)?[“\"]?[*＊★☆▲△#][”\"]?(?:号|标)?(?:的|者)?(?:单位|部门)?(?:均)?为(?:牵头|主责)(?:单位|部门)?"
)


PLACED = re.compile(
    r"[省市区县州各]|自治|国家|中国|相关|有关|团[省市区县]|"
    r"[\u4e00-\u9fff]{2,8}(?:局|委|办|厅|政府|街道|镇|集团)"
)
