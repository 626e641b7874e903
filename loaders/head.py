"""What a document says of itself: title, number, issuer, jurisdiction, dates.

Public pages print these as label lines above the notice; a bare text shows them in its title,
its document number and the date under its signature. Dates that disagree are both kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from graph.records import Doubt, Head, Span
from loaders.text.normalize import plain
from loaders.text.paragraphs import Block

_VALUE = r"(?:\s*[:：]\s*([^\s|]+)|[ \u3000]+(20\d\d[-年./]\S+))"
"""A date behind its label; a site may part them by spaces alone."""
_LABELS = {
    "number": re.compile(r"(?:发文字号|文号|文\s*号|发文文号)\s*[:：]\s*(\S[^\n|]*)"),
    "index": re.compile(r"(?:索引号|索\s*引\s*号)\s*[:：]\s*([^\s|]+)"),
    "issuer": re.compile(r"(?:发文机构|发布机构|发文机关|发文单位|制发机关)\s*[:：]\s*([^\s|]+)"),
    "published": re.compile(rf"(?:发布日期|公开日期|发布时间){_VALUE}"),
    "signed": re.compile(rf"(?:成文日期|印发日期|发文日期|生成日期){_VALUE}"),
}
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,8}[〔\[\uff3b(（]\d{4}[〕\]\uff3d)）]\s*\d{1,4}\s*号")
_DATE = re.compile(r"(\d{4})\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})\s*日?")
_TITLE = re.compile(
    r"(?:通知|意见|方案|计划|措施|办法|目标|分解表?|要点|规划|决定|公告|安排|工作|行动|举措|清单|任务|政策|细则|实事|高地|条|分工|公报|报告|讲话|规定|条例|批复|函|制度|一览表?|责任表)"
    r"(?:[（(〔][^（()）]{1,16}[)）〕]|[（(].{4,30}年?[)）])?$"
)
_PLACE = re.compile(
    r"((?:[\u4e00-\u9fff]{2,4}?(?:省|自治区))?(?:[\u4e00-\u9fff]{2,6}?(?:市|自治州|州|盟|地区))?"
    r"(?:[\u4e00-\u9fff]{1,7}?(?:新区|开发区|区|自治县|县|自治旗|旗))?"
    r"(?:[\u4e00-\u9fff]{2,5}?(?:镇|乡|街道)(?=人民政府|政府|党委|党工委|办事处|关于|20\d\d年))?)"
)
_DISTRICT = re.compile(r"([\u4e00-\u9fff]{1,7}?(?:新区|开发区|区|自治县|县|自治旗|旗))")
"""Where a city seems to stand, and does not: 汉阳湖区城市管理."""
_NO_PLACE = re.compile(
    r"各|号|级|关于|印发|通知|社区|园区|我|全|本|市场|(?<![\u4e00-\u9fff])城市|[大小新老]城市|[\u4e00-\u9fff]{2}城市|建立|成立|组建|办公|中共|中国|地区市|城镇|乡镇|小镇|[返下城家回]乡|机构|文号|发布|单位|制定|推进|推动|支持|促进|加快|加强|鼓励|深化|规范|是"
)
_RANGE = re.compile(r"20\d{2}\s*年?\s*[—–\-~～至到]+\s*20\d{2}")
_ANNOUNCED = re.compile(r"(\d{4}年\d{1,2}月\d{1,2}日)\s*发布")
_YEAR = re.compile(r"(20\d{2})\s*年")
_UNKNOWN = "未知"
_AROUND = "\"',|｜\t "
"""What a table of plain text leaves around its title."""
_FIGURES = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
_IN_WORDS = re.compile(r"二[〇○零Oo0]([〇○零一二三四五六七八九Oo0]{2})年")
"""A year in Chinese figures: 二〇二三年."""
_SPOKEN = re.compile(
    r"(?<![到至])(?<!\d[-—–~～])(?<!\d——)(20\d{2})\s*(?:年|[-—–~～]{1,2}20\d{2}年)"
)
_MANGLED = re.compile(
    r"[\u4e00-\u9fff]{2,8}(?P<number>20[0-3]\d)\d{1,3}号|(?:^|\n)\s*(?P<date>20[0-3]\d)\d{2,4}日"
)
"""A number or a date whose marks were lost on the way: 杨府办20213号, 2021112日."""
_IN_FORCE = re.compile(r"自(20\d{2})年\d{1,2}月\d{1,2}日起")
_NATIONAL = re.compile(
    r"(?:国务院|中共中央|国家[\u4e00-\u9fff]{2,8}[委局署]|(?!\S{0,12}[省市区县州])[\u4e00-\u9fff]{2,10}部(?!门)(?:办公厅)?(?:等\S{1,4}部门)?)(?:办公厅)?\S{0,20}关于"
)
"""A title with which an organ of the state speaks to the whole country."""


def head_of(text: str, blocks: Sequence[Block], end: int) -> Head:
    """The head of a document, read from its blocks before `end` (where its table begins).

    A field that the document does not give is an empty string; `evidence` has a span for
    each field that it gives.
    """
    found: dict[str, Span] = {}
    limit = blocks[end].start if end < len(blocks) else len(text)
    for name, pattern in _LABELS.items():
        match = pattern.search(text, 0, limit)
        if match:
            said, start = match[match.lastindex or 1].rstrip(), match.start(match.lastindex or 1)
            found[name] = Span(start, start + len(said), said)
    if "number" in found:  # other labels may stand behind it in its line
        match = _NUMBER.match(text, found["number"].start)
        if match:
            found["number"] = Span(match.start(), match.end(), match.group())
    title = _title(text, blocks[:end])
    if title:
        found["title"] = title
    if "number" not in found:
        match = _NUMBER.search(plain(text[: min(limit, 600)]))
        if match:
            found["number"] = Span(*match.span(), text[match.start() : match.end()])
    if "published" not in found:
        announced = _ANNOUNCED.search(text)
        if announced:
            found["published"] = Span(announced.start(1), announced.end(1), announced.group(1))
    if "signed" not in found:
        signed = _signature(text, blocks[:end])
        if signed:
            found["signed"] = signed
    signatory = _signatory(blocks[:end], title)
    if signatory:
        found["signatory"] = signatory
    quote = {name: span.quote for name, span in found.items()}
    number = re.sub(r"\s", "", plain(quote.get("number", "")))
    return Head(
        title=re.sub(r"\s", "", quote.get("title", "")),
        number=number,
        index=quote.get("index", ""),
        issuer=quote.get("issuer", ""),
        jurisdiction=_jurisdiction(
            quote.get("title", ""), quote.get("issuer", ""), "\n".join(b.raw for b in blocks[:end])
        ),
        year=_year(quote, number) or _year_within(text, limit),
        signed=_iso(quote.get("signed", "")),
        published=_iso(quote.get("published", "")),
        signatory=re.sub(r"\s", "", quote.get("signatory", "")),
        evidence=found,
    )


def named_by_file(head: Head, name: str) -> Head:
    """The head with the place and the year that its file's name says, where it says none itself.

    A sheet often comes without the notice: 长宁区2020年重点工作.xlsx.
    """
    stem = _figured(plain(name.rpartition(".")[0] or name))
    year = _YEAR.search(stem)
    place = _place_of(stem) if head.jurisdiction == _UNKNOWN else ""
    return replace(
        head,
        jurisdiction=place or head.jurisdiction,
        year=head.year or (int(year[1]) if year else None),
    )


def doubts_of(head: Head) -> tuple[Doubt, ...]:
    """What is odd about a head: published before it was signed, signed before its number's year."""
    found = []
    if head.signed and head.published and head.published < head.signed:
        why = f"发布日期{head.published}早于成文日期{head.signed}，两者都保留"
        found.append(Doubt(head.evidence["published"], "", "head", "dates", why))
    numbered = re.search(r"20\d\d", head.number)
    if head.signed and numbered and numbered.group() > head.signed[:4]:
        why = f"成文日期{head.signed}早于发文字号的年份{numbered.group()}，两者都保留"
        found.append(Doubt(head.evidence["signed"], "", "head", "dates", why))
    return tuple(found)


def _title(text: str, blocks: Sequence[Block]) -> Span | None:
    for block in blocks[:12]:
        line = next((part for part in block.raw.splitlines() if part.strip()), "")
        line = line.strip().strip(_AROUND)
        clean = re.sub(r"\s", "", line)
        if 8 <= len(clean) <= 80 and _TITLE.search(clean) and "：" not in clean[:6]:
            start = block.start + block.raw.index(line) + len(line) - len(line.lstrip())
            return Span(start, start + len(line.strip()), line.strip())
    return None


def _signature(text: str, blocks: Sequence[Block]) -> Span | None:
    """The last line before the annex that is a date and nothing else, brackets aside."""
    for block in reversed(blocks):
        for line in reversed(list(re.finditer(r"[^\r\n]+", block.raw))):
            said = line.group().strip()
            said = said.strip("（）()")
            if _DATE.fullmatch(said):
                start = block.start + line.start() + line.group().index(said)
                return Span(start, start + len(said), said)
    return None


_ORGAN = re.compile(
    r"[\u4e00-\u9fff]{2,24}(?:人民政府|政府|委员会|办公室|办公厅|管委会|办事处|领导小组|指挥部|[局厅委院])"
)
_AUTHOR = re.compile(r"[\u4e00-\u9fff]{2,16}?人民政府(?:办公室|办公厅)?(?=关于)")


def _signatory(blocks: Sequence[Block], title: Span | None) -> Span | None:
    """Return the organ that signed: the line above the last date, else the title's author."""
    lines = [
        (line.group().strip(), block.start + line.start() + _indent(line.group()))
        for block in blocks
        for line in re.finditer(r"[^\r\n]+", block.raw)
        if line.group().strip()
    ]
    dates = [n for n, (said, _) in enumerate(lines) if _DATE.fullmatch(said.strip("（）()"))]
    if dates and dates[-1]:
        said, start = lines[dates[-1] - 1]
        if _ORGAN.fullmatch(re.sub(r"\s", "", said)):
            return Span(start, start + len(said), said)
    author = _AUTHOR.match(title.quote) if title else None
    if title is None or author is None:
        return None
    return Span(title.start, title.start + author.end(), author.group())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _iso(date: str) -> str:
    match = _DATE.search(date)
    if not match:
        return ""
    year, month, day = (int(g) for g in match.groups())
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _year(quote: Mapping[str, str], number: str) -> int | None:
    """The year a document is about: its title's, else that of its number or its dates."""
    title = _figured(plain(quote.get("title", "")))
    spoken = None if _RANGE.search(title) else _YEAR.search(title)
    match = (
        spoken
        or re.search(r"(20\d{2})", number)
        or re.search(r"(20\d{2})", quote.get("signed", ""))
        or re.search(r"(20\d{2})", title)
        or re.search(r"(20\d{2})", quote.get("published", ""))
    )
    return int(match.group(1)) if match else None


def _year_within(text: str, limit: int) -> int | None:
    """The year of a document whose head says none: at its beginning, or since when it holds."""
    head = _figured(plain(text[: min(limit, 600)]))
    mangled = _MANGLED.search(head)
    match = _SPOKEN.search(head[:60]) or _IN_FORCE.search(text)
    if mangled:
        return int(mangled["number"] or mangled["date"])
    return int(match.group(1)) if match else None


def _figured(text: str) -> str:
    """The text with its years in figures.

    >>> _figured("二〇二三年实事")
    '2023年实事'
    """
    return _IN_WORDS.sub(lambda m: f"20{m[1].translate(_FIGURES)}年", text)


def _jurisdiction(title: str, issuer: str, text: str) -> str:
    """The place whose government speaks, as fully as the document names it at the head of a line.

    >>> _jurisdiction("罗湖区支持人工智能发展若干措施", "", "深圳市罗湖区人民政府\\n2026年4月24日")
    '深圳市罗湖区'
    >>> _jurisdiction("关于印发重点工作的通知", "", "各镇人民政府：")
    '未知'
    """
    lines = (title, issuer, *text.splitlines())
    said = [re.sub(r"\s", "", plain(line)) for line in lines if line.strip()]
    names = [name for line in said if (name := _place_of(line))]
    if not names:
        return "全国" if _NATIONAL.match(title) else _UNKNOWN
    first = _place_of(re.sub(r"\s", "", plain(title))) or names[0]
    fuller = [n for n in names if n.endswith(first)]
    return max(fuller, key=len) if fuller else first


def _place_of(line: str) -> str:
    """The place with whose name a line begins: of its government, or of what it is about."""
    line = re.sub(
        r"^(?:[\"'|｜#]|中共|20\d\d年(?:度)?|附件\d*[:：]?|《|关于(?:印发|公布|下达)?(?:《)?|国家级|省级)+",
        "",
        line,
    )
    return next((place for pattern in (_PLACE, _DISTRICT) if (place := _speaks(line, pattern))), "")


def _speaks(line: str, pattern: re.Pattern[str]) -> str:
    """The place at the beginning of a line, if what follows is its government or its document."""
    name = pattern.match(line)
    if name is None or len(name.group(1)) < 3 or _NO_PLACE.search(name.group(1)):
        return ""
    rest = line[name.end() :]
    speaks = re.match(
        r"(?:人民政府|政府|委|办公|发展|科技|财政|[\u4e00-\u9fff]{2,16}(?:局|办公室|委员会|厅)(?:$|[\d（(关等])|关于|20\d\d|"
        r"支持|民生实事|十[大件]|加快|促进|推进|推动|贯彻|落实|重点|深化|进一步|[^。；：:]{0,30}(?:行动|方案|分解表?|任务表|责任表|一览表|规划|纲要|十条|措施|计划|意见|要点|举措|清单|任务|分工|公报|报告|规定|条例|办法|公告))",
        rest,
    )
    return name.group(1) if speaks else ""
