"""Items of the REST lists that reports of progress bring: the reports, and their entries."""

from __future__ import annotations

from api.rest.items import Given, Item, chosen, end, local, number
from graph.store.snapshot import Snapshot
from queries.model.atlas import rows

_REPORTS = """SELECT ?r ?title ?kind ?plan ?cited ?day ?issued ?who ?issue
  (COUNT(DISTINCT ?e) AS ?entries) (COUNT(DISTINCT ?tied) AS ?matched) { ?r a tk:ProgressReport ;
  dcterms:title ?title ; tk:reportKind ?kind .
  OPTIONAL { ?r tk:reportsOn ?notice . ?notice skos:prefLabel ?name
    OPTIONAL { ?notice eli:id_local ?id } BIND(COALESCE(?id, ?name) AS ?plan) }
  OPTIONAL { ?r tk:planCited ?cited } OPTIONAL { ?r tk:asOf ?day }
  OPTIONAL { ?r dcterms:issued ?issued } OPTIONAL { ?r tk:reporter/skos:prefLabel ?who }
  OPTIONAL { ?r tk:issue ?issue }
  OPTIONAL { ?e dcterms:isPartOf ?r ; a tk:ProgressEntry
    OPTIONAL { ?e tk:target ?t BIND(?e AS ?tied) } }
  } GROUP BY ?r ?title ?kind ?plan ?cited ?day ?issued ?who ?issue ORDER BY ?day ?r"""

_ENTRIES = """SELECT ?e ?r ?t ?n ?lead ?project ?q ?day ?who ?text ?s ?words ?computed ?rule ?late
  ?percent ?value ?unit ?expected ?problem ?next ?by ?sure ?quote ?start ?end ?about {
  ?e a tk:ProgressEntry ; dcterms:isPartOf ?r ; tk:ordinal ?o ; tk:text ?text ; tk:status ?s ;
    tk:quote ?quote ; tk:evidence/oa:hasSelector ?pos . ?pos oa:start ?start ; oa:end ?end .
  OPTIONAL { ?e tk:target ?t . ?t skos:notation ?n OPTIONAL { ?t tk:leadNames ?lead } }
  OPTIONAL { ?e tk:about ?about } OPTIONAL { ?e tk:ofProject/skos:prefLabel ?project }
  OPTIONAL { ?e tk:quarter ?q } OPTIONAL { ?e tk:asOf ?day }
  OPTIONAL { ?e tk:reporter/skos:prefLabel ?who } OPTIONAL { ?e tk:statusAsWritten ?words }
  OPTIONAL { ?e tk:statusComputed ?computed } OPTIONAL { ?e tk:rule ?rule }
  OPTIONAL { ?e tk:late ?late } OPTIONAL { ?e tk:percent ?percent }
  OPTIONAL { ?e tk:actual ?a . ?a schema:value ?value ; schema:unitText ?unit }
  OPTIONAL { ?e tk:expected ?expected } OPTIONAL { ?e tk:problem ?problem }
  OPTIONAL { ?e tk:nextStep ?next } OPTIONAL { ?e tk:matchedBy ?by }
  OPTIONAL { ?e tk:confidence ?sure } } ORDER BY ?day ?r ?o"""

_OWN = ("status", "computed", "body", "quarter", "as_of", "reporter")


def reports(snapshot: Snapshot, given: Given) -> list[Item]:
    """Reports of progress, the oldest facts first."""
    return [
        {
            "id": end(r),
            "iri": r,
            "title": title,
            "kind": kind,
            "notice": plan or None,
            "cites": cited or None,
            "as_of": day or None,
            "issued": issued or None,
            "reporter": who or None,
            "issue": issue or None,
            "entries": int(entries),
            "matched": int(matched),
        }
        for r, title, kind, plan, cited, day, issued, who, issue, entries, matched in rows(
            snapshot, _REPORTS
        )
        if given.get("reporter", who) == who and (not day or day <= given.get("as_of", day))
    ]


def progress(snapshot: Snapshot, given: Given) -> list[Item]:
    """Entries of reports in the order of time; `as_of` leaves the newest about each thing."""
    about_targets = {k: v for k, v in given.items() if k not in _OWN}
    mine = {t.iri for t in chosen(snapshot, about_targets)} if about_targets else None
    known = list(rows(snapshot, _ENTRIES))
    day_until = given.get("as_of", "")
    newest: dict[str, str] = {}
    for row in known:
        if row[-1] and row[7] and row[7] <= day_until:
            newest[row[-1]] = max(row[7], newest.get(row[-1], ""))
    return [
        item
        for row in known
        if (not day_until or (row[-1] and newest.get(row[-1]) == row[7]))
        and (mine is None or row[2] in mine)
        and _fits(item := _entry(row), given)
    ]


def _fits(item: Item, given: Given) -> bool:
    return (
        given.get("status", item["status"]) == item["status"]
        and given.get("computed", item["computed"]) == item["computed"]
        and given.get("quarter", str(item["quarter"])) == str(item["quarter"])
        and given.get("reporter", item["reporter"]) == item["reporter"]
        and ("body" not in given or given["body"] in (item["reporter"], *item["lead"]))
    )


def _entry(row: tuple[str, ...]) -> Item:
    e, r, t, notation, lead, project, quarter, day, who, text, status, words, *rest = row
    computed, rule, late, percent, value, unit, expected, problem, following, *rest = rest
    by, sure, quote, start, stop, _ = rest
    return {
        "id": end(e),
        "iri": e,
        "report": end(r),
        "target": notation or None,
        "target_iri": t or None,
        "lead": lead.split("、") if lead else [],
        "project": project or None,
        "quarter": number(quarter),
        "as_of": day or None,
        "reporter": who or None,
        "text": text,
        "status": local(status),
        "status_as_written": words or None,
        "computed": local(computed) or None,
        "rule": rule or None,
        "late_quarters": number(late),
        "percent": _figure(percent),
        "value": _figure(value),
        "unit": unit or None,
        "expected": _figure(expected),
        "problem": problem or None,
        "next_step": following or None,
        "matched_by": by or None,
        "confidence": _figure(sure),
        "evidence": {"quote": quote, "start": int(start), "end": int(stop)},
    }


def _figure(text: str) -> float | None:
    return float(text) if text else None
