"""Recognise the characters of a picture by RapidOCR, whose Chinese models lie in its wheel."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from statistics import mean, median
from typing import Any

import cv2
from rapidocr import RapidOCR

_UPRIGHT_SCORE = 0.75
"""The mean confidence from which a page is taken to be the right way up."""
_IDEOGRAPHS = range(0x2E80, 0xA000)


@dataclass(frozen=True, slots=True)
class Recognised:
    """One recognised line: its characters from left to right, in pixels, with confidences."""

    chars: tuple[dict[str, Any], ...]

    @property
    def text(self) -> str:
        """The characters of the line."""
        return "".join(c["text"] for c in self.chars)


@cache
def _engine() -> RapidOCR:
    return RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": 1,  # long lines side by side take memory
            "Global.use_cls": False,
            "Global.text_score": 0.2,  # a line of low confidence is a doubt, not left out
            "Global.log_level": "critical",
            "Global.max_side_len": 2000,
        }
    )


def recognise(picture: Any) -> tuple[Any, list[Recognised]]:
    """The page turned the right way up, and its lines."""
    lines = _lines(picture)
    if _score(lines) >= _UPRIGHT_SCORE and not _is_sideways(lines):
        return picture, lines
    tries = [(picture, lines)]
    turns = (
        (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE)
        if _is_sideways(lines)
        else (cv2.ROTATE_180,)
    )
    for turn in turns:
        turned = cv2.rotate(picture, turn)
        tries.append((turned, _lines(turned)))
        if _score(tries[-1][1]) >= _UPRIGHT_SCORE:
            return tries[-1]
    return max(tries, key=lambda found: _score(found[1]))


def _score(lines: list[Recognised]) -> float:
    scores = [c["score"] for line in lines for c in line.chars]
    return mean(scores) if scores else 0.0


def _is_sideways(lines: list[Recognised]) -> bool:
    """Return whether most lines are taller than wide, as on a page that was turned."""
    long = [line.chars for line in lines if len(line.chars) > 3]
    tall = sum(
        max(c["bottom"] for c in chars) - min(c["top"] for c in chars)
        > 2 * (max(c["x1"] for c in chars) - min(c["x0"] for c in chars))
        for chars in long
    )
    return bool(2 * tall > len(long) > 0)


def _lines(picture: Any) -> list[Recognised]:
    found: Any = _engine()(picture, return_word_box=True)
    if not found.txts:
        return []
    lines = []
    for words in found.word_results:
        chars = [char for word in words for char in _chars(*word)]
        if chars:
            size = _size(chars)
            lines.append(Recognised(tuple(dict(c, size=size) for c in chars)))
    return lines


def _chars(text: str, score: float, box: Any) -> Iterator[dict[str, Any]]:
    """The characters of a word, which share its box evenly."""
    x0, x1 = min(p[0] for p in box), max(p[0] for p in box)
    top, bottom = min(p[1] for p in box), max(p[1] for p in box)
    step = (x1 - x0) / max(1, len(text))
    for at, char in enumerate(text):
        yield {
            "text": char, "score": float(score), "x0": float(x0 + at * step),
            "x1": float(x0 + (at + 1) * step), "top": float(top), "bottom": float(bottom),
        }  # fmt: skip


def _size(chars: list[dict[str, Any]]) -> float:
    """The size of a line's characters: the usual step between ideographs, else by its height."""
    wide = [c for c in chars if ord(c["text"]) in _IDEOGRAPHS]
    steps = [b["x0"] - a["x0"] for a, b in itertools.pairwise(wide)]
    height = median(c["bottom"] - c["top"] for c in chars)
    usual = median(steps) if steps else 0.0
    return float(usual if 0.5 * height < usual < 1.3 * height else 0.8 * height)
