"""The grammar of endings: how the name of a body ends, in cells and in sentences."""

from __future__ import annotations

import re

CELL_ENDINGS = (
    "局|委|办|院|部|署|厅|会|社|处|站|所|街道|镇|乡|街道办事处|管委会|委员会|办公室|"
    "公司|集团|中心|支队|总队|大队|学校|大学|医院|银行|分行|支行|海关|联盟|协会|基金会|政府|专班"
)
CELL_ENDING = re.compile(f"(?:{CELL_ENDINGS})$")
"""Endings at which a department cell is cut where names have no marks between them."""
CELL_ENDING_LAST_CHARS = frozenset("局委办院部署厅会社处站所道镇乡室司团心队校学行关盟金府班区")
"""The last characters of what `CELL_ENDING` may match, and 区 of a zone."""
BODY_ENDING = re.compile(
    r"(?:[局委办院部署厅会社处站所室行]|街道|[镇乡区县]|办事处|管委会|委员会|指挥部|"
    r"公司|集团|中心|支队|总队|大队|队|学校|大学|学院|医院|银行|海关|联盟|协会|基金会|政府|专班|"
    r"单位|部门|企业|机构|社区|园区|平台|法院|检察院|分局|局属|街镇|镇街|镇办|团区委|团市委|武装部|"
    r"机关|工商联|残联|妇联|文联|[消科记作律体]协|侨联|总工会|红十字会|供销社|省直|市直|区直|运营商|高校|[国央]企"
    r"|领导小组|指挥部|办公厅|党组|党工委|纪委|监委|军分区|开发区|联社|联合会|研究院|商会)$"
)
"""Endings of the names of bodies."""
RARE_ENDING = re.compile(
    r"(?:板块|小组|工作组|专项组|馆|场|总站|基地|报社|电视台|台|厂|总部|村|居|校|科|股|州|旗|地区|镇村|[城交水产建农旅国]投|[城交]发|文旅投|金控|科创投|纪检监察组|(?:团|联|建|盟|社|党)中央|党派|中小学|小学|中学|幼儿园|铁塔|电信|移动|联通|邮政|电网|"
    r"(?<=[\u4e00-\u9fff])市|各地|家庭农场)$"
)
"""Endings of bodies and of other words alike: no line or space is cut at them."""
