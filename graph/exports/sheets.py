"""Facts as sheets for a spreadsheet: one for each kind, of one document or of a version."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, QuerySolutions

from graph.exports.workbook import Sheet, Value
from graph.records import Document, Target
from graph.store.snapshot import Snapshot
from graph.triples.corrections import doubt_id

_COLUMNS: dict[str, tuple[str, ...]] = {
    "targets": ("id", "domain", "project", "text", "q1", "q2", "q3", "q4", "lead", "coordinate", "roles"),
    "assignments": ("target", "role", "body", "written", "confidence"),
    "places": ("target", "place", "kind", "written"),
    "projects": ("target", "project", "kind", "places"),
    "milestones": ("target", "quarter", "project", "stage", "commitment", "text"),
    "indicators": ("target", "measure", "value", "unit", "comparator", "when", "accumulation", "written"),
    "review": ("id", "target", "cell", "kind", "why", "quote"),
}  # fmt: skip
"""Columns of each sheet; the sheets of a version begin with one more, the document."""


def document_sheets(document: Document) -> list[Sheet]:
    """The sheets of one document that was read."""
    rows: dict[str, list[tuple[Value, ...]]] = {name: [] for name in _COLUMNS}
    for target in document.targets:
        for name, row in _of_target(target):
            rows[name].append(row)
    for doubt in document.review:
        name = doubt_id(document, doubt)
        rows["review"].append(
            (name, doubt.row, doubt.cell, doubt.kind, doubt.why, doubt.span.quote)
        )
    return [Sheet(name, _COLUMNS[name], rows[name]) for name in _COLUMNS]


def _of_target(target: Target) -> Iterator[tuple[str, tuple[Value, ...]]]:
    row, one = target.row, target.id
    leads = target.bodies("lead") or target.bodies("responsible")
    quarters = [c.text if c else None for c in row.quarters]
    yield "targets", (
        one, row.domain.text if row.domain else "", row.theme.text if row.theme else "",
        row.text.text, *quarters, "、".join(a.label for a in leads),
        "、".join(a.label for a in target.bodies("coordinate")), target.roles,
    )  # fmt: skip
    for a in target.assignments:
        yield "assignments", (one, a.role, a.label, a.named_as, float(a.confidence))
    for p in target.places:
        yield "places", (one, p.name, p.kind, "、".join(p.named_as or (p.name,)))
    for w in target.projects:
        yield "projects", (one, w.name, w.kind, "、".join(w.places))
    for m in target.milestones:
        yield "milestones", (one, m.quarter, m.project or "", m.stage, m.commitment or "", m.text)
    for i in target.indicators:
        yield "indicators", (
            one, i.what, float(i.value), i.unit, i.op, i.when, i.accumulation or "", i.as_written
        )  # fmt: skip


_OF = "?t dcterms:isPartOf ?n ; skos:notation ?no ; tk:ordinal ?o . ?n skos:prefLabel ?document ."
_QUERIES: dict[str, str] = {
    "targets": f"""SELECT ?document ?no ?domain ?theme ?text ?q1 ?q2 ?q3 ?q4 ?lead ?coordinate ?roles {{
      ?t a tk:Target ; tk:text ?text . {_OF}
      OPTIONAL {{ ?t tk:domain/skos:prefLabel ?domain FILTER(LANG(?domain) = "zh") }}
      OPTIONAL {{ ?t tk:theme/skos:prefLabel ?theme FILTER(LANG(?theme) = "zh") }}
      {
        "".join(
            f'''OPTIONAL {{ SELECT ?t (GROUP_CONCAT(?x; separator=" / ") AS ?q{i}) {{
        ?m tk:target ?t ; tk:due/tk:quarter {i} ; tk:text ?x . FILTER NOT EXISTS {{ ?m tk:ofProject|tk:deadline ?p }}
        }} GROUP BY ?t }}'''
            for i in (1, 2, 3, 4)
        )
    }
      OPTIONAL {{ ?t tk:leadNames ?leads }} OPTIONAL {{ ?t tk:responsibleNames ?answers }}
      OPTIONAL {{ ?t tk:coordinateNames ?coordinate }}
      BIND(COALESCE(CONCAT(?leads, "、", ?answers), ?leads, ?answers) AS ?lead)
      BIND(IF(EXISTS {{ ?t tk:responsible ?b }}, "undifferentiated", "marked") AS ?roles)
    }} ORDER BY ?document ?o""",
    "assignments": f"""SELECT ?document ?no ?role ?body ?written ?confidence {{
      ?a a tk:Assignment ; tk:target ?t ; tk:body/skos:prefLabel ?body ; tk:role ?r ; tk:ordinal ?i .
      {_OF} OPTIONAL {{ ?a tk:confidence ?confidence }} OPTIONAL {{ ?a tk:namedAs ?written }}
      BIND(LCASE(STRAFTER(STR(?r), "#")) AS ?role) }} ORDER BY ?document ?o ?role ?i ?body""",
    "places": f"""SELECT ?document ?no ?place ?kind ?written {{
      {{ SELECT ?t ?place ?kind (GROUP_CONCAT(?x; separator="、") AS ?written) {{
        ?m a tk:Mention ; tk:target ?t ; tk:place ?p ; tk:namedAs ?x . ?p skos:prefLabel ?place ; a ?k .
        FILTER(STRSTARTS(STR(?k), STR(tk:)) && ?k != tk:Place)
        BIND(LCASE(STRAFTER(STR(?k), "#")) AS ?kind) }} GROUP BY ?t ?place ?kind }}
      {_OF} }} ORDER BY ?document ?o ?place""",
    "projects": f"""SELECT ?document ?no ?project ?kind ?places {{
      ?w tk:inTarget ?t ; skos:prefLabel ?project ; tk:kind/skos:prefLabel ?kind . {_OF}
      FILTER(LANG(?kind) = "zh")
      OPTIONAL {{ SELECT ?w (GROUP_CONCAT(?x; separator="、") AS ?places) {{
        ?w a tk:Project ; tk:location/skos:prefLabel ?x }} GROUP BY ?w }} }} ORDER BY ?document ?o ?project""",
    "milestones": f"""SELECT ?document ?no ?quarter ?project ?stage ?commitment ?text {{
      ?m a tk:Milestone ; tk:target ?t ; tk:due/tk:quarter ?quarter ; tk:text ?text ; tk:stage ?s . {_OF}
      OPTIONAL {{ ?m tk:ofProject/skos:prefLabel ?project }} OPTIONAL {{ ?m tk:commitment ?c }}
      BIND(LCASE(STRAFTER(STR(?s), "#")) AS ?stage)
      BIND(LCASE(STRAFTER(STR(?c), "#")) AS ?commitment) }} ORDER BY ?document ?o ?quarter ?project ?text""",
    "indicators": f"""SELECT ?document ?no ?measure ?value ?unit ?comparator ?when ?accumulation ?written {{
      ?i a tk:Indicator ; tk:target ?t ; tk:measure/skos:prefLabel ?measure ;
         schema:unitText ?unit ; tk:asWritten ?written . {_OF}
      {{ ?i schema:value ?value ; tk:comparator ?c }}
      UNION {{ ?i schema:minValue ?value BIND(tk:AtLeast AS ?c) }}
      UNION {{ ?i schema:maxValue ?value BIND(tk:AtMost AS ?c) }}
      OPTIONAL {{ ?i tk:due/tk:quarter ?q }}
      OPTIONAL {{ ?i tk:accumulation ?x FILTER(?x != tk:NotStated) }}
      BIND(STRAFTER(STR(?c), "#") AS ?comparator) BIND(LCASE(STRAFTER(STR(?x), "#")) AS ?accumulation)
      BIND(IF(BOUND(?q), CONCAT("q", STR(?q)), "year") AS ?when) }} ORDER BY ?document ?o ?when ?i""",
    "review": """SELECT ?document ?id ?no ?cell ?kind ?why ?quote {
      ?d a tk:Doubt ; dcterms:isPartOf/skos:prefLabel ?document ; tk:doubtId ?id ; tk:doubtKind ?kind ;
         tk:cell ?cell ; tk:reason ?why ; tk:evidence/oa:hasSelector/oa:refinedBy/oa:exact ?quote .
      OPTIONAL { ?d tk:target/skos:notation ?no } } ORDER BY ?document ?no ?id ?quote""",
}


def version_sheets(snapshot: Snapshot) -> Iterator[Sheet]:
    """The same sheets of a whole version, each row with its document."""
    for name, query in _QUERIES.items():
        found = snapshot.query(query)
        assert isinstance(found, QuerySolutions)
        rows = [[_value(term) for term in row] for row in found]
        yield Sheet(name, ("document", *_COLUMNS[name]), rows)


def _value(term: object) -> Value:
    if not isinstance(term, Literal):
        return None
    kind = term.datatype.value.rsplit("#", 1)[-1]
    if kind in ("integer", "decimal"):
        return float(term.value) if kind == "decimal" else int(term.value)
    return term.value
