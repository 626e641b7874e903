"""`tiaokuai match`: a table of others comes back with the addresses of what its names mean."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from graph.store.store import Store
from ontology.names import base
from tiaokuai import main

ROWS = [
    ("长宁区2019年工作联系单", None),
    ("序号", "部 门"),
    (1, "规划和国土资源管理局"),
    (2, "卫健委"),
    (3, "新华街道"),
    (4, "规士局"),
    (5, '=HYPERLINK("http://x")'),
    (6, None),
]


def run(store: Store, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["match", *arguments, "--store", str(store.folder)])


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(tmp_path / "names.xlsx")
    return tmp_path / "names.xlsx"


def test_a_workbook_gets_addresses_beside_its_names(store: Store, workbook: Path) -> None:
    out = workbook.with_name("out.xlsx")
    done = run(store, str(workbook), "--column", "部门", "--type", "body", "-o", str(out))
    assert done.exit_code == 0, done.output
    sheet = load_workbook(out).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert [row[:2] for row in rows] == [list(row) for row in ROWS]
    assert rows[1][2:] == ["地址", "名称", "匹配"]
    home = f"{base()}id/上海市长宁区/部门/"
    assert rows[3][2:] == [home + "卫计委", "卫计委", "匹配"]
    assert rows[4][2:] == [home + "新华路街道", "新华路街道", "匹配"]
    assert rows[5][2] in ("", None)
    assert str(rows[5][4]).startswith("待核：规土局（")
    assert not rows[6][2]
    assert not rows[7][2]
    assert "1 empty" in done.output


def test_a_csv_keeps_its_encoding_and_never_becomes_a_formula(store: Store, tmp_path: Path) -> None:
    table, out = tmp_path / "names.csv", tmp_path / "out.csv"
    table.write_bytes("地点,数\r\n115街坊,1\r\n飞乐地块,2\r\n".encode("gb18030"))
    assert run(store, str(table), "--column", "地点", "-o", str(out)).exit_code == 0
    rows = list(csv.reader(io.StringIO(out.read_bytes().decode("gb18030"))))
    assert rows[1] == ["115街坊", "1", f"{base()}id/上海市长宁区/地点/115街坊", "115街坊", "匹配"]
    assert rows[2][3] == "飞乐地块"


@pytest.mark.parametrize(
    ("name", "body", "code", "says"),
    [
        ("names.csv", "部门\n规土局\n", 2, "there are 部门"),
        ("names.txt", "", 2, "xlsx and csv"),
        ("none.csv", None, 3, "no such file"),
        ("names.xlsx", "not a zip", 3, "is no workbook"),
    ],
)
def test_what_cannot_be_matched_is_named(
    store: Store, tmp_path: Path, name: str, body: str | None, code: int, says: str
) -> None:
    table = tmp_path / name
    if body is not None:
        table.write_text(body, encoding="utf-8")
    out = str(tmp_path / f"out{table.suffix}")
    done = run(store, str(table), "--column", "单位", "-o", out)
    assert (done.exit_code, says in done.output.lower() or says in done.output) == (code, True)
    assert not Path(out).exists()
