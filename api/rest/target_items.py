"""Items of the REST lists that belong to targets: milestones, indicators, assignments."""

from __future__ import annotations

from api.rest.items import Given, Item, chosen, end, local, number
from graph.store.snapshot import Snapshot
from queries.model.atlas import rows

_MILESTONES = """SELECT ?m ?t ?n ?y ?q ?text ?stage ?c ?project ?domain { ?m a tk:Milestone ;
  tk:target ?t ; tk:due ?due ; tk:text ?text ; tk:stage ?stage . ?due tk:quarter ?q .
  OPTIONAL { ?due tk:year ?y } OPTIONAL { ?m tk:commitment ?c }
  OPTIONAL { ?m tk:ofProject/skos:prefLabel ?project }
  ?t skos:notation ?n ; tk:ordinal ?o ; dcterms:isPartOf ?notice .
  OPTIONAL { ?t tk:domain/skos:prefLabel ?domain FILTER(LANG(?domain) = "zh") } }
  ORDER BY ?notice ?o ?q ?m"""


def milestones(snapshot: Snapshot, given: Given) -> list[Item]:
    """Steps with their quarter, of a whole target or of one project."""
    own = {k: v for k, v in given.items() if k not in ("quarter", "stage")}
    mine = {t.iri for t in chosen(snapshot, own)} if own else None
    return [
        {
            "id": end(m),
            "iri": m,
            "target": notation,
            "target_iri": t,
            "year": number(year),
            "quarter": int(quarter),
            "text": text,
            "stage": local(stage),
            "commitment": local(commitment) or None,
            "project": project or None,
        }
        for m, t, notation, year, quarter, text, stage, commitment, project, _ in rows(
            snapshot, _MILESTONES
        )
        if given.get("quarter", quarter) == quarter
        and given.get("stage", local(stage)) == local(stage)
        and (mine is None or t in mine)
    ]


_INDICATORS = """SELECT ?i ?t ?n ?measure ?value ?unit ?c ?a ?q ?w { ?t tk:indicator ?i ;
  skos:notation ?n ; tk:ordinal ?o ; dcterms:isPartOf ?notice .
  ?i tk:measure/skos:prefLabel ?measure ; schema:unitText ?unit ; tk:asWritten ?w .
  OPTIONAL { ?i schema:value ?one } OPTIONAL { ?i schema:minValue ?low }
  OPTIONAL { ?i tk:comparator ?stated } BIND(COALESCE(?one, ?low) AS ?value)
  BIND(COALESCE(?stated, tk:AtLeast) AS ?c)
  OPTIONAL { ?i tk:accumulation ?a } OPTIONAL { ?i tk:due/tk:quarter ?q } }
  ORDER BY ?notice ?o ?i"""


def indicators(snapshot: Snapshot, given: Given) -> list[Item]:
    """Numbers that are promised."""
    own = {k: v for k, v in given.items() if k != "quarter"}
    mine = {t.iri for t in chosen(snapshot, own)} if own else None
    return [
        {
            "id": end(i),
            "iri": i,
            "target": notation,
            "target_iri": t,
            "measure": measure,
            "value": float(value),
            "unit": unit,
            "comparator": local(comparator),
            "accumulation": local(accumulation) or None,
            "quarter": number(quarter),
            "as_written": written,
        }
        for i, t, notation, measure, value, unit, comparator, accumulation, quarter, written in (
            rows(snapshot, _INDICATORS)
        )
        if given.get("quarter", quarter) == quarter and (mine is None or t in mine)
    ]


_ASSIGNMENTS = """SELECT ?a ?t ?n ?b ?label ?role ?inferred ?named ?via ?sure ?quote ?start ?end {
  ?a a tk:Assignment ; tk:target ?t ; tk:body ?b ; tk:role ?role ; tk:inferred ?inferred .
  ?b skos:prefLabel ?label . ?t skos:notation ?n ; tk:ordinal ?o ; dcterms:isPartOf ?notice .
  OPTIONAL { ?a tk:namedAs ?named } OPTIONAL { ?a tk:via/skos:prefLabel ?via }
  OPTIONAL { ?a tk:confidence ?sure } OPTIONAL { ?a tk:ordinal ?place }
  OPTIONAL { ?a prov:wasDerivedFrom ?origin } BIND(COALESCE(?origin, ?a) AS ?written)
  OPTIONAL { ?written tk:evidence/oa:hasSelector ?pos . ?pos oa:start ?start ; oa:end ?end ;
    oa:refinedBy/oa:exact ?quote } } ORDER BY ?notice ?o ?inferred ?role ?place ?a"""


def assignments(snapshot: Snapshot, given: Given) -> list[Item]:
    """Assignments: actor, target, role, with the place in the notice."""
    own = {k: given[k] for k in ("domain", "theme", "target", "year") if k in given}
    mine = {t.iri for t in chosen(snapshot, own)} if own else None
    found: dict[str, Item] = {}
    for a, t, n, b, label, role, inferred, named, via, sure, quote, start, stop in rows(
        snapshot, _ASSIGNMENTS
    ):
        if (
            given.get("body", label) == label
            and given.get("role", local(role).lower()) == local(role).lower()
            and given.get("inferred", inferred) == inferred
            and (mine is None or t in mine)
        ):
            item = {
                "id": end(a),
                "iri": a,
                "target": n,
                "target_iri": t,
                "body": label,
                "body_iri": b,
                "role": local(role).lower(),
                "inferred": inferred == "true",
                "named_as": named or None,
                "via": via or None,
                "confidence": float(sure or 1),
                "evidence": [],
            }
            if quote:
                found.setdefault(a, item)["evidence"].append(
                    {"quote": quote, "start": int(start), "end": int(stop)}
                )
            found.setdefault(a, item)
    return list(found.values())
