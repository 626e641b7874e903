"""The front-end files: there, whole, with every character of our texts; and no page needs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from folders import ROOT
from fontTools.ttLib import TTFont

from loaders.notice import SHIPPED
from viz import frontend


def test_the_fonts_have_every_character_of_the_notice() -> None:
    notice = {c for c in SHIPPED.read_text(encoding="utf-8-sig") if c.isprintable()}
    assert len(frontend.fonts()) == 3
    for path in frontend.fonts():
        with TTFont(path, lazy=True) as font:
            assert not notice - set(map(chr, font.getBestCmap())), path.name


def test_the_script_runs_by_itself() -> None:
    """vis-network is the standalone build: it brings its own data sets and loads nothing."""
    script = frontend.vendored(frontend.SCRIPT)
    assert script is not None
    text = script.read_text(encoding="utf-8")
    assert "t.Network=" in text
    assert "t.DataSet=" in text
    assert 'require("' not in text


def test_a_made_folder_is_left_alone() -> None:
    """With all files present, a second run needs no npm."""
    before = {p.name: p.stat().st_mtime_ns for p in frontend.VENDOR.iterdir()}
    assert frontend.is_complete()
    run(frontend.VENDOR.parent.parent, path="")
    assert before == {p.name: p.stat().st_mtime_ns for p in frontend.VENDOR.iterdir()}


def test_without_npm_one_line_says_so(tmp_path: Path) -> None:
    """A machine that cannot fetch the fonts still has vis-network, and no half file."""
    for folder in ("viz", "loaders/notices", "ontology"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("viz/__init__.py", "viz/frontend.py"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "npm").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (fake / "npm").chmod(0o755)
    said = run(tmp_path, path=str(fake))
    assert said.count("\n") == 1
    assert "make frontend" in said
    assert {p.name for p in (tmp_path / "viz/vendor").iterdir()} == {
        frontend.SCRIPT,
        frontend.STYLE,
    }


def test_a_tarball_that_is_not_the_pinned_one_is_refused(tmp_path: Path) -> None:
    """A file from npm has to have the pinned hash."""
    for name in ("viz/__init__.py", "viz/frontend.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "npm").write_text("#!/bin/sh\n: > forged.tgz\n", encoding="utf-8")
    (fake / "npm").chmod(0o755)
    assert "is not the pinned one" in run(tmp_path, path=str(fake))
    assert not list((tmp_path / "viz/vendor").glob("*.ttf"))


def run(folder: Path, *, path: str) -> str:
    """Run `python -m viz.frontend` in a folder with a PATH; return its standard error."""
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "viz.frontend"],
        cwd=folder, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stderr
