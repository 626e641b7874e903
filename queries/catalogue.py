"""The catalogue of questions, and the one function that asks them.

A question is a `.rq` file that runs unchanged. Comments that begin with `#+` hold its summary
and the variables that a person may set (the convention of grlc):

    #+ summary_zh: 某部门主责哪些目标？
    #+ param name: body = 规土局 | 部门 | Body

A value goes in as a bound term, never as text. Names are resolved first: a short form, an
alias, a slip or a code finds the thing that bears it. `district`, `year` and `notice` narrow
every question to a scope (queries.scope); `#+ years: all` marks a question that compares years,
`#+ needs: reports` one that reports of progress answer, `#+ needs: geometry` one that needs
geometry of places.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice, product

from pyoxigraph import Literal, QuerySolutions, Variable

from graph.store.snapshot import Snapshot
from ontology.names import XSD
from queries.errors import BadParameter, UnknownQuestion
from queries.known_names import Note, meant, near_names, resolve
from queries.notes import notes_on
from queries.parameters import Parameter, Term, choices, term, terms
from queries.scope import KEYS, Narrowed, Scope, graphs_of, narrowed, scope_of

__all__ = ["Answer", "Note", "Parameter", "Question", "Term", "ask", "choices", "filled", "listed",
           "meant", "near_names", "question", "questions", "resolve", "term"]  # fmt: skip

_PARAM = re.compile(r"(\w+):\s*(\w+)\s*=\s*(.*?)\s*(?:\|\s*(.*?)\s*)?(?:\|\s*(.*?)\s*)?$")
_JOINED = re.compile(r'GROUP_CONCAT\([^;]*; *separator="(.+?)"\) AS \?(\w+)')
ROWS = 100_000
_FILTERS = ("text", "body")
"""Optional parameters of these kinds only filter; without a value they are empty strings."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its words in two languages, its parameters, and its query."""

    name: str
    number: int
    group: str
    summary: str
    summary_zh: str
    params: tuple[Parameter, ...]
    query: str
    all_years: bool = False
    """True where it compares years or documents, so that all years are its default."""
    needs: str = ""
    """What the graph must hold beside notices for an answer: reports, geometry, or nothing."""

    @property
    def needs_reports(self) -> bool:
        """Return whether reports of progress give the answer."""
        return self.needs == "reports"

    @property
    def needs_geometry(self) -> bool:
        """Return whether geometry of one's own gives the answer."""
        return self.needs == "geometry"


@dataclass(frozen=True, slots=True)
class Answer:
    """A table of terms. `truncated` where there were more rows than `ROWS`."""

    question: Question
    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    version: str
    truncated: bool
    params: Mapping[str, str]
    scope: Scope
    notes: tuple[Note, ...] = ()
    """Remarks on how a name was understood, and on an empty answer."""


@cache
def questions() -> dict[str, Question]:
    """All questions by name, in the order of their numbers."""
    found = [
        _question(file.name.removesuffix(".rq"), file.read_text(encoding="utf-8"))
        for file in (files("queries") / "questions").iterdir()
        if file.name.endswith(".rq")
    ]
    return {q.name: q for q in sorted(found, key=lambda q: (q.number, q.name))}


def question(name: str) -> Question:
    """The question of this name. Raises UnknownQuestion with the nearest names."""
    known = questions()
    if name not in known:
        raise UnknownQuestion(name, difflib.get_close_matches(name, known, 3, 0.4))
    return known[name]


def _question(name: str, text: str) -> Question:
    said: dict[str, str] = {}
    params = []
    for line in text.splitlines():
        if not line.startswith("#+"):
            continue
        key, _, value = line[2:].strip().partition(": ")
        if key.startswith("param "):
            match = _PARAM.match(line[2:].strip().removeprefix("param "))
            if match is None:
                raise ValueError(f"{name}.rq: cannot read {line!r}")
            variable, kind, default, label_zh, label = match.groups()
            params.append(Parameter(variable, kind, default, label_zh or variable, label or ""))
        else:
            said[key] = value
    return Question(
        name, int(said.get("number", "99")), said.get("group", ""), said["summary"],
        said["summary_zh"], tuple(params), text, said.get("years") == "all",
        said.get("needs", ""),
    )  # fmt: skip


def ask(snapshot: Snapshot, name: str, params: Mapping[str, str] | None = None) -> Answer:
    """Answer a question within its scope; parameters that are not given have their defaults.

    A name that means several things is answered for each of them; the column of the parameter
    then tells them apart. Raises UnknownQuestion, BadParameter, UnknownThing.
    """
    asked = question(name)
    given = {k: v for k, v in (params or {}).items() if k not in KEYS}
    scope = scope_of(snapshot, params or {}, all_years=asked.all_years)
    snapshot = narrowed(snapshot, scope)
    names = [p.name for p in asked.params]
    for extra in given.keys() - set(names):
        raise BadParameter(
            extra, f"the question {name} has no such parameter", names,
            zh=f"问题 {name} 没有这个参数",
        )  # fmt: skip
    bound, notes = bind(snapshot, asked, given)
    for parameter in asked.params:
        if given.get(parameter.name, "").strip() or not parameter.is_optional:
            given.setdefault(parameter.name, parameter.default)
        else:
            given.pop(parameter.name, None)
    hidden = {p.name for p in asked.params if not p.is_optional and len(bound[p.name]) == 1}
    columns, rows = _rows(snapshot, asked, bound, hidden)
    unset = [
        i
        for i, c in enumerate(columns)
        if rows and c in names and not any(map(_is_filled, (r[i] for r in rows)))
    ]
    kept = [i for i in range(len(columns)) if i not in unset]
    columns, rows = [columns[i] for i in kept], [tuple(r[i] for i in kept) for r in rows]
    notes += notes_on(snapshot, name, bound, is_empty=not rows, needs=asked.needs)
    return Answer(
        asked, tuple(columns), tuple(rows[:ROWS]), snapshot.version.id,
        len(rows) > ROWS, given, scope, notes,
    )  # fmt: skip


def _is_filled(term: Term | None) -> bool:
    return term is not None and term != Literal("")


def bind(
    snapshot: Snapshot, asked: Question, given: Mapping[str, str]
) -> tuple[dict[str, tuple[Term, ...]], tuple[Note, ...]]:
    """Resolve the parameters that are set, each to the terms that it means, with notes.

    Raises BadParameter, UnknownThing.
    """
    bound: dict[str, tuple[Term, ...]] = {}
    notes: list[Note] = []
    for parameter in asked.params:
        text = given.get(parameter.name, parameter.default)
        if parameter.is_optional and not text.strip():
            if parameter.kind in _FILTERS:
                bound[parameter.name] = (Literal(""),)
            continue
        bound[parameter.name], said = terms(snapshot, parameter, text)
        notes += said
    return bound, tuple(dict.fromkeys(notes))


def _rows(
    snapshot: Snapshot,
    asked: Question,
    bound: Mapping[str, tuple[Term, ...]],
    hidden: Collection[str],
) -> tuple[list[str], list[tuple[Term | None, ...]]]:
    """Ask once for each combination of terms; the rows are those of all."""
    joined = {v: s for s, v in _JOINED.findall(asked.query)}
    columns: list[str] = []
    rows: dict[tuple[Term | None, ...], None] = {}
    for values in product(*bound.values()):
        result = snapshot.query(asked.query, dict(zip(bound, values, strict=True)))
        assert isinstance(result, QuerySolutions)
        shown = [v for v in result.variables if v.value not in hidden]
        columns = [v.value for v in shown]
        separators = [joined.get(v.value, "") for v in shown]
        for solution in islice(result, ROWS + 1 - len(rows)):
            rows[_row(solution, shown, separators)] = None
    return columns, list(rows)


def _row(
    solution: object, shown: Sequence[Variable], separators: Sequence[str]
) -> tuple[Term | None, ...]:
    terms: tuple[Term | None, ...] = tuple(solution[v] for v in shown)  # type: ignore[index]
    return tuple(_sorted(t, s) if s else t for t, s in zip(terms, separators, strict=True))


def _sorted(term: Term | None, separator: str) -> Term | None:
    """Sort the parts of a GROUP_CONCAT, which an engine joins in any order."""
    if not isinstance(term, Literal):
        return term
    parts = sorted(term.value.split(separator), key=_size)
    return Literal(separator.join(parts), language=term.language)


def _size(word: str) -> tuple[int, str]:
    """Numbers by their size, then names."""
    digits = word[: len(word) - len(word.lstrip("0123456789"))]
    return (int(digits) if digits else 0, word)


def listed(snapshot: Snapshot) -> dict[str, object]:
    """Every question with its parameters: their type, default, and what they take in this version.

    `choices` are the preferred names; where there are any, other names of the same things do too.
    """
    kinds = dict.fromkeys(p.kind for q in questions().values() for p in q.params)
    taken = {kind: choices(snapshot, kind) for kind in kinds}
    return {
        "queries": [
            {
                "name": q.name,
                "summary": q.summary,
                "summary_zh": q.summary_zh,
                "params": [
                    {
                        "name": p.name,
                        "type": p.kind,
                        "default": p.default,
                        "optional": p.is_optional,
                        "label": p.label,
                        "label_zh": p.label_zh,
                        "choices": taken[p.kind],
                    }
                    for p in q.params
                ],
            }
            for q in questions().values()
        ]
    }


_WHERE = re.compile(r"\bWHERE \{")
_SIDE = re.compile(r"\{(\s+)(?=\?\w+ \S+ \?(\w+) )")
"""The beginning of a group whose first pattern ends in a variable."""


def _written(value: Term) -> str:
    is_whole = isinstance(value, Literal) and value.datatype == XSD["integer"]
    return value.value if isinstance(value, Literal) and is_whole else str(value)


def scoped_query(snapshot: Snapshot, asked: Question) -> str:
    """Return the query of a question without its header, kept to the scope of a snapshot."""
    text = "\n".join(line for line in asked.query.splitlines() if not line.startswith("#+"))
    if isinstance(snapshot, Narrowed) and not snapshot.scope.is_whole:
        graphs = graphs_of(snapshot.whole, snapshot.scope)
        source = "".join(f"FROM <{graph}>\n" for graph in graphs)
        text = _WHERE.sub(lambda m: f"\n{source}{m[0]}", text, count=1)
    return text


def filled(snapshot: Snapshot, name: str, given: Mapping[str, str]) -> str:
    """The query with each parameter bound in a VALUES clause where its WHERE begins.

    A narrowed snapshot adds the graphs of its scope as FROM clauses.

    So it is in each side of a UNION that begins with it: engines do not carry it in there, and
    would go through the whole graph. (People read this text, so its lines stay as they are;
    `graph.remote.local_shaping` asks an engine each side by itself.)

    Raises UnknownQuestion, BadParameter, UnknownThing.
    """
    asked = question(name)
    clauses = {
        variable: f"VALUES ?{variable} {{ {' '.join(map(_written, values))} }}"
        for variable, values in bind(snapshot, asked, given)[0].items()
        if all(map(_is_filled, values))
    }
    text = scoped_query(snapshot, asked)
    if clauses:
        begin = "WHERE {\n" + "\n".join(f"  {clause}" for clause in clauses.values())
        text = _WHERE.sub(lambda _: begin, text, count=1)
        text = _SIDE.sub(lambda m: m[0] + clauses[m[2]] + m[1] if m[2] in clauses else m[0], text)
    return f"# {asked.summary_zh}\n{text}\n"
