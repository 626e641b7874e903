"""The catalogue of questions, and the one function that asks them.

A question is a `.rq` file that runs unchanged. Comments that begin with `#+` hold its summary
and the variables that a person may set (the convention of grlc):

    #+ summary_zh: 某部门主责哪些目标？
    #+ param name: body = 规土局 | 部门 | Body

A value goes in as a bound term, never as text. Names are resolved first: a short form, an
alias, a slip or a code finds the thing that bears it. `district`, `year` and `notice` narrow
every question to a scope (queries.scope); `#+ years: all` marks a question that compares years.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple, Variable

from graph.store.snapshot import Snapshot
from ontology.names import XSD, squeeze
from queries.errors import BadParameter, UnknownQuestion, UnknownThing
from queries.scope import KEYS, Narrowed, Scope, graphs_of, narrowed, scope_of

Term = NamedNode | BlankNode | Literal | Triple

_PARAM = re.compile(r"(\w+):\s*(\w+)\s*=\s*(.*?)\s*(?:\|\s*(.*?)\s*)?(?:\|\s*(.*?)\s*)?$")
_JOINED = re.compile(r'GROUP_CONCAT\([^;]*; *separator="(.+?)"\) AS \?(\w+)')
_CLASSES = {"body": ("tk:Body", "tk:Collective"), "place": ("tk:Place",)}
_NARROW = str.maketrans("／（）", "/()")
ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable that a person may set. `kind` is body, place, target, quarter or text."""

    name: str
    kind: str
    default: str
    label_zh: str
    label: str


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
    )  # fmt: skip


def ask(snapshot: Snapshot, name: str, params: Mapping[str, str] | None = None) -> Answer:
    """Answer a question within its scope; parameters that are not given have their defaults.

    Raises UnknownQuestion, BadParameter, UnknownThing.
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
    bindings: dict[str, Term] = {}
    for parameter in asked.params:
        text = given.get(parameter.name, parameter.default)
        bindings[parameter.name] = term(snapshot, parameter, text)
        given[parameter.name] = text
    result = snapshot.query(asked.query, bindings)
    assert isinstance(result, QuerySolutions)
    shown = [v for v in result.variables if v.value not in bindings]
    joined = {v: s for s, v in _JOINED.findall(asked.query)}
    separators = [joined.get(v.value, "") for v in shown]
    rows = tuple(_row(s, shown, separators) for s in islice(result, ROWS + 1))
    return Answer(
        asked, tuple(v.value for v in shown), rows[:ROWS], snapshot.version.id,
        len(rows) > ROWS, given, scope,
    )  # fmt: skip


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


def term(snapshot: Snapshot, parameter: Parameter, text: str) -> Term:
    value = squeeze(text)
    if parameter.kind == "quarter":
        number = value.lstrip("Qq第").rstrip("季度").translate(str.maketrans("一二三四", "1234"))
        if number not in ("1", "2", "3", "4"):
            raise BadParameter(
                parameter.name, f"{text!r} is no quarter", ("1", "2", "3", "4"),
                zh=f"“{text}”不是季度",
            )  # fmt: skip
        return Literal(number, datatype=XSD["integer"])
    if parameter.kind == "text":
        if not value:
            raise BadParameter(parameter.name, "is empty", zh="未填")
        return Literal(value)
    if parameter.kind == "target":
        known = choices(snapshot, "target")
        if value not in known:
            raise UnknownThing(parameter.name, text, near_names(value, known))
        return Literal(value)
    return Literal(resolve(snapshot, parameter.kind, text, parameter.name), language="zh")


def resolve(snapshot: Snapshot, kind: str, text: str, parameter: str = "name") -> str:
    """The preferred label of the body or place that `text` names in any form or by its code.

    Raises UnknownThing with the nearest names.
    """
    return meant(text, _forms(snapshot, kind), parameter)


def meant(text: str, names: Mapping[str, str], parameter: str) -> str:
    """Resolve a name among `names`, typed with spaces or with `／（）`, as addresses have.

    Raises UnknownThing with the nearest names.
    """
    value = squeeze(text)
    narrow = value.translate(_NARROW)
    for form in (value, narrow):
        if form in names:
            return names[form]
    raise UnknownThing(parameter, text, near_names(narrow, list(names)))


def near_names(value: str, known: Sequence[str]) -> list[str]:
    """The names that are most like a value: slips first, then those that hold it."""
    parts = [k for k in known if value and (value in k or k in value)]
    return list(dict.fromkeys([*difflib.get_close_matches(value, known, 5, 0.4), *parts]))[:5]


def choices(snapshot: Snapshot, kind: str) -> list[str]:
    """The values that a parameter of this kind can take, from the graph; empty where it is free."""
    if kind == "quarter":
        return ["1", "2", "3", "4"]
    if kind == "target":
        query = "SELECT ?n { ?t a tk:Target ; skos:notation ?n ; tk:ordinal ?o } ORDER BY ?o ?n"
        return list(dict.fromkeys(_column(snapshot, query)))
    if kind in _CLASSES:
        return sorted(set(_forms(snapshot, kind).values()))
    return []


def _column(snapshot: Snapshot, query: str) -> list[str]:
    result = snapshot.query(query)
    assert isinstance(result, QuerySolutions)
    return [s[0].value for s in result]


_kept: dict[tuple[str, str], dict[str, str]] = {}
"""Of the last versions that were asked: a version never changes."""


def _forms(snapshot: Snapshot, kind: str) -> dict[str, str]:
    key = (snapshot.key, kind)
    if key not in _kept:
        while len(_kept) >= 8:
            del _kept[next(iter(_kept))]
        _kept[key] = _read_forms(snapshot, kind)
    return _kept[key]


def _read_forms(snapshot: Snapshot, kind: str) -> dict[str, str]:
    forms: dict[str, str] = {}
    classes = " ".join(_CLASSES[kind])
    for edge in ("skos:prefLabel", "skos:altLabel", "skos:notation", "skos:hiddenLabel"):
        result = snapshot.query(
            f"SELECT ?form ?label {{ VALUES ?class {{ {classes} }} ?thing a ?class ;"
            f" skos:prefLabel ?label ; {edge} ?form }} ORDER BY ?label ?form"
        )
        assert isinstance(result, QuerySolutions)
        for solution in result:
            forms.setdefault(squeeze(solution["form"].value), solution["label"].value)
    return forms


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


def filled(snapshot: Snapshot, name: str, given: Mapping[str, str]) -> str:
    """The query with each parameter bound in a VALUES clause where its WHERE begins.

    A narrowed snapshot adds the graphs of its scope as FROM clauses.

    So it is in each side of a UNION that begins with it: engines do not carry it in there, and
    would go through the whole graph. (People read this text, so its lines stay as they are;
    `graph.remote.local_shaping` asks an engine each side by itself.)

    Raises UnknownQuestion, BadParameter, UnknownThing.
    """
    asked = question(name)
    clauses = {}
    for parameter in asked.params:
        value = term(snapshot, parameter, given.get(parameter.name, parameter.default))
        whole = isinstance(value, Literal) and value.datatype == XSD["integer"]
        shown = value.value if isinstance(value, Literal) and whole else value
        clauses[parameter.name] = f"VALUES ?{parameter.name} {{ {shown} }}"
    text = "\n".join(line for line in asked.query.splitlines() if not line.startswith("#+"))
    if isinstance(snapshot, Narrowed) and not snapshot.scope.is_whole:
        graphs = graphs_of(snapshot.whole, snapshot.scope)
        source = "".join(f"FROM <{graph}>\n" for graph in graphs)
        text = _WHERE.sub(lambda m: f"\n{source}{m[0]}", text, count=1)
    if clauses:
        begin = "WHERE {\n" + "\n".join(f"  {clause}" for clause in clauses.values())
        text = _WHERE.sub(lambda _: begin, text, count=1)
        text = _SIDE.sub(lambda m: m[0] + clauses[m[2]] + m[1] if m[2] in clauses else m[0], text)
    return f"# {asked.summary_zh}\n{text}\n"
