"""What a document says of itself: title, number, issuer, jurisdiction, dates.

Public pages print these as label lines above the notice; a bare text shows them in its title,
its document number and the date under its signature. Dates that disagree are both kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.records import Doubt, Head, Span
from loaders.cells import Block

_LABELS = {
    "number": re.compile(r"(?:发文字号|文号|文\s*号|发文文号)\s*[:：]\s*(\S[^\n|]*)"),
    "index": re.compile(r"(?:索引号|索\s*引\s*号)\s*[:：]\s*([^\s|]+)"),
    "issuer": re.compile(r"(?:发文机构|发布机构|发文机关|发文单位|制发机关)\s*[:：]\s*([^\s|]+)"),
    "published": re.compile(r"(?:发布日期|公开日期|发布时间)\s*[:：]\s*([^\s|]+)"),
    "signed": re.compile(r"(?:成文日期|印发日期|发文日期|生成日期)\s*[:：]\s*([^\s|]+)"),
}
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,8}[〔\[\uff3b(（]\d{4}[〕\]\uff3d)）]\s*\d{1,4}\s*号")
_DATE = re.compile(r"(\d{4})\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})\s*日?")
_TITLE = re.compile(
    r"(?:通知|意见|方案|计划|措施|办法|目标|分解表?|要点|规划|决定|公告|安排|工作)$"
)
_GOVERNMENT = re.compile(
    r"((?:[\u4e00-\u9fff]{2,8}?(?:省|自治区))?(?:[\u4e00-\u9fff]{2,10}?(?:市|州|盟))?"
    r"(?:[\u4e00-\u9fff]{1,8}?(?:新区|区|县|旗))?)(?:人民政府|政府办公|委员会|发展改革|发展和改革)"
)
_YEAR = re.compile(r"(20\d{2})\s*年")


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
            found[name] = Span(match.start(1), match.start(1) + len(match.group(1).rstrip()),
                               match.group(1).rstrip())  # fmt: skip
    title = _title(text, blocks[:end])
    if title:
        found["title"] = title
    if "number" not in found:
        match = _NUMBER.search(text, 0, min(limit, 600))
        if match:
            found["number"] = Span(match.start(), match.end(), match.group())
    if "signed" not in found:
        signed = _signature(text, blocks[:end])
        if signed:
            found["signed"] = signed
    quote = {name: span.quote for name, span in found.items()}
    number = re.sub(r"\s", "", quote.get("number", ""))
    return Head(
        title=re.sub(r"\s", "", quote.get("title", "")),
        number=number,
        index=quote.get("index", ""),
        issuer=quote.get("issuer", ""),
        jurisdiction=_jurisdiction(quote.get("title", ""), quote.get("issuer", ""), text[:limit]),
        year=_year(quote.get("title", ""), number, quote.get("signed", "")),
        signed=_iso(quote.get("signed", "")),
        published=_iso(quote.get("published", "")),
        evidence=found,
    )


def doubts_of(head: Head) -> tuple[Doubt, ...]:
    """What is odd about a head: a document that was published before it was signed."""
    if head.signed and head.published and head.published < head.signed:
        why = f"发布日期{head.published}早于成文日期{head.signed}，两者都保留"
        return (Doubt(head.evidence["published"], "", "head", "dates", why),)
    return ()


def _title(text: str, blocks: Sequence[Block]) -> Span | None:
    for block in blocks[:12]:
        line = next((part for part in block.raw.splitlines() if part.strip()), "")
        clean = re.sub(r"\s", "", line)
        if 8 <= len(clean) <= 80 and _TITLE.search(clean) and "：" not in clean[:6]:
            start = block.start + block.raw.index(line) + len(line) - len(line.lstrip())
            return Span(start, start + len(line.strip()), line.strip())
    return None


def _signature(text: str, blocks: Sequence[Block]) -> Span | None:
    """The last paragraph before the annex that is a date and nothing else."""
    for block in reversed(blocks):
        match = _DATE.fullmatch(block.raw.strip())
        if match:
            return block.span()
    return None


def _iso(date: str) -> str:
    match = _DATE.search(date)
    if not match:
        return ""
    year, month, day = (int(g) for g in match.groups())
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _year(title: str, number: str, signed: str) -> int | None:
    match = _YEAR.search(title) or re.search(r"(20\d{2})", number) or _YEAR.search(signed)
    return int(match.group(1)) if match else None


def _jurisdiction(title: str, issuer: str, text: str) -> str:
    """The place whose government speaks, as fully as the document names it."""
    names = [
        match.group(1)
        for source in (title, issuer, text)
        for match in _GOVERNMENT.finditer(re.sub(r"\s", "", source))
        if match.group(1)
    ]
    return max(names[:3], key=len) if names else "未知"
