"""The number of a document (长府〔2019〕5号): its own, not one that it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.records import Span
from loaders.identity.opening import Line
from loaders.text.normalize import plain

NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[\uff3b(（]\d{4}[〕\]\uff3d)）]\s*\d{1,4}\s*号")
_SHORT = r"[\u4e00-\u9fff]{1,12}[〔\[(]\d{4}[〕\])]\d{1,4}号"
_LABEL = re.compile(
    r"(?:发文字号|文\s*号|发文文号|文件编号|公文编号)[ \t\u3000]*[:：][ \t\u3000]*(\S[^\n|]*)"
)
_ALONE = re.compile(
    rf"(?!为|根据|按照|依据|依照|落实|贯彻|关于)[（(]?(?:20\d\d年\d{{1,2}}月\d{{1,2}}日)?{_SHORT}[)）]?"
    r"(?:签发人[:：]?[\u4e00-\u9fff]*|20\d\d年\d{1,2}月\d{1,2}日(?:印发)?)?"
)
"""A line that holds the number and nothing else but who signed and when."""
_APART = re.compile(rf"{NUMBER.pattern}\s{{2,}}[^。，；]{{1,40}}$")
"""A number with something else in its line, apart from it."""
_BEHIND_TITLE = re.compile(
    rf"(?:通知|意见|方案|办法|决定|批复|函|措施|公告)[（(]?({_SHORT})[)）]?$"
)


def is_number_line(text: str) -> bool:
    """Return whether a line of plain text is a document's number.

    >>> is_number_line("临政发〔2026〕3号"), is_number_line("为落实国发〔2024〕7号")
    (True, False)
    """
    return _ALONE.fullmatch(text) is not None


def number_of_document(text: str, lines: Sequence[Line], limit: int) -> Span | None:
    """The number behind its label, on a line of its own, or right behind the title.

    A number inside a sentence, or in brackets behind a title in 《》, is one that is cited.
    """
    if label := _LABEL.search(text, 0, limit):
        if match := NUMBER.match(plain(text[label.start(1) : label.end(1)])):
            start, end = label.start(1), label.start(1) + match.end()
            return Span(start, end, text[start:end])
        value = label[1].strip()
        if re.search(r"\d", value) and len(value) <= 40 and "：" not in value:
            return Span(label.start(1), label.start(1) + len(value), value)
    for line in lines:
        written = plain(text[line.start : line.end])
        behind = _BEHIND_TITLE.search(line.text) if "》" not in line.text[-40:] else None
        if is_number_line(line.text) or behind or _APART.match(written):
            found = list(NUMBER.finditer(written))
            start, end = line.start + _without_date(found[-1]), line.start + found[-1].end()
            return Span(start, end, text[start:end])
    return None


def _without_date(match: re.Match[str]) -> int:
    """Where a number begins behind what its pattern took too much: 日, 通知."""
    words = re.match(
        r".*(?:日|通知|意见|方案|办法|决定|批复|措施|公告)(?=[\u4e00-\u9fff])", match[0]
    )
    return match.start() + (words.end() if words else 0)
