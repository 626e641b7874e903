"""Years and quarters as intervals of time, with the days on which they begin and end."""

from __future__ import annotations

from calendar import monthrange

from graph.records import Document
from graph.triples.terms import Triples, date, integer
from ontology.names import TIME, TK, Iri, day, quarter, year

_INTERVAL = (TIME("ProperInterval"), TIME("Interval"), TIME("TemporalEntity"))
_IN_YEAR = {
    1: TIME("intervalStarts"),
    2: TIME("intervalDuring"),
    3: TIME("intervalDuring"),
    4: TIME("intervalFinishes"),
}
"""Allen's relation of a quarter to its year: the first begins with it, the last ends with it."""


def calendar_triples(triples: Triples, document: Document) -> None:
    """State the document's year and the years of its deadlines, each with its quarters."""
    days = [m.deadline for t in document.targets for m in t.milestones if m.deadline]
    for number in dict.fromkeys((document.head.year, *sorted({d.year for d in days}))):
        _year(triples, number)


def _year(triples: Triples, number: int | None) -> None:
    whole = year(number)
    triples.kind(whole, *_INTERVAL)
    triples.label(whole, f"{number}年" if number else "未知年")
    if number:
        triples.say(whole, TK("year"), integer(number))
        _bounds(triples, whole, f"{number}-01-01", f"{number}-12-31")
    for i in range(1, 5):
        node = quarter(number, i)
        triples.kind(node, *_INTERVAL)
        triples.label(node, f"{number or '未知'}年第{'一二三四'[i - 1]}季度")
        triples.say(node, TK("quarter"), integer(i))
        triples.say(node, _IN_YEAR[i], whole)
        if i < 4:
            triples.say(node, TIME("intervalMeets"), quarter(number, i + 1))
        if number:
            last = 3 * i
            triples.say(node, TK("year"), integer(number))
            _bounds(
                triples,
                node,
                f"{number}-{last - 2:02d}-01",
                f"{number}-{last:02d}-{monthrange(number, last)[1]}",
            )


def _bounds(triples: Triples, interval: Iri, first: str, last: str) -> None:
    for edge, iso in ((TIME("hasBeginning"), first), (TIME("hasEnd"), last)):
        instant = day(iso)
        triples.say(interval, edge, instant)
        triples.kind(instant, TIME("Instant"), TIME("TemporalEntity"))
        triples.label(instant, "{}年{}月{}日".format(*(int(part) for part in iso.split("-"))))
        triples.say(instant, TIME("inXSDDate"), date(iso))
