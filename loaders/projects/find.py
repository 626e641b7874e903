"""The projects of a row: named pieces of work, each with its places and its clause by quarter.

Works and land come first, then events, plans and censuses. A project is announced by a list that
one verb serves (完成甲、乙土地出让), by a heading (北横通道:…), by a word of works (…项目), or by
a numbered item. Other names of one project in the row are taken together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from graph.records import Place, Project, Row
from loaders.projects.clauses import Draft, Reading, give_unnamed, holds, resembling, says, span_of
from loaders.projects.kinds import kind_of
from loaders.projects.names import COUNT, bare, core, keys_of, same
from loaders.projects.works import (
    EVENT,
    EVENT_WORD,
    LAND,
    LEADING,
    PHYSICAL,
    Name,
    act_of,
    names_in,
)
from loaders.text.clauses import Clause
from ontology.kinds import OTHER

_NUMBERED = re.compile(
    r"建设|改造|出让|收储|征收|动迁|贯通|迁建|大修|普查|调查|评估|研究|工程|项目(?!标)|管理|利用|规划|整治|修缮|干预|竣工|开工"
)
_CATEGORY = re.compile(
    r"^(?:土地|房屋|开工|竣工|续建|新建|储备|民生|实事)*(?:出让|收储|征收|项目|工程|工作|建设|任务)+$"
)
_HEAD_NAME = re.compile(r"赛$|普查$|调查$|论坛$|博览会|峰会|节$|展$|行动$|计划$|试点$|评估$")
_STRETCH = re.compile(r"延伸段|标段")
_STANDS = re.compile(f"等|《|编制|{_STRETCH.pattern}|{EVENT_WORD.pattern}")
"""Signs of a work that only a quarter's cell names, without a place."""
_FIRM = re.compile(r"(?:完成|建成|启动|推行)(?:\d+个?)?$")
_SPOTS = ("block", "lot", "parcel", "address", "junction", "site")
_LAST_WORD = re.compile(
    r"地道|通道|步道|绿道|隧道|大桥|立交|菜市场|菜场|学校|幼儿园|医院|公园|车站|泵站|管线|床位|中心$"
)


def _kind(draft: Draft) -> str:
    """The kind that its act, its name or else its clauses show."""
    if draft.act:
        return kind_of(draft.act)
    named = kind_of(draft.name)
    said = "".join(s.quote for s in draft.spans if s is not None)
    return kind_of(said) if named == OTHER and said else named


def projects_of(row: Row, places: Sequence[Place]) -> tuple[Project, ...]:
    """The projects of a row, in the order in which they are first named."""
    forms = [f for p in places if p.kind != "street" for f in (p.name, *p.named_as)]
    known = tuple(
        f for p in places if p.kind in _SPOTS for f in (p.name, *p.named_as) if len(f) > 2
    )
    text = Reading.of(row.text)
    cells = [Reading.of(c) if c else None for c in row.quarters]
    drafts = _drafts(text, cells, forms, known)
    for i, cell in enumerate(cells):
        for draft in drafts if cell else ():
            assert cell is not None
            draft.spans[i] = span_of(draft, cell, drafts)
            if draft.spans[i] is None and draft.works and not draft.item:
                draft.spans[i] = resembling(draft, cell, drafts)
                draft.unsure |= {i + 1} if not says(draft, draft.spans[i]) else set()
    give_unnamed(drafts, cells)
    _whole_cells(drafts, cells, text)
    said = [d for d in drafts if any(d.spans)]
    drafts = [d for d in drafts if not d.topic or d.confirmed or d in said or not said]
    return tuple(
        Project(
            name=draft.name,
            kind=_kind(draft),
            places=_places_in(draft, drafts, places, text),
            clauses=(draft.spans[0], draft.spans[1], draft.spans[2], draft.spans[3]),
            evidence=(draft.where, *(s for s in draft.spans if s is not None)),
            unsure=_unsure(draft, cells),
        )
        for draft in drafts
    )


def _unsure(draft: Draft, cells: Sequence[Reading | None]) -> tuple[int, ...]:
    """The quarters of a clause that was taken for the draft's though it does not name it."""
    whole = {i for i, c in enumerate(cells, 1) if c and draft.spans[i - 1] == c.cell.span}
    return tuple(sorted(i for i in draft.unsure - whole if draft.spans[i - 1]))


def _drafts(
    text: Reading,
    cells: Sequence[Reading | None],
    forms: Sequence[str],
    known: Sequence[str],
) -> list[Draft]:
    """The projects that the target text names, then those that only a quarter's cell names."""

    @cache
    def placed(name: str) -> bool:
        return any(holds(name, f) for f in forms)

    drafts: list[Draft] = []
    for reading in (text, *(c for c in cells if c)):
        in_text = reading is text
        heads: set[int] = set()
        numbered = len({c.item for c in reading.clauses if c.item}) > 1
        alone = not any(d.in_text for d in drafts)
        near = [f for f in forms if f in reading.text]
        for clause in reading.clauses:
            if clause.head and not (in_text and clause.item) and clause.head_start not in heads:
                heads.add(clause.head_start)
                _join(drafts, _head(clause, reading, placed, in_text), known)
            if numbered and not in_text:
                continue
            if numbered and clause.item:
                _join(drafts, _numbered(clause, reading), known)
                continue
            works = in_text or alone or any(f in clause.text for f in near)
            works = works or _STANDS.search(clause.text) is not None
            for name in names_in(reading.text, clause.start, clause.end, placed, works=works):
                named = _draft(name, reading, in_text, placed, alone)
                if named and in_text:
                    named.sentences = {clause.sentence}
                _join(drafts, named, known)
    return _settled(drafts, known)


def _draft(
    name: Name, reading: Reading, in_text: bool, placed: Callable[[str], bool], alone: bool
) -> Draft | None:
    """A draft of a name; one that only a quarter's cell gives needs a place or one of `_STANDS`."""
    plain, start = _without_district(name.name, name.start)
    event = bool(EVENT.search(plain)) or "《" in plain or plain.endswith("编制")
    stands = name.act or name.listed or event or placed(plain) or _STRETCH.search(plain)
    if not in_text and not stands:
        verb = reading.text[max(0, name.start - 6) : name.start]
        if not alone or not _FIRM.search(verb):
            return None
    where = reading.passage.span(start, name.end)
    return Draft(plain, where, (), name.act, in_text=in_text, works=not event)


def _without_district(name: str, start: int) -> tuple[str, int]:
    """A name without the district and the street before a block or an address of it."""
    shorter = re.sub(r"^(?:[\u4e00-\u9fff]{2,3}区)?[\u4e00-\u9fff]{2,5}(?:街道|镇)(?=\d)", "", name)
    return shorter, start + len(name) - len(shorter)


def _head(
    clause: Clause, reading: Reading, placed: Callable[[str], bool], in_text: bool
) -> Draft | None:
    """The project that a heading names; None where it only names a category of work."""
    head = clause.head
    lead = LEADING.match(head)
    name = head[lead.end() :] if lead else head
    start = clause.head_start + len(head) - len(name)
    name, start = _without_district(re.sub(r"(?:相关)?工作$", "", name), start)
    if len(name) < 3 or _CATEGORY.match(name):
        return None
    known = placed(name) or bool(_HEAD_NAME.search(name))
    if not known and not (PHYSICAL.search(name) and len(name) > 3):
        return None
    if act_of(name) and not placed(name):
        return None
    topic = in_text and clause.head_start < 3
    where = reading.passage.span(start, start + len(name))
    works = not EVENT.search(name)
    return Draft(name, where, (), head=True, topic=topic, in_text=in_text, works=works)


def _numbered(clause: Clause, reading: Reading) -> Draft | None:
    """The project that a clause of a numbered item names, counts and verbs removed."""
    lead = LEADING.match(clause.text)
    name = clause.text[lead.end() :] if lead else clause.text
    start = clause.end - len(name)
    if not COUNT.search(clause.text) and not _NUMBERED.search(name):
        return None
    if clause.head and LEADING.sub("", clause.head) != clause.head:
        name = LEADING.sub("", clause.head)
        start = clause.head_start + len(clause.head) - len(name)
    quoted = re.search(r"“[^”]*(?:工程|项目|行动)”$", name)
    if quoted:
        name, start = quoted[0], start + quoted.start()
    shorter = name
    counts = list(COUNT.finditer(name))
    if counts:
        end = counts[1].start() if len(counts) > 1 else len(name)
        first, after = counts[0].start(), name[counts[0].end() : end]
        shorter = after if first < 6 and len(after) > 1 else name[:first]
    shorter = re.sub(r"^(?:新建|改建)+|工作$", "", shorter)
    if not 3 <= len(shorter) <= 40 or re.match(r"[为对将把]", shorter):
        return None
    where = reading.passage.span(start, start + len(name))
    act = act_of(shorter) if LAND.search(shorter) else ""
    shorter = LAND.sub("", shorter) + act if act else shorter
    return Draft(shorter, where, (), act, item=clause.item)


def _join(drafts: list[Draft], new: Draft | None, known: Sequence[str]) -> None:
    """Add a draft, or see it as another name of one that is there; the fuller name stays."""
    if new is None:
        return
    new.keys = keys_of(new, known)
    for old in drafts:
        if new.item and (old.item, old.name) != (new.item, new.name):
            continue
        if (old.act and new.act and old.act != new.act) or not same(old, new):
            continue
        one, other = old.name.removesuffix(old.act), new.name.removesuffix(new.act)
        if len(other) > len(one) and (other.endswith(one) or old.act):
            old.name = other + (old.act or "")
        old.keys = tuple(dict.fromkeys((*old.keys, *new.keys)))
        old.sentences |= new.sentences
        old.also += new.name
        old.confirmed = old.confirmed or (new.in_text and not new.head)
        old.topic, old.head = old.topic or new.topic, old.head or new.head
        return
    drafts.append(new)


def _settled(drafts: list[Draft], known: Sequence[str]) -> list[Draft]:
    """Without headings that are only a class of finer projects; and without keys that two share."""
    kept = [d for d in drafts if not d.topic or not _is_class(d, drafts, known)]
    before = {d.name: (*d.keys, bare(d.name)) for d in kept}
    for draft in kept:
        others = {k for name, keys in before.items() if name != draft.name for k in keys}
        proper = {draft.name, draft.name.removesuffix(draft.act), bare(draft.name)}
        own = [k for k in draft.keys if k in proper or not any(holds(o, k) for o in others)]
        stem = draft.name.partition("(")[0]
        if "(" in draft.name and any(stem in d.name for d in kept if d is not draft):
            own = [k for k in own if "(" in k]
        draft.keys = tuple(own) or draft.keys[:1]
        short = core(draft.name)
        words = _LAST_WORD.findall(short)
        tail = words[-1] if words and short.endswith(words[-1]) else short[-3:]
        tail = tail if len(short) > 4 and draft.in_text else ""
        draft.tail = "" if any(tail in d.name for d in kept if d is not draft) else tail
    return kept


def _is_class(topic: Draft, drafts: Sequence[Draft], known: Sequence[str]) -> bool:
    """Return whether a heading only names a class of the works below it: 绿化建设, 步道建设."""
    finer = [d for d in drafts if d is not topic and d.in_text]
    own = any(holds(topic.name, k) for k in known) or re.search(r"工程|项目", topic.name)
    if not finer or own or topic.confirmed or _HEAD_NAME.search(topic.name):
        return False
    start = core(topic.name)[:4]
    return len(start) < 4 or not any(start in d.name for d in finer)


def _whole_cells(drafts: list[Draft], cells: Sequence[Reading | None], text: Reading) -> None:
    """Give whole cells to the only work of a row, named in them or not.

    The same holds where one verb serves a list and no cell names an item of it. The cells without
    numbers of a numbered list belong to all items together, and so to none.
    """
    named = [d for d in drafts if d.in_text]
    if not named or any(d.item for d in named):
        return
    finer = any(s is not None for d in drafts if not d.topic for s in d.spans)
    spoken = any(s is not None for d in drafts for s in d.spans)
    topics = [d for d in named if d.topic]
    sentences = {c.sentence for c in text.clauses}
    single = len(sentences) == 1
    covered = set().union(*(d.sentences for d in named)) == sentences
    for draft in named:
        about = draft.topic and not finer
        about = about or (single and len(drafts) == 1)
        about = about or (bool(topics) and not finer and core(topics[0].name)[:4] in draft.name)
        about = about or (not spoken and not topics and (single or covered))
        if about and (draft.works or not spoken):
            draft.spans = [c.cell.span if c else None for c in cells]


def _places_in(
    draft: Draft, drafts: Sequence[Draft], places: Sequence[Place], text: Reading
) -> tuple[str, ...]:
    """The places of the row that a project's name holds, the street before it, and those of the
    clauses that are about this project alone.
    """
    others = [s for d in drafts if d is not draft for s in d.spans if s]
    own = [
        s for s in draft.spans if s and not any(s.start < o.end and o.start < s.end for o in others)
    ]
    words = draft.where.quote + draft.name + draft.also
    before = text.cell.span.quote[: max(0, draft.where.start - text.cell.span.start)]
    return tuple(
        p.name
        for p in places
        if any(holds(words, form) for form in (p.name, *p.named_as))
        or (p.kind == "street" and before.endswith((p.name, *p.named_as)))
        or any(s.holds(e) for s in own for e in p.evidence)
    )
