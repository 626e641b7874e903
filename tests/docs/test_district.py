"""A district is a Turtle file: the invented one of the documentation, read from its places."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from folders import ROOT
from notice_files import Sheet, table, word

from graph.store.store import Store
from ontology.gazetteer import SETTING
from tiaokuai import main
from viz.views.catalogue import picture

PAGE = ROOT / "docs" / "adding-a-district.md"
BODIES, PLACES = re.findall(r"```turtle\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    made = table(
        ("序号", "工作目标", "主责部门", "配合部门"),
        ("1", "古港片区完成望江大道改建，柳河整治竣工。", "古港办青山城投", "云台街财政局"),
        ("2", "新建停车位1000个。", "云苔街道", "各街道、柳河镇"),
    )
    head = ("江东市青山区人民政府关于印发2024年重点工作目标的通知", "青府〔2024〕3号")
    path = tmp_path / "通知.docx"
    path.write_bytes(word(Sheet(head, made.rows)))
    return path


def _extract(path: Path) -> Any:
    done = CliRunner().invoke(main, ["extract", str(path)])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a store; what a store adds to the setting is taken back afterwards."""
    monkeypatch.setenv(SETTING, "")
    made = tmp_path / "store" / "gazetteer"
    made.mkdir(parents=True)
    return made


def test_a_district_is_two_files(
    notice: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _extract(notice)
    assert before["document"]["jurisdiction"] == "江东市青山区"
    assert any(d["kind"] in ("new-body", "unknown-body") for d in before["review"])
    (folder / "bodies-青山.ttl").write_text(BODIES, encoding="utf-8")
    (folder / "places-青山.ttl").write_text(PLACES, encoding="utf-8")
    monkeypatch.setenv(SETTING, str(folder))
    said = _extract(notice)
    one, two = said["targets"]
    assert (one["lead"], one["coordinate"]) == (["古港办", "青山城投"], ["云台街道", "财政局"])
    assert (two["lead"], two["coordinate"]) == (["云台街道"], ["各街道、柳河镇"])
    assert {(p["name"], p["kind"]) for p in one["places"]} == {
        ("古港片区", "zone"), ("望江大道", "road"), ("柳河", "water"),
    }  # fmt: skip
    assert [d["kind"] for d in said["review"]] == ["slip"]


def test_a_store_knows_the_districts_in_its_folder(notice: Path, folder: Path) -> None:
    (folder / "bodies-青山.ttl").write_text(BODIES, encoding="utf-8")
    run, store = CliRunner(), str(folder.parent)
    assert run.invoke(main, ["build", str(notice), "--store", store]).exit_code == 0
    assert "位置没有意义" in picture(Store(folder.parent).memory(), "tiles", {}).caption
    (folder / "places-青山.ttl").write_text(PLACES, encoding="utf-8")
    assert run.invoke(main, ["rebuild", "--store", store]).exit_code == 0
    drawn = picture(Store(folder.parent).memory(), "tiles", {})
    assert "只示意方位" in drawn.caption
    left = {
        t: float(x) for x, t in re.findall(r'<text x="([\d.]+)"[^>]*>([^<]+)</text>', drawn.svg)
    }
    assert left["柳河镇"] < left["云台街道"]
    asked = [
        "query",
        "place-targets",
        "--param",
        "name=柳河镇",
        "--store",
        store,
        "--format",
        "json",
    ]
    rows = json.loads(run.invoke(main, asked).stdout)
    ways = {row[rows["columns"].index("way")] for row in rows["rows"]}
    assert "collective" in ways  # 柳河镇 belongs to 各街道、柳河镇


def test_a_file_that_is_no_turtle_is_named(notice: Path, folder: Path) -> None:
    (folder / "bodies-青山.ttl").write_text("g:云台街道 a tk:Body", encoding="utf-8")
    done = CliRunner().invoke(main, ["build", str(notice), "--store", str(folder.parent)])
    assert done.exit_code == 2
    assert "bodies-青山.ttl" in done.stderr
    assert len(done.stderr.splitlines()) == 1
