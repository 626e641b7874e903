"""The title of a document: one line, or several that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from graph.records import Span
from loaders.identity.numbers import is_number_line
from loaders.identity.opening import Line, span_over
from loaders.text.normalize import plain

MAX_TITLE_LINES = 5
MAX_TITLE_CHARS = 120
MIN_TITLE_CHARS = 7
_KINDS = (
    r"通知|意见|方案|计划|措施|办法|目标|分解表?|要点|规划|决定|公告|安排|工作|行动|举措|清单|任务|政策|细则|"
    r"实事|高地|条|分工|公报|报告|讲话|规定|条例|批复|函|制度|一览表?|责任表|任务表|项目表|纲要|通报|方法|"
    r"规则|指南|名单|目录|台账|部署|预案|汇总表|情况表|计划表|进度表|请示|复函|决议|命令|简报|交办单|责任单|任务单"
)
_BRACKETED = r"(?:[（(〔][^（()）]{1,30}[)）〕])"
_TITLE_ENDING = re.compile(rf"(?:{_KINDS}){_BRACKETED}{{0,2}}[》”]?{_BRACKETED}?$")
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》")
_STAGE = re.compile(
    r"[（(](?:20\d\d[-—–－~～至年]{1,2}(?:20\d\d)?年?(?:度)?|[^（()）\d]{0,12}稿|试行|暂行|草案|修订)[)）]"
)
"""A bracket on a line of its own below a title: the years, the stage of a draft."""
_BEGINS = re.compile(
    r"关于|[“《]|20\d\d|[\u4e00-\u9fff]{2,30}关于|"
    r"(?:中共)?[\u4e00-\u9fff]{2,6}?(?:省|自治区|市|自治州|区|县|旗|盟|镇|乡|街道)(?!内|民|间)|"
    r"[\u4e00-\u9fff]{2,24}(?:厅|局|委|政府|办公室|委员会|部门)(?:印发|转发|发布)|国务院|中共中央|全国|全省|全市|全区|全县"
)
_ISSUER_LINE = re.compile(
    r"(?:[\u4e00-\u9fff]{2,20}(?:政府|办公厅|办公室|委员会|厅|局|委|部|院|中心|指挥部|集团)){1,8}"
)
_NO_TITLE = re.compile(
    r"[。；;！!？?]|[：:](?!$).{0,3}$|^[>›»]|^附件|^附表|文件$|^目录$|首页|当前位置|政策解读|^【|"
    r"^\d{4}[-年./]\d{1,2}[-月./]|^来源|发布(?:日期|时间)|浏览次数"
)
_RED_HEAD = re.compile(r"[\u4e00-\u9fff]+文件|[\u4e00-\u9fff]{2,20}公报")
_LABEL = re.compile(
    r"(?:标\s*题|文件名称|公文名称|信息名称|名\s*称)\s*[:：][ \t\u3000]*([^\n|]{6,120})"
)
_INDEX_LABEL = re.compile(r"标\s*题|名\s*称")
_SITE_SUFFIX = re.compile(
    r"\s*(?:[_|｜>]|\s[-—–]+\s|--+).*$|-[^-]{0,20}(?:网|门户|政府|公开)[^-]{0,12}$"
)
_CLOSERS = {")": "(", "》": "《", "〉": "〈", "”": "“", "〕": "〔"}
_ROUND = str.maketrans("（）［］", "()〔〕")


def title_of(text: str, lines: Sequence[Line], named: Iterable[str] = ()) -> Span | None:
    """The title among the lines of an opening.

    `named` are the names that a web page gives itself (its title element, its headings): one of
    them that the lines spell out is the title, however many lines it takes. Otherwise the index
    block tells (标题：), else the first run of lines that begins and ends as titles do.
    """
    for name in named:
        if spelled := _spelled(text, lines, name):
            return spelled
    limit = lines[-1].end if lines else 0
    if _INDEX_LABEL.search(text, 0, limit):
        for label in _LABEL.finditer(text, 0, limit):
            value = label[1].strip()
            if is_title(re.sub(r"\s", "", plain(value))):
                return Span(label.start(1), label.start(1) + len(value), value)
    for last, line in enumerate(lines):
        if _is_last(line.text):
            first = _first(lines, last)
            if first is None:
                continue
            while last + 1 < len(lines) and _STAGE.fullmatch(lines[last + 1].text):
                last += 1
            return span_over(text, lines[first], lines[last])
    return None


def is_title(text: str) -> bool:
    """Return whether plain text without white space ends in a word for a kind of document."""
    return (
        MIN_TITLE_CHARS <= len(text) <= MAX_TITLE_CHARS
        and _TITLE_ENDING.search(text) is not None
        and _NO_TITLE.search(text) is None
    )


def _is_last(text: str) -> bool:
    """Return whether a line may be the last of a title."""
    return (
        3 <= len(text) <= MAX_TITLE_CHARS
        and _TITLE_ENDING.search(text) is not None
        and _NO_TITLE.search(text) is None
        and not is_number_line(text)
    )


def _spelled(text: str, lines: Sequence[Line], name: str) -> Span | None:
    """The lines that together spell a name of a web page, less the name of its site."""
    whole = re.sub(r"\s", "", plain(name))
    for wanted in dict.fromkeys((whole, re.sub(r"\s", "", plain(_SITE_SUFFIX.sub("", name))))):
        if not is_title(wanted):
            continue
        for first, line in enumerate(lines):
            run = ""
            for last in range(first, min(len(lines), first + MAX_TITLE_LINES)):
                run += lines[last].text
                if run == wanted:
                    return span_over(text, line, lines[last])
                if not wanted.startswith(run):
                    break
    return None


def _first(lines: Sequence[Line], last: int) -> int | None:
    """The first line of the title that ends with the line `last`; None where it has no beginning.

    A line above belongs to it where a bracket is open, where the line itself begins as no title
    does, or where an issuer stands on a line of its own (海南省财政厅 / 关于印发…的通知).
    """
    first = last
    run = lines[last].text
    while first and last - first < MAX_TITLE_LINES - 1:
        above = lines[first - 1].text
        if not _may_precede(above):
            break
        begins = _BEGINS.match(run) is not None
        if _is_open(run) or not begins:
            if begins or _BEGINS.match(above) or (first > 1 and _begins_soon(lines, first - 1)):
                first, run = first - 1, above + run
                continue
            break
        issues = re.match(r"关于|印发|转发", run) and _ISSUER_LINE.fullmatch(above)
        unfinished = re.search(r"关于[\u4e00-\u9fff]", above) is not None
        if not issues and not unfinished:
            break
        first, run = first - 1, above + run
    if _is_open(run) or not MIN_TITLE_CHARS <= len(run) <= MAX_TITLE_CHARS:
        return None
    if "，" in _QUOTED.sub("", run):
        return None
    alone = first == last and last - 1 >= 0 and not _BEGINS.match(run)
    if alone and not re.search(r"工作|任务|重点|项目|实事|方案|计划|要点|分解", run):
        return None
    return first


def _may_precede(text: str) -> bool:
    """Return whether a line may be part of a title that goes on below it."""
    return (
        2 <= len(text) <= 60
        and _NO_TITLE.search(text) is None
        and not re.search(r"[：:，,]$", text)
        and not is_number_line(text)
        and not _RED_HEAD.fullmatch(text)
        and (not _TITLE_ENDING.search(text) or _is_open(text, left=True))
    )


def _begins_soon(lines: Sequence[Line], at: int) -> bool:
    """Return whether the line above `at` begins a title and leads up to it."""
    above = lines[at - 1].text
    return _may_precede(above) and _BEGINS.match(above) is not None


def _is_open(text: str, *, left: bool = False) -> bool:
    """Return whether a bracket closes that was never opened, or, `left`, is left open."""
    stack: list[str] = []
    for char in text.translate(_ROUND):
        if char in _CLOSERS.values():
            stack.append(char)
        elif char in _CLOSERS and (not stack or stack.pop() != _CLOSERS[char]):
            return not left
    return left and bool(stack)


def title_of_page(titles: Iterable[str]) -> str:
    """The title that a web page gives itself and its text does not repeat, without evidence."""
    for name in titles:
        for part in (name, _SITE_SUFFIX.sub("", name)):
            if is_title(wanted := re.sub(r"\s", "", plain(part))):
                return wanted
    return ""
