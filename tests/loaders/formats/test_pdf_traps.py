"""What misleads readers of PDF: text drawn twice, turned pages, balloons of tracked changes."""

from __future__ import annotations

import pytest

from loaders.formats.pdf.page_marks import TurnedPage, angle_of, without_balloons, without_doubles

Char = dict[str, object]


def char(text: str, x: float, top: float, size: float = 10.0) -> Char:
    matrix = (1.0, 0.0, 0.0, 1.0, x, top)
    return {"text": text, "x0": x, "x1": x + size, "top": top, "bottom": top + size,
            "size": size, "matrix": matrix}  # fmt: skip


def line(text: str, x: float, top: float) -> list[Char]:
    return [char(c, x + 10 * i, top) for i, c in enumerate(text)]


def spelled(chars: list[dict[str, object]]) -> str:
    return "".join(str(c["text"]) for c in chars)


def test_bold_is_drawn_twice() -> None:
    once = line("完成11个", 50, 100)
    again = [dict(c, x0=float(str(c["x0"])) + 0.3, x1=float(str(c["x1"])) + 0.3) for c in once]
    doubled = [c for pair in zip(once, again, strict=True) for c in pair]
    assert spelled(without_doubles(doubled)) == "完成11个"
    assert spelled(without_doubles([*once, *again])) == "完成11个"


def test_balloons_stand_in_the_margin() -> None:
    text = [*line("举办活动6场。", 50, 100), *line("（责任单位：市商务局）", 50, 115)]
    balloon = [*line("删除[审阅人甲]: 深化", 300, 103), *line("改革", 300, 118)]
    assert spelled(without_balloons([*text, *balloon])) == "举办活动6场。（责任单位：市商务局）"
    assert without_balloons(text) == text


@pytest.mark.parametrize(
    ("matrix", "turn"),
    [((1, 0), 0), ((-1, 0), 180), ((0, 1), 90), ((0, -1), 270), ((0.05, 0.001), 0)],
)
def test_the_direction_of_a_line(matrix: tuple[float, float], turn: int) -> None:
    assert angle_of({"matrix": (*matrix, 0, 0, 0, 0)}) == turn


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_reads_from_its_left_top(turn: int) -> None:
    """Two lines of two characters, set in each direction on a page of 200 by 100."""
    width, height = 200.0, 100.0
    places = {
        0: [(10, 10), (20, 10), (10, 30), (20, 30)],
        180: [(180, 80), (170, 80), (180, 60), (170, 60)],
        90: [(10, 80), (10, 70), (30, 80), (30, 70)],
        270: [(180, 10), (180, 20), (160, 10), (160, 20)],
    }[turn]
    direction = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[turn]
    chars = [dict(char(c, x, y), matrix=(*direction, 0, 0, 0, 0))
             for c, (x, y) in zip("一二三四", places, strict=True)]  # fmt: skip

    class Page:
        def __init__(self) -> None:
            self.chars, self.width, self.height = chars, width, height

    page = TurnedPage(Page(), turn)
    read = sorted(page.chars(), key=lambda c: (c["top"], c["x0"]))
    assert spelled(read) == "一二三四"
    assert page.bbox[2:] == ((height, width) if turn in (90, 270) else (width, height))
