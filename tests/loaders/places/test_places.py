"""Places: every row of the shipped notice, each rule, and words that are not places."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from folders import TESTS
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.records import Cell, Document, Place, Row, Span
from loaders.places.find import found_in, learnt, places_of
from ontology.names import squeeze
from ontology.places import PlaceNames, entries_of, names_from, place_names

HERE = "上海市长宁区"
ELSEWHERE = "某省某市"
OWN = json.loads((TESTS / "expected" / "places-changning-2019.json").read_text(encoding="utf-8"))


def row(text: str, *quarters: str) -> Row:
    """A row with its cells one after the other in a text that begins at 100."""
    cells, at = [], 100
    for name, content in zip(("text", "q1", "q2", "q3", "q4"), (text, *quarters), strict=False):
        span = Span(at, at + max(len(content), 1), content or " ")
        cells.append(Cell(name, span))  # type: ignore[arg-type]
        at += len(content) + 2
    four = (*cells[1:], None, None, None, None)[:4]
    whole = Span(100, at, "x" * (at - 100))
    return Row("1", "1", whole, None, None, cells[0], four, None, None)  # type: ignore[arg-type]


def said(jurisdiction: str, text: str) -> set[str]:
    return {f"{f.kind} {f.name}" for f in found_in(text, place_names(jurisdiction))}


def shown(place: Place | dict[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    if isinstance(place, Place):
        return place.name, place.kind, place.cells
    return place["name"], place["kind"], tuple(place["cells"])


def test_notice(notice: Document, gold: dict[str, Any]) -> None:
    """Every row has exactly the places that people read in it, each with its cells."""
    answers = {row["id"]: row["places"] for row in (*gold.values(), *OWN["targets"])}
    assert answers.keys() == {t.id for t in notice.targets}
    for target in notice.targets:
        wanted = sorted(map(shown, answers[target.id]))
        assert sorted(map(shown, target.places)) == wanted, target.id


def test_evidence_is_verbatim_and_in_its_cell(notice: Document) -> None:
    for target in notice.targets:
        cells = {c.name: c.span for c in target.row.cells()}
        for place in target.places:
            for name, span in zip(place.cells, place.evidence, strict=True):
                assert notice.text[span.start : span.end] == span.quote
                assert cells[name].holds(span)


def test_other_forms_and_containment(notice: Document) -> None:
    places = {(t.id, p.name): p for t in notice.targets for p in t.places}
    assert places["14b", "49街坊"].within == "新华路街道"
    assert places["14b", "71街坊16/2丘"].within == "71街坊"
    assert places["14b", "71街坊16/2丘"].named_as == ("71街坊1/2、16/2丘",)
    assert places["15", "友乐路迎宾一路路口"].on_road == ("友乐路", "迎宾一路")
    assert places["15", "C3紫云西路娄山关路地块"].on_road == ("紫云西路", "娄山关路")
    assert places["20", "临空24号地块"].on_road == ("淞虹路",)
    assert places["22", "武夷路1号地块"].on_road == ("武夷路",)
    assert places["22", "美加乐市场"].within == "武夷路1号地块"
    assert places["53", "仙霞新村街道"].named_as == ("仙霞街道",)


KNOWN = [
    ("仙霞、程家桥街道和新泾镇试点", "street 仙霞新村街道/street 程家桥街道/street 新泾镇"),
    ("华阳街道、周桥街道", "street 华阳路街道/street 周家桥街道"),
    ("攻关安顺路79号", "road 安顺路/address 安顺路79号"),
    ("新华、番禺路整体研究", "road 新华路/road 番禺路"),
    ("武夷路1、2号地块更新", "road 武夷路/parcel 武夷路1号地块/parcel 武夷路2号地块"),
    ("武夷、愚园地块城市更新", "parcel 武夷地块/parcel 愚园地块"),
    ("周家桥街道38街坊(原万里厂)", "street 周家桥街道/block 38街坊/site 万里厂"),
    ("完成226街坊(二期)、158街坊(部分)出让", "block 226街坊/block 158街坊"),
    ("推进22街坊整体改造、115街坊居民动迁", "block 22街坊/block 115街坊"),
    ("古北路第一幼儿园改扩建", "road 古北路/site 古北路第一幼儿园"),
    ("实施淞虹路临空24号地块控详规划", "road 淞虹路/parcel 临空24号地块"),
    ("对口金山农村综合帮扶", "county 金山区"),
    ("临空核心四街坊与4街坊", "zone 临空核心四街坊/block 4街坊"),
]

BOUNDED = [
    ("保娄山关路445弄、和确保延安西路1289弄",
     "road 娄山关路/address 娄山关路445弄/road 延安西路/address 延安西路1289弄"),
    ("配合市建设单位实施天山路等三座车站建设", "road 天山路"),
    ("辟通隆德路(凯旋北路至光复西路)", "road 隆德路/road 凯旋北路/road 光复西路"),
    ("亮化胶州路和富民路;建设路、和平路、人民大街", "road 胶州路/road 富民路/road 建设路/road 和平路/road 人民大街"),
    ("武定路1、3号修缮", "road 武定路/address 武定路1号/address 武定路3号"),
    ("长寿路与常德路交叉口", "road 长寿路/road 常德路/junction 长寿路与常德路交叉口"),
    ("大宁路街道32、33街坊动迁收尾", "street 大宁路街道/block 32街坊/block 33街坊"),
    ("完成71街坊1/2、16/2丘，118街坊3/1丘、5/2丘土地出让",
     "block 71街坊/lot 71街坊1/2丘/lot 71街坊16/2丘/block 118街坊/lot 118街坊3/1丘/lot 118街坊5/2丘"),
    ("71街坊5/2丘安顺路79号上海十钢有限公司、19街坊太平洋机电收储工作",
     "block 71街坊/lot 71街坊5/2丘/road 安顺路/address 安顺路79号/site 上海十钢有限公司/block 19街坊/site 太平洋机电"),
    ("推进C1-2、A3-05地块，完成Ⅱ-B-03地块收储", "parcel C1-2地块/parcel A3-05地块/parcel Ⅱ-B-03地块"),
    ("８街坊（Ⅱ－Ｂ－０３平凉路）、凯田路（凯旋路—淮海西路）",
     "block 8街坊/parcel Ⅱ-B-03/road 平凉路/road 凯田路/road 凯旋路/road 淮海西路"),
    ("将湖南、天平街道和曹杨新村街道112街坊、大桥街道90街坊",
     "street 湖南街道/street 天平街道/street 曹杨新村街道/block 112街坊/street 大桥街道/block 90街坊"),
    ("真北路(沪宁铁路至金沙江路)、政学路(国和路-民彤路)",
     "road 真北路/line 沪宁铁路/road 金沙江路/road 政学路/road 国和路/road 民彤路"),
    ("南京西路片区、静安寺商圈，自贸区临港新片区",
     "road 南京西路/zone 南京西路片区/zone 静安寺商圈/zone 临港新片区"),
    ("(古北5-2)商办项目、莘庄12号土地出让", "parcel 古北5-2/parcel 莘庄12号"),
    ("轨交15、20号线和地铁2号线", "line 轨交15号线/line 轨交20号线/line 地铁2号线"),
    ("北横通道:完成北虹立交贯通;大连路隧道", "line 北横通道/line 北虹立交/road 大连路/line 大连路隧道"),
    ("苏州河健身步道二期东延伸段施工", "water 苏州河/line 苏州河健身步道"),
    ("筹备同仁医院创建三级综合医院评审和光华中西医结合医院复评审", "site 同仁医院/site 光华中西医结合医院"),
    ("彭浦新村幼儿园、风华中学改扩建", "site 彭浦新村幼儿园/site 风华中学"),
    ("将娄江新城打造为核心，推动“后浪街区”", "zone 娄江新城/zone 后浪街区"),
    ("做好与云南红河县、绿春县和青海果洛甘德县的对口支援，与崇明区、青浦区结对",
     "county 红河县/county 绿春县/county 甘德县/county 崇明区/county 青浦区"),
    ("深南大道、滨河大道景观提升,笋岗片区城市更新", "road 深南大道/road 滨河大道/zone 笋岗片区"),
    ("加快城关镇人民路北延、五里铺乡王家村污水管网建设", "street 城关镇/road 人民路/street 五里铺乡/zone 王家村"),
    ("大浪街道石凹社区综合整治,贾鲁河、索须河水环境治理",
     "street 大浪街道/zone 石凹社区/water 贾鲁河/water 索须河"),
    ("完成建设街12号、和平巷3号老旧小区改造", "road 建设街/address 建设街12号/road 和平巷/address 和平巷3号"),
    ("完成芝罘区幸福路5号院、解放大街(建国路至民主路段)雨污分流",
     "road 幸福路/address 幸福路5号院/road 解放大街/road 建国路/road 民主路"),
    ("新建城南实验小学、第三人民医院新院区,郑政出〔2019〕12号地块出让",
     "site 城南实验小学/site 第三人民医院/parcel 郑政出〔2019〕12号地块"),
    ("实施金水东路与中州大道交叉口下穿隧道工程", "road 金水东路/road 中州大道/junction 金水东路与中州大道交叉口"),
]  # fmt: skip

ANYWHERE = [
    ("在东塘镇、西坡水库和黑石泵站修堤", "street 东塘镇/water 西坡水库/site 黑石泵站"),
    ("关于青石口水利枢纽工程问题", "site 青石口水利枢纽"),
    ("影像数据集临江市第一医院", "site 临江市第一医院"),
    ("依托南浦算力小镇、银杏湾软件园", "zone 南浦算力小镇/zone 银杏湾软件园"),
    ("支持青塘芯园、北浦智谷等产业园区建设", "zone 青塘芯园/zone 北浦智谷"),
    ("项目拟选址滨江数谷大走廊", "zone 滨江数谷大走廊"),
    ("修整胜利水库，改造人民公园，建成灵谷机场", "water 胜利水库/site 人民公园/site 灵谷机场"),
    ("推进智慧物流产业园等项目", "zone 智慧物流产业园"),
]
"""Names that no gazetteer holds, by the ordinary words around them."""

NOTHING = [
    "积极稳妥地在综合保税区推广试点，允许综合保税区内企业承接，可按规定享受保税区政策",
    "将工厂、学校等纳入范围，二级以上医院、医联体牵头医院，宾馆饭店，农产品批发市场",
    "销售均价通过市场调查获取，上年市场均价，有导向的市场，更大激发市场活力，区域性股权市场",
    "建设5个标杆工厂、未来工厂，打造人工智能产业园，省级数字经济产业园，规范提升园区",
    "各省市县，相关市县，山区县，严格水功能区管理，严厉打击侵占河湖，检查全部水库",
    "理清工作思路，优化公交线路，推进铁路、公路、网路建设，一路向前，打通出路，一带一路，全链路",
    "2号线、道路、各街道、街镇、丘、弄、号、路口、路网、路长制、路演",
    "10个街道、相关街道、各街镇、城镇、乡镇、小镇、重点镇、无违建居委会(街镇)",
    "发挥市场作用，培育人才市场、资本市场，新建标准化菜市场，规范市场秩序，快速响应市场",
    "社区卫生服务中心、区属医院、三级综合医院、中小学、幼儿园3所、图书馆、文化馆总分馆制",
    "网络市场监管与服务示范区、公共文化服务体系示范区、科技创新人才集聚区、创新试验区",
    "推进该地块规划，落实产业地块、各地块、经营性地块，完成3-5个项目，2018-2019年计划，A-1级",
    "黑臭河道整治、骨干河、河长制；绿色通道、数据通道、人行天桥、健身步道",
    "携手奔小康县、贫困县、各区县、先行县、县城、全县；云南、青海、湖南、河北",
    "各乡镇、城中村、美丽乡村、传统村落、自然村、农村、背街小巷、下乡返乡、示范社区、完整社区、各产业园区",
    "长宁区、上海市、全区、本区、长三角、全国、两定小区、精品小区",
]


@pytest.mark.parametrize(("text", "places"), KNOWN)
def test_rules_where_names_are_known(text: str, places: str) -> None:
    assert said(HERE, text) == _split(places)


def _split(places: str) -> set[str]:
    """The slash of a lot does not separate: a part without a kind belongs to the one before."""
    parts: list[str] = []
    for part in places.split("/"):
        if " " in part:
            parts.append(part)
        else:
            parts[-1] += "/" + part
    return set(parts)


@pytest.mark.parametrize(("text", "places"), [*BOUNDED, *ANYWHERE])
def test_rules_where_only_the_words_around_tell(text: str, places: str) -> None:
    assert said(ELSEWHERE, text) == _split(places)


@pytest.mark.parametrize("jurisdiction", [HERE, ELSEWHERE])
@pytest.mark.parametrize("text", NOTHING)
def test_kinds_of_things_are_no_places(text: str, jurisdiction: str) -> None:
    assert said(jurisdiction, text) == set()


@given(
    case=st.sampled_from([*KNOWN, *BOUNDED]),
    gaps=st.lists(st.tuples(st.integers(0, 60), st.sampled_from(" \n\u00a0\u3000")), max_size=8),
)
def test_layout_inside_a_cell_changes_nothing(
    case: tuple[str, str], gaps: list[tuple[int, str]]
) -> None:
    """White space anywhere: the same places, quoted verbatim."""
    text = case[0]
    for at, gap in gaps:
        text = text[:at] + gap + text[at:] if 0 < at < len(text) else text
    names = place_names(HERE)
    plain, spaced = places_of(row(case[0]), names), places_of(row(text), names)
    assert [shown(p) for p in spaced] == [shown(p) for p in plain]
    for one, other in zip(plain, spaced, strict=True):
        assert [squeeze(e.quote) for e in other.evidence] == [e.quote for e in one.evidence]
        assert all(text[e.start - 100 : e.end - 100] == e.quote for e in other.evidence)


VERBS = (
    "推进 完成 实施 允许 运用 享受 打造 支持 鼓励 通过 获取 激发 侵占 查验 选址 归集 培育 引导 落实 开展 "
    "建设 改造 深化 优化 依托 利用 面向 覆盖 服务 关于 根据 按照 以及 可以 应当 成功 积极 更多 继续"
).split()
PARTICLES = "的 地 在 将 把 和 与 及 或 等 从 对 由 向 于 为 被 使 令 并 其 该 各".split()
NOUNS = (
    "企业 政策 数据 规定 条件 产品 价格 标准 部门 居民 农产品 上年 均价 试点 场景 智能 产业".split()
)
CLASSES = (
    "市场 工厂 医院 学校 公园 产业园 软件园 园区 示范区 保税区 小镇 片区 大桥 隧道 高速公路 水库 泵站 县 镇 街道 "
    "河 湖 中学 广场 酒店 机场 码头 新城 走廊 港 谷 智算中心"
).split()
BEGINS = re.compile("|".join([*VERBS, "[的地在将把与或等从对由向于被使令并其该各]"]))
ENDS = re.compile(
    f"(?:{'|'.join(v for v in VERBS if v != '服务')}|[的地在将把和与及或等从对由向于被使令并其该])$"
)


PHRASE = st.tuples(
    st.sampled_from(["", "", *PARTICLES]),
    st.sampled_from(["", *VERBS]),
    st.sampled_from(["", *NOUNS]),
    st.sampled_from(["", "", *CLASSES]),
    st.sampled_from(["", "", "，", "、"]),
).map("".join)


@settings(max_examples=3000, deadline=None)
@given(words=st.lists(PHRASE, max_size=4), last=st.sampled_from(CLASSES))
def test_no_name_is_a_piece_of_a_sentence(words: list[str], last: str) -> None:
    """Sentences of ordinary words name nothing; what is found begins with no verb or particle."""
    for found in found_in("".join(words) + last, place_names(ELSEWHERE)):
        assert not BEGINS.match(found.name), found
        assert not ENDS.search(found.name), found


def test_names_in_the_notice_are_whole(notice: Document) -> None:
    for target in notice.targets:
        for place in target.places:
            assert not BEGINS.match(place.name), place.name
            assert not ENDS.search(place.name), place.name


def test_a_road_that_stands_alone_is_known_in_every_row() -> None:
    rows = [row("金地商置某地某某通北路商办项目开工"), row("完成通北路整治")]
    names = place_names(ELSEWHERE)
    assert "通北路" not in {p.name for p in places_of(rows[0], names)}
    assert "通北路" in {p.name for p in places_of(rows[0], learnt(rows, names))}


RENAMED = {
    "新华路": "平凉路", "番禺路": "长阳路", "友乐路": "江浦路", "延安西路": "杨树浦东路",
    "紫云西路": "控江西路", "娄山关路": "隆昌北路", "迎宾一路": "兰州二路", "安顺路": "霍山路",
    "长宁路": "四平路", "凯田路": "政立路", "凯旋路": "国权路", "淮海西路": "黄兴南路",
    "武夷路": "周家嘴路", "愚园路": "鞍山路", "江苏路": "阜新路", "定西路": "本溪路",
    "汇川路": "抚顺路", "古北路": "大连路", "可乐路": "眉州路", "北翟路": "翔殷路",
    "澳华市场": "东方市场", "莫泰酒店": "锦江酒店", "上海十钢": "上海二纺", "太平洋机电": "永久车业",
    "飞乐": "金星", "美加乐": "三角地", "江苏卫生中心": "沪东卫生中心", "同仁医院": "肺科医院",
    "临空": "湾谷", "古北5-2": "定海8-3", "上钢十厂红坊": "上棉九厂蓝坊", "红河县": "屏边县",
    "北横通道": "南横通道", "苏州河": "蕴藻浜", "外环": "中环", "推进": "抓紧", "完成": "办结",
    "启动": "着手", "实施": "组织", "22街坊": "607街坊", "16/2丘": "3/9丘", "115街坊": "8街坊",
}  # fmt: skip


def test_no_rule_is_made_for_the_names_of_this_notice(
    notice: Document, gold: dict[str, Any]
) -> None:
    """The notice with other names and other verbs, as if of a district that no file knows."""
    pattern = re.compile("|".join(sorted(map(re.escape, RENAMED), key=len, reverse=True)))

    def renamed(text: str) -> str:
        return pattern.sub(lambda match: RENAMED[match[0]], text)

    rows = [row(*(renamed(c.text) if c else "" for c in _five(t.row))) for t in notice.targets]
    names = learnt(rows, place_names(ELSEWHERE))
    answers = {r["id"]: r["places"] for r in (*gold.values(), *OWN["targets"])}
    wanted, found = set(), set()
    for target, other in zip(notice.targets, rows, strict=True):
        wanted |= {(target.id, renamed(p["name"]), p["kind"]) for p in answers[target.id]}
        found |= {(target.id, p.name, p.kind) for p in places_of(other, names)}
    assert 2 * len(wanted & found) / (len(wanted) + len(found)) >= 0.98, wanted ^ found


def _five(one: Row) -> tuple[Cell | None, ...]:
    return (one.text, *one.quarters)


def test_first_appearance_gives_the_order_and_each_cell_one_evidence() -> None:
    found = places_of(
        row("凯田路工程", "武夷路与凯田路，武夷路", "凯田路完工"), place_names(ELSEWHERE)
    )
    assert [(p.name, p.cells) for p in found] == [
        ("凯田路", ("text", "q1", "q2")),
        ("武夷路", ("q1",)),
    ]


def test_a_district_is_a_file() -> None:
    """A file of another district gives its streets in any form, and its roads and waters."""
    turtle = """
        @prefix g: <https://w3id.org/tiaokuai/gazetteer/某市某区/> .
        @prefix tk: <https://w3id.org/tiaokuai/ns#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        g:东风新村街道 a tk:Street ; skos:prefLabel "东风新村街道"@zh ; skos:altLabel "东风街道"@zh .
        g:北大荒胡同路 a tk:Road ; skos:prefLabel "北大荒胡同路"@zh .
        g:沙泾港 a tk:Water ; skos:prefLabel "沙泾港"@zh .
    """
    names = names_from("某市某区", entries_of(turtle.encode()))
    text = "东风街道沙泾港边北大荒胡同路"
    found = {(f.name, f.kind) for f in found_in(text, names)}
    assert found == {("东风新村街道", "street"), ("沙泾港", "water"), ("北大荒胡同路", "road")}
    assert names_from("另一区", entries_of(turtle.encode())) == PlaceNames(
        "另一区", {}, frozenset(), frozenset(), frozenset()
    )


def test_a_long_cell_is_read_in_pieces() -> None:
    """Nothing is lost or moved in a text of many sentences, or of one without an end."""
    sentence = "完成38街坊(Ⅱ-B-03)出让，辟通隆德路。"
    names = place_names(ELSEWHERE)
    once = [(f.name, f.start, f.end) for f in found_in(sentence, names)]
    many = [(f.name, f.start, f.end) for f in found_in(sentence * 300, names)]
    size = len(sentence)
    assert many == [(n, a + i * size, b + i * size) for i in range(300) for n, a, b in once]
    assert found_in("推进完成" * 5000, names) == []
