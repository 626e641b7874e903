"""Read the head of a report of progress: its plan, its reporter, the day of its facts."""

from __future__ import annotations

import calendar
import re
from datetime import date

from graph.progress import ReportHead
from loaders.lexicon.numerals import number_of
from ontology.names import squeeze

MAX_HEAD_CHARS = 1200
"""Length of the opening that may state what the report is."""
REPORTING_DAY = 25
"""Reports of a month are due by its 25th: the day of the facts where only a month is named."""
NUMBER = re.compile(r"[\u4e00-\u9fff]{2,8}[〔\[(（【]\s*(20\d\d)\s*[〕\])）】]\s*\d{1,4}\s*号")
_CITES = re.compile(r"^(?:根据|按照|依据|按|依|关于|落实|贯彻)+")
_DAY = r"(?:(20\d\d)\s*[年./-]\s*)?(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?"
_UNTIL = re.compile(
    rf"截[至止](?:到|于)?(?:时间|日期)?\s*[:：]?\s*{_DAY}|数据截[至止]\s*[:：]?\s*{_DAY}"
)
_UNTIL_MONTH = re.compile(r"截[至止]到?\s*[:：]?\s*(?:(20\d\d)年)?(\d{1,2})月(?:底|末|份)?")
_UNTIL_WORD = re.compile(r"^(?:数据)?截[至止](?:到|于)?(?:时间|日期)?\s*[:：]?\s*")
_WRITTEN = re.compile(
    r"(?:填报|填表|报送|制表|上报|编制|印发|发布|成文)(?:日期|时间)\s*[:：]?\s*(20\d\d)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})"
)
_ANY_DAY = re.compile(r"(20\d\d)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")
_YEAR = re.compile(r"(20\d\d)\s*年|[〔\[(（](20\d\d)[〕\])）]")
_PERIODS: tuple[tuple[re.Pattern[str], tuple[int, int]], ...] = (
    (re.compile(r"全年|年度(?:完成|进展|总结|落实)|(?:1|一)\s*[-—至到~]\s*(?:12|十二)月"), (12, 31)),
    (re.compile(r"(?:前三|1\s*[-—至~]\s*3|一至三)季度|(?:1|一)\s*[-—至到~]\s*(?:9|九)月"), (9, 30)),
    (re.compile(r"上半年|(?:1|一)\s*[-—至到~]\s*(?:6|六)月"), (6, 30)),
    (re.compile(r"(?:第?一|第?1)季度|Q1|(?:1|一)\s*[-—至到~]\s*(?:3|三)月"), (3, 31)),
    (re.compile(r"(?:第?二|第?2)季度|Q2"), (6, 30)),
    (re.compile(r"(?:第?三|第?3)季度|Q3"), (9, 30)),
    (re.compile(r"(?:第?四|第?4)季度|Q4|下半年"), (12, 31)),
)  # fmt: skip
_MONTHS = re.compile(r"(?:1|一)\s*[-—至到~]\s*(\d{1,2}|[一二三四五六七八九十]{1,2})月")
_MONTH = re.compile(
    r"(?<![\d年-])(\d{1,2}|[一二三四五六七八九十]{1,2})月份?(?!\d|底|[一-龥]{0,4}日)"
)
_REPORTER = re.compile(
    r"(?:填报|报送|上报|编制|制表|报告)(?:单位|部门|机关)?\s*[:：]\s*([^\s:：]{2,24})"
    r"|来源\s*[:：]\s*([^\s:：（(]{2,20})|(?:^|\s)([^\s:：]{2,24}?)(?:汇总|编印|编制)(?=\s|$)"
)
_IN_TITLE = re.compile(
    r"^(?:关于)?(?!关于)([\u4e00-\u9fff“”（）()]{2,24}?(?:局|委|委员会|办|办公室|街道|镇|院|公司|集团|中心|支队|分局|联|会|政府))"
    r"(?:关于|落实|重点|(?:20\d\d|\d{1,2}月)|上半年|[一二三四]季度|工作|贯彻|承担)"
)
_OFFICE = re.compile(
    r"[\u4e00-\u9fff]{2,20}(?:办公室|办公厅)(?:督查[科处室]|目标办)?|[\u4e00-\u9fff]{2,12}督查[科处室]"
)
_ISSUE = re.compile(r"[（(]?\s*((?:20\d\d年)?第\s*\d{1,4}\s*期)\s*[）)]?")
_ABOUT = re.compile(
    r"进展|完成情况|推进情况|落实情况|实施情况|亮灯|填报表|月报|季报|通报|督查|进度|报表|情况表|落实.{0,12}情况|目标情况|完成值|量化指标"
)
_ASKS = re.compile(r"(?:请|要求|须|应)[^。]{0,20}(?:报送|上报|填报|反馈)|关于报送|的通知$")
TITLE = re.compile(r"[^\n]{4,60}")


def asks_for_reports(text: str) -> bool:
    """Return whether a text asks for reports, as a notice that comes with an empty form does."""
    return bool(_ASKS.search(text[:400]))


def report_head(text: str) -> ReportHead:
    """Return the head of a report, read from its opening.

    >>> h = report_head("区民政局2019年重点工作目标进展（截至10月25日）\\n报：区政府办公室督查科\\n")
    >>> h.as_of, h.reporter, h.year
    (datetime.date(2019, 10, 25), '区民政局', 2019)
    """
    opening = text[:MAX_HEAD_CHARS]
    title = _title(opening)
    number = NUMBER.search(opening)
    year = _year(title) or _year(opening) or (int(number[1]) if number else None)
    as_of = _as_of(title, opening, year)
    issued = _first_day(_WRITTEN, opening) or _issued(opening, as_of)
    issue = _ISSUE.search(opening)
    return ReportHead(
        title=title,
        plan=_CITES.sub("", re.sub(r"\s", "", number[0])) if number else "",
        as_of=as_of or issued,
        issued=issued,
        reporter=_reporter(title, opening),
        issue=squeeze(issue[1]) if issue else "",
        year=year,
        as_of_written=_as_of_written(opening),
    )


def _as_of_written(opening: str) -> str:
    """Return the day of the facts in the report's own words, which may lack the year."""
    found = _UNTIL.search(opening) or _UNTIL_MONTH.search(opening)
    return squeeze(_UNTIL_WORD.sub("", found[0])) if found else ""


def _title(opening: str) -> str:
    lines = [line.strip() for line in opening.splitlines() if line.strip()]
    about = [line for line in lines[:12] if _ABOUT.search(line) and len(line) <= 60]
    about = [
        line for line in about if not line.endswith("。") and not line.startswith("注")
    ] or about
    of_work = [line for line in about if re.search(r"目标|工作|任务|实事|项目|指标", line)]
    return squeeze((of_work or about or lines or [""])[0])


def _year(text: str) -> int | None:
    found = _YEAR.search(text)
    return int(found[1] or found[2]) if found else None


def _as_of(title: str, opening: str, year: int | None) -> date | None:
    for until in _UNTIL.finditer(opening):
        y, m, d = (until[i] or until[i + 3] for i in (1, 2, 3))
        if y or year:
            return _date(int(y or year or 0), int(m), int(d))
    if (until_month := _UNTIL_MONTH.search(opening)) and (until_month[1] or year):
        return _last_of(int(until_month[1] or year or 0), int(until_month[2]))
    if year is None:
        return None
    for words in (title, opening[:200]):
        if months := _MONTHS.search(words):
            return _last_of(year, number_of(months[1]) or 12)
        for form, (last_month, day) in _PERIODS:
            if form.search(words):
                return date(year, last_month, day)
        if (month_named := _MONTH.search(words)) and (month := number_of(month_named[1])):
            return _date(year, month, REPORTING_DAY)
    return None


def _last_of(year: int, month: int) -> date | None:
    return date(year, month, calendar.monthrange(year, month)[1]) if 1 <= month <= 12 else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _first_day(form: re.Pattern[str], text: str) -> date | None:
    found = form.search(text)
    return _date(int(found[1]), int(found[2]), int(found[3])) if found else None


def _issued(opening: str, as_of: date | None) -> date | None:
    for found in _ANY_DAY.finditer(opening[:400]):
        if not re.search(
            r"截[至止]到?[:：]?\s*$", opening[max(0, found.start() - 8) : found.start()]
        ):
            return _date(int(found[1]), int(found[2]), int(found[3]))
    return None


def _reporter(title: str, opening: str) -> str:
    found = _REPORTER.search(opening)
    if found:
        return squeeze(next(g for g in found.groups() if g))
    if named := _IN_TITLE.match(title):
        return named[1]
    lines = [line.strip() for line in opening.splitlines()[:12]]
    for line in lines:
        office = _OFFICE.search(line)
        if office and not re.match(r"(?:报|致|送)\s*[:：]?", line) and len(line) < 60:
            return squeeze(office[0])
    return ""
