"""The shipped notice beside an earlier year of it, which differs in what a test names."""

from __future__ import annotations

from pathlib import Path

from many import store_of

from graph.store.store import Store
from loaders.notice import SHIPPED

EARLIER = {
    "310家": "280家",
    "完成装修工程的40%\n\n装修工程完工": "装修工程完工\n\n总结评估",
    "推广经验\n\n民政局": "推广经验\n\n社建办",
    "菜场建设:新建15家智慧微菜场,新建、改建2家2.0版示范性标准化菜市场。": "公厕改造:改造公共厕所12座。",
}
"""Words of 2019, and those of the year before in their place."""


def text_of_2018() -> str:
    """The shipped notice as that of 2018, with the words of `EARLIER`."""
    text = SHIPPED.read_text(encoding="utf-8").replace("2019", "2018")
    for now, before in EARLIER.items():
        assert now in text, now
        text = text.replace(now, before)
    return text


def two_years(folder: Path) -> Store:
    """A store of both years."""
    files = {"2018.txt": text_of_2018(), "2019.txt": SHIPPED.read_text(encoding="utf-8")}
    return store_of(folder, files)
