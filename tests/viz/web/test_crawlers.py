"""What machines that walk the site are told of it."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from viz.site import Request, answer

ROOT = "https://tiaokuai.example"


def test_every_address_of_the_sitemap_answers(snapshot: Snapshot) -> None:
    reply = answer(snapshot, Request("/sitemap.xml", root=ROOT))
    found = [
        e.text or "" for e in ElementTree.fromstring(reply.body).iter() if e.tag.endswith("loc")
    ]
    a = atlas(snapshot)
    things = len(a.targets) + len(a.bodies) + len(a.places) + len(a.works) + len(a.notices)
    assert len(found) == len(set(found)) > things
    for address in [f for f in found if "/id/" not in f] + found[-3:]:
        assert address.startswith(ROOT)
        path = unquote(urlsplit(address).path)
        assert answer(snapshot, Request(path, root=ROOT)).status == 200, path
    robots = answer(snapshot, Request("/robots.txt", root=ROOT)).body.decode()
    assert f"Sitemap: {ROOT}/sitemap.xml" in robots


def test_the_front_page_is_a_dataset_of_schema_org(snapshot: Snapshot) -> None:
    body = answer(snapshot, Request("/", root=ROOT)).body.decode()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', body)
    said = json.loads(text)
    assert said["@type"] == "Dataset"
    assert said["version"] == snapshot.version.id
    assert said["temporalCoverage"] == "2019"
    assert said["isBasedOn"][0]["legislationIdentifier"] == "长府〔2019〕5号"
    path = said["distribution"][0]["contentUrl"].removeprefix(ROOT)
    assert path == f"/v/{snapshot.version.id}/dump.nq.gz"


def test_english_pages_name_domains_and_kinds_in_english(snapshot: Snapshot) -> None:
    for path, words in (
        ("/", "economic development"),
        ("/targets", "building and running the city"),
        ("/projects", "land sale"),
        ("/search", "public safety"),
    ):
        asked = Request(
            path, (("lang", "en"), ("q", "公安分局")) if path == "/search" else (("lang", "en"),)
        )
        assert words in answer(snapshot, asked).body.decode(), path
