"""Persons named next to bodies in one column (责任单位及责任人): they are not bodies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from graph.records import Assignment

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄"
    "和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁"
    "荀羊甄曲封储靳段焦侯宓全班仰秋仲伊宫宁仇甘武符刘景詹束龙叶司黎薄印白怀蒲从索赖卓蔺屠蒙池乔阴闻党翟谭贡姬申扶冉郦桑桂牛边尚农温庄晏瞿阎肖涂"
)
BESIDE = re.compile(
    r"(?:单位|部门|主体)\s*(?:及|和|、|/|／|（|\(|\n)\s*(?:主要)?(?:责任人|负责人|联系人|责任领导)"
)
"""A heading of a column that holds persons next to the bodies."""
_PERSON = rf"[{_SURNAMES}](?:[\u4e00-\u9fff]{{1,2}}|[某×xX*＊]{{1,2}})"
_ALONE = re.compile(_PERSON)
_BRACKETED = re.compile(rf"[（(]{_PERSON}(?:[、,，]{_PERSON})*[)）]$")


def without_persons(found: Sequence[Assignment]) -> tuple[Assignment, ...]:
    """The assignments of a cell without those that name a person, and without persons in brackets.

    Where all look like persons, none is taken for one.
    """
    kept = [a for a in found if not (_ALONE.fullmatch(a.label) and len(found) > 1)]
    return tuple(
        replace(a, label=name, kind="body", parent=None)
        if (name := _BRACKETED.sub("", a.label)) != a.label and name
        else a
        for a in kept or found
    )
