"""The lines of a text that is no table: what number or label each begins with, and its level."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loaders.duties import LABEL

_CN = "[一二三四五六七八九十百零〇]"
_NUMBERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (0, re.compile(rf"(?P<label>第{_CN}+(?:章|部分|篇|编|节))[\s、.．:：]*")),
    (2, re.compile(rf"(?P<label>第(?:{_CN}+|\d+)条)[\s、.．:：]*")),
    (1, re.compile(rf"(?P<label>{_CN}{{1,4}})[、.．]\s*")),
    (3, re.compile(rf"(?P<label>[（(]{_CN}{{1,4}}[)）])[、.．]?\s*")),
    (4, re.compile(r"(?P<label>\d{1,3})(?:[.．、](?!\d)|\s+(?=[\u4e00-\u9fff]))\s*")),
    (5, re.compile(r"(?P<label>[（(]\d{1,3}[)）])[、.．]?\s*")),
    (5, re.compile(r"(?P<label>\d{1,3}[)）])\s*")),
    (6, re.compile(r"(?P<label>[①-⑳㈠-㈩])\s*")),
)
_NAMED = re.compile(r"(?P<label>[“\"][^”\"\n]{1,16}[”\"]|[^\s。，,；;:：（(“\"]{2,16})[:：](?=\S)")
"""A label in words: `“一核”：…`, `金融支持：…`."""
BULLET = re.compile(r"\s*(?P<label>[▲●•◆■○◇□★☆※·►])\s*")
_FURNITURE = re.compile(
    r"[—\-－–_\s]*(?:第?\s*\d{1,3}\s*页?(?:\s*[/／共]\s*\d{1,3}\s*页?)?)?[—\-－–_\s]*$|"
    r"(?:分享到|打印本页|关闭窗口|点击量|浏览次数|访问量|字号|字体|当前位置|上一篇|下一篇|扫一扫|来源|发布时间)\s*[:：]?.{0,30}$"
)
_METADATA = re.compile(
    r"\s*(?:标\s*题|索\s*引\s*号|发文字号|文\s*号|发布机构|发文机关|成文日期|发布日期|公开日期|有效性|主题分类|主\s*题\s*词|名\s*称|"
    r"公开方式|公开范围|生成日期|体裁|组配分类|信息索取号|关键词)\s*[:：|]"
)
_SHORT = 44


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says something. `body` is where it goes on behind its number or label."""

    start: int
    end: int
    text: str
    label: str
    level: int
    """0 (第一章) to 6 (①) for a number, 8 for a label in words, 9 for none, 7 for a bullet."""
    body: int

    @property
    def is_numbered(self) -> bool:
        """Whether a number stands at its beginning."""
        return self.level < 7

    @property
    def is_heading(self) -> bool:
        """Whether it is a short numbered line without a sentence of its own."""
        rest = self.text[self.body - self.start :].rstrip("。.；;:： \t\u3000")
        return self.is_numbered and len(rest) <= _SHORT and not re.search(r"[。；;]", rest)

    @property
    def is_units(self) -> bool:
        """Whether it begins with a label of units (责任单位：…)."""
        return LABEL.match(self.text.lstrip(" \u3000\t（(【[〔")) is not None


def lines(text: str) -> Iterator[Line]:
    """The lines of a text, without page furniture, site labels and metadata.

    >>> text = "一、重点任务\\n（一）建设平台。\\n— 2 —\\n“一核”：以新城为核心"
    >>> [(line.label, line.level) for line in lines(text)]
    [('一', 1), ('（一）', 3), ('“一核”', 8)]
    """
    for match in re.finditer(r"[^\r\n]+", text):
        raw = match.group()
        left = len(raw) - len(raw.lstrip())
        said = raw.strip()
        if said and not _FURNITURE.fullmatch(said) and not _METADATA.match(said):
            yield _line(match.start() + left, said)


def _line(start: int, said: str) -> Line:
    end = start + len(said)
    for level, pattern in _NUMBERS:
        match = pattern.match(said)
        if match:
            return Line(start, end, said, match["label"], level, start + match.end())
    bullet = BULLET.match(said)
    if bullet:
        return Line(start, end, said, bullet["label"], 7, start + bullet.end())
    named = _NAMED.match(said)
    if named and not LABEL.match(said):
        return Line(start, end, said, named["label"], 8, start + named.end())
    return Line(start, end, said, "", 9, start)


def inline_items(text: str) -> list[int]:
    """Where items of a run-on paragraph begin: `…。（二）…`, at least two of one kind.

    >>> inline_items("（一）建设平台。（二）改造道路。")
    [0, 8]
    """
    for level in (3, 4, 1):
        pattern = next(p for k, p in _NUMBERS if k == level)
        found = [
            m.start()
            for m in re.finditer(pattern.pattern, text)
            if m.start() == 0 or text[m.start() - 1] in "。；;）)\n "
        ]
        if len(found) > 1:
            return found
    return []
