"""The lines of a text that is no table: what number or label each begins with, and its level."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from loaders.lexicon.numerals import MEASURE_WORDS
from loaders.lexicon.roles import LABEL
from loaders.prose.rules.run_on import is_whole_page, run_on

_CN = "[一二三四五六七八九十百零〇]"


class Level(IntEnum):
    """How deep a line stands: by the number or label that it begins with."""

    CHAPTER = 0  # 第一章
    SECTION = 1  # 一、
    ARTICLE = 2  # 第三条
    SUBSECTION = 3  # （一）
    ITEM = 4  # 1.
    SUBITEM = 5  # （1）, 1.1
    STEP = 6  # ①
    BULLET = 7  # ●
    LABEL = 8  # 金融支持：
    PLAIN = 9


_NUMBERS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    (Level.CHAPTER, re.compile(rf"(?P<label>第{_CN}+(?:章|部分|篇|编|节))[\s、.．:：]*")),
    (Level.ARTICLE, re.compile(rf"(?P<label>第(?:{_CN}+|\d+)条)[\s、.．:：]*")),
    (Level.SECTION, re.compile(rf"(?P<label>{_CN}{{1,4}})[、.．]\s*")),
    (Level.SUBSECTION, re.compile(rf"(?P<label>[（(]{_CN}{{1,4}}[)）])[、.．]?\s*")),
    (Level.SUBITEM, re.compile(
        r"(?P<label>\d{1,2}(?:[.．\-]\d{1,2}){1,2})[.．、 ]+(?=[\u4e00-\u9fff“])")),
    (Level.ITEM, re.compile(r"(?P<label>\d{1,3})(?:\s?[.．、](?!\d)|\s+(?=[\u4e00-\u9fff])"
        rf"(?!{MEASURE_WORDS}))\s*")),
    (Level.ITEM, re.compile(r"(?:序号|编号)\s*[:：]\s*(?P<label>\d{1,3})\s*(?:$|(?=\D))")),
    (Level.SUBITEM, re.compile(r"(?P<label>[（(]\d{1,3}[)）])[、.．]?\s*")),
    (Level.SUBITEM, re.compile(r"(?P<label>\d{1,3}[)）])\s*")),
    (Level.STEP, re.compile(r"(?P<label>[①-⑳㈠-㈩])\s*")),
    (Level.ITEM, re.compile(
        rf"(?P<label>(?:任务|项目|事项|实事|专项|行动|工程|举措|措施)(?:之)?(?:\d{{1,3}}|{_CN}{{1,3}}))[\s、.．:：]+")),
)  # fmt: skip
_NAMED = re.compile(
    r"(?P<label>[“\"][^”\"\n]{1,16}[”\"]|(?:[^\s。，,；;:：（(“\"]|（[^（）]{1,8}）){2,16})[:：](?=\S)"
)
"""A label in words: `“一核”：…`, `金融支持：…`."""
BULLET = re.compile(r"\s*(?P<label>[▲●•◆■○◇□★☆※·►])\s*")
_FURNITURE = re.compile(
    r"[—\-－–_\s]*(?:第?\s*\d{1,3}\s*页?(?:\s*[/／共]\s*\d{1,3}\s*页?)?)?[—\-－–_\s]*$|"
    r"(?:分享到|打印本页|关闭窗口|点击量|浏览次数|访问量|字号|字体|当前位置|上一篇|下一篇|扫一扫|首页\s*>)\s*[:：]?.{0,30}$|"
    r"(?:来源|信息来源|稿源|发布时间|发布日期)\s*[:：].{0,60}$|"
    r"[【\[（(]?\s*(?:打印(?:本页|此页)?|关闭(?:本页|窗口|页面)?|收藏(?:本页)?|返回顶部)\s*[】\]）)]?(?:.{0,12}[】\]）)])?$|"
    r"[（(]此件(?:公开|主动公开|依申请).{0,8}$|"
    r"(?:责任编辑|编辑|审核|校对|作者|记者|备案序号|联系电话|联系人)\s*[:：].{0,40}$|"
    r"(?:抄送|主送|分送|印发机关|版权所有|技术支持|网站标识码|政府网站标识码)\s*[:：].*$|"
    r".{0,12}(?:ICP备|公网安备|网站标识码).*$|"
    r"(?:网站)?主办(?:单位)?\s*[:：].{0,40}(?:承办|技术支持|维护|版权).*$|"
    r"(?:联系我们|联系电话|联系方式|网站地图|关于我们|法律声明|隐私声明)\s*[:：]?.{0,80}$|"
    r"20\d\d[-/.]\d{1,2}[-/.]\d{1,2}[ \d:]{0,12}(?:信息)?来源\s*[:：].{0,60}$"
)
"""What a print or a site adds: page numbers, buttons, editors, copies to, who keeps the site."""
_METADATA = re.compile(
    r"\s*(?:标\s*题|索\s*引\s*号|发文字号|文\s*号|发布机构|发文机关|发文单位|制发机关|成文日期|发文日期|印发日期|发布日期|公开日期|公布日期|有效性|时效性|"
    r"主题分类|主\s*题\s*词|名\s*称|效力状态|公开方式|公开范围|公开形式|公开时限|公开责任部门|生成日期|体裁|体裁分类|组配分类|服务对象分类|"
    r"信息索取号|信息分类|文件类型|关键词|内容概述|统一登记号|登记号|实施日期|失效日期|废止日期)\s*[:：|]"
)
WHO = r"[市区县镇省]?(?:责任|分管|牵头|联系|包保|包抓|挂钩|督办|主管)[市区县镇省]?(?:领导|人)"
_FIELD = re.compile(
    rf"[ \t]*(?:{WHO}|[市区县镇省]?"
    r"(?:主要|年度|工作|具体|总体|阶段|建设|推进|实施|任务|项目|完成|办结)?"
    r"(?:目标任务|目标|内容|名称|举措|措施|要求|安排|进度|标准|步骤|依据|概况|规模|投资|地点|成效|时限|时间|期限|时间节点|进度安排)"
    r"|(?:交办|督办|议定|办理|承办)事项)[ \t]*[:：]"
)
"""A field of an item, on a line of its own: 工作目标：, 责任领导：, 完成时限：, …"""
_ASIDE = re.compile(
    rf"[ \t]*(?:{WHO}|"
    r"(?:完成|办结|整改|实施|推进)?(?:时限|时间|期限|日期|时间节点)|联系电话|备注)[ \t]*[:：]"
)
"""What stands beside the bodies on a line of its own, and is no part of the target."""
MAX_HEADING_CHARS = 44


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """A line that says something. `body` is where it goes on behind its number or label."""

    start: int
    end: int
    text: str
    label: str
    level: Level
    body: int

    @property
    def is_numbered(self) -> bool:
        """Return whether a number stands at its beginning."""
        return self.level <= Level.STEP

    @property
    def is_bullet(self) -> bool:
        """Return whether a mark stands at its beginning (●)."""
        return self.level is Level.BULLET

    @property
    def is_heading(self) -> bool:
        """Return whether it is a short numbered line without a sentence of its own."""
        rest = self.text[self.body - self.start :].rstrip("。.；;:： \t\u3000")
        return (
            self.is_numbered and len(rest) <= MAX_HEADING_CHARS and not re.search(r"[。；;]", rest)
        )

    @property
    def is_field(self) -> bool:
        """Return whether it is one of the fields of the item above it: 工作目标：…"""
        return _FIELD.match(self.text) is not None

    @property
    def is_aside(self) -> bool:
        """Return whether it says when, or which person: no part of a target's text."""
        return _ASIDE.match(self.text) is not None

    @property
    def is_label_of_bodies(self) -> bool:
        """Return whether it begins with a label of bodies (责任单位：…)."""
        return LABEL.match(self.text.lstrip(" \u3000\t（(【[〔")) is not None


def lines(text: str) -> Iterator[OutlineLine]:
    """The lines of a text, without page furniture, site labels and metadata.

    >>> text = "一、重点任务\\n（一）建设平台。\\n— 2 —\\n“一核”：以新城为核心"
    >>> [(line.label, line.level.name) for line in lines(text)]
    [('一', 'SECTION'), ('（一）', 'SUBSECTION'), ('“一核”', 'LABEL')]
    """
    heading = ""
    for match in re.finditer(r"[^\r\n]+", text):
        raw = match.group()
        left = len(raw) - len(raw.lstrip())
        said = raw.strip()
        short = len(said) <= 120
        valued = heading and len(said) <= 80
        heading = said if _METADATA.fullmatch(said) else ""
        if not said or heading or valued:
            continue
        if short and (_FURNITURE.fullmatch(said) or _METADATA.match(said)):
            continue
        start = match.start() + left
        cuts = [*run_on(said, whole=is_whole_page(len(said), len(text))), len(said)]
        for a, b in zip([0, *cuts], cuts, strict=False):
            part = said[a:b].rstrip()
            if part:
                yield _line(start + a, part)


def _line(start: int, said: str) -> OutlineLine:
    end = start + len(said)
    for level, pattern in _NUMBERS:
        match = pattern.match(said)
        if match:
            return OutlineLine(start, end, said, match["label"], level, start + match.end())
    bullet = BULLET.match(said)
    if bullet:
        return OutlineLine(start, end, said, bullet["label"], Level.BULLET, start + bullet.end())
    named = _NAMED.match(said)
    if named and not LABEL.match(said) and not _FIELD.match(said):
        return OutlineLine(start, end, said, named["label"], Level.LABEL, start + named.end())
    return OutlineLine(start, end, said, "", Level.PLAIN, start)


def inline_items(text: str) -> list[int]:
    """Where items of a run-on paragraph begin: `…。（二）…`, at least two of one kind.

    >>> inline_items("（一）建设平台。（二）改造道路。")
    [0, 8]
    """
    for level in (Level.SUBSECTION, Level.ITEM, Level.SECTION):
        pattern = next(p for k, p in _NUMBERS if k == level)
        found = [
            m.start()
            for m in re.finditer(pattern.pattern, text)
            if m.start() == 0 or text[m.start() - 1] in "。；;）)\n "
        ]
        if len(found) > 1:
            return found
    return []
