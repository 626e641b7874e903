"""Per-request context for rendering a page: snapshot, language, URL builder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import quote, unquote, urlencode

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from graph.store.snapshot import Snapshot
from ontology.names import PREFIXES, base
from queries.model.atlas import atlas, rows
from queries.model.records import Atlas, Evidence, Sentence
from queries.model.sentences import sentence
from queries.scope import KEYS, Scope, scope_seen
from viz.drawing.figures import STAGE_WORDS
from viz.drawing.svg import HUES
from viz.web.scope_bar import scope_bar

NAV = (
    ("/notices", "文件", "Documents"),
    ("/targets", "目标", "Targets"),
    ("/board", "看板", "Board"),
    ("/bodies", "部门", "Bodies"),
    ("/places", "地点", "Places"),
    ("/projects", "项目", "Projects"),
    ("/views", "视图", "Views"),
    ("/queries", "问题", "Questions"),
    ("/review", "待核", "Review"),
    ("/sparql", "SPARQL", "SPARQL"),
)
_UNSCOPED = (
    "/docs", "/static", "/about", "/licence", "/accuracy", "/editor", "/sparql", "/ns", "/graph", "/upload"
)  # fmt: skip
"""Pages that speak of the version as a whole."""
PLACE_KINDS = {
    "Street": ("街道（镇）", "street"),
    "Block": ("街坊", "block"),
    "Lot": ("丘", "lot"),
    "Parcel": ("地块", "parcel"),
    "Address": ("门牌", "address"),
    "Junction": ("路口", "junction"),
    "Road": ("道路", "road"),
    "Site": ("场所", "site"),
    "Zone": ("片区", "zone"),
    "Water": ("水体", "water"),
    "Line": ("线路", "line"),
    "County": ("外地区县", "county"),
    "District": ("辖区", "district"),
}


_CONCEPTS = """SELECT ?zh ?en {
  { ?x a tk:Domain } UNION { [] tk:theme ?x } UNION { [] tk:kind ?x }
  ?x skos:prefLabel ?zh, ?en FILTER(LANG(?zh) = "zh" && LANG(?en) = "en") } ORDER BY ?en"""


class Near(Exception):
    """Something that is not there; `near` are (label, address) of what is most like it."""

    def __init__(self, title: str, detail: str, near: list[tuple[str, str]]) -> None:
        super().__init__(detail)
        self.title, self.detail, self.near = title, detail, near


@cache
def templates() -> Environment:
    """The templates of the pages, autoescaping."""
    folder = files("viz") / "templates"
    sources = {
        f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".html")
    }
    made = Environment(
        loader=DictLoader(sources),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["STAGES"] = STAGE_WORDS
    return made


def warm() -> None:
    """Compiles all templates, which takes a fifth of a second, once for many processes."""
    known = templates()
    for name in known.list_templates():
        known.get_template(name)


@lru_cache(maxsize=20_000)
def _quoted(path: str) -> str:
    return quote(path, safe="/:@!$'()*+,;=~-._")


@dataclass(frozen=True, slots=True)
class Desk:
    """One request being answered, over the facts of its scope."""

    snapshot: Snapshot
    path: str
    params: tuple[tuple[str, str], ...]
    language: str
    root: str
    prefix: str
    cookie: str = ""
    """The Cookie header of the request."""

    def say(self, zh: str, en: str) -> str:
        """The words in the reader's language."""
        return en if self.language == "en" else zh

    @property
    def atlas(self) -> Atlas:
        """The version, as the pages need it."""
        return atlas(self.snapshot)

    @property
    def scope(self) -> Scope:
        """The district, year and notice whose facts this page shows."""
        return scope_seen(self.snapshot)

    @property
    def scope_label(self) -> str:
        """The scope in the reader's language."""
        return self.scope.label(self.language)

    def scope_params(self, path: str) -> dict[str, str]:
        """The parameters that keep a path of this site to the scope of this page."""
        if path.startswith(_UNSCOPED):
            return {}
        kept = self.scope.params
        if path.startswith("/id/"):  # a thing's address names its district
            kept = {k: v for k, v in kept.items() if k == "year"}
        return kept

    @property
    def lang_params(self) -> dict[str, str]:
        """The parameter that keeps the language: a choice outlives what the browser prefers."""
        is_kept = self.language == "en" or ("lang", "zh") in self.params
        return {"lang": self.language} if is_kept else {}

    def url(self, path: str, **params: str) -> str:
        """An address of this site: frozen, of this scope, in the language of this page."""
        asked = {
            **self.scope_params(path),
            **params,
            **self.lang_params,
        }
        return self.prefix + _quoted(path) + ("?" + urlencode(asked) if asked else "")

    def hidden_inputs(self, path: str) -> Markup:
        """The fields that keep a form of this page in its scope and language."""
        kept = self.scope_params(path) | self.lang_params
        field = Markup('<input type="hidden" name="{}" value="{}">')
        return Markup("").join(field.format(k, v) for k, v in kept.items())

    def thing(self, iri: str, **params: str) -> str:
        """The address at which this server shows a thing; empty for other than web addresses.

        An IRI of the graph may be of any scheme, `javascript:` too.
        """
        if iri.startswith(PREFIXES["tk"]):
            return self.url("/ns") + "#" + iri.removeprefix(PREFIXES["tk"])
        if iri.startswith(base()):
            return self.url("/" + iri.removeprefix(base()), **params)
        return iri if iri.startswith(("http://", "https://")) else ""

    def parameter(self, name: str) -> str:
        """A parameter of the request, empty where it is not given."""
        return dict(self.params).get(name, "")

    def kinds(self) -> dict[str, str]:
        """The words for kinds of places."""
        return {k: self.say(*v) for k, v in PLACE_KINDS.items()}

    def hue(self, domain: str) -> str:
        """The class that gives a domain its colour: that of the pictures."""
        domains = self.atlas.domains
        return f"hue-{domains.index(domain) % len(HUES)}" if domain in domains else "hue-5"

    def tone(self, body: str) -> str:
        """The class that gives a body its colour: streets have one of their own."""
        known = self.atlas.bodies.get(body)
        if known and known.kind == "street":
            return "hue-street"
        return self.hue(self.atlas.group_of.get(body, ""))

    def namer(self) -> Callable[[str], str]:
        """Return how a domain, a theme or a kind is named on this page: in English where known."""
        if self.language != "en":
            return str
        known = {zh: en for zh, en in rows(self.snapshot, _CONCEPTS)}  # noqa: C416
        return lambda label: known.get(label, label)

    def around(self, evidence: Evidence) -> Sentence:
        """A quote in its sentence."""
        return sentence(self.snapshot, self.atlas, evidence)

    def page(
        self,
        template: str,
        title: str,
        *,
        section: str = "",
        crumbs: list[tuple[str, str]] | None = None,
        data_links: bool = False,
        scripts: tuple[str, ...] = (),
        **values: object,
    ) -> str:
        """A page of the site."""
        scope = self.scope
        rest = [(k, v) for k, v in self.params if k not in ("lang", *KEYS)]
        rest += self.scope_params(self.path).items()
        query = urlencode(rest)
        here = self.prefix + _quoted(self.path)
        other = urlencode([*rest, ("lang", "zh" if self.language == "en" else "en")])
        frozen = f"/v/{self.snapshot.version.id}" + here.removeprefix(self.prefix)
        return (
            templates()
            .get_template(template)
            .render(
                title=title,
                section=section or self.path,
                L=self.say,
                url=self.url,
                thing=self.thing,
                nav=NAV,
                crumbs=crumbs or [(title, "")],
                version=self.snapshot.version.id,
                notices=scope.documents[::-1],
                scope=scope_bar(scope, self.path, self.language),
                kept=self.hidden_inputs(self.path),
                scope_kept=[(k, v) for k, v in self.params if k not in (*KEYS, "page", "since")],
                bare_path=self.path,
                scope_label=scope.label(self.language),
                here=here,
                switch=f"{here}?{other}",
                frozen=frozen + (f"?{query}" if query else ""),
                frozen_shown=unquote(frozen + (f"?{query}" if query else "")),
                hue=self.hue,
                around=self.around,
                N=self.namer(),
                lang_kept=self.language == "en",
                data_links=data_links,
                scripts=scripts,
                kinds=self.kinds(),
                prefix=self.prefix,
                q=self.parameter("q"),
                **values,
            )
        )
