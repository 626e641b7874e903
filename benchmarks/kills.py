"""Kill `build` during its publication, many times; the store must stay whole.

    python -m benchmarks.kills FOLDER NOTICE [--kills 50]

FOLDER is a new one. Each time another text of the notice is built, and the process is killed
(kill -9) at another moment after it has begun to write. Then the store is opened: its version is
the one before or the new one, every quad of it can be read, nothing that was reported as done is
lost, and opening took less than two seconds.
"""

from __future__ import annotations

import argparse
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from graph.store.store import Store


def main() -> int:
    """Count the broken promises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("notice", type=Path)
    parser.add_argument("--kills", type=int, default=50)
    given = parser.parse_args()
    given.folder.mkdir(parents=True)
    folder, changed = given.folder / "store", given.folder / given.notice.name
    text = given.notice.read_text(encoding="utf-8")
    _build(folder, given.notice).communicate()
    wrong: list[str] = []
    made, opened, seconds = 0, 0.0, _time_to_write(folder, changed, text)
    for kill in range(given.kills):
        before = Store(folder).current()
        assert before is not None
        changed.write_text(text.replace("稳增长", f"稳增长{kill}", 1), encoding="utf-8")
        process = _build(folder, changed)
        while not _writes(folder) and process.poll() is None:
            time.sleep(0.001)
        time.sleep(seconds * kill / given.kills)
        process.send_signal(signal.SIGKILL)
        _, said = process.communicate()
        began = time.monotonic()
        store = Store(folder)
        after = store.current()
        assert after is not None
        count = len(store.open(after).store)
        opened = max(opened, time.monotonic() - began)
        promised = re.search(r"version (\w{12})", said)
        if count != after.quads:
            wrong.append(f"kill {kill}: {count} of {after.quads} quads")
        if promised and promised[1] != after.id:
            wrong.append(f"kill {kill}: {promised[1]} was acknowledged and is not there")
        made += after.id != before.id
    last = _build(folder, given.notice)
    last.communicate()
    print(
        f"{given.kills} kills over {seconds:.2f} s of writing: {given.kills - made} left the "
        f"version before, {made} the new one; partial or lost: {wrong or 0}; slowest opening "
        f"{opened * 1000:.0f} ms; the next build ended with {last.returncode}"
    )
    return len(wrong) + (opened > 2) + (last.returncode != 0)


def _build(folder: Path, notice: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tiaokuai", "build", str(notice), "--store", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _writes(folder: Path) -> bool:
    """Return whether a publication is under way: a process holds the lock of the store."""
    inode = (folder / "lock").stat().st_ino
    return f":{inode} 0 EOF" in Path("/proc/locks").read_text()


def _time_to_write(folder: Path, changed: Path, text: str) -> float:
    """Seconds from the first write of a publication to its last."""
    changed.write_text(text.replace("稳增长", "稳增长甲", 1), encoding="utf-8")
    process = _build(folder, changed)
    while not _writes(folder) and process.poll() is None:
        time.sleep(0.001)
    began = time.monotonic()
    while _writes(folder) and process.poll() is None:
        time.sleep(0.001)
    ended = time.monotonic()
    process.communicate()
    return ended - began


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
