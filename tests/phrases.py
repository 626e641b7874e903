"""Count phrases in docstrings and comments that CONTRIBUTING asks to write otherwise.

    python tests/phrases.py [FOLDER]

prints the counts of a tree by folder.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

PHRASE = re.compile(
    r"\b(?:so many|so much|so long|stands?|said|says?|told|tells|nobody|whoever|whatever|who asks"
    r"|beside|anew|dear|is no|are no)\b(?!-)",
    re.IGNORECASE,
)
OPENING = re.compile(r"(?:What|Whether|How|Where|Who|When|That)\b")
_HOLDERS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def docstrings(source: str) -> Iterator[str]:
    """Docstrings of modules, classes and functions, and texts below an assignment."""
    for node in ast.walk(ast.parse(source)):
        for statement in getattr(node, "body", ()) if isinstance(node, _HOLDERS) else ():
            match statement:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    yield text


def comments(source: str) -> Iterator[str]:
    """The comments of a module."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def phrases(source: str) -> int:
    """Count the phrases and openings of first lines of a module.

    >>> phrases('"What stands beside it."\\n# Nobody is told so much.\\n')
    6
    """
    texts = [*docstrings(source), *comments(source)]
    openings = sum(bool(OPENING.match(text.lstrip())) for text in docstrings(source))
    return openings + sum(len(PHRASE.findall(text)) for text in texts)


def by_folder(paths: Iterable[Path], root: Path) -> Counter[str]:
    """The counts of modules, by their two outermost folders."""
    found: Counter[str] = Counter()
    for path in paths:
        inside = path.relative_to(root).parts[:-1]
        found["/".join(inside[:2]) or "."] += phrases(path.read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Print the counts of a tree."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    paths = (p for p in root.rglob("*.py") if not {".venv", "vendor"} & set(p.parts))
    found = by_folder(paths, root)
    for folder, count in sorted(found.items()):
        print(f"{count:6,}  {folder}")
    print(f"{found.total():6,}  all")


if __name__ == "__main__":
    main()
