"""From bytes to text: by content, never by the file's name.

The order BOM, UTF-8, GB18030, UTF-16 decides without guessing: Chinese text in GB18030 or
UTF-16 is practically never valid UTF-8, and a decoding that yields control characters is
not taken.
"""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import re
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from loaders.errors import Unreadable
from loaders.formats import box_drawing, markdown
from loaders.formats.extracted import LARGEST_LINES, LARGEST_TEXT, Flat, Grid, Refused, Remark
from loaders.formats.sandbox import read_apart

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OLE = b"\xd0\xcf\x11\xe0"
_OLE_STREAMS = (
    ("EncryptedPackage", ""), ("Workbook", "xls"), ("Book", "xls"), ("WordDocument", "doc"),
)  # fmt: skip
"""Streams of old Office files by which they are told apart, and the readers of these."""
_MAGIC = (
    (_OLE, "this is an old Office file that is not read, or one protected by a password"),
    (b"GIF8", "this is a picture of few colours (GIF); save it as PNG"),
    (b"RIFF", "this is a picture or a sound; save a picture as PNG"),
    (b"\x1f\x8b", "this is a gzip file; unpack it first"),
    (b"7z\xbc\xaf", "this is a 7z archive; unpack it first"),
    (b"Rar!", "this is a rar archive; unpack it first"),
    (b"BZh", "this is a bzip2 file; unpack it first"),
    (b"\xfd7zXZ", "this is an xz file; unpack it first"),
    (b"{\\rtf", "this is an RTF file; save it as docx or text first"),
    (b"SQLite format 3", "this is a database"),
    (b"\x7fELF", "this is a program"),
)
_PICTURES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
}
_OFFICE_2003 = "this is an XML file of Office 2003; save it as docx or xlsx first"
_MARKED_UP = (
    (re.compile(r"MIME-Version:", re.IGNORECASE), "this is a web archive (MHTML); save it as HTML"),
    (re.compile(r"<\?xml[^>]*>\s*<\?mso-application"), (_OFFICE_2003)),
    (re.compile(r"%!PS"), "this is a PostScript file; save it as PDF with text first"),
)  # fmt: skip
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|meta|title|link|script|style|table|div|p|h[1-6]|center|font"
    r"|span|article|section|main|form|ul|ol|br|b|strong)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
MAX_FILE_BYTES = 32 * 1024 * 1024
_SPECIAL_FILES = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe (FIFO)"),
    (stat.S_ISSOCK, "a socket"),
    (lambda mode: True, "a device"),
)


@dataclass(frozen=True, slots=True)
class SourceText:
    """A document's bytes and what they say.

    `text` is what every offset counts in: of a text file its decoded text, with its line ends
    kept and its BOM dropped, of other formats what `loaders.formats.extracted` describes.
    """

    name: str
    data: bytes
    text: str
    format: str
    grids: tuple[Grid, ...] = ()
    remarks: tuple[Remark, ...] = ()
    attachments: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Of the bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def text_id(self) -> str:
        """Twelve hex digits of the sha256 of the decoded text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


def source_of(name: str, data: bytes) -> SourceText:
    """What a document's bytes say, in whichever format they are; the name decides nothing.

    Raises Unreadable for an empty file and for a format that is not read.
    """
    if data.startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        return _apart(name, data, "pdf", data)
    if data.startswith(b"PK"):
        return _apart(name, data, "zip", data)
    if data.startswith(_OLE) and (kind := _kind_of_old_office(data)):
        return _apart(name, data, kind, data)
    if media := next((m for magic, m in _PICTURES.items() if data.startswith(magic)), ""):
        return replace(_apart(name, data, "scan", data), format=media)
    text = decode(name, data)
    for pattern, what in _MARKED_UP:
        if pattern.match(text):
            raise Unreadable(name, what)
    if _HTML.match(text):
        return _apart(name, data, "html", text.encode())
    if len(text) > LARGEST_TEXT:
        raise Unreadable(name, f"it holds more than {LARGEST_TEXT:,} characters")
    if text.count("\n") > 2 * LARGEST_LINES:  # empty ones stand between
        raise Unreadable(name, f"it holds more than {LARGEST_LINES:,} lines")
    for is_such, read in (
        (markdown.is_markdown, markdown.read),
        (box_drawing.is_boxed, box_drawing.read),
    ):
        if is_such(text):
            try:
                return _source(name, data, read(text))
            except Refused as error:
                raise Unreadable(name, str(error)) from error
    return SourceText(name, data, text, "text/plain")


def _kind_of_old_office(data: bytes) -> str:
    """Return the reader of an OLE file by the names in its directory, in UTF-16."""
    streams = (kind for name, kind in _OLE_STREAMS if f"{name}\0".encode("utf-16-le") in data)
    return next(streams, "")


def _apart(name: str, data: bytes, kind: str, said: bytes) -> SourceText:
    return _source(name, data, read_apart(name, kind, said))


def _source(name: str, data: bytes, flat: Flat) -> SourceText:
    if not flat.text.strip():
        raise Unreadable(name, "there is no text in it")
    return SourceText(
        name, data, flat.text, flat.media, flat.grids, flat.remarks, flat.attachments, flat.titles
    )


def decode(name: str, data: bytes) -> str:
    """The text of a text file's bytes.

    Raises Unreadable for an empty file, a known binary format, and bytes that are no text in
    any of the four encodings, nor in the one that an HTML page says it is in.

    >>> decode("a.txt", "目标".encode("gb18030"))
    '目标'
    """
    if not data.strip():
        raise Unreadable(name, "the file is empty")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise Unreadable(name, what)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = _decoded(data[len(bom) :], encoding)
            if text is not None:
                return text
            raise Unreadable(name, f"the file says it is {encoding}, but it is not")
    encodings = ["utf-8", "gb18030", "utf-16-le", "utf-16-be"]
    said = _CHARSET.search(data[:4096])
    if said and (named := _codec(said[1].decode())) and named not in encodings:
        encodings.insert(1, named)
    for encoding in encodings:
        text = _decoded(data, encoding)
        if text is not None:
            return text
        if encoding == "utf-8" and (broken := _broken_utf8(data)):
            raise Unreadable(name, broken)
    raise Unreadable(name, "this is no text in UTF-8, GB18030 or UTF-16")


def _codec(name: str) -> str | None:
    """Python's name of an encoding; what calls itself GB2312 or GBK is read as GB18030."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    return "gb18030" if found in ("gb2312", "gbk", "hz") else found


def _broken_utf8(data: bytes) -> str:
    """What is wrong with bytes that are UTF-8 beyond doubt but for some; else an empty string.

    Of Chinese text in GB18030 or UTF-16 next to nothing is UTF-8.
    """
    text = data.decode(errors="replace")
    good = sum(c > "\x7f" for c in text) - (bad := text.count("\ufffd"))
    if good < 30 or 20 * bad > good:
        return ""
    if bad:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        return f"its UTF-8 is broken in line {line:,}"
    found = _CONTROL.search(text)
    if found is None:
        return ""
    line = text.count("\n", 0, found.start()) + 1
    return f"the control character U+{ord(found[0]):04X} stands in its line {line:,}"


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError):
        return None
    return None if _CONTROL.search(text) else text


def source_text(path: Path) -> SourceText:
    """The document at `path`. Raises Unreadable where there is none or it is not read."""
    return source_of(path.name, file_bytes(path))


def file_bytes(path: Path) -> bytes:
    """The bytes of a regular file within the limit, and of nothing else.

    A pipe would never end and a device has no size, so the kind is known before anything is
    opened, and known again of what was opened. Raises Unreadable.
    """
    try:
        _refuse_special(path, path.stat().st_mode)
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        with open(handle, "rb") as file:  # noqa: PTH123  # a descriptor, not a path
            _refuse_special(path, os.fstat(handle).st_mode)
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        why = (error.strerror or "it cannot be opened").lower()
        there = "there is " if error.errno == errno.ENOENT else ""
        raise Unreadable(str(path), there + why) from error
    if len(data) > MAX_FILE_BYTES:
        raise Unreadable(path.name, f"the file is larger than {MAX_FILE_BYTES // 2**20} MB")
    return data


def _refuse_special(path: Path, mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    for is_such, what in _SPECIAL_FILES:
        if is_such(mode):
            raise Unreadable(str(path), f"this is {what}, not a file")
