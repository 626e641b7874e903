"""Ordinary words, by which the name of a place is told from the sentence around it.

`ordinary_words.txt` lists the common words of Chinese, those that never stand inside a name
(verbs, adverbs, prepositions) apart from those that may (nouns). It was made from the frequency
dictionary of jieba (MIT licence) and the coinages of such notices. What no list holds is a name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from loaders.places.boundaries import KIND_WORDS, STOP_WORDS, begin_of, bounds, is_proper

FILE = Path(__file__).with_name("ordinary_words.txt")
MAX_WORD_CHARS = 5
MAX_LONE_CHARS = 3
"""So short a run between two marks is a name even if it is a word: 天平街道."""
MAX_RUN_CHARS = 28
"""How far back a name is looked for: the longest names of hospitals have 20 characters."""
MIN_NAME_CHARS = 2
_BREAKING_CHARS = frozenset(
    "将把被让使给令向对在从自由以按据依于为因而且但若如其该此各每某等或及与的得了着过是指有无"
    "不未没应需要会并也都就才只仅又再更最较已曾正仍均当至凭替比则即所者经用做化拟"
)
_PLAIN_CHARS = frozenset(
    "年月日时期次个件家名位项批类种级型层间座所处条省市区县镇乡村街国校院馆园场部局委办厅站点"
    "线网性新老旧大小中高低多少上下内外前后左右东西南北一二三四五六七八九十百千万亿两几第双单"
    "全总主副本我你他它这那人民公共厂店楼馆室段片带群组工地能可分"
)
_JOINING = frozenset("大小新老东西南北中上下内外前后一二三四五六七八九十双全金能")
"""Plain characters that are part of a name beside characters of no list: 北虹, 五里铺."""
_DIVISIONS = frozenset("省市区县")
"""A name before one of these begins anew behind a plain word: 数据集临江市第一医院."""
_GEOGRAPHIC = frozenset("口山沟湾岭河江湖塘桥坝坪坑洲岛泉溪潭塔屯堡寨庄店集铺岗坡洞峪浦泾港门关墩")
_CLASSIC = frozenset(
    "人民 解放 和平 胜利 友谊 幸福 东风 红旗 光明 新华 中山 世纪 五一 八一 七一 "
    "城南 城北 城东 城西 河东 河西 滨江 滨河 滨湖 滨海".split()
)
"""Words that are names before a word for a public work: every town has a 人民公园."""


_PLACED = frozenset("滨江 滨河 滨湖 滨海 城南 城北 城东 城西 江南 江北 河东 河西 湖滨 沿海".split())
"""Words that lie somewhere: they make a name before a plain word (滨江数创大走廊)."""
_NOMINAL = frozenset(
    "服务 管理 综合 示范 建设 开放 创新 试验 实验 应用 制造 集聚 培训 展示 活动 交易 运动 "
    "健身 休闲 旅游 体验 保护 教育 研究 合作 开发 发展 交流 投资 贸易 指挥 应急 救援 处理 "
    "处置 发电 供水 排水 会展 演艺 表演 娱乐 孵化 加速 设计 创业 创意 附属 直属 联合 协同 "
    "监测 检测 观测 储备 批发 零售 加工 养殖 种植 屠宰 回收 转运 中转 换乘 停车 充电 加油 "
    "加气 提升 学习 考古 纪念 展览 陈列 康复 护理 急救 妇幼 生产 总部 安置 居住 生活 消费 "
    "体育 游泳 图书 阅读 科普 军民 融合 结合".split()
)
"""Verbs that stand in names like nouns do."""


@cache
def _lexicon() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The words that break a name, the plain ones, and the verbs among these."""
    parts = re.split(r"^#.*\n", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    breaking, verbs, nouns = (frozenset(part.split()) for part in parts)
    before = STOP_WORDS - _NOMINAL
    plain = (verbs | nouns | KIND_WORDS | _NOMINAL) - before
    return breaking - plain | before, plain - _PLACED, verbs


@lru_cache(maxsize=4096)
def words_of(run: str) -> tuple[tuple[int, int, str], ...]:
    """The words of a run of characters: (start, end, "break", "plain" or "name").

    The cut with the least cost: a listed word costs one, a character of no list nearly two.

    >>> [run for _, _, run in words_of("允许综合")], [run for _, _, run in words_of("在北塘")]
    (['break', 'plain'], ['break', 'name'])
    """
    breaking, plain, _ = _lexicon()
    best: list[tuple[float, int, str]] = [(0.0, 0, "")]
    for end in range(1, len(run) + 1):
        char = run[end - 1]
        single = "break" if char in _BREAKING_CHARS else "plain" if char in _PLAIN_CHARS else "name"
        choices = [(best[end - 1][0] + (1.7 if single == "name" else 1.3), end - 1, single)]
        for start in range(max(0, end - MAX_WORD_CHARS), end - 1):
            word = run[start:end]
            if word in breaking or word in plain:
                kind = "plain" if word in plain else "break"
                choices.append((best[start][0] + 1.0, start, kind))
        best.append(min(choices))
    found: list[tuple[int, int, str]] = []
    end = len(run)
    while end:
        _, start, kind = best[end]
        if kind == "name" and found and found[-1][2] == "name" and found[-1][0] == end:
            found[-1] = (start, found[-1][1], kind)
        else:
            found.append((start, end, kind))
        end = start
    return tuple(_joined(run, list(reversed(found))))


def _joined(run: str, words: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Names with the single plain characters beside them."""
    at = 0
    while at < len(words):
        last = at
        while last < len(words) and (words[last][2] == "name" or _is_joining(run, words[last])):
            last += 1
        if any(kind == "name" for _, _, kind in words[at:last]):
            yield words[at][0], words[last - 1][1], "name"
            at = last
        else:
            yield words[at]
            at += 1


def _is_joining(run: str, word: tuple[int, int, str]) -> bool:
    start, end, kind = word
    return kind == "plain" and end - start == 1 and run[start] in _JOINING


@lru_cache(maxsize=4096)
def name_begin(run: str, *, public: bool = False) -> int | None:
    """Where in a run of characters the name begins that ends with it; None where it holds none.

    The name reaches back over plain words to the first word of no list behind the last verb or
    particle. Before a word for a `public` work (水库, 公园) a classic word is a name too.

    >>> "关于康定"[name_begin("关于康定"):], name_begin("销售均价通过"), name_begin("更大激发")
    ('康定', None, None)
    """
    if public and (classic := run[-2:]) in _CLASSIC:
        before = words_of(run[:-2])
        if not before or before[-1][2] != "name":
            return len(run) - len(classic)
    words = words_of(run)
    broken = next((i + 1 for i in range(len(words) - 1, -1, -1) if words[i][2] == "break"), 0)
    tail = words[broken:]
    for left, (start, end, kind) in pairwise(tail):
        if left[2] == "plain" and kind == "name" and run[end : end + 1] in _DIVISIONS:
            return start if end - start >= MIN_NAME_CHARS else None
    for start, end, kind in tail:
        if kind == "name" and end - start >= MIN_NAME_CHARS:
            return start
    if tail and public:
        start = tail[0][0]
        stem = run[start:]
        if 3 <= len(stem) <= 4 and stem[-1] in _GEOGRAPHIC and nouns_begin(stem) == 0:
            return start
    return None


def name_begin_before(
    text: str,
    end: int,
    ends: Collection[int],
    longest: int,
    *,
    shortest: int = MIN_NAME_CHARS,
    also: tuple[str, ...] = (),
    public: bool = False,
) -> int | None:
    """Where the name begins whose word for a kind begins at `end`, or None where none does.

    Both lists have their say: the words of `begin_of` that end before a name, and the ordinary
    words that make none.
    """
    low, least = end, max(0, end - MAX_RUN_CHARS, bounds(text, also).runs[end])
    while low > least and low not in ends:
        low -= 1
    run = text[low:end]
    begin = name_begin(run, public=public)
    bounded = begin_of(text, end, ends, longest, shortest=shortest, also=also)
    if begin is None:
        return bounded if public and is_lone_name(run) else None
    begin += low
    start = begin if bounded is None else max(begin, bounded)
    if start > begin and (again := name_begin(text[start:end], public=public)) is None:
        return start if public and is_lone_name(text[start:end]) else None
    if start > begin and again:
        start += again
    return start if shortest <= end - start <= longest else None


def nouns_begin(run: str) -> int | None:
    """Where the nouns begin with which a run ends; None where it ends with a verb or a particle.

    >>> nouns_begin("利用人才"), nouns_begin("成功")
    (2, None)
    """
    verbs = _lexicon()[2]
    begin: int | None = None
    for start, end, kind in reversed(words_of(run)):
        if kind == "break" or run[start:end] in verbs or run[start:end] == "地":
            break
        begin = start
    return begin


def is_lone_name(run: str) -> bool:
    """Return whether a run between two marks is short, and neither a verb nor a kind of thing."""
    short = MIN_NAME_CHARS <= len(run) <= MAX_LONE_CHARS
    return short and run[0] not in _BREAKING_CHARS and is_proper(run) and nouns_begin(run) == 0


def is_classic(word: str) -> bool:
    """Return whether a word names public works everywhere (人民公园)."""
    return word in _CLASSIC
