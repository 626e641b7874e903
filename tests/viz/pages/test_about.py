"""Pages about the data: measured accuracy, and the terms of the shown version."""

from __future__ import annotations

import re

import pytest

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.counts import totals
from viz.pages.about import measured_accuracy
from viz.site import Request, answer


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_accuracy_shows_every_figure(snapshot: Snapshot, language: str) -> None:
    body = answer(snapshot, Request("/accuracy", (("lang", language),))).body.decode()
    said = measured_accuracy()
    rows = re.findall(r"<tr><td>.*?</tr>", body)
    assert len(rows) == len(said["figures"])
    for figure, row in zip(said["figures"], rows, strict=True):
        cells = re.findall(r"<td>(.*?)</td>", row)
        assert cells[1:4] == [str(figure[k]) for k in ("wanted", "found", "right")]
        assert cells[4:] == [f"{figure[k]:.3f}" for k in ("precision", "recall", "f1")]
        if language == "zh":  # every kind and part has a name
            assert not re.search(r"[a-z]{3}", cells[0]), cells[0]
    assert said["text_id"] in body


def test_the_licence_names_the_version_that_is_shown(snapshot: Snapshot) -> None:
    body = answer(snapshot, Request("/licence", root="http://t")).body.decode()
    assert f"http://t/v/{snapshot.version.id}/" in body
    assert "CC BY 4.0" in body
    assert "Apache License 2.0" in body
    assert f"/v/{snapshot.version.id}/dump.nq.gz" in body


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_about_the_site_counts_what_was_read(snapshot: Snapshot, language: str) -> None:
    body = answer(snapshot, Request("/about", (("lang", language),))).body.decode()
    counted = totals(atlas(snapshot))
    for figure in (counted.targets, counted.bodies, counted.places):
        assert str(figure) in body
    assert 'href="/about' in answer(snapshot, Request("/")).body.decode()
