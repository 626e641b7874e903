"""A site below a path in a browser without a network: its answers are the server's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest
from browsing import silent_page
from playwright.sync_api import Page, expect

from commands.site_answers import Reply, answer_page
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from queries.catalogue import ask
from queries.formats import plain
from viz.static_site.addresses import SiteAddress
from viz.static_site.assembly import write_site

pytestmark = pytest.mark.chromium
QUESTIONS = (
    ("body-leads", {"name": "房管局"}),
    ("body-coordinates", {"name": "建交委"}),
    ("co-workers", {"name": "虹桥办"}),
    ("due-in-quarter", {"quarter": "第三季度"}),
    ("same-spot", {"name": "115街坊"}),
    ("within-place", {"name": "新泾镇"}),
    ("edge-evidence", {"notation": "5", "name": "商务委"}),
    ("body-agenda", {"name": "教育局"}),
    ("place-targets", {"name": "江苏路街道"}),
    ("find-body", {"text": "虹桥街道"}),
)
OWN = (
    'SELECT ?n { ?t tk:lead [ skos:prefLabel "规土局"@zh ] ; skos:notation ?n } ORDER BY ?n',
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?l (COUNT(?t) AS ?n) { ?t tk:coordinate/skos:prefLabel ?l } GROUP BY ?l ORDER BY DESC(?n) ?l",
    "SELECT ?n ?text { ?t a tk:Target ; skos:notation ?n ; tk:text ?text } ORDER BY ?n",
    "SELECT ?l { ?p a tk:Street ; skos:prefLabel ?l } ORDER BY ?l",
)


def is_asked(address: SiteAddress) -> bool:
    """Keep the pages of questions and the editor; the others are `test_folder`'s."""
    return address.path.startswith(("/queries", "/static")) and not address.params


@pytest.fixture(scope="module")
def site(
    store: Store, snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a site below /plan/, on a host that knows nothing but files."""
    root, desk = tmp_path_factory.mktemp("host"), tmp_path_factory.mktemp("desk")
    (root / "plan").mkdir()

    def fetch(addresses: Iterable[SiteAddress]) -> Iterator[Reply]:
        for address in addresses:
            yield answer_page(str(store.folder), snapshot.version.id, address)

    write_site(snapshot, fetch, root / "plan", desk, follow=is_asked)
    with hosted(root) as address:
        yield address


class hosted:  # noqa: N801  (reads as a function)
    """A plain file server over a folder; the address of the site in it."""

    def __init__(self, root: Path) -> None:
        quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
        self.host = ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=str(root)))

    def __enter__(self) -> str:
        Thread(target=self.host.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.host.server_port}/plan"

    def __exit__(self, *_: object) -> None:
        self.host.shutdown()
        self.host.server_close()


def answered(page: Page) -> dict[str, object]:
    table = page.locator("table.result[data-answer]")
    expect(table).to_be_attached(timeout=60_000)
    found: dict[str, object] = json.loads(table.get_attribute("data-answer") or "")
    return found


def test_the_browser_answers_as_the_server_does(site: str, snapshot: Snapshot) -> None:
    with silent_page(site) as page:
        for name, params in QUESTIONS:
            page.goto(f"{site}/queries/{name}.html?{urlencode(params)}")
            found = ask(snapshot, name, params)
            rows = [[t and plain(t) for t in row] for row in found.rows]
            assert rows, name
            assert answered(page) == {"columns": list(found.columns), "rows": rows}, name
        for query in OWN:
            page.goto(f"{site}/editor.html?{urlencode({'query': query})}")
            expect(page.locator("form#editor[data-ready]")).to_be_attached(timeout=60_000)
            page.click("#run")
            expect(page.locator("#status")).to_contain_text("ms", timeout=60_000)
            cells = page.locator("#result tbody tr").evaluate_all(
                "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
            )
            expected = [[plain(t) for t in row] for row in snapshot.query(query)]  # type: ignore[union-attr]
            assert cells == expected[: len(cells)], query
            assert len(cells) == min(len(expected), 500), query
