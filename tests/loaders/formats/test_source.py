"""From bytes to text: encodings are found by content, other files are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.errors import LoadError, NotANotice, Unreadable
from loaders.formats.source import decode
from loaders.notice import SHIPPED, read

TEXT = SHIPPED.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_the_notice_is_the_same_in_any_encoding(encoding: str) -> None:
    assert decode("notice.bin", TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize(
    ("data", "error", "why"),
    [
        (b"", Unreadable, "empty"),
        (b" \n\n ", Unreadable, "empty"),
        (bytes(range(256)) * 9, Unreadable, "no text"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 99, Unreadable, "old Office"),
        (b"%PDF-1.7 ...", Unreadable, "PDF"),
        (b"\x89PNG\r\n\x1a\n", Unreadable, "picture"),
        ("今天天气很好。\n\n我们去公园。\n\n再见。".encode(), NotANotice, "table"),
        (b"a\0b\0c", Unreadable, "no text"),
    ],
)
def test_what_is_no_notice_is_named_on_one_line(
    tmp_path: Path, data: bytes, error: type[LoadError], why: str
) -> None:
    path = tmp_path / "某文件.txt"
    path.write_bytes(data)
    with pytest.raises(error) as raised:
        read(path)
    assert str(raised.value).startswith("某文件.txt: ")
    assert why in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="nowhere.txt"):
        read(tmp_path / "nowhere.txt")
