"""`tiaokuai.open` gives the same from a folder and over HTTP, and shows itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import networkx as nx
import pandas as pd
import pytest
import rdflib
from folders import ROOT
from nbclient import NotebookClient

import tiaokuai
from graph.errors import StoreError, UnknownVersion
from graph.store.store import Store
from notebooks.errors import NotebookError, Refused
from notebooks.graph import Graph
from notebooks.networks import Directed

EXAMPLE = ROOT / "docs" / "notebook.ipynb"


@pytest.fixture(scope="module")
def here(store: Store) -> Graph:
    return tiaokuai.open(str(store.folder))


@pytest.fixture(scope="module")
def there(server: str) -> Graph:
    return tiaokuai.open(server)


def frame(tk: Graph, query: str, **params: object) -> pd.DataFrame:
    found = tk.query(query, **params)
    assert isinstance(found, pd.DataFrame)
    return found


@pytest.mark.parametrize(
    ("query", "params"),
    [
        ("place-targets", {"name": "新华街道"}),
        ("due-in-quarter", {"quarter": 3}),
        ("SELECT ?t ?o ?sure ?x { ?t tk:ordinal ?o OPTIONAL { ?t tk:confidence ?sure } OPTIONAL { ?t tk:no ?x } } ORDER BY ?o ?t", {}),
        ("SELECT ?name ?n { ?t tk:lead/skos:prefLabel ?name ; skos:notation ?n } ORDER BY ?n", {"name": "规土局"}),
        ("SELECT ?x { ?x a tk:Nothing }", {}),
    ],
)  # fmt: skip
def test_a_store_and_a_server_answer_alike(
    here: Graph, there: Graph, query: str, params: dict[str, object]
) -> None:
    one, other = frame(here, query, **params), frame(there, query, **params)
    pd.testing.assert_frame_equal(one, other)
    assert one.attrs == other.attrs
    assert one.attrs["version"] == here.version == there.version


def test_values_have_their_types(here: Graph, there: Graph) -> None:
    for tk in (here, there):
        found = frame(tk, "body-coordinates", name="江苏街道")
        kinds = found.dtypes.astype(str).to_dict()
        assert (kinds["inferred"], kinds["confidence"]) == ("boolean", "Float64")
        counted = frame(tk, "SELECT (COUNT(*) AS ?n) { ?t a tk:Target }")
        assert counted["n"].tolist() == [60]
        assert str(counted["n"].dtype) == "Int64"
        assert tk.query("ASK { ?t a tk:Target }") is True
        assert tk.query("ASK { ?t a tk:Nothing }") is False
        edges = tk.query("CONSTRUCT { ?t tk:lead ?b } { ?t tk:lead ?b }")
        assert isinstance(edges, rdflib.Graph)
        assert len(edges) == 70


def test_a_query_can_stand_in_a_file(here: Graph, tmp_path: Path) -> None:
    file = tmp_path / "led.rq"
    file.write_text("SELECT ?n { ?t a tk:Target ; skos:notation ?n }", encoding="utf-8")
    assert len(frame(here, str(file))) == 60


@pytest.mark.filterwarnings("ignore:Dataset.default_context")  # rdflib warns of itself
def test_the_graph_for_rdflib_is_the_whole_graph(here: Graph, there: Graph) -> None:
    graph = here.graph()
    assert {(s, p, o) for s, p, o, _ in graph.quads()} == {
        (s, p, o) for s, p, o, _ in there.graph().quads()
    }
    found = graph.query(
        'SELECT ?n { ?t tk:location/skos:prefLabel "115街坊"@zh ; skos:notation ?n }'
    )
    assert {str(row[0]) for row in found} == {"15", "16"}  # type: ignore[index]
    sizes = {str(g.identifier).rsplit("/", 1)[-1] for g in graph.graphs() if len(g)}
    assert {"shared", "inferred"} < sizes


def test_networks_hold_what_is_written(here: Graph, there: Graph) -> None:
    network = here.network("bodies")
    assert isinstance(network, Directed)
    assert nx.utils.graphs_equal(network, there.network("bodies"))
    assert network["规土局"]["建交委"]["targets"] == ["16", "20"] or network.has_edge(
        "建交委", "规土局"
    )
    led = frame(here, "body-leads", name="建交委")
    assert network.nodes["建交委"]["leads"] == len(led)
    for one, other, data in network.edges(data=True):
        assert data["weight"] == len(data["targets"]) > 0, (one, other)
    assert "各街(镇)" not in network
    assert "各街(镇)" in here.network("bodies", collectives=True)
    few = here.network("bodies", minimum=3)
    assert set(few) == set(network)
    assert 0 < few.number_of_edges() < network.number_of_edges()
    places = here.network("places", quarter=2, domain="经济发展")
    assert nx.is_bipartite(places)
    assert places.has_edge("15", "115街坊")


def test_a_network_goes_to_pyvis_the_same_each_time(here: Graph) -> None:
    network = here.network("bodies", minimum=2)
    one, two = network.to_pyvis(), network.to_pyvis()
    assert one.nodes == two.nodes
    assert len(one.nodes) == len(network)
    assert {(e["from"], e["to"]) for e in one.edges} == set(network.edges)


def test_things_and_pictures_show_themselves(here: Graph, there: Graph, tmp_path: Path) -> None:
    for tk in (here, there):
        assert tk.body("江苏街道").label == "江苏路街道"
        assert "Jiangsu Road" in tk.body("江苏街道")._repr_html_()
        place = tk.place("115街坊")
        assert place.targets["notation"].tolist() == ["15", "16"]
        assert "土地出让" in (tk.target("15").quarters[1] or "")
        assert tk.target("15").evidence("规土局")["start"].tolist() == [8334]
        picture = tk.view("lead-matrix", min=2)
        assert picture._repr_svg_().startswith("<svg")
        assert picture.save(tmp_path / "matrix.png").read_bytes()[:4] == b"\x89PNG"
        assert len(picture.frame) > 10
    # Only a server knows where links lead: what is drawn is the same but for them.
    one, two = (
        re.sub(r"</?a\b[^>]*>", "", tk.view("lead-matrix").svg).replace(
            'role="group"', 'role="img"'
        )
        for tk in (here, there)
    )
    assert one == two


@pytest.mark.parametrize("source", ["here", "there"])
def test_what_cannot_be_had_says_why(source: str, request: pytest.FixtureRequest) -> None:
    tk: Graph = request.getfixturevalue(source)
    with pytest.raises(Refused, match="规土局"):
        tk.body("规士局")
    with pytest.raises(Refused, match="body-leads"):
        tk.query("body-lead")
    with pytest.raises(Refused, match="1, 2, 3, 4"):
        tk.query("due-in-quarter", quarter=5)
    with pytest.raises(Refused, match="expected"):
        tk.query("SELECT ?x WHERE {")
    with pytest.raises(Refused, match="lead-matrix"):
        _ = tk.view("lead-matrx").svg
    with pytest.raises(NotebookError, match="bodies, places"):
        tk.network("streets")
    with pytest.raises(NotebookError, match="经济发展"):
        tk.network(domain="经济")


def test_a_version_can_be_named(store: Store, server: str) -> None:
    current = store.current()
    assert current is not None
    assert tiaokuai.open(f"{server}/v/{current.id}").version == current.id
    with pytest.raises(UnknownVersion):
        tiaokuai.open(str(store.folder), version="000000000000")
    with pytest.raises(StoreError):
        tiaokuai.open(str(store.folder / "nothing"))
    with pytest.raises(NotebookError, match="does not answer"):
        tiaokuai.open("http://127.0.0.1:9")


def test_hostile_words_are_shown_as_words(here: Graph) -> None:
    from dataclasses import replace

    thing = here.body("规土局")
    bad = replace(thing, item={**thing.item, "label": "<script>x</script>", "kind": "<img src=x>"})
    assert "<script" not in bad._repr_html_()
    assert "<img" not in bad._repr_html_()


def test_the_example_notebook_runs(store: Store, tmp_path: Path) -> None:
    notebook = nbformat.read(EXAMPLE, as_version=4)  # type: ignore[no-untyped-call]
    assert not [cell for cell in notebook.cells if cell.get("outputs")], "outputs are not kept"
    os.environ["TIAOKUAI_STORE"] = str(store.folder)
    try:
        NotebookClient(
            notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}
        ).execute()
    finally:
        del os.environ["TIAOKUAI_STORE"]
    shown = [o for cell in notebook.cells for o in cell.get("outputs", ())]
    kinds = {kind for o in shown for kind in o.get("data", ())}
    assert {"text/html", "image/svg+xml"} <= kinds
    assert re.search(r"'15', '16', '20', '22', '58'", str(shown))


def test_the_command_line_does_not_wait_for_frames() -> None:
    code = "import sys, tiaokuai; print({'pandas', 'rdflib', 'networkx', 'fastapi'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
