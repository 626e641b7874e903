"""Notices of many districts and years with the statistics of the shipped one, and a build of them.

    python benchmarks/corpus.py FOLDER [--notices 1000] [--rows 5] [--broken 10]
        [--build STORE] [--jobs 2]

A notice is the shipped one under another district, number and year; `--rows` keeps its first rows
only (0: all, about 37,000 quads). With `--build` it is read and published, and a line is printed:
documents and quads a CPU second, and the peak memory of the publishing process and of its readers;
beside it pyoxigraph's own bulk_load of the same quads.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from loaders.notice import SHIPPED

_FIRST = "甲乙丙丁戊己庚辛壬癸东西南北中安宁江海山"
_SECOND = "阳安宁平川陵城昌兴和泰丰源林湖泉溪桥港湾"


def notice(number: int, rows: int = 0) -> str:
    """A notice of the district and year of this number."""
    text = SHIPPED.read_text(encoding="utf-8")
    if rows:
        starts = [m.start() for m in re.finditer(r"^\d+[a-z]?\n\n", text, re.MULTILINE)]
        text = text[: starts[rows]]
    district, year = divmod(number, 20)
    one, two = _FIRST[district // 20 % 20], _SECOND[district % 20]
    text = text.replace("长宁区", f"{one}{two}区").replace("长府", f"{one}{two}府")
    return text.replace("2019", str(2001 + year))


def write(folder: Path, notices: int, rows: int, broken: int) -> None:
    """Writes a corpus; broken ones are spread over it."""
    folder.mkdir(parents=True, exist_ok=True)
    every = notices // broken if broken else 0
    for number in range(notices):
        bad = every and number % every == every - 1
        text = f"第{number}号:本文没有表格。\n" if bad else notice(number, rows)
        (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")


_BULK = """
import sys, pyoxigraph
pyoxigraph.Store(sys.argv[1]).bulk_load(path=sys.argv[2], format=pyoxigraph.RdfFormat.N_QUADS)
"""


def _timed(command: list[str]) -> tuple[float, float, str]:
    """CPU seconds of a command with its children, the seconds it took, what it said."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after, took = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - began
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, took, done.stderr


def main() -> None:
    """Writes a corpus, and builds it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--notices", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=5)
    parser.add_argument("--broken", type=int, default=10)
    parser.add_argument("--build", type=Path)
    parser.add_argument("--jobs", default="2")
    given = parser.parse_args()
    write(given.folder, given.notices, given.rows, given.broken)
    if given.build is None:
        return
    build = [sys.executable, "-m", "tiaokuai", "build", str(given.folder), "--store"]
    read, took, said = _timed([*build, str(given.build), "--jobs", given.jobs])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    named = said.count("no target was found")
    quads = int((re.search(r"(\d+) quads", said) or [0, 0])[1])
    print(said.splitlines()[-1])
    print(f"| {given.notices - named} read, {named} named | {took:.0f} s | {read:.0f} CPU s | "
          f"{given.notices / read:.1f} documents, {quads / read:,.0f} quads a CPU s | "
          f"peak {peak:.0f} MB |")  # fmt: skip
    again = given.build.with_name(given.build.name + "-published")
    readings = [*build[:-2], str(given.folder), "--store", str(given.build), "--jobs", given.jobs]
    (given.build / "current").unlink()  # what was read is kept; only publishing is left
    published, _, _ = _timed(readings)
    with tempfile.TemporaryDirectory(dir=again.parent) as folder:
        lines = Path(folder) / "all.nq"
        export = [sys.executable, "-m", "tiaokuai", "export", "--store", str(given.build)]
        subprocess.run([*export, "-o", str(lines)], check=True)
        bulk, _, _ = _timed([sys.executable, "-c", _BULK, f"{folder}/s", str(lines)])
    print(f"publishing what was read: {published:.1f} CPU s; bulk_load: {bulk:.1f} CPU s; "
          f"ratio {published / bulk:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
