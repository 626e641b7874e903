"""Notices of many districts and years with the statistics of the shipped one, and builds of them.

    python -m benchmarks.corpus [--folder FOLDER] [--notices 1000] [--rows 5] [--broken 10]
        [--jobs 2] [--write docs/benchmarks.md]

A notice is the shipped one under another district, number and year; `--rows` keeps its first rows
only (0: all, about 37,000 quads). FOLDER is filled with such a corpus, some files of it broken,
and built into FOLDER.store; what it took is printed, with the memory of all processes over time.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import page
from benchmarks.processes import resident
from graph.store.store import Store
from loaders.corpus.publish import contribution, publish
from loaders.notice import SHIPPED, read

_FIRST = "甲乙丙丁戊己庚辛壬癸东西南北中安宁江海山"
_SECOND = "阳安宁平川陵城昌兴和泰丰源林湖泉溪桥港湾"
_YEARS = 20


def notice(number: int, rows: int = 0) -> str:
    """A notice of the district and year of this number."""
    text = SHIPPED.read_text(encoding="utf-8")
    if rows:
        starts = [m.start() for m in re.finditer(r"^\d+[a-z]?\n\n", text, re.MULTILINE)]
        text = text[: starts[rows]]
    district, year = divmod(number, _YEARS)
    one, two = _FIRST[district // len(_SECOND)], _SECOND[district % len(_SECOND)]
    text = text.replace("长宁区", f"{one}{two}区").replace("长府", f"{one}{two}府")
    return text.replace("2019", str(2001 + year))


def shipped(folder: Path) -> Store:
    """The store in a folder; one with the graph of the shipped notice where there is none."""
    store = Store(folder)
    if store.current() is None:
        publish(store, [contribution(read(SHIPPED), SHIPPED.read_bytes())])
    return store


def write(folder: Path, notices: int, rows: int = 0, broken: int = 0) -> list[str]:
    """Writes a corpus with broken files spread over it; the names of those."""
    folder.mkdir(parents=True, exist_ok=True)
    every = notices // broken if broken else 0
    bad = []
    for number in range(notices):
        name, text = f"{number:05}.txt", notice(number, rows)
        if every and number % every == every - 1:
            bad.append(name)
            text = f"第{number}号:本文没有表格。\n"
        (folder / name).write_text(text, encoding="utf-8")
    return bad


@dataclass(slots=True)
class Run:
    """A finished command: its output, its cost, and its memory over time."""

    said: str = ""
    cpu: float = 0.0
    """CPU seconds, of all its processes."""
    took: float = 0.0
    memory: list[int] = field(default_factory=list)
    """Bytes that it held with all its processes, every half second."""

    @property
    def peak(self) -> int:
        """The most memory that it held at any of those moments."""
        return max(self.memory, default=0)

    def memory_at(self, share: float) -> int:
        """Return its memory when this share of its time was over."""
        return self.memory[min(len(self.memory) - 1, int(share * len(self.memory)))]


def run(command: list[str]) -> Run:
    """Runs a command to its end; what it prints on standard output is dropped."""
    done = Run()
    began, before = time.monotonic(), os.times()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        ended = threading.Event()

        def look() -> None:
            while not ended.wait(0.5):
                done.memory.append(resident(process.pid))

        watcher = threading.Thread(target=look)
        watcher.start()
        _, done.said = process.communicate()
        ended.set()
        watcher.join()
    after = os.times()
    done.took = time.monotonic() - began
    done.cpu = after.children_user + after.children_system
    done.cpu -= before.children_user + before.children_system
    return done


def build(folder: Path, store: Path, jobs: int) -> tuple[Run, int]:
    """Builds a corpus into a store: what it took, and the quads that came of it."""
    tiaokuai = [sys.executable, "-m", "tiaokuai", "build", str(folder), "--store", str(store)]
    done = run([*tiaokuai, "--jobs", str(jobs)])
    found = re.search(r"(\d+) quads", done.said)
    if found is None:
        raise SystemExit(f"nothing was built: {done.said[-400:]}")
    return done, int(found[1])


def report(given: argparse.Namespace, folder: Path) -> str:
    """The section of the page."""
    bad = write(folder, given.notices, given.rows, given.broken)
    done, quads = build(folder, folder.with_suffix(".store"), given.jobs)
    named = [name for name in bad if f"{name}:" in done.said]
    read = int((re.search(r"(\d+) documents", done.said) or [0, 0])[1])
    shares = (0.1, 0.25, 0.5, 0.75, 0.9)
    row = [
        f"{read:,} of {given.notices - len(bad):,}", f"{len(named)} of {len(bad)}",
        f"{quads:,}", page.number(done.cpu), page.number(read / done.cpu),
        f"{quads / done.cpu:,.0f}", f"{done.peak / 2**20:,.0f}",
        *(f"{done.memory_at(share) / 2**20:,.0f}" for share in shares),
    ]  # fmt: skip
    head = "read|broken ones named|quads|CPU s|documents a CPU s|quads a CPU s|peak MB".split("|")
    head += [f"MB at {share:.0%}" for share in shares]
    kept = f"the first {given.rows} rows of" if given.rows else "all rows of"
    return (
        f"{given.notices:,} files, each {kept} the shipped notice under a district and year of its "
        f"own; {given.jobs} processes. {page.circumstances()}\n\n{page.table(head, [row])}"
    )


def main() -> None:
    """Writes a corpus, builds it, and prints what it took."""
    parser = page.options(__doc__, notices=1000, rows=5, broken=10, jobs=2)
    parser.add_argument("--folder", type=Path, help="by default one that is removed again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page.given(given.write, "corpus", report(given, given.folder or Path(folder) / "corpus"))


if __name__ == "__main__":
    main()
