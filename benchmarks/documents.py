"""Bombs and malformed documents of every format, made by seed and read as `build` reads them.

    python -m benchmarks.documents [--seed N] [--mutants N] [--write FOLDER]

Each file is read by the pool of `build`, under its limits. The table lists the slowest and the
largest; a death of the reader (not of the process apart that a format has) is a fault. `--write`
leaves the files in a folder instead, for `tiaokuai build FOLDER`.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import docx
import openpyxl

from loaders.corpus.pool import Crew, Limits
from loaders.errors import LoadError
from loaders.notice import SHIPPED

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OLD_OFFICE = Path(__file__).parent.parent / "tests" / "cases" / "old_office"
_PRINTED = Path(__file__).parent.parent / "tests" / "cases" / "reading"
MAGIC = (
    b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x89PNG\r\n", b"\xff\xd8\xff",
)  # fmt: skip
"""The first bytes of formats, alone and before noise."""
ROWS = 30_000
DEPTH = 20_000


def packed(parts: dict[str, bytes]) -> bytes:
    """Return a zip archive of some parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def saved(made: docx.document.Document | openpyxl.Workbook) -> bytes:
    """Return the bytes of a document."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def word(body: str, before: str = "") -> bytes:
    """Return a Word file with a body of one's own."""
    parts = parts_of(saved(docx.Document()))
    xml = parts["word/document.xml"].replace(b"<w:body>", f"<w:body>{body}".encode())
    head, mark, rest = xml.partition(b"?>")
    return packed(parts | {"word/document.xml": head + mark + before.encode() + rest})


def sheet(rows: str, after: str = "") -> bytes:
    """Return a workbook with rows of one's own."""
    xml = f'<worksheet xmlns="{_S}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    return packed(parts_of(saved(openpyxl.Workbook())) | {"xl/worksheets/sheet1.xml": xml.encode()})


def pdf(content: bytes, more: str = "", box: str = "0 0 595 842", pages: int = 1) -> bytes:
    """Return a PDF whose pages share one stream of content."""
    stream = zlib.compress(content)
    kids = " ".join(f"{i + 4} 0 R" for i in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode(),
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
        *[
            f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 3 0 R/Resources<<"
            f"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>{more}>>".encode()
        ]
        * pages,
    ]
    out = [b"%PDF-1.4\n"]
    for number, one in enumerate(objects, 1):
        out.append(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    return b"".join([*out, b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % (len(objects) + 1)])


def entities(depth: int) -> str:
    """Return a declaration of entities that grow tenfold at each step."""
    steps = "".join(
        f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' if i else '<!ENTITY e0 "目标任务">'
        for i in range(depth)
    )
    return f"<!DOCTYPE w [{steps}]>"


def bombs() -> Iterator[tuple[str, bytes]]:
    """Yield files that are small and unfold, nest or repeat without measure."""
    cell = "<td>完成旧住房改造8万平方米</td>"
    texts: dict[str, Callable[[], str]] = {
        "deep-div": lambda: "<div>" * DEPTH + "目标",
        "deep-table": lambda: "<table><tr><td>" * DEPTH,
        "rowspan": lambda: f"<table><tr><td rowspan=65000 colspan=1000>a</td></tr>{'<tr>' * 99}",
        "wide-row": lambda: f"<table><tr>{cell * ROWS}</tr></table>",
        "long-table": lambda: f"<table>{f'<tr>{cell}{cell}</tr>' * ROWS}</table>",
        "attributes": lambda: "<p " + " ".join(f"a{i}=1" for i in range(ROWS)) + ">目标",
        "comments": lambda: "<html>" + "<!--" * ROWS,
        "unclosed": lambda: "<html>" + "<p><b><i>" * DEPTH,
        "entities": lambda: "<html>" + "&#x4e00;" * 200_000,
        "script": lambda: "<html><script>" + "var a=1;" * 100_000,
    }
    for name, made in texts.items():
        yield f"{name}.html", made().encode()
    merges = "".join(f'<mergeCell ref="A{r}:Z{r}"/>' for r in range(1, 9_000))
    yield "entities.docx", word("<w:p><w:r><w:t>&e9;</w:t></w:r></w:p>", entities(10))
    yield (
        "external.docx",
        word(
            "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>",
            '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        ),
    )
    yield "deep.docx", word("<w:tbl><w:tr><w:tc>" * 3_000)
    yield "rows.docx", word(f"<w:tbl>{'<w:tr><w:tc><w:p/></w:tc></w:tr>' * ROWS}</w:tbl>")
    yield (
        "spans.docx",
        word(
            '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>'
            "<w:p/></w:tc></w:tr></w:tbl>"
        ),
    )
    yield "runs.docx", word(f"<w:p>{'<w:r><w:t>目</w:t></w:r>' * ROWS}</w:p>")
    yield "zeros.docx", packed({"word/document.xml": bytes(90 * 2**20)})
    yield "files.docx", packed({f"word/{i}.xml": b"a" for i in range(3_000)})
    yield (
        "rows.xlsx",
        sheet("".join(f'<row r="{r}"><c r="A{r}"><v>{r}</v></c></row>' for r in range(1, ROWS))),
    )
    yield "far.xlsx", sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    yield (
        "merged.xlsx",
        sheet(
            '<row r="1"><c r="A1"><v>1</v></c></row>',
            '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        ),
    )
    yield (
        "merges.xlsx",
        sheet(
            '<row r="1"><c r="A1"><v>1</v></c></row>',
            f"<mergeCells>{merges}</mergeCells>",
        ),
    )
    yield "inside.zip", packed({"a.zip": packed({"b.zip": bytes(2**20)})})
    yield "zeros.zip", packed({"a": bytes(60 * 2**20)})
    shown = b"BT /F 9 Tf 9 9 Td (1. A) Tj ET\n"
    yield "operators.pdf", pdf(shown * ROWS)
    yield (
        "rules.pdf",
        pdf(b"".join(b"%d 0 m %d 842 l S 0 %d m 595 %d l S\n" % (i, i, i, i) for i in range(590))),
    )
    yield "states.pdf", pdf(b"q " * 500_000)
    yield "pages.pdf", pdf(shown, pages=900)
    yield "huge-page.pdf", pdf(shown, box="0 0 1000000000 1000000000")
    yield "no-page.pdf", pdf(shown, box="0 0 0 0")
    yield "turned.pdf", pdf(shown, "/Rotate 89")
    yield "inflated.pdf", pdf(b" " * 60_000_000)
    yield "line.txt", ("目标任务，" * 190_000).encode()
    yield "lines.txt", ("1. 目标\n" * 29_000).encode()
    yield "brackets.txt", ("（" * 400_000 + "）" * 400_000).encode()
    yield "bars.md", ("|" * 500 + "\n" + "|-" * 250 + "\n" + "|a" * 100_000).encode()
    yield "boxes.txt", ("┌" + "─┬" * 50_000 + "┐\n" + "│" * 100_000).encode()
    yield "controls.txt", bytes(range(256)) * 400
    yield "utf16.txt", "目标".encode("utf-16") * 9_000 + b"\0"
    yield "surrogates.txt", "目标".encode("utf-16-le") + b"\x00\xd8" * 999
    yield "empty.txt", b""
    for magic in MAGIC:
        yield f"only-{magic[:4].hex()}.bin", magic
        yield f"noise-{magic[:4].hex()}.bin", magic + random.Random(1).randbytes(50_000)


def sound() -> dict[str, bytes]:
    """Return a sound file of each format, to be damaged."""
    book, text = openpyxl.Workbook(), SHIPPED.read_bytes()
    for row in (("序号", "目标任务", "主责部门"), (1, "完成旧住房改造8万平方米。", "房管局")):
        book.active.append(row)
    word_file = docx.Document()
    table = word_file.add_table(2, 3)
    for at, words in enumerate(("序号", "目标任务", "主责部门", "1", "改造老旧小区。", "房管局")):
        table.cell(at // 3, at % 3).text = words
    cases = {name: (_PRINTED / name).read_bytes() for name in (
        "merged_cell_over_page.pdf", "two_text_columns.html",
    )}  # fmt: skip
    return cases | {
        "notice.txt": text.decode()[:3_000].encode(),
        "notice.gb.txt": text.decode()[:3_000].encode("gb18030"),
        "tasks.xlsx": saved(book),
        "tasks.docx": saved(word_file),
        "tasks.xls": (_OLD_OFFICE / "tasks.xls").read_bytes(),
    }


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return a file with some bytes flipped, cut out, repeated, or its end cut off."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(made))
        length = chance.randint(1, min(400, len(made) - at))
        match chance.randrange(5):
            case 0:
                made[at] ^= 1 << chance.randrange(8)
            case 1:
                del made[at : at + length]
            case 2:
                made[at:at] = made[at : at + length] * chance.randint(1, 30)
            case 3:
                made[at : at + length] = chance.randbytes(length)
            case _:
                del made[max(at, len(made) // 2) :]
        if not made:
            return b"\0"
    return bytes(made)


def garbled(data: bytes, chance: random.Random) -> bytes:
    """Return a text whose characters, not bytes, are cut out, repeated and swapped."""
    text = data.decode()
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(text))
        piece = text[at : at + chance.randint(1, 400)]
        other = "".join(chance.sample(piece, len(piece)))
        made = chance.choice(("", piece * chance.randint(2, 30), other, chance.choice(_MARKS) * 99))
        text = text[:at] + made + text[at + len(piece) :] or "目标"
    return text.encode()


_MARKS = "镇路街道地块局、，（）【】“”《》|\t\u30001一%"


def corpus(seed: int, mutants: int) -> Iterator[tuple[str, bytes]]:
    """Yield all bombs, and `mutants` damaged files of each format."""
    yield from bombs()
    chance = random.Random(seed)
    for name, data in sound().items():
        for number in range(mutants):
            is_text = name.endswith((".html", "notice.txt")) and number % 2
            yield f"{number:04}-{name}", (garbled if is_text else damaged)(data, chance)


def main() -> None:
    """Read all files; print the slowest, the largest, and the faults."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--mutants", type=int, default=16)
    arguments.add_argument("--write", type=Path)
    given = arguments.parse_args()
    if given.write:
        given.write.mkdir(parents=True, exist_ok=True)
        for name, data in corpus(given.seed, given.mutants):
            (given.write / name).write_bytes(data)
        return
    crew, rows, read = Crew(Limits()), [], 0
    try:
        for name, data in corpus(given.seed, given.mutants):
            begun = monotonic()
            outcome = crew.read_whole(name, data)
            what = outcome.why if isinstance(outcome, LoadError) else "read"
            read += what == "read"
            rows.append((monotonic() - begun, name, what))
    finally:
        crew.dismiss()
    deaths = [row for row in rows if "ended without an answer" in row[2]]
    for seconds, name, what in sorted(rows, reverse=True)[:12]:
        sys.stdout.write(f"{seconds:6.2f} s  {name:32} {what[:90]}\n")
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    sys.stdout.write(
        f"{len(rows)} files: {read} read, {len(rows) - read} refused; the largest reader took "
        f"{largest} MB; {len(deaths)} deaths {[row[1] for row in deaths]}\n"
    )
    sys.exit(1 if deaths else 0)


if __name__ == "__main__":
    main()
