"""How long the server takes for each kind of page: `python benchmarks/pages.py [STORE]`.

Each page is made 15 times from a version in memory, as a worker makes it; the median counts, in
milliseconds of processor time, so that a busy machine does not matter.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qsl

from graph.store import Store
from loaders import corpus
from loaders.notice import SHIPPED, read
from viz.site import Request, answer

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
    "suggest": "/search/suggest.json?q=新华",
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
TIMES = 15


def main() -> None:
    """Prints milliseconds by page: median and slowest."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(sys.argv[1] if len(sys.argv) > 1 else folder))
        if store.current() is None:
            corpus.publish(store, [corpus.contribution(read(SHIPPED), SHIPPED.read_bytes())])
        snapshot = store.memory()
        for name, address in PAGES.items():
            path, _, query = address.partition("?")
            asked = Request(path, tuple(parse_qsl(query)), root="http://127.0.0.1")
            status = answer(snapshot, asked).status
            took = []
            for _ in range(TIMES):
                began = time.process_time()
                answer(snapshot, asked)
                took.append(1000 * (time.process_time() - began))
            print(f"{name:16} {status} {statistics.median(took):7.1f} {max(took):7.1f} ms")


if __name__ == "__main__":
    main()
