"""Pictures of pages before they are recognised: level, dark on white, without the red of seals."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from loaders.formats.extracted import Refused

DPI = 200
"""Pixels an inch at which pages are rendered and measured."""
MAX_PAGES = 200
MAX_PIXELS = 40_000_000
"""The largest picture: A2 at 200 dpi has 15 million pixels."""
LEAST_WIDTH_PX, USUAL_WIDTH_PX = 1_200, 1_654
"""Pictures narrower than the first are enlarged to the second, A4 at 200 dpi."""
MAX_SKEW_DEG = 6.0
_HEAD = 0.3
"""The share of a first page that may hold a red head, which is text; red below it is a seal."""
_RED = 50
"""How much more red than green and blue a pixel of a seal is, of 255."""
_LETTER = 140
"""The red of a black letter below a seal, at most; a seal itself has more."""


def pictures_in(data: bytes) -> list[Any]:
    """The pages of a picture file (PNG, JPEG, TIFF, WebP, BMP) as arrays of RGB. Raises Refused."""
    raw = np.frombuffer(data, dtype=np.uint8)
    is_read, pages = cv2.imdecodemulti(raw, cv2.IMREAD_COLOR)
    if not is_read or not pages:
        raise Refused("it is a picture that is damaged or of a kind that is not read")
    if len(pages) > MAX_PAGES:
        raise Refused(f"it is a picture of {len(pages):,} pages, more than {MAX_PAGES:,}")
    for page in pages:
        if page.shape[0] * page.shape[1] > MAX_PIXELS:
            raise Refused(f"it is a picture of more than {MAX_PIXELS // 10**6} million pixels")
    return [cv2.cvtColor(page, cv2.COLOR_BGR2RGB) for page in pages]


def prepared(picture: Any, *, first: bool) -> Any:
    """A page as RGB, level and at least of the usual width; `first` pages keep a red head."""
    width = picture.shape[1]
    if width < LEAST_WIDTH_PX:
        scale = USUAL_WIDTH_PX / width
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return _turned_by(_without_seals(picture, first=first), skew_of(picture))


def _without_seals(picture: Any, *, first: bool) -> Any:
    """Whiten red pixels; black letters below a seal stay, since they are as dark in red."""
    red, green, blue = (picture[..., i].astype(np.int16) for i in range(3))
    mask = (red - green > _RED) & (red - blue > _RED)
    if first:
        mask[: int(_HEAD * picture.shape[0])] = False
    if not mask.any():
        return picture
    # JPEG dims the rim of a seal; letters stay dark in red wherever the mask reaches
    mask = cv2.dilate(mask.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    made = picture.copy()
    made[mask] = np.where(red[mask] > _LETTER, 255, red[mask]).astype(np.uint8)[:, None]
    return made


def skew_of(picture: Any) -> float:
    """Degrees by which lines of text rise to the right: the turn with the sharpest rows."""
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    scale = 800 / max(gray.shape)
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = (small < max(60, int(small.mean()) - 30)).astype(np.uint8)
    if dark.sum() < 50:
        return 0.0

    def sharpness(angle: float) -> float:
        rows = _rotated(dark, angle, 0).sum(axis=1, dtype=np.int64)
        return float((np.diff(rows) ** 2).sum())

    coarse = max(np.arange(-MAX_SKEW_DEG, MAX_SKEW_DEG + 0.1, 0.5), key=sharpness)
    fine = max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=sharpness)
    return 0.0 if sharpness(fine) < 1.02 * sharpness(0.0) else float(fine)


def _turned_by(picture: Any, angle: float) -> Any:
    return picture if abs(angle) < 0.05 else _rotated(picture, angle, 255)


def _rotated(picture: Any, angle: float, border: int) -> Any:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    value = (border,) * 3 if picture.ndim == 3 else border
    flags = cv2.INTER_CUBIC if picture.ndim == 3 else cv2.INTER_NEAREST
    return cv2.warpAffine(picture, turn, (width, height), flags=flags, borderValue=value)
