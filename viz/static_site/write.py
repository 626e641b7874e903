"""Write a site into a folder next to its place, then put it in place whole."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

MANIFEST = "site.json"
"""Names the files that a site wrote: those that the next one may replace."""


class SiteError(Exception):
    """A site cannot be written; the message gives the reason.

    `usage` is true where another folder or `--force` helps, false where the disk does not let it.
    """

    def __init__(self, why: str, *, usage: bool = True) -> None:
        super().__init__(why)
        self.usage = usage


@contextmanager
def writing(folder: Path, *, force: bool) -> Iterator[Path]:
    """Give an empty folder to write a site into; it takes the place of `folder` at the end.

    Nothing changes there before all is written. A folder with files is refused without `force`;
    with it the files of an earlier site go and all others stay. Raises SiteError.
    """
    folder = folder.absolute()
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise SiteError(f"{folder} is no folder")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise SiteError(f"{folder} is not empty; --force replaces the site in it")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        desk = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise SiteError(f"{folder.parent}: {error.strerror or error}") from error
    try:
        stage = desk / "new"
        stage.mkdir()
        yield stage
        _put_in_place(stage, folder, desk / "old")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise SiteError(f"{folder}: {why}; what was there is unchanged", usage=False) from error
    finally:
        shutil.rmtree(desk, ignore_errors=True)


def write_manifest(stage: Path, said: Mapping[str, object]) -> None:
    """Write down what a site is of and which files are its own."""
    files = sorted(p.relative_to(stage).as_posix() for p in stage.rglob("*") if p.is_file())
    text = json.dumps({**said, "files": [*files, MANIFEST]}, ensure_ascii=False, indent=1)
    (stage / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def _put_in_place(stage: Path, folder: Path, old: Path) -> None:
    others = sorted(_others(folder)) if folder.is_dir() else []
    for name in others:
        if (stage / name).exists():
            raise SiteError(f"{folder / name} is in the way: no site wrote it; move it elsewhere")
    if folder.is_dir():
        shutil.copymode(folder, stage)
        folder.rename(old)
    else:
        stage.chmod(0o755)
    moved = []
    try:
        for name in others:
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            (old / name).rename(stage / name)
            moved.append(name)
        stage.rename(folder)
    except OSError:
        for name in moved:
            (stage / name).rename(old / name)
        if old.is_dir():
            old.rename(folder)
        raise


def _others(folder: Path) -> Iterator[str]:
    """The files of a folder that no site wrote."""
    try:
        listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        mine = {str(name) for name in listed}
    except (OSError, ValueError, KeyError, TypeError):
        mine = set()
    for place, folders, files in os.walk(folder):
        for name in files + [f for f in folders if (Path(place) / f).is_symlink()]:
            path = (Path(place) / name).relative_to(folder).as_posix()
            if path not in mine:
                yield path
