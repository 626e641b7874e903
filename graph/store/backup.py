"""A store in one file and back again: a tar of its files, with the SHA-256 of each.

The backup is made in the writers' turn, so that nothing changes under it, while readers go on.
Versions share files by hard links, and do in the archive and after it. The work area is left out:
it is made again from the current version.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from graph.errors import StoreError
from graph.store.atomic_files import sync_folder
from graph.store.versions import Shelf

_LIST = "backup.json"
"""The last member of the archive: the format, the current version, the hash of each file."""
_LEFT_OUT = ("head", "head.version", "lock")
_BLOCK = 1 << 20


def backup(store: Shelf, out: Path) -> int:
    """Write a store into one file, whole or not at all; return how many files it holds."""
    store.must_have()
    new = out.with_name(f".{out.name}-{os.getpid()}")
    try:
        with store.turn() as version, tarfile.open(new, "x", format=tarfile.PAX_FORMAT) as archive:
            new.chmod(0o600)
            hashes: dict[str, str] = {}
            for path in _files(store.folder):
                name = path.relative_to(store.folder).as_posix()
                hashes[name] = _sha256(path)
                archive.add(path, name, recursive=False, filter=_without_owner)
            listed = {"format": 1, "current": version.id, "files": hashes}
            data = json.dumps(listed, ensure_ascii=False).encode()
            member = tarfile.TarInfo(_LIST)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        new.rename(out)
        sync_folder(out.absolute().parent)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise StoreError(f"the backup {out} cannot be written: {error}") from error
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return len(hashes)


def restore(store: Shelf, file: Path) -> int:
    """Put the store of a backup into an empty place; return how many files it holds.

    All is unpacked next to the place and checked first; the current version comes last. Raises
    StoreError where the place holds a store already, or where the backup is incomplete.
    """
    folder = store.folder
    if (folder / "current").exists() or (folder / "versions").exists():
        raise StoreError(f"{folder} holds a store already; name another place with --store")
    new = folder.with_name(f".{folder.name}-restore-{os.getpid()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        new.mkdir()
        hashes = _unpack(file, new)
        folder.mkdir(exist_ok=True)
        for path in sorted(new.iterdir(), key=lambda p: p.name == "current"):
            if (folder / path.name).is_dir():
                shutil.rmtree(folder / path.name)
            path.rename(folder / path.name)
        sync_folder(folder)
    except OSError as error:
        raise StoreError(f"the backup {file} cannot be restored: {error}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return len(hashes)


def _files(folder: Path) -> Iterator[Path]:
    """The files of a store, except its work area and what is being written; `current` last."""
    for path in sorted(folder.rglob("*"), key=lambda p: (p == folder / "current", p)):
        parts = path.relative_to(folder).parts
        if parts[0] in _LEFT_OUT or any(part.startswith(".") for part in parts):
            continue
        if path.is_file() and not path.is_symlink():
            yield path


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(file: Path, folder: Path) -> dict[str, str]:
    """Unpack an archive and check each file. Raises BrokenStore for an incomplete backup."""
    found: dict[str, str] = {}
    listed: object = None
    try:
        with tarfile.open(file, "r:") as archive:
            for member in archive:
                if member.name == _LIST:
                    source = archive.extractfile(member)
                    listed = json.loads(source.read()) if source else None
                    continue
                place = folder / _safe(member.name)
                place.parent.mkdir(parents=True, exist_ok=True)
                if member.islnk():
                    os.link(folder / _safe(member.linkname), place)
                elif member.isfile() and (source := archive.extractfile(member)):
                    with place.open("xb") as out:
                        shutil.copyfileobj(source, out, _BLOCK)
                else:
                    raise ValueError(f"{member.name} is no file")
                found[member.name] = _sha256(place)
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise StoreError(f"{file} is no whole backup of a store: {error}") from error
    if not isinstance(listed, dict) or listed.get("format") != 1:
        raise StoreError(f"{file} is no whole backup of a store: its list of files is missing")
    wrong = sorted(
        name
        for name in found.keys() | listed["files"].keys()
        if found.get(name) != listed["files"].get(name)
    )
    if wrong:
        raise StoreError(f"{file} is damaged at {', '.join(wrong[:5])}; nothing was restored")
    return found


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError(f"{name} leads out of the store")
    return path
