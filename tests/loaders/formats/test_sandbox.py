"""Readers that stay for many files: each file is read as alone, under limits of its own."""

from __future__ import annotations

import pytest
from notice_files import excel, html, table, word

from loaders.errors import Unreadable
from loaders.formats import sandbox
from loaders.formats.sandbox import kept_warm, read_apart

SHEET = table(["序号", "目标任务", "主责部门"], ["1", "完成甲路改造", "建交委"])
FILES = [("html", html(SHEET)), ("zip", word(SHEET)), ("zip", excel(SHEET))]


def test_a_file_is_read_as_by_a_process_of_its_own() -> None:
    alone = [read_apart("a", kind, data) for kind, data in FILES]
    with kept_warm():
        assert [read_apart("a", kind, data) for kind, data in FILES * 2] == alone * 2


def test_what_one_file_does_is_not_felt_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    page = FILES[0][1]
    with kept_warm():
        alone = read_apart("a", "html", page)
        monkeypatch.setattr(sandbox, "MEMORY", 2**20)
        with pytest.raises(Unreadable):
            read_apart("a", "html", b"<p>" + b"<b>x" * 300_000)
        monkeypatch.undo()
        monkeypatch.setattr(sandbox, "seconds_for", lambda kind, size: 0)
        with pytest.raises(Unreadable, match="longer than 0 s"):
            read_apart("a", "html", page)
        monkeypatch.undo()
        assert read_apart("a", "html", page) == alone
