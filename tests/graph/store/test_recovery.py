"""Backup, restore, doctor, and rebuild: what is damaged is named, and one command mends it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import Literal, NamedNode, Quad

from graph.errors import StoreError
from graph.store.backup import backup, restore
from graph.store.store import Store
from loaders.corpus import publish
from loaders.formats.source import source_of
from loaders.notice import read_text
from tiaokuai import main

NOTICE = """某市青山区人民政府2021年重点工作任务分解表

一、经济发展

1.新建停车位1000个。（牵头单位：区建交委；配合单位：区规土局）

2.完成旧住房改造8万平方米。（牵头单位：区房管局）
""".encode()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = Store(tmp_path_factory.mktemp("store") / "store")
    for data in (NOTICE, NOTICE.replace(b"1000", b"2000")):
        document = read_text(source_of("notice.txt", data))
        publish.publish(store, [publish.contribution(document, data)])
    return store.folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "store"))


def test_a_store_that_was_moved_away_takes_no_write_and_comes_back_whole(folder: Path) -> None:
    store = Store(folder)
    store.holding = store.must_have().id
    extra = Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), Literal("o"))
    folder.rename(away := folder.with_name("away"))
    with pytest.raises(StoreError, match="moved or unmounted"):
        store.change(lambda head: head.add(extra))
    assert not folder.exists()
    assert "no store at" in store.trouble()
    away.rename(folder)
    assert store.trouble() == ""
    assert extra in store.open(store.change(lambda head: head.add(extra))).store


def _run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--store", str(folder)])


def _lines(folder: Path) -> list[str]:
    return sorted(map(str, Store(folder).open().store))


def test_a_backup_gives_the_store_back(folder: Path, tmp_path: Path) -> None:
    file, place = tmp_path / "all.tar", tmp_path / "place"
    assert _run(folder, "backup", "-o", str(file)).exit_code == 0
    assert _run(place, "restore", str(file)).exit_code == 0
    assert _lines(place) == _lines(folder)
    assert [v.id for v in Store(place).versions()] == [v.id for v in Store(folder).versions()]
    assert _run(place, "doctor").exit_code == 0
    assert _run(place, "restore", str(file)).exit_code == 4  # a store is there already


def test_a_damaged_backup_restores_nothing(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.tar"
    backup(Store(folder), file)
    data = bytearray(file.read_bytes())
    for at in (3000, len(data) // 2, len(data) - 20_000):
        data[at] ^= 1
        file.write_bytes(data)
        data[at] ^= 1
        place = tmp_path / f"place-{at}"
        try:
            restore(Store(place), file)
        except StoreError:
            assert not (place / "current").exists()
        else:  # a bit between the files
            assert _lines(place) == _lines(folder)


def test_a_damaged_current_is_named_and_rebuilt(folder: Path) -> None:
    before = Store(folder).must_have().id
    current = folder / "current"
    for damaged in (b"\xe1" + before[1:].encode(), b"", b"x" * 12):
        current.write_bytes(damaged)
        refused = _run(folder, "versions", "--keep", "1") if damaged else _run(folder, "check")
        assert refused.exit_code == 4
        assert str(current) in refused.stderr
        assert "rebuild" in _run(folder, "doctor").stdout
        assert _run(folder, "rebuild").exit_code == 0
        assert Store(folder).must_have().id == before
        assert _run(folder, "doctor").exit_code == 0


@pytest.mark.parametrize(
    "name", ["current", "format", "removed", "head.version", "manifests/*", "versions/*/manifest.json",
             "versions/*/claims", "documents/*", "readings/*"],
)  # fmt: skip
def test_a_flipped_bit_is_named_or_harmless(folder: Path, name: str) -> None:
    lines = _lines(folder)
    for path in sorted(folder.glob(name)):
        whole = path.read_bytes()
        for at in {0, len(whole) // 3, len(whole) - 2}:
            for bit in (0x01, 0x80):
                data = bytearray(whole)
                data[at] ^= bit
                path.write_bytes(data)
                asked, examined = _run(folder, "check"), _run(folder, "doctor")
                for done in (asked, examined):
                    assert done.exception is None or isinstance(done.exception, SystemExit)
                    assert done.exit_code in (0, 4)
                if asked.exit_code == 4:
                    assert path.name in asked.stderr + examined.stdout
                else:
                    assert _lines(folder) == lines
        path.write_bytes(whole)
