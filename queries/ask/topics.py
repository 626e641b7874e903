"""The topic of a question: words of a notice that are neither names nor words of the field."""

from __future__ import annotations

import re

from queries.ask.index import NameIndex

_RUN = re.compile("[\u4e00-\u9fff0-9+“”‘’-]{2,}")
_QUOTED = re.compile('[“"「『《]([^”"」』》]{2,30})[”"」』》]')
_MAX_CHARS = 12
_MAX_RUN_CHARS = 24
_MAX_GAP = 3
_GENERIC = re.compile(
    "^(?:社区|企业|居民|管理|服务|发展|工程|建设|项目|政策|制度|机制|方案|计划|综合|重点|推动|推进|提升|加强|完善|"
    "落实|开展|组织|实施|活动|问题|情况|内容|方式|方法|时间|标准|要求|进度|国家|上海|长宁|全市|单位|部门|人员|群众|"
    "百姓|老百姓|市民|工作|数据|信息|系统|平台|功能|业务|资源|环境|质量|水平|能力|体系|结构|水|路|房|钱|附近|办理|申请)$"
)


def find_topic(index: NameIndex, text: str, free: str) -> str:
    """Return the longest words of a notice among what is free, as the notice writes them.

    A short form finds the long one of the notice: 进博会 finds 进口博览会, 菜市场 finds 菜场.
    """
    quoted = _QUOTED.search(text)
    if quoted and quoted[1] in index.text:
        return quoted[1]
    best, covered = "", 1
    for match in _RUN.finditer(free):
        run = match[0][:_MAX_RUN_CHARS]
        part = _part(index, run)
        ways = [(part, len(part)), (_short(index, run), len(run))]
        for found, share in ways:
            if found and share > covered and not _GENERIC.match(found):
                best, covered = found, share
    return best


def _part(index: NameIndex, run: str) -> str:
    for size in range(min(len(run), _MAX_CHARS), 1, -1):
        for start in range(len(run) - size + 1):
            part = run[start : start + size]
            if part in index.text and not part.isdecimal():
                return part
    return ""


def _short(index: NameIndex, run: str) -> str:
    """The words of a notice of which a run leaves characters out, or that leave one out of it."""
    if not 2 < len(run) < 6:
        return ""
    gap = f"[^\\W\\d_]{{0,{_MAX_GAP}}}?"
    longer = re.search(gap.join(map(re.escape, run)), index.text)
    if longer:
        return longer[0]
    for left_out in range(1, len(run) - 1):
        shorter = run[:left_out] + run[left_out + 1 :]
        if shorter in index.text:
            return shorter
    return ""
