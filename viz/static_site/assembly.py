"""Make a version into files: ask for all that it links, write it, and what scripts need."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from graph.exports.files import export
from graph.store.snapshot import Snapshot
from queries.scope import KEYS
from viz.frontend import VENDOR
from viz.static_site.addresses import SiteAddress, file_names
from viz.static_site.crawl import Fetch, SiteAnswer, crawl, filters_of
from viz.static_site.pages import OFFLINE, SiteLinker
from viz.static_site.undated import undated
from viz.static_site.write import write_manifest
from viz.views.catalogue import VIEWS

_STATIC = Path(__file__).parents[1] / "static"
GRAPH = "/data/graph.nq.gz"
_INDEX = "/search/index.json"


@dataclass(frozen=True, slots=True)
class SiteSize:
    """The number and total size of a site's files."""

    files: int
    size: int


def write_site(
    snapshot: Snapshot,
    fetch: Fetch,
    stage: Path,
    desk: Path,
    *,
    base: str = "",
    all_formats: bool = False,
    follow: Callable[[SiteAddress], bool] = lambda _: True,
) -> SiteSize:
    """Write all files of a site into `stage`; `desk` is a folder for what lies between."""
    version = snapshot.version.id
    kept = crawl(fetch, _seeds(), version, desk, all_formats=all_formats, follow=follow)
    kept |= {a: SiteAnswer("", path) for a, path in _assets(kept)}
    graph = desk / "graph.nq.gz"
    with graph.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        export(snapshot, "nq", cast(IO[bytes], packed))
    kept[SiteAddress(GRAPH)] = SiteAnswer("application/gzip", graph)
    names = file_names(kept)
    linker = SiteLinker(names, version)
    for address, name in names.items():
        path = stage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_body(kept[address], address, linker))
    _write_data(stage, kept, names)
    _write_not_found(stage, base)
    write_manifest(stage, {"tiaokuai": version, "base": base})
    files = [p for p in stage.rglob("*") if p.is_file()]
    return SiteSize(len(files), sum(p.stat().st_size for p in files))


def _seeds() -> list[SiteAddress]:
    """The first pages, those that no page links, and what scripts ask for."""
    return [
        SiteAddress(path, (), language)
        for language in ("zh", "en")
        for path in (
            "/", "/search", "/editor", OFFLINE, "/editor/terms.json", _INDEX, "/queries/catalogue.json",
            *(f"/embed/{name}" for name in VIEWS),
        )
    ]  # fmt: skip


def _assets(kept: dict[SiteAddress, SiteAnswer]) -> Iterator[tuple[SiteAddress, Path]]:
    """Style sheets, scripts, and the front-end files that are there."""
    for path in sorted(_STATIC.iterdir()):
        yield SiteAddress(f"/static/{path.name}"), path
    for path in sorted(VENDOR.glob("*")) if VENDOR.is_dir() else ():
        if path.suffix in (".css", ".js", ".txt", ".wasm"):
            yield SiteAddress(f"/static/{path.name}"), path


def _body(answered: SiteAnswer, address: SiteAddress, linker: SiteLinker) -> bytes:
    body = answered.body.read_bytes()
    if answered.media.startswith("text/html"):
        return linker.page(body.decode(), address).encode()
    if answered.media.startswith("image/svg+xml"):
        return linker.links(body.decode(), address).encode()
    if address.path.endswith("/sentences.json"):
        return linker.sentences(body, address)
    if address.path == _INDEX:
        return linker.hrefs(body, address)
    return undated(body, address.ending)


def _write_data(
    stage: Path, kept: dict[SiteAddress, SiteAnswer], names: dict[SiteAddress, str]
) -> None:
    """Write the lookup tables of the script: files by address, and default filters."""
    for language in ("zh", "en"):
        pages = {
            a.key: name
            for a, name in sorted(names.items())
            if a.language == language and a.is_page and a.params
        }
        filters = {
            a.path: filters_of(kept[a].body.read_text(encoding="utf-8"))
            for a in names
            if a.language == language and a.is_page and a.path.startswith("/views/")
            and not [k for k, _ in a.params if k not in KEYS]
        }  # fmt: skip
        path = stage / "data" / f"addresses-{language}.json"
        path.parent.mkdir(exist_ok=True)
        said = {"pages": pages, "filters": dict(sorted(filters.items()))}
        path.write_text(json.dumps(said, ensure_ascii=False, indent=0), encoding="utf-8")


def _write_not_found(stage: Path, base: str) -> None:
    """The page that hosts show for an address that is not there, at any depth."""
    home = base or "/"
    text = (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<title>条块 tiaokuai</title>\n<link rel="stylesheet" href="{home}static/site.css">\n'
        '</head>\n<body>\n<main id="main" class="frame">\n<h1>没有找到 Not found</h1>\n'
        f'<p><a href="{home}index.html">首页</a> <a href="{home}en/index.html">Home</a></p>\n'
        "</main>\n</body>\n</html>\n"
    )
    (stage / "404.html").write_text(text, encoding="utf-8", newline="\n")
