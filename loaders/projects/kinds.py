"""The kind of work that a name shows, in the concept scheme of `ontology.kinds`."""

from __future__ import annotations

import re

from loaders.projects.works import EVENT
from ontology.kinds import OTHER

_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("土地出让", re.compile(r"出让")),
    ("土地收储", re.compile(r"收储|收地")),
    ("房屋征收", re.compile(r"征收|动迁|清退")),
    ("普查", re.compile(r"普查|调查|评估|审计")),
    ("活动", EVENT),
    ("规划", re.compile(r"规划|行动计划|白皮书|《|控详")),
    ("轨道交通", re.compile(r"轨交|轨道|地铁|\d+号线")),
    ("慢行步道", re.compile(r"步道|绿道|慢行|人行通道")),
    ("道路", re.compile(r"道路|通道|快速路|立交|地道|隧道|大桥|桥梁|天桥|路$")),
    ("商办", re.compile(r"商办|商业|商务楼|红坊|载体")),
    ("水利", re.compile(r"河道|水系|雨污|泵站|防汛|排水")),
    ("市政", re.compile(r"管线|架空线|合杆|管网|垃圾|违法建筑|违建|停车")),
    ("绿化", re.compile(r"绿化|绿地|公园")),
    ("住房", re.compile(r"住房|小区|成套|租赁|楼道|居室|加装电梯|旧改|里弄")),
    ("试点", re.compile(r"试点|试验区")),
    ("信息化", re.compile(r"智慧|智能|雪亮|数据库|平台|系统")),
    ("城市更新", re.compile(r"更新|地块|区块")),
    (
        "公共设施",
        re.compile(
            r"学校|幼儿园|医院|中心|菜场|菜市场|养老|床位|助餐|健身|体育|场馆|无障碍|建设|工程|项目|改造"
        ),
    ),
)
"""Kinds and the words that show them; the first match wins."""


def kind_of(name: str) -> str:
    """The concept that a project's name shows; 其他 where none does.

    >>> kind_of("115街坊土地出让"), kind_of("凯田路道路新建工程"), kind_of("招商")
    ('土地出让', '道路', '其他')
    """
    return next((kind for kind, sign in _SIGNS if sign.search(name)), OTHER)
