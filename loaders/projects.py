"""The projects of a row: named pieces of work, each with its places and its clause in each quarter.

Works and land come first. A project is announced in one of four ways: a list of plots that one
verb serves (完成甲、乙土地出让), a heading with a colon (北横通道:…), a name that ends in
项目 or 工程, or a numbered item. A quarter's clause is what the cell says of the project alone
where it does, else the whole clause whose verb serves the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from graph.records import Cell, Place, Project, Row, Span
from loaders.stretches import Stretch, items, listed, sentences
from loaders.passage import Passage

KINDS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("土地出让", "land sale", re.compile(r"出让")),
    ("土地收储", "land purchase", re.compile(r"收储|收地")),
    ("房屋征收", "expropriation", re.compile(r"征收|动迁|旧改基地")),
    ("轨道交通", "rail transit", re.compile(r"轨交|轨道|地铁")),
    ("慢行步道", "footpath", re.compile(r"步道|绿道|慢行|人行通道")),
    ("道路", "road", re.compile(r"道路|通道|快速路|立交|地道|隧道|路$")),
    ("商办", "offices and shops", re.compile(r"商办|商业|商务楼|红坊")),
    ("住房", "housing", re.compile(r"住房|小区|成套|租赁|楼道|居室")),
    ("城市更新", "urban renewal", re.compile(r"更新|地块|改造|区块")),
    ("市政", "utilities", re.compile(r"管线|架空线|合杆|排水|雨污|垃圾")),
    ("绿化", "greening", re.compile(r"绿化|绿地|公园")),
    ("水利", "waterways", re.compile(r"河道|水系")),
    (
        "公共设施",
        "public facilities",
        re.compile(r"学校|幼儿园|医院|中心|菜场|菜市场|养老|床位|健身|建设|工程"),
    ),
    ("活动", "event", re.compile(r"赛|博览会|峰会|论坛|时装周|大赛|节$")),
    ("普查", "census", re.compile(r"普查|调查|评估")),
    ("试点", "pilot", re.compile(r"试点|试验")),
)
"""The concept scheme of kinds: name, English, and the words by which it is known, first match wins."""

OTHER = "其他"
_LAND = re.compile(
    r"(?:土地)?(?:出让|收储|收地)(?:前(?:期)?准备)?(?:工作)?|(?:等)?(?:基地|项目|地块)?房屋征收"
)
_LAND_VERB = re.compile(r"^(?:力争完成|确保完成|完成|开展|推进|启动|力争|做好)")
_WORKS = re.compile(
    r"(?:商办|商业|综合|整体改造|改造|改扩建|新建|建设|勾连|重点)?(?:项目(?!标)|工程)"
)
_HEADING = re.compile(r"^([^:：,，]{2,40})[:：]")
_WORK_WORD = re.compile(r"工程|项目|建设|改造|整治|更新|步道|通道|贯通|征收|赛$|拆除")
_SCHEDULE = re.compile(r"(?:第?[一二三四]季度|\d{1,2}月|年内|年底).{0,6}$")
_LEADING = re.compile(
    r"^(?:\d{4}年度?|确保|力争|继续|积极|全面|加快|配合|推进|推动|完成|实施|启动|开展|做好|新增|新建改建|新建、改建|"
    r"新建|改建|更新整新|更新|改造|开设|促进|完善|按照)+"
)
_GENERIC = re.compile(
    r"^(?:市区)?(?:重大|重点|各|相关|结转|续建|新建|该|上述|其他)?(?:工程|项目|建设|区域)+(?:项目|建设)*$"
)


@dataclass(slots=True)
class _Draft:
    """A project in the making: its key is what later cells call it by."""

    name: str
    keys: tuple[str, ...]
    where: Span
    land: str = ""
    clauses: list[Span | None] = field(default_factory=lambda: [None, None, None, None])


def kind_of(name: str) -> str:
    """The concept that a project's name shows; 其他 where none does."""
    return next((kind for kind, _, sign in KINDS if sign.search(name)), OTHER)


def projects_of(row: Row, places: Sequence[Place]) -> tuple[Project, ...]:
    """The projects of a row, in the order in which they are first named."""
    text = Passage.of(row.text.span)
    cells = [Passage.of(c.span) if c else None for c in row.quarters]
    numbered = items(text.text)
    if numbered:
        drafts = _numbered(text, numbered, cells)
    else:
        drafts = _announced(text, cells, places)
        if not drafts:
            drafts = _whole(row, text)
    return tuple(
        Project(
            name=draft.name,
            kind=kind_of(draft.land or draft.name),
            places=_places_in(draft, places),
            clauses=(draft.clauses[0], draft.clauses[1], draft.clauses[2], draft.clauses[3]),
            evidence=(draft.where, *(c for c in draft.clauses if c is not None)),
        )
        for draft in drafts
    )


def _numbered(
    text: Passage, numbered: dict[str, Stretch], cells: Sequence[Passage | None]
) -> list[_Draft]:
    """One project for each numbered item; a cell with the same numbers speaks of them one by one."""
    parts = [items(cell.text) if cell else {} for cell in cells]
    one_by_one = any(parts)
    drafts = []
    for number, (start, end) in numbered.items():
        stretches = _split_commas(text.text, start, end)
        for a, b in stretches[:1] if one_by_one else stretches:
            name = _item_name(text.text[a:b])
            counted = re.search(r"\d", text.text[a:b]) is not None
            if not 3 <= len(name) <= 40 or not (_WORK_WORD.search(name) or counted or one_by_one):
                continue
            draft = _Draft(name, (name,), text.span(a, b))
            for i, (cell, found) in enumerate(zip(cells, parts, strict=True)):
                if cell and number in found:
                    draft.clauses[i] = cell.span(*found[number])
            drafts.append(draft)
    return drafts


def _item_name(item: str) -> str:
    """An item without the verbs and the number before its name."""
    name = _LEADING.sub("", re.split(r"[:：。;；]", item)[-1 if "：" in item or ":" in item else 0])
    count = r"\d+(?:\.\d+)?(?:万?平方米|个|家|户|张|场|课时|件)"
    return re.sub(rf"^{count}|{count}$", "", name)


def _announced(
    text: Passage, cells: Sequence[Passage | None], places: Sequence[Place]
) -> list[_Draft]:
    drafts: list[_Draft] = []
    for passage in (text, *(c for c in cells if c)):
        for start, end in sentences(passage.text):
            for draft in _in_sentence(passage, start, end, places):
                if not any(_same(draft, other) for other in drafts):
                    drafts.append(draft)
    for i, cell in enumerate(cells):
        if cell:
            for draft in drafts:
                draft.clauses[i] = _clause(cell, draft, drafts)
    if len(drafts) == 1 and not drafts[0].land and not any(drafts[0].clauses):
        drafts[0].clauses = [cell.source if cell else None for cell in cells]
    return drafts


def _same(one: _Draft, other: _Draft) -> bool:
    return one.land == other.land and any(
        a in b or b in a for a in one.keys for b in other.keys if len(a) > 1 and len(b) > 1
    )


def _in_sentence(
    passage: Passage, start: int, end: int, places: Sequence[Place]
) -> Iterator[_Draft]:
    """The projects that one sentence names."""
    sentence = passage.text[start:end]
    heading = _HEADING.match(sentence)
    begins = start
    if heading and _placed(heading[1], places) and not _LAND.fullmatch(heading[1]):
        name = _LEADING.sub("", heading[1]) or heading[1]
        yield _Draft(name, _keys(name, places), passage.span(start, start + heading.end(1)))
        return
    if heading:
        begins = start + heading.end()
    for left, right in _land_lists(passage.text, begins, end):
        verb = _LAND.search(passage.text, left, end)
        assert verb is not None
        land = "土地出让" if "出让" in verb[0] else "土地收储"
        for a, b in listed(passage.text, left, right):
            plot = passage.text[a:b]
            if _placed(plot, places):
                yield _Draft(plot + land, (plot,), passage.span(a, b), land)
        begins = max(begins, verb.end())
    if begins > start and _LAND.search(passage.text, start, end):
        return
    for a, b in _works(passage.text, begins, end):
        name = re.sub(
            r"^[\u4e00-\u9fff]{2,3}区(?=\S{2,5}街道)", "", _LEADING.sub("", passage.text[a:b])
        )
        at = b - len(name)
        if _placed(name, places) and not _GENERIC.match(name):
            yield _Draft(name, _keys(name, places), passage.span(at, b))
    yield from _led_by_place(passage, begins, end, places)


def _land_of(words: str) -> str:
    """The kind of a land verb: sale, purchase or expropriation."""
    if "出让" in words:
        return "土地出让"
    return "房屋征收" if "征收" in words else "土地收储"


def _land_lists(text: str, start: int, end: int) -> Iterator[Stretch]:
    """The lists of plots that a verb of land serves: 完成甲、乙土地出让."""
    for a, b in _split_commas(text, start, end):
        verb = _LAND.search(text, a, b)
        lead = _LAND_VERB.match(text[a:b])
        if verb and lead and verb.start() > a + lead.end():
            right = verb.start() - (text[verb.start() - 1] == "的")
            yield a + lead.end(), right


def _split_commas(text: str, start: int, end: int) -> list[Stretch]:
    found, at, depth = [], start, 0
    for i in range(start, end):
        depth += (text[i] in "(（") - (text[i] in ")）" and depth > 0)
        if depth == 0 and text[i] in ",，":
            found.append((at, i))
            at = i + 1
    return [*found, (at, end)]


def _works(text: str, start: int, end: int) -> Iterator[Stretch]:
    """Names that end in 项目 or 工程, each item of a list by itself."""
    for a, b in _split_commas(text, start, end):
        for left, right in listed(text, a, b):
            match = None
            for match in _WORKS.finditer(text, left, right):  # the last one ends the name
                pass
            if match is not None:
                yield left, match.end()


def _led_by_place(
    passage: Passage, start: int, end: int, places: Sequence[Place]
) -> Iterator[_Draft]:
    """A sentence that begins with a parcel, a lot, an address or a line is about it."""
    sentence = _LEADING.sub("", passage.text[start:end])
    at = end - len(sentence)
    names = [p.name for p in places if p.kind in ("parcel", "lot", "line") and p.on_road != ()]
    names += [p.name for p in places if p.kind in ("parcel", "lot", "line") and p.on_road == ()]
    names += [form for p in places if p.kind == "line" for form in p.named_as]
    roads = {p.name for p in places if p.kind in ("address", "road")}
    for road in sorted(roads, key=len, reverse=True):
        if sentence.startswith(road):
            names += [road + n for n in names if sentence.startswith(road + n)]
    for name in sorted(set(names), key=len, reverse=True):
        if sentence.startswith(name):
            yield _Draft(name, _keys(name, places), passage.span(at, at + len(name)))
            return
    listed_roads = re.match(
        r"((?:[\u4e00-\u9fff]{2,5}路[、和])+[\u4e00-\u9fff]{2,5}路)(\S{2,20}?)(?:初稿|中期成果|汇报稿|$)",
        sentence,
    )
    if listed_roads and _WORK_WORD.search(listed_roads[2]):
        name = listed_roads[1] + re.sub(r"(?:初稿|中期成果|汇报稿)$", "", listed_roads[2])
        yield _Draft(name, (listed_roads[1],), passage.span(at, at + len(name)))


def _placed(name: str, places: Sequence[Place]) -> bool:
    return any(p.name in name or any(f in name for f in p.named_as) for p in places) or bool(
        re.search(r"\d+街坊|丘", name)
    )


def _keys(name: str, places: Sequence[Place]) -> tuple[str, ...]:
    """What later cells call a project by: its name, its name without brackets, its first place."""
    bare = re.sub(r"\([^()]*\)", "", name)
    keys = [name, bare]
    first = [p.name for p in places if bare.startswith(p.name) and p.kind != "street"]
    keys += [max(first, key=len)] if first else []
    ground = re.search(r"\d+街坊", name)
    keys += [name[ground.start() :]] if ground else []
    return tuple(dict.fromkeys(keys))


def _clause(cell: Passage, draft: _Draft, drafts: Sequence[_Draft]) -> Span | None:
    """What a cell says of a project."""
    for start, end in sentences(cell.text):
        sentence = cell.text[start:end]
        key = next((k for k in draft.keys if k in sentence), None)
        if key is None:
            continue
        if draft.land:
            verb = _LAND.search(sentence)
            if verb is None or _land_of(verb[0]) != draft.land:
                continue
            return cell.span(start, end)
        heading = _HEADING.match(sentence)
        if heading and key in heading[1] and heading.end() < len(sentence):
            return cell.span(start + heading.end(), _reach(cell.text, end))
        start, end = _part(cell.text, start, end, key, draft, drafts)
        sentence = cell.text[start:end]
        at = sentence.index(key) + len(key)
        tail = re.sub(rf"^.*?{_SCHEDULE.pattern[:-1]}", "", sentence[at:])
        after = re.match(r"(?:、|和|及)[^,，]*?(?:项目|工程)", sentence[at:])
        if after:
            tail = sentence[at + after.end() :]
        tail = re.sub(r"^(?:第?[一二三四]季度|\d{1,2}月)", "", tail)
        if tail and _verbal(tail):
            return cell.span(end - len(tail), end)
        return cell.span(start, end)
    return None


def _reach(text: str, end: int) -> int:
    """Where the words under a heading end: at 。, or where the next heading begins."""
    while end < len(text) and text[end] in ";；":
        following = next((s for s in sentences(text[end + 1 :])), None)
        if following is None or _HEADING.match(text[end + 1 :][following[0] : following[1]]):
            break
        end = end + 1 + following[1]
    return end


def _part(
    text: str, start: int, end: int, key: str, draft: _Draft, drafts: Sequence[_Draft]
) -> Stretch:
    """The comma parts of a sentence that speak of one project, where others stand in it too."""
    parts = _split_commas(text, start, end)
    others = [k for other in drafts if other is not draft for k in other.keys]
    first = next((i for i, (a, b) in enumerate(parts) if key in text[a:b]), 0)
    named = [any(k in text[a:b] for k in others) for a, b in parts]
    if not any(n for i, n in enumerate(named) if i != first):
        return start, end
    last = first
    while last + 1 < len(parts) and not named[last + 1]:
        last += 1
    return parts[first][0], parts[last][1]


def _verbal(tail: str) -> bool:
    return (
        re.match(
            r"功能|完成|取得|开工|竣工|进行|办理|推进|启动|实施|交付|结构|验收|开展|规划", tail
        )
        is not None
    )


def _whole(row: Row, text: Passage) -> list[_Draft]:
    """A row that is about one piece of work: its heading names it, its cells are its clauses."""
    heading = _HEADING.match(text.text)
    name = ""
    if heading and _WORK_WORD.search(heading[1]):
        name, span = heading[1], text.span(0, heading.end(1))
    else:
        counted = re.search(r"\d+个[^,，。;；]{2,16}?项目", text.text)
        if counted:
            name, span = counted[0], text.span(*counted.span())
    if not name:
        return []
    clauses: list[Span | None] = [_span_of(c) for c in row.quarters]
    return [_Draft(name, (name,), span, "", clauses)]


def _span_of(cell: Cell | None) -> Span | None:
    return cell.span if cell else None


def _places_in(draft: _Draft, places: Sequence[Place]) -> tuple[str, ...]:
    """The places of the row that the project's own name holds."""
    return tuple(
        p.name
        for p in places
        if p.name in draft.name
        or any(form in draft.name for form in p.named_as)
        or (p.kind == "street" and draft.name.startswith(p.name))
    )
