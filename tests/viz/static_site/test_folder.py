"""A site in a folder: its links, its scopes, and what it replaces."""

from __future__ import annotations

import gzip
import json
import os
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner
from many import store_of

from benchmarks.corpus import notice as generated
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from queries.scope import documents, scope_of
from tiaokuai import main
from viz.site import Request, answer
from viz.static_site.addresses import SiteAddress
from viz.static_site.crawl import leads_to
from viz.static_site.write import SiteError, write_manifest, writing

LINK = re.compile(r'(?<=\s)(?:href|src|action|data-suggest|data-sentences)="([^"]*)"')


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """One notice of one row: every kind of page, and little to draw."""
    return store_of(tmp_path_factory.mktemp("small"), {"1.txt": generated(21, 1)})


def made(store: Store, folder: Path, *more: str) -> tuple[int, str]:
    """Run the command; give its exit code and what it said."""
    result = CliRunner().invoke(main, ["site", "-o", str(folder), "--store", str(store.folder), *more])  # fmt: skip
    return result.exit_code, result.stderr


@pytest.fixture(scope="module")
def folder(small: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of it."""
    place = tmp_path_factory.mktemp("out") / "site"
    code, said = made(small, place, "--base", "/plan/")
    assert code == 0, said
    return place


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}  # fmt: skip


def test_every_link_leads_to_a_file_and_none_outside(folder: Path) -> None:
    seen, todo = set(), [folder / "index.html", folder / "en" / "index.html"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix not in (".html", ".svg"):
            continue
        seen.add(page)
        for href in map(unescape, LINK.findall(page.read_text(encoding="utf-8"))):
            parts = urlsplit(href)
            assert not parts.scheme, (page, href)
            assert not href.startswith("/"), (page, href)
            target = Path(os.path.normpath(page.parent / unquote(parts.path)))
            if parts.path:
                assert target.is_file(), (page, href)
                todo.append(target)
    known = [
        json.loads((folder / f"data/addresses-{x}.json").read_text("utf-8")) for x in ("zh", "en")
    ]
    by_script = {folder / name for said in known for name in said["pages"].values()}
    pages = {p for p in folder.rglob("*.html") if p.name != "404.html" and "embed" not in p.parts}
    assert pages <= seen | by_script  # every page can be reached


def test_a_page_links_its_other_scopes(many: Snapshot) -> None:
    here = SiteAddress("/targets")
    page = answer(many, Request("/targets")).body.decode()
    scopes = {a.key for a in leads_to(page, here, "") if a.path == "/targets" and a.params}
    known = documents(many)
    district = scope_of(many, {}).district
    assert {unquote(s) for s in scopes} >= {
        "/targets?district=all&year=all",
        *(f"/targets?district={d.district}" for d in known),
        *(f"/targets?district={district}&year={d.year}" for d in known if d.district == district),
    }


def test_the_graph_lies_there_whole(folder: Path, small: Store) -> None:
    lines = gzip.decompress((folder / "data/graph.nq.gz").read_bytes()).decode().splitlines()
    assert len(lines) == len(small.memory().store)
    listed = json.loads((folder / "api/targets.json").read_text(encoding="utf-8"))["items"]
    assert len(listed) == 1
    assert "/plan/index.html" in (folder / "404.html").read_text(encoding="utf-8")


def test_two_sites_are_the_same(folder: Path, small: Store, tmp_path: Path) -> None:
    place = tmp_path / "site"
    place.mkdir()
    (place / "CNAME").write_text("plan.example\n")
    code, said = made(small, place, "--base", "/plan/")
    assert (code, [p.name for p in place.iterdir()]) == (2, ["CNAME"])
    assert "--force" in said
    assert made(small, place, "--force", "--base", "/plan/")[0] == 0
    found, first = contents(place), contents(folder) | {"CNAME": b"plan.example\n"}
    assert found.keys() == first.keys()
    assert {name for name in found if found[name] != first[name]} == set()
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def write(folder: Path, files: dict[str, str]) -> None:
    with writing(folder, force=True) as stage:
        for name, text in files.items():
            (stage / name).parent.mkdir(exist_ok=True)
            (stage / name).write_text(text)
        write_manifest(stage, {})


def test_only_what_a_site_wrote_is_replaced(tmp_path: Path) -> None:
    place = tmp_path / "site"
    write(place, {"index.html": "1", "queries/a.html": "1"})
    (place / "queries" / "own.html").write_text("mine")
    (place / "index.html").write_text("changed")
    write(place, {"index.html": "2"})
    found = contents(place)
    assert found.pop("site.json")
    assert found == {"index.html": b"2", "queries/own.html": b"mine"}
    with pytest.raises(SiteError, match=r"queries/own.html is in the way"):
        write(place, {"queries/own.html": "3"})
    assert contents(place)["index.html"] == b"2"


def test_a_disk_that_is_full_leaves_the_old_site(tmp_path: Path) -> None:
    place = tmp_path / "site"
    write(place, {"index.html": "1"})
    before = contents(place)

    def fill() -> None:
        with writing(place, force=True) as stage:
            (stage / "index.html").write_text("2")
            (stage / "full").symlink_to("/dev/full")
            (stage / "full").write_text("3")

    with pytest.raises(SiteError, match=r"no space left on device; what was there is unchanged"):
        fill()
    assert contents(tmp_path) == {f"site/{name}": body for name, body in before.items()}
