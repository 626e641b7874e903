"""Indicators as triples: the number, how it is compared, and the measure that joins a series."""

from __future__ import annotations

from graph.records import QUARTERS, Document, Indicator, Target
from graph.triples.evidence import cite
from graph.triples.measures import Measure, measures_of
from graph.triples.terms import (
    ACCUMULATIONS,
    COMPARATORS,
    Form,
    Triples,
    boolean,
    decimal,
    integer,
    plain,
    zh,
)  # fmt: skip
from ontology.names import SCHEMA, SKOS, TK, Iri, Names, quarter

_INDICATOR = Form(
    [TK("Indicator"), SCHEMA("QuantitativeValue")], TK("target"), TK("measure"),
    SCHEMA("unitText"), TK("growth"), TK("due"), TK("accumulation"), TK("asWritten"),
)  # fmt: skip
_MEASURE = (TK("Measure"), SKOS("Concept"))


def indicator_node(names: Names, target: Target, number: int) -> Iri:
    """Return the address of the indicator at a position, from 1, of its target."""
    return names.inside("指标", f"{target.id}-{number}")


def measure_node(names: Names, target: Target, measure: Measure) -> Iri:
    """Return the address of a measure: of the jurisdiction where its name stands by itself."""
    if measure.general:
        return names.thing("度量", measure.name)
    return names.inside("度量", f"{target.id}-{measure.name}")


def indicator_triples(triples: Triples, document: Document, target: Target, names: Names) -> None:
    """State the indicators of a target; a range (1-2家) is one with two bounds."""
    found = target.indicators
    merged: set[int] = set()
    for position, (one, measure) in enumerate(zip(found, measures_of(found), strict=True)):
        if position in merged:
            continue
        after = found[position + 1] if position + 1 < len(found) else None
        top = after if after is not None and is_range(one, after) else None
        if top is not None:
            merged.add(position + 1)
        _indicator(triples, document, target, position + 1, one, top, measure, names)
        if not measure.general:
            measure_triples(triples, measure_node(names, target, measure), measure)


def measure_triples(triples: Triples, node: Iri, measure: Measure) -> None:
    """State a measure with all its names."""
    triples.kind(node, *_MEASURE)
    triples.label(node, measure.name)
    triples.say(node, SKOS("altLabel"), *(zh(name) for name in measure.others))


def is_range(one: Indicator, after: Indicator) -> bool:
    """Return whether two indicators are the bounds of one range, read from the same words."""
    return (
        (one.op, after.op) == (">=", "<=")
        and (one.what, one.unit, one.when) == (after.what, after.unit, after.when)
        and (one.as_written, one.evidence) == (after.as_written, after.evidence)
    )


def _indicator(
    triples: Triples,
    document: Document,
    target: Target,
    number: int,
    one: Indicator,
    top: Indicator | None,
    measure: Measure,
    names: Names,
) -> None:
    node, whole = indicator_node(names, target, number), names.inside("目标", target.id)
    when = "" if one.when == "year" else one.when
    known = one.accumulation is not None or when
    triples.say(whole, TK("indicator"), node)
    triples.fill(
        node,
        _INDICATOR,
        whole,
        measure_node(names, target, measure),
        plain(one.unit),
        boolean(True) if one.growth else None,
        quarter(document.head.year, QUARTERS.index(when) + 1) if when else None,
        ACCUMULATIONS[one.accumulation] if known else None,
        plain(one.as_written),
    )
    if top is None:
        triples.say(node, SCHEMA("value"), decimal(one.value))
        triples.say(node, TK("comparator"), COMPARATORS[one.op])
    else:
        triples.say(node, SCHEMA("minValue"), decimal(one.value))
        triples.say(node, SCHEMA("maxValue"), decimal(top.value))
    triples.caption(node, f"目标{target.id}：{one.what} {one.as_written}")
    if one.year is not None:
        triples.say(node, TK("year"), integer(one.year))
    for span in one.evidence:
        cite(triples, node, document, span, names, when or "text")
