"""The head of a document: title, number, issuer, district, year, dates, each with its evidence.

Public pages print them as label lines above the notice; a bare text shows them in its title,
its document number and the date under its signature. Dates that disagree are both kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.records import Doubt, Head, Span
from loaders.identity.districts import UNKNOWN, district_of, place_of, province_of
from loaders.identity.issuers import issuer_in, issuer_of
from loaders.identity.numbers import number_of_document
from loaders.identity.opening import MAX_OPENING_LINES, Line, lines_of, opening_of
from loaders.identity.signatories import signatory_of
from loaders.identity.titles import is_title, title_of, title_of_page
from loaders.identity.years import (
    in_figures,
    iso_date,
    signing_date,
    year_in_name,
    year_in_text,
    year_of,
)
from loaders.text.normalize import plain
from loaders.text.paragraphs import Block

_VALUE = r"(?:\s*[:：]\s*([^\s|]+)|[ \u3000]+(20\d\d[-年./]\S+))"
"""A date behind its label; a site may part them by spaces alone."""
_LABELS = {
    "index": re.compile(r"(?:索引号|索\s*引\s*号)\s*[:：][ \t\u3000]*([^\s|]+)"),
    "published": re.compile(rf"(?:发布日期|公开日期|发布时间){_VALUE}"),
    "signed": re.compile(rf"(?:成文日期|印发日期|发文日期|生成日期){_VALUE}"),
}
_ANNOUNCED = re.compile(r"(\d{4}年\d{1,2}月\d{1,2}日)\s*发布")
MAX_SIGNATURE_CHARS = 60


def head_of(
    text: str, blocks: Sequence[Block], end: int, name: str = "", titles: Sequence[str] = ()
) -> Head:
    """Read the head of a document from its blocks before `end` (where its table begins).

    `name` is its file's name, which may give the issuer, the place and the year of a sheet that
    came without its notice (长宁区2020年重点工作.xlsx); `titles` are those that a web page gives
    itself. A field that the document does not give is an empty string; `evidence` has a span for
    each field that stands in the text.
    """
    limit = blocks[end].start if end < len(blocks) else len(text)
    before = blocks[:end]
    opening = opening_of(before)
    found: dict[str, Span] = {}
    for field, pattern in _LABELS.items():
        if match := pattern.search(text, 0, limit):
            start, value = match.start(match.lastindex or 1), match[match.lastindex or 1]
            found[field] = Span(start, start + len(value), value)
    lines = lines_of(before)
    title = title_of(text, opening, titles)
    issuer = issuer_of(text, limit, title, opening, lines)
    number = number_of_document(text, opening, limit)
    announced = _ANNOUNCED.search(text)
    published = found.get("published") or (
        Span(announced.start(1), announced.end(1), announced[1]) if announced else None
    )
    signed = found.get("signed") or signing_date(text, lines)
    spans = {
        "title": title,
        "issuer": issuer,
        "number": number,
        "published": published,
        "signed": signed,
        "signatory": signatory_of(text, lines, title),
    }
    found |= {field: span for field, span in spans.items() if span is not None}
    quote = {field: span.quote for field, span in found.items()}
    stem = in_figures(plain(name.rpartition(".")[0] or name))
    said = {field: _tight(quote.get(field, "")) for field in ("title", "number", "issuer")}
    said["number"] = plain(said["number"])
    said["title"] = said["title"] or title_of_page(titles)
    said["issuer"] = re.sub(r"\s+", _parted, quote.get("issuer", "")) or issuer_in(stem)
    dates = iso_date(quote.get("signed", "")), iso_date(quote.get("published", ""))
    short = [x.text for x in lines if len(x.text) <= MAX_SIGNATURE_CHARS and "。" not in x.text]
    district = district_of(said["title"], said["issuer"], [x.text for x in opening] + short)
    if district == UNKNOWN:
        district = place_of(stem) or province_of(text) or UNKNOWN
    return Head(
        title=said["title"],
        number=said["number"],
        index=quote.get("index", ""),
        issuer=said["issuer"],
        jurisdiction=district,
        year=year_of(said["title"], said["number"], *dates, _headings(opening, lines))
        or year_in_name(stem)
        or year_in_text(text, limit),
        signed=dates[0],
        published=dates[1],
        signatory=_tight(quote.get("signatory", "")),
        evidence=found,
    )


def doubts_of(head: Head) -> tuple[Doubt, ...]:
    """List what is odd: published before it was signed, signed before its number's year."""
    found = []
    if head.signed and head.published and head.published < head.signed:
        why = f"发布日期{head.published}早于成文日期{head.signed}，两者都保留"
        found.append(Doubt(head.evidence["published"], "", "head", "dates", why))
    numbered = re.search(r"20\d\d", head.number)
    if head.signed and numbered and numbered.group() > head.signed[:4]:
        why = f"成文日期{head.signed}早于发文字号的年份{numbered.group()}，两者都保留"
        found.append(Doubt(head.evidence["signed"], "", "head", "dates", why))
    return tuple(found)


def _headings(opening: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """The lines of an opening, and those above a list that name what it is (2026年任务清单)."""
    return [*opening, *(x for x in lines[:MAX_OPENING_LINES] if is_title(x.text))]


def _parted(gap: re.Match[str]) -> str:
    """A mark between two issuers that spaces part (海南省农业农村厅  海南省财政厅)."""
    ends = re.search(r"[厅局委部办]$|政府$|委员会$", gap.string[: gap.start()])
    begins = re.match(r"[\u4e00-\u9fff]{2,6}?[省市区县]", gap.string[gap.end() :])
    return "、" if ends and begins else ""


def _tight(text: str) -> str:
    return re.sub(r"\s", "", text)
