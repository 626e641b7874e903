"""Identity: issuer, title, number and year of documents that each mislead in one way."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.records import Head
from loaders.formats.source import source_of
from loaders.head import head_of
from loaders.text.paragraphs import blocks

SALUTATION = "各区人民政府，市政府各部门："


def head(text: str, name: str = "文件.txt") -> Head:
    source = source_of(name, text.encode())
    parts = blocks(source.text)
    found = head_of(source.text, parts, len(parts), name, source.titles)
    for span in found.evidence.values():
        assert source.text[span.start : span.end] == span.quote
    return found


def paragraphs(*lines: str) -> str:
    return "\n\n".join(lines)


TITLES = {
    "on one line": (
        ["临江市2026年重点工作任务分解表", "序号"],
        "临江市2026年重点工作任务分解表",
    ),
    "on three lines, with its years": (
        [
            "关于加强旧村改造",
            "提升人居环境的实施意见",
            "（2026—2028年）",
            "为贯彻落实上级部署，制定本意见。",
        ],
        "关于加强旧村改造提升人居环境的实施意见（2026—2028年）",
    ),
    "a bracket runs over the line": (
        [
            "关于印发《临江省低空经济实施方案（2024—",
            "2027年）》的通知",
            "各市、县（市、区）经信局：",
        ],
        "关于印发《临江省低空经济实施方案（2024—2027年）》的通知",
    ),
    "under two issuers and a red head": (
        [
            "临江省农业农村厅文件",
            "临农发〔2026〕3号",
            "临江省农业农村厅 临江省财政厅",
            "关于印发2026年临江省农机",
            "补贴实施方案的通知",
            "各市农业农村局：",
        ],
        "临江省农业农村厅临江省财政厅关于印发2026年临江省农机补贴实施方案的通知",
    ),
    "below the lines of a site": (
        ["首页 组织机构 政务公开", "相关新闻", "临江市人民政府关于推进节水的意见", SALUTATION],
        "临江市人民政府关于推进节水的意见",
    ),
    "none, but a sentence": (["我们将落实这项工作。", "责任到人，确保完成任务"], ""),
}


@pytest.mark.parametrize(("lines", "title"), TITLES.values(), ids=TITLES)
def test_the_title(lines: list[str], title: str) -> None:
    assert head(paragraphs(*lines)).title == title


CITED = "为落实《国务院关于推进数字化的意见》（国发〔2024〕7号），制定本方案。"
NUMBERS = {
    "a line of its own": (
        ["临江市关于节水的通知", "临政发〔2026〕3号", SALUTATION],
        "临政发〔2026〕3号",
    ),
    "with who signed": (
        ["临政发〔２０２６〕３号　　签发人：王江", "临江市关于节水的通知"],
        "临政发〔2026〕3号",
    ),
    "behind its label": (
        ["发文字号：临政发〔2026〕3号", "临江市关于节水的通知"],
        "临政发〔2026〕3号",
    ),
    "under the title with a day": (
        ["临江市节水办法", "（2026年1月5日临政令〔2026〕3号）", "第一条 为了节水，制定本办法。"],
        "临政令〔2026〕3号",
    ),
    "only cited": (["临江市算力发展工作方案", CITED], ""),
    "cited on a line that the page breaks": (
        [
            "临江市算力发展工作方案",
            "为落实《国务院关于推进数字化的意",
            "见》（国发〔2024〕7号）精神，制定",
        ],
        "",
    ),
}


@pytest.mark.parametrize(("lines", "number"), NUMBERS.values(), ids=NUMBERS)
def test_its_own_number(lines: list[str], number: str) -> None:
    assert head(paragraphs(*lines)).number == number


def test_the_year_is_not_that_of_what_it_cites() -> None:
    assert head(paragraphs("临江市算力发展工作方案", CITED, "2026年工作任务清单")).year == 2026
    assert head(paragraphs("临江市算力发展工作方案", CITED)).year is None
    past = "2025年全市营收达4600亿元。截至2025年底，企业785家。"
    assert head(paragraphs("临江市算力发展工作方案", past)).year == 2026
    assert head(paragraphs("临江市算力发展工作方案", past), "plan_2027.pdf").year == 2027


@pytest.mark.parametrize(
    ("lines", "issuer", "district"),
    [
        (
            ["市政府办公室关于印发《临江市节水计划》的通知", SALUTATION, "请落实。",
             "临江市人民政府办公室", "2026年3月19日"],
            "临江市人民政府办公室", "临江市",
        ),
        (
            ["关于节水的通知", SALUTATION, "请落实。", "临江省制造业高质量发展（数字发展）",
             "领导小组办公室（代章）", "2026年3月19日"],
            "临江省制造业高质量发展（数字发展）领导小组办公室", "临江省",
        ),
        (["国务院办公厅关于四川省所提问题办理情况的函", "四川省人民政府："], "国务院办公厅", "全国"),
        (["发布机构：　生成日期：2026-07-03", "临江省经信厅等七部门印发《节水意见》的通知"],
         "临江省经信厅", "临江省"),
    ],
)  # fmt: skip
def test_who_issued_it_and_where(lines: list[str], issuer: str, district: str) -> None:
    found = head(paragraphs(*lines))
    assert (found.issuer, found.jurisdiction) == (issuer, district)


def test_the_name_of_a_file_speaks_where_the_document_does_not() -> None:
    found = head("序号\n\n工作\n\n1\n\n节水", "临江区水务局2026年重点工作.txt")
    assert (found.issuer, found.jurisdiction, found.year) == ("临江区水务局", "临江区", 2026)


def test_a_page_is_called_what_its_title_element_says() -> None:
    name = "临江市人民政府关于促进节水提升水质的若干意见"
    page = f"<html><head><title>{name}_政府信息公开</title></head><body><p>{{}}</p></body></html>"
    on_two_lines = page.format(f"{name[:12]}</p><p>{name[12:]}</p><p>{SALUTATION}")
    found = head(on_two_lines, "a.html")
    assert found.title == name
    assert "".join(found.evidence["title"].quote.split()) == name
    found = head(page.format("第一条 为了节水，制定本办法。"), "a.html")
    assert found.title == name
    assert "title" not in found.evidence


def test_the_shipped_notice(tmp_path: Path) -> None:
    from loaders.notice import SHIPPED

    found = head(SHIPPED.read_text(encoding="utf-8"), SHIPPED.name)
    assert found.number == "长府〔2019〕5号"
    assert found.jurisdiction == "上海市长宁区"
