"""A section of a page of figures, between two marks, with the machine and the day."""

from __future__ import annotations

import argparse
import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path


def circumstances(**versions: str) -> str:
    """The day, the machine, and the releases that figures were taken with."""
    cpus = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    releases = {
        "tiaokuai": version("tiaokuai"),
        "Python": platform.python_version(),
        "pyoxigraph": version("pyoxigraph"),
        **versions,
    }
    named = ", ".join(f"{name} {release}" for name, release in releases.items())
    machine = f"{len(os.sched_getaffinity(0))} × {cpus[0] if cpus else platform.machine()}"
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {machine}, {memory:.0f} GB, "
        f"Linux {platform.release().partition('-')[0]}; {named}."
    )


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table of Markdown; all columns but the first of words are numbers, to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def number(value: float) -> str:
    """A figure with three digits that mean something.

    >>> [number(x) for x in (0.12345, 9.8765, 98.765, 9876.5)]
    ['0.123', '9.88', '98.8', '9,876']
    """
    value = float(f"{value:.3g}") if value < 1000 else value
    digits = 3 if value < 1 else 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f}"


def write_section(page: Path, name: str, text: str) -> None:
    """Puts a text between the marks of this name, in the place of what stood there."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    whole = page.read_text(encoding="utf-8") if page.exists() else ""
    if begin not in whole:
        whole += f"\n{begin}{end}"
    before, rest = whole.split(begin, 1)
    after = rest.split(end, 1)[1]
    page.write_text(f"{before}{begin}\n{text.strip()}\n\n{end}{after}", encoding="utf-8")


def options(doc: str, **numbers: float) -> argparse.ArgumentParser:
    """The options of a benchmark that has this description: numbers, and a page to write to."""
    parser = argparse.ArgumentParser(description=doc.split("\n")[0])
    for name, usual in numbers.items():
        parser.add_argument(f"--{name}", type=type(usual), default=usual)
    parser.add_argument("--write", type=Path, metavar="PAGE")
    return parser


def given(page: Path | None, name: str, text: str) -> None:
    """Prints a text, and writes it into its section where a page is given."""
    print(text)
    if page is not None:
        write_section(page, name, text)
