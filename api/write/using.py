"""SPARQL updates as the protocol sends them: the dataset of the request put into the text."""

from __future__ import annotations

from api.query.complexity import tokens


class Conflict(ValueError):
    """A request and its update both name a dataset."""


def using(text: str, default: tuple[str, ...], named: tuple[str, ...]) -> str:
    """An update whose WHERE clauses see the graphs of the request. Raises Conflict.

    >>> using("DELETE WHERE { ?s ?p 1 }", ("http://e/g",), ())
    'DELETE { ?s ?p 1 } USING <http://e/g> WHERE { ?s ?p 1 }'
    """
    if not default and not named:
        return text
    clause = "".join(
        [f"USING <{iri}> " for iri in default] + [f"USING NAMED <{iri}> " for iri in named]
    )
    out: list[str] = []
    at, depth, operation, previous, opened = 0, 0, "", "", 0
    shorthand = False
    for kind, token, start in tokens(text):
        word = token.upper() if kind == "word" else ""
        if token == "{":
            depth += 1
            if depth == 1:
                opened = start
        elif token == "}":
            depth -= 1
            if depth == 0 and shorthand:
                pattern = text[opened : start + 1]
                out.append(f"{pattern} {clause}WHERE {pattern}")
                at, shorthand = start + 1, False
        elif depth == 0:
            if word in ("USING", "WITH"):
                raise Conflict(word)
            if word in ("DELETE", "INSERT"):
                operation = word
            elif word == "WHERE" and operation:
                if previous == "DELETE":
                    out.append(text[at:start])
                    at, shorthand = text.index("{", start), True
                else:
                    out.append(text[at:start] + clause)
                    at = start
                operation = ""
            elif token == ";" or word == "DATA":
                operation = ""
        previous = word or token
    return "".join(out) + text[at:]
