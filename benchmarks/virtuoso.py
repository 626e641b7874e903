"""A Virtuoso of one's own: Debian's program with a database and an ini in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import free_port, server

_INI = """[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = {buffers}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = {rows}
"""


@contextmanager
def virtuoso(folder: Path, *, rows: int, buffers: int = 20_000) -> Iterator[tuple[int, int]]:
    """Start a Virtuoso with a maximum of rows; yield its HTTP port and its process.

    A buffer is 8 KB of memory. Its user is dba, and so is the password.
    """
    port = free_port()
    ini = _INI.format(http=port, sql=free_port(), rows=rows, buffers=buffers)
    (folder / "v.ini").write_text(ini)
    command = ["virtuoso-t", "+configfile", "v.ini", "+foreground"]
    with server(command, port, cwd=folder, grace=0) as pid:
        yield port, pid
