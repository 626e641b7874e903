"""A text in plain characters, its lines made whole, and where each character stood.

Digits and letters of full width become ASCII ones, white space of every kind a space, and of
the traditional characters those that stand in the names of units and in labels their
simplified forms. Marks are left as they are: full and half width are told apart nowhere. Pairs
of asterisks are what extractors leave of bold type. Lines of a print that end where the page
does are joined again, over page numbers too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_TRADITIONAL = (
    "單責牽頭協辦參與負財發員會廳國資監環農業務運輸審計統體衛應園區縣鎮鄉無廣電視團總稅關銀聯經濟產規劃設築質場氣險動勞島專門處層構個僑黨組織傳機編網"
    "檔檢際執術師學醫藥殘婦礦災鐵創點項標實時間長進條擔變聞優復圍護樹綠幹龍東陳華開貿遊軍記誠歸階養類號見結從來為這兩對現據數庫廠寧滬蘇嚴職權寫將節領"
    "導過達遠鄭鄰釋鋪錄鍵閉隊陽陰隨雙難雲預題額風飛館馬驗齊離戶採臺萬億車輕軌轉載輔較強態慶戰擴斷歷決準滿漁溫測潔獨獎畫當療確種積稱穩競籌約級終給維緊"
    "線練縮績繼續義習聖聲腦膽舉舊艦萊葉藝虛補裝製評試話該詳認誤說調談請論講識證讀讓貧貨費賣賽趙輯輛違遷選還邊鑒"
)
_SIMPLIFIED = (
    "单责牵头协办参与负财发员会厅国资监环农业务运输审计统体卫应园区县镇乡无广电视团总税关银联经济产规划设筑质场气险动劳岛专门处层构个侨党组织传机编网"
    "档检际执术师学医药残妇矿灾铁创点项标实时间长进条担变闻优复围护树绿干龙东陈华开贸游军记诚归阶养类号见结从来为这两对现据数库厂宁沪苏严职权写将节领"
    "导过达远郑邻释铺录键闭队阳阴随双难云预题额风飞馆马验齐离户采台万亿车轻轨转载辅较强态庆战扩断历决准满渔温测洁独奖画当疗确种积称稳竞筹约级终给维紧"
    "线练缩绩继续义习圣声脑胆举旧舰莱叶艺虚补装制评试话该详认误说调谈请论讲识证读让贫货费卖赛赵辑辆违迁选还边鉴"
)
_WIDE = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_STARS = dict.fromkeys(map(ord, "\uff0a\ufe61\u2731\u2217"), "*")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u3000\t"), " ")
_PLAIN = str.maketrans(_TRADITIONAL, _SIMPLIFIED) | _WIDE | _STARS | _SPACES
_NOTHING = re.compile(
    "[\u200b\u200c\u200d\u2060\ufeff]"
    "|(?<=[\u4e00-\u9fff])[（(] ?[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹê]{1,6} ?[）)]"
)
"""Characters of no width, and the readings that mirrors set behind characters: 辦發(fā)."""
_PAGE = re.compile(r"[—\-－–_\s]*第?\s*\d{1,3}\s*页?[—\-－–_\s]*$")
_BEGINS = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}(?:[.．、](?!\d)|\s)|"
    r"第[一二三四五六七八九十\d]{1,4}[条章节]|[①-⑳▲●•◆■○◇□★☆※·►—]"
)
"""How a line begins that goes on with no other: a number, a bullet."""
_LABELLED = re.compile(r"[“\"]?[^\s。，,；;:：（(]{2,14}[”\"]?[:：]")
_UNITS_OPEN = re.compile(
    r"[（(【\[〔]\s*(?:(?:牵|责|配|主|协)[^（()）【】\[\]〔〕。]*|[省市区县][^（()）【】\[\]〔〕。]*[局委办厅、，][^（()）【】\[\]〔〕。]*)$"
)
"""A bracket of units that does not end in its line: it does in the next one."""
_ENDS = "。；;：:！!？?"


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain text; `offsets` are where its characters stand in the document."""

    text: str
    offsets: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the plain text stands in the document, half open."""
        return self.offsets[start], self.offsets[end - 1] + 1


def plain(text: str) -> str:
    """The text, character for character, in plain ones.

    >>> plain("２．牽頭單位：財政局")
    '2．牵头单位：财政局'
    """
    return text.translate(_PLAIN).replace("**", "  ")


def plain_text(source: str) -> Plain:
    """A document in plain characters, with whole lines and without characters of no width."""
    text = plain(source)
    breaks = list(_soft_breaks(text))
    gone = [m.span() for m in _NOTHING.finditer(text)] + breaks
    if not gone:
        return Plain(text, range(len(text)))
    kept: list[int] = []
    at = 0
    for start, end in [*sorted(gone), (len(text), len(text))]:
        kept.extend(range(at, start))
        at = max(at, end)
    spaces = {start - 1 for start, _ in breaks if text[start - 1] in "\r\n"}
    return Plain("".join(" " if i in spaces else text[i] for i in kept), kept)


def _soft_breaks(text: str) -> Iterator[tuple[int, int]]:
    """What stands between the lines of a print that are one, half open; nothing in other texts."""
    lines = [(m.start(), m.end(), m.group()) for m in re.finditer(r"[^\s](?:[^\r\n]*[^\s])?", text)]
    lines = [line for line in lines if not _PAGE.fullmatch(line[2])]
    full = _full(lines) | {end for _, end, said in lines if _UNITS_OPEN.search(said)}
    if not full:
        return
    gaps = [text[a[1] : b[0]] for a, b in pairwise(lines)]
    apart = sum(gap.count("\n") > 1 for gap in gaps) < 0.8 * len(gaps)
    for (_, end, said), (start, _, after), gap in zip(lines, lines[1:], gaps, strict=False):
        if end not in full or _BEGINS.match(after):
            continue
        if _LABELLED.match(after) and not _is_open(said):
            continue
        if apart and gap.count("\n") > 1 and not re.search(r"\d", gap):
            continue
        words = said[-1].isascii() and said[-1].isalpha() and after[0].isascii()
        yield end + words, start


def _full(lines: Sequence[tuple[int, int, str]]) -> set[int]:
    """Where the lines end that fill the page, by width or by count; none where lines are
    paragraphs.

    Where few lines do, only those count that stop inside a sentence or a bracket.
    """
    found: set[int] = set()
    for measure, slack, least, most in ((_width, 6, 24, 130), (len, 2, 12, 65)):
        sizes = sorted(measure(said) for _, _, said in lines)
        if len(sizes) < 8:
            return set()
        top = sizes[-1 - len(sizes) // 20]
        if not least <= top <= most or sizes[-1] > top + 2 * slack:
            continue
        full = {end: said for _, end, said in lines if measure(said) >= top - slack}
        cut = {end for end, said in full.items() if said[-1] not in _ENDS}
        if 3 * len(full) > len(lines) and 2 * len(cut) > len(full):
            ends = set(full)
        else:
            ends = {end for end in cut if _is_open(full[end]) or _is_cut(full[end])}
            ends = ends if 2 * len(ends) > len(full) else set()
        if len(ends) > len(found):
            found = ends
    return found


def _is_cut(said: str) -> bool:
    return said[-1] not in "）)】]〕》”" and re.search("[，,。；;、]", said) is not None


def _is_open(said: str) -> bool:
    """Whether a line ends inside a bracket that it opens."""
    depth = 0
    for char in said:
        depth = depth + 1 if char in "（(【[〔" else max(0, depth - (char in "）)】]〕"))
    return depth > 0


def _width(said: str) -> int:
    return sum(1 if c < "\u2e80" else 2 for c in said)
