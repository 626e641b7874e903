"""Hints for a query that answers nothing: the mistakes that are no errors of syntax."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ontology.names import PREFIXES
from ontology.vocabulary import terms

_COMMENT = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>)|#[^\n]*""")
_STRING = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')(@[A-Za-z-]+|\^\^\S+)?""")
_OUR_TERM = re.compile(rf"(?<![\w:-])tk:([A-Za-z]\w*)|<{re.escape(PREFIXES['tk'])}([^>]*)>")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_HAVING = re.compile(r"\bHAVING\s*\(([^{}]*)", re.IGNORECASE)
_ALIAS = re.compile(r"\bAS\s+\?(\w+)\s*\)", re.IGNORECASE)
_DATE = re.compile(r"\^\^(?:xsd:date|<http://www\.w3\.org/2001/XMLSchema#date>)")
_GUESSES = {
    "coordinator": "coordinate", "coordinates": "coordinate", "support": "coordinate",
    "supports": "coordinate", "leader": "lead", "leads": "lead", "leadBy": "lead",
    "department": "body", "organization": "body", "name": "namedAs", "title": "text",
    "deadline": "deadline", "date": "due", "dueDate": "due", "street": "location",
    "address": "location", "sentence": "quote", "source": "evidence", "milestones": "milestone",
    "indicators": "indicator", "projects": "project", "value": "indicator", "unit": "body",
    "Department": "Body", "Organization": "Body", "District": "District", "Task": "Target",
    "Goal": "Target", "Document": "Notice",
}  # fmt: skip
"""Words that a reader may try, and ours; what is merely misspelt needs no entry."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One likely reason for an empty answer, in Chinese and in English."""

    zh: str
    en: str


def hints(query: str) -> list[Hint]:
    """Return what may be wrong with a query that was answered with nothing.

    >>> [h.en for h in hints('SELECT ?b { ?t tk:coordinator ?b }')]
    ['tk:coordinator is not in the vocabulary: tk:coordinate?']
    >>> [h.en for h in hints('SELECT ?t { ?t skos:prefLabel "规土局" }')]
    ['labels and texts have a language: "规土局"@zh']
    """
    text = _COMMENT.sub(lambda m: m[1] or " ", query)
    bare = _STRING.sub('""', text)
    return [*_unknown_terms(bare), *_untagged(text), *_having(bare), *_due_as_date(text)]


def nearest_terms(name: str) -> list[str]:
    """Return the terms of the vocabulary that a wrong one may mean, the nearest first."""
    known = terms()
    guess = [_GUESSES[name]] if name in _GUESSES else []
    same = [term for term in known if term.lower() == name.lower()]
    alike = [term for term in known if term[0].isupper() == name[0].isupper()]
    return list(dict.fromkeys([*guess, *same, *difflib.get_close_matches(name, alike, 3, 0.6)]))


def _unknown_terms(bare: str) -> Iterator[Hint]:
    known = terms()
    names = dict.fromkeys(short or long for short, long in _OUR_TERM.findall(bare))
    for name in names:
        if name and name not in known:
            near = next((f"tk:{term}" for term in nearest_terms(name)), "")
            yield Hint(
                f"词汇表里没有 tk:{name}" + (f"：是 {near} 吗？" if near else ""),
                f"tk:{name} is not in the vocabulary" + (f": {near}?" if near else ""),
            )


def _untagged(text: str) -> Iterator[Hint]:
    for quoted, tag in _STRING.findall(text):
        if not tag and _CHINESE.search(quoted):
            yield Hint(
                f"标签与文字带语言标记：{quoted}@zh",
                f"labels and texts have a language: {quoted}@zh",
            )
            return


def _having(bare: str) -> Iterator[Hint]:
    aliases = set(_ALIAS.findall(bare))
    for condition in _HAVING.findall(bare):
        for name in re.findall(r"\?(\w+)", condition):
            if name in aliases:
                yield Hint(
                    f"HAVING 里的别名 ?{name} 没有值：请把聚合式写在 HAVING 里，"
                    "如 HAVING(COUNT(?x) > 1)",
                    f"the alias ?{name} has no value in HAVING: repeat the aggregate, "
                    "as in HAVING(COUNT(?x) > 1)",
                )
                return


def _due_as_date(text: str) -> Iterator[Hint]:
    if _DATE.search(text) and re.search(r"\btk:(?:due|period)\s+\?\w+", text):
        yield Hint(
            "tk:due 是季度，不是日期：日期在 tk:due/time:hasEnd/time:inXSDDate",
            "tk:due is a quarter and no date: tk:due/time:hasEnd/time:inXSDDate is one",
        )
