"""Pages of targets, bodies, places and projects list what was reported on them."""

from __future__ import annotations

import re

import pytest

from graph.store.snapshot import Snapshot
from graph.store.store import Store
from viz.site import Request, answer

HERE = "/id/上海市长宁区"
NOTICE = f"{HERE}/长府〔2019〕5号"


@pytest.fixture(scope="module")
def with_reports(reported: Store) -> Snapshot:
    return reported.memory()


def section(snapshot: Snapshot, path: str) -> str:
    page = answer(snapshot, Request(path, ())).body.decode()
    found = re.search(r'<section id="reported">.*?</section>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found[0]) if found else ""


@pytest.mark.parametrize(
    ("path", "shown", "hidden"),
    [
        (f"{NOTICE}/目标/18", "凯田路施工、监理招标已完成", "体操中心"),
        (f"{HERE}/部门/体育局", "夜间施工受限", "凯田路"),
        (f"{HERE}/地点/49街坊", "延安西路1290弄商业项目正在办理竣工验收手续", "古北5-2"),
        (
            f"{NOTICE}/项目/115街坊（C3紫云西路娄山关路地块）土地出让",
            "115街坊C3地块仍未出让",
            "飞乐",
        ),
    ],
)
def test_a_page_lists_the_sentences_of_its_reports(
    with_reports: Snapshot, path: str, shown: str, hidden: str
) -> None:
    words = section(with_reports, path)
    assert shown in words
    assert hidden not in words


def test_without_reports_the_page_has_no_such_section(snapshot: Snapshot) -> None:
    assert section(snapshot, f"{NOTICE}/目标/18") == ""
