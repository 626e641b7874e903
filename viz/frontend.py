"""Front-end files that no commit holds: vis-network, YASGUI and the fonts.

`python -m viz.frontend` puts them into `viz/vendor/`: vis-network out of the installed pyvis, the
others out of their npm packages, whose tarballs are pinned by their sha512. The fonts are cut to
what a notice can be written in. Without these files pages and pictures are plain and still work.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import distribution
from pathlib import Path

VENDOR = Path(__file__).with_name("vendor")
"""The folder of the front-end files; git ignores it, the wheel carries it."""

SCRIPT, STYLE = "vis-network.min.js", "vis-network.css"
EDITOR, EDITOR_STYLE = "yasgui.min.js", "yasgui.min.css"
ENGINE, ENGINE_CODE = "oxigraph.js", "oxigraph.wasm"
HEI, HEI_BOLD, SONG = "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "NotoSerifSC-Regular.ttf"
"""Our own texts are set in Hei, those of the notice in Song."""

_ROOT = Path(__file__).parent.parent
_MANIFEST = "made-from.json"
_PATIENCE = 240


@dataclass(frozen=True, slots=True)
class Face:
    """One file of a package, and the name it gets here."""

    name: str
    member: str


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package: a pinned tarball, the files to take, the licence to carry."""

    name: str
    version: str
    sha512: str
    faces: tuple[Face, ...]
    licence: str


_FONTS = (
    Package(
        "@expo-google-fonts/noto-sans-sc",
        "0.4.3",
        "9rAwdFTFHbO/u6Cs0gj2jZbW74TGIiaFNQnXYH2s5wA1bzVkwbaviL4t8YUV642eGYjg86eH6DkAEQmfNHDncQ==",
        (
            Face(HEI, "package/400Regular/NotoSansSC_400Regular.ttf"),
            Face(HEI_BOLD, "package/700Bold/NotoSansSC_700Bold.ttf"),
        ),
        "NotoSansSC-LICENSE.txt",
    ),
    Package(
        "@expo-google-fonts/noto-serif-sc",
        "0.4.3",
        "fSmUpiSFtSeyHV45/2xUOy5SdfExklQwwMKN3cQjAZAujITHDmSbpMHCVdCMhRqMjQtu0ZRgc29u8A+CU3akfw==",
        (Face(SONG, "package/400Regular/NotoSerifSC_400Regular.ttf"),),
        "NotoSerifSC-LICENSE.txt",
    ),
)

_YASGUI = Package(
    "@zazuko/yasgui",
    "4.6.2",
    "Zw45KdPoAE1KRaAoxIHdQqeJxvaVG1oQdntw0hy0ktX35Zu8ZccuOLrXCLwR+GU+0xMzLw8Mjw6BkSZV2vUuQw==",
    (
        Face(EDITOR, "package/build/yasgui.min.js"),
        Face(EDITOR_STYLE, "package/build/yasgui.min.css"),
    ),
    "yasgui-LICENSE.txt",
)
_OXIGRAPH = Package(
    "oxigraph",
    "0.5.11",
    "zKdgmp1tsrutGzC1lCCywwZRPpLJKaJnKSDWoY2hIhMiwiCRRXNN1DU7WUyTInBvgPKT8Y5N+RgwTL8qKXpLng==",
    (Face(ENGINE, "package/web.js"), Face(ENGINE_CODE, "package/web_bg.wasm")),
    "oxigraph-LICENSE.txt",
)
"""Oxigraph for browsers: sites without a server answer with it."""
_YASGUI_OWNER = "YASGUI (@zazuko/yasgui 4.6.2), by Triply and Zazuko GmbH."
_OXIGRAPH_OWNER = "Oxigraph (oxigraph 0.5.11), by the Oxigraph developers; also under Apache-2.0."
_MIT = """{} The MIT License:

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
"""The licence that the package names and does not hold."""

_NETWORK = {
    SCRIPT: "1f20f0736f32cb9bedf8f6383b25cfea2f839e1abe80d6e8040b4d5bea378c69",
    STYLE: "2e82d445ad5878ea881652470ce632601f8f55f1b99e6ebecdff8614600e6d0e",
}
"""Files of vis-network 9.1.2 in pyvis, with their sha256."""


class FrontendError(Exception):
    """A front-end file cannot be fetched; the message names it and the reason."""


def vendored(name: str) -> Path | None:
    """The path of one front-end file, or None where it was not fetched.

    >>> vendored("no-such-file.js") is None
    True
    """
    path = VENDOR / name
    return path if path.is_file() else None


def fonts() -> tuple[Path, ...]:
    """The fonts at hand, Hei first; empty where they were not fetched."""
    return tuple(path for name in (HEI, HEI_BOLD, SONG) if (path := vendored(name)))


def repertoire() -> str:
    """The characters that the fonts are cut to: GB2312, Latin-1, marks, and those of our texts."""
    characters = {chr(code) for code in range(0x20, 0x7F)}
    for first, last in _RANGES:
        characters.update(map(chr, range(first, last + 1)))
    characters.update(_gb2312())
    for text in (*_ROOT.glob("loaders/notices/*.txt"), *_ROOT.glob("ontology/**/*.ttl")):
        characters.update(text.read_text(encoding="utf-8-sig"))
    return "".join(sorted(c for c in characters if c.isprintable()))


_RANGES = (
    (0xA0, 0xFF),  # Latin-1
    (0x2010, 0x203B),  # dashes, quotes, dots
    (0x2150, 0x21FF),  # number forms, arrows
    (0x2460, 0x24FF),  # circled numbers
    (0x2500, 0x257F),  # box drawing
    (0x25A0, 0x25FF),  # discs, rings, squares
    (0x3000, 0x303F),  # Chinese punctuation, 〔〕
    (0x3220, 0x324F),  # bracketed numbers
    (0xFF01, 0xFF5E),  # full-width forms
)


def _gb2312() -> Iterator[str]:
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            yield bytes((row, cell)).decode("gb2312", errors="ignore")


def _pins() -> str:
    """The hash of all pins that the files are made from."""
    pinned = [_NETWORK, [asdict(package) for package in (_YASGUI, _OXIGRAPH, *_FONTS)]]
    return hashlib.sha256(json.dumps(pinned, sort_keys=True).encode()).hexdigest()


def is_complete() -> bool:
    """Return whether all front-end files are there as pinned, with all characters of our texts."""
    wanted = [
        *_NETWORK,
        *(face.name for package in (_YASGUI, _OXIGRAPH, *_FONTS) for face in package.faces),
    ]
    try:
        made_from = json.loads((VENDOR / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return (
        made_from["pins"] == _pins()
        and set(repertoire()) <= set(made_from["characters"])
        and all(vendored(name) for name in wanted)
    )


def fetch() -> None:
    """Fill `viz/vendor/`; each file appears whole or not at all."""
    VENDOR.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=VENDOR) as folder:
        desk = Path(folder)
        _copy_network(desk)
        _copy_package(_YASGUI, _MIT.format(_YASGUI_OWNER), desk)
        _copy_package(_OXIGRAPH, _MIT.format(_OXIGRAPH_OWNER), desk)
        for package in _FONTS:
            _cut_fonts(package, desk)
        made_from = {"pins": _pins(), "characters": repertoire()}
        (desk / _MANIFEST).write_text(json.dumps(made_from, ensure_ascii=False), encoding="utf-8")
        (desk / _MANIFEST).replace(VENDOR / _MANIFEST)


def _copy_network(desk: Path) -> None:
    """vis-network, from the wheel of pyvis that is installed."""
    for name, pinned in _NETWORK.items():
        found = Path(str(distribution("pyvis").locate_file(f"pyvis/lib/vis-9.1.2/{name}")))
        data = found.read_bytes()
        if hashlib.sha256(data).hexdigest() != pinned:
            raise FrontendError(f"{name} of the installed pyvis is not the pinned one")
        (desk / name).write_bytes(data)
        (desk / name).replace(VENDOR / name)


def _copy_package(package: Package, licence: str, desk: Path) -> None:
    """Copy files of an npm package as they are, with the licence that it names."""
    with tarfile.open(packed(package, desk)) as tarball:
        for face in package.faces:
            member(tarball, face.member, desk).replace(VENDOR / face.name)
    (desk / package.licence).write_text(licence, encoding="utf-8")
    (desk / package.licence).replace(VENDOR / package.licence)


def _cut_fonts(package: Package, desk: Path) -> None:
    """The faces of one package, cut to our repertoire, and its licence."""
    with tarfile.open(packed(package, desk)) as tarball:
        for face in package.faces:
            _cut(member(tarball, face.member, desk), desk / face.name)
            (desk / face.name).replace(VENDOR / face.name)
        member(tarball, "package/LICENSE_FONT", desk).replace(VENDOR / package.licence)


def member(tarball: tarfile.TarFile, name: str, desk: Path) -> Path:
    """One file of the tarball, written under a name of ours."""
    data = tarball.extractfile(name)
    if data is None:
        raise FrontendError(f"{name} is not a file of its package")
    path = desk / Path(name).name
    with path.open("wb") as copy:
        shutil.copyfileobj(data, copy)
    return path


def packed(package: Package, desk: Path) -> Path:
    """The npm package as its registry serves it, if it is the pinned one."""
    wanted = f"{package.name}@{package.version}"
    command = [*_npm(), "pack", wanted, "--silent", "--fetch-retries=1", "--pack-destination", "."]
    try:
        subprocess.run(
            command, cwd=desk, check=True, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=_PATIENCE,
        )  # fmt: skip
        path = max(desk.glob("*.tgz"), key=lambda file: file.stat().st_mtime_ns)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        why = type(error).__name__
        raise FrontendError(f"npm could not fetch {wanted} ({why})") from error
    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    if digest != package.sha512:
        raise FrontendError(f"{wanted} is not the pinned one")
    return path


def _npm() -> list[str]:
    """The command of npm: the machine's own, else the one of a wheel, outside .venv."""
    if found := shutil.which("npm"):
        return [found]
    uv = Path(sys.executable).with_name("uv")
    pins = os.fspath(_ROOT / "requirements" / "node.txt")
    run = [os.fspath(uv), "run", "--quiet", "--no-project", "--isolated"]
    return [*run, "--python", sys.executable, "--with-requirements", pins, "npm"]


def _cut(source: Path, target: Path) -> None:
    from fontTools import subset

    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True)
    with subset.load_font(os.fspath(source), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=repertoire())
        cutter.subset(font)
        subset.save_font(font, os.fspath(target), options)


def main() -> None:
    """Fetch missing files; name those that could not be fetched in a line on standard error."""
    if is_complete():
        return
    try:
        fetch()
    except (FrontendError, OSError, KeyError, tarfile.TarError) as error:
        print(
            f"front-end files: {error}; pages and pictures are plain until `make frontend` works",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
