"""Organs of a party committee, whose name begins with the committee's: 省委网信办."""

from __future__ import annotations

import re

_DEPARTMENTS = (
    "组织部|宣传部|统战部|社会工作部|农工部|政法委|老干部局|机要局|保密局|党校|政研室|研究室|"
    "直属机关工委|机关工委|市直机关工委|教育工委"
)
_OFFICES = (
    "网信|人才|金融|编|台|外|财经|财|农|农村工作|改革|国安|军民融合发展|军民融合|巡察|巡视|"
    "依法治[省市区县]|法治|审计|文明|信访|科技|督查|保密|密码|两新"
)
PARTY_ORGAN = re.compile(
    rf"(?P<committee>(?:自治区|自治州|[省市区县州旗])委)(?:{_DEPARTMENTS}|(?:{_OFFICES})(?:委员会)?办(?:公室)?|办公[厅室]|办)"
)
"""An organ with its committee, as one name."""
PARTY_ORGAN_ALONE = re.compile(
    rf"(?:{_DEPARTMENTS}|(?:网信|编|财经|金融|外|台|人才)办)(?:[（(].*)?$"
)
"""An organ behind another of the same committee, whose name it shares: 省委组织部、宣传部."""
