"""Bad input: each file is refused in one line, the rest is still read."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner

from graph.store.store import Store
from loaders.errors import LoadError
from loaders.formats.source import source_of
from loaders.notice import SHIPPED, read_text
from tiaokuai import main

TEXT = SHIPPED.read_bytes()


def _parts(made: docx.document.Document | openpyxl.Workbook) -> dict[str, bytes]:
    out = io.BytesIO()
    made.save(out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _word(body: bytes, before: bytes = b"") -> bytes:
    parts = _parts(docx.Document())
    xml = parts["word/document.xml"].replace(b"<w:body>", b"<w:body>" + body)
    if before:
        xml = before + xml.partition(b"?>")[2]
    return _zip(parts | {"word/document.xml": xml})


def _sheet(rows: str, after: str = "") -> bytes:
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{name}"><dimension ref="A1"/><sheetData>{rows}</sheetData>{after}</worksheet>'
    return _zip(_parts(openpyxl.Workbook()) | {"xl/worksheets/sheet1.xml": xml.encode()})


def _pdf(pages: int) -> bytes:
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{' '.join(f'{i + 3} 0 R' for i in range(pages))}]>>",
        *["<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * pages,
    ]
    out = ["%PDF-1.4\n"]
    at, offsets = len(out[0]), []
    for number, said in enumerate(objects, 1):
        offsets.append(at)
        out.append(f"{number} 0 obj\n{said}\nendobj\n")
        at += len(out[-1])
    table = "".join(f"{o:010d} 00000 n \n" for o in offsets)
    size = len(objects) + 1
    out.append(f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\n")
    out.append(f"startxref\n{at}\n%%EOF")
    return "".join(out).encode()


_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]>"
)
_FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (lambda: _zip({"word/document.xml": b" " * (101 << 20)}), "101 MB"),
    "packed 1000:1": (lambda: _word(b" " * (5 << 20)), "100:1"),
    "many entries": (lambda: _zip({f"{i}.xml": b"" for i in range(2001)}), "2,001 files"),
    "entities": (lambda: _word(b"<w:p><w:r><w:t>&j;</w:t></w:r></w:p>", _ENTITIES), "damaged"),
    "nested tables": (
        lambda: _word(b"<w:tbl><w:tr><w:tc>" * 70 + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * 70),
        "nested",
    ),
    "deeper still": (
        lambda: _word(b"<w:tbl><w:tr><w:tc>" * 900 + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * 900),
        "depth",
    ),
    "far cell": (lambda: _sheet(_FAR), "no target"),
    "endless merged cell": (
        lambda: _sheet(_FAR, '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "takes",
    ),
    "nested page": (lambda: b"<html><body>" + b"<table><tr><td>" * 50_000, "nested"),
    "page of tags": (lambda: b"<html><body>" + b"<div></div>" * 900_000, "150,000 tags"),
    "page left open": (lambda: b"<html><body>" + b"<b><p>x" * 1_400_000, "400 deep"),
    "long text": (lambda: ("推进建设" * 300_000).encode(), "1,000,000 characters"),
    "long table": (
        lambda: ("序号 | 任务 | 牵头单位\n" + "1 | 改造 | 区住建局\n" * 3_001).encode(),
        "3,000 rows",
    ),
    "wide page": (
        lambda: b"<table>" + b"<tr><td rowspan=65534 colspan=1000>x<td>y</tr>" * 3000,
        "cells",
    ),
    "spaces": (lambda: b"<html><body><p>a" + b"&nbsp;" * 500_000 + b"<p>x", "no target"),
    "many pages": (lambda: _pdf(100_000), "100,000 pages"),
    "no text": (lambda: _pdf(2), "without text"),
    "half a PDF": (lambda: _pdf(50)[:900], "cut off"),
    "half a workbook": (lambda: _sheet(_FAR)[:2000], "cut off"),
    "other archive": (lambda: _zip({"notice.txt": TEXT}), "unpack"),
    "old Word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "old Office"),
    "RTF": (lambda: rb"{\rtf1\ansi x}", "RTF"),
    "gzip": (lambda: b"\x1f\x8b\x08" + bytes(99), "gzip"),
    "broken UTF-8": (lambda: TEXT[:3001] + TEXT[3002:], "broken in line"),
    "cut in a character": (lambda: TEXT[: TEXT.rindex("局".encode()) + 1], "broken in line"),
    "NUL": (lambda: TEXT.replace("规土局".encode(), b"\0", 1), "control character"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_on_one_line(name: str) -> None:
    make, why = HOSTILE[name]
    with pytest.raises(LoadError) as raised:
        read_text(source_of("某文件.docx", make()))
    said = str(raised.value)
    assert said.startswith("某文件.docx: ")
    assert why in said
    assert "\n" not in said


def test_a_folder_goes_on_and_the_store_keeps_what_it_has(tmp_path: Path) -> None:
    folder, store = tmp_path / "公文", tmp_path / "store"
    folder.mkdir()
    shutil.copy(SHIPPED, folder / "b.txt")
    (folder / "a.docx").write_bytes(HOSTILE["entities"][0]())
    (folder / "c.doc").write_bytes(HOSTILE["old Word"][0]())
    run = CliRunner()
    done = run.invoke(main, ["build", str(folder), "--store", str(store)])
    assert done.exit_code == 3
    said = done.stderr.splitlines()
    assert [x.split(":")[0] for x in said if "cannot be read" in x] == ["a.docx", "c.doc"]
    before = Store(store).current()
    assert before is not None
    assert before.documents == 1
    (folder / "b.txt").unlink()
    assert run.invoke(main, ["build", str(folder), "--store", str(store)]).exit_code == 3
    assert Store(store).current() == before
