"""Refuse what the graph cannot answer: code, orders, opinions, services, other districts and years."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from queries.ask.folding import MAX_CHARS
from queries.ask.lexicon import compile_words

_SPARQL = re.compile(
    r"\b(?:prefix\s+\w*:|(?:select|construct|ask|describe)\b[^。？?]{0,400}?\{|insert\s+data|delete\s+(?:where|data|\{)|"
    r"(?:drop|clear|load|create)\s+(?:all|graph|silent|default|named|<))|\?[a-z]\w*\s+\?[a-z]\w*|@(?:zh|en)\b",
    re.IGNORECASE,
)
_SQL = re.compile(
    r"\b(?:select\b.{1,200}\bfrom\b|insert\s+into|update\s+\w+\s+set|delete\s+from|drop\s+(?:table|database)|"
    r"union\s+(?:all\s+)?select|alter\s+table|truncate\s+table|exec\s*\()|'\s*(?:or|and)\s+'?\d?'?\s*=|--\s*$|;\s*--",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"<\s*/?\s*(?:script|img|iframe|svg|a|body|html|style|link|object)\b|javascript:|onerror\s*=|\$\{|\{\{|=\s*hyperlink\s*\(|"
    r"\b(?:rm\s+-rf|sudo|wget|curl|eval\s*\(|import\s+os|os\.system|__import__)|\.\./\.\.|/etc/passwd|\x00",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]")
_OURS = re.compile("[\u3400-\u9fffa-z]")
ELSEWHERE = re.compile(
    r"(?:[\u4e00-\u9fff]{2,3}?(?:自治区|新区|自治州|省)|[\u4e00-\u9fff]{2}(?:区|县|市))(?!域|间|块|分|级|长|属|内|划|位|民|场|容|政|值|委|政府|里|局|办|残|府)"
)
_NO_REGION = re.compile(
    r"(?:社|小|片|园|地|城|全|本|我|市|辖|街|校|景|特|郊|厂|库|灾|山|示范|先导|试验|集聚|开发|自贸|功能|中心|商务|各|每|哪|个|该|这|那|几|到|的|在|整|老|新|外|保税|经济|生活|居住|工业|产业|合作|旧|边|两|十|江)(?:区|县|市)$"
)
_CITIES = re.compile(
    "北京|天津|重庆|广州|深圳|杭州|南京|苏州(?!河)|武汉|成都|西安|郑州|长沙|青岛|济南|宁波|无锡|合肥|福州|厦门|昆明|沈阳|大连|"
    "哈尔滨|香港|澳门|台湾|台北|浦东|徐汇|静安|黄浦|虹口|杨浦|普陀|闵行|宝山|嘉定|松江|青浦|奉贤|崇明|闸北|卢湾|"
    "朝阳区|海淀|福田|南山区|东京|纽约|伦敦|日本|美国|beijing|shenzhen|guangzhou|pudong|xuhui|jing'?an|new york|tokyo|london|hong kong"
)
_ROAD_AFTER = re.compile("[东西南北中]?(?:路|街|大道|大厦|广场|饭店|弄|花园|公园)")


CODE_REASONS = ("sparql", "code", "long", "script", "no-words", "empty")
"""Reasons for which a text is not looked at any further."""


@dataclass(frozen=True, slots=True)
class AskRefusal:
    """Why a question is not answered; `reason` is a key, `detail` what it is about."""

    reason: str
    detail: str = ""


@cache
def _reasons() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for line in (files("queries") / "ask" / "refusals.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, words = line.partition(": ")
            found.append((name, compile_words(words.split())))
    return tuple(found)


def screen(raw: str) -> AskRefusal | None:
    """Refuse a text before it is read: empty, too long, code, other scripts."""
    text = raw.strip()
    if not text:
        return AskRefusal("empty")
    if len(text) > MAX_CHARS:
        return AskRefusal("long", str(len(text)))
    if _SPARQL.search(text):
        return AskRefusal("sparql")
    if _SQL.search(text) or _SCRIPT.search(text):
        return AskRefusal("code")
    letters = _LETTERS.findall(text.lower())
    ours = sum(bool(_OURS.match(c)) for c in letters)
    if not letters:
        return AskRefusal("no-words")
    if ours * 2 < len(letters):
        return AskRefusal("script")
    return None


def out_of_scope(masked: str) -> AskRefusal | None:
    """Refuse opinions, orders, services and the like, by the words around the names."""
    for reason, words in _reasons():
        match = words.search(masked)
        if match:
            return AskRefusal(reason, match[0])
    return None


def elsewhere(masked: str, graph_text: str) -> AskRefusal | None:
    """Refuse a district, town or country that the graph does not name."""
    city = _CITIES.search(masked)
    if city and city[0] not in graph_text and not _ROAD_AFTER.match(masked, city.end()):
        return AskRefusal("elsewhere", city[0])
    for match in ELSEWHERE.finditer(masked):
        word = match[0]
        if not _NO_REGION.search(word) and word not in graph_text:
            return AskRefusal("elsewhere", word)
    return None
