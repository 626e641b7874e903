"""Briefings: facts of the graph in every format, quotations of the notice."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pdfplumber
import pytest
from click.testing import CliRunner

import tiaokuai
from graph.records import Document
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from ontology.names import squeeze
from viz.reports.briefing import of_body, of_place
from viz.reports.write import written

SAID = {
    ("street", "新华路街道"): ("14b", "49街坊11/3丘", "建交委", "各街(镇)", "配合部门"),
    ("parcel", "115街坊"): ("15", "C3紫云西路娄山关路地块", "规土局"),
    ("body", "规土局"): ("15", "土地出让", "财政局"),
}
"""Facts that a reader of the notice expects in a briefing."""


def words(form: str, made: bytes) -> str:
    if form == "html":
        page = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", made.decode(), flags=re.DOTALL)
        return squeeze(re.sub(r"<[^>]+>", "", page))
    if form == "pdf":
        with pdfplumber.open(BytesIO(made)) as sheets:
            return squeeze("".join(page.extract_text() for page in sheets.pages))
    document = docx.Document(BytesIO(made))
    said = [p.text for p in document.paragraphs]
    said += [c.text for t in document.tables for row in t.rows for c in row.cells]
    return squeeze("".join(said))


@pytest.mark.parametrize("form", ["docx", "pdf", "html"])
@pytest.mark.parametrize(("kind", "name"), SAID)
def test_a_briefing_says_what_a_reader_finds(
    snapshot: Snapshot, kind: str, name: str, form: str
) -> None:
    made = written(snapshot, kind, name, form, url="https://example.org")
    found = words(form, made)
    for expected in (name, snapshot.version.id, "长府〔2019〕5号", *SAID[kind, name]):
        assert squeeze(expected) in found, expected
    assert f"https://example.org/v/{snapshot.version.id}/id/" in found
    if form != "pdf":  # pdfium renumbers its objects
        assert made == written(snapshot, kind, name, form, url="https://example.org")


@pytest.mark.parametrize(("kind", "name"), SAID)
def test_every_sentence_of_a_briefing_stands_in_the_notice(
    snapshot: Snapshot, notice: Document, kind: str, name: str
) -> None:
    made = of_body(snapshot, name) if kind == "body" else of_place(snapshot, name, street=kind == "street")  # fmt: skip
    proofs = [p for s in made.sections for e in s.entries for p in e.proofs]
    assert proofs
    spaced = re.sub(r"\s+", " ", notice.text)
    for proof in proofs:
        assert proof.words.strip("…") in spaced
        quotes = [words for words, quoted in proof.parts if quoted]
        spans = [tuple(map(int, s.split("–"))) for s in proof.positions.split("、")]
        for start, end in spans:
            assert re.sub(r"\s+", " ", notice.text[start:end]) in "".join(quotes)


def test_a_picture_in_word_is_a_drawing_with_a_fallback_and_words(snapshot: Snapshot) -> None:
    made = written(snapshot, "street", "新华路街道", "docx")
    with zipfile.ZipFile(BytesIO(made)) as parts:
        names = parts.namelist()
        body = parts.read("word/document.xml").decode()
        drawing = parts.read("word/media/drawing1.svg").decode()
    assert any(n.endswith(".png") for n in names)
    assert "svgBlip" in body
    assert re.search(r'docPr[^>]*descr="[^"]*新华路街道', body)
    assert drawing.startswith("<svg")
    assert "新华路街道" in drawing


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--street", "新华陆街道", "-o", "x.docx"], "新华路街道"),
        (["--street", "115街坊", "-o", "x.docx"], "street"),
        (["--body", "规土", "-o", "x.pdf"], "规土局"),
        (["--parcel", "115街坊", "-o", "x.odt"], "docx, pdf, html"),
        (["-o", "x.docx"], "--street"),
        (["--street", "新华路街道", "--body", "规土局", "-o", "x.docx"], "--street"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    store: Store, tmp_path: Path, arguments: list[str], said: str
) -> None:
    given = [str(tmp_path / a) if a.startswith("x.") else a for a in arguments]
    result = CliRunner().invoke(tiaokuai.main, ["report", "--store", str(store.folder), *given])
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())
