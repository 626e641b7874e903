"""The issuer of a document: from its index block, its title, its red head or its signature."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.records import Span
from loaders.identity.opening import Line
from loaders.text.normalize import plain

_LABEL = re.compile(
    r"(?:发文机[构关]|发布机[构关]|发文单位|制发机关|发文部门|印发机关)[ \t\u3000]*[:：]"
    r"[ \t\u3000]*([^\s|:：]{2,60}+)(?![:：])"
)
_BODY = (
    r"[\u4e00-\u9fff（）()、]{1,40}?(?:人民政府|政府|办公厅|办公室|委员会|领导小组|指挥部|管委会|督查室|研究室|"
    r"[厅局委部院署]|街道|镇|乡)"
)
_OF_TITLE = re.compile(
    rf"(国务院|中共中央|{_BODY})(?:等(?:[\d一二三四五六七八九十]+(?:个)?)?(?:部门|单位))?"
    r"(?=关于|印发|转发|发布|公布|批转|下达)"
)
_SIGNED = re.compile(rf"({_BODY}|国务院)(?:[（(][^（()）]{{2,16}}[)）])?")
_RED_HEAD = re.compile(rf"({_BODY}|国务院)文件")
_DATE_LINE = re.compile(r"[（(]?\d{4}年\d{1,2}月\d{1,2}日[)）]?")
_PRINTED = re.compile(rf"({_BODY})20\d\d年\d{{1,2}}月\d{{1,2}}日印发")
_ASIDE = re.compile(r"[（(].{2,20}[)）]$")
"""What may stand between who signed and when: （代章）."""
_PLACED = re.compile(r"国|中共|[\u4e00-\u9fff]{2,6}?(?:省|自治区|市|自治州|州|区|县|旗|盟)")
_INSIDE_TITLE = re.compile(r"[《“]|^关于|^20\d\d")
_RELATIVE = re.compile(r"[省市区县州]?(?:人民)?政府|[省市区县]")
MAX_SIGNATURE_LINES = 4


def issuer_of(
    text: str, limit: int, title: Span | None, opening: Sequence[Line], lines: Sequence[Line]
) -> Span | None:
    """The body that issued a document, with its place in the text; None where nobody is named.

    A short name in the title (市政府办公室) gives way to the full one under the notice.
    """
    if label := _LABEL.search(text, 0, limit):
        return Span(label.start(1), label.end(1), label[1])
    signed = _signature(text, lines)
    if title is not None:
        written = plain(title.quote)
        offsets = [i for i, char in enumerate(written) if not char.isspace()]
        tight = "".join(written[i] for i in offsets)
        match = None if _INSIDE_TITLE.match(tight) else _OF_TITLE.match(tight)
        if match is not None:
            if signed and _is_short(match[1]) and _bare(_tight(signed)).endswith(_bare(match[1])):
                return signed
            start = title.start + offsets[match.start(1)]
            end = title.start + offsets[match.end(1) - 1] + 1
            return Span(start, end, text[start:end])
    if signed:
        return signed
    for line in opening:
        if match := _RED_HEAD.fullmatch(line.text):
            written = text[line.start : line.end]
            end = line.start + written.rindex("文", 0, written.rindex("件"))
            return Span(line.start, end, text[line.start : end].rstrip()) if match else None
    return None


def _signature(text: str, lines: Sequence[Line]) -> Span | None:
    """The line above the first date that stands alone below the opening."""
    for at, line in enumerate(lines):
        if not _DATE_LINE.fullmatch(line.text):
            continue
        above = [
            x for x in lines[max(0, at - MAX_SIGNATURE_LINES) : at] if not _ASIDE.match(x.text)
        ]
        if above and (match := _SIGNED.fullmatch(above[-1].text)):
            first = last = above[-1]
            if len(above) > 1 and not _PLACED.match(last.text) and _PLACED.match(above[-2].text):
                whole = _SIGNED.fullmatch(above[-2].text + last.text)
                first, match = (above[-2], whole) if whole else (first, match)
            written = text[first.start : last.end]
            cut = re.search(r"\s*[（(][^（()）]*[)）]\s*$", written)
            end = first.start + (cut.start() if cut else len(written))
            return Span(first.start, end, text[first.start : end])
    for line in lines:
        if match := _PRINTED.match(line.text):
            end = text.index(match[1][-1], line.start + len(match[1]) - 1) + 1
            return Span(line.start, end, text[line.start : end])
    return None


def issuer_in(name: str) -> str:
    """The body with whose name the name of a file begins (长宁区发改委2020年重点工作)."""
    match = re.match(rf"({_BODY})(?=20\d\d年?|关于|印发)", name)
    return match[1] if match and len(match[1]) >= 4 else ""


def _is_short(name: str) -> bool:
    return _RELATIVE.match(name) is not None


def _tight(span: Span) -> str:
    return re.sub(r"\s", "", plain(span.quote))


def _bare(name: str) -> str:
    return name.replace("人民政府", "政府")
