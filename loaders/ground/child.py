"""The child process that reads one file of geometry under limits."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from loaders.sandbox import limits


def main(name: str, seconds: int, memory: int) -> None:
    """Read a file from standard input, answer JSON on standard output, and end."""
    data, out = sys.stdin.buffer.read(), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)  # GDAL's own messages
    limits.limit_address_space(memory)
    limits.limit_cpu(seconds)
    out.write(json.dumps(_answer(name, data), ensure_ascii=False).encode())
    out.flush()
    os._exit(0)


def _answer(name: str, data: bytes) -> dict[str, Any]:
    try:
        from loaders.ground.formats import Refused, read
    except ImportError as error:
        return {
            "refused": f"geometry needs the extra `geo`: uv pip install 'tiaokuai[geo]' ({error})"
        }
    try:
        return read(name, data)
    except Refused as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": "reading it takes more memory than a file of geometry may (3 GB)"}
    except RecursionError:
        return {"refused": "its parts are nested too deep"}
    except Exception as error:  # a parser may raise anything over a damaged file
        said = " ".join(str(error).split())[:160]
        return {"refused": f"it is damaged or cut off ({type(error).__name__}: {said})"}
