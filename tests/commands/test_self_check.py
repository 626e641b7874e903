"""self-check: what works here is named, and what does not makes it fail."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from graph.store.store import Store
from tiaokuai import main


def test_each_part_is_named_and_a_broken_store_fails(store: Store, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["self-check", "--store", str(store.folder)])
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    states = {row[1]: row[0] for row in rows}
    assert result.exit_code == 0
    assert [states[n] for n in ("Python", "graph engine", "reading", "store")] == ["works"] * 4
    broken = tmp_path / "file"
    broken.write_text("no store")
    result = CliRunner().invoke(main, ["self-check", "--store", str(broken)])
    assert result.exit_code == 1
    assert "FAILS\tstore" in result.stdout
