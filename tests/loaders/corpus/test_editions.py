"""Editions: a corrected copy replaces a document, another one with its number does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from notice_files import Sheet, html, table

from graph.store.store import Store
from loaders.notice import SHIPPED
from tiaokuai import main

CITING = html(
    Sheet(
        ("上海市长宁区人民政府2019年实事项目分解表", "长府〔2019〕5号"),
        table(
            ("序号", "工作目标", "牵头单位", "配合单位"),
            ("1", "完成旧住房改造8万平方米。", "房管局", "规土局"),
            ("2", "新建停车位1000个。", "建交委", ""),
        ).rows,
    )
)
"""Another document of the same place, to which a reader gives the number that it cites."""
NOTICE = SHIPPED.read_text(encoding="utf-8")


def _build(store: Path, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["build", "--store", str(store), *map(str, arguments)])


def _targets(store: Path) -> list[tuple[str, int]]:
    version = Store(store).current()
    assert version is not None
    return [(entry.name, entry.targets) for entry in version.sources]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    assert _build(tmp_path / "store").exit_code == 0
    return tmp_path / "store"


def test_another_document_that_bears_the_number_of_a_notice_is_refused(
    store: Path, tmp_path: Path
) -> None:
    other, further = tmp_path / "other.html", tmp_path / "further.html"
    other.write_bytes(CITING)
    further.write_bytes(CITING.replace("5号".encode(), "6号".encode()))
    done = _build(store, other, further)
    assert done.exit_code == 3
    for named in ("other.html", SHIPPED.name, "targets would go", "--replace"):
        assert named in done.stderr
    assert sorted(_targets(store)) == [(SHIPPED.name, 60), ("further.html", 2)]
    assert _build(store, "--replace", other).exit_code == 0
    assert sorted(_targets(store)) == [("further.html", 2), ("other.html", 2)]


def test_a_corrected_copy_replaces_and_says_what_changed(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "corrected.txt"
    parts = NOTICE.replace("310家", "320家").split("\n\n")
    del parts[parts.index("16") : parts.index("17")]
    copy.write_text("\n\n".join(parts), encoding="utf-8")
    done = _build(store, copy)
    assert done.exit_code == 0
    assert "0 targets come, 1 go, 1 change" in done.stdout
    assert "gone: 16" in done.stderr
    assert _targets(store) == [("corrected.txt", 59)]


def test_in_one_folder_the_notice_stands_whatever_the_order(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.html").write_bytes(CITING)
    (folder / "b.txt").write_text(NOTICE, encoding="utf-8")
    (folder / "c.txt").write_text(NOTICE.replace("310家", "320家"), encoding="utf-8")
    for _ in range(2):  # the second build finds all as it was
        assert _build(tmp_path / "store", folder).exit_code == 3
        assert _targets(tmp_path / "store") == [("c.txt", 60)]


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "notice.txt").write_text(NOTICE, encoding="utf-8")
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("pipe")
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "gone").symlink_to("nowhere")
    done = _build(tmp_path / "store", folder)
    assert done.exit_code == 3
    for named in ("pipe (FIFO)", "device", "gone"):
        assert named in done.stderr
    assert _targets(tmp_path / "store") == [("notice.txt", 60)]
    assert _build(tmp_path / "store", "").exit_code == 2
