"""The process apart: reads files that it is given, answers JSON on its standard output."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from loaders.formats.extracted import Flat, Refused, Scanned
from loaders.sandbox import limits
from loaders.sandbox.framing import received, send

_TOO_MUCH = "reading it takes more memory than a document may (512 MB)"


def main(kind: str, seconds: int, memory: int) -> None:
    """Reads one file under limits, and ends."""
    _bare(kind)
    _limited(kind, sys.stdin.buffer.read, os.dup(1), seconds, memory)


def warm(kind: str) -> None:
    """Reads one file after the other, each in a fork of its own under limits of its own.

    What takes long, loading the parser, is done once.
    """
    _bare(kind)
    for module in _MODULES[kind]:
        importlib.import_module(f"loaders.formats.{module}")
    out = os.fdopen(os.dup(1), "wb")
    while True:
        try:
            seconds, memory = json.loads(received(sys.stdin.buffer))
            data = received(sys.stdin.buffer)
        except EOFError:
            return
        status, answer = _forked(kind, data, seconds, memory)
        send(out, b"%d" % status, answer)


_MODULES = {
    "html": ("html",),
    "pdf": ("pdf.reader",),
    "scan": ("scan.scan_reader",),
    "zip": ("office_zip", "docx", "xlsx"),
    "xls": ("xls",),
    "doc": ("doc",),
}


def _bare(kind: str) -> None:
    if kind == "scan":
        return
    for greedy in ("numpy", "pandas"):  # openpyxl would load them only to know their types
        sys.modules[greedy] = None  # type: ignore[assignment]  # so Python lets an import fail


def _forked(kind: str, data: bytes, seconds: int, memory: int) -> tuple[int, bytes]:
    """How a fork that reads a file ends, and what it says."""
    here, there = os.pipe()
    child = os.fork()
    if not child:
        os.close(here)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        _limited(kind, lambda: data, there, seconds, memory)
    os.close(there)
    with os.fdopen(here, "rb") as said:
        answer = said.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), answer


def _limited(
    kind: str, data: Callable[[], bytes], answers: int, seconds: int, memory: int
) -> NoReturn:
    limits.limit_address_space(memory)
    limits.limit_cpu(seconds)
    out = os.fdopen(answers, "wb")
    with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing):  # noqa: PTH123  # no file
        os.dup2(nothing.fileno(), 2)  # what native parsers complain of is no message of ours
        answer = _answer(kind, data)
    out.write(json.dumps(answer, ensure_ascii=False).encode())
    out.flush()
    os._exit(0)  # what hostile structures take to be torn down is not waited for


def _answer(kind: str, data: Callable[[], bytes]) -> dict[str, Any]:
    from loaders.formats.sandbox import packed

    try:
        return packed(_read(kind, data()))
    except Scanned as error:
        return {"refused": str(error), "scanned": True}
    except Refused as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": _TOO_MUCH}
    except RecursionError:
        return {"refused": "its parts are nested too deep"}
    except Exception as error:  # a parser may raise anything over a damaged file
        said = " ".join(str(error).split())[:160]
        if "unknown error" in said:  # so libxml2 says that it was given no memory
            return {"refused": _TOO_MUCH}
        return {"refused": f"it is damaged or cut off ({type(error).__name__}: {said})"}


def _read(kind: str, data: bytes) -> Flat:
    if kind == "html":
        from loaders.formats.html import read
    elif kind == "pdf":
        from loaders.formats.pdf.reader import read
    elif kind == "xls":
        from loaders.formats.xls import read
    elif kind == "doc":
        from loaders.formats.doc import read
    elif kind == "scan":
        from loaders.formats.scan.scan_reader import read
    else:
        from loaders.formats.office_zip import read
    return read(data)
