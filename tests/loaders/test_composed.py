"""Notices composed at random from units, sentences, numbers and wordings: each reads back.

The seeds are fixed, so that a run is like the one before it.
"""

from __future__ import annotations

from random import Random

import pytest

from loaders.formats.source import SourceText
from loaders.notice import read_text

UNITS = """市发展改革委 市科技局 市工业和信息化局 市财政局 市人力资源社会保障局 市教育局 市公安局 市民政局 市司法局
市自然资源和规划局 市生态环境局 市住房城乡建设局 市交通运输局 市水务局 市农业农村局 市商务局 市文化广电旅游局 市卫生健康委
市应急管理局 市国资委 市市场监管局 市数据局 市税务局 市委组织部（市委人才办） 市委网信办 市委金融办 团市委 市妇联 市总工会
市城投集团 市轨道交通公司 市大数据中心 高新区管委会 各区人民政府 各县（市、区）人民政府 各街道 各有关单位 市级各部门
市供电公司 海清学院 市第一人民医院 市“双招双引”专班 海清海关 人民银行海清市分行 市优化营商环境领导小组办公室""".split()
TASKS = [
    "加强算力供给。建设公共算力平台，每年发放算力券1000万元。",
    "建设创业社区。对牵头建设单位给予最高200万元补贴（按实际投入的30%）。",
    "深化改革。支持企业牵头组建创新联合体（含高校院所）。",
    "优化服务。推行“一件事一次办”（不含涉密事项），压减时限50%。",
    "完善制度。由第三方机构开展评估，结果向社会公开。",
    "提升能级，实现地区生产总值增长6%左右。",
    "促进消费。打造夜间经济集聚区5个（一区一品）。",
]
CHINESE = "零一二三四五六七八九十"
NUMBERS = ["{0}.", "{0}．", "{0}、", "（{1}）", "{1}、", "第{1}条 ", ""]
BRACKETS = ["（）", "()", "〔〕", "【】", "[]"]
Answer = tuple[list[str], list[str]]


def listed(random: Random, units: list[str]) -> str:
    return "".join(unit + random.choice("、、、，") for unit in units)[:-1]


def statement(random: Random, by_order: bool) -> tuple[str, Answer]:
    """A bracket or label line, with its leads and supporters."""
    units = random.sample(UNITS, random.randint(2, 6))
    cut = random.randint(1, len(units) - 1)
    leads, helps = units[:cut], units[cut:]
    tail = random.choice(["", "", "等", "等相关部门", "等有关单位"])
    first, second, whole = (
        listed(random, leads),
        listed(random, helps) + tail,
        listed(random, units),
    )
    if by_order:
        return f"责任单位：{whole}{tail}", (units[:1], units[1:])
    pair = random.choice(["责任单位", "配合单位", "协办部门", "参与单位"])
    return random.choice([
        (f"牵头单位：{first}；{pair}：{second}", (leads, helps)),
        (f"牵头单位:{first},{pair}:{second}", (leads, helps)),
        (f"主责单位：{first} {pair}：{second}", (leads, helps)),
        (f"牵头部门：{first}", (leads, [])),
        (f"责任部门：{whole}{tail}", (units, [])),
        (f"责任单位：{first}牵头，{second}配合", (leads, helps)),
        (f"{first}牵头负责，{second}按职责分工负责", (leads, helps)),
        (f"由{first}牵头，{second}参与", (leads, helps)),
        (f"{whole}{tail}按职责分工负责", (units, [])),
    ])  # fmt: skip


def composed(seed: int) -> tuple[str, list[Answer]]:
    random = Random(seed)
    by_order = random.random() < 0.2
    number, brackets = random.choice(NUMBERS), random.choice(BRACKETS)
    form = random.choice(["{task}{open}{said}{close}", "{task}\n{open}{said}{close}"])
    lines = [
        "海清市人民政府办公室关于印发海清市2025年重点任务分工方案的通知",
        "海政办发〔2025〕12号",
    ]
    lines += ["以下任务中，排在第一位的责任单位为牵头单位，其他为配合单位。"] * by_order
    answers = []
    for i in range(1, random.randint(3, 9)):
        said, answer = statement(random, by_order)
        task = number.format(i, CHINESE[i]) + random.choice(TASKS)
        lines.append(form.format(task=task, said=said, open=brackets[0], close=brackets[1]))
        answers.append(answer)
    lines += ["附则", "本方案由市发展改革委负责解释，自印发之日起施行。"] * random.randint(0, 1)
    return "\n".join(lines) + "\n", answers


@pytest.mark.parametrize("seed", range(80))
def test_a_composed_notice_reads_back(seed: int) -> None:
    text, answers = composed(seed)
    found = read_text(SourceText("composed.txt", text.encode(), text, "text/plain"))
    read = [
        (
            [a.label for a in t.assignments if a.role != "coordinate"],
            [a.label for a in t.assignments if a.role == "coordinate"],
        )
        for t in found.targets
    ]
    assert read == answers, text
