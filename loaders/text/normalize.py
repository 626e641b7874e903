"""A text in plain characters with its lines made whole, and the offset of each character.

Digits and letters of full width become ASCII ones, white space of every kind a space, and of
the traditional characters those that occur in the names of bodies and in labels their
simplified forms. Marks are left as they are: full and half width are distinguished nowhere. Pairs
of asterisks are what extractors leave of bold type. Lines of a print that end where the page
does are joined again, over page numbers too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from loaders.lexicon.numerals import MEASURE_WORDS
from loaders.lexicon.roles import LABEL
from loaders.text.traditional import SIMPLIFIED, TRADITIONAL

_WIDE = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_STARS = dict.fromkeys(map(ord, "\uff0a\ufe61\u2731\u2217"), "*")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u3000\t"), " ")
_MARKS = str.maketrans(
    "\u2236\ufe55\ufe13\ufe54\ufe14\ufe50\ufe10\ufe51\ufe11\ufe59\ufe5a\u300c\u300d\u300e\u300f\uff61",
    "：：：；；，，、、（）“”“”。",
)
"""Marks of small or upright form, and the quotation marks of vertical print."""
_PLAIN = str.maketrans(TRADITIONAL, SIMPLIFIED) | _MARKS | _WIDE | _STARS | _SPACES
_LIST_MARK = re.compile(
    rf"^ {{0,12}}(?:[-+](?= +[^\s\d])|[*](?= +(?:{LABEL.pattern}))|#{{1,6}}(?= ))", re.MULTILINE
)
"""Marks of Markdown before a heading or the item of a list."""
_NOTHING = re.compile(
    "[\u200b\u200c\u200d\u2060\ufeff]"
    "|(?<=[\u4e00-\u9fff])[（(] ?[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹê]{1,6} ?[）)]"
)
"""Characters of no width, and the readings that mirrors set behind characters: 辦發(fā)."""
_PAGE = re.compile(r"[—\-－–_\s]*第?\s*\d{1,3}\s*页?[—\-－–_\s]*$")
_BEGINS = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}(?:[.．、](?!\d)|\s(?!"
    rf"{MEASURE_WORDS}))|"
    r"第[一二三四五六七八九十\d]{1,4}[条章节]|[①-⑳▲●•◆■○◇□★☆※·►—]|附[则件]|抄送|注[:：]"
)
"""The beginning of a line that does not continue another: a number, a bullet."""
_LABELLED = re.compile(r"[“\"]?[^\s。，,；;:：（(]{2,14}[”\"]?[:：]")
_UNITS = re.compile(r"\s*[牵责配主协由省市区县各]")
_TOLD = re.compile(
    rf"(?:{LABEL.pattern}[^（(【\[〔]*|(?:牵头|负责|配合|参与|协助|落实))[）)】\]〕]$"
)
"""A bracket of bodies that ends with its line: the next line is about something else."""
MAX_BRACKET_LINES = 4
"""A bracket that runs over more lines has lost its end."""
MIN_PRINTED_LINES = 6
"""Fewer lines do not show how wide the page is."""
_ENDS = "。；;：:！!？?"


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain text; `offsets` are those of its characters in the document."""

    text: str
    offsets: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the document of a stretch of the plain text, half open."""
        return self.offsets[start], self.offsets[end - 1] + 1


def plain(text: str) -> str:
    """The text, character for character, in plain ones.

    >>> plain("２．牽頭單位：財政局")
    '2．牵头单位：财政局'
    """
    text = text.translate(_PLAIN).replace("**", "  ")
    return _LIST_MARK.sub(lambda m: " " * len(m[0]), text)


def plain_text(source: str) -> Plain:
    """A document in plain characters, with whole lines and without characters of no width."""
    text = plain(source)
    breaks = list(_soft_breaks(text))
    gone = [m.span() for m in _NOTHING.finditer(text)] + breaks
    if not gone:
        return Plain(text, range(len(text)))
    kept: list[int] = []
    at = 0
    for start, end in [*sorted(gone), (len(text), len(text))]:
        kept.extend(range(at, start))
        at = max(at, end)
    spaces = {start - 1 for start, _ in breaks if text[start - 1] in "\r\n"}
    return Plain("".join(" " if i in spaces else text[i] for i in kept), kept)


def _soft_breaks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the breaks between lines of a print that belong together, half open."""
    lines = [(m.start(), m.end(), m.group()) for m in re.finditer(r"[^\s](?:[^\r\n]*[^\s])?", text)]
    lines = [line for line in lines if not _PAGE.fullmatch(line[2])]
    bracketed = _inside_brackets_of_bodies(lines)
    full = _full(lines) | bracketed
    if not full:
        return
    gaps = [text[a[1] : b[0]] for a, b in pairwise(lines)]
    apart = sum(gap.count("\n") > 1 for gap in gaps) < 0.8 * len(gaps)
    for (_, end, said), (start, _, after), gap in zip(lines, lines[1:], gaps, strict=False):
        if end not in full or _BEGINS.match(after) or _TOLD.search(said):
            continue
        if _LABELLED.match(after) and not _is_open(said):
            continue
        far = apart and end not in bracketed
        if far and gap.count("\n") > 1 and not re.search(r"\d", gap):
            continue
        words = said[-1].isascii() and said[-1].isalpha() and after[0].isascii()
        label = _LABELLED.match(after) is not None
        yield end + (words or label), start


def _full(lines: Sequence[tuple[int, int, str]]) -> set[int]:
    """The ends of lines that fill the page, by width or by count; none where lines are
    paragraphs.

    Where few lines do, only those count that stop inside a sentence or a bracket.
    """
    found: set[int] = set()
    for measure, slack, least, most in ((_width, 6, 24, 130), (len, 2, 12, 65)):
        sizes = sorted(measure(said) for _, _, said in lines)
        if len(sizes) < MIN_PRINTED_LINES:
            return set()
        top = sizes[-1 - len(sizes) // 20]
        if not least <= top <= most or sizes[-1] > top + 2 * slack:
            continue
        full = {end: said for _, end, said in lines if measure(said) >= top - slack}
        cut = {end for end, said in full.items() if said[-1] not in _ENDS}
        if 3 * len(full) > len(lines) and 2 * len(cut) > len(full):
            ends = set(full)
        else:
            ends = {end for end in cut if _is_open(full[end]) or _is_cut(full[end])}
            ends = ends if 2 * len(ends) > max(len(full), 2) else set()
        if len(ends) > len(found):
            found = ends
    return found


def _is_cut(said: str) -> bool:
    marks = re.search("[，,。；;、]", said)
    return said[-1] not in "）)】]〕》”" and marks is not None and not LABEL.match(said)


def _opened(said: str) -> int | None:
    """The offset of the bracket that a line opens and does not close, or None."""
    opened: list[int] = []
    for i, char in enumerate(said):
        if char in "（(【[〔":
            opened.append(i)
        elif char in "）)】]〕" and opened:
            opened.pop()
    return opened[0] if opened else None


def _is_open(said: str) -> bool:
    return _opened(said) is not None


def _inside_brackets_of_bodies(lines: Sequence[tuple[int, int, str]]) -> set[int]:
    """The ends of lines inside a bracket of bodies that closes a few lines below."""
    found: set[int] = set()
    begun = ""
    ends: list[int] = []
    for _, end, said in lines:
        if begun and (_BEGINS.match(said) or len(ends) > MAX_BRACKET_LINES):
            begun, ends = "", []
        begun += said
        at = _opened(begun)
        if at is None or not _UNITS.match(begun, at + 1):
            found.update(ends)
            begun, ends = "", []
        else:
            found.update(ends[:1])
            ends.append(end)
    return found


def _width(said: str) -> int:
    return sum(1 if c < "\u2e80" else 2 for c in said)
