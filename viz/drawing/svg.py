"""Write SVG: elements with escaped text, colours written out, links by key, no script ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

FAMILY = "Noto Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
INK, SECOND, THIRD, HAIR, PAPER, WASH = (
    "#1B1A17",
    "#504D46",
    "#6B675D",
    "#DFDBD0",
    "#FCFBF8",
    "#F4F1E9",
)
HUES = ("#0072B2", "#D55E00", "#CC79A7", "#E69F00", "#009E73", "#777777", "#8C564B", "#17BECF")
STREETS = "#56B4E9"
SAFE = "~:@!$*,;=-._"
"""Characters of a key that its address holds unchanged."""
_DROPPED = dict.fromkeys(
    (*range(9), 11, 12, *range(14, 32), *range(8234, 8239), *range(8294, 8298)), "�"
)


def clean(text: str) -> str:
    """Text as a picture may show it: no control characters, no marks that turn the line around."""
    return text.translate(_DROPPED)


class Drawing:
    """Elements in the order in which they are drawn."""

    def __init__(self, width: float, height: float, title: str, description: str) -> None:
        self.width, self.height = width, height
        self.breaks: list[float] = []
        """Heights at which a long picture may be cut into pages."""
        self._parts: list[str] = [
            f"<title>{escape(clean(title))}</title><desc>{escape(clean(description))}</desc>",
            f'<rect width="{_n(width)}" height="{_n(height)}" fill="{PAPER}"/>',
        ]

    @contextmanager
    def link(self, key: str, label: str) -> Iterator[None]:
        """Make what is drawn inside a link to its sentences; `key` names them in the picture."""
        name = quoteattr(clean(label))
        self._parts.append(f'<a href="#{quote(key, safe=SAFE)}" aria-label={name}>')
        yield
        self._parts.append("</a>")

    @contextmanager
    def pane(self, name: str, box: tuple[float, float, float, float]) -> Iterator[None]:
        """Group what a script may move and scale within a box; a still picture is unchanged."""
        shown = " ".join(map(_n, box))
        self._parts.append(f'<g class="pane" data-pane={quoteattr(name)} data-box="{shown}"><g>')
        yield
        self._parts.append("</g></g>")

    @contextmanager
    def untouched(self) -> Iterator[None]:
        """Let what is below the words receive the pointer."""
        self._parts.append('<g pointer-events="none">')
        yield
        self._parts.append("</g>")

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 12,
        fill: str = INK,
        anchor: str = "start",
        weight: int = 400,
    ) -> None:
        """A line of words; `y` is its baseline."""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{fill}"'
            + (f' text-anchor="{anchor}"' if anchor != "start" else "")
            + (f' font-weight="{weight}"' if weight != 400 else "")
            + f">{escape(clean(words))}</text>"
        )

    def rect(
        self, x: float, y: float, w: float, h: float, fill: str, stroke: str = "", tip: str = ""
    ) -> None:
        """A rectangle, with a title that screen readers tell."""
        edge = f' stroke="{stroke}"' if stroke else ""
        inner = f"><title>{escape(clean(tip))}</title></rect>" if tip else "/>"
        self._parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(w)}" height="{_n(h)}" fill="{fill}"{edge}{inner}'
        )

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        stroke: str,
        width: float = 1,
        dash: str = "",
    ) -> None:
        """A straight line."""
        dashed = f" stroke-dasharray={quoteattr(dash)}" if dash else ""
        self._parts.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{stroke}" '
            f'stroke-width="{_n(width)}"{dashed}/>'
        )

    def target_line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a broad line that is not seen, so that a thin one can be hit."""
        self._parts.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="#000000" '
            f'stroke-opacity="0" stroke-width="9"/>'
        )

    def circle(
        self,
        x: float,
        y: float,
        r: float,
        fill: str,
        stroke: str,
        width: float = 1.5,
        dash: str = "",
    ) -> None:
        """A circle."""
        dashed = f" stroke-dasharray={quoteattr(dash)}" if dash else ""
        self._parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" fill="{fill}" stroke="{stroke}" stroke-width="{_n(width)}"{dashed}/>'
        )

    def path(self, d: str, fill: str) -> None:
        """A filled path of numbers that the caller made."""
        self._parts.append(f'<path d="{d}" fill="{fill}"/>')

    def area(self, d: str, fill: str, edge: str, width: float, dash: str = "") -> None:
        """A filled and outlined path of numbers that the caller made; holes stay open."""
        dashed = f" stroke-dasharray={quoteattr(dash)}" if dash else ""
        self._parts.append(
            f'<path d="{d}" fill="{fill}" fill-rule="evenodd" stroke="{edge}" '
            f'stroke-width="{_n(width)}" stroke-linejoin="round"{dashed}/>'
        )

    def stroke(self, d: str, colour: str, width: float, dash: str) -> None:
        """A drawn path of numbers that the caller made."""
        dashed = f" stroke-dasharray={quoteattr(dash)}" if dash else ""
        self._parts.append(
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{_n(width)}"{dashed}/>'
        )

    def __str__(self) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(self.width)} {_n(self.height)}" '
            f'width="{_n(self.width)}" height="{_n(self.height)}" role="img" font-family="{FAMILY}"'
            + (f' data-breaks="{" ".join(map(_n, self.breaks))}"' if self.breaks else "")
            + ">"
            + "".join(self._parts)
            + "</svg>"
        )


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def width_of(words: str, size: float) -> float:
    """Return the width of a line in Noto Sans SC, whose ASCII is narrower than its ideographs."""
    return sum(_ADVANCES.get(c, 100) for c in words) * size / 100


_ADVANCES = dict(
    zip(
        map(chr, range(32, 127)),
        map(
            int,
            "23 37 57 59 59 96 74 32 38 38 51 59 32 37 32 39 59 59 59 "
            "59 59 59 59 59 59 59 32 32 59 59 59 51 101 64 68 66 71 62 "
            "58 72 76 33 57 69 58 85 75 77 67 77 68 62 62 75 62 92 63 "
            "58 61 38 39 38 59 57 63 59 64 53 64 58 37 60 64 30 31 60 "
            "32 96 64 63 64 64 44 50 42 64 58 86 56 57 51 38 30 38 59 ".split(),
        ),
        strict=True,
    )
)
"""Advances of ASCII in the bold face, in hundredths of an em; the regular face is never wider."""
