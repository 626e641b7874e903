"""The organ that signed a document: the line above its last date, else the title's author."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.records import Span
from loaders.identity.opening import Line

_ORGAN = re.compile(
    r"[\u4e00-\u9fff]{2,24}(?:人民政府|政府|委员会|办公室|办公厅|管委会|办事处|领导小组|指挥部|[局厅委院])"
)
_AUTHOR = re.compile(r"[\u4e00-\u9fff]{2,16}?人民政府(?:办公室|办公厅)?(?=关于)")
_DATE = re.compile(r"[（(]?\d{4}[年\-/.]\d{1,2}[月\-/.]\d{1,2}日?[）)]?")


def signatory_of(text: str, lines: Sequence[Line], title: Span | None) -> Span | None:
    """Return the organ that signed; None where neither a signature nor the title names one."""
    dates = [n for n, line in enumerate(lines) if _DATE.fullmatch(line.text)]
    if dates and dates[-1]:
        above = lines[dates[-1] - 1]
        if _ORGAN.fullmatch(above.text):
            return Span(above.start, above.end, text[above.start : above.end])
    author = _AUTHOR.match(title.quote) if title else None
    if title is None or author is None:
        return None
    return Span(title.start, title.start + author.end(), author.group())
