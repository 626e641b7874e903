"""Two years of one district beside each other: counted, drawn and listed alike."""

from __future__ import annotations

import html
import re
from collections import Counter
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.comparison import finish_of
from viz.drawing.finish import collisions, size_of, smallest_text
from viz.drawing.paper import WIDTHS_MM
from viz.site import Request, answer
from viz.views.catalogue import BadView, picture
from viz.views.report_mode import drawn_for

CHANGED = {
    "2": ("数字变了", "数字变了 当年完成重点项目落地 280家→310家"),
    "35": ("推后", "推后 Q3→Q4"),
    "37": ("换主责", "换主责 社建办→民政局"),
    "＋38": ("新增", ""),
    "×38": ("去掉", ""),
}
"""What `tests/two_years.py` changes, and nothing else."""


def test_every_change_is_found_and_no_other(both_years: Snapshot) -> None:
    drawn = picture(both_years, "slope", {})
    found = {row[1]: (row[0], row[3]) for row in drawn.rows if row[0] != "照旧"}
    assert found == CHANGED
    assert drawn.caption == (
        "2018年到2019年：去掉1项，新增1项；换主责1项，提前0项，推后1项，数字变了1项，照旧56项。"
    )
    turned = picture(both_years, "slope", {"before": "2019", "after": "2018"})
    assert Counter(row[0] for row in turned.rows)["提前"] == 1
    assert len(drawn.rows) == len(atlas(both_years).targets) // 2 + 1


def test_the_page_and_the_picture_tell_the_same(both_years: Snapshot) -> None:
    page = html.unescape(answer(both_years, Request("/compare")).body.decode())
    caption = picture(both_years, "slope", {}).caption
    assert caption.partition("：")[2].replace("；", "；") in page.replace("</p>", "")
    changed = page.partition('id="changed"')[2].partition("</table>")[0]
    for words in ("社建办", "民政局", "280家", "310家", "Q3", "Q4"):
        assert words in changed
    assert page.index("变了") < page.index("照旧的目标")
    assert '<details class="fold"><summary><b>照旧的目标</b> 56' in page
    assert "/views/slope?" in page


@pytest.mark.parametrize("width", ["", "160mm", "A4", "A4-landscape"])
def test_nothing_meets_and_every_line_is_a_link(both_years: Snapshot, width: str) -> None:
    drawn = drawn_for(both_years, "slope", {"width": width}, "zh")
    assert collisions(drawn.svg) == []
    point = WIDTHS_MM[width] * 72 / 25.4 / size_of(drawn.svg)[0] if width else 1.0
    assert smallest_text(drawn.svg) * point >= (6.99 if width else 9)
    keys = [unquote(html.unescape(k)) for k in re.findall(r'<a href="#([^"]*)"', drawn.svg)]
    assert sorted(keys) == sorted(drawn.cells)
    assert all(cell.proofs for cell in drawn.cells.values())
    assert len(drawn.cells["35"].proofs) == 2  # the sentence of each year
    assert "▼" in "".join(ElementTree.fromstring(drawn.svg).itertext())


def test_one_year_says_that_two_are_needed(snapshot: Snapshot) -> None:
    assert picture(snapshot, "slope", {}).caption == "要两个年份才能对照。"
    with pytest.raises(BadView, match="2019"):
        picture(snapshot, "slope", {"before": "1999"})


def test_a_target_is_finished_when_it_says_so(both_years: Snapshot) -> None:
    ends = {
        (t.notice.rpartition("/")[2], t.id): finish_of(t)
        for t in atlas(both_years).targets.values()
    }
    assert ends["长府〔2019〕5号", "35"] == ((12, 31), "Q4")
    assert ends["长府〔2018〕5号", "35"] == ((9, 30), "Q3")
