"""From bytes to text: by content, never by the file's name.

The order BOM, UTF-8, GB18030, UTF-16 decides without guessing: Chinese text in GB18030 or
UTF-16 is practically never valid UTF-8, and a decoding that yields control characters is
not taken.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from loaders.errors import Unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls); save it as text, docx or xlsx first"),
    (b"%PDF", "a PDF; PDF is not read yet"),
    (b"PK\x03\x04", "a zip or an Office file; docx and xlsx are not read yet"),
    (b"\x89PNG", "a picture; scans are not read"),
    (b"\xff\xd8\xff", "a picture; scans are not read"),
    (b"GIF8", "a picture; scans are not read"),
    (b"\x1f\x8b", "a gzip file; unpack it first"),
    (b"{\\rtf", "an RTF file; save it as text first"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_LIMIT = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SourceText:
    """A document's bytes and what they say. `text` has its line ends kept and its BOM dropped."""

    name: str
    data: bytes
    text: str
    format: str

    @property
    def sha256(self) -> str:
        """Of the bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def text_id(self) -> str:
        """Twelve hex digits of the sha256 of the decoded text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


def decode(name: str, data: bytes) -> str:
    """The text of a document's bytes.

    Raises Unreadable for an empty file, a known binary format, and bytes that are no text in
    any of the four encodings.

    >>> decode("a.txt", "目标".encode("gb18030"))
    '目标'
    """
    if not data.strip():
        raise Unreadable(name, "the file is empty")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise Unreadable(name, f"this is {what}")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = _decoded(data[len(bom) :], encoding)
            if text is not None:
                return text
            raise Unreadable(name, f"the file says it is {encoding}, but it is not")
    for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
        text = _decoded(data, encoding)
        if text is not None:
            return text
    raise Unreadable(name, "this is no text in UTF-8, GB18030 or UTF-16")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def source_text(path: Path) -> SourceText:
    """The document at `path`. Raises Unreadable where there is none or it is no text."""
    name = path.name
    try:
        if path.is_dir():
            raise Unreadable(str(path), "this is a folder")
        if path.stat().st_size > _LIMIT:
            raise Unreadable(name, f"the file is larger than {_LIMIT // 2**20} MB")
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(str(path), (error.strerror or "cannot be opened").lower()) from error
    text = decode(name, data)
    if re.match(r"\s*<(!doctype html|html|head|body|table)\b", text, re.IGNORECASE):
        raise Unreadable(name, "this is an HTML page; HTML is not read yet")
    return SourceText(name, data, text, "text/plain")
