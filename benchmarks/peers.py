"""Compare our server with others in one run, on the same quads and queries.

    make peers
    .venv/bin/python -m benchmarks.peers [--store STORE] [--write docs/benchmarks.md]
        [--seconds 2] [--rounds 3] [--connections 4] [--patience 10]

Every server is first asked its samples one after the other; their answers must be the same rows.
Then all of them run at once, and are loaded by wrk in turns of `--seconds`, workload by workload,
round after round, so that other work of the machine meets all alike; the median of the rounds
counts. Where one query takes a server more than a quarter of a second, or longer than
`--patience`, its figures are those of the samples. CPU is that of a server with all its processes.

cold: no question was asked before (each carries a number in a comment); half: one in two was;
warm: all were.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from pyoxigraph import RdfFormat

from benchmarks import corpus, engines, page
from benchmarks.engines import DISK, MEMORY, OURS, RDFLIB, VIRTUOSO, Engine, Running
from benchmarks.load import KNOWN, Figures, Said, alone, loaded, one, typical
from benchmarks.workloads import Workload, workloads

SHARES = {"cold": 0.0, "half": 0.5, "warm": 1.0}
SLOW = 0.25
"""Seconds of a query from which on a server is measured by its samples."""
AIMS = (
    ("cold", DISK, 2.0), ("cold", MEMORY, 0.7), ("cold", VIRTUOSO, 2.0), ("cold", RDFLIB, 30.0),
    ("half", MEMORY, 1.5),
)  # fmt: skip
"""The goals: requests a second on the mix as a multiple of a peer's, by kind of load."""

Walked = dict[str, list[Said]]
"""A server's answers to the samples, by workload."""
Table = dict[tuple[str, str], Figures]
"""Figures by workload and line of the table."""


def series(name: str) -> list[str]:
    """The lines of a server in a table."""
    return [f"{name}, {kind}" for kind in SHARES] if name == OURS else [name]


def walked(name: str, engine: Engine, kinds: tuple[Workload, ...], patience: float) -> Walked:
    """Return a server's answers to the samples; one that does not answer in time is restarted."""
    said: Walked = defaultdict(list)
    left = [(kind.name, query) for kind in kinds for query in kind.samples]
    while left:
        note(f"{name}: {len(left)} samples")
        with engine() as running:
            while left:
                kind, query = left.pop(0)
                said[kind].append(one(running.port, running.path, query, running.pid, patience))
                if not said[kind][-1].status:
                    break
    return said


def note(said: str) -> None:
    """Print the current step on standard error."""
    print(said, file=sys.stderr, flush=True)


def slow(said: list[Said]) -> bool:
    """Return whether a server is too slow for a load of a few seconds to measure."""
    return any(not s.rows for s in said) or sum(s.seconds for s in said) / len(said) > SLOW


def rounds(
    running: list[Running], kinds: tuple[Workload, ...], slower: Table, given: argparse.Namespace
) -> Table:
    """The figures of all that are not slow."""
    found: dict[tuple[str, str], list[Figures]] = defaultdict(list)
    for turn in range(given.rounds):
        for kind in kinds:
            note(f"round {turn + 1} of {given.rounds}: {kind.name}")
            for server in running:
                for line in series(server.name):
                    if (kind.name, server.name) in slower:
                        continue
                    share = SHARES[line.rpartition(", ")[2]] if server.name == OURS else 0.0
                    if share == 1:
                        remember(server, kind, given.connections)
                    for warming in (True, False) if turn == 0 else (False,):
                        tag = "warm" if share == 1 else str(time.time_ns())
                        figures = loaded(
                            server.port, server.path, kind.queries, server.pid, tag=tag,
                            share=share, seconds=1 if warming else given.seconds * kind.turns,
                            connections=given.connections,
                        )  # fmt: skip
                        if not warming:
                            found[kind.name, line].append(figures)
    return {key: typical(figures) for key, figures in found.items()}


def remember(server: Running, kind: Workload, connections: int) -> None:
    """Asks all that is asked again under the tag `warm`, until it has been asked twice."""
    asked = 0.0
    while asked < 2 * KNOWN:
        asked += loaded(
            server.port, server.path, kind.queries, server.pid,
            tag="warm", share=1, seconds=1, connections=connections,
        ).rate  # fmt: skip


def shown(kinds: tuple[Workload, ...], names: list[str], figures: Table) -> str:
    """The one table."""
    rows = []
    for kind in kinds:
        ours = figures[kind.name, f"{OURS}, cold"]
        for line in names:
            f = figures[kind.name, line]
            sign = "≥ " if f.unanswered else ""
            rows.append([
                f"**{kind.name}**" if line == names[0] else "", line + ("*" if f.alone else ""),
                sign + page.number(f.cpu), ("≤ " if f.unanswered else "") + page.number(f.rate),
                page.number(f.middle), sign + page.number(f.late),
                sign + page.number(ours.rate / f.rate), sign + page.number(f.cpu / ours.cpu),
            ])  # fmt: skip
    head = "workload|server|CPU ms|requests/s|p50 ms|p99 ms|our cold rate : its|its CPU : ours cold"
    return page.table(head.split("|"), rows)


def aims(kind: Workload, figures: Table) -> str:
    """The ratios on the mix, and their goals."""
    rows = []
    for ours, theirs, aim in AIMS:
        mine, its = figures[kind.name, f"{OURS}, {ours}"], figures[kind.name, theirs]
        ratio, sign = mine.rate / its.rate, "≥ " if its.unanswered else ""
        rows.append([
            f"{OURS}, {ours} : {theirs}", f"{aim:g}", sign + page.number(ratio),
            sign + page.number(its.cpu / mine.cpu), "yes" if ratio >= aim else "**no**",
        ])  # fmt: skip
    head = "on the mix, requests a second|at least|is|by CPU a request|reached"
    return page.table(head.split("|"), rows)


def differences(kinds: tuple[Workload, ...], said: dict[str, Walked]) -> list[str]:
    """Samples that a server answers with other rows than ours, or not in time."""
    found = []
    for name, walk in said.items():
        for kind in kinds:
            pairs = list(zip(walk[kind.name], said[OURS][kind.name], strict=True))
            other = [(a, b) for a, b in pairs if a.rows and a.rows != b.rows]
            counts = sum(a.rows.split()[0] != b.rows.split()[0] for a, b in other)
            for number, what in (
                (sum(a.status == 0 for a, _ in pairs), "not answered in time"),
                (sum(a.status not in (0, 200) for a, _ in pairs), "refused"),
                (counts, "with another number of rows"),
                (len(other) - counts, "with as many rows, but other words in some"),
            ):
                if number:
                    found.append(f"{name}, {kind.name}: {number} of {len(pairs)} {what}")
    return found


def report(given: argparse.Namespace, folder: Path) -> str:
    """The section of the page."""
    store = corpus.shipped(given.store or folder / "store")
    snapshot = store.memory()
    quads = folder / "quads.nq"
    quads.write_bytes(snapshot.store.dump(format=RdfFormat.N_QUADS) or b"")
    kinds, started = workloads(snapshot), engines.engines(store.folder, quads, folder)
    said = {name: walked(name, engine, kinds, given.patience) for name, engine in started.items()}
    slower = {
        (kind.name, name): alone(walk[kind.name])
        for name, walk in said.items() for kind in kinds if name != OURS and slow(walk[kind.name])
    }  # fmt: skip
    with ExitStack() as stack:
        needed = [n for n in started if any((kind.name, n) not in slower for kind in kinds)]
        running = [stack.enter_context(started[name]()) for name in needed]
        figures = {**slower, **rounds(running, kinds, slower, given)}
    names = [line for name in started for line in series(name)]
    asked = "".join(f"* {kind.name}: {kind.said}\n" for kind in kinds)
    other = "".join(f"* {line}\n" for line in differences(kinds, said)) or "* none\n"
    return (
        f"{len(snapshot.store):,} quads; {given.connections} connections, turns of "
        f"{given.seconds} s ({given.seconds * kinds[-1].turns} s for the mix), the median of "
        f"{given.rounds}. "
        f"{page.circumstances(**engines.versions())}\n\n"
        f"{asked}\n{aims(kinds[-1], figures)}\n{shown(kinds, names, figures)}\n"
        "\\* asked one after the other, since a query takes it longer than a quarter of a second; "
        f"≥ and ≤ where queries were given up after {given.patience:g} s.\n\n"
        f"Answers that differ from ours:\n\n{other}"
    )


def main() -> None:
    """Prints the table, and writes it into a page."""
    parser = page.options(__doc__, seconds=2, rounds=3, connections=4, patience=10.0)
    parser.add_argument("--store", type=Path, help="by default the graph of the shipped notice")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the servers end with it
    with tempfile.TemporaryDirectory() as folder:
        page.given(given.write, "peers", report(given, Path(folder)))


if __name__ == "__main__":
    main()
