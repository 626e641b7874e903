"""Measure the time to the first byte of each page and view, in each format.

    python -m benchmarks.pages [--store STORE] [--times 7] [--write docs/benchmarks.md]

A server is started for it. Everything is asked for once, and then `--times` times more in turns,
one request after the other: the table has the first time and the median of the others. CPU is of
all processes of the server, so that a busy machine does not matter to it.
"""

from __future__ import annotations

import argparse
import http.client
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import quote

from benchmarks import corpus, page
from benchmarks.engines import Running, tiaokuai
from benchmarks.processes import cpu
from viz.views.catalogue import FORMATS, VIEWS

THING = "/id/上海市长宁区"
NOTICE = THING + "/长府〔2019〕5号"
PAGES = {
    "home": "/",
    "home, all open": "/?open=all",
    "street": f"{THING}/地点/新华路街道",
    "block": f"{THING}/地点/115街坊",
    "road": f"{THING}/地点/延安西路",
    "body": f"{THING}/部门/建交委",
    "collective": f"{THING}/集合/各街（镇）",
    "target": f"{NOTICE}/目标/14b",
    "project": f"{NOTICE}/项目/友乐路商办项目",
    "domain": f"{THING}/领域/经济发展",
    "notice": NOTICE,
    "text": f"{NOTICE}/文本/d2aac1846414?at=8334-8337",
    "targets": "/targets",
    "bodies": "/bodies",
    "places": "/places",
    "projects": "/projects",
    "search": "/search?q=规土局",
    "suggestions": "/search/suggest.json?q=新华",
    "questions": "/queries",
    "place-targets": "/queries/place-targets",
    "asserted-edges": "/queries/asserted-edges",
    "body-agenda": "/queries/body-agenda",
    "paths": "/paths?from=规土局&to=115街坊",
    "views": "/views",
    "view": "/views/lead-matrix",
    "review": "/review",
    "editor": "/editor",
    "agenda.xlsx": "/agenda/place.xlsx?name=新华路街道",
    "agenda.ics": "/agenda/place.ics?name=新华路街道",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """The cost of one request: milliseconds to its first byte, CPU milliseconds, bytes."""

    first_byte: float
    cpu: float
    size: int


def asked(server: Running, address: str) -> Reply:
    """Request an address. Raises SystemExit if it does not exist."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    before, began = cpu(server.pid), time.perf_counter()
    connection.request("GET", quote(address, safe="/?=&"), headers={"Accept": "text/html"})
    reply = connection.getresponse()
    first = reply.read(1)
    took = time.perf_counter() - began
    size = len(first + reply.read())
    connection.close()
    if reply.status != 200:
        raise SystemExit(f"{address} answers {reply.status}")
    return Reply(1000 * took, 1000 * (cpu(server.pid) - before), size)


def measured(server: Running, addresses: Mapping[str, str], times: int) -> dict[str, list[Reply]]:
    """The replies by name, the first one first."""
    found: dict[str, list[Reply]] = defaultdict(list)
    for _ in range(times + 1):
        for name, address in addresses.items():
            found[name].append(asked(server, address))
    return found


def said(replies: list[Reply]) -> list[str]:
    """The cells of a row: first byte, typical and the first time; CPU; bytes."""
    first, *others = replies
    return [
        page.number(median(r.first_byte for r in others)), page.number(first.first_byte),
        page.number(sum(r.cpu for r in others) / len(others)), f"{first.size / 1024:,.0f}",
    ]  # fmt: skip


def report(given: argparse.Namespace, folder: Path) -> str:
    """The section of the page."""
    store = corpus.shipped(given.store or folder)
    views = {f"{view} {form}": f"/views/{view}.{form}" for view in VIEWS for form in FORMATS}
    with tiaokuai(store.folder) as server:
        found = measured(server, {**views, **PAGES}, given.times)
    rows = [
        [
            view,
            *(
                f"{median(r.first_byte for r in found[f'{view} {form}'][1:]):,.0f} "
                f"({found[f'{view} {form}'][0].first_byte:,.0f})"
                for form in FORMATS
            ),
        ]
        for view in VIEWS
    ]
    pages = [[name, *said(found[name])] for name in PAGES]
    head = ["page", "first byte, ms", "the first time, ms", "CPU ms", "KB"]
    return (
        f"{page.circumstances()}\n\nMilliseconds to the first byte of each view, the median of "
        f"{given.times}, and in brackets the first time after the start of the server:\n\n"
        f"{page.table(['view', *FORMATS], rows)}\n{page.table(head, pages)}"
    )


def main() -> None:
    """Prints the tables."""
    parser = page.options(__doc__, times=7)
    parser.add_argument("--store", type=Path, help="by default the graph of the shipped notice")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page.given(given.write, "pages", report(given, Path(folder)))


if __name__ == "__main__":
    main()
