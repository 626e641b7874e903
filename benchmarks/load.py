"""Load on a SPARQL server: by wrk on several connections, or one query after the other."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import quote

from benchmarks.processes import cpu

ACCEPT = "application/sparql-results+json"
KNOWN = 64
"""Different questions of a load in which all were asked before."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a server: requests a second, CPU ms of each, 50th and 99th percentile in ms."""

    rate: float
    cpu: float
    middle: float
    late: float
    unanswered: int = 0
    """Questions without an answer in time; the figures are then a lower bound."""
    alone: bool = False
    """True if they were asked one after the other instead of on several connections."""


@dataclass(frozen=True, slots=True)
class Said:
    """A server's answer to one query: seconds, CPU seconds, and its rows in a hash."""

    seconds: float
    cpu: float
    rows: str = ""
    """Their number and a hash of them, sorted; empty where there was no answer."""
    status: int = 200
    """A hash of the rows; 0 without an answer in time."""


_LUA = """
local paths, at, new = {{}}, 0, {known}
for line in io.lines("{paths}") do paths[#paths + 1] = line end
local function asked(n)
  return wrk.format("GET", paths[n % #paths + 1] .. "%20%23%20{tag}-" .. n)
end
request = function()
  at = at + 1
  if {share} == 1 then return asked(at % {known}) end
  if {share} > 0 and at % 2 == 0 then return asked(math.random({known} + 1, new)) end
  new = new + 1
  return asked(new)
end
"""


def loaded(
    port: int, path: str, queries: Sequence[str], pid: int, *,
    tag: str, share: float, seconds: int, connections: int,
) -> Figures:  # fmt: skip
    """Load a server with wrk for some seconds.

    A number behind each query, in a comment, makes it one that was never asked, unless the same
    tag was there before. `share` of them are asked again: 0, 0.5 or 1. All servers are asked the
    same ones in the same order.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths, script = Path(folder) / "paths", Path(folder) / "script.lua"
        paths.write_text("".join(f"{path}?query={quote(query)}\n" for query in queries))
        script.write_text(_LUA.format(paths=paths, tag=tag, share=share, known=KNOWN))
        before, began = cpu(pid), time.monotonic()
        said = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency",
             "-s", str(script), "-H", f"Accept: {ACCEPT}", f"http://127.0.0.1:{port}"],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        used, took = cpu(pid) - before, time.monotonic() - began
    if re.search("Non-2xx|Socket errors", said):
        raise RuntimeError(f"the server on port {port} did not answer all: {said}")
    count = max(1, int(_found(r"(\d+) requests in", said)[0]))
    return Figures(
        rate=count / min(took, float(seconds)), cpu=used / count * 1000,
        middle=_milliseconds("50%", said), late=_milliseconds("99%", said),
    )  # fmt: skip


def _found(pattern: str, said: str) -> tuple[str, ...]:
    match = re.search(pattern, said)
    if match is None:
        raise RuntimeError(f"wrk says nothing of {pattern}: {said}")
    return match.groups()


def _milliseconds(which: str, said: str) -> float:
    number, unit = _found(which + r" +([\d.]+)(us|ms|s|m)\b", said)
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def one(port: int, path: str, query: str, pid: int, patience: float) -> Said:
    """Return a server's answer to one query within some seconds."""
    before, began = cpu(pid), time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request("GET", f"{path}?query={quote(query)}", headers={"Accept": ACCEPT})
        reply = connection.getresponse()
        body, status = reply.read(), reply.status
    except TimeoutError:
        body, status = b"", 0
    finally:
        connection.close()
    took, used = time.monotonic() - began, cpu(pid) - before
    return Said(took, used, _rows(body) if status == 200 else "", status)


def _rows(body: bytes) -> str:
    """The number of rows and a hash of them; what GROUP_CONCAT joins comes in any order."""
    rows = json.loads(body)["results"]["bindings"]
    cells = sorted(
        "\t".join(f"{name}={''.join(sorted(row[name]['value']))}" for name in sorted(row))
        for row in rows
    )
    return f"{len(cells)} {hashlib.sha256(chr(10).join(cells).encode()).hexdigest()[:12]}"


def alone(said: Sequence[Said]) -> Figures:
    """The figures of queries that were asked one after the other, refused ones left out."""
    tried = [s for s in said if s.rows or not s.status]
    took = sorted(s.seconds * 1000 for s in tried)
    return Figures(
        rate=1000 * len(took) / sum(took),
        cpu=1000 * sum(s.cpu for s in tried) / len(tried),
        middle=median(took),
        late=took[min(len(took) - 1, int(len(took) * 0.99))],
        unanswered=sum(not s.rows for s in tried),
        alone=True,
    )


def typical(rounds: Iterable[Figures]) -> Figures:
    """The median of each figure over several rounds."""
    found = list(rounds)
    return Figures(
        median(f.rate for f in found), median(f.cpu for f in found),
        median(f.middle for f in found), median(f.late for f in found),
        max(f.unanswered for f in found), found[0].alone,
    )  # fmt: skip
