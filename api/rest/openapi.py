"""The description of the REST interface: its parameters, its examples, its allowed values."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from api.rest.collections import COLLECTIONS
from api.rest.filters import Filter
from graph.store.snapshot import Snapshot
from viz.site import Reply

_ABOUT = (
    "Work-target notices of Chinese local governments as a knowledge graph. Lists are "
    '`{"items", "next"}`, paged by `limit` and `after`; the Link header has the address of the '
    "next page, of the same version. Every reply carries the version it is of and an ETag; below "
    "`/v/{version}` the same is frozen. `Accept: application/ld+json` gives JSON-LD. Errors are "
    "problems as of RFC 9457. The examples and allowed values here are those of the version "
    "that answers."
)
_MANY = 60
"""Up to how many allowed values a parameter lists them."""


def parameters(filters: tuple[Filter, ...], usual: int = 100) -> list[dict[str, Any]]:
    """The parameters of a list, as OpenAPI says them."""
    said = [
        {
            "name": f.name, "in": "query", "required": False, "description": f.description,
            "schema": {"type": "string"},
        }
        for f in filters
    ]  # fmt: skip
    limit = {"type": "integer", "minimum": 1, "maximum": 1000, "default": usual}
    said.append(
        {
            "name": "limit", "in": "query", "required": False,
            "description": "How many items at most.", "schema": limit,
        }
    )  # fmt: skip
    said.append(
        {
            "name": "after", "in": "query", "required": False,
            "description": "The `next` of the page before.",
            "schema": {"type": "string", "maxLength": 500},
        }
    )  # fmt: skip
    return said


def examples(snapshot: Snapshot, asked: Mapping[str, Any]) -> Reply:
    """Examples from the version: an item of each collection, the values of each filter."""
    found = {}
    for name, collection in COLLECTIONS.items():
        items = collection.items(snapshot, {})
        found[name] = {
            "item": items[0] if items else None,
            "next": items[0]["id"] if len(items) > 1 else None,
            "values": {f.name: list(f.values(snapshot)) for f in collection.all_filters},
        }
    return Reply(200, "application/json", json.dumps(found, ensure_ascii=False).encode())


def described(schema: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    """The schema with the examples and allowed values of a version put in."""
    schema = copy.deepcopy(schema)
    schema["info"]["description"] = _ABOUT
    for path, methods in schema["paths"].items():
        name = path.split("/")[2]
        said = methods["get"]
        for status, reply in said["responses"].items():
            if status != "200":
                model = reply["content"].pop("application/json", {})
                reply["content"] = {"application/problem+json": model}
        said["responses"].pop("422", None)
        if name not in shown:
            continue
        item, values = shown[name]["item"], shown[name]["values"]
        content = said["responses"]["200"]["content"]
        content["application/ld+json"] = {"schema": {"type": "object"}}
        single = path.endswith("}")
        if item:
            page = {"items": [item], "next": shown[name]["next"]}
            content["application/json"]["example"] = item if single else page
        for parameter in said["parameters"]:
            known = values.get(parameter["name"], [])
            if single and parameter["in"] == "path" and item:
                parameter["example"] = item["id"]
                parameter["schema"]["minLength"] = 1
            elif known:
                parameter["example"] = known[0]
                if len(known) <= _MANY:
                    parameter["schema"]["enum"] = known
    return schema
