"""axe-core, which looks at a page as a screen reader would: from npm, pinned, for the tests only."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

from viz.frontend import Face, Package, member, packed

_AXE = Package(
    "axe-core",
    "4.10.3",
    "Xm7bpRXnDSX2YE2YFfBk2FnF0ep6tmG7xPh8iHee8MIcrgq762Nkce856dYtJYLkuIoYZvGfTs/PbZhideTcEg==",
    (Face("axe.min.js", "package/axe.min.js"),),
    "LICENSE",
)
_VENDOR = Path(__file__).with_name("vendor")


def axe() -> str:
    """The script, fetched once into a folder that git ignores. Raises FrontendError."""
    kept = _VENDOR / f"axe-{_AXE.version}.min.js"
    if not kept.exists():
        _VENDOR.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=_VENDOR) as folder:
            desk = Path(folder)
            with tarfile.open(packed(_AXE, desk)) as tarball:
                member(tarball, _AXE.faces[0].member, desk).replace(kept)
    return kept.read_text(encoding="utf-8")
