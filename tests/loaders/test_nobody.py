"""Random texts that name departments without giving any of them a task.

News, interpretations, regulations, notices of events: departments that lead or attend there lead
no target. The seeds are fixed, so that a run is like the one before it.
"""

from __future__ import annotations

from random import Random

import pytest

from loaders.errors import NotANotice
from loaders.formats.source import SourceText
from loaders.notice import read_text

TITLES = [
    "青云区2024年经济运行情况通报",
    "关于做好2025年春季学期招生工作的公告",
    "《青云区促进消费若干措施》政策解读",
    "青云区第十八届人大三次会议政府工作报告",
    "青云区召开重点项目推进会",
    "青云区2024年决算草案的报告",
    "青云区城市管理办法",
    "青云区政府信息公开工作年度报告",
    "关于表彰2024年度先进集体的决定",
    "青云区2025年民生实事项目",
    "青云区数字经济发展三年行动计划（2024—2026年）",
    "关于举办职业技能大赛的通知",
    "青云区国土空间总体规划公示",
]
SENTENCES = [
    "会上，区发改局汇报了上半年经济运行情况，区财政局、区统计局作了补充发言。",
    "区领导王某某、李某某出席会议，区直有关部门负责人参加。",
    "支持企业牵头组建创新联合体（含高校、科研院所），承担国家重大专项。",
    "对获评国家级专精特新“小巨人”的企业（不含分支机构），一次性奖励50万元。",
    "截至6月底，全区新增市场主体3200户（区市场监管局数据），同比增长8.1%。",
    "由龙头企业牵头，上下游企业参与，共同打造产业集群。",
    "本办法由区城管局负责解释，自印发之日起施行。",
    "咨询电话：区人社局（0000-1234567）、区教育局（0000-7654321）。",
    "申请人向所在街道办事处提出申请，街道办事处初审后报区民政局审批。",
    "区住建局负责本行政区域内物业管理活动的监督管理工作。",
    "区公安分局、区城管局、各街道办事处按照各自职责做好有关工作。",
    "主办单位：区文旅局 承办单位：区文化馆 协办单位：区图书馆",
    "在区委坚强领导下，区政府团结带领全区人民，全面完成年度目标任务。",
    "新建学校2所（区实验小学、区第二中学），新增学位3000个。",
    "第三方机构（由区财政局委托）对项目开展绩效评价，结果与下年度预算挂钩。",
    "来源：区发改局",
    "编辑：区融媒体中心",
    "培育壮大市场主体，力争新增规上企业20家、限上商贸企业30家。",
    "成立由区长任组长的领导小组，领导小组办公室设在区发改局。",
    "推进长三角一体化（与昆山市、吴江区协同），共建示范区。",
    "区医保局牵头制定的《实施细则》已于3月印发，成效明显。",
    "依托区疾控中心（实验室）开展检测，全年完成检测2万份。",
    "区法院、区检察院工作报告提请大会审议。",
    "支持银行业金融机构（含农商银行、村镇银行）开发专属产品。",
    "联合实验室由青云大学牵头，区科技局支持，已获批建设。",
    "规划范围包括城关镇、石桥镇、南园街道（含工业园区）。",
    "评审专家组（由市科技局推荐），对申报材料进行评审。",
    "优秀组织单位：区教育局、区卫健局、滨河街道。",
    "落实惠企政策，推动服务企业专员（区工信局派驻），实现全覆盖。",
    "设立专项工作组（区商务局牵头），上半年召开会议4次。",
    "引导社会力量参与，鼓励国有企业牵头，民营企业配合。",
]
HEADINGS = [
    "基本情况",
    "主要成效",
    "工作要求",
    "参加单位",
    "有关说明",
    "支持措施",
    "附则",
    "组织机构",
]


def composed(seed: int) -> str:
    random = Random(seed)
    lines = [random.choice(TITLES)]
    number, count = random.choice(["{}.", "{}、", "{}．", ""]), 0
    for chapter in "一二三四"[: random.randint(0, 4)]:
        lines.append(f"{chapter}、{random.choice(HEADINGS)}")
        for _ in range(random.randint(1, 4)):
            count += 1
            lines.append(number.format(count) + "".join(random.sample(SENTENCES, 2)))
    for _ in range(random.randint(1, 5)):
        lines.append("".join(random.sample(SENTENCES, random.randint(1, 3))))
    return random.choice(["\n", "\n\n", " "]).join(lines)


@pytest.mark.parametrize("seed", range(120))
def test_nobody_is_given_a_task(seed: int) -> None:
    text = composed(seed)
    try:
        found = read_text(SourceText("composed.txt", text.encode(), text, "text/plain"))
    except NotANotice:
        return
    assert [(t.row.text.text, a.label) for t in found.targets for a in t.assignments] == []
