"""Tables as bytes: written up to a cap, and cut back to whole rows where they were cut off."""

from __future__ import annotations

import io
import json
import re
from typing import Any

_ROW = {"json": b",{", "xml": b"<result>", "csv": b"\n", "tsv": b"\n"}
"""A mark that each row of a format holds at least once."""


class Full(Exception):
    """An answer has more bytes or rows than it may have."""


class Capped(io.BytesIO):
    """A buffer that is full after a number of bytes, or of rows of a `form`.

    Rows are counted too high where texts hold the mark between rows, never too low: a write may
    begin in the middle of a mark, so each write counts as one row more. The serializer flushes
    its own buffer once more after an error, so a full buffer keeps nothing further.
    """

    def __init__(self, size: int, rows: int = 0, form: str = "") -> None:
        super().__init__()
        self.parts: list[bytes] = []
        self.left = size
        self._rows = rows + 2 if rows else 0
        self._mark = _ROW.get(form, b"")
        self._full = False

    def write(self, data: Any) -> int:
        if self._full:
            raise Full
        self.parts.append(bytes(data))
        self.left -= len(data)
        if self._rows:
            self._rows = max(0, self._rows - self.parts[-1].count(self._mark) - 1)
            self._full = not self._rows
        self._full |= self.left < 0
        if self._full:
            raise Full
        return len(data)


def whole_rows(data: bytes, form: str) -> bytes:
    """A table that was cut off anywhere, ended after its last whole row."""
    if form == "tsv":
        return data[: data.rfind(b"\n") + 1]
    if form == "csv":
        return data[: _ends_of_csv_rows(data)[-1]]
    if form == "xml":
        end = data.rfind(b"</result>") + 9
        return data[: end if end > 8 else data.find(b"<results>") + 9] + b"</results></sparql>"
    # Two rows are parted by }},{"name":{"type": and inside a string each quote has its backslash.
    end = max((m.end() - 1 for m in re.finditer(rb'\}\},(?=\{"\w+":\{"type":")', data)), default=0)
    return data[: end or data.find(b'"bindings":[') + 12] + b"]}}"


def first_rows(data: bytes, form: str, most: int, *, cut: bool = False) -> tuple[int, bytes]:
    """Count the rows of a table and cut it after the first `most`.

    Unless the table was `cut`, the number may be too low where it cannot be more than `most`:
    then it is not needed.
    """
    if form == "tsv":
        rows = data.count(b"\n") - 1
        return rows, data if rows <= most else data[: _start(data, b"\n", most + 1) + 1]
    if form == "csv":
        if data.count(b"\r\n") - 1 <= most:
            return data.count(b"\r\n") - 1, data
        ends = _ends_of_csv_rows(data)
        rows = len(ends) - 1
        return rows, data if rows <= most else data[: ends[most]]
    if form == "xml":
        rows = data.count(b"<result>")
        if rows <= most:
            return rows, data
        return rows, data[: _start(data, b"<result>", most + 1)] + b"</results></sparql>"
    if data.count(b",{") + 1 <= most and not cut:
        return 0, data
    table = json.loads(data)
    bindings = table["results"]["bindings"]
    rows = len(bindings)
    if rows <= most:
        return rows, data
    del bindings[most:]
    return rows, json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()


def _start(data: bytes, mark: bytes, number: int) -> int:
    """The offset of the mark of this number, counted from one."""
    return len(data) - len(data.split(mark, number)[number]) - len(mark)


def _ends_of_csv_rows(data: bytes) -> list[int]:
    """The offset where each line of a CSV table ends; line ends in quotes are text."""
    ends: list[int] = []
    at, quoted = 0, False
    for part in data.split(b'"'):
        if not quoted:
            ends.extend(at + m.end() for m in re.finditer(rb"\r\n", part))
        at += len(part) + 1
        quoted = not quoted
    return ends
