"""The targets of a plan, prepared for matching: their words, names, bodies, steps and numbers."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.records import Document, Indicator, Project, Target
from ontology.gazetteer import gazetteer
from ontology.names import squeeze

_TOKEN = re.compile(
    r"\d+(?:[./-]\d+)*(?:街坊|弄|号线|号|丘|地块|版)|[A-Za-z]+\d*(?:-\d+)*|[\u4e00-\u9fff]+"
)
_SPOT = re.compile(
    r"\d+街坊(?:\d+(?:/\d+)?丘)?|[\u4e00-\u9fff]{2,4}路\d+[弄号]|\d+[弄]|[A-Z]\d+(?:-\d+)?|[\u4e00-\u9fff]{2}\d+-\d+"
)
SPOT_KINDS = ("block", "lot", "parcel", "address", "site", "zone", "junction")
NARROW = str.maketrans("（）／：；，“”㎡", '()/:;,""m')


@dataclass(frozen=True, slots=True)
class PlanTarget:
    """One target with what may be recognised of it."""

    target: Target
    words: frozenset[str]
    """Tokens and pairs of characters of all that its row states."""
    leads: frozenset[str]
    helpers: frozenset[str]
    spots: frozenset[str]
    """Exact names of ground: 115街坊, 延安西路1290弄, 古北5-2."""

    @property
    def id(self) -> str:
        """The number of the target: "14a"."""
        return self.target.id


class Plan:
    """A plan and its targets, with the weight of each word in it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.key = document.key
        self.jurisdiction = document.head.jurisdiction
        self.year = document.head.year
        self.targets = tuple(map(_prepared, document.targets))
        self.by_id: Mapping[str, PlanTarget] = {t.id: t for t in self.targets}
        counts = Counter(word for t in self.targets for word in t.words)
        total = len(self.targets) + 1
        self._rare = {word: math.log(total / count) for word, count in counts.items()}
        self._unknown = math.log(total)
        self._forms = gazetteer(self.jurisdiction).forms

    def of_number(self, number: str) -> list[PlanTarget]:
        """Return the targets printed under a number; several where it is given out to rows."""
        return [t for t in self.targets if number and number in (t.id, t.target.row.number)]

    def coverage(self, words: frozenset[str], target: PlanTarget) -> float:
        """Return how much of some words' weight a target shares, 0 to 1."""
        whole = shared = 0.0
        for word in words:
            weight = self._rare.get(word, self._unknown * UNKNOWN_SHARE)
            whole += weight
            shared += weight if word in target.words else 0.0
        return shared / whole if whole else 0.0

    def body(self, written: str) -> str:
        """Return the label under which the plan knows a body; as written where it does not."""
        name = squeeze(written).translate(NARROW)
        labels = {b for t in self.targets for b in t.leads | t.helpers}
        for form in _shorter(name, self.jurisdiction):
            if form in labels:
                return form
            if known := self._forms.get(form):
                return known[0]
        office = re.sub(r"\(.*?\)", "", name)
        fitting = [b for b in labels if _abbreviates(b, office)]
        return max(fitting, key=len) if fitting else name


UNKNOWN_SHARE = 0.5
"""A word that is given nowhere in the plan weighs half as much as its rarest ones."""


def _shorter(name: str, jurisdiction: str) -> Iterable[str]:
    yield name
    district = re.sub(r"^.+市(?=.+区$|.+县$)", "", jurisdiction)
    rest = name
    for prefix in (jurisdiction, district, "区", "县", "市", "本"):
        if prefix and rest.startswith(prefix) and len(rest) > len(prefix) + 1:
            rest = rest[len(prefix) :]
            yield rest
    yield re.sub(r"办事处$", "", rest)
    yield re.sub(r"(?:督查[科处室]|目标办).*$", "", rest)
    if "政府办公室" in name or "督查" in name:
        yield "区府办"


def _abbreviates(short: str, full: str) -> bool:
    """Return whether the characters of a short name are given in a full one in their order."""
    if len(short) < 3 or "(" in short:
        return False
    at = -1
    for char in short:
        at = full.find(char, at + 1)
        if at < 0:
            return False
    return True


def words_of(text: str) -> frozenset[str]:
    """Return the tokens of a text that matching counts: pairs of characters, names with digits.

    >>> sorted(words_of("115街坊出让"))
    ['115街坊', '出让']
    """
    found: set[str] = set()
    for token in _TOKEN.finditer(squeeze(text).translate(NARROW)):
        word = token[0]
        if "\u4e00" <= word[0] <= "\u9fff":
            found.update(word[i : i + 2] for i in range(len(word) - 1))
        else:
            found.add(word)
    return frozenset(found - COMMON)


COMMON = frozenset("完成 推进 工作 项目 建设 目标 任务 年度 实施 开展 进展 情况 做好".split())
"""Pairs that every plan and every report is full of."""


def spots_in(text: str) -> frozenset[str]:
    """Return the exact names of ground in a text: blocks, lots, lanes, codes of parcels.

    >>> sorted(spots_in("延安西路1290弄和115街坊C3地块"))
    ['115街坊', '1290弄', 'C3', '延安西路1290弄']
    """
    words = squeeze(text).translate(NARROW)
    found = set(_SPOT.findall(words))
    found |= {m for s in found for m in re.findall(r"\d+[弄号]$", s) if m.endswith("弄")}
    found |= {m[0] for s in found if (m := re.match(r"\d+街坊", s))}
    return frozenset(found)


def _prepared(target: Target) -> PlanTarget:
    row = target.row
    said = [row.text.text, row.theme.text if row.theme else ""]
    said += [c.text for c in row.quarters if c]
    said += [p.name for p in target.projects] + [i.what for i in target.indicators]
    places = {p.name for p in target.places if p.kind in SPOT_KINDS}
    places |= {form for p in target.places if p.kind in SPOT_KINDS for form in p.named_as}
    spots = spots_in("；".join(said)) | {squeeze(p).translate(NARROW) for p in places}
    return PlanTarget(
        target=target,
        words=words_of("；".join(said)),
        leads=frozenset(a.label for a in target.assignments if a.role in ("lead", "responsible")),
        helpers=frozenset(a.label for a in target.assignments if a.role == "coordinate"),
        spots=frozenset(spots),
    )


def project_words(project: Project) -> frozenset[str]:
    """Return the tokens of a project's name and clauses."""
    clauses = "；".join(c.quote for c in project.clauses if c)
    return words_of(f"{project.name}；{clauses}")


def indicator_words(indicator: Indicator) -> frozenset[str]:
    """Return the tokens of what an indicator measures."""
    return words_of(indicator.what)
