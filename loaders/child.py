"""The process apart: reads the file on its standard input, answers JSON on its standard output."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from typing import Any

from loaders.flat import Flat, Refused

_TOO_MUCH = "reading it takes more memory than a document may (512 MB)"


def main(kind: str, seconds: int, memory: int) -> None:
    """Reads one file under limits, and ends."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for greedy in ("numpy", "pandas"):  # openpyxl would load them only to know their types
        sys.modules[greedy] = None  # type: ignore[assignment]
    out = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing):  # noqa: PTH123
        os.dup2(nothing.fileno(), 2)  # what native parsers complain of is no message of ours
        answer = _answer(kind)
    out.write(json.dumps(answer, ensure_ascii=False).encode())
    out.flush()
    os._exit(0)  # what hostile structures take to be torn down is not waited for


def _answer(kind: str) -> dict[str, Any]:
    from loaders.apart import packed

    try:
        return packed(_read(kind, sys.stdin.buffer.read()))
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
        from loaders.format_html import read
    elif kind == "pdf":
        from loaders.format_pdf import read
    else:
        from loaders.format_zip import read
    return read(data)
