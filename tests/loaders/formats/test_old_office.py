"""Old Office files: a .xls reads as its .xlsx, a .doc as its .docx by each converter."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from folders import TESTS

from graph.exports.document_json import document_json
from loaders.errors import Unreadable
from loaders.formats import sandbox
from loaders.formats.source import source_of, source_text
from loaders.notice import read

FOLDER = TESTS / "cases" / "old_office"
"""Files made for this test: `notice.doc` by LibreOffice from the .docx, `tasks.xls` by xlwt,
`notice.docbook.xml` is what antiword makes of the .doc."""


def targets(path: Path) -> list[dict[str, Any]]:
    """Read a document; return its targets as they are printed."""
    printed: list[dict[str, Any]] = document_json(read(path))["targets"]
    return printed


def stand_in(folder: Path, name: str, script: str) -> None:
    """Put a converter that does what `script` says into a folder of programs."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


def test_an_old_workbook_reads_as_the_new_one() -> None:
    """Merged cells, dates, percentages, fills, a hidden row and sheet, a struck-out cell."""
    old, new = (source_text(FOLDER / f"tasks.{form}") for form in ("xls", "xlsx"))
    assert old.text == new.text
    assert old.grids == new.grids
    assert old.remarks == new.remarks
    assert {r.kind for r in old.remarks} == {"hidden-row", "hidden-sheet", "struck-out"}
    assert "12.5%" in old.text
    read_as = targets(FOLDER / "tasks.xls")
    assert read_as == targets(FOLDER / "tasks.xlsx")
    assert [(t["domain"], t["lead"], t["due"]) for t in read_as][1] == (
        "经济发展", ["市城管局"], "2025Q4",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("antiword", "/bin/cat '{docbook}'"),
        ("soffice", "while [ \"$1\" != --outdir ]; do shift; done; /bin/cp '{docx}' $2/old.docx"),
    ],
)
def test_a_table_in_an_old_word_file_is_a_table(
    name: str, script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What each converter makes of the file is read as the .docx from which it was made."""
    files = {"docbook": FOLDER / "notice.docbook.xml", "docx": FOLDER / "notice.docx"}
    stand_in(tmp_path, name, script.format(**files))
    monkeypatch.setenv("PATH", str(tmp_path))
    old, new = targets(FOLDER / "notice.doc"), targets(FOLDER / "notice.docx")
    fields = ("id", "domain", "text", "lead", "coordinate")
    assert [[t[f] for f in fields] for t in old] == [[t[f] for f in fields] for t in new]
    assert old[1]["domain"] == "经济发展"
    assert source_text(FOLDER / "notice.doc").format == "application/msword"


def test_without_a_converter_the_command_that_brings_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreadable, match="apt-get install libreoffice-writer-nogui"):
        source_text(FOLDER / "notice.doc")


def test_a_converter_that_hangs_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "pid"
    stand_in(tmp_path, "antiword", f"/bin/sleep 600 & echo $! > {note}; wait")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sandbox, "seconds_for", lambda kind, size: 2)
    with pytest.raises(Unreadable, match="antiword cannot convert"):
        source_text(FOLDER / "notice.doc")
    assert not runs(int(note.read_text()))


def runs(pid: int) -> bool:
    """Return whether a process still runs; one that ended may wait for its parent a moment."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        except OSError:
            return False
        if state.split()[0] == "Z":
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("cut", [600, 3000, 5000])
def test_a_damaged_workbook_is_refused(cut: int) -> None:
    data = (FOLDER / "tasks.xls").read_bytes()
    assert len(data) > cut
    with pytest.raises(Unreadable, match="damaged|old Office"):
        source_of("a.xls", data[:cut])
