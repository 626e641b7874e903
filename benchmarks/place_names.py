"""The names of places that the reader finds in a folder of documents, for a person to judge.

Run `python -m benchmarks.place_names FOLDER`. It prints the names of each document with their
kinds, and counts those that begin or end with an ordinary verb or particle: there should be none.
"""

from __future__ import annotations

import sys
from pathlib import Path

from loaders.errors import LoadError
from loaders.notice import read
from loaders.places.words import words_of


def main(folder: Path) -> None:
    """Print the names, document by document."""
    total = pieces = 0
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        try:
            document = read(path)
        except LoadError as error:
            print(f"{path.name}: {error}")
            continue
        names = dict.fromkeys((p.name, p.kind) for t in document.targets for p in t.places)
        total += len(names)
        print(f"{path.name}: {len(names)}")
        for name, kind in names:
            words = words_of(name)
            broken = "break" in (words[0][2], words[-1][2])
            pieces += broken
            print(f"  {kind:9} {name}{'  <- a piece of a sentence?' if broken else ''}")
    print(f"{total} names, {pieces} that begin or end with a verb or particle")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
