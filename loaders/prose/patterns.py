"""How sentences say who does what: closing a group, at the end of an item, by its parts."""

from __future__ import annotations

import re

from loaders.lexicon.roles import LABEL
from loaders.prose.outline import WHO

CN = "[一二三四五六七八九十]"
CLOSER = re.compile(
    rf"(?:第?\s*(?P<numbers>(?:\d{{1,3}}|{CN}{{1,3}})(?:(?:[、，,至到\-—~～和及]|项至)第?(?:\d{{1,3}}|{CN}{{1,3}})){{0,12}})[项条款]"
    rf"|(?:上述|以上|前述|上列)(?:各|全部|所有|\d{{1,2}}|{CN}{{1,2}})?[项个类条]?)"
    r"(?:重点|实事|民生|具体)?(?:项目|任务|工作|事项|内容|目标|指标|措施)?(?:均|分别|都|统一)?的?"
    r"(?:由(?P<who>[^。；\n]{2,160}?)(?=[。；\n]|$)"
    r"|(?P<label>(?:牵头|主责|责任)(?:责任)?(?:单位|部门)(?:均|都)?(?:为|是|[:：])[^。\n]{2,160}?)(?=[。\n]|$))"
)
SPOKEN = re.compile(
    r"(?:^|(?<=[。；;，,]))\s*(?:此项工作|该项工作|本项工作|此项任务|该项目|上述工作|具体工作|相关工作)?[由以](?P<who>[^。；\n]{2,120}?"
    r"(?:牵头|负责|配合|落实|参与|协助|组织实施|推进))"
    r"(?=(?:[，,][^。；，,]{0,20}(?:前|底|完成|到位))?[。；]?$)"
)
BESIDE = re.compile(rf"(?:{WHO})\s*[:：][^。；;：:]{{1,24}}[，,；;、\s]+(?={LABEL.pattern})")
"""Which person it is, in front of the units: 责任人：张某，责任单位：…"""
JOINT = re.compile(
    r"(?<=[。；;])\s*(?:此项工作|该项工作|本项工作)?由(?P<who>[^，,。；;：:]{2,40}?)(?:会同|联合(?!会|社|体))(?P<with>[^。；;：:]{2,80}?)"
    r"(?:共同|具体|组织|负责|牵头)*(?:实施|落实|推进|开展|办理|承办|完成|负责)[。；;]?\s*$"
)
BY_PARTS = re.compile(
    r"\s*(?:其中[，,：:]?)?(?:[^，,。；;：:由]{2,14}由[^。；;：:由]{2,40}?(?:牵头)?负责[，,；;。]?){2,}\s*"
)
"""Who does which part of an item: 农村公路由县交通局负责，饮水工程由县水利局负责。"""
DASHED = re.compile(r"[—–─]{1,2}\s*(?P<who>[^—–─。；;]{3,160})[。；;]?$")
"""Who does it behind a dash at the end of an item."""
ITEM_NEXT = re.compile(rf"[。；;]\s*(?:\d{{1,2}}[.．、](?!\d)|[（(](?:{CN}|\d){{1,3}}[）)])")
MET = re.compile(r"(?:参加|列席|出席)[。；;]?\s*$")
ENDS_SO = re.compile(r"(?:负责|落实|实施|分工负责)[。；;]?\s*$")
