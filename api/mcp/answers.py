"""Answers to the MCP tools, made inside a worker as JSON.

A refusal has the status 400; its `error` names what would be right.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote as percent
from urllib.parse import unquote, urlencode

from pyoxigraph import Literal, NamedNode, QuerySolutions

from graph.store.snapshot import Snapshot
from ontology.names import PREFIXES, base
from queries.ask.answering import answer_question, as_json
from queries.catalogue import Term, ask, filled, listed
from queries.errors import QuestionError, UnknownThing
from queries.formats import plain, value
from queries.model.atlas import atlas
from queries.model.paths import connected, found, label
from queries.model.search import TYPES, search
from queries.scope import narrowed, scope_of
from viz.render import render
from viz.site import Reply
from viz.views.catalogue import VIEWS, ViewError

MAX_NAME_CHARS = 40
_NAME = re.compile(rf"[\w()（）、／/·.%〔〕 -]{{1,{MAX_NAME_CHARS}}}")
"""Other strings are text of a document in any column."""
QUOTED = frozenset(
    "title text quote written namedAs asWritten before after bought sold text1 text2 form project "
    "word title2 reason object measure".split()
)
"""Columns that hold words of documents."""
MAX_FACTS = 200

Asked = Mapping[str, Any]


def answered(snapshot: Snapshot, asked: Asked) -> Reply:
    """Run the function of this room that `asked` names; refuse with status 400."""
    try:
        found = _FUNCTIONS[asked["function"]](snapshot, asked)
        return Reply(200, "application/json", json.dumps(found, ensure_ascii=False).encode())
    except (QuestionError, ViewError) as error:
        body = json.dumps({"error": str(error)}, ensure_ascii=False).encode(errors="replace")
        return Reply(400, "application/json", body)


def address_of(iri: str, asked: Asked, version: str) -> str:
    """Return the address of a thing below the version; without a server, its IRI."""
    root, here = asked["root"], base()
    if not root or not iri.startswith(here):
        return iri
    return f"{root}/v/{version}/{percent(iri.removeprefix(here))}"


def page_of(path: str, asked: Asked, version: str, **params: str) -> str:
    """Return the permanent address of a page or an answer; without a server, its path."""
    query = urlencode({k: v for k, v in params.items() if v})
    return f"{asked['root']}/v/{version}{path}" + (f"?{query}" if query else "")


def row_of(
    columns: Sequence[str], terms: Iterable[Term | None], asked: Asked, version: str, whole: str
) -> dict[str, object]:
    """Split a row into cells and quotes; it is about the first thing that it names."""
    cells: dict[str, object] = {}
    quotes: dict[str, str] = {}
    about = ""
    for column, term in zip(columns, terms, strict=True):
        if isinstance(term, NamedNode) and not about and term.value.startswith(f"{base()}id/"):
            about = term.value
        words = plain(term)
        is_text = isinstance(term, Literal) and isinstance(value(term), str)
        if is_text and (column in QUOTED or not _NAME.fullmatch(words)):
            quotes[column] = words
        else:
            cells[column] = value(term)
    address = address_of(about, asked, version) if about else whole
    return {"cells": cells, "quote": quotes, "address": address, "version": version}


def _scoped(asked: Asked) -> dict[str, str]:
    return {k: asked[k] for k in ("district", "year") if asked.get(k)}


def _questions(snapshot: Snapshot, asked: Asked) -> dict[str, object]:
    entries: Any = listed(snapshot)["queries"]
    words = asked["words"].lower()
    return {
        "questions": [
            {
                "name": q["name"],
                "summary": q["summary"],
                "summary_zh": q["summary_zh"],
                "params": [
                    {"name": p["name"], "kind": p["type"]}
                    | {k: p[k] for k in ("default", "optional", "label", "label_zh")}
                    for p in q["params"]
                ],
            }
            for q in entries
            if words in f"{q['name']} {q['summary']} {q['summary_zh']}".lower()
        ],
        "version": snapshot.version.id,
    }


def _question(snapshot: Snapshot, asked: Asked) -> dict[str, object]:
    name, given = asked["name"], {**asked["params"], **_scoped(asked)}
    answer = ask(snapshot, name, given)
    within = narrowed(snapshot, answer.scope)
    version = snapshot.version.id
    whole = page_of(f"/queries/{name}", asked, version, **answer.params, **answer.scope.params)
    first, end = asked["offset"], asked["offset"] + asked["limit"]
    count = len(answer.rows)
    return {
        "name": name,
        "params": dict(answer.params),
        "columns": list(answer.columns),
        "rows": [
            row_of(answer.columns, row, asked, version, whole) for row in answer.rows[first:end]
        ],
        "count": count,
        "next_offset": end if end < count else None,
        "version": version,
        "address": whole,
        "scope": answer.scope.as_json(),
        "notes": [note.en for note in answer.notes],
        "sparql": filled(within, name, answer.params),
    }


def _ask(snapshot: Snapshot, asked: Asked) -> dict[str, object]:
    found = answer_question(snapshot, asked["question"], _scoped(asked))
    made = as_json(found, "en", asked["root"])
    version, answer = snapshot.version.id, found.answer
    whole, rows = str(made["address"] or ""), answer.rows if answer else ()
    columns = answer.columns if answer else ()
    understood: Any = made["understood"]
    kept = ("status", "name", "params", "readings", "reason", "scope", "notes", "sparql", "address")
    return {k: made[k] for k in kept} | {
        "understood": understood["text"],
        "assumed": str(understood["assumed"] or ""),
        "columns": list(columns),
        "rows": [row_of(columns, r, asked, version, whole) for r in rows[: asked["limit"]]],
        "count": len(rows),
        "version": version,
    }


def _find(snapshot: Snapshot, asked: Asked) -> dict[str, object]:
    here = narrowed(snapshot, scope_of(snapshot, _scoped(asked)))
    chosen = {"type": asked["type"]} if asked["type"] in TYPES else {}
    hits = search(atlas(here), asked["words"], chosen)
    version = snapshot.version.id
    return {
        "items": [
            {
                "type": hit.type,
                "label": _name(hit.type, hit.label),
                "quote": "".join((said.before, said.words, said.after))
                if (said := next(iter(hit.said), None))
                else hit.label[len(_name(hit.type, hit.label)) :].strip(),
                "iri": hit.iri,
                "address": address_of(hit.iri, asked, version),
                "version": version,
            }
            for hit in hits[: asked["limit"]]
        ],
        "count": len(hits),
        "version": version,
    }


def _name(kind: str, words: str) -> str:
    """Return the name in a label: a target's number, else its first characters."""
    return words.partition(" ")[0] if kind == "target" else words[:MAX_NAME_CHARS]


def _address(snapshot: Snapshot, asked: Asked, name: str, parameter: str) -> str:
    """Find what a name, an IRI or an address of this server means. Raises UnknownThing."""
    text = name.strip()
    known = atlas(narrowed(snapshot, scope_of(snapshot, _scoped(asked))))
    if "/id/" in text:
        iri = f"{base()}id/" + unquote(text.partition("/id/")[2])
        if _solutions(snapshot, f"SELECT ?p {{ {NamedNode(iri)} ?p ?o }} LIMIT 1"):
            return iri
        raise UnknownThing(parameter, text, ())
    return found(known, text, parameter)


def _solutions(snapshot: Snapshot, query: str) -> list[tuple[Term | None, ...]]:
    result = snapshot.query(query)
    assert isinstance(result, QuerySolutions)
    width = range(len(result.variables))
    return [tuple(row[i] for i in width) for row in result]


def _short(iri: str) -> str:
    for prefix, home in PREFIXES.items():
        if iri.startswith(home):
            return f"{prefix}:{iri.removeprefix(home)}"
    return iri


def _thing(snapshot: Snapshot, asked: Asked) -> dict[str, object]:
    iri = _address(snapshot, asked, asked["name"], "name")
    node, version = NamedNode(iri), snapshot.version.id
    facts = _solutions(
        snapshot,
        f"SELECT DISTINCT ?p ?o ?l {{ {{ {node} ?p ?o }} UNION {{ ?o ?q {node}"
        ' BIND(IRI(CONCAT("urn:inverse:", STR(?q))) AS ?p) }'
        " OPTIONAL { ?o skos:prefLabel ?l } } ORDER BY ?p ?o",
    )
    rows = []
    for predicate, term, name in facts[:MAX_FACTS]:
        said = _short(plain(predicate).removeprefix("urn:inverse:"))
        way = "^" if plain(predicate).startswith("urn:inverse:") else ""
        row = row_of(("object",), (term,), asked, version, address_of(iri, asked, version))
        cells: Any = row["cells"]
        cells["property"] = way + said
        if name is not None and len(plain(name)) <= MAX_NAME_CHARS:
            cells["label"] = plain(name)
        rows.append(row)
    names = _solutions(snapshot, f"SELECT ?l {{ {node} skos:prefLabel ?l }}")
    types = _solutions(snapshot, f"SELECT ?t {{ {node} a ?t }} ORDER BY ?t")
    return {
        "iri": iri,
        "label": plain(names[0][0])[:MAX_NAME_CHARS] if names else iri.rpartition("/")[2],
        "types": [_short(plain(t)) for (t,) in types],
        "rows": rows,
        "truncated": len(facts) > MAX_FACTS,
        "address": address_of(iri, asked, version),
        "version": version,
    }


def _evidence(snapshot: Snapshot, asked: Asked) -> dict[str, object]:
    iri = _address(snapshot, asked, asked["name"], "name")
    version = snapshot.version.id
    columns = ("fact", "kind", "quote", "start", "end", "source")
    node = NamedNode(iri)
    rows = _solutions(
        snapshot,
        f"""SELECT DISTINCT ?fact ?kind ?quote ?start ?end ?source {{
        {{ BIND({node} AS ?fact) }} UNION {{ ?fact tk:target {node} }}
        UNION {{ ?fact tk:place {node} }} UNION {{ ?fact tk:body {node} ; tk:inferred false }}
        ?fact a ?kind ; tk:evidence ?e . FILTER(STRSTARTS(STR(?kind), "{PREFIXES["tk"]}"))
        ?e oa:hasSource ?source ; oa:hasSelector ?at . ?at oa:start ?start ; oa:end ?end ;
        oa:refinedBy/oa:exact ?quote }} ORDER BY ?start ?end ?fact""",
    )
    whole = address_of(iri, asked, version)
    first, end = asked["offset"], asked["offset"] + asked["limit"]
    return {
        "columns": list(columns),
        "rows": [row_of(columns, row, asked, version, whole) for row in rows[first:end]],
        "count": len(rows),
        "next_offset": end if end < len(rows) else None,
        "version": version,
        "address": whole,
    }


def _paths(snapshot: Snapshot, asked: Asked) -> dict[str, object]:
    here = narrowed(snapshot, scope_of(snapshot, _scoped(asked)))
    known = atlas(here)
    ends = [found(known, asked[end], end) for end in ("start", "end")]
    made = connected(known, *ends, inferred=asked["inferred"])
    version = snapshot.version.id

    def name(iri: str) -> str:
        return label(known, iri).partition(" ")[0] if iri in known.targets else label(known, iri)

    return {
        "start": name(made.start),
        "end": name(made.end),
        "steps": made.length,
        "count": made.count,
        "paths": [
            [
                {
                    "before": name(step.before),
                    "after": name(step.after),
                    "links": [link.kind for link in step.links],
                    "quote": next((k.evidence.quote for k in step.links if k.evidence), ""),
                    "address": address_of(step.after, asked, version),
                }
                for step in path
            ]
            for path in made.paths
        ],
        "address": page_of(
            "/paths", asked, version, **{"from": asked["start"], "to": asked["end"]}
        ),
        "version": version,
    }


def _view(snapshot: Snapshot, asked: Asked) -> dict[str, object]:
    name, given = asked["name"], {**asked["params"], **_scoped(asked)}
    made = render(snapshot, name, given, "png", root=asked["root"])
    version = snapshot.version.id
    return {
        "image": base64.b64encode(made.body).decode(),
        "name": name,
        "title": VIEWS[name].title,
        "media": made.media,
        "address": page_of(f"/views/{name}", asked, version, **given),
        "version": version,
        "warnings": list(made.warnings),
    }


_FUNCTIONS: dict[str, Callable[[Snapshot, Asked], dict[str, object]]] = {
    "ask": _ask,
    "questions": _questions,
    "question": _question,
    "find": _find,
    "thing": _thing,
    "evidence": _evidence,
    "paths": _paths,
    "view": _view,
}
