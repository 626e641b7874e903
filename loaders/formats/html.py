"""HTML to text and grids: what a person reads of a page, without scripts and site furniture.

Each block element is a paragraph, each table of data a grid. A table that only arranges the
page (it holds other tables, or one column) is read through. Runs beside the package's own
process: see `loaders.formats.sandbox`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from loaders.formats.extracted import Flat, Refused, Writing, label_lines, spans_resolved
from loaders.formats.html_limits import measure
from loaders.lexicon.columns import column_of

_DEEPEST = 400
MAX_TITLES = 12
MAX_TITLE_CHARS = 200
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary "
    "table tbody td tfoot th thead tr ul caption".split()
)
_UNREAD = frozenset(
    "script style noscript template svg math canvas iframe object embed audio video button select "
    "option textarea input head nav footer aside dialog map datalist".split()
)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|footer|foot|breadcrumbs?|crumbs?|share|sharing|"
    r"sidebar|toolbar|topbar|copyright|friendlinks?|qrcode|fontsize|pager|pagination|related|"
    r"comments?|login|search|banner)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_SITE_LINES = re.compile(
    r"(?:分享到|打印本页|关闭窗口|【?打印】?|【?关闭】?|【?收藏】?|字体[:：]?.{0,12}|【?字号[:：].{0,12}|"
    r"(?:点击量|点击数|浏览次数|浏览量|访问量|阅读次数)[:：]?\s*\d*次?|当前位置[:：].*|您的位置[:：].*|"
    r"您现在的位置[:：].*|首页\s*[>›»].*|上一篇[:：]?.*|下一篇[:：]?.*|返回顶部|扫一扫.*|保存|收藏)"
)
_FILES = re.compile(r"\.(docx?|xlsx?|pdf|wps|et|rtf|zip|rar|ofd)(?:$|[?&#])", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")


def read(data: bytes) -> Flat:
    """The text and the grids of a page, given in UTF-8. Raises Refused."""
    measure(data)
    tree = LexborHTMLParser(data.decode())
    root = tree.body or tree.root
    if root is None:
        raise Refused("it is an HTML page without a body")
    _measured(root)
    page = _Page(root)
    page.walk(root)
    return replace(page.writing.flat("text/html"), titles=_titles(tree))


def _titles(tree: LexborHTMLParser) -> tuple[str, ...]:
    """What a page says that it is called: for machines, in its title element, in its headings."""
    named = [m.attributes.get("content") or "" for m in tree.css('meta[name="ArticleTitle" i]')]
    for node in tree.css("title, h1")[:MAX_TITLES]:
        named.append(_tidy(node.text()).replace("\n", ""))
    return tuple(dict.fromkeys(name[:MAX_TITLE_CHARS] for name in named if name))


def _measured(root: LexborNode) -> None:
    """Raises Refused for a page whose elements stand too deep in each other."""
    node: LexborNode | None = root
    depth = 0
    while node is not None:
        if node.child is not None:
            node, depth = node.child, depth + 1
            if depth > _DEEPEST:
                raise Refused(f"its elements are nested more than {_DEEPEST} deep")
            continue
        while node is not None and node.next is None:
            node, depth = node.parent, depth - 1
            if depth <= 0:
                return
        node = node.next if node is not None else None


class _Page:
    """A page being written out."""

    def __init__(self, root: LexborNode) -> None:
        self.writing = Writing()
        self._line: list[str] = []
        self._kept = 0  # how many elements are open that keep their white space
        self._whole = max(1, _size(root))

    def walk(self, root: LexborNode) -> None:
        """Writes out what stands in an element; tables that arrange the page are gone through."""
        for opens, node in _events(root, self._skips):
            if node.is_text_node:
                self._line.append(_said(node) if not self._kept else node.text_content or "")
                if self._kept:
                    self._flush_all()
            elif node.tag == "br":
                self._line.append("\n" if opens else "")
            elif node.tag == "pre":
                self._flush()
                self._kept += 1 if opens else -1
            elif node.tag == "table" and _is_data(node):
                self._flush()
                self._table(node)
            elif node.tag in _BLOCKS:
                self._flush()
            elif node.tag == "a" and opens:
                self._attached(node)
        self._flush()

    def _flush_all(self) -> None:
        """Writes out text that keeps its lines: empty ones part its paragraphs."""
        *whole, rest = re.split(r"\n[^\S\n]*\n", "".join(self._line).replace("\r", ""))
        for paragraph in whole:
            self._line[:] = [paragraph]
            self._flush()
        self._line[:] = [rest]

    def _flush(self) -> None:
        text = _tidy("".join(self._line))
        self._line.clear()
        kept = [line for line in text.split("\n") if not _SITE_LINES.fullmatch(line)]
        self.writing.paragraph("\n".join(kept))

    def _table(self, table: LexborNode) -> None:
        if (first := next(table.iter(), None)) is not None and first.tag == "caption":
            self.writing.paragraph(self._cell_text(first))
        rows = []
        for row in _rows(table):
            cells = []
            for cell in _cells(row):
                said = cell.attributes
                text = self._cell_text(cell)
                cells.append((text, _count(said.get("rowspan")), _count(said.get("colspan"))))
            rows.append(cells)
        placed = spans_resolved(rows)
        lines = label_lines(placed)
        for line in lines or ():
            self.writing.paragraph(line)
        if not lines:
            self.writing.table(placed)

    def _cell_text(self, cell: LexborNode) -> str:
        parts: list[str] = []
        for opens, node in _events(cell, self._skips):
            if node.is_text_node:
                parts.append(_said(node))
            elif node.tag == "br" or (node.tag in _BLOCKS and node.tag not in ("td", "th")):
                parts.append("\n")
            elif node.tag in ("td", "th"):
                parts.append("  ")
            elif node.tag == "a" and opens:
                self._attached(node)
        return _tidy("".join(parts))

    def _attached(self, link: LexborNode) -> None:
        where = link.attributes.get("href") or ""
        if _FILES.search(where):
            name = _tidy(link.text()) or where.rsplit("/", 1)[-1]
            self.writing.attachment(name[:80])

    def _skips(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        if tag in _UNREAD:
            return True
        said = node.attributes
        if not said or tag in ("html", "body", "table", "tbody", "tr", "td", "th"):
            return False
        named = f"{said.get('class') or ''} {said.get('id') or ''}"
        hidden = "hidden" in said or _HIDDEN.search(said.get("style") or "")
        if not hidden and not _FURNITURE.search(named):
            return False
        return _size(node) < self._whole / 4  # a name is no proof: a quarter of the page is text


def _events(
    root: LexborNode, skips: Callable[[LexborNode], bool]
) -> Iterator[tuple[bool, LexborNode]]:
    """The nodes inside an element as they open (True) and close, without recursion.

    A table of data is given once, and not gone into.
    """
    node: LexborNode | None = root.child
    while node is not None:
        goes_in = False
        if node.is_text_node:
            yield True, node
        elif node.is_element_node and not skips(node):
            yield True, node
            goes_in = node.child is not None and not (
                node.tag == "table" and root.tag not in ("td", "th") and _is_data(node)
            )
            if not goes_in and node.tag != "br" and node.tag != "table":
                yield False, node
        if goes_in:
            node = node.child
            continue
        while node is not None and node.next is None:
            parent = node.parent
            if parent is None or parent.mem_id == root.mem_id:
                return
            yield False, parent
            node = parent
        node = node.next if node is not None else None


def _is_data(table: LexborNode) -> bool:
    """Whether a table holds data: it has columns, and no tables but inside a cell of such."""
    rows = [list(_cells(row)) for row in _rows(table)]
    if max(map(len, rows), default=0) < 2:
        return False
    nested = any(node.tag == "table" and node.mem_id != table.mem_id for node in table.css("table"))
    return not nested or any(_headings(row) >= 2 for row in rows)


def _headings(row: list[LexborNode]) -> int:
    return sum(column_of("".join(cell.text().split())) is not None for cell in row)


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    """The rows of a table, without those of tables inside it."""
    part = table.child
    while part is not None:
        if part.tag == "tr":
            yield part
        elif part.tag in ("tbody", "thead", "tfoot"):
            row = part.child
            while row is not None:
                if row.tag == "tr":
                    yield row
                row = row.next
        part = part.next


def _cells(row: LexborNode) -> Iterator[LexborNode]:
    cell = row.child
    while cell is not None:
        if cell.tag in ("td", "th"):
            yield cell
        cell = cell.next


def _said(node: LexborNode) -> str:
    return _SPACE.sub(" ", node.text_content or "")


def _tidy(text: str) -> str:
    lines = (line.strip(" ") for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _count(said: str | None) -> int:
    """A rowspan or colspan: 0 means to the end."""
    digits = re.match(r"\s*(\d{1,6})", said or "1")
    return int(digits.group(1)) if digits else 1


def _size(node: LexborNode) -> int:
    return len(node.text() or "")
