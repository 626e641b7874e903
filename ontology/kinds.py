"""The concept scheme of projects: what kinds of work there are, in Chinese and English."""

from __future__ import annotations

OTHER = "其他"
PROJECT_KINDS: dict[str, str] = {
    "土地出让": "land sale",
    "土地收储": "land purchase",
    "房屋征收": "expropriation",
    "普查": "census and assessment",
    "活动": "event",
    "规划": "plan",
    "轨道交通": "rail transit",
    "慢行步道": "footpath",
    "道路": "road",
    "商办": "offices and shops",
    "水利": "waterways",
    "市政": "utilities",
    "绿化": "greening",
    "住房": "housing",
    "试点": "pilot",
    "信息化": "information systems",
    "城市更新": "urban renewal",
    "公共设施": "public facilities",
    OTHER: "other",
}
"""Each kind with its English label; the first that fits a name is its kind."""
