"""The opening of a document: its lines from the top to where its body begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.records import Span
from loaders.text.normalize import plain
from loaders.text.paragraphs import Block

MAX_OPENING_LINES = 80
_AROUND = "\"',|｜\t\u3000 "
"""What a table of plain text leaves around its title."""
_SALUTATION = re.compile(r"(?=.*(?:各|政府|部门|单位|局|委|办)).{3,300}[:：]$")
_SENTENCE = re.compile(r".{25,}[。；;]|.{12,}。$|.{60,}，.{5,}")
_CHAPTER = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章条节]|"
    r"[（(][一二三四五六七八九十]{1,3}[)）]|1[.．、](?!\d))."
)
_FIRST_CHAPTER = re.compile(r"(?:一、|[（(]一[)）]|1[.．、]|第一[章条])[\u4e00-\u9fff]")
_BODY_OPENING = re.compile(
    r"为(?:深入|认真|全面|切实|进一步|了)?(?:贯彻|落实|加[快强]|推[进动]|规范|有效)"
)
_LABELLED = re.compile(
    r"(?:标\s*题|名\s*称|索\s*引\s*号|文\s*号|机[构关]|日期|时间|分类|来源)\s*[:：]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its place; `text` is in plain characters, without white space."""

    start: int
    end: int
    text: str


def lines_of(blocks: Sequence[Block]) -> list[Line]:
    """The lines of paragraphs that hold something, without the marks around them."""
    found = []
    for block in blocks:
        for match in re.finditer(r"[^\r\n]+", block.raw):
            kept = match.group().strip(_AROUND)
            text = re.sub(r"\s", "", plain(kept))
            if text:
                start = block.start + match.start() + match.group().index(kept)
                found.append(Line(start, start + len(kept), text))
    return found


def opening_of(blocks: Sequence[Block]) -> list[Line]:
    """The lines above the body: above the first salutation, sentence or numbered item.

    A web page has lines of its own before the title (menus, news); its index block holds colons.
    """
    found = []
    for line in lines_of(blocks[:MAX_OPENING_LINES]):
        text = line.text
        begins = _SENTENCE.match(text) or _CHAPTER.match(text) or _BODY_OPENING.match(text)
        if begins or (_SALUTATION.fullmatch(text) and not _LABELLED.match(text)):
            found += _before_chapter(line)
            break
        found.append(line)
    return found[:MAX_OPENING_LINES]


def span_over(text: str, first: Line, last: Line) -> Span:
    """The stretch of `text` from the beginning of one line to the end of another."""
    return Span(first.start, last.end, text[first.start : last.end])


def _before_chapter(line: Line) -> list[Line]:
    """The part of a line above its first chapter, where a page lost its line breaks."""
    chapter = _FIRST_CHAPTER.search(line.text)
    if chapter is None or line.end - line.start != len(line.text):
        return []
    end = chapter.start()
    return [Line(line.start, line.start + end, line.text[:end])] if 6 <= end <= 80 else []
