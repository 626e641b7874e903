"""Files that are zip archives: what is in them, and caps before anything is parsed."""

from __future__ import annotations

import io
import zipfile

from loaders.formats.extracted import Flat, Refused

_ENTRIES = 2_000
_BYTES = 100 * 2**20
_XML = 32 * 2**20
_RATIO = 100
_SMALL = 2**20
"""Below this size a high ratio is only regular text."""


def read(data: bytes) -> Flat:
    """The text and grids of a docx or xlsx file. Raises Refused for any other archive."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Refused(f"it is a zip or Office file that is damaged or cut off ({error})") from error
    names = _capped(archive)
    if "word/document.xml" in names:
        from loaders.formats import docx as format_docx

        return format_docx.read(data)
    if "xl/workbook.xml" in names:
        from loaders.formats import xlsx as format_xlsx

        return format_xlsx.read(data)
    raise Refused(_what(names))


def _capped(archive: zipfile.ZipFile) -> set[str]:
    entries = archive.infolist()
    if len(entries) > _ENTRIES:
        raise Refused(f"it holds {len(entries):,} files, more than {_ENTRIES:,}")
    total = sum(e.file_size for e in entries)
    if total > _BYTES:
        raise Refused(f"it unpacks to {total // 2**20:,} MB, more than {_BYTES // 2**20} MB")
    if sum(e.file_size for e in entries if e.filename.endswith((".xml", ".rels"))) > _XML:
        raise Refused(f"its XML unpacks to more than {_XML // 2**20} MB")
    for entry in entries:
        if entry.flag_bits & 1:
            raise Refused("it is protected by a password")
        if entry.file_size > _SMALL and entry.file_size > _RATIO * max(1, entry.compress_size):
            raise Refused(f"it is packed more than {_RATIO}:1, as only a zip bomb is")
    return {e.filename for e in entries}


def _what(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "this is a binary workbook (.xlsb); save it as xlsx first"
    if "ppt/presentation.xml" in names:
        return "this is a presentation (.pptx); its text is not read"
    if "content.xml" in names:
        return "this is an OpenDocument file; save it as docx or xlsx first"
    if "OFD.xml" in names:
        return "this is an OFD file; save it as PDF with text first"
    return "this is a zip archive; unpack it first"
