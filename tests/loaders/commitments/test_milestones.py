"""Milestones: the stage, the force of the promise, and its own cell."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Commitment, Document, Stage
from loaders.commitments.milestones import commitment_of, stage_of, stage_of_cell


@pytest.mark.parametrize(
    ("clause", "stage"),
    [
        ("完成概念方案", "prepare"),
        ("取得设计方案批复", "prepare"),
        ("完成土地出让前期准备和方案设计", "prepare"),
        ("监理和施工招投标", "prepare"),
        ("启动步道工程招标", "prepare"),
        ("开工", "start"),
        ("第一批45万平方米完成招投标等手续并开工", "start"),
        ("完成出让,力争开工", "done"),
        ("道路施工", "progress"),
        ("结构封顶", "progress"),
        ("完成地道整体底板浇筑", "progress"),
        ("管线搬迁完成75%", "progress"),
        ("累计完成市下达指标3/4", "progress"),
        ("完成22街坊22/1丘(飞乐地块)土地出让", "done"),
        ("甲地块工程:道路完工", "done"),
        ("最终上报并获批", "done"),
        ("完成工作目标的１００％", "done"),
        ("3月下旬举办", "done"),
        ("总结任务完成情况", "progress"),
        ("——", "none"),
    ],
)
def test_stage(clause: str, stage: Stage) -> None:
    assert stage_of(clause) == stage


@pytest.mark.parametrize(
    ("clause", "promise"),
    [
        ("确保年创税企业创税同比力争增长5%", "strive"),
        ("力  争完成收储", "strive"),
        ("争取获评市级称号", "strive"),
        ("确保完成任务", "ensure"),
        ("配合市建设单位完成管线搬迁", "assist"),
        ("轨交15号线：配合市建设单位实施车站建设", "assist"),
        ("完成收地工作", "complete"),
        ("加快推进雨污混接改造", "promote"),
        ("开展现场审计", None),
    ],
)
def test_commitment(clause: str, promise: Commitment | None) -> None:
    assert commitment_of(clause) == promise


ORDER = ("none", "prepare", "start", "progress", "done")


@given(
    st.lists(st.sampled_from(["开工", "竣工", "完成方案设计", "道路施工", "完成50%"]), min_size=1)
)
def test_a_clause_goes_as_far_as_its_furthest_part(parts: list[str]) -> None:
    furthest = max((stage_of(p) for p in parts), key=ORDER.index)
    assert stage_of(",".join(parts)) == stage_of("。".join(parts)) == furthest


@pytest.mark.parametrize(
    ("cell", "stage"),
    [
        ("完成甲地块出让;开展乙地块出让前准备", "progress"),
        ("甲路:竣工;乙路:完成方案设计", "progress"),
        ("甲路:竣工;乙路:交付使用", "done"),
        ("完成方案设计;办理前期手续", "prepare"),
        ("完成15家菜场建设。总结相关工作经验", "done"),
        ("总结评估", "progress"),
        ("——", "none"),
    ],
)
def test_a_cell_is_done_only_where_all_of_it_is(cell: str, stage: Stage) -> None:
    assert stage_of_cell(cell) == stage


def test_every_milestone_stands_in_its_own_quarter(notice: Document) -> None:
    """One for each cell, that is the whole cell; one for each clause of a project, inside it."""
    for target in notice.targets:
        wholes = [m for m in target.milestones if m.project is None]
        cells = [(q, c.span) for q, c in enumerate(target.row.quarters, 1) if c]
        assert [(m.quarter, m.evidence) for m in wholes] == cells, target.id
        clauses = {
            (p.name, q, c)
            for p in target.projects
            for q, c in enumerate(p.clauses, 1)
            if c is not None
        }
        assert {
            (m.project, m.quarter, m.evidence) for m in target.milestones if m.project
        } == clauses
        for one in target.milestones:
            cell = target.row.quarters[one.quarter - 1]
            assert cell is not None
            assert cell.span.holds(one.evidence), target.id
            assert notice.text[one.evidence.start : one.evidence.end] == one.evidence.quote
            assert not re.search(r"\s", one.text)
