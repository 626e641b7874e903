"""Pages and pictures whose links lead to the files of a site, and work from any folder."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape, unescape
from urllib.parse import quote

from viz.pages.view import inert_json
from viz.static_site.addresses import SiteAddress, link_of
from viz.static_site.crawl import LINK, NETWORK, SCOPE_FORM, scope_choices

OFFLINE = "/offline"
"""The page that lists what needs a server: the target of links to files that a site lacks."""
SCRIPTS = ("/static/offline.js", "/static/questions.js")
_FORM = re.compile(r"<form (?P<rest>[^>]*)>")
_REPORT_FORM = re.compile(r'<form class="ask line" method="get" action="[^"]*#(?:report|since)">.*?</form>', re.DOTALL)  # fmt: skip
_DECISION = re.compile(r'<form method="post".*?</form>', re.DOTALL)
_SINCE = re.compile(r'<section class="since".*?</section>', re.DOTALL)
"""Changes since an earlier version, left out: a site holds one version."""
_DOWNLOAD = re.compile(
    r'<a(?: [^>]*)? href="([^"]*(?:format=\w+|\.(?:png|pdf|docx|xlsx|ics)(?:\?[^"]*)?))"[^>]*>[^<]*</a> ?'
)
"""A link to a file that a site may leave out: it goes with its file."""
_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
"""As the server sends it, and what Oxigraph needs: WebAssembly and a worker."""


class SiteLinker:
    """Writes links between the files of one site."""

    def __init__(self, names: Mapping[SiteAddress, str], version: str) -> None:
        self._names, self._version = names, version

    def file(self, address: SiteAddress) -> str:
        """Return the file of an address, by default the page that lists what needs a server."""
        return self._names.get(address) or self._names[SiteAddress(OFFLINE, (), address.language)]

    def relative(self, address: SiteAddress, here: SiteAddress) -> str:
        """The way from the file of one address to that of another, percent-encoded."""
        return _way(self.file(address), posixpath.dirname(self.file(here)))

    def link(self, href: str, here: SiteAddress, *, at: SiteAddress | None = None) -> str:
        """Return a link of the page `here` as the file of `at` (by default its own) writes it."""
        link = link_of(href, here, self._version)
        if link is None:
            return href
        made = self.relative(link.address, at or here)
        if link.address in self._names:
            made += f"?{link.query}" if link.query else ""
            made += f"#{link.fragment}" if link.fragment else ""
        return made

    def page(self, text: str, here: SiteAddress) -> str:
        """A page of the server as a page of the site."""
        text = SCOPE_FORM.sub(lambda _: self._scope(text, here), text)
        for left_out in (_SINCE, _DECISION, _REPORT_FORM):
            text = left_out.sub("", text)
        text = _DOWNLOAD.sub(lambda m: m[0] if self._has(unescape(m[1]), here) else "", text)
        text = _FORM.sub(lambda m: self._form(m["rest"], here), text)
        text = self.links(text, here)
        text = NETWORK.sub(lambda m: m[1] + self._network(m[2], here) + m[3], text)
        root = posixpath.relpath(".", posixpath.dirname(self.file(here)) or ".") + "/"
        head = f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        shown = SiteAddress(f"{here.path}/sentences.json", here.params, here.language)
        data = f' data-path="{escape(here.path)}"'
        if shown in self._names:
            data += f' data-sentences="{self.relative(shown, here)}"'
        head += f'<meta name="site" content="{root}"{data}>\n'
        asks = here.path == "/editor" or here.path.startswith("/queries/")
        for script in SCRIPTS if asks else SCRIPTS[:1]:
            head += f'<script src="{self.relative(SiteAddress(script), here)}" defer></script>\n'
        return text.replace('<meta charset="utf-8">\n', f'<meta charset="utf-8">\n{head}', 1)

    def _has(self, href: str, here: SiteAddress) -> bool:
        link = link_of(href, here, self._version)
        return link is None or link.address in self._names

    def links(self, text: str, here: SiteAddress, *, at: SiteAddress | None = None) -> str:
        """Markup whose attributes link the files of the site."""

        def changed(match: re.Match[str]) -> str:
            href = unescape(match[2])
            if href.startswith(("http://", "https://")):
                return f'title="{escape(href)}"'  # a site links nothing outside
            return f'{match[1]}="{escape(self.link(href, here, at=at))}"'

        return LINK.sub(changed, text)

    def sentences(self, body: bytes, here: SiteAddress) -> bytes:
        """The sentences of a picture, whose links start from its page."""
        path = here.path.removesuffix("/sentences.json")
        page = SiteAddress(path, here.params, here.language)
        found = json.loads(body)
        for cell in found.values():
            cell["html"] = self.links(cell["html"], page)
        return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()

    def hrefs(self, body: bytes, here: SiteAddress) -> bytes:
        """JSON whose `href` members start from the root of the site."""
        root = SiteAddress("/")
        found = _with_hrefs(json.loads(body), lambda href: self.link(href, here, at=root))
        return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()

    def _network(self, data: str, here: SiteAddress) -> str:
        return inert_json(_with_hrefs(json.loads(data), lambda href: self._in(href, here)))

    def _in(self, href: str, here: SiteAddress) -> str:
        """Return a link of a network in the language of its page."""
        if href and here.language == "en":
            href += ("&" if "?" in href else "?") + "lang=en"
        return self.link(quote(href, safe="/?=&%#"), here) if href else href

    def _scope(self, text: str, here: SiteAddress) -> str:
        """The scopes of a page as links."""
        label = re.search(r"<b>(.*?)</b>", SCOPE_FORM.search(text)[0])  # type: ignore[index]
        parts = [label[0] if label else ""]
        for _, words, href, chosen in scope_choices(text, here):
            address = href + ("&lang=en" if here.language == "en" else "")
            state = ' aria-current="true"' if chosen else ""
            parts.append(f'<a href="{escape(address)}"{state}>{escape(words)}</a>')
        return f'<p class="frame scope">{" ".join(parts)}</p>'

    def _form(self, rest: str, here: SiteAddress) -> str:
        """A form, whose script finds the file of what was chosen by the address on the server."""
        action = re.search(r'action="([^"]*)"', rest)
        link = link_of(unescape(action[1]), here, self._version) if action else None
        path = link.address.path if link else here.path
        return f'<form {rest} data-path="{escape(path)}">'


@lru_cache(maxsize=200_000)
def _way(file: str, folder: str) -> str:
    return quote(posixpath.relpath(file, folder or "."), safe="/,=~()'!")


def _with_hrefs(value: object, change: Callable[[str], str]) -> object:
    """A copy of a JSON value with the `href` members changed."""
    if isinstance(value, dict):
        return {
            k: change(v) if k == "href" and isinstance(v, str) else _with_hrefs(v, change)
            for k, v in value.items()
        }
    return [_with_hrefs(v, change) for v in value] if isinstance(value, list) else value
