"""Mutation testing: change one place of a module at a time and see which tests notice.

    python -m benchmarks.mutants [--each 40] [--module NAME]… [--write docs/testing.md]

pytest collects the tests once; each mutant is a fork of that process in which the code of one
function is replaced, and which runs the tests of the module until the first failure. So a mutant
costs the tests alone. A mutant that uses many times the CPU of the tests counts as killed.

Comparisons, `and` and `or`, `not`, arithmetic, numbers, truth values, results, the order of pairs,
`min` and `max`, `any` and `all`, and statements that only call are changed. Texts are not: golden
files hold them. Neither are constants of a module: it is not imported again.
"""

from __future__ import annotations

import importlib
import inspect
import os
import random
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from benchmarks import page
from benchmarks.mutations import Mutation, mutations

LAW = "tests/viz/views/test_views_equal_questions.py"
TESTS = {
    "loaders.commitments.accumulation": ["tests/loaders/commitments/test_indicators.py"],
    "loaders.lexicon.numerals": [
        "tests/loaders/lexicon/test_letters.py", "tests/loaders/lexicon/test_numerals.py",
    ],
    "loaders.text.quantities": [
        "tests/loaders/text/test_quantities.py", "tests/loaders/commitments/test_indicators.py",
    ],
    "loaders.places.coreference": ["tests/loaders/places/test_coreference.py"],
    "graph.triples.inference": [
        "tests/graph/triples/test_inference.py", "tests/graph/triples/test_graph.py::threshold",
    ],
    "graph.exports.networks": [
        "tests/graph/exports/test_networks.py", f"{LAW}::bodies",
    ],
    "queries.model.search": [
        "tests/queries/model/test_search_of_few.py", "tests/queries/model/test_search.py",
    ],
    "queries.model.paths": [
        "tests/queries/model/test_paths_of_few.py", "tests/queries/model/test_paths.py",
    ],
}  # fmt: skip
"""The modules that are mutated, and the tests that answer for each: a path, part of a name."""
ROOT = Path(__file__).parents[1]
CPU_FACTOR, CPU_SECONDS = 4, 10
"""A mutant may use this many times the CPU of the tests without it, and these seconds besides."""


@dataclass(slots=True)
class Score:
    """The outcome for one module."""

    sites: int
    tried: int = 0
    killed: int = 0
    survivors: list[str] = field(default_factory=list)


class Mutants:
    """A pytest plugin that runs the tests of each module once for each of its mutants."""

    def __init__(self, modules: Sequence[str], each: int) -> None:
        self.modules, self.each = modules, each
        self.scores: dict[str, Score] = {}
        self._failed = False

    def pytest_collection(self) -> None:
        """Make hypothesis try the same examples in each run; pytest must load it first."""
        from hypothesis import settings

        settings.register_profile("mutants", derandomize=True, database=None)
        settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember a failure, so that the fork can stop."""
        self._failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the mutants in place of running the tests."""
        if session.testsfailed:
            raise session.Interrupted("tests cannot be collected")
        for name in self.modules:
            module = importlib.import_module(name)
            source = Path(inspect.getfile(module))
            paths = [ROOT / path for path in TESTS[name]] + [source]
            items = [i for i in session.items if any(i.path.is_relative_to(p) for p in paths)]
            items.sort(
                key=lambda i: next(n for n, p in enumerate(paths) if i.path.is_relative_to(p))
            )
            used = self._fork(items, None, module, 0)
            if used is None:
                raise SystemExit(f"{name}: its tests fail without a mutant")
            every = list(mutations(source.read_text(encoding="utf-8")))
            score = self.scores[name] = Score(len(every))
            chosen = random.Random(0).sample(every, min(self.each, len(every)))
            for mutation in sorted(chosen, key=lambda m: m.line):
                score.tried += 1
                limit = CPU_FACTOR * used + CPU_SECONDS
                if self._fork(items, mutation, module, limit) is None:
                    score.killed += 1
                else:
                    where = f"{source.relative_to(ROOT)}:{mutation.line}"
                    score.survivors.append(f"{where}: {mutation.change}")
                    print(score.survivors[-1], file=sys.stderr, flush=True)
            print(f"{name}: {score.killed} of {score.tried} killed", file=sys.stderr, flush=True)
        return True

    def _fork(
        self,
        items: Sequence[pytest.Item],
        mutation: Mutation | None,
        module: ModuleType,
        limit: float,
    ) -> float | None:
        """Run the tests in a fork. Return its CPU seconds, None where a test failed."""
        folder = tempfile.mkdtemp(prefix="mutant-")
        child = os.fork()
        if not child:
            status = 1
            try:
                os.setpgid(0, 0)
                os.environ["PYTEST_DEBUG_TEMPROOT"] = os.environ["TMPDIR"] = folder
                tempfile.tempdir = folder
                silent = os.open(os.devnull, os.O_WRONLY)
                os.dup2(silent, 1)
                os.dup2(silent, 2)
                if limit:
                    resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 5))
                if mutation is not None:
                    replace(module, mutation)
                self._run(items)
                status = int(self._failed)
            finally:
                os._exit(status)
        _, status, used = os.wait4(child, 0)
        shutil.rmtree(folder, ignore_errors=True)
        return None if status else used.ru_utime + used.ru_stime

    def _run(self, items: Sequence[pytest.Item]) -> None:
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                return


def replace(module: ModuleType, mutation: Mutation) -> None:
    """Give a function of a loaded module the code that a mutation has made of it."""
    whole = compile(mutation.tree, inspect.getfile(module), "exec", dont_inherit=True)
    code = next(c for c in codes(whole) if c.co_qualname == mutation.function)
    for function in functions(module):
        if function.__qualname__ == mutation.function:
            function.__code__ = code
            return
    raise LookupError(f"{module.__name__} has no function {mutation.function}")


def codes(code: CodeType) -> Iterator[CodeType]:
    """A code object and all that it holds."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def functions(module: ModuleType) -> Iterator[FunctionType]:
    """The functions and methods of a module, without what is wrapped round them."""
    for value in list(vars(module).values()):
        if isinstance(value, type) and value.__module__ == module.__name__:
            yield from filter(None, map(bare, vars(value).values()))
        elif getattr(value, "__module__", None) == module.__name__ and (one := bare(value)):
            yield one


def bare(value: Any) -> FunctionType | None:
    """The function inside a method, a property or a memo."""
    for name in ("__func__", "fget", "func", "__wrapped__"):
        value = getattr(value, name, value)
    return value if isinstance(value, FunctionType) else None


def report(scores: dict[str, Score]) -> str:
    """The section of the page."""
    rows = [
        [f"`{name}`", str(s.sites), str(s.tried), str(s.killed), f"{s.killed / s.tried:.0%}"]
        for name, s in scores.items()
    ]
    tried, killed = (sum(getattr(s, key) for s in scores.values()) for key in ("tried", "killed"))
    sites = sum(s.sites for s in scores.values())
    rows.append(["all", str(sites), str(tried), str(killed), f"{killed / tried:.0%}"])
    head = ["module", "places to change", "tried", "killed", "share"]
    left = "".join(f"* `{line}`\n" for s in scores.values() for line in s.survivors)
    return f"{page.circumstances()}\n\n{page.table(head, rows)}\nNot noticed:\n\n{left or '* none'}"


def main() -> None:
    """Try mutants, print the table, and write it into a page."""
    parser = page.options(__doc__, each=40)
    parser.add_argument("--module", action="append", choices=list(TESTS))
    given = parser.parse_args()
    modules = given.module or list(TESTS)
    paths = [str(ROOT / test.partition("::")[0]) for name in modules for test in TESTS[name]]
    paths += [str(ROOT / f"{name.replace('.', '/')}.py") for name in modules]
    plugin = Mutants(modules, given.each)
    status = pytest.main(
        ["-p", "no:cacheprovider", "-p", "no:terminal", *dict.fromkeys(paths)], plugins=[plugin]
    )
    if status or not plugin.scores:
        raise SystemExit(int(status) or 1)
    page.given(given.write, "mutants", report(plugin.scores))


if __name__ == "__main__":
    main()
