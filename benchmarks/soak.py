"""Publish under load and deadlines for some minutes; compare what the server holds.

    python -m benchmarks.soak STORE [--minutes 10] [--every 20]

A copy of the store is served. Clients ask ordinary queries, pages and queries that pass their
deadline, while a version is published every so often. Afterwards memory, descriptors and processes
must be within a tenth of what they were after the first publication; no ordinary request may fail.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import httpx

from benchmarks.engines import tiaokuai
from benchmarks.processes import quiet, resident, tree

TOKEN = "soak"
DEADLINE_S = 2
ORDINARY = (
    "/sparql?query=SELECT%20?p%20?o%20%7B%20?s%20a%20tk:Target%20;%20?p%20?o%20%7D%20LIMIT%2020",
    "/", "/bodies", "/views/bodies.svg", "/api/targets", "/queries/leads.csv", "/healthz",
)  # fmt: skip
RUNAWAY = "/sparql?query=SELECT%20(COUNT(*)%20AS%20?n)%20%7B%20?a%20?b%20?c.%20?d%20?e%20?f%20%7D"


def held(pid: int) -> dict[str, int]:
    """The memory, the descriptors and the processes of a server that is idle."""
    quiet(pid, 60)
    processes = tree(pid)
    descriptors = sum(len(list(Path(f"/proc/{p}/fd").iterdir())) for p in processes)
    return {"MB": resident(pid) >> 20, "descriptors": descriptors, "processes": len(processes)}


def load(address: str, paths: tuple[str, ...], end: threading.Event, counts: Counter[str]) -> None:
    """Ask paths one after the other until the end; count what comes back."""
    with httpx.Client(base_url=address, timeout=60) as client:
        number = 0
        while not end.is_set():
            path = paths[number % len(paths)]
            number += 1
            try:
                status = str(client.get(path).status_code)
            except httpx.HTTPError as error:
                status = type(error).__name__
            counts[f"{path.partition('?')[0]} {status}"] += 1


def publish(client: httpx.Client, number: int) -> None:
    """Publish a version with one more triple."""
    text = f"INSERT DATA {{ <http://e/{number}> <http://e/p> {number} }}"
    headers = {"content-type": "application/sparql-update", "authorization": f"Bearer {TOKEN}"}
    client.post("/update", content=text, headers=headers).raise_for_status()


def main() -> int:
    """Print what was held before and after, and the requests that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--every", type=float, default=20)
    given = parser.parse_args()
    ordinary: Counter[str] = Counter()
    overrun: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        shutil.copytree(given.store, store)
        settings = {"TIAOKUAI_TOKEN": TOKEN, "TIAOKUAI_DEADLINE": str(DEADLINE_S)}
        with tiaokuai(store, **settings) as server, httpx.Client(base_url=server.address) as client:
            client.timeout = httpx.Timeout(120)
            publish(client, 0)
            before, end = held(server.pid), threading.Event()
            threads = [
                threading.Thread(target=load, args=(server.address, paths, end, counts))
                for paths, counts in ((ORDINARY, ordinary), ((RUNAWAY,), overrun))
            ]
            for thread in threads:
                thread.start()
            number, until = 0, time.monotonic() + given.minutes * 60
            while time.monotonic() < until:
                time.sleep(given.every)
                number += 1
                publish(client, number)
            end.set()
            for thread in threads:
                thread.join()
            time.sleep(12)  # further workers end after ten idle seconds
            after = held(server.pid)
    failed = {key: n for key, n in ordinary.items() if not key.endswith(" 200")}
    print(f"{number} publications; before {before}, after {after}")
    print(f"{ordinary.total()} ordinary requests, failed: {failed or 0}")
    print(f"beyond the deadline: {dict(overrun)}")
    grown = [key for key in before if after[key] > before[key] * 1.1 + 1]
    print(f"grown by more than a tenth: {grown or 'nothing'}")
    return len(failed) + len(grown)


if __name__ == "__main__":
    sys.exit(main())
