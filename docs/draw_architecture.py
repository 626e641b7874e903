"""Draw the two pictures of architecture.md from the code.

    python docs/draw_architecture.py

Folders, captions and imports come from the packages and from `[tool.importlinter]`; processes
from the modules that start one.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from viz.drawing.svg import HAIR, INK, SECOND, WASH, Drawing, width_of

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
BANDS = ("loaders", "graph", "queries", "viz", "api", "commands", "notebooks")
HANDED = {
    "loaders": "bytes of a document",
    "graph": "records with offsets",
    "queries": "a version of the graph",
    "viz": "answers, records for pages",
    "api": "pictures, pages, answers",
    "commands": "the same without a server",
    "notebooks": "the same as pandas, rdflib, networkx",
}
"""The input of each folder, in the order in which a notice becomes an answer."""
STARTS = {"run", "Popen", "fork", "create_subprocess_exec"}
BOX_WIDTH, BOX_HEIGHT, GAP = 218.0, 62.0, 12.0


def contracts() -> dict[str, list[str]]:
    """The places that each folder may import from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rows = project["tool"]["importlinter"]["contracts"]
    return {row["package"]: row["may_import"] for row in rows if row["type"] == "may_import"}


def caption(path: Path) -> str:
    """The first line of a module's docstring."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return said.partition("\n")[0]


def ordered(band: str, rows: dict[str, list[str]]) -> list[str]:
    """The folders inside a top-level one, each after those that it imports."""
    inside = [name for name in rows if name.startswith(f"{band}.")]

    @cache
    def depth(name: str) -> int:
        below = [other for other in rows[name] if other in inside and other != name]
        own = any(o.startswith(f"{band}.") and is_module(o) for o in rows[name] if "err" not in o)
        return 1 + 9 * own + max((depth(o) for o in below if name not in rows[o]), default=0)

    return sorted(inside, key=lambda name: (depth(name), name))


def is_module(name: str) -> bool:
    """Return whether a name is that of a module, not of a folder."""
    return folder(name).with_suffix(".py").exists()


def lines_of(words: str, size: float, room: float) -> list[str]:
    """Words on lines of at most this width."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def way() -> str:
    """The way of a notice through the folders."""
    rows = contracts()
    columns = 5
    height = 92.0
    tall = {}
    for band in BANDS:
        lines = -(-len(ordered(band, rows)) // columns)
        tall[band] = 54 + lines * (BOX_HEIGHT + GAP)
        height += tall[band] + 26
    width = 48 + columns * (BOX_WIDTH + GAP) + 12
    out = Drawing(width, height + 20, "The way of a notice", "Folders, and what each hands on")
    out.text(24, 36, "The way of a notice through the folders", size=20, weight=700)
    words = "Inside a band a folder comes after those that it imports; all import ontology."
    out.text(24, 58, words, size=12, fill=SECOND)
    y = 88.0
    for band in BANDS:
        out.text(40, y, f"↓ {HANDED[band]}", size=12, fill=SECOND)
        y += 10
        out.rect(24, y, width - 48, tall[band] - 4, WASH, HAIR)
        out.text(36, y + 22, band, size=15, weight=700)
        said = caption(ROOT / band / "__init__.py")
        out.text(36 + width_of(band, 15) + 12, y + 22, said, size=12, fill=SECOND)
        for number, name in enumerate(ordered(band, rows)):
            x = 36 + number % columns * (BOX_WIDTH + GAP)
            top = y + 36 + number // columns * (BOX_HEIGHT + GAP)
            box(out, x, top, name.removeprefix(f"{band}."), caption(folder(name) / "__init__.py"))
        y += tall[band] + 16
    return str(out)


def folder(name: str) -> Path:
    """The folder of a package."""
    return ROOT.joinpath(*name.split("."))


def box(out: Drawing, x: float, y: float, head: str, words: str, wide: float = BOX_WIDTH) -> None:
    """A box with a name and up to two lines of words."""
    out.rect(x, y, wide, BOX_HEIGHT, "#FFFFFF", "#8A867A")
    out.text(x + 10, y + 19, head, size=13, weight=700)
    for number, line in enumerate(lines_of(words, 11, wide - 20)[:2]):
        out.text(x + 10, y + 36 + 15 * number, line, size=11, fill=SECOND)


def starters() -> dict[str, list[tuple[str, str]]]:
    """The modules that start a process, by folder: name and caption."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for band in ("api", "loaders"):
        for path in sorted((ROOT / band).rglob("*.py")):
            if set(calls(path)) & STARTS:
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found[module.rpartition(".")[0]].append((module, caption(path)))
    return found


def calls(path: Path) -> Iterator[str]:
    """The functions of `os`, `subprocess` and `asyncio` that a module calls."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)):
                if module in ("os", "subprocess", "asyncio"):
                    yield name


def processes() -> str:
    """The processes of the server, by the modules that start them."""
    found = starters()
    wide, count = 470.0, sum(map(len, found.values()))
    height = 150 + sum(36 + len(rows) * (BOX_HEIGHT + GAP) for rows in found.values())
    out = Drawing(24 + 250 + 90 + wide + 24, height, "Processes", f"{count} modules start one")
    out.text(24, 36, "The processes of the server", size=20, weight=700)
    words = "The server reads no document and runs no query: the processes at the right do."
    out.text(24, 58, words, size=12, fill=SECOND)
    box(out, 24, 90, "server", "Connections, routes, replies that are kept; one event loop.", 250)
    x, y = 24 + 250 + 90.0, 90.0
    for name, rows in found.items():
        out.text(x, y + 8, name, size=12, fill=SECOND)
        y += 18
        for module, words in rows:
            box(out, x, y, module.rpartition(".")[2], words, wide)
            middle = y + BOX_HEIGHT / 2
            out.stroke(f"M274,121C320,121 320,{middle:.1f} {x:.1f},{middle:.1f}", INK, 1.0, "")
            y += BOX_HEIGHT + GAP
        y += 18
    return str(out)


def main() -> None:
    """Write both pictures."""
    PICTURES.mkdir(exist_ok=True)
    for name, picture in (("way", way()), ("processes", processes())):
        (PICTURES / f"{name}.svg").write_text(picture + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
