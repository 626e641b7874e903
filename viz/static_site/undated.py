"""Files without the moment at which they were made, so that two sites are the same."""

from __future__ import annotations

import io
import re
import zipfile

_STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_PDF_STAMP = re.compile(rb"(?<=\(D:)\d{14}")
_PDF_ID = re.compile(rb"(?<=/ID\[)[^\]]*")
_PROPERTIES = "docProps/core.xml"


def undated(body: bytes, ending: str) -> bytes:
    """Return a Word file, workbook or PDF with 1 January 1980 as its only date."""
    if ending == "pdf":
        body = _PDF_STAMP.sub(b"19800101000000", body)
        return _PDF_ID.sub(lambda m: re.sub(rb"[0-9A-Fa-f]", b"0", m[0]), body)  # as long as it was
    if ending in ("docx", "xlsx"):
        return _undated_archive(body)
    return body


def _undated_archive(body: bytes) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == _PROPERTIES:
                data = _STAMP.sub(b"1980-01-01T00:00:00Z", data)
            entry = zipfile.ZipInfo(name)  # its date is 1 January 1980
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return made.getvalue()
