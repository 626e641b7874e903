"""Compare values that are written in several units."""

from __future__ import annotations

import re
from decimal import Decimal

from ontology.names import squeeze

_SCALES = (
    ("亿", Decimal(10) ** 8),
    ("千万", Decimal(10) ** 7),
    ("百万", Decimal(10) ** 6),
    ("万", Decimal(10) ** 4),
    ("千", Decimal(1000)),
)


_SAME = (
    (re.compile(r"^(?:㎡|m2|m²|平米|平方米|平方|方)$"), "平方米"),
    (re.compile(r"^(?:公里|千米|km)$"), "公里"),
    (re.compile(r"^(?:户家|个|家|所|处|座|项|条|台|座|户|单位)$"), "个"),
    (re.compile(r"^(?:人|人次|名|位)$"), "人"),
    (re.compile(r"^(?:课时|学时|节)$"), "课时"),
    (re.compile(r"^(?:[%％]|个百分点)$"), "%"),
)


def normal(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """Return a value in its basic unit, so that values in several units compare.

    >>> normal(Decimal("3.1"), "万㎡") == normal(Decimal(31000), "平方米")
    True
    """
    name, _, per = squeeze(unit).replace("％", "%").partition("/")
    for word, factor in _SCALES:
        if name.startswith(word) and name != "千米":
            value, name = value * factor, name[len(word) :]
            break
    if name == "公顷":
        value, name = value * 10000, "平方米"
    if name == "亩":
        value, name = value * 667, "平方米"
    if name in ("公里", "千米"):
        value, name = value * 1000, "米"
    for form, same in _SAME:
        if form.match(name):
            name = same
            break
    if per:
        per = re.sub(r"㎡|m2|m²|平米", "平方米", per).replace("人口", "人")
        name = f"{name}/{per}"
    return value, name


def dimension(unit: str) -> str:
    """Return the basic unit of a unit: 平方米 for 万㎡."""
    return normal(Decimal(1), unit)[1]
