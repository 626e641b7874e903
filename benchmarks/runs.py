"""Long runs of one character class, read in each place of a document: CPU a size, slowest first.

    python -m benchmarks.runs [--kb 1,10,100] [--limit SECONDS] [--class NAME] [--context NAME]

A pattern that tries every start of a run, or every split of it, takes a hundred times as long for
ten times the text; such a reader can be stopped by one small file. Each case is read in a fork
with a limit of CPU; one that exceeds it is listed with the place in the code where it was.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from loaders.errors import LoadError
from loaders.formats.source import source_of
from loaders.notice import read_text

CLASSES = {
    "镇": "镇", "街道": "街道", "地块": "地块", "路": "路", "局": "局", "弄": "弄", "号": "号",
    "digits": "1", "full-width digits": "１", "Chinese digits": "一", "letters": "a",
    "spaces": " ", "tabs": "\t", "ideographic spaces": "\u3000", "line breaks": "\n",
    "spaced lines": " \n", "，": "，", "、": "、", "。": "。", "；": "；", "】": "】", "（": "（",
    "）": "）", "（配合）": "（配合）", "（牵头）": "（牵头", "nested brackets": "（（", "“": "“", "《": "《",
    "牵头单位：": "牵头单位：", "配合": "配合", "由": "由", "各": "各", "和": "和", "丘": "1/2丘", "街坊": "115街坊",
    "decimals": "1.", "percent": "1%、", "ranges": "1-", "date": "2019年", "quarters": "一季度", "dashes": "—",
    "asterisks": "*", "bars": "|", "bar and dashes": "|-", "number and stop": "1、", "Han": "项目建设",
    "alternating": "镇1", "units": "市发改委、", "units run together": "市发展改革委市财政局", "号 and letters": "A1-2号",
}  # fmt: skip
"""The units of runs: characters and words on which the lexicon has rules."""
_TABLE = """某市青山区人民政府2021年重点工作目标

青府〔2021〕2号

{head}

序号

目标任务

一季度

二季度

三季度

四季度

主责部门

配合部门

1

完成旧住房改造8万平方米。{text}

启动{quarter}

推进

推进

完成

房管局{lead}

规土局

2

新建停车位1000个。

启动

推进

推进

完成

建交委

"""
_LIST = """某市青山区人民政府2021年重点工作任务分解表

{head}

一、经济发展

1.新建停车位1000个。（牵头单位：区建交委；配合单位：区规土局）

2.完成旧住房改造8万平方米{text}。（牵头单位：区房管局{lead}）

3.推进菜市场建设。{quarter}（区商务委、区市场局）

{after}
"""
CONTEXTS: dict[str, Callable[[str], str]] = {
    "table text": lambda run: _TABLE.format(head="", text=run, quarter="", lead=""),
    "table quarter": lambda run: _TABLE.format(head="", text="", quarter=run, lead=""),
    "table lead": lambda run: _TABLE.format(head="", text="", quarter="", lead=run),
    "table head": lambda run: _TABLE.format(head=run, text="", quarter="", lead=""),
    "list text": lambda run: _LIST.format(head="", text=run, quarter="", lead="", after=""),
    "list lead": lambda run: _LIST.format(head="", text="", quarter="", lead=run, after=""),
    "list item": lambda run: _LIST.format(head="", text="", quarter=run, lead="", after=""),
    "list end": lambda run: _LIST.format(head="", text="", quarter="", lead="", after=run),
    "list head": lambda run: _LIST.format(head=run, text="", quarter="", lead="", after=""),
    "alone": lambda run: run,
}
"""The places of runs: in each kind of cell of a table, in and around the items of a list."""


def text_of(context: str, unit: str, size: int) -> str:
    """A document with a run of `size` characters at one place."""
    return CONTEXTS[context]((unit * (size // len(unit) + 1))[:size])


def read_case(context: str, unit: str, size: int, limit: float) -> tuple[float, str]:
    """Read one case in a fork; return the seconds of CPU, and where it was if it exceeded them."""
    here, there = os.pipe()
    child = os.fork()
    if not child:
        os.close(here)
        _read_and_exit(there, text_of(context, unit, size), limit)
    os.close(there)
    with os.fdopen(here, "rb") as answer:
        where = answer.read().decode()
    _, _, usage = os.wait4(child, 0)
    return usage.ru_utime + usage.ru_stime, where


def _read_and_exit(out: int, text: str, limit: float) -> NoReturn:
    def stop(_: int, frame: FrameType | None) -> NoReturn:
        stack = [f for f in traceback.extract_stack(frame) if "loaders" in f.filename]
        where = " < ".join(f"{f.filename.split('loaders/')[-1]}:{f.lineno}" for f in stack[:-4:-1])
        os.write(out, where.encode())
        os._exit(1)

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, limit)
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    try:
        read_text(source_of("run.txt", text.encode()))
    except LoadError:
        pass
    except Exception as error:  # to be named in the table, like what takes too long
        os.write(out, f"{type(error).__name__}: {error}"[:120].encode())
    os._exit(0)


def main() -> None:
    """Print one row a case, the slowest first."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kb", default="1,10,100")
    arguments.add_argument("--limit", type=float, default=20.0)
    arguments.add_argument("--class", dest="classes", action="append", choices=[*CLASSES])
    arguments.add_argument("--context", dest="contexts", action="append", choices=[*CONTEXTS])
    given = arguments.parse_args()
    sizes = [int(kb) * 1000 for kb in given.kb.split(",")]
    read_text(source_of("warm.txt", text_of("table text", "a", 0).encode()))
    rows = []
    for name in given.classes or CLASSES:
        for context in given.contexts or CONTEXTS:
            seconds, where = [], ""
            for size in sizes:
                taken, where = read_case(context, CLASSES[name], size, given.limit)
                seconds.append(taken)
                if where:
                    break
            rows.append((seconds[-1], name, context, seconds, where))
    for _, name, context, seconds, where in sorted(rows, reverse=True):
        cells = [f"{s:.2f}" for s in seconds] + ["–"] * (len(sizes) - len(seconds))
        sys.stdout.write("\t".join([name, context, *cells, where]) + "\n")
    slowest = max(rows)[0]
    sys.stdout.write(f"slowest {slowest:.2f} s over {len(rows)} cases\n")


if __name__ == "__main__":
    main()
