"""The result of `tiaokuai.open`: one version of the graph, to query, draw and export."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions, Triple

from notebooks import networks
from notebooks.frames import frame_of, frame_of_answer, frame_of_solutions, with_values
from notebooks.source import Source
from notebooks.things import Body, Picture, Place, Project, Target, thing
from ontology.names import PREFIXES

if TYPE_CHECKING:
    import rdflib

_NAME = re.compile(r"[a-z][a-z0-9-]*")


class Graph:
    """One version of the graph. Later publications do not change it.

    >>> import tiaokuai
    >>> tk = tiaokuai.open("store")                          # doctest: +SKIP
    >>> tk.query("place-targets", name="115街坊")             # doctest: +SKIP
    """

    def __init__(self, source: Source) -> None:
        self.source = source

    @property
    def version(self) -> str:
        """The id of the version, twelve hex digits."""
        return self.source.version

    def __repr__(self) -> str:
        return f"<tiaokuai version {self.version}>"

    def queries(self) -> pd.DataFrame:
        """The questions of the catalogue: name, summary, summary_zh, params (with defaults)."""
        said = json.loads(self.source.get("/queries", {}))["queries"]
        rows = [
            [q["name"], q["summary_zh"], q["summary"],
             ", ".join(f"{p['name']}={p['default']}" for p in q["params"])]
            for q in said
        ]  # fmt: skip
        return frame_of(["name", "summary_zh", "summary", "params"], rows, version=self.version)

    def query(
        self, name_or_sparql: str | Path, **params: object
    ) -> pd.DataFrame | bool | rdflib.Graph:
        """The answer to a question of the catalogue, to a `.rq` file, or to SPARQL.

        A table comes as a frame: integers as Int64, decimals as Float64, booleans as boolean,
        words and addresses as str, what is unbound as NA; `frame.attrs` holds the version and
        whether the table was cut off. ASK gives a bool, CONSTRUCT an rdflib Graph. `params` are
        those of the question; for SPARQL they are values of variables that the query selects.
        The prefixes tk, skos, oa, org, geo, schema, … need no PREFIX. Raises NotebookError.
        """
        text = str(name_or_sparql)
        if _NAME.fullmatch(text):
            given = {key: str(value) for key, value in params.items()}
            body = self.source.get(f"/queries/{text}.json", given)
            return frame_of_answer(body, question=text, params=given)
        if isinstance(name_or_sparql, Path) or (text.endswith(".rq") and "\n" not in text):
            text = Path(name_or_sparql).read_text(encoding="utf-8-sig")
        found = self.source.sparql(with_values(text, params))
        if isinstance(found, bool):
            return found
        if isinstance(found, QuerySolutions):
            return frame_of_solutions(found, self.version)
        return _graph(found)

    def ask(self, question: str, **scope: object) -> pd.DataFrame:
        """The answer to a question in plain words, Chinese or English.

        `frame.attrs` holds how it was understood: `status` (answer, ask, refuse), `name`, `params`,
        `understood`, `readings`, `reason`, `notes`, `sparql`, `address`. Where it asks back, the
        frame lists the readings; where it refuses, it is empty. `district=`, `year=`, `notice=`
        narrow it. Raises NotebookError.
        """
        given = {key: str(value) for key, value in scope.items()}
        found = json.loads(self.source.get("/api/ask", {"q": question, **given}))
        columns, rows = found.pop("columns"), found.pop("rows")
        if found["status"] == "ask":
            columns = ["text", "name", "params"]
            rows = [[r["text"], r["name"], str(r["params"])] for r in found["readings"]]
        version = found.pop("version") or self.version
        frame = frame_of(columns, rows, version=version)
        frame.attrs.update(found)
        return frame

    def graph(self) -> rdflib.Dataset:
        """The whole graph for rdflib: a Dataset with its named graphs, queries see their union.

        The shipped notice gives some 37,000 quads and takes about two seconds.
        """
        import rdflib

        from graph.exports.rdflib_terms import rdflib_term

        made = rdflib.Dataset(default_union=True)
        for prefix, iri in PREFIXES.items():
            made.bind(prefix, iri, replace=True)
        node = cache(rdflib_term)
        graphs: dict[object, rdflib.Graph] = {DefaultGraph(): made.default_graph}
        for quad in self.source.quads():
            if isinstance(quad.graph_name, NamedNode) and quad.graph_name not in graphs:
                graphs[quad.graph_name] = made.graph(rdflib.URIRef(quad.graph_name.value))
            graphs[quad.graph_name].add(
                (node(quad.subject), node(quad.predicate), node(quad.object))
            )
        return made

    def network(
        self,
        kind: str = "bodies",
        *,
        quarter: int | None = None,
        domain: str | None = None,
        minimum: int = 1,
        collectives: bool = False,
    ) -> networks.Directed | networks.SharedNetwork:
        """A network for networkx; only what is written counts, nothing inferred.

        * `bodies`: a DiGraph from each lead to each coordinator. Nodes are labels, with `iri`,
          `targets` and `leads` (how many), `group` (the domain it leads most in); edges have
          `weight` (how many targets they share) and `targets` (their notations).
        * `places`: a bipartite Graph of targets (`bipartite` 0) and places (1).

        `quarter` (1 to 4) keeps targets with a step in it, `domain` those of one domain,
        `minimum` edges of that weight; collectives such as 各街（镇） are left out by default.
        `.to_pyvis()` gives a pyvis Network, `.edge_frame()` the edges. Raises NotebookError.
        """
        found = self.query(networks.query_for(kind, quarter))
        assert isinstance(found, pd.DataFrame)
        return networks.network_of(
            kind, found, domain=domain, minimum=minimum, collectives=collectives
        )

    def body(self, name: str) -> Body:
        """A department by its name, another name, a slip, its code or its address."""
        return thing(self.source, Body, name)

    def place(self, name: str) -> Place:
        """A place by its name, another name, or its address."""
        return thing(self.source, Place, name)

    def target(self, notation: str) -> Target:
        """A target by its notation ("15", "14a") or its address."""
        return thing(self.source, Target, str(notation))

    def project(self, name: str) -> Project:
        """A project by its name or its address."""
        return thing(self.source, Project, name)

    def view(self, name: str, **params: object) -> Picture:
        """A picture that shows itself; `.svg`, `.frame`, `.save("x.png")`. Filters as `params`."""
        return Picture(self.source, name, {key: str(value) for key, value in params.items()})


def _graph(triples: list[Triple]) -> rdflib.Graph:
    import rdflib

    from graph.exports.rdflib_terms import rdflib_term

    made = rdflib.Graph()
    for prefix, iri in PREFIXES.items():
        made.bind(prefix, iri, replace=True)
    for triple in triples:
        s, p, o = (rdflib_term(t) for t in (triple.subject, triple.predicate, triple.object))
        made.add((s, p, o))
    return made
