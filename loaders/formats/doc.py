"""Old Word files (.doc, .wps) to text and grids, by a converter that is installed.

LibreOffice keeps tables with their merged cells, antiword keeps tables as DocBook, catdoc keeps
text alone. A converter works in a folder of its own under the limits of this process; one that
hangs is ended with all processes that it started.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import etree

from loaders.formats import docx
from loaders.formats.extracted import Flat, Placed, Refused, Writing

MEDIA = "application/msword"
HOW_TO_READ = (
    "this is an old Word file (.doc, .wps), and no converter is installed here: "
    "`apt-get install libreoffice-writer-nogui` brings one that keeps tables (antiword is smaller)"
)
_OFF_LINE = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
"""A proxy that does not exist: what a document links to is not fetched."""
_OFFICES = ("soffice", "libreoffice")


def read(data: bytes) -> Flat:
    """Return the text and grids of an old Word file. Raises Refused."""
    failed = []
    with TemporaryDirectory(prefix="tiaokuai-doc-") as name:
        folder = Path(name)
        file = folder / "old.doc"
        file.write_bytes(data)
        for converter, convert in _CONVERTERS:
            if program := shutil.which(converter):
                flat = convert(program, file)
                if flat is not None and flat.text.strip():
                    return flat
                failed.append(converter)
    if failed:
        raise Refused(f"this is an old Word file that {' and '.join(failed)} cannot convert")
    raise Refused(HOW_TO_READ)


def _by_office(program: str, file: Path) -> Flat | None:
    profile = (file.parent / "profile").as_uri()
    command = [
        program, f"-env:UserInstallation={profile}", "--headless", "--norestore",
        "--convert-to", "docx", "--outdir", str(file.parent), str(file),
    ]  # fmt: skip
    made = file.with_suffix(".docx")
    if _output_of(command, file.parent) is None or not made.exists():
        return None
    return replace(docx.read(made.read_bytes()), media=MEDIA)


def _by_antiword(program: str, file: Path) -> Flat | None:
    said = _output_of([program, "-x", "db", str(file)], file.parent)
    if not said:
        return None
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    book = etree.fromstring(said, parser)
    if book is None:
        return None
    writing = Writing()
    _write(writing, book)
    return writing.flat(MEDIA)


def _by_catdoc(program: str, file: Path) -> Flat | None:
    said = _output_of([program, "-d", "utf-8", "-w", str(file)], file.parent)
    writing = Writing()
    for line in (said or b"").decode(errors="replace").splitlines():
        writing.paragraph(line)
    return writing.flat(MEDIA)


_CONVERTERS = (
    *((name, _by_office) for name in _OFFICES), ("antiword", _by_antiword), ("catdoc", _by_catdoc),
)  # fmt: skip


def _output_of(command: Sequence[str], folder: Path) -> bytes | None:
    """Run a converter; return what it wrote, or None where it failed or did not end in time."""
    seconds, _ = resource.getrlimit(resource.RLIMIT_CPU)
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, **_OFF_LINE, "HOME": str(folder), "TMPDIR": str(folder)},
    ) as process:  # fmt: skip
        try:
            out, _ = process.communicate(timeout=2 * seconds if seconds > 0 else None)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end_group(process.pid)
    return out if process.returncode == 0 else None


def _end_group(leader: int) -> None:
    """End what a converter started and left running."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _write(writing: Writing, element: Any) -> None:
    """Write an element of DocBook: its paragraphs and tables in order."""
    if element.tag in ("informaltable", "table"):
        writing.table(
            [
                Placed(row, column, "\n".join(_lines(entry)))
                for row, cells in enumerate(element.iter("row"))
                for column, entry in enumerate(cells.iter("entry"))
            ],
            every=True,
        )
    elif element.tag in ("para", "title"):
        if element.find(".//informaltable") is None:
            writing.paragraph("".join(element.itertext()))
        else:
            for part in element:
                _write(writing, part)
    elif element.tag != "bookinfo":
        for part in element:
            _write(writing, part)


def _lines(entry: Any) -> list[str]:
    paragraphs = entry.findall(".//para") or [entry]
    return [line for p in paragraphs if (line := "".join(p.itertext()).strip())]
